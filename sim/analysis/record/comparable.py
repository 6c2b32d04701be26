"""Which observations a run can be compared with, which not and why, and how long the run must be."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from sim.analysis.calendar import DAY, starts
from sim.analysis.quantiles import Band, band, mean
from sim.analysis.record.file import Observation, Observed, observed_of
from sim.analysis.record.series import value_on, year_before
from sim.scenario import ParameterEvent, Scenario, ScenarioError, nearest
from sim.scenario.case import Record
from sim.scenario.check import MOST_MONTHS
from sim.scenario.problems import shown
from sim.scenario.scenario import month_number, month_text
from sim.texts import LANGUAGES, text_of


@dataclass(frozen=True)
class Window:
    """Which observations are scored, and where the early part ends."""

    tuned_to: np.datetime64
    first: np.datetime64 | None = None
    last: np.datetime64 | None = None

    def is_early(self, row: Observation) -> bool:
        """Return whether the observation lies in the early part, which is used for tuning."""
        return bool(row.date <= self.tuned_to)

    def holds(self, row: Observation) -> bool:
        """Return whether the observation is to be scored."""
        late_enough = self.first is None or row.date >= self.first
        return bool(late_enough and (self.last is None or row.date <= self.last))


@dataclass(frozen=True)
class Omitted:
    """An observation that is not compared."""

    row: Observation
    why: str
    "Key of the text that says why, among those of `printed.left_out`."
    fills: Mapping[str, object] = field(default_factory=dict)
    "What stands in the placeholders of that text."

    @property
    def reason(self) -> str:
        """Why, in English, as files of data and problems say it."""
        return text_of(LANGUAGES[0], f"printed.left_out.{self.why}").format(**self.fills)


def select(rows: Sequence[Observation], scenario: Scenario, window: Window) -> tuple[list[Observation], list[Omitted]]:
    """Select the observations that the run can be compared with, in order; the others are returned with the reason."""
    compared, left = [], []
    for row in rows:
        found = unknown(row) or _outside(row, scenario) or _unreadable(row, scenario)
        if not found and not window.holds(row):
            found = Omitted(row, "other_days")
        if found:
            left.append(found)
        else:
            compared.append(row)
    return compared, left


def unknown(row: Observation) -> Omitted | None:
    """Return why the model cannot produce the series of an observation; None if it can."""
    series, definitions = row.series, row.definitions
    if series in definitions.known:
        return None
    if series in definitions.not_in_model:
        return Omitted(row, "not_in_model", {"why": definitions.not_in_model[series]})
    hint = nearest(series, [*definitions.known, *definitions.not_in_model])
    return Omitted(row, "mistyped", {"hint": hint}) if hint else Omitted(row, "unknown")


def strange_series(file: Observed) -> list[str]:
    """Return a remark for each series of a file of which nobody says what it is, with its first line."""
    first = {row.series: row for row in reversed(file.rows) if row.strange}
    found = [unknown(row) for row in sorted(first.values(), key=lambda row: row.line)]
    return [
        f"{file.name}:{one.row.line}: {shown(one.row.series)}: {one.reason}; it is left out" for one in found if one
    ]


def month_of(row: Observation, scenario: Scenario) -> int:
    """Return the month of the run in which the observation lies; the first is 0."""
    return month_number(str(row.date)) - month_number(scenario.start)


def _outside(row: Observation, scenario: Scenario) -> Omitted | None:
    """Return why a run of this scenario does not cover the date; None if it does."""
    start = np.datetime64(scenario.start).astype("datetime64[D]")
    known, fills = row.known, {"start": scenario.start}
    if known.count and scenario.start != known.counted_from:
        return Omitted(row, "counts_from", {"first": known.counted_from, **fills})
    if row.date < start:
        return Omitted(row, "before", fills)
    if known.reading.kind == "year" and year_before(row.date) < start - DAY:
        return Omitted(row, "year_before", fills)
    if month_of(row, scenario) >= MOST_MONTHS:
        return Omitted(row, "after", {"months": MOST_MONTHS, **fills})
    return None


def _unreadable(row: Observation, scenario: Scenario) -> Omitted | None:
    """Return which event changes a parameter that the series is read with; None if none does."""
    fixed, month = row.known.fixed, month_of(row, scenario)
    for event in scenario.events:
        if isinstance(event, ParameterEvent) and event.key in fixed and event.month <= month:
            when = month_text(month_number(scenario.start) + event.month)
            return Omitted(row, "changed", {"key": shown(event.key), "when": when, "origin": event.origin})
    return None


def months_needed(compared: Sequence[Observation], scenario: Scenario) -> int:
    """Return the months that a run needs: those of the scenario, more if an observation lies later."""
    return max([scenario.months, *(month_of(row, scenario) + 1 for row in compared)])


@dataclass(frozen=True)
class Comparison:
    """One observation and the model's 90 % band for its date."""

    observation: Observation
    model: Band

    @property
    def verdict(self) -> str:
        """`inside`: the central value is in the band; `overlaps`: the bands meet; `too high`, `too low`."""
        seen, model = self.observation, self.model
        if model.low <= seen.central <= model.high:
            return "inside"
        if model.low <= seen.high and model.high >= seen.low:
            return "overlaps"
        return "too low" if model.high < seen.low else "too high"


def compare(ds: xr.Dataset) -> list[Comparison]:
    """Return every observation that the run covers, of the series in a summary, with the run's 90 % band."""
    found = []
    for seen in of_run(ds):
        if seen.series in seen.definitions.known and seen.known.in_summary:
            values = value_on(ds, seen.known.reading, seen.date)
            if np.isfinite(mean(values)):
                found.append(Comparison(seen, band(values)))
    return found


def covers(ds: xr.Dataset, seen: Observation) -> bool:
    """Return whether the day of an observation lies in the months of the run."""
    return bool(starts(ds)[0] <= seen.date.astype("datetime64[M]") <= starts(ds)[-1])


def of_run(ds: xr.Dataset) -> Sequence[Observation]:
    """Return the observations that a run is held against: those its scenario names, else the shipped ones.

    None if a file that it names is gone, or no longer right.
    """
    named = json.loads(ds.attrs.get("scenario", "{}")).get("record", {})
    try:
        return observed_of(Record(**named)).rows
    except ScenarioError:
        return ()


def points(ds: xr.Dataset, series: str) -> list[Observation]:
    """Return the observations of one series that a run is held against, in order of date."""
    return [seen for seen in of_run(ds) if seen.series == series]

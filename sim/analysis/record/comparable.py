"""Which observations a run can be compared with, which not and why, and how long the run must be."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.analysis.calendar import DAY, starts
from sim.analysis.quantiles import Band, band, mean
from sim.analysis.record.definitions import Definitions
from sim.analysis.record.file import Observation, Observed, observed_of
from sim.analysis.record.series import value_on, year_before
from sim.scenario import ParameterEvent, Scenario, ScenarioError, nearest
from sim.scenario.case import Record
from sim.scenario.check import MOST_MONTHS
from sim.scenario.problems import shown
from sim.scenario.scenario import month_number, month_text


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
    reason: str


def select(rows: Sequence[Observation], scenario: Scenario, window: Window) -> tuple[list[Observation], list[Omitted]]:
    """Select the observations that the run can be compared with, in order; the others are returned with the reason."""
    compared, left = [], []
    for row in rows:
        reason = unknown(row.series, row.definitions) or _outside(row, scenario) or _unreadable(row, scenario)
        if not reason and not window.holds(row):
            reason = "outside --from and --to"
        if reason:
            left.append(Omitted(row, reason))
        else:
            compared.append(row)
    return compared, left


def unknown(series: str, definitions: Definitions) -> str:
    """Return why the model cannot produce a series; empty if it can."""
    if series in definitions.known:
        return ""
    if series in definitions.not_in_model:
        return definitions.not_in_model[series]
    hint = nearest(series, [*definitions.known, *definitions.not_in_model])
    return "the model does not know this series" + (f" (did you mean {hint}?)" if hint else "")


def strange_series(file: Observed) -> list[str]:
    """Return a remark for each series of a file of which nobody says what it is, with its first line."""
    first = {row.series: row for row in reversed(file.rows) if row.strange}
    return [
        f"{file.name}:{row.line}: {shown(row.series)}: {unknown(row.series, row.definitions)}; it is left out"
        for row in sorted(first.values(), key=lambda row: row.line)
    ]


def month_of(row: Observation, scenario: Scenario) -> int:
    """Return the month of the run in which the observation lies; the first is 0."""
    return month_number(str(row.date)) - month_number(scenario.start)


def _outside(row: Observation, scenario: Scenario) -> str:
    """Return why a run of this scenario does not cover the date; empty if it does."""
    start = np.datetime64(scenario.start).astype("datetime64[D]")
    known = row.known
    if known.count and scenario.start != known.counted_from:
        return f"counts from {known.counted_from}, but the scenario starts in {scenario.start}"
    if row.date < start:
        return f"before the run, which starts in {scenario.start}"
    if known.reading.kind == "year" and year_before(row.date) < start - DAY:
        return f"the year to this date begins before the run, which starts in {scenario.start}"
    if month_of(row, scenario) >= MOST_MONTHS:
        return f"after the longest run, {MOST_MONTHS} months from {scenario.start}"
    return ""


def _unreadable(row: Observation, scenario: Scenario) -> str:
    """Return which event changes a parameter that the series is read with; empty if none does."""
    fixed, month = row.known.fixed, month_of(row, scenario)
    for event in scenario.events:
        if isinstance(event, ParameterEvent) and event.key in fixed and event.month <= month:
            when = month_text(month_number(scenario.start) + event.month)
            return f"cannot be read once {shown(event.key)} changes, as in {when} ({event.origin})"
    return ""


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

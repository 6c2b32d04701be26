"""A run against the public record, for summary.md: what it holds, what it misses and by how much."""

import json

import xarray as xr

from sim.analysis.record.comparable import Comparison, compare, covers, of_run
from sim.analysis.record.known import SHIPPED_SERIES
from sim.present.naming import tell
from sim.present.record_names import series_title
from sim.present.text import markdown_table
from sim.present.words import month_words, sensible, sensible_band, unit_name
from sim.texts.spoken import number_of, said, written

WORST = 3
"""Most missed series that are named."""


def record_section(ds: xr.Dataset) -> str:
    """Return how a run stands against the observations that it covers."""
    compared = compare(ds)
    if not compared:
        return _nothing(ds)
    last = max(row.date for row in of_run(ds))
    good = sum(one.verdict == "inside" for one in compared)
    rows = [
        (
            _series(one),
            str(one.observation.date),
            _observation(one),
            sensible_band(one.model),
            unit_name(one.observation.unit),
            tell(f"record.said.{one.verdict}"),
        )
        for one in compared
    ]
    many = number_of(good) if good else "none"
    told = tell(
        "record.whole",
        holds=tell(f"record.holds.{many}", good=good, n=len(compared)),
        when=month_words(last),
        missed=missed(compared),
        where=_where(compared),
    )
    return f"{told}\n\n{markdown_table([tell(f'record.{head}') for head in HEADS], rows)}"


def _series(one: Comparison) -> str:
    """Return what a series is; its name in words if nobody gives it a title."""
    seen = one.observation
    return seen.words if seen.strange else series_title(seen.series, seen.known)


def _observation(one: Comparison) -> str:
    low, central, high = (
        written(f"{value:,g}") for value in (one.observation.low, one.observation.central, one.observation.high)
    )
    return f"{central} ({said('printed.from_to', low=low, high=high)})"


def _where(compared: list[Comparison]) -> str:
    """Return where more is said of the record: the pages speak of the shipped one only."""
    shipped = all(one.observation.definitions is SHIPPED_SERIES for one in compared)
    return tell("record.shipped" if shipped else "record.other")


def _nothing(ds: xr.Dataset) -> str:
    """Return why a summary compares nothing: no date is covered, or no series is marked for a summary."""
    if any(row.series in row.definitions.known and covers(ds, row) for row in of_run(ds)):
        return tell("record.not_marked")
    named = json.loads(ds.attrs.get("scenario", "{}")).get("record", {}).get("observed", "")
    if named and not of_run(ds):
        return tell("record.gone", file=named)
    return tell("record.no_date")


def missed(compared: list[Comparison]) -> str:
    """Return the series that a run misses, each at its farthest observation, in a sentence."""
    out = sorted((one for one in compared if one.verdict.startswith("too")), key=_ratio, reverse=True)
    worst = list({one.observation.series: one for one in reversed(out)}.values())[::-1]
    if not worst:
        return tell("record.none_missed")
    named = [
        tell(
            "record.one",
            what=_series(one),
            date=one.observation.date,
            verdict=tell(f"record.said.{one.verdict}"),
            model=sensible(one.model.mid),
            seen=sensible(one.observation.central),
            unit=unit_name(one.observation.unit),
        )
        for one in worst[:WORST]
    ]
    told = said("printed.next").join(named)
    if len(worst) > WORST:
        return tell("record.missed_more", told=told, n=len(worst) - WORST)
    return tell("record.missed", told=told)


def _ratio(one: Comparison) -> float:
    """Return by what factor, at least 1, the median lies from the observation."""
    ends = sorted((abs(one.model.mid), abs(one.observation.central)))
    return ends[1] / max(ends[0], 1e-9)


HEADS = ("series", "date", "observation", "run", "unit", "verdict")

"""A run against the public record, for summary.md: what it holds, what it misses and by how much."""

import json

import xarray as xr

from sim.analysis.record.comparable import Comparison, compare, covers, of_run
from sim.analysis.record.known import SHIPPED_SERIES
from sim.present.text import markdown_table
from sim.present.words import month_words, sensible, sensible_band

WORST = 3
"""Most missed series that are named."""
HEADS = ("series", "date", "observation (range)", "run (90 % band)", "unit", "the run is")


def record_section(ds: xr.Dataset) -> str:
    """Return how a run stands against the observations that it covers."""
    compared = compare(ds)
    if not compared:
        return _nothing(ds)
    last = max(row.date for row in of_run(ds))
    good = sum(one.verdict == "inside" for one in compared)
    rows = [
        (
            one.observation.words,
            str(one.observation.date),
            f"{one.observation.central:,g} ({one.observation.low:,g} to {one.observation.high:,g})",
            sensible_band(one.model),
            one.observation.unit,
            one.verdict,
        )
        for one in compared
    ]
    return (
        f"The run's 90 % band holds {good} of {len(compared)} observations (to {month_words(last)}); a wide band makes "
        f"this easy, and what goes by a route needs it open. {missed(compared)} {_where(compared)}\n\n"
        + markdown_table(HEADS, rows)
    )


def _where(compared: list[Comparison]) -> str:
    """Return where more is said of the record: the pages speak of the shipped one only."""
    if all(one.observation.definitions is SHIPPED_SERIES for one in compared):
        return (
            "What a forecast without any country makes of the same record, and which claims the model shows, is in "
            "`docs/history.md` and `docs/evidence.md`."
        )
    return "What forecasts without any country make of the same record, `sim history` says."


def _nothing(ds: xr.Dataset) -> str:
    """Return why a summary compares nothing: no date is covered, or no series is marked for a summary."""
    if any(row.series in row.definitions.known and covers(ds, row) for row in of_run(ds)):
        return (
            "No series of the scenario's record is marked `in_summary = true` in its list of series; `sim history` "
            "compares them all."
        )
    named = json.loads(ds.attrs.get("scenario", "{}")).get("record", {}).get("observed", "")
    if named and not of_run(ds):
        return f"The file of observations that the scenario names is gone, or no longer right: `{named}`."
    return "The run covers no date with an observation that the model knows."


def missed(compared: list[Comparison]) -> str:
    """Return the series that a run misses, each at its farthest observation, in a sentence."""
    out = sorted((one for one in compared if one.verdict.startswith("too")), key=_ratio, reverse=True)
    worst = list({one.observation.series: one for one in reversed(out)}.values())[::-1]
    if not worst:
        return "It misses none of them clearly."
    named = [
        f"{one.observation.words} on {one.observation.date} ({one.verdict}: median "
        f"{sensible(one.model.mid)} against {sensible(one.observation.central)} {one.observation.unit})"
        for one in worst[:WORST]
    ]
    more = f" and {len(worst) - WORST} more" if len(worst) > WORST else ""
    return f"It misses {'; '.join(named)}{more}."


def _ratio(one: Comparison) -> float:
    """Return by what factor, at least 1, the median lies from the observation."""
    ends = sorted((abs(one.model.mid), abs(one.observation.central)))
    return ends[1] / max(ends[0], 1e-9)

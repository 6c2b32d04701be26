"""Scenarios over the same worlds: outcomes, paired differences from the first, and series over time."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.levels import COMPARED
from sim.analysis.measures import SERIES, is_whole, score_name
from sim.analysis.origin import labelled, origin_of
from sim.analysis.paired import difference
from sim.analysis.quantiles import QUANTILES, quantiles
from sim.analysis.wide import OTHERS, WIDE, size_of
from sim.scenario import Scenario
from sim.scenario.names import COUNTRIES, GOALS

Array = np.ndarray
FORMAT = "sim-comparison 1"
MOST_WORLDS = 20_000
"""Most worlds of which a comparison holds each outcome; of more it holds quantiles."""
ALL = "all"
"""The mean of all goals."""
STATISTICS = {
    "difference_mean": "mean of the differences from the reference, world by world",
    "difference_error": "standard error of that mean",
    "higher": "share of worlds in which the outcome is higher than in the reference",
    "tied": "share of worlds in which the outcome is the same as in the reference",
    "fewer": "how many times fewer worlds the pairing needs than independent runs",
}
EACH = "outcome of each world"
SIZE = "mean difference over the spread of all worlds; missing where it is not clear or of no note"
LEVELS, STEPS = "quantiles over worlds", "of the differences from the reference"


def kept_bytes(scenarios: int, months: int, worlds: int) -> int:
    """Return the peak memory of a comparison: one series of all scenarios, its quantiles, and the outcomes."""
    outcomes = 8 * len({**COMPARED, **WIDE}) * scenarios * min(worlds, MOST_WORLDS)
    return worlds * (4 * scenarios + 48) * months + outcomes


def comparison(
    scenarios: Sequence[Scenario],
    runs: Sequence[xr.Dataset],
    title: str,
    asked: Sequence[str] = (),
    concerned: Sequence[str] = (),
) -> xr.Dataset:
    """Return the comparison of scenarios run over the same worlds; the first is the reference.

    `runs` are summaries with the wide list of outcomes, those `asked` for and those that the changes are about
    (`concerned`, of which a table shows some), as `sim.analysis.levels.compared_by` keeps them, in memory or on disk:
    one outcome or series is read at a time. Worlds that were set aside in any run are left out of all. Variables:
    `quantile` (measure, scenario, level), the statistics of the differences (measure, other), `difference` (measure,
    other, level), the change of the goals
    (goal, country, other), quantiles of `series` (series, scenario, month, level) and of its paired differences, and
    up to 20 000 worlds `outcome` (measure, scenario, world).
    """
    names = [scenario.name for scenario in scenarios]
    worlds = _common(runs)
    ds = xr.Dataset(
        {**_outcomes(runs, worlds), **_goals(runs, worlds), **_over_time(runs, worlds)},
        coords={
            **{name: runs[0][name] for name in ("measure", "unit", "meaning")},
            "scenario": names,
            "other": names[1:],
            "goal": [ALL, *GOALS],
            "country": list(COUNTRIES),
            "level": list(QUANTILES),
            "series": list(SERIES),
            "series_unit": ("series", [series.unit for series in SERIES.values()]),
            "month": np.array(scenarios[0].dates, dtype="datetime64[ns]"),
            **({"world": worlds} if len(worlds) <= MOST_WORLDS else {}),
        },
        attrs=origin_of(scenarios, title, FORMAT) | {"compared": len(worlds), "asked": json.dumps(asked)},
    )
    ds["month"].attrs["long_name"] = "first day of the month"
    return ds.assign_attrs(asked=json.dumps([*asked, *_of_note(ds, [name for name in concerned if name not in asked])]))


def _of_note(ds: xr.Dataset, names: Sequence[str]) -> list[str]:
    """Return those of these outcomes that are not zero in all scenarios, the largest differences first, a few."""
    found = {}
    for name in names:
        one = ds.sel(measure=name)
        if np.any(one["quantile"].values) or np.any(one["difference_mean"].values):
            found[name] = float(np.nan_to_num(one["size"].values).max())
    return sorted(found, key=lambda name: -found[name])[:OTHERS]


def sizes_of(ds: xr.Dataset, other: str) -> dict[str, float]:
    """Return the size of each outcome's difference, missing where it is not clear or of no note."""
    return dict(zip(ds["measure"].values.tolist(), ds["size"].sel(other=other).values.tolist(), strict=True))


def asked_of(ds: xr.Dataset) -> list[str]:
    """Return the outcomes that were asked for, and those that the changes are about."""
    return list(json.loads(ds.attrs["asked"]))


def _common(runs: Sequence[xr.Dataset]) -> Array:
    """Return the numbers of the worlds that finished in every run."""
    common = np.asarray(runs[0]["world"].values)
    for run in runs[1:]:
        common = np.intersect1d(common, run["world"].values, assume_unique=True)
    return common


def _values(run: xr.Dataset, variable: str, worlds: Array, **chosen: str) -> Array:
    """Return a part of a run in these worlds, worlds last."""
    values = run[variable].sel(chosen).transpose(..., "world").values
    numbers = run["world"].values
    return values if len(numbers) == len(worlds) else values[..., np.isin(numbers, worlds, assume_unique=True)]


def _outcomes(runs: Sequence[xr.Dataset], worlds: Array) -> dict[str, Any]:
    """Return each outcome and its difference from the reference, one outcome at a time."""
    kept, levels, found, steps, sizes = [], [], [], [], []
    for name in runs[0]["measure"].values.tolist():
        values = np.stack([_values(run, "outcomes", worlds, measure=name) for run in runs])
        levels.append(np.moveaxis(quantiles(values, whole=is_whole(name)), 0, -1))
        found.append([difference(values[0], other) for other in values[1:]])
        sizes.append([size_of(values[0], other, step) for other, step in zip(values[1:], found[-1], strict=True)])
        steps.append(np.moveaxis(quantiles(values[1:] - values[:1], whole=is_whole(name)), 0, -1))
        if len(worlds) <= MOST_WORLDS:
            kept.append(values)
    numbers = {
        name: np.array([[getattr(one, name.removeprefix("difference_")) for one in row] for row in found])
        for name in STATISTICS
    }
    return {
        **({"outcome": labelled(("measure", "scenario", "world"), np.array(kept), EACH)} if kept else {}),
        "quantile": labelled(("measure", "scenario", "level"), np.array(levels), LEVELS),
        **{name: labelled(("measure", "other"), values, STATISTICS[name]) for name, values in numbers.items()},
        "size": labelled(("measure", "other"), np.array(sizes), SIZE),
        "difference": labelled(("measure", "other", "level"), np.array(steps), f"quantiles {STEPS}, world by world"),
    }


def _goals(runs: Sequence[xr.Dataset], worlds: Array) -> dict[str, Any]:
    """Return mean and standard error of the paired change of each goal, and of the mean of all goals, by country."""
    found = []
    for country in COUNTRIES:
        each = [[_values(run, "outcomes", worlds, measure=score_name(country, goal)) for run in runs] for goal in GOALS]
        scores = [[np.mean(of_goals, axis=0) for of_goals in zip(*each, strict=True)], *each]
        found.append([[difference(score[0], other) for other in score[1:]] for score in scores])
    dims = ("goal", "country", "other")
    means, errors = (
        np.array([[[getattr(one, name) for one in row] for row in goals] for goals in found]).swapaxes(0, 1)
        for name in ("mean", "error")
    )
    return {
        "goal_change": labelled(dims, means, "mean paired change of the score"),
        "goal_error": labelled(dims, errors, "standard error of that mean"),
    }


def _over_time(runs: Sequence[xr.Dataset], worlds: Array) -> dict[str, Any]:
    """Return quantiles of every series and of its paired differences, one series at a time."""
    levels, steps = [], []
    for name in SERIES:
        values = [_values(run, "headline", worlds, series=name) for run in runs]
        levels.append([_by_month(one) for one in values])
        steps.append([_by_month(one, values[0]) for one in values[1:]])
    return {
        "series_quantile": labelled(("series", "scenario", "month", "level"), np.array(levels), LEVELS),
        "series_difference": labelled(("series", "other", "month", "level"), np.array(steps), f"{LEVELS} {STEPS}"),
    }


def _by_month(values: Array, reference: Array | None = None) -> Array:
    """Return quantiles of each month, (month, level); one month at a time, to save memory."""
    rows = values if reference is None else (a.astype(float) - b for a, b in zip(values, reference, strict=True))
    return np.array([quantiles(row) for row in rows])

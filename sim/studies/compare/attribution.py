"""Attribution: the difference between two scenarios, split among the changes that make it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from sim.analysis.origin import labelled, origin_of
from sim.scenario import Scenario
from sim.studies.compare import shapley
from sim.texts import LANGUAGES

Array = np.ndarray
FORMAT = "sim-attribution 1"
MOST_PANELS = 3
"""Most outcomes in the figure."""
CLEAR = 3.0
"""Standard errors from zero of an interaction that is said."""
LARGE = 0.2
"""Least interaction that is said, as a share of the larger of the two parts."""


def attribution(
    scenarios: Sequence[Scenario],
    runs: Sequence[xr.Dataset],
    between: Array,
    names: Sequence[str],
    words: Mapping[str, Sequence[str]],
    shown: Sequence[str],
) -> xr.Dataset:
    """Return the split of every outcome's difference among changes.

    `runs` are the summaries of the reference and of the scenario, `between` the outcomes of the combinations between
    them, (combination, measure, world), as `design.run_combinations` returns them; names, and words by language, are
    those of the changes, `shown` the outcomes for the figure. Worlds in which an outcome has no number in some
    combination are left out of it. Variables: `part` and its standard error (measure, change), `alone` and `last`
    (what the change does first and last of all, means), `level` of the reference, `total` and its error (measure),
    `together` and its error (measure, change, partner), and how many worlds were `used` (measure).
    """
    ends = [run["outcomes"].transpose("measure", "world").values for run in runs]
    values = np.stack([ends[0], *between, ends[1]])
    count, measures = len(names), values.shape[1]
    found = {name: np.full((measures, count), np.nan) for name in ("part", "error", "alone", "last")}
    both = {name: np.full((measures, count, count), np.nan) for name in ("together", "together_error")}
    whole = {name: np.full(measures, np.nan) for name in ("level", "total", "total_error", "used")}
    for m in range(measures):
        kept = values[:, m, np.isfinite(values[:, m]).all(axis=0)]
        whole["used"][m] = kept.shape[1]
        if not kept.shape[1]:
            continue
        found["part"][m], found["error"][m] = _mean_and_error(shapley.parts(kept))
        both["together"][m], both["together_error"][m] = _mean_and_error(shapley.pairs(kept))
        whole["total"][m], whole["total_error"][m] = _mean_and_error(kept[-1] - kept[0])
        whole["level"][m] = kept[0].mean()
        found["alone"][m] = [(kept[1 << k] - kept[0]).mean() for k in range(count)]
        found["last"][m] = [(kept[-1] - kept[-1 - (1 << k)]).mean() for k in range(count)]
    return _dataset(scenarios, runs[0], {**whole, **found, **both}, names, words, shown)


def _dataset(
    scenarios: Sequence[Scenario],
    run: xr.Dataset,
    numbers: dict[str, Array],
    names: Sequence[str],
    words: Mapping[str, Sequence[str]],
    shown: Sequence[str],
) -> xr.Dataset:
    dims = {1: ("measure",), 2: ("measure", "change"), 3: ("measure", "change", "partner")}
    title = f"{scenarios[0].name} to {scenarios[1].name}: what the difference is due to"
    return xr.Dataset(
        {name: labelled(dims[values.ndim], values, MEANINGS[name]) for name, values in numbers.items()},
        coords={
            **{name: run[name] for name in ("measure", "unit", "meaning")},
            **{"change": list(names), "words": ("change", list(words[LANGUAGES[0]])), "partner": list(names)},
        },
        attrs=origin_of(scenarios, title, FORMAT) | {"shown": json.dumps(shown), "told": json.dumps(words)},
    )


MEANINGS = {
    "level": "mean of the reference",
    "total": "mean difference of the scenario from the reference, world by world",
    "total_error": "standard error of that mean",
    "used": "worlds with a number in every combination",
    "part": "part of the change in the mean difference (Shapley value)",
    "error": "standard error of that part",
    "alone": "mean difference if this change is made alone",
    "last": "mean difference that this change makes when all others are made",
    "together": "what two changes do together beyond the sum of what each does (Shapley interaction index)",
    "together_error": "standard error of that interaction",
}


def _mean_and_error(values: Array) -> tuple[Array, Array]:
    """Return the mean over the last axis and its standard error; missing with fewer than two worlds."""
    count = values.shape[-1]
    error = values.std(axis=-1, ddof=1) / np.sqrt(count) if count > 1 else np.full(values.shape[:-1], np.nan)
    return values.mean(axis=-1), error


def large_pairs(ds: xr.Dataset, measure: str) -> list[tuple[str, str, float, float]]:
    """Return the pairs that clearly do more or less together, largest first: names, interaction, standard error."""
    one = ds.sel(measure=measure)
    names, part = one["change"].values.tolist(), np.abs(one["part"].values)
    found = []
    for i, first in enumerate(names):
        for j in range(i):
            mean, error = float(one["together"].values[i, j]), float(one["together_error"].values[i, j])
            if abs(mean) > CLEAR * error and abs(mean) >= LARGE * max(part[i], part[j]) and mean:
                found.append((names[j], first, mean, error))
    return sorted(found, key=lambda pair: -abs(pair[2]))

"""Which factors move an outcome: Morris's elementary effects, then Sobol's indices, with intervals and convergence.

Estimates and their bootstrap intervals are SALib's (Iwanaga, Usher and Herman 2022): elementary effects of Morris
(1991) with the mean of absolute effects of Campolongo, Cariboni and Saltelli (2007); first-order indices by Saltelli
et al. (2010), total indices by Jansen (1999), indices of pairs by Saltelli (2002).
"""

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.measures import Measure
from sim.analysis.origin import origin_of
from sim.scenario import Scenario

Array = np.ndarray
FORMAT = "sim-sensitivity 1"
LEVEL = 0.9
"""Level of the intervals."""
RESAMPLES = 300
MORRIS_LEVELS, STEP = 4, 2.0 / 3.0
"""Levels of screening, and the step of a factor between them as SALib measures it."""
PARTS = (8, 4, 2, 1)
"""Convergence is shown at these fractions of the runs: an eighth, a quarter, a half, all."""
SEED = 1
"""Seed of the bootstrap."""
CHANCE_OF_ANY = 0.05
"""Chance of reporting a direction for any factor of an outcome where none has one."""
FEW = 20
"""Least independent runs that must differ from the others for meaningful shares of the variance."""


@dataclass(frozen=True)
class Runs:
    """A design with its results."""

    factors: tuple[str, ...]
    cube: Array
    "(set, row, factor)"
    values: Mapping[str, Array]
    "outcome -> (set, row)"


@dataclass(frozen=True)
class Effects:
    """Elementary effects, (factor), in the unit of the outcome: its change when a factor moves by half its range."""

    size: Array
    "Mean of absolute changes, mu*."
    half: Array
    "Half the width of its interval."
    mean: Array
    "Mean change, mu."
    spread: Array
    "Standard deviation of the changes, sigma: nonlinearity or interactions."


@dataclass(frozen=True)
class Indices:
    """Sobol indices, (factor)."""

    first: Array
    first_half: Array
    total: Array
    total_half: Array
    second: Array
    "(factor, factor), missing where not asked for."
    second_half: Array
    interactions: float
    "One less the sum of first-order indices."
    interactions_half: float


def effects(factors: Sequence[str], cube: Array, values: Array) -> Effects:
    """Return elementary effects of values (trajectory, row) at points (trajectory, row, factor)."""
    from SALib.analyze import morris

    if np.ptp(values) == 0.0 or len(values) < 2:
        nothing = np.full(len(factors), 0.0 if np.ptp(values) == 0.0 else np.nan)
        return Effects(nothing, nothing, nothing, nothing)
    found = morris.analyze(
        problem(factors),
        cube.reshape(-1, len(factors)),
        np.asarray(values, dtype=float).ravel(),
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        num_levels=MORRIS_LEVELS,
        seed=SEED,
    )
    names = ("mu_star", "mu_star_conf", "mu", "sigma")
    return Effects(*(STEP * np.asarray(found[name], dtype=float) for name in names))


def indices(factors: Sequence[str], values: Array) -> Indices:
    """Return Sobol indices of values (sample, row) in the order of `sim.studies.sensitivity.design.exchanges`.

    Missing if all independent rows (the first and the last) have one value. Second-order ones are missing unless the
    design has the rows for pairs.
    """
    from SALib.analyze import sobol
    from scipy.stats import norm

    pairs = has_pairs(factors, values)
    missing, square = np.full(len(factors), np.nan), np.full((len(factors), len(factors)), np.nan)
    if np.ptp(independent(values)) == 0.0:
        return Indices(missing, missing, missing, missing, square, square, np.nan, np.nan)
    with warnings.catch_warnings():
        # a resample may miss the few runs that differ; `uncommon` counts them
        warnings.filterwarnings("ignore", message=".*[Cc]onstant.*")
        found = sobol.analyze(
            problem(factors),
            np.asarray(values, dtype=float).ravel(),
            calc_second_order=pairs,
            num_resamples=RESAMPLES,
            conf_level=LEVEL,
            keep_resamples=True,
            seed=SEED,
        )
    one = {name: np.array(found[name], dtype=float) for name in ("S1", "S1_conf", "ST", "ST_conf")}
    two = {name: np.array(found[name], dtype=float) if pairs else square for name in ("S2", "S2_conf")}
    # the bootstrap draws the samples of all factors together, so the sum of their indices has its interval too
    half = norm.ppf(0.5 + LEVEL / 2.0) * found["S1_conf_all"].sum(axis=1).std(ddof=1)
    rest = 1.0 - float(one["S1"].sum())
    return Indices(one["S1"], one["S1_conf"], one["ST"], one["ST_conf"], two["S2"], two["S2_conf"], rest, float(half))


def has_pairs(factors: Sequence[str], values: Array) -> bool:
    """Return whether values (sample, row) are those of a design for pairs."""
    return bool(values.shape[1] == 2 * len(factors) + 2)


def problem(factors: Sequence[str], low: float = 0.0, high: float = 1.0) -> dict[str, Any]:
    """Return the factors and their common range as SALib takes them."""
    return {"num_vars": len(factors), "names": list(factors), "bounds": [[low, high]] * len(factors), "groups": None}


def direction(cube: Array, values: Array) -> Array:
    """Return +1 where an outcome rises with a factor, -1 where it falls, 0 where neither is significant, (factor).

    The sign of the correlation over the independent points of an exchange design, where the t-test of that
    correlation holds among all factors at once (step-down of Holm 1979).
    """
    from scipy.stats import t

    points, y = independent(cube), independent(values)
    if np.ptp(y) == 0.0:
        return np.zeros(cube.shape[-1])
    centred = points - points.mean(axis=0)
    correlation = (centred * (y - y.mean())[:, None]).mean(axis=0) / (centred.std(axis=0) * y.std())
    left = np.maximum(1.0 - correlation**2, np.finfo(float).tiny)
    chance = 2.0 * t.sf(np.abs(correlation) * np.sqrt((len(y) - 2) / left), len(y) - 2)
    return np.where(holm(chance) <= CHANCE_OF_ANY, np.sign(correlation), 0.0)


def independent(rows: Array) -> Array:
    """Return the independent points of an exchange design: its first rows, then its last rows."""
    return np.concatenate([rows[:, 0], rows[:, -1]])


def holm(chances: Array) -> Array:
    """Return the p-values of several tests, each corrected for all of them (step-down of Holm 1979)."""
    order = np.argsort(chances, kind="stable")
    corrected = np.empty(len(chances))
    steps = np.arange(len(chances), 0, -1)
    corrected[order] = np.minimum(np.maximum.accumulate(steps * chances[order]), 1.0)
    return corrected


def uncommon(values: Array) -> int:
    """Return how many of some values differ from the most common one."""
    counts: Array = np.unique(values, return_counts=True)[1]
    return len(values) - int(counts.max())


def most_influential(keys: Sequence[str], found: Sequence[Effects], top: int) -> list[str]:
    """Return the keys that rank first for any outcome, at most `top`; ties go to the larger share of the lead.

    `found` has one entry an outcome, whose factors begin with `keys`.
    """
    sizes = np.array([one.size[: len(keys)] for one in found])
    best = (-sizes).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable").min(axis=0)
    lead = sizes.max(axis=1, keepdims=True)
    share = np.divide(sizes, lead, out=np.zeros_like(sizes), where=lead > 0.0).max(axis=0)
    return [keys[k] for k in np.lexsort((-share, best))[:top]]


def agreement(factors: Sequence[str], runs: Runs, outcome: str, top: int) -> float:
    """Return the share of the `top` factors that both halves of the trajectories rank first; missing below four."""
    half = len(runs.cube) // 2
    if half < 2:
        return float("nan")
    ranked = []
    for part in (slice(0, half), slice(half, 2 * half)):
        found = effects(factors, runs.cube[part], runs.values[outcome][part])
        ranked.append(set(np.argsort(-found.size, kind="stable")[:top].tolist()))
    return len(ranked[0] & ranked[1]) / min(top, len(factors))


def parts_of(sets: int, least: int) -> list[int]:
    """Return the numbers of sets at which convergence is shown, the last one all of them."""
    return sorted({sets // part for part in PARTS if sets // part >= least} | {sets})


def sensitivity(
    scenario: Scenario, title: str, outcomes: Mapping[str, Measure], screened: Runs | None, run: Runs, others: str
) -> xr.Dataset:
    """Return all results as a Dataset; `others` says how the parameters that are no factors are treated."""
    names = list(outcomes)
    sets, width, pairs = len(run.cube), len(run.factors), has_pairs(run.factors, run.cube)
    steps = parts_of(sets, 16)
    at = [[indices(run.factors, run.values[name][:step]) for step in steps] for name in names]
    by_step = ("outcome", "samples", "factor")
    data: dict[str, Any] = {
        field: (by_step, np.array([[getattr(one, field) for one in row] for row in at]), {"units": "1"})
        for field in ("first", "first_half", "total", "total_half")
    }
    last = [row[-1] for row in at]
    for field in ("interactions", "interactions_half"):
        data[field] = ("outcome", np.array([getattr(one, field) for one in last]), {"units": "1"})
    if pairs:
        for field in ("second", "second_half"):
            square = np.array([getattr(one, field) for one in last])
            data[field] = (("outcome", "factor", "partner"), square, {"units": "1"})
    data["direction"] = (("outcome", "factor"), np.array([direction(run.cube, run.values[n]) for n in names]))
    base = [independent(run.values[n]) for n in names]
    data["mean"] = ("outcome", np.array([values.mean() for values in base]))
    data["sd"] = ("outcome", np.array([values.std(ddof=1) if np.ptp(values) else 0.0 for values in base]))
    data["uncommon"] = ("outcome", np.array([uncommon(values) for values in base]))
    coords: dict[str, Any] = {"outcome": names, "factor": list(run.factors), "samples": steps}
    coords |= {"partner": list(run.factors)} if pairs else {}
    if screened is not None:
        data |= _screened(names, screened, width)
        coords |= {"screened": list(screened.factors), "trajectories": parts_of(len(screened.cube), 2)}
    total = run.cube[..., 0].size + (0 if screened is None else screened.cube[..., 0].size)
    attrs = origin_of([scenario], title, FORMAT) | {"runs": total, "others": others}
    attrs["units"] = json.dumps({name: measure.unit for name, measure in outcomes.items()})
    attrs["words"] = json.dumps({name: measure.words for name, measure in outcomes.items()})
    return xr.Dataset(data, coords=coords, attrs=attrs)


def _screened(names: Sequence[str], screened: Runs, top: int) -> dict[str, Any]:
    steps = parts_of(len(screened.cube), 2)
    found = [
        [effects(screened.factors, screened.cube[:step], screened.values[name][:step]) for step in steps]
        for name in names
    ]
    dims = ("outcome", "trajectories", "screened")
    data: dict[str, Any] = {
        f"effect_{field}": (dims, np.array([[getattr(one, field) for one in row] for row in found]))
        for field in ("size", "half", "mean", "spread")
    }
    data["agreement"] = ("outcome", np.array([agreement(screened.factors, screened, name, top) for name in names]))
    return data

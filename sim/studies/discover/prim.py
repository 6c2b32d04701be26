"""Boxes of parameters: their fit to a condition, their peeling by PRIM, and tests of their limits.

References as in `sim.studies.discover.analysis`.
"""

import inspect
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

Array = np.ndarray
PEEL, LEAST_MASS = 0.05, 0.05
"""Share of the box that a peel takes, and least share of the worlds in a box."""
ALPHA = 0.05
"""Quasi-p-value above which a limit is dropped."""
Ends = tuple[float, float]
"""Lower and upper limit, infinite where there is none."""
ALL: Ends = (-np.inf, np.inf)


@dataclass(frozen=True)
class Fit:
    """Fit of a box to the worlds that meet the condition."""

    coverage: float
    "Share of the worlds meeting the condition that lie in the box."
    density: float
    "Share of the worlds in the box that meet it; missing for an empty box."
    mass: float
    "Share of all worlds in the box."
    phi: float
    "Correlation between lying in the box and meeting the condition; 0 for the box of all worlds."


@dataclass(frozen=True)
class Box:
    """Limits of the restricted parameters."""

    limits: Mapping[str, Ends] = field(default_factory=dict)

    def holds(self, values: Mapping[str, Array], worlds: int) -> Array:
        """Return whether each world lies in the box, (world)."""
        inside = np.ones(worlds, dtype=bool)
        for key, (low, high) in self.limits.items():
            inside &= (values[key] >= low) & (values[key] <= high)
        return inside

    def sides(self) -> Iterator[tuple[str, int]]:
        """Yield every limit as key and side: 0 for the lower, 1 for the upper."""
        for key, ends in self.limits.items():
            yield from ((key, side) for side in (0, 1) if np.isfinite(ends[side]))

    def without(self, key: str, side: int) -> "Box":
        """Return the box with one limit dropped."""
        low, high = self.limits[key]
        ends = (-np.inf, high) if side == 0 else (low, np.inf)
        kept = {**self.limits, key: ends}
        return Box({name: pair for name, pair in kept.items() if np.isfinite(pair).any()})


def fit(box: Box, values: Mapping[str, Array], met: Array) -> Fit:
    """Return coverage, density, mass and phi of a box; `values` are key -> (worlds), `met` is (worlds)."""
    inside = box.holds(values, len(met))
    both, cases, held = int((inside & met).sum()), int(met.sum()), int(inside.sum())
    spread = float(np.sqrt(float(cases) * (len(met) - cases) * held * (len(met) - held)))
    return Fit(
        coverage=both / cases if cases else np.nan,
        density=both / held if held else np.nan,
        mass=held / len(met),
        phi=(both * len(met) - cases * held) / spread if spread else 0.0,
    )


def distances(values: Mapping[str, Array], met: Array) -> dict[str, float]:
    """Return the Kolmogorov-Smirnov distance of the worlds meeting the condition from the others, key -> 0 to 1."""
    found = {}
    for key, column in values.items():
        order = np.argsort(column, kind="stable")
        steps = np.cumsum(np.where(met[order], 1.0 / met.sum(), -1.0 / (~met).sum()))
        last = np.append(np.diff(column[order]) > 0.0, True)  # of equal values
        found[key] = float(np.abs(steps[last]).max())
    return found


def peel(values: Mapping[str, Array], met: Array) -> list[Box]:
    """Return the boxes on the peeling and pasting trajectory of PRIM, from the box of all worlds on."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # warnings on unused parts of the library, and on its use of pandas
        from ema_workbench.analysis import prim

        frame = pd.DataFrame(dict(values))
        asked = inspect.signature(prim.Prim.__init__).parameters
        older = {"threshold": 0.0} if "threshold" in asked else {}
        found = prim.Prim(frame, met.astype(int), peel_alpha=PEEL, mass_min=LEAST_MASS, **older).find_box()
    boxes = []
    for limits in found.box_lims:
        ends = {key: (float(limits[key].iloc[0]), float(limits[key].iloc[1])) for key in values}
        boxes.append(Box({key: pair for key, old in ends.items() if (pair := _open(old, values[key])) != ALL}))
    return boxes


def _open(ends: Ends, column: Array) -> Ends:
    """Return limits with those that leave no world out made infinite."""
    return (-np.inf if ends[0] <= column.min() else ends[0], np.inf if ends[1] >= column.max() else ends[1])


def choose(boxes: list[Box], values: Mapping[str, Array], met: Array, least_density: float | None) -> Box:
    """Return the box of the best phi; or that of largest coverage with the density asked for, else the densest."""
    fits = [fit(box, values, met) for box in boxes]
    if least_density is None:
        return boxes[int(np.argmax([one.phi for one in fits]))]
    dense = [k for k, one in enumerate(fits) if one.density >= least_density]
    if not dense:
        return boxes[int(np.argmax([one.density for one in fits]))]
    return boxes[max(dense, key=lambda k: fits[k].coverage)]


def quasi_p(box: Box, values: Mapping[str, Array], met: Array) -> dict[tuple[str, int], float]:
    """Return for every limit the chance of so many worlds meeting the condition if the limit added nothing."""
    from scipy.stats import binom

    sides = list(box.sides())
    if not sides:
        return {}
    outside = np.array(
        [values[k] < box.limits[k][0] if side == 0 else values[k] > box.limits[k][1] for k, side in sides]
    )
    broken = outside.sum(axis=0)
    inside, wider = broken == 0, broken - outside == 0
    rates = (wider & met).sum(axis=1) / np.maximum(wider.sum(axis=1), 1)
    p_values = binom.sf(int((inside & met).sum()) - 1, int(inside.sum()), rates)
    return dict(zip(sides, p_values.tolist(), strict=True))


def prune(box: Box, values: Mapping[str, Array], met: Array) -> Box:
    """Drop the limit of the largest quasi-p-value while it exceeds ALPHA."""
    while p_values := quasi_p(box, values, met):
        worst = max(p_values, key=lambda side: p_values[side])
        if p_values[worst] <= ALPHA:
            break
        box = box.without(*worst)
    return box


def p_value(box: Box, values: Mapping[str, Array], met: Array) -> float:
    """Return Fisher's exact test, one-sided: the chance of so many hits in the box if it had no effect."""
    from scipy.stats import hypergeom

    inside = box.holds(values, len(met))
    return float(hypergeom.sf(int((inside & met).sum()) - 1, len(met), int(met.sum()), int(inside.sum())))

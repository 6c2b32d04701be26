"""How much of a score is the sampling of worlds: the jackknife, which leaves out a tenth of them in turn.

Model and reduced model live in the same worlds, so both leave out the same ones, and what a world gives to both
cancels (Efron and Stein 1981, Ann. Statist. 9: 586, for its error of a smooth statistic, here on the large side).
"""

from collections.abc import Iterator, Sequence
from math import nan, sqrt

import numpy as np

from sim.studies.history.scoring import crps

Array = np.ndarray
PARTS = 10
"""Parts into which worlds are cut, in their order."""


def without_each(values: Array) -> Iterator[Array]:
    """Yield `values`, (world), without each of PARTS parts; missing ones are left out."""
    part = np.arange(len(values)) * PARTS // len(values)
    for left in range(PARTS):
        kept = values[part != left]
        yield kept[np.isfinite(kept)]


def crps_without_each(model: Array, rival: Array, central: float, error: Array) -> tuple[tuple[float, float], ...]:
    """Return CRPS of model and rival without each part of their worlds; empty if one has too few with a value."""
    pairs = list(zip(without_each(model), without_each(rival), strict=True))
    if min(len(values) for pair in pairs for values in pair) < 2:
        return ()
    return tuple((crps(mine, central, error), crps(other, central, error)) for mine, other in pairs)


def standard_error(estimates: Sequence[float]) -> float:
    """Return the standard error of an estimate from those without each part; missing without any."""
    n = len(estimates)
    return sqrt((n - 1) / n * float(np.square(np.asarray(estimates) - np.mean(estimates)).sum())) if n else nan

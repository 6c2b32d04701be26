"""Quantiles and means over worlds, without warnings about missing values."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Levels of the quantiles that tables and figures give."""
COLUMNS = tuple(f"q{round(100 * level):02d}" for level in QUANTILES)
"""Their names in tables: `q05` ... `q95`."""
Z_90 = 1.645
"""Standard errors of a normal distribution within which 90 % lie (two-sided), or 95 % (one-sided)."""


class Band(NamedTuple):
    """Median and 90 % band of one number over worlds."""

    low: float
    mid: float
    high: float


def quantiles(values: np.ndarray, levels: Sequence[float] = QUANTILES, *, whole: bool = False) -> np.ndarray:
    """Return quantiles over the last axis (worlds), shape (levels, ...); missing where no world has a number.

    Linear interpolation of order statistics (type 7 of Hyndman and Fan 1996, numpy's default). Missing and
    infinite values are left out. One sort serves all levels; numpy's `nanquantile` loops over rows. Of a `whole` number
    it is, of the two between which the level falls, the one nearer to zero: a value that some world has, as there is no
    tier 2.5, and the same in size for a difference taken the other way.
    """
    numbers = np.asarray(values, dtype=float)
    finite = np.isfinite(numbers)
    if finite.all() and numbers.size:
        return _of_full_rows(np.sort(numbers, axis=-1), levels, whole)
    ordered = np.sort(np.where(finite, numbers, np.nan), axis=-1)
    count = finite.sum(axis=-1)
    last = np.maximum(count - 1, 0)
    found = np.empty((len(levels), *count.shape))
    for index, level in enumerate(levels):
        position = level * last
        below = np.floor(position).astype(int)
        above = np.minimum(below + 1, last)
        low = np.take_along_axis(ordered, below[..., None], axis=-1)[..., 0]
        high = np.take_along_axis(ordered, above[..., None], axis=-1)[..., 0]
        found[index] = _between(low, high, position - below, whole)
    return found


def _between(low: np.ndarray, high: np.ndarray, share: np.ndarray | float, whole: bool) -> np.ndarray:
    """Return what lies at a share of the way from one value to the next; of whole numbers one of the two."""
    if whole:
        return np.where((share > 0.0) & (np.abs(high) < np.abs(low)), high, low)
    return low + (high - low) * share


def _of_full_rows(ordered: np.ndarray, levels: Sequence[float], whole: bool) -> np.ndarray:
    """Return the quantiles of sorted rows without missing values, where a level has one position in all rows."""
    last = ordered.shape[-1] - 1
    found = np.empty((len(levels), *ordered.shape[:-1]))
    for index, level in enumerate(levels):
        position = level * last
        below = int(position)
        low, high = ordered[..., below], ordered[..., min(below + 1, last)]
        found[index] = _between(low, high, position - below, whole)
    return found


def mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over the last axis (worlds), of worlds that have a number; missing where none has."""
    numbers = np.asarray(values, dtype=float)
    finite = np.isfinite(numbers)
    count = finite.sum(axis=-1)
    total = np.where(finite, numbers, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def share_interval(share: np.ndarray, worlds: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the 90 % interval of a share of so many worlds (Wilson 1927); it has a width at none and at all of them.

    Worlds drawn again from those that all say the same would show no error.
    """
    room = Z_90**2 / worlds
    middle, half = share + room / 2.0, np.sqrt(room * (share * (1.0 - share) + room / 4.0))
    return np.maximum(middle - half, 0.0) / (1.0 + room), np.minimum((middle + half) / (1.0 + room), 1.0)


def share_error(share: np.ndarray, worlds: int) -> np.ndarray:
    """Return the standard error of a share whose 90 % interval is as wide."""
    low, high = share_interval(share, worlds)
    return (high - low) / (2.0 * Z_90)


def band(values: np.ndarray, *, whole: bool = False) -> Band:
    """Return the 5 %, 50 % and 95 % quantiles of a vector over worlds, as `quantiles` does."""
    low, mid, high = quantiles(np.asarray(values, dtype=float), (0.05, 0.5, 0.95), whole=whole)
    return Band(float(low), float(mid), float(high))

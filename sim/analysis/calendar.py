"""Months of a run as dates: starts, ends, names."""

from collections.abc import Callable, Iterator

import numpy as np
import xarray as xr

from sim.texts.spoken import month as month_said

DAY = np.timedelta64(1, "D")
MONTH = np.timedelta64(1, "M")
NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
READ_AT_ONCE = 48_000_000
"""Most bytes of a variable that are read at a time, but at least one slice."""


def starts(ds: xr.Dataset) -> np.ndarray:
    """Return the months of the run, datetime64[M], (month)."""
    return np.asarray(ds["month"].values.astype("datetime64[M]"))


def months(ds: xr.Dataset) -> list[str]:
    """Return the months of the run as YYYY-MM."""
    return [str(month) for month in starts(ds)]


def month_words(ds: xr.Dataset, month: int = -1, short: bool = False) -> str:
    """Return a month of the run as `August 2026`, or `Aug 2026`."""
    return dated(str(starts(ds)[month]), short)


def dated(month: str, short: bool = False) -> str:
    """Return a month YYYY-MM as `August 2026`, or `Aug 2026`."""
    year, number = month.split("-")[:2]
    return month_said(int(number), year, short)


def month_ends(ds: xr.Dataset) -> np.ndarray:
    """Return the last day of every month, (month): values are the state at the end of their month."""
    return np.asarray((starts(ds) + MONTH).astype("datetime64[D]") - DAY)


def month_edges(ds: xr.Dataset) -> np.ndarray:
    """Return the first day of every month and of the month after the run, (months + 1)."""
    first = starts(ds)
    return np.append(first, first[-1] + MONTH).astype("datetime64[D]")


def reduced(array: xr.DataArray, reduce: Callable[[np.ndarray], np.ndarray]) -> Iterator[np.ndarray]:
    """Yield `reduce` of the values at each index of the first dimension; it works along the last axis, the worlds.

    No more of a large variable is read at a time than `READ_AT_ONCE`, or than the worlds of one label: several indices,
    one, or one after the other its labels, for each of which the files of the worlds are read again.
    """
    if array[0].nbytes <= READ_AT_ONCE:
        yield from map(reduce, slices(array))
    else:
        yield from (_by_label(array[index], reduce) for index in range(len(array)))


def _by_label(array: xr.DataArray, reduce: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    if array.ndim == 1 or array.nbytes <= READ_AT_ONCE:
        return reduce(array.values)
    return np.stack([_by_label(array[index], reduce) for index in range(len(array))])


def slices(array: xr.DataArray) -> Iterator[np.ndarray]:
    """Yield the values at each index of the first dimension; a large variable is read in several parts."""
    together = max(1, READ_AT_ONCE // max(1, array[0].nbytes))
    for first in range(0, len(array), together):
        yield from array[first : first + together].values

"""Months of a run as dates: starts, ends, names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

DAY = np.timedelta64(1, "D")
MONTH = np.timedelta64(1, "M")
READ_AT_ONCE = 48_000_000
"""Bytes of a variable that are read at a time, at least one month."""


def starts(ds: xr.Dataset) -> np.ndarray:
    """Months of the run, datetime64[M]."""
    return np.asarray(ds["month"].values.astype("datetime64[M]"))


def months(ds: xr.Dataset) -> list[str]:
    """Months of the run as YYYY-MM."""
    return [str(month) for month in starts(ds)]


def month_ends(ds: xr.Dataset) -> np.ndarray:
    """Last day of every month: values are the state at the end of their month."""
    return np.asarray((starts(ds) + MONTH).astype("datetime64[D]") - DAY)


def month_edges(ds: xr.Dataset) -> np.ndarray:
    """First day of every month and of the month after the run, one more than there are months."""
    first = starts(ds)
    return np.append(first, first[-1] + MONTH).astype("datetime64[D]")


def by_month(array: xr.DataArray) -> Iterator[np.ndarray]:
    """The values of every month, which is the first dimension; of a large ensemble, some months are read at a time."""
    return one_by_one(array)


def one_by_one(array: xr.DataArray) -> Iterator[np.ndarray]:
    """The values at every place of the first dimension; as many are read at a time as fit into little memory."""
    together = max(1, READ_AT_ONCE // max(1, array[0].nbytes))
    for first in range(0, len(array), together):
        yield from array[first : first + together].values

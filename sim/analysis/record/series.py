"""Read a public series from results: month by month, and on a date."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.analysis.calendar import DAY, MONTH, starts

Array = np.ndarray
KINDS = ("flow", "level", "count", "year")


@dataclass(frozen=True)
class Reading:
    """The rule by which a public series is read from results."""

    values: Callable[[xr.Dataset], Array]
    "(month, world) in the unit of the series."
    kind: str = "flow"
    """`flow`: value of the month of the date; `level`: interpolated between month ends; `count`: a level from zero;
    `year`: the sum over the twelve months up to the date."""
    reads: tuple[str, ...] = ()
    "Variables from which it is read."


def at_date(ds: xr.Dataset, reading: Reading, date: np.datetime64) -> Array | None:
    """Return the series on a date, (world), or None if the date is outside the run; not for the kind `year`."""
    month = date.astype("datetime64[M]")
    index = int((month - starts(ds)[0]) // MONTH)
    values = reading.values(ds)
    if not 0 <= index < len(values):
        return None
    if reading.kind == "flow" or (reading.kind == "level" and index == 0):
        return np.asarray(values[index])
    first, after = month.astype("datetime64[D]"), (month + MONTH).astype("datetime64[D]")
    part = float((date - first + DAY) / (after - first))
    before = values[index - 1] if index else np.zeros_like(values[0])
    return np.asarray(before + (values[index] - before) * part)


def path(ds: xr.Dataset, reading: Reading) -> Array:
    """Return the series at every month end, (month, world); a yearly sum is missing before the first whole year."""
    values = np.asarray(reading.values(ds), dtype=float)
    if reading.kind != "year":
        return values
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    found = np.full(values.shape, np.nan)
    found[11:] = total[12:] - total[:-12]
    return found


def value_on(ds: xr.Dataset, reading: Reading, date: np.datetime64) -> Array:
    """Return the series on a date, (world); NaN where it cannot be read."""
    if reading.kind != "year":
        found = at_date(ds, reading, date)
        return np.full(ds.sizes["world"], np.nan) if found is None else np.asarray(found, dtype=float)
    values = np.asarray(reading.values(ds), dtype=float)
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    end, begin = (_position(day, starts(ds)[0]) for day in (date, year_before(date)))
    if begin < 0.0 or end > len(values):
        return np.full(values.shape[1], np.nan)
    return _between(total, end) - _between(total, begin)


def year_before(date: np.datetime64) -> np.datetime64:
    """Return the same day a year earlier; for the last day of a month the last day of that month."""
    month = date.astype("datetime64[M]")
    last = (date + DAY).astype("datetime64[M]") != month
    earlier = month - 12 * MONTH
    days = int((date - month.astype("datetime64[D]")) / DAY)
    end = (earlier + MONTH).astype("datetime64[D]") - DAY
    return np.datetime64(end if last else min(earlier.astype("datetime64[D]") + days * DAY, end))


def _position(date: np.datetime64, start: np.datetime64) -> float:
    """Return the months from the start to the end of a day, with fraction."""
    month = date.astype("datetime64[M]")
    first, after = month.astype("datetime64[D]"), (month + MONTH).astype("datetime64[D]")
    return float((month - start) / MONTH) + float((date - first + DAY) / (after - first))


def _between(total: Array, at: float) -> Array:
    below = min(int(at), len(total) - 2)
    return np.asarray(total[below] + (total[below + 1] - total[below]) * (at - below))

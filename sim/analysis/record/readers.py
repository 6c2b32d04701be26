"""Readers of public series from results, made from what a file says of the series."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

Array = np.ndarray
Pair = tuple[str, str]
DAYS_PER_MONTH = 365.25 / 12.0
SHAPING = ("times", "per")
"""What multiplies or divides a series: parameters at their value at the start."""


@dataclass(frozen=True)
class Recipe:
    """How a series is read; what is empty is not done. The order of the fields is the order of the steps."""

    variable: str = ""
    "A recorded variable; or trade."
    at: Mapping[str, Any] = field(default_factory=dict)
    "Axis -> label; of a list of labels the sum."
    trade: Sequence[Pair] = ()
    "Sellers and buyers."
    less: Sequence[Pair] = ()
    "Sellers and buyers whose trade is taken off."
    factor: float = 1.0
    per_day: bool = False
    running_total: bool = False
    over: str = ""
    "A variable of the whole system by which it is divided; missing where that is zero."
    times: str = ""
    per: str = ""


def read_by(recipe: Recipe) -> tuple[str, ...]:
    """Return the variables from which a series is read."""
    found = (recipe.variable,) if recipe.variable else ("price", "ordered", "other_imports")
    return *found, *[recipe.over] * bool(recipe.over), *["parameters"] * bool(recipe.times or recipe.per)


def reader(recipe: Recipe) -> Callable[[xr.Dataset], Array]:
    """Return the reader of a series, (month, world)."""

    def values(ds: xr.Dataset) -> Array:
        found = _selected(ds, recipe) if recipe.variable else _trade(ds, recipe.trade) - _trade(ds, recipe.less)
        if recipe.per_day:
            found = found / DAYS_PER_MONTH
        if recipe.running_total:
            found = np.cumsum(found, axis=0)
        found = found * recipe.factor
        if recipe.over:
            other = ds[recipe.over].transpose("month", "world").values
            found = np.where(other > 0.0, found / np.maximum(other, 1e-9), np.nan)
        if recipe.times:
            found = found * parameter(ds, recipe.times)
        if recipe.per:
            found = found / parameter(ds, recipe.per)
        return np.asarray(found)

    return values


def parameter(ds: xr.Dataset, key: str) -> Array:
    """Return the value of a parameter, (world); a scalar NaN if the results do not hold it."""
    if "parameters" not in ds or key not in ds["key"].values:
        return np.array(np.nan)
    return ds["parameters"].sel(key=key).values


def _selected(ds: xr.Dataset, recipe: Recipe) -> Array:
    """Return a variable at its labels, summed over lists of them, (month, world)."""
    lists = [dim for dim, label in recipe.at.items() if isinstance(label, list)]
    chosen = ds[recipe.variable].sel(dict(recipe.at))
    return (chosen.sum(lists) if lists else chosen).transpose("month", "world").values


def _trade(ds: xr.Dataset, pairs: Sequence[Pair]) -> Any:
    """Return the trade of pairs, MUSD a month: goods agreed on, and other imports. Gifts have no price."""
    total: Any = 0.0
    for seller, buyer in pairs:
        lane = {"country": seller, "partner": buyer}
        price = np.nan_to_num(ds["price"].sel(lane).transpose("month", "good", "world").values)
        volume = ds["ordered"].sel(lane).transpose("month", "good", "world").values
        other = ds["other_imports"].sel(country=buyer, partner=seller).transpose("month", "world").values
        total = total + (price * volume).sum(axis=1, dtype=float) + other
    return total

"""The wide list of outcomes from which the table of a comparison is chosen by the size of the difference."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import xarray as xr

from sim.analysis.measures import HEADLINE, Measure
from sim.analysis.paired import Difference

Array = np.ndarray


def _goods(name: str, giver: str, taker: str, good: str) -> Callable[[xr.Dataset], Array]:
    return lambda ds: _sum(ds[name].sel(country=giver, partner=taker, good=good))


def _own(name: str, good: str, country: str = "PRK") -> Callable[[xr.Dataset], Array]:
    return lambda ds: _sum(ds[name].sel(country=country, good=good))


def _sum(values: xr.DataArray) -> Array:
    return np.asarray(values.transpose("month", "world").values.sum(axis=0))


def _pay(name: str, over: Callable[..., Array]) -> Callable[[xr.Dataset], Array]:
    """Return what a variable of creditor PRK and debtor RUS comes to over the months."""
    return lambda ds: over(ds[name].sel(country="PRK", partner="RUS").transpose("month", "world").values, axis=0)


def _dependence(partner: str) -> Callable[[xr.Dataset], Array]:
    def share(ds: xr.Dataset) -> Array:
        values = ds["dependence"].sel(country="PRK", partner=partner).transpose("month", "world").values
        return np.asarray(100.0 * values[-12:].mean(axis=0))

    return share


def _together(act: str, countries: set[str]) -> Callable[[xr.Dataset], Array]:
    def count(ds: xr.Dataset) -> Array:
        rows = zip(ds["act"].values, ds["actor"].values, ds["partner_of"].values, strict=True)
        row = next(k for k, (a, i, j) in enumerate(rows) if a == act and {i, *j.split()} == countries)
        happened = ds["outcome"].isel(option=row).transpose("month", "world").values > 0
        return np.asarray(happened.sum(axis=0))

    return count


def _shell_price(ds: xr.Dataset) -> Array:
    """Return the mean over what was ordered; missing where nothing was."""
    lane = {"country": "PRK", "partner": "RUS", "good": "ammunition"}
    ordered, price = (ds[name].sel(lane).transpose("month", "world").values for name in ("ordered", "price"))
    total = ordered.sum(axis=0)
    return np.where(total > 0.0, (np.nan_to_num(price) * ordered).sum(axis=0) / np.maximum(total, 1e-9), np.nan)


WIDE: Mapping[str, Measure] = {
    "shells_delivered": HEADLINE["shells_delivered"],
    "shell_price": Measure("MUSD a thousand rounds", "price of North Korea's shells", _shell_price),
    "shells_seized": Measure(
        "thousand rounds", "shells seized on the way", _goods("seized", "PRK", "RUS", "ammunition")
    ),
    "oil": HEADLINE["oil"],
    "food_rus": Measure("kt", "food delivered RUS to PRK", _goods("delivered", "RUS", "PRK", "food")),
    "food_chn": Measure("kt", "food delivered CHN to PRK", _goods("delivered", "CHN", "PRK", "food")),
    "food_world": Measure("kt", "food that PRK buys from the rest of the world", _own("world_imports", "food")),
    "energy_short": Measure("kt", "energy that PRK lacks", _own("shortage", "energy")),
    "food_short": Measure("kt", "food that PRK lacks", _own("shortage", "food")),
    **{name: HEADLINE[name] for name in ("technology", "tier", "practical", "symbolic")},
    "summits": Measure("summits", "summits of RUS and PRK", _together("summit", {"RUS", "PRK"})),
    "exercises": Measure("exercises", "exercises of RUS and PRK", _together("exercise", {"RUS", "PRK"})),
    "western_exercises": Measure(
        "exercises", "exercises of USA, KOR and JPN", _together("trilateral_exercise", {"USA", "KOR", "JPN"})
    ),
    "dependence_rus": Measure("%", "dependence of PRK on RUS in the last year", _dependence("RUS")),
    "dependence_chn": Measure("%", "dependence of PRK on CHN in the last year", _dependence("CHN")),
    "debt": Measure("MUSD", "Russia's debt to North Korea, mean over months", _pay("balance", np.mean)),
    "cash_paid": Measure("MUSD", "money that Russia pays North Korea", _pay("cash", np.sum)),
    "plant_output": Measure(
        "thousand rounds", "output of Russia's ammunition plants", _own("production", "ammunition", "RUS")
    ),
    "energy_chn": Measure("kt", "energy delivered RUS to CHN", _goods("delivered", "RUS", "CHN", "energy")),
    **{name: HEADLINE[name] for name in ("tests", "threat_PRK", "coordination", "fire_ratio")},
}
"""Outcomes of a comparison by name, in the order in which a table shows them; totals are over the whole run."""
READ_BY_WIDE = (
    *("balance", "cash", "delivered", "dependence", "ordered", "outcome", "price", "production", "seized"),
    *("shortage", "world_imports"),
)
"""Variables from which they are read, besides those of the headline."""
SOMETIMES_MISSING = ("shell_price",)
"""Without a number in a world in which nothing was ordered."""
ALWAYS = ("shells_delivered", "oil", "technology", "practical", "symbolic")
OTHERS, CLEAR, LEAST = 6, 3.0, 0.02
"""Most other rows of a table; standard errors from zero, and share of the reference's mean, of the least difference."""


def size_of(before: Array, after: Array, step: Difference) -> float:
    """Return the mean difference beside the spread of the worlds of both; nan if it is not clear or of no note."""
    if not np.isfinite(step.mean) or not abs(step.mean) > max(
        CLEAR * step.error, LEAST * abs(float(np.nanmean(before)))
    ):
        return float("nan")
    return abs(step.mean) / max(float(np.nanstd(np.concatenate([before, after]))), 1e-12)


def chosen(sizes: Mapping[str, float], asked: Sequence[str] = ()) -> list[str]:
    """Return the outcomes of a table: those always shown, the largest others, and those asked for, in one order."""
    others = [name for name in WIDE if name not in ALWAYS and np.isfinite(sizes[name])]
    largest = sorted(others, key=lambda name: sizes[name], reverse=True)[:OTHERS]
    shown = {*ALWAYS, *largest, *asked}
    return [name for name in WIDE if name in shown] + [name for name in asked if name not in WIDE]

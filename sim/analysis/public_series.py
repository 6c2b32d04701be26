"""Which public series the model can say something about, in which unit, and why not about the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.analysis.calendar import DAY, MONTH, starts
from sim.analysis.observed import SERIES, Series, at_date, parameter

Array = np.ndarray
COUNTED_FROM = "2023-09"
"""First month of what is counted since the start, in the shipped file and in the model."""


@dataclass(frozen=True)
class Known:
    """A public series that the model can produce."""

    unit: str
    words: str
    "Title in figures and sentences."
    series: Series
    "How it is read; the kind `year` is the sum over the twelve months up to the date."
    fixed: tuple[str, ...] = ()
    "Parameters used at their value at the start: if an event changes one, the series cannot be read."
    given: tuple[str, ...] = ()
    "Parameters whose range was set from figures of this very series: agreement with those is no evidence."
    limit: str = ""
    "What makes the two differ even in a perfect model."

    @property
    def count(self) -> bool:
        """Whether it never falls."""
        return self.series.kind == "count"


def _utilisation(ds: xr.Dataset) -> Array:
    ceiling = parameter(ds, "PRK.ammunition.ceiling")
    made = ds["production"].sel(country="PRK", good="ammunition").transpose("month", "world").values
    return np.asarray(made / (np.nan if ceiling is None else ceiling))


def _faulty(ds: xr.Dataset) -> Array:
    """Share of the rounds delivered since the start that did not work; missing where none were delivered."""
    lost = ds["lost"].sel(country="RUS", good="ammunition").transpose("month", "world").values
    arrived = ds["shells_delivered"].transpose("month", "world").values
    return np.where(arrived > 0.0, np.cumsum(lost, axis=0) / np.maximum(arrived, 1e-9), np.nan)


def _own(name: str, good: str, factor: float) -> Callable[[xr.Dataset], Array]:
    return lambda ds: ds[name].sel(country="PRK", good=good).transpose("month", "world").values * factor


def _carried(route: str, directions: tuple[str, ...], factor: float) -> Callable[[xr.Dataset], Array]:
    def load(ds: xr.Dataset) -> Array:
        both = ds["route_load"].sel(route=route, direction=list(directions)).sum("direction")
        return np.asarray(both.transpose("month", "world").values * factor)

    return load


def _traded(first: str, second: str) -> Callable[[xr.Dataset], Array]:
    """Value of the goods that two countries agreed on, both ways, MUSD a month; gifts have no price."""

    def value(ds: xr.Dataset) -> Array:
        total = 0.0
        for seller, buyer in ((first, second), (second, first)):
            lane = {"country": seller, "partner": buyer}
            price = np.nan_to_num(ds["price"].sel(lane).transpose("month", "good", "world").values)
            volume = ds["ordered"].sel(lane).transpose("month", "good", "world").values
            total = total + (price * volume).sum(axis=1, dtype=float)
        return np.asarray(total)

    return value


_CONTAINER = ("goods.ammunition.per_container",)
KNOWN: Mapping[str, Known] = {
    "containers_prk_rus_cumulative": Known(
        "containers", "Containers PRK to RUS since the start", SERIES["containers_prk_rus_cumulative"], given=_CONTAINER
    ),
    "shells_prk_rus_cumulative_million": Known(
        "million rounds", "Shells PRK to RUS since the start", SERIES["shells_prk_rus_cumulative_million"],
        given=_CONTAINER,
    ),
    "sea_voyages_prk_rus_cumulative": Known(
        "voyages", "Voyages Rajin to Russia since the start", SERIES["sea_voyages_prk_rus_cumulative"],
        ("routes.rajin.unit_load",), ("routes.rajin.unit_load", "routes.rajin.capacity"),
    ),
    "refined_oil_rus_prk_month": Known(
        "kbbl/month", "Refined oil RUS to PRK in the month", SERIES["refined_oil_rus_prk_month"],
        limit="the model's oil is all energy that Russia delivers, as refined oil",
    ),
    "russian_fire_krounds_day": Known(
        "krounds/day", "Russian fire, every calibre", SERIES["russian_fire_krounds_day"], ("war.fire_scale",),
        ("war.fire_scale",),
    ),
    "russian_stock_million": Known(
        "million rounds", "Russian stock of shells", SERIES["russian_stock_million"], given=("RUS.ammunition.stock",)
    ),
    "russian_production_million_year": Known(
        "million rounds/year", "Russian output of shells, yearly rate", SERIES["russian_production_million_year"],
        given=("RUS.ammunition.production", "RUS.ammunition.growth", "RUS.ammunition.ceiling"),
    ),
    "prk_output_million_year": Known(
        "million rounds/year", "North Korean output of shells, yearly rate", SERIES["prk_output_million_year"],
        given=("PRK.ammunition.ceiling",),
    ),
    "prk_utilisation": Known(
        "share", "Use of North Korea's shell plants", Series(_utilisation), ("PRK.ammunition.ceiling",),
        ("PRK.ammunition.production",),
    ),
    "dud_or_refurbish_share": Known(
        "share", "Faulty share of the shells delivered", Series(_faulty, "level"),
        given=("PRK.ammunition.dud_share",),
    ),
    "food_crops_prk": Known(
        "Mt/year", "North Korean crop, year to the date", Series(_own("production", "food", 1e-3), "year"),
        given=("PRK.food.production", "PRK.food.harvest_noise"),
    ),
    "food_requirement_prk": Known(
        "Mt/year", "North Korean need of food, yearly rate", Series(_own("requirement", "food", 12e-3)),
        given=("PRK.food.requirement",),
    ),
    "crude_pipeline_chn_prk": Known(
        "kt/year", "Crude by pipeline CHN to PRK, year to the date",
        Series(_carried("pipeline", ("back",), 1.0), "year"), given=("routes.pipeline.capacity", "aid.pipeline"),
    ),
    "rail_khasan_tumangang_freight": Known(
        "Mt/year", "Rail freight Khasan-Tumangang, year to the date",
        Series(_carried("khasan", ("forward", "back"), 1e-3), "year"),
        limit="the model's freight is shells, food and energy only",
    ),
    "china_prk_trade_musd": Known(
        "musd/year", "Trade of China and North Korea, year to the date", Series(_traded("CHN", "PRK"), "year"),
        limit="customs count all goods, the model trades food and energy only; gifts are in neither",
    ),
    "missile_tests_prk": Known(
        "tests/year", "North Korean missile tests, year to the date",
        Series(lambda ds: ds["tests"].transpose("month", "world").values, "year"), given=("tests.mean",),
    ),
}  # fmt: skip
"""Public series by name. Those of the kind `year` need a year that lies wholly inside the run."""

NOT_IN_MODEL: Mapping[str, str] = {
    "refined_oil_rus_prk_year_declared": (
        "what is declared to the UN is no quantity of the model, which knows only what is delivered"
    ),
    "railcars_tumangang_in_view": (
        "wagons standing in one yard on one day; the model has wagons a month, and how long they stand is not in it"
    ),
    "rail_khasan_tumangang_potential": "what the line could carry if rebuilt; the model has only its present capacity",
    "russia_prk_trade_musd": "declared trade; the model knows only what is exchanged, most of it off the books",
}
"""Public series that the model cannot honestly produce, and why."""


def path(ds: xr.Dataset, known: Known) -> Array:
    """The series at every month end, (month, world); the sum of a year is missing before the first whole year."""
    values = np.asarray(known.series.values(ds), dtype=float)
    if known.series.kind != "year":
        return values
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    found = np.full(values.shape, np.nan)
    found[11:] = total[12:] - total[:-12]
    return found


def value_on(ds: xr.Dataset, known: Known, date: np.datetime64) -> Array:
    """The series in each world, (world), on a date inside the run; missing worlds are not a number."""
    if known.series.kind != "year":
        found = at_date(ds, known.series, date)
        return np.full(ds.sizes["world"], np.nan) if found is None else np.asarray(found, dtype=float)
    values = np.asarray(known.series.values(ds), dtype=float)
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    end, begin = (_position(day, starts(ds)[0]) for day in (date, year_before(date)))
    if begin < 0.0 or end > len(values):
        return np.full(values.shape[1], np.nan)
    return _between(total, end) - _between(total, begin)


def year_before(date: np.datetime64) -> np.datetime64:
    """The same day a year earlier; of the last day of February the last day of February."""
    month = date.astype("datetime64[M]")
    last = (date + DAY).astype("datetime64[M]") != month
    earlier = month - 12 * MONTH
    days = int((date - month.astype("datetime64[D]")) / DAY)
    end = (earlier + MONTH).astype("datetime64[D]") - DAY
    return np.datetime64(end if last else min(earlier.astype("datetime64[D]") + days * DAY, end))


def _position(date: np.datetime64, start: np.datetime64) -> float:
    """Months from the start to the end of a day."""
    month = date.astype("datetime64[M]")
    first, after = month.astype("datetime64[D]"), (month + MONTH).astype("datetime64[D]")
    return float((month - start) / MONTH) + float((date - first + DAY) / (after - first))


def _between(total: Array, at: float) -> Array:
    below = min(int(at), len(total) - 2)
    return np.asarray(total[below] + (total[below + 1] - total[below]) * (at - below))

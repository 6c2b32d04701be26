"""Public figures to June 2024 beside what a run says for the same date."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import xarray as xr

from sim.analysis.calendar import DAY, MONTH, starts
from sim.analysis.quantiles import Band, band, mean

DAYS_PER_MONTH = 365.25 / 12.0


@dataclass(frozen=True)
class Observation:
    """One public figure: a claim by its source, as a band."""

    series: str
    date: np.datetime64
    low: float
    central: float
    high: float
    unit: str
    source: str


@dataclass(frozen=True)
class Comparison:
    """One public figure and the model's 90 % band for its date."""

    observation: Observation
    model: Band

    @property
    def verdict(self) -> str:
        """`inside`: the central figure is in the band; `overlaps`: the bands meet; `too high`, `too low`."""
        seen, model = self.observation, self.model
        if model.low <= seen.central <= model.high:
            return "inside"
        if model.low <= seen.high and model.high >= seen.low:
            return "overlaps"
        return "too low" if model.high < seen.low else "too high"


@cache
def observations() -> tuple[Observation, ...]:
    """The shipped public figures, in the order of the file."""
    text = (resources.files("sim") / "data" / "observed.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(
        Observation(
            row["series"],
            np.datetime64(row["date"]),
            float(row["low"]),
            float(row["central"]),
            float(row["high"]),
            row["unit"],
            row["source"],
        )
        for row in rows
    )


@dataclass(frozen=True)
class Series:
    """How a public series is read from the results."""

    values: Callable[[xr.Dataset], np.ndarray]
    "(month, world) in the unit of the series."
    kind: str = "flow"
    "flow: value of the month of the date; level: read between month ends; count: a level from zero."


def _system(name: str, factor: float = 1.0) -> Callable[[xr.Dataset], np.ndarray]:
    return lambda ds: ds[name].transpose("month", "world").values * factor


def _ammunition(name: str, country: str, factor: float) -> Callable[[xr.Dataset], np.ndarray]:
    return lambda ds: ds[name].sel(country=country, good="ammunition").transpose("month", "world").values * factor


def parameter(ds: xr.Dataset, key: str) -> np.ndarray | None:
    """The value of a parameter in each world, or None if the results do not hold it."""
    if "parameters" not in ds or key not in ds["key"].values:
        return None
    return ds["parameters"].sel(key=key).values


def fire_all_calibres(ds: xr.Dataset) -> np.ndarray:
    """Russian fire in krounds a day on the Ukrainian scale, which counts every calibre; (month, world)."""
    scale = parameter(ds, "war.fire_scale")
    fire = ds["fire"].transpose("month", "world").values / DAYS_PER_MONTH
    return fire * (np.nan if scale is None else scale)


def voyages(ds: xr.Dataset) -> np.ndarray:
    """Sailings from Rajin to Russia since the start; shape (month, world)."""
    load = parameter(ds, "routes.rajin.unit_load")
    carried = ds["route_load"].sel(route="rajin", direction="back").transpose("month", "world").values
    return np.cumsum(carried, axis=0) / (np.nan if load is None else load)


SERIES: Mapping[str, Series] = {
    "containers_prk_rus_cumulative": Series(_system("containers"), "count"),
    "shells_prk_rus_cumulative_million": Series(_system("shells_delivered", 1e-3), "count"),
    "sea_voyages_prk_rus_cumulative": Series(voyages, "count"),
    "refined_oil_rus_prk_month": Series(_system("oil_delivered")),
    "russian_fire_krounds_day": Series(fire_all_calibres),
    "russian_stock_million": Series(_ammunition("stock", "RUS", 1e-3), "level"),
    "russian_production_million_year": Series(_ammunition("production", "RUS", 12e-3)),
    "prk_output_million_year": Series(_ammunition("production", "PRK", 12e-3)),
}
"Public series that the model knows; the others are yearly figures from before the start."


def at_date(ds: xr.Dataset, series: Series, date: np.datetime64) -> np.ndarray | None:
    """The series in each world on a date, or None if the date is outside the run."""
    month = date.astype("datetime64[M]")
    index = int((month - starts(ds)[0]) // MONTH)
    values = series.values(ds)
    if not 0 <= index < len(values):
        return None
    if series.kind == "flow" or (series.kind == "level" and index == 0):
        return np.asarray(values[index])
    first, after = month.astype("datetime64[D]"), (month + MONTH).astype("datetime64[D]")
    part = float((date - first + DAY) / (after - first))
    before = values[index - 1] if index else np.zeros_like(values[0])
    return np.asarray(before + (values[index] - before) * part)


def compare(ds: xr.Dataset) -> list[Comparison]:
    """Every public figure that the model knows and the run covers, beside the run's 90 % band."""
    found = []
    for seen in observations():
        values = at_date(ds, SERIES[seen.series], seen.date) if seen.series in SERIES else None
        if values is not None and np.isfinite(mean(values)):
            found.append(Comparison(seen, band(values)))
    return found


def points(series: str) -> list[Observation]:
    """The observations of one series, in order of date."""
    return [seen for seen in observations() if seen.series == series]

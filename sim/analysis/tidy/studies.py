"""The parts of the tidy tables of comparisons, sweeps and comparisons with history."""

import json
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import xarray as xr

from sim.analysis.calendar import months
from sim.analysis.measures import SWEPT, is_whole
from sim.analysis.outcome import outcome as measure_of
from sim.analysis.quantiles import COLUMNS as LEVELS
from sim.analysis.quantiles import mean, quantiles
from sim.analysis.tidy.schema import ALL, EVERYWHERE, NOBODY, STATISTICS, VALUE, Place, place_of, rows
from sim.results.variables import ResultsError
from sim.scenario.names import COUNTRIES
from sim.scenario.problems import few
from sim.scenario.scenario import month_number, month_text

Array = np.ndarray
Part = tuple[Mapping[str, str | int], dict[str, Array]]
OUTCOME = "outcome|"
"""First part of the names of outcomes: one number of a whole run, at its last month."""
RECORD, OBSERVED = "public record", "observed"
"""Model and scenario of observations."""
ERROR = "standard_error"


def comparison(ds: xr.Dataset, worlds: Array | None, model: str) -> Iterator[Part]:
    """Yield outcomes, series by month, and differences from the first scenario, scenario by scenario."""
    names = [str(name) for name in ds["scenario"].values]
    last = [f"{months(ds)[-1]}-01"]
    times = [f"{month}-01" for month in months(ds)]
    measures = [place_of(str(m), OUTCOME, str(u)) for m, u in zip(ds["measure"].values, ds["unit"].values, strict=True)]
    series = [place_of(str(s), "", str(u)) for s, u in zip(ds["series"].values, ds["series_unit"].values, strict=True)]
    if worlds is not None:
        ends = [(number, VALUE) for number in ds["world"].values[worlds].tolist()]
        for name in names:
            values = ds["outcome"].sel(scenario=name).transpose("measure", "world").values[:, worlds]
            yield _shared(ds, model, name), rows(measures, last, ends, values[:, None])
        return
    ends = [(ALL, level) for level in LEVELS]
    for name in names:
        shared = _shared(ds, model, name)
        yield shared, rows(measures, last, ends, ds["quantile"].sel(scenario=name).values[:, None])
        yield shared, rows(series, times, ends, ds["series_quantile"].sel(scenario=name).values)
    away = f"difference from {names[0]}|"
    for name in names[1:]:
        shared, one = _shared(ds, model, name), ds.sel(other=name)
        found = [
            one["difference_mean"].values[:, None],
            one["difference_error"].values[:, None],
            one["difference"].values,
        ]
        of_all = [(ALL, "mean"), (ALL, ERROR), *ends]
        yield shared, rows(_renamed(measures, away), last, of_all, np.concatenate(found, axis=-1)[:, None])
        yield shared, rows(_renamed(series, away), times, ends, one["series_difference"].values)


def _renamed(places: Sequence[Place], prefix: str) -> list[Place]:
    return [Place(one.region, one.partner, f"{prefix}{one.variable}", one.unit) for one in places]


def sweep(ds: xr.Dataset, worlds: Array | None, model: str) -> Iterator[Part]:
    """Yield the outcomes at every point of the grid; a point is a scenario with its values set."""
    keys = list(json.loads(ds.attrs["vary"]))
    scenario = json.loads(ds.attrs["scenarios"])[0]
    shown = str(ds.attrs["outcome"])
    measures = {**SWEPT, shown: measure_of(shown)}
    places = [place_of(name, OUTCOME, measure.unit) for name, measure in measures.items()]
    last = [_last_month(scenario)]
    if missing := [name for name in measures if name not in ds.data_vars]:
        raise ResultsError(f"a sweep without {few(missing)}: the data are damaged")
    values = np.stack([ds[name].transpose(*keys, "world").values for name in measures])
    for index in np.ndindex(values.shape[1:-1]):
        here = values[(slice(None), *index)]
        point = "".join(f"+{key}={ds[key].values[at]:.6g}" for key, at in zip(keys, index, strict=True))
        shared = _shared(ds, model, f"{scenario['name']}{point}")
        if worlds is not None:
            ends = [(number, VALUE) for number in ds["world"].values[worlds].tolist()]
            yield shared, rows(places, last, ends, here[:, None, worlds])
            continue
        error = (
            here.std(axis=-1, ddof=1) / np.sqrt(here.shape[-1]) if here.shape[-1] > 1 else np.full(len(here), np.nan)
        )
        levels = np.stack([quantiles(one, whole=is_whole(name)) for name, one in zip(measures, here, strict=True)])
        found = np.column_stack([mean(here), levels, error])
        yield shared, rows(places, last, [*((ALL, one) for one in STATISTICS), (ALL, ERROR)], found[:, None])


def _last_month(scenario: Mapping[str, str | int]) -> str:
    return f"{month_text(month_number(str(scenario['start'])) + int(scenario['months']) - 1)}-01"


def history(ds: xr.Dataset, worlds: Array | None, model: str) -> Iterator[Part]:
    """Yield the model on the days of the observations, the observations, and each series by month."""
    scenario = str(json.loads(ds.attrs["scenario_names"])[0])
    shared = _shared(ds, model, scenario)
    record = {**shared, "model": RECORD, "scenario": OBSERVED}
    series, days = ds["figure_series"].values.astype(str), ds["figure_date"].values.astype(str)
    bounds = [(ALL, str(bound)) for bound in ds["bound"].values]
    values = ds["model"].transpose("figure", "world").values
    if worlds is None:
        ends, found = [(ALL, one) for one in STATISTICS], np.stack([mean(values), *quantiles(values)], axis=-1)
    else:
        ends, found = [(number, VALUE) for number in ds["world"].values[worlds].tolist()], values[:, worlds]
    units = dict(zip(ds["series"].values.astype(str), ds["unit"].values.astype(str), strict=True))
    said: dict[tuple[str, str], int] = {}
    for at, (name, day) in enumerate(zip(series, days, strict=True)):
        count = said[name, day] = said.get((name, day), 0) + 1
        place = _of_record(name, "record|", units[name])
        if count == 1:
            yield shared, rows([place], [day], ends, found[at][None, None])
        other = f" {count}" if count > 1 else ""
        yield (
            {**record, "scenario": f"{OBSERVED}{other}"},
            rows([place], [day], bounds, ds["observed"].values[at][None, None]),
        )
    if worlds is None:
        places = [_of_record(name, "path|", unit) for name, unit in units.items()]
        yield (
            shared,
            rows(places, [f"{month}-01" for month in months(ds)], [(ALL, one) for one in LEVELS], ds["path"].values),
        )


def _of_record(name: str, prefix: str, unit: str) -> Place:
    """Return the place of a series of the record, whose name holds the codes of its countries."""
    codes = [part.upper() for part in name.replace("russian", "rus").replace("dud", "prk_rus").split("_")]
    region, partner = (*(code for code in codes if code in COUNTRIES), NOBODY, NOBODY)[:2]
    return Place(EVERYWHERE if region == NOBODY else region, partner, f"{prefix}{name}", unit)


def _shared(ds: xr.Dataset, model: str, scenario: str) -> dict[str, str | int]:
    return {"model": model, "scenario": scenario, "seed": int(ds.attrs["seed"])}

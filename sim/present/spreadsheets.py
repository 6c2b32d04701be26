"""Rows of the CSV files of a run, header first: series.csv, events.csv, failed.csv.

Numbers have six significant digits, missing numbers are empty: the same data give the same bytes.
"""

import json
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import xarray as xr

from sim.analysis.acts import acts
from sim.analysis.calendar import months, reduced
from sim.analysis.measures import is_whole
from sim.analysis.quantiles import COLUMNS, mean, quantiles
from sim.present.words import cell
from sim.results import VARIABLES, unit_of
from sim.results.failures import failures
from sim.scenario.event import ActEvent, DecisionEvent, ShockEvent, event_from_dict, is_drawn
from sim.scenario.happenings import occurrences
from sim.scenario.scenario import month_number, month_text

LABELS = ("month", "country", "partner", "good", "tier", "route", "from", "to", "goal")
SERIES_COLUMNS = {
    "variable": "name in the list of variables",
    "month": "month, YYYY-MM",
    **{name: f"label of `{name}`, where the variable has it" for name in LABELS[1:]},
    "state": "state of `binding`; its share of worlds stands in `mean`",
    "unit": "unit of the numbers",
    "mean": "mean over worlds",
    **{name: f"{int(name[1:])} % quantile over worlds" for name in COLUMNS},
}
"""Column of series.csv -> what it holds."""
EVENTS_COLUMNS = {
    "month": "month, YYYY-MM",
    "kind": "`parameter` or `shock`: the scenario changes one, or hits the state; `act`: it took place, or was set; "
    "`asked`, `refused` or `willing`: what the scenario says of decisions",
    "what": "key of the parameter, what the shock hits, or the act",
    "actors": "countries that decide on the act; of what the scenario says of decisions those meant, empty is all",
    "targets": "countries that it concerns without deciding; of decisions the partners meant, empty is all",
    "scheduled": "1 if the scenario set it for certain",
    "worlds": "number of worlds in which it took place; empty where worlds draw it, which is not recorded",
    "share": "share of all worlds, 0 to 1",
    "value": "new value of the parameter, or what the shock adds, in its unit, or the utility that willingness adds",
    "factor": "factor on the parameter or on what the shock hits",
    "duration": "months that the change holds; empty is to the end",
    "why": "reason that the scenario gives",
    "origin": "file and line of the scenario",
}
"""Column of events.csv -> what it holds."""
SORTED_AT_ONCE = 8_000_000
"""Most bytes of a variable's month that are sorted at a time; at least one label is."""
WITHOUT_SERIES = frozenset({"probability", "choice", "outcome", "terms", "scheduled", "parameters", "score_unopened"})


def series(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of series.csv: every variable as mean and quantiles over worlds, by month and label.

    The binding constraint of a lane is a state, not a number: its rows hold the share of worlds in each state.
    """
    yield tuple(SERIES_COLUMNS)
    for name in VARIABLES:
        if name in ds and name not in WITHOUT_SERIES:
            yield from _series(ds, name)


def _series(ds: xr.Dataset, name: str) -> Iterator[list[str]]:
    """Yield the rows of one variable; a country paired with itself is left out."""
    dims = VARIABLES[name].dims[1:-1]
    labels = [[str(label) for label in ds[dim].values] for dim in dims]
    units = {good: unit_of(name, good) for good in ds["good"].values} if "good" in dims else {}
    states = str(ds[name].attrs["flag_meanings"]).split() if name == "binding" else []
    ends = [(end, ds[end].values) for end in ("from", "to")] if "direction" in dims else []
    places = []
    for index in np.ndindex(*(len(one) for one in labels)):
        where = {dim: labels[axis][at] for axis, (dim, at) in enumerate(zip(dims, index, strict=True))}
        where |= {end: str(found[index[:2]]) for end, found in ends}
        if "partner" not in where or where["country"] != where["partner"]:
            unit = units[where["good"]] if units else VARIABLES[name].unit
            places.append((index, [where.get(label, "") for label in LABELS[1:]], unit))
    how = partial(_counts, len(states)) if states else partial(_table, is_whole(name))
    tables = reduced(ds[name].transpose("month", *dims, "world"), how)
    for month, table in zip(months(ds), tables, strict=True):
        for index, place, unit in places:
            start = [name, month, *place]
            if states:
                yield from ([*start, *rest] for rest in _states(states, table[index], ds.sizes["world"]))
            else:
                yield [*start, "", unit, *map(cell, table[index].tolist())]


def _table(whole: bool, values: np.ndarray) -> np.ndarray:
    """Return mean and quantiles over worlds, (..., statistic); many worlds are sorted one label at a time."""
    if values.ndim > 1 and values.nbytes > SORTED_AT_ONCE:
        return np.stack([_table(whole, part) for part in values])
    return np.stack([mean(values), *quantiles(values, whole=whole)], axis=-1)


def _counts(states: int, codes: np.ndarray) -> np.ndarray:
    """Return the number of worlds in each state, (..., state)."""
    return np.stack([(codes == state).sum(axis=-1) for state in range(states)], axis=-1)


def _states(states: list[str], counts: np.ndarray, worlds: int) -> Iterator[list[str]]:
    """Yield the states that occur, their unit, and their share of worlds in the column `mean`."""
    for code, count in enumerate(counts.tolist()):
        if count:
            yield [states[code], "share of worlds", cell(count / worlds), *[""] * len(COLUMNS)]


def events(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of events.csv: scheduled changes and all acts, with number and share of worlds."""
    yield tuple(EVENTS_COLUMNS)
    yield from sorted([*_parameter_events(ds), *_acts(ds)], key=lambda row: tuple(row[:5]))


def _parameter_events(ds: xr.Dataset) -> Iterator[list[str]]:
    names = months(ds)
    for stored in json.loads(ds.attrs.get("scenario", "{}")).get("events", []):
        event = event_from_dict(stored)
        if isinstance(event, ActEvent):
            continue
        month = month_text(month_number(names[0]) + event.month)
        by, others = "", ""
        if isinstance(event, DecisionEvent):
            kind, what, by, others = event.what, event.act, " ".join(event.by), " ".join(event.partners)
        else:
            kind, what = ("shock", event.target) if isinstance(event, ShockEvent) else ("parameter", event.key)
        some = is_drawn(event) or event.timing.when  # how many worlds is not recorded
        share = ("", "") if some else (str(ds.sizes["world"]), "1")
        parts = (stored.get("value", stored.get("add")), stored.get("factor"), stored.get("duration"))
        numbers = ["" if part is None else cell(part) for part in parts]
        yield [month, kind, what, by, others, "0" if some else "1", *share, *numbers, event.why, event.origin]


def _acts(ds: xr.Dataset) -> Iterator[list[str]]:
    """Yield one row per act and month in which any world saw it or the scenario scheduled it."""
    names, reasons = months(ds), _reasons(ds)
    for act in acts(ds):
        counts = act.happened.sum(axis=-1)
        for month in np.flatnonzero((counts > 0) | act.scheduled):
            scheduled = bool(act.scheduled[month])
            why, origin = reasons.get((int(month), act.act, frozenset(act.actors)), ("", "")) if scheduled else ("", "")
            yield [
                *(names[month], "act", act.act, " ".join(act.actors), " ".join(act.targets), str(int(scheduled))),
                *(str(int(counts[month])), cell(counts[month] / act.worlds), "", "", "", why, origin),
            ]


def _reasons(ds: xr.Dataset) -> dict[tuple[int, str, frozenset[str]], tuple[str, str]]:
    """Return why the scenario schedules an act, and the file and line that does."""
    stored = json.loads(ds.attrs.get("scenario", "{}")).get("events", [])
    acts = [event for event in map(event_from_dict, stored) if isinstance(event, ActEvent)]
    return {
        (month, event.act, frozenset(event.actors)): (event.why, event.origin)
        for event in acts
        for month in occurrences(event, ds.sizes["month"])
    }


def failed(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of failed.csv: every world set aside, why, and each parameter that it drew."""
    yield "world", "reason", "parameter", "value"
    for one in failures(ds):
        for key, value in one.parameters.items():
            yield str(one.world), one.reason, key, repr(value)

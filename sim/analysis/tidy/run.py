"""The parts of the tidy table of a run: every variable by month, and every act."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import xarray as xr

from sim.analysis.acts import Act, acts
from sim.analysis.calendar import reduced, starts
from sim.analysis.measures import is_whole
from sim.analysis.quantiles import mean, quantiles
from sim.analysis.tidy.schema import ALL, EVERYWHERE, NOBODY, PLACES, STATISTICS, VALUE, End, Place, rows
from sim.results import VARIABLES, unit_of
from sim.results.held import check_held

Array = np.ndarray
Columns = dict[str, Array]
ACT = "act"
"""First part of the names of acts, such as `act|summit`."""
STATE = "binding"
"""The variable that is a state: each state has rows of its own, 1 where it holds and 0 where not."""
NOT_BY_MONTH = frozenset({"parameters", "score_unopened"})
OF_DECISIONS = frozenset({"probability", "choice", "outcome", "terms", "scheduled"})
SPARSE = frozenset({"partner", "route", "option"})
"""Dimensions of which most labels are never used: where nothing ever moves in any world there are no rows."""


def names(ds: xr.Dataset) -> list[str]:
    """Return the variables of a run that have rows, and `act` where decisions are held."""
    found = [name for name in VARIABLES if name in ds and name not in NOT_BY_MONTH | OF_DECISIONS]
    return [*found, ACT] if "outcome" in ds else found


def parts(ds: xr.Dataset, wanted: Sequence[str], worlds: Array | None) -> Iterator[Columns]:
    """Yield the columns of every variable; `worlds` are positions, or None for statistics over all."""
    for name in wanted:
        check_held(ds, "the tidy table", ["outcome" if name == ACT else name], {})
    times = [f"{month}-01" for month in starts(ds)]
    numbers = None if worlds is None else ds["world"].values[worlds].tolist()
    ends = [(ALL, one) for one in STATISTICS] if numbers is None else [(one, VALUE) for one in numbers]
    for name in wanted:
        if name == ACT:
            yield _acts(ds, times, worlds, ends)
        elif name == STATE:
            yield from _states(ds, times, worlds, ends)
        else:
            values = _by_month(ds, name, worlds)
            used = np.ones(values.shape[1:-1], dtype=bool)
            if SPARSE & set(VARIABLES[name].dims):
                used = (np.nan_to_num(values) != 0.0).any(axis=(0, -1))
            places = places_of(ds, name)
            where = [index for index in np.ndindex(used.shape) if used[index] and index in places]
            if where:
                found = np.stack([values[(slice(None), *index)] for index in where])
                yield rows([places[index] for index in where], times, ends, found)


def _by_month(ds: xr.Dataset, name: str, worlds: Array | None) -> Array:
    """Return statistics or single worlds, (month, …, end); a large variable is read in parts."""
    array = ds[name].transpose("month", *VARIABLES[name].dims[1:])
    if worlds is not None:
        return np.asarray(array.isel(world=worlds).values)
    return np.stack(list(reduced(array, partial(_statistics, is_whole(name)))))


def _statistics(whole: bool, values: Array) -> Array:
    """Return mean and quantiles over worlds, (…, statistic)."""
    return np.stack([mean(values), *quantiles(values, whole=whole)], axis=-1)


def places_of(ds: xr.Dataset, name: str) -> dict[tuple[int, ...], Place]:
    """Return the place of each index of a variable, months and worlds aside; a country with itself has none."""
    dims = VARIABLES[name].dims[1:-1]
    labels = [[str(label) for label in ds[dim].values] for dim in dims]
    found = {}
    for index in np.ndindex(*map(len, labels)):
        where = {dim: labels[axis][at] for axis, (dim, at) in enumerate(zip(dims, index, strict=True))}
        region, partner = PLACES.get(name, (EVERYWHERE, NOBODY))
        if "country" in where:
            region, partner = where["country"], where.get("partner", NOBODY)
        elif "direction" in where:
            region, partner = (
                str(ds[end].sel(route=where["route"], direction=where["direction"]).values) for end in ENDS
            )
        elif "route" in where:
            region, partner = (str(ds[end].sel(route=where["route"]).values[0]) for end in ENDS)
        if region == partner:
            continue
        unit = unit_of(name, where["good"]) if "good" in where else VARIABLES[name].unit
        words = [f"tier {where[dim]}" if dim == "tier" else where[dim] for dim in NAMED if dim in where]
        found[index] = Place(region, partner, "|".join([name, *words]), unit)
    return found


ENDS = ("from", "to")
NAMED = ("good", "tier", "route", "goal")
"""Dimensions whose labels become part of a variable's name, in this order."""


def _states(ds: xr.Dataset, times: Sequence[str], worlds: Array | None, ends: Sequence[End]) -> Iterator[Columns]:
    """Yield the rows of each state that occurs: its share of worlds, or 1 and 0 in single worlds."""
    states = str(ds[STATE].attrs["flag_meanings"]).split()
    array = ds[STATE].transpose("month", *VARIABLES[STATE].dims[1:])
    codes = np.asarray((array if worlds is None else array.isel(world=worlds)).values)
    places = places_of(ds, STATE)
    last = ends if worlds is not None else [(ALL, "mean")]
    for code, state in enumerate(states):
        holds = codes == code
        used = holds.any(axis=(0, -1))
        where = [index for index in places if used[index]]
        if where:
            values = np.stack([holds[(slice(None), *index)] for index in where]).astype(float)
            named = [places[index] for index in where]
            of_state = [Place(one.region, one.partner, f"{one.variable}|{state}", "1") for one in named]
            yield rows(of_state, times, last, values if worlds is not None else values.mean(axis=-1, keepdims=True))


def _acts(ds: xr.Dataset, times: Sequence[str], worlds: Array | None, ends: Sequence[End]) -> Columns:
    """Return the rows of every act that any world saw: its share of worlds, or 1 and 0 in single worlds."""
    seen = [act for act in acts(ds) if act.happened.any()]
    happened = np.stack([act.happened for act in seen]) if seen else np.zeros((0, len(times), ds.sizes["world"]))
    values = happened.mean(axis=-1, keepdims=True) if worlds is None else happened[..., worlds].astype(float)
    return rows([_place(act) for act in seen], times, [(ALL, "mean")] if worlds is None else ends, values)


def _place(act: Act) -> Place:
    """Return the first that acts, and all others that act or that it concerns."""
    first, *others = (*act.actors, *act.targets)
    return Place(first, " ".join(others) or NOBODY, f"{ACT}|{act.act}", "1")

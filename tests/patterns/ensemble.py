"""Paired ensembles: the same worlds under two sets of parameters, and what is read from them.

Size, horizon and seeds are the same for all patterns and were fixed before any was looked at. What 64 worlds do not
show is not shown: the size is not raised afterwards (`not_shown.NOT_SHOWN`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import xarray as xr

from sim.experiment.run import run
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import ActEvent, Event, ParameterEvent, Scenario, Setting, default_setting

from .rules import SEEDS

Array = np.ndarray
WORLDS, SHORT, LONG = 64, 24, 36
KEPT = 16
"""Ensembles that stay in memory, some 15 MB each: with 40 a full round makes 3 % fewer, in half a gigabyte more."""
DRAWN = None
"""Each world draws the parameter from the table's range."""
Range = tuple[float, float, float]
"""Low, central and high value of a range that is not the table's."""
Value = float | Range | None
Changes = Mapping[str, Value]
NOTHING: Changes = {}
SEA: Changes = {"routes.rajin.open": 1.0}
"""The sea route from Rajin is open, as it was from August 2023 on."""
FULL_DEPOTS: Changes = {"RUS.ammunition.stock": 1e6}
"""So full that the value of a round lies at its floor in all worlds."""
WIDE: Changes = SEA | {"routes.rajin.capacity": 200.0, "routes.khasan.capacity": 200.0}
"""No route between Russia and North Korea is narrow."""
NO_LIMIT_OF_CREDIT: Changes = {"accounts.credit_line": 1e6, "accounts.debt_share": 1.0}
"""A debtor of the size of Russia may owe North Korea a year of its income."""
SELF_SUFFICIENT: Changes = {
    "PRK.food.production": 700.0,
    "PRK.energy.production": 110.0,
}
"""North Korea grows and drills what it needs."""
READ = (
    *("balance", "consumption", "delivered", "dependence", "exports", "gain", "imports", "lost", "marginal_value"),
    *("ordered", "outcome", "practical", "prestige", "price", "probability", "production", "queue", "requirement"),
    *("route_shadow", "seen", "seized", "shells_delivered", "shipped", "stock", "symbolic", "tests", "threat"),
    *("transfer", "world_imports"),
)
"""Variables that some pattern looks at; no other is kept, so that many ensembles fit into memory."""


def ensemble(
    changes: Changes = NOTHING, *, months: int = SHORT, events: tuple[Event, ...] = (), seed: int = SEEDS[0]
) -> xr.Dataset:
    """The worlds under article conditions with `changes`, key -> value or range. Kept for the next caller."""
    made = tuple(sorted((key, value) for key, value in changes.items() if not _unchanged(key, value)))
    return _ensemble(made, months, events, seed)


def _unchanged(key: str, value: Value) -> bool:
    """Whether this is what the table says, so that the worlds without the change can be taken."""
    row = PARAMETERS[key]
    return value is DRAWN or (row.distribution == "fixed" and value == row.value)


@lru_cache(maxsize=KEPT)
def _ensemble(
    changes: tuple[tuple[str, float | Range], ...], months: int, events: tuple[Event, ...], seed: int
) -> xr.Dataset:
    settings = {key: default_setting(key) for key in PARAMETERS}
    for key, value in changes:
        if key not in settings:
            raise KeyError(key)
        settings[key] = setting(key, value)
    scenario = Scenario("pattern", "pattern", "", "", "", "2023-09", months, WORLDS, seed, settings, events, ())
    return run(scenario, variables=READ)


def setting(key: str, value: float | Range) -> Setting:
    """A value in all worlds, or a range that is drawn as the table draws its own."""
    if isinstance(value, tuple):
        low, middle, high = value
        return Setting(middle, low, high, PARAMETERS[key].distribution, "pattern test")
    return Setting(float(value), None, None, "fixed", "pattern test")


def once(act: str, *actors: str, month: int) -> tuple[ActEvent, ...]:
    """The act prescribed in one month."""
    return (ActEvent(month, act, actors, "pattern test", "pattern test"),)


def from_month(month: int, key: str, *, value: float | None = None, factor: float | None = None) -> ParameterEvent:
    """A parameter changes for good, to a value or by a factor."""
    return ParameterEvent(month, key, value, factor, None, "pattern test", "pattern test")


# What is read from an ensemble. Every function returns one number for each world.


def lane(ds: xr.Dataset, name: str, sender: str, receiver: str, good: str) -> Array:
    """(month, world) of a lane variable."""
    values: Array = ds[name].sel(country=sender, partner=receiver, good=good).values
    return values


def pair(ds: xr.Dataset, name: str, country: str, partner: str) -> Array:
    """(month, world) of a pair variable."""
    values: Array = ds[name].sel(country=country, partner=partner).values
    return values


def of(ds: xr.Dataset, name: str, country: str, good: str | None = None) -> Array:
    """(month, world) of a country variable, of one good where it has goods."""
    chosen = ds[name].sel(country=country)
    values: Array = (chosen if good is None else chosen.sel(good=good)).values
    return values


def shells(ds: xr.Dataset) -> Array:
    """Rounds that North Korea delivered to Russia over the run, krounds."""
    total: Array = ds["shells_delivered"].values[-1]
    return total


def mutual_trade(ds: xr.Dataset) -> Array:
    """Goods delivered both ways between Russia and North Korea, MUSD a month at the table's values of a unit."""
    total = np.zeros(ds.sizes["world"])
    for good in ds["good"].values:
        both = lane(ds, "delivered", "RUS", "PRK", good) + lane(ds, "delivered", "PRK", "RUS", good)
        total += PARAMETERS[f"goods.{good}.value"].value * both.mean(axis=0)
    return total


def points(ds: xr.Dataset) -> Array:
    """Points of technology that Russia released to North Korea over the run, (tier, world)."""
    released: Array = ds["transfer"].sel(country="RUS", partner="PRK").sum("month").transpose("tier", "world").values
    return released


def first_month(flow: Array, threshold: float) -> Array:
    """First month in which (month, world) `flow` is above the threshold; the length of the run where it never is."""
    above = flow > threshold
    return np.where(above.any(axis=0), above.argmax(axis=0), len(flow)).astype(float)


def before(first: Array, second: Array) -> Array:
    """1 where the first (month, world) event comes before the second, -1 where after, 0 where that is not known.

    Events are true from some month on. What has not happened by the end of the run is censored: it comes after what
    has; of two that have not nobody knows. (The mean over worlds is the statistic of Gehan 1965.)
    """
    a, b = (first_month(event, 0.5) for event in (first, second))
    return np.sign(b - a)


def options(ds: xr.Dataset, act: str, actor: str, partner: str | None = None) -> Array:
    """Rows of an actor's act, with this partner (names as in `partner_of`) where one is given."""
    chosen = (ds["act"].values == act) & (ds["actor"].values == actor)
    if partner is not None:
        chosen &= ds["partner_of"].values == partner
    rows = np.flatnonzero(chosen)
    if not len(rows):
        raise KeyError(f"{act} {actor} {partner}")
    return rows


def chance(ds: xr.Dataset, act: str, actor: str, partner: str | None = None) -> Array:
    """(month, world) probability that the actor says yes, summed over its rows of the act."""
    values: Array = ds["probability"].values[:, options(ds, act, actor, partner)].sum(axis=1)
    return values.astype(float)


def chance_together(ds: xr.Dataset, act: str, *actors: str) -> Array:
    """(month, world) probability that all of `actors` say yes to doing the act together."""
    product = np.ones((ds.sizes["month"], ds.sizes["world"]))
    for actor in actors:
        others = " ".join(a for a in actors if a != actor)
        product *= chance(ds, act, actor, others)
    return product


def happened(ds: xr.Dataset, act: str, actor: str, partner: str | None = None) -> Array:
    """(month, world) how many of the rows of the act happened."""
    values: Array = ds["outcome"].values[:, options(ds, act, actor, partner)].sum(axis=1)
    return values.astype(float)


PAIR_ACTS = ("visit", "summit", "treaty", "exercise")


def expected_acts(ds: xr.Dataset, one: str, other: str, acts: tuple[str, ...] = PAIR_ACTS) -> Array:
    """Acts of a pair to be expected over the run: sum over acts and months of the probability of both yeses."""
    total: Array = sum((chance_together(ds, act, one, other) for act in acts), np.zeros(1)).sum(axis=0)
    return total

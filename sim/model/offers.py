"""Offers: values, reservations and costs of all lanes, made in step 3 and used in steps 4 to 6."""

from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.elementary import exp, log, tanh
from sim.model import accounts, exchange, sanctions, value
from sim.model.bargain import HANDLING, NONE, PRODUCTION, STOCK, demand_at, nash_weight
from sim.model.cargo import unit_weight
from sim.model.routes import room_by_good, split, to_lanes, usable_capacity
from sim.model.state import State
from sim.scenario.names import AMMUNITION, GOODS, PRK, RUS
from sim.scenario.values import Parameters

CLOSED_COST = 1e9
"""Cost of trade without an open route, MUSD a unit."""

OUTPUT_OF_NOTE = 0.5
"""Share of the free stock from which a month's output, not the old stock, is recorded as binding (definition)."""
LEAST_WORKING = 0.01
"""Least divisor by the share of a cargo that arrives and works (guard)."""


@dataclass(frozen=True)
class Offers:
    """What each pair could trade this month, before acts and bargaining."""

    value: Array
    "(from, to, good, worlds) buyer's value of the first unit, loss and duds deducted, MUSD a unit"
    arrives: Array
    "(from, to, good, worlds) share expected to escape seizure, 0-1"
    works: Array
    "(from, to, good, worlds) share expected to arrive and work, 0-1"
    reservation: Array
    "(from, to, good, worlds) seller's value of the first unit, arrears discount deducted, MUSD a unit"
    cost: Array
    "(from, to, good, worlds) MUSD a unit; `CLOSED_COST` without an open route"
    borne: Array
    "(from, to, good, worlds) the part of the cost that falls on the seller, MUSD a unit"
    demand: Array
    "(from, to, good, worlds) units that the buyer would take at reservation and cost of the first"
    slope_buyer: Array
    "(from, to, good, worlds) fall of the value, MUSD a unit per unit"
    slope_seller: Array
    "(from, to, good, worlds) rise of the reservation, MUSD a unit per unit"
    weight: Array
    "(from, to, good, worlds) Nash weight of the seller, 0-1"
    arrears: Array
    "(creditor, debtor, worlds) 0-1"
    committed: Array
    "(from, to, worlds) how much the seller minds the buyer's safety, 0-1; zero without a theory of alliance"
    capacity: Array
    "(route, worlds) kt a month in each direction"
    seized: Array
    "(route, worlds) share of the cargo, 0-1"
    parts: Array
    "(route, direction, good, worlds) part of a pair's cargo that goes by each of its routes, 0-1"
    potential: Array
    "(country, country, worlds) what the first unit traded with the partner would bring, 0-1"
    friction: Array
    "(country, country, worlds) cost of sanctions as share of value, of the good that relief frees least"
    touched: Array
    "(country, country, good, worlds) share of that cost that a good bears, technology the last"
    norm: Array
    "(country, country, worlds) cost of breaking the embargo as share of value, before the share under it"
    available: Array
    "(country, good, worlds) units that can be released this month"
    release_bound: Array
    "(country, good, worlds) code of what limits them: stock, output of a month, or handling"


def offers(s: State, p: Parameters) -> Offers:
    """Return values, reservations and costs of all lanes this month."""
    capacity, seized = usable_capacity(s, p)
    parts = _parts(p, capacity, seized)
    transport, risk, is_open = _on_the_way(p, seized, parts)

    # values to buyer and seller, given their outside options (C5)
    outside = s.access[:, None], p.by_good("world_price"), p.by_good("margin")
    buyer, seller = value.value_to_buyer(s.value, *outside), value.value_to_seller(s.value, *outside)
    seller[:, AMMUNITION] = s.value[:, AMMUNITION]  # shells have no buyers on the world market

    # part is seized; old lots leave North Korea before others, and part of them does not work (C2)
    free = value.free_stock(s.stock, p.by_country_good("reserve"))
    available, release_bound = _release(s, p, free)
    old = value.old_in_cargo(s.old, s.stock[PRK, AMMUNITION], p["PRK.ammunition.old_first"])
    arrives = 1.0 - risk
    works = arrives.copy()
    works[PRK, :, AMMUNITION] *= 1.0 - p["PRK.ammunition.dud_share"] * old
    works = np.maximum(works, LEAST_WORKING)
    worth = buyer[None] * works

    # a debtor sells for less, to settle its debt (C3)
    owed = accounts.arrears(s.balance, s.line)
    gives_up = accounts.settling_discount(p["accounts.arrears_discount"], owed, s.continuation)
    committed = exchange.committed(s, p)
    taken = exchange.taken(p, committed, works)
    reservation = seller[:, None] * (1.0 - gives_up)[:, :, None] * taken

    friction, touched, norm = _friction(s, p)
    felt = friction[:, :, None] * touched[:, :, :-1], norm[:, :, None] * sanctions.banned(p)[:, :, :-1]
    allowed = sanctions.passes(p)[:, :, :-1] > 0.0
    cost = np.where(is_open & allowed, _cost(s, p, transport, *felt, committed), CLOSED_COST)
    demand, steep = _demand(s, p, reservation + cost, works, free)

    first_unit = np.maximum(worth - reservation - cost, 0.0) / np.maximum(p.by_good("value"), value.TINY)
    best = tanh(first_unit.max(axis=2))  # over the goods that a country would sell to each partner
    return Offers(
        value=worth,
        arrives=arrives,
        works=works,
        reservation=reservation,
        cost=cost,
        borne=_borne(s, p, committed),
        demand=demand,
        slope_buyer=worth * works * steep,
        slope_seller=(seller * steep)[:, None] * (1.0 - gives_up)[:, :, None] * taken**2,
        weight=_weight(s, p, owed, free),
        arrears=owed,
        committed=committed,
        capacity=capacity,
        seized=seized,
        parts=parts,
        potential=np.maximum(np.swapaxes(best, 0, 1), p["acts.seller_need"] * best),  # purchases count more than sales
        friction=friction,
        touched=touched,
        norm=norm,
        available=available,
        release_bound=release_bound,
    )


def _friction(s: State, p: Parameters) -> tuple[Array, Array, Array]:
    """Return `friction`, `touched` and `norm` of the offers: what sanctions cost (C5, C6)."""
    banks = s.pressure, s.secondary, p.by_country("western_ties"), p["sanctions.risk"]
    left = p.once("left by relief", lambda: 1.0 + np.minimum(p.restrictions()[:-1], 0.0))
    by_good = sanctions.secondary_risk(*banks, s.monitoring, p["monitoring.unwatched"], left)
    by_good += sanctions.friction_of_pressure(s.pressure, p["sanctions.bite"], left)
    most = by_good.max(axis=2)
    touched = by_good / np.maximum(most, value.TINY)[:, :, None] * sanctions.touched(p)
    return most, touched, sanctions.embargo_norm(s.norm, s.access, p["norm.weight"])


def _demand(s: State, p: Parameters, price: Array, works: Array, free: Array) -> tuple[Array, Array]:
    """Return (demand at a constant price, units, by lane; share of its value lost per working unit, by country).

    price in MUSD a unit, free in units. The value starts to fall at the stock where it leaves its cap; nobody fills a
    store beyond that at which it has reached its floor.
    """
    elasticity, scale = p.by_good("elasticity"), p.by_good("value")
    least = p.once("least price", lambda: p.by_good("value") * p["goods.value_floor"])
    wanted = demand_at(np.maximum(price, least * works), scale, s.target_stock, free, elasticity, works)
    at_cap = s.target_stock * p.once("stock at cap", lambda: exp(-log(p["goods.value_cap"]) / elasticity))
    return wanted, elasticity / np.maximum(np.maximum(free, at_cap), value.TINY)


def _cost(s: State, p: Parameters, transport: Array, friction: Array, norm: Array, committed: Array) -> Array:
    """Return the cost of a unit on each lane, MUSD (from, to, good, worlds).

    It sums transport, sanctions, the embargo norm (shares of value by lane), autonomy lost to a patron, and what the
    seller bears (C5, C6, C17, C21).
    """
    base = p.by_good("value")
    tied = p["autonomy.trade"] * p.by_country("autonomy")[:, None] * accounts.reluctance(s.dependence)
    cost = transport + base * (friction + norm)
    return cost + base * tied.swapaxes(0, 1)[:, :, None] + _borne(s, p, committed)


def _borne(s: State, p: Parameters, committed: Array) -> Array:
    """Return what a unit costs its seller, MUSD (from, to, good, worlds): a price makes good what falls on one side.

    It is the cost of arming Russia, at war or under sanctions, an ally at war, or a rival (C6, C21).
    """
    # sanctions outlast the war for which they were made
    watched = np.maximum(np.minimum(p["war.intensity"], 1.0), s.pressure[RUS])
    share = p["sanctions.rival"] * np.maximum(-s.alignment, 0.0)
    share[:, RUS] += p.by_country("western_ties") * watched * p["sanctions.lethal"]
    share[:, RUS] += committed[:, RUS] * p["alliance.entrapment"] * np.minimum(p["war.intensity"], 1.0)
    borne = np.zeros((*share.shape[:2], len(GOODS), p.worlds), like=share)
    borne[:, :, AMMUNITION] = share * p.by_good("value")[AMMUNITION]
    return borne


def _weight(s: State, p: Parameters, owed: Array, free: Array) -> Array:
    """Return the seller's Nash weight, (from, to, good, worlds) 0-1, from outside options and needs of both sides.

    The seller's need is its arrears with the buyer (`owed`, 0-1), the buyer's what its `free` stock lacks.
    """
    options = np.stack([0.0 * s.access, s.access, s.access], axis=1)
    # for Russia: the share of its need of shells that others would meet at a price that it would pay (C7)
    relief = np.where(s.value[RUS, AMMUNITION] > p["outside.price"], p["outside.capacity"], 0.0)
    options[RUS, AMMUNITION] = np.clip(relief / np.maximum(s.requirement[RUS, AMMUNITION], value.TINY), 0.0, 1.0)
    desperation = np.clip(1.0 - free / np.maximum(s.target_stock, value.TINY), 0.0, 1.0)
    effects = p["bargain.outside_effect"], p["bargain.need_effect"]
    return nash_weight(options[:, None], options[None], owed.swapaxes(0, 1)[:, :, None], desperation[None], *effects)


def _parts(p: Parameters, capacity: Array, seized: Array) -> Array:
    """Return the part of a pair's cargo by each of its routes, (route, direction, good, worlds) 0-1."""
    dear = p.once("transport by value", lambda: _transport(p) / np.maximum(p.by_good("value"), value.TINY))
    return split(room_by_good(p, capacity), dear, seized, p["routes.choice"])


def _transport(p: Parameters) -> Array:
    """Return the cost of transport, MUSD a unit (route, good, worlds)."""
    return p.once("transport", lambda: p.by_route("cost")[:, None] * unit_weight(p))


def _on_the_way(p: Parameters, seized: Array, parts: Array) -> tuple[Array, Array, Array]:
    """Return (transport cost, MUSD a unit; share expected to be seized; any route open), each (from, to, good, worlds).

    The first two are means over the routes that the cargo goes by.
    """
    risk = np.clip(to_lanes(parts * seized[:, None, None]), 0.0, 1.0)
    return to_lanes(parts * _transport(p)[:, None]), risk, to_lanes(parts) > 0.0


def _release(s: State, p: Parameters, free: Array) -> tuple[Array, Array]:
    """Return (units that can be released, code of what limits them), each (country, good, worlds).

    Only `free` stock, above the reserve, is sold (C2), and no food or energy that is rationed; of rounds no more in a
    month than can be taken out of the depots, checked and loaded.
    """
    available, bound = value.for_sale(free, s.shortage), np.where(free > 0.0, STOCK, NONE)
    rounds, handling = free[:, AMMUNITION], p.by_country("ammunition.handling")
    available[:, AMMUNITION] = np.minimum(rounds, handling)
    of_output = np.where(s.production[:, AMMUNITION] >= OUTPUT_OF_NOTE * rounds, PRODUCTION, STOCK)
    bound[:, AMMUNITION] = np.where(rounds > handling, HANDLING, of_output)
    return available, bound

"""What each pair could trade this month: values, reservations and costs of all lanes (steps 3 and 5 share them)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model import accounts, sanctions, value
from sim.model import bargain as bargaining
from sim.model.cargo import unit_weight
from sim.model.routes import CARRIES, FIRST_ROUTE, FROM, ON_FIRST, SLOTS, TO, effective_capacity, interdiction
from sim.model.world_market import outside_offer
from sim.scenario.names import COUNTRIES, GOODS

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray
RUS, PRK = COUNTRIES.index("RUS"), COUNTRIES.index("PRK")
AMMUNITION, ENERGY = 0, 2
CLOSED_COST = 1e9
"""MUSD a unit: what it costs to trade without an open route."""


@dataclass(frozen=True)
class Offers:
    """What stands before acts and bargaining. Lane arrays (from, to, good, worlds)."""

    value: Array
    reservation: Array
    cost: Array
    slope_buyer: Array
    slope_seller: Array
    weight: Array
    arrears: Array
    "(creditor, debtor, worlds) 0-1"
    capacity: Array
    "(route, worlds) kt a month in each direction"
    seized: Array
    "(route, worlds) share of the cargo"
    need: Array
    "(country, country, worlds) 0-1: what a deal with the partner would bring"
    friction: Array
    "(country, country, worlds) sanctions and norm, as share of value, before the weight of the good"
    norm: Array
    available: Array
    "(country, good, worlds)"
    production_bound: Array
    faulty: Array
    "(worlds) share of North Korea's next shipments that will not work"


def offers(w: World) -> Offers:
    """Values, reservations and costs of all lanes this month (steps 3 and 5 share them)."""
    p = w.inputs
    pressure = sanctions.pair_pressure(w.pressure)[FROM[:, 0], TO[:, 0]]
    seized = interdiction(p.by_route("exposure"), p["sanctions.enforcement"], w.monitoring, pressure)
    capacity = effective_capacity(
        p.by_route("capacity"), p.by_route("open"), p.by_route("winter"), w.month_of_year, w.border, seized
    )
    transport, risk, is_open = _best_route(w, capacity, seized)

    price, margin = p.by_good("world_price"), p.by_good("margin")
    buyer = value.value_to_buyer(w.value, w.access[:, None], price, margin)
    seller = value.value_to_seller(w.value, w.access[:, None], price, margin)
    seller[:, AMMUNITION] = w.value[:, AMMUNITION]  # nobody sells shells to the world at large
    outside = np.stack([0.0 * w.access, w.access, w.access], axis=1)
    outside[RUS, AMMUNITION] = _outside_relief(w)

    free = value.free_stock(w.stock, p.by_country_good("reserve"))
    spread = p["goods.depth"] * w.requirement + value.TINY
    fall, rise = (p.by_good("elasticity") / units for units in (spread, np.maximum(free, spread)))

    old_next, available, production_bound = _release(w, free)
    faulty = p["PRK.ammunition.dud_share"] * old_next
    worth = np.broadcast_to(buyer, w.queue.shape).copy()
    worth[PRK, :, AMMUNITION] *= 1.0 - faulty

    owed = accounts.arrears(w.balance, w.credit)
    reservation = seller[:, None] * (1.0 - settling_discount(w, owed, w.continuation))[:, :, None]
    friction = sanctions.secondary_risk(
        w.pressure, p.by_country("western_ties"), p["sanctions.risk"], w.monitoring
    ) + sanctions.friction_of_pressure(w.pressure, p["sanctions.bite"])
    norm = sanctions.embargo_norm(w.norm, w.access, p["norm.weight"])
    touched = p.once("touched", lambda: np.stack([p[f"sanctions.{g}"] for g in GOODS]))
    base = p.by_good("value")
    tied = (p["autonomy.trade"] * p.by_country("autonomy")[:, None] * w.dependence**2).swapaxes(0, 1)
    cost = transport + risk * worth + base * (friction[:, :, None] * touched + norm[:, :, None] * _banned(w))
    cost += base * tied[:, :, None]
    at_war = np.minimum(w.intensity, 1.0) * p["sanctions.lethal"] * base[AMMUNITION]
    cost[:, RUS, AMMUNITION] += p.by_country("western_ties") * at_war
    cost[:, :, AMMUNITION] += p["sanctions.rival"] * np.maximum(-w.alignment, 0.0) * base[AMMUNITION]
    cost = np.where(is_open, cost, CLOSED_COST)
    first_unit = np.maximum(worth - reservation - cost, 0.0) / np.maximum(base, value.TINY)

    desperation = np.clip(1.0 - w.cover / np.maximum(w.target, value.TINY), 0.0, 1.0)
    share = bargaining.nash_weight(outside[:, None], outside[None], owed.swapaxes(0, 1)[:, :, None], desperation[None])
    best = np.tanh(first_unit.max(axis=2))
    need = np.maximum(np.swapaxes(best, 0, 1), 0.7 * best)
    return Offers(
        value=worth,
        reservation=reservation,
        cost=cost,
        slope_buyer=worth * fall[None],
        slope_seller=(seller * rise)[:, None],
        weight=share,
        arrears=owed,
        capacity=capacity,
        seized=seized,
        need=need,
        friction=friction,
        norm=norm,
        available=available,
        production_bound=production_bound,
        faulty=faulty,
    )


def settling_discount(w: World, owed: Array, continuation: Array) -> Array:
    """Share of its reservation value that a debtor gives up to settle, (debtor, creditor, worlds): by its arrears, and
    only as far as the relation is expected to last."""
    lasting = np.minimum(accounts.shadow_of_the_future(continuation), 1.0)
    return (w.inputs["accounts.arrears_discount"] * (owed * lasting)).swapaxes(0, 1)


def _banned(w: World) -> Array:
    """How far the UN embargo touches a lane, (from, 1, good, worlds) 0-1: arms, all that North Korea sells, part of
    the energy that it buys, none of the food (UNSCR 1718, 2371, 2397)."""

    def build() -> Array:
        banned = np.zeros((len(COUNTRIES), 1, len(GOODS), w.inputs.worlds), like=w.norm)
        banned[:, :, AMMUNITION] = 1.0
        banned[:, :, ENERGY] = w.inputs["norm.imports_energy"]
        banned[PRK] = 1.0
        return banned

    return w.inputs.once("banned", build)


def _best_route(w: World, capacity: Array, seized: Array) -> tuple[Array, Array, Array]:
    """(transport cost MUSD a unit, expected loss as share, any route open) by lane.

    A pair reckons with its preferred open route.
    """
    p, runs = w.inputs, (capacity > value.TINY)[:, None, None]
    transport = p.once("transport", lambda: p.by_route("cost")[:, None, None] * unit_weight(w))
    cost = p.once("transport by first routes", lambda: transport[FIRST_ROUTE, 0]).copy()
    risk = np.broadcast_to(seized[FIRST_ROUTE][:, :, None], w.queue.shape).copy()
    is_open = runs[FIRST_ROUTE, 0] & ON_FIRST[..., None]
    for slot in SLOTS[1:]:
        lanes = FROM[slot], TO[slot]
        turns_to = ~is_open[lanes] & runs[slot] & CARRIES[slot][..., None]
        cost[lanes] = np.where(turns_to, transport[slot], cost[lanes])
        risk[lanes] = np.where(turns_to, seized[slot][:, None, None], risk[lanes])
        is_open[lanes] |= turns_to
    return cost, risk, is_open


def _outside_relief(w: World) -> Array:
    """How far Russia could do without the partner's shells: outside supply as share of what it wants (C7)."""
    offered = np.where(w.value[RUS, AMMUNITION] > w.inputs["outside.price"], outside_offer(w), 0.0)
    return np.clip(offered / np.maximum(w.requirement[RUS, AMMUNITION], value.TINY), 0.0, 1.0)


def _release(w: World, free: Array) -> tuple[Array, Array, Array]:
    """(share of old lots in the next shipments, units that can be released, whether output is what limits them).

    Only stock above the reserve is sold (C2); depots hand out a share of it each month; old lots go first.
    """
    p = w.inputs
    available = free.copy()
    available[:, AMMUNITION] *= p.by_country("ammunition.release")
    bound = np.zeros(available.shape, dtype=bool, like=available)
    bound[:, AMMUNITION] = w.production[:, AMMUNITION] >= 0.5 * available[:, AMMUNITION]
    old_next = np.clip(w.old / np.maximum(available[PRK, AMMUNITION], value.TINY), 0.0, 1.0)
    return old_next, available, bound

"""What each pair could trade, what it agrees, and how the rest of the world closes the gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model import accounts, bargain as bargaining, diplomacy, sanctions, technology, value, war
from sim.model.routes import CARRIES, FROM, SLOTS, TO, effective_capacity, interdiction, to_lanes
from sim.model.threat import hostility
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
    monitored = w.monitoring
    pressure = sanctions.pair_pressure(w.pressure)
    route_pressure = pressure[FROM[:, 0], TO[:, 0]]
    seized = interdiction(p.by_route("exposure"), p["sanctions.enforcement"], monitored, route_pressure)
    capacity = effective_capacity(
        p.by_route("capacity"), p.by_route("open"), p.by_route("winter"), w.calendar_month, w.border, seized
    )
    transport, risk, is_open = _best_route(w, capacity, seized)

    access = w.access[:, None]
    price, margin = p.by_good("world_price"), p.by_good("margin")
    buyer = value.value_to_buyer(w.value, access, price, margin)
    seller = value.value_to_seller(w.value, access, price, margin)
    seller[:, AMMUNITION] = w.value[:, AMMUNITION]  # nobody sells shells to the world at large
    outside = np.stack([0.0 * w.access, w.access, w.access], axis=1)
    outside[RUS, AMMUNITION] = _outside_relief(w)

    reserve = p.by_country_good("reserve")
    free = np.maximum(w.stock - reserve, 0.0)
    spread = p["goods.depth"] * w.requirement + value.TINY
    fall, rise = p.by_good("elasticity") / spread, p.by_good("elasticity") / np.maximum(free, spread)

    old_next, available, production_bound = _release(w, free)
    faulty = p["PRK.ammunition.dud_share"] * old_next
    quality = np.ones_like(w.queue)
    quality[PRK, :, AMMUNITION] = 1.0 - faulty

    owed = accounts.arrears(w.balance, w.credit)
    discount = _discount(w, owed)[:, :, None]
    worth = buyer[None] * quality
    reservation = seller[:, None] * (1.0 - discount)
    friction = sanctions.secondary_risk(
        w.pressure, p.by_country("western_ties"), p["sanctions.risk"], monitored
    ) + sanctions.friction_of_pressure(w.pressure, p["sanctions.bite"])
    norm = sanctions.embargo_norm(w.norm, w.access, p["norm.weight"])
    touched = np.stack([p[f"sanctions.{g}"] for g in GOODS])
    base = p.by_good("value")
    cost = transport + risk[:, :, None] * worth + base * (friction[:, :, None] * touched + norm[:, :, None] * _banned(w))
    at_war = np.minimum(w.intensity, 1.0) * p["sanctions.lethal"] * base[AMMUNITION]
    cost[:, RUS, AMMUNITION] += p.by_country("western_ties") * at_war
    tied = p["autonomy.trade"] * p.by_country("autonomy")[:, None] * w.dependence**2
    cost += base * np.swapaxes(tied, 0, 1)[:, :, None]
    cost = np.where(is_open, cost, CLOSED_COST)

    desperation = np.clip(1.0 - w.cover / np.maximum(w.target, value.TINY), 0.0, 1.0)
    weight = bargaining.nash_weight(outside[:, None], outside[None], owed.swapaxes(0, 1)[:, :, None], desperation[None])
    first_unit = np.maximum(worth - reservation - cost, 0.0) / base
    best = np.tanh(first_unit.max(axis=2))
    need = np.maximum(np.swapaxes(best, 0, 1), 0.7 * best)
    return Offers(
        value=worth,
        reservation=reservation,
        cost=cost,
        slope_buyer=worth * fall[None],
        slope_seller=(seller * rise)[:, None],
        weight=weight,
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


def _discount(w: World, owed: Array) -> Array:
    """Share of its reservation value that a debtor gives up to settle, (debtor, creditor, worlds): by its arrears, and
    only as far as the relation is expected to last."""
    future = np.minimum(accounts.shadow_of_the_future(diplomacy.continuation(w)), 1.0)
    return w.inputs["accounts.arrears_discount"] * np.swapaxes(owed * future, 0, 1)


def _banned(w: World) -> Array:
    """How far the UN embargo touches a lane, (from, 1, good, worlds) 0-1: arms, all that North Korea sells, part of
    the energy that it buys, none of the food (UNSCR 1718, 2371, 2397)."""
    banned = np.zeros((len(COUNTRIES), 1, len(GOODS), w.inputs.worlds))
    banned[:, :, AMMUNITION] = 1.0
    banned[:, :, ENERGY] = w.inputs["norm.imports_energy"]
    banned[PRK] = 1.0
    return banned


def _best_route(w: World, capacity: Array, seized: Array) -> tuple[Array, Array, Array]:
    """(transport cost MUSD a unit, expected loss as share, any route open) by lane.

    A pair reckons with its preferred open route.
    """
    p = w.inputs
    cost, risk = np.zeros_like(w.queue), np.zeros_like(w.gain)
    is_open = np.zeros(w.queue.shape, dtype=bool)
    by_route, weight = p.by_route("cost"), unit_weight(w)
    for slot in reversed(SLOTS):
        runs = (capacity[slot] > value.TINY)[:, None, None] & CARRIES[slot][..., None]
        ends = FROM[slot], TO[slot]
        cost[ends] = np.where(runs, by_route[slot][:, None, None] * weight, cost[ends])
        risk[ends] = np.where(runs.any(axis=2), seized[slot][:, None], risk[ends])
        is_open[ends] |= runs
    return cost, risk, is_open


def unit_weight(w: World) -> Array:
    """(good, worlds) kt for each unit: kilograms a round are tonnes a thousand rounds, food and energy are kt."""
    rounds = w.inputs["goods.ammunition.weight"] / 1000.0
    return np.stack([rounds, np.ones_like(rounds), np.ones_like(rounds)])


def _outside_offer(w: World) -> Array:
    """Rounds that Russia could buy outside the six this month, krounds."""
    p = w.inputs
    return war.outside_offer(p["outside.capacity"], p["outside.open_market"], w.access[RUS], p["outside.refusal"])


def _outside_relief(w: World) -> Array:
    """How far Russia could do without the partner's shells: outside supply as share of what it wants (C7)."""
    offered = _outside_offer(w)
    return np.clip(offered / np.maximum(w.requirement[RUS, AMMUNITION], value.TINY), 0.0, 1.0)


def _release(w: World, free: Array) -> tuple[Array, Array, Array]:
    """(share of old lots in the next shipments, units that can be released, whether output is what limits them).

    Only stock above the reserve is sold (C2); depots hand out a share of it each month; old lots go first.
    """
    p = w.inputs
    available = free.copy()
    available[:, AMMUNITION] *= np.stack([p[f"{c}.ammunition.release"] for c in COUNTRIES])
    bound = np.zeros(available.shape, dtype=bool)
    bound[:, AMMUNITION] = w.production[:, AMMUNITION] >= 0.5 * available[:, AMMUNITION]
    old_next = np.clip(w.old / np.maximum(available[PRK, AMMUNITION], value.TINY), 0.0, 1.0)
    return old_next, available, bound


def bargain(w: World) -> bargaining.Terms:
    """Step 5 for the rival goods; agreed volumes join the queue at the seller."""
    p, o = w.inputs, w.offers
    _buy_outside(w)
    lanes_under_way = w.queue + _in_transit(w)
    committed = (w.price_under_way * lanes_under_way).sum(axis=2)
    headroom = np.maximum(w.credit - w.balance - committed, 0.0)
    waiting = w.queue.sum(axis=1)
    from_outside = np.zeros_like(w.queue)
    from_outside[:, RUS, AMMUNITION] = w.outside_ammunition
    terms = bargaining.bargain(
        value=o.value,
        reservation=o.reservation,
        cost=o.cost,
        slope_buyer=o.slope_buyer,
        slope_seller=o.slope_seller,
        weight=o.weight,
        openness=p.by_pair("openness"),
        under_way=lanes_under_way + from_outside,
        room=_room(w),
        available=np.maximum(o.available - waiting, 0.0),
        production_bound=o.production_bound,
        headroom=headroom,
        cash_share=cash_share(w),
    )
    both = lanes_under_way + terms.volume
    w.price_under_way = np.where(
        both > value.TINY,
        (w.price_under_way * lanes_under_way + terms.price * terms.volume) / np.maximum(both, value.TINY),
        0.0,
    )
    w.queue = w.queue + terms.volume
    w.gain = terms.gain_seller.sum(axis=2) + np.swapaxes(terms.gain_buyer.sum(axis=2), 0, 1)
    w.foreign_orders = w.queue[:, :, AMMUNITION].sum(axis=1)
    return terms


def _room(w: World) -> Array:
    """Units that the routes of a pair can carry in the time that it orders ahead (from, to, good, worlds)."""
    p = w.inputs
    by_good = w.offers.capacity[:, None, None] * CARRIES[..., None]
    by_good[:, :, AMMUNITION] *= p.by_route("ammunition_share")[:, None]
    return p["routes.order_horizon"] * to_lanes(by_good) / unit_weight(w)


def _in_transit(w: World) -> Array:
    """Goods under way, in units by lane."""
    return to_lanes(w.transit) / unit_weight(w)


def cash_share(w: World) -> Array:
    """Share of a price that is paid in money on delivery: the poorer access of the two (country, country, worlds)."""
    return np.minimum(w.access[:, None], w.access[None, :])


def transfer_technology(w: World) -> technology.Transfers:
    """Step 5 for technology: what is released, what it costs, and the new levels (C14, C15)."""
    p, o = w.inputs, w.offers
    ambition, base = p.by_country_tier("ambition"), p.by_tier("value")
    worth = technology.technology_value(base, ambition, w.technology, w.threat)
    need = np.clip(1.0 - w.cover[:, AMMUNITION] / np.maximum(w.target[:, AMMUNITION], value.TINY), 0.0, 1.0)
    guard = technology.guard_cost(
        p.by_tier("guard") * p["technology.guard_scale"],
        w.trust,
        need,
        hostility(w.alignment),
        p["technology.trust_effect"],
        p["technology.need_effect"],
    )
    guard[RUS, PRK, 2:] *= 1.0 + p["acts.red_line_effect"] * w.warned
    cost = base * (o.friction * p["sanctions.technology"] + o.norm)[:, :, None]
    share = _discount(w, o.arrears)
    transfers = technology.release(
        value=worth[None],
        guard=guard,
        arrears_discount=share,
        cost=cost,
        lead=w.technology[:, None] - w.technology[None],
        want=np.maximum(ambition - w.technology, 0.0)[None],
        slope=(base / 50.0 * (1.0 + w.threat[:, None]))[None],
        weight=o.weight.mean(axis=2)[:, :, None],
        absorption=p["technology.absorption"],
        headroom=np.maximum(w.credit - w.balance, 0.0),
    )
    own = np.where(ambition > w.technology, p["technology.research"], 0.0)
    w.technology = np.clip(w.technology + transfers.points.sum(axis=0) + own, 0.0, 100.0)
    w.released = w.released + transfers.points
    w.guarded = w.released[RUS, PRK, 2] + w.released[RUS, PRK, 3]
    w.gain = w.gain + transfers.gain_giver.sum(axis=2) + np.swapaxes(transfers.gain_receiver.sum(axis=2), 0, 1)
    return transfers


def _reachable(w: World) -> Array:
    """1 where at least one route of the country is open, else 0: the world market lies beyond some border."""
    runs = w.offers.capacity > value.TINY
    return np.stack([runs[(FROM == n).any(axis=1)].any(axis=0) for n in range(len(COUNTRIES))]).astype(float)


def _buy_outside(w: World) -> None:
    """Russia's purchases outside the six, before it turns to its partners (C7)."""
    p, n = w.inputs, (RUS, AMMUNITION)
    free = np.maximum(w.stock[n] - p.by_country_good("reserve")[n], 0.0)
    shortfall = w.target[n] * w.requirement[n] - free
    w.outside_ammunition = war.outside_supply(_outside_offer(w), p["outside.price"], w.value[n], shortfall)


def trade_with_rest_of_world(w: World) -> None:
    """Food and energy against money on the world market, as far as access, means and an open border reach."""
    p = w.inputs
    free = np.maximum(w.stock - p.by_country_good("reserve"), 0.0)
    arriving = _in_transit(w).sum(axis=0)
    gap = w.target * w.requirement - free - arriving
    access = (w.access * _reachable(w))[:, None]
    buys, sells = access * np.maximum(gap, 0.0), access * np.minimum(np.maximum(-gap, 0.0), free)
    buys[:, AMMUNITION] = sells[:, AMMUNITION] = 0.0
    price = p.by_good("world_price")
    means = p["accounts.world_share"] * p.by_country("gdp") * 1000.0 / 12.0 * w.access
    buys *= np.minimum(1.0, means / np.maximum((buys * price).sum(axis=1), value.TINY))[:, None]
    buys[RUS, AMMUNITION] = w.outside_ammunition
    w.stock += buys - sells
    w.world_imports, w.world_exports = buys, sells

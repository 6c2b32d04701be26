"""Step 5: what each pair agrees on, rival goods and technology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model import bargain as bargaining
from sim.model import technology, value
from sim.model.cargo import unit_weight
from sim.model.diplomacy import continuation
from sim.model.offers import settling_discount
from sim.model.routes import CARRIES, to_lanes
from sim.model.threat import hostility
from sim.model.world_market import buy_outside
from sim.scenario.names import COUNTRIES

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray
RUS, PRK = COUNTRIES.index("RUS"), COUNTRIES.index("PRK")
AMMUNITION = 0


def bargain(w: World) -> bargaining.Terms:
    """Step 5 for the rival goods; agreed volumes join the queue at the seller."""
    p, o = w.inputs, w.offers
    buy_outside(w)
    lanes_under_way = w.queue + w.in_transit
    in_money = cash_share(w)
    under_way = (w.price_under_way * lanes_under_way).sum(axis=2)
    headroom = _headroom(w.credit, w.balance, under_way, in_money, w.repaid)
    on_order = lanes_under_way.copy()
    on_order[:, RUS, AMMUNITION] += w.outside_ammunition
    terms = bargaining.bargain(
        value=o.value,
        reservation=o.reservation,
        cost=o.cost,
        slope_buyer=o.slope_buyer,
        slope_seller=o.slope_seller,
        weight=o.weight,
        openness=p.by_pair("openness"),
        under_way=on_order,
        room=_room(w),
        available=np.maximum(o.available - w.queue.sum(axis=1), 0.0),
        production_bound=o.production_bound,
        headroom=headroom,
        cash_share=in_money,
        least_share=p["accounts.least_share"],
    )
    w.price_under_way = _mean_price(w.price_under_way, lanes_under_way, terms.price, terms.volume)
    w.queue = w.queue + terms.volume
    w.gain = terms.gain_seller.sum(axis=2) + np.swapaxes(terms.gain_buyer.sum(axis=2), 0, 1)
    w.foreign_orders = np.maximum(w.queue[:, :, AMMUNITION], terms.wanted[:, :, AMMUNITION]).sum(axis=1)
    agreed = (terms.price * terms.volume).sum(axis=2)
    w.headroom_left = _headroom(w.credit, w.balance, under_way + agreed, in_money, 0.0)
    return terms


def _headroom(credit: Array, balance: Array, ordered: Array, in_money: Array, least: Array | float) -> Array:
    """Credit that is left beside what is ordered, MUSD. Above the line goods still move against goods: as much as the
    debtor has just repaid (`least`)."""
    return np.maximum(credit - balance - ordered * (1.0 - in_money), least)


def _mean_price(price: Array, volume: Array, new_price: Array, new_volume: Array) -> Array:
    """Mean price of what was under way and what joins it, by volume; zero where nothing is."""
    both = volume + new_volume
    return np.where(both > value.TINY, (price * volume + new_price * new_volume) / np.maximum(both, value.TINY), 0.0)


def _room(w: World) -> Array:
    """Units that the routes of a pair can carry in the time that it orders ahead (from, to, good, worlds)."""
    p = w.inputs
    by_good = w.offers.capacity[:, None, None] * CARRIES[..., None]
    by_good[:, :, AMMUNITION] *= p.by_route("ammunition_share")[:, None]
    room = to_lanes(by_good)
    room *= p.once("units ordered ahead", lambda: p["routes.order_horizon"] / unit_weight(w))
    return room


def cash_share(w: World) -> Array:
    """Share of a price that is paid in money on delivery: the poorer access of the two (country, country, worlds)."""
    return np.minimum(w.access[:, None], w.access[None, :])


def transfer_technology(w: World) -> technology.Transfers:
    """Step 5 for technology: what is released, what it costs, and the new levels (C14, C15)."""
    p, o = w.inputs, w.offers
    ambition, base = p.by_country_tier("ambition"), p.by_tier("value")
    worth = technology.technology_value(base, ambition, w.technology, w.threat)[None]
    guard = technology.guard_cost(
        p.once("guard", lambda: p.by_tier("guard") * p["technology.guard_scale"]),
        w.trust,
        w.hardship,
        hostility(w.alignment),
        p["technology.trust_effect"],
        p["technology.need_effect"],
    )
    guard[RUS, PRK, 2:] *= 1.0 + p["acts.red_line_effect"] * w.warned
    cost = worth * (o.friction * p["sanctions.technology"] + o.norm)[:, :, None]
    of_tiers = (worth / np.maximum(guard, value.TINY)).max(axis=2)
    of_goods = np.maximum(((o.value - o.cost) / np.maximum(o.reservation, value.TINY)).max(axis=2), 0.0)
    share = settling_discount(w, o.arrears, continuation(w)) * technology.pressed_on(of_tiers, of_goods)
    transfers = technology.release(
        value=worth,
        guard=guard,
        arrears_discount=share,
        cost=cost,
        lead=w.technology[:, None] - w.technology[None],
        want=np.maximum(ambition - w.technology, 0.0)[None],
        slope=(base / 50.0 * (1.0 + w.threat[:, None]))[None],
        weight=o.weight.mean(axis=2)[:, :, None],
        absorption=p["technology.absorption"],
        headroom=w.headroom_left,
    )
    own = np.where(ambition > w.technology, p["technology.research"], 0.0)
    w.technology = np.clip(w.technology + transfers.points.sum(axis=0) + own, 0.0, 100.0)
    w.released = w.released + transfers.points
    w.guarded = w.released[RUS, PRK, 2] + w.released[RUS, PRK, 3]
    w.gain = w.gain + transfers.gain_giver.sum(axis=2) + np.swapaxes(transfers.gain_receiver.sum(axis=2), 0, 1)
    return transfers

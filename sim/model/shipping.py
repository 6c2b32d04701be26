"""Step 6: what waits is sent, what is sent travels, what is seized is lost to both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model import routes
from sim.model.accounts import as_far_as
from sim.model.bargain import CAPACITY, CLOSED
from sim.model.cargo import in_transit, unit_weight
from sim.model.value import TINY, free_stock
from sim.scenario.names import COUNTRIES

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray
RUS, PRK = COUNTRIES.index("RUS"), COUNTRIES.index("PRK")
AMMUNITION = 0


@dataclass(frozen=True)
class Flows:
    """The month's traffic."""

    load: Array
    "(route, direction, good, worlds) kt"
    capacity: Array
    "(route, worlds) kt a month in each direction"
    use: Array
    "(route, direction, worlds) share of capacity, room for empties included"
    shadow: Array
    "(route, worlds) MUSD for one more kt"
    shipped: Array
    "(from, to, good, worlds) units"
    seized: Array
    "(from, to, good, worlds) units"
    delivered: Array
    "(from, to, good, worlds) units"
    faulty: Array
    "(from, to, worlds) units of the ammunition delivered"
    binding: Array
    "(from, to, good, worlds) code of what bound the flow"


def ship(w: World) -> Flows:
    """Queues leave the seller's stock by merit order, travel a mean lead time and arrive or are seized."""
    p, o = w.inputs, w.offers
    weight = unit_weight(w)
    in_stock = as_far_as(free_stock(w.stock, p.by_country_good("reserve")), w.queue.sum(axis=1))
    waiting = w.queue * in_stock[:, None] * weight
    merit = np.where(waiting > 0.0, (o.value - o.reservation - o.cost) / weight, -1.0)
    empty_return, share = p.by_route("empty_return"), p.by_route("ammunition_share")
    sent = routes.ship(waiting, merit, o.capacity, empty_return, share)
    shipped = _units(sent.carried, weight)
    load = sent.carried.sum(axis=2)
    room, capacity = load + empty_return[:, None] * load[:, ::-1], o.capacity[:, None]
    use = np.where(capacity > TINY, np.minimum(room / np.maximum(capacity, TINY), 1.0), 0.0)
    shadow = routes.shadow_value(sent.left, merit, o.capacity, load.sum(axis=1), share)

    luck = 2.0 * w.draws["interdiction"][w.month, 0]
    seized_share = np.minimum(o.seized * luck, 1.0)[:, None, None]
    seized = sent.carried * seized_share
    passes = p.once(
        "passes", lambda: 1.0 / (1.0 + routes.lead_time(p.by_route("lead"), p["routes.khasan.gauge_break"]))
    )
    under_way = w.transit + sent.carried - seized
    arrived = under_way * passes[:, None, None]
    w.transit = under_way - arrived
    w.in_transit = in_transit(w)

    faulty_sent = _faulty_share(w, shipped) * sent.carried[:, :, AMMUNITION] * (1.0 - seized_share[:, 0])
    w.faulty = w.faulty + faulty_sent
    faulty_arrived = w.faulty * passes[:, None]
    w.faulty = w.faulty - faulty_arrived
    delivered = _units(arrived, weight)
    faulty = routes.to_lanes(faulty_arrived[:, :, None])[:, :, 0] / weight[AMMUNITION]

    w.exports = shipped.sum(axis=1)
    w.stock -= np.minimum(w.exports, w.stock)
    w.queue = np.maximum(w.queue - shipped, 0.0) * p["routes.patience"]
    stuck = (sent.left / weight > 1e-6 + 0.01 * shipped) & (w.deals.margin > 0.0)
    binding = np.where(stuck, CAPACITY, w.deals.binding)
    binding = np.where((o.cost >= 1e8) & (o.value > o.reservation), CLOSED, binding)
    return Flows(load, o.capacity, use, shadow, shipped, _units(seized, weight), delivered, faulty, binding)


def _units(by_route: Array, weight: Array) -> Array:
    """From kt by route to units by lane."""
    lanes = routes.to_lanes(by_route)
    lanes /= weight
    return lanes


def _faulty_share(w: World, shipped: Array) -> Array:
    """Share of the rounds that will not work, by route and direction: old lots leave North Korea first (C2)."""
    leaving = shipped[PRK, :, AMMUNITION].sum(axis=0)
    from_old = np.minimum(w.old, leaving)
    w.old = w.old - from_old
    share = w.inputs["PRK.ammunition.dud_share"] * from_old / np.maximum(leaving, TINY)
    return (routes.FROM == PRK)[:, :, None] * share

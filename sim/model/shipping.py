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
Mask = np.ndarray
Codes = np.ndarray
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
    waiting, merit = _waiting(w.queue, in_stock[:, None], weight, o.value, o.reservation, o.cost)
    empty_return, share = p.by_route("empty_return"), p.by_route("ammunition_share")
    sent = routes.ship(waiting, merit, o.capacity, empty_return, share)
    shipped = _units(sent.carried, weight)
    load = sent.carried.sum(axis=2)
    use = _use(load, load[:, ::-1], empty_return[:, None], o.capacity[:, None])
    shadow = routes.shadow_value(sent.left, merit, o.capacity, load.sum(axis=1), share)

    luck = 2.0 * w.draws["interdiction"][w.month, 0]
    seized_share = np.minimum(o.seized * luck, 1.0)[:, None, None]
    passes = p.once(
        "passes", lambda: 1.0 / (1.0 + routes.lead_time(p.by_route("lead"), p["routes.khasan.gauge_break"]))
    )
    w.transit, seized, arrived = _travel(w.transit, sent.carried, seized_share, passes[:, None, None])
    w.in_transit = in_transit(w)

    faulty_sent = _faulty_share(w, shipped) * sent.carried[:, :, AMMUNITION] * (1.0 - seized_share[:, 0])
    w.faulty = w.faulty + faulty_sent
    faulty_arrived = w.faulty * passes[:, None]
    w.faulty = w.faulty - faulty_arrived
    delivered = _units(arrived, weight)
    faulty = routes.to_lanes(faulty_arrived[:, :, None])[:, :, 0] / weight[AMMUNITION]

    w.exports = shipped.sum(axis=1)
    w.stock -= np.minimum(w.exports, w.stock)
    w.queue = _stays_ordered(w.queue, shipped, p["routes.patience"])
    binding = _binding(o.cost, o.value, o.reservation, sent.left, weight, shipped, w.deals.margin, w.deals.binding)
    return Flows(load, o.capacity, use, shadow, shipped, _units(seized, weight), delivered, faulty, binding)


def _waiting(
    queue: Array, in_stock: Array, weight: Array, value: Array, reservation: Array, cost: Array
) -> tuple[Array, Array]:
    """(kt that wait, joint surplus a kt) by lane."""
    waiting = queue * in_stock * weight
    return waiting, np.where(waiting > 0.0, (value - reservation - cost) / weight, -1.0)


def _use(load: Array, load_back: Array, empty_return: Array, capacity: Array) -> Array:
    """Share of a route's capacity in use in a direction, room for empties included."""
    room = load + empty_return * load_back
    return np.where(capacity > TINY, np.minimum(room / np.maximum(capacity, TINY), 1.0), 0.0)


def _travel(transit: Array, sent: Array, seized_share: Array, passes: Array) -> tuple[Array, Array, Array]:
    """(what is then under way, seized, arrived): what is not seized joins what is under way; a share of it arrives."""
    seized = sent * seized_share
    under_way = transit + sent - seized
    arrived = under_way * passes
    return under_way - arrived, seized, arrived


def _stays_ordered(queue: Array, shipped: Array, patience: Array) -> Array:
    return np.maximum(queue - shipped, 0.0) * patience


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


def _binding(
    cost: Array,
    value: Array,
    reservation: Array,
    left: Array,
    weight: Array,
    shipped: Array,
    margin: Array,
    binding: Codes,
) -> Codes:
    """Capacity binds where cargo found no room; a lane without any open route is closed where trade would pay."""
    would_trade = (cost >= 1e8) & (value > reservation)
    stuck = (left / weight > 1e-6 + 0.01 * shipped) & (margin > 0.0)
    return np.where(would_trade, CLOSED, np.where(stuck, CAPACITY, binding))

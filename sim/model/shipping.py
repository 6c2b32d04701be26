"""Step 6: waiting cargo leaves, travels and arrives; seized cargo is lost to both sides."""

from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.model import routes
from sim.model.accounts import as_far_as
from sim.model.bargain import CAPACITY, CLOSED, Deals
from sim.model.cargo import in_units, unit_weight
from sim.model.offers import CLOSED_COST, Offers
from sim.model.state import State
from sim.model.value import TINY, free_stock, old_in_cargo
from sim.scenario.names import AMMUNITION, ENERGY, PRK
from sim.scenario.values import Parameters

LEFT_OF_NOTE = 0.01
"""Share of the cargo shipped that may wait before capacity is recorded as binding (definition)."""


@dataclass(frozen=True)
class Flows:
    """The month's traffic."""

    load: Array
    "(route, direction, good, worlds) kt that left"
    arrived: Array
    "(route, direction, good, worlds) kt that arrived"
    capacity: Array
    "(route, worlds) kt a month in each direction"
    use: Array
    "(route, direction, worlds) share of capacity, room for empties included"
    shadow: Array
    "(route, worlds) value of one more kt of capacity, MUSD"
    shipped: Array
    "(from, to, good, worlds) units"
    seized: Array
    "(from, to, good, worlds) units"
    delivered: Array
    "(from, to, good, worlds) units"
    faulty: Array
    "(from, to, worlds) units of the ammunition delivered that do not work"
    binding: Array
    "(from, to, good, worlds) code of what bound the flow"


def ship(s: State, p: Parameters, o: Offers, deals: Deals, luck: Array) -> Flows:
    """Send queued cargo in order of merit, let it travel a mean lead time, and seize part of it.

    `luck` (worlds), uniform on 0-1, is the vigilance of interdiction this month, on all routes.
    """
    # orders wait at the border as far as they are in stock; merit is the joint surplus a kt
    weight = unit_weight(p)
    in_stock = as_far_as(free_stock(s.stock, p.by_country_good("reserve")), s.queue.sum(axis=1))
    waiting = s.queue * in_stock[:, None] * weight
    merit = np.where(waiting > 0.0, (o.value - o.reservation - o.cost) / weight, -1.0)

    empty_return, share = p.by_route("empty_return"), p.by_route("ammunition_share")
    parts = routes.with_pipe(o.parts, as_far_as(s.lent, waiting[routes.LENT]))
    sent = routes.ship(waiting, merit, o.capacity, empty_return, share, parts)
    shipped = in_units(sent.carried, p)
    load = sent.carried.sum(axis=2)
    room, capacity = load + empty_return[:, None] * load[:, ::-1], o.capacity[:, None]
    use = np.where(capacity > TINY, np.minimum(room / np.maximum(capacity, TINY), 1.0), 0.0)
    shadow = routes.shadow_value(sent.left, merit, o.capacity, load.sum(axis=1), share)
    rate, half, ceiling, decay = (p[f"routes.build_{name}"] for name in ("rate", "half", "ceiling", "decay"))
    s.built = routes.grown(s.built, shadow, use.max(axis=1), rate, half, routes.NEGLECTED * ceiling, decay)

    # luck is one half on average and the share seized `o.seized`, spread as far as 0 and 1 allow; a constant share of
    # the cargo under way arrives each month, which gives a mean lead time without a queue for each month of departure
    spread = np.minimum(o.seized, 1.0 - o.seized)
    seized_share = (o.seized + spread * (2.0 * luck - 1.0))[:, None, None]
    seized = sent.carried * seized_share
    passes = p.once(
        "passes", lambda: 1.0 / (1.0 + routes.lead_time(p.by_route("lead"), p["routes.khasan.gauge_break"]))
    )
    under_way = s.transit + sent.carried - seized
    arrived = under_way * passes[:, None, None]
    s.transit = under_way - arrived
    s.in_transit = in_units(s.transit, p)

    # faulty rounds travel among the others
    faulty_sent = _faulty_share(s, p, shipped) * sent.carried[:, :, AMMUNITION] * (1.0 - seized_share[:, 0])
    s.faulty = s.faulty + faulty_sent
    faulty_arrived = s.faulty * passes[:, None]
    s.faulty = s.faulty - faulty_arrived
    faulty = routes.to_lanes(faulty_arrived[:, :, None])[:, :, 0] / weight[AMMUNITION]

    s.exports = shipped.sum(axis=1)
    s.stock -= np.minimum(s.exports, s.stock)
    s.queue[routes.LENT] -= s.lent - sent.carried[routes.PIPELINE, 1, ENERGY]  # what was not there is not lent
    s.queue = np.maximum(s.queue - shipped, 0.0) * p["routes.patience"]
    binding = _binding(o, deals, sent.left / weight, shipped)
    units_seized, delivered = in_units(seized, p), in_units(arrived, p)
    return Flows(sent.carried, arrived, o.capacity, use, shadow, shipped, units_seized, delivered, faulty, binding)


def _faulty_share(s: State, p: Parameters, shipped: Array) -> Array:
    """Return the share of faulty rounds in cargo, (route, direction, worlds), and take the old lots out of store (C2).

    What is refurbished in the month counts as sound from then on.
    """
    leaves = shipped[PRK, :, AMMUNITION].sum(axis=0)
    share = old_in_cargo(s.old, s.stock[PRK, AMMUNITION], p["PRK.ammunition.old_first"])
    share = share * as_far_as(s.old, share * leaves)
    s.old = np.maximum(s.old - share * leaves - p["PRK.ammunition.refurbished"], 0.0)
    return (routes.FROM == PRK)[:, :, None] * (p["PRK.ammunition.dud_share"] * share)


def _binding(o: Offers, deals: Deals, left: Array, shipped: Array) -> Array:
    """Return what bound each flow: capacity where cargo waits, closed where trade would pay by an open route."""
    stuck = (left > routes.SPECK + LEFT_OF_NOTE * shipped) & (deals.margin > 0.0)
    binding = np.where(stuck, CAPACITY, deals.binding)
    return np.where((o.cost >= CLOSED_COST) & (o.value > o.reservation), CLOSED, binding)

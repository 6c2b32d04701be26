"""Routes: capacity shared by goods in both directions, merit order, queue, transit, interdiction (claims C6, C8, C9).

Route arrays are (route, direction, good, worlds); direction 0 runs from the first end of the route to the second.
"""

from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.elementary import exp
from sim.model.state import State
from sim.model.value import TINY
from sim.scenario.names import AMMUNITION, CHN, COUNTRIES, ENERGY, GOODS, PRK, ROUTES
from sim.scenario.units import WINTER_FROM, WINTER_TO
from sim.scenario.values import Parameters

SPECK = 1e-6
"""Least cargo that counts as waiting, and least room that counts as left, kt (guard against rounding)."""
ENDS = np.array([[COUNTRIES.index(a), COUNTRIES.index(b)] for a, b in ROUTES.values()])
"""(route, 2) country numbers of the two ends."""
FROM = ENDS
TO = ENDS[:, ::-1]
TOUCHES_PRK = (ENDS == PRK).any(axis=1)
PIPELINE, LENT = list(ROUTES).index("pipeline"), (CHN, PRK, ENERGY)
"""The route that takes only the crude that China lends, and the lane of that crude."""
_ENDS = list(ROUTES.values())
_TRADED = [ends if number != PIPELINE else () for number, ends in enumerate(_ENDS)]
TRADES = np.array([[bool(ends)] for ends in _TRADED])
"""(route, 1) true where goods are traded."""
_PREFERENCE = np.array([_ENDS[:number].count(ends) for number, ends in enumerate(_ENDS)])
SLOTS = [np.flatnonzero(_PREFERENCE == place) for place in range(_PREFERENCE.max() + 1)]
"""Route numbers in order of preference: the first routes of all pairs, then the second, the third."""
# (lanes as numbers 0-35, ways as numbers of route and direction) in the order of `SLOTS`
_WAYS = [((FROM[of] * len(COUNTRIES) + TO[of]).ravel(), (2 * of[:, None] + np.arange(2)).ravel()) for of in SLOTS]
(_LANES, _FIRST), *_OTHERS = _WAYS
_WAY_OF_LANE = np.zeros(len(COUNTRIES) ** 2, dtype=int)
_WAY_OF_LANE[_LANES] = _FIRST
_NO_LANE = np.arange(len(COUNTRIES))
_MANY = np.array([number for number, ends in enumerate(_ENDS) if _ENDS.count(ends) > 1])
"Numbers of the routes that a cargo can leave for another."
_BESIDE_PIPE = np.array([number for number, ends in enumerate(_ENDS) if set(ends) == {"PRK", "CHN"}])
NEGLECTED = np.array([[float(set(ends) == {"RUS", "PRK"})] for ends in _ENDS])
"(route, 1) 1 where more was carried once than in 2023 and can be again, else 0."
_IS_FIRST = np.array([[[bool(e) and _TRADED.index(e) == number]] for number, e in enumerate(_TRADED)], dtype=float)


@dataclass(frozen=True)
class Shipment:
    """Cargo that left in a month."""

    carried: Array
    "(route, direction, good, worlds) kt"
    left: Array
    "(from, to, good, worlds) kt left waiting for lack of room"


def usable_capacity(s: State, p: Parameters) -> tuple[Array, Array]:
    """Return (capacity in each direction, kt a month; share of the cargo seized), both (route, worlds)."""
    pressure = np.maximum(s.pressure[FROM[:, 0]], s.pressure[TO[:, 0]])
    seized = interdiction(p.by_route("exposure"), p["sanctions.enforcement"], s.monitoring, pressure)
    routes = p.by_route("capacity") * (1.0 + s.built), p.by_route("open"), p.by_route("winter")
    return effective_capacity(*routes, s.month_of_year, s.border), seized


def effective_capacity(
    capacity: Array, is_open: Array, winter: Array, calendar_month: Array | int, border: Array
) -> Array:
    """Return the capacity in each direction, kt a month, (route, worlds).

    capacity, is_open (0 or 1) and winter are (route, worlds). From December to March a route keeps the share `winter`.
    `border` (worlds), 0-1, scales every route of North Korea but the pipeline, whose oil meets nobody (C9).
    Interdiction takes cargo, not capacity too: its share would count twice.
    """
    season = np.where((calendar_month >= WINTER_FROM) | (calendar_month <= WINTER_TO), winter, 1.0)
    regime = np.where(TOUCHES_PRK[:, None] & TRADES, border, 1.0)
    return capacity * is_open * season * regime


def room_by_good(p: Parameters, capacity: Array) -> Array:
    """Return what each route can carry of each good alone, kt (route, direction, good, worlds) (C8)."""
    room = capacity * TRADES
    of_goods = np.stack([room * p.by_route("ammunition_share"), room, room], axis=1)
    return np.stack([of_goods] * 2, axis=1)


def interdiction(exposure: Array, enforcement: Array, monitoring: Array, pressure: Array) -> Array:
    """Return the share of a route's cargo that is seized, (route, worlds) 0-1 (C6).

    exposure (route, worlds) is the share at full pressure; `pressure`, 0-1, is that on the more sanctioned end of the
    route. Monitoring, 0-1, scales the routes of North Korea alone.
    """
    watched = np.where(TOUCHES_PRK[:, None], monitoring, 1.0)
    return np.clip(exposure * enforcement * watched * pressure, 0.0, 1.0)


def lead_time(lead: Array, gauge_break: Array) -> Array:
    """Return the mean months of transit, (route, worlds).

    At Khasan the change of gauge (1,520 to 1,435 mm) adds `gauge_break` months (C8).
    """
    months = lead.copy()
    months[list(ROUTES).index("khasan")] += gauge_break
    return months


def fill_by_merit(load: Array, merit: Array, capacity: Array, empty_return: Array) -> Array:
    """Return the cargo carried, kt, when room goes first to the highest joint surplus a tonne (C8).

    load, merit (route, direction, good, worlds) kt and MUSD a kt; capacity, empty_return (route, worlds).
    A kt carried one way takes `empty_return` kt of room the other way, for returning empties.
    """
    forth, back = load[:, 0].sum(axis=1), load[:, 1].sum(axis=1)
    tight = (forth + empty_return * back > capacity) | (back + empty_return * forth > capacity)
    carried = load.copy()
    full = np.flatnonzero(tight.any(axis=1))  # most routes have room for all cargo in all worlds and need no ranking
    if len(full):
        by_merit = _greedy(load[full], merit[full], capacity[full], empty_return[full])
        carried[full] = np.where(tight[full][:, None, None], by_merit, load[full])
    return carried


def _greedy(load: Array, merit: Array, capacity: Array, empty_return: Array) -> Array:
    """Return the cargo carried, kt, cargo by cargo in order of merit, each up to the room left.

    Among equals forward comes before back, then goods in their order.
    """
    routes, ways, goods, worlds = load.shape
    cargoes = ways * goods
    wants = load.reshape(routes, cargoes, worlds).swapaxes(0, 1)
    order = _rank(merit.reshape(routes, cargoes, worlds).swapaxes(0, 1))
    carried = np.zeros_like(wants)
    free_forth, free_back = capacity, capacity
    for place in range(cargoes):
        turn = order == place
        wanted = np.where(turn, wants, 0.0).sum(axis=0)
        takes, free_forth, free_back = _take(wanted, turn[goods:].any(axis=0), free_forth, free_back, empty_return)
        carried = np.where(turn, takes, carried)
    return carried.swapaxes(0, 1).reshape(load.shape)


def _rank(merit: Array) -> Array:
    """Return the rank of each along the first axis, 0 for the highest; among equals the first comes first."""
    rank = np.zeros_like(merit)
    for first in range(len(merit)):
        for second in range(first + 1, len(merit)):
            ahead = merit[first] >= merit[second]
            rank[second] += ahead
            rank[first] += ~ahead
    return rank


def _take(
    wants: Array, back: Array, free_forth: Array, free_back: Array, empty_return: Array
) -> tuple[Array, Array, Array]:
    """Return (kt that one cargo takes, room left forward, room left back).

    It needs room on its way and `empty_return` times as much the other way, for returning empties.
    """
    own, other = np.where(back, free_back, free_forth), np.where(back, free_forth, free_back)
    for_empties = np.where(empty_return > TINY, other / np.maximum(empty_return, TINY), np.inf)
    takes = np.minimum(np.minimum(wants, own), for_empties)
    own, other = np.maximum(own - takes, 0.0), np.maximum(other - empty_return * takes, 0.0)
    return takes, np.where(back, other, own), np.where(back, own, other)


def split(room: Array, cost: Array, seized: Array, scale: Array) -> Array:
    """Return the part of a pair's cargo that goes by each of its routes, (route, direction, good, worlds) 0-1 (C8).

    room (route, direction, good, worlds) is what a route can carry of a good alone; cost (route, good, worlds), share
    of a unit's value, and seized (route, worlds), share of the cargo, are what the way costs. Cargo goes by room, less
    by dear and risky ways: a multinomial logit in which each wagon or berth is an alternative. 0 on all closed routes.
    """
    appeal = room * exp(-(cost + seized[:, None]) / scale)[:, None]
    in_all = to_lanes(appeal)[FROM, TO]
    return appeal / np.where(in_all > 0.0, in_all, 1.0)


def with_pipe(parts: Array, share: Array) -> Array:
    """Return the parts of `split` once a `share` (worlds) of China's oil to North Korea goes by the pipeline."""
    parts = parts.copy()
    parts[_BESIDE_PIPE, 1, ENERGY] *= 1.0 - share
    parts[PIPELINE, 1, ENERGY] = share
    return parts


def ship(
    waiting: Array, merit: Array, capacity: Array, empty_return: Array, ammunition_share: Array, parts: Array
) -> Shipment:
    """Send waiting cargo by all routes of a pair at once; what finds no room turns to those that have some left.

    waiting, merit (from, to, good, worlds) kt and MUSD a kt; parts is that of `split`. Ammunition can use the share
    `ammunition_share` of a route's capacity (wagons, handling, secrecy).
    """
    merit, most = merit[FROM, TO], (capacity * ammunition_share)[:, None]

    def taken(load: Array, those: Array) -> Array:
        load[:, :, AMMUNITION] = np.minimum(load[:, :, AMMUNITION], most[those])
        return fill_by_merit(load, merit[those], capacity[those], empty_return[those])

    carried = taken(waiting[FROM, TO] * parts, np.arange(len(ROUTES)))
    used = carried.sum(axis=2)
    free = np.maximum(capacity[:, None] - used - empty_return[:, None] * used[:, ::-1], 0.0) * TRADES[:, None]
    free = np.repeat(free[:, :, None], len(GOODS), axis=2)
    free[:, :, AMMUNITION] = np.minimum(free[:, :, AMMUNITION], most - carried[:, :, AMMUNITION])
    in_all = to_lanes(free)[FROM, TO]
    turns_to = np.where(in_all > SPECK, free / np.maximum(in_all, SPECK), 0.0)
    left = np.maximum(waiting - to_lanes(carried), 0.0)
    carried[_MANY] = taken((carried + left[FROM, TO] * turns_to)[_MANY], _MANY)
    return Shipment(carried, np.maximum(waiting - to_lanes(carried), 0.0))


def grown(built: Array, shadow: Array, use: Array, rate: Array, half: Array, ceiling: Array, decay: Array) -> Array:
    """Return the capacity built, (route, worlds) as share of that of the start, after a month (C8).

    Where cargo waits, both sides gain by one more kt of monthly capacity: its shadow value, MUSD a kt (at `half` half
    as fast as ever). A month closes the share `rate` of the gap to `ceiling`. What is not used (`use` 0-1) decays.
    """
    pull = rate * shadow / (shadow + half)
    return built + pull * np.maximum(ceiling - built, 0.0) - decay * (1.0 - use) * built


def shadow_value(left: Array, merit: Array, capacity: Array, used: Array, ammunition_share: Array) -> Array:
    """Return the value of one more kt of monthly capacity, MUSD a kt, (route, worlds).

    It is the highest merit still waiting on a route in use, for ammunition times its share. Zero on a closed route.
    """
    worth = np.where(left > SPECK, np.maximum(merit, 0.0), 0.0)[FROM, TO]
    worth[:, :, AMMUNITION] *= ammunition_share[:, None]
    return np.where((capacity > TINY) & (used > TINY) & TRADES, worth.max(axis=(1, 2)), 0.0)


def to_lanes(by_route: Array) -> Array:
    """Return the sum of a route array over the routes of each pair, (from, to, good, worlds)."""
    ways = by_route.reshape(2 * len(ROUTES), *by_route.shape[2:])
    lanes: Array = ways[_WAY_OF_LANE]
    for those, numbers in _OTHERS:
        lanes[those] += ways[numbers]
    lanes = lanes.reshape(len(COUNTRIES), len(COUNTRIES), *by_route.shape[2:])
    lanes[_NO_LANE, _NO_LANE] = 0.0
    return lanes


def queue_by_route(queue: Array, capacity: Array) -> Array:
    """Return the queue before each route, kt (route, direction, worlds), shared by capacity among a pair's routes.

    queue (from, to, good, worlds) kt; capacity (route, worlds). With every route closed it waits before the first.
    """
    room = np.stack([capacity * TRADES] * 2, axis=1)
    total = to_lanes(room)[FROM, TO]
    share = np.where(total > TINY, room / np.maximum(total, TINY), _IS_FIRST)
    return queue.sum(axis=2)[FROM, TO] * share

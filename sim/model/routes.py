"""Routes: capacity shared by goods in both directions, merit order, queue, transit, interdiction (claims C6, C8, C9).

Route arrays are (route, direction, good, worlds); direction 0 runs from the first end of the route to the second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.model.parameters import Parameters
from sim.model.sanctions import pair_pressure
from sim.model.state import State
from sim.model.units import WINTER_FROM, WINTER_TO
from sim.model.value import TINY
from sim.scenario.names import AMMUNITION, COUNTRIES, ENERGY, GOODS, PRK, ROUTES

SPECK = 1e-6
"""kt: less counts as nothing left waiting (guard against rounding)."""
ENDS = np.array([[COUNTRIES.index(a), COUNTRIES.index(b)] for a, b in ROUTES.values()])
"""(route, 2) country numbers of the two ends."""
FROM = ENDS
TO = ENDS[:, ::-1]
TOUCHES_PRK = (ENDS == PRK).any(axis=1)
CARRIES = np.ones((len(ROUTES), 2, len(GOODS)), dtype=bool)
"""What may be carried. The crude pipeline takes energy from China to North Korea and nothing else."""
_pipeline = list(ROUTES).index("pipeline")
CARRIES[_pipeline] = False
CARRIES[_pipeline, 1, ENERGY] = True


def _slots() -> tuple[Array, ...]:
    """Return route numbers by a pair's order of preference: each pair's first routes, then the second, the third."""
    seen: dict[tuple[str, str], int] = {}
    slots: list[list[int]] = []
    for number, ends in enumerate(ROUTES.values()):
        rank = seen.get(ends, 0)
        seen[ends] = rank + 1
        if rank == len(slots):
            slots.append([])
        slots[rank].append(number)
    return tuple(np.array(s) for s in slots)


SLOTS = _slots()


def _ways() -> tuple[tuple[Array, Array], ...]:
    """Return (lanes as numbers 0-35, ways as numbers of route and direction) by preference again."""
    found = []
    for slot in SLOTS:
        lanes = (FROM[slot] * len(COUNTRIES) + TO[slot]).ravel()
        found.append((lanes, (2 * slot[:, None] + np.arange(2)).ravel()))
    return tuple(found)


(_LANES, _FIRST), *_OTHERS = _ways()
_WAY_OF_LANE = np.zeros(len(COUNTRIES) ** 2, dtype=int)
_WAY_OF_LANE[_LANES] = _FIRST
FIRST_ROUTE = (_WAY_OF_LANE // 2).reshape(len(COUNTRIES), len(COUNTRIES))
"(from, to) number of the route that a pair prefers; nothing on the diagonal."
ON_FIRST = CARRIES.reshape(-1, len(GOODS))[_WAY_OF_LANE].reshape(len(COUNTRIES), len(COUNTRIES), len(GOODS))
ON_FIRST[range(len(COUNTRIES)), range(len(COUNTRIES))] = False
"(from, to, good) what it carries."
_NO_LANE = np.arange(len(COUNTRIES))
_IS_FIRST = np.isin(np.arange(len(ROUTES)), SLOTS[0]).astype(float)[:, None, None, None]


@dataclass(frozen=True)
class Shipment:
    """What left in a month."""

    carried: Array
    "(route, direction, good, worlds) kt"
    left: Array
    "(from, to, good, worlds) kt that found no room"


def usable_capacity(s: State, p: Parameters) -> tuple[Array, Array]:
    """Return (capacity in each direction, kt a month; share of the cargo that is seized), both (route, worlds).

    Interdiction does both: what it would seize of the cargo it also deters.
    """
    pressure = pair_pressure(s.pressure)[FROM[:, 0], TO[:, 0]]
    seized = interdiction(p.by_route("exposure"), p["sanctions.enforcement"], s.monitoring, pressure)
    routes = p.by_route("capacity"), p.by_route("open"), p.by_route("winter")
    return effective_capacity(*routes, s.month_of_year, s.border, seized), seized


def effective_capacity(
    capacity: Array, is_open: Array, winter: Array, calendar_month: Array | int, border: Array, deterred: Array
) -> Array:
    """Return the capacity in each direction, kt a month, (route, worlds).

    capacity, is_open (0 or 1), winter and deterred are (route, worlds). In December to March a route keeps the share
    `winter`. `border` (worlds), 0-1, scales every route of North Korea (C9); `deterred`, 0-1, is the share that
    interdiction scares away (C6).
    """
    season = np.where((calendar_month >= WINTER_FROM) | (calendar_month <= WINTER_TO), winter, 1.0)
    regime = np.where(TOUCHES_PRK[:, None], border, 1.0)
    return capacity * is_open * season * regime * (1.0 - deterred)


def interdiction(exposure: Array, enforcement: Array, monitoring: Array, pressure: Array) -> Array:
    """Return the share of the cargo of a route that is seized, (route, worlds) 0-1 (C6).

    exposure (route, worlds) is the share at full pressure. `pressure`, 0-1, is that on the more sanctioned end of the
    route. Monitoring, 0-1, serves the embargo on North Korea alone.
    """
    watched = np.where(TOUCHES_PRK[:, None], monitoring, 1.0)
    return np.clip(exposure * enforcement * watched * pressure, 0.0, 1.0)


def lead_time(lead: Array, gauge_break: Array) -> Array:
    """Return mean months on the way, (route, worlds).

    At Khasan the change of gauge (1,520 to 1,435 mm) comes on top, `gauge_break` months (C8).
    """
    months = lead.copy()
    months[list(ROUTES).index("khasan")] += gauge_break
    return months


def fill_by_merit(load: Array, merit: Array, capacity: Array, empty_return: Array) -> Array:
    """Give a route's room to the cargo of highest joint surplus a tonne first; return what is carried, kt (C8).

    load, merit (route, direction, good, worlds) kt and MUSD a kt; capacity, empty_return (route, worlds).
    A kt carried one way takes `empty_return` kt of room the other way, for the empties that must come back.
    """
    forth, back = load[:, 0].sum(axis=1), load[:, 1].sum(axis=1)
    tight = (forth + empty_return * back > capacity) | (back + empty_return * forth > capacity)
    carried = load.copy()
    full = np.flatnonzero(tight.any(axis=1))  # most routes have room for all in all worlds and need no order of merit
    if len(full):
        by_merit = _greedy(load[full], merit[full], capacity[full], empty_return[full])
        carried[full] = np.where(tight[full][:, None, None], by_merit, load[full])
    return carried


def _greedy(load: Array, merit: Array, capacity: Array, empty_return: Array) -> Array:
    """Return what is carried, cargo by cargo in order of merit, each as far as there is room.

    Of equals forward goes before back, then by the order of goods.
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
    """Return the place of each along the first axis, from 0 for the highest; of equals the first comes first."""
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
    """Return (what one cargo takes, room then left forward, and back).

    It needs room on its way and, for the empties that come back, `empty_return` times as much the other way.
    """
    own, other = np.where(back, free_back, free_forth), np.where(back, free_forth, free_back)
    for_empties = np.where(empty_return > TINY, other / np.maximum(empty_return, TINY), np.inf)
    takes = np.minimum(np.minimum(wants, own), for_empties)
    own, other = np.maximum(own - takes, 0.0), np.maximum(other - empty_return * takes, 0.0)
    return takes, np.where(back, other, own), np.where(back, own, other)


def ship(waiting: Array, merit: Array, capacity: Array, empty_return: Array, ammunition_share: Array) -> Shipment:
    """Send what waits by each pair's routes in their order of preference; what finds no room goes on to the next.

    waiting, merit (from, to, good, worlds) kt and MUSD a kt. Of a route's capacity ammunition can use the share
    `ammunition_share` (wagons, handling, secrecy).
    """
    left = waiting.copy()
    carried = np.zeros((len(ROUTES), 2, len(GOODS), waiting.shape[-1]), like=waiting)
    for slot in SLOTS:
        ends_from, ends_to = FROM[slot], TO[slot]
        load = left[ends_from, ends_to] * CARRIES[slot][..., None]
        room = (capacity[slot] * ammunition_share[slot])[:, None]
        load[:, :, AMMUNITION] = np.minimum(load[:, :, AMMUNITION], room)
        takes = fill_by_merit(load, merit[ends_from, ends_to], capacity[slot], empty_return[slot])
        carried[slot] = takes
        left[ends_from, ends_to] -= takes
    return Shipment(carried, np.maximum(left, 0.0))


def shadow_value(left: Array, merit: Array, capacity: Array, used: Array, ammunition_share: Array) -> Array:
    """Return the value of one more kt of monthly capacity, MUSD a kt, (route, worlds).

    The best cargo still waiting on a route that is full for it; of one more kt ammunition can use its share only.
    Zero on a closed route, which has no capacity to add to.
    """
    worth = np.where(left > SPECK, np.maximum(merit, 0.0), 0.0)[FROM, TO]
    worth[~CARRIES] = 0.0
    worth[:, :, AMMUNITION] *= ammunition_share[:, None]
    return np.where((capacity > TINY) & (used > TINY), worth.max(axis=(1, 2)), 0.0)


def to_lanes(by_route: Array) -> Array:
    """Return a route array summed over the routes of each pair, (from, to, good, worlds)."""
    ways = by_route.reshape(2 * len(ROUTES), *by_route.shape[2:])
    lanes: Array = ways[_WAY_OF_LANE]
    for those, numbers in _OTHERS:
        lanes[those] += ways[numbers]
    lanes = lanes.reshape(len(COUNTRIES), len(COUNTRIES), *by_route.shape[2:])
    lanes[_NO_LANE, _NO_LANE] = 0.0
    return lanes


def queue_by_route(queue: Array, capacity: Array) -> Array:
    """Return where a lane's queue stands, kt (route, direction, worlds): before the pair's routes, by their capacity.

    queue (from, to, good, worlds) kt; capacity (route, worlds). With every route closed it stands before the first.
    """
    room = capacity[:, None, None] * CARRIES[..., None]
    total = to_lanes(room)[FROM, TO]
    share = np.where(total > TINY, room / np.maximum(total, TINY), _IS_FIRST)
    return (queue[FROM, TO] * share).sum(axis=2)

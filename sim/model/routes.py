"""Routes: capacity shared by goods in both directions, merit order, queue, transit, interdiction (claims C6, C8, C9).

Route arrays are (route, direction, good, worlds); direction 0 runs from the first end of the route to the second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.value import TINY
from sim.scenario.names import COUNTRIES, GOODS, ROUTES

Array = np.ndarray

ENDS = np.array([[COUNTRIES.index(a), COUNTRIES.index(b)] for a, b in ROUTES.values()])
"""(route, 2) country numbers of the two ends."""
FROM = ENDS
TO = ENDS[:, ::-1]
TOUCHES_PRK = (ENDS == COUNTRIES.index("PRK")).any(axis=1)
CARRIES = np.ones((len(ROUTES), 2, len(GOODS)), dtype=bool)
"""What may be carried. The crude pipeline takes energy from China to North Korea and nothing else."""
_pipeline = list(ROUTES).index("pipeline")
CARRIES[_pipeline] = False
CARRIES[_pipeline, 1, GOODS.index("energy")] = True


def _slots() -> tuple[Array, ...]:
    """Route numbers by a pair's order of preference: each pair's first routes, then the second, then the third."""
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


@dataclass(frozen=True)
class Shipment:
    """What left in a month."""

    carried: Array
    "(route, direction, good, worlds) kt"
    left: Array
    "(from, to, good, worlds) kt that found no room"


def effective_capacity(
    capacity: Array, is_open: Array, winter: Array, calendar_month: int, border: Array, deterred: Array
) -> Array:
    """Capacity in each direction, kt a month, (route, worlds).

    In December to March a route keeps the share `winter`. `border` (worlds) scales every route of North Korea (C9);
    `deterred` (route, worlds) is the share that interdiction scares away (C6).
    """
    season = winter if calendar_month in (12, 1, 2, 3) else 1.0
    regime = np.where(TOUCHES_PRK[:, None], border, 1.0)
    return capacity * is_open * season * regime * (1.0 - deterred)


def interdiction(exposure: Array, enforcement: Array, monitoring: Array, pressure: Array) -> Array:
    """Share of the cargo of a route that is seized, (route, worlds), 0-1 (C6).

    `pressure` is that on the more sanctioned end of the route. Monitoring serves the embargo on North Korea alone.
    """
    watched = np.where(TOUCHES_PRK[:, None], monitoring, 1.0)
    return np.clip(exposure * enforcement * watched * pressure, 0.0, 1.0)


def lead_time(lead: Array, gauge_break: Array) -> Array:
    """Mean months on the way, (route, worlds): at Khasan the change of gauge (1,520 to 1,435 mm) comes on top (C8)."""
    months = lead.copy()
    months[list(ROUTES).index("khasan")] += gauge_break
    return months


def fill_by_merit(load: Array, merit: Array, capacity: Array, empty_return: Array) -> Array:
    """Give a route's room to the cargo of highest joint surplus a tonne first.

    load, merit (route, direction, good, worlds) kt and MUSD a kt; capacity, empty_return (route, worlds).
    A kt carried one way takes `empty_return` kt of room the other way, for the empties that must come back.
    Returns what is carried, same shape as `load`.
    """
    forth, back = load[:, 0].sum(axis=1), load[:, 1].sum(axis=1)
    fits = (forth + empty_return * back <= capacity) & (back + empty_return * forth <= capacity)
    tight = ~fits.all(axis=-1)
    carried = load.copy()
    if tight.any():  # most routes have room for all in every world and need no order of merit
        chosen = _greedy(load[tight], merit[tight], capacity[tight], empty_return[tight])
        carried[tight] = np.where(fits[tight][:, None, None], load[tight], chosen)
    return carried


def _greedy(load: Array, merit: Array, capacity: Array, empty_return: Array) -> Array:
    """Cargo by cargo in order of merit, each as far as there is room."""
    routes, _, goods, worlds = load.shape
    flat_load = load.reshape(routes, 2 * goods, worlds)
    order = np.argsort(-merit.reshape(routes, 2 * goods, worlds), axis=1, kind="stable")
    carried = np.zeros_like(flat_load)
    free = np.stack([capacity, capacity])
    for place in range(2 * goods):
        cargo = order[:, place : place + 1]
        wants = np.take_along_axis(flat_load, cargo, axis=1)[:, 0]
        back = cargo[:, 0] >= goods
        own, other = np.where(back, free[1], free[0]), np.where(back, free[0], free[1])
        for_empties = np.where(empty_return > TINY, other / np.maximum(empty_return, TINY), np.inf)
        takes = np.minimum(np.minimum(wants, own), for_empties)
        np.put_along_axis(carried, cargo, takes[:, None], axis=1)
        used_back, used_forth = np.where(back, takes, 0.0), np.where(back, 0.0, takes)
        free[0] = np.maximum(free[0] - used_forth - empty_return * used_back, 0.0)
        free[1] = np.maximum(free[1] - used_back - empty_return * used_forth, 0.0)
    return carried.reshape(load.shape)


def ship(waiting: Array, merit: Array, capacity: Array, empty_return: Array, ammunition_share: Array) -> Shipment:
    """Send what waits by each pair's routes in their order of preference; what finds no room goes on to the next.

    waiting, merit (from, to, good, worlds) kt and MUSD a kt. Of a route's capacity ammunition can use the share
    `ammunition_share` (wagons, handling, secrecy).
    """
    left = waiting.copy()
    carried = np.zeros((len(ROUTES), 2, len(GOODS), waiting.shape[-1]))
    for slot in SLOTS:
        ends_from, ends_to = FROM[slot], TO[slot]
        load = left[ends_from, ends_to] * CARRIES[slot][..., None]
        room = (capacity[slot] * ammunition_share[slot])[:, None]
        load[:, :, 0] = np.minimum(load[:, :, 0], room)
        takes = fill_by_merit(load, merit[ends_from, ends_to], capacity[slot], empty_return[slot])
        carried[slot] = takes
        left[ends_from, ends_to] -= takes
    return Shipment(carried, np.maximum(left, 0.0))


def shadow_value(left: Array, merit: Array, capacity: Array, used: Array, ammunition_share: Array) -> Array:
    """Value of one more kt of monthly capacity, MUSD a kt, (route, worlds).

    The best cargo still waiting on a route that is full for it; of one more kt ammunition can use its share only.
    Zero on a closed route, which has no capacity to add to.
    """
    usable = np.stack([ammunition_share, np.ones_like(ammunition_share), np.ones_like(ammunition_share)], axis=1)
    waiting = left[FROM, TO] * CARRIES[..., None]
    worth = np.where(waiting > 1e-6, np.maximum(merit[FROM, TO], 0.0) * usable[:, None], 0.0)
    return np.where((capacity > TINY) & (used > TINY), worth.max(axis=(1, 2)), 0.0)


def to_lanes(by_route: Array) -> Array:
    """Sum a route array over the routes of each pair: (from, to, good, worlds)."""
    lanes = np.zeros((len(COUNTRIES), len(COUNTRIES), by_route.shape[2], by_route.shape[3]))
    for slot in SLOTS:
        lanes[FROM[slot], TO[slot]] += by_route[slot]
    return lanes


def queue_by_route(queue: Array, capacity: Array) -> Array:
    """Where a lane's queue stands, (route, direction, worlds) kt: before the pair's routes, by their capacity.

    queue (from, to, good, worlds) kt; capacity (route, worlds). With every route closed it stands before the first.
    """
    room = capacity[:, None, None] * CARRIES[..., None]
    total = to_lanes(room)[FROM, TO]
    first = np.zeros((len(ROUTES), 1, 1, 1))
    first[SLOTS[0]] = 1.0
    share = np.where(total > TINY, room / np.maximum(total, TINY), first)
    return (queue[FROM, TO] * share).sum(axis=2)

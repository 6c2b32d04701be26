"""The same worlds without the opening: from their first month on with the routes of the main pair shut.

Who gained and who lost is told against these, with the same parameters, chance and events, and not against the first
month: what changes in any case is nobody's gain.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from sim.arrays import Array
from sim.compile import month
from sim.experiment.happenings import Watch
from sim.experiment.rest import openings, shut
from sim.model.block import Block
from sim.scenario.names import COUNTRIES, GOALS, routes_between
from sim.scenario.values import Parameters

SCORE = "score_unopened"
"""Name of the recorded variable."""
COMPARED = 256
"""Worlds that are compared, the first of an ensemble: they tell a mean difference of scores to a few thousandths."""


def compared(start: int, variables: Collection[str] | None) -> bool:
    """Return whether worlds from number `start` on are compared, and the result is among the `variables` asked for."""
    return start < COMPARED and (variables is None or SCORE in variables)


def not_compared(worlds: int) -> Array:
    """Return missing scores, (country, goal, worlds)."""
    return np.full((len(COUNTRIES), len(GOALS), worlds), np.nan)


def unopened(world: Block) -> tuple[Block, Watch, Callable[[], Array]]:
    """Return the twin of a world that is at rest, what its conditions read, and a function for its latest scores.

    The scores are (country, goal, worlds). Events that open or shut those routes are left out.
    """
    latest: dict[str, Array] = {}
    p, routes = world.parameters, routes_between(*world.spec.pair)
    events = p.happenings.without(openings(routes))
    watch = Watch(events)

    def keep(name: str, _: int, values: Array) -> None:
        watch.take(name, values)
        if name == "score":
            latest[name] = np.array(values)

    twin = Block(world.spec, Parameters(shut(p.start, routes), events), world.draws, keep)
    month.put_back(twin, {name: array.copy() for name, array in month.arrays_of(world.state)})
    return twin, watch, lambda: latest["score"]

"""Events in a block of worlds: what worlds draw of them, conditions on the month before, and shocks to the state.

Every drawn event has a stream of its own name, so another event more or less shifts no draw.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from sim.arrays import Array
from sim.compile.engine import CompiledMonth
from sim.experiment.chance import uniforms_of
from sim.experiment.design import quantile
from sim.model.block import Block
from sim.model.state import State
from sim.scenario.event import Event, is_drawn
from sim.scenario.happenings import NEVER, Drawn, Happenings
from sim.scenario.names import AMMUNITION, PRK
from sim.scenario.place import place
from sim.scenario.scenario import Scenario
from sim.scenario.values import Parameters

ROWS = 3
"""Draws of an event: whether it happens, in which month, how large it is; all are drawn, so none shifts another."""
HIT = ("stock", "old", "trust", "kept", "failed", "usual_trust", "alignment", "coordination")
"""Arrays of the state that shocks read or change."""
SURE = 0.01
"""Least distance of trust from 0 and 1 after a shock: it stands for evidence, which is never infinite (guard)."""


def happenings(
    scenario: Scenario, first: int, worlds: int, *, chance: Array | None = None, events: Sequence[Event] | None = None
) -> Happenings:
    """Return the events of a scenario, or some of them, with what worlds `first` … `first + worlds - 1` draw of them.

    chance, (worlds), names the worlds whose draws these worlds meet instead of their own.
    """
    chosen = scenario.events if events is None else events
    numbers = np.arange(first, first + worlds) if chance is None else chance
    return Happenings(chosen, {e.name: _draw(e, scenario.seed, numbers) for e in chosen if is_drawn(e)})


def _draw(event: Event, seed: int, numbers: Array) -> Drawn:
    happens, date, size = uniforms_of(seed, f"event {event.name}", ROWS, numbers)
    month = event.month + np.floor(date * (event.timing.latest + 1)).astype(int)
    begins = np.where(happens < event.timing.probability, month, NEVER)
    return Drawn(begins, quantile(event.spread, size) if event.spread else None)


class Watch:
    """What the conditions of a block's events read of the month before."""

    def __init__(self, events: Happenings) -> None:
        self._places = {name: place(name) for condition in events.conditions for name in condition.names()}
        self._latest: dict[str, Array] = {}

    @property
    def variables(self) -> frozenset[str]:
        """Recorded variables that are read."""
        return frozenset(one.variable for one in self._places.values())

    def wanted(self, others: Collection[str] | None) -> Collection[str] | None:
        """Return these and other variables; None, which is all, stays None."""
        return None if others is None else {*others, *self.variables}

    def take(self, name: str, values: Array) -> None:
        """Keep the values of a month, (…, worlds), if a condition reads them."""
        if name in self.variables:
            self._latest[name] = np.array(values, dtype=float)

    def decide(self, events: Happenings, month: int) -> None:
        """Let the events begin whose condition is met."""
        if self._places and self._latest:
            events.decide(month, {name: self._latest[at.variable][at.axes] for name, at in self._places.items()})


def begin_month(world: Block, watch: Watch) -> None:
    """Do what comes before the first step of a month: conditions are looked at, and shocks hit the state."""
    events = world.parameters.happenings
    watch.decide(events, world.month)
    hits = list(events.shocks(world.month))
    if not hits:
        return
    compiled = world.engine if isinstance(world.engine, CompiledMonth) else None
    if compiled:
        compiled.show(world, HIT)
    for shock, happens, size in hits:
        hit(world.state, world.parameters, shock.target, happens, (size, 0.0) if shock.add is None else (1.0, size))
    if compiled:
        compiled.take(world, HIT)


def hit(s: State, p: Parameters, target: str, happens: Array, by: tuple[Array | float, Array | float]) -> None:
    """Multiply and add `by` to a target where the shock happens, within the target's bounds."""
    at, (factor, add) = place(target), by
    array = getattr(s, at.variable)
    before = array[at.axes].copy()
    after = np.where(happens, before * factor + add, before)
    if at.variable == "stock":
        after = np.maximum(after, 0.0)
        if at.axes == (PRK, AMMUNITION):  # old lots burn with the others; what is added is new
            s.old[...] = s.old * np.where(
                before > 0.0, np.minimum(after / np.where(before > 0.0, before, 1.0), 1.0), 1.0
            )
    elif at.variable == "alignment":
        after = np.clip(after, -1.0, 1.0)
        array[at.axes[::-1]] = after
    elif at.variable == "trust":
        after = np.where(happens, np.clip(after, SURE, 1.0 - SURE), before)
        _teach(s, p, at.axes, after)
    else:
        after = np.clip(after, 0.0, 1.0)
    array[at.axes] = after


def _teach(s: State, p: Parameters, pair: tuple[int, ...], trust: Array) -> None:
    """Add evidence of promises kept or broken until what is learnt of them is `trust`, (worlds); it fades as any."""
    prior, kept, failed = p["trust.prior"], s.kept[pair], s.failed[pair]
    good = prior * s.usual_trust[pair] + kept
    told = good / (prior + kept + failed)
    s.failed[pair] = np.where(trust < told, good / trust - prior - kept, failed)
    s.kept[pair] = np.where(trust > told, kept + (trust * (prior + kept + failed) - good) / (1.0 - trust), kept)

"""A start at rest: what the months before the first find for themselves, and what the record gives.

A world that began with empty memories would spend its first year on filling them, and that would look like a result. So
`SPIN_UP` months are stepped before the first: the model's own month, under the scenario's own settings, without its
events, with the routes shut that it names in `shut_before`: in the main case those of the pandemic. What the table
gives for the start is put back after each of them, or a veto or a treaty of these months would outlast them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy

import numpy as np

from sim.arrays import Array
from sim.compile.engine import CompiledMonth
from sim.elementary import power
from sim.model import accounts
from sim.model.block import Block
from sim.model.record import nothing
from sim.model.start import AGREED
from sim.model.state import State
from sim.model.value import TINY
from sim.scenario.names import AMMUNITION, JPN, KOR, PRK, RUS, USA
from sim.scenario.options import WEST_TRIO
from sim.scenario.units import MONTHS_A_YEAR
from sim.scenario.values import Parameters

SPIN_UP = 24
"""Months before the first: whole years, so that the first follows on the same season."""
RECORD = (
    *("rate", "old", "technology", "released", "guarded", "money", "world_money"),
    *("norm", "trust", "alignment", "pledge", "institutions", "pressure", "monitoring", "border", "taboo"),
    *("vetoed", "warned", "helping", "oil_free", "shells_delivered", "tier_released"),
    *("war_noise", "attacking", "substitutes", "guns", "ukraine_stock"),
)
"""Arrays of the state that the table gives for the start, and sums since then; with stocks of ammunition, what
North Korea and Russia had agreed on, and no debt between them. All others are as the months before the first leave
them."""

DRIFT = {"alignment": "trust.drift", "pressure": "sanctions.fatigue"}
"""Arrays of the state that drift back to a usual value, and the share of the gap that a month closes."""
CHANGED = (
    *RECORD,
    *(f"usual_{name}" for name in DRIFT),
    "stock",
    "balance",
    "contract",
    "coordination",
    "threat",
    "memory",
)
"""Arrays that are read or changed between two of the months before the first."""
SLOW = {
    "supplied": "autonomy.memory",
    **dict.fromkeys(("kept", "failed"), "trust.drift"),
    "shown": "indices.memory",
    **dict.fromkeys(("west_exercises", "east_exercises", "test_memory", "new_technology"), "threat.memory"),
}
"""Memories that keep some of their start through the months before the first, and the share forgotten a month."""

ROUNDING = 1e-9
"""Share of a memory's start below which what is found is a difference of roundings (guard)."""


def come_to_rest(world: Block, draws: Mapping[str, Array]) -> None:
    """Step a new world through the months before its first, unrecorded; `draws` are those of these months."""
    compiled = world.engine if isinstance(world.engine, CompiledMonth) else None
    own, keep, start, p = world.draws, world.keep, deepcopy(world.state), world.parameters
    world.draws = draws
    world.keep = nothing
    p.replace(shut(p.start, world.spec.shut_before))
    world.month = -SPIN_UP  # an index from the end of the draws
    drills = np.zeros_like(p["war.intensity"])
    while world.month < 0:
        world.step()
        if compiled:
            compiled.show(world, CHANGED)
        if world.month <= -MONTHS_A_YEAR:
            end_early_month(world.state, start, p, drills, SPIN_UP + world.month)
        else:
            end_late_month(world.state, start, p, MONTHS_A_YEAR + world.month)
        if compiled:
            compiled.take(world, CHANGED)
    if compiled:
        compiled.hand_back(world)
    fill_memories(world.state, start, p)
    p.replace(p.start)
    world.draws = own
    world.keep = keep


def end_early_month(s: State, start: State, p: Parameters, drills: Array, months: int) -> None:
    """Change the state after the `months`-th month of the first year; count western drills (worlds) in place."""
    drills += s.memory[WEST_TRIO[0]] >= 1.0  # the memory of an act is as fresh as this only in its month
    hasten(s, p, drills / months)
    put_back(s, start)


def end_late_month(s: State, start: State, p: Parameters, months: int) -> None:
    """Change the state after the `months`-th month of the second year."""
    learn_habits(s, start, p, months)
    put_back(s, start)


def shut(values: Mapping[str, Array], routes: Sequence[str]) -> dict[str, Array]:
    """Return parameter values, key -> (worlds), with some routes shut."""
    return {**values, **{key: np.zeros_like(values[key]) for key in openings(routes)}}


def openings(routes: Sequence[str]) -> list[str]:
    """Return the keys that open or shut routes."""
    return [f"routes.{name}.open" for name in routes]


def put_back(s: State, start: State) -> None:
    """Put what the record gives back to its values in `start`, in place, for countries hold views of the state."""
    for name in RECORD:
        getattr(s, name)[...] = getattr(start, name)
    s.stock[:, AMMUNITION] = start.stock[:, AMMUNITION]
    s.balance[RUS, PRK] = s.balance[PRK, RUS] = 0.0
    s.contract[AGREED] = start.contract[AGREED]


def learn_habits(s: State, start: State, p: Parameters, months: int) -> None:
    """Set what alignment and pressure drift back to, so that on average the usual acts keep them as they are.

    Called at the end of the `months`-th month of the last year, before `put_back`: by then the rest has settled.
    """
    for name, rate in DRIFT.items():
        usual, risen = getattr(s, f"usual_{name}"), getattr(s, name) - getattr(start, name)
        usual -= np.where(p[rate] > 0.0, risen / (np.maximum(p[rate], TINY) * months), 0.0)


def fill_memories(s: State, start: State, p: Parameters) -> None:
    """Make up for what lies before the months before the first: of slow memories a part is still that of their start.

    After n months of a steady flow a memory is ``start (1 - r)^n + steady (1 - (1 - r)^n)``, r the share forgotten a
    month. It is set to ``steady``. Trust before these memories is such that with them it is that of the record.
    """
    for name, rate in SLOW.items():
        left = power(1.0 - p[rate], np.full_like(p[rate], SPIN_UP))
        memory = getattr(s, name)
        before = getattr(start, name)
        steady = (memory - left * before) / np.maximum(1.0 - left, TINY)
        steady = np.where(steady > ROUNDING * before, steady, 0.0)
        memory[...] = np.where(p[rate] > 0.0, steady, memory)  # where nothing is forgotten no flow keeps it steady
    s.dependence = accounts.dependence(s.supplied)
    learnt = p["trust.prior"] + s.kept + s.failed
    s.usual_trust = np.clip((start.trust * learnt - s.kept) / p["trust.prior"], 0.0, 1.0)


def hasten(s: State, p: Parameters, drills: Array) -> None:
    """Set western coordination to where this month's threat and `drills` (worlds) of the three a month would keep it.

    It is the slowest of what is found (it closes a tenth of its gap a month) and would not arrive in time.
    """
    rise = p["coordination.growth"] * (1.0 - p["coordination.friction"]) * s.threat[[USA, KOR, JPN]].mean(axis=0)
    rise = rise + p["coordination.exercise"] * drills
    s.coordination = rise / np.maximum(rise + p["coordination.decay"], TINY)

"""A start at rest: the months before the first leave nothing that moves only because a run begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache

import numpy as np
import pytest
import xarray as xr
from small_worlds import SEA, act_in, from_month, scenario, world_of

from sim.compile import engine
from sim.experiment.chance import BEFORE, draw_all
from sim.experiment.rest import RECORD, SPIN_UP, come_to_rest, openings
from sim.experiment.run import run
from sim.model.indices import ACROSS, SAME
from sim.model.start import at_start
from sim.model.world import World
from sim.scenario.case import SHUT_BEFORE
from sim.scenario.names import AMMUNITION, COUNTRIES, GOALS, GOODS, PRK, RUS
from sim.scenario.options import ROWS
from sim.scenario.scenario import Event

Array = np.ndarray
LANES = openings(SHUT_BEFORE)
WORLDS, SEASON = 200, 3
"""With 200 worlds two standard errors of a difference of means are 0.2 standard deviations over worlds."""
SPECK, TINY = 1e-3, 0.02
"""Less is nothing: shares and indices run from 0 to 1, all else counts in units. A drift of less than this share of
its level is real where it can be seen, but tiny: the stocks of great countries hardly differ between worlds."""


def rested(*events: Event, worlds: int = 16, compiled: bool = False) -> World:
    """Worlds with ships from Rajin, before their first month."""
    spec = scenario(SEA, worlds=worlds, events=events)
    world = world_of(spec)
    if compiled and (found := engine.compiled(world, (), at_once=True)):
        world.engine = found
    come_to_rest(world, draw_all(spec.seed, SPIN_UP, 0, worlds, streams=BEFORE))
    return world


# ---- What the months before leave -------------------------------------------------------------------------------


def test_what_the_record_gives_holds_at_the_first_month() -> None:
    world = rested()
    now, table = world.state, at_start(world.parameters)
    assert all(np.array_equal(getattr(now, name), getattr(table, name)) for name in RECORD)
    assert np.array_equal(now.stock[:, AMMUNITION], table.stock[:, AMMUNITION])
    assert not now.balance[RUS, PRK].any()
    assert not np.array_equal(now.stock, table.stock)


def test_nothing_has_passed_between_russia_and_north_korea() -> None:
    world = rested()
    for i, j in ((RUS, PRK), (PRK, RUS)):
        assert not any(getattr(world.state, name)[i, j].any() for name in ("queue", "in_transit", "value_delivered"))
    assert world.parameters["routes.rajin.open"].all()
    assert world.state.queue.any()
    assert world.month == 0


def test_memories_are_filled() -> None:
    """The control of the other tests: what the run finds for itself is there."""
    found = rested().state
    for name in ("threat", "coordination", "memory", "shown", "supplied", "hardship", "foreign_orders", "test_memory"):
        assert getattr(found, name).any(), name


def test_events_change_nothing_before_their_month() -> None:
    events = (from_month(0, "sanctions.pressure", 1.0), act_in(0, "summit", "RUS", "PRK"), from_month(0, LANES[0], 0.0))
    assert all(map(np.array_equal, _arrays(rested()), _arrays(rested(*events))))


def test_a_world_is_the_same_alone_and_among_others() -> None:
    few, many = rested(worlds=8), rested(worlds=16)
    for one, other in zip(_arrays(few), _arrays(many), strict=True):
        assert np.array_equal(one, other[..., :8])


def _arrays(world: World) -> list[Array]:
    return [getattr(world.state, name) for name in type(world.state).__slots__]


@pytest.mark.skipif(not engine.possible(), reason="machine code is not possible here")
@pytest.mark.parametrize("by_numpy", [0, 2], ids=["all compiled", "every second month done again by NumPy"])
def test_machine_code_comes_to_the_same_rest(by_numpy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = engine.CompiledMonth.__call__

    def some(self: engine.CompiledMonth, w: World) -> None:
        if by_numpy and w.month % by_numpy:
            self._take_in(w)
            self._leave_to_numpy(w)
        else:
            whole(self, w)

    monkeypatch.setattr(engine.CompiledMonth, "__call__", some)
    theirs, mine = rested(compiled=True), rested()
    for name in type(mine.state).__slots__:
        assert np.array_equal(getattr(theirs.state, name), getattr(mine.state, name), equal_nan=True), name


def test_relations_keep_the_level_of_the_table() -> None:
    """Trust and alignment begin at the table and, lanes shut, are there on average a year later, acts included."""
    ds = closed_lanes()
    for name in ("trust", "alignment"):
        values = ds[name].values
        step = np.abs((values[12] - values[0]).mean(axis=-1))
        assert step.max() < 0.02, name


# ---- Nothing drifts ---------------------------------------------------------------------------------------------


@cache
def closed_lanes() -> xr.Dataset:
    """The lanes between Russia and North Korea stay shut, and no event happens."""
    return run(scenario(dict.fromkeys(LANES, 0.0), worlds=WORLDS, months=12 + SEASON))


def quantities(ds: xr.Dataset) -> Iterator[tuple[str, Array]]:
    """Name and values (month, world) of all that is to be at rest."""
    for name in ("coordination", "tests", "polarisation"):
        yield name, ds[name].values
    acts = ds["outcome"].values.astype(float)
    policy = slice(ROWS["designation"].start, None)
    yield "acts of pairs", acts[:, : ROWS["missile_test"].start].sum(axis=1)
    yield "acts of policy", acts[:, policy].sum(axis=1)
    for g, good in enumerate(GOODS):
        yield f"orders of {good}", ds["ordered"].values[:, :, :, g].sum(axis=(1, 2))
    for k, code in enumerate(COUNTRIES):
        for name in ("threat", "pressure", "prestige"):
            yield f"{name} of {code}", ds[name].values[:, k]
        for n, goal in enumerate(GOALS):
            yield f"score {goal} of {code}", ds["score"].values[:, k, n]
        for g, good in enumerate(GOODS):
            yield f"stock of {good} of {code}", ds["stock"].values[:, k, g]
    for i, j in zip(*np.triu_indices(len(COUNTRIES), 1), strict=True):
        yield f"practical {COUNTRIES[i]}-{COUNTRIES[j]}", ds["practical"].values[:, i, j]
    for name, pairs in {
        "in the blocs": SAME,
        "across": ACROSS,
    }.items():  # of gestures chance alone would move some pair
        yield f"symbolic {name}", ds["symbolic"].values[:, pairs].mean(axis=1)


def drifting(ds: xr.Dataset) -> dict[str, float]:
    """What differs between one season and the same a year later by more than two standard errors, and by how many.

    The error is that of the difference of the two means over worlds.
    """
    found = {}
    for name, values in quantities(ds):
        before, after = values[:SEASON].mean(axis=0), values[12 : 12 + SEASON].mean(axis=0)
        error = np.sqrt((before.var(ddof=1) + after.var(ddof=1)) / len(before))
        step = float(after.mean() - before.mean())
        if abs(step) > max(2.0 * error, SPECK, TINY * abs(before.mean())):
            found[name] = step / max(float(error), 1e-12)
    return found


@dataclass(frozen=True)
class Cause:
    """Why some quantities drift, and the parameters that end it, where there are such."""

    words: str
    quantities: tuple[str, ...]
    off: dict[str, float] = field(default_factory=dict)


CAUSES = (
    Cause(
        "depots begin at the record; the war empties Russia's and mobilises its plants",
        ("stock of ammunition of *", "score need of RUS"),
    ),
    Cause(
        "American depots, empty on record, are filled from Korean ones; then the trade that pays for debts ends",
        (
            *("orders of ammunition", "acts of pairs", "polarisation", "score need of USA"),
            *("practical USA-*", "score cost of KOR", "score cost of JPN"),
        ),
    ),
    Cause(
        "Russia and China may sign a treaty, which raises credit",
        (
            *("orders of energy", "stock of energy of RUS", "score cost of CHN", "practical RUS-CHN"),
            *("prestige of RUS", "score prestige of RUS"),
        ),
        {"acts.treaty.base": -50.0},
    ),
    Cause(
        "pairs go on to build habits on those of the record",
        ("coordination", "symbolic in the blocs", "practical USA-JPN"),
        {"acts.habit.fading": 0.0},
    ),
    Cause(
        "what partners lack in technology at the levels of the record is learnt in a few projects",
        ("practical KOR-JPN", "practical JPN-CHN"),
        {"technology.guard_scale": 1e12},
    ),
    Cause("each March Russia and China may veto the monitoring", ("acts of policy",), {"acts.veto.base": -50.0}),
    Cause(
        "North Korea's border reopens",
        (
            *("stock of food of PRK", "stock of energy of PRK", "practical PRK-CHN"),
            *("score need of PRK", "score autonomy of PRK", "score cost of PRK", "practical RUS-PRK"),
        ),
        {"border.start": 1.0},
    ),
)
"""What drifts, and why."""


def among(name: str, causes: Iterable[Cause]) -> bool:
    return any(fnmatch(name, pattern) for cause in causes for pattern in cause.quantities)


def test_nothing_drifts_but_for_a_named_cause() -> None:
    assert not [name for name in drifting(closed_lanes()) if not among(name, CAUSES)]


@pytest.mark.parametrize("cause", [cause for cause in CAUSES if cause.off], ids=lambda cause: cause.words)
def test_without_its_cause_a_drift_is_less(cause: Cause) -> None:
    """Less, not gone: a quantity may have several causes. Steps of all quantities that the cause moves are added up."""
    without = run(scenario({**dict.fromkeys(LANES, 0.0), **cause.off}, worlds=WORLDS, months=12 + SEASON))
    now, then = drifting(closed_lanes()), drifting(without)
    moved = [name for name in now if among(name, [cause])]
    assert sum(abs(then.get(name, 0.0)) for name in moved) < sum(abs(now[name]) for name in moved) or not moved


def test_a_start_with_empty_memories_drifts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the months before, threat and coordination move, and more of all else does."""
    monkeypatch.setattr("sim.experiment.run.come_to_rest", lambda world, draws: None)
    found = drifting(run(scenario(dict.fromkeys(LANES, 0.0), worlds=WORLDS, months=12 + SEASON)))
    assert {"coordination", *(f"threat of {code}" for code in COUNTRIES)} <= found.keys()
    assert len(found) > 1.5 * len(drifting(closed_lanes()))

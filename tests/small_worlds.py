"""Small scenarios for tests, and worlds that are stepped by hand so that everything can be seen in full precision."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim import load
from sim.compile import engine
from sim.experiment.chance import BEFORE, draw_all
from sim.experiment.design import sample
from sim.experiment.happenings import happenings
from sim.experiment.rest import SPIN_UP, come_to_rest
from sim.model.record import Keep
from sim.model.world import World
from sim.scenario.names import ROUTES
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import ActEvent, Event, ParameterEvent, Scenario, Setting, default_setting
from sim.scenario.values import Parameters

Array = np.ndarray
Changes = Mapping[str, float]
NOTHING: Changes = {}
SEA: Changes = {"routes.rajin.open": 1.0}
"""Ships sail from Rajin."""
CLOSED: Changes = {f"routes.{route}.open": 0.0 for route in ROUTES}
"""No route is open between any two of the six."""


def scenario(
    changes: Changes = NOTHING, *, months: int = 24, worlds: int = 32, seed: int = 2023, events: tuple[Event, ...] = ()
) -> Scenario:
    """The parameter table with `changes` (key -> value in all worlds), from September 2023."""
    settings = {key: default_setting(key) for key in PARAMETERS}
    for key, value in changes.items():
        if key not in settings:
            raise KeyError(key)
        settings[key] = Setting(float(value), None, None, "fixed", "test")
    return Scenario("test", "test", "", "", "", "2023-09", months, worlds, seed, settings, events, ())


def theories(changes: Changes = NOTHING, *, months: int, worlds: int = 8, events: tuple[Event, ...] = ()) -> Scenario:
    """The shipped scenario in which each world follows theories of its own, with `changes` and more events."""
    spec = load("theories", months=months, worlds=worlds)
    settings = {key: Setting(value, None, None, "fixed", "test") for key, value in changes.items()}
    return replace(spec, settings={**spec.settings, **settings}, events=(*spec.events, *events))


def from_month(month: int, key: str, value: float) -> ParameterEvent:
    """A parameter has another value from `month` on."""
    return ParameterEvent(month, key, value, None, None, "test", "test")


def act_in(month: int, act: str, *actors: str) -> ActEvent:
    """An act that the scenario prescribes."""
    return ActEvent(month, act, actors, "test", "test")


def world_of(
    spec: Scenario, values: Mapping[str, Array] | None = None, keep: Keep | None = None, *, compiled: bool = False
) -> World:
    """A world to be stepped by hand. `values` are parameters by key, (worlds); without them the design draws them.

    NumPy steps it, so that everything can be seen; a `compiled` month works out only what is recorded or carried over.
    """
    values = sample(spec, 0, spec.worlds) if values is None else values
    draws = draw_all(spec.seed, spec.months, 0, spec.worlds)
    own = Parameters(values, happenings(spec, 0, spec.worlds))
    world = World(spec, own, draws, keep or (lambda name, month, values: None))
    if compiled and (found := engine.compiled(world, None)):
        world.engine = found
    return world


def watch(
    spec: Scenario, values: Mapping[str, Array] | None = None, *, compiled: bool = False, rested: bool = False
) -> dict[str, Array]:
    """Everything that is recorded, by name, (month, ..., world), in the precision in which it was computed.

    Results on disk keep seven digits of the large arrays; what is checked here to 1e-9 needs all of them. Worlds begin
    with empty memories, or `rested`, as in a run.
    """
    months: dict[str, list[Array]] = {}

    def keep(name: str, month: int, values: Array) -> None:
        months.setdefault(name, []).append(np.array(values))

    world = world_of(spec, values, keep, compiled=compiled)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        if rested:
            come_to_rest(world, draw_all(spec.seed, SPIN_UP, 0, spec.worlds, streams=BEFORE))
        for _ in range(spec.months):
            world.step()
    world.close()
    return {name: np.stack(values) for name, values in months.items()}


def states(spec: Scenario, *names: str) -> dict[str, Array]:
    """Arrays of the state after each month, (month, ..., world), of a compiled run: NumPy gives the same, slower."""
    world = world_of(spec, compiled=True)
    found: dict[str, list[Array]] = {name: [] for name in names}
    for _ in range(spec.months):
        world.step()
        if isinstance(world.engine, engine.CompiledMonth):
            world.engine.show(world, names)
        for name, values in found.items():
            values.append(getattr(world.state, name).copy())
    world.close()
    return {name: np.stack(values) for name, values in found.items()}

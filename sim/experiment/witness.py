"""Compute one world again and keep what the model's own functions worked with: the raw material of explanations.

An equation must stand in one place only, so that an explanation cannot drift away from the model. So nothing is
worked out twice here: while NumPy steps the world, the interpreter's profile hook (`sys.setprofile`, as a debugger
uses it) hands over the named intermediate values of `WATCHED` functions when they return. Where a function adds or
multiplies several causes at once, it is called again with one cause taken out (`APART`), and the difference or the
ratio is the part of that cause. The results of the world are the same to the last bit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from types import CodeType, FrameType
from typing import Any

import numpy as np

from sim.arrays import Array
from sim.compile.month import by_numpy
from sim.experiment.batch import OPENED
from sim.experiment.run import run
from sim.model import (
    acts,
    bargain,
    decisions,
    diplomacy,
    market,
    offers,
    routes,
    sanctions,
    shipping,
    technology,
    world_market,
)
from sim.model.block import Block
from sim.model.country import Country
from sim.model.state import State
from sim.model.world import World
from sim.results.witness import Witness
from sim.scenario.names import COUNTRIES, PRK
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import Scenario

WATCHED: tuple[Callable[..., Any], ...] = (
    *(offers.offers, offers._cost, acts.need_of_partners, decisions.decide, diplomacy.take_effect, diplomacy._policy),
    *(market.agree, bargain.bargain, bargain._wanted, bargain.shared, bargain.within_credit),
    *(market._started, technology.technology_value, technology.guard_cost, technology.start_projects),
    *(routes.effective_capacity, routes.interdiction, shipping.ship, world_market.trade_with_rest_of_world),
    Country.consume,
)
"""Functions whose values are kept. Each runs once a month, but for those of one country."""
WITH_STATE = ("offers", "take_effect", "agree", "started", "ship")
"""Functions after which the whole state is kept: before the acts, before the bargain, after it, after shipping."""


def _cost_apart(at: Mapping[str, Any], cost: Array) -> dict[str, Array]:
    """Return the parts of the cost of a unit, MUSD (from, to, good, worlds); they add up to it."""
    s, p = at["s"], at["p"]
    given = {name: at[name] for name in ("transport", "friction", "norm", "committed")}

    def without(state: State = s, **gone: Array) -> Array:
        return cost - offers._cost(state, p, **(given | gone))

    found = {name: without(**{name: np.zeros_like(value)}) for name, value in given.items()}
    found["autonomy"] = without(replace(s, dependence=np.zeros_like(s.dependence)))
    found["rival"] = without(replace(s, alignment=np.zeros_like(s.alignment)))
    found["arming"] = cost - sum(found.values())
    return found


def _guard_apart(at: Mapping[str, Any], guard: Array) -> dict[str, Array]:
    """Return the factors by which trust, the giver's need and hostility change the guard; 1 changes nothing."""
    given = _arguments(technology.guard_cost, at)
    found = {}
    for name in ("trust", "need", "hostility"):
        rest = technology.guard_cost(**(given | {name: np.zeros_like(given[name])}))
        found[f"by_{name}"] = np.where(rest > 0.0, guard / np.where(rest > 0.0, rest, 1.0), 1.0)
    return found


def _value_apart(at: Mapping[str, Any], value: Array) -> dict[str, Array]:
    """Return what a point would be worth to a country without threat, MUSD."""
    given = _arguments(technology.technology_value, at)
    return {"calm": technology.technology_value(**(given | {"threat": np.zeros_like(at["threat"])}))}


def _arguments(function: Callable[..., Any], at: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments among the local values of a function."""
    code = function.__code__
    return {name: at[name] for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]}


def _need_apart(at: Mapping[str, Any], need: Array) -> dict[str, Array]:
    """Return the parts of the need of a partner: hope of deals, deals that run, arrears."""
    s, p, potential = at["s"], at["p"], at["potential"]
    found = {
        "hoped": need - acts.need_of_partners(s, p, np.zeros_like(potential)),
        "realised": need - acts.need_of_partners(replace(s, realised=np.zeros_like(s.realised)), p, potential),
    }
    return found | {"owed": need - found["hoped"] - found["realised"]}


def _gifts(at: Mapping[str, Any], _: None) -> dict[str, Array]:
    """Return what patrons bid, units, and the share of gifts that the law lets pass, each (patron, good, worlds)."""
    patrons = sorted(at["bids"])
    passes = sanctions.passes(at["p"])[patrons, PRK, :-1]
    return {"bids_of": np.stack([at["bids"][patron] for patron in patrons]), "passes_of": passes}


APART: Mapping[Callable[..., Any], Callable[[Mapping[str, Any], Any], dict[str, Array]]] = {
    offers._cost: _cost_apart,
    technology.guard_cost: _guard_apart,
    technology.technology_value: _value_apart,
    acts.need_of_partners: _need_apart,
    diplomacy._policy: _gifts,
}
"""What takes the causes in a function apart, from its local values and what it returned."""
_NAMES: dict[CodeType, Callable[..., Any]] = {function.__code__: function for function in WATCHED}


def witness(scenario: Scenario, world: int, *, given: Mapping[str, float] | None = None) -> Witness:
    """Return world number `world` of the scenario with everything kept.

    `given`, key -> value, replaces parameters that the world would draw. Raises FloatingPointError where a number of
    the world is not finite.
    """
    kept: list[dict[str, Array]] = []
    settings: list[dict[str, float]] = []

    def engine(block: Block, _: Collection[str] | None) -> Block:
        world = by_numpy(block)
        world.engine = lambda stepped: _step(stepped, kept, settings)
        return world

    one = {key: np.array([value]) for key, value in (given or {}).items()}
    ds = run(replace(scenario, worlds=1), first=world, given=one, variables=OPENED, engine=engine)
    return Witness(world, ds, tuple(kept), tuple(settings))


def _step(world: World, kept: list[dict[str, Array]], settings: list[dict[str, float]]) -> None:
    """Do the steps; keep what the functions of steps 2 to 8 worked with, but in the months before the first."""
    if world.month < 0:
        world.steps_1_to_8()
        return
    world.drive()
    found: dict[str, Array] = {}
    with watching(found):
        world.steps_2_to_8()
    kept.append(found)
    settings.append({key: float(world.parameters[key][0]) for key in PARAMETERS})


@contextmanager
def watching(found: dict[str, Array]) -> Iterator[None]:
    """Put the values of watched functions into `found` when they return."""

    def hook(frame: FrameType, event: str, value: Any) -> None:
        if event == "return" and (function := _NAMES.get(frame.f_code)) is not None:
            found.update(_values(function, dict(frame.f_locals), value))

    before = sys.getprofile()
    sys.setprofile(hook)
    try:
        yield
    finally:
        sys.setprofile(before)


def _values(function: Callable[..., Any], at: Mapping[str, Any], value: Any) -> dict[str, Array]:
    """Return the values of a function that returns, `function.local` -> array of the first world."""
    name = function.__name__.lstrip("_")
    if name == "consume":
        name = f"consume {COUNTRIES[at['self'].number]}"
    whole: dict[str, Any] = {**at, **(APART[function](at, value) if function in APART else {}), "return": value}
    if name in WITH_STATE:
        whole |= {f"state.{field.name}": getattr(at["s"], field.name) for field in fields(State)}
    for local in ("return", "sent"):
        if is_dataclass(made := whole.get(local)):
            whole |= {f"{local}.{field.name}": getattr(made, field.name) for field in fields(made)}
    return {f"{name}.{local}": kept[..., 0].copy() for local, kept in whole.items() if _of_worlds(kept)}


def _of_worlds(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0

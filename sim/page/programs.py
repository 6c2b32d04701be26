"""The whole run as programs: the start, the months before the first, events that hit the state, and a month.

They are traced from the functions that a run in Python calls, so no equation stands here. What differs between months,
worlds and scenarios is an input: parameters (as at the start, before this month, and in it), the calendar, what the
scenario orders, and draws.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from sim.compile.month import ORDERED, Month, Part, Trace, arrays_of, parameters_of, part_of, put_back
from sim.compile.program import Operation, program
from sim.compile.tracing import Symbol, Symbols, given
from sim.compile.wasm import to_wasm
from sim.experiment.chance import SHOCKS
from sim.experiment.happenings import hit
from sim.experiment.rest import end_early_month, end_late_month, fill_memories
from sim.experiment.witness import watching
from sim.model import drivers
from sim.model.start import at_start
from sim.model.state import State
from sim.model.world import World
from sim.page.kept import REASON, kept
from sim.page.lasting import lasting, without_others
from sim.scenario.load import load
from sim.scenario.options import OPTIONS, PARTNERSHIPS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.values import Parameters

ORDERS = {"scheduled": "scheduled", "asked": "ruling", "refused": "ruling", "willing": "willingness"}
"""What an event says of acts, and the array that it goes to."""
DRILLS = "drills"
"""Beside the state: western drills that the months before the first have counted, (worlds)."""
ROWS = {**dict.fromkeys(SHOCKS, 1), "acts": len(OPTIONS), "projects": PARTNERSHIPS}
"""Draws of a month, by cause."""
NUMBERS = ("month", "of_year", "months", "factor", "add")
"""Inputs that are one number: the month from 0 and of the year, months that have passed, the size of a shock."""


@dataclass(frozen=True)
class Programs:
    """The layout of memory, and the ordered operations of each program by name."""

    layout: Month
    operations: dict[str, list[Operation]]

    def module(self) -> tuple[bytes, Month]:
        """Return the WebAssembly module, and the layout with what its pieces need."""
        reasons = (part for part in self.layout.recorded if part.name.startswith(REASON))
        return to_wasm(self.operations, self.layout, {row for part in reasons for row in range(part.first, part.last)})

    def short(self) -> "Programs":
        """Return the programs without the rows of the state that do not last."""
        rows = lasting(self.operations)
        return Programs(self.layout, {name: without_others(one, rows) for name, one in self.operations.items()})


class _Parameters(Parameters):
    """Parameters as symbols; `move_to` goes from those before this month to those in it."""

    def __init__(self) -> None:
        super().__init__({key: given(("start", key), (1,)) for key in PARAMETERS})

    def at(self, when: str) -> "_Parameters":
        """Take the values "before" or "now"."""
        self.replace({key: given((when, key), (1,)) for key in PARAMETERS})
        return self

    def move_to(self, month: int) -> bool:
        """Take the values of this month."""
        self.at("now")
        return True


def programs(targets: Iterable[str] = ()) -> Programs:
    """Return the programs of a run, with one for shocks to each of these targets, `hit TARGET`."""
    begun = dict(arrays_of(at_start(_Parameters())))
    inputs = {name: given(("number", name), (1,)) for name in NUMBERS}
    inputs["happens"] = given(("number", "happens"), (1,), boolean=True)
    inputs |= {name: given(("ordered", name), begun[name].shape, boolean=_is_boolean(begun[name])) for name in ORDERED}
    inputs |= {cause: given(("draws", cause), (1, rows, 1)) for cause, rows in ROWS.items()}
    shapes = begun | {DRILLS: given(("state", DRILLS), (1,))}
    before = {name: given(("state", name), one.shape, boolean=_is_boolean(one)) for name, one in shapes.items()}

    month, recorded = _month(inputs, before)
    found: dict[str, Mapping[str, Any]] = {"start": begun | {DRILLS: np.zeros(1)}, "month": month}
    p, months = _Parameters().at("now"), cast(int, inputs["months"])
    found["early"] = _changed(before, lambda s, drills: end_early_month(s, _start(), p, drills, months))
    found["late"] = _changed(before, lambda s, _: end_late_month(s, _start(), p, months))
    found["rested"] = _changed(before, lambda s, _: fill_memories(s, _start(), p))
    happens, by = inputs["happens"], (inputs["factor"], inputs["add"])
    for target in targets:
        found[f"hit {target}"] = _changed(before, _hit(p, target, happens, by))
    return _laid_out(found, before, inputs, recorded)


def _hit(p: Parameters, target: str, happens: Any, by: tuple[Any, Any]) -> Callable[[State, Any], None]:
    return lambda s, _: hit(s, p, target, happens, by)


def _start() -> State:
    return at_start(_Parameters())


def _is_boolean(array: Any) -> bool:
    return part_of("", array, 0).boolean


def _month(inputs: Mapping[str, Symbols], before: Mapping[str, Symbols]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the state after all steps of a month, and what is recorded."""
    recorded: dict[str, Any] = {}
    p, draws = _Parameters(), {cause: inputs[cause] for cause in ROWS}
    world = World(load("article"), p, draws, lambda name, _, values: recorded.update({name: values}))
    put_back(world, {name: array.copy() for name, array in before.items() if name != DRILLS})
    put_back(world, {name: inputs[name] for name in ORDERED})
    p.at("before")
    of_month = {cause: one[0, 0] for cause, one in {**draws, **world.deviates}.items()}
    drivers.drive(world.state, p, of_month, cast(int, inputs["month"]), cast(int, inputs["of_year"]))
    world.month = 0
    within: dict[str, Any] = {}
    with watching(within):
        world.steps_2_to_8()
    recorded |= kept(within, p, recorded)
    after = dict(arrays_of(world.state)) | {DRILLS: before[DRILLS]}
    world.close()
    return after, recorded


def _changed(before: Mapping[str, Symbols], change: Callable[[State, Any], None]) -> dict[str, Any]:
    """Return the state, with the count of drills, as a function leaves it that changes it in place."""
    arrays = {name: array.copy() for name, array in before.items()}
    drills = arrays.pop(DRILLS)
    state = State(**arrays)
    change(state, drills)
    return dict(arrays_of(state)) | {DRILLS: drills}


def _laid_out(
    found: Mapping[str, Mapping[str, Any]],
    before: Mapping[str, Any],
    inputs: Mapping[str, Any],
    recorded: Mapping[str, Any],
) -> Programs:
    state, written = _parts(before), _parts(recorded)
    places = {part.name: part.first for part in state}
    stored: dict[str, list[tuple[str, int, Any]]] = {}
    for name, after in found.items():
        stored[name] = [
            ("state", places[array] + place, symbol)
            for array, values in after.items()
            for place, symbol in enumerate(values.flat)
            if name == "month" or not _is_load(symbol)
        ]
    stored["month"] += [
        ("recorded", part.first + place, symbol)
        for part in written
        for place, symbol in enumerate(recorded[part.name].flat)
    ]
    parameters = sorted(parameters_of(symbol for entries in stored.values() for *_, symbol in entries))
    given_parts = _parts(inputs, len(parameters))
    rows = {(what, 0): row for row, what in enumerate(parameters)}
    for parts, arrays in ((state, before), (given_parts, inputs)):
        for part in parts:
            rows |= {symbol.of: part.first + place for place, symbol in enumerate(arrays[part.name].flat)}
    sizes = {"given": given_parts[-1].last, "state": state[-1].last, "recorded": written[-1].last}
    layout = Month(parameters, given_parts, state, written, sizes)
    operations = {name: program(Trace(layout, entries, rows)) for name, entries in stored.items()}
    return Programs(layout, operations)


def _is_load(symbol: Any) -> bool:
    """Return whether it is as it was before; such rows are not stored."""
    return isinstance(symbol, Symbol) and symbol.operation == "load" and symbol.of[0][0] == "state"


def _parts(arrays: Mapping[str, Any], first: int = 0) -> list[Part]:
    parts: list[Part] = []
    for name, array in arrays.items():
        parts.append(part_of(name, array, parts[-1].last if parts else first))
    return parts

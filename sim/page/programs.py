"""The whole run as programs: the start, the months before the first, events that hit the state, and a month.

They are traced from the functions that a run in Python calls, so no equation stands here. What differs between months,
worlds and scenarios is an input: parameters (as at the start, before this month, and in it), the calendar, what the
scenario orders, and draws.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from sim.compile.month import (
    CALENDAR,
    ORDERED,
    ROWS,
    AnyParameters,
    Month,
    Part,
    Trace,
    any_state,
    arrays_of,
    parameters_of,
    part_of,
    whole_month,
)
from sim.compile.program import Operation, program
from sim.compile.tracing import Symbol, Symbols, given
from sim.compile.wasm import to_wasm
from sim.experiment.happenings import hit
from sim.experiment.rest import end_early_month, end_late_month, fill_memories
from sim.experiment.witness import watching
from sim.model.start import at_start
from sim.model.state import State
from sim.page.kept import REASON, kept
from sim.page.lasting import lasting, without_others
from sim.scenario.load import load

ORDERS = {"scheduled": "scheduled", "asked": "ruling", "refused": "ruling", "willing": "willingness"}
"""What an event says of acts, and the array that it goes to."""
DRILLS = "drills"
"""Beside the state: western drills that the months before the first have counted, (worlds)."""
NUMBERS = (*CALENDAR, "months", "factor", "add")
"""Inputs that are one number: also months that have passed and the size of a shock."""


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


def programs(targets: Iterable[str] = ()) -> Programs:
    """Return the programs of a run, with one for shocks to each of these targets, `hit TARGET`."""
    begun, before = dict(arrays_of(_start())), any_state()
    inputs = {name: given(("number", name), (1,)) for name in NUMBERS}
    inputs["happens"] = given(("number", "happens"), (1,), boolean=True)
    kinds = {name: (before[name].shape, _is_boolean(before[name])) for name in ORDERED}
    inputs |= {name: given(("ordered", name), shape, boolean=boolean) for name, (shape, boolean) in kinds.items()}
    inputs |= {cause: given(("draws", cause), (1, rows, 1)) for cause, rows in ROWS.items()}
    before[DRILLS] = given(("state", DRILLS), (1,))

    month, recorded = _month(inputs, before)
    found: dict[str, Mapping[str, Any]] = {"start": begun | {DRILLS: np.zeros(1)}, "month": month}
    p, months = AnyParameters().at("now"), cast(int, inputs["months"])
    found["early"] = _changed(before, lambda s, drills: end_early_month(s, _start(), p, drills, months))
    found["late"] = _changed(before, lambda s, _: end_late_month(s, _start(), p, months))
    found["rested"] = _changed(before, lambda s, _: fill_memories(s, _start(), p))
    happens, by = inputs["happens"], (inputs["factor"], inputs["add"])
    for target in targets:
        found[f"hit {target}"] = _changed(before, _hit(p, target, happens, by))
    return _laid_out(found, before, inputs, recorded)


def _hit(p: AnyParameters, target: str, happens: Any, by: tuple[Any, Any]) -> Callable[[State, Any], None]:
    return lambda s, _: hit(s, p, target, happens, by)


def _start() -> State:
    return at_start(AnyParameters())


def _is_boolean(array: Any) -> bool:
    return part_of("", array, 0).boolean


def _month(inputs: Mapping[str, Symbols], before: Mapping[str, Symbols]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the state after all steps of a month, and what is recorded."""
    ordered = {name: inputs[name] for name in ORDERED}
    within: dict[str, Any] = {}
    after, recorded, p = whole_month(load("article"), inputs, _without_drills(before) | ordered, watching(within))
    return after | {DRILLS: before[DRILLS]}, recorded | kept(within, p, recorded)


def _without_drills(arrays: Mapping[str, Symbols]) -> dict[str, Symbols]:
    return {name: array for name, array in arrays.items() if name != DRILLS}


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

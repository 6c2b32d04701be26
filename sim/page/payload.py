"""What a page needs to run scenarios: the module, the numbers of all worlds, and a head that says what is what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.arrays import Array
from sim.compile.month import Part
from sim.compile.program import MEMORY, SHARED
from sim.experiment.chance import BEFORE, SHOCKS, STREAM, key_of
from sim.experiment.design import sample
from sim.experiment.happenings import happenings
from sim.experiment.rest import SPIN_UP, openings
from sim.model.block import GROUP
from sim.page.module import module
from sim.page.programs import ORDERS
from sim.results.digest import HEADLINE
from sim.results.variables import VARIABLES
from sim.scenario.condition import Condition, Joined, parse
from sim.scenario.event import ActEvent, Event, ParameterEvent, ShockEvent
from sim.scenario.happenings import NEVER, Happenings, came_in
from sim.scenario.names import COUNTRIES, GOODS
from sim.scenario.options import OPTIONS, chosen, group_of
from sim.scenario.place import place
from sim.scenario.scenario import Scenario
from sim.scenario.units import MONTHS_A_YEAR


class PageError(ValueError):
    """What a page cannot run; the text lists every problem."""


@dataclass(frozen=True)
class Payload:
    """What `engine.js` takes."""

    wasm: bytes
    data: bytes
    """Numbers, little-endian float64, to which the head points."""
    head: dict[str, Any]
    """Plain values for JSON."""


def payload(scenarios: Sequence[Scenario], *, worlds: int = 200) -> Payload:
    """Return what a page needs to run worlds 0 … `worlds` - 1 (a multiple of eight) of scenarios.

    Raises PageError for another number of worlds.
    """
    if worlds % GROUP or worlds <= 0:
        raise PageError(f"worlds: needs a multiple of {GROUP}, found {worlds}")
    targets = sorted({e.target for one in scenarios for e in one.events if isinstance(e, ShockEvent)})
    found = module(tuple(targets), tuple(dict.fromkeys(one.shut_before for one in scenarios)))
    layout = found.layout
    numbers = _Numbers()
    keys = sorted({key for _, key in layout.parameters})
    head = {
        "worlds": worlds,
        "group": GROUP,
        "memory": list(MEMORY),
        "rows": {"old": layout.sizes["state"], "new": layout.sizes["state"]}
        | {name: layout.sizes[name] for name in ("recorded", "given", *SHARED)},
        "shared": list(SHARED),
        "parameters": [list(one) for one in layout.parameters],
        "inputs": _rows(layout.inputs),
        "state": _rows(layout.state),
        "sets": found.sets,
        "recorded": _rows(layout.recorded),
        "orders": ORDERS,
        "before": SPIN_UP,
        "year": MONTHS_A_YEAR,
        "stream": STREAM,
        "headline": list(HEADLINE),
        "options": [{"act": o.act, "actor": o.actor, "partners": list(o.partners)} for o in OPTIONS],
        "scenarios": [
            _scenario(one, worlds, keys, numbers) | {"unread": found.unread[one.shut_before]} for one in scenarios
        ],
    }
    return Payload(found.wasm, numbers.bytes, head)


def _rows(parts: Iterable[Part]) -> dict[str, Any]:
    """Return first and last row, shape and type of arrays, by name."""
    return {
        part.name: {
            "first": part.first,
            "last": part.last,
            "shape": list(part.shape),
            "asides": list(part.asides),
            "dims": list(VARIABLES[part.name].dims[1:]) if part.name in VARIABLES else [],
            "single": part.name in VARIABLES and VARIABLES[part.name].disk == "f4",
        }
        for part in parts
    }


class _Numbers:
    """The numbers so far; equal columns are kept once."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._places: dict[bytes, int] = {}
        self._size = 0

    def put(self, column: Array) -> float | list[int]:
        """Return a number, if all are the same, or [place] of a column."""
        if (column == column[0]).all():
            return float(column[0])
        return [self.bits(column.astype("<f8").tobytes())]

    def bits(self, content: bytes) -> int:
        """Return the place, counted in numbers, of eight bytes or a multiple."""
        if content not in self._places:
            self._places[content] = self._size
            self._chunks.append(content)
            self._size += len(content) // 8
        return self._places[content]

    @property
    def bytes(self) -> bytes:
        """All of them."""
        return b"".join(self._chunks)


def _scenario(scenario: Scenario, worlds: int, keys: Sequence[str], numbers: _Numbers) -> dict[str, Any]:
    values = sample(scenario, 0, worlds)
    own = happenings(scenario, 0, worlds)
    blocks = range(-(-worlds // STREAM))
    causes = {**{cause: [cause] for cause in SHOCKS}, "acts": [f"act {o.label}" for o in OPTIONS]}
    causes["projects"] = ["projects"]
    return {
        "name": scenario.name,
        "seed": scenario.seed,
        "months": scenario.months,
        "first_of_year": int(scenario.dates[0].split("-")[1]),
        "values": {key: numbers.put(values[key]) for key in keys},
        "shut": openings(scenario.shut_before),
        "streams": {
            when: {
                cause: [[numbers.bits(key_of(scenario.seed, f"{when}{name}", b)) for b in blocks] for name in names]
                for cause, names in causes.items()
            }
            for when in ("", BEFORE)
        },
        "events": [_event(event, scenario.months, own, numbers) for event in scenario.events],
    }


def _event(event: Event, months: int, own: Happenings, numbers: _Numbers) -> dict[str, Any]:
    """Return an event: what it does, and for each month in which it may begin the share that has come in by month."""
    drawn = own.drawn.get(event.name)
    begins = np.asarray([event.month]) if drawn is None else drawn.begins
    possible = range(event.month, months) if event.timing.when else np.unique(begins).tolist()
    found: dict[str, Any] = {
        "begins": numbers.put(begins.astype(float)),
        "come": {
            begin: [float(came_in(event, month, np.asarray(begin))) for month in range(months)]
            for begin in possible
            if begin < NEVER
        },
    }
    found |= _waits(event, own, numbers)
    size = None if drawn is None else drawn.size
    if isinstance(event, ParameterEvent):
        same = event.value if event.value is not None else event.factor
        kind: dict[str, Any] = {"kind": "value" if event.value is not None else "factor", "key": event.key}
    elif isinstance(event, ShockEvent):
        same = event.add if event.add is not None else event.factor
        kind = {"kind": "shock", "program": f"hit {event.target}", "adds": event.add is not None}
    elif isinstance(event, ActEvent):
        same, kind = None, {"kind": "order", "what": "scheduled", "rows": list(group_of(event.act, *event.actors))}
    else:
        rows = chosen(event.act, event.by, event.partners)
        same, kind = event.add, {"kind": "order", "what": event.what, "rows": list(rows)}
    return found | kind | {"size": numbers.put(size) if size is not None else float(same or 0.0)}


def _waits(event: Event, own: Happenings, numbers: _Numbers) -> dict[str, Any]:
    """Return what an event waits for, from when to when, and in which worlds (1 or 0); empty without a condition."""
    timing = event.timing
    if not timing.when:
        return {}
    drawn = own.drawn.get(event.name)
    worlds = np.ones(1) if drawn is None else (drawn.begins < NEVER).astype(float)
    return {
        "when": _tree(parse(timing.when)),
        "first": max(event.month, 1),
        "last": NEVER if timing.last is None else event.month + timing.last,
        "delay": timing.delay,
        "waiting": numbers.put(worlds),
    }


def _tree(condition: Condition) -> dict[str, Any]:
    """Return a condition as the words "and", "or", "not" and their parts, and comparisons of rows of variables."""
    if isinstance(condition, Joined):
        return {"word": condition.word, "parts": [_tree(part) for part in condition.parts]}
    at = place(condition.name)
    sizes = [len(COUNTRIES)] * len(at.owners) + [len(GOODS)] * bool(at.good)
    row = int(np.ravel_multi_index(at.axes, sizes)) if at.axes else 0
    return {"name": at.variable, "row": row, "sign": condition.sign, "limit": condition.limit}

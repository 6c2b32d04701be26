"""Trace a month: all its steps, done once with symbols instead of numbers.

The trace says of every number that the steps change or record how it follows from the inputs: the state, parameters (as
at the start, before this month, and in it), the calendar and draws. In memory the numbers of a world lie in rows, one
for each element of an array; `Month` says which rows belong to which array.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, cast

from sim.compile.tracing import Symbol, Symbols, given, is_boolean
from sim.model import drivers
from sim.model.block import Block
from sim.model.record import Keep
from sim.model.start import at_start
from sim.model.state import State
from sim.scenario.options import OPTIONS, PARTNERSHIPS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import Scenario
from sim.scenario.values import Parameters

if TYPE_CHECKING:
    from sim.model.world import World

ROWS = {
    **dict.fromkeys((*drivers.CAUSES, "tests", "interdiction"), 1),
    "acts": len(OPTIONS),
    "projects": PARTNERSHIPS,
}
"""Draws of a month, by cause."""
CALENDAR = ("month", "of_year")
"""Inputs that are one number: the month from 0, negative before the first, and that of the year."""
ORDERED = ("scheduled", "ruling", "willingness")
"""Arrays of the state, (option, worlds), that the scenario sets anew each month; zero without events."""


@dataclass(frozen=True)
class Part:
    """An array in the rows `first` … `last` - 1 of a section."""

    name: str
    shape: tuple[int, ...]
    "without the worlds"
    first: int
    boolean: bool = False
    by_world: bool = True
    asides: tuple[int, ...] = ()
    "of what is recorded: the pieces of the program (`sim.compile.pieces`) whose asides compute it"

    @cached_property
    def last(self) -> int:
        """The row after the last."""
        return self.first + prod(self.shape)


@dataclass(frozen=True)
class Month:
    """The layout of memory, in three sections: inputs of the month ("given"), state, and what is recorded."""

    parameters: list[tuple[str, str]]
    '("start", "before" or "now", key) of the first given rows'
    inputs: list[Part]
    "of the given rows that follow: draws and calendar"
    state: list[Part]
    "arrays of the state"
    recorded: list[Part]
    sizes: dict[str, int]
    "rows of each section"

    def to_plain(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Month":
        """Return the layout from what `to_plain` gave."""
        parts = {
            name: [
                Part(**{**entry, "shape": tuple(entry["shape"]), "asides": tuple(entry["asides"])})
                for entry in plain[name]
            ]
            for name in ("inputs", "state", "recorded")
        }
        return cls(parameters=[(when, key) for when, key in plain["parameters"]], sizes=plain["sizes"], **parts)


@dataclass(frozen=True)
class Trace:
    """A layout, the results as (section, row, symbol), and the row of each input."""

    month: Month
    stored: list[tuple[str, int, Any]]
    rows: dict[tuple[tuple[str, str], int], int]


class AnyParameters(Parameters):
    """Parameters as symbols; `move_to` goes from those before this month to those in it."""

    def __init__(self) -> None:
        super().__init__({key: given(("start", key), (1,)) for key in PARAMETERS})

    def at(self, when: str) -> "AnyParameters":
        """Take the values "before" or "now"."""
        self.replace({key: given((when, key), (1,)) for key in PARAMETERS})
        return self

    def move_to(self, month: int) -> bool:
        """Take the values of this month."""
        self.at("now")
        return True


def any_state() -> dict[str, Symbols]:
    """Return the arrays of a state as symbols."""
    arrays = arrays_of(at_start(AnyParameters()))
    return {name: given(("state", name), one.shape, boolean=part_of(name, one, 0).boolean) for name, one in arrays}


def trace(scenario: Scenario) -> Trace:
    """Return the trace of a month; it is the same for every scenario."""
    inputs = {name: given(("number", name), (1,)) for name in CALENDAR}
    inputs |= {cause: given(("draws", cause), (1, rows, 1)) for cause, rows in ROWS.items()}
    before = any_state()
    after, recorded, _ = whole_month(scenario, inputs, before)
    return _laid_out(before, after, recorded, inputs)


def whole_month(
    scenario: Scenario,
    inputs: Mapping[str, Symbols],
    before: Mapping[str, Symbols],
    around: AbstractContextManager[None] | None = None,
) -> tuple[dict[str, Any], dict[str, Any], AnyParameters]:
    """Return the state after a month, what is recorded, and the parameters; steps 2 to 8 are done within `around`."""
    recorded: dict[str, Any] = {}
    p, draws = AnyParameters(), {cause: inputs[cause] for cause in ROWS}
    world = _world(scenario, p, draws, lambda name, _, values: recorded.update({name: values}))
    try:
        put_back(world, {name: array.copy() for name, array in before.items()})
        world.month = _AnyMonth()  # type: ignore[assignment]
        for fixed in ("spec", "calendar"):  # differ between scenarios
            delattr(world, fixed)
        p.at("before")
        of_month = {cause: draws[cause][0, 0] for cause in drivers.CAUSES}
        drivers.drive(world.state, p, of_month, *(cast(int, inputs[name]) for name in CALENDAR))
        with around or nullcontext():
            world.steps_2_to_8()
        return dict(arrays_of(world.state)), recorded, p
    finally:
        world.close()


def by_numpy(block: Block) -> "World":
    """Return a world in the same month with a copy of the state, which NumPy can step."""
    world = _world(block.spec, block.parameters, block.draws, block.keep)
    world.month = block.month
    put_back(world, {name: array.copy() for name, array in arrays_of(block.state)})
    return world


def _world(scenario: Scenario, parameters: Parameters, draws: Mapping[str, Any], keep: Keep) -> "World":
    """Return a world; loads Mesa, which nothing else here needs."""
    from sim.model.world import World

    return World(scenario, parameters, draws, keep)


class _AnyMonth:
    """A month that can be an index, and nothing else: the steps must do the same in every month."""

    def __index__(self) -> int:
        return 0

    def __eq__(self, _: object) -> bool:
        raise TypeError("what differs between months is in the state, as month_of_year and months_gone are")

    __hash__ = None  # type: ignore[assignment]


def arrays_of(state: State) -> Iterator[tuple[str, Any]]:
    """Yield name and value of every array of the state."""
    for field in fields(state):
        yield field.name, getattr(state, field.name)


def put_back(world: Block, arrays: dict[str, Any]) -> None:
    """Replace arrays of the state, and the views of them that the countries of a `World` hold."""
    for name, value in arrays.items():
        setattr(world.state, name, value)
    for country in getattr(world, "countries", ()):
        country.look_at(world.state)


def _all_boolean(array: Symbols) -> bool:
    return all(is_boolean(symbol) for symbol in array.flat)


def part_of(name: str, array: Any, first: int) -> Part:
    """Return where the symbols of an array lie if they begin with row `first`."""
    by_world = array.shape[-1] == 1
    return Part(name, array.shape[:-1] if by_world else array.shape, first, _all_boolean(array), by_world)


def _laid_out(
    before: dict[str, Symbols], after: dict[str, Symbols], recorded: dict[str, Symbols], inputs: dict[str, Symbols]
) -> Trace:
    stored: list[tuple[str, int, Any]] = []
    rows: dict[tuple[tuple[str, str], int], int] = {}
    parts: dict[str, list[Part]] = {"inputs": [], "state": [], "recorded": []}
    sizes = {"given": 0, "state": 0, "recorded": 0}

    def part(kind: str, section: str, name: str, array: Symbols) -> Part:
        found = part_of(name, array, sizes[section])
        parts[kind].append(found)
        sizes[section] = found.last
        return found

    for name, array in before.items():
        first = part("state", "state", name, array).first
        rows |= {(("state", name), place): first + place for place in range(array.size)}
        stored += [("state", first + place, symbol) for place, symbol in enumerate(after[name].flat)]
    for name, array in recorded.items():
        first = part("recorded", "recorded", name, array).first
        stored += [("recorded", first + place, symbol) for place, symbol in enumerate(array.flat)]
    parameters = sorted(parameters_of(symbol for _, _, symbol in stored))
    rows |= {(what, 0): row for row, what in enumerate(parameters)}
    sizes["given"] = len(parameters)
    for name, array in inputs.items():
        first = part("inputs", "given", name, array).first
        rows |= {symbol.of: first + place for place, symbol in enumerate(array.flat)}
    return Trace(Month(parameters=parameters, sizes=sizes, **parts), stored, rows)


def parameters_of(symbols: Iterable[Any]) -> set[tuple[str, str]]:
    """Return the parameters that these symbols depend on."""
    seen: set[int] = set()
    found = set()
    stack = list(symbols)
    while stack:
        symbol = stack.pop()
        if not isinstance(symbol, Symbol) or id(symbol) in seen:
            continue
        seen.add(id(symbol))
        if symbol.operation != "load":
            stack.extend(symbol.of)
        elif symbol.of[0][0] in ("start", "before", "now"):
            found.add(symbol.of[0])
    return found

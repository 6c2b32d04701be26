"""Trace a month: steps 2 to 8, done once with symbols instead of numbers.

The trace says of every number that these steps change or record how it follows from the inputs. In memory the numbers
of a world lie in rows, one for each element of an array; `Month` says which rows belong to which array.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

from sim.compile.tracing import Symbol, Symbols, given, is_boolean
from sim.model.block import Block
from sim.model.record import Keep
from sim.model.state import State
from sim.scenario.options import OPTIONS, PARTNERSHIPS
from sim.scenario.scenario import Scenario
from sim.scenario.values import Parameters

if TYPE_CHECKING:
    from sim.model.world import World

CAUSES = ("tests", "interdiction", "acts", "projects")
"""Causes whose draws are used after step 1."""
WAR = ("war_noise", "attacking", "substitutes")
USUAL = ("usual_pressure", "usual_alignment")
BEFORE = (
    "pressure",
    "border",
    "harvest_shock",
    "helping",
    "ukraine_fire",
    "ukraine_stock",
    "guns",
    "inputs",
    *USUAL,
    *WAR,
)
ORDERED = ("scheduled", "ruling", "willingness")
"""Arrays of the state, (option, worlds), that step 1 sets anew and no other step changes; zero without events."""
CALENDAR = ("month_of_year", "months_gone")
SANCTIONS = ("pressure", "secondary", "inputs", "access")
AFTER = ("intensity", "harvest_shock", "harvest", "border", "war_demand", *USUAL, *SANCTIONS, *WAR, *CALENDAR, *ORDERED)
"""Arrays of the state that step 1 reads, and that it changes; nobody reads the others while months are compiled."""


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
    '("now" or "start", key) of the first given rows'
    draws: list[Part]
    "of the given rows that follow"
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
            for name in ("draws", "state", "recorded")
        }
        return cls(parameters=[(when, key) for when, key in plain["parameters"]], sizes=plain["sizes"], **parts)


@dataclass(frozen=True)
class Trace:
    """A layout, the results as (section, row, symbol), and the row of each input."""

    month: Month
    stored: list[tuple[str, int, Any]]
    rows: dict[tuple[tuple[str, str], int], int]


def trace(like: Block) -> Trace:
    """Return the trace of a month of a world like this one."""
    parameters = Parameters({key: given(("start", key), (1,)) for key in like.parameters.start})
    parameters.replace({key: given(("now", key), (1,)) for key in like.parameters.start})
    draws = {cause: given(("draws", cause), (1, 1, 1)) for cause in CAUSES}
    draws["acts"] = given(("draws", "acts"), (1, len(OPTIONS), 1))
    draws["projects"] = given(("draws", "projects"), (1, PARTNERSHIPS, 1))
    recorded: dict[str, Any] = {}
    world = _world(like.spec, parameters, draws, lambda name, _, values: recorded.update({name: values}))
    try:
        world.month = _AnyMonth()  # type: ignore[assignment]
        for fixed in ("spec", "calendar"):  # are for step 1 alone: they differ between scenarios
            delattr(world, fixed)
        before = {
            name: given(("state", name), array.shape, boolean=_all_boolean(array))
            for name, array in arrays_of(world.state)
        }
        put_back(world, before)
        world.steps_2_to_8()
        after = dict(arrays_of(world.state))
    finally:
        world.close()
    return _laid_out(before, after, recorded, {cause: array.size for cause, array in draws.items()})


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
    """A month that can be an index, and nothing else: steps 2 to 8 must do the same in every month."""

    def __index__(self) -> int:
        return 0

    def __eq__(self, _: object) -> bool:
        raise TypeError("what differs between months is given by step 1, as month_of_year and months_gone are")

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
    before: dict[str, Symbols], after: dict[str, Symbols], recorded: dict[str, Symbols], draws: dict[str, int]
) -> Trace:
    stored: list[tuple[str, int, Any]] = []
    rows: dict[tuple[tuple[str, str], int], int] = {}
    parts: dict[str, list[Part]] = {"draws": [], "state": [], "recorded": []}
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
    for cause, size in draws.items():
        first = part("draws", "given", cause, given(("draws", cause), (size, 1))).first
        rows |= {(("draws", cause), place): first + place for place in range(size)}
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

"""From a trace to a program: an ordered list of operations, from which a backend emits code.

An operation comes after its operands, and equal operations are merged. Nothing here knows a backend: names are those of
NumPy's functions, memory is rows of the sections that `sim.compile.month` lays out.
"""

import struct
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from inspect import signature
from math import frexp
from typing import Any, NamedTuple

from sim.compile.month import Trace
from sim.compile.tracing import ELEMENTARY, Symbol, given, kind_of, shorter_ways
from sim.elementary import BODIES

SECTIONS = {"old": "state", "new": "state", "recorded": "recorded", "given": "given"}
"""Memory of a group of worlds, by the name that a program uses, and the section of the layout whose rows it has.
"old" and "new" are the state before and after the month."""
SHARED = ("scratch", "asked")
"""Memory that all groups share: slots for values that one piece hands to a later one, and a number for each piece, zero
where its aside is to be skipped (`sim.compile.pieces`)."""
MEMORY = (*SECTIONS, *SHARED)
"""The order of the addresses that compiled code takes."""


class Constant(NamedTuple):
    """A constant by its bits, since -0.0 differs from 0.0 and nan equals itself."""

    kind: str
    bits: int


Operand = int | Constant
"""The index of an earlier operation in the list, or a constant."""


class Operation(NamedTuple):
    """An operation on vectors of worlds: a value, a store, or the return of a function."""

    name: str
    of: tuple[Operand, ...]
    kind: str
    "of the value, or of what is stored"
    at: tuple[str, int] = ("", 0)
    'section and row of a load or store; the function that "unless" calls'


def program(trace: Trace) -> list[Operation]:
    """Return the operations of a month, each store right after its value."""
    writer = _Writer(trace.rows)
    for section, row, symbol in trace.stored:
        value = writer.operand(symbol, kind_of(symbol))
        at = ("new" if section == "state" else section, row)
        writer.operations.append(Operation("store", (value,), kind_of(symbol), at))
    return writer.operations


def functions(operations: Iterable[Operation]) -> dict[str, list[Operation]]:
    """Return the elementary functions that are called, directly or not, each as a list that ends with "return".

    They are traced like the month; arguments are loads from the section "argument". Each comes after those it calls.
    One with a shorter way for usual numbers takes it where all worlds of a vector have them; "unless" returns what the
    function that `at` names gives, where its first operand does not hold in all.
    """
    found: dict[str, list[Operation]] = {}
    for name in sorted({operation.name for operation in operations} & ELEMENTARY.keys()):
        ways = {name: _function(name, shorter_ways())}
        if any(one.name == "unless" for one in ways[name]):
            ways = {f"any_{name}": _function(name, nullcontext([]))} | ways
        found |= functions(one for way in ways.values() for one in way) | ways
    return found


def _function(name: str, way: AbstractContextManager[list[Any]]) -> list[Operation]:
    """Return an elementary function, traced within `way`, which yields the conditions under which it may be taken."""
    names = [("argument", parameter) for parameter in signature(BODIES[name]).parameters]
    arguments = [given(one, (1,)) for one in names]
    writer = _Writer({(one, 0): number for number, one in enumerate(names)})
    with way as conditions:
        (value,) = BODIES[name](*arguments)
    for condition in conditions:
        of = (condition, *(one[0] for one in arguments))
        operands = tuple(writer.operand(one, kind_of(one)) for one in of)
        writer.operations.append(Operation("unless", operands, "bool", (f"any_{name}", 0)))
    result = writer.operand(value, "float")
    return [*writer.operations, Operation("return", (result,), "float")]


class _Writer:
    """The list so far, with the index of each symbol and operation in it."""

    def __init__(self, rows: dict[Any, int]) -> None:
        self.rows = rows
        self.operations: list[Operation] = []
        self._indices: dict[Operation, int] = {}
        self._symbols: dict[Symbol, Operand] = {}

    def operand(self, symbol: Any, kind: str) -> Operand:
        """Return the index of a symbol, after adding what it depends on, or a constant of this kind."""
        if not isinstance(symbol, Symbol):
            return constant(symbol, kind)
        for one in _in_order(symbol, self._symbols):
            operation = simpler(self._operation(one))
            if not isinstance(operation, Operation):
                self._symbols[one] = operation
                continue
            if operation not in self._indices:
                self._indices[operation] = len(self.operations)
                self.operations.append(operation)
            self._symbols[one] = self._indices[operation]
        return self._symbols[symbol]

    def _operation(self, symbol: Symbol) -> Operation:
        if symbol.operation == "load":
            section = {"state": "old", "argument": "argument"}.get(symbol.of[0][0], "given")
            return Operation("load", (), symbol.kind, (section, self.rows[symbol.of]))
        return Operation(symbol.operation, tuple(map(self._known, symbol.of)), symbol.kind)

    def _known(self, one: Any) -> Operand:
        return self._symbols[one] if isinstance(one, Symbol) else constant(one, kind_of(one))


def simpler(operation: Operation) -> Operation | Operand:
    """Return an operation that gives the same bits in less time, or an operand that has them already.

    A factor or divisor of one changes nothing, and to divide by a power of two is to multiply by another.
    """
    if operation.name not in ("multiply", "divide") or operation.kind != "float":
        return operation
    a, b = operation.of
    if b == ONE:
        return a
    if operation.name == "multiply":
        return b if a == ONE else operation
    if isinstance(b, Constant):
        number = struct.unpack("<d", struct.pack("<q", b.bits))[0]
        if frexp(number)[0] == 0.5 and 2.0**-1000 < number < 2.0**1000:
            return Operation("multiply", (a, constant(1.0 / number, "float")), "float")
    return operation


def _in_order(symbol: Symbol, known: dict[Symbol, Operand]) -> Iterator[Symbol]:
    """Yield what a symbol depends on, depth first, then itself; without recursion, for chains are thousands long."""
    stack = [symbol]
    while stack:
        top = stack[-1]
        if top in known:
            stack.pop()
            continue
        of: Iterable[Any] = () if top.operation == "load" else top.of
        missing = [one for one in of if isinstance(one, Symbol) and one not in known]
        if missing:
            stack += reversed(missing)
        else:
            yield stack.pop()


def constant(value: Any, kind: str) -> Constant:
    """Return a float, boolean or integer as a constant."""
    if kind == "float":
        return Constant(kind, struct.unpack("<q", struct.pack("<d", float(value)))[0])
    return Constant(kind, int(value))


NOUGHT, ONE, INFINITE = (constant(number, "float") for number in (0.0, 1.0, float("inf")))
SIGN = 2**63
"""The bit of a number's sign."""


def is_usual(one: Operand) -> bool:
    """Return whether it is a constant, neither nan nor -0."""
    return isinstance(one, Constant) and one.bits % SIGN <= INFINITE.bits and one.bits % 2**64 != SIGN

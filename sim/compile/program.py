"""The month as a program: an ordered list of operations, from which a backend emits code.

An operation stands after all that it takes. Equal operations stand there once. Nothing here knows a backend: names are
those of NumPy's functions, and places are rows of the sections that `sim.compile.month` lays out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from inspect import signature
from typing import Any, NamedTuple

from sim.compile.month import Written
from sim.compile.tracing import ELEMENTARY, Symbol, given, kind_of
from sim.elementary import BODIES

SECTIONS = {"old": "state", "new": "state", "recorded": "recorded", "given": "given"}
"""Memory of a group of worlds: what a program calls it, and the section whose rows it has. "old" and "new" are the
state before and after the month."""


class Constant(NamedTuple):
    """A constant as its 64 bits: -0.0 differs from 0.0, and nan equals itself."""

    kind: str
    bits: int


Operand = int | Constant
"""The place of an earlier operation in the list, or a constant."""


class Operation(NamedTuple):
    """One value of a vector of worlds, a store, or the return of a function."""

    name: str
    of: tuple[Operand, ...]
    kind: str
    "of the value, or of what is stored"
    at: tuple[str, int] = ("", 0)
    "section and row of a load or store"


def program(written: Written) -> list[Operation]:
    """All operations of a month, each store as soon as its value is there."""
    writer = _Writer(written.rows)
    for section, row, symbol in written.stored:
        value = writer.operand(symbol, kind_of(symbol))
        at = ("new" if section == "state" else section, row)
        writer.operations.append(Operation("store", (value,), kind_of(symbol), at))
    return writer.operations


def functions(operations: Iterable[Operation]) -> dict[str, list[Operation]]:
    """The elementary functions that are called, and that these call in turn: each a list that ends with "return".

    They are traced like the month; their arguments are loads from the section "argument".
    """
    found: dict[str, list[Operation]] = {}
    for name in sorted({operation.name for operation in operations} & ELEMENTARY.keys()):
        names = [("argument", parameter) for parameter in signature(BODIES[name]).parameters]
        writer = _Writer({(one, 0): number for number, one in enumerate(names)})
        value = writer.operand(BODIES[name](*(given(one, (1,)) for one in names))[0], "number")
        found[name] = [*writer.operations, Operation("return", (value,), "number")]
        found |= functions(found[name])
    return found


class _Writer:
    """The list so far, and where in it each symbol and each operation is."""

    def __init__(self, rows: dict[Any, int]) -> None:
        self.rows = rows
        self.operations: list[Operation] = []
        self._places: dict[Operation, int] = {}
        self._symbols: dict[Symbol, int] = {}

    def operand(self, symbol: Any, kind: str) -> Operand:
        """The place of a symbol once all that it takes is in the list, or a constant of this kind."""
        if not isinstance(symbol, Symbol):
            return constant(symbol, kind)
        for one in _in_order(symbol, self._symbols):
            operation = self._operation(one)
            if operation not in self._places:
                self._places[operation] = len(self.operations)
                self.operations.append(operation)
            self._symbols[one] = self._places[operation]
        return self._symbols[symbol]

    def _operation(self, symbol: Symbol) -> Operation:
        if symbol.operation == "load":
            section = {"state": "old", "argument": "argument"}.get(symbol.of[0][0], "given")
            return Operation("load", (), symbol.kind, (section, self.rows[symbol.of]))
        return Operation(symbol.operation, tuple(map(self._known, symbol.of)), symbol.kind)

    def _known(self, one: Any) -> Operand:
        return self._symbols[one] if isinstance(one, Symbol) else constant(one, kind_of(one))


def _in_order(symbol: Symbol, known: dict[Symbol, int]) -> Iterator[Symbol]:
    """A symbol after all that it takes and that is not known yet. A stack of our own: chains are thousands long."""
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
    """A number, truth or integer as a constant."""
    if kind == "number":
        return Constant(kind, struct.unpack("<q", struct.pack("<d", float(value)))[0])
    return Constant(kind, int(value))

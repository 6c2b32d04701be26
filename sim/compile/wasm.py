"""The backend for WebAssembly: programs as a module that a browser runs, or wasmtime.

A vector has two worlds (128 bits), so a group of eight is four vectors. As for LLVM a program is cut into pieces, each
a function of straight-line code over one vector; the function of a program calls them for every group. WebAssembly
prescribes the arithmetic of IEEE 754 and no other rounding, so results are NumPy's, on any processor, but for the bits
inside a nan. In memory booleans are 1.0 or 0.0, in vectors all bits or none.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

from sim.compile.month import Month
from sim.compile.philox import add_draws
from sim.compile.pieces import Pieces, cut, laid_out
from sim.compile.program import (
    MEMORY,
    NOUGHT,
    ONE,
    SECTIONS,
    SIGN,
    Constant,
    Operand,
    Operation,
    functions,
    is_usual,
)
from sim.compile.wasm_binary import (
    END,
    I32,
    IF,
    LOOP,
    REPEAT,
    V128,
    Module,
    call,
    get,
    i32,
    i64,
    put,
    simd,
    tee,
    unsigned,
)
from sim.model.block import GROUP

LENGTH = 400
"""Operations in a piece, whose code should stay in the first cache while a group passes. A function of fifty thousand
takes Cranelift two minutes instead of a second."""
SIZE, OF_VECTOR = 8 * GROUP, 16
"""Bytes of a row of a group, and of a vector."""
FLOATS = {
    "add": 0xF0, "subtract": 0xF1, "multiply": 0xF2, "divide": 0xF3,
    "absolute": 0xEC, "negative": 0xED, "sqrt": 0xEF, "floor": 0x75,
    "equal": 0x47, "less": 0x49, "greater": 0x4A, "less_equal": 0x4B, "greater_equal": 0x4C,
}  # fmt: skip
LOGIC = {"not": 0x4D, "and": 0x4E, "or": 0x50}
INTEGERS = {"add": 0xCE, "subtract": 0xD1, "left_shift": 0xCB, "right_shift": 0xCC}
EXTREMES = {"minimum": 0xF6, "maximum": 0xF7}
"""Instructions that give the second operand where it is less or greater, else the first: also of equals and of nan."""
AND, AND_NOT, OR, SELECT = (simd(number) for number in (0x4E, 0x4F, 0x50, 0x52))
DIFFER, LOAD, STORE = (simd(number) for number in (0x48, 0, 11))
ANY, IF_VECTOR, ELSE = simd(0x53), b"\x04" + V128, b"\x05"
"""Whether a vector has a bit, and the begin and the middle of two pieces of code of which one leaves a vector."""
FIRST_BITS, BOTH, OTHER, LEAVE = simd(0xC4), i32(3), b"\x47", b"\x0f"
"""A bit of each world of a vector as a number, that of both, unequal numbers, the end of a function with its value."""
ALIGNED = b"\x04"
ALL = 2**64 - 1
NOTHING = b""
CALL, WORTH_SKIPPING = 50, 50
"""About the operations of an elementary function, and those that one side of a choice needs where a jump over it pays.
Most such choices are of projects that nobody begins, of demand without a gain and of trade without a volume."""


def to_wasm(
    programs: Mapping[str, Sequence[Operation]], month: Month, rare: Collection[int] = ()
) -> tuple[bytes, Month]:
    """Return a module with a function for each program, and the layout of memory with what their pieces need.

    A function takes the addresses of `program.MEMORY`, multiples of 64, and the number of groups. The first four
    sections have the rows of `month`, of eight floats for each group; the others are shared by all groups. The module
    exports its `memory` and the function `draws` (`sim.compile.philox`), too. `rare` are rows of the record that are
    seldom asked for.
    """
    module = Module()
    add_draws(module)
    called: dict[str, int] = {}
    for name, lines in functions(chain(*programs.values())).items():
        arguments = 1 + max(one.at[1] for one in lines if one.name == "load")
        body = _Body(module, lines, range(len(lines)), {}, called, arguments)
        code = body.written(range(len(lines)))
        called[name] = module.add([V128] * arguments, [V128], [(body.locals - arguments, V128)], code)
    rows = {name: month.sizes[section] for name, section in SECTIONS.items()}
    pieces = {name: cut(operations, LENGTH, rare) for name, operations in programs.items()}
    for name, one in pieces.items():
        module.export(name, _program(module, one, called, rows))
    return module.binary(), laid_out(month, pieces.values())


def _program(module: Module, pieces: Pieces, called: Mapping[str, int], rows: Mapping[str, int]) -> int:
    """Add the function of a program: for every group, for every piece, for every vector."""
    places, groups, at = range(len(MEMORY)), len(MEMORY), len(MEMORY) + 1
    code = LOOP
    moves = [NOTHING if name == "asked" else get(at) + b"\x6a" for name in MEMORY]
    addresses = b"".join(get(k) + move for k, move in zip(places, moves, strict=True))
    for number in range(len(pieces.cuts)):
        piece = _piece(module, pieces, number, called)
        next_vector = get(at) + i32(OF_VECTOR) + b"\x6a" + tee(at)
        code += i32(0) + put(at) + LOOP + addresses + call(piece) + next_vector + i32(SIZE) + b"\x48" + REPEAT + END
    code += b"".join(get(k) + i32(rows.get(name, 0) * SIZE) + b"\x6a" + put(k) for k, name in enumerate(MEMORY))
    code += get(groups) + i32(1) + b"\x6b" + tee(groups) + REPEAT + END
    return module.add([I32] * (len(MEMORY) + 1), [], [(1, I32)], code)


def _piece(module: Module, pieces: Pieces, number: int, called: Mapping[str, int]) -> int:
    """Add the function of a piece, for one vector."""
    always, *asides = pieces.cuts[number]
    body = _Body(module, pieces.operations, (*always, *chain(*asides)), pieces.slots, called, len(MEMORY))
    code = body.written(always)
    for k, aside in enumerate(asides):
        if aside:
            flag = unsigned(8 * (number + k * len(pieces.cuts)))
            asked = get(MEMORY.index("asked")) + b"\x29\x03" + flag + i64(0) + b"\x52"
            before = set(body.local)
            code += asked + IF + body.written(aside) + END
            body.forget(set(body.local) - before - set(aside))
    return module.add([I32] * len(MEMORY), [], [(body.locals - len(MEMORY), V128)], code)


class _Body:
    """The code of a run of operations: a piece, or a whole elementary function.

    A value that is used once waits in `waiting` as the code that computes it, until its user takes it. One that is used
    more often is computed at once and has a local variable.
    """

    def __init__(
        self,
        module: Module,
        operations: Sequence[Operation],
        indices: Sequence[int],
        slots: Mapping[int, int],
        called: Mapping[str, int],
        arguments: int,
    ) -> None:
        self.module, self.called, self.locals = module, called, arguments
        self.operations, self.slots = operations, slots
        self.uses = Counter(one for index in indices for one in _read(operations[index]))
        self.code = NOTHING
        self.waiting: dict[int, bytes] = {}
        self.weights: dict[Operand, int] = {}
        self.local: dict[int, int] = {}

    def written(self, indices: Iterable[int]) -> bytes:
        """Return the code of these operations, which may use the values of those before."""
        self.code = NOTHING
        for index in indices:
            self.write(index)
        return self.code

    def forget(self, loaded: Collection[int]) -> None:
        """Read these values from memory again: what an aside has loaded is not there where the aside was skipped."""
        for index in loaded:
            del self.local[index]

    def write(self, index: int) -> None:
        """Add the code of an operation, and the spill of its value if a later piece reads it."""
        operation = self.operations[index]
        if operation.name == "load":
            return  # `operand` loads it where it is first read
        code = self.instruction(operation)
        if operation.name == "store":
            self.code += self.store(code, operation.at)
        elif operation.name in ("unless", "return"):
            self.code += code
        elif index in self.slots and not self.uses[index]:
            self.code += self.store(code, ("scratch", self.slots[index]))
        elif index in self.slots or self.uses[index] > 1:
            self.code += code + put(self.new(index))
            if index in self.slots:
                self.code += self.store(get(self.local[index]), ("scratch", self.slots[index]))
        else:
            self.waiting[index] = code
            own = CALL if operation.name in self.called else 1
            self.weights[index] = own + sum(self.weights.get(one, 0) for one in operation.of)

    def instruction(self, operation: Operation) -> bytes:
        """Return the code that leaves the value of an operation, or what it stores, on the stack."""
        name, kind = operation.name, operation.kind
        if name in ("left_shift", "right_shift"):
            by = operation.of[1]
            assert isinstance(by, Constant)
            return self.operand(operation.of[0]) + i32(by.bits) + simd(INTEGERS[name])
        of = [self.operand(one) for one in operation.of]
        together = b"".join(of)
        if name in ("bits", "from_bits", "return"):
            return together
        if name == "unless":
            unusual = b"".join(of[1:]) + call(self.called[operation.at[0]]) + LEAVE
            return of[0] + FIRST_BITS + BOTH + OTHER + IF + unusual + END
        if name == "store" or name == "to_float":
            return together + (
                self.module.constant(ONE.bits) + AND if name == "to_float" or kind == "bool" else NOTHING
            )
        if name == "select":
            return self.select(operation, *of)
        if name == "copysign":
            return of[1] + of[0] + self.module.constant(SIGN) + SELECT
        if name in EXTREMES:
            return self.extreme(operation, *of)
        if name in self.called:
            return together + call(self.called[name])
        return together + simd(INTEGERS[name] if kind == "int" else (LOGIC | FLOATS)[name])

    def select(self, operation: Operation, condition: bytes, a: bytes, b: bytes) -> bytes:
        """Return the code of a choice; of zero and another, whose bits it keeps or drops."""
        _, first, second = operation.of
        if second == NOUGHT and self.weights.get(first, 0) >= WORTH_SKIPPING:
            kept = self.variable()
            return condition + tee(kept) + ANY + IF_VECTOR + a + get(kept) + AND + ELSE + b + END
        if second == NOUGHT:
            return a + condition + AND
        return b + condition + AND_NOT if first == NOUGHT else a + b + condition + SELECT

    def extreme(self, operation: Operation, a: bytes, b: bytes) -> bytes:
        """Return the code of a minimum or maximum as NumPy has it: the second of equals, nan if either is."""
        choose = simd(EXTREMES[operation.name])
        first, second = operation.of
        if is_usual(second):  # equals differ only if they are zeros, of which adding zero makes a plain one
            return (
                a
                + b
                + choose
                + (self.module.constant(NOUGHT.bits) + simd(FLOATS["add"]) if second == NOUGHT else NOTHING)
            )
        return b + a + choose + (NOTHING if is_usual(first) else a + a + DIFFER + OR)  # all bits are a nan

    def operand(self, one: Operand) -> bytes:
        """Return the code that pushes a constant or a value, which is read from memory if it was not computed here."""
        if isinstance(one, Constant):
            return self.module.constant(one.bits if one.kind != "bool" else ALL * one.bits)
        if one in self.local:
            return get(self.local[one])
        if one in self.waiting:
            return self.waiting.pop(one)
        operation = self.operations[one]
        section, row = operation.at if operation.name == "load" else ("scratch", self.slots[one])
        if section == "argument":
            return get(row)
        code = get(MEMORY.index(section)) + LOAD + ALIGNED + unsigned(row * SIZE)
        if operation.kind == "bool" and section != "scratch":
            code += self.module.constant(NOUGHT.bits) + DIFFER
        if self.uses[one] == 1:
            return code
        self.code += code + put(self.new(one))
        return get(self.local[one])

    def store(self, code: bytes, at: tuple[str, int]) -> bytes:
        """Return the code that stores what `code` computes."""
        section, row = at
        return get(MEMORY.index(section)) + code + STORE + ALIGNED + unsigned(row * SIZE)

    def new(self, index: int) -> int:
        """Return a new local variable for a value."""
        self.local[index] = self.variable()
        return self.local[index]

    def variable(self) -> int:
        """Return a new local variable."""
        self.locals += 1
        return self.locals - 1


def _read(operation: Operation) -> list[int]:
    """Return the values that the code of an operation pushes, each as often as it does."""
    of = operation.of
    if operation.name in EXTREMES and not any(map(is_usual, of)):
        of = (*of, of[0], of[0])
    return [one for one in of if isinstance(one, int)]

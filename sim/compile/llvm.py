"""A program in LLVM's language: one function for each piece, and one that calls them all for every group of worlds.

A piece is a loop over the vectors of a group. Nothing is contracted or reordered: the same arithmetic in the same
order as NumPy does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.compile.pieces import Pieces, cut
from sim.compile.program import SECTIONS, Constant, Operand, Operation
from sim.compile.tracing import LOOPS
from sim.model.world import GROUP

WIDE = '"prefer-vector-width"="512" "min-legal-vector-width"="512"'
"""Whole vectors of eight where the processor has them; without this LLVM halves them."""
ARITHMETIC = {"add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv", "negative": "fneg"}
COMPARISONS = {"less": "olt", "less_equal": "ole", "greater": "ogt", "greater_equal": "oge", "equal": "oeq"}
EXTREMES = {"minimum": "olt", "maximum": "ogt"}
INTRINSICS = ("sqrt", "floor")
MEMORY = (*SECTIONS, "scratch")
"""What the function of a month is handed the addresses of, in this order."""
HANDED = ", ".join(f"ptr %{name}" for name in (*MEMORY, "loops", "seen"))
"""What a piece is handed."""


def to_llvm(operations: Sequence[Operation], sizes: dict[str, int], lanes: int) -> tuple[str, int]:
    """The text of ``i32 @month(ptr sections, ptr loops, i64 groups)``, and the rows of scratch memory that it needs.

    `sections` are the addresses of `MEMORY`; the first four have `sizes` rows of eight numbers for each group, scratch
    memory has rows for one group. A vector has `lanes` worlds. The function returns the errors of arithmetic as flags
    of the C library.
    """
    pieces = cut(operations)
    numbers = f"<{lanes} x double>"
    heads = [f"declare {numbers} @llvm.{name}.v{lanes}f64({numbers})" for name in INTRINSICS]
    heads += ["declare i32 @feclearexcept(i32)", "declare i32 @fetestexcept(i32)"]
    heads += [_loop(name, k, lanes) for k, name in enumerate(LOOPS)]
    texts = [_piece(number, operations, pieces, lanes) for number in range(len(pieces.cuts))]
    rows = {name: sizes[section] for name, section in SECTIONS.items()}
    return "\n".join([*heads, *texts, _month(len(texts), rows)]), pieces.size


def _piece(number: int, operations: Sequence[Operation], pieces: Pieces, lanes: int) -> str:
    """The function of a piece. It takes pointers to the rows of a group and goes over the group's vectors."""
    body = _Body(operations, pieces, lanes)
    for place in pieces.cuts[number]:
        body.write(place)
    return f"""
define internal void @piece{number}({HANDED}) {WIDE} {{
entry:
  br label %loop
loop:
  %k = phi i64 [ 0, %entry ], [ %next, %loop ]
{_lines(f"%{name}_at = getelementptr inbounds double, ptr %{name}, i64 %k" for name in MEMORY)}
{_lines(body.lines)}
  %next = add i64 %k, {lanes}
  %more = icmp ult i64 %next, {GROUP}
  br i1 %more, label %loop, label %end
end:
  ret void
}}"""


def _month(pieces: int, rows: dict[str, int]) -> str:
    """The function that calls all pieces for group after group; scratch memory serves every group anew."""
    addresses, moved = [], []
    for k, name in enumerate(MEMORY):
        addresses += [f"%at_{name} = getelementptr ptr, ptr %sections, i64 {k}"]
        addresses += [f"%all_{name} = load ptr, ptr %at_{name}"]
        moved += [f"%far_{name} = mul i64 %k, {rows.get(name, 0) * GROUP}"]
        moved += [f"%{name} = getelementptr inbounds double, ptr %all_{name}, i64 %far_{name}"]
    return f"""
define i32 @month(ptr %sections, ptr %loops, i64 %groups) {{
entry:
  %seen = alloca i32
  store i32 0, ptr %seen
  %cleared = call i32 @feclearexcept(i32 31)
{_lines(addresses)}
  br label %test
test:
  %k = phi i64 [ 0, %entry ], [ %next, %group ]
  %more = icmp slt i64 %k, %groups
  br i1 %more, label %group, label %end
group:
{_lines(moved)}
{_lines(f"call void @piece{number}({HANDED})" for number in range(pieces))}
  %next = add i64 %k, 1
  br label %test
end:
  %now = call i32 @fetestexcept(i32 31)
  %before = load i32, ptr %seen
  %flags = or i32 %now, %before
  ret i32 %flags
}}"""


def _lines(instructions: Iterable[str]) -> str:
    return "\n".join(f"  {one}" for one in instructions)


class _Body:
    """The instructions of a piece. The value of operation 7 is called %v7, whether made here or read from scratch."""

    def __init__(self, operations: Sequence[Operation], pieces: Pieces, lanes: int) -> None:
        self.operations, self.slots, self.lanes = operations, pieces.slots, lanes
        self.numbers, self.truths = f"<{lanes} x double>", f"<{lanes} x i1>"
        self.lines: list[str] = []
        self.here: set[int] = set()
        self.count = 0

    def write(self, place: int) -> None:
        """The instructions of an operation; a value that later pieces read is put into its slot."""
        operation = self.operations[place]
        if operation.name == "load":
            return  # written down where it is needed
        of = [self.operand(one) for one in operation.of]
        if operation.name == "store":
            self.store(of[0], operation.kind, *operation.at)
            return
        self.lines.append(f"%v{place} = {self.instruction(operation, of)}")
        self.here.add(place)
        if place in self.slots:
            self.store(f"%v{place}", operation.kind, "scratch", self.slots[place])

    def instruction(self, operation: Operation, of: list[str]) -> str:
        """The instruction that gives the value; others that it needs are written before."""
        name, operands = operation.name, ", ".join(of)
        if name in ARITHMETIC:
            return f"{ARITHMETIC[name]} {self.numbers} {operands}"
        if name in COMPARISONS:
            return f"fcmp {COMPARISONS[name]} {self.numbers} {operands}"
        if name in EXTREMES:
            return self.extreme(EXTREMES[name], *of, constant=isinstance(operation.of[0], Constant))
        if name in INTRINSICS:
            return f"call {self.numbers} @llvm.{name}.v{self.lanes}f64({self.numbers} {operands})"
        if name in LOOPS:
            handed = "".join(f"{self.numbers} {one}, " for one in of)
            return f"call {self.numbers} @{name}({handed}ptr %loops, ptr %seen)"
        if name == "select":
            kind = self.truths if operation.kind == "truth" else self.numbers
            return f"select {self.truths} {of[0]}, {kind} {of[1]}, {kind} {of[2]}"
        if name == "number":
            return f"uitofp {self.truths} {operands} to {self.numbers}"
        if name == "not":
            return f"xor {self.truths} {operands}, {self.constant('truth', 1)}"
        return f"{name} {self.truths} {operands}"

    def extreme(self, relation: str, a: str, b: str, *, constant: bool) -> str:
        """As NumPy takes it: of equals the second, and nan where either is."""
        prefers = self.new(f"fcmp {relation} {self.numbers} {a}, {b}")
        found = f"select {self.truths} {prefers}, {self.numbers} {a}, {self.numbers} {b}"
        if constant:
            return found
        no_number = self.new(f"fcmp uno {self.numbers} {a}, {a}")
        return f"select {self.truths} {no_number}, {self.numbers} {a}, {self.numbers} {self.new(found)}"

    def operand(self, one: Operand) -> str:
        """The name of a value, which is read from memory if it was not made in this piece; a constant spelled out."""
        if isinstance(one, Constant):
            return self.constant(*one)
        if one not in self.here:
            operation = self.operations[one]
            at = operation.at if operation.name == "load" else ("scratch", self.slots[one])
            read = f"load {self.numbers}, ptr {self.place(*at)}, align 8"
            if operation.kind == "truth":
                read = f"fcmp une {self.numbers} {self.new(read)}, {self.constant('number', 0)}"
            self.lines.append(f"%v{one} = {read}")
            self.here.add(one)
        return f"%v{one}"

    def store(self, value: str, kind: str, section: str, row: int) -> None:
        """Put a value into a row, a truth as one or zero."""
        if kind == "truth":
            value = self.new(f"uitofp {self.truths} {value} to {self.numbers}")
        self.lines.append(f"store {self.numbers} {value}, ptr {self.place(section, row)}, align 8")

    def place(self, section: str, row: int) -> str:
        return self.new(f"getelementptr inbounds double, ptr %{section}_at, i64 {row * GROUP}")

    def new(self, text: str) -> str:
        self.count += 1
        self.lines.append(f"%t{self.count} = {text}")
        return f"%t{self.count}"

    def constant(self, kind: str, bits: int) -> str:
        one = f"i1 {str(bool(bits)).lower()}" if kind == "truth" else f"double 0x{bits % 2**64:016X}"
        return f"<{', '.join([one] * self.lanes)}>"


def _loop(name: str, k: int, lanes: int) -> str:
    """A loop of NumPy as a function of vectors. `%loops` has the address of each and what it wants to be handed.

    A loop takes pointers to what it reads and writes, how many numbers there are, and the steps between them.

    Some loops clear the processor's flags of errors (that of tanh does), so those raised until then are noted before.
    """
    numbers = f"<{lanes} x double>"
    inputs = ["a", "b"] if name == "power" else ["a"]
    lines = ["  %steps = alloca [3 x i64]", "  %many = alloca i64", f"  store i64 {lanes}, ptr %many"]
    lines += [f"  %pointers = alloca [{len(inputs) + 1} x ptr]"]
    for j, one in enumerate([*inputs, "out"]):
        lines += [f"  %m{one} = alloca {numbers}, align 64"]
        if one != "out":
            lines += [f"  store {numbers} %{one}, ptr %m{one}, align 64"]
        lines += [f"  %s{j} = getelementptr i64, ptr %steps, i64 {j}", f"  store i64 8, ptr %s{j}"]
        lines += [f"  %p{j} = getelementptr ptr, ptr %pointers, i64 {j}", f"  store ptr %m{one}, ptr %p{j}"]
    for j, one in enumerate(("loop", "data")):
        lines += [f"  %at_{one} = getelementptr ptr, ptr %loops, i64 {2 * k + j}"]
        lines += [f"  %{one} = load ptr, ptr %at_{one}"]
    lines += ["  %now = call i32 @fetestexcept(i32 31)", "  %before = load i32, ptr %seen"]
    lines += ["  %both = or i32 %now, %before", "  store i32 %both, ptr %seen"]
    lines += ["  call void %loop(ptr %pointers, ptr %many, ptr %steps, ptr %data)"]
    lines += [f"  %result = load {numbers}, ptr %mout, align 64", f"  ret {numbers} %result"]
    given = "".join(f"{numbers} %{one}, " for one in inputs)
    head = f"define internal {numbers} @{name}({given}ptr %loops, ptr %seen) noinline {WIDE} {{"
    return "\n".join([head, *lines, "}"])

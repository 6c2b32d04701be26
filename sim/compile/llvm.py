"""A program in LLVM's language: one function for each piece, and one that calls them all for every group of worlds.

A piece is a loop over the vectors of a group. Nothing is contracted or reordered: the same arithmetic in the same
order as NumPy does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.compile.pieces import cut
from sim.compile.program import SECTIONS, Constant, Operand, Operation, functions
from sim.elementary import BODIES
from sim.model.world import GROUP

WIDE = '"prefer-vector-width"="512" "min-legal-vector-width"="512"'
"""Whole vectors of eight where the processor has them; without this LLVM halves them."""
ARITHMETIC = {"add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv", "negative": "fneg"}
COMPARISONS = {"less": "olt", "less_equal": "ole", "greater": "ogt", "greater_equal": "oge", "equal": "oeq"}
EXTREMES = {"minimum": "olt", "maximum": "ogt"}
INTEGERS = {"add": "add", "subtract": "sub", "left_shift": "shl", "right_shift": "ashr"}
INTRINSICS = {"sqrt": "sqrt", "floor": "floor", "absolute": "fabs", "copysign": "copysign"}
MEMORY = (*SECTIONS, "scratch")
"""What the function of a month is handed the addresses of, in this order."""
HANDED = ", ".join(f"ptr %{name}" for name in MEMORY)
"""What a piece is handed."""


def to_llvm(operations: Sequence[Operation], sizes: dict[str, int], lanes: int) -> tuple[str, int]:
    """The text of ``i32 @month(ptr sections, i64 groups)``, and the rows of scratch memory that it needs.

    `sections` are the addresses of `MEMORY`; the first four have `sizes` rows of eight numbers for each group, scratch
    memory has rows for one group. A vector has `lanes` worlds. The function returns the errors of arithmetic as flags
    of the C library.
    """
    pieces = cut(operations)
    heads = ["declare i32 @feclearexcept(i32)", "declare i32 @fetestexcept(i32)"]
    for name, intrinsic in INTRINSICS.items():
        handed = ", ".join([f"<{lanes} x double>"] * (2 if name == "copysign" else 1))
        heads.append(f"declare <{lanes} x double> @llvm.{intrinsic}.v{lanes}f64({handed})")
    called = [_function(name, lines, lanes) for name, lines in functions(operations).items()]
    bodies = [_Body(operations, places, pieces.slots, lanes) for places in pieces.cuts]
    texts = [_piece(number, body) for number, body in enumerate(bodies)]
    rows = {name: sizes[section] for name, section in SECTIONS.items()}
    return "\n".join([*heads, *called, *texts, _month(len(texts), rows)]), pieces.size


def _function(name: str, operations: Sequence[Operation], lanes: int) -> str:
    """An elementary function of vectors."""
    body = _Body(operations, range(len(operations)), {}, lanes)
    arguments = 1 + max(one.at[1] for one in operations if one.name == "load")
    handed = ", ".join(f"{body.numbers} %argument{number}" for number in range(arguments))
    return f"define internal {body.numbers} @{name}({handed}) noinline {WIDE} {{\n{_lines(body.lines)}\n}}"


def _piece(number: int, body: _Body) -> str:
    """The function of a piece. It takes pointers to the rows of a group and goes over the group's vectors."""
    return f"""
define internal void @piece{number}({HANDED}) {WIDE} {{
entry:
  br label %loop
loop:
  %k = phi i64 [ 0, %entry ], [ %next, %loop ]
{_lines(f"%{name}_at = getelementptr inbounds double, ptr %{name}, i64 %k" for name in MEMORY)}
{_lines(body.lines)}
  %next = add i64 %k, {body.lanes}
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
define i32 @month(ptr %sections, i64 %groups) {{
entry:
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
  %flags = call i32 @fetestexcept(i32 31)
  ret i32 %flags
}}"""


def _lines(instructions: Iterable[str]) -> str:
    return "\n".join(f"  {one}" for one in instructions)


class _Body:
    """The instructions of the operations at some places, a piece or a whole function.

    The value of operation 7 is called %v7, whether it was made here or read from memory.
    """

    def __init__(
        self, operations: Sequence[Operation], places: Iterable[int], slots: dict[int, int], lanes: int
    ) -> None:
        self.operations, self.slots, self.lanes = operations, slots, lanes
        self.numbers, self.truths, self.integers = (f"<{lanes} x {one}>" for one in ("double", "i1", "i64"))
        self.lines: list[str] = []
        self.here: set[int] = set()
        self.count = 0
        for place in places:
            self.write(place)

    def write(self, place: int) -> None:
        """The instructions of an operation; a value that later pieces read is put into its slot."""
        operation = self.operations[place]
        if operation.name == "load":
            return  # written down where it is needed
        of = [self.operand(one) for one in operation.of]
        if operation.name == "store":
            self.store(of[0], operation.kind, *operation.at)
            return
        if operation.name == "return":
            self.lines.append(f"ret {self.numbers} {of[0]}")
            return
        self.lines.append(f"%v{place} = {self.instruction(operation, of)}")
        self.here.add(place)
        if place in self.slots:
            self.store(f"%v{place}", operation.kind, "scratch", self.slots[place])

    def instruction(self, operation: Operation, of: list[str]) -> str:
        """The instruction that gives the value; others that it needs are written before."""
        name, operands = operation.name, ", ".join(of)
        if operation.kind == "integer":
            return self.of_integers(name, operands)
        if name in ARITHMETIC:
            return f"{ARITHMETIC[name]} {self.numbers} {operands}"
        if name in COMPARISONS:
            return f"fcmp {COMPARISONS[name]} {self.numbers} {operands}"
        if name in EXTREMES:
            return self.extreme(EXTREMES[name], *of, constant=isinstance(operation.of[0], Constant))
        if name in INTRINSICS or name in BODIES:
            handed = ", ".join(f"{self.numbers} {one}" for one in of)
            function = f"llvm.{INTRINSICS[name]}.v{self.lanes}f64" if name in INTRINSICS else name
            return f"call {self.numbers} @{function}({handed})"
        if name == "from_bits":
            return f"bitcast {self.integers} {operands} to {self.numbers}"
        if name == "select":
            kind = self.truths if operation.kind == "truth" else self.numbers
            return f"select {self.truths} {of[0]}, {kind} {of[1]}, {kind} {of[2]}"
        if name == "number":
            return f"uitofp {self.truths} {operands} to {self.numbers}"
        if name == "not":
            return f"xor {self.truths} {operands}, {self.constant('truth', 1)}"
        return f"{name} {self.truths} {operands}"

    def of_integers(self, name: str, operands: str) -> str:
        if name == "bits":
            return f"bitcast {self.numbers} {operands} to {self.integers}"
        return f"{INTEGERS[name]} {self.integers} {operands}"

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
            if at[0] == "argument":
                return f"%argument{at[1]}"
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
        words = {"truth": f"i1 {str(bool(bits)).lower()}", "integer": f"i64 {bits}"}
        one = words.get(kind, f"double 0x{bits % 2**64:016X}")
        return f"<{', '.join([one] * self.lanes)}>"

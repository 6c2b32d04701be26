"""The backend for LLVM: a program as LLVM's assembly language.

There is a function for each piece, and one that calls them all for every group of worlds. A piece is a loop over the
vectors of a group (one vector of eight worlds, or two of four). LLVM neither contracts nor reorders floating-point
operations unless asked to, so this is the arithmetic of NumPy in the same order.
"""

from collections.abc import Iterable, Sequence

from sim.compile.pieces import Pieces, cut
from sim.compile.program import MEMORY, NOUGHT, SECTIONS, Constant, Operand, Operation, functions, is_usual
from sim.elementary import BODIES
from sim.model.block import GROUP

WIDE = '"prefer-vector-width"="512" "min-legal-vector-width"="512"'
"""Ask for vectors of 512 bits where the processor has them; without this LLVM splits them into halves."""
ARITHMETIC = {"add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv", "negative": "fneg"}
COMPARISONS = {"less": "olt", "less_equal": "ole", "greater": "ogt", "greater_equal": "oge", "equal": "oeq"}
EXTREMES = {"minimum": "olt", "maximum": "ogt"}
INTEGERS = {"add": "add", "subtract": "sub", "left_shift": "shl", "right_shift": "ashr"}
INTRINSICS = {"sqrt": "sqrt", "floor": "floor", "absolute": "fabs", "copysign": "copysign"}
HANDED = ", ".join(f"ptr %{name}" for name in MEMORY)
"""Arguments of a piece."""


def to_llvm(operations: Sequence[Operation], sizes: dict[str, int], lanes: int) -> tuple[str, Pieces]:
    """Return the text of ``void @month(ptr sections, i64 groups, ptr shared)``, and the pieces into which it is cut.

    `sections` holds the addresses of `MEMORY`. The first four have `sizes` rows of eight floats for each group of
    worlds; all groups share the others. A vector has `lanes` worlds. The errors of arithmetic are flags of the C
    library.
    """
    pieces = cut(operations)
    heads = ["declare i32 @feclearexcept(i32)", "declare i32 @fetestexcept(i32)"]
    for name, intrinsic in INTRINSICS.items():
        handed = ", ".join([f"<{lanes} x double>"] * (2 if name == "copysign" else 1))
        heads.append(f"declare <{lanes} x double> @llvm.{intrinsic}.v{lanes}f64({handed})")
    heads.append(f"declare i1 @llvm.vector.reduce.and.v{lanes}i1(<{lanes} x i1>)")
    called = [_function(name, lines, lanes) for name, lines in functions(operations).items()]
    texts = [_piece(number, pieces, lanes) for number in range(len(pieces.cuts))]
    rows = {name: sizes[section] for name, section in SECTIONS.items()}
    return "\n".join([*heads, *called, *texts, _month(len(texts), rows)]), pieces


def _function(name: str, operations: Sequence[Operation], lanes: int) -> str:
    """Return an elementary function of vectors. Never inlined: 300 copies would double the code."""
    body = _Body(operations, {}, lanes)
    lines = body.written(range(len(operations)))
    arguments = 1 + max(one.at[1] for one in operations if one.name == "load")
    handed = ", ".join(f"{body.floats} %argument{number}" for number in range(arguments))
    return f"define internal {body.floats} @{name}({handed}) noinline {WIDE} {{\n{_lines(lines)}\n}}"


def _piece(number: int, pieces: Pieces, lanes: int) -> str:
    """Return the function of a piece, a loop over the vectors of a group."""
    body = _Body(pieces.operations, pieces.slots, lanes)
    piece = pieces.cuts[number]
    always, aside = (body.written(indices) for indices in (piece.always, [*piece.aside, *piece.rare]))
    return f"""
define internal void @piece{number}({HANDED}) {WIDE} {{
entry:
  br label %loop
loop:
  %k = phi i64 [ 0, %entry ], [ %next, %done ]
{_lines(f"%{name}_at = getelementptr inbounds double, ptr %{name}, i64 %k" for name in MEMORY)}
{_lines(always)}
  %flag = getelementptr inbounds double, ptr %asked, i64 {number}
  %asks = load double, ptr %flag
  %wanted = fcmp une double %asks, 0.0
  br i1 %wanted, label %aside, label %done
aside:
{_lines(aside)}
  br label %done
done:
  %next = add i64 %k, {lanes}
  %more = icmp ult i64 %next, {GROUP}
  br i1 %more, label %loop, label %end
end:
  ret void
}}"""


def _month(pieces: int, rows: dict[str, int]) -> str:
    """Return the function that calls all pieces for one group of worlds after the other, whichever is still to be done.

    Threads that run it at once share the groups out among them: `shared` counts those that were begun, holds the flags
    of those that are done, and counts these.
    """
    addresses, moved = [], []
    for k, name in enumerate(MEMORY):
        addresses += [f"%at_{name} = getelementptr ptr, ptr %sections, i64 {k}"]
        addresses += [f"%all_{name} = load ptr, ptr %at_{name}"]
        moved += [f"%far_{name} = mul i64 %k, {rows.get(name, 0) * GROUP}"]
        moved += [f"%{name} = getelementptr inbounds double, ptr %all_{name}, i64 %far_{name}"]
    return f"""
define void @month(ptr %sections, i64 %groups, ptr %shared) {{
entry:
  %cleared = call i32 @feclearexcept(i32 31)
{_lines(addresses)}
  %shared_flags = getelementptr i64, ptr %shared, i64 1
  %shared_done = getelementptr i64, ptr %shared, i64 2
  br label %test
test:
  %done = phi i64 [ 0, %entry ], [ %next, %group ]
  %k = atomicrmw add ptr %shared, i64 1 seq_cst
  %more = icmp slt i64 %k, %groups
  br i1 %more, label %group, label %end
group:
{_lines(moved)}
{_lines(f"call void @piece{number}({HANDED})" for number in range(pieces))}
  %next = add i64 %done, 1
  br label %test
end:
  %flags = call i32 @fetestexcept(i32 31)
  %wide = zext i32 %flags to i64
  %flags_before = atomicrmw or ptr %shared_flags, i64 %wide seq_cst
  %done_before = atomicrmw add ptr %shared_done, i64 %done seq_cst
  ret void
}}"""


def _lines(instructions: Iterable[str]) -> str:
    return "\n".join(f"  {one}" for one in instructions)


class _Body:
    """Instructions of a run of operations: a piece, or a whole function.

    The value of operation 7 is in the virtual register %v7, whether it was computed here or read from memory; %t1, %t2
    … are temporaries. LLVM's text wants each register assigned once.
    """

    def __init__(self, operations: Sequence[Operation], slots: dict[int, int], lanes: int) -> None:
        self.operations, self.slots, self.lanes = operations, slots, lanes
        self.floats, self.booleans, self.integers = (f"<{lanes} x {one}>" for one in ("double", "i1", "i64"))
        self.lines: list[str] = []
        self.here: set[int] = set()
        self.count = 0

    def written(self, indices: Iterable[int]) -> list[str]:
        """Return the instructions of these operations, which may use the registers of those before."""
        self.lines = []
        for index in indices:
            self.write(index)
        return self.lines

    def write(self, index: int) -> None:
        """Append the instructions of an operation, and the spill of its value if a later piece reads it."""
        operation = self.operations[index]
        if operation.name == "load":
            return  # `operand` loads it where it is first read
        of = [self.operand(one) for one in operation.of]
        if operation.name == "store":
            self.store(of[0], operation.kind, *operation.at)
            return
        if operation.name == "return":
            self.lines.append(f"ret {self.floats} {of[0]}")
            return
        if operation.name == "unless":
            self.unless(operation.at[0], *of)
            return
        self.lines.append(f"%v{index} = {self.instruction(operation, of)}")
        self.here.add(index)
        if index in self.slots:
            self.store(f"%v{index}", operation.kind, "scratch", self.slots[index])

    def unless(self, function: str, condition: str, *arguments: str) -> None:
        """Append the way out of a function where the condition does not hold in all worlds of the vector."""
        every = self.new(f"call i1 @llvm.vector.reduce.and.v{self.lanes}i1({self.booleans} {condition})")
        usual, other = f"usual{self.count}", f"other{self.count}"
        self.lines.append(f"br i1 {every}, label %{usual}, label %{other}\n{other}:")
        self.lines.append(f"ret {self.floats} {self.new(self.call(function, arguments))}\n{usual}:")

    def call(self, function: str, arguments: Iterable[str]) -> str:
        """Return the call of a function of vectors."""
        return f"call {self.floats} @{function}({', '.join(f'{self.floats} {one}' for one in arguments)})"

    def instruction(self, operation: Operation, of: list[str]) -> str:
        """Return the instruction that computes the value, after appending those that it needs."""
        name, operands = operation.name, ", ".join(of)
        if operation.kind == "int":
            to_bits = f"bitcast {self.floats} {operands} to {self.integers}"
            return to_bits if name == "bits" else f"{INTEGERS[name]} {self.integers} {operands}"
        if name in ARITHMETIC:
            return f"{ARITHMETIC[name]} {self.floats} {operands}"
        if name in COMPARISONS:
            return f"fcmp {COMPARISONS[name]} {self.floats} {operands}"
        if name in EXTREMES:
            return self.extreme(operation, *of)
        if name in INTRINSICS or name in BODIES:
            return self.call(f"llvm.{INTRINSICS[name]}.v{self.lanes}f64" if name in INTRINSICS else name, of)
        if name == "from_bits":
            return f"bitcast {self.integers} {operands} to {self.floats}"
        if name == "select":
            kind = self.booleans if operation.kind == "bool" else self.floats
            return f"select {self.booleans} {of[0]}, {kind} {of[1]}, {kind} {of[2]}"
        if name == "to_float":
            return f"uitofp {self.booleans} {operands} to {self.floats}"
        if name == "not":
            return f"xor {self.booleans} {operands}, {self.constant('bool', 1)}"
        return f"{name} {self.booleans} {operands}"

    def extreme(self, operation: Operation, a: str, b: str) -> str:
        """Return a minimum or maximum as NumPy has it: the second of equals, nan if either is.

        LLVM's own intrinsics treat zeros of different sign, or nan, in other ways.
        """
        first, second = operation.of
        if turned := is_usual(second):
            a, b = b, a
        prefers = self.new(f"fcmp {EXTREMES[operation.name]} {self.floats} {a}, {b}")
        found = f"select {self.booleans} {prefers}, {self.floats} {a}, {self.floats} {b}"
        if turned and second == NOUGHT:  # equals differ only if they are zeros, of which adding zero makes a plain one
            return f"fadd {self.floats} {self.new(found)}, {a}"
        if turned or is_usual(first):
            return found
        no_number = self.new(f"fcmp uno {self.floats} {a}, {a}")
        return f"select {self.booleans} {no_number}, {self.floats} {a}, {self.floats} {self.new(found)}"

    def operand(self, one: Operand) -> str:
        """Return a constant, or the register of a value, read from memory if this piece has not computed it."""
        if isinstance(one, Constant):
            return self.constant(*one)
        if one not in self.here:
            operation = self.operations[one]
            at = operation.at if operation.name == "load" else ("scratch", self.slots[one])
            if at[0] == "argument":
                return f"%argument{at[1]}"
            read = f"load {self.floats}, ptr {self.address(*at)}, align 8"
            if operation.kind == "bool":
                read = f"fcmp une {self.floats} {self.new(read)}, {self.constant('float', 0)}"
            self.lines.append(f"%v{one} = {read}")
            self.here.add(one)
        return f"%v{one}"

    def store(self, value: str, kind: str, section: str, row: int) -> None:
        """Append a store. Memory holds booleans as 1.0 or 0.0, for masks differ between processors."""
        if kind == "bool":
            value = self.new(f"uitofp {self.booleans} {value} to {self.floats}")
        self.lines.append(f"store {self.floats} {value}, ptr {self.address(section, row)}, align 8")

    def address(self, section: str, row: int) -> str:
        """Return the address of a row."""
        return self.new(f"getelementptr inbounds double, ptr %{section}_at, i64 {row * GROUP}")

    def new(self, text: str) -> str:
        """Append an instruction and return its temporary."""
        self.count += 1
        self.lines.append(f"%t{self.count} = {text}")
        return f"%t{self.count}"

    def constant(self, kind: str, bits: int) -> str:
        """Return a vector of a constant."""
        words = {"bool": f"i1 {str(bool(bits)).lower()}", "int": f"i64 {bits}"}
        one = words.get(kind, f"double 0x{bits % 2**64:016X}")
        return f"<{', '.join([one] * self.lanes)}>"

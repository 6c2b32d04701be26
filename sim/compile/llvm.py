"""From symbols to LLVM's language: one function with every equation of the month in it.

It is a loop over groups of eight worlds, which lie side by side in one vector, so that nothing goes through memory but
what is given, changed or recorded. The same arithmetic in the same order as NumPy does it; nothing is contracted or
reordered, and exponentials and the like are left to NumPy's own loops.
"""

from __future__ import annotations

import struct
from typing import Any

from sim.compile.month import Written
from sim.compile.tracing import LOOPS, Symbol
from sim.model.world import GROUP

SECTIONS = {"old": "state", "new": "state", "recorded": "recorded", "given": "given"}
"""What the pointers of the function lead to, and the section of each: the state before and after the month, …"""
NUMBERS, TRUTHS = f"<{GROUP} x double>", f"<{GROUP} x i1>"
VECTOR_FUNCTIONS = ("sqrt", "floor")
WIDE = '"prefer-vector-width"="512" "min-legal-vector-width"="512"'
"""Whole vectors of eight where the processor has them; without this LLVM halves them."""
CALL_OF_A_LOOP = """
define internal void @called(ptr %loop, ptr %pointers, ptr %many, ptr %steps, ptr %data, ptr %seen) noinline {
  %now = call i32 @fetestexcept(i32 31)
  %before = load i32, ptr %seen
  %both = or i32 %now, %before
  store i32 %both, ptr %seen
  call void %loop(ptr %pointers, ptr %many, ptr %steps, ptr %data)
  ret void
}"""
"""Some of NumPy's loops clear the processor's flags of errors (tanh does), so those raised until then are noted before.
A function of its own, so that LLVM cannot put arithmetic between the two."""
PIECE = 400
"""Instructions after which a new block begins: LLVM takes much longer over very long ones."""


def to_llvm(written: Written) -> str:
    """The function ``i32 @month(ptr sections, ptr loops, i64 groups)``; it returns the errors of arithmetic."""
    body = _Body(written.rows)
    for section, row, symbol in written.stored:
        body.store("new" if section == "state" else section, row, symbol)
    heads = [f"declare {NUMBERS} @llvm.{name}.v{GROUP}f64({NUMBERS})" for name in VECTOR_FUNCTIONS]
    heads += ["declare i32 @feclearexcept(i32)", "declare i32 @fetestexcept(i32)"]
    return "\n".join([*heads, CALL_OF_A_LOOP, *_begin(written.month.sizes), *body.lines, *_end()])


def _begin(sizes: dict[str, int]) -> list[str]:
    """From the head of the function to the head of the loop."""
    lines = [
        f"define i32 @month(ptr %sections, ptr %loops, i64 %n) {WIDE} {{",
        "entry:",
    ]
    # a NumPy loop takes pointers to what it reads and writes, how many numbers there are, and the steps between them
    lines += [f"  %{name} = alloca [{GROUP} x double], align 64" for name in ("in0", "in1", "out")]
    lines += ["  %many = alloca i64", f"  store i64 {GROUP}, ptr %many", "  %steps = alloca [3 x i64]"]
    for k in range(3):
        lines += [f"  %step{k} = getelementptr i64, ptr %steps, i64 {k}", f"  store i64 8, ptr %step{k}"]
    for name, inside in (("one", ("in0", "out")), ("two", ("in0", "in1", "out"))):
        lines += [f"  %{name} = alloca [{len(inside)} x ptr]"]
        for k, pointer in enumerate(inside):
            lines += [f"  %{name}{k} = getelementptr ptr, ptr %{name}, i64 {k}"]
            lines += [f"  store ptr %{pointer}, ptr %{name}{k}"]
    lines += ["  %seen = alloca i32", "  store i32 0, ptr %seen"]
    for k, name in enumerate(SECTIONS):
        lines += [f"  %at_{name} = getelementptr ptr, ptr %sections, i64 {k}"]
        lines += [f"  %all_{name} = load ptr, ptr %at_{name}"]
    lines += ["  %cleared = call i32 @feclearexcept(i32 31)", "  %some = icmp sgt i64 %n, 0"]
    lines += ["  br i1 %some, label %loop, label %end", "loop:", "  %k = phi i64 [ 0, %entry ], [ %next, %last ]"]
    for name, section in SECTIONS.items():
        lines += [f"  %far_{name} = mul i64 %k, {GROUP * sizes[section]}"]
        lines += [f"  %{name} = getelementptr inbounds double, ptr %all_{name}, i64 %far_{name}"]
    return lines


def _end() -> list[str]:
    lines = ["  br label %last", "last:", "  %next = add i64 %k, 1", "  %more = icmp slt i64 %next, %n"]
    lines += ["  br i1 %more, label %loop, label %end", "end:", "  %flags = call i32 @fetestexcept(i32 31)"]
    lines += ["  %before = load i32, ptr %seen", "  %all = or i32 %flags, %before"]
    return [*lines, "  ret i32 %all", "}"]


class _Body:
    """The instructions of the loop, each written once, what it follows from before it."""

    def __init__(self, rows: dict[tuple[tuple[str, str], int], int]) -> None:
        self.rows = rows
        self.lines: list[str] = []
        self.names: dict[int, str] = {}
        self.known: dict[str, str] = {}
        self.count = self.pieces = 0

    def store(self, section: str, row: int, symbol: Any) -> None:
        """Write down a symbol, all that it follows from, and that it goes to a row."""
        truth = symbol.truth if isinstance(symbol, Symbol) else isinstance(symbol, bool)
        value = self.value(symbol, truth=truth)
        if truth:
            value = self.add(f"uitofp {TRUTHS} {value} to {NUMBERS}")
        self.lines.append(f"  store {NUMBERS} {value}, ptr {self.place(section, row)}, align 8")

    def value(self, symbol: Any, *, truth: bool = False) -> str:
        """The name of a symbol once all that it follows from is written down; a constant spelled out."""
        if not isinstance(symbol, Symbol):
            return _constant(symbol, truth=truth)
        stack = [symbol]
        while stack:
            top = stack[-1]
            of = () if top.operation == "load" else top.of
            before = [one for one in of if isinstance(one, Symbol) and id(one) not in self.names]
            if before and id(top) not in self.names:
                stack += reversed(before)
                continue
            stack.pop()
            if id(top) not in self.names:
                self.names[id(top)] = self.write(top)
        return self.names[id(symbol)]

    def write(self, symbol: Symbol) -> str:
        """The instruction of a symbol."""
        if self.count // PIECE != self.pieces:
            self.pieces = self.count // PIECE
            self.lines.append(f"  br i1 %some, label %piece{self.pieces}, label %end\npiece{self.pieces}:")
        operation, of = symbol.operation, symbol.of
        if operation == "load":
            return self.load(symbol)
        if operation == "call":
            return self.call(*of)
        if operation == "select":
            kind = TRUTHS if symbol.truth else NUMBERS
            a, b = (self.value(one, truth=symbol.truth) for one in of[1:])
            return self.add(f"select {TRUTHS} {self.value(of[0], truth=True)}, {kind} {a}, {kind} {b}")
        if operation == "not":
            return self.add(f"xor {TRUTHS} {self.value(of[0], truth=True)}, {_constant(True, truth=True)}")
        if operation in ("and", "or"):
            return self.add(f"{operation} {TRUTHS} {', '.join(self.value(one, truth=True) for one in of)}")
        if operation == "uitofp":
            return self.add(f"uitofp {TRUTHS} {self.value(of[0], truth=True)} to {NUMBERS}")
        values = ", ".join(self.value(one) for one in of)
        if operation in VECTOR_FUNCTIONS:
            return self.add(f"call {NUMBERS} @llvm.{operation}.v{GROUP}f64({NUMBERS} {values})")
        return self.add(f"{operation} {NUMBERS} {values}")

    def load(self, symbol: Symbol) -> str:
        section = "old" if symbol.of[0][0] == "state" else "given"
        loaded = self.add(f"load {NUMBERS}, ptr {self.place(section, self.rows[symbol.of])}, align 8")
        return self.add(f"fcmp une {NUMBERS} {loaded}, {_constant(0.0, truth=False)}") if symbol.truth else loaded

    def call(self, name: str, *of: Any) -> str:
        """NumPy's loop of this name over eight numbers; `%loops` has its address and what it wants to be handed."""
        for k, one in enumerate(of):
            self.lines.append(f"  store {NUMBERS} {self.value(one)}, ptr %in{k}, align 64")
        first = 2 * LOOPS.index(name)
        loop, data = (
            self.add(f"load ptr, ptr {self.add(f'getelementptr inbounds ptr, ptr %loops, i64 {first + k}')}, align 8")
            for k in range(2)
        )
        pointers = "%two" if len(of) == 2 else "%one"
        handed = f"ptr {loop}, ptr {pointers}, ptr %many, ptr %steps, ptr {data}, ptr %seen"
        self.lines.append(f"  call void @called({handed})")
        return self.new(f"load {NUMBERS}, ptr %out, align 64")

    def place(self, section: str, row: int) -> str:
        return self.add(f"getelementptr inbounds double, ptr %{section}, i64 {row * GROUP}")

    def add(self, text: str) -> str:
        """The name of what an instruction gives, which is written down unless it is there already."""
        if text not in self.known:
            self.known[text] = self.new(text)
        return self.known[text]

    def new(self, text: str) -> str:
        name = f"%v{self.count}"
        self.count += 1
        self.lines.append(f"  {name} = {text}")
        return name


def _constant(value: Any, *, truth: bool) -> str:
    one = f"i1 {str(bool(value)).lower()}" if truth else f"double 0x{struct.pack('>d', float(value)).hex().upper()}"
    return f"<{', '.join([one] * GROUP)}>"

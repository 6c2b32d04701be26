"""What an elementwise function is called with when it is to be compiled: it writes down what is done to it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np


class StandIn:
    """What an elementwise function is called with when it is written down: one number, or one yes or no (`i1`)."""

    def __init__(self, lines: list[str], name: str, kind: str) -> None:
        self.lines, self.name, self.kind = lines, name, kind

    def __bool__(self) -> bool:
        raise TypeError("a number that differs between worlds cannot be asked by `if`; use np.where")

    def write(self, text: str, kind: str) -> StandIn:
        """Add an operation; `text` is its right-hand side."""
        name = f"%v{len(self.lines)}"
        self.lines.append(f"  {name} = {text}")
        return StandIn(self.lines, name, kind)

    def number(self, value: Any) -> str:
        """`value` as an operand of arithmetic."""
        if isinstance(value, StandIn):
            return value.name if value.kind == "double" else self.write(f"uitofp i1 {value.name} to double", "").name
        return f"0x{struct.pack('>d', float(value)).hex().upper()}"

    def truth(self, value: Any) -> str:
        """`value` as an operand of logic."""
        if isinstance(value, StandIn) and value.kind == "i1":
            return value.name
        if isinstance(value, (bool, np.bool_)):
            return str(bool(value)).lower()
        raise TypeError("& | ~ and the condition of np.where are for comparisons and masks")

    def arithmetic(self, operation: str, a: Any, b: Any) -> StandIn:
        a, b = self.number(a), self.number(b)
        return self.write(f"{operation} double {a}, {b}", "double")

    def compare(self, relation: str, a: Any, b: Any) -> StandIn:
        a, b = self.number(a), self.number(b)
        return self.write(f"fcmp {relation} double {a}, {b}", "i1")

    def logic(self, operation: str, a: Any, b: Any) -> StandIn:
        return self.write(f"{operation} i1 {self.truth(a)}, {self.truth(b)}", "i1")

    def where(self, condition: Any, a: Any, b: Any) -> StandIn:
        truth = self.truth(condition)
        if all(isinstance(x, (bool, np.bool_)) or getattr(x, "kind", "") == "i1" for x in (a, b)):
            return self.write(f"select i1 {truth}, i1 {self.truth(a)}, i1 {self.truth(b)}", "i1")
        a, b = self.number(a), self.number(b)
        return self.write(f"select i1 {truth}, double {a}, double {b}", "double")

    def extreme(self, relation: str, a: Any, b: Any) -> StandIn:
        """The larger or smaller of two as NumPy takes it: of equals the second, and nan where either is."""
        first = self.where(self.compare(relation, a, b), a, b)
        return self.where(self.compare("uno", a, a), a, first)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *given: Any, **options: Any) -> StandIn:
        if method != "__call__" or options or ufunc not in OPERATIONS:
            raise TypeError(f"np.{ufunc.__name__} cannot be compiled; it has to stay outside an elementwise function")
        return OPERATIONS[ufunc](self, *given)

    def __array_function__(self, function: Any, _: Any, given: Any, options: Any) -> StandIn:
        if function is np.where and not options:
            return self.where(*given)
        if function is np.clip and not options:
            value, low, high = given
            return self.extreme("olt", self.extreme("ogt", value, low), high)
        raise TypeError(f"np.{function.__name__} cannot be compiled; it has to stay outside an elementwise function")

    def __add__(self, other: Any) -> StandIn:
        return self.arithmetic("fadd", self, other)

    def __radd__(self, other: Any) -> StandIn:
        return self.arithmetic("fadd", other, self)

    def __sub__(self, other: Any) -> StandIn:
        return self.arithmetic("fsub", self, other)

    def __rsub__(self, other: Any) -> StandIn:
        return self.arithmetic("fsub", other, self)

    def __mul__(self, other: Any) -> StandIn:
        return self.arithmetic("fmul", self, other)

    def __rmul__(self, other: Any) -> StandIn:
        return self.arithmetic("fmul", other, self)

    def __truediv__(self, other: Any) -> StandIn:
        return self.arithmetic("fdiv", self, other)

    def __rtruediv__(self, other: Any) -> StandIn:
        return self.arithmetic("fdiv", other, self)

    def __neg__(self) -> StandIn:
        return self.write(f"fneg double {self.number(self)}", "double")

    def __pow__(self, power: Any) -> StandIn:
        if power != 2:
            raise TypeError("of powers only squares can be compiled")
        return self.arithmetic("fmul", self, self)

    def __lt__(self, other: Any) -> StandIn:
        return self.compare("olt", self, other)

    def __le__(self, other: Any) -> StandIn:
        return self.compare("ole", self, other)

    def __gt__(self, other: Any) -> StandIn:
        return self.compare("ogt", self, other)

    def __ge__(self, other: Any) -> StandIn:
        return self.compare("oge", self, other)

    def __and__(self, other: Any) -> StandIn:
        return self.logic("and", self, other)

    def __or__(self, other: Any) -> StandIn:
        return self.logic("or", self, other)

    def __invert__(self) -> StandIn:
        return self.logic("xor", self, True)


OPERATIONS: dict[Any, Callable[..., StandIn]] = {
    np.add: lambda s, a, b: s.arithmetic("fadd", a, b),
    np.subtract: lambda s, a, b: s.arithmetic("fsub", a, b),
    np.multiply: lambda s, a, b: s.arithmetic("fmul", a, b),
    np.divide: lambda s, a, b: s.arithmetic("fdiv", a, b),
    np.minimum: lambda s, a, b: s.extreme("olt", a, b),
    np.maximum: lambda s, a, b: s.extreme("ogt", a, b),
    np.sqrt: lambda s, a: s.write(f"call double @llvm.sqrt.f64(double {s.number(a)})", "double"),
    np.absolute: lambda s, a: s.write(f"call double @llvm.fabs.f64(double {s.number(a)})", "double"),
}

"""Trace array code: arrays of symbols that record the operations done to them instead of computing.

A `Symbol` is a node of an expression graph: an operation and its operands, for one number of one world. `Symbols` is a
NumPy array of them, the worlds being a last axis of length one. NumPy's own indexing, slicing and stacking work on it;
arithmetic makes new symbols. So the model's own functions, called once with symbols, yield the graph of their results.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from sim.elementary import BODIES
from sim.model.block import GROUP

Array = np.ndarray
Operand = Any
"""A Symbol, or a constant."""


class Symbol:
    """A node of the graph.

    operation  a name of NumPy or of `sim.elementary`, or "load" (an input, which `of` names), "select", "and", "or",
               "not", "to_float" (of a boolean), "bits" (of a float, as an integer), "from_bits"
    of         operands
    kind       of the value: "float", "bool" or "int"
    """

    __slots__ = ("kind", "of", "operation")

    def __init__(self, operation: str, of: tuple[Any, ...], kind: str = "float") -> None:
        self.operation, self.of, self.kind = operation, of, kind

    def __bool__(self) -> bool:
        raise TypeError("`if` cannot ask a number that differs between worlds; use np.where")


def kind_of(value: Operand) -> str:
    """Return the kind of a symbol or constant."""
    if isinstance(value, Symbol):
        return value.kind
    return "bool" if isinstance(value, (bool, np.bool_)) else "int" if isinstance(value, int) else "float"


def is_boolean(value: Operand) -> bool:
    """Return whether it is a boolean."""
    return kind_of(value) == "bool"


def to_float(value: Operand) -> Operand:
    """Return an operand of float arithmetic: a boolean becomes 1.0 or 0.0."""
    if isinstance(value, Symbol):
        return Symbol("to_float", (value,)) if value.kind == "bool" else value
    return float(value)


def _arithmetic(ufunc: np.ufunc) -> Callable[..., Operand]:
    """Return a tracer of an arithmetic ufunc, which computes with constants at once.

    Integers do not mix with floats: nothing in the model converts between them.
    """

    def make(*given: Operand) -> Operand:
        if any(isinstance(one, Symbol) and one.kind == "int" for one in given):
            if any(kind_of(one) != "int" for one in given):
                raise TypeError("integers and numbers do not go together")
            return Symbol(ufunc.__name__, given, "int")
        of = tuple(to_float(one) for one in given)
        constant = all(isinstance(one, float) for one in of)
        return float(ufunc(*of)) if constant else Symbol(ufunc.__name__, of)

    return make


def _comparison(ufunc: np.ufunc) -> Callable[[Operand, Operand], Operand]:
    def make(a: Operand, b: Operand) -> Operand:
        return Symbol(ufunc.__name__, (to_float(a), to_float(b)), "bool")

    return make


def _logic(name: str, absorbing: bool) -> Callable[[Operand, Operand], Operand]:
    def make(a: Operand, b: Operand) -> Operand:
        if not is_boolean(a) or not is_boolean(b):
            raise TypeError("& | ~ are for comparisons and masks")
        if not isinstance(a, Symbol):
            a, b = b, a
        if not isinstance(b, Symbol):  # a constant decides the result, or has no effect
            return absorbing if bool(b) == absorbing else a
        return Symbol(name, (a, b), "bool")

    return make


def _not(a: Operand) -> Operand:
    return Symbol("not", (a,), "bool") if isinstance(a, Symbol) else not a


def where(condition: Operand, a: Operand, b: Operand) -> Operand:
    """Return `a` where the condition holds, else `b`."""
    if not is_boolean(condition):
        raise TypeError("the condition of np.where is a comparison or a mask")
    boolean = is_boolean(a) and is_boolean(b)
    if not boolean:
        a, b = to_float(a), to_float(b)
    if not isinstance(condition, Symbol):
        return a if condition else b
    return Symbol("select", (condition, a, b), "bool" if boolean else "float")


def _square(a: Operand, b: Operand) -> Operand:
    if isinstance(b, Symbol) or b != 2:
        raise TypeError("of powers only squares can be traced; others are in sim.elementary")
    return _multiply(a, a)


def _shift(ufunc: np.ufunc) -> Callable[[Operand, Operand], Operand]:
    def make(a: Operand, b: Operand) -> Operand:
        if kind_of(a) != "int" or isinstance(b, Symbol):
            raise TypeError("integers are shifted by a constant")
        return Symbol(ufunc.__name__, (a, int(b)), "int")

    return make


def _elementary(name: str) -> Callable[..., Operand]:
    """Return a tracer that records a call of an elementary function as one operation.

    A backend makes one function of it, from the trace of the same Python function (`sim.compile.program.functions`).
    """

    def make(*given: Operand) -> Operand:
        of = tuple(to_float(one) for one in given)
        constant = all(isinstance(one, float) for one in of)
        return float(BODIES[name](*of)) if constant else Symbol(name, of)

    return make


_multiply = _arithmetic(np.multiply)
_or, _and = _logic("or", absorbing=True), _logic("and", absorbing=False)
_larger, _smaller = _arithmetic(np.maximum), _arithmetic(np.minimum)
ELEMENTARY = {name: _elementary(name) for name in BODIES}
"""Tracers of the functions in `sim.elementary`."""
ARITHMETIC = (np.add, np.subtract, np.divide, np.negative, np.absolute, np.copysign, np.sqrt, np.floor)
COMPARISONS = (np.less, np.less_equal, np.greater, np.greater_equal, np.equal)
OPERATIONS: dict[Any, Callable[..., Operand]] = {
    **{one: _arithmetic(one) for one in ARITHMETIC},
    **{one: _comparison(one) for one in COMPARISONS},
    **{one: _shift(one) for one in (np.left_shift, np.right_shift)},
    np.multiply: _multiply,
    np.power: _square,
    np.square: lambda a: _multiply(a, a),
    np.minimum: _smaller,
    np.maximum: _larger,
    np.bitwise_and: _and,
    np.bitwise_or: _or,
    np.logical_or: _or,
    np.invert: _not,
}


_CONDITIONS: ContextVar[list[Operand] | None] = ContextVar("_CONDITIONS", default=None)


@contextmanager
def shorter_ways() -> Iterator[list[Operand]]:
    """Let elementary functions take their ways for usual numbers; yield the conditions under which they may."""
    conditions: list[Operand] = []
    before = _CONDITIONS.set(conditions)
    try:
        yield conditions
    finally:
        _CONDITIONS.reset(before)


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Symbols) else value


def _each(function: Callable[..., Operand], *given: Any) -> "Symbols":
    """Apply a tracer element by element, with NumPy's broadcasting."""
    found = np.frompyfunc(function, len(given), 1)(*(_plain(one) for one in given))
    return np.asarray(found, dtype=object).view(Symbols)


class Symbols(np.ndarray):
    """An array of symbols and constants, by NumPy's two protocols for arrays that are not numbers."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *given: Any, out: Any = None, **options: Any) -> Any:
        if ufunc not in OPERATIONS or method not in ("__call__", "reduce"):
            raise TypeError(f"np.{ufunc.__name__} cannot be traced")
        _refuse(options, ufunc)
        operation = OPERATIONS[ufunc]
        axis = options.get("axis", 0)
        found = _each(operation, *given) if method == "__call__" else _reduced(operation, given[0], axis)
        if out is None:
            return found
        out[0][...] = found
        return out[0]

    def __elementary__(self, name: str, *given: Any) -> "Symbols":
        return _each(ELEMENTARY[name], *given)

    def __within__(self, low: float, high: float) -> bool:
        """Answer that all lie between, which is noted, where `shorter_ways` are traced."""
        conditions = _CONDITIONS.get()
        if conditions is None:
            return False
        conditions += ((self >= low) & (self <= high)).flat
        return True

    def view(self, kind: Any = None) -> Any:  # type: ignore[override]
        """Return the bits of floats as integers, or back; any other view is that of an array of objects."""
        if kind is np.int64:
            return _each(lambda a: Symbol("bits", (to_float(a),), "int"), self)
        if kind is np.float64:
            return _each(lambda a: Symbol("from_bits", (a,)), self)
        return super().view(kind)

    def __array_function__(self, function: Any, types: Any, given: Any, options: Any) -> Any:
        if function in (np.where, np.clip, np.zeros_like, np.ones_like):
            _refuse(options, function)
        if function is np.where:
            return _each(where, *given)
        if function is np.clip:
            return _clipped(*given)
        if function in (np.zeros, np.ones, np.empty):
            kind = given[1] if len(given) > 1 else options.get("dtype", float)
            if kind not in (bool, float):
                raise TypeError("arrays are of float or bool")
            return np.full(given[0], kind(function is np.ones), dtype=object).view(Symbols)
        if function in (np.zeros_like, np.ones_like):
            return np.full(given[0].shape, float(function is np.ones_like), dtype=object).view(Symbols)
        if function is np.flatnonzero:  # which rows hold differs between worlds, so the trace must keep all
            return np.arange(given[0].size)
        found = super().__array_function__(function, types, given, options)
        return found.view(Symbols) if isinstance(found, np.ndarray) and found.dtype == object else found

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Any:
        """Convert to float; nothing else can be traced."""
        if dtype is not float:
            raise TypeError("symbols can only be converted to float")
        return _each(to_float, self)


def _clipped(value: Array, low: Array | float, high: Array | float) -> Symbols:
    """Trace np.clip. Between bounds that do not differ by world, newer versions of NumPy keep the sign of a zero."""
    by_world = isinstance(low, Symbols) or isinstance(high, Symbols)
    if by_world or not np.signbit(np.clip(np.full(GROUP, -0.0), 0.0, 1.0)).all():
        return _each(_smaller, _each(_larger, value, low), high)
    less, more = OPERATIONS[np.less], OPERATIONS[np.greater]
    raised = _each(lambda a, least: where(less(a, least), least, a), value, low)
    return _each(lambda a, most: where(more(a, most), most, a), raised, high)


def _refuse(options: dict[str, Any], function: Any) -> None:
    """Raise TypeError for options that would change the result."""
    usual = {"where": True, "keepdims": False, "initial": None, "out": None}
    asked = [key for key, value in usual.items() if options.get(key) is not None and options[key] is not value]
    if asked:
        raise TypeError(f"np.{function.__name__} with {', '.join(asked)} cannot be traced")


def _reduced(operation: Callable[..., Operand], array: Array, axis: Any) -> Symbols:
    """Reduce in sequence along an axis: the order in which NumPy adds up where the worlds are the last axis."""
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    rows = np.moveaxis(_plain(array), axes, range(len(axes)))
    rows = rows.reshape(-1, *rows.shape[len(axes) :])
    found = rows[0]
    for row in rows[1:]:
        found = _each(operation, found, row)
    return np.asarray(found, dtype=object).view(Symbols)


def given(what: Any, shape: tuple[int, ...], *, boolean: bool = False) -> Symbols:
    """Return an array of inputs: each symbol is the load of its place in `what`."""
    array = np.empty(shape, dtype=object)
    for place, at in enumerate(np.ndindex(*shape)):
        array[at] = Symbol("load", (what, place), "bool" if boolean else "float")
    return array.view(Symbols)

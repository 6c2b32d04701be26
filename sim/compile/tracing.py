"""Arrays of symbols: what the equations of a month are called with, once, to be written down instead of computed.

A `Symbol` is one number, or one yes or no, of a world: an operation and the symbols or constants that it is done to.
`Symbols` is a NumPy array of them, worlds last with length one. NumPy's own indexing, slicing and stacking work on it;
arithmetic makes new symbols. So the very functions that compute with arrays of numbers say what they would compute.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.elementary import BODIES
from sim.model.world import GROUP

Array = np.ndarray
Operand = Any
"A Symbol, or a constant."


class Symbol:
    """A value of a world: an operation and what it is done to.

    `operation` is called as NumPy or `sim.elementary` calls it, or "load" of what is given (`of` says which), "select",
    "number" of a truth, "bits" of a number or "from_bits"; `kind` is "number", "truth" or "integer".
    """

    __slots__ = ("kind", "of", "operation")

    def __init__(self, operation: str, of: tuple[Any, ...], kind: str = "number") -> None:
        self.operation, self.of, self.kind = operation, of, kind

    def __bool__(self) -> bool:
        raise TypeError("a number that differs between worlds cannot be asked by `if`; use np.where")


def kind_of(value: Operand) -> str:
    """The kind of a symbol or constant."""
    if isinstance(value, Symbol):
        return value.kind
    return "truth" if isinstance(value, (bool, np.bool_)) else "integer" if isinstance(value, int) else "number"


def is_truth(value: Operand) -> bool:
    """Whether it is a yes or no."""
    return kind_of(value) == "truth"


def number(value: Operand) -> Operand:
    """As an operand of arithmetic: yes is one, no is zero."""
    if isinstance(value, Symbol):
        return Symbol("number", (value,)) if value.kind == "truth" else value
    return float(value)


def _arithmetic(ufunc: np.ufunc) -> Callable[..., Operand]:
    """Of constants it is computed now. An operation of integers has only integers, symbols or constants."""

    def make(*given: Operand) -> Operand:
        if any(isinstance(one, Symbol) and one.kind == "integer" for one in given):
            if any(kind_of(one) != "integer" for one in given):
                raise TypeError("integers and numbers do not go together")
            return Symbol(ufunc.__name__, given, "integer")
        of = tuple(number(one) for one in given)
        constant = all(isinstance(one, float) for one in of)
        return float(ufunc(*of)) if constant else Symbol(ufunc.__name__, of)

    return make


def _comparison(ufunc: np.ufunc) -> Callable[[Operand, Operand], Operand]:
    def make(a: Operand, b: Operand) -> Operand:
        return Symbol(ufunc.__name__, (number(a), number(b)), "truth")

    return make


def _logic(name: str, absorbing: bool) -> Callable[[Operand, Operand], Operand]:
    def make(a: Operand, b: Operand) -> Operand:
        if not is_truth(a) or not is_truth(b):
            raise TypeError("& | ~ are for comparisons and masks")
        if not isinstance(a, Symbol):
            a, b = b, a
        if not isinstance(b, Symbol):  # a constant decides, or leaves the other as it is
            return absorbing if bool(b) == absorbing else a
        return Symbol(name, (a, b), "truth")

    return make


def _not(a: Operand) -> Operand:
    return Symbol("not", (a,), "truth") if isinstance(a, Symbol) else not a


def where(condition: Operand, a: Operand, b: Operand) -> Operand:
    """`a` where the condition holds, else `b`."""
    if not is_truth(condition):
        raise TypeError("the condition of np.where is a comparison or a mask")
    truth = is_truth(a) and is_truth(b)
    if not truth:
        a, b = number(a), number(b)
    if not isinstance(condition, Symbol):
        return a if condition else b
    return Symbol("select", (condition, a, b), "truth" if truth else "number")


def _square(a: Operand, b: Operand) -> Operand:
    if isinstance(b, Symbol) or b != 2:
        raise TypeError("of powers only squares can be written down; others are in sim.elementary")
    return _multiply(a, a)


def _shift(ufunc: np.ufunc) -> Callable[[Operand, Operand], Operand]:
    def make(a: Operand, b: Operand) -> Operand:
        if kind_of(a) != "integer" or isinstance(b, Symbol):
            raise TypeError("integers are shifted by a constant")
        return Symbol(ufunc.__name__, (a, int(b)), "integer")

    return make


def _elementary(name: str) -> Callable[..., Operand]:
    """One operation, which every backend makes of the function in `sim.elementary`."""

    def make(*given: Operand) -> Operand:
        of = tuple(number(one) for one in given)
        constant = all(isinstance(one, float) for one in of)
        return float(BODIES[name](*of)) if constant else Symbol(name, of)

    return make


_multiply = _arithmetic(np.multiply)
_or, _and = _logic("or", absorbing=True), _logic("and", absorbing=False)
_larger, _smaller = _arithmetic(np.maximum), _arithmetic(np.minimum)
ELEMENTARY = {name: _elementary(name) for name in BODIES}
"""The functions of `sim.elementary`."""
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


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Symbols) else value


def _each(function: Callable[..., Operand], *given: Any) -> Symbols:
    """The function of each element, by NumPy's rules of broadcasting."""
    found = np.frompyfunc(function, len(given), 1)(*(_plain(one) for one in given))
    return np.asarray(found, dtype=object).view(Symbols)


class Symbols(np.ndarray):
    """An array of symbols and constants."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *given: Any, out: Any = None, **options: Any) -> Any:
        if ufunc not in OPERATIONS or method not in ("__call__", "reduce"):
            raise TypeError(f"np.{ufunc.__name__} cannot be written down")
        _refuse(options, ufunc)
        operation = OPERATIONS[ufunc]
        axis = options.get("axis", 0)
        found = _each(operation, *given) if method == "__call__" else _reduced(operation, given[0], axis)
        if out is None:
            return found
        out[0][...] = found
        return out[0]

    def __elementary__(self, name: str, *given: Any) -> Symbols:
        return _each(ELEMENTARY[name], *given)

    def view(self, kind: Any = None) -> Any:  # type: ignore[override]
        """The bits of numbers as integers, and back; any other view as of arrays of objects."""
        if kind is np.int64:
            return _each(lambda a: Symbol("bits", (number(a),), "integer"), self)
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
                raise TypeError("arrays are of numbers (float) or of truths (bool)")
            return np.full(given[0], kind(function is np.ones), dtype=object).view(Symbols)
        if function in (np.zeros_like, np.ones_like):
            return np.full(given[0].shape, float(function is np.ones_like), dtype=object).view(Symbols)
        if function is np.flatnonzero:  # what holds differs between worlds: anything may hold in one of them
            return np.arange(given[0].size)
        found = super().__array_function__(function, types, given, options)
        return found.view(Symbols) if isinstance(found, np.ndarray) and found.dtype == object else found

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Any:
        if dtype is not float:
            raise TypeError("symbols can only be turned into numbers")
        return _each(number, self)


def _clipped(value: Array, low: Array | float, high: Array | float) -> Symbols:
    """As `np.clip`: between bounds that are the same in all worlds, newer versions of NumPy leave a zero its sign."""
    by_world = isinstance(low, Symbols) or isinstance(high, Symbols)
    if by_world or not np.signbit(np.clip(np.full(GROUP, -0.0), 0.0, 1.0)).all():
        return _each(_smaller, _each(_larger, value, low), high)
    less, more = OPERATIONS[np.less], OPERATIONS[np.greater]
    raised = _each(lambda a, least: where(less(a, least), least, a), value, low)
    return _each(lambda a, most: where(more(a, most), most, a), raised, high)


def _refuse(options: dict[str, Any], function: Any) -> None:
    """Options that would change what comes out."""
    usual = {"where": True, "keepdims": False, "initial": None, "out": None}
    asked = [key for key, value in usual.items() if options.get(key) is not None and options[key] is not value]
    if asked:
        raise TypeError(f"np.{function.__name__} with {', '.join(asked)} cannot be written down")


def _reduced(operation: Callable[..., Operand], array: Array, axis: Any) -> Symbols:
    """One after the other along an axis, as NumPy does where worlds come last."""
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    rows = np.moveaxis(_plain(array), axes, range(len(axes)))
    rows = rows.reshape(-1, *rows.shape[len(axes) :])
    found = rows[0]
    for row in rows[1:]:
        found = _each(operation, found, row)
    return np.asarray(found, dtype=object).view(Symbols)


def given(what: Any, shape: tuple[int, ...], *, truth: bool = False) -> Symbols:
    """An array of numbers that are given: each symbol knows `what` it belongs to and its place in there."""
    array = np.empty(shape, dtype=object)
    for place, at in enumerate(np.ndindex(*shape)):
        array[at] = Symbol("load", (what, place), "truth" if truth else "number")
    return array.view(Symbols)

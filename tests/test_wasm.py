"""The month as WebAssembly: the bits of NumPy, operation by operation and in all scenarios."""

from __future__ import annotations

import ctypes
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from small_worlds import world_of

import sim
from sim.compile import engine, wasm
from sim.compile.backend import ERRORS
from sim.compile.engine import CompiledMonth
from sim.compile.month import Month, Trace, trace
from sim.compile.program import MEMORY, Operation, functions, program
from sim.compile.tracing import ELEMENTARY, OPERATIONS, Symbol, Symbols, where
from sim.compile.wasm import to_wasm
from sim.compile.wasm_binary import signed, unsigned
from sim.elementary import BODIES
from sim.experiment import selfcheck
from sim.experiment.chance import key_of, stream
from sim.model.block import GROUP, Block

wasmtime = pytest.importorskip("wasmtime", reason="NO WASMTIME: nothing of WebAssembly was tried")
portable = pytest.importorskip("sim.compile.portable")
Array = np.ndarray
NASTY = [0.0, -0.0, 1.0, -1.0, 1e-9, 5e-324, -5e-324, 1e-310, 1e300, -1e300, np.inf, -np.inf, np.nan, 0.1, 3.0, 2.5]
SETS = {
    "odd": np.random.default_rng(7).choice(NASTY, (3, 512)),
    "usual": np.random.default_rng(8).uniform(0.01, 0.99, (3, 512)),
    "wide": 10.0 ** np.random.default_rng(9).uniform(-300, 300, (3, 512)),
}
TRUTHS = (np.bitwise_and, np.bitwise_or, np.logical_or, np.invert)
OF_INTEGERS = (np.left_shift, np.right_shift)


class Case(NamedTuple):
    """What is tried: how many numbers it takes, how it is traced, and what NumPy does."""

    takes: int
    traced: Callable[..., Any]
    numpys: Callable[..., Any]


def chain(a: Array, b: Array, c: Array) -> Array:
    """Numbers and truths that are used again and again."""
    larger, total = a > b, np.zeros_like(a)
    for k in range(20):
        total = np.where(larger, total + a * b, np.minimum(total, c) + float(k))
        larger = ~larger | (total < c)
    return np.where(larger & (a < c), total, -total)


def shifted(a: Array) -> Array:
    """Bits of numbers, shifted and added, as numbers again."""
    bits = a.view(np.int64)
    return (((bits >> 7) - (bits << 3)) + 12345).view(np.float64)


def of_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    """Traced with arrays of one symbol."""
    return lambda *of: function(*(np.array([one], dtype=object).view(Symbols) for one in of))[0]


def plain(ufunc: np.ufunc) -> Case:
    return Case(ufunc.nin, OPERATIONS[ufunc], ufunc)


def of_truths(ufunc: np.ufunc) -> Case:
    larger = OPERATIONS[np.greater]
    traced = lambda *of: OPERATIONS[ufunc](*(larger(one, 0.5) for one in of))  # noqa: E731
    return Case(ufunc.nin, traced, lambda *of: ufunc(*(one > 0.5 for one in of)))


def bounded(ufunc: np.ufunc, bound: float, order: int) -> Case:
    """A minimum or maximum of a number and a constant, or the other way round."""
    traced = lambda a: OPERATIONS[ufunc](*[a, bound][::order])  # noqa: E731
    return Case(1, traced, lambda a: ufunc(*[a, np.full_like(a, bound)][::order]))


CASES: dict[str, Case] = {
    **{one.__name__: plain(one) for one in OPERATIONS if one not in (*TRUTHS, *OF_INTEGERS, np.power)},
    **{f"{one.__name__} of truths": of_truths(one) for one in TRUTHS},
    **{
        f"{one.__name__} {bound} {order}": bounded(one, bound, order)
        for one in (np.minimum, np.maximum)
        for bound in (0.0, -0.0, 1.0, np.inf, np.nan)
        for order in (1, -1)
    },
    **{name: Case(len(signature(body).parameters), ELEMENTARY[name], body) for name, body in BODIES.items()},
    "square": Case(1, lambda a: OPERATIONS[np.power](a, 2), lambda a: a**2),
    "choice": Case(3, lambda a, b, c: where(OPERATIONS[np.less](a, b), b, c), lambda a, b, c: np.where(a < b, b, c)),
    "chain": Case(3, of_arrays(chain), chain),
    "shifted": Case(1, of_arrays(shifted), shifted),
}


def thrice(exp: Callable[[Any], Any], number: Any) -> Any:
    return exp(exp(exp(number)))


CASES["long choice"] = Case(
    3,
    lambda a, b, c: where(OPERATIONS[np.less](a, b), thrice(ELEMENTARY["exp"], c), 0.0),
    lambda a, b, c: np.where(a < b, thrice(BODIES["exp"], c), 0.0),
)
"""It is jumped over where no world of a vector needs it."""


class Instance:
    """A module with its memory, as numbers."""

    def __init__(self, module: bytes) -> None:
        engine = wasmtime.Engine()
        self.store = wasmtime.Store(engine)
        self.exports = wasmtime.Instance(self.store, wasmtime.Module(engine, module), []).exports(self.store)
        memory = self.exports["memory"]
        memory.grow(self.store, 3)
        base = ctypes.addressof(memory.data_ptr(self.store).contents)
        self.numbers = np.frombuffer((ctypes.c_double * (memory.data_len(self.store) // 8)).from_address(base))

    def __call__(self, name: str, *of: int) -> None:
        self.exports[name](self.store, *of)


def module_of(cases: dict[str, Case]) -> tuple[bytes, Month]:
    """A program for each case: arguments are the given rows, the result is the recorded one."""
    symbols = [Symbol("load", (("now", name), 0)) for name in "abc"]
    rows = {(("now", name), 0): row for row, name in enumerate("abc")}
    month = Month([], [], [], [], {"given": 3, "state": 0, "recorded": 1})
    programs = {
        name: program(Trace(month, [("recorded", 0, case.traced(*symbols[: case.takes]))], rows))
        for name, case in cases.items()
    }
    return to_wasm(programs, month)


@cache
def every_case() -> Instance:
    return Instance(module_of(CASES)[0])


def computed(instance: Instance, name: str, numbers: Array) -> Array:
    """What a program makes of numbers (3, n)."""
    groups, given, recorded, scratch, asked = numbers.shape[1] // GROUP, 64, 64 * 200, 64 * 300, 64 * 1000
    rows = numbers.reshape(3, groups, GROUP).swapaxes(0, 1)
    instance.numbers[given // 8 :][: rows.size] = rows.ravel()
    instance.numbers[asked // 8 :][: 8 * GROUP] = 1.0
    places = {"given": given, "recorded": recorded, "scratch": scratch, "asked": asked}
    instance(name, *(places.get(section, 0) for section in MEMORY), groups)
    return instance.numbers[recorded // 8 :][: numbers.shape[1]].copy()


def same(found: Array, right: Array) -> bool:
    """To the last bit; a nan is a nan."""
    right = np.asarray(right, dtype=float)
    nan = np.isnan(right)
    return bool((np.isnan(found) == nan).all() and found[~nan].tobytes() == right[~nan].tobytes())


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("numbers", SETS)
def test_every_operation_agrees(name: str, numbers: str) -> None:
    """On zeros of both signs, numbers below the smallest normal one, infinities and nan, and on ordinary numbers."""
    case = CASES[name]
    with np.errstate(all="ignore"):
        right = case.numpys(*SETS[numbers][: case.takes])
    assert same(computed(every_case(), name, SETS[numbers]), right)


def test_the_comparison_would_notice_the_last_bit_and_the_sign_of_zero() -> None:
    numbers = np.array([0.0, 1.0, np.nan])
    assert same(numbers.copy(), numbers)
    assert not same(np.array([-0.0, 1.0, np.nan]), numbers)
    assert not same(np.array([0.0, np.nextafter(1.0, 2.0), np.nan]), numbers)
    assert not same(np.array([0.0, 1.0, 1.0]), numbers)


def test_logarithms_of_usual_numbers_take_the_shorter_way() -> None:
    """One division and no root; where a world of the vector has another number, the function for any number."""
    of_usual, of_any = (functions([Operation("log", (0,), "float")])[name] for name in ("log", "any_log"))
    assert [one.at[0] for one in of_usual if one.name == "unless"] == ["any_log"]
    used, more = (Counter(one.name for one in lines) for lines in (of_usual, of_any))
    assert (used["divide"], used["sqrt"]) == (1, 0)
    assert (more["divide"], more["sqrt"], more["unless"]) == (2, 1, 0)


def test_what_passes_from_piece_to_piece_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wasm, "LENGTH", 3)
    module, month = module_of({"chain": CASES["chain"]})
    assert month.sizes["scratch"] > 1
    with np.errstate(all="ignore"):
        right = chain(*SETS["odd"])
    assert same(computed(Instance(module), "chain", SETS["odd"]), right)


def test_chance_is_numpys() -> None:
    """Of several streams, at their begin and further on."""
    instance = every_case()
    for cause, first in (("war", 0), ("act summit", 8), ("before projects", 8 * 5000)):
        key = key_of(2023, cause, 1)
        instance.numbers[8:10] = np.frombuffer(key)
        for k in range(3):
            instance("draws", 64, first // 4 + 2 * k, 128 + 64 * k)
        right = stream(2023, cause, 1).random(first + 24)[first:]
        assert instance.numbers[16:40].tobytes() == np.clip(right, 1e-12, 1.0 - 1e-12).tobytes()


@pytest.mark.parametrize(("number", "bare", "with_sign"), [(0, "00", "00"), (63, "3f", "3f"), (64, "40", "c000")])
def test_whole_numbers_are_written_as_the_specification_says(number: int, bare: str, with_sign: str) -> None:
    assert (unsigned(number).hex(), signed(number).hex()) == (bare, with_sign)
    assert (unsigned(624485).hex(), signed(-123456).hex()) == ("e58e26", "c0bb78"), "the examples of DWARF and LEB128"


# ---- Whole months ---------------------------------------------------------------------------------------------


@cache
def made() -> tuple[Month, bytes]:
    """The month, made once."""
    return portable.make(trace(sim.load("article", worlds=8, months=2)))


@cache
def code() -> Any:
    return portable.Code(*made())


def by_wasm(block: Block, wanted: Any) -> Block:
    block.engine = CompiledMonth(code(), block.parameters.worlds // GROUP, wanted)
    return block


@pytest.mark.slow
def test_all_scenarios_give_the_published_results() -> None:
    """Which NumPy wrote, and LLVM's code gives, too (`test_selfcheck.py`): everything that is recorded."""
    published = selfcheck.expected()
    found = dict(selfcheck.scenarios(by_wasm))
    assert [name for name, digest in found.items() if digest != published[name]] == []
    assert len(found) > 20


@pytest.mark.usefixtures("anew")
def test_where_llvm_cannot_be_imported_wasmtime_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the published results; its code is kept as that of LLVM is."""
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)  # importing it fails
    monkeypatch.delitem(sys.modules, "sim.compile.machine", raising=False)
    monkeypatch.setattr(engine, "find_spec", lambda _: True)
    monkeypatch.delenv("SIM_COMPILED", raising=False)
    ready = made()  # before `make` is replaced, which it calls
    monkeypatch.setattr(portable, "make", lambda _: ready)
    monkeypatch.setattr(selfcheck, "shipped", lambda: ["article"])
    at_once = partial(engine.driven, at_once=True)
    with pytest.warns(UserWarning, match="llvmlite cannot be used .*; wasmtime computes the same, slower"):
        found = dict(selfcheck.scenarios(at_once))
    assert found == {("scenario", "article"): selfcheck.expected()["scenario", "article"]}
    assert type(engine._CODE[0]).__module__ == "sim.compile.portable"
    assert len(list(tmp_path.glob("month-*"))) == 1
    monkeypatch.setattr(engine, "_CODE", [])
    monkeypatch.setattr(portable, "make", lambda _: pytest.fail("the second time it is read"))
    assert at_once(world_of(sim.load("article", worlds=8, months=2)), None).engine


def test_errors_of_arithmetic_are_seen() -> None:
    """Those that NumPy names, so that it computes the month again and says where."""
    shapes = {name: (1, code().month.sizes.get({"old": "state", "new": "state"}.get(name, name))) for name in MEMORY}
    month, memory = code().prepared(shapes)
    for array in memory:
        array[...] = 1e300
    flags = month([array.ctypes.data for array in memory], 1)
    assert flags & ERRORS["over"]

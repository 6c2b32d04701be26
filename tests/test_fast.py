"""The compiled month: made of the very functions that NumPy runs, and equal to them to the last bit."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from inspect import signature
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import xarray as xr
from small_worlds import SEA, act_in, from_month, scenario, watch, world_of

import sim
from sim.analysis.levels import EVERYTHING
from sim.compile import aside, engine
from sim.compile.__main__ import main
from sim.compile.backend import ERRORS
from sim.compile.cache import BEGUN, _name, begins, put
from sim.compile.month import ORDERED, Month, Part, Trace, trace
from sim.compile.pieces import Pieces, cut
from sim.compile.program import SHARED, Operation
from sim.compile.tracing import ELEMENTARY, OPERATIONS, Symbol, Symbols, given, to_float, where
from sim.elementary import BODIES
from sim.experiment import run as running
from sim.experiment.ahead import make_code
from sim.experiment.block import Task, compute
from sim.experiment.run import run
from sim.model import offers, value
from sim.model.block import GROUP, Block
from sim.model.exchange import follows
from sim.model.world import World
from sim.page.module import PACKAGES
from sim.results.failures import failures
from sim.results.keep import Keep
from sim.scenario import parameters
from sim.scenario.options import OPTIONS
from sim.scenario.scenario import Scenario

Array = np.ndarray
needs_llvm = pytest.mark.skipif(not engine.find_spec("llvmlite"), reason="llvmlite is not installed")


@pytest.fixture(autouse=True)
def _always_worthwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WORTH_MAKING", 0)
    monkeypatch.delenv("SIM_COMPILED", raising=False)


class Named(dict[str, Symbols]):
    """Parameters as symbols."""

    def once(self, _: str, make: Callable[[], Symbols]) -> Symbols:
        """Return what `make` returns."""
        return make()


def engine_of(spec: Scenario) -> object:
    """The machine code that a run of this scenario would use, or None."""
    return engine.compiled(world_of(spec), None)


def by_numpy(spec: Scenario) -> dict[str, Array]:
    """Everything that is recorded, in full precision."""
    return watch(spec)


def by_machine_code(spec: Scenario) -> dict[str, Array]:
    assert engine_of(spec)
    return watch(spec, compiled=True)


def differing(plain: dict[str, Array], fast: dict[str, Array]) -> list[str]:
    """Names of what is not the same to the last bit. Codes come out of machine code as numbers."""
    assert plain.keys() == fast.keys()
    return [key for key in plain if plain[key].tobytes() != fast[key].astype(plain[key].dtype).tobytes()]


# ---- The same results -----------------------------------------------------------------------------------------


@needs_llvm
def test_compiled_results_are_those_of_numpy_to_the_last_bit() -> None:
    """Of the article; `test_selfcheck.py` says it of all scenarios."""
    spec = sim.load("article", worlds=16, months=14)
    assert differing(by_numpy(spec), by_machine_code(spec)) == []


@needs_llvm
def test_the_comparison_would_notice_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: one equation off by one part in 10^16."""
    spec = scenario(SEA, worlds=8, months=6)
    right = value.value_to_buyer
    fast = by_machine_code(spec)
    monkeypatch.setattr(offers.value, "value_to_buyer", lambda *given: np.nextafter(right(*given), 1e9))
    assert "gain" in differing(by_numpy(spec), fast)


@needs_llvm
def test_parameters_that_change_and_acts_that_are_prescribed_reach_the_compiled_month() -> None:
    events = (from_month(2, "goods.ammunition.weight", 60.0), from_month(3, "routes.khasan.capacity", 5.0))
    spec = scenario(SEA, worlds=16, months=6, events=events)
    assert differing(by_numpy(spec), by_machine_code(spec)) == []
    assert differing(by_machine_code(replace(spec, events=())), by_machine_code(spec)) != []


def test_a_month_done_again_by_numpy_sees_its_parameters_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of the pressure takes effect at once: the step reads the values of the month before, too."""
    spec = scenario(SEA, worlds=8, months=3, events=(from_month(1, "sanctions.pressure", 0.9),))

    def leave(self: engine.CompiledMonth, block: Block) -> None:
        self._take_in(block)
        self._leave_to_numpy(block)

    expected = by_numpy(spec)
    monkeypatch.setattr(engine.CompiledMonth, "__call__", leave)
    assert differing(expected, by_machine_code(spec)) == []


def test_no_step_changes_what_the_scenario_orders() -> None:
    """So what is ordered need not be handed over again while it stays nothing."""
    traced = trace(sim.load("article", worlds=8, months=1))
    rows = {row: one.name for one in traced.month.state for row in range(one.first, one.last) if one.name in ORDERED}
    kept = [
        traced.rows[symbol.of] == row for section, row, symbol in traced.stored if section == "state" and row in rows
    ]
    assert len(kept) == 3 * len(OPTIONS)
    assert all(kept)


@needs_llvm
def test_orders_that_come_and_go_reach_the_compiled_month() -> None:
    """None, one, none and one again: each month finds those of its own."""
    spec = scenario(
        SEA, worlds=8, months=6, events=(act_in(1, "summit", "RUS", "PRK"), act_in(4, "summit", "RUS", "PRK"))
    )
    assert differing(by_numpy(spec), by_machine_code(spec)) == []
    assert by_machine_code(spec)["scheduled"].any(axis=1).tolist() == [False, True, False, False, True, False]


@needs_llvm
def test_a_world_is_the_same_alone_or_among_others_and_in_any_block(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = scenario(SEA, worlds=40, months=8, events=(from_month(4, "war.intensity", 0.5),))
    many = run(spec)
    monkeypatch.setattr(running, "BATCH", 16)
    assert run(spec).equals(many)
    assert run(replace(spec, worlds=1), first=21).equals(many.isel(world=slice(21, 22)))


@needs_llvm
def test_only_what_is_wanted_is_handed_on() -> None:
    spec = scenario(SEA, worlds=8, months=3)
    some = run(spec, variables={"stock", "scheduled"})
    everything = run(spec)
    for name in ("stock", "scheduled"):
        assert some[name].equals(everything[name])
    assert "trust" not in some


# ---- Every operation by itself --------------------------------------------------------------------------------

NO_MONTH = Month(parameters=[], inputs=[], state=[], recorded=[], sizes={})
NASTY = [0.0, -0.0, 1.0, -1.0, 1e-9, 5e-324, 1e300, -1e300, np.inf, -np.inf, np.nan, 0.1, 3.0, 2.5]
APART = {np.left_shift, np.right_shift, np.power}
"""Of integers alone, and of squares alone."""
TRUTHS = {np.bitwise_and, np.bitwise_or, np.logical_or, np.invert}


def computed(make: Callable[..., Any], *numbers: Array) -> tuple[Array, int]:
    """What machine code made of `make` gives for numbers (a multiple of eight), and the flags that it raised.

    Vectors of four and of eight must give the same.
    """
    from sim.compile import machine

    results = []
    for lanes in (4, 8):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(machine, "lanes", lambda lanes=lanes: lanes)
            results.append(_computed(make, numbers))
    (found, flags), (again, flags_again) = results
    assert (found.tobytes(), flags & errors()) == (again.tobytes(), flags_again & errors())
    return found, flags


def errors() -> int:
    """The flags that count."""
    return sum(ERRORS.values())


def _computed(make: Callable[..., Any], numbers: tuple[Array, ...]) -> tuple[Array, int]:
    from sim.compile.machine import Code
    from sim.compile.machine import make as made

    symbols = [Symbol("load", (("now", name), 0)) for name, _ in zip("abc", numbers, strict=False)]
    rows = {(("now", name), 0): row for row, name in enumerate("abc")}
    sizes = {"given": 3, "state": 0, "recorded": 1}
    month = Month(parameters=[], inputs=[], state=[], recorded=[Part("x", (), 0)], sizes=sizes)
    code = Code(*made(Trace(month, [("recorded", 0, make(*symbols))], rows)))
    groups = len(numbers[0]) // GROUP
    rows_of = {"old": 0, "new": 0, "recorded": 1, "given": 3}
    shapes = {name: (groups, rows) for name, rows in rows_of.items()}
    call, memory = code.prepared(shapes | {name: (1, code.month.sizes[name]) for name in SHARED})
    _, _, found, given, _, asked = memory
    for row, column in enumerate(numbers):
        given[:, row] = column.reshape(-1, GROUP)
    asked[...] = 1.0
    flags = call([rows.ctypes.data for rows in memory], groups)
    return found.ravel(), flags


@needs_llvm
@pytest.mark.parametrize("ufunc", [one for one in OPERATIONS if one not in APART], ids=lambda ufunc: ufunc.__name__)
def test_every_operation_agrees_on_odd_numbers(ufunc: np.ufunc) -> None:
    """Zeros of both signs, the smallest and the largest numbers, infinities and nan, at any place in a vector."""
    chance = np.random.default_rng(7)
    numbers = [chance.choice(NASTY, 512) for _ in range(ufunc.nin)]
    if ufunc in TRUTHS:
        asked = [column > 0.5 for column in numbers]
        found, _ = computed(lambda *of: OPERATIONS[ufunc](*(OPERATIONS[np.greater](one, 0.5) for one in of)), *numbers)
        np.testing.assert_array_equal(ufunc(*asked), found > 0.0)
        return
    with np.errstate(all="ignore"):
        right = ufunc(*numbers)
    found, _ = computed(OPERATIONS[ufunc], *numbers)
    np.testing.assert_array_equal(right, found)
    np.testing.assert_array_equal(np.signbit(right[right == 0.0]), np.signbit(found[found == 0.0]))


@needs_llvm
@pytest.mark.parametrize("bounds", [(0.0, 1.0), (-1.0, -0.0), (0.1, None), (None, 2.5), (None, None)])
def test_clip_agrees(bounds: tuple[float | None, float | None]) -> None:
    """Bounds the same in all worlds or not: NumPy has ways of its own for each."""
    chance = np.random.default_rng(9)
    a, b, c = (chance.choice([x for x in NASTY if not np.isnan(x)], 512) for _ in range(3))
    low, high = (own if bound is None else bound for bound, own in zip(bounds, (b, c), strict=True))

    def clipped(*of: Symbol) -> Symbol:
        value, *own = (np.array([one], dtype=object).view(Symbols) for one in of)
        return np.clip(value, *(one if bound is None else bound for bound, one in zip(bounds, own, strict=True)))[0]

    found, _ = computed(clipped, a, b, c)
    assert found.tobytes() == np.clip(a, low, high).tobytes()


@needs_llvm
@pytest.mark.parametrize("ufunc", [np.minimum, np.maximum])
@pytest.mark.parametrize("bound", [0.0, -0.0, 1.0, np.inf, np.nan])
def test_extremes_with_a_constant_agree(ufunc: np.ufunc, bound: float) -> None:
    """On either side of it, to the sign of a zero."""
    numbers = np.random.default_rng(14).choice(NASTY, 512)
    for order in (1, -1):
        found, _ = computed(lambda a, order=order: OPERATIONS[ufunc](*[a, bound][::order]), numbers)
        right = ufunc(*[numbers, np.full_like(numbers, bound)][::order])
        np.testing.assert_array_equal(right, found)
        np.testing.assert_array_equal(np.signbit(right[right == 0.0]), np.signbit(found[found == 0.0]))


@needs_llvm
def test_a_choice_between_two_agrees() -> None:
    chance = np.random.default_rng(8)
    a, b, c = (chance.choice(NASTY, 512) for _ in range(3))
    found, _ = computed(lambda a, b, c: where(OPERATIONS[np.less](a, b), b, c), a, b, c)
    np.testing.assert_array_equal(found, np.where(a < b, b, c))


@needs_llvm
def test_what_passes_from_piece_to_piece_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers and truths, in pieces of three operations each, and slots that are used again."""
    chance = np.random.default_rng(10)
    a, b, c = (chance.choice(NASTY, 512) for _ in range(3))
    cuts = []

    def short(operations: list[Operation]) -> Pieces:
        cuts.append(cut(operations, 3))
        return cuts[-1]

    def chain(a: Array, b: Array, c: Array) -> Array:
        larger, total = a > b, np.zeros_like(a)
        for k in range(20):
            total = np.where(larger, total + a * b, np.minimum(total, c) + float(k))
            larger = ~larger | (total < c)
        return np.where(larger & (a < c), total, -total)

    monkeypatch.setattr("sim.compile.llvm.cut", short)
    found, _ = computed(lambda *of: chain(*(np.array([one], object).view(Symbols) for one in of))[0], a, b, c)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(found, chain(a, b, c))
    assert len(cuts[0].cuts) > 20
    assert 1 < cuts[0].size < len(cuts[0].slots), "slots are used again"


@needs_llvm
@pytest.mark.parametrize(
    ("ufunc", "a", "b", "error"),
    [
        (np.multiply, 1e300, 1e300, "over"),
        (np.divide, 1.0, 0.0, "divide"),
        (np.subtract, np.inf, np.inf, "invalid"),
    ],
)
def test_errors_of_arithmetic_are_seen(ufunc: np.ufunc, a: float, b: float, error: str) -> None:
    """In one world of sixteen, and only then."""
    first, second = np.ones(16), np.ones(16)
    assert computed(OPERATIONS[ufunc], first, second)[1] & ERRORS[error] == 0
    first[11], second[11] = a, b
    assert computed(OPERATIONS[ufunc], first, second)[1] & ERRORS[error]


@needs_llvm
@pytest.mark.parametrize("name", BODIES)
def test_elementary_functions_agree_to_the_last_bit(name: str) -> None:
    """On odd and on usual numbers; the errors of arithmetic are those of NumPy, too."""
    chance = np.random.default_rng(11)
    arguments = len(signature(BODIES[name]).parameters)
    odd = [chance.choice(NASTY, 512) for _ in range(arguments)]
    usual = [chance.uniform(0.01, 0.99, 512) for _ in range(arguments)]
    wide = [10.0 ** chance.uniform(-300, 300, 512) for _ in range(arguments)]
    for numbers in (odd, usual, wide):
        raised: set[str] = set()
        with np.errstate(all="call", under="ignore"), np.errstate(call=lambda kind, _, raised=raised: raised.add(kind)):
            right = np.asarray(BODIES[name](*numbers))
        found, flags = computed(ELEMENTARY[name], *numbers)
        assert np.isnan(found).tobytes() == np.isnan(right).tobytes()
        assert found[~np.isnan(found)].tobytes() == right[~np.isnan(right)].tobytes()
        if numbers is not odd:  # comparing nan may say "invalid" in machine code, and NumPy then computes the month
            assert bool(flags & errors()) == bool(raised)


@needs_llvm
def test_squares_agree() -> None:
    numbers = np.random.default_rng(13).choice(NASTY, 512)
    found, _ = computed(lambda a: OPERATIONS[np.power](a, 2), numbers)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(found, numbers**2)


@needs_llvm
def test_integers_agree() -> None:
    """Bits of numbers, shifted and added, as numbers again."""
    numbers = np.random.default_rng(12).choice(NASTY, 512)

    def changed(a: Array) -> Array:
        bits = a.view(np.int64)
        return (((bits >> 7) - (bits << 3)) + 12345).view(np.float64)

    found, _ = computed(lambda a: changed(np.array([a], object).view(Symbols))[0], numbers)
    assert found.view(np.int64).tobytes() == changed(numbers).view(np.int64).tobytes()


@needs_llvm
def test_worlds_fail_for_the_same_reason_in_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """In step 2, long before the last operation, in the second of two groups; files of blocks keep the reasons."""
    spec = scenario(worlds=4, months=1)
    given = {"war.other_supply": np.full(4, 1.0), "war.ukraine_stock": np.full(4, 1.0)}
    given["war.other_supply"][3] = given["war.ukraine_stock"][3] = 1.5e308
    task = Task(spec, 5, 4, Keep("all", None), given)
    fast = compute(task)
    monkeypatch.setenv("SIM_COMPILED", "0")
    xr.testing.assert_identical(compute(task), fast)
    assert [one.world for one in failures(fast)] == [8]


@needs_llvm
def test_a_month_in_which_nothing_failed_after_all_is_numpys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Machine code may see an error in a number that nobody uses; then the run goes on as without it."""
    spec = scenario(SEA, worlds=16, months=6)
    months = iter(range(6))

    def alarmed(month: Divided, sections: list[int], groups: int) -> int:
        return ERRORS["over"] if next(months) in (0, 3, 4) else right(month, sections, groups)

    from sim.compile.machine import Divided

    right = Divided.__call__
    monkeypatch.setattr(Divided, "__call__", alarmed)
    assert differing(by_numpy(spec), by_machine_code(spec)) == []
    assert next(months, None) is None


@pytest.mark.parametrize(("what", "name"), [("platform.machine", "riscv64"), ("sys.platform", "win32")])
def test_where_the_flags_of_errors_are_unknown_llvm_is_not_used(
    what: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of wasmtime's code NumPy itself reads them."""
    monkeypatch.setattr(engine, "find_spec", lambda _: True)
    assert engine.libraries() == ["llvmlite", "wasmtime"]
    of, attribute = what.split(".")
    monkeypatch.setattr(getattr(engine, of), attribute, name if attribute == "platform" else lambda: name)
    assert engine.libraries() == ["wasmtime"]


# ---- When it is used ------------------------------------------------------------------------------------------


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIM_COMPILED", "0")
    assert engine_of(scenario(worlds=8, months=2)) is None


def test_it_works_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "find_spec", lambda _: None)
    assert watch(scenario(worlds=8, months=2), compiled=True)["stock"].shape == (2, 6, 3, 8)


@pytest.mark.usefixtures("anew")
def test_libraries_that_fail_are_named_and_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise OSError("no such thing")

    monkeypatch.setattr(engine, "find_spec", lambda _: True)
    monkeypatch.setattr(engine, "import_module", broken)
    with pytest.warns(UserWarning, match="no such thing") as told:
        assert engine_of(scenario(worlds=8, months=2)) is None
    assert [str(one.message) for one in told] == [
        "llvmlite cannot be used (no such thing); wasmtime computes the same, slower",
        "wasmtime cannot be used (no such thing); NumPy computes the same, slower",
    ]
    assert engine_of(scenario(worlds=8, months=2)) is None, "and they are not tried again"


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The processes that were asked to make code, none of which does."""
    asked: list[list[str]] = []
    monkeypatch.setattr("sim.compile.aside._BEGUN", [])
    monkeypatch.setattr("sim.compile.aside.subprocess.Popen", lambda words, **_: asked.append(words))
    return asked


@needs_llvm
@pytest.mark.usefixtures("anew")
def test_another_process_makes_it_while_the_first_runs_go_on(
    begun: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits who computes little, and for very little it is not begun; many short runs count as a long one.

    It is begun once, whoever asks next; a block that comes later finds it.
    """
    monkeypatch.setattr("sim.compile.machine.Code", lambda *_: "code")
    monkeypatch.setattr(engine, "CompiledMonth", lambda code, *_: code)
    monkeypatch.setattr(engine, "WORTH_MAKING", 1000)
    monkeypatch.setattr(engine, "WORTH_BEGINNING", 32)
    little = scenario(worlds=8, months=2)
    assert (engine_of(little), begun) == (None, [])
    assert [engine_of(little) for _ in range(3)] == [None] * 3
    assert [words[1:] for words in begun] == [["-P", "-m", "sim.compile"]]
    monkeypatch.setattr("sim.compile.aside._BEGUN", [])  # as in a process that starts meanwhile
    assert engine_of(little) is None
    assert len(begun) == 1
    (tmp_path / "without").write_text("100\n")  # as versions before this one counted
    put(tmp_path / _name(import_module("sim.compile.machine")), NO_MONTH.to_plain(), b"code")
    assert engine_of(little) == "code"
    assert not (tmp_path / "without").exists()


@needs_llvm
@pytest.mark.usefixtures("anew")
def test_that_process_makes_it_and_another_begins_where_none_came_of_it(
    begun: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After ten minutes without code somebody else may begin; a program that is no Python is not started again."""
    monkeypatch.setattr("sim.compile.machine.make", lambda _: (NO_MONTH, b"code"))
    monkeypatch.setattr("sim.compile.machine.Code", lambda *_: "code")
    monkeypatch.setattr("sim.compile.__main__.os.nice", lambda _: 0, raising=False)
    machine = import_module("sim.compile.machine")
    assert begins(machine)
    assert not begins(machine)
    os.utime(tmp_path / BEGUN, (0, 0))
    assert begins(machine)
    main()
    assert (tmp_path / _name(machine)).exists()
    monkeypatch.setattr("sys.executable", "/usr/bin/editor")
    assert not aside.begin()
    assert begun == []


@needs_llvm
def test_it_is_made_at_once_where_numpy_would_compute_for_as_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Afterwards it is there at once, also for a new process."""
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("sim.compile.machine.make", lambda _: (NO_MONTH, b"code"))
    monkeypatch.setattr("sim.compile.machine.Code", lambda *_: "code")
    monkeypatch.setattr("sim.compile.aside.begin", lambda: False)
    monkeypatch.setattr(engine, "CompiledMonth", lambda code, *_: code)
    monkeypatch.setattr(engine, "WORTH_MAKING", 32)
    for expected in ([None, "code", "code", "code"], ["code"] * 4):
        monkeypatch.setattr(engine, "_CODE", [])
        monkeypatch.setattr(engine, "_WITHOUT", [0])
        assert [engine_of(scenario(worlds=8, months=2)) for _ in range(4)] == expected


@needs_llvm
@pytest.mark.usefixtures("anew")
def test_workers_of_one_ensemble_find_what_was_made_before_they_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """What all of them compute decides, not the share of each."""
    made = []
    monkeypatch.setattr("sim.compile.cache.load", lambda *_, may_make: made.append(may_make))
    monkeypatch.setattr("sim.compile.cache.begins", lambda _: False)
    monkeypatch.setattr(engine, "WORTH_MAKING", 64)
    for blocks in (1, 2, 4):
        monkeypatch.setattr(engine, "_WITHOUT", [0])
        these = range(0, 8 * blocks, 8)
        make_code([Task(scenario(worlds=0, months=2), first, 8, EVERYTHING) for first in these], lambda: None)
    assert made == [False, False, True]


@needs_llvm
def test_processors_share_the_worlds_of_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has scratch memory of its own, so nothing depends on their number; 40 worlds are five groups."""
    monkeypatch.setattr("sim.compile.machine.FEWEST", 1)
    found = []
    for number in (1, 3):
        monkeypatch.setattr("sim.compile.machine.processors", lambda number=number: number)
        found.append(watch(scenario(SEA, worlds=40, months=3), compiled=True))
    alone, together = found
    assert all(np.array_equal(alone[name], together[name], equal_nan=True) for name in alone)


@needs_llvm
def test_their_number_is_bounded_as_that_of_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = import_module("sim.compile.machine")
    monkeypatch.setattr(machine, "cores", lambda: 8)
    for text, number in (("", 8), ("3", 3), ("64", 8), ("many", 8)):
        monkeypatch.setenv("OMP_NUM_THREADS", text)
        assert machine.processors() == number
    monkeypatch.setattr("multiprocessing.parent_process", lambda: "another")
    assert machine.processors() == 1


def test_ctrl_c_does_not_wait_for_code_that_is_made_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    until = Event()
    monkeypatch.setattr("sim.experiment.ahead.prepare", lambda *_: until.wait())
    with pytest.raises(KeyboardInterrupt):
        make_code([Task(scenario(worlds=8), 0, 8, EVERYTHING)], interrupted)
    until.set()


@needs_llvm
@pytest.mark.parametrize("month", [b"{}", b"[]", b'{"parameters": [], "inputs": [{"x": 1}]}', b"no json"])
def test_what_is_kept_in_another_form_is_not_read(month: bytes, tmp_path: Path) -> None:
    from sim.compile import cache

    path = tmp_path / "month"
    path.write_bytes(hashlib.sha256(month + b"code").hexdigest().encode() + b" " + month + b"\ncode")
    assert cache._read(path) is None


@needs_llvm
def test_machine_code_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The second time it is read; a damaged file is made anew; where nothing can be written it is made each time.

    Who waits for it is told.
    """
    from sim.compile import cache, machine

    caplog.set_level("INFO", "sim")
    monkeypatch.setenv("SIM_COMPILED", "0")
    any_scenario = scenario(worlds=8, months=2)
    made = []
    month = Month(parameters=[], inputs=[], state=[], recorded=[Part("x", (2,), 0)], sizes={"given": 1})
    monkeypatch.setattr("sim.compile.month.trace", lambda _: Trace(month, [], {}))
    monkeypatch.setattr(machine, "make", lambda _: made.append(1) or (month, b"machine\ncode"))
    monkeypatch.setattr(machine, "Code", lambda *given: given)
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path / "mine"))
    for _ in range(2):
        assert cache.load(machine, any_scenario, may_make=True) == (month, b"machine\ncode")
        assert len(made) == 1
    kept = tmp_path / "mine" / _name(machine)
    kept.write_bytes(kept.read_bytes()[:-1])
    assert cache.load(machine, any_scenario, may_make=True) == (month, b"machine\ncode")
    assert len(made) == 2
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path / "file"))
    assert cache.load(machine, any_scenario, may_make=True) == (month, b"machine\ncode")
    assert set(os.listdir(tmp_path / "mine")) == {kept.name, BEGUN}
    assert len(made) == 3
    assert caplog.messages == [cache.MADE_ONCE % "machine code for this run"] * 3


def test_code_is_named_by_the_table_of_parameters_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The place of a name in a choice becomes a number of the code: in another order old code would be wrong."""
    from sim.compile import cache

    key, monthly = "structure.threat", Named({"structure.threat": given(("now", "structure.threat"), (1,))})
    spiral = follows(monthly, key, "spiral").flat[0]
    turned = replace(parameters.PARAMETERS[key], unit="spiral|both|deterrence")
    monkeypatch.setattr(parameters, "PARAMETERS", {key: turned})
    assert (spiral.of[0].of[1], follows(monthly, key, "spiral").flat[0].of[0].of[1]) == (1.0, 0.0)
    for packages in (cache.TRACED, PACKAGES):
        assert any("structure.threat,0,both|spiral|deterrence," in text for text in cache._sources(packages))


# ---- What the equations may be made of ------------------------------------------------------------------------


def test_symbols_are_arrays_like_others() -> None:
    """Indexing, stacking, sums and changes in place give symbols; constants stay constants."""
    a = given(("now", "a"), (2, 3, 1))
    assert (a.sum(axis=1).shape, a.max(axis=(0, 1)).shape, np.stack([a, a]).shape) == ((2, 1), (1,), (2, 2, 3, 1))
    b = np.zeros_like(a)
    b[1] += 2.0
    assert [float(x) for x in b.flat] == [0.0] * 3 + [2.0] * 3
    b[0] = a[1] * b[1]
    assert isinstance(b[0, 0, 0], Symbol)
    assert to_float((a > 0.0)[0, 0, 0]).operation == "to_float"


def asks(a: Array) -> object:
    return a if a > 0.0 else -a


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (asks, "np.where"),
        (np.cos, "np.cos cannot be traced"),
        (np.exp, "np.exp cannot be traced"),
        (lambda a: a.view(np.int64) + a, "do not go together"),
        (lambda a: a << 3, "integers are shifted"),
        (lambda a: np.where(a, 1.0, 0.0), "a comparison or a mask"),
        (lambda a: a & a, "for comparisons and masks"),
        (lambda a: a**0.5, "only squares"),
        (lambda a: a.sum(axis=0, keepdims=True), "np.add with keepdims"),
        (lambda a: np.add(a, a, where=np.array([False])), "np.add with where"),
        (lambda a: np.clip(a, 0.0, 1.0, out=a), "np.clip with out"),
        (lambda a: np.zeros(2, int, like=a), "float or bool"),
    ],
)
def test_what_cannot_be_traced_is_refused(function: Callable[[Symbols], object], told: str) -> None:
    with pytest.raises(TypeError, match=told):
        function(given(("now", "a"), (1,)))


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (lambda w: w.calendar_month, AttributeError),
        (lambda w: w.spec.events, AttributeError),
        (lambda w: w.month == 0, TypeError),
        (lambda w: w.month > 3, TypeError),
    ],
)
def test_what_differs_between_months_or_scenarios_cannot_be_traced(
    step: Callable[[World], object], told: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be taken from the scenario that was traced, for all. The world of the tracing is closed all the same."""
    closed: list[World] = []
    monkeypatch.setattr(World, "settle", step)
    monkeypatch.setattr(World, "close", lambda self: closed.append(self))
    with pytest.raises(told):
        trace(scenario(worlds=8, months=2))
    assert len(closed) == 1

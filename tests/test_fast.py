"""Compiled equations: made of the very functions that NumPy runs, and equal to them to the last bit."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_worlds import SEA, from_month, scenario, watch

import sim
from sim.experiment import run as running
from sim.experiment.run import run
from sim.model import elementwise, value
from sim.model.elementwise import KERNELS, WORTHWHILE, compile_all, compiled, use_numpy
from sim.model.world import World
from sim.scenario.scenario import Scenario

Array = np.ndarray
assert World, "importing it defines all elementwise functions"
needs_llvm = pytest.mark.skipif(not elementwise.find_spec("llvmlite"), reason="llvmlite is not installed")


@pytest.fixture(autouse=True)
def _as_before(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Machine code goes to a folder of the tests' own; afterwards all is as it was."""
    was = compiled()
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "code"))
    monkeypatch.delenv("SIM_COMPILED", raising=False)
    yield
    use_numpy()
    if was:
        compile_all()


def both(spec: Scenario) -> tuple[dict[str, Array], dict[str, Array]]:
    """Everything that is recorded, in full precision, by NumPy and compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIM_COMPILED", "0")
        use_numpy()
        plain = watch(spec)
        assert not compiled()
    assert compile_all()
    return plain, watch(spec)


# ---- The same results -----------------------------------------------------------------------------------------


@needs_llvm
@pytest.mark.parametrize("name", sorted(sim.scenario.shipped()))
def test_compiled_results_are_those_of_numpy_to_the_last_bit(name: str) -> None:
    plain, fast = both(replace(sim.load(name), worlds=16, months=12))
    assert plain.keys() == fast.keys()
    assert [
        key for key in plain if plain[key].dtype != fast[key].dtype or plain[key].tobytes() != fast[key].tobytes()
    ] == []


@needs_llvm
def test_the_comparison_would_notice_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: one equation off by one part in 10^16."""
    spec = scenario(SEA, worlds=8, months=6)
    plain, fast = both(spec)
    assert plain["gain"].tobytes() == fast["gain"].tobytes()
    kernel = next(k for k in KERNELS if k.function.__name__ == "value_to_buyer")
    loop = kernel.loop
    assert loop
    monkeypatch.setattr(kernel, "loop", lambda *given: np.nextafter(loop(*given), 1e9))
    assert watch(spec)["gain"].tobytes() != plain["gain"].tobytes()


@needs_llvm
def test_a_world_is_the_same_alone_or_among_others_and_in_any_block(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = scenario(SEA, worlds=40, months=8, events=(from_month(4, "war.intensity", 0.5),))
    assert compile_all()
    many = run(spec)
    monkeypatch.setattr(running, "BLOCK", 16)
    assert run(spec).equals(many)
    assert run(replace(spec, worlds=1), first=21).equals(many.isel(world=slice(21, 22)))


NASTY = [0.0, -0.0, 1.0, -1.0, 1e-9, 5e-324, 1e300, -1e300, np.inf, -np.inf, np.nan, 0.1, 3.0]


def odd_numbers(kind: str, chance: np.random.Generator) -> Array:
    """Five hundred arguments of the kind that a parameter is annotated with."""
    if kind == "Codes":
        return chance.integers(0, 7, 500).astype(np.int8)
    drawn = chance.choice(NASTY, 500)
    return drawn > 0.0 if kind == "Mask" else drawn


@needs_llvm
def test_every_equation_agrees_on_odd_numbers_too() -> None:
    """Zeros of both signs, the smallest and the largest numbers, infinities and nan, at any place in a vector."""
    use_numpy()
    assert compile_all()
    chance = np.random.default_rng(7)
    with np.errstate(all="ignore"):
        for kernel in KERNELS:
            kinds = [kernel.function.__annotations__[name] for name in kernel.names]
            given = [chance.choice(NASTY, 500) for _ in kinds]
            given = [g > 0.0 if kind == "Mask" else g for g, kind in zip(given, kinds, strict=True)]
            given = [
                chance.integers(0, 7, 500).astype(np.int8) if k == "Codes" else g
                for g, k in zip(given, kinds, strict=True)
            ]
            assert kernel.loop
            for plain, fast in zip(*(np.atleast_2d(f(*given)) for f in (kernel.function, kernel.loop)), strict=True):
                np.testing.assert_array_equal(plain, fast, err_msg=kernel.function.__qualname__)


@needs_llvm
def test_results_of_all_shapes_and_steps() -> None:
    """Broadcast, strided and reversed arrays, and plain numbers."""
    assert compile_all()
    a = np.random.default_rng(1).random((3, 4, 10))
    for given in ((a, a[0]), (a[:, :, ::2], a[:, :, 1::2]), (a[:, ::-1], a), (a, 0.25), (0.5, 0.25), (a.T, a.T[:, :1])):
        np.testing.assert_array_equal(value.free_stock(*given), np.maximum(np.subtract(*given), 0.0))
    assert value.free_stock(a[:0], a[:0]).shape == (0, 4, 10)


@needs_llvm
def test_a_number_that_is_not_finite_is_an_error() -> None:
    assert compile_all()
    big = np.full(100, 1e308)
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        value.total_worth(big, big, big, big, big, big)


# ---- When it is used ------------------------------------------------------------------------------------------


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    use_numpy()
    monkeypatch.setenv("SIM_COMPILED", "0")
    assert not compile_all()


def test_it_works_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    use_numpy()
    monkeypatch.setattr(elementwise, "find_spec", lambda _: None)
    assert not compile_all()
    assert watch(scenario(worlds=8, months=2))["stock"].shape == (2, 6, 3, 8)


@needs_llvm
def test_a_library_that_fails_is_named_and_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise OSError("no such thing")

    use_numpy()
    monkeypatch.setattr(elementwise, "_LOOPS", [])
    monkeypatch.setattr("sim.model.compiled.loops", broken)
    with pytest.warns(UserWarning, match="llvmlite cannot be used .no such thing."):
        assert not compile_all()
    assert not compile_all(), "and it is not tried again"


def test_short_runs_do_not_wait_for_it() -> None:
    use_numpy()
    assert not compile_all(WORTHWHILE - 1)


def test_importing_the_model_does_not_load_the_compiler() -> None:
    code = "import sys, sim.model.world; print('llvmlite' in sys.modules or 'sim.model.compiled' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@needs_llvm
def test_machine_code_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time it is read; where it cannot be written it is made each time."""
    from sim.model.compiled import loops

    functions = [value.free_stock.__wrapped__]  # type: ignore[attr-defined]
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path / "mine"))
    loops(functions)
    (kept,) = (tmp_path / "mine").iterdir()
    before = kept.stat().st_mtime_ns
    loops(functions)
    assert [one.stat().st_mtime_ns for one in (tmp_path / "mine").iterdir()] == [before]
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path / "file"))
    (free,) = loops(functions)
    assert free(np.full(8, 3.0), np.full(8, 1.0)).tolist() == [2.0] * 8
    assert os.listdir(tmp_path / "mine") == [kept.name]


# ---- What may stand in an elementwise function ----------------------------------------------------------------


def asks(a: Array) -> Array:
    return a if a > 0.0 else -a


def exponential(a: Array) -> Array:
    return np.exp(a)


def cube(a: Array) -> Array:
    return a**3


def adds(a: Array, b: Array) -> Array:
    return np.where(a + b, a, b)


@needs_llvm
@pytest.mark.parametrize(
    ("function", "told"),
    [(asks, "np.where"), (exponential, "np.exp"), (cube, "only squares"), (adds, "for comparisons and masks")],
)
def test_what_cannot_be_compiled_is_refused(function: object, told: str) -> None:
    from sim.model.compiled import written_down

    with pytest.raises(TypeError, match=told):
        written_down(function, 0)  # type: ignore[arg-type]

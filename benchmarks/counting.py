"""What the engine does in a month, step by step: processor seconds, bytes touched, floating-point operations.

Bytes and operations are counted with arrays that tell a meter of every NumPy operation on them (`Counted`). An
operation reads each operand once and writes its result once, whatever it is read from: cache or memory. Indexing by
numbers or masks, `np.where`, `concatenate`, `argsort` and copies count as bytes read and written and as no operations.
Additions, multiplications, divisions, roots, minima and maxima count as one operation an element; exponentials,
logarithms, powers and hyperbolic tangents too, but apart. Comparisons and logic count as bytes alone.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np

from sim.compile.llvm import to_llvm
from sim.compile.month import write_down
from sim.experiment import run as engine
from sim.experiment.design import sample
from sim.model.parameters import Parameters
from sim.model.world import GROUP, World
from sim.scenario import Scenario

Array = np.ndarray
STEPS = {
    "drive": "drive",
    "produce_and_consume": "produce",
    "appraise": "appraise",
    "act": "act",
    "bargain": "bargain",
    "ship": "ship",
    "settle": "settle",
    "record": "record",
}
"""Methods of a world and what the tables call them."""
# fmt: off
ARITHMETIC = {
    "add", "subtract", "multiply", "divide", "negative", "absolute", "maximum", "minimum", "clip", "sqrt", "square",
    "floor",
}
# fmt: on
CURVED = {"exp", "log", "log1p", "tanh", "power", "float_power", "ndtri"}
INSTRUCTIONS = {
    "additions and multiplications": "f(?:add|sub|mul|neg)",
    "divisions": "fdiv",
    "comparisons": "fcmp \\w+",
    "choices": "select",
}
"""What the tables call LLVM's instructions."""
MOVES = (np.where, np.concatenate, np.copyto, np.argsort)


@dataclass
class Work:
    """Sums over a step."""

    bytes: float = 0.0
    arithmetic: float = 0.0
    curved: float = 0.0


class Meter:
    """Work by step; what happens outside the steps is not counted."""

    def __init__(self) -> None:
        self.step = ""
        self.work: dict[str, Work] = defaultdict(Work)

    def note(self, touched: float, name: str = "", operations: float = 0.0) -> None:
        if self.step:
            here = self.work[self.step]
            here.bytes += touched
            here.arithmetic += operations if name in ARITHMETIC else 0.0
            here.curved += operations if name in CURVED else 0.0


METER = Meter()


def plain(x: Any) -> Any:
    return np.asarray(x) if isinstance(x, Counted) else x


def counted(x: Any) -> Any:
    return x.view(Counted) if isinstance(x, np.ndarray) else x


def size_of(*values: Any) -> float:
    """Bytes of all arrays among the values and in lists of them."""
    total = 0.0
    for value in values:
        if isinstance(value, np.ndarray):
            total += value.nbytes
        elif isinstance(value, list | tuple):
            total += size_of(*value)
    return total


class Counted(np.ndarray):
    """An array that tells METER what is done with it; results of operations are such arrays again."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        operands = [plain(x) for x in inputs]
        if out is not None:
            options["out"] = tuple(plain(x) for x in out)
        result = getattr(ufunc, method)(*operands, **{key: plain(x) for key, x in options.items()})
        elements = np.size(result) if method == "__call__" else np.size(operands[0])
        METER.note(size_of(*operands, result), ufunc.__name__, elements)
        if out is not None:
            return out[0] if len(out) == 1 else out
        return counted(result)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        result = super().__array_function__(function, types, args, kwargs)
        if function in MOVES:
            METER.note(size_of(*args, result))
        return counted(result)

    def __getitem__(self, key: Any) -> Any:
        result = super().__getitem__(key)
        if isinstance(result, np.ndarray) and not np.may_share_memory(result, self):
            METER.note(2.0 * result.nbytes)
        return result

    def __setitem__(self, key: Any, value: Any) -> None:
        METER.note(size_of(value) + np.asarray(self)[plain(key)].nbytes)
        super().__setitem__(key, value)

    def copy(self, order: Any = "C") -> Counted:
        METER.note(2.0 * self.nbytes)
        return super().copy(order)


def _fresh(make: Callable[..., Array]) -> Callable[..., Array]:
    """`np.zeros` and the like, written once."""

    def made(*args: Any, **kwargs: Any) -> Array:
        array = make(*args, **kwargs)
        METER.note(array.nbytes)
        return counted(array)

    return made


@contextmanager
def around_steps(before: Callable[[str], None], after: Callable[[str], None]) -> Iterator[None]:
    """Call `before` and `after` with the name of each step of every world."""

    def watched(name: str, step: Callable[[World], None]) -> Callable[[World], None]:
        def run(world: World) -> None:
            before(name)
            step(world)
            after(name)

        return run

    with ExitStack() as stack:
        for method, name in STEPS.items():
            stack.enter_context(patch.object(World, method, watched(name, getattr(World, method))))
        yield


def nothing(name: str, month: int, values: Array) -> None:
    """Keeps nothing."""


def step_block(scenario: Scenario, values: dict[str, Array], keep: Callable[..., None] = nothing) -> None:
    """One block of the scenario's worlds."""
    engine.run_block(scenario, values, 0, scenario.worlds, keep, lambda _: None)


def count(scenario: Scenario) -> dict[str, Work]:
    """Work of each step for each world and month. Raises AssertionError if counting changes a result."""
    METER.work.clear()
    last: list[Array] = []

    def keep(name: str, month: int, values: Array) -> None:
        if name == "shells_delivered" and month == scenario.months - 1:
            last.append(np.array(values))

    values = sample(scenario, 0, scenario.worlds)
    step_block(scenario, values, keep)
    draw = engine.draw_all
    with (
        patch.object(np, "zeros", _fresh(np.zeros)),
        patch.object(np, "ones", _fresh(np.ones)),
        patch.object(engine, "draw_all", lambda *a, **k: {c: counted(x) for c, x in draw(*a, **k).items()}),
        around_steps(lambda name: setattr(METER, "step", name), lambda name: setattr(METER, "step", "")),
    ):
        step_block(scenario, {key: counted(x) for key, x in values.items()}, keep)
    assert np.array_equal(last[0], last[1]), "counted arrays give other results"
    share = 1.0 / (scenario.worlds * scenario.months)
    return {name: Work(w.bytes * share, w.arithmetic * share, w.curved * share) for name, w in METER.work.items()}


class Stopwatch:
    """Processor seconds of this thread by name; of wall time a busy machine would take its share."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._began: dict[str, float] = {}

    def start(self, name: str) -> None:
        self._began[name] = time.thread_time()

    def stop(self, name: str) -> None:
        self.spent[name] += time.thread_time() - self._began[name]

    def around(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, timed."""

        def timed(*args: Any, **named: Any) -> Any:
            self.start(name)
            result = work(*args, **named)
            self.stop(name)
            return result

        return timed


def _timed(scenario: Scenario, inside: Callable[[Stopwatch], AbstractContextManager[None]]) -> dict[str, float]:
    """Processor seconds of one block with everything kept: of what `inside` watches, and of what is around it."""
    watch, shelf = Stopwatch(), engine.Shelf(scenario.months, scenario.worlds)
    values = watch.around("parameters", sample)(scenario, 0, scenario.worlds)
    keep = watch.around("keep", lambda *what: shelf.put(0, *what))
    with patch.object(engine, "draw_all", watch.around("chance", engine.draw_all)), inside(watch):
        step_block(scenario, values, keep)
    return dict(watch.spent)


def _timed_block(scenario: Scenario) -> dict[str, float]:
    """Seconds of the eight steps; recording hands on, and what takes it is told apart."""
    spent = _timed(scenario, lambda watch: around_steps(watch.start, watch.stop))
    return spent | {"record": spent["record"] - spent["keep"]}


def profile(scenario: Scenario, times: int) -> dict[str, float]:
    """Least processor seconds of each step of one block in `times` runs, after one that does not count."""
    return _least(_timed_block, scenario, times)


def profile_compiled(scenario: Scenario, times: int) -> dict[str, float]:
    """The same of what a month is made of where steps 2 to 8 are machine code."""
    return _least(_timed_compiled, scenario, times)


def _least(timed: Callable[[Scenario], dict[str, float]], scenario: Scenario, times: int) -> dict[str, float]:
    rounds = [timed(scenario) for _ in range(times + 1)][1:]
    return {name: min(one[name] for one in rounds) for name in rounds[0]}


def _timed_compiled(scenario: Scenario) -> dict[str, float]:
    """Seconds of the parts of a compiled month; what is handed on has to change its order in memory."""
    spent = _timed(scenario, _around_compiled)
    within = sum(spent[name] for name in ("steps 2 to 8", "take in", "keep"))
    return spent | {"hand on": spent["hand on"] - within}


@contextmanager
def _around_compiled(watch: Stopwatch) -> Iterator[None]:
    from sim.compile.cache import Code
    from sim.compile.engine import CompiledMonth

    with (
        patch.object(World, "drive", watch.around("drive", World.drive)),
        patch.object(Code, "__call__", watch.around("steps 2 to 8", Code.__call__)),
        patch.object(CompiledMonth, "_take_in", watch.around("take in", CompiledMonth._take_in)),
        patch.object(CompiledMonth, "__call__", watch.around("hand on", CompiledMonth.__call__)),
    ):
        yield


def world_of(scenario: Scenario) -> World:
    """The scenario's worlds before their first month."""
    draws = engine.draw_all(scenario.seed, scenario.months, 0, GROUP)
    return World(scenario, Parameters(sample(scenario, 0, GROUP)), draws, nothing)


def written(scenario: Scenario) -> dict[str, float]:
    """Of the machine code, for each world and month: bytes of all rows, once, and instructions of each kind."""
    month = write_down(world_of(scenario))
    text = to_llvm(month)
    found = {name: float(len(re.findall(rf"= {words} <", text))) for name, words in INSTRUCTIONS.items()}
    found["calls"] = float(text.count("call void @called"))
    found["instructions"] = float(len(re.findall(r"^  (?:%v\d+ =|store|call)", text, re.M)))
    sizes = month.month.sizes
    found["bytes"] = 8.0 * (2 * sizes["state"] + sizes["recorded"] + sizes["given"])
    return found

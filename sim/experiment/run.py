"""Run a scenario: blocks of worlds, each stepped month by month, recorded into one Dataset."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from functools import partial
from threading import Lock

import numpy as np
import xarray as xr

from sim.compile.engine import driven
from sim.experiment.chance import BEFORE, draw_all
from sim.experiment.design import sample
from sim.experiment.happenings import Watch, begin_month, happenings
from sim.experiment.rest import SPIN_UP, come_to_rest
from sim.experiment.unopened import SCORE, compared, not_compared, unopened
from sim.limits import cores
from sim.model.block import GROUP, Block
from sim.results import build
from sim.results.variables import VARIABLES
from sim.scenario.names import COUNTRIES
from sim.scenario.options import OPTIONS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import Scenario
from sim.scenario.values import Parameters

Array = np.ndarray
Progress = Callable[[int, int], None]
"""Is called with world-months done and in all."""
Engine = Callable[[Block, Collection[str] | None], Block]
"""Returns a block, at its start, with what does its steps and records these variables."""
BATCH = 256
"""Worlds stepped together, so that they share Python's overhead of a step."""


def part_of(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Return the progress of a part that begins when `before` of `total` world-months are done."""
    return None if progress is None else lambda done, _: progress(before + done, total)


def run(
    scenario: Scenario,
    progress: Progress | None = None,
    *,
    first: int = 0,
    given: Mapping[str, Array] | None = None,
    variables: Collection[str] | None = None,
    chance: Array | None = None,
    engine: Engine = driven,
) -> xr.Dataset:
    """Run `scenario.worlds` worlds from number `first` on and return all that was recorded, or only `variables`.

    progress(done, total) is called with world-months. The result of world k depends on nothing but the scenario,
    the seed and k. `given`, key -> (worlds), replaces the parameters that these worlds would draw: the designs of
    sensitivity analysis, calibration and policy, and of other programs. `chance`, (worlds), names the worlds whose
    chance (shocks, acts) these worlds meet instead of their own; `engine` is that of `run_block`.
    Raises FloatingPointError where a number is not finite, KeyError and ValueError for invalid `given` or `chance`.
    """
    months, worlds = scenario.months, scenario.worlds
    recorder = Recorder(months, worlds, VARIABLES if variables is None else variables)
    # Worlds are stepped in whole groups of eight, so that a world has the same bits alone or among many.
    low, high = _whole_groups(first, first + worlds)
    padding = first - low, high - first - worlds
    own = sample(scenario, first, worlds) | _checked(given or {}, worlds)
    values = {key: _padded(column, padding) for key, column in own.items()}
    numbers = None if chance is None and not any(padding) else _padded(_chance_worlds(chance, first, worlds), padding)
    recorder.put(0, "parameters", 0, np.stack([own[key] for key in PARAMETERS]))
    counter = _Counter(worlds * months, progress)

    def step_block(block: tuple[int, int]) -> None:
        start, stop = block
        a, b = _whole_groups(start, stop)
        inputs = {key: column[a - low : b - low] for key, column in values.items()}
        met = None if numbers is None else numbers[a - low : b - low]
        report, put = counter.report(stop - start), partial(recorder.put, start - first)
        run_block(scenario, inputs, start, stop, put, report, chance=met, wanted=recorder.variables, engine=engine)

    _run_in_threads(step_block, list(_blocks(first, first + worlds)), counter)
    return build(recorder.arrays, scenario, coordinates(first, worlds), partial=variables is not None)


def _padded(column: Array, padding: tuple[int, int]) -> Array:
    """Pad a column, (worlds), to whole groups with copies of its end worlds; other worlds could fail and stop these."""
    before, after = padding
    # by hand, for a thousand columns: NumPy's own way takes forty times as long
    return np.concatenate([column[:1].repeat(before), column, column[-1:].repeat(after)]) if any(padding) else column


def _checked(given: Mapping[str, Array], worlds: int) -> dict[str, Array]:
    """Return given values as floats. Raises KeyError or ValueError unless each key is known, (worlds) and finite."""
    for key, column in given.items():
        if key not in PARAMETERS:
            raise KeyError(key)
        if np.shape(column) != (worlds,) or not np.isfinite(column).all():
            raise ValueError(f"{key}: needs {worlds} finite values, one a world, found shape {np.shape(column)}")
    return {key: np.asarray(column, dtype=float) for key, column in given.items()}


def _chance_worlds(chance: Array | None, first: int, worlds: int) -> Array:
    """Return the numbers of the worlds whose chance is met, (worlds); without `chance` their own."""
    if chance is None:
        return np.arange(first, first + worlds)
    if np.shape(chance) != (worlds,) or np.asarray(chance).dtype.kind not in "iu" or np.min(chance) < 0:
        raise ValueError(f"chance: needs {worlds} whole numbers from 0, one a world, found shape {np.shape(chance)}")
    return np.asarray(chance, dtype=np.int64)


class _Counter:
    """Count of the world-months done in all threads."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.progress = total, progress
        self.done = 0
        self.stopped = False
        self._lock = Lock()

    def report(self, worlds: int) -> Callable[[int], None]:
        """Return what a block of `worlds` calls after each month; it ends the block once another one has failed."""

        def add(_: int) -> None:
            with self._lock:
                if self.stopped:
                    raise _StoppedError
                self.done += worlds
                if self.progress is not None:
                    self.progress(self.done, self.total)

        return add


class _StoppedError(Exception):
    """Ends a block because another has failed."""


def _run_in_threads(step: Callable[[tuple[int, int]], None], blocks: list[tuple[int, int]], counter: _Counter) -> None:
    """Step all blocks in threads: NumPy releases the interpreter lock while it computes, and blocks share nothing."""
    if len(blocks) == 1:
        step(blocks[0])
        return
    with ThreadPoolExecutor(min(len(blocks), cores())) as pool:
        # each in the context of now, since what a thread logs is told in the language that is spoken here
        futures = [pool.submit(copy_context().run, step, block) for block in blocks]
        try:
            for future in as_completed(futures):
                future.result()
        except BaseException:
            counter.stopped = True
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _whole_groups(start: int, stop: int) -> tuple[int, int]:
    """Extend the worlds `start` … `stop - 1` to whole groups of eight."""
    return start // GROUP * GROUP, -(-stop // GROUP) * GROUP


def _blocks(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the worlds that are stepped together. To part few among cores costs more than it wins: Python's share."""
    start = first
    while start < last:
        stop = min(last, (start // BATCH + 1) * BATCH)
        yield start, stop
        start = stop


class Recorder:
    """The arrays of an ensemble, filled block by block and month by month."""

    def __init__(self, months: int, worlds: int, variables: Collection[str] = VARIABLES) -> None:
        self.months, self.worlds, self.variables = months, worlds, frozenset(variables)
        self.arrays: dict[str, Array] = {}
        self._lock = Lock()

    def put(self, at: int, name: str, month: int, values: Array) -> None:
        """Store values (…, worlds of the block) of a month, or of the whole run, from column `at` on."""
        if name not in self.variables:
            return
        by_month = "month" in VARIABLES[name].dims
        by_world = "world" in VARIABLES[name].dims
        with self._lock:
            if name not in self.arrays:
                inner = (*values.shape[:-1], self.worlds) if by_world else values.shape
                shape = (self.months, *inner) if by_month else inner
                self.arrays[name] = np.empty(shape, dtype=np.dtype(VARIABLES[name].disk))
        target = self.arrays[name][month] if by_month else self.arrays[name]
        if by_world:
            target = target[..., at : at + values.shape[-1]]
        target[...] = values


def run_block(
    scenario: Scenario,
    values: dict[str, Array],
    start: int,
    stop: int,
    put: Callable[[str, int, Array], None],
    report: Callable[[int], None],
    *,
    chance: Array | None = None,
    wanted: Collection[str] | None = None,
    engine: Engine = driven,
) -> None:
    """Step the worlds `start` … `stop - 1` together and `put` the variables of `sim.results.variables`.

    `values`, key -> (worlds), are their parameters, and `chance`, (worlds), if any, the worlds whose draws they get;
    both padded to whole groups of eight. Variables that are not `wanted` may be left out. `engine` gives a
    block what does its steps and records the `wanted` variables.
    """
    low, high = _whole_groups(start, stop)
    mine = slice(start - low, stop - low)

    own = happenings(scenario, low, high - low, chance=chance)
    watch = Watch(own)

    def keep(name: str, month: int, values: Array) -> None:
        watch.take(name, values)
        if name == "scheduled":  # prescribed in all worlds; the model knows those of its block
            values = own.scheduled(month)
        put(name, month, values[..., mine] if "world" in VARIABLES[name].dims else values)

    draws = draw_all(scenario.seed, scenario.months, low, high - low, chance=chance)
    before = draw_all(scenario.seed, SPIN_UP, low, high - low, chance=chance, streams=BEFORE)
    world = engine(Block(scenario, Parameters(values, own), draws, keep), watch.wanted(wanted))
    worlds = [(world, watch)]
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            come_to_rest(world, before)
            scores: Callable[[], Array] = partial(not_compared, high - low)
            if compared(start, wanted):
                twin, twin_watch, scores = unopened(world)
                worlds.append((engine(twin, twin_watch.wanted(("score",))), twin_watch))
            for month in range(scenario.months):
                for one, watching in worlds:
                    begin_month(one, watching)
                    one.step()
                report(month + 1)
            keep(SCORE, scenario.months - 1, scores())
    finally:
        for one, _ in worlds:
            one.close()
            one.__dict__.clear()  # it and what it holds refer to each other: its arrays would wait for the collector


def coordinates(first: int, worlds: int) -> dict[str, list[object]]:
    """Return the labels of worlds, parameters, countries and options, as `sim.results.build` takes them."""
    return {
        "world": list(range(first, first + worlds)),
        "key": list(PARAMETERS),
        "country": list(COUNTRIES),
        "actor": [o.actor for o in OPTIONS],
        "act": [o.act for o in OPTIONS],
        "partner_of": [" ".join(o.partners) for o in OPTIONS],
    }

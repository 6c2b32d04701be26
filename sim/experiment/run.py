"""One run of a scenario: blocks of worlds, each stepped month by month, joined into one Dataset."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from threading import Lock

import numpy as np
import xarray as xr

from sim.compile.engine import compiled
from sim.experiment.chance import draw_all
from sim.experiment.design import sample
from sim.model.options import OPTIONS
from sim.model.parameters import Parameters
from sim.model.world import GROUP, World
from sim.results import build
from sim.results.variables import VARIABLES
from sim.scenario.names import COUNTRIES
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import ParameterEvent, Scenario

Array = np.ndarray
Progress = Callable[[int, int], None]
"""Is called with world-months done and in all."""
BATCH = 256
"""Worlds stepped together: many enough that Python's own cost a step is shared by many worlds."""


def part_of(progress: Progress | None, before: int, total: int) -> Progress | None:
    """The progress of a part that begins when `before` of `total` world-months are done."""
    return None if progress is None else lambda done, _: progress(before + done, total)


def run(
    scenario: Scenario,
    progress: Progress | None = None,
    *,
    first: int = 0,
    given: Mapping[str, Array] | None = None,
    variables: Collection[str] | None = None,
    chance: Array | None = None,
) -> xr.Dataset:
    """Run `scenario.worlds` worlds from number `first` on and return all that was recorded, or only `variables`.

    progress(done, total) is called with world-months. The result of world k depends on nothing but the scenario,
    the seed and k. `given` names parameters whose values, (worlds), replace what these worlds would draw: the designs
    of sensitivity analysis, calibration and policy, and worlds that another program chooses. `chance`, (worlds), are
    the numbers of the worlds whose chance (shocks, acts) these worlds meet instead of that of their own number.
    Raises FloatingPointError where a number is not finite, KeyError and ValueError for what cannot be given.
    """
    months, worlds = scenario.months, scenario.worlds
    shelf = Shelf(months, worlds, VARIABLES if variables is None else variables)
    low, high = _groups(first, first + worlds)
    around = first - low, high - first - worlds
    own = sample(scenario, first, worlds) | _checked(given or {}, worlds)
    values = {key: _filled_up(column, around) for key, column in own.items()}
    numbers = None if chance is None and not any(around) else _filled_up(_numbers(chance, first, worlds), around)
    shelf.put(0, "parameters", None, np.stack([own[key] for key in PARAMETERS]))
    counter = _Counter(worlds * months, progress)

    def work(block: tuple[int, int]) -> None:
        start, stop = block
        a, b = _groups(start, stop)
        inputs = {key: column[a - low : b - low] for key, column in values.items()}
        met = None if numbers is None else numbers[a - low : b - low]
        adder = counter.adder(stop - start)
        run_block(
            scenario, inputs, start, stop, partial(shelf.put, start - first), adder, chance=met, wanted=shelf.variables
        )

    _in_threads(work, list(_blocks(first, first + worlds)), counter)
    return build(shelf.arrays, scenario, coordinates(first, worlds), partial=variables is not None)


def _filled_up(column: Array, around: tuple[int, int]) -> Array:
    """A column, (worlds), filled up to whole groups of eight with copies of the worlds at its ends: a world outside
    the run could fail and take these along."""
    return np.pad(column, around, mode="edge") if any(around) else column


def _checked(given: Mapping[str, Array], worlds: int) -> dict[str, Array]:
    """Given values as they must be: of parameters that there are, finite, one a world."""
    for key, column in given.items():
        if key not in PARAMETERS:
            raise KeyError(key)
        if np.shape(column) != (worlds,) or not np.isfinite(column).all():
            raise ValueError(f"{key}: {worlds} finite values must be given, one a world")
    return {key: np.asarray(column, dtype=float) for key, column in given.items()}


def _numbers(chance: Array | None, first: int, worlds: int) -> Array:
    """Numbers of the worlds whose chance is met; without `chance` their own."""
    if chance is None:
        return np.arange(first, first + worlds)
    if np.shape(chance) != (worlds,) or np.asarray(chance).dtype.kind not in "iu" or np.min(chance) < 0:
        raise ValueError(f"chance: {worlds} world numbers from 0 on must be given, one a world")
    return np.asarray(chance, dtype=np.int64)


class _Counter:
    """World-months done, over all threads."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.progress = total, progress
        self.done = 0
        self.stopped = False
        self._lock = Lock()

    def adder(self, worlds: int) -> Callable[[int], None]:
        """What a block of `worlds` calls after each month. Ends the block once another has failed or was broken off."""

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


def _in_threads(work: Callable[[tuple[int, int]], None], blocks: list[tuple[int, int]], counter: _Counter) -> None:
    """Do all blocks, several at once: NumPy lets other threads run while it computes, and blocks share nothing."""
    if len(blocks) == 1:
        work(blocks[0])
        return
    with ThreadPoolExecutor(min(len(blocks), os.cpu_count() or 1)) as pool:
        futures = [pool.submit(work, block) for block in blocks]
        try:
            for future in as_completed(futures):
                future.result()
        except BaseException:
            counter.stopped = True
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _groups(start: int, stop: int) -> tuple[int, int]:
    """The worlds from `start` to `stop`, filled up to whole groups of eight."""
    return start // GROUP * GROUP, -(-stop // GROUP) * GROUP


def _blocks(first: int, last: int) -> Iterator[tuple[int, int]]:
    start = first
    while start < last:
        stop = min(last, (start // BATCH + 1) * BATCH)
        yield start, stop
        start = stop


class Shelf:
    """Where the ensemble's arrays are filled block by block and month by month."""

    def __init__(self, months: int, worlds: int, variables: Collection[str] = VARIABLES) -> None:
        self.months, self.worlds, self.variables = months, worlds, frozenset(variables)
        self.arrays: dict[str, Array] = {}
        self._lock = Lock()

    def put(self, at: int, name: str, month: int | None, values: Array) -> None:
        """Store values (…, worlds of the block) of a month, or of the whole run, from column `at` on."""
        if name not in self.variables:
            return
        by_world = "world" in VARIABLES[name].dims
        with self._lock:
            if name not in self.arrays:
                inner = (*values.shape[:-1], self.worlds) if by_world else values.shape
                shape = inner if month is None else (self.months, *inner)
                self.arrays[name] = np.empty(shape, dtype=np.dtype(VARIABLES[name].disk))
        target = self.arrays[name] if month is None else self.arrays[name][month]
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
) -> None:
    """Step the worlds `start` … `stop - 1` together and `put` what they record, as in `sim.results.variables`.

    `values` are the parameters of these worlds, and `chance`, if any, the worlds whose draws they get, filled up to
    whole groups of eight. Variables that are not `wanted` may be left out.
    """
    low, high = _groups(start, stop)
    mine = slice(start - low, stop - low)

    def keep(name: str, month: int, values: Array) -> None:
        put(name, month, values[..., mine] if "world" in VARIABLES[name].dims else values)

    events = [e for e in scenario.events if isinstance(e, ParameterEvent)]
    draws = draw_all(scenario.seed, scenario.months, low, high - low, chance=chance)
    world = World(scenario, Parameters(values, events), draws, keep)
    world.engine = compiled(world, wanted)
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            for month in range(scenario.months):
                world.step()
                report(month + 1)
    finally:
        world.close()


def coordinates(first: int, worlds: int) -> dict[str, list[object]]:
    """Labels of the worlds, parameters and options."""
    return {
        "world": list(range(first, first + worlds)),
        "key": list(PARAMETERS),
        "country": list(COUNTRIES),
        "actor": [o.actor for o in OPTIONS],
        "act": [o.act for o in OPTIONS],
        "partner_of": [" ".join(o.partners) for o in OPTIONS],
    }

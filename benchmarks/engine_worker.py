"""One way of computing of the engine, measured in a process of its own; `yardsticks.py` starts it.

The environment decides which: with SIM_COMPILED=0 plain NumPy. Takes its task as JSON (see `Task`), prints JSON.
"""

import cProfile
import json
import os
import pstats
import re
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from measuring import Time, best, say

import sim
from sim.compile import engine
from sim.compile.engine import libraries
from sim.compile.month import trace
from sim.compile.program import program
from sim.experiment import run as runs
from sim.experiment.batch import run_reduced
from sim.experiment.design import sample
from sim.experiment.run import BATCH, Recorder, run, run_block
from sim.model.block import GROUP
from sim.model.world import World
from sim.scenario import Scenario
from sim.scenario.values import Parameters

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from engine_reports import NEEDED, reports_of

Array = np.ndarray
LONG = 10.0
"""Seconds from which on a measurement is not repeated."""


@dataclass(frozen=True)
class Task:
    """What to measure."""

    scenario: str
    months: int
    compared: int
    "worlds whose outcomes are handed back"
    thousand: int
    "worlds of the large run"
    times: int
    worlds_curve: list[int]
    months_curve: list[int]
    months_worlds: int
    "worlds at each point of the curve over months"


def outcomes(scenario: Scenario) -> dict[str, list[float]]:
    """Return the reports of the last month in full precision, name -> one number a world."""
    months: dict[str, list[Array]] = {}

    def keep(name: str, month: int, values: Array) -> None:
        if name in NEEDED:
            months.setdefault(name, []).append(np.array(values))

    filled_up = -(-scenario.worlds // GROUP) * GROUP
    run_block(scenario, sample(scenario, 0, filled_up), 0, scenario.worlds, keep, lambda _: None, wanted=NEEDED)
    reports = reports_of({name: np.stack(values) for name, values in months.items()})
    return {name: values[-1].tolist() for name, values in reports.items()}


def bare(scenario: Scenario, times: int) -> dict[str, Time]:
    """Time blocks with nothing kept: one in one thread, two in two; parameters drawn before."""
    values = sample(scenario, 0, 2 * BATCH)

    def block(number: int) -> None:
        start, stop = number * BATCH, (number + 1) * BATCH
        mine = {key: column[start:stop] for key, column in values.items()}
        run_block(scenario, mine, start, stop, lambda *_: None, lambda _: None, wanted=())

    def two() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(block, (0, 1)))

    return {"bare_block": best(lambda: block(0), times), "bare_two": best(two, times)}


def point(scenario: Scenario, times: int) -> dict[str, float]:
    """Time one point of a curve: only the shells delivered by the end are kept."""

    def work() -> None:
        run_reduced(scenario, lambda ds: {"shells": np.array(ds["shells_delivered"].values[-1])})

    first = best(work, 1, warm=False)
    return asdict(first if first.wall >= LONG else best(work, times, warm=False))


# ---- Where the time of a block goes ---------------------------------------------------------------------------


def parts() -> dict[str, Callable[..., Any]]:
    """Return what a block is made of: the functions to look for in a profile, the steps by their docstrings' words."""
    found: dict[str, Callable[..., Any]] = {"parameters": sample, "chance": runs.draw_all}
    steps = {step: re.match(r"(\d [a-z ]+)", step.__doc__ or "") for _, step in getmembers(World, isfunction)}
    found |= dict(sorted((match[1], step) for step, match in steps.items() if match))
    if "llvmlite" in libraries():
        from sim.compile.machine import Code

        found["all steps as machine code"] = Code.__call__
    return found | {"keeping what is recorded": Recorder.put}


def profile(scenario: Scenario) -> dict[str, float]:
    """Return seconds of wall time of one block in one thread and of each of its parts, by cProfile."""
    recorder = Recorder(scenario.months, scenario.worlds)

    def block() -> None:
        values = sample(scenario, 0, scenario.worlds)
        run_block(scenario, values, 0, scenario.worlds, lambda *what: recorder.put(0, *what), lambda _: None)

    block()
    profiler = cProfile.Profile()  # with a clock such as thread_time one step once took longer than the whole
    profiler.runcall(block)
    timed: dict[Any, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]  # function -> (…, own, in all)
    found = {}
    for name, part in {"in all": block, **parts()}.items():
        code = part.__code__
        key = code.co_filename, code.co_firstlineno, code.co_name
        if key in timed:
            found[name] = timed[key][3]
    return found


# ---- Machine code ---------------------------------------------------------------------------------------------


def world_of(scenario: Scenario) -> World:
    """Return the scenario's first worlds before their first month."""
    draws = runs.draw_all(scenario.seed, scenario.months, 0, GROUP)
    return World(scenario, Parameters(sample(scenario, 0, GROUP)), draws, lambda *_: None)


def load_times(world: World) -> dict[str, float]:
    """Time the machine code: made anew, and read from the folder where it is kept."""
    from sim.compile import machine
    from sim.compile.cache import load

    found = {}
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {"SIM_CACHE_DIR": folder}):
        for name in ("made", "read"):
            begin = time.perf_counter()
            load(machine, world.spec, may_make=True)
            found[name] = time.perf_counter() - begin
    return found


def operations(world: World) -> int:
    """Count the additions, multiplications and divisions of a compiled month of one world."""
    counted = {"add", "subtract", "multiply", "divide", "negative"}
    return sum(operation.name in counted for operation in program(trace(world.spec)))


def main() -> None:
    """Measure and print."""
    task = Task(**json.loads(sys.argv[1]))
    scenario = sim.load(task.scenario, months=task.months, worlds=task.thousand)
    one, block = replace(scenario, worlds=1), replace(scenario, worlds=BATCH)
    found: dict[str, Any] = {"llvmlite": "llvmlite" in libraries()}
    if found["llvmlite"]:
        world = world_of(one)
        found |= {"load": load_times(world), "operations": operations(world)}
        engine.WORTH_MAKING = 0
    run(block)  # loads the machine code
    found["curve"] = []
    for worlds in task.worlds_curve:
        say(f"  curve over worlds: {worlds:,}")
        found["curve"].append({"worlds": worlds, **point(replace(scenario, worlds=worlds), task.times)})
    say("  run of one world and of many")
    found["one"] = asdict(best(lambda: run(one), task.times))
    found["thousand"] = asdict(best(lambda: run(scenario), task.times))
    found |= {name: asdict(value) for name, value in bare(scenario, task.times).items()}
    found["outcomes"] = outcomes(replace(scenario, worlds=task.compared))
    say("  curve over months")
    by_months = [sim.load(task.scenario, months=m, worlds=task.months_worlds) for m in task.months_curve]
    found["months"] = [{"months": s.months, "worlds": s.worlds, **point(s, task.times)} for s in by_months]
    say("  steps of a month")
    found["profile"] = profile(block)
    print(json.dumps(found))


if __name__ == "__main__":
    main()

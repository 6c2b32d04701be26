"""One way of computing of the engine, measured in a process of its own; `yardsticks.py` starts it.

The environment decides which: with SIM_COMPILED=0 plain NumPy. Takes its task as JSON (see `Task`), prints JSON. Asked
for nothing (`null`) it only says whether the engine uses llvmlite.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import xarray as xr
from measuring import Time, best, say

import sim
from sim.compile import engine
from sim.compile.engine import possible
from sim.experiment.design import sample
from sim.experiment.reduced import run_reduced
from sim.experiment.run import BLOCK, run, run_block
from sim.model.world import GROUP
from sim.scenario import Scenario

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
    count: bool
    "count bytes and operations too"


def outcomes(scenario: Scenario) -> dict[str, list[float]]:
    """Reports of the last month in full precision, name -> one number a world."""
    months: dict[str, list[Array]] = {}

    def keep(name: str, month: int, values: Array) -> None:
        if name in NEEDED:
            months.setdefault(name, []).append(np.array(values))

    filled_up = -(-scenario.worlds // GROUP) * GROUP
    run_block(scenario, sample(scenario, 0, filled_up), 0, scenario.worlds, keep, lambda _: None, wanted=NEEDED)
    reports = reports_of({name: np.stack(values) for name, values in months.items()})
    return {name: values[-1].tolist() for name, values in reports.items()}


def load_times(scenario: Scenario) -> dict[str, float]:
    """Seconds until the machine code is there: made anew, and read from the folder where it is kept."""
    from counting import world_of

    from sim.compile.cache import load

    world, found = world_of(scenario), {}
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {"SIM_CACHE_DIR": folder}):
        for name in ("made", "read"):
            begin = time.perf_counter()
            load(world, may_make=True)
            found[name] = time.perf_counter() - begin
    return found


def bare(scenario: Scenario, times: int) -> dict[str, Time]:
    """Blocks with nothing kept: one in one thread, two in two; parameters drawn before."""
    values = sample(scenario, 0, 2 * BLOCK)

    def block(number: int) -> None:
        start, stop = number * BLOCK, (number + 1) * BLOCK
        mine = {key: column[start:stop] for key, column in values.items()}
        run_block(scenario, mine, start, stop, lambda *_: None, lambda _: None, wanted=())

    def two() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(block, (0, 1)))

    return {"bare_block": best(lambda: block(0), times), "bare_two": best(two, times)}


def last_shells(ds: xr.Dataset) -> dict[str, Array]:
    """The small reduction of the curves: shells delivered by the end."""
    return {"shells": np.array(ds["shells_delivered"].values[-1])}


def point(scenario: Scenario, times: int) -> dict[str, float]:
    """Seconds of one point of a curve."""
    first = best(lambda: run_reduced(scenario, last_shells), 1, warm=False)
    if first.wall < LONG:
        first = best(lambda: run_reduced(scenario, last_shells), times, warm=False)
    return asdict(first)


def main() -> None:
    """Measure and print."""
    asked = json.loads(sys.argv[1])
    if asked is None:
        run(sim.load("article", months=1, worlds=1))
        print(json.dumps({"llvmlite": possible()}))
        return
    task = Task(**asked)
    scenario = sim.load(task.scenario, months=task.months, worlds=task.thousand)
    one = replace(scenario, worlds=1)
    found: dict[str, Any] = {"llvmlite": possible()}
    if possible():
        found["load"] = load_times(one)
        engine.WORTH_MAKING = 0
    run(replace(scenario, worlds=BLOCK))  # loads the machine code
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
    from counting import count, profile, profile_compiled, written

    block = replace(scenario, worlds=BLOCK)
    found["block"] = BLOCK
    found["profile"] = (profile_compiled if possible() else profile)(block, task.times)
    if possible():
        found["written"] = written(block)
    if task.count:
        found["work"] = {name: asdict(w) for name, w in count(block).items()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()

"""The plain Mesa model, measured: `mesa.batch_run` in two processes, and one world in this process."""

import resource
import sys
import time
from pathlib import Path
from typing import Any

import mesa
from measuring import Time, best

import sim

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from oracle.mesa_model import REPORTERS, PlainWorld

PROCESSES = 2
Rows = list[dict[str, Any]]


def _children() -> float:
    """Return the processor seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def batch(scenario: str, worlds: int, times: int) -> tuple[Time, Rows]:
    """Return the least seconds of `mesa.batch_run` over the worlds 0 … `worlds` - 1, and the last month of each.

    The start of the processes is in it. Arguments are those that Mesa 3.3 and 3.5 understand alike: neither
    `iterations` (gone from 3.5 on) nor `rng` (new with it), since world and seed are in the parameters.
    """
    months = sim.load(scenario).months
    found, rows = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time() + _children()
        asked = {"setting": scenario, "world": range(worlds)}
        rows = mesa.batch_run(PlainWorld, asked, number_processes=PROCESSES, max_steps=months, display_progress=False)
        found.append((time.perf_counter() - wall, time.process_time() + _children() - cpu))
    return Time(min(w for w, _ in found), min(c for _, c in found)), rows


def outcomes(rows: Rows) -> dict[str, list[float]]:
    """Return the reports of the last month, name -> one number a world."""
    ordered = sorted(rows, key=lambda row: row["world"])
    return {name: [float(row[name]) for row in ordered] for name in REPORTERS}


def one_world(scenario: str, months: int, times: int) -> Time:
    """Return the least seconds of world 0 in this process."""
    spec = sim.load(scenario, months=months)

    def work() -> None:
        model = PlainWorld(spec, 0)
        while model.running:
            model.step()

    return best(work, times)

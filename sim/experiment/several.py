"""Several scenarios over the same worlds, each reduced to a few numbers as soon as it has been run."""

from __future__ import annotations

import gc
from collections.abc import Sequence

import numpy as np

from sim.experiment.reduced import Reduce, run_reduced
from sim.experiment.run import Progress
from sim.scenario.scenario import Scenario


def run_several(
    scenarios: Sequence[Scenario], reduce: Reduce, progress: Progress | None = None
) -> list[dict[str, np.ndarray]]:
    """What `reduce` makes of each scenario, arrays (..., worlds); progress(done, total) counts the world-months of all.

    Scenarios that share seed, start and worlds are paired: world k has the same parameters and luck in each.
    """
    total = sum(scenario.worlds * scenario.months for scenario in scenarios)
    runs, before = [], 0
    for scenario in scenarios:

        def report(done: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + done, total)

        runs.append(run_reduced(scenario, reduce, report))
        before += scenario.worlds * scenario.months
        gc.collect()  # worlds and their agents refer to each other, and hold all results that they filled
    return runs

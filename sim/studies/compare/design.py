"""The runs of an attribution: every combination of the changes between two scenarios, over the same worlds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import xarray as xr

from sim.experiment.batch import OPENED, run_reduced
from sim.experiment.run import part_of
from sim.results.keep import Keep
from sim.scenario import Scenario
from sim.scenario.difference import Group, combined

Array = np.ndarray
Progress = Callable[[int, int], None]


def run_combinations(
    reference: Scenario, scenario: Scenario, groups: Sequence[Group], keep: Keep, progress: Progress
) -> Array:
    """Return the outcomes of every combination but none and all, (combination, measure, world).

    Combination s, from 1 on, makes the groups whose bits are set in s. progress(done, total) is called with
    world-months.
    """
    every = [change for group in groups for change in group.changes]
    count = (1 << len(groups)) - 2
    size = reference.worlds * reference.months
    found = []
    for number in range(1, count + 1):
        made = [change for k, group in enumerate(groups) if number >> k & 1 for change in group.changes]
        one = combined(reference, scenario, made, every)
        report = part_of(progress, (number - 1) * size, count * size)
        variables = OPENED if keep.variables is None else keep.variables
        parts = run_reduced(one, partial(_outcomes, keep), report, variables=variables)
        found.append(parts["outcomes"])
    return np.array(found)


def _outcomes(keep: Keep, ds: xr.Dataset) -> dict[str, Array]:
    assert keep.reduce is not None
    return {"outcomes": keep.reduce(ds)["outcomes"].transpose("measure", "world").values}

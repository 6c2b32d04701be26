"""Many runs in little memory: each block of worlds is reduced to a few numbers as soon as it is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import xarray as xr

from sim.experiment.run import Progress, part_of, run
from sim.experiment.unopened import SCORE
from sim.results.variables import VARIABLES
from sim.scenario.scenario import Scenario, Setting

Array = np.ndarray
Reduce = Callable[[xr.Dataset], Mapping[str, Array]]
"""Function from the results of some worlds to named arrays whose last axis is these worlds."""
OPENED = VARIABLES.keys() - {SCORE}
"""All variables but the one that takes a second run: studies compare scenarios themselves."""
WORLD_MONTHS = 256 * 36
"""World-months of results in memory at a time, about 130 MB."""


def run_reduced(
    scenario: Scenario,
    reduce: Reduce,
    progress: Progress | None = None,
    *,
    given: Mapping[str, Array] | None = None,
    variables: Collection[str] = OPENED,
) -> dict[str, Array]:
    """Run a scenario block by block and return the joined arrays of `reduce`, (..., worlds).

    progress(done, total) is called with world-months. `given`, key -> (worlds), replaces the values that worlds draw.
    `variables` are those that `reduce` reads.
    """
    size = max(1, WORLD_MONTHS // scenario.months)
    total = scenario.worlds * scenario.months
    parts: list[Mapping[str, Array]] = []
    for first in range(0, scenario.worlds, size):
        worlds = min(size, scenario.worlds - first)
        report = part_of(progress, first * scenario.months, total)
        mine = {key: column[first : first + worlds] for key, column in (given or {}).items()}
        part = run(replace(scenario, worlds=worlds), report, first=first, given=mine, variables=variables)
        parts.append(reduce(part))
        del part  # before the next is made
    return {name: np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]}


def run_several(
    scenarios: Sequence[Scenario],
    reduce: Reduce,
    progress: Progress | None = None,
    *,
    variables: Collection[str] = OPENED,
    first: Callable[[Mapping[str, Array]], None] | None = None,
) -> list[dict[str, Array]]:
    """Run scenarios and return the arrays of `reduce` for each, (..., worlds); progress counts world-months of all.

    `variables` are those that `reduce` reads. `first` is called with those of the first before others run.

    Scenarios that share seed, start and worlds are paired: world k has the same parameters and chance in each.
    """
    total = sum(scenario.worlds * scenario.months for scenario in scenarios)
    runs, before = [], 0
    for scenario in scenarios:
        runs.append(run_reduced(scenario, reduce, part_of(progress, before, total), variables=variables))
        before += scenario.worlds * scenario.months
        if first and len(runs) == 1:
            first(runs[0])
    return runs


@dataclass(frozen=True)
class Axis:
    """One parameter that is varied, and its values in rising order in the unit of the parameter table."""

    key: str
    values: tuple[float, ...]


def at(scenario: Scenario, values: Mapping[str, float], origin: str = "--vary") -> Scenario:
    """Return the scenario with these parameters fixed at these values in all worlds, calibrated or not."""
    fixed = {key: Setting(value, None, None, "fixed", origin) for key, value in values.items()}
    return scenario.with_settings(fixed)


def points(axes: Sequence[Axis]) -> Iterator[tuple[tuple[int, ...], dict[str, float]]]:
    """Yield index and parameter values of every point of the grid, the last axis fastest."""
    for index in product(*(range(len(axis.values)) for axis in axes)):
        yield index, {axis.key: axis.values[k] for axis, k in zip(axes, index, strict=True)}


def run_grid(
    scenario: Scenario,
    axes: Sequence[Axis],
    reduce: Reduce,
    progress: Progress | None = None,
    *,
    variables: Collection[str] = OPENED,
) -> dict[str, Array]:
    """Run every point of the grid with the same worlds and return arrays (axes..., axes of `reduce`..., worlds).

    `variables` are those that `reduce` reads.
    """
    shape = tuple(len(axis.values) for axis in axes)
    count, cost = int(np.prod(shape)), scenario.worlds * scenario.months
    grid: dict[str, Array] = {}
    for number, (index, values) in enumerate(points(axes)):
        report = part_of(progress, number * cost, count * cost)
        for name, array in run_reduced(at(scenario, values), reduce, report, variables=variables).items():
            grid.setdefault(name, np.empty((*shape, *array.shape)))[index] = array
    return grid

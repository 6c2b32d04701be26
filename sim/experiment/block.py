"""Run one block of worlds and keep a selection of its results; a world that fails is set aside, the others go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import xarray as xr

from sim.experiment.design import sample
from sim.experiment.fingerprint import key
from sim.experiment.run import BATCH, Progress, part_of, run
from sim.experiment.unopened import SCORE
from sim.results import ResultsError
from sim.results.blocks import layout, to_bytes
from sim.results.failures import FAILED, Failure, failed_attribute
from sim.results.keep import Keep
from sim.scenario.scenario import Scenario

Array = np.ndarray
FORMAT_NAME = "format"
MADE = "made_by"
"""Attribute of a block: the key of its store."""
MISSING_IS_MEANT = frozenset({"price", SCORE})
"""Variables that are NaN by definition in some months or worlds, such as a price without trade."""


class NothingLeftError(RuntimeError):
    """Every world of a block failed."""


@dataclass(frozen=True)
class Task:
    """The worlds `first` … `first + worlds - 1` of a scenario."""

    scenario: Scenario
    first: int
    worlds: int
    keep: Keep
    given: Mapping[str, Array] = field(default_factory=dict)
    """Key -> (worlds): values that replace those that these worlds would draw."""


def compute_bytes(task: Task) -> bytes:
    """Run a block and return its stored form, which depends only on the task, the program and its libraries."""
    ds = compute(task)
    ds.attrs = {name: ds.attrs[name] for name in (FORMAT_NAME, FAILED) if name in ds.attrs}
    own = {"scenario_hash": task.scenario.hash, "seed": task.scenario.seed, MADE: key(task.scenario, task.keep)}
    return to_bytes(ds.assign_attrs(own))


def mismatch(task: Task, path: Path) -> str:
    """Return why the file at `path` is not the stored form of the task; empty if it is."""
    try:
        found = layout(path)
    except ResultsError:
        return "no block"
    if found.attributes.get(MADE) != key(task.scenario, task.keep):
        return "a block of something else"
    numbers = sorted([*found.worlds.tolist(), *(one.world for one in found.lost)])
    return "" if numbers == list(range(task.first, task.first + task.worlds)) else "a block of other worlds"


def compute(task: Task, progress: Progress | None = None) -> xr.Dataset:
    """Run a block and return what is kept of it.

    The attribute `failed` lists the failed worlds. Raises NothingLeftError if all failed.
    """
    return join_kept(list(parts(task, progress)), task.keep)


def parts(task: Task, progress: Progress | None = None) -> Iterator[xr.Dataset | Failure]:
    """Run a block, at most 256 worlds at a time, and yield what is kept of the finite worlds, and the failures."""
    months, end = task.scenario.months, task.first + task.worlds
    for first in range(task.first, end, BATCH):
        report = part_of(progress, (first - task.first) * months, task.worlds * months)
        yield from survivors(task, first, min(BATCH, end - first), report)


def join_kept(found: Sequence[xr.Dataset | Failure], keep: Keep) -> xr.Dataset:
    """Join the parts of a block into one Dataset, as `compute` returns it. Raises NothingLeftError if all failed."""
    kept = [one for one in found if isinstance(one, xr.Dataset)]
    failures = [one for one in found if isinstance(one, Failure)]
    if not kept:
        raise NothingLeftError(f"all worlds failed, the first (world {failures[0].world}): {failures[0].reason}")
    joined = kept[0]
    if len(kept) > 1:
        joined = xr.concat(kept, "world", data_vars="minimal", coords="minimal", compat="override", join="override")
        joined = joined.transpose(..., "world")
    joined.attrs = dict(kept[0].attrs) | failed_attribute(failures)
    return joined


def survivors(task: Task, first: int, worlds: int, progress: Progress | None = None) -> Iterator[xr.Dataset | Failure]:
    """Run worlds together and yield what is kept of the finite ones, in order, and the failures of the others.

    Where the arithmetic of a group fails, the group is halved until the failing worlds are alone.
    """
    scenario = replace(task.scenario, worlds=worlds)
    try:
        given = {key: values[first - task.first :][:worlds] for key, values in task.given.items()}
        ds = run(scenario, progress, first=first, given=given, variables=task.keep.variables)
    except FloatingPointError as error:
        if worlds == 1:
            yield Failure(first, str(error), drawn(task, first))
            return
        half = worlds // 2
        yield from survivors(task, first, half)
        yield from survivors(task, first + half, worlds - half)
        return
    bad = not_finite(ds)
    for world, reason in bad.items():
        yield Failure(world, reason, drawn(task, world))
    good = [world not in bad for world in ds["world"].values.tolist()]
    if all(good):
        yield _reduced(ds, task.keep)
    elif any(good):
        yield _reduced(ds.isel(world=np.flatnonzero(good)), task.keep)


def _reduced(ds: xr.Dataset, keep: Keep) -> xr.Dataset:
    return keep.reduce(ds) if keep.reduce else ds


def not_finite(ds: xr.Dataset) -> dict[int, str]:
    """Return, for each world with a number that is not finite, the first such variable and month."""
    found: dict[int, str] = {}
    months = ds["month"].values.astype("datetime64[M]").astype(str)
    for name in map(str, ds.data_vars):
        array = ds.variables[name]
        if name in MISSING_IS_MEANT or array.dtype.kind != "f" or "world" not in array.dims:
            continue
        # A sum is finite only if all its parts are, and needs no second array.
        if np.isfinite(array.values.sum(dtype=float)):
            continue
        wrong = ~np.isfinite(array.transpose(..., "world").values)
        for at in np.flatnonzero(wrong.any(axis=tuple(range(wrong.ndim - 1)))):
            world = int(ds["world"].values[at])
            rows = wrong[..., at]
            when = f" in {months[np.argwhere(rows)[0][0]]}" if array.dims[0] == "month" else ""
            found.setdefault(world, f"{name} is not finite{when}")
    return found


def drawn(task: Task, world: int) -> dict[str, float]:
    """Return the uncertain parameters of a world, as drawn or given."""
    at = world - task.first
    values = sample(task.scenario, world, 1) | {key: given[at : at + 1] for key, given in task.given.items()}
    return {key: float(values[key][0]) for key in task.scenario.uncertain}

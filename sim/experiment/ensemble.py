"""An ensemble of any size: split into blocks, each stored as soon as it is finished, and joined at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import xarray as xr

from sim.experiment.block import FORMAT_NAME, Task
from sim.experiment.cluster import on_dask
from sim.experiment.patience import Tell
from sim.experiment.store import Store, tasks
from sim.experiment.workers import Check, Workers, in_processes, in_this_process
from sim.results.blocks import join
from sim.results.dataset import origin
from sim.results.failures import FAILED
from sim.results.keep import Keep
from sim.scenario.scenario import Scenario

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Ensemble:
    """The stored blocks of an ensemble, in the order of the worlds."""

    scenario: Scenario
    paths: tuple[Path, ...]

    def open(self) -> xr.Dataset:
        """Return one lazy Dataset over all blocks; failed worlds are not in it."""
        ds = join(self.paths)
        own = {name: ds.attrs[name] for name in (FORMAT_NAME, FAILED) if name in ds.attrs}
        ds.attrs = {**origin(self.scenario), **own}
        return ds


def run_ensemble(
    scenario: Scenario,
    keep: Keep,
    store: Store,
    workers: Workers,
    report: Report,
    check: Check,
    restored: Report | None = None,
) -> Ensemble:
    """Run an ensemble: blocks in the store are used, the others are computed and stored as they finish.

    report(done, total) counts worlds; `restored`, if given, counts those from the store instead. The files do not
    depend on the workers, nor on the order in which blocks finish. Raises StoreError and WorkersError.
    """
    everything = list(tasks(replace(scenario, worlds=0), keep, scenario.worlds))
    paths: dict[int, Path] = {}
    done = 0
    for task, path in _stored(everything, store, check):
        paths[task.first] = path
        done += task.worlds
        (restored or report)(done, scenario.worlds)
    left = [task for task in everything if task.first not in paths]
    for task, content in workers(left, check):
        paths[task.first] = store.put(task, content)
        done += task.worlds
        report(done, scenario.worlds)
    return Ensemble(scenario, tuple(paths[task.first] for task in everything))


def _stored(everything: list[Task], store: Store, check: Check) -> Iterator[tuple[Task, Path]]:
    listed = store.listed()
    for task in everything:
        check()
        path = store.find(task, listed)
        if path is not None:
            yield task, path


def start_workers(where: str, processes: int, tell: Tell = lambda _: None) -> AbstractContextManager[Workers]:
    """Start workers: `where` is empty for this machine, `dask`, or the address of a Dask scheduler.

    `tell` is called with a remark where they are waited for.
    """
    if where:
        return on_dask(where, processes, tell)
    return in_this_process() if processes == 1 else in_processes(processes, tell)

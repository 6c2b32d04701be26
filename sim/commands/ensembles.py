"""Run an ensemble: a small one in memory, a large one block by block through the store."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import xarray as xr

from sim.analysis.levels import DETAIL, EVERYTHING, SERIES_LEVEL, SUMMARY
from sim.commands.backend import Backend
from sim.commands.terminal import mention, notify, progress_bar
from sim.experiment.block import Task, join_kept, survivors
from sim.experiment.ensemble import Ensemble, run_ensemble, start_workers
from sim.experiment.store import Store, StoreError, open_store, other_versions
from sim.limits import cores
from sim.present.atomic import OutputError, recorded, resolved
from sim.results.dataset import origin
from sim.results.failures import Failure, failures
from sim.results.keep import Keep
from sim.scenario import Scenario
from sim.scenario.problems import counted
from sim.signals import is_written
from sim.texts import spoken

STORE = Path("outputs/store")
AT_ONCE = {EVERYTHING.name: 2000, SERIES_LEVEL.name: 2000}
"""Most worlds run in memory, unless a store or other workers are asked for."""
AT_ONCE_ELSE = 2048
MOST_SERIES = 20_000
"""Most worlds of which the series are kept by default; a summary beyond."""


_used: dict[Path, tuple[Store, set[tuple[int, int]]]] = {}
"""Stores of this command by their folders, and the first and last worlds of the blocks that it needs of each."""
MOST_TOLD = 3
"""Most worlds set aside of which the reason is told."""


def kept(name: str, worlds: int, *, with_tables: bool = False) -> Keep:
    """Return what to keep: by name, or by the number of worlds, and everything of few worlds if tables are wanted."""
    if name:
        return DETAIL[name]
    if with_tables and worlds <= AT_ONCE[EVERYTHING.name]:
        return EVERYTHING
    return SERIES_LEVEL if worlds <= MOST_SERIES else SUMMARY


def in_store(scenario: Scenario, keep: Keep, backend: Backend) -> bool:
    """Return whether an ensemble goes through the store."""
    return backend.asked or scenario.worlds > AT_ONCE.get(keep.name, AT_ONCE_ELSE)


def gather(
    scenario: Scenario, keep: Keep, backend: Backend, check: Callable[[], None]
) -> tuple[xr.Dataset, Ensemble | None]:
    """Run all worlds of a scenario; return the Dataset and, if it is joined from stored blocks, their ensemble."""
    label = f"{scenario.name}: {counted(scenario.worlds, 'world')}"
    if not in_store(scenario, keep, backend):
        with progress_bar(label, check, per_world=scenario.months) as advance:
            ds = join_kept(list(survivors(Task(scenario, 0, scenario.worlds, keep), 0, scenario.worlds, advance)), keep)
        if failures(ds) and keep.reduce is None:
            ds.attrs |= origin(scenario)  # not that of the part with the failing worlds
        report_failures(scenario, failures(ds))
        return ds, None
    root = backend.store or STORE
    if recorded(root) is not None:
        raise StoreError(f"{root}: is the folder of a run, not a store; choose another folder with --store")
    store = open_store(root, scenario, keep)
    blocks = -(-scenario.worlds // keep.worlds)
    if backend.processes > blocks:
        mention("idle", n=backend.processes, blocks=spoken.counted("remarks.block", blocks))
    for folder in other_versions(root, scenario, keep):
        mention("other_blocks", folder=folder)
    firsts = range(0, scenario.worlds, keep.worlds)
    _used[store.folder] = store, {(first, min(first + keep.worlds, scenario.worlds) - 1) for first in firsts}
    with (
        start_workers(backend.on, backend.processes or cores(), notify) as workers,
        progress_bar(label, check, per_world=1.0) as advance,
    ):
        ensemble = run_ensemble(scenario, keep, store, workers, advance, check, advance.restored)
    if store.damaged:
        mention("damaged", folder=store.folder, blocks=spoken.counted("remarks.block", len(store.damaged)))
    ds = ensemble.open()
    report_failures(scenario, failures(ds))
    return ds, ensemble


def tell_kept() -> None:
    """Say of a command that is interrupted which blocks are finished, and how it goes on from them."""
    there = [(store, blocks) for store, blocks in _used.values() if store.folder.is_dir()]
    finished = {store.folder: (len(blocks & store.listed().keys()), len(blocks)) for store, blocks in there}
    for folder, (done, of) in finished.items():
        if done:
            mention("finished", folder=folder, done=spoken.written(f"{done:,}"), of=spoken.written(f"{of:,}"))
    if any(done for done, _ in finished.values()):
        is_written()
        mention("resumes", command=shlex.join(["sim", *sys.argv[1:]]))


def check_apart(folder: Path, used: bool, backend: Backend) -> None:
    """Raise OutputError if the folder of a run is that of the store or, if the store is used, overlaps it."""
    out, store = resolved(folder), resolved(backend.store or STORE)
    if out == store or (used and (out.is_relative_to(store) or store.is_relative_to(out))):
        rule = "is" if out == store else "overlaps"
        raise OutputError(
            f"{folder}: {rule} the store of finished blocks ({backend.store or STORE}); "
            "choose another with --out, or another store with --store"
        )


def report_failures(scenario: Scenario, found: list[Failure]) -> None:
    """Report the worlds that were set aside."""
    if found:
        first = [spoken.said("remarks.aside_world", n=one.world, reason=one.reason) for one in found]
        mention(
            "aside",
            name=scenario.name,
            worlds=spoken.counted("world", len(found)),
            all=spoken.written(f"{scenario.worlds:,}"),
            told=spoken.few(first, MOST_TOLD),
        )

"""How commands get their worlds: small ensembles in memory, large ones block by block through the store."""

from collections.abc import Callable
from pathlib import Path

import xarray as xr

from sim.analysis.levels import DETAIL, EVERYTHING, SERIES_LEVEL, SUMMARY
from sim.commands.backend import Backend
from sim.commands.terminal import progress_bar, tell
from sim.experiment.block import Task, join_kept, survivors
from sim.experiment.ensemble import Ensemble, run_ensemble, start_workers
from sim.experiment.store import Store, StoreError, open_store, other_versions
from sim.experiment.workers import cores
from sim.present.atomic import OutputError, recorded, resolved
from sim.results.dataset import origin
from sim.results.failures import Failure, failures
from sim.results.keep import Keep
from sim.scenario import Scenario
from sim.scenario.problems import counted

STORE = Path("outputs/store")
AT_ONCE = {EVERYTHING.name: 2000, SERIES_LEVEL.name: 2000}
"""Worlds up to which an ensemble is run in memory, unless the user asks for a store or for other workers."""
AT_ONCE_ELSE = 2048
BY_SIZE = ((2_000, EVERYTHING), (20_000, SERIES_LEVEL))
"""What is kept up to so many worlds if the user does not say; of more worlds a summary."""


def kept(name: str, worlds: int) -> Keep:
    """What to keep: by name, or by the number of worlds."""
    return DETAIL[name] if name else next((keep for most, keep in BY_SIZE if worlds <= most), SUMMARY)


def in_store(scenario: Scenario, keep: Keep, backend: Backend) -> bool:
    """Whether an ensemble goes through the store."""
    return backend.asked or scenario.worlds > AT_ONCE.get(keep.name, AT_ONCE_ELSE)


def gather(
    scenario: Scenario, keep: Keep, backend: Backend, check: Callable[[], None]
) -> tuple[xr.Dataset, Ensemble | None]:
    """All worlds of a scenario: a Dataset, in memory or joined from stored blocks, and the blocks if there are any."""
    label = f"{scenario.name}: {counted(scenario.worlds, 'world')}"
    if not in_store(scenario, keep, backend):
        with progress_bar(label, check, per_world=scenario.months) as advance:
            ds = join_kept(list(survivors(Task(scenario, 0, scenario.worlds, keep), 0, scenario.worlds, advance)), keep)
        if failures(ds) and keep.reduce is None:
            ds.attrs |= origin(scenario)  # not that of the part in which the failing worlds were found
        tell_failures(scenario, failures(ds))
        return ds, None
    root = backend.store or STORE
    if recorded(root) is not None:
        raise StoreError(f"{root}: is the folder of a run, not a store; choose another place with --store")
    store = open_store(root, scenario, keep)
    tell_older(root, scenario, keep)
    try:
        with (
            start_workers(backend.on, backend.processes or cores()) as workers,
            progress_bar(label, check, per_world=1.0) as advance,
        ):
            ensemble = run_ensemble(scenario, keep, store, workers, advance, check, advance.restored)
    except KeyboardInterrupt:
        tell(f"{store.folder}: finished blocks are kept there; the same command goes on from them")
        raise
    tell_damaged(store)
    ds = ensemble.open()
    tell_failures(scenario, failures(ds))
    return ds, ensemble


def check_apart(folder: Path, used: bool, backend: Backend) -> None:
    """Raise OutputError if the folder of a run is that of the store or, should that be used, overlaps it."""
    out, store = resolved(folder), (backend.store or STORE).resolve()
    if out == store or (used and (out.is_relative_to(store) or store.is_relative_to(out))):
        rule = "is" if out == store else "overlaps"
        raise OutputError(
            f"{folder}: {rule} the place where finished blocks are kept ({backend.store or STORE}); "
            "choose another with --out, or another store with --store"
        )


def tell_failures(scenario: Scenario, found: list[Failure]) -> None:
    """Name the worlds that were set aside."""
    if found:
        first = "; ".join(f"world {one.world}: {one.reason}" for one in found[:3])
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        tell(f"{scenario.name}: {counted(len(found), 'world')} of {scenario.worlds:,} set aside ({first}{more})")


def tell_damaged(store: Store) -> None:
    """Say which stored files were not whole."""
    if store.damaged:
        count = counted(len(store.damaged), "block")
        tell(f"{store.folder}: {count} damaged or of something else: removed and computed anew")


def tell_older(root: Path, scenario: Scenario, keep: Keep) -> None:
    """Say that blocks of another version lie there unused."""
    for folder in other_versions(root, scenario, keep):
        tell(f"{folder}: blocks of another version of this program or its libraries; not used, can be deleted")

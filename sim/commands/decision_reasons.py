"""The reasons of decisions, which a run does not keep by default: computed again when a table asks for them."""

from pathlib import Path

import xarray as xr

from sim.analysis.levels import NOT_SERIES
from sim.analysis.origin import is_run
from sim.commands.terminal import progress_bar
from sim.experiment.replay import completed
from sim.results import ResultsError
from sim.signals import deferred_interrupts

MOST = 2000 * 36
"""World-months of which reasons are computed again; those of more would fill the memory of a small machine."""


def can_be_had(ds: xr.Dataset) -> bool:
    """Return whether these are the results of a run that hold the reasons of decisions, or lack them and are small."""
    if "terms" in ds:
        return True
    return is_run(ds) and "outcome" in ds and ds.sizes.get("world", 1) * ds.sizes.get("month", 1) <= MOST


def with_reasons(ds: xr.Dataset, folder: Path | None = None) -> xr.Dataset:
    """Return results with the reasons of their decisions, if these can be had; worlds are run again for them.

    Raises ResultsError, which names the `folder`, where this program gives other numbers than the results hold.
    """
    if "terms" in ds or not can_be_had(ds):
        return ds
    try:
        with deferred_interrupts() as check, progress_bar("decisions: running again", check) as advance:
            return completed(ds, NOT_SERIES, advance)
    except ResultsError as error:
        raise ResultsError(f"{folder}: {error}" if folder else str(error)) from error

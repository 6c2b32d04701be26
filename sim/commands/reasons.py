"""The reasons of decisions, which a run does not keep by default: computed again when a table asks for them."""

import xarray as xr

from sim.analysis.levels import NOT_SERIES
from sim.analysis.origin import is_run
from sim.commands.terminal import progress_bar
from sim.experiment.replay import completed
from sim.signals import deferred_interrupts

MOST = 2000
"""Worlds of a run whose reasons are computed again; of more, they would fill the memory."""


def can_be_had(ds: xr.Dataset) -> bool:
    """Return whether these are the results of a run that hold the reasons of decisions, or lack them and are small."""
    return "terms" in ds or (is_run(ds) and "outcome" in ds and ds.sizes["world"] <= MOST)


def with_reasons(ds: xr.Dataset) -> xr.Dataset:
    """Return results with the reasons of their decisions, if these can be had; worlds are run again for them.

    Raises ResultsError where this program gives other numbers than the results hold.
    """
    if "terms" in ds or not can_be_had(ds):
        return ds
    with deferred_interrupts() as check, progress_bar("decisions: running again", check) as advance:
        return completed(ds, NOT_SERIES, advance)

"""A calibrated set without a run: vectors from the ranges of rival theories, weights that rise."""

from pathlib import Path

import numpy as np
import xarray as xr

import sim
from sim.analysis.origin import origin_of
from sim.experiment.design import sample
from sim.results.calibrated import FORMAT

VECTORS = 48


def write_set(path: Path) -> Path:
    """Write the set and return its path."""
    scenario = sim.load("theories", worlds=VECTORS)
    keys, drawn = scenario.uncertain, sample(scenario, 0, VECTORS)
    weights = np.arange(1.0, VECTORS + 1.0)
    data = {"vectors": (("key", "vector"), np.stack([drawn[key] for key in keys])), "weight": ("vector", weights)}
    attrs = origin_of([scenario], "a set", FORMAT) | {"until": "2023-12-31", "observed": "none", "about": "a test"}
    xr.Dataset(data, coords={"key": keys}, attrs=attrs).to_netcdf(path, engine="netcdf4")
    return path

"""Statistics of an ensemble of which only a summary of each world was kept: outcomes and headline series."""

from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.calendar import slices
from sim.analysis.measures import SERIES, is_whole
from sim.analysis.origin import labelled, origin_of
from sim.analysis.quantiles import QUANTILES, quantiles
from sim.scenario import Scenario

Array = np.ndarray
FORMAT = "sim-overview 1"


def overview(scenario: Scenario, run: xr.Dataset) -> xr.Dataset:
    """Return statistics over the worlds of a summary as made by `sim.analysis.levels.brief`, in memory or on disk.

    They are `quantile` (measure, level), `mean` and its standard `error` (measure), and `series_quantile` (series,
    month, level). Of a summary on disk a part is read at a time.
    """
    levels, means, errors = [], [], []
    for name, values in zip(run["measure"].values, slices(run["outcomes"]), strict=True):
        levels.append(quantiles(values, whole=is_whole(str(name))))
        means.append(values.mean())
        errors.append(values.std(ddof=1) / np.sqrt(values.size) if values.size > 1 else np.nan)
    over_time = [[quantiles(values) for values in slices(run["headline"].sel(series=name))] for name in SERIES]
    kept: dict[str, Any] = {
        name: run[name] for name in ("measure", "unit", "meaning", "series", "series_unit", "month")
    }
    return xr.Dataset(
        {
            "quantile": labelled(("measure", "level"), np.array(levels), "quantiles over worlds"),
            "mean": labelled("measure", np.array(means), "mean over worlds"),
            "error": labelled("measure", np.array(errors), "standard error of the mean"),
            "series_quantile": labelled(("series", "month", "level"), np.array(over_time), "quantiles over worlds"),
        },
        coords=kept | {"level": list(QUANTILES)},
        attrs=origin_of([scenario], scenario.title, FORMAT) | {"survived": run.sizes["world"]},
    )

"""A comparison with observations as one labelled Dataset."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.origin import labelled, origin_of
from sim.analysis.quantiles import QUANTILES, quantiles
from sim.analysis.record.file import Observed
from sim.scenario import Scenario
from sim.studies.history.analysis import OBSERVED, PATH, Evaluation

Array = np.ndarray
FORMAT = "sim-history 1"


def dataset(
    scenario: Scenario, found: Evaluation, kept: Mapping[str, Array], title: str, observed: Observed
) -> xr.Dataset:
    """Return each world's value for every observation, and the quantiles of every series by month.

    `kept` is the result of the reducer for the observations of `found`.
    """
    names, rows = found.series(), [one.row for one in found.scored]
    paths = np.stack([quantiles(kept[PATH + name]) for name in names]).transpose(0, 2, 1)
    bands = np.array([(row.low, row.central, row.high) for row in rows])
    data: dict[str, Any] = {
        "model": labelled(("figure", "world"), kept[OBSERVED], "model", "unit of the figure"),
        "observed": labelled(("figure", "bound"), bands, "observation", "unit of the figure"),
        "crps": labelled("figure", np.array([one.score.crps for one in found.scored]), "CRPS", "unit of the figure"),
        "place": labelled("figure", np.array([one.score.place for one in found.scored]), "place among the worlds", "1"),
        "path": labelled(("series", "month", "level"), paths, "quantiles", "unit of the series"),
    }
    first = np.datetime64(scenario.start, "M")
    coords: dict[str, Any] = {
        "bound": ["low", "central", "high"],
        "level": list(QUANTILES),
        "series": names,
        "unit": ("series", [found.known[name].unit for name in names]),
        "month": (first + np.arange(scenario.months)).astype("datetime64[ns]"),
        "world": np.arange(scenario.worlds),
        "figure_series": ("figure", [row.series for row in rows]),
        "figure_date": ("figure", [str(row.date) for row in rows]),
        "part": ("figure", [one.part for one in found.scored]),
    }
    attrs = origin_of([scenario], title, FORMAT) | {
        "observed": observed.name,
        "observed_sha256": observed.sha256,
        "tuned_to": str(found.window.tuned_to),
        "window": json.dumps([str(day) if day is not None else "" for day in (found.window.first, found.window.last)]),
    }
    return xr.Dataset(data, coords=coords, attrs=attrs)

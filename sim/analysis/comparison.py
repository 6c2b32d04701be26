"""Several scenarios over the same worlds: outcomes, paired differences from the first, and series over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from sim.analysis.measures import HEADLINE, SCORES, SERIES, Measure, measured, series_of
from sim.analysis.origin import origin_of
from sim.analysis.paired import difference
from sim.analysis.quantiles import LEVELS, quantiles
from sim.scenario import Scenario

Array = np.ndarray
Reduced = Mapping[str, Array]
COMPARED: Mapping[str, Measure] = {**HEADLINE, **SCORES}
FORMAT = "sim-comparison 1"
STATISTICS = {
    "difference_mean": "mean of the differences from the reference, world by world",
    "difference_error": "standard error of that mean",
    "higher": "share of worlds in which the outcome is higher than in the reference",
    "tied": "share of worlds in which the outcome is the same as in the reference",
    "fewer": "how many times fewer worlds the pairing needs than independent runs",
}


def reduce_run(ds: xr.Dataset) -> dict[str, Array]:
    """What a comparison keeps of the results of some worlds; series in single precision."""
    series = {f"series {name}": values.astype(np.float32) for name, values in series_of(ds).items()}
    return {**measured(ds, COMPARED), **series}


def kept_bytes(scenarios: int, months: int, worlds: int) -> int:
    """Memory that the numbers kept of all scenarios take, and the quantiles of one series beside them."""
    return worlds * (scenarios * (8 * len(COMPARED) + 4 * len(SERIES) * months) + 40 * months)


def comparison(scenarios: Sequence[Scenario], runs: Sequence[Reduced], title: str) -> xr.Dataset:
    """All that is known of scenarios of which each was run over the same worlds; the first is the reference.

    `outcome` (measure, scenario, world) and the statistics of its differences (measure, other); quantiles of
    `series` (series, scenario, month, level) and of its paired differences (series, other, month, level).
    """
    names = [scenario.name for scenario in scenarios]
    outcome = np.array([[run[name] for run in runs] for name in COMPARED])
    found = [[difference(values[0], other) for other in values[1:]] for values in outcome]
    numbers = {
        "difference_mean": [[one.mean for one in row] for row in found],
        "difference_error": [[one.error for one in row] for row in found],
        "higher": [[one.higher for one in row] for row in found],
        "tied": [[one.tied for one in row] for row in found],
        "fewer": [[one.fewer for one in row] for row in found],
    }
    ds = xr.Dataset(
        {
            "outcome": (("measure", "scenario", "world"), outcome, {"long_name": "outcome of each world"}),
            **{
                name: (("measure", "other"), np.array(values), {"long_name": STATISTICS[name]})
                for name, values in numbers.items()
            },
            "difference": (
                ("measure", "other", "level"),
                np.moveaxis(quantiles(outcome[:, 1:] - outcome[:, :1]), 0, -1),
                {"long_name": "quantiles of the differences from the reference, world by world"},
            ),
            **_over_time(runs),
        },
        coords={
            "measure": list(COMPARED),
            "unit": ("measure", [measure.unit for measure in COMPARED.values()]),
            "meaning": ("measure", [measure.words for measure in COMPARED.values()]),
            "scenario": names,
            "other": names[1:],
            "world": np.arange(scenarios[0].worlds),
            "level": list(LEVELS),
            "series": list(SERIES),
            "series_unit": ("series", [series.unit for series in SERIES.values()]),
            "month": np.array(scenarios[0].dates, dtype="datetime64[ns]"),
        },
        attrs=origin_of(scenarios, title, FORMAT),
    )
    ds["month"].attrs["long_name"] = "first day of the month"
    return ds


def _over_time(runs: Sequence[Reduced]) -> dict[str, tuple[tuple[str, ...], Array, dict[str, str]]]:
    """Quantiles of every series and of its paired differences, one series at a time to spare memory."""
    levels, steps = [], []
    for name in SERIES:
        values = [run[f"series {name}"] for run in runs]
        levels.append([np.moveaxis(quantiles(one), 0, -1) for one in values])
        reference = values[0].astype(float)
        steps.append([np.moveaxis(quantiles(one - reference), 0, -1) for one in values[1:]])
    return {
        "series_quantile": (
            ("series", "scenario", "month", "level"),
            np.array(levels),
            {"long_name": "quantiles over worlds"},
        ),
        "series_difference": (
            ("series", "other", "month", "level"),
            np.array(steps),
            {"long_name": "quantiles over worlds of the differences from the reference"},
        ),
    }

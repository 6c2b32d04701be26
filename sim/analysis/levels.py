"""Levels of detail at which worlds are kept: everything, the series over time, or a compact summary."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import xarray as xr

from sim.analysis.measures import HEADLINE, READ_BY_HEADLINE, SCORES, SERIES, Measure, measured, series_of
from sim.analysis.origin import labelled
from sim.analysis.outcome import needed, outcome
from sim.analysis.wide import READ_BY_WIDE, WIDE
from sim.results.keep import Keep
from sim.results.variables import VARIABLES

FORMAT = "sim-brief 1"
COMPARED: Mapping[str, Measure] = {**HEADLINE, **SCORES}
"""Outcomes of each world that a summary holds."""
NOT_SERIES = ("terms", "probability", "choice")
"""Variables that only `everything` holds: the reasons of every decision."""


def brief(ds: xr.Dataset, extra: Sequence[str] = ()) -> xr.Dataset:
    """Return `outcomes` (measure, world) and `headline` series (series, month, world; single precision) of worlds."""
    measures = {**COMPARED, **{name: WIDE[name] if name in WIDE else outcome(name) for name in extra}}
    outcomes = np.stack(list(measured(ds, measures).values()))
    series = np.stack(list(series_of(ds).values())).astype(np.float32)
    return xr.Dataset(
        {
            "outcomes": labelled(("measure", "world"), outcomes, "outcome of each world"),
            "headline": labelled(("series", "month", "world"), series, "headline series of each world"),
        },
        coords={
            "measure": list(measures),
            "unit": ("measure", [measure.unit for measure in measures.values()]),
            "meaning": ("measure", [measure.words for measure in measures.values()]),
            "series": list(SERIES),
            "series_unit": ("series", [one.unit for one in SERIES.values()]),
            "month": ds["month"],
            "world": ds["world"],
        },
        attrs={"format": FORMAT},
    )


EVERYTHING = Keep("everything", None)
SERIES_LEVEL = Keep("series", tuple(name for name in VARIABLES if name not in NOT_SERIES))
SUMMARY = Keep("summary", READ_BY_HEADLINE, brief, worlds=2048)
DETAIL: Mapping[str, Keep] = {level.name: level for level in (EVERYTHING, SERIES_LEVEL, SUMMARY)}


def with_outcomes(names: Sequence[str]) -> Keep:
    """Return a summary that also holds these outcomes, named as in `sim.analysis.outcome`. Raises OutcomeError."""
    extra = tuple(name for name in dict.fromkeys(names) if name not in COMPARED)
    if not extra:
        return SUMMARY
    read = needed(extra, READ_BY_HEADLINE)
    return Keep(f"summary and {' '.join(extra)}", read, partial(brief, extra=extra), SUMMARY.worlds)


def compared_by(names: Sequence[str] = ()) -> Keep:
    """Return a summary that also holds the wide list of outcomes, and these. Raises OutcomeError."""
    extra = tuple(name for name in dict.fromkeys((*WIDE, *names)) if name not in COMPARED)
    asked = [name for name in extra if name not in WIDE]
    read = needed(asked, (*READ_BY_HEADLINE, *READ_BY_WIDE))
    return Keep(f"comparison {' '.join(asked)}".strip(), read, partial(brief, extra=extra), SUMMARY.worlds)

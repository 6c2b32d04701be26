"""A scenario discovery in spreadsheets and in summary.md."""

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from sim.present.text import bullets, closing, document, markdown_table, origin_sentence, scenario_words
from sim.present.words import cell, percent, significant, span
from sim.scenario.parameters import PARAMETERS
from sim.studies.discover.analysis import CANDIDATES, RESAMPLES, Discovery
from sim.studies.discover.prim import ALPHA
from sim.studies.discover.words import findings, strongest

READING = (
    "A box is a set of limits on parameters. Density is the share of its worlds that meet the condition, coverage "
    "the share of the worlds meeting it that lie in the box. The first half of the worlds chose the box, the second "
    "half tested it (over a calibrated set, the worlds of every second vector, and the others); only the numbers of "
    f"the testing worlds are unbiased by the search. The {CANDIDATES} parameters whose values differ most between the "
    "two kinds of worlds entered the search (PRIM; Friedman and Fisher 1999), "
    f"limits that could be chance were dropped (quasi-p-value above {ALPHA:g}; Bryant and Lempert 2010), and of the "
    "peeled boxes the one that agrees best with the condition was taken. Quasi-p-values ignore the "
    "choice among parameters, so they are too small; the testing worlds and the stability (in how many of "
    f"{RESAMPLES} searches in halves of the choosing worlds the parameter is restricted again) are stricter "
    "tests. Other boxes may describe the same worlds. This is a thinking tool, not a forecast."
)

FILES = "Files: `box.csv`, `trajectory.csv`, `discovery.nc`, `figures/`, `manifest.json`."


def box(found: Discovery, ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of box.csv: limits, quasi-p-values and stability of every parameter that entered the search."""
    yield (
        *("key", "unit", "low", "high", "drawn_low", "drawn_high", "quasi_p_low", "quasi_p_high"),
        *("stability", "distance", "claims", "meaning"),
    )
    for key in [*strongest(found), *(key for key in found.candidates if key not in found.box.limits)]:
        row, drawn = PARAMETERS[key], ds["value"].sel(key=key).values
        limits = found.box.limits.get(key, (np.nan, np.nan))
        p_values = [found.quasi_p.get((key, side), np.nan) for side in (0, 1)]
        numbers = [*limits, drawn.min(), drawn.max(), *p_values, found.stability.get(key, 0.0), found.candidates[key]]
        yield [key, row.unit, *(cell(float(value)) for value in numbers), " ".join(row.claims), row.meaning]


def trajectory(found: Discovery) -> Iterator[Sequence[str]]:
    """Yield the rows of trajectory.csv: every peeled box, on both halves of the worlds."""
    parts = ("coverage", "density", "mass", "phi")
    yield "box", "restricted", *(f"{half}_{part}" for half in ("chosen", "tested") for part in parts)
    for number, (*fits, restricted) in enumerate(found.trajectory):
        yield str(number), str(restricted), *(cell(getattr(fit, part)) for fit in fits for part in parts)


def summary(found: Discovery, control: Discovery, ds: xr.Dataset) -> str:
    """Return summary.md of the discovery."""
    return document(
        f"# {ds.attrs['title']}",
        f"{scenario_words(ds)}, {ds.sizes['world']:,} worlds.",
        bullets(findings(found, control, ds)),
        *(("## The box", markdown_table(HEADS, _restricted(found, ds), "---")) if found.box.limits else ()),
        *closing(READING, origin_sentence(ds), FILES),
    )


HEADS = ("parameter", "unit", "from", "to", "drawn from", "quasi-p", "found again", "meaning; claims")


def _restricted(found: Discovery, ds: xr.Dataset) -> Iterator[tuple[str, ...]]:
    for key in strongest(found):
        row, drawn = PARAMETERS[key], ds["value"].sel(key=key).values
        low, high = (_end(key, end, side) for side, end in enumerate(found.box.limits[key]))
        p_values = " / ".join(f"{found.quasi_p[key, side]:.1g}" for side in (0, 1) if (key, side) in found.quasi_p)
        again = percent(found.stability.get(key, 0.0))
        words = f"{row.meaning}; {' '.join(row.claims) or 'no claim'}"
        names = row.choices
        where = " or ".join(names) if names else span(float(drawn.min()), float(drawn.max()))
        yield f"`{key}`", "choice" if names else row.unit, low, high, where, p_values, again, words


def _end(key: str, end: float, side: int) -> str:
    """Return a lower (0) or upper (1) limit as text, of a choice the last name that it lets in; empty if open."""
    if not np.isfinite(end):
        return ""
    names = PARAMETERS[key].choices
    return names[int(np.floor(end) if side else np.ceil(end))] if names else significant(end)

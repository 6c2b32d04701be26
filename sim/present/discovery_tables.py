"""A scenario discovery in spreadsheets and in a summary."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from sim.analysis.boxes import LUCK
from sim.analysis.discovery import CANDIDATES, RESAMPLES, Discovery
from sim.analysis.origin import hashes, versions_text
from sim.present.discovery_words import findings, strongest
from sim.present.words import cell, percent, significant, span
from sim.scenario.parameters import PARAMETERS

READING = (
    "A box is a set of limits on parameters. Density is the share of its worlds that meet the condition, coverage "
    "the share of the worlds meeting it that lie in the box. The first half of the worlds chose the box, the second "
    f"half tested it; only the second half's numbers are free of the search's luck. The {CANDIDATES} parameters "
    "whose values differ most between the two kinds of worlds entered the search (PRIM; Friedman and Fisher 1999), "
    f"limits that could be luck were dropped (quasi-p-value above {LUCK:g}; Bryant and Lempert 2010), and of the "
    "boxes on the way the one that agrees best with the condition was taken. Quasi-p-values know nothing of the "
    "choice among parameters, so they are too small; the testing worlds and the stability (in how many of "
    f"{RESAMPLES} searches in halves of the choosing worlds the parameter is restricted again) are the sterner "
    "judges. Other boxes may describe the same worlds. This is a thinking tool, not a forecast."
)


def box(found: Discovery, ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """box.csv: limits, luck and stability of every parameter that entered the search."""
    yield (
        *("key", "unit", "low", "high", "drawn_low", "drawn_high", "quasi_p_low", "quasi_p_high"),
        *("stability", "distance", "claims", "meaning"),
    )
    for key in [*strongest(found), *(key for key in found.candidates if key not in found.box.limits)]:
        row, drawn = PARAMETERS[key], ds["value"].sel(key=key).values
        limits = found.box.limits.get(key, (np.nan, np.nan))
        luck = [found.quasi_p.get((key, side), np.nan) for side in (0, 1)]
        numbers = [*limits, drawn.min(), drawn.max(), *luck, found.stability.get(key, 0.0), found.candidates[key]]
        yield [key, row.unit, *(cell(float(value)) for value in numbers), " ".join(row.claims), row.meaning]


def trajectory(found: Discovery) -> Iterator[Sequence[str]]:
    """trajectory.csv: every box that was peeled, on both halves of the worlds."""
    parts = ("coverage", "density", "mass", "phi")
    yield "box", "restricted", *(f"{half}_{part}" for half in ("chosen", "tested") for part in parts)
    for number, (*fits, restricted) in enumerate(found.trajectory):
        yield str(number), str(restricted), *(cell(getattr(fit, part)) for fit in fits for part in parts)


def summary(found: Discovery, control: Discovery, ds: xr.Dataset) -> str:
    """The discovery in plain words, Markdown."""
    name, digest = next(iter(hashes(ds).items()))
    parts = [
        f"# {ds.attrs['title']}",
        f"Scenario {name} ({json.loads(ds.attrs['scenario_titles'])[0]}), {ds.sizes['world']:,} worlds.",
        "\n".join(f"- {sentence}" for sentence in findings(found, control, ds)),
    ]
    if found.box.limits:
        parts += ["## The box", _markdown(found, ds)]
    parts += ["## How to read it", READING, "## Origin"]
    parts += [f"Scenario `{name}`, hash `{digest}`, seed {ds.attrs['seed']}, {versions_text(ds)}."]
    parts += ["Files: `box.csv`, `trajectory.csv`, `discovery.nc`, `figures/`, `manifest.json`."]
    return "\n\n".join(parts) + "\n"


def _markdown(found: Discovery, ds: xr.Dataset) -> str:
    """Table of the restricted parameters."""
    lines = [
        "| parameter | unit | from | to | drawn from | quasi-p | found again | what it is; claims it serves |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for key in strongest(found):
        row, drawn = PARAMETERS[key], ds["value"].sel(key=key).values
        low, high = (significant(end) if np.isfinite(end) else "" for end in found.box.limits[key])
        luck = " / ".join(f"{found.quasi_p[key, side]:.1g}" for side in (0, 1) if (key, side) in found.quasi_p)
        drawn_from = span(float(drawn.min()), float(drawn.max()))
        again = percent(found.stability.get(key, 0.0))
        words = f"{row.meaning}; {' '.join(row.claims) or 'no claim'}"
        lines.append(f"| `{key}` | {row.unit} | {low} | {high} | {drawn_from} | {luck} | {again} | {words} |")
    return "\n".join(lines)

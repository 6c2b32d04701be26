"""What a scenario discovery says, in words: the box in the user's units, how well it holds, and the control."""

from __future__ import annotations

import json

import numpy as np
import xarray as xr

from sim.present.words import percent, quantity, setting, significant
from sim.studies.discover.analysis import NOTE, Discovery
from sim.studies.discover.prim import Ends, Fit


def strongest(found: Discovery) -> list[str]:
    """Restricted parameters, the least likely to be luck first."""
    luck = {key: min(p for (name, _), p in found.quasi_p.items() if name == key) for key in found.box.limits}
    return sorted(luck, key=lambda key: luck[key])


def limit_words(key: str, ends: Ends) -> str:
    """`routes.khasan.capacity at least 61 kt/month`."""
    low, high = ends
    if np.isfinite(low) and np.isfinite(high):
        return f"`{key}` from {significant(low)} to {setting(high, key)}"
    return f"`{key}` at least {setting(low, key)}" if np.isfinite(low) else f"`{key}` at most {setting(high, key)}"


def fit_words(fit: Fit) -> str:
    """Density and coverage in a sentence's middle."""
    density, coverage = percent(fit.density), percent(fit.coverage)
    return f"{density} of its worlds meet the condition (density), and it holds {coverage} of those that do (coverage)"


def findings(found: Discovery, control: Discovery, ds: xr.Dataset) -> list[str]:
    """The discovery in a few sentences."""
    met = ds["met"].values
    told = [
        f"{int(met.sum()):,} of {len(met):,} worlds ({percent(float(met.mean()))}) meet: {ds.attrs['where'].strip()}."
    ]
    for name, percentile, value, measured in json.loads(ds.attrs.get("percentiles", "[]")):
        told.append(f"p{percentile:g} of {name} over these worlds is {quantity(value, measured)}.")
    if not found.box.limits:
        told.append(
            "No box was found: no restriction of the parameters makes the condition more likely than luck would."
        )
    else:
        box = ", ".join(limit_words(key, found.box.limits[key]) for key in strongest(found))
        told.append(f"The box: {box}.")
        told.append(
            f"On the worlds that had no say in it, {fit_words(found.tested)}; without the box "
            f"{percent(base(found))} meet it. On the worlds that chose it: density "
            f"{percent(found.chosen.density)}, coverage {percent(found.chosen.coverage)}."
        )
        if not found.of_note:
            told.append(
                f"It is not of note: luck would do as well more often than {percent(NOTE)} of the time "
                f"(p = {found.p_value:.2g})."
            )
    told.append(control_words(control))
    return told


def base(found: Discovery) -> float:
    """Share of the testing worlds that meet the condition: the density of the box of everything."""
    return found.trajectory[0][1].density


def control_words(control: Discovery) -> str:
    """What the search finds where there is nothing to find."""
    if not control.box.limits:
        return "Control: with the condition dealt out to the worlds by chance the search finds no box."
    verdict = "of note" if control.of_note else "not of note"
    return (
        f"Control: with the condition dealt out to the worlds by chance the search finds a box that is {verdict} "
        f"(density {percent(control.tested.density)} against {percent(base(control))} without it, "
        f"p = {control.p_value:.2g})."
    )

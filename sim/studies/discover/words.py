"""Findings of a scenario discovery in words: the box in the user's units, its fit, and the control."""

import json

import numpy as np
import xarray as xr

from sim.present.words import percent, quantity, setting, significant
from sim.scenario.parameters import PARAMETERS
from sim.studies.discover.analysis import SIGNIFICANCE, Discovery
from sim.studies.discover.prim import Ends


def strongest(found: Discovery) -> list[str]:
    """Return the restricted parameters, smallest quasi-p-value first."""
    p_values = {key: min(p for (name, _), p in found.quasi_p.items() if name == key) for key in found.box.limits}
    return sorted(p_values, key=lambda key: p_values[key])


def limit_words(key: str, ends: Ends) -> str:
    """Return `routes.khasan.capacity at least 61 kt/month`."""
    low, high = ends
    if names := PARAMETERS[key].choices:
        return f"`{key}` " + " or ".join(name for number, name in enumerate(names) if low <= number <= high)
    if np.isfinite(low) and np.isfinite(high):
        return f"`{key}` from {significant(low)} to {setting(high, key)}"
    return f"`{key}` at least {setting(low, key)}" if np.isfinite(low) else f"`{key}` at most {setting(high, key)}"


def findings(found: Discovery, control: Discovery, ds: xr.Dataset) -> list[str]:
    """Return the findings in a few sentences."""
    met = ds["met"].values
    lines = [
        f"{int(met.sum()):,} of {len(met):,} worlds ({percent(float(met.mean()))}) meet: {ds.attrs['where'].strip()}."
    ]
    for name, percentile, value, measured in json.loads(ds.attrs.get("percentiles", "[]")):
        lines.append(f"p{percentile:g} of {name} over these worlds is {quantity(value, measured)}.")
    if not found.box.limits:
        lines.append(
            "No box was found: no restriction of the parameters makes the condition more likely than chance would."
        )
    else:
        box = ", ".join(limit_words(key, found.box.limits[key]) for key in strongest(found))
        lines.append(f"The box: {box}.")
        lines.append(
            f"On the testing worlds, {percent(found.tested.density)} of its worlds meet the condition (density), and "
            f"it holds {percent(found.tested.coverage)} of those that do (coverage); without the box "
            f"{percent(base(found))} meet it. On the choosing worlds: density "
            f"{percent(found.chosen.density)}, coverage {percent(found.chosen.coverage)}."
        )
        if not found.significant:
            lines.append(
                f"It is not significant: chance would do as well in more than {percent(SIGNIFICANCE)} of cases "
                f"(p = {found.p_value:.2g})."
            )
    lines.append(control_words(control, without_effect(ds)))
    if vectors := ds.attrs.get("vectors"):
        lines.append(
            f"The worlds draw {int(vectors):,} vectors of the calibrated set. No vector is in both halves, and the "
            "tests count one world of each. Parameters of a vector go together, so a limit may stand for one beside it."
        )
    return lines


def base(found: Discovery) -> float:
    """Return the density of the box of all worlds: the share of the testing worlds that meet the condition."""
    return found.trajectory[0][1].density


def without_effect(ds: xr.Dataset) -> str:
    """Return how the control takes the effect of parameters away."""
    return "parameters permuted among vectors" if "vectors" in ds.attrs else "the condition permuted among the worlds"


def control_words(control: Discovery, how: str) -> str:
    """Return the finding of the negative control, which is made as `how` says."""
    if not control.box.limits:
        return f"Control: with {how} the search finds no box."
    verdict = "significant" if control.significant else "not significant"
    return (
        f"Control: with {how} the search finds a box that is {verdict} "
        f"(density {percent(control.tested.density)} against {percent(base(control))} without it, "
        f"p = {control.p_value:.2g})."
    )

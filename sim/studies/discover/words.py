"""Findings of a scenario discovery in words: the box in the user's units, its fit, and the control."""

import json
from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.present.words import choice_name, percent, quantity, setting, significant
from sim.scenario.parameters import PARAMETERS
from sim.studies.discover.analysis import SIGNIFICANCE, Discovery
from sim.studies.discover.prim import Ends
from sim.texts.spoken import foreign, said, written

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def say(key: str, /, **fills: object) -> str:
    """Return a text of discoveries, with its placeholders filled in."""
    return said(f"discover.{key}", **fills)


def title_of(ds: xr.Dataset) -> str:
    """Return the title of a discovery in the language that is spoken."""
    (name,) = json.loads(ds.attrs["scenario_names"])
    return say("title", name=name, where=" ".join(str(ds.attrs["where"]).split()))


def chance_words(value: float, places: int = 2) -> str:
    """Return a p-value with few digits: `2.3e-07`, and `2,3 × 10⁻⁷` in another language."""
    digits, _, exponent = f"{value:.{places}g}".partition("e")
    if foreign() and exponent:
        return f"{written(digits)}\u00a0×\u00a010{str(int(exponent)).translate(_RAISED)}"
    return written(f"{value:.{places}g}")


def strongest(found: Discovery) -> list[str]:
    """Return the restricted parameters, smallest quasi-p-value first."""
    p_values = {key: min(p for (name, _), p in found.quasi_p.items() if name == key) for key in found.box.limits}
    return sorted(p_values, key=lambda key: p_values[key])


def either(names: Sequence[str]) -> str:
    """Return `one or other` of the names of a choice."""
    return say("or").join(map(choice_name, names))


def limit_words(key: str, ends: Ends) -> str:
    """Return `routes.khasan.capacity at least 61 kt/month`."""
    low, high = ends
    if names := PARAMETERS[key].choices:
        inside = [name for number, name in enumerate(names) if low <= number <= high]
        return say("limit.choice", key=key, names=either(inside))
    if np.isfinite(low) and np.isfinite(high):
        return say("limit.both", key=key, low=significant(low), high=setting(high, key))
    if np.isfinite(low):
        return say("limit.low", key=key, low=setting(low, key))
    return say("limit.high", key=key, high=setting(high, key))


def findings(found: Discovery, control: Discovery, ds: xr.Dataset) -> list[str]:
    """Return the findings in a few sentences."""
    met, where = ds["met"].values, ds.attrs["where"].strip()
    counts = {"n": written(f"{int(met.sum()):,}"), "all": written(f"{len(met):,}")}
    lines = [say("finding.met", share=percent(float(met.mean())), where=where, **counts)]
    for name, percentile, value, measured in json.loads(ds.attrs.get("percentiles", "[]")):
        level, amount = written(f"{percentile:g}"), quantity(value, measured)
        lines.append(say("finding.percentile", percentile=level, outcome=name, value=amount))
    density = asked_density(ds)
    lines += _box(found, density) if found.box.limits else [_no_box(found, density)]
    lines.append(control_words(control, without_effect(ds)))
    if vectors := ds.attrs.get("vectors"):
        lines.append(say("finding.vectors", n=written(f"{int(vectors):,}")))
    return lines


def asked_density(ds: xr.Dataset) -> float | None:
    """Return the least density that was asked of the box; None if none was."""
    return ds.attrs.get("density")


def _no_box(found: Discovery, density: float | None) -> str:
    """Return that no limit helps, or that none is needed for the density that was asked for."""
    if density is None or found.chosen.density < density:
        return say("finding.none")
    return say("finding.enough", density=percent(density), base=percent(found.chosen.density))


def _box(found: Discovery, density: float | None) -> list[str]:
    """Return the box, how well it fits, and whether that is little, or less than the density that was asked for."""
    box = say("next").join(limit_words(key, found.box.limits[key]) for key in strongest(found))
    chosen = {"chosen_density": percent(found.chosen.density), "chosen_coverage": percent(found.chosen.coverage)}
    lines = [say("finding.box", limits=box), say("finding.fit", **fit_words(found), **chosen)]
    if density is not None and found.chosen.density < density:
        lines.append(say("finding.sparse", density=percent(density)))
    if not found.significant:
        level = percent(SIGNIFICANCE)
        lines.append(say("finding.not_significant", level=level, p=chance_words(found.p_value)))
    return lines


def fit_words(found: Discovery) -> dict[str, str]:
    """Return density and coverage of a box on the testing worlds, and the density without it."""
    shares = {"density": found.tested.density, "coverage": found.tested.coverage, "base": base(found)}
    return {name: percent(value) for name, value in shares.items()}


def base(found: Discovery) -> float:
    """Return the density of the box of all worlds: the share of the testing worlds that meet the condition."""
    return found.trajectory[0][1].density


def without_effect(ds: xr.Dataset) -> str:
    """Return how the control takes the effect of parameters away."""
    return say("control.vectors" if "vectors" in ds.attrs else "control.worlds")


def control_words(control: Discovery, how: str) -> str:
    """Return the finding of the negative control, which is made as `how` says."""
    if not control.box.limits:
        return say("control.none", how=how)
    verdict = "significant" if control.significant else "not_significant"
    return say(f"control.{verdict}", how=how, p=chance_words(control.p_value), **fit_words(control))

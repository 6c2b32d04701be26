"""Findings of a sensitivity analysis in words: which parameters matter, in which direction, how much is chance."""

import json

import numpy as np
import xarray as xr

from sim.present.words import number, percent, significant
from sim.scenario.parameters import PARAMETERS
from sim.studies.sensitivity.analysis import FEW, LEVEL

SPECIAL = {
    "calibrated": "calibrated: the parameters of the set, together",
    "theory": "theory: which of the rivals a world follows",
    "others": "all other parameters together",
    "chance": "chance: shocks and acts",
    "control": "control: no effect",
}
"""Factors that are no parameters; the names are those of `sim.studies.sensitivity.design`."""
INTERVAL = f"{100 * LEVEL:.0f} %"
MOST_NAMED = 5
"""Most parameters that a sentence names."""
LEAST_AGREEMENT = 0.7
"""Agreement of both halves of the screening below which a reader is warned."""


def factor_words(factor: str) -> str:
    """Return the key of a parameter, or the meaning of a special factor."""
    return SPECIAL.get(factor, factor)


def outcome_words(ds: xr.Dataset, outcome: str) -> str:
    """Return the meaning of the outcome."""
    return str(json.loads(ds.attrs["words"])[outcome])


def outcome_unit(ds: xr.Dataset, outcome: str) -> str:
    """Return its unit; an index says so."""
    found = str(json.loads(ds.attrs["units"])[outcome])
    return "index, 0 to 1" if found == "1" else found


def share(value: float, half: float) -> str:
    """Return `0.41 (0.36 to 0.46)`: an index with its interval."""
    return f"{number(value)} ({number(value - half)} to {number(value + half)})" if np.isfinite(value) else "-"


def direction_words(sign: float) -> str:
    """Return whether a parameter raises or lowers the outcome; `not significant` for neither."""
    return {1.0: "raises", -1.0: "lowers"}.get(float(np.sign(sign)), "not significant")


def ranked(ds: xr.Dataset, outcome: str) -> list[str]:
    """Return the factors of the indices by falling total index, the control last."""
    total = ds["total"].sel(outcome=outcome).isel(samples=-1)
    values = np.nan_to_num(total.values, nan=-1.0)
    names = [str(name) for name in ds["factor"].values]
    return sorted(names, key=lambda name: (name == "control", -values[names.index(name)]))


def varies(ds: xr.Dataset, outcome: str) -> bool:
    """Return whether the outcome differs between runs."""
    return bool(ds["sd"].sel(outcome=outcome) > 0.0)


def findings(ds: xr.Dataset, outcome: str) -> list[str]:
    """Return what drives one outcome, in a few sentences."""
    words = outcome_words(ds, outcome)
    if not varies(ds, outcome):
        return [f"{words} (`{outcome}`) is the same in all runs, so nothing moves it."]
    last = ds.sel(outcome=outcome).isel(samples=-1)

    def of(factor: str, name: str) -> tuple[float, float]:
        found = last.sel(factor=factor)
        return float(found[name]), float(found[f"{name}_half"])

    keys = [name for name in ranked(ds, outcome) if name not in SPECIAL]
    signs = [float(last["direction"].sel(factor=key)) for key in keys]
    ends = [f", {direction_words(sign)} it" if sign else "" for sign in signs]
    top = [f"`{key}` {share(*of(key, 'total'))}{end}" for key, end in zip(keys, ends, strict=True)]
    lines = [
        f"{words} (`{outcome}`; {outcome_unit(ds, outcome)}): mean {significant(float(last['mean']))}, standard "
        f"deviation {significant(float(last['sd']))}."
        + (
            f" Total indices of the parameters, shares of its variance ({INTERVAL} interval): "
            f"{'; '.join(top[:MOST_NAMED])}."
            if top
            else ""
        )
    ]
    if (few := int(last["uncommon"])) < FEW:
        lines.append(
            f"Only {few} of {2 * int(last['samples'])} independent runs differ{'s' * (few == 1)} from the others: "
            "these shares mean little. Take more --samples, or another outcome."
        )
    factors = {str(name) for name in ds["factor"].values}
    if "calibrated" in factors:
        lines.append(
            f"Which vector of the calibrated set a world draws makes {share(*of('calibrated', 'first'))} of the "
            f"variance, with interactions {share(*of('calibrated', 'total'))}."
        )
    if "theory" in factors:
        lines.append(
            f"Which theory a world follows makes {share(*of('theory', 'first'))} of the variance, with interactions "
            f"{share(*of('theory', 'total'))}."
        )
    if "chance" in factors:
        lines.append(
            f"Chance alone makes {share(*of('chance', 'first'))} of the variance, with interactions "
            f"{share(*of('chance', 'total'))}."
        )
    if "others" in factors:
        lines.append(
            f"All other parameters together make {share(*of('others', 'first'))} alone, with interactions "
            f"{share(*of('others', 'total'))}."
        )
    lines.append(interactions(last))
    return lines


def screening(ds: xr.Dataset, outcome: str) -> tuple[str, bool]:
    """Return how far both halves of the screening agree, and whether that is little; empty where unknown."""
    agreed = float(ds["agreement"].sel(outcome=outcome)) if "agreement" in ds and varies(ds, outcome) else np.nan
    if not np.isfinite(agreed):
        return "", False
    sentence = f"Screening: both halves of the trajectories agree on {percent(agreed)} of the top factors"
    if agreed >= LEAST_AGREEMENT:
        return f"{sentence}.", False
    more = "parameters that matter may be left among the others; take more --trajectories, or a larger --top"
    return f"{sentence}, which is little: {more}.", True


def interactions(last: xr.Dataset) -> str:
    """Return the share of interactions, unless total indices contradict it: then samples are too few.

    The share of interactions is one less the sum of first-order indices, and at most the sum of total indices less one.
    """
    left, half = float(last["interactions"]), float(last["interactions_half"])
    room = max(float(last["total"].sum()) - 1.0, 0.0)
    if left - half <= 0.0:
        return f"Interactions are not significant ({share(left, half)})."
    if left > room:
        return (
            f"First-order indices leave {share(left, half)} to interactions, total indices at most {room:.2f}: with "
            "more --samples the two would agree."
        )
    return f"Interactions make {share(left, half)}."


def meaning(factor: str) -> str:
    """Return the meaning of a parameter with unit and claims, or that of a special factor."""
    if factor in SPECIAL:
        return SPECIAL[factor]
    row = PARAMETERS[factor]
    unit = "" if row.unit == "1" else f" ({row.unit})"
    return f"{row.meaning}{unit}; {' '.join(row.claims) or 'no claim'}"

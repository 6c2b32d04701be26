"""What a sweep says, in sentences: where a parameter stops mattering, where it turns, what binds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.analysis.measures import SWEPT
from sim.analysis.sweeping import BOUND, Cut, keys_of
from sim.analysis.turning import FEWEST_POINTS, KNEE_SHARE, Place, Step
from sim.present.palette import BINDING_WORDS
from sim.present.words import percent
from sim.scenario.parameters import PARAMETERS

PART = f"{100 * KNEE_SHARE:.0f} %"


def unit(key: str) -> str:
    """` kt/month`, with its space; nothing for what has no unit."""
    found = PARAMETERS[key].unit
    return "" if found in ("1", "switch") else f" {found}"


def figures(value: float, places: int = 3) -> str:
    """A number with few significant digits, written out."""
    if not math.isfinite(value):
        return "beyond the range" if value > 0 else "-"
    if value == 0.0:
        return "0"
    decimals = max(0, places - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def place_words(place: Place, key: str) -> str:
    """`58 kt/month (51 to 66)`: where, and the 90 % interval."""
    return f"{figures(place.at)}{unit(key)} ({figures(place.low)} to {figures(place.high)})"


def step_words(step: Step) -> str:
    """`0.04 ± 0.01`."""
    return f"{figures(step.mean, 2)} ± {figures(step.error, 2)}"


def findings(ds: xr.Dataset, found: Sequence[Cut]) -> list[str]:
    """One or two sentences for each parameter, then one on what binds."""
    outcome = SWEPT[str(ds.attrs["outcome"])].words
    told = []
    for key in keys_of(ds):
        mine = [cut for cut in found if cut.key == key]
        told += _along(key, mine[0], outcome, ds) if len(mine) == 1 and not mine[0].other else _rows(key, mine, outcome)
    return [*told, _bound(ds)]


def _along(key: str, cut: Cut, outcome: str, ds: xr.Dataset) -> list[str]:
    """What the curve over the only parameter shows."""
    seen, low, high = cut.shape, float(ds[key].values[0]), float(ds[key].values[-1])
    if len(ds[key]) < FEWEST_POINTS:
        return [f"Two values of `{key}` are too few for a knee or a maximum; take more steps."]
    if not seen.matters and not seen.turns:
        return [f"`{key}` has no effect on {outcome} between {figures(low)} and {figures(high)} that is told apart from chance."]
    told = []
    verb, noun = ("adds", "gain") if seen.sign > 0 else ("takes away", "loss")
    if math.isinf(seen.knee.at):
        told.append(f"`{key}` matters up to {figures(high)}{unit(key)} at least: the curve does not go flat within the range.")
    elif math.isfinite(seen.knee.at):
        told.append(
            f"`{key}` stops mattering at about {place_words(seen.knee, key)}: beyond it one more unit {verb} less than {PART} "
            f"of the steepest {noun} of {outcome}."
        )
    if seen.turns:
        told.append(
            f"{outcome} is highest at about {place_words(seen.maximum, key)}: it rises by {step_words(seen.rise)} up to there "
            f"and falls by {step_words(seen.fall)} beyond."
        )
    else:
        end = "upper" if seen.rise.sure else "lower" if seen.fall.sure else ""
        told.append(f"No turning point: {outcome} is highest at or near the {end} end of the range." if end else "No turning point.")
    return told


def _rows(key: str, found: Sequence[Cut], outcome: str) -> list[str]:
    """What the curves over one parameter show at the values of the other."""
    told = []
    if knees := with_knee(found):
        told.append(
            f"Along `{key}`, more of it stops mattering at about {_range([cut.shape.knee.at for cut in knees], key)} "
            f"in {len(knees)} of {len(found)} rows; {_ends(knees, 'knee')}."
        )
    if turns := [cut for cut in found if cut.shape.turns]:
        told.append(
            f"Along `{key}`, {outcome} rises and then falls in {len(turns)} of {len(found)} rows, highest at about "
            f"{_range([cut.shape.maximum.at for cut in turns], key)}; {_ends(turns, 'maximum')}."
        )
    flat = sum(not cut.shape.matters for cut in found)
    if flat or not told:
        told.append(f"Along `{key}`, no effect is told apart from chance in {flat} of {len(found)} rows.")
    return told


def with_knee(found: Sequence[Cut]) -> list[Cut]:
    """The curves that matter and go flat within the range."""
    return [cut for cut in found if cut.shape.matters and math.isfinite(cut.shape.knee.at)]


def _range(values: Sequence[float], key: str) -> str:
    low, high = min(values), max(values)
    words = figures(low) if figures(low) == figures(high) else f"{figures(low)} to {figures(high)}"
    return f"{words}{unit(key)}"


def _ends(found: Sequence[Cut], which: str) -> str:
    """The first and the last row with their intervals."""
    chosen = found if len(found) == 1 else (found[0], found[-1])
    return ", ".join(
        f"{place_words(getattr(cut.shape, which), cut.key)} where `{cut.other}` is {figures(cut.held)}" for cut in chosen
    )


def _bound(ds: xr.Dataset) -> str:
    """What binds at the two ends of the first parameter, or rather in the corners of the grid."""
    keys = keys_of(ds)
    names = [str(name) for name in ds["constraint"].values]
    told = []
    for end in (0, -1):
        shares = ds[BOUND].isel({keys[0]: end}).values.reshape(-1, len(names)).mean(axis=0)
        top = int(np.argmax(shares))
        told.append(
            f"at {figures(float(ds[keys[0]].values[end]))}{unit(keys[0])} most often {BINDING_WORDS[names[top]]} "
            f"({percent(float(shares[top]))} of world-months)"
        )
    return f"What binds the shells from North Korea to Russia along `{keys[0]}`: {'; '.join(told)}."

"""Findings of a sweep in sentences: where a parameter stops mattering, where it turns, what binds."""

import json
from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.analysis.outcome import outcome as measure_of
from sim.present.palette import BINDING_WORDS
from sim.present.words import percent, setting, significant, span, unit_words
from sim.scenario.event import ParameterEvent, event_from_dict, month_of
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import counted
from sim.studies.sweep.analysis import BOUND, Cut, keys_of
from sim.studies.sweep.knee import FEWEST_POINTS, KNEE_SHARE, Place, Step

PART = f"{100 * KNEE_SHARE:.0f} %"


def place_words(place: Place, key: str) -> str:
    """Return `58 kt/month (51 to 66)`: a place and its 90 % interval."""
    return f"{setting(place.at, key, 2)} ({span(place.low, place.high, 2)})"


def step_words(step: Step) -> str:
    """Return `0.04 ± 0.01`."""
    return f"{significant(step.mean, 2)} ± {significant(step.error, 2)}"


def findings(ds: xr.Dataset, found: Sequence[Cut]) -> list[str]:
    """Return one or two sentences for each parameter, then one on the binding constraints."""
    outcome = measure_of(str(ds.attrs["outcome"])).words
    lines = []
    for key in keys_of(ds):
        mine = [cut for cut in found if cut.key == key]
        single = len(mine) == 1 and not mine[0].other
        lines += _along(key, mine[0], outcome, ds) if single else _rows(key, mine, outcome)
        lines += replaced(ds, key)
    return [*lines, _bound(ds)]


def replaced(ds: xr.Dataset, key: str) -> list[str]:
    """Return from when on events of the scenario replace the varied value, which then has no effect of its own."""
    (scenario,) = json.loads(ds.attrs["scenarios"])
    sets = [
        event
        for event in map(event_from_dict, scenario["events"])
        if isinstance(event, ParameterEvent) and event.key == key and event.value is not None
    ]
    told = [
        f"from {month_of(event, scenario['start'])} on"
        + (f" for {counted(event.duration, 'month')}" if event.duration else "")
        for event in sets
    ]
    if not told:
        return []
    return [
        f"An event of {scenario['name']} replaces `{key}` {' and '.join(told)}, whatever its varied value: what is "
        "said of it here is about the other months alone."
    ]


def _along(key: str, cut: Cut, outcome: str, ds: xr.Dataset) -> list[str]:
    """Return the findings on the curve over the only parameter."""
    seen, low, high = cut.shape, float(ds[key].values[0]), float(ds[key].values[-1])
    if len(ds[key]) < FEWEST_POINTS:
        return [f"Two values of `{key}` are too few for a knee or a maximum; take more steps."]
    if seen.turns:
        return [
            f"`{key}` turns at about {place_words(seen.maximum, key)}: {outcome} rises by {step_words(seen.rise)} "
            f"up to there and falls by {step_words(seen.fall)} beyond."
        ]
    lines = []
    if seen.peaks:
        lines.append(
            f"`{key}` lowers {outcome} beyond about {place_words(seen.maximum, key)}, by {step_words(seen.fall)}; "
            f"the rise up to there ({step_words(seen.rise)}) is not significant."
        )
    if not seen.matters:
        where = f"between {significant(low)} and {setting(high, key)}"
        return [f"No significant effect of `{key}` on {outcome} {where}."]
    if seen.peaks and not seen.flattens:
        return lines
    if not seen.flattens:
        way = "rises" if seen.sign > 0 else "falls"
        return [f"`{key}` matters up to {setting(high, key)} at least: {outcome} {way} and does not go flat."]
    verb, noun = ("adds", "gain") if seen.sign > 0 else ("removes", "loss")
    return [
        *lines,
        f"`{key}` stops mattering at about {place_words(seen.knee, key)}: beyond it one more unit {verb} less "
        f"than {PART} of the steepest {noun} of {outcome}.",
    ]


def _rows(key: str, found: Sequence[Cut], outcome: str) -> list[str]:
    """Return the findings on the curves over one parameter at the values of the other."""
    lines, count = [], len(found)
    for sign, verb in ((1.0, "adding to"), (-1.0, "lowering")):
        if flat := [cut for cut in found if cut.shape.flattens and cut.shape.sign == sign]:
            places = reach([cut.shape.knee.at for cut in flat], key)
            lines.append(
                f"`{key}` stops {verb} {outcome} at about {places}, in {len(flat)} of {count} rows: "
                f"{_ends(flat, 'knee')}."
            )
    if turns := [cut for cut in found if cut.shape.peaks]:
        sure = sum(cut.shape.turns for cut in turns)
        places = reach([cut.shape.maximum.at for cut in turns], key)
        lines.append(
            f"`{key}` turns at about {places}, in {len(turns)} of {count} rows: it raises {outcome} up to there "
            f"(significant in {sure} of them) and lowers it beyond; {_ends(turns, 'maximum')}."
        )
    idle = sum(not cut.shape.matters and not cut.shape.peaks for cut in found)
    if idle or not lines:
        lines.append(f"No significant effect of `{key}` on {outcome} in {idle} of {count} rows.")
    return lines


def reach(values: Sequence[float], key: str) -> str:
    """Return `60 to 83 kt/month`: the lowest and the highest of some places."""
    low, high = significant(min(values), 2), significant(max(values), 2)
    return f"{low if low == high else f'{low} to {high}'}{unit_words(PARAMETERS[key].unit)}"


def _ends(found: Sequence[Cut], which: str) -> str:
    """Return the first and the last row with their intervals."""
    chosen = found if len(found) == 1 else (found[0], found[-1])
    places = [(place_words(getattr(cut.shape, which), cut.key), cut) for cut in chosen]
    return ", ".join(f"{words} where `{cut.other}` is {significant(cut.held)}" for words, cut in places)


def _bound(ds: xr.Dataset) -> str:
    """Return the most frequent constraints at the two ends of the first parameter, over the values of the other."""
    keys = keys_of(ds)
    names = [str(name) for name in ds["constraint"].values]
    lines = []
    for end in (0, -1):
        shares = ds[BOUND].isel({keys[0]: end}).values.reshape(-1, len(names)).mean(axis=0)
        top = int(np.argmax(shares))
        lines.append(
            f"at {setting(float(ds[keys[0]].values[end]), keys[0])} most often {BINDING_WORDS[names[top]]} "
            f"({percent(float(shares[top]))} of world-months)"
        )
    return f"Binding constraint on shells from North Korea to Russia along `{keys[0]}`: {'; '.join(lines)}."

"""Findings of a sweep in sentences: where a parameter stops mattering, where it turns, what binds."""

import json
from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.analysis.outcome import outcome as measure_of
from sim.present.naming import binding_name, date_words, measure_words
from sim.present.words import percent, setting, significant, span, unit_words
from sim.scenario.event import ParameterEvent, event_from_dict, lasting_words, month_of
from sim.scenario.parameters import PARAMETERS
from sim.studies.sweep.analysis import BOUND, Cut, keys_of
from sim.studies.sweep.knee import FEWEST_POINTS, FEWEST_WORLDS, KNEE_SHARE, Place, Step
from sim.texts.spoken import joined, said


def place_words(place: Place, key: str) -> str:
    """Return `58 kt/month (51 to 66)`: a place and its 90 % interval."""
    return f"{setting(place.at, key, 2)} ({span(place.low, place.high, 2)})"


def step_words(step: Step) -> str:
    """Return `0.04 ± 0.01`."""
    return f"{significant(step.mean, 2)} ± {significant(step.error, 2)}"


def say(key: str, /, **fills: object) -> str:
    """Return a text of sweeps, with its placeholders filled in."""
    return said(f"sweep.{key}", **fills)


def part_words() -> str:
    """Return the share of the steepest change below which a curve is flat: `10 %`."""
    return percent(KNEE_SHARE)


def outcome_words(ds: xr.Dataset) -> str:
    """Return what the outcome of a sweep is, in the language that is spoken."""
    name = str(ds.attrs["outcome"])
    return measure_words(name, measure_of(name).words)


def title_of(ds: xr.Dataset) -> str:
    """Return the title of a sweep in the language that is spoken."""
    (name,) = json.loads(ds.attrs["scenario_names"])
    return say("title", name=name, keys=say("and").join(keys_of(ds)))


def findings(ds: xr.Dataset, found: Sequence[Cut]) -> list[str]:
    """Return one or two sentences for each parameter, then one on the binding constraints."""
    outcome, few = outcome_words(ds), ds.sizes["world"] < FEWEST_WORLDS
    lines = [say("few_worlds", least=FEWEST_WORLDS)] if few else []
    for key in keys_of(ds):
        mine = [cut for cut in found if cut.key == key]
        single = len(mine) == 1 and not mine[0].other
        if not few:
            lines += _along(key, mine[0], outcome, ds) if single else _rows(key, mine, outcome, ds)
        lines += replaced(ds, key)
    return [*lines, _bound(ds)]


def replaced(ds: xr.Dataset, key: str) -> list[str]:
    """Return from when on events of the scenario replace the varied value, which then has no effect of its own."""
    (scenario,) = json.loads(ds.attrs["scenarios"])
    told = [
        say("replaced.span", month=date_words(month_of(event, scenario["start"])), lasting=lasting_words(event))
        for event in map(event_from_dict, scenario["events"])
        if isinstance(event, ParameterEvent) and event.key == key and event.value is not None
    ]
    if not told:
        return []
    return [say("replaced.whole", scenario=scenario["name"], key=key, spans=say("and").join(told))]


def _along(key: str, cut: Cut, outcome: str, ds: xr.Dataset) -> list[str]:
    """Return the findings on the curve over the only parameter."""
    seen = cut.shape
    low, high = (float(ds[key].values[end]) for end in (0, -1))
    fills = {"key": key, "outcome": outcome, "rise": step_words(seen.rise), "fall": step_words(seen.fall)}
    if len(ds[key]) < FEWEST_POINTS:
        return [say("along.few", key=key)]
    turns = [say("along.turns", place=place_words(seen.maximum, key), **fills)] if seen.turns else []
    if seen.dips:
        fills |= {"drop": step_words(seen.drop), "climb": step_words(seen.climb)}
        turns.append(say("along.dips", place=place_words(seen.minimum, key), **fills))
    if turns:
        return turns
    if not seen.matters:
        return [say("along.idle", low=significant(low), high=setting(high, key), **fills)]
    lines = [say("along.lowers", place=place_words(seen.maximum, key), **fills)] if seen.peaks else []
    if seen.flattens:
        way = "adds" if seen.sign > 0 else "removes"
        return [*lines, say(f"along.{way}", place=place_words(seen.knee, key), part=part_words(), **fills)]
    way = "rises" if seen.sign > 0 else "falls"
    return lines or [say(f"along.{way}", high=setting(high, key), **fills)]


def _rows(key: str, found: Sequence[Cut], outcome: str, ds: xr.Dataset) -> list[str]:
    """Return the findings on the curves over one parameter at the values of the other."""
    if len(ds[key]) < FEWEST_POINTS:
        return [say("along.few", key=key)]
    lines, fills = [], {"key": key, "outcome": outcome, "count": len(found)}
    for sign, way in ((1.0, "adding"), (-1.0, "lowering")):
        if flat := [cut for cut in found if cut.shape.flattens and cut.shape.sign == sign]:
            places = reach([cut.shape.knee.at for cut in flat], key)
            lines.append(say(f"rows.{way}", places=places, n=len(flat), ends=_ends(flat, "knee"), **fills))
    if turns := [cut for cut in found if cut.shape.peaks]:
        clear = sum(cut.shape.turns for cut in turns)
        sure = say("rows.sure", n=clear) if clear else say("rows.not_sure")
        places = reach([cut.shape.maximum.at for cut in turns], key)
        lines.append(say("rows.turns", places=places, n=len(turns), sure=sure, ends=_ends(turns, "maximum"), **fills))
    if dips := [cut for cut in found if cut.shape.dips]:
        places = reach([cut.shape.minimum.at for cut in dips], key)
        lines.append(say("rows.dips", places=places, n=len(dips), ends=_ends(dips, "minimum"), **fills))
    others = [cut for cut in found if not cut.shape.peaks and not cut.shape.dips]
    steady = [cut for cut in others if cut.shape.matters and not cut.shape.flattens]
    for sign, way in ((1.0, "rises"), (-1.0, "falls")):
        if n := sum(cut.shape.sign == sign for cut in steady):
            lines.append(say(f"rows.{way}", n=n, high=setting(float(ds[key].values[-1]), key), **fills))
    if idle := sum(not cut.shape.matters for cut in others):
        lines.append(say("rows.idle", n=idle, **fills))
    return lines


def reach(values: Sequence[float], key: str) -> str:
    """Return `60 to 83 kt/month`: the lowest and the highest of some places."""
    low, high = significant(min(values), 2), significant(max(values), 2)
    both = low if low == high else said("printed.from_to", low=low, high=high)
    return f"{both}{unit_words(PARAMETERS[key].unit)}"


def _ends(found: Sequence[Cut], which: str) -> str:
    """Return the first and the last row with their intervals."""
    chosen = found if len(found) == 1 else (found[0], found[-1])
    places = [(place_words(getattr(cut.shape, which), cut.key), cut) for cut in chosen]
    return ", ".join(
        say("rows.where", place=words, other=cut.other, held=significant(cut.held)) for words, cut in places
    )


def _bound(ds: xr.Dataset) -> str:
    """Return the most frequent constraints at the two ends of the first parameter, over the values of the other."""
    keys = keys_of(ds)
    names = [str(name) for name in ds["constraint"].values]
    lines = []
    for end in (0, -1):
        shares = ds[BOUND].isel({keys[0]: end}).values.reshape(-1, len(names)).mean(axis=0)
        top = int(np.argmax(shares))
        fills = {"limit": binding_name(names[top]), "share": percent(float(shares[top]))}
        lines.append(say("bound.end", place=setting(float(ds[keys[0]].values[end]), keys[0]), **fills))
    return say("bound.whole", key=keys[0], ends=joined(*lines))

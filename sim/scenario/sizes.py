"""Checks of how large an event is: one number in all worlds, or a range from which worlds draw."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sim.scenario.check import Spot, finite, number, setting
from sim.scenario.hints import unknown_key
from sim.scenario.parameters import PARAMETERS, SWITCH, Parameter
from sim.scenario.place import place
from sim.scenario.problems import quoted, shown
from sim.scenario.recorded import VARIABLES
from sim.scenario.setting import Setting
from sim.scenario.timing import Spots

Size = tuple[float | None, Setting | None]
"""The number in all worlds or the central one, and the range; None and None if it is wrong."""
NOTHING: Size = (None, None)
SHOCKED = ("stock", "trust", "alignment", "coordination")
"""Variables that a shock may hit."""


def change_size(entry: Mapping[str, Any], settings: Mapping[str, Setting], spot: Spots) -> Size:
    """Check what a change of a parameter says; return its new value or its factor."""
    key = entry["key"]
    if ("value" in entry) == ("factor" in entry):
        spot().bad("an event that changes a parameter has either value or factor")
    if not isinstance(key, str):
        return NOTHING
    row = PARAMETERS.get(key)
    if row is None:
        rule, hint = unknown_key(shown(key, 200)) if spot().problems.may_suggest() else ("unknown key", "")
        spot("key").bad(f"{quoted(key)}: {rule}", name=hint, among=[hint])
        return NOTHING
    if row.when == "initial":
        spot("key").bad(f"{key} is used at the start only, so no event can change it; set it at the top of the file")
    if "over" in entry and row.steps:
        spot("over").bad(f"{key} is {row.steps} and cannot change by degrees")
    if "factor" in entry:
        return _factor(entry["factor"], row, settings[key].value, spot("factor"))
    return _size(entry["value"], row, spot("value")) if "value" in entry else NOTHING


def shock_size(entry: Mapping[str, Any], spot: Spots) -> Size:
    """Check what a shock says; return its factor or amount."""
    target = entry["shock"]
    if ("factor" in entry) == ("add" in entry):
        spot().bad("a shock has either factor or add")
    if not isinstance(target, str):
        return NOTHING
    try:
        at = place(target)
    except ValueError as error:
        spot("shock").bad(str(error))
        return NOTHING
    if at.variable not in SHOCKED:
        rule = f"{quoted(target)} cannot be hit by a shock; what can is COUNTRY.GOOD.stock, PAIR.trust, PAIR.alignment"
        spot("shock").bad(f"{rule} and coordination")
        return NOTHING
    unit = VARIABLES[at.variable].unit.replace("{good}", "krounds" if at.good == "ammunition" else "kt")
    free = replace(PARAMETERS["war.intensity"], key=target, unit=unit, min=-math.inf, max=math.inf)
    if "factor" in entry:
        return _factor(entry["factor"], free, 1.0, spot("factor"))
    return _size(entry["add"], free, spot("add")) if "add" in entry else NOTHING


def add_size(entry: Mapping[str, Any], spot: Spots) -> Size:
    """Check what an event adds to the utility of an act, in whose unit it is; return it or its range."""
    return _size(entry["add"], PARAMETERS["acts.summit.base"], spot("add")) if "add" in entry else NOTHING


def _size(raw: Any, row: Parameter, spot: Spot) -> Size:
    """Return a number, or the range written as a table of low, high, value and distribution."""
    if not isinstance(raw, dict):
        return number(raw, row, spot), None
    if row.steps:
        spot.bad(f"{row.steps} can have no range; give the event a probability")
        return NOTHING
    if "low" not in raw or "high" not in raw:
        spot.bad("a range needs low and high")
        return NOTHING
    ends = [finite(end) if isinstance(end, int | float) else None for end in (raw["low"], raw["high"])]
    middle = sum(end / 2.0 for end in ends if end is not None)
    found = setting(raw, row, Setting(middle, None, None, "fixed", spot.origin), spot)
    return (found.value, found) if found.uncertain else NOTHING


def _factor(raw: Any, row: Parameter, value: float, spot: Spot) -> Size:
    """Return a factor or its range, all finite, not negative, and leaving the parameter within its bounds."""
    pure = replace(row, unit="1", min=-math.inf, max=math.inf)
    if row.steps:
        spot.bad(f"{row.steps} has no factor; give a value{', true or false' if row.unit == SWITCH else ''}")
        return NOTHING
    found, spread = _size(raw, pure, spot)
    for times in (spread.low, spread.high) if spread else (found,):
        if times is not None and _wrong(times, row, value, raw, spot):
            return NOTHING
    return found, spread


def _wrong(times: float, row: Parameter, value: float, raw: Any, spot: Spot) -> bool:
    """Return whether a factor is wrong, with the problem added."""
    if finite(times) is None or times < 0:
        spot.bad(f"must be a finite number from 0 on, found {quoted(raw)}")
    elif not row.min <= value * times <= row.max:
        spot.bad(
            f"{times:.12g} times {value:.12g} is {value * times:.12g}, but {row.key} must lie in "
            f"{row.min:.12g} .. {row.max:.12g} {row.unit}"
        )
    else:
        return False
    return True

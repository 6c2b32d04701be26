"""What is wrong with single settings and events, whatever they were made from: types, bounds and names."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from sim.scenario.check import MOST_MONTHS, wording
from sim.scenario.event import DECISIONS, ActEvent, DecisionEvent, Event, ParameterEvent, ShockEvent
from sim.scenario.parameters import DISTRIBUTIONS, PARAMETERS
from sim.scenario.place import place
from sim.scenario.problems import shown
from sim.scenario.setting import Setting

EARLIEST = 1200
"""Most months before the first in which an event that still holds may have begun."""
_KINDS = (*DISTRIBUTIONS, "choice")
_EVENTS: Mapping[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in get_args(Event)}


def outside(key: str, *numbers: float) -> str:
    """Return why numbers cannot be values of a parameter; empty if they can."""
    row = PARAMETERS[key]
    for number in numbers:
        if not row.min <= number <= row.max:  # a number that is none is outside as well
            return f"must lie in {row.min:.12g} .. {row.max:.12g}, found {number:.12g}"
        if row.choices and number != int(number):
            return f"must be the number of a choice, found {number:.12g}"
    return ""


def fault_of_setting(key: str, one: Setting) -> str:
    """Return why a setting whose types are right cannot be one of this parameter; empty if it can."""
    ends = [end for end in (one.low, one.high) if end is not None]
    if one.distribution not in _KINDS:
        return f"{shown(one.distribution)} is no distribution"
    if fault := outside(key, one.value, *ends, *one.among):
        return fault
    if len(ends) == 1 or (one.distribution not in ("fixed", "choice") and not ends):
        return "low and high go together"
    if ends and not ends[0] <= one.value <= ends[1]:
        return f"value must lie in low .. high, found {one.value:.12g}"
    return "a loguniform range starts above 0" if one.distribution == "loguniform" and ends[0] <= 0.0 else ""


def fault_of_event(event: Event) -> str:
    """Return what is wrong with an event: types, bounds, names; empty if nothing is."""
    try:
        _EVENTS[type(event)].validate_json(json.dumps(asdict(event)), strict=True)
        return _misplaced(event)
    except ValidationError as error:
        (path, rule, _), *_ = wording(error)
        return f"{'.'.join(shown(part) for part in path)}: {rule}"
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return shown(error.args[0] if error.args else error, 100)


def _misplaced(event: Event) -> str:
    """Return what is wrong with an event whose types are right. Raises ValueError or KeyError for unknown names."""
    timing, spread = event.timing, event.spread
    whole = [getattr(timing, name) for name in ("over", "every", "latest", "delay")]
    duration = getattr(event, "duration", None)
    if not -EARLIEST <= event.month <= MOST_MONTHS or min(whole) < 0 or (duration is not None and duration < 1):
        return "a month or a number of months is out of range"
    if not 0.0 < timing.probability <= 1.0 or set(timing.season) - set(range(1, 13)):
        return "probability or season is out of range"
    sizes = [getattr(event, name, None) for name in ("value", "factor", "add")]
    if isinstance(event, ParameterEvent | ShockEvent) and sizes.count(None) != len(sizes) - 1:
        return "needs one size: a factor, or a value or what is added"
    sizes += [spread.value, spread.low, spread.high] if spread else []
    if any(size is not None and not math.isfinite(size) for size in sizes):
        return "a size is not finite"
    if timing.when:
        from sim.scenario.condition import parse  # loads NumPy

        parse(timing.when, place, percentiles=False)
    if isinstance(event, ShockEvent):
        place(event.target)
    if isinstance(event, ActEvent):
        from sim.scenario.options import group_of

        group_of(event.act, *event.actors)
    if isinstance(event, DecisionEvent):
        return _misruled(event)
    if isinstance(event, ParameterEvent) and event.key not in PARAMETERS:
        return f"{shown(event.key)} is no parameter"
    if isinstance(event, ParameterEvent):
        values = [event.value, *((spread.low, spread.high) if spread and event.value is not None else ())]
        if fault := outside(event.key, *(value for value in values if value is not None)):
            return f"{event.key}: {fault}"
    return ""


def _misruled(event: DecisionEvent) -> str:
    """Return why what a scenario says of decisions touches none; empty if it touches some."""
    from sim.scenario.options import chosen

    if event.what not in DECISIONS or (event.what == "willing") != (event.add is not None):
        return "what is said of a decision is none of the three"
    each = [chosen(event.act, (one,), event.partners) for one in event.by]
    each += [chosen(event.act, event.by, (one,)) for one in event.partners]
    if not all(each) or not chosen(event.act, event.by, event.partners):
        return f"{shown(event.act)} is no act of these countries"
    return ""

"""What a stored scenario may hold: files of results, calibrated sets and manifests may come from anybody.

A stored scenario was checked when it was read from its file, and nothing says that the file that holds it was not
changed since. So types, bounds of parameters and events are checked again before anything is computed from it.
"""

import json
import math
from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sim.scenario.case import LANE
from sim.scenario.check import LARGEST_SEED, MOST_MONTHS, MOST_WORLDS, is_month
from sim.scenario.event import (
    DECISIONS,
    ActEvent,
    DecisionEvent,
    Event,
    ParameterEvent,
    ShockEvent,
    event_from_dict,
    event_to_dict,
)
from sim.scenario.names import COUNTRIES, GOODS, ROUTES
from sim.scenario.parameters import DISTRIBUTIONS, PARAMETERS
from sim.scenario.place import place
from sim.scenario.problems import Problem, ScenarioError, few, shown
from sim.scenario.scenario import Calibrated, Scenario, Setting

MOST_EVENTS = 10_000
MOST_NAMED = 5
"""Most mistakes that a message names."""
EARLIEST = 1200
"""Most months before the first in which an event that still holds may have begun."""
_KINDS = (*DISTRIBUTIONS, "choice")
_EVENTS: Mapping[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in get_args(Event)}


class _Stored(BaseModel):
    """The types of a stored scenario; what is not named here is checked where it is used."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    title: str
    question: str
    look_for: str
    outcome: str
    start: str
    months: Annotated[int, Field(ge=1, le=MOST_MONTHS)]
    worlds: Annotated[int, Field(ge=1, le=MOST_WORLDS)]
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)]
    settings: dict[str, Setting]
    events: Annotated[list[dict[str, Any]], Field(max_length=MOST_EVENTS)]
    files: list[str]
    origins: dict[str, str] = {}
    calibrated: Calibrated | None = None
    changes: list[str] = []
    lane: Annotated[list[str], Field(min_length=3, max_length=3)] = list(LANE)
    shut_before: list[str] = []
    record: dict[str, str] = {}


def stored_faults(stored: Any) -> list[str]:
    """Return what is wrong with a stored scenario whatever its parameters are called; empty if nothing is."""
    try:
        found = _Stored.model_validate_json(json.dumps(stored))
    except ValidationError as error:
        wrong = [
            f"{'.'.join(shown(part) for part in fault['loc']) or 'it'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        return [few(wrong, MOST_NAMED)]
    except (TypeError, ValueError, RecursionError):
        return ["is no table of plain values"]
    faults = [] if is_month(found.start) else [f"start: {shown(found.start)} is no month"]
    buyer, seller, good = found.lane
    if {buyer, seller} - set(COUNTRIES) or buyer == seller or good not in GOODS:
        faults.append("lane: is not a seller, a buyer and a good")
    faults += [f"shut_before: {shown(name)} is no route" for name in found.shut_before if name not in ROUTES][:1]
    return faults + [fault for fault in map(_fault_of_event, found.events) if fault][:MOST_NAMED]


def bounds_faults(settings: Mapping[str, Setting]) -> list[str]:
    """Return the parameters, of those of this version, whose stored values lie outside their bounds."""
    known = ((key, _fault_of_setting(key, one)) for key, one in settings.items() if key in PARAMETERS)
    return [f"{key}: {fault}" for key, fault in known if fault]


def checked_scenario(stored: Any) -> Scenario:
    """Return a stored scenario. Raises ScenarioError unless it is one of this version, and within all bounds."""
    faults = stored_faults(stored)
    if not faults:
        scenario = Scenario.from_dict(stored)
        faults = bounds_faults(scenario.settings)
    if faults:
        rule = f"the stored scenario cannot be used: {few(faults, MOST_NAMED)}"
        raise ScenarioError([Problem("scenario", 0, "", rule)])
    return scenario


def outside(key: str, *numbers: float) -> str:
    """Return why numbers cannot be values of a parameter; empty if they can."""
    row = PARAMETERS[key]
    for number in numbers:
        if not row.min <= number <= row.max:  # a number that is none is outside as well
            return f"must lie in {row.min:.12g} .. {row.max:.12g}, found {number:.12g}"
        if row.choices and number != int(number):
            return f"must be the number of a choice, found {number:.12g}"
    return ""


def _fault_of_setting(key: str, one: Setting) -> str:
    if one.distribution not in _KINDS:
        return f"{shown(one.distribution)} is no distribution"
    ends = [end for end in (one.low, one.high) if end is not None]
    if fault := outside(key, one.value, *ends, *one.among):
        return fault
    if len(ends) == 1 or (one.distribution not in ("fixed", "choice") and not ends):
        return "low and high go together"
    if ends and not ends[0] <= one.value <= ends[1]:
        return f"value must lie in low .. high, found {one.value:.12g}"
    return "a loguniform range starts above 0" if one.distribution == "loguniform" and ends[0] <= 0.0 else ""


def _fault_of_event(stored: Mapping[str, Any]) -> str:
    """Return why a stored event is none; empty if it is one."""
    try:
        event = event_from_dict(stored)
        _EVENTS[type(event)].validate_json(json.dumps(event_to_dict(event)), strict=True)
        return _misplaced(event)
    except ValidationError as error:
        one = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return f"events: {'.'.join(shown(part) for part in one['loc'])}: {one['msg']}"
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return f"events: {shown(error, 100)}"


def _misplaced(event: Event) -> str:
    """Return what is wrong with an event whose types are right. Raises ValueError or KeyError for unknown names."""
    timing, spread = event.timing, event.spread
    whole = [getattr(timing, name) for name in ("over", "every", "latest", "delay")]
    duration = getattr(event, "duration", None)
    if not -EARLIEST <= event.month <= MOST_MONTHS or min(whole) < 0 or (duration is not None and duration < 1):
        return "events: a month or a number of months is out of range"
    if not 0.0 < timing.probability <= 1.0 or set(timing.season) - set(range(1, 13)):
        return "events: probability or season is out of range"
    sizes = [getattr(event, name, None) for name in ("value", "factor", "add")]
    sizes += [spread.value, spread.low, spread.high] if spread else []
    if any(size is not None and not math.isfinite(size) for size in sizes):
        return "events: a size is not finite"
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
    if isinstance(event, ParameterEvent):
        values = [event.value, *((spread.low, spread.high) if spread and event.value is not None else ())]
        if fault := outside(event.key, *(value for value in values if value is not None)):
            return f"events: {event.key}: {fault}"
    return ""


def _misruled(event: DecisionEvent) -> str:
    """Return why what a scenario says of decisions touches none; empty if it touches some."""
    from sim.scenario.options import chosen

    if event.what not in DECISIONS or (event.what == "willing") != (event.add is not None):
        return "events: what is said of a decision is none of the three"
    each = [chosen(event.act, (one,), event.partners) for one in event.by]
    each += [chosen(event.act, event.by, (one,)) for one in event.partners]
    if not all(each) or not chosen(event.act, event.by, event.partners):
        return f"events: {shown(event.act)} is no act of these countries"
    return ""

"""What the fields of a scenario may hold: one changed in Python, as by `dataclasses.replace`, was read from no file."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, get_args

from pydantic import Field, ValidationError

from sim.scenario.case import LANE, Record
from sim.scenario.check import LARGEST_SEED, MOST_MONTHS, MOST_WORLDS, Month, Strict, wording
from sim.scenario.event import Event
from sim.scenario.faults import fault_of_event, fault_of_setting
from sim.scenario.hints import unknown_key
from sim.scenario.names import COUNTRIES, GOODS, ROUTES
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import Problems, few, shown
from sim.scenario.setting import Calibrated, Setting, default_setting

CHANGE = 'change some with sim.load(scenario, set={"routes.khasan.capacity": 15})'
ADD = 'add some with sim.load(scenario, events=[{"month": "2024-03", "act": …}])'
DRAW = "take it with sim.load(scenario, calibrated=PATH)"
MOST_STRANGE = 5
"""Most unknown parameters that a message names."""
Faults = Iterator[tuple[str, str]]
"""Key and rule of each fault."""


class Made(Strict):
    """Fields of which the type says all; there are 0 worlds where only a hash is wanted."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    title: str
    question: str
    look_for: str
    outcome: str
    start: Month
    months: Annotated[int, Field(ge=1, le=MOST_MONTHS)]
    worlds: Annotated[int, Field(ge=0, le=MOST_WORLDS)]
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)]
    files: tuple[str, ...]
    changes: tuple[str, ...] = ()


def check_made(given: Mapping[str, Any]) -> None:
    """Raise ScenarioError with all that is wrong with the fields of a scenario, by their names."""
    problems, place = Problems(), shown(given["name"]) or "scenario"
    try:
        Made.model_validate({key: given[key] for key in Made.model_fields})
    except ValidationError as error:
        for path, rule, _ in wording(error):
            problems.add(place, 0, ".".join(map(str, path)), rule)
    for faults in (
        _of_parts(given),
        faults_of_case(given["lane"], given["shut_before"]),
        _of_settings(given["settings"]),
    ):
        for key, rule in faults:
            problems.add(place, 0, key, rule)
    for key in ("events", "left_out"):
        for rule in _of_events(given[key]):
            problems.add(place, 0, key, rule)
    problems.stop_if_any()


def _of_parts(given: Mapping[str, Any]) -> Faults:
    origins, calibrated, record = (given[key] for key in ("origins", "calibrated", "record"))
    if not isinstance(origins, Mapping) or not _texts((*origins, *origins.values())):
        yield "origins", f"must be a mapping from fields to where they were set, found {_found(origins)}"
    if not isinstance(record, Record) or not _texts(vars(record).values()):
        yield "record", f"must be a Record of texts, found {_found(record)}"
    if calibrated is None:
        return
    if not isinstance(calibrated, Calibrated) or not _texts((calibrated.path, calibrated.digest, calibrated.about)):
        yield "calibrated", f"must be a Calibrated or None, found {_found(calibrated)}; {DRAW}"
    elif not isinstance(calibrated.keys, tuple) or not set(PARAMETERS).issuperset(calibrated.keys):
        yield "calibrated.keys", f"must be a tuple of parameters, found {_found(calibrated.keys)}"


def faults_of_case(lane: Any, shut: Any) -> Faults:
    """Yield what is wrong with a lane, and with the routes that were shut before the first month."""
    named = isinstance(lane, tuple) and len(lane) == 3 and _texts(lane)
    if not named or not {*lane[:2]} <= set(COUNTRIES) or lane[0] == lane[1] or lane[2] not in GOODS:
        yield "lane", f"must be seller, buyer and good such as {LANE}, found {_found(lane)}"
    if not isinstance(shut, tuple) or not _texts(shut) or not set(shut) <= set(ROUTES):
        yield "shut_before", f"must be a tuple of routes such as ('khasan',), found {_found(shut)}"


def _texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _of_settings(settings: Any) -> Faults:
    if not isinstance(settings, Mapping):
        yield "settings", f"must be a mapping from every parameter to its Setting, found {_found(settings)}; {CHANGE}"
        return
    lacking = [key for key in PARAMETERS if key not in settings]
    strange = [shown(key) for key in settings if key not in PARAMETERS]
    others = [key for key in PARAMETERS if key in settings and not isinstance(settings[key], Setting)]
    if lacking:
        yield "settings", f"lacks {len(lacking)} of {len(PARAMETERS)} parameters ({few(lacking)}); {CHANGE}"
    for key in strange[:MOST_STRANGE]:
        rule, near = unknown_key(key)
        yield f"settings.{key}", f"{rule} (did you mean {near}?)" if near else rule
    if others:
        yield "settings", f"{few(others)}: each must be a Setting, found {_found(settings[others[0]])}; {CHANGE}"
    for key in PARAMETERS:
        one = settings.get(key)
        # nearly all are those of the table, and each block of a run makes a copy of the scenario
        usual = default_setting(key)
        if one is usual or not isinstance(one, Setting) or one == usual:
            continue
        if fault := _types_of_setting(one) or fault_of_setting(key, one):
            yield f"settings.{key}", fault


def _types_of_setting(one: Setting) -> str:
    """Return which part of a setting is of a wrong type; empty if none is."""
    if not _is_number(one.value):
        return f"value must be a finite number of Python, found {_found(one.value)}"
    for name, end in (("low", one.low), ("high", one.high)):
        if end is not None and not _is_number(end):
            return f"{name} must be a finite number or None, found {_found(end)}"
    if not isinstance(one.among, tuple) or not all(map(_is_number, one.among)):
        return f"among must be a tuple of numbers, found {_found(one.among)}"
    return "" if _texts((one.origin,)) else f"origin must be a text, found {_found(one.origin)}"


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)


def _of_events(events: Any) -> Iterator[str]:
    if not isinstance(events, tuple):
        yield f"must be a tuple of events, found {_found(events)}; {ADD}"
        return
    for number, event in enumerate(events, 1):
        if not isinstance(event, get_args(Event)):
            yield f"entry {number} is no event but {_found(event)}; {ADD}"
        elif fault := fault_of_event(event):
            yield f"entry {number}: {fault}"


def _found(value: Any) -> str:
    return f"{type(value).__name__} {shown(repr(value))}"

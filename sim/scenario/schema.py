"""What a stored scenario may hold: files of results, calibrated sets and manifests may come from anybody.

A stored scenario was checked when it was read from its file, and nothing says that the file that holds it was not
changed since. So types, bounds of parameters and events are checked again before anything is computed from it.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.scenario.case import LANE
from sim.scenario.check import LARGEST_SEED, MOST_MONTHS, MOST_WORLDS, is_month
from sim.scenario.event import event_from_dict
from sim.scenario.faults import fault_of_event, fault_of_setting
from sim.scenario.names import COUNTRIES, GOODS, ROUTES
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import Problem, ScenarioError, few, shown
from sim.scenario.scenario import Calibrated, Scenario, Setting

MOST_EVENTS = 10_000
MOST_NAMED = 5
"""Most mistakes that a message names."""


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
    return faults + [f"events: {fault}" for fault in map(_fault_of_stored, found.events) if fault][:MOST_NAMED]


def bounds_faults(settings: Mapping[str, Setting]) -> list[str]:
    """Return the parameters, of those of this version, whose stored values lie outside their bounds."""
    known = ((key, fault_of_setting(key, one)) for key, one in settings.items() if key in PARAMETERS)
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


def _fault_of_stored(stored: Mapping[str, Any]) -> str:
    """Return why a stored event is none; empty if it is one."""
    try:
        return fault_of_event(event_from_dict(stored))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return shown(error, 100)

"""What a stored scenario may hold: files of results, calibrated sets and manifests may come from anybody.

A stored scenario was checked when it was read from its file, and nothing says that the file that holds it was not
changed since. So types, bounds of parameters and events are checked again before anything is computed from it.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationError

from sim.scenario.case import LANE, SHUT_BEFORE
from sim.scenario.check import MOST_WORLDS
from sim.scenario.event import event_from_dict
from sim.scenario.faults import fault_of_event
from sim.scenario.made import Made, faults_of_case
from sim.scenario.problems import Problem, ScenarioError, few, shown
from sim.scenario.scenario import Calibrated, Scenario, Setting

MOST_EVENTS = 10_000
MOST_NAMED = 5
"""Most mistakes that a message names."""


class _Stored(Made):
    """The types of a stored scenario; what is not named here is checked where it is used."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    worlds: Annotated[int, Field(ge=1, le=MOST_WORLDS)]
    settings: dict[str, Setting]
    events: Annotated[list[dict[str, Any]], Field(max_length=MOST_EVENTS)]
    origins: Annotated[dict[str, str], Field(default_factory=dict)]
    calibrated: Calibrated | None = None
    lane: tuple[str, ...] = LANE
    shut_before: tuple[str, ...] = SHUT_BEFORE
    record: Annotated[dict[str, str], Field(default_factory=dict)]


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
    faults = [f"{key} {rule}" for key, rule in faults_of_case(found.lane, found.shut_before)]
    return faults + [f"events: {fault}" for fault in map(_fault_of_stored, found.events) if fault][:MOST_NAMED]


def checked_scenario(stored: Any) -> Scenario:
    """Return a stored scenario. Raises ScenarioError unless it is one of this version, and within all bounds."""
    faults = stored_faults(stored)
    if not faults:
        try:
            return Scenario.from_dict(stored)
        except ScenarioError as error:
            faults = [f"{one.key}: {one.rule}" for one in error.problems if one.key]
            if not faults:
                raise
    rule = f"the stored scenario cannot be used: {few(faults, MOST_NAMED)}"
    raise ScenarioError([Problem("scenario", 0, "", rule)])


def _fault_of_stored(stored: Mapping[str, Any]) -> str:
    """Return why a stored event is none; empty if it is one."""
    try:
        return fault_of_event(event_from_dict(stored))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return shown(error, 100)

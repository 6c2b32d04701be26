"""Changes between two scenarios in words, for tables and figures."""

from collections.abc import Sequence
from dataclasses import asdict

from sim.present.what_differs import setting_words
from sim.present.words import capital, unit_words
from sim.scenario.difference import Change, Group
from sim.scenario.event import (
    ActEvent,
    DecisionEvent,
    Event,
    ShockEvent,
    decision_words,
    month_of,
    shock_words,
    timing_words,
)
from sim.scenario.names import COUNTRY_NAMES
from sim.scenario.parameters import PARAMETERS, SWITCH
from sim.scenario.problems import counted
from sim.scenario.scenario import Setting

OPEN, ON = ("shut", "open"), ("off", "on")
"""Words for a switch, of a route and of anything else."""


def group_words(group: Group, start: str) -> str:
    """Return what a group of changes is: one change in full, of several the number and the keys they begin with."""
    if len(group.changes) == 1:
        return change_words(group.changes[0], start)
    return f"{counted(len(group.changes), 'change')} of {group.name}"


def change_words(change: Change, start: str) -> str:
    """Return a change in a line: `Whether the sea route … is open: shut, now open`."""
    subject = _subject(change)
    if change.setting and change.was:
        return f"{subject}: {_worth(change.key, change.setting)}, before {_worth(change.key, change.was)}"
    colon = ":" if change.name == change.key else ""
    new, old = (_events(events, start) for events in (change.gained, change.lost))
    if any(isinstance(event, DecisionEvent) for event in (*change.gained, *change.lost)):  # whose words name the act
        subject, colon = (capital(change.name) if change.name != change.key else subject), ":"
    elif change.name != change.key:
        subject = f"{capital(change.name)}: {change.key}"
    if new and old:
        return f"{subject}{colon} {new}, before {old}"
    return f"{subject}{colon} {new}" if new else f"{subject}{colon} no longer {old}"


def _subject(change: Change) -> str:
    event = next(iter((*change.gained, *change.lost)), None)
    if isinstance(event, ShockEvent):
        return f"Shock to {event.target}"
    if isinstance(event, DecisionEvent):
        return f"Decisions on {event.act.replace('_', ' ')}"
    if not isinstance(event, ActEvent):
        return PARAMETERS[change.key].meaning
    return capital(f"{event.act.replace('_', ' ')} of {' and '.join(COUNTRY_NAMES[one] for one in event.actors)}")


def _events(events: Sequence[Event], start: str) -> str:
    return "; ".join(_event(event, start) for event in events)


def _event(event: Event, start: str) -> str:
    """Return `times 0.3 from 2023-12 for 5 months`, or of an act its month."""
    month = month_of(event, start)
    if isinstance(event, ActEvent):
        return f"in {month}{timing_words(event, start)}"
    if isinstance(event, DecisionEvent):
        return f"{decision_words(event)} from {month}{timing_words(event, start)}"
    if isinstance(event, ShockEvent):
        return f"{shock_words(event)} in {month}{timing_words(event, start)}"
    worth = f"times {event.factor:g}" if event.value is None else _number(event.key, event.value)
    lasting = f" for {counted(event.duration, 'month')}" if event.duration else ""
    return f"{worth} from {month}{lasting}{timing_words(event, start)}"


def _worth(key: str, setting: Setting) -> str:
    if setting.distribution == "fixed" and not setting.among:
        return _number(key, setting.value)
    return f"{setting_words(key, asdict(setting))}{unit_words(PARAMETERS[key].unit)}"


def _number(key: str, value: float) -> str:
    row = PARAMETERS[key]
    if row.choices:
        return row.choices[int(value)]
    if row.unit == SWITCH:
        return (OPEN if key.endswith(".open") else ON)[int(value)]
    return f"{value:g}{unit_words(row.unit)}"

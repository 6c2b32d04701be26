"""What one scenario changes against another: values and dated events, each with its line."""

import json
from typing import Any

import xarray as xr

from sim.present.naming import code_name, date_words, origin_words, tell
from sim.present.words import choice_name
from sim.scenario.event import (
    DecisionEvent,
    ShockEvent,
    decision_words,
    event_from_dict,
    shock_words,
    timing_words,
)
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import month_number, month_text
from sim.texts.spoken import counted, foreign, said, written

CONTENT = ("value", "low", "high", "distribution", "among")


def differences(ds: xr.Dataset, name: str, reference: str) -> str:
    """Return, in Markdown, the starting values and the events in which `name` differs from `reference`."""
    by_name = {scenario["name"]: scenario for scenario in json.loads(ds.attrs["scenarios"])}
    mine, other = by_name[name], by_name[reference]
    lines = [*_values(mine, other), *_events(mine, other)]
    if not lines:
        return tell("differs.nothing")
    return f"{tell('differs.heading')}\n\n" + "\n".join(f"- {line}" for line in lines)


def _values(mine: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [
        tell(
            "differs.value",
            key=key,
            now=setting_words(key, setting),
            was=setting_words(key, other["settings"][key]),
            origin=origin_words(setting["origin"]),
        )
        for key, setting in mine["settings"].items()
        if any(setting.get(part) != other["settings"][key].get(part) for part in CONTENT)
    ]


def setting_words(key: str, setting: dict[str, Any]) -> str:
    """Return a value, or the range or the names that worlds draw from."""
    names = PARAMETERS[key].choices if key in PARAMETERS else ()
    if names:
        drawn = setting.get("among") or [setting["value"]]
        return tell("event.or").join(choice_name(names[int(number)]) for number in drawn)
    if setting["low"] is None or setting["distribution"] == "fixed":
        return written(f"{setting['value']:g}")
    low, high = (written(f"{setting[end]:g}") for end in ("low", "high"))
    how = said(f"printed.distribution.{setting['distribution']}")
    return tell("event.drawn", low=low, high=high, distribution=how)


def range_words(key: str, setting: dict[str, Any]) -> str:
    """Return the range or the names that worlds draw from; `fixed` if all have one value."""
    return tell("event.fixed") if setting["distribution"] == "fixed" else setting_words(key, setting)


def _events(mine: dict[str, Any], other: dict[str, Any]) -> list[str]:
    ours, theirs = ({dated_event(e, s["start"]): e for e in s["events"]} for s in (mine, other))
    only = [f"{text} ({origin_words(event['origin'])})" for text, event in ours.items() if text not in theirs]
    return only + [tell("differs.without", what=text) for text in theirs if text not in ours]


def dated_event(event: dict[str, Any], start: str) -> str:
    """Return an event after its month; start is the first month of the run, YYYY-MM."""
    when = date_words(month_text(month_number(start) + event["month"]))
    return tell("differs.dated", when=when, what=event_words(event, start))


def event_words(event: dict[str, Any], start: str = "") -> str:
    """Return `war.intensity = 0` and for how long, or the act and its actors."""
    read = event_from_dict(event)
    when = timing_words(read, start)
    if isinstance(read, DecisionEvent):
        return f"{decision_words(read, code_name, _act_name)}{when}"
    if isinstance(read, ShockEvent):
        return tell("event.shock", what=shock_words(read), when=when)
    if "act" in event:
        act = _act_name(event["act"]) if foreign() else event["act"].replace("_", " ")
        return tell("event.of", act=act, who=", ".join(map(code_name, event["actors"])), when=when)
    if event.get("value") is not None:
        change = tell("event.value", value=written(f"{event['value']:g}"))
    else:
        change = tell("event.factor", factor=written(f"{event['factor']:g}"))
    span = tell("event.for", months=counted("month", event["duration"])) if event.get("duration") else ""
    return f"`{event['key']}` {change}{span}{when}"


def _act_name(act: str) -> str:
    """Return an act as a scenario file has it; in another language what it is called, its explanation left out."""
    return said(f"printed.act.{act}").partition(" (")[0] if foreign() else act

"""What one scenario changes against another: values and dated events, each with its line."""

import json
from typing import Any

import xarray as xr

CONTENT = ("value", "low", "high", "distribution")


def differences(ds: xr.Dataset, name: str, reference: str) -> str:
    """Return, in Markdown, the starting values and the events in which `name` differs from `reference`."""
    by_name = {scenario["name"]: scenario for scenario in json.loads(ds.attrs["scenarios"])}
    mine, other = by_name[name], by_name[reference]
    lines = [*_values(mine, other), *_events(mine, other)]
    if not lines:
        return "What differs: nothing."
    return "What differs:\n\n" + "\n".join(f"- {line}" for line in lines)


def _values(mine: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [
        f"`{key}`: {setting_words(setting)} instead of {setting_words(other['settings'][key])} ({setting['origin']})"
        for key, setting in mine["settings"].items()
        if [setting[part] for part in CONTENT] != [other["settings"][key][part] for part in CONTENT]
    ]


def setting_words(setting: dict[str, Any]) -> str:
    """Return a value, or the range that worlds draw from."""
    if setting["low"] is None or setting["distribution"] == "fixed":
        return f"{setting['value']:g}"
    return f"{setting['low']:g} to {setting['high']:g} ({setting['distribution']})"


def _events(mine: dict[str, Any], other: dict[str, Any]) -> list[str]:
    ours, theirs = ({_event(e): e for e in s["events"]} for s in (mine, other))
    only = [f"{text} ({event['origin']})" for text, event in ours.items() if text not in theirs]
    return only + [f"without: {text}" for text in theirs if text not in ours]


def _event(event: dict[str, Any]) -> str:
    """Return an event with its month of the run, counted from one."""
    return f"month {event['month'] + 1} of the run: {event_words(event)}"


def event_words(event: dict[str, Any]) -> str:
    """Return `war.intensity = 0` and for how long, or the act and its actors."""
    if "act" in event:
        return f"{event['act'].replace('_', ' ')} of {', '.join(event['actors'])}"
    change = f"= {event['value']:g}" if event.get("value") is not None else f"x {event['factor']:g}"
    span = f" for {event['duration']} months" if event.get("duration") else ""
    return f"`{event['key']}` {change}{span}"

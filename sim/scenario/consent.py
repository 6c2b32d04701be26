"""Whose acts an option of a lever may schedule: those of its own countries, since nobody consents for others."""

from collections.abc import Sequence

from sim.scenario.lines import Path as KeyPath
from sim.scenario.options import OPTIONS, chosen
from sim.scenario.problems import Problems
from sim.scenario.read import Source
from sim.scenario.scenario import ActEvent, DecisionEvent, Event


def note_strangers(who: str, events: Sequence[Event], inside: Source, problems: Problems) -> None:
    """Add a problem for acts of countries other than those of the lever."""
    for event in events:
        others = [actor for actor in _actors(event) if actor not in who.split("-")]
        if others:
            key, what = ("by", "a decision") if isinstance(event, DecisionEvent) else ("actors", "an act")
            rule = f"{what} of {', '.join(others)} cannot be scheduled by a lever of {who}"
            problems.add(inside.shown, inside.line(*_place(event, key, others[0], inside)), f"events.{key}", rule)


def _place(event: Event, key: str, other: str, inside: Source) -> KeyPath:
    """Return where an event names a country; the event itself if it names none."""
    for position, entry in enumerate(inside.data["events"]):
        if event.origin.endswith(f":{inside.line('events', position)}"):
            named = entry.get(key)
            part = (named.index(other),) if isinstance(named, list) and other in named else ()
            kind = event.what if isinstance(event, DecisionEvent) and named is None else key
            return "events", position, kind, *part
    return ("events",)


def _actors(event: Event) -> tuple[str, ...]:
    """Return the countries whose decisions an event settles or moves."""
    if isinstance(event, ActEvent):
        return event.actors
    if not isinstance(event, DecisionEvent):
        return ()
    return tuple(dict.fromkeys(OPTIONS[k].actor for k in chosen(event.act, event.by, event.partners)))

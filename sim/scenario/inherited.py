"""Inherited events: dropped or replaced by name, and counted from another start."""

from collections.abc import Sequence
from dataclasses import replace

from sim.scenario.check import Spot
from sim.scenario.event import ActEvent, Event, last_month
from sim.scenario.problems import Problems, quoted, shown
from sim.scenario.read import Source
from sim.scenario.scenario import month_number

ALL = "all"
"""Stands in `drop_events` for every inherited event, so no event may be called so."""


def names_of(source: Source) -> list[str]:
    """Return the name of each event of a file, in their order; empty for one without."""
    raw = source.data.get("events", [])
    names = [
        entry.get("name", "") if isinstance(entry, dict) else "" for entry in (raw if isinstance(raw, list) else [])
    ]
    return [" ".join(name.split()) if isinstance(name, str) else "" for name in names]


def left_of(inherited: Sequence[Event], source: Source, problems: Problems) -> list[Event]:
    """Return the inherited events that a file neither drops nor replaces by one of the same name; add its problems."""
    gone = {name for name in names_of(source) if name}
    known = [event.name for event in inherited if event.name]
    raw = source.data.get("drop_events", [])
    within = source.within("drop_events")
    spot = Spot(source.shown, source.line("drop_events"), "drop_events", "", problems, within)
    if raw == ALL:
        return []
    if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
        wrong = next((k for k, name in enumerate(raw) if not isinstance(name, str)), 0) if isinstance(raw, list) else 0
        spot.inside(wrong).bad(f'must be a list of names of inherited events, or "{ALL}", found {quoted(raw)}')
        return list(inherited)
    all_read = not any(problem.key.startswith("events") for problem in problems.found)
    for k, name in enumerate(raw[:100] if all_read else ()):
        if name not in known:
            rule = f"no inherited event is called {quoted(name)}; " + (
                f"the names are {', '.join(known)}" if known else "none of them has a name"
            )
            spot.inside(k).bad(rule, name=shown(name), among=known)
    return [event for event in inherited if event.name not in gone | set(raw) or not event.name]


def moved(inherited: Sequence[Event], before: str, start: str, source: Source, problems: Problems) -> list[Event]:
    """Return the inherited events, their months counted from a new start, YYYY-MM, and no longer from the one before.

    A change that began before it and still holds goes on, one that is over is left out. An act that lies before it has
    to be dropped by name: its effects would last, and the start knows nothing of them.
    """
    shift = month_number(before) - month_number(start)
    found: list[Event] = []
    for event in inherited:
        later = replace(event, month=event.month + shift)
        last = last_month(later)
        if last is None or last >= 0:
            found.append(later)
        elif isinstance(event, ActEvent):
            how = f"drop_events = [{quoted(event.name)}]" if event.name else "give it a name and drop it by drop_events"
            rule = f"the act of {event.origin} would lie before the start; {how}, or keep the start {before}"
            problems.add(source.shown, source.line("start"), "start", rule)
    return found

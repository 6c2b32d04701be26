"""Events given in code, as the tables of a scenario file: the same keys, the same checks, the same messages."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.plain import as_month, plain
from sim.scenario.check import MONTHS
from sim.scenario.event import DECISIONS
from sim.scenario.events import events_of
from sim.scenario.lines import Lines
from sim.scenario.lines import Path as KeyPath
from sim.scenario.problems import Problems, shown
from sim.scenario.read import Source
from sim.scenario.scenario import Event, Setting
from sim.scenario.timing import Horizon

EVENTS = "events"
SIZES = {"value": "", "factor": "x", "add": "+"}
"""Key of an event's size -> the sign before it."""
Events = Iterable[Mapping[str, Any]]
"""Events as a file writes them: {"month": "2024-03", "key": "routes.khasan.capacity", "factor": 2.0, "why": "…"}."""


def tables_of(given: Any) -> Any:
    """Return events as plain tables in a list, their months as text where they are dates; another thing as it is."""
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable) or hasattr(given, "to_dict"):
        return () if given is None else given
    return [_dated(one) if isinstance(one, Mapping) else one for one in given]


def _dated(event: Mapping[str, Any]) -> dict[str, Any]:
    return {plain(key): plain(as_month(value) if key in MONTHS else value) for key, value in event.items()}


class _Positions(Lines):
    """The number of an event in place of a line."""

    def __init__(self) -> None:
        super().__init__("")

    def of(self, path: KeyPath) -> int:
        """Return the number of the event, from 1."""
        return next((part + 1 for part in path if isinstance(part, int)), 1)


def events_in_code(given: Any, horizon: Horizon, settings: Mapping[str, Setting], problems: Problems) -> list[Event]:
    """Return the events of `tables_of`, their months counted from the start of the horizon.

    Their problems are added by their numbers.
    """
    strange = [one for one in given if not isinstance(one, dict)] if isinstance(given, list | tuple) else [given]
    if strange:
        found = f"{type(strange[0]).__name__} {shown(repr(strange[0]))}"
        problems.add(EVENTS, 0, "", f"must be a list of tables such as {{'month': '2024-03', 'act': …}}, found {found}")
        return []
    source = Source(Path(EVENTS), EVENTS, {EVENTS: list(given)}, _Positions())
    return events_of(source, horizon, settings, problems)


def event_text(event: Mapping[str, Any]) -> str:
    """Return `routes.khasan.capacity@2024-03=80`, `summit@2024-06` or `summit.refused`: it names a changed scenario."""
    what = event.get("key") or event.get("act") or event.get("shock")
    what = what or next((f"{event[one]}.{one}" for one in DECISIONS if one in event), None)
    size = next((f"={sign}{event[name]}" for name, sign in SIZES.items() if name in event), "")
    month = f"@{event['month']}" if "month" in event else ""
    return f"{what}{month}{size}"

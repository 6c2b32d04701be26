"""Events without effect: after the last month, or replaced at once by another value for the same parameter."""

from collections.abc import Iterator

from sim.scenario.event import AT_ONCE, ActEvent, Event, ParameterEvent, ShockEvent, month_number, month_text
from sim.scenario.problems import counted, few
from sim.scenario.scenario import Scenario

MOST_NAMED = 5


def unfelt(scenario: Scenario) -> list[str]:
    """Return remarks on events that no world feels; empty if every event can matter."""
    return [*_beyond(scenario), *_replaced(scenario)]


def _beyond(scenario: Scenario) -> Iterator[str]:
    """Yield a remark on the events that begin after the last month."""
    if scenario.left_out:
        last = month_text(month_number(scenario.start) + scenario.months - 1)
        named = few([f"{_what(event)} ({event.origin})" for event in scenario.left_out], MOST_NAMED)
        count = counted(len(scenario.left_out), "event")
        yield f"{scenario.name}: {count} after the last month, {last}, left out: {named}"


def _replaced(scenario: Scenario) -> Iterator[str]:
    """Yield a remark on each change of a parameter that another one replaces in the month in which it begins.

    Only changes of known month and size are looked at: those by chance, by a condition or in a season hold in turn.
    """
    first: dict[tuple[str, int], ParameterEvent] = {}
    for event in scenario.events:
        if not isinstance(event, ParameterEvent) or event.timing != AT_ONCE:
            continue
        place = (event.key, event.month)
        before = first.get(place)
        if before and event.value is not None and (before.value, before.spread) != (event.value, event.spread):
            month = month_text(month_number(scenario.start) + event.month)
            while_it = f" for its {counted(event.duration, 'month')}" if event.duration else ""
            yield (
                f"{scenario.name}: {event.key} is set twice in {month}: that of {event.origin} counts{while_it}, "
                f"not that of {before.origin}; of two changes of one month the later in the file counts"
            )
        first[place] = event


def _what(event: Event) -> str:
    if isinstance(event, ActEvent):
        return event.act.replace("_", " ")
    if isinstance(event, ShockEvent):
        return f"shock to {event.target}"
    return event.key if isinstance(event, ParameterEvent) else event.name or "event"

"""Events without effect: after the last month, or replaced at once by another value for the same parameter."""

from collections.abc import Iterator, Sequence

from sim.scenario.event import (
    AT_ONCE,
    ActEvent,
    DecisionEvent,
    Event,
    ParameterEvent,
    ShockEvent,
    month_number,
    month_text,
)
from sim.scenario.options import OPTIONS, chosen
from sim.scenario.problems import counted, few
from sim.scenario.scenario import Scenario

MOST_NAMED = 5
ASKED, REFUSED = "asked", "refused"


def unfelt(scenario: Scenario) -> list[str]:
    """Return remarks on events that no world feels; empty if every event can matter."""
    return [*beyond(scenario.name, scenario.left_out, scenario), *_replaced(scenario), *_overruled(scenario)]


def beyond(name: str, left_out: Sequence[Event], scenario: Scenario) -> list[str]:
    """Return a remark on events of `name` that begin after the last month of a scenario; none if there are none."""
    if not left_out:
        return []
    named = few([f"{_what(event)} ({event.origin})" for event in left_out], MOST_NAMED)
    return [
        f"{name}: {counted(len(left_out), 'event')} after the last month, {scenario.dates[-1][:7]}, left out: {named}"
    ]


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


def _overruled(scenario: Scenario) -> Iterator[str]:
    """Yield a remark on each word on a decision that another one of the same month overrules.

    What is scheduled comes before what is refused, and this before what is asked. Only words of known months count.
    """
    events = [event for event in scenario.events if event.timing == AT_ONCE]
    acts = [event for event in events if isinstance(event, ActEvent)]
    said = [event for event in events if isinstance(event, DecisionEvent) and event.what in (ASKED, REFUSED)]
    others: list[ActEvent | DecisionEvent] = [*acts, *(event for event in said if event.what == ASKED)]
    for no in (event for event in said if event.what == REFUSED):
        for other in others:
            first, end = max(no.month, other.month, 0), min(_end(no, scenario), _end(other, scenario))
            both = _decided(no) & _decided(other)
            if not both or first >= end or no.act != other.act:
                continue
            counts, lost = (other, no) if isinstance(other, ActEvent) else (no, other)
            start = month_number(scenario.start)
            until = f" to {month_text(start + end - 1)}" if end > first + 1 else ""
            who = ", ".join(dict.fromkeys(OPTIONS[k].actor for k in sorted(both)))
            yield (
                f"{scenario.name}: {no.act} is refused by {who} and also "
                f"{'scheduled' if counts is other else 'asked for'} in {month_text(start + first)}{until}: "
                f"{counts.origin} counts there, not {lost.origin}; what is scheduled comes first, then what is "
                "refused, then what is asked"
            )


def _end(event: ActEvent | DecisionEvent, scenario: Scenario) -> int:
    """Return the month after the last one in which an event holds."""
    if isinstance(event, ActEvent):
        return event.month + 1
    return scenario.months if event.duration is None else min(scenario.months, event.month + event.duration)


def _decided(event: ActEvent | DecisionEvent) -> set[int]:
    """Return the options on which an event speaks, by their rows."""
    if isinstance(event, DecisionEvent):
        return set(chosen(event.act, event.by, event.partners))
    rows = chosen(event.act, (), ())
    return {k for k in rows if {OPTIONS[k].actor, *OPTIONS[k].partners} == set(event.actors)}


def _what(event: Event) -> str:
    if isinstance(event, ActEvent):
        return event.act.replace("_", " ")
    if isinstance(event, ShockEvent):
        return f"shock to {event.target}"
    return event.key if isinstance(event, ParameterEvent) else event.name or "event"

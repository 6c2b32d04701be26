"""A scenario in one line, and as a card for a notebook."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from sim.scenario.event import ActEvent, DecisionEvent, Event, ShockEvent, decision_words, shock_words, timing_words
from sim.scenario.parameters import OR, PARAMETERS, SWITCH
from sim.scenario.problems import counted
from sim.scenario.setting import Setting

Scenario = Any
"""A `sim.scenario.Scenario`, which knows this module."""

MOST_ROWS = 30
"""Most changed parameters, and most events, on a card."""


def line(scenario: Scenario) -> str:
    """Return `<Scenario article: What the article knew; 36 months from 2023-09, 200 worlds, seed 2023; …>`."""
    counts = f"{counted(len(scenario.changed), 'parameter')} changed, {counted(len(scenario.events), 'event')}"
    drawn = ", calibrated" if scenario.calibrated else ""
    return f"<Scenario {scenario.name}: {scenario.title}; {_frame(scenario)}; {counts}{drawn}>"


def card(scenario: Scenario) -> str:
    """Return the scenario as HTML: title, question, frame, changed parameters, events."""
    parts = [f"<b>{escape(scenario.title)}</b> <code>{escape(scenario.name)}</code>"]
    parts += [f"<i>{escape(scenario.question)}</i>"] if scenario.question else []
    parts += [f"Look for: {escape(scenario.look_for)}"] if scenario.look_for else []
    parts.append(escape(_frame(scenario)) + (", drawn from a calibrated set" if scenario.calibrated else ""))
    rows = [(key, _value(s, key), s.origin) for key, s in scenario.changed.items()]
    events = [_event_row(scenario, event) for event in scenario.events]
    tables = [
        _table(("changed parameter", "value", "set in"), rows),
        _table(("from", "event", "why"), events),
    ]
    return f"<div>{'<br>'.join(parts)}{''.join(tables)}</div>"


def _frame(scenario: Scenario) -> str:
    months, worlds = counted(scenario.months, "month"), counted(scenario.worlds, "world")
    return f"{months} from {scenario.start}, {worlds}, seed {scenario.seed}"


def _value(setting: Setting, key: str) -> str:
    unit = PARAMETERS[key].unit
    if setting.among:
        return " or ".join(PARAMETERS[key].choices[int(number)] for number in setting.among)
    if OR in unit:
        return PARAMETERS[key].choices[int(setting.value)]
    if unit == SWITCH:
        return "true" if setting.value else "false"
    words = "" if unit == "1" else f" {unit}"
    if setting.uncertain:
        return f"{setting.low:g} to {setting.high:g}{words}, {setting.distribution}"
    return f"{setting.value:g}{words}"


def _event_row(scenario: Scenario, event: Event) -> tuple[str, str, str]:
    dates = scenario.dates
    month = dates[event.month][:7] if 0 <= event.month < len(dates) else f"before {scenario.start}"
    if isinstance(event, ActEvent):
        return (
            month,
            f"{event.act.replace('_', ' ')} {' '.join(event.actors)}{timing_words(event, scenario.start)}",
            event.why,
        )
    if isinstance(event, DecisionEvent):
        return month, f"{decision_words(event)}{timing_words(event, scenario.start)}", event.why
    if isinstance(event, ShockEvent):
        return month, f"shock to {shock_words(event)}{timing_words(event, scenario.start)}", event.why
    size = f"{event.value:g}" if event.value is not None else f"times {event.factor:g}"
    lasts = f", {counted(event.duration, 'month')}" if event.duration else ""
    return month, f"{event.key}: {size}{lasts}{timing_words(event, scenario.start)}", event.why


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    more = [(f"and {len(rows) - MOST_ROWS} more", "", "")] if len(rows) > MOST_ROWS else []
    return "".join(_lines(heads, [*rows[:MOST_ROWS], *more]))


def _lines(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>"
    yield from (f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    yield "</table>"

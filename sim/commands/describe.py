"""Parameters and resolved scenarios as text, for `sim params`, `sim show` and `sim list`."""

import math
from collections.abc import Mapping, Sequence

from sim.commands.terminal import columns, paragraph, say
from sim.scenario import PARAMETERS, ActEvent, Event, Parameter, Problem, Scenario, ScenarioError, Setting
from sim.scenario.case import CASE_KEYS
from sim.scenario.changes import in_words
from sim.scenario.event import DecisionEvent, ShockEvent, decision_words, month_of, shock_words, timing_words
from sim.scenario.hints import groups, is_group
from sim.scenario.parameters import OR, SWITCH
from sim.scenario.problems import counted, likely, shown
from sim.scenario.search import is_everyday, matching

NAMELESS = "no parameter has this in its name"


def keys_like(wanted: str | None, rule: str = NAMELESS) -> list[str]:
    """Return the parameters of a name, a group, a claim or a part of a name; raise ScenarioError if none match.

    `rule` says what was looked for.
    """
    if not wanted:
        return list(PARAMETERS)
    if wanted in PARAMETERS:
        return [wanted]
    beginning = wanted.removesuffix(".")
    if is_group(beginning):
        return [key for key in PARAMETERS if key.startswith(f"{beginning}.")]
    found = _named(wanted)
    if not found:
        hint = likely(wanted, (*groups(), *PARAMETERS)) or ""
        raise ScenarioError([Problem(shown(wanted), 0, "", rule, hint)])
    return found


def _named(wanted: str) -> list[str]:
    """Return the parameters of a claim or with a text in their name."""
    found = [key for key, row in PARAMETERS.items() if wanted.upper() in row.claims]
    return found or [key for key in PARAMETERS if wanted.lower() in key.lower()]


def found_by_words(text: str) -> list[str]:
    """Return the parameters that everyday words mean; nothing for what is a name, a group, a claim or a part of one."""
    if text in PARAMETERS or is_group(text.removesuffix(".")) or (_named(text) and not is_everyday(text)):
        return []
    return matching(text)


def print_found(keys: Sequence[str]) -> None:
    """Print a line for each parameter: key, value, unit, meaning; `sim params KEY` says more."""
    rows = [(key, amount(PARAMETERS[key].value, PARAMETERS[key].unit)) for key in keys]
    columns(
        ("parameter", "value", "unit", "meaning"),
        [(*row, PARAMETERS[row[0]].unit, PARAMETERS[row[0]].meaning) for row in rows],
    )
    say("\nsim params KEY shows range, bounds and source of one.")


def amount(value: float, unit: str) -> str:
    """Return the text of a parameter's value; true or false for a switch."""
    if unit == SWITCH:
        return "true" if value else "false"
    if OR in unit:
        return unit.split(OR)[int(value)]
    return f"{value:.12g}"


def span(now: Parameter | Setting, unit: str) -> str:
    """Return the text of the range from which worlds draw a value."""
    if isinstance(now, Setting) and now.among:
        return " or ".join(amount(number, unit) for number in now.among) + ", equal odds"
    low, high, distribution = now.low, now.high, now.distribution
    return "fixed" if low is None or high is None else f"{low:.12g} .. {high:.12g} {distribution}"


def print_parameter(row: Parameter) -> None:
    """Print a row of the parameter table."""
    say(f"{row.key} = {amount(row.value, row.unit)}")
    paragraph(f"meaning:  {row.meaning}")
    paragraph(f"unit:     {_unit(row.unit)}")
    paragraph(f"range:    {span(row, row.unit)}")
    if row.unit != SWITCH and not row.choices:
        paragraph(f"bounds:   {_bounds(row)}")
    paragraph(f"changes:  {'events may change it' if row.when == 'monthly' else 'used at the start only'}")
    paragraph(f"claims:   {' '.join(row.claims) or 'none'}")
    paragraph(f"source:   {row.source}")


def _unit(unit: str) -> str:
    if OR in unit:
        return f"a choice: {unit.replace(OR, ', ')}; or a list of some of them, drawn with equal odds"
    return {"1": "1 (dimensionless)", SWITCH: "switch (true or false)"}.get(unit, unit)


def _bounds(row: Parameter) -> str:
    low = "no lower bound" if math.isinf(row.min) else f"at least {row.min:.12g}"
    high = "no upper bound" if math.isinf(row.max) else f"at most {row.max:.12g}"
    return f"{low}, {high}"


def print_scenario(scenario: Scenario, keys: list[str]) -> None:
    """Print a scenario as it will run: texts, frame, settings and events, each with file and line."""
    say(f"{scenario.name}: {scenario.title}")
    if scenario.changes:
        told = ", ".join(map(in_words, scenario.changes))
        paragraph(f"changed by hand: {told}; the text here is that of the unchanged scenario")
    for label in ("question", "look_for", "outcome"):
        if text := getattr(scenario, label):
            paragraph(f"{label.replace('_', ' ')}: {text}")
    paragraph(f"files: {' -> '.join(scenario.files)}")
    paragraph(f"hash: {scenario.hash}")
    say()
    frame = [(key, str(getattr(scenario, key)), scenario.origins.get(key, "")) for key in FRAME]
    frame += [(key, value, scenario.origins[key]) for key, value in _case(scenario) if key in scenario.origins]
    columns(("frame", "value", "from"), frame)
    say()
    if keys:
        columns(("parameter", "value", "unit", "range", "from"), [_row(key, scenario.settings) for key in keys])
    else:
        say("none of these parameters differs from the parameter table")
    if scenario.events:
        say()
        rows = [_event(event, scenario) for event in scenario.events]
        named = any(event.name for event in scenario.events)
        columns(EVENT_COLUMNS if named else EVENT_COLUMNS[1:], [row if named else row[1:] for row in rows])


EVENT_COLUMNS = ("name", "month", "event", "from", "why")
FRAME = ("start", "months", "worlds", "seed")


def _case(scenario: Scenario) -> list[tuple[str, str]]:
    """Return what makes the scenario a case of its own, as key and text."""
    record = scenario.record
    named = [text for text in (record.observed, record.series) if text]
    named += [f"tuned to {record.tuned_to}"] if record.tuned_to else []
    texts = " ".join(scenario.lane), " ".join(scenario.shut_before) or "none", ", ".join(named)
    return list(zip(CASE_KEYS, texts, strict=True))


def _row(key: str, settings: Mapping[str, Setting]) -> tuple[str, ...]:
    now, unit = settings[key], PARAMETERS[key].unit
    return key, amount(now.value, unit), unit, span(now, unit), now.origin


def _event(event: Event, scenario: Scenario) -> tuple[str, ...]:
    return event.name, month_of(event, scenario.start), what(event, scenario.start), event.origin, event.why


def what(event: Event, start: str) -> str:
    """Return a short text of an event in a run that starts in `start`."""
    if isinstance(event, ActEvent):
        return f"{event.act} {' '.join(event.actors)}{timing_words(event, start)}"
    if isinstance(event, DecisionEvent):
        return f"{decision_words(event)}{timing_words(event, start)}"
    if isinstance(event, ShockEvent):
        return f"shock to {shock_words(event)}{timing_words(event, start)}"
    unit = PARAMETERS[event.key].unit
    change = f"x {event.factor:.12g}" if event.factor is not None else f"= {amount(event.value or 0.0, unit)}"
    lasting = f" for {counted(event.duration, 'month')}" if event.duration else ""
    return f"{event.key} {change}{lasting}{timing_words(event, start)}"

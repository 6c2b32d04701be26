"""Checks of the dated [[events]] of a file: changes of parameters and scheduled acts."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sim.scenario.check import LONGEST_NAME, NAME, Spot, Why, finite, number, wording
from sim.scenario.hints import unknown_key
from sim.scenario.inherited import ALL, names_of
from sim.scenario.names import ACTS, COUNTRIES, PAIR_ACTS, SOLO_ACTS, TRIOS
from sim.scenario.parameters import PARAMETERS, SWITCH, Parameter
from sim.scenario.problems import Problems, quoted, shown
from sim.scenario.read import Source
from sim.scenario.scenario import ActEvent, Event, ParameterEvent, Setting, month_number
from sim.scenario.timing import Horizon, Months, Spots, Timed, check_timing, timing_of


class _Change(Timed):
    """Keys of an event that changes a parameter."""

    key: str
    value: Any = None
    factor: float | None = None
    duration: Months | None = None
    over: Months | None = None
    name: Any = None
    why: Why = ""


class _Act(Timed):
    """Keys of an event that schedules an act."""

    act: str
    actors: list[str]
    name: Any = None
    why: Why = ""


def events_of(source: Source, horizon: Horizon, settings: Mapping[str, Setting], problems: Problems) -> list[Event]:
    """Return the events of a file, their months counted from the start of the horizon; add its problems."""
    raw = source.data.get("events", [])
    if not isinstance(raw, list):
        rule = "must be written [[events]], one table for each event"
        problems.add(source.shown, source.line("events"), "events", rule)
        return []
    found: list[Event] = []
    for position, entry in enumerate(raw):
        if problems.enough:
            break
        event = _event(entry, position, source, horizon, settings, problems)
        if event:
            found.append(event)
    seen: dict[str, str] = {}
    for position, name in enumerate(names_of(source)):
        line = source.line("events", position, "name")
        if name and name in seen:
            problems.add(source.shown, line, "events.name", f"{quoted(name)} is also the name on line {seen[name]}")
        seen.setdefault(name, str(line))
    return found


def _event(
    entry: Any, position: int, source: Source, horizon: Horizon, settings: Mapping[str, Setting], problems: Problems
) -> Event | None:
    """Return one event; add its problems and return None if it is wrong."""
    known_before = len(problems.found)
    line = source.line("events", position)

    def spot(key: str = "") -> Spot:
        at = source.line("events", position, key) if key else line
        return Spot(source.shown, at, f"events.{key}" if key else "events", f"{source.path.name}:{line}", problems)

    if not isinstance(entry, dict):
        spot().bad(f"each event must be a table, found {quoted(entry)}")
        return None
    if ("key" in entry) == ("act" in entry):
        spot().bad("an event has either key (a parameter changes) or act (an act happens)")
    model = _Change if "key" in entry and "act" not in entry else _Act
    try:
        model.model_validate(entry)
    except ValidationError as error:
        both = "key" in entry and "act" in entry
        for key, rule, unknown in wording(error):
            if unknown and not both:
                kind = "a key" if model is _Change else "an act"
                spot(key).bad(f"an event with {kind} has no such key", name=key, among=model.model_fields)
            elif not unknown and not (key == "act" and rule == "is missing"):
                spot("" if rule == "is missing" else key).bad(f"{key} {rule}" if rule == "is missing" else rule)
    check_timing(entry, horizon, spot)
    if "name" in entry:
        _check_name(entry["name"], spot("name"))
    if "act" in entry:
        _check_act(entry.get("act"), entry.get("actors"), spot("act"), spot("actors"))
    value = _checked_change(entry, settings, spot) if model is _Change else None
    if len(problems.found) > known_before:
        return None
    month = month_number(entry["month"]) - month_number(horizon[0])
    why = " ".join(entry.get("why", "").split())
    named = (why, spot().origin, " ".join(entry.get("name", "").split()), timing_of(entry))
    if model is _Act:
        return ActEvent(month, entry["act"], tuple(entry["actors"]), *named)
    factor = finite(entry["factor"]) if "factor" in entry else None
    return ParameterEvent(month, entry["key"], value, factor, entry.get("duration"), *named)


def _check_name(name: Any, spot: Spot) -> None:
    """Check that a name can stand in tables, files and figures, and in `drop_events`."""
    if not isinstance(name, str) or not NAME.fullmatch(" ".join(name.split())):
        allowed = f"text in quotes of at most {LONGEST_NAME} letters, digits, spaces and , . : + - _ / ( )"
        spot.bad(f"must be {allowed}, found {quoted(name)}")
    elif name == ALL:
        spot.bad(f'"{ALL}" stands for every event in drop_events; choose another name')


def _checked_change(entry: dict[str, Any], settings: Mapping[str, Setting], spot: Spots) -> float | None:
    """Check a change of a parameter; return its new value, None if it has a factor or is wrong."""
    key = entry["key"]
    if ("value" in entry) == ("factor" in entry):
        spot().bad("an event that changes a parameter has either value or factor")
    if not isinstance(key, str):
        return None
    row = PARAMETERS.get(key)
    if row is None:
        rule, hint = unknown_key(shown(key, 200)) if spot().problems.may_suggest() else ("unknown key", "")
        spot("key").bad(f"{quoted(key)}: {rule}", name=hint, among=[hint])
        return None
    if row.when == "initial":
        spot("key").bad(f"{key} is used at the start only, so no event can change it; set it at the top of the file")
    if "over" in entry and (row.unit == SWITCH or row.choices):
        spot("over").bad(f"{key} is {'a switch' if row.unit == SWITCH else 'a choice'} and cannot change by degrees")
    if "factor" in entry:
        _check_factor(entry["factor"], row, settings[key].value, spot("factor"))
    return number(entry["value"], row, spot("value")) if "value" in entry else None


def _check_factor(factor: Any, row: Parameter, value: float, spot: Spot) -> None:
    """Check that a factor is finite, not negative, and leaves the parameter within its bounds."""
    if isinstance(factor, bool) or not isinstance(factor, int | float):
        return
    times = finite(factor)
    if row.unit == SWITCH:
        spot.bad("a switch has no factor; give a value, true or false")
    elif times is None or times < 0:
        spot.bad(f"must be a finite number from 0 on, found {quoted(factor)}")
    elif not row.min <= value * times <= row.max:
        spot.bad(
            f"{times:.12g} times {value:.12g} is {value * times:.12g}, but {row.key} must lie in "
            f"{row.min:.12g} .. {row.max:.12g} {row.unit}"
        )


def _check_act(act: Any, actors: Any, at_act: Spot, at_actors: Spot) -> None:
    """Check that the act exists and that these countries may do it."""
    if not isinstance(act, str):
        return
    if act not in ACTS:
        at_act.bad(f"unknown act {quoted(act)}; the acts are {', '.join(ACTS)}", name=act, among=ACTS)
    if not isinstance(actors, list) or not all(isinstance(actor, str) for actor in actors):
        return
    strangers = [actor for actor in actors[:10] if actor not in COUNTRIES]
    for actor in strangers:
        rule = f"unknown country {quoted(actor)}; the countries are {', '.join(COUNTRIES)}"
        at_actors.bad(rule, name=actor, among=COUNTRIES)
    if not strangers and act in ACTS and not _may(act, actors):
        found = ", ".join(actors[:10]) or "none"
        at_actors.bad(f"{act} is an act of {_who(act)}, found {found}")


def _may(act: str, actors: list[str]) -> bool:
    if act in PAIR_ACTS:
        return len(actors) == 2 and actors[0] != actors[1]
    if act in SOLO_ACTS:
        allowed = SOLO_ACTS[act]
        return (len(actors) == 1 and actors[0] in allowed) or (act == "aid" and actors == ["CHN", "PRK"])
    return any(sorted(actors) == sorted(trio) for trio in TRIOS)


def _who(act: str) -> str:
    if act in PAIR_ACTS:
        return "two different countries"
    if act == "aid":
        return "CHN for PRK"
    if act in SOLO_ACTS:
        return "one country: " + " or ".join(SOLO_ACTS[act])
    return "three countries: " + " or ".join(" ".join(trio) for trio in TRIOS)

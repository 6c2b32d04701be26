"""Checks of the dated [[events]] of a file: changes of parameters and scheduled acts."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from sim.scenario.check import MOST_MONTHS, Month, Spot, Strict, Why, finite, number, wording
from sim.scenario.hints import unknown_key
from sim.scenario.names import ACTS, COUNTRIES, PAIR_ACTS, SOLO_ACTS, TRIOS
from sim.scenario.parameters import PARAMETERS, SWITCH, Parameter
from sim.scenario.problems import Problems, quoted, shown
from sim.scenario.read import Source
from sim.scenario.scenario import ActEvent, Event, ParameterEvent, Setting, month_number, month_text


class _Change(Strict):
    """Keys of an event that changes a parameter."""

    month: Month
    key: str
    value: Any = None
    factor: float | None = None
    duration: Annotated[int, Field(ge=1, le=MOST_MONTHS)] | None = None
    why: Why = ""


class _Act(Strict):
    """Keys of an event that schedules an act."""

    month: Month
    act: str
    actors: list[str]
    why: Why = ""


Horizon = tuple[str, int | None]
"""First month, YYYY-MM, and number of months; None where a mistake elsewhere leaves it unknown."""


def events_of(source: Source, horizon: Horizon, settings: Mapping[str, Setting], problems: Problems) -> list[Event]:
    """Return the events of a file, their months counted from the start of the horizon; add its problems."""
    raw = source.data.get("events", [])
    if not isinstance(raw, list):
        rule = "must be written [[events]], one table for each event"
        problems.add(source.shown, source.line("events"), "events", rule)
        return []
    found = []
    for position, entry in enumerate(raw):
        if problems.enough:
            break
        event = _event(entry, position, source, horizon, settings, problems)
        if event:
            found.append(event)
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
    _check_month(entry.get("month"), horizon, spot("month"))
    if "act" in entry:
        _check_act(entry.get("act"), entry.get("actors"), spot("act"), spot("actors"))
    value = _checked_change(entry, settings, spot) if model is _Change else None
    if len(problems.found) > known_before:
        return None
    month = month_number(entry["month"]) - month_number(horizon[0])
    why = " ".join(entry.get("why", "").split())
    origin = spot().origin
    if model is _Act:
        return ActEvent(month, entry["act"], tuple(entry["actors"]), why, origin)
    factor = finite(entry["factor"]) if "factor" in entry else None
    return ParameterEvent(month, entry["key"], value, factor, entry.get("duration"), why, origin)


def _check_month(month: Any, horizon: Horizon, spot: Spot) -> None:
    """Check that the event lies within the months of the scenario."""
    start, months = horizon
    if (
        months is None
        or not isinstance(month, str)
        or len(month) != 7
        or not month[:4].isdecimal()
        or not month[5:].isdecimal()
    ):
        return
    if not 0 <= month_number(month) - month_number(start) < months:
        last = month_text(month_number(start) + months - 1)
        spot.bad(f"must lie in {start} .. {last}, the months of the scenario, found {shown(month)}")


def _checked_change(entry: dict[str, Any], settings: Mapping[str, Setting], spot: Callable[..., Spot]) -> float | None:
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

"""Checks of the dated [[events]] of a file: changes of parameters, scheduled acts, shocks and decisions."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError

from sim.scenario.check import LONGEST_NAME, NAME, Spot, wording
from sim.scenario.decision import decision_of
from sim.scenario.event import DECISIONS, DecisionEvent
from sim.scenario.inherited import ALL, names_of
from sim.scenario.names import ACTS, COUNTRIES, PAIR_ACTS, SOLO_ACTS, TRIOS
from sim.scenario.problems import Problems, quoted
from sim.scenario.read import Source
from sim.scenario.scenario import ActEvent, Event, ParameterEvent, Setting, ShockEvent, month_number
from sim.scenario.sizes import NOTHING, add_size, change_size, shock_size
from sim.scenario.timing import Horizon, Months, Spots, Timed, check_timing, plain_month, timing_of


class _Change(Timed):
    """Keys of an event that changes a parameter."""

    key: str
    value: Any = None
    factor: Any = None
    duration: Months | None = None
    over: Months | None = None


class _Act(Timed):
    """Keys of an event that schedules an act."""

    act: str
    actors: list[str]


class _Shock(Timed):
    """Keys of an event that hits the state."""

    shock: str
    factor: Any = None
    add: Any = None


class _Decision(Timed):
    """Keys of an event that says what countries decide on an act."""

    by: Any = None
    others: Any = Field(None, alias="with")
    duration: Months | None = None
    over: Months | None = None


class _Asked(_Decision):
    asked: str


class _Refused(_Decision):
    refused: str


class _Willing(_Decision):
    willing: str
    add: Any = None


KINDS: Mapping[str, tuple[type[Timed], str]] = {
    "key": (_Change, "a key"),
    "act": (_Act, "an act"),
    "shock": (_Shock, "a shock"),
    "asked": (_Asked, "asked"),
    "refused": (_Refused, "refused"),
    "willing": (_Willing, "willing"),
}
"""The key that says what kind an event is -> its keys, and the kind in words."""


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
        name, origin = f"events.{key}" if key else "events", f"{source.path.name}:{line}"
        return Spot(source.shown, at, name, origin, problems, source.within("events", position, key))

    if not isinstance(entry, dict):
        spot().bad(f"each event must be a table, found {quoted(entry)}")
        return None
    kinds = [kind for kind in KINDS if kind in entry]
    if len(kinds) != 1:
        spot().bad(
            "an event has one of key (a parameter changes), act (an act happens), shock (the state is hit), and asked, "
            "refused and willing (countries decide on an act)"
        )
    plain, latest = plain_month(entry, horizon, spot)
    _check_keys(plain, kinds, spot)
    check_timing(plain, horizon, spot)
    if "name" in entry:
        _check_name(entry["name"], spot("name"))
    elif latest or "probability" in entry or any(isinstance(entry.get(k), dict) for k in ("value", "factor", "add")):
        spot().bad("worlds draw whether, when or how much, so the event needs a name: its draws are those of its name")
    if "act" in entry:
        _check_act(entry.get("act"), entry.get("actors"), spot("act"), spot("actors"))
    sizes = {
        "key": lambda: change_size(entry, settings, spot),
        "shock": lambda: shock_size(entry, spot),
        "willing": lambda: add_size(entry, spot),
    }
    what = kinds[0] if len(kinds) == 1 else ""
    size, spread = sizes[what]() if what in sizes else NOTHING
    by, partners = decision_of(entry, what, spot) if what in DECISIONS else ((), ())
    if len(problems.found) > known_before:
        return None
    month = month_number(plain["month"]) - month_number(horizon[0])
    why, name = (" ".join(entry.get(key, "").split()) for key in ("why", "name"))
    more = (why, spot().origin, name, timing_of(plain, latest))
    if what == "act":
        return ActEvent(month, entry["act"], tuple(entry["actors"]), *more)
    if what in DECISIONS:
        return DecisionEvent(month, what, entry[what], by, partners, size, entry.get("duration"), *more, spread)
    factor = size if "factor" in entry else None
    other = None if "factor" in entry else size
    if what == "shock":
        return ShockEvent(month, entry["shock"], factor, other, *more, spread)
    return ParameterEvent(month, entry["key"], other, factor, entry.get("duration"), *more, spread)


def _check_keys(entry: Mapping[str, Any], kinds: list[str], spot: Spots) -> None:
    """Check that an event has the keys of its kind, of their types; of an event of two kinds only the types."""
    model, words = KINDS[kinds[0] if len(kinds) == 1 else "act"]
    try:
        model.model_validate(entry)
    except ValidationError as error:
        for (name, *place), rule, unknown in wording(error):
            key = str(name)
            if unknown and not kinds and any(key in _keys(one) for one, _ in KINDS.values()):
                continue  # it may fit the kind that is missing
            if unknown and len(kinds) < 2:
                spot(key).bad(f"an event with {words} has no such key", name=key, among=_keys(model))
            elif not unknown and not (rule == "is missing" and key in ("act", "actors") and kinds != ["act"]):
                at = spot() if rule == "is missing" else spot(key).inside(*place)
                at.bad(f"{key} {rule}" if rule == "is missing" else rule)


def _keys(model: type[Timed]) -> list[str]:
    """Return the keys of a model as a file writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _check_name(name: Any, spot: Spot) -> None:
    """Check that a name can stand in tables, files and figures, and in `drop_events`."""
    if not isinstance(name, str) or not NAME.fullmatch(" ".join(name.split())):
        allowed = f"text in quotes of at most {LONGEST_NAME} letters, digits, spaces and , . : + - _ / ( )"
        spot.bad(f"must be {allowed}, found {quoted(name)}")
    elif name == ALL:
        spot.bad(f'"{ALL}" stands for every event in drop_events; choose another name')


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
        at_actors.inside(actors.index(actor)).bad(rule, name=actor, among=COUNTRIES)
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

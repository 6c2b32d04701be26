"""Loading: from the name or path of a scenario to a checked, frozen `Scenario`, or to all its problems."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario.check import HEAD_KEYS, NUMBERS, TOP_KEYS, Head, Spot, setting, wording
from sim.scenario.events import events_of
from sim.scenario.hints import is_group, unknown_key
from sim.scenario.lines import DEEPEST
from sim.scenario.lines import Path as KeyPath
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import Problems, ScenarioError, quoted, shown
from sim.scenario.read import Source, read_chain
from sim.scenario.scenario import MONTHS, SEED, START, WORLDS, Event, Scenario, Setting, default_setting, month_number

Overrides = Mapping[str, Any] | Sequence[str]
"""Settings over the files: {"routes.khasan.capacity": 20} or ["routes.khasan.capacity=20"]."""


@dataclass
class _Draft:
    """A scenario in the making, while its files are read one after the other."""

    start: str = START
    months: int = MONTHS
    worlds: int = WORLDS
    seed: int = SEED
    settings: dict[str, Setting] = field(default_factory=lambda: {key: default_setting(key) for key in PARAMETERS})
    events: list[Event] = field(default_factory=list)
    horizon_known: bool = True
    """False once a file has a wrong start or number of months."""
    origins: dict[str, str] = field(default_factory=lambda: dict.fromkeys(("start", *NUMBERS), "default"))


def load(
    name_or_path: str | Path,
    *,
    set: Overrides = (),
    worlds: int | None = None,
    months: int | None = None,
    seed: int | None = None,
) -> Scenario:
    """Return the scenario of a name or path, with settings on top.

    set is a mapping from keys to values or a sequence of `key=value`; a value is a number in the unit of the parameter,
    a text with that unit, or a table of value, low, high and distribution. worlds, months and seed replace those of the
    file. Raises ScenarioError with all problems of all files and settings at once.
    """
    problems = Problems()
    chain = read_chain(name_or_path, problems)
    draft = _Draft(horizon_known=not problems.found)
    head: Head | None = None
    for source in chain:
        head = _apply(source, draft, problems)
    _apply_options(draft, {"worlds": worlds, "months": months, "seed": seed}, problems)
    _apply_overrides(draft, set, problems)
    problems.stop_if_any()
    if head is None:
        raise ScenarioError([])
    texts = head.model_dump(include={"title", "question", "look_for", "outcome"})
    read = {name: getattr(draft, name) for name in ("start", *NUMBERS, "settings", "origins")}
    files = tuple(source.path.name for source in chain)
    return Scenario(chain[-1].name, **texts, **read, events=_within_horizon(draft.events, draft.months), files=files)


def _apply(source: Source, draft: _Draft, problems: Problems) -> Head:
    """Apply one file to the draft; return its head."""
    head = _head(source, draft, problems)
    for key in ("start", *NUMBERS):
        value = getattr(head, key)
        if value is None:
            continue
        if key == "start":
            _move_start(draft, value, source, problems)
        setattr(draft, key, value)
        draft.origins[key] = source.origin((key,))
    lay_settings(source, draft.settings, problems)
    horizon = (draft.start, draft.months) if draft.horizon_known else (draft.start, None)
    draft.events += events_of(source, horizon, draft.settings, problems)
    return head


def lay_settings(source: Source, settings: dict[str, Setting], problems: Problems) -> None:
    """Write the parameters set by a file, or by a table of one, into `settings`; add the problems."""
    seen: dict[str, int] = {}
    for key, path, raw in _settings(source.data):
        if problems.enough:
            break
        line = source.lines.of(path)
        if key in seen:
            problems.add(source.shown, line, key, f"is set twice, also on line {seen[key]}")
            continue
        seen[key] = line
        spot = Spot(source.shown, line, key, source.origin(path), problems)
        _lay(settings, key, raw, spot)


def _head(source: Source, draft: _Draft, problems: Problems) -> Head:
    """Return the valid keys at the top of a file; add a problem for each of the others."""
    given = {key: source.data[key] for key in HEAD_KEYS if key in source.data}
    try:
        return Head.model_validate(given)
    except ValidationError as error:
        wrong = wording(error)
    for key, rule, _ in wrong:
        problems.add(source.shown, source.line(key) if key in source.data else 1, key, rule)
        given.pop(key, None)
        draft.horizon_known &= key not in ("start", "months")
    return Head.model_validate({"title": "-", "question": "-"} | given)


def _settings(data: Mapping[str, Any]) -> Iterator[tuple[str, KeyPath, Any]]:
    """Yield (dotted key, path, value) of every parameter setting of a file, in the order of the file."""
    open_tables: list[tuple[KeyPath, Iterator[tuple[str, Any]]]] = [
        ((), iter([(key, raw) for key, raw in data.items() if key not in TOP_KEYS]))
    ]
    while open_tables:
        beginning, items = open_tables[-1]
        for name, raw in items:
            path = (*beginning, name)
            key = ".".join(str(part) for part in path)
            if isinstance(raw, dict) and _is_table_of_settings(key, raw) and len(path) < DEEPEST:
                open_tables.append((path, iter(raw.items())))
                break
            yield key, path, raw
        else:
            open_tables.pop()


def _is_table_of_settings(key: str, raw: Mapping[str, Any]) -> bool:
    """Return True for a group of parameters, False for a single setting such as `{low = …}` or an empty table."""
    if key in PARAMETERS:
        return False
    return is_group(key) or (bool(raw) and not {"value", "low", "high", "distribution"}.issuperset(raw))


def _lay(settings: dict[str, Setting], key: str, raw: Any, spot: Spot) -> None:
    """Write one setting into `settings`; add a problem if it is wrong."""
    row = PARAMETERS.get(key)
    if row is not None:
        settings[key] = setting(raw, row, settings[key], spot)
        return
    if key in TOP_KEYS:
        spot.bad("must be set at the top of a scenario file")
        return
    rule, hint = unknown_key(shown(key, 200)) if spot.problems.may_suggest() else ("unknown key", "")
    spot.bad(rule, name=hint, among=[hint])


def _move_start(draft: _Draft, start: str, source: Source, problems: Problems) -> None:
    """Count the months of inherited events from a new start."""
    shift = month_number(draft.start) - month_number(start)
    moved: list[Event] = []
    for event in draft.events:
        if event.month + shift < 0:
            rule = f"the event of {event.origin} would lie before the start; keep the start {draft.start}"
            problems.add(source.shown, source.line("start"), "start", rule)
        else:
            moved.append(replace(event, month=event.month + shift))
    draft.events = moved


def _apply_options(draft: _Draft, options: Mapping[str, int | None], problems: Problems) -> None:
    given = {key: value for key, value in options.items() if value is not None}
    try:
        Head.model_validate({"title": "-", "question": "-", **given})
    except ValidationError as error:
        for key, rule, _ in wording(error):
            problems.add(f"--{key}", 0, "", rule)
        return
    for key, value in given.items():
        setattr(draft, key, value)
        draft.origins[key] = f"--{key}"


def _apply_overrides(draft: _Draft, overrides: Overrides, problems: Problems) -> None:
    pairs: list[tuple[str, Any]] = []
    if isinstance(overrides, Mapping):
        pairs = list(overrides.items())
    else:
        for text in [overrides] if isinstance(overrides, str) else overrides:
            key, equals, value = text.partition("=")
            if equals and key.strip() and value.strip():
                pairs.append((key.strip(), value.strip()))
            elif equals and key.strip():
                problems.add("--set", 0, key.strip(), "the value is empty")
            else:
                problems.add("--set", 0, "", f"must be key=value, found {quoted(text)}")
    seen = dict.fromkeys((key for key, _ in pairs), 0)
    for key, value in pairs:
        seen[key] += 1
        raw = _as_toml(value) if isinstance(value, str) else value
        spot = Spot("--set", 0, shown(key), "--set", problems)
        if seen[key] == 2:
            spot.bad("is set twice")
        elif key in NUMBERS:
            spot.bad("is not a parameter; use its own option", name=f"--{key}", among=[f"--{key}"])
        elif key in TOP_KEYS:
            spot.bad("can only be set in a scenario file")
        else:
            _lay(draft.settings, key, raw, spot)


def _as_toml(text: str) -> Any:
    """Return a value as TOML reads it; other text stays as it is, so that 20 kt/month needs no quotes."""
    if "\n" in text or len(text) > 500:
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text


def _within_horizon(events: Sequence[Event], months: int) -> tuple[Event, ...]:
    """Return the events sorted by month, without those after the end.

    The events of each file lie within its own months, so only an inherited event can lie after the end, where the
    scenario or --months is shorter than the scenario that it extends.
    """
    return tuple(sorted((event for event in events if event.month < months), key=lambda event: event.month))

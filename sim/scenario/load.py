"""Loading: from the name or path of a scenario to a checked, frozen `Scenario`, or to all its problems."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.plain import plain
from sim.scenario.case import CASE_KEYS, case_of
from sim.scenario.changes import (
    Overrides,
    changed_name,
    changed_title,
    lay_changes,
    lay_overrides,
    set_texts,
    settings_of,
    split,
)
from sim.scenario.check import HEAD_KEYS, NUMBERS, Head, wording
from sim.scenario.events import events_of
from sim.scenario.in_code import Events, event_text, events_in_code, tables_of
from sim.scenario.inherited import left_of, moved
from sim.scenario.lay import lay_settings
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import Problem, Problems, ScenarioError, shown
from sim.scenario.read import Source, read_chain
from sim.scenario.scenario import (
    MONTHS,
    SEED,
    START,
    WORLDS,
    Calibrated,
    Event,
    Scenario,
    Setting,
    default_setting,
)
from sim.scenario.stored import attempt_stored

TEXTS = ("title", "question", "look_for", "outcome")


@dataclass
class _Draft:
    """A scenario in the making, while its files are read one after the other."""

    name: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Title, question, what to look for, and outcome."""
    start: str = START
    months: int = MONTHS
    worlds: int = WORLDS
    seed: int = SEED
    settings: dict[str, Setting] = field(default_factory=lambda: {key: default_setting(key) for key in PARAMETERS})
    events: list[Event] = field(default_factory=list)
    horizon_known: bool = True
    """False once a file has a wrong start or number of months."""
    origins: dict[str, str] = field(default_factory=lambda: dict.fromkeys(("start", *NUMBERS), "default"))
    files: list[str] = field(default_factory=list)
    changes: tuple[str, ...] = ()
    case: dict[str, Any] = field(default_factory=dict)
    """Main lane, routes shut before and record, where a file sets them."""


def load(
    name_or_path: str | Path | Scenario,
    *,
    set: Overrides | None = (),
    events: Events | None = (),
    worlds: int | None = None,
    months: int | None = None,
    seed: int | None = None,
) -> Scenario:
    """Return the scenario of a name, of a path, of the folder of a run, or a scenario itself, with changes on top.

    Behind a name or path may stand changes, as in `article+war.intensity=0+mine.toml`: settings, files, and shipped
    scenarios, whose own settings and events are laid over it in this order. set is a mapping from keys to values or a
    sequence of `key=value`; it comes before those. A value is a number in the unit of the parameter, a text with that
    unit, or a table of value, low, high and distribution. events are tables as in a file, and come last. worlds, months
    and seed replace those of the file. Name and title of a changed scenario say what was changed. Raises ScenarioError
    with all problems of all files and settings at once.
    """
    no_other(name_or_path)
    problems = Problems()
    set, events = settings_of(set), tables_of(events)
    base, parts = split(name_or_path) if isinstance(name_or_path, str) else (name_or_path, [])
    if parts and not base:
        rule = "stands alone: write it right behind a scenario, without a space, as in article+war.intensity=0"
        raise ScenarioError([Problem(shown(str(name_or_path)), 0, "", rule)])
    if isinstance(base, Scenario):
        stored, draft = base, _stored_draft(base)
    elif (found := attempt_stored(base, problems)) is not None:
        stored, draft = found, _stored_draft(found)
    else:
        stored, draft = None, _Draft() if problems.found else _read_draft(base, problems)
    _apply_options(draft, {"worlds": worlds, "months": months, "seed": seed}, problems)
    lay_overrides(draft.settings, set, problems)
    draft.files += lay_changes(draft.settings, draft.events, draft.start, parts, problems)
    horizon = (draft.start, draft.months) if draft.horizon_known else (draft.start, None)
    draft.events += events_in_code(events, horizon, draft.settings, problems)
    problems.stop_if_any()
    made = [*set_texts(set), *parts, *map(event_text, events)]
    texts: dict[str, Any] = {**draft.texts, "title": changed_title(draft.texts["title"], made, draft.changes)}
    draft.changes += tuple(made)
    fields = ("start", *NUMBERS, "settings", "origins", "changes")
    draft.events.sort(key=lambda event: event.month)
    return Scenario(
        changed_name(draft.name, made),
        **texts,
        **{name: getattr(draft, name) for name in fields},
        **draft.case,
        # those of each file lie within its own months: only an inherited one can lie after the end, where the scenario
        # or --months is shorter than the scenario that it extends
        events=tuple(event for event in draft.events if event.month < draft.months),
        left_out=tuple(event for event in draft.events if event.month >= draft.months),
        files=tuple(draft.files),
        calibrated=_still_drawn(stored, draft.settings) if stored else None,
    )


def no_other(given: object) -> None:
    """Raise TypeError for what is neither a scenario nor the name or path of one."""
    if not isinstance(given, str | Path | Scenario):
        raise TypeError(f"a scenario is given by its name, its path, or itself, not by {type(given).__name__}")


def _read_draft(name_or_path: str | Path, problems: Problems) -> _Draft:
    """Return the draft that the files of a scenario make."""
    chain = read_chain(name_or_path, problems)
    draft = _Draft(horizon_known=not problems.found)
    for source in chain:
        head = _apply(source, draft, problems)
        draft.name, draft.texts = source.name, head.model_dump(include=set(TEXTS))
        draft.files.append(source.path.name)
    return draft


def _stored_draft(scenario: Scenario) -> _Draft:
    """Return a finished scenario as a draft, to be changed."""
    kept = {name: getattr(scenario, name) for name in ("name", "start", *NUMBERS, "changes")}
    return _Draft(
        **kept,
        texts={name: getattr(scenario, name) for name in TEXTS},
        settings=dict(scenario.settings),
        events=list(scenario.events),
        origins=dict(scenario.origins),
        files=list(scenario.files),
        case={key: getattr(scenario, key) for key in CASE_KEYS},
    )


def _still_drawn(stored: Scenario, settings: Mapping[str, Setting]) -> Calibrated | None:
    """Return the calibrated set of a stored scenario, without the parameters that are set anew."""
    if stored.calibrated is None:
        return None
    same = (key for key in stored.calibrated.keys if settings[key].content == stored.settings[key].content)
    return replace(stored.calibrated, keys=tuple(same))


def _apply(source: Source, draft: _Draft, problems: Problems) -> Head:
    """Apply one file to the draft; return its head."""
    head = _head(source, draft, problems)
    draft.events = left_of(draft.events, source, problems)
    for key in ("start", *NUMBERS):
        value = getattr(head, key)
        if value is None:
            continue
        if key == "start":
            draft.events = moved(draft.events, draft.start, value, source, problems)
        setattr(draft, key, value)
        draft.origins[key] = source.origin((key,))
    case = case_of(source, problems)
    draft.case |= case
    draft.origins |= {key: source.origin((key,)) for key in case}
    lay_settings(source, draft.settings, problems)
    horizon = (draft.start, draft.months) if draft.horizon_known else (draft.start, None)
    draft.events += events_of(source, horizon, draft.settings, problems)
    return head


def _head(source: Source, draft: _Draft, problems: Problems) -> Head:
    """Return the valid keys at the top of a file; add a problem for each of the others."""
    given = {key: source.data[key] for key in HEAD_KEYS if key in source.data}
    try:
        return Head.model_validate(given)
    except ValidationError as error:
        wrong = wording(error)
    for (key, *_), rule, _ in wrong:
        key = str(key)
        problems.add(source.shown, source.line(key) if key in source.data else 1, key, rule)
        given.pop(key, None)
        draft.horizon_known &= key not in ("start", "months")
    return Head.model_validate({"title": "-", "question": "-"} | given)


def _apply_options(draft: _Draft, options: Mapping[str, int | None], problems: Problems) -> None:
    given = {key: plain(value) for key, value in options.items() if value is not None}
    of_draft = {"title": "-", "question": "-", "worlds": draft.worlds}  # one made in Python may have no world
    try:
        Head.model_validate({**of_draft, **given})
    except ValidationError as error:
        for (key, *_), rule, _ in wording(error):
            problems.add(f"--{key}", 0, "", rule)
        return
    for key, value in given.items():
        setattr(draft, key, value)
        draft.origins[key] = f"--{key}"

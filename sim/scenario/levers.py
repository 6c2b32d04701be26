"""Lever files: choices of stakeholders, each option a small overlay on a scenario.

`[USA.pressure.fuller]` is the option `fuller` of the lever `pressure` of the United States; `[KOR-JPN.pact.early]` is
a joint decision of two countries. The table holds parameters and `[[events]]`, written as in a scenario file. An option
may schedule acts, or settle decisions, only of the countries of its lever: nobody's consent is taken for granted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario.check import MOST_MONTHS, TOP_KEYS, Head, Spot, is_month, wording
from sim.scenario.consent import note_strangers
from sim.scenario.events import events_of
from sim.scenario.kinds import IS_FOLDER, lever_files
from sim.scenario.lay import lay_settings
from sim.scenario.library import FOLDERS, LEVERS, SAFE_NAME, SUFFIX, fault_of_file, is_path
from sim.scenario.lines import Lines
from sim.scenario.lines import Path as KeyPath
from sim.scenario.names import COUNTRIES
from sim.scenario.parameters import nearest
from sim.scenario.problems import Problem, Problems, ScenarioError, quoted, shown
from sim.scenario.read import Source, read_file
from sim.scenario.scenario import Event, ParameterEvent, Scenario, Setting
from sim.scenario.unfelt import beyond

POLICIES = "policies"
HEAD = ("title", "question")
FEWEST_OPTIONS = 2
LEFT_OUT = ": left out, since "
"""Between an option and why it is left out, in a remark."""


@dataclass(frozen=True)
class Option:
    """One alternative of a lever: an overlay of settings and events."""

    name: str
    why: str
    settings: Mapping[str, Setting]
    "Parameters set by the option."
    events: tuple[Event, ...]
    "Changes of parameters and acts, with their months."
    left_out: tuple[Event, ...] = ()
    "Those after the last month of the scenario, which no run reaches."

    @property
    def keys(self) -> set[str]:
        """Parameters that the option changes in any way."""
        return {*self.settings, *(event.key for event in self.events if isinstance(event, ParameterEvent))}

    @property
    def replaced(self) -> set[str]:
        """Parameters that the option sets to a value, whatever it was before."""
        changes = [event for event in self.events if isinstance(event, ParameterEvent)]
        return {*self.settings, *(event.key for event in changes if event.value is not None)}

    def over(self, scenario: Scenario) -> Scenario:
        """Return the scenario with this option taken; its events replace those of the same name."""
        names = {event.name for event in self.events if event.name}
        kept = [event for event in scenario.events if event.name not in names]
        events = sorted([*kept, *self.events], key=lambda event: event.month)
        return scenario.with_settings(self.settings, events=tuple(events))


@dataclass(frozen=True)
class Lever:
    """A decision of one or more stakeholders with its options; the first is the reference."""

    stakeholders: str
    "Codes of countries, joined by hyphens."
    name: str
    options: tuple[Option, ...]
    line: int

    @property
    def label(self) -> str:
        """Stakeholders and name, such as `USA.pressure`."""
        return f"{self.stakeholders}.{self.name}"


@dataclass(frozen=True)
class LeverFile:
    """A lever file, read and checked over a scenario."""

    source: Source
    title: str
    question: str
    levers: tuple[Lever, ...]
    left_out: tuple[str, ...] = ()
    "Options left out, since an event of theirs lies before the start of the scenario."
    remarks: tuple[str, ...] = ()
    "What lies after the last month of the scenario, and is left out."


class _Inside(Lines):
    """Line numbers of one table, addressed as if it were a document of its own."""

    def __init__(self, whole: Lines, place: KeyPath) -> None:
        self._whole, self._place = whole, place

    def of(self, path: KeyPath) -> int:
        """Return the line of a key of the table."""
        return self._whole.of((*self._place, *path))


def shipped_levers() -> dict[str, Path]:
    """Return the shipped lever files by name, sorted."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        for path in (folder / LEVERS).glob(f"*{SUFFIX}"):
            found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def find_levers(name_or_path: str) -> Path:
    """Return the shipped lever file of a name, or the file of a path.

    Raises ScenarioError if there is no such file.
    """
    library = shipped_levers()
    if name_or_path.strip() and name_or_path not in library and fault_of_file(Path(name_or_path)) == IS_FOLDER:
        near = next(iter(lever_files(Path(name_or_path))), None)
        hint = str(Path(name_or_path) / near.name) if near else ""
        raise ScenarioError([Problem(shown(name_or_path, 200), 0, "--levers", "is a folder, not a lever file", hint)])
    if is_path(name_or_path):
        fault = fault_of_file(Path(name_or_path))
        if fault:
            raise ScenarioError([Problem(shown(name_or_path, 200), 0, "", fault)])
        return Path(name_or_path)
    if name_or_path in library:
        return library[name_or_path]
    beside = f"{name_or_path}{SUFFIX}"
    hint = beside if not fault_of_file(Path(beside)) else nearest(name_or_path, library) or ""
    rule = f"no shipped lever file has this name; there are {', '.join(library)}; a file of yours ends in {SUFFIX}"
    raise ScenarioError([Problem(shown(name_or_path) or '""', 0, "--levers", rule, hint)])


def read_levers(name_or_path: str, scenario: Scenario, problems: Problems) -> LeverFile | None:
    """Return the levers of a file over a scenario; add its problems, and return None if it cannot be read."""
    try:
        path = find_levers(name_or_path)
    except ScenarioError as error:
        problems.found += error.problems
        return None
    shown_path = path.name if path in shipped_levers().values() else name_or_path
    source = read_file(path, shown_path, problems)
    if source is None:
        return None
    title, question = _head(source, problems)
    remarks: list[str] = []
    levers = [
        lever
        for who, table in source.data.items()
        if who not in (*HEAD, POLICIES) and _is_stakeholder(who, table, source, problems)
        for lever in _levers_of(who, table, source, scenario, problems, remarks)
    ]
    early = tuple(_too_early(source, scenario.start))
    if not levers and not problems.found:
        rule = "holds no levers; write an option as a table such as [USA.pressure.fuller]"
        if early or remarks:
            months = f"{scenario.start} .. {scenario.dates[-1][:7]}"
            rule = f"no lever has two options left within {months}, the months of {scenario.name}"
        problems.add(source.shown, 0, "", rule)
    _note_clashes(levers, source, problems)
    return LeverFile(source, title, question, tuple(levers), early, tuple(remarks))


def _too_early(source: Source, start: str) -> list[str]:
    """Return the options with an event before the first month of a run, as `KOR.warning.early`."""
    return [
        f"{who}.{name}.{key}"
        for who, table in source.data.items()
        if who not in (*HEAD, POLICIES) and isinstance(table, dict)
        for name, options in table.items()
        if isinstance(options, dict)
        for key, option in options.items()
        if _begins_before(option, start)
    ]


def _begins_before(option: Any, start: str) -> bool:
    """Return whether an option has an event that lies before the first month of a run."""
    events = option.get("events", []) if isinstance(option, dict) else []
    months = [event.get("month") for event in events if isinstance(event, dict)] if isinstance(events, list) else []
    return any(isinstance(month, str) and is_month(month) and month < start for month in months)


def _head(source: Source, problems: Problems) -> tuple[str, str]:
    try:
        head = Head.model_validate({key: source.data[key] for key in HEAD if key in source.data})
    except ValidationError as error:
        for (key, *_), rule, _ in wording(error):
            problems.add(source.shown, source.line(key) if key in source.data else 1, str(key), rule)
        return "", ""
    return head.title, head.question


def _is_stakeholder(who: str, table: Any, source: Source, problems: Problems) -> bool:
    """Return whether a key at the top of the file names countries and holds their levers; add a problem if not."""
    codes = who.split("-")
    spot = Spot(source.shown, source.line(who), shown(who), "", problems)
    strangers = [code for code in codes if code not in COUNTRIES]
    if strangers:
        rule = "is not a stakeholder; the countries are " + ", ".join(COUNTRIES) + ", several joined as in KOR-JPN"
        if who in TOP_KEYS:
            rule = "is not allowed in a lever file; set it in the scenario"
        spot.bad(rule, name=strangers[0], among=COUNTRIES)
        return False
    if len(set(codes)) < len(codes):
        spot.bad("names a country twice")
        return False
    if not isinstance(table, dict):
        spot.bad(f"must be a table of levers, such as [{who}.pressure.fuller]")
        return False
    return True


def _levers_of(
    who: str, table: Mapping[str, Any], source: Source, scenario: Scenario, problems: Problems, remarks: list[str]
) -> list[Lever]:
    found = []
    for name, options in table.items():
        within = source.within(who, name)
        spot = Spot(source.shown, source.line(who, name), shown(f"{who}.{name}"), "", problems, within)
        listed = options if isinstance(options, dict) else {}
        wrong = [key for key, option in listed.items() if not isinstance(option, dict)]
        if not isinstance(options, dict) or wrong:
            spot.inside(*wrong[:1]).bad(f"must be a table of options, such as [{who}.{shown(name)}.fuller]")
            continue
        for word in (name, *options):
            if not SAFE_NAME.fullmatch(word):
                at = spot.inside(word) if word != name else spot
                at.bad(f"{quoted(word)} is not a name: use at most 64 letters, digits, - and _")
        if len(options) < FEWEST_OPTIONS:
            spot.bad("needs at least two options; the first is the reference and may be empty")
        kept = {key: raw for key, raw in options.items() if not _begins_before(raw, scenario.start)}
        if len(kept) < FEWEST_OPTIONS <= len(options):
            continue
        read = [_option((who, name, key), raw, source, scenario, problems) for key, raw in kept.items()]
        remarks += [text for one in read for text in beyond(f"{who}.{name}.{one.name}", one.left_out, scenario)]
        apart = tuple(_apart(read, spot, scenario, remarks))
        if len(apart) < len(read) and len(apart) < FEWEST_OPTIONS:
            continue
        found.append(Lever(who, name, apart, spot.line))
    return found


def _option(place: KeyPath, raw: Mapping[str, Any], source: Source, scenario: Scenario, problems: Problems) -> Option:
    """Return one option, its parameters and events read as those of a scenario file."""
    inside = Source(source.path, source.shown, dict(raw), _Inside(source.lines, place))
    why = inside.data.pop("why", "")
    at = shown(".".join(map(str, place)))
    if not isinstance(why, str):
        problems.add(source.shown, inside.line("why"), f"{at}.why", f"must be text in quotes, found {quoted(why)}")
        why = ""
    for key in TOP_KEYS:
        if key in inside.data and key != "events":
            rule = "is not allowed in an option; set it in the scenario"
            problems.add(source.shown, inside.line(key), f"{at}.{key}", rule)
    settings = dict(scenario.settings)
    lay_settings(inside, settings, problems)
    events = events_of(inside, (scenario.start, MOST_MONTHS), settings, problems)
    note_strangers(str(place[0]), events, inside, problems)
    changed = {key: new for key, new in settings.items() if new is not scenario.settings[key]}
    felt, after = (tuple(one for one in events if (one.month < scenario.months) is within) for within in (True, False))
    option = Option(str(place[2]), " ".join(why.split()), changed, felt, after)
    for key in sorted(key for key in option.replaced if scenario.settings[key].origin == "--set"):
        rule = f"{key} is set by --set and by this option; leave out one of them"
        problems.add(source.shown, inside.line(), at, rule)
    return option


def _apart(options: Sequence[Option], spot: Spot, scenario: Scenario, remarks: list[str]) -> Iterator[Option]:
    """Yield the options that differ; add a problem for two that are the same, a remark if only within the months."""
    seen: dict[str, Option] = {}
    for option in options:
        other = option if spot.problems.found else seen.setdefault(option.over(scenario).hash, option)
        if other is option:
            yield option
        elif other.left_out or option.left_out:
            last = scenario.dates[-1][:7]
            remarks.append(f"{spot.key}.{option.name}{LEFT_OUT}until {last} it is the same as {other.name}")
        else:
            at = spot.inside(option.name)
            at.bad(f"the options {quoted(other.name)} and {quoted(option.name)} are the same over {scenario.name}")


def _note_clashes(levers: list[Lever], source: Source, problems: Problems) -> None:
    """Add a problem for levers that change the same parameter: their joint effect would depend on their order."""
    owner: dict[str, Lever] = {}
    for lever in levers:
        for key in sorted({key for option in lever.options for key in option.keys}):
            other = owner.setdefault(key, lever)
            if other is not lever:
                rule = f"changes {key}, and so does {other.label} (line {other.line}); a parameter belongs to one lever"
                problems.add(source.shown, lever.line, lever.label, rule)

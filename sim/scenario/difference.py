"""Everything in which two scenarios differ, as changes that can be made one by one: settings and events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sim.scenario.decision import WITH
from sim.scenario.event import ActEvent, DecisionEvent, Event, ShockEvent
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import Problem, ScenarioError, likely
from sim.scenario.scenario import Scenario
from sim.scenario.setting import Setting

ACTS, SHOCKS = "acts", "shocks"
"""What stands in place of the first part of a parameter's key for a scheduled act, and for a shock."""
NAMED = "named"


@dataclass(frozen=True)
class Change:
    """One difference of a scenario from a reference: a setting, or an event that is new, gone, or another."""

    key: str
    """The parameter; of an act `acts.ACT`, of a shock `shocks.TARGET`."""
    setting: Setting | None = None
    """The setting of the scenario."""
    was: Setting | None = None
    """That of the reference."""
    gained: tuple[Event, ...] = ()
    """Events that the reference does not have."""
    lost: tuple[Event, ...] = ()
    """Events that only the reference has."""

    @property
    def name(self) -> str:
        """The name of its event, if that has one; else the key."""
        return next((event.name for event in (*self.gained, *self.lost) if event.name), self.key)

    @property
    def section(self) -> str:
        """The first part of the key."""
        return self.key.partition(".")[0]


@dataclass(frozen=True)
class Group:
    """Changes that are made together."""

    name: str
    changes: tuple[Change, ...]


def differences(reference: Scenario, scenario: Scenario) -> list[Change]:
    """Return all in which a scenario differs from a reference, both as resolved after inheritance and changes.

    Settings come first, in the order of the table of parameters. An event of one name or key, or of one act and its
    actors, that both have with another month, size or duration is one change. Raises ScenarioError if they differ
    in what cannot be changed by steps: the start, the months, the seed, the calibrated set.
    """
    _check(reference, scenario)
    found = [
        Change(key, setting, reference.settings[key])
        for key, setting in ((key, scenario.settings[key]) for key in PARAMETERS)
        if setting.content != reference.settings[key].content or _drawn(scenario, key) != _drawn(reference, key)
    ]
    gained, lost = _only_in(scenario, reference), _only_in(reference, scenario)
    for subject in dict.fromkeys(map(_subject, (*gained, *lost))):
        new, old = ([event for event in events if _subject(event) == subject] for events in (gained, lost))
        for k in range(max(len(new), len(old))):
            mine, theirs = tuple(new[k : k + 1]), tuple(old[k : k + 1])
            found.append(Change(_key((*mine, *theirs)[0]), gained=mine, lost=theirs))
    return found


def _check(reference: Scenario, scenario: Scenario) -> None:
    problems = [
        Problem(scenario.name, 0, what, f"is {mine}, but {theirs} in {reference.name}, and cannot be changed by steps")
        for what, mine, theirs in (
            ("start", scenario.start, reference.start),
            ("months", scenario.months, reference.months),
            ("seed", scenario.seed, reference.seed),
            ("calibrated set", _digest(scenario), _digest(reference)),
        )
        if mine != theirs
    ]
    if problems:
        raise ScenarioError(problems)


def _digest(scenario: Scenario) -> str:
    return scenario.calibrated.digest[:8] if scenario.calibrated else "none"


def _drawn(scenario: Scenario, key: str) -> bool:
    """Return whether worlds draw a parameter from a calibrated set."""
    return scenario.calibrated is not None and key in scenario.calibrated.keys


def _only_in(one: Scenario, other: Scenario) -> list[Event]:
    """Return the events of one scenario that the other does not have; of equal ones as many as there are more."""
    left = Counter(event.content for event in other.events)
    found = []
    for event in one.events:
        if left[event.content]:
            left[event.content] -= 1
        else:
            found.append(event)
    return found


def _subject(event: Event) -> tuple[str, ...]:
    """Return what makes an event of one scenario the same as one of another: its name, or what it changes."""
    if event.name:
        return NAMED, event.name
    if isinstance(event, DecisionEvent):
        return _key(event), event.what, *event.by, WITH, *event.partners
    return (_key(event), *(event.actors if isinstance(event, ActEvent) else ()))


def _key(event: Event) -> str:
    if isinstance(event, ActEvent | DecisionEvent):
        return f"{ACTS}.{event.act}"
    return f"{SHOCKS}.{event.target}" if isinstance(event, ShockEvent) else event.key


def combined(reference: Scenario, scenario: Scenario, made: Collection[Change], every: Sequence[Change]) -> Scenario:
    """Return the reference with some of the changes made; with none it is the reference, with all the scenario."""
    if not made:
        return reference
    if len(made) == len(every):
        return scenario
    settings = {change.key: change.setting for change in made if change.setting}
    moved = [event for change in made for event in change.gained]
    kept = [event for change in every if change not in made for event in change.lost]
    calibrated = reference.calibrated
    if calibrated:
        mine = {change.key: _drawn(scenario, change.key) for change in made if change.setting}
        both = dict.fromkeys((*calibrated.keys, *(scenario.calibrated.keys if scenario.calibrated else ())))
        keys = tuple(key for key in both if mine.get(key, _drawn(reference, key)))
        calibrated = replace(calibrated, keys=keys)
    return replace(
        reference,
        settings={**reference.settings, **settings},
        events=_in_order(reference, scenario, moved, kept),
        calibrated=calibrated,
    )


def _in_order(reference: Scenario, scenario: Scenario, moved: list[Event], kept: list[Event]) -> tuple[Event, ...]:
    """Return the common events, `moved` of the scenario and `kept` of the reference, in the order of their files.

    Of two events of one month the later in a file counts, so order matters.
    """
    common = list((Counter(map(id_of, reference.events)) & Counter(map(id_of, scenario.events))).elements())
    events: list[Event] = []
    for own, more in ((reference, kept), (scenario, moved)):
        wanted = Counter(map(id_of, more)) + (Counter(common) if own is reference else Counter())
        for event in own.events:
            if wanted[id_of(event)]:
                wanted[id_of(event)] -= 1
                events.append(event)
    return tuple(sorted(events, key=lambda event: event.month))


def id_of(event: Event) -> tuple[object, ...]:
    """Return what makes events the same."""
    return event.content


def grouped(changes: Sequence[Change], named: Sequence[str], most: int) -> list[Group]:
    """Return the changes as at most `most` groups: those that the user names, the others one by one.

    `named` are beginnings of keys, several for one group joined by commas: `routes`, `war,sanctions`. Without names
    more changes than `most` are grouped by the first part of their keys, and if that is not enough, those of the
    smallest parts together. Raises ScenarioError for a name that nothing begins with, and if too many groups remain.
    """
    if not named:
        return _by_section(changes, most)
    problems, groups, left = [], [], list(changes)
    for name in named:
        mine = [one for one in left if any(_begins(one, part.strip()) for part in name.split(","))]
        if not mine:
            rule = f"nothing that differs begins with {name}, or another group has it; it is {_keys(changes)}"
            hint = likely(name, [one for change in changes for one in (change.section, change.key, change.name)])
            problems.append(Problem("--group", 0, "", rule, hint))
        groups.append(Group(_without_idle(name, mine), tuple(mine)))
        left = [one for one in left if one not in mine]
    names = _names(left)
    groups += [Group(name, (one,)) for name, one in zip(names, left, strict=True)]
    if len(groups) > most and not problems:
        remain = f"{len(groups)} groups and single changes remain, at most {most} can be told apart"
        rule = f"{remain}; group more of {_keys(left)}"
        problems.append(Problem("--group", 0, "", rule))
    if problems:
        raise ScenarioError(problems)
    return groups


def _begins(change: Change, part: str) -> bool:
    return bool(part) and (part in (change.key, change.name) or change.key.startswith(f"{part}."))


def _without_idle(name: str, changes: Sequence[Change]) -> str:
    """Return the name of a group without the parts in which nothing differs."""
    felt = [part.strip() for part in name.split(",") if any(_begins(one, part.strip()) for one in changes)]
    return ",".join(felt) or name


def _keys(changes: Sequence[Change]) -> str:
    return ", ".join(dict.fromkeys(change.name for change in changes))


def _names(changes: Sequence[Change]) -> list[str]:
    """Return a name for each change, numbered where several have one."""
    keys = [change.name for change in changes]
    seen: Counter[str] = Counter()
    names = []
    for key in keys:
        seen[key] += 1
        names.append(key if keys.count(key) == 1 else f"{key} {seen[key]}")
    return names


def _by_section(changes: Sequence[Change], most: int) -> list[Group]:
    if len(changes) <= most:
        return [Group(name, (one,)) for name, one in zip(_names(changes), changes, strict=True)]
    sections: dict[str, list[Change]] = {}
    for change in changes:
        sections.setdefault(change.section, []).append(change)
    groups = [Group(mine[0].name if len(mine) == 1 else name, tuple(mine)) for name, mine in sections.items()]
    if len(groups) <= most:
        return groups
    largest = sorted(groups, key=lambda group: -len(group.changes))[: most - 1]
    rest = [group for group in groups if group not in largest]
    return [group for group in groups if group in largest] + [
        Group(", ".join(group.name for group in rest), tuple(one for group in rest for one in group.changes))
    ]

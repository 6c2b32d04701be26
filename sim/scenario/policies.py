"""Policies: combinations of the options of levers, each a scenario that shares its worlds with all others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from sim.scenario.check import LONGEST_NAME, NAME, Spot
from sim.scenario.event import month_of
from sim.scenario.levers import LEFT_OUT, POLICIES, Lever, LeverFile, Option, read_levers
from sim.scenario.problems import Problems, quoted, shown
from sim.scenario.scenario import ParameterEvent, Scenario

MOST_POLICIES = 60
FEWEST_POLICIES = 2
OWN_KEYS = ("name", "why")


@dataclass(frozen=True)
class Policy:
    """One option of every lever."""

    name: str
    why: str
    choices: Mapping[str, Option]
    "Label of each lever -> the option taken."
    scenario: Scenario
    "The scenario with these options taken."


@dataclass(frozen=True)
class Study:
    """A scenario, and the policies over it; the first is the reference."""

    scenario: Scenario
    name: str
    "Name of the lever file."
    title: str
    question: str
    levers: tuple[Lever, ...]
    policies: tuple[Policy, ...]
    left_out: tuple[str, ...] = ()
    "Options with an event before the start of the scenario."
    beyond: tuple[str, ...] = ()
    "Remarks on what lies after the last month of the scenario, and is left out."

    @property
    def fixed(self) -> set[str]:
        """Parameters set by some option: decisions, so no uncertain conditions."""
        return {key for lever in self.levers for option in lever.options for key in option.settings}

    @property
    def remarks(self) -> list[str]:
        """Warnings of what else gives a parameter of a lever its value: events of the scenario, a calibrated set."""
        keys = {key: lever.label for lever in self.levers for option in lever.options for key in option.keys}
        set_too = self.scenario.calibrated.keys if self.scenario.calibrated else ()
        drawn = [key for key in set_too if key in self.fixed]
        return (
            _too_early(self.left_out, self.scenario)
            + list(self.beyond)
            + [
                f"{keys[key]}: policies that set {key} give it their value; under the others worlds draw it from the "
                "calibrated set"
                for key in drawn
            ]
            + [
                f"{event.origin}: an event of {self.scenario.name} changes {event.key} "
                f"from {month_of(event, self.scenario.start)} on, as "
                f"{keys[event.key]} does; the later one counts, or both if they are factors"
                for event in self.scenario.events
                if isinstance(event, ParameterEvent) and event.key in keys
            ]
        )


def _too_early(left_out: Sequence[str], scenario: Scenario) -> list[str]:
    """Return a remark on each option that is left out for an event before the start."""
    why = f"an event of it lies before {scenario.start}, the start of {scenario.name}"
    return [f"{name}{LEFT_OUT}{why}" for name in left_out]


def read_study(name_or_path: str, scenario: Scenario) -> Study:
    """Return the policies of a lever file over a scenario.

    Raises ScenarioError with all problems at once.
    """
    problems = Problems()
    file = read_levers(name_or_path, scenario, problems)
    policies: tuple[Policy, ...] = ()
    if file is not None and not problems.found:
        policies = _listed(file, scenario, problems) if POLICIES in file.source.data else ()
        policies = policies or _combined(file, scenario, problems)
    problems.stop_if_any()
    assert file is not None
    return Study(
        scenario, file.source.name, file.title, file.question, file.levers, policies, file.left_out, file.remarks
    )


def _combined(file: LeverFile, scenario: Scenario, problems: Problems) -> tuple[Policy, ...]:
    """Return the policies of every combination of options, the last lever varying fastest."""
    count = prod(len(lever.options) for lever in file.levers)
    if count > MOST_POLICIES:
        rule = f"{count:,} combinations of options, at most {MOST_POLICIES} are allowed; list policies as [[policies]]"
        problems.add(file.source.shown, 0, "", rule)
        return ()
    combinations = product(*(lever.options for lever in file.levers))
    return tuple(_policy(name_of(file.levers, options), "", file, options, scenario) for options in combinations)


def _policy(name: str, why: str, file: LeverFile, options: Sequence[Option], scenario: Scenario) -> Policy:
    for option in options:
        scenario = option.over(scenario)
    choices = {lever.label: option for lever, option in zip(file.levers, options, strict=True)}
    return Policy(name, why, choices, scenario)


def name_of(levers: Sequence[Lever], options: Sequence[Option]) -> str:
    """Return a name such as `pressure fuller, monitoring rebuilt`: the differences from the reference.

    With a single lever it is the name of the option.
    """
    words = [option.name.replace("_", " ") for option in options]
    if len(levers) == 1:
        return words[0]
    names = [lever.name for lever in levers]
    heads = [lever.name if names.count(lever.name) == 1 else f"{lever.stakeholders} {lever.name}" for lever in levers]
    parts = [
        f"{head.replace('_', ' ')} {word}"
        for lever, option, head, word in zip(levers, options, heads, words, strict=True)
        if option is not lever.options[0]
    ]
    return ", ".join(parts or dict.fromkeys(words))


def _listed(file: LeverFile, scenario: Scenario, problems: Problems) -> tuple[Policy, ...]:
    """Return the policies listed in the file; add its problems."""
    source, raw = file.source, file.source.data[POLICIES]
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        rule = "must be written [[policies]], one table for each policy"
        problems.add(source.shown, source.line(POLICIES), POLICIES, rule)
        return ()
    if not FEWEST_POLICIES <= len(raw) <= MOST_POLICIES:
        rule = f"must list {FEWEST_POLICIES} to {MOST_POLICIES} policies, found {len(raw):,}"
        problems.add(source.shown, source.line(POLICIES), POLICIES, rule)
    left_out = [one for one in (*_too_early(file.left_out, scenario), *file.remarks) if LEFT_OUT in one]
    found: list[Policy] = []
    for position, entry in enumerate(raw):
        within = source.within(POLICIES, position)
        spot = Spot(source.shown, source.line(POLICIES, position), POLICIES, "", problems, within)
        before = len(problems.found)
        name, why = (_text(entry, key, spot) for key in OWN_KEYS)
        options = [_chosen(lever, entry, spot, left_out) for lever in file.levers]
        _note_unknown(entry, file, position, problems, left_out)
        if len(problems.found) > before:
            continue
        policy = _policy(name or name_of(file.levers, options), why, file, options, scenario)
        for other in found:
            if other.choices == policy.choices:
                spot.bad(f"{quoted(policy.name)} takes the same options as {quoted(other.name)}")
            elif other.name == policy.name:
                spot.inside("name").bad(f"two policies are called {quoted(policy.name)}")
        found.append(policy)
    return tuple(found)


def _text(entry: Mapping[str, Any], key: str, spot: Spot) -> str:
    text = entry.get(key, "")
    if not isinstance(text, str):
        spot.inside(key).bad(f"{key} must be text in quotes, found {quoted(text)}")
        return ""
    if key == "name" and text and not NAME.fullmatch(text):
        allowed = f"at most {LONGEST_NAME} letters, digits, spaces and , . : + - _ / ( )"
        spot.inside(key).bad(f"the name of a policy must have {allowed}, found {quoted(text)}")
        return ""
    return " ".join(text.split())


def _chosen(lever: Lever, entry: Mapping[str, Any], spot: Spot, left_out: Sequence[str]) -> Option:
    """Return the option of a lever that a policy takes; the first one where it names none."""
    table = entry.get(lever.stakeholders, {})
    wanted = table.get(lever.name, lever.options[0].name) if isinstance(table, dict) else lever.options[0].name
    by_name = {option.name: option for option in lever.options}
    if not isinstance(wanted, str) or wanted not in by_name:
        at = spot.inside(lever.stakeholders, lever.name)
        rule, others = f"{lever.label} has no option {quoted(wanted)}", f"; it has {', '.join(by_name)}"
        if why := next((one for one in left_out if one.startswith(f"{lever.label}.{wanted}{LEFT_OUT}")), ""):
            at.bad(f"{rule} here{others}; {why}")
        else:
            at.bad(rule + others, name=shown(wanted), among=by_name)
        return lever.options[0]
    return by_name[wanted]


def _note_unknown(
    entry: Mapping[str, Any], file: LeverFile, position: int, problems: Problems, left_out: Sequence[str]
) -> None:
    """Add a problem for levers that a policy names and the file lacks, or has without a choice over the scenario."""
    labels = [lever.label for lever in file.levers]
    for who, table in entry.items():
        if who in OWN_KEYS:
            continue
        for name in table if isinstance(table, dict) else ("",):
            label = f"{who}.{name}" if name else who
            if label in labels:
                continue
            line = file.source.line(POLICIES, position, who, *([name] if name else []))
            if why := "; ".join(one for one in left_out if one.startswith(f"{label}.")):
                rule = f"{label} has fewer than two options here, leave it out of the policy; {why}"
                problems.add(file.source.shown, line, POLICIES, rule)
            else:
                rule = f"unknown lever {quoted(label)}; the levers are {', '.join(labels)}"
                problems.add(file.source.shown, line, POLICIES, rule, name=label, among=labels)

"""The arguments of `sim information`, checked before anything runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.analysis.measures import Measure
from sim.commands.loading import attempt, attempt_load, enough_vectors, independent
from sim.commands.naming import named_keys, named_outcomes
from sim.commands.terminal import fail, notify
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.levers import shipped_levers
from sim.scenario.policies import read_study
from sim.scenario.problems import counted
from sim.studies.information.analysis import Decision, usual_groups
from sim.studies.information.regression import PER_COLUMN, fewest_worlds

FEWEST_WORLDS = 160
USUAL = "rus_prk.practical"
"""The outcome if none is asked for."""


@dataclass(frozen=True)
class Request:
    """Arguments of the command as they were typed."""

    outcomes: Sequence[str]
    keys: Sequence[str]
    groups: Sequence[str]
    levers: str | None
    minimise: str | None
    maximise: str | None
    calibrated: Path | None = None


@dataclass(frozen=True)
class Asked:
    """What is asked, once it is known to be right."""

    scenario: Scenario
    measures: Mapping[str, Measure]
    keys: Sequence[str]
    groups: Mapping[str, Sequence[str]]
    decision: Decision | None


def checked(name: str, changes: Mapping[str, Any], request: Request) -> Asked:
    """Return what is asked; exit with every problem of the arguments."""
    problems: list[Problem] = []
    scenario = attempt_load(problems, name, request.calibrated, **changes)
    decision = _decision(request, scenario, problems)
    wanted = request.minimise or request.maximise
    option = "--minimise" if request.minimise else "--maximise" if request.maximise else "--outcome"
    measures = named_outcomes([wanted] if wanted else request.outcomes or [USUAL], scenario, option, problems)
    worlds = int(changes["worlds"])
    if worlds < FEWEST_WORLDS:
        problems.append(Problem("--worlds", 0, "", f"must be at least {FEWEST_WORLDS}, found {worlds}"))
    enough_vectors(scenario, fewest_worlds(1), problems)
    keys, groups, large = _unknowns(request, scenario, independent(scenario), problems) if scenario else ([], {}, [])
    idle: list[str] = []
    if decision:
        keys = [key for key in keys if key not in decision.study.fixed]
        groups = {group: [key for key in mine if key in keys] for group, mine in groups.items()}
        idle = [f"--group {group}" for group, mine in groups.items() if request.groups and not mine]
        groups = {group: mine for group, mine in groups.items() if mine}
        if not keys:
            problems.append(Problem("--keys", 0, "", "every parameter of these is set by an option of the lever file"))
    if problems or scenario is None:
        fail(str(ScenarioError(problems)))
    if large:
        what = "vectors in the set" if scenario.calibrated else "--worlds"
        notify(f"{what}: too few for the groups {', '.join(large)}, which are left out")
    if idle:
        notify(f"{', '.join(idle)}: without effect: options of the lever file set all of it")
    for remark in decision.study.remarks if decision else ():
        notify(remark)
    return Asked(scenario, measures, keys, groups, decision)


def _decision(request: Request, scenario: Scenario | None, problems: list[Problem]) -> Decision | None:
    """Return the decision, or None where none is asked for or something is wrong with it."""
    wanted = [one for one in (request.minimise, request.maximise) if one]
    if request.levers is None:
        if wanted:
            names = ", ".join(shipped_levers())
            rule = f"is missing: what is to be decided; give a file or a shipped name: {names}"
            problems.append(Problem("--levers", 0, "", rule))
        return None
    if len(wanted) != 1:
        rule = "a decision needs one outcome; use --minimise technology, or --maximise score_KOR_threat"
        problems.append(Problem("--levers", 0, "", rule))
    if request.outcomes:
        rule = "is for the variance of an outcome; a decision takes --minimise or --maximise instead"
        problems.append(Problem("--outcome", 0, "", rule))
    study = attempt(problems, read_study, request.levers, scenario) if scenario else None
    return Decision(study, bool(request.minimise)) if study else None


def _unknowns(
    request: Request, scenario: Scenario, worlds: int, problems: list[Problem]
) -> tuple[list[str], dict[str, list[str]], list[str]]:
    """Return the parameters, the groups, and the usual groups that are too large; append what is wrong with them."""
    keys = named_keys(request.keys, scenario, "--keys", problems)
    if not request.groups:
        groups, large = usual_groups(keys, worlds)
        return keys, groups, large
    groups = {}
    for group in dict.fromkeys(text.strip().rstrip(".") for text in request.groups):
        mine = named_keys([group], scenario, "--group", problems)
        if (need := fewest_worlds(len(mine))) > worlds:
            what = "vectors of the set" if scenario.calibrated else "worlds"
            rule = (
                f"{counted(len(mine), 'parameter')} take up to {need // PER_COLUMN} columns of a regression: at least "
                f"{need:,} {what} are needed, found {worlds:,}"
            )
            problems.append(Problem("--group", 0, group, rule))
        groups[group] = mine
    return keys, {group: mine for group, mine in groups.items() if mine}, []

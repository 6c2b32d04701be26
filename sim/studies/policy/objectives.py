"""The arguments of `sim policy`, checked before anything runs: scenario, levers, outcomes, thresholds."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.commands.loading import attempt, attempt_load
from sim.commands.terminal import fail, notify
from sim.scenario import Problem, ScenarioError, load, shipped
from sim.scenario.levers import find_levers, shipped_levers
from sim.scenario.policies import Study, read_study

MOST_OUTCOMES = 4
"""Most outcomes; the first decides, the others are compared with it. More would not fit a figure."""
THRESHOLDS = {"minimise": "--at-most", "maximise": "--at-least"}


@dataclass(frozen=True)
class Aim:
    """An outcome by name, to be minimised or maximised."""

    way: str
    "`minimise` or `maximise`."
    name: str


def load_study(
    name: str,
    levers: str | None,
    wanted: Sequence[Aim],
    limits: tuple[float | None, float | None],
    changes: Mapping[str, Any],
    calibrated: Path | None = None,
) -> Study:
    """Return the policies over the scenario; exit with every problem of scenario, levers and options.

    Worlds draw from a calibrated set if one is given; what an option of a lever sets wins over it.

    `limits` are the thresholds of --at-most and --at-least.
    """
    problems = _problems_of(wanted, limits)
    if levers is None:
        names = ", ".join(shipped_levers())
        problems.append(Problem("--levers", 0, "", f"is missing; give a file or a shipped name: {names}"))
    wrong: list[Problem] = []
    scenario = attempt_load(wrong, name, calibrated, **changes)
    study = attempt(wrong, read_study, levers, scenario) if scenario and levers is not None else None
    if scenario is None and levers is not None:
        wrong += _of_levers(levers, name, changes, wrong)
    problems = [*wrong, *problems]
    if problems or study is None:
        from sim.commands.naming import named_outcomes  # loads NumPy

        for one in wanted:
            named_outcomes([one.name], scenario, f"--{one.way}", problems)
        fail(str(ScenarioError(problems)))
    for remark in study.remarks:
        notify(remark)
    return study


def _of_levers(levers: str, name: str, changes: Mapping[str, Any], wrong: Sequence[Problem]) -> list[Problem]:
    """Return the faults of a lever file beside those of its scenario, which are `wrong`.

    It is read over the scenario without the options that may be at fault, or over the shipped one that was meant. Where
    the file of the scenario itself is at fault it is only looked for, since another scenario would judge it wrongly.
    """
    known = shipped()
    meant: list[tuple[str, Mapping[str, Any]]] = [(one.suggestion, {}) for one in wrong if one.suggestion in known]
    for base, given in [(name, {**changes, "worlds": None, "seed": None}), (name.partition("+")[0], {}), *meant]:
        if scenario := attempt([], load, base, **given):
            found: list[Problem] = []
            attempt(found, read_study, levers, scenario)
            return found
    found = []
    attempt(found, find_levers, levers)
    return found


def _problems_of(wanted: Sequence[Aim], limits: tuple[float | None, float | None]) -> list[Problem]:
    """Return the problems of the options; names of outcomes are checked later, by the analysis."""
    problems = []
    if not wanted:
        rule = "no outcome is given; use --minimise technology, or --maximise score_KOR_threat"
        problems.append(Problem("policy", 0, "", rule))
    names = [one.name.strip() for one in wanted]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            problems.append(Problem("policy", 0, name, "is given twice"))
    if len(names) > MOST_OUTCOMES:
        rule = f"at most {MOST_OUTCOMES} outcomes can be compared, found {len(names)}"
        problems.append(Problem("policy", 0, "", rule))
    given = dict(zip(THRESHOLDS.values(), limits, strict=True))
    for option, value in given.items():
        if value is not None and not math.isfinite(value):
            problems.append(Problem(option, 0, "", f"must be a finite number, found {value}"))
        if value is not None and wanted and THRESHOLDS[wanted[0].way] != option:
            rule = f"is for {'minimise' if option == '--at-most' else 'maximise'}; the first outcome is to "
            problems.append(Problem(option, 0, "", f"{rule}{wanted[0].way}", THRESHOLDS[wanted[0].way]))
    return problems

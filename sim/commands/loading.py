"""The scenarios that a command is asked for, or every reason why they cannot be had."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from sim.commands.terminal import fail, tell
from sim.scenario import Problem, Scenario, ScenarioError, load

Read = TypeVar("Read")
FEWEST = 2
SHARED = {
    "seed": "give all of them one with --seed",
    "months": "give all of them one with --months",
    "start": "worlds can only be paired month by month; give the files one start",
}
"""What must be the same in all scenarios that are compared, and what to do if it is not."""


def attempt(problems: list[Problem], read: Callable[..., Read], *given: object, **options: object) -> Read | None:
    """What `read` gives; None, with its problems added to the list, if it raises ScenarioError."""
    try:
        return read(*given, **options)
    except ScenarioError as error:
        problems += error.problems
        return None


def stop_if_any(problems: Sequence[Problem]) -> None:
    """End the command with all problems, if there are any."""
    if problems:
        fail(str(ScenarioError(problems)))


def load_all(
    names: Sequence[str], sets: Sequence[str], worlds: int | None, months: int | None, seed: int | None
) -> list[Scenario]:
    """All scenarios, or every problem of all of them."""
    problems: list[Problem] = []
    loaded = _loaded(names, problems, set=sets, worlds=worlds, months=months, seed=seed)
    problems += _twice(loaded, "two scenarios of one name would share a folder; run them one by one")
    stop_if_any(problems)
    return loaded


def load_pairable(
    names: Sequence[str], sets: Sequence[str], worlds: int | None, months: int | None, seed: int | None
) -> list[Scenario]:
    """All scenarios with the same number of worlds, or every reason why they cannot be compared."""
    problems: list[Problem] = []
    loaded = _loaded(names, problems, set=sets, worlds=worlds, months=months, seed=seed)
    if len(names) < FEWEST:
        rule = "there is nothing to compare it with; name at least two scenarios, the first is the reference"
        problems.append(Problem(names[0] if names else "compare", 0, "", rule))
    problems += _twice(loaded, "stands twice; scenarios are told apart by their names") + _apart(loaded)
    stop_if_any(problems)
    fewest = min(scenario.worlds for scenario in loaded)
    if any(scenario.worlds != fewest for scenario in loaded):
        tell(f"the scenarios ask for different numbers of worlds; all are run over {fewest:,}, the fewest")
    for scenario in loaded[1:]:
        if scenario.hash == loaded[0].hash:
            tell(f"{scenario.name} differs in nothing from {loaded[0].name}; every difference will be zero")
    return [replace(scenario, worlds=fewest) for scenario in loaded]


def _loaded(names: Sequence[str], problems: list[Problem], **options: object) -> list[Scenario]:
    found = [attempt(problems, load, name, **options) for name in names]
    return [scenario for scenario in found if scenario is not None]


def _twice(loaded: Sequence[Scenario], rule: str) -> list[Problem]:
    names = [scenario.name for scenario in loaded]
    return [Problem(name, 0, "", rule) for name in dict.fromkeys(names) if names.count(name) > 1]


def _apart(loaded: Sequence[Scenario]) -> list[Problem]:
    """What keeps worlds from being paired, against the first scenario."""
    found = []
    for scenario in loaded[1:]:
        for key, remedy in SHARED.items():
            mine, reference = getattr(scenario, key), getattr(loaded[0], key)
            if mine != reference:
                place = scenario.origins.get(key, "")
                where = f" ({place})" if place and place != "default" else ""
                rule = f"is {mine}{where}, but {reference} in {loaded[0].name}, so worlds cannot be paired; {remedy}"
                found.append(Problem(scenario.name, 0, key, rule))
    return found


def draw_from(path: Path | None, scenarios: list[Scenario]) -> list[Scenario]:
    """The scenarios with worlds drawn from a calibrated set, if there is one; what may surprise is told."""
    if path is None:
        return scenarios
    from sim.results.calibrated import attach, remarks

    try:
        attached = [attach(scenario, path) for scenario in scenarios]
    except ScenarioError as error:
        fail(str(error))
    for remark in dict.fromkeys(remark for scenario in attached for remark in remarks(scenario)):
        tell(remark)
    return attached

"""Scenarios whose worlds can be paired: one seed, one start, one horizon, one number of worlds."""

from collections.abc import Sequence
from dataclasses import replace

from sim.commands.terminal import fail, tell
from sim.scenario import Problem, Scenario, ScenarioError, load

FEWEST = 2
SHARED = {
    "seed": "give all of them one with --seed",
    "months": "give all of them one with --months",
    "start": "worlds can only be paired month by month; give the files one start",
}
"""What must be the same in all, and what to do if it is not."""


def load_pairable(
    names: Sequence[str], sets: Sequence[str], worlds: int | None, months: int | None, seed: int | None
) -> list[Scenario]:
    """All scenarios with the same number of worlds, or every reason why they cannot be compared."""
    loaded, problems = [], []
    for name in names:
        try:
            loaded.append(load(name, set=sets, worlds=worlds, months=months, seed=seed))
        except ScenarioError as error:
            problems += error.problems
    if len(names) < FEWEST:
        rule = "there is nothing to compare it with; name at least two scenarios, the first is the reference"
        problems.append(Problem(names[0] if names else "compare", 0, "", rule))
    problems += _twice(loaded) + _apart(loaded)
    if problems:
        fail(str(ScenarioError(problems)))
    fewest = min(scenario.worlds for scenario in loaded)
    if any(scenario.worlds != fewest for scenario in loaded):
        tell(f"the scenarios ask for different numbers of worlds; all are run over {fewest:,}, the fewest")
    for scenario in loaded[1:]:
        if scenario.hash == loaded[0].hash:
            tell(f"{scenario.name} differs in nothing from {loaded[0].name}; every difference will be zero")
    return [replace(scenario, worlds=fewest) for scenario in loaded]


def _twice(loaded: Sequence[Scenario]) -> list[Problem]:
    names = [scenario.name for scenario in loaded]
    rule = "stands twice; scenarios are told apart by their names"
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

"""The scenarios that a command is asked for."""

from collections.abc import Sequence

from sim.commands.terminal import fail
from sim.scenario import Problem, Scenario, ScenarioError, load


def load_all(
    names: Sequence[str], sets: Sequence[str], worlds: int | None, months: int | None, seed: int | None
) -> list[Scenario]:
    """All scenarios, or every problem of all of them."""
    loaded, problems = [], []
    for name in names:
        try:
            loaded.append(load(name, set=sets, worlds=worlds, months=months, seed=seed))
        except ScenarioError as error:
            problems += error.problems
    seen = [scenario.name for scenario in loaded]
    for name in dict.fromkeys(name for name in seen if seen.count(name) > 1):
        rule = "two scenarios of one name would share a folder; run them one by one"
        problems.append(Problem(name, 0, "", rule))
    if problems:
        fail(str(ScenarioError(problems)))
    return loaded

"""The scenarios that a command is asked for."""

from collections.abc import Sequence
from pathlib import Path

from sim.commands.terminal import fail, tell
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

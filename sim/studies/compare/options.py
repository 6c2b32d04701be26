"""The changes among which `sim compare --attribute` splits a difference, and what is wrong with them."""

from collections.abc import Sequence

from sim.commands.loading import attempt
from sim.commands.terminal import mention
from sim.scenario import Problem, Scenario
from sim.scenario.difference import Group, differences, grouped
from sim.studies.compare.shapley import MOST


def faults(scenarios: Sequence[Scenario], named: Sequence[str], wanted: bool, operands: int) -> list[Problem]:
    """Return why a difference cannot be split as asked, of the `operands` those that could be loaded."""
    if not wanted:
        return [Problem("--group", 0, "", "makes groups of an attribution; add --attribute")] if named else []
    if operands != 2:
        return [Problem("--attribute", 0, "", "splits the difference of two scenarios; name just two")]
    problems: list[Problem] = []
    found = attempt([], differences, *scenarios) if len(scenarios) == operands else None  # else told as unpairable
    if found:
        attempt(problems, grouped, found, named, MOST)
    elif found is not None:
        problems.append(Problem(scenarios[1].name, 0, "", f"differs in nothing from {scenarios[0].name}"))
    return problems


def groups_of(scenarios: Sequence[Scenario], named: Sequence[str]) -> tuple[Group, ...]:
    """Return the changes among which the difference of two scenarios without `faults` is split."""
    found = differences(*scenarios)
    groups = grouped(found, named, MOST)
    if len(groups) < len(found) and not named:
        kept = ", ".join(f"{group.name} ({len(group.changes)})" for group in groups)
        mention("groups", changes=len(found), n=len(groups), names=kept)
    return tuple(groups)

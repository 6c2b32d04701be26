"""The arguments of `sim influence`, checked before anything runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.analysis.levers import LEVERS, OUTCOMES
from sim.analysis.measures import Measure
from sim.commands.ends import ends_of
from sim.commands.loading import attempt, load_all, load_pairable
from sim.commands.naming import named_outcomes
from sim.scenario import Problem, Scenario, load
from sim.scenario.check import Spot
from sim.scenario.names import COUNTRIES
from sim.scenario.problems import Problems, quoted, shown

OPTION = "--lever"
FORM = "must be KEY=LOW:HIGH, such as routes.khasan.capacity=10:200"
FEWEST_WORLDS = 8
Levers = Mapping[str, Mapping[str, tuple[float, float]]]


@dataclass(frozen=True)
class Asked:
    """What is asked, once it is known to be right."""

    scenarios: list[Scenario]
    measures: Mapping[str, Measure]
    levers: Levers


def checked(
    names: Sequence[str],
    changes: Mapping[str, Any],
    outcomes: Sequence[str],
    levers: Sequence[str],
    calibrated: Path | None = None,
) -> Asked:
    """Return what is asked; exit with every problem of the arguments."""
    problems: list[Problem] = []
    first = next((one for name in names if (one := attempt([], load, name, **changes))), None)
    measures = named_outcomes(outcomes or OUTCOMES, first, "--outcome", problems)
    mine = attempt(problems, levers_of, levers) if levers else LEVERS
    if int(changes["worlds"]) < FEWEST_WORLDS:
        rule = f"must be at least {FEWEST_WORLDS}, found {changes['worlds']}"
        problems.append(Problem("--worlds", 0, "", rule))
    scenarios = (load_pairable if len(names) > 1 else load_all)(names, changes, calibrated, also=lambda _: problems)
    assert mine is not None, "its problems have been told"
    return Asked(scenarios, measures, mine)


def levers_of(texts: Sequence[str]) -> Levers:
    """Return the levers of `--lever`, owner -> key -> ends. Raises ScenarioError with all problems at once."""
    problems = Problems()
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for text in texts:
        key, equals, span = (part.strip() for part in text.partition("="))
        parts = span.split(":")
        if not equals or not key or len(parts) != 2:
            problems.add(OPTION, 0, "", f"{FORM}; found {quoted(text)}")
            continue
        spot = Spot(OPTION, 0, shown(key), OPTION, problems)
        if any(key in mine for mine in found.values()):
            spot.bad("is given twice")
        elif ends := ends_of(key, parts, spot):
            found.setdefault(_owner(key), {})[key] = ends
    problems.stop_if_any()
    return found


def _owner(key: str) -> str:
    """Return the country whose lever it is: the one in the shipped list, or in the key; empty if there is none."""
    listed = next((owner for owner, keys in LEVERS.items() if key in keys), "")
    first = key.partition(".")[0]
    return listed or (first if first in COUNTRIES else "")

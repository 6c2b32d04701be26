"""The arguments of `sim influence`, checked before anything runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis.measures import Measure
from sim.commands.loading import attempt, load_all, load_pairable
from sim.commands.naming import named_outcomes
from sim.commands.terminal import fail
from sim.scenario import PARAMETERS, Problem, Scenario, ScenarioError, load
from sim.scenario.check import Spot, number
from sim.scenario.hints import unknown_key
from sim.scenario.names import COUNTRIES
from sim.scenario.parameters import SWITCH
from sim.scenario.problems import Problems, quoted, shown
from sim.studies.influence.levers import LEVERS, OUTCOMES

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


def checked(names: Sequence[str], changes: Mapping[str, Any], outcomes: Sequence[str], levers: Sequence[str]) -> Asked:
    """Return what is asked; exit with every problem of the arguments."""
    problems: list[Problem] = []
    loaded = [attempt(problems, load, name, **changes) for name in names]
    first = next((one for one in loaded if one), None)
    measures = named_outcomes(outcomes or OUTCOMES, first, "--outcome", problems)
    mine = attempt(problems, levers_of, levers) if levers else LEVERS
    if int(changes["worlds"]) < FEWEST_WORLDS:
        rule = f"must be at least {FEWEST_WORLDS}, found {changes['worlds']}"
        problems.append(Problem("--worlds", 0, "", rule))
    if problems or mine is None:
        fail(str(ScenarioError(problems)))
    scenarios = load_pairable(names, changes) if len(names) > 1 else load_all(names, changes)
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
        elif ends := _ends(key, parts, spot):
            found.setdefault(_owner(key), {})[key] = ends
    problems.stop_if_any()
    return found


def _owner(key: str) -> str:
    """Return the country whose lever it is: the one in the shipped list, or in the key; empty if there is none."""
    listed = next((owner for owner, keys in LEVERS.items() if key in keys), "")
    first = key.partition(".")[0]
    return listed or (first if first in COUNTRIES else "")


def _ends(key: str, parts: Sequence[str], spot: Spot) -> tuple[float, float] | None:
    """Return LOW and HIGH; None, with the problems added, if they are invalid."""
    row = PARAMETERS.get(key)
    if row is None:
        rule, hint = unknown_key(shown(key, 200))
        spot.bad(rule, name=hint, among=[hint])
        return None
    if row.choices:
        spot.bad(f"is a choice of {', '.join(row.choices)} and has no ends")
        return None
    low, high = (
        number(_raw(part, row.unit == SWITCH), row, spot, name)
        for part, name in zip(parts, ("LOW", "HIGH"), strict=True)
    )
    if low is None or high is None:
        return None
    if low >= high:
        spot.bad(f"LOW must be less than HIGH, found {low:.12g} and {high:.12g}")
        return None
    return low, high


def _raw(text: str, switch: bool) -> Any:
    """Return the text of a number or switch as a number; any other text unchanged, to be refused later."""
    text = text.strip()
    if switch:
        return {"0": 0, "false": 0, "1": 1, "true": 1}.get(text, text)
    try:
        return float(text) if text.isascii() and "_" not in text else text
    except ValueError:
        return text

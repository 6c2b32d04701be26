"""The arguments of the counterfactual: what to turn, and which levers with which ranges."""

from collections.abc import Mapping, Sequence

import numpy as np

from sim.analysis.condition import Condition, ConditionError, read_condition
from sim.analysis.levers import LEVERS
from sim.commands.ends import ends_of
from sim.scenario import PARAMETERS, Problem
from sim.scenario.check import Spot
from sim.scenario.hints import unknown_key
from sim.scenario.names import COUNTRIES
from sim.scenario.parameters import SWITCH
from sim.scenario.problems import Problems, shown

OPTION = "--lever"
Ranges = Mapping[str, tuple[str, float, float]]
"""Key of a lever -> (owner, low, high)."""
USUAL: Ranges = {key: (owner, *ends) for owner, keys in LEVERS.items() for key, ends in keys.items()}
"""The levers that are tried unless others are asked for."""


def ranges_of(texts: Sequence[str], problems: list[Problem]) -> Ranges:
    """Return the levers of `--lever KEY` or `KEY=LOW:HIGH`, or the usual ones; add every problem."""
    if not texts:
        return USUAL
    found: dict[str, tuple[str, float, float]] = {}
    faults = Problems()
    for text in texts:
        key, equals, span = (part.strip() for part in text.partition("="))
        spot = Spot(OPTION, 0, shown(key), OPTION, faults)
        parts = span.split(":")
        if key in found:
            spot.bad("is given twice")
        elif equals and len(parts) != 2:
            spot.bad(f"must be KEY or KEY=LOW:HIGH, such as routes.khasan.capacity=10:200; found {shown(text)}")
        elif ends := (ends_of(key, parts, spot) if equals else _own_range(key, spot)):
            owner = USUAL[key][0] if key in USUAL else key.partition(".")[0]
            found[key] = (owner if owner in COUNTRIES else "", *ends)
    problems += faults.found
    return found


def _own_range(key: str, spot: Spot) -> tuple[float, float] | None:
    """Return the range of a lever that is named without one: that of the usual levers, or of the table."""
    if key in USUAL:
        return USUAL[key][1:]
    row = PARAMETERS.get(key)
    if row is None:
        rule, hint = unknown_key(shown(key, 200))
        spot.bad(rule, name=hint, among=[hint])
    elif row.unit == SWITCH:
        return 0.0, 1.0
    elif row.choices:
        spot.bad(f"is a choice of {', '.join(row.choices)} and has no ends")
    elif row.low is None or row.high is None:
        spot.bad("has no range in the table; give it one as KEY=LOW:HIGH")
    else:
        return row.low, row.high
    return None


def condition_of(text: str, problems: list[Problem]) -> Condition | None:
    """Return the condition of `--turn`; add every problem."""
    try:
        found = read_condition(text)
    except ConditionError as error:
        problems.append(Problem("--turn", 0, "", str(error)))
        return None
    if list(found.percentiles({name: np.zeros(1) for name in found.names()})):
        problems.append(Problem("--turn", 0, "", "a percentile needs many worlds, and this is one; write a number"))
    return found

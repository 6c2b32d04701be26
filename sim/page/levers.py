"""The levers of the page: which parameters a reader may move, and from where to where."""

import math
from collections.abc import Sequence
from typing import Any

from sim.analysis.levers import LEVERS
from sim.scenario import PARAMETERS, Problem, Scenario
from sim.scenario.hints import unknown_key
from sim.scenario.parameters import SWITCH
from sim.scenario.problems import shown

DEFAULT = (
    *("routes.khasan.capacity", "routes.rajin.open", "sanctions.pressure", "war.intensity", "war.usa_aid"),
    *("PRK.food.harvest", "border.target", "aid.pipeline", "technology.guard_scale", "coordination.friction"),
)
"""Levers that docs/who_matters.md finds to move an outcome by far more than 0.2 standard deviations."""
RANGES = {key: ends for levers in LEVERS.values() for key, ends in levers.items()}
LOG_FROM = 8.0
"""Ratio of the ends of a range from which a slider moves by factors."""


def checked(keys: Sequence[str], problems: list[Problem]) -> list[str]:
    """Return the levers asked for, the default ones if none is; append a problem for every one that is none."""
    wanted = [key.strip() for text in keys for key in text.split(",")] or list(DEFAULT)
    for key in wanted:
        if not key:
            problems.append(Problem("--levers", 0, "", "holds an empty name; write KEY or KEY,KEY"))
        elif key not in PARAMETERS:
            rule, near = unknown_key(shown(key, 80))
            problems.append(Problem("--levers", 0, shown(key), f"{rule}; sim params lists all", near))
        elif PARAMETERS[key].choices:
            rule = "is a choice among names and no lever; set two scenarios side by side instead"
            problems.append(Problem("--levers", 0, key, rule))
        elif wanted.count(key) > 1:
            problems.append(Problem("--levers", 0, key, "is given twice"))
    return list(dict.fromkeys(wanted))


def lever(key: str, scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Return a lever as the page takes it: its ends reach to where every scenario starts."""
    row = PARAMETERS[key]
    low, high = RANGES.get(key) or _range(key)
    starts = [scenario.settings[key].value for scenario in scenarios]
    low, high = min(low, *starts), max(high, *starts)
    log = low > 0.0 and high / low >= LOG_FROM
    return {
        "key": key,
        "low": low,
        "high": high,
        "log": log,
        "unit": row.unit,
        "steps": bool(row.steps),
    }


def _range(key: str) -> tuple[float, float]:
    """Return the range of a parameter that no study moves: its uncertainty, else from half to twice its value."""
    row = PARAMETERS[key]
    if row.unit == SWITCH:
        return 0.0, 1.0
    if row.low is not None and row.high is not None:
        return row.low, row.high
    if row.value == 0.0:
        return max(row.min, -1.0), min(row.max, 1.0)
    ends = sorted((0.5 * row.value, 2.0 * row.value))
    return max(row.min, ends[0]), min(row.max, ends[1]) if math.isfinite(row.max) else ends[1]

"""`--vary KEY=LOW:HIGH:STEPS`: the parameters of a sweep and their values."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any

from sim.commands.ends import ends_of
from sim.commands.loading import attempt, attempt_load, of_another_lane
from sim.commands.terminal import fail, notify
from sim.plain import plain
from sim.scenario import PARAMETERS, ParameterEvent, Problem, Scenario, ScenarioError
from sim.scenario.check import Spot, number
from sim.scenario.event import month_of
from sim.scenario.hints import unknown_key
from sim.scenario.parameters import SWITCH
from sim.scenario.problems import Problems, quoted, shown

OPTION = "--vary"
MOST_AXES = 2
MOST_STEPS = 1000
MOST_POINTS = 20_000
FORM = "must be KEY=LOW:HIGH:STEPS, such as routes.khasan.capacity=10:400:20"

Axes = dict[str, tuple[float, ...]]
"""Key of each varied parameter -> its values, rising, in the unit of the parameter table."""


def load_varied(
    name: str, texts: Sequence[str], changes: Mapping[str, Any], calibrated: Path | None = None, outcome: str = ""
) -> tuple[Scenario, Axes]:
    """Return the scenario, drawing from a calibrated set if one is given, and its axes; exit with every problem.

    A fault of the outcome is told with others; alone, it is for the study to find.
    """
    first: list[Problem] = []
    second: list[Problem] = []
    scenario = attempt_load(first, name, calibrated, **changes)
    axes = attempt(second, axes_of, texts, changes["set"])
    if first or scenario is None or axes is None:
        if outcome:
            from sim.commands.naming import named_outcomes  # loads NumPy

            named_outcomes([outcome], scenario, "--outcome", second)
        fail(str(ScenarioError([*first, *second])))
    for remark in remarks(scenario, axes):
        notify(remark)
    return scenario, axes


def load_grid(
    scenario: Scenario | str, vary: Mapping[str, Sequence[float] | str], changes: Mapping[str, Any], outcome: str
) -> tuple[Scenario, Axes]:
    """Return the scenario and the axes given in code, as values or as LOW:HIGH:STEPS; exit with every problem.

    Those of the outcome are among them.
    """
    from sim.commands.naming import named_outcomes  # loads NumPy

    if not isinstance(vary, Mapping):
        raise TypeError(f"what is varied is a mapping from keys to values, not {type(vary).__name__} {vary!r:.60}")
    problems = Problems()
    axes: Axes = {}
    loaded = attempt_load(problems.found, scenario, **changes)
    if not 1 <= len(vary) <= MOST_AXES:
        problems.add(OPTION, 0, "", f"1 to {MOST_AXES} parameters can be varied at a time, found {len(vary)}")
    for key, values in vary.items():
        if isinstance(values, str):
            axes |= attempt(problems.found, axes_of, [f"{key}={values}"], ()) or {}
        else:
            axes[key] = _given(key, values, Spot(OPTION, 0, shown(key), OPTION, problems))
    _check_points(axes, problems)
    named_outcomes([outcome], loaded, "--outcome", problems.found)
    if loaded is None or problems.found:
        fail(str(ScenarioError(problems.found)))
    for remark in remarks(loaded, axes):
        notify(remark)
    return loaded, axes


def _given(key: str, values: Sequence[float], spot: Spot) -> tuple[float, ...]:
    """Return the values of a parameter, rising; empty, with the problems added, if they are invalid."""
    row = PARAMETERS.get(key)
    if row is None:
        rule, hint = unknown_key(shown(key, 200))
        spot.bad(rule, name=hint, among=[hint])
        return ()
    if row.choices:
        spot.bad(f"is a choice of {', '.join(row.choices)}; compare its names as scenarios, with sim.compare")
        return ()
    if not isinstance(values, Iterable):
        spot.bad(f"needs a list of values, or LOW:HIGH:STEPS, found {shown(values)}")
        return ()
    found = [number(plain(value), row, spot, "a value") for value in values]
    checked = [value for value in found if value is not None]
    if len(checked) == len(found) and (len(found) < 2 or any(a >= b for a, b in pairwise(checked))):
        spot.bad("needs at least two values, each larger than the one before")
    return tuple(checked)


def _check_points(axes: Axes, problems: Problems) -> None:
    points = prod(len(values) for values in axes.values())
    if points > MOST_POINTS:
        problems.add(OPTION, 0, "", f"{points:,} points are more than {MOST_POINTS:,}; take fewer steps")


def axes_of(texts: Sequence[str], sets: Sequence[str]) -> Axes:
    """Return the parameters and values of `--vary`. Raises ScenarioError with all problems at once."""
    problems = Problems()
    if not texts:
        problems.add(OPTION, 0, "", f"is missing: {FORM}")
    if len(texts) > MOST_AXES:
        problems.add(OPTION, 0, "", f"at most {MOST_AXES} parameters can be varied at a time, found {len(texts)}")
    fixed = {text.partition("=")[0].strip() for text in sets}
    axes: Axes = {}
    seen: set[str] = set()
    for text in texts:
        key, equals, span = (part.strip() for part in text.partition("="))
        parts = span.split(":")
        if not equals or not key or len(parts) != 3:
            problems.add(OPTION, 0, "", f"{FORM}; found {quoted(text)}")
            continue
        spot = Spot(OPTION, 0, shown(key), OPTION, problems)
        if key in seen:
            spot.bad("is varied twice")
        elif key in fixed:
            spot.bad("is both set and varied; drop one of --set and --vary")
        elif values := _values(key, parts, spot):
            axes[key] = values
        seen.add(key)
    _check_points(axes, problems)
    problems.stop_if_any()
    return axes


def _values(key: str, parts: Sequence[str], spot: Spot) -> tuple[float, ...]:
    """Return even steps from LOW to HIGH, both included; empty, with the problems added, if they are invalid."""
    ends, steps = (
        ends_of(key, parts, spot, "; compare its names as scenarios, with sim compare"),
        _steps(parts[2], spot),
    )
    if ends is None or steps is None:
        return ()
    low, high = ends
    if PARAMETERS[key].unit == SWITCH and steps != 2:
        spot.bad("is a switch: STEPS must be 2")
        return ()
    if low + (high - low) / (steps - 1) == low:
        spot.bad("LOW and HIGH lie too close together for so many steps")
        return ()
    found = (*(low + (high - low) * step / (steps - 1) for step in range(steps - 1)), high)
    if PARAMETERS[key].steps and not all(value.is_integer() for value in found):
        spot.bad(f"is {PARAMETERS[key].steps}: LOW:HIGH:STEPS must give whole numbers, such as {low:g}:{high:g}:2")
        return ()
    return found


def _steps(text: str, spot: Spot) -> int | None:
    """Return the number of values; None, with the problem added, if it is invalid."""
    text = text.strip()
    steps = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    if not 2 <= steps <= MOST_STEPS:
        spot.bad(f"STEPS must be a whole number from 2 to {MOST_STEPS:,}, found {quoted(text)}")
        return None
    return steps


def remarks(scenario: Scenario, axes: Mapping[str, Sequence[float]]) -> list[str]:
    """Return remarks on what else changes a varied parameter: events of the scenario, and a calibrated set."""
    events = [event for event in scenario.events if isinstance(event, ParameterEvent) and event.key in axes]
    other = of_another_lane(scenario.name, scenario.lane)
    told = [f"{other}; a sweep has no others"] if other else []
    drawn = [key for key in axes if scenario.calibrated and key in scenario.calibrated.keys]
    told += [f"{OPTION} {key}: is varied, so it is not drawn from the calibrated set" for key in drawn]
    return told + [
        f"{event.origin}: an event of {scenario.name} changes {event.key} from {month_of(event, scenario.start)} on; "
        + ("it replaces the varied value" if event.value is not None else "it multiplies the varied value")
        for event in events
    ]

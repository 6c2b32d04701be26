"""The two ends of a parameter's range as typed after an option: `KEY=LOW:HIGH`."""

from collections.abc import Sequence
from typing import Any

from sim.scenario.check import Spot, number
from sim.scenario.hints import unknown_key
from sim.scenario.parameters import PARAMETERS, SWITCH
from sim.scenario.problems import shown


def ends_of(key: str, parts: Sequence[str], spot: Spot, instead: str = "") -> tuple[float, float] | None:
    """Return LOW and HIGH, the first two of `parts`, in the unit of the parameter.

    Adds the problems and returns None if they are invalid; `instead` says what to do with a choice, which has no ends.
    """
    row = PARAMETERS.get(key)
    if row is None:
        rule, hint = unknown_key(shown(key, 200))
        spot.bad(rule, name=hint, among=[hint])
        return None
    if row.choices:
        spot.bad(f"is a choice of {', '.join(row.choices)} and has no ends{instead}")
        return None
    low, high = (
        number(_raw(text, row.unit == SWITCH), row, spot, name)
        for text, name in zip(parts[:2], ("LOW", "HIGH"), strict=True)
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

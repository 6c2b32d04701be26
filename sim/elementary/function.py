"""What the functions have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from sim.arrays import Array

BODIES: dict[str, Callable[..., Any]] = {}
"""The functions by name, in plain arithmetic."""


def elementary(body: Callable[..., Any]) -> Callable[..., Any]:
    """Let arrays that stand for something else than numbers answer by their method `__elementary__`."""
    name = body.__name__
    BODIES[name] = body

    @wraps(body)
    def function(*of: Any) -> Any:
        for one in of:
            if hasattr(one, "__elementary__"):
                return one.__elementary__(name, *of)
        return body(*(np.asarray(one, dtype=float) for one in of))

    return function


def constants(*values: float) -> tuple[Array, ...]:
    """Return constants as arrays, since NumPy converts a float anew in every operation, a third of its time."""
    return tuple(np.array(value) for value in values)


def within(x: Array, low: float, high: float) -> bool:
    """Return whether all numbers are known to lie between: a shorter way may then be taken to the same bits.

    Arrays that stand for something else than numbers answer by their method `__within__`.
    """
    if hasattr(x, "__within__"):
        return bool(x.__within__(low, high))
    if not x.size:
        return False
    return bool(x.min() >= low and x.max() <= high)


def polynomial(x: Array, coefficients: tuple[Array, ...]) -> Array:
    """Return coefficients[0] x + coefficients[1] x² + …, in a new array."""
    total = x * coefficients[-1]
    for one in coefficients[-2::-1]:
        total += one
        total *= x
    return total

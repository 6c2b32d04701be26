"""Exact Shapley values: a difference split among the changes that made it.

Source: Shapley 1953, "A value for n-person games"; interaction of pairs: Grabisch and Roubens 1999, International
Journal of Game Theory 28: 547. A combination of changes is a number whose bit i says whether change i is made.
"""

from __future__ import annotations

from math import factorial

import numpy as np

Array = np.ndarray
MOST = 8
"""Most changes: of n, all 2**n combinations are run."""


def parts(values: Array) -> Array:
    """Return the part of each change in ``values[-1] - values[0]``, (change, ...).

    `values` are (combination, ...), one for every combination of n changes, n >= 1. A part is the mean over all orders
    of making the changes, one after another, of what making this one then does. Parts add up to the whole difference;
    a change that never does anything has none, and two that are interchangeable have the same. Raises ValueError if the
    number of combinations is no power of two.
    """
    count = changes_in(values)
    found = []
    for i in range(count):
        without = [s for s in range(len(values)) if not s >> i & 1]
        found.append(_weighted(values, without, 1 << i, count, 1))
    return np.stack(found)


def pairs(values: Array) -> Array:
    """Return the interaction of each pair of changes, (change, change, ...), symmetric, zero on the diagonal.

    It is what both do together beyond the sum of what each does, averaged over which others are made: below zero for
    two that increase something, they do less together. Of two changes alone it is exactly that.
    """
    count = changes_in(values)
    found = np.zeros((count, count, *values.shape[1:]))
    for i in range(count):
        for j in range(i):
            neither = [s for s in range(len(values)) if not s >> i & 1 and not s >> j & 1]
            one, other = 1 << i, 1 << j
            step = sum(
                _weight(s, count, 2) * ((values[s | one | other] - values[s | one]) - (values[s | other] - values[s]))
                for s in neither
            )
            found[i, j] = found[j, i] = step
    return found


def changes_in(values: Array) -> int:
    """Return the number of changes. Raises ValueError."""
    count = len(values).bit_length() - 1
    if count < 1 or len(values) != 1 << count:
        raise ValueError(f"needs one value for each combination of changes, a power of two, found {len(values)}")
    return count


def _weighted(values: Array, without: list[int], bit: int, count: int, size: int) -> Array:
    # Combinations of one size are summed first, so that interchangeable changes have parts that are the same.
    return np.sum([_weight(s, count, size) * (values[s | bit] - values[s]) for s in without], axis=0)


def _weight(combination: int, count: int, size: int) -> float:
    """Return the share of orders in which just these changes come before the `size` ones that are looked at."""
    before = combination.bit_count()
    return factorial(before) * factorial(count - size - before) / factorial(count - size + 1)

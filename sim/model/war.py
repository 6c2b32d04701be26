"""The war: what Russia wants to fire, what Ukraine is given and fires (claims C1, C19)."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def wanted_fire(intensity: Array, base: Array, goal_ratio: Array, ukraine_fire: Array) -> Array:
    """Rounds that Russia wants to fire in a month, krounds (152 mm equivalent).

    A standing part, and a part that answers Ukraine's fire of the month before in the ratio of its goal. Less supply
    to Ukraine therefore lowers Russia's need for the same goal (C19). No war, no need.
    """
    return intensity * (base + goal_ratio * ukraine_fire)


def ukraine(stock: Array, given: Array, use: Array, intensity: Array) -> tuple[Array, Array]:
    """(stock left, rounds fired) of Ukraine after a month: the share `use` of what it has, less in a lesser war."""
    has = stock + given
    fired = has * use * np.minimum(intensity, 1.0)
    return has - fired, fired


def outside_supply(capacity: Array, open_market: Array, access: Array, price: Array, value: Array, shortfall: Array) -> Array:
    """Rounds that Russia buys outside the six (C7): from a sanctioned supplier, and from the open market by access.

    Nothing is bought above Russia's own value; `shortfall` (krounds) is what its stock lacks to the target.
    The fourth power says that makers of shells refuse long before a country is shut out altogether (assumed).
    """
    offered = capacity + open_market * access**4
    return np.where(value > price, np.minimum(offered, np.maximum(shortfall, 0.0)), 0.0)

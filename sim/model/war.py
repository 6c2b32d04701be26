"""The war: fire of Russia and Ukraine, and Russia's purchases outside the six (claims C1, C5, C7, C19)."""

from __future__ import annotations

import numpy as np

from sim.arrays import Array
from sim.elementary import power


def wanted_fire(intensity: Array, base: Array, goal_ratio: Array, ukraine_fire: Array) -> Array:
    """Return the rounds that Russia wants to fire, krounds a month (152 mm equivalent).

    A standing part, and a part that answers Ukraine's fire of the month before in the ratio of its goal. Less supply
    to Ukraine therefore lowers Russia's need for the same goal (C19). No war, no need.
    """
    return intensity * (base + goal_ratio * ukraine_fire)


def ukraine(stock: Array, given: Array, use: Array, intensity: Array) -> tuple[Array, Array]:
    """Return (stock left, rounds fired) of Ukraine after a month, krounds.

    It fires the share `use` of its rounds, less in a lesser war (`intensity` below 1).
    """
    has = stock + given
    fired = has * use * np.minimum(intensity, 1.0)
    return has - fired, fired


def outside_offer(capacity: Array, open_market: Array, access: Array, refusal: Array) -> Array:
    """Return the rounds that Russia could buy outside the six, krounds a month (C5, C7).

    `capacity` comes from a sanctioned supplier, `open_market` from the open market, scaled by `access`, 0-1, to the
    power `refusal`: a large power lets makers of shells refuse long before a country is shut out.
    """
    return capacity + open_market * power(access, refusal)


def outside_supply(offered: Array, price: Array, value: Array, shortfall: Array) -> Array:
    """Return the rounds that Russia buys outside, krounds a month (C7).

    It buys at most `offered` and the `shortfall` of its stock to the target, and nothing above its own value.
    """
    return np.where(value > price, np.minimum(offered, np.maximum(shortfall, 0.0)), 0.0)

"""The rest of the world: a market for food and energy, and Russia's purchases of shells outside the six."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model import value, war
from sim.model.accounts import as_far_as
from sim.model.routes import FROM
from sim.model.value import free_stock
from sim.scenario.names import COUNTRIES

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray
RUS = COUNTRIES.index("RUS")
AMMUNITION = 0
ROUTES_OF = [np.flatnonzero((FROM == n).any(axis=1)) for n in range(len(COUNTRIES))]


def outside_offer(w: World) -> Array:
    """Rounds that Russia could buy outside the six this month, krounds."""
    p = w.inputs
    return war.outside_offer(p["outside.capacity"], p["outside.open_market"], w.access[RUS], p["outside.refusal"])


def buy_outside(w: World) -> None:
    """Russia's purchases outside the six, before it turns to its partners (C7)."""
    p, n = w.inputs, (RUS, AMMUNITION)
    free = np.maximum(w.stock[n] - p.by_country_good("reserve")[n], 0.0)
    shortfall = w.target[n] * w.requirement[n] - free
    w.outside_ammunition = war.outside_supply(outside_offer(w), p["outside.price"], w.value[n], shortfall)


def _reachable(w: World) -> Array:
    """1 where at least one route of the country is open, else 0: the world market lies beyond some border."""
    runs = w.offers.capacity > value.TINY
    return np.stack([runs[those].any(axis=0) for those in ROUTES_OF]).astype(float)


def trade_with_rest_of_world(w: World) -> None:
    """Food and energy against money on the world market, as far as access, means and an open border reach.

    A gap to the target is filled; what is beyond it is sold as far as it is free.
    """
    p = w.inputs
    free = free_stock(w.stock, p.by_country_good("reserve"))
    gap = w.target * w.requirement - free - w.in_transit.sum(axis=0)
    access = (w.access * _reachable(w))[:, None]
    buys, sells = access * np.maximum(gap, 0.0), access * np.minimum(np.maximum(-gap, 0.0), free)
    buys[:, AMMUNITION] = sells[:, AMMUNITION] = 0.0
    price = p.by_good("world_price")
    means = p["accounts.world_share"] * p.by_country("gdp") * 1000.0 / 12.0 * w.access
    buys *= as_far_as(means, (buys * price).sum(axis=1))[:, None]
    buys[RUS, AMMUNITION] = w.outside_ammunition
    w.stock += buys - sells
    w.world_imports, w.world_exports = buys, sells

"""The rest of the world: a market for food and energy, and Russia's purchases of shells outside the six."""

import numpy as np

from sim.model import money
from sim.model.state import State
from sim.model.value import TINY, free_stock
from sim.scenario.names import AMMUNITION, RUS
from sim.scenario.values import Parameters


def buy_outside(s: State, p: Parameters) -> None:
    """Set the rounds that Russia buys from a supplier outside the six, before it turns to partners (C7).

    At most the shortfall of its stock to the target, and nothing above its own value.
    """
    n = RUS, AMMUNITION
    free = np.maximum(s.stock[n] - p.by_country_good("reserve")[n], 0.0)
    shortfall = s.target_stock[n] - free
    price = p["outside.price"]
    affordable = np.minimum(p["outside.capacity"], s.money[RUS] / np.maximum(price, TINY))
    bought = np.minimum(affordable, np.maximum(shortfall, 0.0))
    s.outside_ammunition = np.where(s.value[n] > price, bought, 0.0)
    paid = np.minimum(s.outside_ammunition * price, s.money[RUS])
    s.money[RUS] -= paid
    s.world_money = s.world_money + paid


def trade_with_rest_of_world(s: State, p: Parameters) -> None:
    """Trade food and energy on the world market and buy other imports, limited by access, money and an open border.

    Countries fill a gap to their target and sell free stock beyond it; without an open route they reach no market.
    """
    free = free_stock(s.stock, p.by_country_good("reserve"))
    gap = s.target_stock - free - s.in_transit.sum(axis=0)
    access = (s.access * money.linked(p).max(axis=0))[:, None]
    buys, sells = access * np.maximum(gap, 0.0), access * np.minimum(np.maximum(-gap, 0.0), free)
    buys[:, AMMUNITION] = sells[:, AMMUNITION] = 0.0
    price = p.by_good("world_price")
    money.earn(s, p, (sells * price).sum(axis=1))
    buys *= money.spend(s, p, (buys * price).sum(axis=1))[:, None]
    buys[RUS, AMMUNITION] = s.outside_ammunition
    s.stock += buys - sells
    s.world_imports, s.world_exports = buys, sells

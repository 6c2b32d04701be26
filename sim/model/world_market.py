"""The rest of the world: a market for food and energy, and Russia's purchases of shells outside the six."""

import numpy as np

from sim.model import money
from sim.model.state import State
from sim.model.value import TINY, for_sale, free_stock
from sim.scenario.names import AMMUNITION, ENERGY, GOODS, PRK, RUS
from sim.scenario.values import Parameters


def buy_outside(s: State, p: Parameters) -> None:
    """Set the rounds that Russia buys from a supplier outside the six, before it turns to partners (C7).

    At most the shortfall of its stock to the target, and nothing above its own value.
    """
    n, price = (RUS, AMMUNITION), p["outside.price"]
    lacking = np.maximum(s.target_stock[n] - free_stock(s.stock, p.by_country_good("reserve"))[n], 0.0)
    affordable = np.minimum(p["outside.capacity"], s.money[RUS] / np.maximum(price, TINY))
    s.outside_ammunition = np.where(s.value[n] > price, np.minimum(affordable, lacking), 0.0)
    paid = np.minimum(s.outside_ammunition * price, s.money[RUS])
    s.money[RUS] -= paid
    s.world_money = s.world_money + paid


def trade_with_rest_of_world(s: State, p: Parameters) -> None:
    """Trade food and energy on the world market and buy other imports, limited by access, money and an open border.

    Countries fill a gap to their target and sell free stock beyond it; without an open route they reach no market.
    """
    free = free_stock(s.stock, p.by_country_good("reserve"))
    gap = s.target_stock - free - s.in_transit.sum(axis=0)
    linked = money.linked(p).max(axis=0)
    open_to_all = (s.access * linked)[:, None]
    access = np.repeat(open_to_all, len(GOODS), axis=1)
    # tankers meet at sea, too; navies and inspectors take their share as of other cargo (C6)
    caught = np.minimum(p["sanctions.enforcement"] * s.monitoring * s.pressure[PRK], 1.0)
    access[PRK, ENERGY] += p["PRK.energy.at_sea"] * (1.0 - caught) * linked[PRK] * (1.0 - access[PRK, ENERGY])
    buys = access * np.maximum(gap, 0.0)
    sells = open_to_all * np.minimum(np.maximum(-gap, 0.0), for_sale(free, s.shortage))
    buys[:, AMMUNITION] = sells[:, AMMUNITION] = 0.0
    price = p.by_good("world_price")
    money.earn(s, p, (sells * price).sum(axis=1))
    buys *= money.spend(s, p, (buys * price).sum(axis=1))[:, None]
    buys[RUS, AMMUNITION] = s.outside_ammunition
    s.stock += buys - sells
    s.world_imports, s.world_exports = buys, sells

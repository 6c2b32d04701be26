"""Step 7: arrivals, clearing accounts, dependence, trust and alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model import accounts
from sim.model.diplomacy import TIER_WEIGHT
from sim.model.inputs import Inputs
from sim.model.market import cash_share
from sim.model.value import TINY
from sim.scenario.names import COUNTRIES

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray
RUS, PRK = COUNTRIES.index("RUS"), COUNTRIES.index("PRK")
AMMUNITION = 0


def settle(w: World) -> None:
    """Book what arrived, let debtors pay, and move trust, alignment, dependence and the norm."""
    p, flows = w.inputs, w.shipment
    arrive(w)
    value = (w.price_under_way * flows.delivered).sum(axis=2)
    w.paid_for_technology = w.transfers.payment.sum(axis=2)
    claim = value * (1.0 - cash_share(w)) + w.paid_for_technology
    w.balance = accounts.book(w.balance, claim)
    capacity = p.once("cash capacity", lambda: p["accounts.cash_share"] * p.by_country("gdp") * 1000.0 / 12.0)
    cash = accounts.cash_settlement(w.balance, p["accounts.cash_rate"], w.access, capacity)
    w.repaid = np.swapaxes(claim, 0, 1) + cash
    w.balance = accounts.book(w.balance, -cash)
    _dependence(w)
    w.value_delivered = value
    _trust(w, value)
    gained = (w.transfers.points.sum(axis=0)[PRK] * TIER_WEIGHT).sum(axis=0)
    w.new_technology = w.new_technology + gained / p["threat.points_of_note"]
    w.arms = w.arms + 0.5 * (flows.delivered[PRK, RUS, AMMUNITION] - w.arms)
    trading = np.tanh(flows.delivered[PRK, RUS, AMMUNITION] / 100.0)
    w.norm[RUS] = w.norm[RUS] * (1.0 - p["norm.erosion"] * trading)


def arrive(w: World) -> None:
    """Goods delivered join the buyer's stock; rounds that do not work are counted as lost there (C2)."""
    flows = w.shipment
    w.imports = flows.delivered.sum(axis=0)
    w.lost = np.zeros_like(w.stock)
    w.lost[:, AMMUNITION] = flows.faulty.sum(axis=0)
    w.stock += w.imports - w.lost


def _dependence(w: World) -> None:
    """Share of each partner in a country's supplies of about a year, rest of the world included (C17).

    Goods count at world prices, so that gifts and cheap credit make dependent too; technology at what was paid.
    """
    rate, price = w.inputs["autonomy.memory"], w.inputs.by_good("world_price")
    value = (w.shipment.delivered * price).sum(axis=2) + w.paid_for_technology
    from_world = (w.world_imports * price).sum(axis=1)
    w.supplied[:, : len(COUNTRIES)] += rate * (np.swapaxes(value, 0, 1) - w.supplied[:, : len(COUNTRIES)])
    w.supplied[:, len(COUNTRIES)] += rate * (from_world - w.supplied[:, len(COUNTRIES)])
    total = w.supplied.sum(axis=1)
    w.dependence = w.supplied[:, : len(COUNTRIES)] / np.maximum(total, TINY)[:, None]


def _trust(w: World, value: Array) -> None:
    """Trust grows with deliveries either way and falls with arrears, less where the debt is being served; alignment
    drifts back to its long-run level."""
    p = w.inputs
    both = value + np.swapaxes(value, 0, 1)
    traded = both / (both + p.once("half of trust", lambda: p["trust.value_half"] * pair_size(p)))
    served = np.minimum(w.repaid / np.maximum(value, TINY), 1.0)
    used = accounts.arrears(w.balance, w.credit) * (1.0 - p["trust.served_relief"] * served)
    worst = np.maximum(used, np.swapaxes(used, 0, 1))
    start = p.start_by_pair
    w.trust = accounts.move_trust(
        w.trust, start["trust"], traded, worst, p["trust.gain"], p["trust.loss"], p["trust.drift"]
    )
    w.alignment = w.alignment + p["trust.drift"] * (start["alignment"] - w.alignment)


def pair_size(p: Inputs) -> Array:
    """Root of the product of two countries' GDP, as multiple of that of Russia and North Korea."""
    gdp = p.by_country("gdp")
    return np.sqrt(gdp[:, None] * gdp[None] / (gdp[RUS] * gdp[PRK]))

"""Step 7: arrivals, clearing accounts, dependence, trust and alignment."""

import numpy as np

from sim.arrays import Array
from sim.elementary import tanh
from sim.model import accounts, money, relations
from sim.model.shipping import Flows
from sim.model.state import State
from sim.model.technology import TIER_NUMBERS, Transfers
from sim.model.value import TINY
from sim.scenario.names import AMMUNITION, FOOD, PRK, RUS
from sim.scenario.values import Parameters


def settle(s: State, p: Parameters, flows: Flows, transfers: Transfers) -> None:
    """Book arrivals and payments, and update trust, alignment, dependence and the norm."""
    arrive(s, flows)
    s.value_delivered = (s.price_under_way * flows.delivered).sum(axis=2)
    s.paid_for_technology = transfers.payment.sum(axis=2)
    claim = s.value_delivered + s.paid_for_technology
    s.balance = accounts.book(s.balance, s.paid_for_technology)  # so that money does not pay the same debt again
    money.settle(s)
    on_delivery, paid = s.cash_share * s.value_delivered, s.cash + s.in_kind
    s.repaid = np.swapaxes(claim, 0, 1) + np.maximum(paid - on_delivery, 0.0)
    s.balance = accounts.book(s.balance, s.value_delivered - paid)
    _dependence(s, p, flows.delivered)
    _trust(s, p)
    s.realised = s.realised + p["acts.need.memory"] * (s.gain - s.realised)
    gained = (transfers.points.sum(axis=0)[PRK] * TIER_NUMBERS).sum(axis=0)
    s.new_technology = s.new_technology + gained / p["threat.points_of_note"]
    shells = flows.delivered[PRK, RUS, AMMUNITION]
    s.arms = s.arms + p["threat.arms_memory"] * (shells - s.arms)
    s.norm[RUS] = s.norm[RUS] * (1.0 - p["norm.erosion"] * tanh(shells / p["norm.rounds_of_note"]))


def arrive(s: State, flows: Flows) -> None:
    """Add delivered goods to the buyers' stocks; rounds that do not work are lost there (C2)."""
    s.imports = flows.delivered.sum(axis=0)
    s.lost = np.zeros_like(s.stock)
    s.lost[:, AMMUNITION] = flows.faulty.sum(axis=0)
    s.stock += s.imports - s.lost


def _dependence(s: State, p: Parameters, delivered: Array) -> None:
    """Update each partner's share in all that a country buys, and the food that North Korea counts on, smoothed (C17).

    Goods count at world prices, so that gifts and cheap credit create dependence too; technology at its payment.
    """
    rate, price = p["autonomy.memory"], p.by_good("world_price")
    value = (delivered * price).sum(axis=2) + s.paid_for_technology
    from_world = (s.world_imports * price).sum(axis=1)
    supplied = s.other_imports.copy()
    supplied[:, :-1] += np.swapaxes(value, 0, 1) + s.in_kind
    supplied[:, -1] += from_world
    s.supplied = s.supplied + rate * (supplied - s.supplied)
    s.dependence = accounts.dependence(s.supplied)
    s.food_inflow = s.food_inflow + rate * ((s.imports + s.world_imports)[PRK, FOOD] - s.food_inflow)


def _trust(s: State, p: Parameters) -> None:
    """Learn trust from deliveries, unserved debts and broken contracts; let alignment drift back (C3, C5)."""
    value = s.value_delivered
    both = value + np.swapaxes(value, 0, 1)
    traded = both / (both + p.once("half of trust", lambda: p["trust.value_half"] * pair_size(p)))
    served = np.minimum(s.repaid / np.maximum(value, TINY), 1.0)
    used = accounts.arrears(s.balance, s.line) * (1.0 - p["trust.served_relief"] * served)
    strained = np.clip((used - p["trust.strained_from"]) / (1.0 - p["trust.strained_from"]), 0.0, 1.0)
    strained = np.maximum(strained, np.maximum(s.broken, np.swapaxes(s.broken, 0, 1)))
    s.kept = s.kept * (1.0 - p["trust.drift"]) + traded * (1.0 - strained)
    s.failed = s.failed * (1.0 - p["trust.drift"]) + p["trust.failure"] * strained
    s.trust = relations.learnt_trust(s.usual_trust, p["trust.prior"], s.kept, s.failed)
    s.alignment = np.clip(s.alignment + p["trust.drift"] * (s.usual_alignment - s.alignment), -1.0, 1.0)


def pair_size(p: Parameters) -> Array:
    """Return the root of two countries' GDP product relative to Russia and North Korea, (country, country, worlds)."""
    gdp = p.by_country("gdp")
    return np.sqrt(gdp[:, None] * gdp[None] / (gdp[RUS] * gdp[PRK]))

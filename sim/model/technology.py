"""Guarded technology: non-rival points in four tiers, passed on by projects with a lead time (C3, C14, C15)."""

from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.elementary import exp, log
from sim.model.value import TINY
from sim.scenario.names import TIERS

TIER_NUMBERS = np.array(TIERS, dtype=float)[:, None]
"""(tier, 1) 1.0 … 4.0"""
LOWER = (TIER_NUMBERS > TIER_NUMBERS.T).astype(float)[..., None]
"""(tier, tier, 1) 1 where the second tier is below the first."""
HIGHEST_LEVEL = 100.0
"""Top level of each tier, points (definition of the scale)."""
GAP_OF_UNIT = 50.0
"""Gap to the ambition at which a point is worth `technology.value_k`, points (definition)."""


@dataclass(frozen=True)
class Transfers:
    """Technology of a month. Arrays (giver, receiver, tier, worlds)."""

    points: Array
    "points passed on, or in a project that starts"
    payment: Array
    "MUSD that the receiver pays for them"
    gain_giver: Array
    "MUSD"
    gain_receiver: Array
    "MUSD"


def ambition(own: Array, level: Array, threat: Array, hostility: Array, rivalry: Array) -> Array:
    """Return the level that a country wants, 0-100 points (country, tier, worlds) (C14).

    Beside its `own` ambition it wants to catch up with its rivals, the more it feels threatened: a share of the gap to
    the best of their levels, each counted by hostility, that is `rivalry` (worlds; 0-1) times threat. level is
    (country, tier, worlds) in points; threat (country, worlds) and hostility (country, country, worlds) are 0-1.
    """
    others = ~np.eye(len(hostility), dtype=bool)[:, :, None, None]
    rivals = (others * hostility[:, :, None] * level[None]).max(axis=1)
    wanted = own + (rivalry * threat)[:, None] * np.maximum(rivals - own, 0.0)
    return np.minimum(wanted, HIGHEST_LEVEL)


def technology_value(value: Array, gap: Array, threat: Array) -> Array:
    """Return the value of a point, MUSD, (…, country, tier, worlds): ``v0 gap/50 (1 + threat)`` (C14).

    value = v0 (tier, worlds) in MUSD a point; gap, the ambition less the level, in points: at and above the ambition a
    point is worth nothing. threat is (country, worlds), 0-1.
    """
    return value * np.maximum(gap, 0.0) / GAP_OF_UNIT * (1.0 + threat[:, None])


def guard_cost(
    guard: Array,
    trust: Array,
    need: Array,
    hostility: Array,
    trust_effect: Array,
    need_effect: Array,
    hostility_effect: Array,
) -> Array:
    """Return the cost to the giver of releasing one point, MUSD, (giver, receiver, tier, worlds) (C15).

    guard (tier, worlds) is MUSD a point. Trust in the receiver and the giver's own `need`, both 0-1, lower it by the
    shares `trust_effect` and `need_effect`; `hostility`, 0-1, raises it by its square times `hostility_effect`, so that
    rivals give each other nothing.
    """
    softened = (1.0 - trust_effect * trust) * (1.0 - need_effect * need[:, None])
    return guard * (softened * (1.0 + hostility_effect * hostility**2))[:, :, None]


def pressed_on(technology_appeal: Array, goods_appeal: Array) -> Array:
    """Return the share of the pressure to settle that falls on technology, 0-1 (C3).

    A debtor settles with what the creditor values most per unit of the debtor's cost. Appeal is the best such ratio
    among the tiers, and among the goods.
    """
    return np.minimum(1.0, 2.0 * technology_appeal / np.maximum(technology_appeal + goods_appeal, TINY))


def release_hazard(worth: Array, cost: Array, hazard: Array, precision: Array) -> Array:
    """Return the chance a month that a project starts, 0-1: ``hazard / (1 + (cost/worth)^precision)`` (C14, C15).

    A choice by ratios (Luce 1959): its odds are proportional in all that softens the guard. worth and cost are MUSD a
    point; a `precision` without limit gives the strict rule, released where the worth exceeds the cost.
    """
    odds = precision * (log(np.maximum(worth, TINY)) - log(np.maximum(cost, TINY)))
    return hazard / (1.0 + exp(-odds))


def drawn(chance: Array, draw: Array) -> Array:
    """Return which of a partnership's tiers starts a project, at most one, (giver, receiver, tier, worlds).

    Each tier has an interval as long as its `chance` on the way from 0 to 1, and `draw` (giver, receiver, worlds),
    uniform on 0-1, falls into one of them or none.
    """
    before = (LOWER * chance[:, :, None]).sum(axis=-2)
    return (before <= draw[:, :, None]) & (draw[:, :, None] < before + chance)


def start_projects(
    *,
    worth: Array,
    guard: Array,
    cost: Array,
    weight: Array,
    size: Array,
    claims: Array,
    charged: Array,
    hazard: tuple[Array, Array],
    draw: Array,
) -> Transfers:
    """Return the projects that start this month; arrays (giver, receiver, tier, worlds) unless said otherwise.

    worth       receiver's value of a point in the middle of the project, MUSD
    guard       giver's cost of a point, arrears discount deducted; cost: norm, sanctions and risk; MUSD
    weight      (giver, receiver, 1, worlds) Nash weight of the giver
    size        points of the project, 0 where none is possible
    claims      (giver, receiver, worlds) MUSD with which the receiver can pay: above all what the giver owes it
    charged     (giver, receiver, worlds) share of the price that the giver asks, 0-1: the rest is a gift
    hazard      highest chance a month, (giver, receiver, 1, worlds), and precision of `release_hazard`, (worlds)
    draw        (giver, receiver, worlds) uniform on 0-1

    A project is whole or not at all, and starts only where the receiver's claims pay for it: debt comes first.
    """
    asked = np.minimum(guard, worth - cost)  # who starts it all the same finds its guard worth no more than it gets
    joint = worth - cost - asked
    full = asked + weight * joint
    price = charged[:, :, None] * full
    possible = (size > TINY) & (worth > cost) & (price * size <= claims[:, :, None])
    chance = np.where(possible, release_hazard(worth, guard + cost, *hazard), 0.0)
    points = np.where(drawn(chance, draw), size, 0.0)
    gift = points * (full - price)
    return Transfers(points, points * price, points * weight * joint - gift, points * (1.0 - weight) * joint + gift)

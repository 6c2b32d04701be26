"""Guarded technology: non-rival points in four tiers, released where value exceeds the guard cost (C14, C15)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.model.accounts import as_far_as
from sim.model.bargain import payment
from sim.model.value import TINY
from sim.scenario.names import TIERS

TIER_NUMBERS = np.array(TIERS, dtype=float)[:, None]
"""(tier, 1) 1.0 … 4.0"""
HIGHEST_LEVEL = 100.0
"""Top level of each tier, points (definition of the scale)."""
LEAST_SLOPE = 1e-15
"""Least divisor of a margin, MUSD a point per point (guard)."""
GAP_OF_UNIT = 50.0
"""Gap to the ambition at which a point is worth `technology.value_k`, points (definition)."""


@dataclass(frozen=True)
class Transfers:
    """Transfers of a month. Arrays (giver, receiver, tier, worlds)."""

    points: Array
    "points released"
    payment: Array
    "new debt of the receiver, MUSD"
    gain_giver: Array
    "MUSD"
    gain_receiver: Array
    "MUSD"


def technology_value(value: Array, ambition: Array, level: Array, threat: Array) -> Array:
    """Return the marginal value of a point, MUSD, (country, tier, worlds): ``v0 (ambition - level)/50 (1 + threat)``.

    value = v0 (tier, worlds) in MUSD a point; ambition and level in points, 0-100; threat (country, worlds), 0-1 (C14).
    Zero at and above the ambition.
    """
    return value * np.maximum(ambition - level, 0.0) / GAP_OF_UNIT * (1.0 + threat[:, None])


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


def triangle(margin: Array, slope: Array, points: Array) -> Array:
    """Return the joint surplus of `points`, MUSD: the area between a value that falls straight and a constant guard."""
    return points * (margin - slope * points / 2.0)


def pressed_on(technology_appeal: Array, goods_appeal: Array) -> Array:
    """Return the share of the pressure to settle that falls on technology, 0-1 (C3).

    A debtor settles with what the creditor values most per unit of the debtor's cost. Appeal is the best such ratio
    among the tiers, and among the goods.
    """
    return np.minimum(1.0, 2.0 * technology_appeal / np.maximum(technology_appeal + goods_appeal, TINY))


def release(
    *,
    value: Array,
    guard: Array,
    arrears_discount: Array,
    cost: Array,
    lead: Array,
    want: Array,
    slope: Array,
    weight: Array,
    absorption: Array,
    headroom: Array,
) -> Transfers:
    """Return the points released in a month, tier by tier (C14, C15).

    value       (1, receiver, tier, worlds) receiver's value of the first point, MUSD
    guard       (giver, receiver, tier, worlds) guard cost, MUSD a point
    arrears_discount (giver, receiver, worlds) share of the guard cost that a debtor gives up to settle, 0-1
    cost        (giver, receiver, tier, worlds) norm, sanctions and risk, MUSD a point
    lead, want  giver's level less receiver's; receiver's ambition less level; points
    slope       fall of the value, MUSD a point per point
    weight      (giver, receiver, 1, worlds) Nash weight of the giver
    absorption  (worlds) points of a tier that a receiver can take from a giver in a month
    headroom    (giver, receiver, worlds) credit left to this receiver, MUSD

    Several givers share a receiver's want in proportion.
    """
    floor = guard * (1.0 - arrears_discount[:, :, None])
    margin = value - floor - cost
    points = np.where(margin > 0.0, np.minimum(absorption, margin / np.maximum(slope, LEAST_SLOPE)), 0.0)
    points = np.minimum(points, np.maximum(np.minimum(lead, want), 0.0))
    points = points * as_far_as(want, points.sum(axis=0))
    claim = payment(floor, 0.0, points, weight, triangle(margin, slope, points)).sum(axis=2)
    points = points * np.where(claim > TINY, as_far_as(headroom, claim), 1.0)[:, :, None]
    joint = triangle(margin, slope, points)
    to_giver = weight * joint
    return Transfers(points, points * floor + to_giver, to_giver, joint - to_giver)

"""Bargaining of all pairs over all rival goods at once: arrays (from, to, good, worlds).

Claims C3 (barter), C5 (isolation), C6 (norm), C7 (outside supplier), C20 (gains on both sides).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.model.accounts import as_far_as
from sim.model.value import TINY

NONE, DEMAND, STOCK, PRODUCTION, CREDIT, CAPACITY, CLOSED = np.arange(7, dtype=np.int8)
"""Codes of what bound a flow, in the order of `sim.scenario.names.BINDING`."""

EQUAL_WEIGHT = 0.5
"""Nash weight between equals."""
LEAST_WEIGHT = 0.05
"""Least Nash weight of either side (guard: each side gains from a deal)."""
LEAST_SLOPE = 1e-15
"""Least divisor of a margin, MUSD a unit per unit (guard)."""


@dataclass(frozen=True)
class Deals:
    """Outcome of the bargains of a month. All arrays (from, to, good, worlds)."""

    volume: Array
    "units a month"
    price: Array
    "MUSD a unit; zero where nothing is traded"
    gain_seller: Array
    "MUSD a month"
    gain_buyer: Array
    "MUSD a month"
    margin: Array
    "joint surplus of the first unit, MUSD a unit; zero or less where nothing is traded"
    binding: Array
    "code: demand, stock, production, credit or capacity; none without a gain"
    wanted: Array
    "units the buyer would order without limits of stock and credit"


def nash_weight(
    outside_seller: Array,
    outside_buyer: Array,
    need_seller: Array,
    need_buyer: Array,
    outside_effect: Array,
    need_effect: Array,
) -> Array:
    """Return the seller's share of the joint surplus, 0.05-0.95; one half between equals (Nash 1950, asymmetric).

    A better outside option and less need make it larger. Options and needs are 0-1; the effects are the change of the
    share for a difference of one.
    """
    by_options = outside_effect * (outside_seller - outside_buyer)
    weight = EQUAL_WEIGHT + by_options + need_effect * (need_buyer - need_seller)
    return np.clip(weight, LEAST_WEIGHT, 1.0 - LEAST_WEIGHT)


def best_volume(margin: Array, slope_buyer: Array, slope_seller: Array) -> Array:
    """Return the volume at which the buyer's falling value meets the seller's rising value, units.

    margin in MUSD a unit; slopes in MUSD a unit per unit. Both values are straight lines, tangents to the curve of
    marginal value at the stocks of the month.
    """
    return np.where(margin > 0.0, margin / np.maximum(slope_buyer + slope_seller, LEAST_SLOPE), 0.0)


def payment(reservation: Array, slope_seller: Array | float, volume: Array, weight: Array, joint: Array) -> Array:
    """Return what the buyer pays for `volume`, MUSD: the seller's cost plus its share of the joint surplus."""
    return (reservation + slope_seller * volume / 2.0) * volume + weight * joint


def joint_surplus(margin: Array, slope_buyer: Array, slope_seller: Array | float, volume: Array) -> Array:
    """Return the area between the two value lines up to `volume`, MUSD."""
    return volume * (margin - (slope_buyer + slope_seller) * volume / 2.0)


def within_credit(headroom: Array, claim: Array, least: Array) -> tuple[Array, Array]:
    """Return (share kept of the seller's weight above the least, share of the volume granted), each 0-1.

    claim and least are the buyer's new debt at the seller's full and least weight; all in MUSD. First the weight gives
    way, then the volume.
    """
    gives_way = np.clip((headroom - least) / np.maximum(claim - least, TINY), 0.0, 1.0)
    keeps = np.where(headroom >= claim, 1.0, gives_way)
    return keeps, np.where(least > TINY, as_far_as(headroom, least), 1.0)


def bargain(
    *,
    value: Array,
    reservation: Array,
    cost: Array,
    slope_buyer: Array,
    slope_seller: Array,
    weight: Array,
    openness: Array,
    under_way: Array,
    room: Array,
    available: Array,
    production_bound: Array,
    headroom: Array,
    cash_share: Array,
    least_share: Array,
) -> Deals:
    """Return volumes and prices of a month.

    value        (from, to, good, worlds) buyer's marginal value of the first unit, quality deducted, MUSD a unit
    reservation  (from, to, good, worlds) seller's value of it, arrears discount deducted, MUSD a unit
    cost         (from, to, good, worlds) transport, risk, norm and sanctions, MUSD a unit
    slope_*      (from, to, good, worlds) fall of value and rise of reservation, MUSD a unit per unit
    weight       (from, to, good, worlds) seller's Nash weight, 0-1
    openness     (from, to, worlds) share of the best volume that the pair reaches
    under_way    (from, to, good, worlds) units ordered and not yet delivered
    room         (from, to, good, worlds) units that the pair's routes carry within the order horizon
    available    (from, good, worlds) units that the seller can release; limited by output where production_bound
    headroom     (from, to, worlds) credit left to this buyer, MUSD
    cash_share   (from, to, worlds) share of the price paid in money on delivery
    least_share  (worlds) least Nash weight of a seller when credit is short

    A pair trades where value less cost exceeds the reservation, as far as room, orders under way, available units and
    credit allow. Where credit is short the price gives way first: Nash bargaining with a budget.
    """
    margin = value - reservation - cost
    best = openness[:, :, None] * best_volume(margin, slope_buyer, slope_seller)
    wanted = np.maximum(np.minimum(best, room) - under_way, 0.0)
    binding = np.where(best > TINY, np.where(best > room, CAPACITY, DEMAND), NONE)

    # the seller shares what it can release among its buyers
    released = as_far_as(available, wanted.sum(axis=1))[:, None]
    short = (released < 1.0 - TINY) & (wanted > TINY)
    binding = np.where(short, np.where(production_bound[:, None], PRODUCTION, STOCK), binding)
    volume = wanted * released

    # credit: first the seller's share of the surplus gives way, then the volume
    floor = np.minimum(weight, least_share)
    joint = joint_surplus(margin, slope_buyer, slope_seller, volume)
    on_account = 1.0 - cash_share
    claim = payment(reservation, slope_seller, volume, weight, joint).sum(axis=2) * on_account
    least = payment(reservation, slope_seller, volume, floor, joint).sum(axis=2) * on_account
    keeps, granted = (share[:, :, None] for share in within_credit(headroom, claim, least))
    binding = np.where((granted < 1.0 - TINY) & (wanted > TINY), CREDIT, binding)
    weight = floor + keeps * (weight - floor)
    volume = np.where(volume * granted > TINY, volume * granted, 0.0)
    joint = joint_surplus(margin, slope_buyer, slope_seller, volume)
    price = payment(reservation, slope_seller, volume, weight, joint) / np.maximum(volume, TINY)
    to_seller = weight * joint
    return Deals(volume, price, to_seller, joint - to_seller, margin, binding, wanted)

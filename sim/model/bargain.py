"""Bargaining of all pairs over all rival goods at once: arrays (from, to, good, worlds).

Claims C3 (barter), C5 (isolation), C6 (norm), C7 (outside supplier), C20 (gains on both sides).
"""

from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.elementary import exp, log, log1p
from sim.model.accounts import as_far_as
from sim.model.value import TINY

NONE, DEMAND, STOCK, PRODUCTION, CREDIT, CAPACITY, CLOSED, NORM, HANDLING = np.arange(9, dtype=np.int8)
"""Codes of what bound a flow, in the order of `sim.scenario.names.BINDING`."""

EQUAL_WEIGHT = 0.5
"""Nash weight between equals."""
LEAST_WEIGHT = 0.05
"""Least Nash weight of either side (guard: each side gains from a deal)."""
ALL_BUT_STRAIGHT = 1e-4
"""Convexity up to which the area below a hyperbola is taken to first order in it, right to 1e-8 (definition)."""
CUBE = 3.0
"""Divisor of the integral of a square (definition)."""


@dataclass(frozen=True)
class Deals:
    """Outcome of the bargains of a month. All arrays (from, to, good, worlds)."""

    volume: Array
    "units a month"
    price: Array
    "MUSD a unit that arrives; zero where nothing is traded"
    gain_seller: Array
    "MUSD a month"
    gain_buyer: Array
    "MUSD a month"
    margin: Array
    "joint surplus of the first unit, MUSD a unit; zero or less where nothing is traded"
    contract: Array
    "units a month agreed for the months ahead"
    binding: Array
    "code: demand, stock, production, handling, credit or capacity; none without a gain"
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


def demand_at(price: Array, scale: Array, target: Array, free: Array, elasticity: Array, works: Array) -> Array:
    """Return the volume that a buyer would take at a constant price, units (C3).

    It fills its store until the last unit, of which the share `works` arrives and works, is worth the price:
    ``works · V (target / S*)^eta = price``, so it takes ``(S* - free) / works``, at least 0. scale = V in MUSD a
    working unit; target and free stock in units. The volume of *working* units at ``works · price`` does not depend on
    `works`.
    """
    filled = target * exp(log(np.maximum(works * scale / np.maximum(price, TINY), TINY)) / elasticity)
    return np.maximum(filled - free, 0.0) / works


def convexity(margin: Array, demand: Array, slope_buyer: Array) -> Array:
    """Return how far the buyer's value bends, 0 for a straight line.

    It starts to fall with `slope_buyer` and meets the price at `demand`, a straight line at ``margin / slope_buyer``.
    """
    return np.maximum(demand * slope_buyer / np.maximum(margin, TINY) - 1.0, 0.0)


def best_volume(margin: Array, demand: Array, slope_buyer: Array, slope_seller: Array) -> Array:
    """Return the volume at which the buyer's falling value meets the seller's rising reservation, units.

    margin in MUSD for the first unit; demand is that of `demand_at`; slopes in MUSD a unit per unit. Less the price,
    the value is the hyperbola ``margin (1 - t) / (1 + bend t)`` with t = x/demand: right in its height and slope at
    the first unit and in its end. Within 5 % of the exact root for elasticities of 0.65-1.2 and values up to four times
    the price; exact for a constant reservation and for straight lines.
    """
    gain, rise = np.maximum(margin, 0.0), slope_seller * demand
    half = (gain + rise) / 2.0
    root = np.sqrt(half**2 + rise * convexity(margin, demand, slope_buyer) * gain)
    return demand * (gain / np.maximum(half + root, TINY))


def once(wanted: Array, lacking: Array, works: Array) -> Array:
    """Return what a buyer orders of each seller, units, so that it fills its store once and not by each of them.

    wanted and lacking (from, to, good, worlds) are what it would take of each alone, with and without regard to room on
    the routes. Together they bring no more working units than the largest of them; it takes of all in proportion.
    """
    return wanted * as_far_as((lacking * works).max(axis=0), (wanted * works).sum(axis=0))[None]


def shared(asked: Array, available: Array) -> Array:
    """Return what the buyers get of what they ask for, (from, to, good, worlds): all the same share of it."""
    return asked * as_far_as(available, asked.sum(axis=1))[:, None]


def payment(reservation: Array, slope_seller: Array | float, volume: Array, weight: Array, joint: Array) -> Array:
    """Return what the buyer pays for `volume`, MUSD: the seller's cost plus its share of the joint surplus."""
    return (reservation + slope_seller * volume / 2.0) * volume + weight * joint


def joint_surplus(margin: Array, demand: Array, slope_buyer: Array, slope_seller: Array, volume: Array) -> Array:
    """Return the area between the buyer's hyperbola and the seller's line up to `volume`, MUSD.

    The integral of the hyperbola of `best_volume`; where it is all but straight the triangle, bent to first order.
    """
    bend, t = convexity(margin, demand, slope_buyer), volume / np.maximum(demand, TINY)
    curved = np.maximum(bend, ALL_BUT_STRAIGHT)
    bent = ((1.0 + curved) / curved * log1p(curved * t) - t) / curved
    straight = t - t * t / 2.0 - bend * t * t * (1.0 / 2.0 - t / CUBE)
    area = np.where(t > 0.0, np.where(bend > ALL_BUT_STRAIGHT, bent, straight), 0.0)
    return margin * demand * area - slope_seller * volume * volume / 2.0


def within_credit(
    headroom: Array,
    on_account: Array,
    charged: Array,
    weight: Array,
    least: Array,
    lot: tuple[Array, Array, Array],
    joint: Array,
) -> tuple[Array, Array]:
    """Return (seller's weight, share of the volume granted, 0-1) that the buyer's credit allows.

    headroom in MUSD; charged and on_account are the shares of the payment that are asked and owed; `lot` is
    reservation, slope and volume of `payment`. First the weight gives way, down to `least`, then the volume.
    """
    floor = np.minimum(weight, least)
    claim, lowest = ((charged * payment(*lot, w, joint)).sum(axis=2) * on_account for w in (weight, floor))
    gives_way = np.clip((headroom - lowest) / np.maximum(claim - lowest, TINY), 0.0, 1.0)
    keeps = np.where(headroom >= claim, 1.0, gives_way)[:, :, None]
    granted = np.where(lowest > TINY, as_far_as(headroom, lowest), 1.0)[:, :, None]
    return floor + keeps * (weight - floor), granted


def _wanted(best: Array, on_order: Array, works: Array, room: Array) -> tuple[Array, Array]:
    """Return what buyers order, units, and the code of what limits it: demand or room on the routes."""
    lacking = np.where(best > TINY, np.maximum(best - on_order / works, 0.0), 0.0)
    binding = np.where(best > TINY, np.where(lacking > room, CAPACITY, DEMAND), NONE)
    return once(np.minimum(lacking, room), lacking, works), binding


def bargain(
    *,
    value: Array,
    reservation: Array,
    cost: Array,
    borne: Array,
    demand: Array,
    slope_buyer: Array,
    slope_seller: Array,
    arrives: Array,
    works: Array,
    weight: Array,
    openness: Array,
    on_order: Array,
    room: Array,
    available: Array,
    release_bound: Array,
    headroom: Array,
    cash_share: Array,
    charged: Array,
    least_share: Array,
    contract: Array,
    keeps: Array,
) -> Deals:
    """Return volumes and prices of a month; arrays are (from, to, good, worlds) unless said otherwise.

    value        buyer's marginal value of the first unit, less what will not work or arrive, MUSD a unit
    reservation  seller's value of it, arrears discount deducted; cost: transport, norm, sanctions; MUSD a unit
    borne        what of the cost falls on the seller: the price makes it good; MUSD a unit
    demand       units that the buyer would take at the first one's price; slope_*: fall and rise, MUSD a unit per unit
    arrives      share expected to escape seizure, 0-1: only what arrives is paid for; works: and to work
    weight       seller's Nash weight, 0-1; openness: share of the best volume that a pair reaches, 0-1
    on_order     (to, good, worlds) working units that the buyer has on order from all sellers: they lower its demand
    room         units that the pair's routes can still take within the order horizon
    available    (from, good, worlds) units that the seller can release; release_bound is the code of what limits them
    headroom     (from, to, worlds) credit left to this buyer, MUSD; cash_share of a price is paid on delivery
    charged      share of the payment that is asked; least_share (worlds) least Nash weight when credit is short
    contract     units a month agreed so far; keeps (good, worlds) the share of it that runs on

    A pair trades where there is a margin, as far as goods on order, room, available units and credit allow.
    """
    margin = value - reservation - cost
    curve = margin, np.where(margin > 0.0, demand, 0.0), slope_buyer, slope_seller  # none is bought at a loss
    best = openness * best_volume(*curve)
    wanted, binding = _wanted(best, on_order, works, room)
    released = as_far_as(available, wanted.sum(axis=1))[:, None]
    binding = np.where((released < 1.0 - TINY) & (wanted > TINY), release_bound[:, None], binding)
    # what is agreed replaces what of the contract has run out; the rest is kept as long as there is a gain
    agreed = np.where(best > TINY, keeps * contract + (1.0 - keeps) * (wanted * released), 0.0)
    volume = shared(np.minimum(agreed, room), available)
    joint, own = joint_surplus(*curve, np.minimum(volume, best)), (reservation + borne, slope_seller)
    weight, granted = within_credit(headroom, 1.0 - cash_share, charged, weight, least_share, (*own, volume), joint)
    binding = np.where((granted < 1.0 - TINY) & (volume > TINY), CREDIT, binding)
    volume = np.where(volume * granted > TINY, volume * granted, 0.0)
    agreed = np.where(granted < 1.0, np.minimum(agreed, volume), agreed)  # nobody agrees on what the buyer cannot owe
    joint = joint_surplus(*curve, np.minimum(volume, best))  # what a contract brings beyond that is taken at its cost
    paid = payment(*own, volume, weight, joint)
    to_seller, price = weight * joint - (1.0 - charged) * paid, charged * paid / np.maximum(volume * arrives, TINY)
    return Deals(volume, price, to_seller, joint - to_seller, margin, agreed, binding, wanted)

"""Value of a unit of a good to a country, and use of goods (claims C1, C3, C5, C9)."""

import numpy as np

from sim.arrays import Array
from sim.elementary import exp, log
from sim.scenario.units import EARLY_HARVEST_MONTH, HARVEST_MONTH, MONTHS_A_YEAR

TINY = 1e-9
"""Amounts up to this count as none; least divisor (guard)."""
LONGEST_COVER = 999.0
"""Longest cover, and cover without a requirement, months (guard)."""
LEAST_ACCESS = 0.01
"""Least market access by which a price is divided (guard)."""


def cover(stock: Array, reserve: Array | float, requirement: Array) -> Array:
    """Return the months that the stock above the reserve lasts, 0-999; 999 where nothing is required."""
    free = np.maximum(stock - reserve, 0.0)
    return np.where(requirement > TINY, np.minimum(free / np.maximum(requirement, TINY), LONGEST_COVER), LONGEST_COVER)


def target_stock(present: Array, plan: Array, wartime: Array, allies: Array) -> Array:
    """Return the rounds that a country wants above its reserve, krounds: ``max(present, D W / (1 + allies))`` (C1, C2).

    present = what it wants for its present use; D = plan, months of wartime use W, of a war that may come: a store is
    built up again after a war. allies (0 without any) is the sum of pledges, each as share of the plan that it
    makes good (Morrow 1991). A plan of 0 leaves what is wanted at present.
    """
    return np.maximum(present, plan * wartime / (1.0 + allies))


def marginal_value(
    free: Array, target: Array, value: Array | float, elasticity: Array, floor: Array | float, cap: Array
) -> Array:
    """Return the marginal value, MUSD a unit: ``v0 (target / free)^eta`` between ``floor v0`` and ``cap v0``.

    free is the stock above the reserve, target the stock wanted, both in units; value = v0, MUSD a unit at the target;
    elasticity = eta. It falls with the stock; zero where none is wanted (C1, C3).
    """
    scarcity = np.maximum(target / np.maximum(free, TINY), TINY)
    multiple = exp(elasticity * log(scarcity))
    return np.where(target > TINY, value * np.clip(multiple, floor, cap), 0.0)


def value_to_buyer(value: Array, access: Array, world_price: Array, margin: Array) -> Array:
    """Return the value of a unit to a buyer, MUSD: at most its cost on the world market (C5).

    That cost includes the margin and grows as `access` (0-1) falls.
    """
    return np.minimum(value, world_price * (1.0 + margin) / np.maximum(access, LEAST_ACCESS))


def value_to_seller(value: Array, access: Array, world_price: Array, margin: Array) -> Array:
    """Return the value of a unit to a seller, MUSD: at least its proceeds on the world market (C5).

    The margin reduces these proceeds, and they fall with `access` (0-1).
    """
    return np.maximum(value, world_price * (1.0 - margin) * access)


def free_stock(stock: Array, reserve: Array) -> Array:
    """Return the stock above the reserve, units (C2)."""
    return np.maximum(stock - reserve, 0.0)


def for_sale(free: Array, shortage: Array) -> Array:
    """Return the most that countries sell: their `free` stock, but nothing of a good that they are short of."""
    return np.where(shortage > TINY, 0.0, free)


def old_in_cargo(old: Array, stock: Array, preference: Array) -> Array:
    """Return the share of old lots in what leaves a store, 0-1 (C2).

    old and stock in units. The seller rids itself of old lots first, by the odds `preference` for each old round
    against a sound one: 1 is the mixture of the store, and without limit the old go first.
    """
    weight = preference * np.minimum(old, stock)
    return weight / np.maximum(weight + np.maximum(stock - old, 0.0), TINY)


def spending(wanted: Array, stock: Array, reserve: Array, production: Array, expected: Array, horizon: Array) -> Array:
    """Return the rounds spent in a month, krounds (C1, C19).

    It is what is wanted, limited by output, by what is `expected` to arrive and by an even use of the stock above the
    reserve over `horizon` months. The stock includes the month's production.
    """
    affordable = production + expected + np.maximum(stock - production - reserve, 0.0) / horizon
    return np.minimum(np.minimum(wanted, affordable), np.maximum(stock, 0.0))


def months_to_harvest(calendar_month: Array | int) -> Array:
    """Return the months from `calendar_month` (1-12) to the next main harvest in September; 12 in September."""
    this_year = HARVEST_MONTH - calendar_month
    return np.where(calendar_month < HARVEST_MONTH, this_year, this_year + MONTHS_A_YEAR)


def harvest_calendar(calendar_month: Array | int, main_share: Array) -> Array:
    """Return the share of the year's crop harvested in a calendar month (1-12), 0-1 (C9).

    The share `main_share` comes in September and October in equal parts, the rest in June.
    """
    in_autumn = (calendar_month == HARVEST_MONTH) | (calendar_month == HARVEST_MONTH + 1)
    early = np.where(calendar_month == EARLY_HARVEST_MONTH, 1.0 - main_share, 0.0)
    return np.where(in_autumn, main_share / 2.0, early)


def crop_to_come(calendar_month: Array | int, main_share: Array) -> Array:
    """Return the share of the year's crop that comes after a calendar month and before the next September, 0-1 (C9)."""
    autumn = np.where(calendar_month == HARVEST_MONTH, main_share / 2.0, 0.0)
    before_june = months_to_harvest(calendar_month) > HARVEST_MONTH - EARLY_HARVEST_MONTH
    return autumn + np.where(before_june, 1.0 - main_share, 0.0)


def going_without(food: Array, energy: Array) -> Array:
    """Return the share of people that lack food, energy or both, 0-1, if who lacks one lacks the other as others do."""
    return 1.0 - (1.0 - food) * (1.0 - energy)


def even_use(store: Array, arrivals: Array, months: Array | int) -> Array:
    """Return what can be used each month if a store is to last for `months`, units; arrivals come after use (C9)."""
    return (store + arrivals * (months - 1)) / months

"""What is judged of a month: practical and symbolic index, scoreboard, polarisation (claims C18, C20).

The two indices are never merged: one counts what was delivered, the other what was shown.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Array
from sim.model.technology import TIER_NUMBERS
from sim.model.threat import EAST
from sim.model.value import TINY

SYMBOLIC_WEIGHTS = {"visit": 0.15, "summit": 0.5, "treaty": 0.8, "exercise": 0.3, "trilateral_exercise": 0.3}
"""Weight of each act in the symbolic index when it is fresh (definition)."""
PRACTICAL_WEIGHTS = {"trade": 0.5, "technology": 0.3, "exercises": 0.2}
"""Weight of each part of the practical index (definition)."""
VALUE_SMOOTHING, POINTS_SMOOTHING = 0.3, 0.1
"""Weight of the newest month in the value delivered and in the points passed on (definition)."""
POINTS_LATELY, POINTS_RELEASED = 0.02, 0.05
"""Points a month, and points in all, above which a tier counts as passed on and as released (definition)."""


def practical_index(value: Array, value_half: Array, size: Array, highest_tier: Array, exercises: Array) -> Array:
    """Return half trade, three tenths technology, two tenths exercises, (country, country, worlds) 0-1 (C18).

    value         smoothed value delivered both ways, MUSD a month; at `value_half` x `size` its part is one half
    highest_tier  highest tier passed on lately, 0-4
    exercises     exercises together, faded
    """
    trade = value / (value + value_half * size)
    tier, together = highest_tier / len(TIER_NUMBERS), 1.0 - np.exp(-exercises)
    parts = PRACTICAL_WEIGHTS
    return parts["trade"] * trade + parts["technology"] * tier + parts["exercises"] * together


def smoothed(before: Array, month: Array, by: float) -> Array:
    """Return what passes between a pair either way, (country, country, …, worlds); `by` weighs the newest month."""
    return before + by * (month + np.swapaxes(month, 0, 1) - before)


def highest_tier(points: Array, threshold: float) -> Array:
    """Return the highest tier with more `points` (…, tier, worlds) than `threshold`, 0 where there is none."""
    return np.where(points > threshold, TIER_NUMBERS, 0.0).max(axis=-2)


def symbolic_index(shown: Array) -> Array:
    """Return ``1 - exp(-sum of faded act weights)``, 0-1 (C18)."""
    return 1.0 - np.exp(-shown)


def polarisation(alignment: Array) -> Array:
    """Return half the distance between mean alignment inside the two blocs and across them, (worlds) 0-1."""
    return np.clip((alignment[SAME].mean(axis=0) - alignment[ACROSS].mean(axis=0)) / 2.0, 0.0, 1.0)


SAME = (EAST[:, None] == EAST[None, :]) & ~np.eye(len(EAST), dtype=bool)
ACROSS = EAST[:, None] != EAST[None, :]
"Pairs (country, country) inside the two blocs and across them."


def scoreboard(
    *,
    consumption: Array,
    requirement: Array,
    cover: Array,
    target: Array,
    threat: Array,
    prestige: Array,
    dependence: Array,
    reliance: Array,
    pressure: Array,
    arrears: Array,
) -> Array:
    """Return each country in its own goals, (country, goal, worlds), 0-1, higher is better for it (C20).

    need      half how far requirements are met, half how far cover reaches its target, mean of the three goods
    threat    one less perceived threat
    prestige  prestige
    autonomy  one less the largest supplier's share of imports times the imports' share of all supplies (`reliance`)
    cost      one less the mean of sanctions pressure and the worst arrears as a debtor
    """
    met = np.where(requirement > TINY, np.minimum(consumption / np.maximum(requirement, TINY), 1.0), 1.0)
    covered = np.minimum(cover / np.maximum(target, TINY), 1.0)
    need = ((met + covered) / 2.0).mean(axis=1)
    burden = (pressure + arrears.max(axis=0)) / 2.0
    return np.stack([need, 1.0 - threat, prestige, 1.0 - reliance * dependence.max(axis=1), 1.0 - burden], axis=1)

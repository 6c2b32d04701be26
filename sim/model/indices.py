"""Indices of a month: practical and symbolic cooperation, scoreboard, polarisation (claims C18, C20).

The two indices are never merged: one counts what was delivered, the other what was shown.
"""

import numpy as np

from sim.arrays import Array
from sim.elementary import exp
from sim.model.state import State
from sim.model.technology import TIER_NUMBERS
from sim.model.threat import EAST
from sim.model.value import TINY
from sim.scenario.names import GOODS

SYMBOLIC_WEIGHTS = {"visit": 0.15, "summit": 0.5, "treaty": 0.8, "exercise": 0.3, "trilateral_exercise": 0.3}
"""Weight of each act in the symbolic index when it is fresh (definition)."""
PRACTICAL_WEIGHTS = {"trade": 0.5, "technology": 0.3, "exercises": 0.2}
"""Weight of each part of the practical index (definition)."""
POINTS_LATELY, POINTS_RELEASED = 0.02, 0.05
"""Points a month, and points in all, above which a tier counts as passed on and as released (definition)."""


def practical_index(lately: Array, value_half: Array, size: Array) -> Array:
    """Return the weighted sum of trade, technology and exercises of the last months, (country, country, worlds) 0-1.

    lately (part, months ago, country, country, worlds) is `State.lately`; at a mean value of `value_half` x `size` MUSD
    a month trade counts one half. It cannot rise in a month in which nothing passes (C18).
    """
    value, tier, exercises = lately[0].mean(axis=0), lately[1].max(axis=0), lately[2].sum(axis=0)
    trade, together = value / (value + value_half * size), 1.0 - exp(-exercises)
    parts = PRACTICAL_WEIGHTS
    return parts["trade"] * trade + parts["technology"] * tier / len(TIER_NUMBERS) + parts["exercises"] * together


def highest_tier(points: Array, threshold: float) -> Array:
    """Return the highest tier with more `points` (…, tier, worlds) than `threshold`, 0-4; 0 without any."""
    return np.where(points > threshold, TIER_NUMBERS, 0.0).max(axis=-2)


def symbolic_index(shown: Array) -> Array:
    """Return ``shown / (1 + shown)``, 0-1 (C18); shown is the sum of faded act weights, a half at 1."""
    return shown / (1.0 + shown)


def polarisation(alignment: Array) -> Array:
    """Return half the gap between mean alignment within the two blocs and across them, (worlds) 0-1."""
    return np.clip((alignment[SAME].mean(axis=0) - alignment[ACROSS].mean(axis=0)) / 2.0, 0.0, 1.0)


SAME = (EAST[:, None] == EAST[None, :]) & ~np.eye(len(EAST), dtype=bool)
ACROSS = EAST[:, None] != EAST[None, :]
"Masks (country, country) of pairs within the two blocs and across them."


def scoreboard(s: State, arrears: Array) -> Array:
    """Return the goals of each country, (country, goal, worlds), 0-1; higher is better for it (C20).

    need      mean of the share of other imports met and, per good, of requirement met and free stock to target
    threat    one less perceived threat
    prestige  prestige
    autonomy  one less the largest partner's share of all that the country buys
    cost      one less the mean of sanctions pressure and the worst arrears as a debtor

    arrears (creditor, debtor, worlds) are 0-1.
    """
    met = np.where(s.requirement > TINY, np.minimum(s.consumption / np.maximum(s.requirement, TINY), 1.0), 1.0)
    covered = np.minimum(s.cover * s.requirement / np.maximum(s.target_stock, TINY), 1.0)
    covered = np.where(s.target_stock > TINY, covered, 1.0)
    need = (((met + covered) / 2.0).sum(axis=1) + s.other_met) / (len(GOODS) + 1)
    burden = (s.pressure + arrears.max(axis=0)) / 2.0
    return np.stack([need, 1.0 - s.threat, s.prestige, 1.0 - s.dependence.max(axis=1), 1.0 - burden], axis=1)

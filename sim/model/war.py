"""The war: what Russia wants to fire (claims C1, C19)."""

import numpy as np

from sim.arrays import Array
from sim.model.value import TINY


def attacking(attacks: Array, draw: Array, begin: Array, end: Array, lure: Array, starved: Array) -> Array:
    """Return whether Russia attacks this month, true or false, from whether it did last month (C19).

    A Markov chain: an attack begins with the chance `begin`, times 1 + `lure` for Ukrainian guns that are wholly
    `starved` (0-1), and ends with the chance `end`. `draw` is uniform on 0-1.
    """
    return np.where(attacks, draw >= end, draw < begin * (1.0 + lure * starved))


def substituted(share: Array, ceiling: Array, growth: Array) -> Array:
    """Return the share of the wanted effect that drones and glide bombs bring, 0-1, a month later.

    Logistic growth at the rate `growth` a month, at first, towards `ceiling`; a ceiling of 0 means none at all.
    """
    return np.clip(share + growth * share * (1.0 - share / np.maximum(ceiling, TINY)), 0.0, ceiling)


def wanted_fire(intensity: Array, base: Array, goal_ratio: Array, ukraine_fire: Array) -> Array:
    """Return the effect that Russia wants, krounds a month (152 mm equivalent) if it came from shells alone.

    A part by its regime, `base`, at intensity 1, and a part that answers Ukraine's fire of the month before in the
    ratio of its goal: in defence less supply to Ukraine lowers Russia's need (C19). No war, no need.
    """
    return np.where(intensity > 0.0, intensity * base + goal_ratio * ukraine_fire, 0.0)

"""Units and weights of cargo, and what is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.routes import to_lanes

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray


def unit_weight(w: World) -> Array:
    """(good, worlds) kt for each unit: kilograms a round are tonnes a thousand rounds, food and energy are kt."""
    rounds = w.inputs["goods.ammunition.weight"] / 1000.0
    return np.stack([rounds, np.ones_like(rounds), np.ones_like(rounds)])


def in_transit(w: World) -> Array:
    """Goods under way, in units by lane."""
    return to_lanes(w.transit) / unit_weight(w)

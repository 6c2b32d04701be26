"""Units and weights of cargo, and what is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.routes import FROM, to_lanes

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray


def unit_weight(w: World) -> Array:
    """(good, worlds) kt for each unit: kilograms a round are tonnes a thousand rounds, food and energy are kt."""

    def build() -> Array:
        rounds = w.inputs["goods.ammunition.weight"] / 1000.0
        return np.stack([rounds, np.ones_like(rounds), np.ones_like(rounds)])

    return w.inputs.once("unit weight", build)


def in_transit(w: World) -> Array:
    """Goods under way, in units by lane."""
    lanes = to_lanes(w.transit)
    lanes /= unit_weight(w)
    return lanes


def on_the_way(w: World, i: int, j: int) -> Array:
    """Goods under way from i to j, in units (good, worlds)."""
    ways = [w.transit[route, d] for route, d in zip(*np.nonzero((FROM == i) & (FROM[:, ::-1] == j)), strict=True)]
    return np.stack(ways).sum(axis=0) / unit_weight(w)

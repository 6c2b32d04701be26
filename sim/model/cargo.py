"""Units and weights of cargo, and what is under way."""

from __future__ import annotations

import numpy as np

from sim.arrays import Array
from sim.model.parameters import Parameters
from sim.model.routes import FROM, to_lanes
from sim.model.state import State
from sim.model.units import THOUSAND


def unit_weight(p: Parameters) -> Array:
    """Return kt for each unit, (good, worlds): kilograms a round are tonnes a kround, food and energy are kt."""

    def build() -> Array:
        rounds = p["goods.ammunition.weight"] / THOUSAND
        return np.stack([rounds, np.ones_like(rounds), np.ones_like(rounds)])

    return p.once("unit weight", build)


def in_transit(s: State, p: Parameters) -> Array:
    """Return goods under way in units, (from, to, good, worlds)."""
    lanes = to_lanes(s.transit)
    lanes /= unit_weight(p)
    return lanes


def on_the_way(s: State, p: Parameters, i: int, j: int) -> Array:
    """Return goods under way from i to j in units, (good, worlds)."""
    ways = [s.transit[route, d] for route, d in zip(*np.nonzero((FROM == i) & (FROM[:, ::-1] == j)), strict=True)]
    return np.stack(ways).sum(axis=0) / unit_weight(p)

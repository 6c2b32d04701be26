"""Weight of cargo and goods under way."""

import numpy as np

from sim.arrays import Array
from sim.model.routes import to_lanes
from sim.scenario.units import THOUSAND
from sim.scenario.values import Parameters


def unit_weight(p: Parameters) -> Array:
    """Return the weight of a unit, kt (good, worlds): tonnes a kround; food and energy are measured in kt."""

    def build() -> Array:
        rounds = p["goods.ammunition.weight"] / THOUSAND
        return np.stack([rounds, np.ones_like(rounds), np.ones_like(rounds)])

    return p.once("unit weight", build)


def in_units(by_route: Array, p: Parameters) -> Array:
    """Return units by lane, (from, to, good, worlds), of cargo in kt, (route, direction, good, worlds)."""
    lanes = to_lanes(by_route)
    lanes /= unit_weight(p)
    return lanes

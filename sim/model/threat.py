"""Threat perception, allied coordination and memory of acts (claims C11, C12, C13)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.arrays import Array
from sim.scenario.names import COUNTRIES

EAST = np.array([c in ("RUS", "PRK", "CHN") for c in COUNTRIES])

SIGNALS = ("coordination", "west_exercises", "tests", "arms", "technology", "east_exercises")
"""What the blocs see of each other; each has its `threat.weight`."""


def hostility(alignment: Array) -> Array:
    """Return ``(1 - alignment) / 2``: 0 between full friends, 1 between full enemies."""
    return (1.0 - alignment) / 2.0


def standing_threat(capability: Array, proximity: Array, alignment: Array) -> Array:
    """Return the threat that others are by what they are, (country, worlds), about 0-1.

    Capability, proximity and hostility of all others, summed (Walt 1987). The root of the capability share (country,
    worlds) is taken, since fear grows less than in proportion to power; proximity is (country, country, worlds) 0-1.
    """
    return 2.0 * (np.sqrt(capability)[None] * proximity * hostility(alignment)).sum(axis=1)


def signal(
    coordination: Array,
    west_exercises: Array,
    tests: Array,
    arms: Array,
    technology: Array,
    east_exercises: Array,
    weight: Mapping[str, Array],
) -> tuple[Array, Array]:
    """Return what each bloc sees the other do: (seen by the east, seen by the west), each (worlds) (C11, C12).

    coordination is 0-1, the others are recent amounts, as multiples of what is of note; they saturate. `weight` has a
    weight for each of `SIGNALS`; where those of a bloc sum to one, what it sees is 0-1.
    """
    seen_by_east = weight["coordination"] * coordination + weight["west_exercises"] * (1.0 - np.exp(-west_exercises))
    seen_by_west = (
        weight["tests"] * (1.0 - np.exp(-tests))
        + weight["arms"] * (1.0 - np.exp(-arms))
        + weight["technology"] * (1.0 - np.exp(-technology))
        + weight["east_exercises"] * (1.0 - np.exp(-east_exercises))
    )
    return seen_by_east, seen_by_west


def move_threat(threat: Array, standing: Array, seen: Array, own_war: Array, speed: Array) -> Array:
    """Return threat, (country, worlds) 0-1: it moves towards ``1 - exp(-(standing + seen + own war))``.

    A reaction with a delay (Richardson 1960); `speed` is the share of the gap closed in a month.
    """
    wanted = 1.0 - np.exp(-(standing + seen + own_war))
    return np.clip(threat + speed * (wanted - threat), 0.0, 1.0)


def move_coordination(coordination: Array, west_threat: Array, growth: Array, friction: Array, decay: Array) -> Array:
    """Return the coordination of the western three, (worlds) 0-1 (C13).

    It grows with their mean threat, is held back by friction (0-1) and fades; growth and decay are shares a month.
    """
    rise = growth * west_threat * (1.0 - friction) * (1.0 - coordination)
    return np.clip(coordination + rise - decay * coordination, 0.0, 1.0)


def fade(memory: Array, rate: Array) -> Array:
    """Return what is left of a memory after a month; `rate` is the share lost."""
    return memory * (1.0 - rate)

"""Perceived threat, western coordination and memory of acts (claims C11, C12, C13)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.arrays import Array
from sim.elementary import exp
from sim.scenario.names import COUNTRIES

EAST = np.array([c in ("RUS", "PRK", "CHN") for c in COUNTRIES])

SIGNALS = ("coordination", "west_exercises", "tests", "arms", "technology", "east_exercises")
"""What the blocs see of each other; each has its weight `threat.weight.SIGNAL`."""


def hostility(alignment: Array) -> Array:
    """Return ``(1 - alignment) / 2``: 0 between full friends, 1 between full enemies."""
    return (1.0 - alignment) / 2.0


def standing_threat(capability: Array, proximity: Array, alignment: Array) -> Array:
    """Return the threat of others' power, whatever they do, (country, worlds), about 0-1.

    The sum over all others of capability, proximity and hostility (Walt 1987). It takes the root of the capability
    share (country, worlds), since fear grows less than in proportion to power; proximity, 0-1, and alignment, -1 to 1,
    are (country, country, worlds).
    """
    return 2.0 * (np.sqrt(capability)[None] * proximity * hostility(alignment)).sum(axis=1)


def signal(coordination: Array, recent: Mapping[str, Array], weight: Mapping[str, Array]) -> tuple[Array, Array]:
    """Return what each bloc sees the other do: (seen by the east, seen by the west), each (worlds) (C11, C12).

    coordination is 0-1. `recent` holds the other `SIGNALS` as multiples of a noteworthy amount; they saturate. `weight`
    holds the weight of each signal; where those of a bloc sum to one, the result is 0-1.
    """
    noticed = 1.0 - exp(-np.stack(list(recent.values())))
    noted = {name: weight[name] * share for name, share in zip(recent, noticed, strict=True)}
    seen_by_east = weight["coordination"] * coordination + noted["west_exercises"]
    return seen_by_east, noted["tests"] + noted["arms"] + noted["technology"] + noted["east_exercises"]


def move_threat(threat: Array, standing: Array, seen: Array, own_war: Array, speed: Array) -> Array:
    """Return threat after a month, (country, worlds) 0-1, on its way to ``1 - exp(-(standing + seen + own_war))``.

    A reaction with a delay (Richardson 1960): a month closes the share `speed` of the gap.
    """
    wanted = 1.0 - exp(-(standing + seen + own_war))
    return np.clip(threat + speed * (wanted - threat), 0.0, 1.0)


def move_coordination(coordination: Array, west_threat: Array, growth: Array, friction: Array, decay: Array) -> Array:
    """Return the coordination of the western three after a month, (worlds) 0-1 (C13).

    It grows with their mean threat, less with friction (0-1), and decays; growth and decay are shares a month.
    """
    rise = growth * west_threat * (1.0 - friction) * (1.0 - coordination)
    return np.clip(coordination + rise - decay * coordination, 0.0, 1.0)

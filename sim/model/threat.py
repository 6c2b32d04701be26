"""Perceived threat, western coordination and memory of acts (claims C11, C12, C13)."""

from collections.abc import Mapping

import numpy as np

from sim.arrays import Array
from sim.elementary import exp
from sim.model.value import TINY
from sim.scenario.names import COUNTRIES

EAST = np.array([c in ("RUS", "PRK", "CHN") for c in COUNTRIES])

SIGNALS = ("coordination", "west_exercises", "tests", "arms", "technology", "east_exercises")
"""What the blocs see of each other; each has its weight `threat.weight.SIGNAL`."""


def hostility(alignment: Array) -> Array:
    """Return ``(1 - alignment) / 2``: 0 between full friends, 1 between full enemies."""
    return (1.0 - alignment) / 2.0


def standing_threat(capability: Array, proximity: Array, alignment: Array) -> Array:
    """Return the threat of others' power, whatever they do, (country, worlds), about 0-1: the sum of all dangers."""
    return danger(capability, proximity, alignment).sum(axis=1)


def danger(capability: Array, proximity: Array, alignment: Array) -> Array:
    """Return the threat of each other's power, (country, other, worlds): capability, proximity, hostility (Walt 1987).

    It takes the root of the capability share (country, worlds), since fear grows less than in proportion to power;
    proximity, 0-1, and alignment, -1 to 1, are (country, country, worlds).
    """
    return 2.0 * np.sqrt(capability)[None] * proximity * hostility(alignment)


def pledged_power(capability: Array, promise: Array) -> Array:
    """Return each country's capability with that of its allies, as far as it counts on them, (country, worlds).

    capability (country, worlds) are shares of the world; `promise` (country, country, worlds), 0-1, is a pledge times
    the trust in it.
    """
    return capability + (promise * capability[None]).sum(axis=1)


def superiority(capability: Array, power: Array) -> Array:
    """Return the share of the other bloc in its own capability and a country's `power`, (country, worlds) 0-1."""
    east, west = (np.where(bloc[:, None], capability, 0.0).sum(axis=0) for bloc in (EAST, ~EAST))
    other = np.where(EAST[:, None], west, east)
    return other / np.maximum(other + power, TINY)


def answer(threat: Array, seen: Array, superiority: Array, spiral: Array, deterrence: Array) -> Array:
    """Return the worth of an armed answer to what the other bloc does, (country, worlds), of either sign (C12, C13).

    Who fears arms in answer (spiral); force stops who would act without fear, the more the stronger the other side
    (deterrence): Jervis 1978, Glaser 1997. threat and superiority are 0-1, `seen` is about 0-1.5, all (country,
    worlds); `spiral` and `deterrence` are the weights of the two theories, (worlds).
    """
    return spiral * (threat * seen) - deterrence * ((1.0 - threat) * seen * superiority)


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

"""What ties two countries beside trade: alignment and what moves it, trust learnt from promises (C3, C5, C11)."""

import numpy as np

from sim.arrays import Array
from sim.model.threat import EAST
from sim.scenario.names import COUNTRIES, KOR, PRK, RUS
from sim.scenario.values import Parameters

FRIENDLY_PARTS = ("votes", "alliance", "dealings")
"""Parts of the usual alignment that bring two countries together; rivalry is the fourth."""
WEST_ROWS = np.flatnonzero(~EAST)
"Country numbers of the west, in the order of the rows of `designation`."


def usual_alignment(p: Parameters) -> Array:
    """Return the alignment to which pairs drift back, (country, country, worlds) -1 to 1.

    The weighted sum of votes in the General Assembly, alliance, recent dealings and, with a minus, rivalry.
    """

    def build() -> Array:
        parts = [p[f"alignment.weight.{part}"] * p.by_pair(part) for part in FRIENDLY_PARTS]
        return np.clip(sum(parts) - p["alignment.weight.rivalry"] * p.by_pair("rivalry"), -1.0, 1.0)

    return p.once("usual alignment", build)


def hostile_acts(tested: Array, armed: Array, designates: Array, helping: Array) -> Array:
    """Return the weight of the month's hostile acts between two countries, (country, country, worlds), 1 for one act.

    North Korea's tests (`tested`, 0-1) and rounds for Russia (`armed`, 0-1) are against the west, which backs Ukraine;
    designations (western country, worlds) against Russia and North Korea; arms of Seoul (`helping`) against Russia.
    """
    against = np.zeros((len(COUNTRIES), len(COUNTRIES), *tested.shape), like=tested)
    against[PRK, WEST_ROWS] = designates + (tested + armed)
    against[RUS, WEST_ROWS] = designates + 0.0
    against[RUS, KOR] = against[RUS, KOR] + helping
    return against + np.swapaxes(against, 0, 1)


def moved_apart(alignment: Array, share: Array) -> Array:
    """Return alignment after hostile acts that close the `share` of its gap to -1, -1 to 1.

    A friendly act closes a share of the gap to 1 in the same way. Both arrays are (country, country, worlds).
    """
    return alignment - np.minimum(share, 1.0) * (1.0 + alignment)


def learnt_trust(start: Array, prior: Array, kept: Array, failed: Array) -> Array:
    """Return the chance that a promise is kept as far as one has learnt, 0-1: the mean of a beta distribution.

    start  trust before any evidence, 0-1, worth `prior` months of it; kept, failed: evidence of promises, months

    Each promise is a trial that is kept with an unknown chance (Beta-Bernoulli; reassurance of Kydd 2005).
    """
    return (prior * start + kept) / (prior + kept + failed)

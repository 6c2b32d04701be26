"""Step 4, first half: every country decides on each of its options by quantal response."""

from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.elementary import exp
from sim.model import acts
from sim.model.state import State
from sim.scenario.option_arrays import MATES
from sim.scenario.values import Parameters

MOST_UTILITY = 500.0
"""Limit of precision times utility, beyond which exp would overflow (guard)."""


@dataclass(frozen=True)
class Decisions:
    """All decisions of a month."""

    terms: Array
    "(option, term, worlds) terms of the utility"
    probability: Array
    "(option, worlds) of saying yes, 0-1"
    yes: Array
    "(option, worlds) whether the country says yes"
    happens: Array
    "(option, worlds) whether all partners say yes"


def decide(s: State, p: Parameters, potential: Array, draws: Array) -> Decisions:
    """Decide on every option: terms, probability, choice, outcome.

    potential (country, country, worlds), 0-1, is what the first unit traded with the partner would bring; draws
    (option, worlds) are uniform on 0-1.
    """
    terms, is_open = acts.utilities(s, p, acts.need_of_partners(s, p, potential)), acts.open_options(s, p)
    return Decisions(terms, *choose(terms, is_open, p["acts.precision"], draws, s.scheduled, s.ruling))


def choose(
    terms: Array, is_open: Array, precision: Array, draws: Array, scheduled: Array, ruling: Array
) -> tuple[Array, Array, Array]:
    """Return (probability of yes, says yes, act happens), each (option, worlds).

    Quantal response (McKelvey and Palfrey 1995): the probability is logistic in the sum of the terms times `precision`
    (0 is a coin toss). `draws` (option, worlds) are uniform on 0-1; `scheduled` (option, worlds) marks acts that the
    scenario prescribes, and `ruling` (option, worlds) what it says of single answers: -1 refused, 0 nothing, 1 asked,
    which is a yes where the option is open. A joint act needs the yes of every partner.
    """
    utility = np.clip(precision * terms.sum(axis=1), -MOST_UTILITY, MOST_UTILITY)
    chance = 1.0 / (1.0 + exp(-utility))
    ruled = np.where(ruling == 0.0, chance, np.maximum(ruling, 0.0))
    probability = np.where(scheduled, 1.0, np.where(is_open, ruled, 0.0))
    yes = (draws < probability) | scheduled
    happens = yes & yes[MATES[:, 0]] & yes[MATES[:, 1]]
    return probability, yes, happens

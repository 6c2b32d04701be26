"""Step 4, first half: quantal response (McKelvey and Palfrey 1995) of every country to each of its options."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.model import acts
from sim.model.options import MATES
from sim.model.parameters import Parameters
from sim.model.state import State

MOST_UTILITY = 500.0
"""Precision times utility beyond which exp would overflow (guard)."""


@dataclass(frozen=True)
class Decisions:
    """All decisions of a month."""

    terms: Array
    "(option, term, worlds) parts of the utility"
    probability: Array
    "(option, worlds) of yes, 0-1"
    yes: Array
    "(option, worlds) who says yes"
    happens: Array
    "(option, worlds) acts to which all partners say yes"


def decide(s: State, p: Parameters, need: Array, draws: Array) -> Decisions:
    """Decide on every option: utility terms, probability, choice, outcome.

    need   (country, country, worlds) what a deal with the partner would bring, 0-1
    draws  (option, worlds) uniform on 0-1
    """
    terms, is_open = acts.utilities(s, p, need), acts.open_options(s, p)
    return Decisions(terms, *choose(terms, is_open, p["acts.precision"], draws, s.scheduled))


def choose(
    terms: Array, is_open: Array, precision: Array, draws: Array, scheduled: Array
) -> tuple[Array, Array, Array]:
    """Return (probability of yes, who says yes, which acts happen), each (option, worlds).

    The chance of yes is logistic in the sum of the terms times `precision` (0 is a coin toss). `draws` are uniform on
    0-1, one for each option; `scheduled` (option, worlds) marks acts that the scenario prescribes. An act that several
    do needs the yes of each.
    """
    utility = np.clip(precision * terms.sum(axis=1), -MOST_UTILITY, MOST_UTILITY)
    chance = 1.0 / (1.0 + np.exp(-utility))
    probability = np.where(scheduled, 1.0, np.where(is_open, chance, 0.0))
    yes = (draws < probability) | scheduled
    happens = yes & yes[MATES[:, 0]] & yes[MATES[:, 1]]
    return probability, yes, happens

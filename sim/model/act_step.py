"""Step 4, first half: the situation as the six see it, their choices, and the acts that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model import acts
from sim.scenario.names import COUNTRIES

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray
RUS, PRK, USA, KOR, JPN, CHN = range(len(COUNTRIES))


@dataclass(frozen=True)
class Decisions:
    """All decisions of a month; (option, worlds) but for `terms` (option, term, worlds)."""

    terms: Array
    probability: Array
    yes: Array
    happens: Array


def decide(w: World) -> Decisions:
    """Every option of every country: utility terms, probability, choice, outcome."""
    terms, is_open = acts.utilities(situation(w), w.inputs)
    probability, yes, happens = acts.choose(
        terms, is_open, w.inputs["acts.precision"], w.draws["acts"][w.month], w.scheduled
    )
    return Decisions(terms, probability, yes, happens)


def situation(w: World) -> acts.Situation:
    """What the six know when they decide."""
    short = w.shortage[PRK, 1:] / np.maximum(w.requirement[PRK, 1:], 1e-9)
    return acts.Situation(
        month_of_year=w.month_of_year,
        need=w.offers.need,
        threat=w.threat,
        prestige=w.prestige,
        isolation=w.isolation,
        pressure=w.pressure,
        norm=w.norm,
        dependence=w.dependence,
        alignment=w.alignment,
        trust=w.trust,
        pledge=w.pledge,
        taboo=w.taboo,
        memory=w.memory,
        coordination=w.coordination,
        monitoring=w.monitoring,
        vetoed=w.vetoed,
        west_exercises=w.west_exercises,
        east_signal=w.seen_by_west,
        new_technology=w.new_technology,
        guarded=w.guarded,
        shortage=short.max(axis=0),
        warned=w.warned,
        helping=w.helping,
    )

"""Choice of acts: utility as a sum of named terms, quantal response (claims C4, C6, C10-C17, C21).

Every option of `sim.model.options` gets the seven terms of `TERMS`; their sum is its utility. McKelvey and Palfrey
1995: the chance of saying yes is logistic in the utility. An act that several do needs the yes of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.inputs import Inputs
from sim.model.options import EAST_TRIO, MATES, OPTIONS, PAIR_I, PAIR_J, ROWS, TERM, WEST_TRIO
from sim.scenario.names import COUNTRIES, PAIR_ACTS, TERMS

Array = np.ndarray
RUS, PRK, USA, KOR, JPN, CHN = range(len(COUNTRIES))
EAST, WEST = (RUS, PRK, CHN), (USA, KOR, JPN)


@dataclass(frozen=True)
class Situation:
    """What the six see when they decide. Country arrays (country, worlds), pair arrays (country, country, worlds)."""

    month_of_year: int
    need: Array
    "(country, country, worlds) what a deal with the partner would bring, 0-1"
    threat: Array
    prestige: Array
    isolation: Array
    pressure: Array
    norm: Array
    dependence: Array
    alignment: Array
    trust: Array
    pledge: Array
    taboo: Array
    "(worlds) what is left of North Korea's taboo on foreign exercises"
    memory: Array
    "(option, worlds) how fresh the act is, 0-1"
    coordination: Array
    monitoring: Array
    vetoed: Array
    west_exercises: Array
    east_signal: Array
    "(worlds) what the west sees the east do, 0-1"
    new_technology: Array
    "(worlds) points that North Korea gained lately, weighted by tier"
    guarded: Array
    "(worlds) tier 3 and 4 points that Russia has released so far"
    shortage: Array
    "(worlds) North Korea's worst shortage of food or energy, 0-1"
    warned: Array
    helping: Array
    "(worlds) South Korea already arms Ukraine"


def pair_terms(terms: Array, s: Situation, p: Inputs) -> None:
    """Fill the rows of visit, summit, treaty and bilateral exercise."""
    need, shared = s.need[PAIR_I, PAIR_J], (2.0 * s.threat[:, None] * s.threat[None, :] * s.alignment)[PAIR_I, PAIR_J]
    standing = 2.0 * np.sqrt(p.by_country("capability"))
    glory = (s.isolation * (1.0 - s.prestige))[PAIR_I] * standing[PAIR_J]
    patron = s.dependence[PAIR_I, PAIR_J] ** 2
    shy = _shyness(s, p)[PAIR_I, PAIR_J]
    exposed = (p.by_country("western_ties")[:, None] * s.pressure[None, :])[PAIR_I, PAIR_J]
    exposed = exposed + _quarrel(p)[PAIR_I, PAIR_J]
    partner = (s.alignment + 0.3 * s.pledge + s.trust - 0.5)[PAIR_I, PAIR_J]
    weight = p.by_country("autonomy")[PAIR_I]
    taboo = np.where((PAIR_I == PRK)[:, None], s.taboo, 0.0)
    for act in PAIR_ACTS:
        rows, key = ROWS[act], f"acts.{act}"
        special = taboo if act == "exercise" else (0.3 if act == "treaty" else 0.0)
        terms[rows, TERM["need"]] = p[f"{key}.need"] * need
        terms[rows, TERM["threat"]] = p[f"{key}.threat"] * shared
        terms[rows, TERM["prestige"]] = p[f"{key}.prestige"] * glory
        terms[rows, TERM["autonomy"]] = -p[f"{key}.autonomy"] * weight * (patron + special)
        terms[rows, TERM["norm"]] = -p[f"{key}.norm"] * shy
        terms[rows, TERM["cost"]] = p[f"{key}.base"] - exposed
        terms[rows, TERM["partner"]] = partner


def _shyness(s: Situation, p: Inputs) -> Array:
    """Reluctance to be seen with a country under embargo: its own norm, for deals with North Korea (C6)."""
    shy = np.zeros_like(s.need)
    shy[:, PRK] = s.norm
    return shy


def _quarrel(p: Inputs) -> Array:
    """What South Korea and Japan hold against each other (C13)."""
    quarrel = np.zeros((len(COUNTRIES), len(COUNTRIES), p.worlds))
    quarrel[KOR, JPN] = quarrel[JPN, KOR] = p["coordination.friction"]
    return quarrel


def trilateral_terms(terms: Array, s: Situation, p: Inputs) -> None:
    """Fill the rows of the two trilateral exercises (C13, C17)."""
    w = {t: p[f"acts.trilateral_exercise.{t}"] for t in ("need", "threat", "prestige", "autonomy", "norm")}
    base, autonomy, ties = p["acts.trilateral_exercise.base"], p.by_country("autonomy"), p.by_country("western_ties")
    for rows, trio in ((EAST_TRIO, EAST), (WEST_TRIO, WEST)):
        for row, actor in zip(rows, trio, strict=True):
            others = [c for c in trio if c != actor]
            mean_threat = 0.5 * (s.threat[others[0]] + s.threat[others[1]])
            align = np.minimum(s.alignment[actor, others[0]], s.alignment[actor, others[1]])
            patrons = s.dependence[actor, others[0]] + s.dependence[actor, others[1]]
            taboo = s.taboo if actor == PRK else 0.0
            shy = s.norm[actor] if trio is EAST and actor != PRK else 0.0
            terms[row, TERM["need"]] = w["need"] * 0.5 * (s.need[actor, others[0]] + s.need[actor, others[1]])
            terms[row, TERM["threat"]] = w["threat"] * 2.0 * s.threat[actor] * mean_threat * np.maximum(align, 0.0)
            terms[row, TERM["prestige"]] = w["prestige"] * s.isolation[actor] * (1.0 - s.prestige[actor])
            terms[row, TERM["autonomy"]] = -w["autonomy"] * autonomy[actor] * (patrons**2 + taboo)
            terms[row, TERM["norm"]] = -w["norm"] * shy
            exposed = ties[actor] * s.pressure[others].max(axis=0)
            quarrel = p["coordination.friction"] if actor in (KOR, JPN) else 0.0
            terms[row, TERM["cost"]] = base - exposed - quarrel
            tie = s.alignment[actor, others] + 0.3 * s.pledge[actor, others] + s.trust[actor, others] - 0.5
            terms[row, TERM["partner"]] = tie.min(axis=0) + (s.coordination if trio is WEST else 0.0)


def solo_terms(terms: Array, s: Situation, p: Inputs) -> Array:
    """Fill the rows of the acts of one country; returns (option, worlds) whether each option is open this month."""
    is_open = np.ones((len(OPTIONS), terms.shape[-1]), dtype=bool)

    def put(row: int, base: str, **values: Array | float) -> None:
        for name, value in values.items():
            terms[row, TERM[name]] = value
        terms[row, TERM["cost"]] += p[f"acts.{base}.base"]

    put(
        ROWS["missile_test"].start,
        "missile_test",
        need=1.0 - np.exp(-s.new_technology),
        threat=s.threat[PRK] * (s.coordination + 1.0 - np.exp(-s.west_exercises)),
        prestige=0.5 * s.isolation[PRK] * (1.0 - s.prestige[PRK]),
        cost=-0.5 * s.need[PRK, RUS],
        partner=-0.5 * s.dependence[PRK, CHN],
    )
    for row, actor in zip(range(ROWS["designation"].start, ROWS["designation"].stop), WEST, strict=True):
        put(
            row,
            "designation",
            need=s.threat[actor],
            threat=s.east_signal,
            norm=0.3 * s.norm[actor],
            partner=0.5 * s.coordination,
        )
    for row, actor in zip(range(ROWS["monitoring"].start, ROWS["monitoring"].stop), WEST, strict=True):
        put(
            row,
            "monitoring",
            need=p["monitoring.coalition"] - s.monitoring,
            threat=s.threat[actor],
            norm=0.3 * s.norm[actor],
            partner=0.5 * s.coordination,
        )
        is_open[row] = s.monitoring < 0.95 * p["monitoring.coalition"]
    for row, actor in zip(range(ROWS["veto"].start, ROWS["veto"].stop), (RUS, CHN), strict=True):
        put(
            row,
            "veto",
            need=s.need[actor, PRK],
            threat=s.threat[actor] * s.threat[PRK],
            norm=-s.norm[actor],
            cost=-p.by_country("western_ties")[actor],
            partner=0.5 * s.alignment[actor, PRK],
        )
        is_open[row] = (p["monitoring.renewal_month"] == s.month_of_year) & ~s.vetoed
    tier_alarm = 1.0 - np.exp(-s.guarded)
    put(
        ROWS["red_line"].start,
        "red_line",
        need=s.threat[KOR],
        threat=tier_alarm + 0.5 * s.east_signal,
        partner=0.5 * s.coordination,
    )
    is_open[ROWS["red_line"]] = ~s.warned
    put(
        ROWS["lethal_aid"].start,
        "lethal_aid",
        need=s.threat[KOR],
        threat=tier_alarm,
        cost=-s.trust[KOR, RUS],
        partner=0.3 * s.coordination,
    )
    is_open[ROWS["lethal_aid"]] = (s.guarded > 0.5) & s.warned & ~s.helping
    put(
        ROWS["aid"].start,
        "aid",
        need=2.0 * s.shortage,
        threat=s.dependence[PRK, RUS],
        norm=-0.3 * s.norm[CHN],
        cost=-0.5 * p.by_country("western_ties")[CHN] * s.pressure[PRK],
        partner=0.5 * s.alignment[CHN, PRK],
    )
    return is_open


def utilities(s: Situation, p: Inputs) -> tuple[Array, Array]:
    """All terms (option, term, worlds) and what is open (option, worlds) this month."""
    terms = np.zeros((len(OPTIONS), len(TERMS), s.threat.shape[-1]))
    pair_terms(terms, s, p)
    trilateral_terms(terms, s, p)
    is_open = solo_terms(terms, s, p)
    for name in ("need", "threat", "prestige", "autonomy", "norm", "partner"):
        terms[:, TERM[name]] *= p[f"acts.weight.{name}"]
    terms[:, TERM["cost"]] -= p["acts.fatigue"] * s.memory
    is_open[ROWS["treaty"]] &= s.pledge[PAIR_I, PAIR_J] < 0.5
    return terms, is_open


def choose(
    terms: Array, is_open: Array, precision: Array, draws: Array, scheduled: Array
) -> tuple[Array, Array, Array]:
    """Quantal response: (probability of yes, who says yes, which acts happen), each (option, worlds).

    `draws` are uniform on 0-1, one for each option; `scheduled` (option) marks acts that the scenario prescribes.
    """
    probability = np.where(is_open, 1.0 / (1.0 + np.exp(-np.clip(precision * terms.sum(axis=1), -500.0, 500.0))), 0.0)
    probability = np.where(scheduled[:, None], 1.0, probability)
    yes = (draws < probability) | scheduled[:, None]
    happens = yes & yes[MATES[:, 0]] & yes[MATES[:, 1]]
    return probability, yes, happens

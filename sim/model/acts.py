"""Utility of every act as a sum of nine named terms (claims C4, C6, C10-C17, C21).

Options are those of `sim.scenario.options`, terms those of `TERMS`; `sim.model.decisions` turns utility into choice.
"""

import numpy as np

from sim.arrays import Array
from sim.elementary import exp, log1p, tanh
from sim.model import accounts, exchange, money, threat
from sim.model.settlement import pair_size
from sim.model.state import State
from sim.model.value import TINY
from sim.scenario.names import CHN, FOOD, JPN, KOR, MEETINGS, PAIR_ACTS, PRK, RUS, TERMS, USA
from sim.scenario.option_arrays import ACTOR, PAIR_I, PAIR_J, PARTNERS_IN
from sim.scenario.options import OPTIONS, ROWS, TERM
from sim.scenario.values import Parameters

EAST, WEST = (RUS, PRK, CHN), (USA, KOR, JPN)
NEUTRAL_TRUST = 0.5
"""Trust that neither helps nor hinders a joint act: the middle of its range."""
NEARLY_REBUILT = 0.95
"""Share of `monitoring.coalition` at which rebuilding ends."""
PAIR_ROWS = slice(ROWS[PAIR_ACTS[0]].start, ROWS[PAIR_ACTS[-1]].stop)
"Rows of visit, summit, treaty and bilateral exercise, the first of all."
TALKS, ROUTINE = (np.isin(PAIR_ACTS, acts)[:, None, None] for acts in (MEETINGS, (*MEETINGS, "exercise")))
"Masks (act, 1, 1) of the pair acts that have an agenda, and of those that can become a habit: all but treaties."
ACTORS = np.array(EAST + WEST)
PARTNERS = np.array([[c for c in trio if c != actor] for trio in (EAST, WEST) for actor in trio]).T
"Country numbers of the six rows of trilateral exercises: deciding country (6), its two partners (2, 6)."
QUARREL, SHY = (KOR, JPN), (RUS, CHN)
"Countries with an old quarrel (C13), and those that avoid being seen in a trio with North Korea (C6)."


def need_of_partners(s: State, p: Parameters, potential: Array) -> Array:
    """Return each country's need of each partner, (country, partner, worlds), about 0-1 (C10).

    What deals could bring (`potential`, 0-1), what they have brought lately, and arrears of either side, which ask for
    a meeting, each with its weight.
    """
    owed = accounts.arrears(s.balance, s.line)
    usual = p.once("gain of note", lambda: p["acts.need.gain_of_note"] * pair_size(p))
    parts = {
        "potential": potential,
        "realised": tanh(s.realised / usual),
        "arrears": np.maximum(owed, np.swapaxes(owed, 0, 1)),
    }
    return sum(p[f"acts.need.{name}"] * part for name, part in parts.items())


def pair_terms(terms: Array, s: State, p: Parameters, need: Array) -> None:
    """Fill the rows of visit, summit, treaty and bilateral exercise, weights included (C4, C6, C10, C13, C16, C17).

    terms (option, term, worlds); need (country, country, worlds) is the need of the partner, 0-1.
    """
    i, j = PAIR_I, PAIR_J
    acts = len(PAIR_ACTS), len(i)
    of_acts = terms[PAIR_ROWS].reshape(*acts, len(TERMS), -1)
    standing = p.once("standing", lambda: 2.0 * np.sqrt(p.by_country("capability")))
    pressed = np.where(ROUTINE, 1.0, p["acts.treaty.ties"]) * (p.by_country("western_ties")[i] * s.pressure[j])
    quarrel = (np.isin(i, QUARREL) & np.isin(j, QUARREL))[:, None] * p["coordination.friction"]
    special = np.zeros((*acts, p.worlds), like=s.taboo)
    special[PAIR_ACTS.index("treaty")] = p["autonomy.treaty"]
    special[PAIR_ACTS.index("exercise"), i == PRK] = p["autonomy.taboo"] * s.taboo

    def put(name: str, value: Array) -> None:
        of_acts[:, :, TERM[name]] = value

    put("need", _pair_weights(p, "need") * need[i, j])
    put("threat", _pair_weights(p, "threat") * (2.0 * s.threat[i] * s.threat[j] * s.alignment[i, j]))
    put("prestige", _pair_weights(p, "prestige") * (glory(s, p)[i] * standing[j]))
    put("autonomy", -_pair_weights(p, "autonomy") * (p.by_country("autonomy")[i] * (s.dependence[i, j] ** 2 + special)))
    put("norm", -_pair_weights(p, "norm") * ((j == PRK)[:, None] * s.norm[i]))
    put("agenda", p["acts.weight.agenda"] * TALKS * agenda(s, p)[i, j])
    put("habit", p["acts.weight.habit"] * ROUTINE * log1p(s.institutions[i, j]))
    put("cost", _pair_weights(p, "base") - pressed - quarrel * ~TALKS)
    put("partner", _pair_weights(p, "partner") * _ease(s, p, i, j))


def agenda(s: State, p: Parameters) -> Array:
    """Return how much each country has to talk over with each partner, (country, partner, worlds), about 0-1.

    What is at stake, the danger from the partner and the share of imports that hangs on it, times uncertainty about the
    partner, one less trust: rivals meet because they have much to settle and cannot know (Fearon 1995).
    """
    danger = threat.danger(p.by_country("capability"), p.by_pair("proximity"), s.alignment)
    return (danger + s.dependence) * (1.0 - s.trust)


def answer(s: State, p: Parameters) -> Array:
    """Return the worth of an armed answer to what the other bloc does, (country, worlds) (C12, C13)."""
    capability = p.by_country("capability")
    stronger = threat.superiority(capability, threat.pledged_power(capability, s.pledge * s.trust))
    spiral = p["threat.spiral"] * (1.0 - exchange.follows(p, "structure.threat", "deterrence"))
    deterrence = p["threat.deterrence"] * (1.0 - exchange.follows(p, "structure.threat", "spiral"))
    return threat.answer(s.threat, s.seen, stronger, spiral, deterrence)


def glory(s: State, p: Parameters) -> Array:
    """Return the worth of prestige, (country, worlds): who is shunned, lacks it and is in want at home seeks more."""
    return s.isolation * (1.0 - s.prestige) * (1.0 + p["acts.want"] * s.want)


def _ease(s: State, p: Parameters, i: Array, j: Array) -> Array:
    """Return the partner term of i with j: alignment (-1 to 1), weighted pledge and trust above the middle."""
    return s.alignment[i, j] + p["acts.pledge"] * s.pledge[i, j] + s.trust[i, j] - NEUTRAL_TRUST


def _pair_weights(p: Parameters, name: str) -> Array:
    """Return the weight of a term in each pair act, (act, 1, worlds): weight of the act times weight of the term.

    The name "base" gives the base utility of each act.
    """

    def build() -> Array:
        of_all = 1.0 if name == "base" else p[f"acts.weight.{name}"]
        return np.stack([p[f"acts.{act}.{name}"] * of_all for act in PAIR_ACTS])[:, None]

    return p.once(f"weights of {name}", build)


def trilateral_terms(terms: Array, s: State, p: Parameters, need: Array) -> None:
    """Fill the rows of trilateral exercises (C13, C17), without the weights of the terms; arrays as in `pair_terms`."""
    i, (j, k) = ACTORS, PARTNERS
    rows, ties = terms[ROWS["trilateral_exercise"]], p.by_country("western_ties")[i]
    mean_threat = (s.threat[j] + s.threat[k]) / 2.0
    lower = np.minimum(s.alignment[i, j], s.alignment[i, k])
    patrons = s.dependence[i, j] + s.dependence[i, k]
    taboo, shy = (i == PRK)[:, None] * (p["autonomy.taboo"] * s.taboo), np.isin(i, SHY)[:, None] * s.norm[i]
    quarrel = np.isin(i, QUARREL)[:, None] * p["coordination.friction"]
    western = np.isin(i, WEST)[:, None]

    def weight(name: str) -> Array:
        return p[f"acts.trilateral_exercise.{name}"]

    rows[:, TERM["need"]] = weight("need") * (need[i, j] + need[i, k]) / 2.0
    feared = 2.0 * s.threat[i] * mean_threat * np.maximum(lower, 0.0)
    rows[:, TERM["threat"]] = weight("threat") * (feared + western * answer(s, p)[i])
    rows[:, TERM["prestige"]] = weight("prestige") * glory(s, p)[i]
    rows[:, TERM["autonomy"]] = -weight("autonomy") * p.by_country("autonomy")[i] * (patrons**2 + taboo)
    rows[:, TERM["norm"]] = -weight("norm") * shy
    # three decide instead of two, so that each counts two thirds of the habit
    share = PARTNERS_IN[PAIR_ROWS.start] / PARTNERS_IN[ROWS["trilateral_exercise"]]
    rows[:, TERM["habit"]] = share * log1p(np.minimum(s.institutions[i, j], s.institutions[i, k]))
    rows[:, TERM["cost"]] = weight("base") - ties * np.maximum(s.pressure[j], s.pressure[k]) - quarrel
    programme = western * weight("coordination") * s.coordination
    rows[:, TERM["partner"]] = np.minimum(_ease(s, p, i, j), _ease(s, p, i, k)) + programme


def solo_terms(terms: Array, s: State, p: Parameters, need: Array) -> None:
    """Fill the rows of solo acts (C11, C12, C21), without the weights of the terms; arrays as in `pair_terms`."""
    trio, veto = slice(min(WEST), max(WEST) + 1), [RUS, CHN]
    norm, cost, partner = (p[f"acts.solo.{name}"] for name in ("norm", "cost", "partner"))

    def put(act: str, **values: Array | float) -> None:
        for name, value in values.items():
            terms[ROWS[act], TERM[name]] = value
        terms[ROWS[act], TERM["cost"]] += p[f"acts.{act}.base"]

    learned, alarm = 1.0 - exp(-np.stack([s.new_technology, s.guarded]))
    put(
        "missile_test",
        need=learned,
        threat=p["acts.missile_test.threat"] * answer(s, p)[PRK],
        prestige=p["acts.missile_test.prestige"] * glory(s, p)[PRK],
        cost=-cost * need[PRK, RUS],
        partner=-partner * s.dependence[PRK, CHN] - exchange.condition(s, p).sum(axis=0),
    )
    allied = partner * s.coordination
    in_common: dict[str, Array] = {"norm": norm * s.norm[trio], "partner": allied}
    put("designation", need=s.threat[trio], threat=s.seen_by_west, **in_common)
    put("monitoring", need=p["monitoring.coalition"] - s.monitoring, threat=s.threat[trio], **in_common)
    put(
        "veto",
        need=need[veto, PRK],
        threat=s.threat[veto] * s.threat[PRK],
        norm=-s.norm[veto],
        cost=-p.by_country("western_ties")[veto],
        partner=partner * s.alignment[veto, PRK],
    )
    # a cap that nobody watches costs little to break
    put(
        "oil_beyond_cap",
        need=need[RUS, PRK],
        threat=s.threat[RUS] * s.threat[PRK],
        norm=-s.norm[RUS] * s.monitoring,
        cost=-p["RUS.western_ties"],
        partner=partner * s.alignment[RUS, PRK],
    )
    put("red_line", need=s.threat[KOR], threat=alarm + p["acts.red_line.seen"] * s.seen_by_west, partner=allied)
    held_back = p["acts.lethal_aid.partner"] * s.coordination
    put("lethal_aid", need=s.threat[KOR], threat=alarm, cost=-s.trust[KOR, RUS], partner=held_back)
    short = s.shortage[PRK, FOOD:] / np.maximum(s.requirement[PRK, FOOD:], TINY)
    put(
        "aid",
        need=p["acts.aid.need"] * short.max(axis=0),
        threat=s.dependence[PRK, RUS],
        norm=-norm * s.norm[CHN],
        cost=-cost * p.by_country("western_ties")[CHN] * s.pressure[PRK],
        partner=partner * s.alignment[CHN, PRK],
    )


def open_options(s: State, p: Parameters) -> Array:
    """Return whether each option is open this month, (option, worlds)."""
    is_open = np.ones((len(OPTIONS), p.worlds), dtype=bool, like=s.taboo)
    is_open[ROWS["treaty"]] = s.pledge[PAIR_I, PAIR_J] < 1.0
    is_open[ROWS["monitoring"]] = s.monitoring < NEARLY_REBUILT * p["monitoring.coalition"]
    is_open[ROWS["veto"]] = (p["monitoring.renewal_month"] == s.month_of_year) & ~s.vetoed
    is_open[ROWS["oil_beyond_cap"]] = ~s.oil_free & (money.linked(p)[RUS, PRK] > 0.0)
    is_open[ROWS["red_line"]] = ~s.warned
    is_open[ROWS["lethal_aid"]] = (s.guarded > p["acts.lethal_aid.points"]) & s.warned & ~s.helping
    return is_open & (p.by_country("decides") > 0.0)[ACTOR]


def utilities(s: State, p: Parameters, need: Array) -> Array:
    """Return the terms of every option, weighted, (option, term, worlds).

    need (country, country, worlds) is the need of the partner, 0-1.
    """
    need = need * (1.0 + p["acts.want"] * s.want)[:, None]
    terms = np.empty((len(OPTIONS), len(TERMS), p.worlds), like=s.threat)
    others = terms[PAIR_ROWS.stop :]
    others[:] = 0.0
    pair_terms(terms, s, p, need)
    trilateral_terms(terms, s, p, need)
    solo_terms(terms, s, p, need)
    for name, place in TERM.items():
        others[:, place] *= 1.0 if name == "cost" else p[f"acts.weight.{name}"]
    terms[:, TERM["cost"]] += s.willingness - p["acts.fatigue"] * s.memory / PARTNERS_IN
    return terms

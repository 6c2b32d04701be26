"""Threat, prestige, dependence and isolation before the acts (step 3); what the acts change (step 4)."""

from __future__ import annotations

import numpy as np
from numpy import log1p

from sim.arrays import Array
from sim.model import accounts, threat
from sim.model.cargo import on_the_way
from sim.model.options import EAST_TRIO, PAIR_I, PAIR_J, ROWS, WEST_TRIO
from sim.model.parameters import Parameters
from sim.model.state import State
from sim.model.value import TINY
from sim.scenario.names import CHN, ENERGY, FOOD, JPN, KOR, PAIR_ACTS, PRK, RUS, TRIOS, USA

IN_EAST, IN_WEST = threat.EAST[PAIR_I] & threat.EAST[PAIR_J], ~threat.EAST[PAIR_I] & ~threat.EAST[PAIR_J]
"Rows of a pair act whose two countries belong to one bloc."
WESTERN_CAPITALS = len(TRIOS[1])


def appraise(s: State, p: Parameters) -> None:
    """Move threat, coordination, isolation, credit and what prestige is left (C4, C5, C11, C13)."""
    seen_by_east, s.seen_by_west = threat.signal(
        s.coordination,
        s.west_exercises,
        s.test_memory / p["threat.tests_of_note"],
        s.arms / p["threat.rounds_of_note"],
        s.new_technology,
        s.east_exercises,
        {name: p[f"threat.weight.{name}"] for name in threat.SIGNALS},
    )
    seen = np.where(threat.EAST[:, None], seen_by_east, s.seen_by_west)
    response = p.once("response", lambda: p["threat.sensitivity"] * p.by_country("threat_response"))
    standing = p["threat.background"] * threat.standing_threat(
        p.by_country("capability"), p.by_pair("proximity"), s.alignment
    )
    own_war = np.zeros_like(s.threat)
    own_war[RUS] = p["threat.war"] * s.intensity
    s.threat = threat.move_threat(s.threat, standing, response * seen, own_war, p["threat.speed"])
    west_threat = (s.threat[USA] + s.threat[KOR] + s.threat[JPN]) / WESTERN_CAPITALS
    s.coordination = threat.move_coordination(
        s.coordination,
        west_threat,
        p["coordination.growth"],
        p["coordination.friction"],
        p["coordination.decay"],
    )
    s.isolation = 1.0 - s.access
    s.prestige = s.prestige + p["prestige.decay"] * (p.by_country("prestige") - s.prestige)
    s.continuation = continuation(s, p)
    s.credit = accounts.credit_line(p["accounts.credit_line"], s.trust, s.continuation, p.by_country("gdp"))
    s.west_exercises = threat.fade(s.west_exercises, p["threat.memory"])
    s.east_exercises = threat.fade(s.east_exercises, p["threat.memory"])
    s.test_memory = threat.fade(s.test_memory, p["threat.memory"])
    s.new_technology = threat.fade(s.new_technology, p["threat.memory"])
    s.memory = threat.fade(s.memory, p["acts.memory"])


def continuation(s: State, p: Parameters) -> Array:
    """Return the chance that each creditor sees the relation go on, (creditor, debtor, worlds) 0-0.98.

    It falls when a debtor at war no longer is (its need was the reason), and a treaty or pledge raises it.
    """
    loss = np.zeros_like(s.threat)
    loss[RUS] = p["accounts.peace_loss"] * (1.0 - np.minimum(s.intensity, 1.0))
    return np.clip(
        p["accounts.horizon"] + p["accounts.treaty_bonus"] * s.pledge - loss[None], 0.0, accounts.MOST_LIKELY
    )


def take_effect(s: State, p: Parameters, happens: Array, draw: Array) -> None:
    """Let the acts of the month change the state.

    `happens` (option, worlds); `draw` (worlds), uniform on 0-1, says how many missiles are tested where any is.
    """
    s.memory = np.maximum(s.memory, happens)
    s.test_rounds = np.zeros_like(s.arms)
    _pair_acts(s, p, happens)
    _exercises(s, p, happens)
    _tests(s, p, happens[ROWS["missile_test"]][0], draw)
    _policy(s, p, happens)


def _pair_acts(s: State, p: Parameters, happens: Array) -> None:
    """Let visits, summits, treaties and exercises move prestige, debts, trust and alignment (C4, C10)."""
    standing = p.once("standing", lambda: 2.0 * np.sqrt(p.by_country("capability")))
    none = np.zeros_like(s.alignment)
    closeness, glory, pledge = none.copy(), none.copy(), none.copy()
    # glory[i, j] is what i gains by appearing with j; a visit brings the two less close than other acts
    glory[PAIR_I, PAIR_J] = sum(p[f"prestige.{act}"] * happens[ROWS[act]] for act in PAIR_ACTS)
    nears = {act: p["alignment.visit"] if act == "visit" else 1.0 for act in PAIR_ACTS}
    closeness[PAIR_I, PAIR_J] = sum(nears[act] * happens[ROWS[act]] for act in PAIR_ACTS)
    pledge[PAIR_I, PAIR_J] = happens[ROWS["treaty"]]
    s.pledge = np.maximum(s.pledge, pledge)
    gained = glory * s.isolation[:, None] * standing[None] * (1.0 - s.prestige[:, None])
    paid = accounts.prestige_payment(p["prestige.value"] * s.isolation[:, None] * gained, s.balance)
    s.prestige = np.clip(s.prestige + gained.sum(axis=1), 0.0, 1.0)
    s.balance = accounts.book(s.balance, -paid)
    share = p["alignment.act"] * closeness  # of the gap to one that the acts close
    s.alignment = np.clip(s.alignment + share * (1.0 - s.alignment), -1.0, 1.0)
    s.trust = np.clip(s.trust + share * (1.0 - s.trust), 0.0, 1.0)


def _exercises(s: State, p: Parameters, happens: Array) -> None:
    """Let exercises be remembered by the other side and wear down the taboo (C12, C16)."""
    rows = ROWS["exercise"]
    east_three, west_three = happens[EAST_TRIO[0]], happens[WEST_TRIO[0]]
    bilateral = happens[rows]
    # an exercise of two has a row for each of them
    of_two_east, of_two_west = (bilateral[rows].sum(axis=0) / 2.0 for rows in (IN_EAST, IN_WEST))
    s.east_exercises = s.east_exercises + of_two_east + east_three
    s.west_exercises = s.west_exercises + p["threat.bilateral_west"] * of_two_west + west_three
    closer = p["coordination.exercise"] * west_three * (1.0 - s.coordination)
    s.coordination = np.clip(s.coordination + closer, 0.0, 1.0)
    with_prk = bilateral[PAIR_I == PRK].any(axis=0) | east_three
    untouched = s.taboo >= p["autonomy.taboo"]
    s.taboo = np.where(with_prk & untouched, s.taboo * (1.0 - p["autonomy.taboo_drop"]), s.taboo)


def _tests(s: State, p: Parameters, testing: Array, draw: Array) -> None:
    """Test missiles (C12): one and a geometric number more, `tests.mean` on average in a month with tests."""
    mean_more = np.maximum(p["tests.mean"] - 1.0, TINY)
    more = np.floor(log1p(-draw) / np.log(mean_more / (1.0 + mean_more)))
    s.tests = np.where(testing, 1.0 + more, 0.0)
    s.test_memory = s.test_memory + s.tests
    s.test_rounds = s.tests * p["tests.rounds"]
    gain = p["prestige.missile_test"] * testing * (1.0 - s.prestige[PRK])
    s.prestige[PRK] = np.clip(s.prestige[PRK] + gain, 0.0, 1.0)


def _policy(s: State, p: Parameters, happens: Array) -> None:
    """Let designations, monitoring, veto, warning, arms for Ukraine and China's aid take effect (C6, C11, C21)."""
    # the more of the three western capitals designate, the more it hurts; it falls on the two that trade in arms
    named = happens[ROWS["designation"]].sum(axis=0) / WESTERN_CAPITALS
    for target in (RUS, PRK):
        s.pressure[target] = np.clip(s.pressure[target] + p["sanctions.designation"] * named, 0.0, 1.0)
    # a coalition of the willing rebuilds what the Panel of Experts was, but only up to its own reach
    rebuilt = happens[ROWS["monitoring"]].any(axis=0)
    gain = p["monitoring.rebuild"] * np.maximum(p["monitoring.coalition"] - s.monitoring, 0.0)
    s.monitoring = np.clip(s.monitoring + rebuilt * gain, 0.0, 1.0)
    # a veto of either ends what the United Nations watch in the same month; Russia then feels less bound by the norm
    vetoed = happens[ROWS["veto"]].any(axis=0)
    s.monitoring = np.where(vetoed, np.minimum(s.monitoring, p["monitoring.after_veto"]), s.monitoring)
    s.norm[RUS] = np.where(vetoed, s.norm[RUS] * (1.0 - p["norm.veto_drop"]), s.norm[RUS])
    # these are done once and for all
    s.vetoed = s.vetoed | vetoed
    s.warned = s.warned | happens[ROWS["red_line"]][0]
    s.helping = s.helping | happens[ROWS["lethal_aid"]][0]
    aid = happens[ROWS["aid"]][0]
    _give(s, p, FOOD, aid * p["aid.food"])
    _give(s, p, ENERGY, aid * p["aid.energy"] + p["aid.pipeline"])


def _give(s: State, p: Parameters, good: int, volume: Array) -> None:
    """Let China's gift join the queue to North Korea; the price of what is under way is thinned by it."""
    lane = CHN, PRK, good
    under_way = s.queue[lane] + on_the_way(s, p, CHN, PRK)[good]
    s.price_under_way[lane] *= under_way / np.maximum(under_way + volume, TINY)
    s.queue[lane] += volume

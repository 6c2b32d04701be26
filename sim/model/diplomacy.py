"""Threat, prestige, dependence and isolation before the acts (step 3); what the acts change (step 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy import log1p

from sim.model import accounts, threat
from sim.model.cargo import on_the_way
from sim.model.options import EAST_TRIO, PAIR_I, PAIR_J, ROWS, WEST_TRIO
from sim.model.value import TINY
from sim.scenario.names import COUNTRIES, PAIR_ACTS, TIERS

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray
RUS, PRK, USA, KOR, JPN, CHN = range(len(COUNTRIES))
FOOD, ENERGY = 1, 2
IN_EAST, IN_WEST = threat.EAST[PAIR_I] & threat.EAST[PAIR_J], ~threat.EAST[PAIR_I] & ~threat.EAST[PAIR_J]
"Rows of a pair act whose two countries belong to one bloc."
TIER_WEIGHT = np.array(TIERS, dtype=float)[:, None]


def appraise(w: World) -> None:
    """Threat, coordination, isolation, credit and what prestige is left (C4, C5, C11, C13)."""
    p = w.inputs
    seen_by_east, seen_by_west = threat.signal(
        w.coordination,
        w.west_exercises,
        w.test_memory,
        w.arms / p["threat.rounds_of_note"],
        w.new_technology,
        w.east_exercises,
    )
    w.seen_by_west = seen_by_west
    seen = np.where(threat.EAST[:, None], seen_by_east, seen_by_west)
    response = p.once("response", lambda: p["threat.sensitivity"] * p.by_country("threat_response"))
    standing = p["threat.background"] * threat.standing_threat(
        p.by_country("capability"), p.by_pair("proximity"), w.alignment
    )
    own_war = np.zeros_like(w.threat)
    own_war[RUS] = p["threat.war"] * w.intensity
    w.threat = threat.move_threat(w.threat, standing, response * seen, own_war, p["threat.speed"])
    west_threat = (w.threat[USA] + w.threat[KOR] + w.threat[JPN]) / 3.0
    w.coordination = threat.move_coordination(
        w.coordination,
        west_threat,
        p["coordination.growth"],
        p["coordination.friction"],
        p["coordination.decay"],
    )
    w.isolation = 1.0 - w.access
    w.prestige = w.prestige + p["prestige.decay"] * (p.by_country("prestige") - w.prestige)
    w.continuation = continuation(w)
    w.credit = accounts.credit_line(p["accounts.credit_line"], w.trust, w.continuation, p.by_country("gdp"))
    for memory in ("west_exercises", "east_exercises", "test_memory"):
        setattr(w, memory, threat.fade(getattr(w, memory), p["threat.memory"]))
    w.new_technology = threat.fade(w.new_technology, p["threat.memory"])
    w.memory = threat.fade(w.memory, p["acts.memory"])


def continuation(w: World) -> Array:
    """Chance that each creditor sees the relation go on, (creditor, debtor, worlds).

    It falls when a debtor at war no longer is (its need was the reason), and a treaty or pledge raises it.
    """
    p = w.inputs
    loss = np.zeros_like(w.threat)
    loss[RUS] = p["accounts.peace_loss"] * (1.0 - np.minimum(w.intensity, 1.0))
    return np.clip(p["accounts.horizon"] + p["accounts.treaty_bonus"] * w.pledge - loss[None], 0.0, 0.98)


def take_effect(w: World, happens: Array) -> None:
    """What the acts of the month change. `happens` (option, worlds)."""
    w.memory = np.maximum(w.memory, happens)
    w.test_rounds = np.zeros_like(w.arms)
    _pair_acts(w, happens)
    _exercises(w, happens)
    _tests(w, happens[ROWS["missile_test"]][0])
    _policy(w, happens)


def _pair_acts(w: World, happens: Array) -> None:
    """Visits, summits, treaties and exercises: prestige, payment in prestige, trust and alignment (C4, C10)."""
    p = w.inputs
    standing = p.once("standing", lambda: 2.0 * np.sqrt(p.by_country("capability")))
    closeness, glory, pledge = (np.zeros_like(w.alignment) for _ in range(3))
    # glory[i, j] is what i gains by appearing with j; a visit brings the two less close than other acts
    glory[PAIR_I, PAIR_J] = sum(p[f"prestige.{act}"] * happens[ROWS[act]] for act in PAIR_ACTS)
    closeness[PAIR_I, PAIR_J] = sum((0.3 if act == "visit" else 1.0) * happens[ROWS[act]] for act in PAIR_ACTS)
    pledge[PAIR_I, PAIR_J] = happens[ROWS["treaty"]]
    w.pledge = np.maximum(w.pledge, pledge)
    gained = glory * w.isolation[:, None] * standing[None] * (1.0 - w.prestige[:, None])
    paid = accounts.prestige_payment(p["prestige.value"] * w.isolation[:, None] * gained, w.balance)
    w.prestige = np.clip(w.prestige + gained.sum(axis=1), 0.0, 1.0)
    w.balance = accounts.book(w.balance, -paid)
    share = p["alignment.act"] * closeness  # of the gap to one that the acts close
    w.alignment = np.clip(w.alignment + share * (1.0 - w.alignment), -1.0, 1.0)
    w.trust = np.clip(w.trust + share * (1.0 - w.trust), 0.0, 1.0)


def _exercises(w: World, happens: Array) -> None:
    """Exercises are remembered by the other side and wear down the taboo (C12, C16)."""
    p, rows = w.inputs, ROWS["exercise"]
    east_three, west_three = happens[EAST_TRIO[0]], happens[WEST_TRIO[0]]
    bilateral = happens[rows]
    w.east_exercises = w.east_exercises + 0.5 * bilateral[IN_EAST].sum(axis=0) + east_three
    w.west_exercises = w.west_exercises + 0.25 * bilateral[IN_WEST].sum(axis=0) + west_three
    w.coordination = np.clip(w.coordination + 0.05 * west_three * (1.0 - w.coordination), 0.0, 1.0)
    with_prk = bilateral[PAIR_I == PRK].any(axis=0) | east_three
    untouched = w.taboo >= p["autonomy.taboo"]
    w.taboo = np.where(with_prk & untouched, w.taboo * (1.0 - p["autonomy.taboo_drop"]), w.taboo)


def _tests(w: World, testing: Array) -> None:
    """Missiles in a month with tests: one and a geometric number more, so that the mean is `tests.mean` (C12)."""
    p = w.inputs
    u = w.draws["tests"][w.month, 0]
    mean_more = np.maximum(p["tests.mean"] - 1.0, 1e-9)
    more = np.floor(log1p(-u) / np.log(mean_more / (1.0 + mean_more)))
    w.tests = np.where(testing, 1.0 + more, 0.0)
    w.test_memory = w.test_memory + w.tests
    w.test_rounds = w.tests * p["tests.rounds"]
    gain = p["prestige.missile_test"] * testing * (1.0 - w.prestige[PRK])
    w.prestige[PRK] = np.clip(w.prestige[PRK] + gain, 0.0, 1.0)


def _policy(w: World, happens: Array) -> None:
    """Designations, monitoring, veto, warning, arms for Ukraine, China's aid (C6, C11, C21)."""
    p = w.inputs
    named = happens[ROWS["designation"]].sum(axis=0) / 3.0
    for target in (RUS, PRK):
        w.pressure[target] = np.clip(w.pressure[target] + p["sanctions.designation"] * named, 0.0, 1.0)
    rebuilt = happens[ROWS["monitoring"]].any(axis=0)
    gain = p["monitoring.rebuild"] * np.maximum(p["monitoring.coalition"] - w.monitoring, 0.0)
    w.monitoring = np.clip(w.monitoring + rebuilt * gain, 0.0, 1.0)
    vetoed = happens[ROWS["veto"]].any(axis=0)
    w.monitoring = np.where(vetoed, np.minimum(w.monitoring, p["monitoring.after_veto"]), w.monitoring)
    w.norm = np.where(
        vetoed & (np.arange(len(COUNTRIES)) == RUS)[:, None], w.norm * (1.0 - p["norm.veto_drop"]), w.norm
    )
    w.vetoed = w.vetoed | vetoed
    w.warned = w.warned | happens[ROWS["red_line"]][0]
    w.helping = w.helping | happens[ROWS["lethal_aid"]][0]
    w.aid = happens[ROWS["aid"]][0]
    _give(w, FOOD, w.aid * p["aid.food"])
    _give(w, ENERGY, w.aid * p["aid.energy"] + p["aid.pipeline"])


def _give(w: World, good: int, volume: Array) -> None:
    """China's gift joins the queue to North Korea; the price of what is under way is thinned by it."""
    lane = CHN, PRK, good
    under_way = w.queue[lane] + on_the_way(w, CHN, PRK)[good]
    w.price_under_way[lane] *= under_way / np.maximum(under_way + volume, TINY)
    w.queue[lane] += volume

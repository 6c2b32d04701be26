"""Threat, coordination and prestige before the acts (step 3); effects of the acts (step 4)."""

import numpy as np

from sim.arrays import Array
from sim.elementary import exp, log, log1p
from sim.model import accounts, exchange, relations, routes, sanctions, threat
from sim.model.state import State
from sim.model.value import TINY, free_stock
from sim.scenario.names import CHN, ENERGY, FOOD, JPN, KOR, PAIR_ACTS, PRK, RUS, TRIOS, USA
from sim.scenario.option_arrays import PAIR_I, PAIR_J
from sim.scenario.options import EAST_TRIO, ROWS, WEST_TRIO
from sim.scenario.units import MONTHS_A_YEAR
from sim.scenario.values import Parameters

IN_EAST, IN_WEST = threat.EAST[PAIR_I] & threat.EAST[PAIR_J], ~threat.EAST[PAIR_I] & ~threat.EAST[PAIR_J]
"Rows of a pair act whose two countries belong to one bloc."
WESTERN_CAPITALS = len(TRIOS[1])


def appraise(s: State, p: Parameters) -> None:
    """Update threat, coordination, isolation and prestige, and fade memories (C4, C5, C11, C13)."""
    recent = {
        "west_exercises": s.west_exercises,
        "tests": s.test_memory / p["threat.tests_of_note"],
        "arms": s.arms / p["threat.rounds_of_note"],
        "technology": s.new_technology,
        "east_exercises": s.east_exercises,
    }
    weights = {name: p[f"threat.weight.{name}"] for name in threat.SIGNALS}
    seen_by_east, s.seen_by_west = threat.signal(s.coordination, recent, weights)
    # sanctions are aimed at a country, so that they are seen by their target alone
    s.seen = np.where(threat.EAST[:, None], seen_by_east, s.seen_by_west) + p["threat.weight.pressure"] * s.pressure
    response = p.once("response", lambda: p["threat.sensitivity"] * p.by_country("threat_response"))
    power = p.by_country("capability"), p.by_pair("proximity")
    standing = p["threat.background"] * threat.standing_threat(*power, s.alignment)
    own_war = np.zeros_like(s.threat)
    own_war[RUS] = p["threat.war"] * s.intensity
    s.threat = threat.move_threat(s.threat, standing, response * s.seen, own_war, p["threat.speed"])
    west_threat = (s.threat[USA] + s.threat[KOR] + s.threat[JPN]) / WESTERN_CAPITALS
    rates = (p[f"coordination.{name}"] for name in ("growth", "friction", "decay"))
    s.coordination = threat.move_coordination(s.coordination, west_threat, *rates)
    s.isolation = 1.0 - s.access
    lost = p["prestige.hunger"] * s.want * s.prestige
    s.prestige = np.maximum(s.prestige + p["prestige.decay"] * (p.by_country("prestige") - s.prestige) - lost, 0.0)
    s.continuation = continuation(s, p)
    for name in ("west_exercises", "east_exercises", "test_memory", "new_technology"):
        setattr(s, name, getattr(s, name) * (1.0 - p["threat.memory"]))
    s.memory = s.memory * (1.0 - p["acts.memory"])


def continuation(s: State, p: Parameters) -> Array:
    """Return the chance, as each creditor sees it, that the relation lasts, (creditor, debtor, worlds) 0-0.98.

    A treaty or pledge raises it. For Russia as debtor it falls with the war, which is the reason for its need.
    """
    loss = np.zeros_like(s.threat)
    loss[RUS] = p["accounts.peace_loss"] * (1.0 - np.minimum(p["war.intensity"], 1.0))
    lasts = p["accounts.horizon"] + p["accounts.treaty_bonus"] * s.pledge - loss[None]
    return np.clip(lasts, 0.0, accounts.MOST_LIKELY)


def take_effect(s: State, p: Parameters, happens: Array, draw: Array, capacity: Array) -> None:
    """Apply the effects of the month's acts, `happens` (option, worlds), to the state.

    `draw` (worlds), uniform on 0-1, sets the number of missiles in a month with tests; capacity (route, worlds) kt a
    month, what China's pipeline carries.
    """
    s.memory = np.maximum(s.memory, happens)
    _pair_acts(s, p, happens)
    _exercises(s, p, happens)
    _tests(s, p, happens[ROWS["missile_test"]][0], draw)
    _policy(s, p, happens, capacity)
    s.institutions = s.institutions + p["acts.habit.fading"] * (_together(s, happens) - s.institutions)
    noted = 1.0 - exp(-np.stack([s.tests / p["threat.tests_of_note"], s.arms / p["threat.rounds_of_note"]]))
    hostile = relations.hostile_acts(noted[0], noted[1], happens[ROWS["designation"]], s.helping)
    s.alignment = relations.moved_apart(s.alignment, p["alignment.act"] * p["alignment.hostile"] * hostile)


def _pair_acts(s: State, p: Parameters, happens: Array) -> None:
    """Apply visits, summits, treaties and exercises to prestige, debts, alignment and pledges (C4, C10)."""
    standing = p.once("standing", lambda: 2.0 * np.sqrt(p.by_country("capability")))
    none = np.zeros_like(s.alignment)
    closeness, glory, pledge = none.copy(), none.copy(), none.copy()
    # glory[i, j] is what i gains by appearing with j
    glory[PAIR_I, PAIR_J] = sum(p[f"prestige.{act}"] * happens[ROWS[act]] for act in PAIR_ACTS)
    nears = {act: p["alignment.visit"] if act == "visit" else 1.0 for act in PAIR_ACTS}
    closeness[PAIR_I, PAIR_J] = sum(nears[act] * happens[ROWS[act]] for act in PAIR_ACTS)
    pledge[PAIR_I, PAIR_J] = happens[ROWS["treaty"]]
    s.pledge = np.maximum(s.pledge, pledge)
    gained = glory * s.isolation[:, None] * standing[None] * (1.0 - s.prestige[:, None])
    unpaid = accounts.unpledged(s.balance, s.project_price)
    paid = accounts.prestige_payment(p["prestige.value"] * s.isolation[:, None] * gained, unpaid)
    s.prestige = np.clip(s.prestige + gained.sum(axis=1), 0.0, 1.0)
    s.balance = accounts.book(s.balance, -paid)
    share = p["alignment.act"] * closeness  # of the gap to one that the acts close
    s.alignment = np.clip(s.alignment + share * (1.0 - s.alignment), -1.0, 1.0)


def _together(s: State, happens: Array) -> Array:
    """Return the month's acts of each pair but visits, as acts a year, (country, country, worlds)."""
    acts = np.zeros_like(s.alignment)
    acts[PAIR_I, PAIR_J] = sum(happens[ROWS[act]] + 0.0 for act in PAIR_ACTS if act != "visit")
    for rows, trio in ((EAST_TRIO, threat.EAST), (WEST_TRIO, ~threat.EAST)):
        acts[trio[:, None] & trio[None]] += happens[rows[0]]
    return MONTHS_A_YEAR * acts


def _exercises(s: State, p: Parameters, happens: Array) -> None:
    """Add exercises to the memory of the other bloc and wear down the taboo (C12, C16)."""
    rows = ROWS["exercise"]
    east_three, west_three = happens[EAST_TRIO[0]], happens[WEST_TRIO[0]]
    bilateral = happens[rows]
    # a bilateral exercise has one row for each of its two countries
    of_two_east, of_two_west = (bilateral[rows].sum(axis=0) / 2.0 for rows in (IN_EAST, IN_WEST))
    s.east_exercises = s.east_exercises + of_two_east + east_three
    s.west_exercises = s.west_exercises + p["threat.bilateral_west"] * of_two_west + west_three
    closer = p["coordination.exercise"] * west_three * (1.0 - s.coordination)
    s.coordination = np.clip(s.coordination + closer, 0.0, 1.0)
    with_prk = bilateral[PAIR_I == PRK].any(axis=0) | east_three
    s.taboo = np.where(with_prk & (s.taboo >= 1.0), 1.0 - p["autonomy.taboo_drop"], s.taboo)


def _tests(s: State, p: Parameters, testing: Array, draw: Array) -> None:
    """Test missiles (C12): one plus a geometric number, `tests.mean` on average in a month with tests."""
    mean_more = np.maximum(p["tests.mean"] - 1.0, TINY)
    more = np.floor(log1p(-draw) / log(mean_more / (1.0 + mean_more)))
    s.tests = np.where(testing, 1.0 + more, 0.0)
    s.test_memory = s.test_memory + s.tests
    s.test_rounds = s.tests * p["tests.rounds"]
    gain = p["prestige.missile_test"] * testing * (1.0 - s.prestige[PRK])
    s.prestige[PRK] = np.clip(s.prestige[PRK] + gain, 0.0, 1.0)


def _policy(s: State, p: Parameters, happens: Array, capacity: Array) -> None:
    """Apply designations, monitoring, veto, warning, arms for Ukraine and China's aid (C6, C11, C21)."""
    # pressure grows with the number of western capitals that designate, on the two countries that trade in arms
    named = happens[ROWS["designation"]].sum(axis=0) / WESTERN_CAPITALS
    for target in (RUS, PRK):
        s.pressure[target] = np.clip(s.pressure[target] + p["sanctions.designation"] * named, 0.0, 1.0)
    # a coalition of the willing rebuilds monitoring after the Panel of Experts, up to its own reach
    rebuilt = happens[ROWS["monitoring"]].any(axis=0)
    gain = p["monitoring.rebuild"] * np.maximum(p["monitoring.coalition"] - s.monitoring, 0.0)
    s.monitoring = np.clip(s.monitoring + rebuilt * gain, 0.0, 1.0)
    # a veto of either ends monitoring by the United Nations in the same month and weakens Russia's norm
    vetoed = happens[ROWS["veto"]].any(axis=0)
    s.monitoring = np.where(vetoed, np.minimum(s.monitoring, p["monitoring.after_veto"]), s.monitoring)
    s.norm[RUS] = np.where(vetoed, s.norm[RUS] * (1.0 - p["norm.veto_drop"]), s.norm[RUS])
    # these happen once and last
    s.oil_free = s.oil_free | happens[ROWS["oil_beyond_cap"]][0]
    s.vetoed = s.vetoed | vetoed
    s.warned = s.warned | happens[ROWS["red_line"]][0]
    s.helping = s.helping | happens[ROWS["lethal_aid"]][0]
    aid = happens[ROWS["aid"]][0]
    bids = dict(zip(exchange.PATRONS, exchange.patrons_aid(s, p), strict=True))
    passes, free = sanctions.passes(p), free_stock(s.stock, p.by_country_good("reserve"))[CHN, ENERGY]
    lent = np.minimum(p["aid.pipeline"], capacity[routes.PIPELINE]) * passes[routes.LENT]
    s.lent = lent = np.minimum(lent, free)
    give(s, routes.LENT, lent)
    decided = {(CHN, FOOD): aid * p["aid.food"], (CHN, ENERGY): aid * p["aid.energy"]}
    for giver, good in ((CHN, FOOD), (CHN, ENERGY), (RUS, FOOD), (RUS, ENERGY)):
        lane = giver, PRK, good
        give(s, lane, (decided.get((giver, good), 0.0) + bids[giver][good]) * passes[lane])


def give(s: State, lane: tuple[int, int, int], volume: Array) -> None:
    """Add a gift, units (worlds), to the queue of a lane; it lowers the mean price of goods under way."""
    under_way = s.queue[lane] + s.in_transit[lane]
    share = under_way / np.maximum(under_way + volume, TINY)
    s.price_under_way[lane] *= np.where(volume > 0.0, share, 1.0)
    s.queue[lane] += volume

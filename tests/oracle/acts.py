"""Acts in one world: what each option is worth to its country, who says yes, and what the acts change.

Written from sections 7.7 to 7.9 of `docs/model.md`, not from the code of the model; a state is that of
`trade.py`. An option is one country's decision on one act; all who are to act together must say yes.
"""

from __future__ import annotations

import math
from itertools import combinations

from oracle.equations import COUNTRIES, Pairs, arrears, clip, noted
from oracle.trade import ALL, CHN, JPN, KOR, PATRONS, PRK, RUS, USA, Lookup, State, linked, of_pair, restraint
from sim.scenario.options import OPTIONS

BOTH, SPIRAL, DETERRENCE = range(3)
"""Theories of threat, as `structure.threat` counts them."""
EAST, WEST = (RUS, PRK, CHN), (USA, KOR, JPN)
TOGETHER = ("visit", "summit", "treaty", "exercise", "trilateral_exercise")
SYMBOLS = {"visit": 0.15, "summit": 0.5, "treaty": 0.8, "exercise": 0.3, "trilateral_exercise": 0.3}
Terms = dict[str, float]
Act = tuple[str, tuple[int, ...]]
"""What was done and by whom."""
ROW = {option.label: k for k, option in enumerate(OPTIONS)}


def _groups() -> list[tuple[str, tuple[int, ...], list[int]]]:
    """(act, its countries, the rows of all who must say yes)."""
    found = [(o.act, (COUNTRIES.index(o.actor),), [k]) for k, o in enumerate(OPTIONS) if o.act not in TOGETHER]
    for act in TOGETHER:
        for circle in (EAST, WEST) if act == "trilateral_exercise" else combinations(ALL, 2):
            turns = [(i, *(j for j in circle if j != i)) for i in circle]
            found.append((act, tuple(circle), [ROW[" ".join((act, *(COUNTRIES[i] for i in t)))] for t in turns]))
    return found


GROUPS = _groups()


def needs(s: State, o: State, p: Lookup) -> Pairs:
    """What each partner is needed for: what deals could bring, what they have brought, and debts of either side."""
    hope, weight = potential(s, o, p), {part: p(f"acts.need.{part}") for part in ("potential", "realised", "arrears")}
    gdp = [p(f"{c}.gdp") for c in COUNTRIES]

    def need(i: int, j: int) -> float:
        size = math.sqrt(gdp[i] * gdp[j] / (gdp[RUS] * gdp[PRK]))
        brought = math.tanh(s.realised[i][j] / (p("acts.need.gain_of_note") * size))
        owed = max(arrears(s.balance[i][j], s.line[i][j]), arrears(s.balance[j][i], s.line[j][i]))
        calm = weight["potential"] * hope[i][j] + weight["realised"] * brought + weight["arrears"] * owed
        return calm * (1.0 + p("acts.want") * s.want[i])

    return [[need(i, j) if i != j else 0.0 for j in ALL] for i in ALL]


def potential(s: State, o: State, p: Lookup) -> Pairs:
    """What a deal with each partner would bring: the larger of buying from it and a share of selling to it, 0-1."""
    base = [p(f"goods.{g}.value") for g in ("ammunition", "food", "energy")]

    def first_unit(i: int, j: int) -> float:
        margins = ((o.value[i][j][g] - o.reservation[i][j][g] - o.cost[i][j][g]) / base[g] for g in range(3))
        return math.tanh(max(0.0, *margins))

    best, selling = [[first_unit(i, j) for j in ALL] for i in ALL], p("acts.seller_need")
    return [[max(best[j][i], selling * best[i][j]) for j in ALL] for i in ALL]


def glory(i: int, s: State, p: Lookup) -> float:
    """What prestige is worth to i."""
    return s.isolation[i] * (1.0 - s.prestige[i]) * (1.0 + p("acts.want") * s.want[i])


def answer(i: int, s: State, p: Lookup) -> float:
    """What an armed answer is worth to i: the spiral draws it on, deterrence holds it back."""
    power = [p(f"{c}.capability") for c in COUNTRIES]
    behind = power[i] + sum(s.pledge[i][j] * s.trust[i][j] * power[j] for j in ALL)
    against = sum(power[j] for j in (WEST if i in EAST else EAST))
    fear, seen = s.threat[i], s.seen[i]
    held_back = (1.0 - fear) * seen * against / (against + behind)
    theory = p("structure.threat")
    spiral = 0.0 if theory == DETERRENCE else p("threat.spiral")
    deterrence = 0.0 if theory == SPIRAL else p("threat.deterrence")
    return spiral * fear * seen - deterrence * held_back


# ---- What an option is worth ----------------------------------------------------------------------------------


def pair_terms(act: str, i: int, j: int, s: State, p: Lookup) -> Terms:
    """The terms of i for an act with j."""
    a, b = COUNTRIES[i], COUNTRIES[j]
    taboo = p("autonomy.taboo") * s.taboo if i == PRK else 0.0
    special = {"exercise": taboo, "treaty": p("autonomy.treaty")}.get(act, 0.0)
    terms = {
        "need": s.need[i][j],
        "threat": 2.0 * s.threat[i] * s.threat[j] * s.alignment[i][j],
        "prestige": glory(i, s, p) * 2.0 * math.sqrt(p(f"{b}.capability")),
        "autonomy": -p(f"{a}.autonomy") * (s.dependence[i][j] ** 2 + special),
        "norm": -s.norm[i] if j == PRK else 0.0,
    }
    terms = {name: p(f"acts.{act}.{name}") * worth for name, worth in terms.items()}
    meeting = act in ("visit", "summit")
    quarrel = p("coordination.friction") if {i, j} == {KOR, JPN} and not meeting else 0.0
    at_risk = p(f"{a}.western_ties") * s.pressure[j] * (p("acts.treaty.ties") if act == "treaty" else 1.0)
    terms["cost"] = p(f"acts.{act}.base") - at_risk - quarrel
    terms["partner"] = p(f"acts.{act}.partner") * ease(i, j, s, p)
    if meeting:
        terms["agenda"] = agenda(i, j, s, p)
    if act != "treaty":
        terms["habit"] = math.log(1.0 + s.institutions[i][j])
    return terms


def agenda(i: int, j: int, s: State, p: Lookup) -> float:
    """What i has to talk over with j: danger and trade at stake, as far as it does not trust."""
    near, power = of_pair(p, i, j, "proximity"), math.sqrt(p(f"{COUNTRIES[j]}.capability"))
    danger = 2.0 * power * near * (1.0 - s.alignment[i][j]) / 2.0
    return (danger + s.dependence[i][j]) * (1.0 - s.trust[i][j])


def ease(i: int, j: int, s: State, p: Lookup) -> float:
    """The partner term of i and j."""
    return s.alignment[i][j] + p("acts.pledge") * s.pledge[i][j] + s.trust[i][j] - 0.5


def trilateral_terms(i: int, s: State, p: Lookup) -> Terms:
    """The terms of i for an exercise with the other two of its bloc."""
    j, k = (c for c in (EAST if i in EAST else WEST) if c != i)
    a, act = COUNTRIES[i], "trilateral_exercise"
    friendly = max(min(s.alignment[i][j], s.alignment[i][k]), 0.0)
    patrons = s.dependence[i][j] + s.dependence[i][k]
    terms = {
        "need": (s.need[i][j] + s.need[i][k]) / 2.0,
        "threat": 2.0 * s.threat[i] * (s.threat[j] + s.threat[k]) / 2.0 * friendly
        + (answer(i, s, p) if i in WEST else 0.0),
        "prestige": glory(i, s, p),
        "autonomy": -p(f"{a}.autonomy") * (patrons**2 + (p("autonomy.taboo") * s.taboo if i == PRK else 0.0)),
        "norm": -s.norm[i] if i in (RUS, CHN) else 0.0,
    }
    terms = {name: p(f"acts.{act}.{name}") * worth for name, worth in terms.items()}
    quarrel = p("coordination.friction") if i in (KOR, JPN) else 0.0
    terms["cost"] = p(f"acts.{act}.base") - p(f"{a}.western_ties") * max(s.pressure[j], s.pressure[k]) - quarrel
    terms["partner"] = min(ease(i, j, s, p), ease(i, k, s, p))
    terms["partner"] += p(f"acts.{act}.coordination") * s.coordination if i in WEST else 0.0
    together = min(s.institutions[i][j], s.institutions[i][k])
    terms["habit"] = 2.0 * math.log(1.0 + together) / 3.0
    return terms


def solo_terms(act: str, i: int, s: State, p: Lookup) -> Terms:
    """The terms of i for an act of its own; what is left out is zero."""
    felt, ties = s.threat[i], p(f"{COUNTRIES[i]}.western_ties")
    norm, cost, partner = (p(f"acts.solo.{name}") for name in ("norm", "cost", "partner"))
    alarm, allied = 1.0 - math.exp(-s.guarded), partner * s.coordination
    if act == "missile_test":
        terms = {
            "need": 1.0 - math.exp(-s.new_technology),
            "threat": p("acts.missile_test.threat") * answer(i, s, p),
            "prestige": p("acts.missile_test.prestige") * glory(i, s, p),
            "cost": -cost * s.need[PRK][RUS],
            "partner": -partner * s.dependence[PRK][CHN] - sum(restraint(s, p, patron) for patron in PATRONS),
        }
    elif act == "designation":
        terms = {"need": felt, "threat": s.seen_by_west, "norm": norm * s.norm[i], "partner": allied}
    elif act == "monitoring":
        gap = p("monitoring.coalition") - s.monitoring
        terms = {"need": gap, "threat": felt, "norm": norm * s.norm[i], "partner": allied}
    elif act == "veto":
        friendly = partner * s.alignment[i][PRK]
        terms = {"need": s.need[i][PRK], "threat": felt * s.threat[PRK], "norm": -s.norm[i], "cost": -ties}
        terms["partner"] = friendly
    elif act == "oil_beyond_cap":
        terms = {"need": s.need[i][PRK], "threat": felt * s.threat[PRK], "norm": -s.norm[i] * s.monitoring}
        terms |= {"cost": -ties, "partner": partner * s.alignment[i][PRK]}
    elif act == "red_line":
        terms = {"need": felt, "threat": alarm + p("acts.red_line.seen") * s.seen_by_west, "partner": allied}
    elif act == "lethal_aid":
        terms = {"need": felt, "threat": alarm, "cost": -s.trust[KOR][RUS]}
        terms["partner"] = p("acts.lethal_aid.partner") * s.coordination
    else:
        short = max(s.shortage[PRK][g] / s.requirement[PRK][g] if s.requirement[PRK][g] > 0.0 else 0.0 for g in (1, 2))
        terms = {"need": p("acts.aid.need") * short, "threat": s.dependence[PRK][RUS], "norm": -norm * s.norm[i]}
        terms |= {"cost": -cost * ties * s.pressure[PRK], "partner": partner * s.alignment[i][PRK]}
    terms["cost"] = terms.get("cost", 0.0) + p(f"acts.{act}.base")
    return terms


def is_open(act: str, i: int, others: list[int], s: State, p: Lookup) -> bool:
    """Whether the option comes up this month."""
    if act == "treaty":
        return bool(s.pledge[i][others[0]] < 0.5)
    if act == "monitoring":
        return bool(s.monitoring < 0.95 * p("monitoring.coalition"))
    if act == "veto":
        return p("monitoring.renewal_month") == s.calendar_month and not s.vetoed
    if act == "red_line":
        return not s.warned
    if act == "oil_beyond_cap":
        return not s.oil_free and linked(p, RUS, PRK) > 0.0
    if act == "lethal_aid":
        return bool(s.guarded > p("acts.lethal_aid.points") and s.warned and not s.helping)
    return True


def chance_of_yes(k: int, s: State, p: Lookup) -> float:
    """Quantal response of the country that decides on option k."""
    act, i = OPTIONS[k].act, COUNTRIES.index(OPTIONS[k].actor)
    others = [COUNTRIES.index(c) for c in OPTIONS[k].partners]
    if not is_open(act, i, others, s, p) or p(f"{OPTIONS[k].actor}.decides") <= 0.0:
        return 0.0
    if act == "trilateral_exercise":
        terms = trilateral_terms(i, s, p)
    elif act in TOGETHER:
        terms = pair_terms(act, i, others[0], s, p)
    else:
        terms = solo_terms(act, i, s, p)
    tired = p("acts.fatigue") * s.memory[k] / (1.0 + len(others) if act in TOGETHER else 1.0)
    total = terms.pop("cost") - tired
    total += sum(p(f"acts.weight.{name}") * worth for name, worth in terms.items())
    return 1.0 / (1.0 + math.exp(-clip(p("acts.precision") * total, -500.0, 500.0)))


# ---- What the acts change -------------------------------------------------------------------------------------


def done(yes: list[bool]) -> list[Act]:
    """The acts to which all said yes, with their countries."""
    return [(act, circle) for act, circle, rows in GROUPS if all(yes[k] for k in rows)]


def rows_of(act: str, actors: tuple[str, ...]) -> list[int]:
    """The rows of an act that the scenario prescribes to these countries."""
    named = {COUNTRIES.index(code) for code in actors}
    return next(rows for kind, circle, rows in GROUPS if kind == act and set(circle) <= named)


def effects(s: State, acts: list[Act], u: float, p: Lookup) -> State:
    """All that the month's acts change but China's gifts; `u` is the uniform number that says how many tests."""
    out = State(**vars(_meetings(s, acts, p)), **vars(_exercises(s, acts, p)), **vars(_policy(s, acts, p)))
    out.memory = list(s.memory)
    fade, memory = p("acts.habit.fading"), s.institutions
    together = [[12.0 * _together(i, j, acts) for j in ALL] for i in ALL]
    out.institutions = [[(1.0 - fade) * memory[i][j] + fade * together[i][j] for j in ALL] for i in ALL]
    for act, circle, rows in GROUPS:
        if (act, circle) in acts:
            for k in rows:
                out.memory[k] = 1.0
    out.tests = 0.0
    if ("missile_test", (PRK,)) in acts:
        more = max(p("tests.mean") - 1.0, 1e-9)
        out.tests = 1.0 + math.floor(math.log1p(-u) / math.log(more / (1.0 + more)))
        raised = out.prestige[PRK] + p("prestige.missile_test") * (1.0 - out.prestige[PRK])
        out.prestige[PRK] = clip(raised, 0.0, 1.0)
    for i, j in ((i, j) for i in ALL for j in ALL if i != j):
        share = p("alignment.act") * p("alignment.hostile") * _hostility(i, j, s, acts, out, p)
        out.alignment[i][j] -= min(share, 1.0) * (1.0 + out.alignment[i][j])
    out.test_rounds = out.tests * p("tests.rounds")
    out.test_memory = s.test_memory + out.tests
    return out


def _meetings(s: State, acts: list[Act], p: Lookup) -> State:
    """Prestige and what it pays, pledges, alignment and trust after the acts of two."""
    glory, closeness = ([[0.0] * 6 for _ in ALL] for _ in range(2))
    out = State(prestige=list(s.prestige))
    for name in ("pledge", "alignment", "balance"):
        setattr(out, name, [list(row) for row in getattr(s, name)])
    for act, circle in acts:
        if act in TOGETHER and len(circle) == 2:
            for i, j in (circle, circle[::-1]):
                glory[i][j] += p(f"prestige.{act}")
                closeness[i][j] += p("alignment.visit") if act == "visit" else 1.0
                if act == "treaty":
                    out.pledge[i][j] = 1.0
    for i, j in ((i, j) for i in ALL for j in ALL if closeness[i][j] > 0.0):
        standing = 2.0 * math.sqrt(p(f"{COUNTRIES[j]}.capability"))
        gained = glory[i][j] * s.isolation[i] * standing * (1.0 - s.prestige[i])
        out.prestige[i] += gained
        settled = min(
            p("prestige.value") * s.isolation[i] * gained, max(s.balance[i][j] - sum(s.project_price[j][i]), 0.0)
        )
        out.balance[i][j] -= settled
        out.balance[j][i] += settled
        step = p("alignment.act") * closeness[i][j]
        out.alignment[i][j] = clip(s.alignment[i][j] + step * (1.0 - s.alignment[i][j]), -1.0, 1.0)
    out.prestige = [clip(x, 0.0, 1.0) for x in out.prestige]
    return out


def _together(i: int, j: int, acts: list[Act]) -> int:
    """Acts of i and j this month that they will remember; visits are too common."""
    return sum(act in TOGETHER and act != "visit" and {i, j} <= set(circle) and i != j for act, circle in acts)


def _hostility(i: int, j: int, s: State, acts: list[Act], out: State, p: Lookup) -> float:
    """Weight of what i and j did against each other this month."""
    if (i in EAST) == (j in EAST):
        return 0.0
    east, west = (i, j) if i in EAST else (j, i)
    weight = 0.0
    if east in (RUS, PRK) and ("designation", (west,)) in acts:
        weight += 1.0
    if east == PRK:
        weight += noted(out.tests, p("threat.tests_of_note")) + noted(s.arms, p("threat.rounds_of_note"))
    if (east, west) == (RUS, KOR) and out.helping:
        weight += 1.0
    return weight


def _exercises(s: State, acts: list[Act], p: Lookup) -> State:
    """What each bloc saw of the other, coordination, and the taboo that North Korea's first exercise wears down."""
    out = State(east_exercises=s.east_exercises, west_exercises=s.west_exercises, taboo=s.taboo)
    out.coordination = s.coordination
    for act, circle in acts:
        if act == "exercise" and set(circle) <= set(EAST):
            out.east_exercises += 1.0
        elif act == "exercise" and set(circle) <= set(WEST):
            out.west_exercises += p("threat.bilateral_west")
        elif act == "trilateral_exercise" and circle == EAST:
            out.east_exercises += 1.0
        elif act == "trilateral_exercise":
            out.west_exercises += 1.0
            out.coordination = clip(s.coordination + p("coordination.exercise") * (1.0 - s.coordination), 0.0, 1.0)
        if act in ("exercise", "trilateral_exercise") and PRK in circle and s.taboo == 1.0:
            out.taboo = 1.0 - p("autonomy.taboo_drop")
    return out


def _policy(s: State, acts: list[Act], p: Lookup) -> State:
    """Designations, monitoring, veto, warning, arms for Ukraine."""
    names = [act for act, _ in acts]
    out = State(pressure=list(s.pressure), norm=list(s.norm), monitoring=s.monitoring)
    for target in (RUS, PRK):
        added = p("sanctions.designation") * names.count("designation") / 3.0
        out.pressure[target] = clip(s.pressure[target] + added, 0.0, 1.0)
    if "monitoring" in names:
        gap = max(p("monitoring.coalition") - s.monitoring, 0.0)
        out.monitoring = clip(s.monitoring + p("monitoring.rebuild") * gap, 0.0, 1.0)
    if "veto" in names:
        out.monitoring = min(out.monitoring, p("monitoring.after_veto"))
        out.norm[RUS] *= 1.0 - p("norm.veto_drop")
    out.vetoed = s.vetoed or "veto" in names
    out.oil_free = s.oil_free or "oil_beyond_cap" in names
    out.warned = s.warned or "red_line" in names
    out.helping = s.helping or "lethal_aid" in names
    return out

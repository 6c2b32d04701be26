"""What is left of a month in one world: where it starts, what comes from outside, the war, old shells, the indices.

Written from sections 5, 6 and 9 of `docs/model.md`, not from the code of the model; a state is that of `trade.py`.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from oracle import equations
from oracle.acts import EAST, SYMBOLS, TOGETHER, WEST, Act
from oracle.equations import AMMUNITION, COUNTRIES, ENERGY, ROUTES, Gift, Lanes, Pairs, clip
from oracle.trade import (
    ALL,
    GOODS,
    KOR,
    PRK,
    RUS,
    TIERS,
    USA,
    Lookup,
    State,
    asked_by_war,
    lead_time,
    of_pair,
    old_share,
    other_imports,
    usual_alignment,
)
from sim.scenario.options import OPTIONS

normal = NormalDist().inv_cdf
GOALS = ("need", "threat", "prestige", "autonomy", "cost")
KBBL_PER_KT = 1.0 / 0.13
"""1,000 barrels of oil products for each kt."""


# ---- 5. Start -------------------------------------------------------------------------------------------------


def start(p: Lookup) -> State:
    """The state before the first month."""

    def pairs(field: str) -> Pairs:
        return [[of_pair(p, i, j, field) for j in ALL] for i in ALL]

    def lanes(depth: int = 3) -> Lanes:
        return [[[0.0] * depth for _ in ALL] for _ in ALL]

    def none() -> Pairs:
        return [[0.0] * 6 for _ in ALL]

    def store(c: str, g: str) -> float:
        return p(f"{c}.{g}.reserve") + p(f"{c}.{g}.target") * p(f"{c}.{g}.requirement")

    stock = [[p(f"{c}.{GOODS[0]}.stock"), *(store(c, g) for g in GOODS[1:])] for c in COUNTRIES]
    return State(
        stock=stock,
        rate=[p(f"{c}.ammunition.production") for c in COUNTRIES],
        ration=[1.0] * 6,
        hardship=[0.0] * 6,
        want=[0.0] * 6,
        foreign_orders=[0.0] * 6,
        old=p("PRK.ammunition.old_share") * stock[PRK][AMMUNITION],
        technology=[[p(f"{c}.technology.tier{k}") for k in TIERS] for c in COUNTRIES],
        threat=[0.0] * 6,
        prestige=[p(f"{c}.prestige") for c in COUNTRIES],
        norm=[p(f"{c}.norm") for c in COUNTRIES],
        pressure=base_pressure(p),
        base_pressure=base_pressure(p),
        **{name: pairs(name) for name in ("trust", "pledge")},
        start_trust=pairs("trust"),
        alignment=usual_alignment(p),
        institutions=pairs("acts"),
        start_alignment=usual_alignment(p),
        usual_pressure=[0.0] * 6,
        built=[0.0] * len(ROUTES),
        contract=agreed(p),
        **{name: none() for name in ("broken", "balance", "repaid", "shown", "gain", "realised", "kept", "failed")},
        dependence=[equations.dependence(row) for row in other_imports(p)],
        supplied=other_imports(p),
        food_inflow=max(p("PRK.food.requirement") - p("PRK.food.production"), 0.0),
        money=[p(f"{c}.money") * 1000.0 for c in COUNTRIES],
        world_money=0.0,
        other_stock=[p("money.store") * sum(row) for row in other_imports(p)],
        other_met=[1.0] * 6,
        value_delivered=none(),
        queue=lanes(),
        price=lanes(),
        **{name: lanes(4) for name in ("released", "projects", "project_price", "project_due")},
        lately=[],
        transit=[[[0.0] * 3, [0.0] * 3] for _ in ROUTES],
        faulty=[[0.0, 0.0] for _ in ROUTES],
        memory=[0.0] * len(OPTIONS),
        **dict.fromkeys(("west_exercises", "east_exercises", "test_memory", "new_technology", "arms"), 0.0),
        **dict.fromkeys(("test_rounds", "guarded", "shells_delivered", "tier_released"), 0.0),
        vetoed=False,
        warned=False,
        oil_free=False,
        lent=0.0,
        helping=False,
        monitoring=p("monitoring.start"),
        coordination=0.0,
        border=p("border.start"),
        taboo=1.0,
        ukraine_stock=p("war.ukraine_stock"),
        ukraine_fire=p("war.ukraine_use") * p("war.ukraine_stock"),
        war_noise=0.0,
        attacking=False,
        substitutes=min(p("war.substitutes"), p("war.substitutes_ceiling")),
        guns=p("war.guns"),
        secondary=p("sanctions.secondary"),
        inputs=1.0 - p("CHN.western_ties") * p("sanctions.secondary"),
        converted=[0.0] * 6,
        **{name: [[0.0] * 3 for _ in ALL] for name in ("imports", "lost", "world_imports", "requirement", "shortage")},
    )


def agreed(p: Lookup) -> Lanes:
    """What was agreed before the first month, by seller, buyer and good: shells for Russia alone."""
    out = [[[0.0] * 3 for _ in ALL] for _ in ALL]
    out[PRK][RUS][AMMUNITION] = p("PRK.ammunition.agreed")
    return out


FROM_THE_RECORD = (
    *("rate", "old", "technology", "trust", "alignment", "pledge", "institutions", "norm", "monitoring"),
    *(
        "border",
        "taboo",
        "pressure",
        "base_pressure",
        "money",
        "world_money",
        "vetoed",
        "warned",
        "helping",
        "oil_free",
    ),
    *("war_noise", "attacking", "substitutes", "guns", "ukraine_stock"),
    *("released", "guarded", "shells_delivered", "tier_released"),
)
"""What stands at the first month as it stood at the start of the months before."""


def back_to_the_record(s: State, first: State) -> State:
    """The record of the first month after one of the months before."""
    out = State(**{name: getattr(first, name) for name in FROM_THE_RECORD})
    out.stock = [[then[0], *now[1:]] for then, now in zip(first.stock, s.stock, strict=True)]
    out.contract = [[list(cell) for cell in row] for row in s.contract]
    out.contract[PRK][RUS][AMMUNITION] = first.contract[PRK][RUS][AMMUNITION]
    out.balance = [[0.0 if {i, j} == {RUS, PRK} else s.balance[i][j] for j in ALL] for i in ALL]
    return out


def usual_relations(s: State, first: State, months: int, p: Lookup) -> State:
    """To what alignment and pressure drift back: the start less the mean rise by all else over the drift.

    What is known after the month before is the mean of fewer months; drift towards it is in the rise of this month.
    """

    rate, now, then, usual = p("trust.drift") * months, s.alignment, first.alignment, s.start_alignment
    return State(
        start_alignment=[[usual[i][j] - (now[i][j] - then[i][j]) / rate for j in ALL] for i in ALL],
        usual_pressure=[
            s.usual_pressure[i] - (s.pressure[i] - first.pressure[i]) / p("sanctions.fatigue") / months for i in ALL
        ],
    )


def full_memories(s: State, first: State, p: Lookup, months: int) -> State:
    """Memories that fade slowly, as they would be had the months before gone on for ever."""

    def left(rate: str) -> float:
        return (1.0 - p(rate)) ** months

    def full(now: float, then: float, of_then: float) -> float:
        return (now - of_then * then) / (1.0 - of_then) if of_then < 1.0 else now

    def pairs(name: str, rate: str) -> Pairs:
        rows = zip(getattr(s, name), getattr(first, name), strict=True)
        return [[full(now, then, left(rate)) for now, then in zip(*row, strict=True)] for row in rows]

    supplied = pairs("supplied", "autonomy.memory")
    kept, failed = pairs("kept", "trust.drift"), pairs("failed", "trust.drift")

    def before(i: int, j: int) -> float:
        learnt = first.trust[i][j] * (p("trust.prior") + kept[i][j] + failed[i][j])
        return clip((learnt - kept[i][j]) / p("trust.prior"), 0.0, 1.0)

    signals = ("west_exercises", "east_exercises", "test_memory", "new_technology")
    return State(
        supplied=supplied,
        kept=kept,
        failed=failed,
        start_trust=[[before(i, j) for j in ALL] for i in ALL],
        dependence=[equations.dependence(row) for row in supplied],
        shown=pairs("shown", "indices.memory"),
        **{name: full(getattr(s, name), getattr(first, name), left("threat.memory")) for name in signals},
    )


def resting_coordination(threat: list[float], drills: float, p: Lookup) -> float:
    """Where coordination neither grows nor decays at this threat, with so many western exercises of three a month."""
    mean = sum(threat[i] for i in WEST) / len(WEST)
    rise = p("coordination.growth") * mean * (1.0 - p("coordination.friction"))
    rise += p("coordination.exercise") * drills
    loss = p("coordination.decay")
    return rise / (rise + loss) if rise + loss > 0.0 else 0.0


# ---- 6. Drivers and war ---------------------------------------------------------------------------------------


def base_pressure(p: Lookup) -> list[float]:
    """Pressure on each country before designations: on Russia, North Korea and China only."""
    return [
        clip(p("sanctions.pressure") * p(f"sanctions.{c}"), 0.0, 1.0) if i in EAST else 0.0
        for i, c in enumerate(COUNTRIES)
    ]


def drive(s: State, p: Lookup, war: float, regime: float, harvest: float) -> State:
    """War, harvest, border and pressure of the month; `war`, `regime` and `harvest` are uniform numbers."""
    base, kept, stays = base_pressure(p), 1.0 - p("sanctions.fatigue"), p("war.persistence")
    noise = stays * s.war_noise + p("war.noise") * math.sqrt(1.0 - stays**2) * normal(war)
    # of a lognormal number with the median 1, of which the logarithm is what is left of this and all months before
    left = [stays ** (2 * gone) for gone in range(max(s.month, 0) + 1)]
    mean = math.exp(p("war.noise") ** 2 * (1.0 - stays**2) * math.fsum(left) / 2.0)
    out = State(base_pressure=base, war_noise=noise, intensity=p("war.intensity") * math.exp(noise) / mean)
    starved = clip(1.0 - (s.ukraine_stock + s.ukraine_fire) / p("war.ukraine_stock"), 0.0, 1.0)
    chances = p("war.attack_begins"), p("war.attack_ends"), p("war.lure")
    out.attacking = equations.attacks(s.attacking, regime, *chances, starved)
    grown = p("war.substitutes_ceiling"), p("war.substitutes_growth")
    out.substitutes = equations.substitutes(s.substitutes, *grown)
    if s.month == 0 or s.calendar_month == 9:
        sd = p("PRK.food.harvest_noise")
        out.harvest_shock = math.exp(sd * normal(harvest)) / math.exp(sd**2 / 2.0)
    else:
        out.harvest_shock = s.harvest_shock
    out.harvest = out.harvest_shock * p("PRK.food.harvest")
    out.border = s.border + p("border.rate") * (p("border.target") - s.border)
    short = p("sanctions.fatigue")
    added = [kept * (s.pressure[i] - s.base_pressure[i]) + short * s.usual_pressure[i] for i in ALL]
    out.pressure = [clip(base[i] + added[i], 0.0, 1.0) for i in ALL]
    out.secondary = clip(p("sanctions.secondary") + added[RUS], 0.0, 1.0)
    sent = 1.0 - p("CHN.western_ties") * out.secondary
    out.inputs = s.inputs + p("RUS.ammunition.input_lag") * (sent - s.inputs)
    return out


def fight(s: State, p: Lookup) -> State:
    """What Russia fired, and what Ukraine was given and fired; s is the state after use, Ukraine's fire still that of
    last month.
    """
    asked = asked_by_war(s, p)

    def to_the_war(i: int) -> float:
        required = s.requirement[i][AMMUNITION]
        return s.consumption[i][AMMUNITION] * asked[i] / required if required > 0.0 else 0.0

    elsewhere = max(p("war.other_supply") + p("war.other_growth") * max(s.month, 0), 0.0)
    has = s.ukraine_stock + to_the_war(USA) + to_the_war(KOR) + elsewhere
    fired = min(has * p("war.ukraine_use") * s.intensity, has)
    shots = to_the_war(RUS)
    guns = max(s.guns + p("war.guns_made") - 1000.0 * shots / p("war.barrel_life"), 0.0)
    return State(fire=shots, guns=guns, ukraine_stock=has - fired, ukraine_fire=fired)


# ---- 7.1 Old shells -------------------------------------------------------------------------------------------


def faulty_rounds(s: State, o: State, flows: State, p: Lookup, luck: float) -> State:
    """Old lots left, faulty rounds under way (kt), and those that arrived (krounds) by receiver and seller."""
    shipped = sum(flows.shipped[PRK][j][AMMUNITION] for j in ALL)
    from_old = min(old_share(s, p) * shipped, s.old)
    share = p("PRK.ammunition.dud_share") * (from_old / shipped if shipped > 0.0 else 0.0)
    weight = p("goods.ammunition.weight") / 1000.0
    left = max(s.old - from_old - p("PRK.ammunition.refurbished"), 0.0)
    out = State(old=left, faulty=[], faulty_from_prk=[0.0] * 6)
    for r, (route, ends) in enumerate(ROUTES.items()):
        still = [0.0, 0.0]
        for way, sender in enumerate(ends):
            if sender == "PRK":
                passes = 1.0 - equations.seized_this_month(o.seized[route], luck)
                sent = share * flows.carried[r][way][AMMUNITION] * passes
                under_way = s.faulty[r][way] + sent
                arrived = under_way / (1.0 + lead_time(route, p))
                out.faulty_from_prk[COUNTRIES.index(ends[1 - way])] += arrived / weight
                still[way] = under_way - arrived
        out.faulty.append(still)
    return out


# ---- 9. Outcomes ----------------------------------------------------------------------------------------------


def observe(s: State, o: State, flows: State, gifts: list[list[list[Gift]]], acts: list[Act], p: Lookup) -> State:
    """Indices of the month and the memories that they need; s is the state after settling."""
    keep, gdp = 1.0 - p("indices.memory"), [p(f"{c}.gdp") for c in COUNTRIES]
    out = State(shown=[[keep * x for x in row] for row in s.shown])
    drills = [[0] * 6 for _ in ALL]
    for act, circle in acts:
        if act in TOGETHER:
            for i, j in ((i, j) for i in circle for j in circle if i != j):
                out.shown[i][j] += SYMBOLS[act]
                drills[i][j] += "exercise" in act

    def value(i: int, j: int) -> float:
        goods = sum(s.price[i][j][g] * flows.delivered[i][j][g] for g in range(3))
        return goods + sum(gift.payment for gift in gifts[i][j])

    def tier(i: int, j: int) -> int:
        return max([0, *(k for k, gift in zip(TIERS, gifts[i][j], strict=True) if gift.points > 0.02)])

    month = [[(value(i, j) + value(j, i), max(tier(i, j), tier(j, i)), drills[i][j]) for j in ALL] for i in ALL]
    out.lately = [month, *s.lately][:6]

    def practical(i: int, j: int) -> float:
        values, tiers, together = zip(*(one[i][j] for one in out.lately), strict=True)
        half = p("indices.value_half") * math.sqrt(gdp[i] * gdp[j] / (gdp[RUS] * gdp[PRK]))
        mean = sum(values) / 6.0
        return 0.5 * mean / (mean + half) + 0.3 * max(tiers) / 4.0 + 0.2 * (1.0 - math.exp(-sum(together)))

    rounds = flows.delivered[PRK][RUS][AMMUNITION]
    out.practical = [[practical(i, j) for j in ALL] for i in ALL]
    out.symbolic = [[x / (1.0 + x) for x in row] for row in out.shown]
    out.shells_delivered = s.shells_delivered + rounds
    out.oil_delivered = flows.delivered[RUS][PRK][ENERGY] * KBBL_PER_KT
    out.tier_released = max([s.tier_released, *(TIERS[k] for k in range(4) if s.released[RUS][PRK][k] > 0.05)])
    out.received = sum(s.released[i][PRK][k] for i in ALL for k in range(4))
    usable = rounds - s.faulty_from_prk[RUS]
    fresh = usable + s.production[RUS][AMMUNITION] + s.world_imports[RUS][AMMUNITION]
    out.import_share = usable / fresh if fresh > 0.0 else 0.0
    out.fire_ratio = s.fire / max(s.ukraine_fire, 1.0)
    out.rail = _use_of("khasan", o, flows, p)
    out.polarisation = _polarisation(s.alignment)
    out.score = [_score(i, s, o) for i in ALL]
    return out


def _use_of(route: str, o: State, flows: State, p: Lookup) -> list[float]:
    """Share of a route's capacity in use in each direction, room for empties included."""
    load = [sum(goods) for goods in flows.carried[list(ROUTES).index(route)]]
    room, empties = o.room[route], p(f"routes.{route}.empty_return")
    return [min((load[w] + empties * load[1 - w]) / room, 1.0) if room > 0.0 else 0.0 for w in (0, 1)]


def _polarisation(alignment: Pairs) -> float:
    """Half the distance between mean alignment within and across the blocs."""
    within = [alignment[i][j] for bloc in (EAST, WEST) for i in bloc for j in bloc if i != j]
    across = [alignment[i][j] for i in EAST for j in WEST]
    return clip((sum(within) / len(within) - sum(across) / len(across)) / 2.0, 0.0, 1.0)


def _score(i: int, s: State, o: State) -> list[float]:
    """How one country stands in its own five goals."""
    need = s.other_met[i] / 4.0
    for g in range(3):
        required, target = s.requirement[i][g], s.target_stock[i][g]
        met = min(s.consumption[i][g] / required, 1.0) if required > 0.0 else 1.0
        covered = min(s.cover[i][g] * required / target, 1.0) if target > 0.0 else 1.0
        need += (0.5 * met + 0.5 * covered) / 4.0
    burden = 0.5 * s.pressure[i] + 0.5 * max(o.arrears[k][i] for k in ALL)
    return [need, 1.0 - s.threat[i], s.prestige[i], 1.0 - max(s.dependence[i]), 1.0 - burden]

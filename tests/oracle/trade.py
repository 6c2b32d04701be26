"""One month of trade between six countries in one world, put together from the pieces of `equations.py`.

Written from sections 6 and 7 of `docs/model.md`, not from the code of the model. A state is a namespace of plain nested
lists in the order of the names below; `p` looks up a parameter by key.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace

from oracle import equations, restrictions
from oracle.equations import AMMUNITION, COUNTRIES, ENERGY, FOOD, ROUTES, Gift, Lanes, Pairs

RUS, PRK, USA, KOR, JPN, CHN = ALL = range(6)
GOODS = ("ammunition", "food", "energy")
TIERS = (1, 2, 3, 4)
Lookup = Callable[[str], float]
State = SimpleNamespace
TRANSACTION, ALLIANCE, PATRONAGE = range(3)
"""Theories of exchange, as `structure.exchange` counts them."""
PATRONS = (RUS, CHN)
"""Of North Korea."""
BETWEEN = [[[r for r, ends in ROUTES.items() if set(ends) == {a, b}] for b in COUNTRIES] for a in COUNTRIES]
"""The routes of each pair in its order of preference."""


def ocean_or_own(route: str, field: str) -> str:
    """Ocean routes share all parameters but whether they are open."""
    return f"routes.ocean.{field}" if route.startswith("ocean") and field != "open" else f"routes.{route}.{field}"


def of_pair(p: Lookup, i: int, j: int, field: str) -> float:
    a, b = sorted((i, j))
    return p(f"pairs.{COUNTRIES[a]}-{COUNTRIES[b]}.{field}") if a != b else 0.0


# ---- Step 2: produce and consume; step 3: appraise ------------------------------------------------------------


def asked_by_war(s: State, p: Lookup) -> list[float]:
    """Rounds that the war asks each country for, on top of training."""
    asked = [0.0] * 6
    regime = p("war.base_fire") + (p("war.attack") if s.attacking else 0.0)
    effect = s.intensity * regime + p("war.goal_ratio") * s.ukraine_fire if s.intensity > 0.0 else 0.0
    asked[RUS] = min(effect - s.substitutes * effect, p("war.gun_rate") * s.guns)
    asked[USA] = p("war.usa_aid") * s.intensity
    asked[KOR] = p("war.lethal_aid") * s.intensity if s.helping else 0.0
    return asked


def use(s: State, p: Lookup) -> State:
    """What is required, produced, used and lacking; s is the state after the drivers of the month."""
    demand = asked_by_war(s, p)
    each = [vars(used_by(i, demand[i], s, p)) for i in ALL]
    return State(**{name: [one[name] for one in each] for name in each[0]})


def used_by(i: int, demand: float, s: State, p: Lookup) -> State:
    """What one country requires, makes, uses and lacks, and its stock after that; `demand` is what the war asks."""
    c = COUNTRIES[i]
    required = [p(f"{c}.{g}.requirement") for g in GOODS]
    required[AMMUNITION] += demand
    base, ceiling = p(f"{c}.ammunition.production"), p(f"{c}.ammunition.ceiling")
    orders, lines = required[AMMUNITION] + s.foreign_orders[i], s.converted[i]
    if c == "PRK":
        ranges = p("PRK.ammunition.convertible") * ceiling, p("PRK.ammunition.conversion")
        lines = equations.converted(lines, orders - ceiling, *ranges, p("PRK.ammunition.reconversion"))
        ceiling += lines
    wanted = equations.clip(orders, base, max(ceiling, base))
    lost = p("goods.ammunition.energy_share")
    rate = s.rate[i] + p(f"{c}.ammunition.growth") * (wanted - s.rate[i])
    made = [rate * (1.0 - lost * (1.0 - s.ration[i])), p(f"{c}.food.production"), p(f"{c}.energy.production")]
    target = [p(f"{c}.{g}.target") for g in GOODS]
    if c == "RUS":
        made[AMMUNITION] *= 1.0 - p("RUS.ammunition.china_share") * (1.0 - s.inputs)
    if c == "PRK":
        made[AMMUNITION] = max(made[AMMUNITION] - s.test_rounds, 0.0)
        main, month = p("PRK.food.harvest_share"), s.calendar_month
        crop = 12.0 * s.harvest * made[FOOD]
        made[FOOD] = crop * equations.harvested(month, main)
        hungry = s.shortage[i][FOOD] / s.requirement[i][FOOD] if s.requirement[i][FOOD] > 0.0 else 0.0
        ahead = equations.until_harvest(month)
        grows = sum(crop * equations.harvested(later, main) for later in ahead[1:])
        bare = max(len(ahead) - grows / required[FOOD], 0.0) if required[FOOD] > 0.0 else 0.0
        target[FOOD] += p("PRK.food.season") * bare * (1.0 + hungry)
    stock = [a + b for a, b in zip(s.stock[i], made, strict=True)]
    wanted_stock = [months * need for months, need in zip(target, required, strict=True)]
    if c in ("RUS", "PRK"):
        plan = p(f"{c}.ammunition.plan"), p(f"{c}.ammunition.wartime"), s.pledge[i], p("goods.ammunition.pledge_relief")
        wanted_stock[AMMUNITION] = equations.target_stock(target[AMMUNITION], required[AMMUNITION], *plan)
    came = s.imports[i][AMMUNITION] - s.lost[i][AMMUNITION] + s.world_imports[i][AMMUNITION]
    expected, horizon = p("war.foresight") * came, p("war.horizon")
    used = [equations.spending(required[0], stock[0], p(f"{c}.ammunition.reserve"), made[0], expected, horizon)]
    even = equations.even_use(stock[FOOD], crop, main, s.food_inflow, month) if c == "PRK" else math.inf
    used.append(equations.handed_out(stock[FOOD], required[FOOD], even, p("PRK.food.rationing")))
    used.append(equations.handed_out(stock[ENERGY], required[ENERGY]))
    return State(
        requirement=required,
        target_stock=wanted_stock,
        rate=rate,
        converted=lines,
        production=made,
        consumption=used,
        shortage=[a - b for a, b in zip(required, used, strict=True)],
        hardship=equations.hardship(s.hardship[i], required[0], used[0], p("war.hardship_memory")),
        want=equations.want(s.want[i], required[1:], used[1:], p("war.hardship_memory")),
        ration=used[ENERGY] / required[ENERGY] if required[ENERGY] > 0.0 else 1.0,
        stock=[a - b for a, b in zip(stock, used, strict=True)],
    )


def appraise(s: State, p: Lookup) -> State:
    """Access, cover, marginal value, credit lines, threat and coordination; s is the state after use."""
    loss = p("sanctions.access_loss")
    access = [p(f"{c}.access") * (1.0 - loss * s.pressure[i]) for i, c in enumerate(COUNTRIES)]
    access[PRK] *= s.border
    months = [
        [equations.cover(s.stock[i][g], p(f"{c}.{n}.reserve"), s.requirement[i][g]) for g, n in enumerate(GOODS)]
        for i, c in enumerate(COUNTRIES)
    ]
    floor, cap = p("goods.value_floor"), p("goods.value_cap")
    value = [
        [
            equations.marginal_value(
                max(s.stock[i][g] - p(f"{c}.{n}.reserve"), 0.0),
                s.target_stock[i][g],
                p(f"goods.{n}.value"),
                p(f"goods.{n}.elasticity"),
                floor,
                cap,
            )
            for g, n in enumerate(GOODS)
        ]
        for i, c in enumerate(COUNTRIES)
    ]

    def line(i: int, j: int) -> float:
        """Nothing for a debtor from whom no goods can come."""
        size = p("accounts.credit_line"), p(f"{COUNTRIES[j]}.gdp"), p("RUS.gdp")
        most = p("accounts.debt_share") * p(f"{COUNTRIES[i]}.gdp") * 1000.0
        return equations.credit_line(*size, s.trust[i][j], continuation(s, p, i, j), most)

    out = State(access=access, cover=months, value=value, line=[[line(i, j) for j in ALL] for i in ALL])
    out.credit = [[out.line[i][j] * linked(p, j, i) for j in ALL] for i in ALL]
    out.dollar = dollars(s, p)
    out.seen = seen_by_all(s, p)
    out.threat = threats(s, out.seen, p)
    rates = (p(f"coordination.{name}") for name in ("growth", "friction", "decay"))
    out.coordination = equations.coordination(s.coordination, sum(out.threat[j] for j in (USA, KOR, JPN)) / 3.0, *rates)
    faded = {name: getattr(s, name) for name in ("west_exercises", "east_exercises", "test_memory", "new_technology")}
    vars(out).update({name: memory * (1.0 - p("threat.memory")) for name, memory in faded.items()})
    return out


def linked(p: Lookup, i: int, j: int) -> float:
    """1 if an open route carries general cargo from i to j."""
    fit = (r for r in BETWEEN[i][j] if equations.carries(r))
    return float(any(p(ocean_or_own(r, "capacity")) * p(ocean_or_own(r, "open")) > 1e-9 for r in fit))


def other_imports(p: Lookup) -> list[list[float]]:
    """For each country, what it usually buys of each partner beside what the model trades, and of the rest of the
    world, MUSD a month.
    """
    rows = []
    for c in COUNTRIES:
        row = [p(f"{c}.imports.{d}") * 1000.0 / 12.0 if c != d else 0.0 for d in COUNTRIES]
        rows.append([*row, max(p(f"{c}.imports.total") * 1000.0 / 12.0 - sum(row), 0.0)])
    return rows


def reach(s: State, p: Lookup) -> list[list[float]]:
    """For each country, the share of its orders that it gets of each partner, and of the rest of the world."""
    border = [s.border if i == PRK else 1.0 for i in ALL]
    by_partner = [[linked(p, j, i) * border[i] * border[j] if i != j else 0.0 for j in ALL] for i in ALL]
    by_partner[RUS][CHN] *= 1.0 - p("sanctions.other_imports") * (1.0 - s.inputs)
    return [[*row, max(row)] for row in by_partner]


def dollars(s: State, p: Lookup) -> list[float]:
    """What a dollar is worth to each country."""
    out = []
    for i, (usual, reached) in enumerate(zip(other_imports(p), reach(s, p), strict=True)):
        need = sum(usual)
        share = sum(a * b for a, b in zip(usual, reached, strict=True)) / need if need > 0.0 else 0.0
        cover = equations.cover(s.other_stock[i] + s.money[i], 0.0, need)
        share = min(share * p("money.store"), 1.0)
        curve = p("money.cover"), need, p("money.elasticity"), p("goods.value_cap")
        out.append(equations.worth_of_a_dollar(share, cover, *curve))
    return out


def use_other_imports(s: State, p: Lookup) -> State:
    """What is left of other imports after the month, and the share of the requirement that was met."""
    needs = [sum(row) for row in other_imports(p)]
    used = [min(need, s.other_stock[i]) for i, need in enumerate(needs)]
    met = [u / need if need > 0.0 else 1.0 for u, need in zip(used, needs, strict=True)]
    return State(other_stock=[s.other_stock[i] - u for i, u in enumerate(used)], other_met=met)


def channels(o: State, p: Lookup) -> Pairs:
    """Most money that j can bring to i, by [i][j]."""
    return [[equations.channel(p("money.channel"), o.friction[i][j], PRK in (i, j)) for j in ALL] for i in ALL]


def most_in_kind(o: State, p: Lookup) -> Pairs:
    """Most that j can pay i in other goods, by [i][j]; only North Korea is paid so."""
    out = [[0.0] * 6 for _ in ALL]
    for j in ALL:
        if j != PRK:
            most = equations.most_in_kind(p("money.in_kind"), o.friction[PRK][j], linked(p, j, PRK))
            out[PRK][j] = most * (1.0 - of_pair(p, PRK, j, "least_in_cash"))
    return out


def due_before(s: State, i: int, j: int) -> float:
    """What j owes i if last month's deliveries both ways come again, but for what j's projects for i will pay."""
    again = s.value_delivered[i][j] - s.value_delivered[j][i]
    return float(max(s.balance[i][j] + again - sum(s.project_price[j][i]), 0.0))


def in_kind_shares(s: State, o: State, p: Lookup) -> Pairs:
    """Share of what is due that j plans to pay i in other goods, by [i][j]."""
    most = most_in_kind(o, p)
    return [[min(most[i][j] / max(due_before(s, i, j), 1e-9), 1.0) for j in ALL] for i in ALL]


def cash_shares(s: State, o: State, p: Lookup) -> Pairs:
    """Share of what is due that j plans to pay i in money, by [i][j]."""
    most, out, goods_first = channels(o, p), [[0.0] * 6 for _ in ALL], in_kind_shares(s, o, p)
    for i in ALL:
        for j in ALL:
            if i != j:
                goods = max(0.0, *appeal_of_goods(s, o, j, i))
                frozen = felt(s, o, p, i, j)
                terms = s.dollar[i], s.dollar[j], frozen, goods, o.arrears[i][j]
                due, left = due_before(s, i, j), 1.0 - goods_first[i][j]
                share = max(left * equations.cash_share(*terms), of_pair(p, i, j, "least_in_cash"))
                share = min(share, 1.0 - of_pair(p, i, j, "least_in_goods"))
                out[i][j] = min(share, most[i][j] / due if due > 0.0 else math.inf)
    return out


def felt(s: State, o: State, p: Lookup, i: int, j: int) -> float:
    """Friction of what j pays i for: the mean of the goods on their way, by value; of none in full."""
    worth = [a * b for a, b in zip(under_way(s, p).both[i][j], s.price[i][j], strict=True)]
    each = [o.by_good[i][j][g] * p(f"sanctions.{good}") for g, good in enumerate(GOODS)]
    total = math.fsum(worth)
    return sum(a * b for a, b in zip(worth, each, strict=True)) / total if total > 1e-9 else o.friction[i][j]


def appeal_of_goods(s: State, o: State, i: int, j: int) -> list[float]:
    """Value to j over own cost of i, good by good; nothing for oil that Russia holds back."""
    free = [g for g in range(3) if (i, j, g) != (RUS, PRK, ENERGY) or s.oil_free]
    return [(o.value[i][j][g] - o.cost[i][j][g]) / o.reservation[i][j][g] for g in free]


def seen_by_all(s: State, p: Lookup) -> list[float]:
    """What each country saw of the other bloc until last month, sanctions on itself included."""
    weights = [p(f"threat.weight.{name}") for name in ("coordination", "west_exercises")]
    east, west = equations.seen_by_the_east(s.coordination, s.west_exercises, weights), seen_by_west(s, p)
    return [
        (east if i in (RUS, PRK, CHN) else west) + p("threat.weight.pressure") * pressure
        for i, pressure in enumerate(s.pressure)
    ]


def threats(s: State, seen: list[float], p: Lookup) -> list[float]:
    """What each country feels, from what it has seen."""
    felt = []
    for i, c in enumerate(COUNTRIES):
        standing = sum(
            2.0 * math.sqrt(p(f"{COUNTRIES[j]}.capability")) * of_pair(p, i, j, "proximity") * hostility(s, i, j)
            for j in ALL
        )
        answer = p("threat.sensitivity") * p(f"{c}.threat_response") * seen[i]
        war = p("threat.war") * s.intensity if i == RUS else 0.0
        felt.append(equations.threat(s.threat[i], p("threat.background"), standing, answer, war, p("threat.speed")))
    return felt


def seen_by_west(s: State, p: Lookup) -> float:
    """What the western three saw the other side do until last month."""
    tests, arms = s.test_memory / p("threat.tests_of_note"), s.arms / p("threat.rounds_of_note")
    weights = [p(f"threat.weight.{name}") for name in ("tests", "arms", "technology", "east_exercises")]
    return equations.seen_by_the_west([tests, arms, s.new_technology, s.east_exercises], weights)


def hostility(s: State, i: int, j: int) -> float:
    return (1.0 - s.alignment[i][j]) / 2.0


def continuation(s: State, p: Lookup, i: int, j: int) -> float:
    """Chance that creditor i gives the relation with debtor j: Russia's need, as debtor, lasts as long as the war."""
    chance = p("accounts.horizon") + p("accounts.treaty_bonus") * s.pledge[i][j]
    if j == RUS:
        chance -= p("accounts.peace_loss") * (1.0 - min(p("war.intensity"), 1.0))
    return chance


def discount(s: State, p: Lookup, i: int, j: int, arrears: Pairs) -> float:
    """d A f: what a debtor i gives up to settle with its creditor j, as far as the relation lasts."""
    future = min(equations.shadow_of_the_future(continuation(s, p, j, i)), 1.0)
    return p("accounts.arrears_discount") * arrears[j][i] * future


# ---- 7.9 Rival theories of exchange ---------------------------------------------------------------------------


def commitment(s: State, p: Lookup, i: int, j: int) -> float:
    """k of i to j, in worlds where allies bargain; s is the state before the acts."""
    if p("structure.exchange") != ALLIANCE:
        return 0.0
    return equations.commitment(s.alignment[i][j], s.pledge[i][j], s.threat[i], s.threat[j])


def lost_to_giver(o: State, p: Lookup, i: int, j: int, works: float) -> float:
    """Part of a round that i sends to j by which the security of i falls: less where it fights for both."""
    at_war = min(p("war.intensity"), 1.0) if j == RUS else 0.0
    return 1.0 - p("alliance.security") * o.committed[i][j] * at_war * works


def charged(o: State, p: Lookup, i: int, j: int) -> float:
    """Share of the payment for rounds and technology that i asks of j."""
    return 1.0 - p("alliance.gift") * o.committed[i][j]


def restraint(s: State, p: Lookup, patron: int) -> float:
    """What a patron asks of North Korea, 0-1, in worlds where patrons bid for it."""
    if p("structure.exchange") != PATRONAGE or patron not in PATRONS:
        return 0.0
    return p("patronage.condition") * s.dependence[PRK][patron]


def patrons_gift(s: State, p: Lookup, patron: int) -> list[float]:
    """Units of each good that a patron gives North Korea this month to keep or win its share; s is the state after the
    acts.
    """
    if p("structure.exchange") != PATRONAGE or not linked(p, patron, PRK):
        return [0.0] * 3
    c = COUNTRIES[patron]
    held_back = p("patronage.restraint") * p(f"{c}.western_ties") * s.pressure[PRK]
    worth = equations.bid(p("patronage.aid"), p(f"{c}.patronage"), s.dependence[PRK][patron], held_back)
    in_food = 1.0 if patron == RUS and not s.oil_free else 0.5
    food, energy = p("goods.food.world_price"), p("goods.energy.world_price")
    return [0.0, in_food * worth / food, (1.0 - in_food) * worth / energy]


# ---- 7.1 What each pair could trade ---------------------------------------------------------------------------


def offers(s: State, p: Lookup) -> State:
    """Values, costs and weights of all lanes, room and risk of all routes; s is the state before the acts."""
    lanes = ("value", "reservation", "cost", "demand", "beta", "sigma", "arrives", "works", "weight", "borne")
    o = State(**{name: [[[0.0] * 3 for _ in ALL] for _ in ALL] for name in lanes})
    _routes(s, o, p)
    _stores(s, o, p)
    o.arrears = [[equations.arrears(s.balance[i][j], s.line[i][j]) for j in ALL] for i in ALL]
    o.gives_up = [[discount(s, p, i, j, o.arrears) for j in ALL] for i in ALL]
    o.committed = [[commitment(s, p, i, j) for j in ALL] for i in ALL]
    _obstacles(s, o, p)
    for i in ALL:
        for j in ALL:
            for g in range(3):
                _lane(s, o, p, i, j, g)
    return o


def _routes(s: State, o: State, p: Lookup) -> None:
    """Share seized and effective capacity by route."""
    o.seized, o.room = {}, {}
    for route, ends in ROUTES.items():
        pressure = max(s.pressure[COUNTRIES.index(c)] for c in ends)
        exposure = p(ocean_or_own(route, "exposure"))
        o.seized[route] = equations.seized_share(exposure, p("sanctions.enforcement"), s.monitoring, pressure, ends)
        capacity, is_open, winter = (p(ocean_or_own(route, f)) for f in ("capacity", "open", "winter"))
        fields = capacity * (1.0 + s.built[list(ROUTES).index(route)]), is_open, winter
        crossed = 1.0 if route == "pipeline" else s.border  # oil in a pipe meets nobody
        o.room[route] = equations.effective_capacity(*fields, s.calendar_month, crossed, ends)
    o.part = {r: [[_part(o, p, r, way, g) for g in range(3)] for way in (0, 1)] for r in ROUTES}


def _part(o: State, p: Lookup, route: str, way: int, g: int) -> float:
    """Part of the pair's cargo that goes by this route."""
    others = [r for r in ROUTES if set(ROUTES[r]) == set(ROUTES[route])]
    room, cost = [], []
    for r in others:
        share = p(ocean_or_own(r, "ammunition_share")) if g == AMMUNITION else 1.0
        room.append(share * o.room[r] if equations.carries(r) else 0.0)
        cost.append(transport(p, r, g) / p(f"goods.{GOODS[g]}.value"))
    parts = equations.parts(room, cost, [o.seized[r] for r in others], p("routes.choice"))
    return parts[others.index(route)]


def transport(p: Lookup, route: str, g: int) -> float:
    """Freight of a unit, MUSD."""
    return p(ocean_or_own(route, "cost")) * (p("goods.ammunition.weight") / 1000.0 if g == AMMUNITION else 1.0)


def _stores(s: State, o: State, p: Lookup) -> None:
    """What each country can do without and hand out, what of it works, and what else it can turn to."""
    o.free, o.available, o.limit = [], [], []
    for i, c in enumerate(COUNTRIES):
        o.free.append([max(s.stock[i][g] - p(f"{c}.{n}.reserve"), 0.0) for g, n in enumerate(GOODS)])
        handling = p(f"{c}.ammunition.handling")
        spare = [0.0 if s.shortage[i][g] > 0.0 else o.free[i][g] for g in (FOOD, ENERGY)]  # who rations sells none
        o.available.append([min(o.free[i][0], handling), *spare])
        rounds = "production" if s.production[i][0] >= 0.5 * o.free[i][0] else "stock"
        o.limit.append(["handling" if o.free[i][0] > handling else rounds, "stock", "stock"])
    faulty = p("PRK.ammunition.dud_share") * old_share(s, p)
    o.quality = [[1.0 - faulty if i == PRK else 1.0, 1.0, 1.0] for i in ALL]
    o.outside = [[0.0, s.access[i], s.access[i]] for i in ALL]
    if s.value[RUS][AMMUNITION] > p("outside.price"):
        o.outside[RUS][AMMUNITION] = equations.clip(p("outside.capacity") / s.requirement[RUS][AMMUNITION], 0.0, 1.0)


def old_share(s: State, p: Lookup) -> float:
    """Share of old lots in what leaves North Korea."""
    return equations.old_in_cargo(s.old, s.stock[PRK][AMMUNITION], p("PRK.ammunition.old_first"))


def _obstacles(s: State, o: State, p: Lookup) -> None:
    """Friction of sanctions and weight of the norm by pair, as shares of a good's worth."""
    ties, press, dark = [p(f"{c}.western_ties") for c in COUNTRIES], s.pressure, p("monitoring.unwatched")
    o.friction, o.norm = ([[0.0] * 6 for _ in ALL] for _ in range(2))
    o.by_good = [[[0.0] * 4 for _ in ALL] for _ in ALL]
    for i in ALL:
        for j in ALL:
            with_prk = PRK in (i, j)
            seen = dark + (1.0 - dark) * s.monitoring if with_prk else 1.0
            felt = [max(press[k], s.secondary) if k == RUS else press[k] for k in ALL]
            for g in range(4):
                mine, theirs = restrictions.left(p, i, j, g), restrictions.left(p, j, i, g)
                risk = p("sanctions.risk") * max(mine * ties[i] * felt[j], theirs * ties[j] * felt[i]) * seen
                bite = p("sanctions.bite") * (theirs * press[i] ** 3 + mine * press[j] ** 3) / 2.0
                o.by_good[i][j][g] = risk + bite
            o.friction[i][j] = max(o.by_good[i][j])
            if with_prk and i != j:
                o.norm[i][j] = p("norm.weight") * (s.norm[i] * s.access[i] + s.norm[j] * s.access[j])


def _lane(s: State, o: State, p: Lookup, i: int, j: int, g: int) -> None:
    """All that the bargain over a good wants to know of seller i and buyer j."""
    good, ways = GOODS[g], _ways(o, i, j, g)
    outer = p(f"goods.{good}.world_price"), p(f"goods.{good}.margin")
    buyer = equations.value_to_buyer(s.value[j][g], s.access[j], *outer)
    seller = equations.value_to_seller(s.value[i][g], s.access[i], *outer) if g else s.value[i][g]
    arrives = 1.0 - sum(part * o.seized[r] for r, part in ways.items())
    works = o.quality[i][g] * arrives
    own = lost_to_giver(o, p, i, j, works) if g == AMMUNITION else 1.0
    reservation = own * seller * (1.0 - o.gives_up[i][j])
    lawful = i == j or restrictions.passes(p, i, j, g) > 0.0
    o.borne[i][j][g] = _borne(s, o, p, i, j) if g == AMMUNITION else 0.0
    cost = _cost(s, o, p, i, j, g) + o.borne[i][j][g] if sum(ways.values()) > 0.0 and lawful else 1e9
    target, eta, cap = s.target_stock[j][g], p(f"goods.{good}.elasticity"), p("goods.value_cap")
    need = equations.clip(1.0 - o.free[j][g] / target, 0.0, 1.0)
    effects = p("bargain.outside_effect"), p("bargain.need_effect")
    store = target, o.free[j][g], eta, works, p("goods.value_floor")
    o.value[i][j][g], o.reservation[i][j][g], o.cost[i][j][g] = buyer * works, reservation, cost
    o.arrives[i][j][g], o.works[i][j][g] = arrives, works
    o.demand[i][j][g] = equations.demand_at(reservation + cost, p(f"goods.{good}.value"), *store)
    o.beta[i][j][g] = buyer * works * works * equations.steepness(o.free[j][g], target, cap, eta)
    o.sigma[i][j][g] = own * reservation * equations.steepness(o.free[i][g], s.target_stock[i][g], cap, eta)
    o.weight[i][j][g] = equations.nash_weight(o.outside[i][g], o.outside[j][g], o.arrears[j][i], need, *effects)


def _ways(o: State, i: int, j: int, g: int) -> dict[str, float]:
    """The routes from i to j, and the part of the good that goes by each."""
    return {r: o.part[r][0 if ROUTES[r][0] == COUNTRIES[i] else 1][g] for r in BETWEEN[i][j]} if i != j else {}


def _cost(s: State, o: State, p: Lookup, i: int, j: int, g: int) -> float:
    """Transport, sanctions, norm and dependence, MUSD a unit."""
    good, worth = GOODS[g], p(f"goods.{GOODS[g]}.value")
    cost = sum(part * transport(p, r, g) for r, part in _ways(o, i, j, g).items())
    cost += worth * (o.by_good[i][j][g] * p(f"sanctions.{good}") + o.norm[i][j] * restrictions.banned(p, i, g))
    wary = p("autonomy.trade") * p(f"{COUNTRIES[j]}.autonomy")
    return cost + wary * equations.reluctance(s.dependence[j][i]) * worth


def _borne(s: State, o: State, p: Lookup, i: int, j: int) -> float:
    """What a thousand rounds cost their seller beside the rounds, MUSD."""
    share = p("sanctions.rival") * max(-s.alignment[i][j], 0.0)
    if j == RUS:
        watched = max(min(p("war.intensity"), 1.0), s.pressure[RUS])
        share += p("sanctions.lethal") * p(f"{COUNTRIES[i]}.western_ties") * watched
        share += p("alliance.entrapment") * o.committed[i][j] * min(p("war.intensity"), 1.0)
    return share * p("goods.ammunition.value")


# ---- Step 4: gifts --------------------------------------------------------------------------------------------


def lent(s: State, o: State, p: Lookup) -> float:
    """Crude that China lends in a month, kt: what its law passes, its pipeline has room for and its store has."""
    carried = min(p("aid.pipeline"), o.room["pipeline"]) * restrictions.passes(p, CHN, PRK, ENERGY)
    return min(carried, max(s.stock[CHN][ENERGY] - p("CHN.energy.reserve"), 0.0))


def give(s: State, o: State, p: Lookup, helps: bool, after: State) -> State:
    """Gifts of China, and of patrons, join what is under way to North Korea without a price; s is the state before the
    acts and `after` that after them.
    """
    way, usual = under_way(s, p).both, [0.0, p("aid.food") * helps, p("aid.energy") * helps]
    gifts = {patron: patrons_gift(after, p, patron) for patron in PATRONS}
    gifts[CHN] = [a + b for a, b in zip(usual, gifts[CHN], strict=True)]
    out = State(queue=[[list(goods) for goods in row] for row in s.queue])
    out.price = [[list(goods) for goods in row] for row in s.price]
    out.lent = lent(s, o, p)
    for giver, units in gifts.items():
        for g in (FOOD, ENERGY):
            before, gift = way[giver][PRK][g], units[g] * restrictions.passes(p, giver, PRK, g)
            if (giver, g) == (CHN, ENERGY):
                gift += out.lent
            out.queue[giver][PRK][g] += gift
            if before + gift > 0.0:
                out.price[giver][PRK][g] *= before / (before + gift)
    return out


# ---- Step 5: bargain ------------------------------------------------------------------------------------------


def under_way(s: State, p: Lookup) -> State:
    """In transit and waiting, in units by lane; `transit` is [route][direction][good] in kt."""
    weight_of_unit = [p("goods.ammunition.weight") / 1000.0, 1.0, 1.0]
    transit = [[[0.0] * 3 for _ in ALL] for _ in ALL]
    for r, (a, b) in enumerate(ROUTES.values()):
        i, j = COUNTRIES.index(a), COUNTRIES.index(b)
        for g in range(3):
            transit[i][j][g] += s.transit[r][0][g] / weight_of_unit[g]
            transit[j][i][g] += s.transit[r][1][g] / weight_of_unit[g]
    both = [[[transit[i][j][g] + s.queue[i][j][g] for g in range(3)] for j in ALL] for i in ALL]
    return State(transit=transit, both=both)


def _still_lawful(s: State, p: Lookup) -> Lanes:
    """What waits, without what a law stops by now."""

    def kept(i: int, j: int, g: int) -> float:
        return float(s.queue[i][j][g]) if i != j and restrictions.passes(p, i, j, g) > 0.0 else 0.0

    return [[[kept(i, j, g) for g in range(3)] for j in ALL] for i in ALL]


def bargain(s: State, o: State, p: Lookup, draws: list[float]) -> State:
    """Deals and technology, and the queue and prices under way after them; s is the state after the acts, `draws` are
    those of projects.
    """
    s = State(**{**vars(s), "queue": _still_lawful(s, p)})
    way, expected = under_way(s, p), _expected(s, o, p)
    cash, kind = cash_shares(s, o, p), most_in_kind(o, p)

    def on_credit(i: int, j: int, volumes: list[float], prices: list[float]) -> float:
        return (1.0 - cash[i][j]) * sum(x * y for x, y in zip(volumes, prices, strict=True))

    def uncommitted(i: int, j: int) -> float:
        return s.credit[i][j] - s.balance[i][j] - on_credit(i, j, expected[i][j], s.price[i][j])

    # what i's projects for j will cost j it cannot owe for goods as well
    free = [[uncommitted(i, j) + kind[i][j] - sum(s.project_price[i][j]) for j in ALL] for i in ALL]
    room = [[max(free[i][j], s.repaid[i][j]) for j in ALL] for i in ALL]
    waits = [[sum(s.queue[i][j][g] for j in ALL) for g in range(3)] for i in ALL]
    available = [[max(o.available[i][g] - waits[i][g], 0.0) for g in range(3)] for i in ALL]
    deals = equations.bargain(
        _of_lanes(s, o, p),
        on_order=_on_order(s, o, p),
        available=available,
        limit=o.limit,
        contract=s.contract,
        length=[p(f"goods.{n}.contract") for n in GOODS],
        headroom=room,
        cash_share=cash,
        least_share=p("accounts.least_share"),
        charged=[[[charged(o, p, i, j), 1.0, 1.0] for j in ALL] for i in ALL],
    )
    price, queue = ([[[0.0] * 3 for _ in ALL] for _ in ALL] for _ in range(2))
    for i in ALL:
        for j in ALL:
            for g in range(3):
                before, new = way.both[i][j][g], deals[i][j][g]
                if before + new.volume > 0.0:
                    total = s.price[i][j][g] * before + new.price * new.volume
                    price[i][j][g] = total / (before + new.volume)
                queue[i][j][g] = s.queue[i][j][g] + new.volume
    left = [
        [
            (p("technology.credit") - 1.0) * s.credit[i][j]
            + uncommitted(i, j)
            - on_credit(i, j, _arriving(o.arrives[i][j], cell), [d.price for d in cell])
            for j, cell in enumerate(row)
        ]
        for i, row in enumerate(deals)
    ]
    contract = [[[deal.contract for deal in cell] for cell in row] for row in deals]
    unkept = [[_unkept(s, o, p, i, j, deals[i][j]) for j in ALL] for i in ALL]
    orders = [sum(max(queue[i][j][AMMUNITION], deals[i][j][AMMUNITION].wanted) for j in ALL if j != i) for i in ALL]
    know_how = technology(s, o, p, left, draws)
    new = know_how.started
    sold = [[sum(d.gain_seller for d in deals[i][j]) + sum(x.gain_giver for x in new[i][j]) for j in ALL] for i in ALL]
    bought = [
        [sum(d.gain_buyer for d in deals[j][i]) + sum(x.gain_receiver for x in new[j][i]) for j in ALL] for i in ALL
    ]
    gain = [[sold[i][j] + bought[i][j] if i != j else 0.0 for j in ALL] for i in ALL]
    return State(
        contract=contract,
        broken=unkept,
        deals=deals,
        price=price,
        queue=queue,
        foreign_orders=orders,
        gain=gain,
        cash_share=cash,
        in_kind_most=kind,
        channel=channels(o, p),
        **vars(know_how),
    )


def _unkept(s: State, o: State, p: Lookup, i: int, j: int, cell: list[equations.Deal]) -> float:
    """Share of the contracts that run on, by value, which bring no gain any more though a route is open and the seller
    has what it promised to all, as far as it has.
    """
    promised, lost = 0.0, 0.0
    for g, n in enumerate(GOODS):
        runs_on = 1.0 - 1.0 / p(f"goods.{n}.contract")
        to_all = runs_on * sum(s.contract[i][k][g] for k in ALL)
        has = min(1.0, o.available[i][g] / to_all) if to_all > 0.0 else 1.0
        worth = runs_on * s.contract[i][j][g] * p(f"goods.{n}.value")
        promised += worth
        lost += has * worth if cell[g].margin <= 0.0 and o.cost[i][j][g] < 1e9 else 0.0
    return lost / promised if promised > 0.0 else 0.0


def _of_lanes(s: State, o: State, p: Lookup) -> list[list[list[equations.Offer]]]:
    room = _room(s, o, p)
    names = ("value", "reservation", "cost", "demand", "beta", "sigma", "arrives", "works", "weight", "borne")

    def offer(i: int, j: int, g: int) -> equations.Offer:
        known = {name: getattr(o, name)[i][j][g] for name in names}
        openness = of_pair(p, i, j, "openness") * (restrictions.passes(p, i, j, g) if i != j else 1.0)
        return equations.Offer(**known, openness=openness, room=room[i][j][g])

    return [[[offer(i, j, g) for g in range(3)] for j in ALL] for i in ALL]


def _on_order(s: State, o: State, p: Lookup) -> Pairs:
    """Working units by [buyer][good] that it has ordered from anybody and not got, and what Russia bought outside."""
    expected = _expected(s, o, p)
    coming = [[sum(o.quality[i][g] * expected[i][j][g] for i in ALL) for g in range(3)] for j in ALL]
    coming[RUS][AMMUNITION] += bought_outside(s, p)
    for j in ALL:
        for g, n in enumerate(GOODS):
            ahead = p(f"goods.{n}.contract") - 1.0
            brings = sum(o.works[i][j][g] * s.contract[i][j][g] for i in ALL)
            coming[j][g] += ahead * (
                brings - max(s.consumption[j][g] - s.production[j][g] - s.world_imports[j][g], 0.0)
            )
    return coming


def _expected(s: State, o: State, p: Lookup) -> Lanes:
    """Units under way that will arrive: of what waits some will be seized, what travels has escaped."""
    way = under_way(s, p).transit
    waits = _traded(s)
    come = [[[way[i][j][g] + o.arrives[i][j][g] * waits[i][j][g] for g in range(3)] for j in ALL] for i in ALL]
    come[CHN][PRK][ENERGY] += s.lent * (1.0 - o.seized["pipeline"])
    return come


def _traded(s: State) -> Lanes:
    """What waits for the routes of trade: not the crude that goes by the pipeline."""
    waits = [[list(goods) for goods in row] for row in s.queue]
    waits[CHN][PRK][ENERGY] -= s.lent
    return waits


def _arriving(arrives: list[float], cell: list[equations.Deal]) -> list[float]:
    return [share * deal.volume for share, deal in zip(arrives, cell, strict=True)]


def _room(s: State, o: State, p: Lookup) -> Lanes:
    """Units that the pair's routes carry of a good in the months that it orders ahead, less what waits for them."""
    room = [[[0.0] * 3 for _ in ALL] for _ in ALL]
    for route, ends in ROUTES.items():
        for a, b in (ends, ends[::-1]):
            i, j = COUNTRIES.index(a), COUNTRIES.index(b)
            for g in range(3):
                if equations.carries(route):
                    share = p(ocean_or_own(route, "ammunition_share")) if g == AMMUNITION else 1.0
                    weight = p("goods.ammunition.weight") / 1000.0 if g == AMMUNITION else 1.0
                    room[i][j][g] += p("routes.order_horizon") * share * o.room[route] / weight
    if not s.oil_free:  # the cap of the United Nations, in barrels a year
        allowed = p("norm.oil_share") * p("norm.oil_cap") * 0.13 / 12.0 * restrictions.cap(p)
        room[RUS][PRK][ENERGY] = min(room[RUS][PRK][ENERGY], allowed)
    waits = _traded(s)
    return [[[max(room[i][j][g] - waits[i][j][g], 0.0) for g in range(3)] for j in ALL] for i in ALL]


def technology(s: State, o: State, p: Lookup, credit: Pairs, draws: list[float]) -> State:
    """Projects that end and that start, and levels after the month. `credit` is what is left to pay for technology,
    projects under way not counted; `draws` are uniform, for each giver all receivers.
    """
    due = [[[max(months - 1.0, 0.0) for months in tiers] for tiers in row] for row in s.project_due]
    ends = [[[months <= 0.0 for months in tiers] for tiers in row] for row in due]

    def split(of: Lanes, done: bool) -> Lanes:
        return [
            [[x if ends[i][j][k] == done else 0.0 for k, x in enumerate(tiers)] for j, tiers in enumerate(row)]
            for i, row in enumerate(of)
        ]

    out = State(projects=split(s.projects, False), project_price=split(s.project_price, False), project_due=due)
    points, paid = split(s.projects, True), split(s.project_price, True)
    out.gifts = [[[Gift(points[i][j][k], paid[i][j][k], 0.0, 0.0) for k in range(4)] for j in ALL] for i in ALL]
    wants = [[_ambition(s, p, j, k) for k in range(4)] for j in ALL]
    out.technology = [[_level(s, p, j, k, wants[j][k], points) for k in range(4)] for j in ALL]
    out.started = started = [
        [_started(i, j, s, o, p, out, wants[j], credit, draws[6 * i + j]) for j in ALL] for i in ALL
    ]
    for i in ALL:
        for j in ALL:
            for k, gift in enumerate(started[i][j]):
                out.projects[i][j][k] += gift.points
                out.project_price[i][j][k] += gift.payment
                if gift.points > 0.0:
                    out.project_due[i][j][k] = p("technology.lead") * TIERS[k]
    return out


def _ambition(s: State, p: Lookup, j: int, k: int) -> float:
    levels = [hostility(s, j, i) * s.technology[i][k] for i in ALL if i != j]
    own = p(f"{COUNTRIES[j]}.ambition.tier{TIERS[k]}")
    return equations.ambition(own, levels, p("technology.rivalry"), s.threat[j])


def _level(s: State, p: Lookup, j: int, k: int, wanted: float, points: Lanes) -> float:
    """Technology after the month: what was received and, below the ambition, found by oneself."""
    own = p("technology.research") if wanted > s.technology[j][k] else 0.0
    return equations.clip(s.technology[j][k] + sum(points[i][j][k] for i in ALL) + own, 0.0, 100.0)


def _started(
    i: int, j: int, s: State, o: State, p: Lookup, now: State, wants: list[float], credit: Pairs, u: float
) -> list[Gift]:
    """The project that i starts with j, if any; `now` has levels and projects after what has ended."""
    tiers, softening = range(4), [p(f"technology.{name}_effect") for name in ("trust", "need", "hostility")]
    coming = [now.technology[j][k] + sum(now.projects[a][j][k] for a in ALL) for k in tiers]
    size, worth, guard = [], [], []
    for k in tiers:
        most = min(p("technology.project"), now.technology[i][k] - coming[k], wants[k] - coming[k])
        size.append(0.0 if now.projects[i][j][k] > 0.0 else max(most, 0.0))
        middle = wants[k] - coming[k] - size[k] / 2.0
        others = [c for c in PATRONS if c != i] if (i in PATRONS and j == PRK and TIERS[k] in (3, 4)) else []
        allowed = math.prod(1.0 - restraint(s, p, other) for other in others)
        worth.append(allowed * equations.value_of_point(p(f"technology.value{k + 1}"), middle, s.threat[j]))
        price = p(f"technology.guard{k + 1}"), p("technology.guard_scale")
        cost = equations.guard(*price, s.trust[i][j], s.hardship[i], s.alignment[i][j], *softening)
        warned = s.warned and (i, j) == (RUS, PRK) and TIERS[k] in (3, 4)
        cost *= 1.0 - p("alliance.security") * o.committed[i][j]
        guard.append(cost * (1.0 + p("acts.red_line_effect")) if warned else cost)
    best = max(u_k / g_k for u_k, g_k in zip(worth, guard, strict=True))
    pressed = equations.pressed_on_technology(best, max(0.0, *appeal_of_goods(s, o, i, j))) if i != j else 0.0
    gives_up = o.gives_up[i][j] * pressed  # as of the offers, before the month's acts
    by_bank = 0.0 if PRK in (i, j) else min(s.dollar[i], 1.0) * s.money[j]
    by_bank *= 1.0 - of_pair(p, i, j, "least_in_goods")
    obstacle = o.by_good[i][j][3] * p("sanctions.technology") + o.norm[i][j] * restrictions.banned(p, i, 3)
    return equations.start_project(
        worth,
        [(1.0 - gives_up) * g for g in guard],
        [x * obstacle for x in worth],
        sum(o.weight[i][j]) / 3.0,
        size,
        max(credit[i][j] - sum(s.project_price[i][j]) + by_bank, 0.0),  # what ends this month is paid for, not free
        (p("technology.hazard") * (restrictions.passes(p, i, j, 3) if i != j else 1.0), p("technology.precision")),
        u,
        charged(o, p, i, j),
    )


def bought_outside(s: State, p: Lookup) -> float:
    """Rounds that Russia buys outside the six before it turns to its partners (7.4)."""
    free = max(s.stock[RUS][AMMUNITION] - p("RUS.ammunition.reserve"), 0.0)
    short = max(s.target_stock[RUS][AMMUNITION] - free, 0.0)
    affordable = min(p("outside.capacity"), s.money[RUS] / p("outside.price"))
    return min(affordable, short) if s.value[RUS][AMMUNITION] > p("outside.price") else 0.0


def rest_of_world(s: State, p: Lookup) -> State:
    """Purchases, sales, and stock and money after them (7.4)."""
    way, usual, reached = under_way(s, p), other_imports(p), reach(s, p)
    out = State(world_imports=[], world_exports=[], stock=[], other_imports=[], other_stock=[])
    price = [p(f"goods.{g}.world_price") for g in GOODS]
    outside = bought_outside(s, p)
    paid_outside = outside * p("outside.price")
    money, world = list(s.money), s.world_money + paid_outside
    money[RUS] -= paid_outside
    for i, c in enumerate(COUNTRIES):
        free = [max(s.stock[i][g] - p(f"{c}.{n}.reserve"), 0.0) for g, n in enumerate(GOODS)]
        arriving = [sum(way.transit[k][i][g] for k in ALL) for g in range(3)]
        gap = [s.target_stock[i][g] - free[g] - arriving[g] for g in range(3)]
        market = s.access[i] * max(linked(p, j, i) for j in ALL if j != i)
        buys = [0.0] + [market * max(gap[g], 0.0) for g in (FOOD, ENERGY)]
        if c == "PRK" and any(linked(p, j, i) for j in ALL if j != i):
            # of what the market leaves, tankers at sea bring a part, less what navies take
            caught = min(p("sanctions.enforcement") * s.monitoring * s.pressure[PRK], 1.0)
            buys[ENERGY] += p("PRK.energy.at_sea") * (1.0 - caught) * (max(gap[ENERGY], 0.0) - buys[ENERGY])
        sells = [0.0] + [market * min(max(-gap[g], 0.0), free[g]) for g in (FOOD, ENERGY)]
        sells = [0.0 if s.shortage[i][g] > 0.0 else sells[g] for g in range(3)]
        earned = p(f"{c}.income") * (1.0 - p("sanctions.income_loss") * s.pressure[i]) * 1000.0 / 12.0
        earned += sells[FOOD] * price[FOOD] + sells[ENERGY] * price[ENERGY]
        need = sum(usual[i])
        lacks = max(p("money.store") * need - s.other_stock[i], 0.0)
        wish = lacks / need if need > 0.0 else 0.0
        # under sanctions the western three go on as usual, but do not stand in for others
        held = s.pressure[i] * max(wish - 1.0, 0.0) if c in ("RUS", "PRK") else 0.0
        wishes = [wish - held if j in (USA, KOR, JPN) else wish for j in range(7)]
        orders = [u * r * w for u, r, w in zip(usual[i], reached[i], wishes, strict=True)]
        bill = buys[FOOD] * price[FOOD] + buys[ENERGY] * price[ENERGY]
        asked, has = bill + sum(orders), money[i] + earned
        granted = min(1.0, has / asked) if asked > 0.0 else 1.0
        buys, orders = [b * granted for b in buys], [b * granted for b in orders]
        out.other_imports.append(orders)
        out.other_stock.append(s.other_stock[i] + sum(orders))
        money[i] = has - granted * asked
        world += granted * bill + orders[-1] - earned
        if c == "RUS":
            buys[AMMUNITION] = outside
        out.world_imports.append(buys)
        out.world_exports.append(sells)
        out.stock.append([s.stock[i][g] + buys[g] - sells[g] for g in range(3)])
    # the six are paid what others of them bought; it can be spent from the next month on
    out.money = [money[i] + sum(row[i] for row in out.other_imports) for i in ALL]
    out.world_money = world
    return out


# ---- Step 6: ship; step 7: settle -----------------------------------------------------------------------------


def ship(s: State, o: State, p: Lookup, luck: list[float]) -> State:
    """Loads by route; shipped, seized, delivered and still waiting by lane; `luck` is one uniform number by route."""
    weight_of_unit = [p("goods.ammunition.weight") / 1000.0, 1.0, 1.0]
    waiting, merit = ([[[0.0] * 3 for _ in ALL] for _ in ALL] for _ in range(2))
    for i, c in enumerate(COUNTRIES):
        for g, n in enumerate(GOODS):
            ordered = sum(s.queue[i][j][g] for j in ALL)
            free = max(s.stock[i][g] - p(f"{c}.{n}.reserve"), 0.0)
            there = min(1.0, free / ordered) if ordered > 0.0 else 1.0
            for j in ALL:
                waiting[i][j][g] = s.queue[i][j][g] * there * weight_of_unit[g]
                gain = o.value[i][j][g] - o.reservation[i][j][g] - o.cost[i][j][g]
                merit[i][j][g] = gain / weight_of_unit[g]
    empties = {r: p(ocean_or_own(r, "empty_return")) for r in ROUTES}
    share = {r: p(ocean_or_own(r, "ammunition_share")) for r in ROUTES}
    # the crude that China lends leaves by its pipeline before all else, where no other oil goes
    piped = min(s.lent, waiting[CHN][PRK][ENERGY])
    waiting[CHN][PRK][ENERGY] -= piped
    carried, left = equations.ship(waiting, merit, o.room, empties, share, o.part)
    carried["pipeline"][1][ENERGY] += piped
    out = State(carried=[carried[r] for r in ROUTES])
    out.shadow = [equations.shadow_value(r, left, merit, o.room[r], carried[r], share[r]) for r in ROUTES]
    for name in ("shipped", "seized", "delivered"):
        setattr(out, name, [[[0.0] * 3 for _ in ALL] for _ in ALL])
    out.transit, out.arrived = [], []
    for r, (route, (a, b)) in enumerate(ROUTES.items()):
        ends, still = (COUNTRIES.index(a), COUNTRIES.index(b)), [[0.0] * 3, [0.0] * 3]
        there = [[0.0] * 3, [0.0] * 3]
        for way, (i, j) in enumerate((ends, ends[::-1])):
            for g in range(3):
                sent = carried[route][way][g]
                risk = luck[r], o.seized[route], lead_time(route, p)
                arrives, lost, still[way][g] = equations.travel(s.transit[r][way][g], sent, *risk)
                there[way][g] = arrives
                out.shipped[i][j][g] += sent / weight_of_unit[g]
                out.seized[i][j][g] += lost / weight_of_unit[g]
                out.delivered[i][j][g] += arrives / weight_of_unit[g]
        out.transit.append(still)
        out.arrived.append(there)
    out.built = []
    rate, half, ceiling, decay = (p(f"routes.build_{name}") for name in ("rate", "half", "ceiling", "decay"))
    for r, route in enumerate(ROUTES):
        load, most = [sum(goods) for goods in carried[route]], ceiling if route in ("rajin", "khasan") else 0.0
        taken = max(load[w] + empties[route] * load[1 - w] for w in (0, 1))
        use = min(taken / o.room[route], 1.0) if o.room[route] > 0.0 else 0.0
        out.built.append(equations.built(s.built[r], out.shadow[r], use, rate, half, most, decay))
    patience = p("routes.patience")
    out.queue = [
        [[max(s.queue[i][j][g] - out.shipped[i][j][g], 0.0) * patience for g in range(3)] for j in ALL] for i in ALL
    ]
    not_lent = s.lent - piped  # the store had less than was meant: that is not owed
    still = s.queue[CHN][PRK][ENERGY] - out.shipped[CHN][PRK][ENERGY] - not_lent
    out.queue[CHN][PRK][ENERGY] = max(still, 0.0) * patience
    return out


def lead_time(route: str, p: Lookup) -> float:
    """Mean months on the way; at Khasan with the change of gauge."""
    months = p(ocean_or_own(route, "lead"))
    return months + p("routes.khasan.gauge_break") if route == "khasan" else months


def usual_alignment(p: Lookup) -> Pairs:
    """From votes, alliance, rivalry and dealings of each pair."""
    names = ("votes", "alliance", "rivalry", "dealings")
    weights = {name: p(f"alignment.weight.{name}") for name in names}
    return [
        [equations.usual_alignment({name: of_pair(p, i, j, name) for name in names}, weights) for j in ALL] for i in ALL
    ]


def settle(s: State, flows: State, gifts: list[list[list[Gift]]], p: Lookup) -> State:
    """Accounts, trust, alignment, dependence, arms, technology of note and norms after the month; s is the state after
    shipping.
    """
    traded = [[sum(s.price[i][j][g] * flows.delivered[i][j][g] for g in range(3)) for j in ALL] for i in ALL]
    paid = [[sum(gift.payment for gift in gifts[i][j]) for j in ALL] for i in ALL]
    claim = [[traded[i][j] + paid[i][j] for j in ALL] for i in ALL]
    gdp = [p(f"{c}.gdp") for c in COUNTRIES]
    pledged = [[sum(s.project_price[j][i]) for j in ALL] for i in ALL]
    net = [[claim[i][j] - claim[j][i] for j in ALL] for i in ALL]  # goods and projects pay for each other first
    due = [[max(s.balance[i][j] + net[i][j] - pledged[i][j], 0.0) for j in ALL] for i in ALL]
    kind = [[min(s.in_kind_most[i][j], due[i][j]) for j in ALL] for i in ALL]
    wanted: Pairs = equations.paid_in_money(s.cash_share, due, s.channel, s.money)
    cash = [[min(wanted[i][j], due[i][j] - kind[i][j]) for j in ALL] for i in ALL]
    balance = equations.book(s.balance, [[claim[i][j] - cash[i][j] - kind[i][j] for j in ALL] for i in ALL])
    of_debt = [[max(cash[i][j] + kind[i][j] - s.cash_share[i][j] * traded[i][j], 0.0) for j in ALL] for i in ALL]
    repaid = [[claim[j][i] + of_debt[i][j] for j in ALL] for i in ALL]

    def strain(i: int, j: int) -> float:
        """j's arrears with i, as trust feels them."""
        used = equations.arrears(balance[i][j], s.line[i][j])
        return equations.strain(used, repaid[i][j], traded[i][j], p("trust.served_relief"))

    def broken(i: int, j: int) -> float:
        unserved = equations.strained(strain(i, j), p("trust.strained_from"))
        return max(unserved, s.broken[i][j], s.broken[j][i])

    def exchanged(i: int, j: int) -> float:
        return equations.traded_share(
            traded[i][j] + traded[j][i], p("trust.value_half"), gdp[i], gdp[j], gdp[RUS], gdp[PRK]
        )

    lasts = 1.0 - p("trust.drift")
    kept = [[lasts * s.kept[i][j] + exchanged(i, j) * (1.0 - broken(i, j)) for j in ALL] for i in ALL]
    failed = [[lasts * s.failed[i][j] + p("trust.failure") * broken(i, j) for j in ALL] for i in ALL]
    prior, start = p("trust.prior"), s.start_trust
    trust = [[equations.trust(start[i][j], prior, kept[i][j], failed[i][j]) for j in ALL] for i in ALL]
    drift, usual = p("trust.drift"), s.start_alignment
    back = [[s.alignment[i][j] + drift * (usual[i][j] - s.alignment[i][j]) for j in ALL] for i in ALL]
    alignment = [[equations.clip(x, -1.0, 1.0) for x in row] for row in back]
    newest = p("acts.need.memory")
    realised = [[(1.0 - newest) * s.realised[i][j] + newest * s.gain[i][j] for j in ALL] for i in ALL]
    price = [p(f"goods.{g}.world_price") for g in GOODS]
    dependence, supplied, rate = [], [], p("autonomy.memory")
    for j in ALL:
        supply = [sum(flows.delivered[i][j][g] * price[g] for g in range(3)) + paid[i][j] + kind[j][i] for i in ALL]
        supply.append(math.fsum(s.world_imports[j][g] * price[g] for g in range(3)))
        supply = [a + b for a, b in zip(supply, s.other_imports[j], strict=True)]
        smooth = [old + rate * (new - old) for old, new in zip(s.supplied[j], supply, strict=True)]
        supplied.append(smooth)
        dependence.append(equations.dependence(smooth))
    food = sum(flows.delivered[i][PRK][FOOD] for i in ALL) + s.world_imports[PRK][FOOD]
    rounds = flows.delivered[PRK][RUS][AMMUNITION]
    points = sum(TIERS[k] * gifts[i][PRK][k].points for i in ALL for k in range(4))
    norm = list(s.norm)
    norm[RUS] *= 1.0 - p("norm.erosion") * math.tanh(rounds / p("norm.rounds_of_note"))
    return State(
        balance=balance,
        repaid=repaid,
        value_delivered=traded,
        cash=cash,
        in_kind=kind,
        money=[s.money[i] + sum(cash[i]) - sum(row[i] for row in cash) for i in ALL],
        trust=trust,
        kept=kept,
        failed=failed,
        alignment=alignment,
        realised=realised,
        dependence=dependence,
        supplied=supplied,
        food_inflow=s.food_inflow + rate * (food - s.food_inflow),
        arms=s.arms + p("threat.arms_memory") * (rounds - s.arms),
        new_technology=s.new_technology + points / p("threat.points_of_note"),
        norm=norm,
    )

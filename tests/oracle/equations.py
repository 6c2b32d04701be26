"""Bargaining, technology, routes and settlement as a reader of the description would work them out: one world at a
time, plain numbers, one pair and one good after another.

Written from sections 6 and 7 of `docs/model.md`, not from the code of the model; the two agree to 1e-9
(`tests/test_oracle_equations.py`). Lists are indexed [i][j][g]: i sells, lends or gives, j buys, borrows or receives,
g is the good.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

Pairs = list[list[float]]
Lanes = list[list[list[float]]]
Ends = tuple[str, str]


def clip(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


# ---- 6. Marginal value, use, war ------------------------------------------------------------------------------


def cover(stock: float, reserve: float, requirement: float) -> float:
    """Months that the stock above the reserve lasts."""
    return min(max(stock - reserve, 0.0) / requirement, 999.0) if requirement > 0.0 else 999.0


def target_stock(
    months: float, requirement: float, plan: float, wartime: float, pledges: list[float], relief: float
) -> float:
    """S*: rounds for `months` of the present need, or for `plan` months of war, of which allies make good a part."""
    return max(months * requirement, plan * wartime / (1.0 + relief * sum(pledges)))


def marginal_value(free: float, target: float, value: float, elasticity: float, floor: float, cap: float) -> float:
    """V clip((S*/S)^eta, floor, cap); an empty store has the value of the cap."""
    if target == 0.0:
        return 0.0
    scarcity = target / free if free > 0.0 else math.inf
    return value * clip(scarcity**elasticity, floor, cap)


def value_to_buyer(value: float, access: float, world_price: float, margin: float) -> float:
    return min(value, world_price * (1.0 + margin) / max(access, 0.01))


def value_to_seller(value: float, access: float, world_price: float, margin: float) -> float:
    return max(value, world_price * (1.0 - margin) * access)


def handed_out(stock: float, requirement: float, even: float = math.inf, obeyed: float = 1.0) -> float:
    """Units of food or energy used in a month. `even` is what a crop that must last allows; a share `obeyed` of the
    people keeps to that, the others take all that they need while there is some.
    """
    freely = min(requirement, stock)
    return obeyed * min(freely, even) + (1.0 - obeyed) * freely


def harvested(month: int, main: float) -> float:
    """Share of the year's crop that comes in a calendar month: `main` in September and October, the rest in June."""
    return {9: main / 2.0, 10: main / 2.0, 6: 1.0 - main}.get(month, 0.0)


def until_harvest(month: int) -> list[int]:
    """Calendar months from this one to the next August."""
    months = [month]
    while months[-1] != 8:
        months.append(months[-1] % 12 + 1)
    return months


def even_use(stock: float, crop: float, main: float, arrivals: float, month: int) -> float:
    """Units that can be used in this month and in each to the next August: what lies there, what is left of the year's
    crop, and what arrives in each of these months but the last, for it comes after the use.
    """
    months = until_harvest(month)
    to_come = sum(crop * harvested(later, main) + arrivals for later in months[1:])
    return (stock + to_come) / len(months)


def old_in_cargo(old: float, stock: float, preference: float) -> float:
    """Share of old lots in what leaves: each old round has the odds `preference` against a sound one."""
    weight, sound = preference * min(old, stock), max(stock - old, 0.0)
    return weight / (weight + sound) if weight + sound > 0.0 else 0.0


def spending(wanted: float, stock: float, reserve: float, production: float, expected: float, horizon: float) -> float:
    """Rounds used in a month; `stock` holds this month's production already, but not what is expected."""
    return min(wanted, production + expected + max(stock - production - reserve, 0.0) / horizon, max(stock, 0.0))


def attacks(before: bool, u: float, begin: float, end: float, lure: float, starved: float) -> bool:
    """Whether Russia attacks: it goes on unless it ends, and begins by chance; `u` is a uniform number."""
    if before:
        return not u < end
    return u < begin + begin * lure * starved


def converted(now: float, gap: float, most: float, speed: float, back: float) -> float:
    """Output of converted plants a month later; `gap` is what is ordered beyond the ceiling without them."""
    goal = clip(gap, 0.0, most)
    return now + (speed if goal > now else back) * (goal - now)


def substitutes(share: float, ceiling: float, growth: float) -> float:
    """Share of drones and glide bombs in the effect a month later."""
    if ceiling == 0.0:
        return 0.0
    return clip(share + growth * share * (ceiling - share) / ceiling, 0.0, ceiling)


def want(remembered: float, required: list[float], used: list[float], memory: float) -> float:
    """Share of people without enough of either; who lacks the one lacks the other as often as anybody else."""
    served = [b / a if a > 0.0 else 1.0 for a, b in zip(required, used, strict=True)]
    return (1.0 - memory) * remembered + memory * (1.0 - math.prod(served))


def hardship(remembered: float, required: float, spent: float, memory: float) -> float:
    """Remembered share of the rounds wanted that was lacking; who wants none lacks none."""
    lacking = (required - spent) / required if required > 0.0 else 0.0
    return remembered + memory * (lacking - remembered)


# ---- 7.2 Bargain ----------------------------------------------------------------------------------------------


@dataclass
class Deal:
    """What one seller and one buyer agree on for one good."""

    volume: float
    price: float
    gain_seller: float
    gain_buyer: float
    margin: float
    bound: str
    wanted: float
    contract: float


def nash_weight(
    outside_seller: float,
    outside_buyer: float,
    arrears_seller: float,
    need_buyer: float,
    outside_effect: float,
    need_effect: float,
) -> float:
    by_need = need_effect * (need_buyer - arrears_seller)
    return clip(0.5 + outside_effect * (outside_seller - outside_buyer) + by_need, 0.05, 0.95)


def demand_at(
    price: float,
    value: float,
    target: float,
    free: float,
    elasticity: float,
    works: float,
    floor: float = 0.0,
) -> float:
    """X: units that fill the store from `free` to F, at which the last unit, of which the share `works` works, is
    worth the price: w V (S*/F)^eta = price. No store is filled beyond the stock at which value is down to its floor.
    """
    if works == 0.0 or target == 0.0:
        return 0.0
    filled = target * (works * value / max(price, works * floor * value)) ** (1.0 / elasticity)
    return max(filled - free, 0.0) / works


def steepness(free: float, target: float, cap: float, elasticity: float) -> float:
    """Share of its value that a unit loses with one more in store; below the stock at the cap as at it."""
    most = max(free, target * cap ** (-1.0 / elasticity))
    return elasticity / most if most > 0.0 else math.inf


def bend(margin: float, demand: float, beta: float) -> float:
    """h of the hyperbola M (1 - t)/(1 + h t), t = x/X, whose slope at 0 is -M (1 + h)/X = -beta."""
    return max(beta * demand / margin - 1.0, 0.0)


def best_volume(margin: float, demand: float, beta: float, sigma: float) -> float:
    """Where the hyperbola meets sigma x: the positive root t of sigma X h t^2 + (sigma X + M) t - M = 0, times X."""
    if margin <= 0.0 or demand <= 0.0:
        return 0.0
    rise = sigma * demand
    both = margin + rise
    root = math.sqrt(both * both + 4.0 * rise * bend(margin, demand, beta) * margin)
    return demand * 2.0 * margin / (both + root)


def joint_surplus(margin: float, demand: float, beta: float, sigma: float, x: float) -> float:
    """J(x): what lies between hyperbola and line up to x, the hyperbola by Gauss-Legendre quadrature in ln(1 + h t).

    With z = ln(1 + h t) the hyperbola's area is the integral of (1 - t) dz/h, smooth however much it bends.
    """
    if margin <= 0.0 or x <= 0.0:
        return 0.0
    h, end = max(bend(margin, demand, beta), 1e-12), x / demand
    top = math.log1p(h * end)
    area = sum(w * (1.0 - math.expm1(top * (1.0 + node) / 2.0) / h) for node, w in zip(*QUADRATURE, strict=True))
    return margin * demand * area * top / (2.0 * h) - sigma * x * x / 2.0


QUADRATURE = tuple(part.tolist() for part in np.polynomial.legendre.leggauss(20))


@dataclass
class Offer:
    """What one seller and one buyer could trade of one good: `value` is b w, `reservation` s', `demand` X, `arrives`
    1 - e, `works` w, `weight` the seller's full Nash weight, `room` what their routes can still take; `borne` is the
    part of the cost that falls on the seller.
    """

    value: float
    reservation: float
    cost: float
    demand: float
    beta: float
    sigma: float
    arrives: float
    works: float
    weight: float
    openness: float
    room: float
    borne: float = 0.0

    @property
    def margin(self) -> float:
        return self.value - self.reservation - self.cost

    def best(self) -> float:
        """Units that would be best for both."""
        return self.openness * best_volume(self.margin, self.demand, self.beta, self.sigma)

    def lacking(self, on_order: float) -> float:
        """What of it is not on order yet, with `on_order` working units."""
        return max(self.best() - on_order / self.works, 0.0) if self.works > 0.0 and self.best() > 1e-9 else 0.0

    def joint(self, x: float) -> float:
        return joint_surplus(self.margin, self.demand, self.beta, self.sigma, x)

    def paid(self, x: float, weight: float) -> float:
        """What the seller expects for x units sent."""
        own = (self.reservation + self.borne) * x + self.sigma * x * x / 2.0
        return own + weight * self.joint(min(x, self.best()))


def orders(offers: list[Offer], on_order: float) -> list[float]:
    """What a buyer orders of each seller, so that all of them together fill its store once."""
    alone = [offer.lacking(on_order) for offer in offers]
    fits = [min(x, offer.room) for x, offer in zip(alone, offers, strict=True)]
    most = max(offer.works * x for offer, x in zip(offers, alone, strict=True))
    total = sum(offer.works * x for offer, x in zip(offers, fits, strict=True))
    return [x * min(1.0, most / total) if total > 0.0 else 0.0 for x in fits]


def within_credit(
    offers: list[Offer],
    volumes: list[float],
    headroom: float,
    cash_share: float,
    least_share: float,
    charged: list[float],
) -> tuple[list[float], float]:
    """The seller's weights by good and the share of the volumes that the buyer's credit leaves: weights go first.

    Only the share `charged` of the payment for each good is owed.
    """
    full = [offer.weight for offer in offers]
    floor = [min(weight, least_share) for weight in full]
    claim, least = (
        (1.0 - cash_share)
        * sum(part * o.paid(x, weight) for o, x, weight, part in zip(offers, volumes, weights, charged, strict=True))
        for weights in (full, floor)
    )
    kept = 1.0
    if claim > headroom:
        kept = max(headroom - least, 0.0) / (claim - least) if claim > least else 0.0
    granted = min(1.0, headroom / least) if least > 0.0 else 1.0
    return [low + kept * (high - low) for low, high in zip(floor, full, strict=True)], granted


def bargain(
    offers: list[list[list[Offer]]],
    *,
    on_order: Pairs,
    available: Pairs,
    limit: list[list[str]],
    contract: Lanes,
    length: list[float],
    headroom: Pairs,
    cash_share: Pairs,
    least_share: float,
    charged: Lanes,
) -> list[list[list[Deal]]]:
    """`on_order` is indexed [buyer][good] in working units, `available` and `limit`, what limits it, [seller][good].

    `charged` is the share of the payment that the seller asks for.
    """
    countries, goods = range(len(offers)), range(len(offers[0][0]))
    wishes = [[orders([offers[i][j][g] for i in countries], on_order[j][g]) for g in goods] for j in countries]

    def bound(i: int, j: int, g: int, released: float, granted: float, before: float) -> str:
        """What limits a good last; `before` is what would be ordered with credit enough."""
        offer, wanted = offers[i][j][g], wishes[j][g][i] > 0.0
        if before > 0.0 and granted < 1.0:
            return "credit"
        if wanted and released < 1.0:
            return limit[i][g]
        if offer.lacking(on_order[j][g]) > offer.room:
            return "capacity"
        return "demand" if offer.best() > 0.0 else "none"

    def next_contract(i: int, j: int, g: int, released: float) -> float:
        """Units a month agreed for the months ahead: a share 1/L of it is agreed anew."""
        if offers[i][j][g].best() <= 1e-9:
            return 0.0
        old = contract[i][j][g]
        return old + (wishes[j][g][i] * released - old) / length[g]

    deals: list[list[list[Deal]]] = [[[] for _ in countries] for _ in countries]
    for i in countries:
        # share of what all buyers want that the seller can hand out
        total = [sum(wishes[j][g][i] for j in countries) for g in goods]
        released = [min(1.0, available[i][g] / total[g]) if total[g] > 0.0 else 1.0 for g in goods]
        agreed = [[next_contract(i, j, g, released[g]) for g in goods] for j in countries]
        fits = [[min(agreed[j][g], offers[i][j][g].room) for g in goods] for j in countries]
        asked = [sum(fits[j][g] for j in countries) for g in goods]
        there = [min(1.0, available[i][g] / asked[g]) if asked[g] > 0.0 else 1.0 for g in goods]
        ordered = [[fits[j][g] * there[g] for g in goods] for j in countries]
        for j in countries:
            volumes = [ordered[j][g] for g in goods]
            credit = headroom[i][j], cash_share[i][j], least_share, charged[i][j]
            weights, granted = within_credit(offers[i][j], volumes, *credit)
            for g, offer in enumerate(offers[i][j]):
                x, w = volumes[g] * granted, weights[g]
                # only what arrives is paid for
                price = charged[i][j][g] * offer.paid(x, w) / x / offer.arrives if x > 0.0 else 0.0
                surplus, last = offer.joint(min(x, offer.best())), bound(i, j, g, released[g], granted, volumes[g])
                gift = (1.0 - charged[i][j][g]) * offer.paid(x, w)
                gains = w * surplus - gift, (1.0 - w) * surplus + gift
                stands = min(agreed[j][g], x) if granted < 1.0 else agreed[j][g]
                deals[i][j].append(Deal(x, price, *gains, offer.margin, last, wishes[j][g][i], stands))
    return deals


# ---- 7.3 Technology -------------------------------------------------------------------------------------------


@dataclass
class Gift:
    """Points of one tier that a giver releases to a receiver."""

    points: float
    payment: float
    gain_giver: float
    gain_receiver: float


def ambition(own: float, hostile_levels: list[float], rivalry: float, threat: float) -> float:
    """`hostile_levels` are levels of all other countries, each times hostility."""
    return min(own + rivalry * threat * max(max(hostile_levels) - own, 0.0), 100.0)


def value_of_point(value: float, gap: float, threat: float) -> float:
    return value * max(gap, 0.0) / 50.0 * (1.0 + threat)


def hazard(worth: float, cost: float, highest: float, precision: float) -> float:
    """Chance a month that a project starts; worth and cost are positive."""
    return highest / (1.0 + (cost / worth) ** precision)


def guard(
    guard: float,
    scale: float,
    trust: float,
    hardship: float,
    alignment: float,
    trust_effect: float,
    need_effect: float,
    hostility_effect: float,
) -> float:
    """`hardship` is the giver's own."""
    raised = 1.0 + hostility_effect * ((1.0 - alignment) / 2.0) ** 2
    return guard * scale * (1.0 - trust_effect * trust) * (1.0 - need_effect * hardship) * raised


def pressed_on_technology(technology: float, goods: float) -> float:
    """m: how far the pressure to settle falls on technology, by what a unit of the debtor's cost is worth to the
    creditor there and among the goods.
    """
    return min(1.0, 2.0 * technology / (technology + goods)) if technology > 0.0 else 0.0


def start_project(
    worth: list[float],
    guard: list[float],
    cost: list[float],
    weight: float,
    size: list[float],
    claims: float,
    hazards: tuple[float, float],
    u: float,
    charged: float,
) -> list[Gift]:
    """What one giver starts with one receiver, by tier; `guard` has the arrears discount in it, u is uniform.

    Only the share `charged` of the price is asked for.
    """
    gifts, reached = [], 0.0
    for value, asked, extra, points in zip(worth, guard, cost, size, strict=True):
        surplus = max(value - extra - asked, 0.0)
        price = min(asked, value - extra) + weight * surplus
        begins = False
        if points > 0.0 and value > extra and charged * price * points <= claims:
            below, reached = reached, reached + hazard(value, asked + extra, *hazards)
            begins = below <= u < reached
        x = points if begins else 0.0
        asks, given = x * charged * price, x * (1.0 - charged) * price
        gains = x * weight * surplus - given, x * (1.0 - weight) * surplus + given
        gifts.append(Gift(x, asks, *gains))
    return gifts


# ---- 7.5 Routes -----------------------------------------------------------------------------------------------

COUNTRIES = ("RUS", "PRK", "USA", "KOR", "JPN", "CHN")
NEAR = {
    "rajin": ("RUS", "PRK"),
    "khasan": ("RUS", "PRK"),
    "pipeline": ("PRK", "CHN"),
    "dandong": ("PRK", "CHN"),
    "nampo": ("PRK", "CHN"),
    "siberia": ("RUS", "CHN"),
}
"""Routes by land and near sea with their ends, each pair's in its order of preference."""
OCEAN = {
    f"ocean_{a}_{b}".lower(): (a, b)
    for n, a in enumerate(COUNTRIES)
    for b in COUNTRIES[n + 1 :]
    if (a, b) not in NEAR.values()
}
ROUTES = NEAR | OCEAN
AMMUNITION, FOOD, ENERGY = range(3)


def carries(route: str) -> bool:
    """The pipeline takes no cargo that is traded."""
    return route != "pipeline"


def seized_share(exposure: float, enforcement: float, monitoring: float, pressure: float, ends: Ends) -> float:
    """Expected share of the cargo that is seized; `pressure` is the larger of the two ends'."""
    return clip(exposure * enforcement * (monitoring if "PRK" in ends else 1.0) * pressure, 0.0, 1.0)


def effective_capacity(capacity: float, is_open: float, winter: float, month: int, border: float, ends: Ends) -> float:
    """Of what is sent; interdiction takes cargo, not capacity."""
    season = winter if month in (12, 1, 2, 3) else 1.0
    return capacity * is_open * season * (border if "PRK" in ends else 1.0)


@dataclass
class Cargo:
    """What one side offers to a route: direction 0 runs from the first end to the second, 1 back."""

    direction: int
    good: int
    load: float
    merit: float
    carried: float = 0.0


def fill(cargoes: list[Cargo], capacity: float, empty_return: float) -> None:
    """Falling merit, both directions in one list; of equal merit, forward goes before back and goods in their order.

    Each kt takes `empty_return` kt of room in the other direction.
    """
    room = [capacity, capacity]
    for cargo in sorted(cargoes, key=lambda c: (-c.merit, c.direction, c.good)):
        own, other = cargo.direction, 1 - cargo.direction
        cargo.carried = min(cargo.load, room[own])
        if empty_return > 0.0:
            cargo.carried = min(cargo.carried, room[other] / empty_return)
        room[own] = max(room[own] - cargo.carried, 0.0)
        room[other] = max(room[other] - empty_return * cargo.carried, 0.0)


def parts(room: list[float], cost: list[float], seized: list[float], scale: float) -> list[float]:
    """Part of a pair's cargo for each of its routes; `cost` and `seized` are shares of the cargo's value."""
    appeal = [r * math.exp(-(c + e) / scale) for r, c, e in zip(room, cost, seized, strict=True)]
    return [a / sum(appeal) if sum(appeal) > 0.0 else 0.0 for a in appeal]


Load = list[list[float]]


def fill_route(load: Load, merit: Lanes, ends: tuple[int, int], room: float, empties: float, share: float) -> Load:
    """What one route carries of what it is offered, [direction][good]; the room of a kt is not asked for twice."""
    cargoes = []
    for way, (i, j) in enumerate((ends, ends[::-1])):
        for g in range(3):
            offered = min(load[way][g], share * room) if g == AMMUNITION else load[way][g]
            cargoes.append(Cargo(way, g, offered, merit[i][j][g]))
    fill(cargoes, room, empties)
    carried = [[0.0] * 3, [0.0] * 3]
    for c in cargoes:
        carried[c.direction][c.good] = c.carried
    return carried


def ship(
    waiting: Lanes,
    merit: Lanes,
    capacity: dict[str, float],
    empty_return: dict[str, float],
    share: dict[str, float],
    part: dict[str, Load],
) -> tuple[dict[str, Load], Lanes]:
    """(kt carried by route, [direction][good]; kt left, [i][j][g]). All routes of a pair at once, then the rest."""
    n, ends = range(6), {r: (COUNTRIES.index(a), COUNTRIES.index(b)) for r, (a, b) in ROUTES.items()}
    carried: dict[str, Load] = {}

    def lanes_of(r: str) -> list[tuple[int, int, int]]:
        return [(way, *pair) for way, pair in enumerate((ends[r], ends[r][::-1]))]

    def rest() -> Lanes:
        """Kt that found no room so far."""
        left = [[list(goods) for goods in row] for row in waiting]
        for r in ROUTES:
            for way, i, j in lanes_of(r):
                left[i][j] = [a - b for a, b in zip(left[i][j], carried[r][way], strict=True)]
        return [[[max(x, 0.0) for x in left[i][j]] for j in n] for i in n]

    def taken(r: str, load: Load) -> Load:
        return fill_route(load, merit, ends[r], capacity[r], empty_return[r], share[r])

    for r in ROUTES:
        carried[r] = taken(r, [[waiting[i][j][g] * part[r][way][g] for g in range(3)] for way, i, j in lanes_of(r)])

    def free(r: str, way: int, g: int) -> float:
        """Room that is left for a good in one direction."""
        if not carries(r):
            return 0.0
        left = max(capacity[r] - sum(carried[r][way]) - empty_return[r] * sum(carried[r][1 - way]), 0.0)
        return min(left, share[r] * capacity[r] - carried[r][way][g]) if g == AMMUNITION else left

    still, room = rest(), {r: [[free(r, way, g) for g in range(3)] for way in (0, 1)] for r in ROUTES}
    more = {}
    for r in ROUTES:
        others = [o for o in ROUTES if set(ROUTES[o]) == set(ROUTES[r])]
        if len(others) > 1:
            load = [[0.0] * 3, [0.0] * 3]
            for way, i, j in lanes_of(r):
                for g in range(3):
                    in_all = sum(room[o][way if ends[o] == ends[r] else 1 - way][g] for o in others)
                    turns = room[r][way][g] / in_all if in_all > 1e-6 else 0.0
                    load[way][g] = carried[r][way][g] + still[i][j][g] * turns
            more[r] = taken(r, load)
    carried.update(more)
    return carried, rest()


def built(before: float, shadow: float, use: float, rate: float, half: float, ceiling: float, decay: float) -> float:
    """Capacity that was added to a route, as share of that of the table, a month later."""
    wanted = shadow / (shadow + half)
    return before + rate * wanted * max(ceiling - before, 0.0) - decay * (1.0 - use) * before


def shadow_value(
    route: str, left: Lanes, merit: Lanes, capacity: float, carried: list[list[float]], share: float
) -> float:
    """Worth of one more kt of capacity: the highest merit still waiting on a route in use, ammunition by its share."""
    if capacity == 0.0 or sum(map(sum, carried)) == 0.0:
        return 0.0
    ends = [COUNTRIES.index(c) for c in ROUTES[route]]
    best = 0.0
    for i, j in (ends, ends[::-1]):
        for g in range(3):
            if carries(route) and left[i][j][g] > 1e-6:
                best = max(best, merit[i][j][g] * (share if g == AMMUNITION else 1.0))
    return best


def seized_this_month(mean: float, luck: float) -> float:
    """Even from 0 to twice the mean, or as far from it as to 1; `luck` is uniform on 0-1."""
    return 2.0 * luck * mean if mean <= 0.5 else 1.0 - 2.0 * (1.0 - luck) * (1.0 - mean)


def travel(in_transit: float, sent: float, luck: float, seized: float, lead: float) -> tuple[float, float, float]:
    """(arrives, is seized, is still under way) of what was under way and what is sent; `luck` is uniform on 0-1."""
    lost = sent * seized_this_month(seized, luck)
    under_way = in_transit + sent - lost
    arrives = under_way / (1.0 + lead)
    return arrives, lost, under_way - arrives


# ---- 7.6 Accounts ---------------------------------------------------------------------------------------------


def arrears(debt: float, line: float) -> float:
    """Share of its credit that a debtor has used, 0-1; without a line any debt is all of it."""
    if line == 0.0:
        return 1.0 if debt > 0.0 else 0.0
    return clip(debt / line, 0.0, 1.0)


def shadow_of_the_future(continuation: float) -> float:
    """Expected further months of a relation, in units of nine."""
    delta = clip(continuation, 0.0, 0.98)
    return delta / (1.0 - delta) / 9.0


def credit_line(
    line: float, gdp_debtor: float, gdp_russia: float, trust: float, continuation: float, most: float
) -> float:
    """`most` is what the creditor can lend at all, MUSD."""
    return min(line * math.sqrt(gdp_debtor / gdp_russia) * trust * shadow_of_the_future(continuation), most)


def book(balance: Pairs, claim: Pairs) -> Pairs:
    """Balances after i has gained claim[i][j] on j; what j owes i, i does not own twice."""
    n = range(len(balance))
    return [[balance[i][j] + claim[i][j] - claim[j][i] for j in n] for i in n]


def cash_share(dollar_creditor: float, dollar_debtor: float, friction: float, goods: float, arrears: float) -> float:
    """Part of what is due that a debtor wants to pay in money, beside goods and keeping the money."""
    money = dollar_creditor * max(1.0 - friction, 0.0) / max(dollar_debtor, 1e-9)
    return money**2 / (money**2 + max((1.0 - arrears) * goods, 1.0) ** 2)


def channel(most: float, friction: float, with_prk: bool) -> float:
    """Money that gets through to or from North Korea in a month; others have banks."""
    return most * max(1.0 - friction, 0.0) if with_prk else math.inf


def most_in_kind(most: float, friction: float, link: float) -> float:
    """Other goods that North Korea takes for its claims, MUSD; `link` is 1 if an open route could bring them."""
    return most * max(1.0 - friction, 0.0) * link


def paid_in_money(share: Pairs, due: Pairs, most: Pairs, has: list[float]) -> Pairs:
    """[i][j] is what j pays i."""
    n = range(len(due))
    wanted = [[min(share[i][j] * due[i][j], most[i][j]) for j in n] for i in n]
    total = [sum(wanted[i][j] for i in n) for j in n]
    return [[wanted[i][j] * (min(1.0, has[j] / total[j]) if total[j] > 0.0 else 1.0) for j in n] for i in n]


def worth_of_a_dollar(reached: float, cover: float, target: float, need: float, elasticity: float, cap: float) -> float:
    """Times its face value; `cover` in months of need."""
    if need == 0.0:
        return 0.0
    return reached * (cap if cover == 0.0 else clip((target / cover) ** elasticity, 1.0, cap))


def paid_in_prestige(worth: float, balance: float) -> float:
    """Prestige settles no more than is owed."""
    return min(worth, max(balance, 0.0))


def traded_share(both_ways: float, half: float, gdp_i: float, gdp_j: float, gdp_rus: float, gdp_prk: float) -> float:
    """y of the trust rule: `half` MUSD a month between Russia and North Korea is one half."""
    return both_ways / (both_ways + half * math.sqrt(gdp_i * gdp_j / (gdp_rus * gdp_prk)))


def strain(arrears: float, repaid: float, received: float, relief: float) -> float:
    """Arrears as trust feels them: less where the debtor repays what it receives. Who received nothing and repaid
    something has served its debt.
    """
    served = min(repaid / received, 1.0) if received > 0.0 else float(repaid > 0.0)
    return arrears * (1.0 - relief * served)


def strained(arrears: float, felt_from: float) -> float:
    """How far a promise to pay counts as broken, 0-1."""
    return clip((arrears - felt_from) / (1.0 - felt_from), 0.0, 1.0)


def trust(start: float, prior: float, kept: float, failed: float) -> float:
    """Share of kept promises among all that are remembered; the start stands for `prior` of them."""
    good, bad = prior * start + kept, prior * (1.0 - start) + failed
    return good / (good + bad)


def usual_alignment(parts: dict[str, float], weights: dict[str, float]) -> float:
    """Where the alignment of a pair drifts back to; rivalry parts, all else brings together."""
    return clip(sum((-x if name == "rivalry" else x) * weights[name] for name, x in parts.items()), -1.0, 1.0)


def noted(amount: float, of_note: float) -> float:
    """How far an amount is felt, 0-1."""
    return 1.0 - math.exp(-amount / of_note)


def dependence(supplied: list[float]) -> list[float]:
    """Share of each partner in all that one country buys, MUSD a month, the rest of the world last."""
    everything = sum(supplied)
    return [m / everything if everything > 0.0 else 0.0 for m in supplied[:-1]]


def reluctance(share: float) -> float:
    """What one MUSD more from the partner adds to D^2 N = n^2/N, as n and N grow by it: 2 n/N - n^2/N^2."""
    return 2.0 * share - share * share


# ---- 7.7 Threat and coordination ------------------------------------------------------------------------------


def seen_by_the_east(coordination: float, west_exercises: float, weights: list[float]) -> float:
    return weights[0] * coordination + weights[1] * (1.0 - math.exp(-west_exercises))


def seen_by_the_west(signals: list[float], weights: list[float]) -> float:
    """Tests, arms and technology in units of note, and eastern exercises."""
    return sum(weight * (1.0 - math.exp(-x)) for weight, x in zip(weights, signals, strict=True))


def threat(now: float, background: float, standing: float, answer: float, own_war: float, speed: float) -> float:
    """`answer` is sensitivity x response x what is seen."""
    return now + speed * (1.0 - math.exp(-(background * standing + answer + own_war)) - now)


def coordination(now: float, western_threat: float, growth: float, friction: float, decay: float) -> float:
    return clip(now + growth * western_threat * (1.0 - friction) * (1.0 - now) - decay * now, 0.0, 1.0)


# ---- 7.9 Rival theories ---------------------------------------------------------------------------------------


def commitment(alignment: float, pledge: float, threat_i: float, threat_j: float) -> float:
    """k: how far two countries stand in for each other, 0-1; friends without a treaty only under a common threat."""
    return max(alignment, 0.0) * (pledge + (1.0 - pledge) * threat_i * threat_j)


def bid(most: float, wanted: float, share: float, held_back: float) -> float:
    """Aid of a patron, MUSD a month, that supplies less of its client's purchases than it wants to.

    `held_back` is the share that it gives up for the sake of its ties with the west.
    """
    return most * max(wanted - share - held_back, 0.0)

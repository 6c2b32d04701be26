"""The model's array code agrees with `oracle/equations.py` to 1e-9, case by case.

Every test draws a few hundred cases from a generator with a fixed seed and mixes in corner cases: nothing required,
empty stores, closed routes, equal merit, no capacity, no credit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

import numpy as np
import pytest
from oracle import equations as plain
from small_worlds import scenario, world_of

from sim.model import accounts, bargain, country, money, relations, routes, technology, threat, value, war
from sim.scenario.names import BINDING, GOODS, ROUTES

Array = np.ndarray
CASES = 400
FEW = 60
"""Cases of tests whose every case is a whole matrix of pairs, goods or routes: thousands of corners all the same."""
CLOSE = {"rtol": 1e-9, "atol": 1e-9}
"""Relative; the absolute part is for zeros: the model counts less than 1e-9 of a unit as nothing."""
COUNTRIES = 4


@pytest.fixture
def draw() -> Draw:
    return Draw(np.random.default_rng(20230901), CASES)


@pytest.fixture
def few() -> Draw:
    return Draw(np.random.default_rng(20230901), FEW)


class Draw:
    """Random cases, the last axis running over them."""

    def __init__(self, generator: np.random.Generator, cases: int) -> None:
        self.generator, self.cases = generator, cases

    def between(self, low: float, high: float, *shape: int) -> Array:
        return self.generator.uniform(low, high, (*shape, self.cases))

    def scale(self, low: float, high: float, *shape: int) -> Array:
        """Spread over orders of magnitude."""
        return low * (high / low) ** self.between(0.0, 1.0, *shape)

    def often(self, share: float, special: float | Array, values: Array) -> Array:
        """`values` with a share of them replaced by a special one."""
        return np.where(self.generator.random(values.shape) < share, special, values)


def column(array: Array, case: int) -> list:
    """One case as plain nested lists."""
    return array[..., case].tolist()


def each(*arrays: Array) -> Iterable[tuple[float, ...]]:
    """Cases of one-dimensional arrays as plain numbers."""
    return zip(*(a.tolist() for a in arrays), strict=True)


# ---- 6. Marginal value, use, war ------------------------------------------------------------------------------


def test_cover_and_marginal_value(draw: Draw) -> None:
    stock, reserve = draw.often(0.1, 0.0, draw.scale(1e-2, 1e5)), draw.often(0.1, 0.0, draw.scale(1e-2, 1e5))
    required = draw.often(0.1, 0.0, draw.scale(1e-3, 1e5))
    target, worth = draw.between(0.1, 60.0), draw.often(0.05, 0.0, draw.between(0.0, 100.0))
    # below an elasticity of 0.3 an empty store would not reach the cap: the model counts stock from 1e-9 units on
    elasticity = draw.between(0.3, 5.0)
    floor, cap = draw.between(0.0, 1.0), draw.between(1.0, 100.0)

    months = value.cover(stock, reserve, required)
    expected = [plain.cover(*case) for case in each(stock, reserve, required)]
    np.testing.assert_allclose(months, expected, **CLOSE)
    assert {0.0, 999.0} <= set(expected), "empty stores and nothing required are among the cases"

    free = value.free_stock(stock, reserve)
    v = value.marginal_value(free, target * required, worth, elasticity, floor, cap)
    cases = each(free, target * required, worth, elasticity, floor, cap)
    np.testing.assert_allclose(v, [plain.marginal_value(*case) for case in cases], **CLOSE)


def test_value_without_elasticity_is_the_same_at_every_stock() -> None:
    """(S*/S)^0 = 1, even at an empty store."""
    one = np.ones(3)
    free = np.array([0.0, 2.0, 999.0])
    v = value.marginal_value(free, 5.0 * one, 1.5 * one, 0.0 * one, 0.2 * one, 3.0 * one)
    np.testing.assert_array_equal(v, 1.5)
    assert [plain.marginal_value(x, 5.0, 1.5, 0.0, 0.2, 3.0) for x in free] == [1.5] * 3


def test_stock_that_is_wanted(draw: Draw) -> None:
    months, required = draw.between(0.1, 60.0), draw.often(0.1, 0.0, draw.scale(0.1, 1e4))
    plan, wartime = draw.often(0.2, 0.0, draw.between(0.0, 24.0)), draw.scale(1.0, 1e3)
    relief, pledges = draw.between(0.0, 1.0), [draw.often(0.5, 0.0, draw.between(0.0, 1.0)) for _ in range(3)]
    got = value.target_stock(months * required, plan, wartime, relief * sum(pledges))
    cases = zip(each(months, required, plan, wartime), each(*pledges), relief.tolist(), strict=True)
    np.testing.assert_allclose(got, [plain.target_stock(*case, [*p], r) for case, p, r in cases], **CLOSE)
    for_war = got > months * required
    assert for_war.any()
    assert not for_war.all()


def test_old_lots_in_cargo(draw: Draw) -> None:
    stock = draw.often(0.1, 0.0, draw.scale(1.0, 1e4))
    old, preference = draw.often(0.1, 0.0, stock * draw.between(0.0, 1.2)), draw.scale(0.1, 1e6)
    got = value.old_in_cargo(old, stock, preference)
    np.testing.assert_allclose(got, [plain.old_in_cargo(*case) for case in each(old, stock, preference)], **CLOSE)


def test_outside_options(draw: Draw) -> None:
    v, price = draw.scale(1e-2, 1e2), draw.scale(1e-2, 1e2)
    access, margin = draw.often(0.2, 0.0, draw.between(0.0, 1.0)), draw.between(0.0, 0.99)
    cases = list(each(v, access, price, margin))
    np.testing.assert_allclose(
        value.value_to_buyer(v, access, price, margin), [plain.value_to_buyer(*c) for c in cases], **CLOSE
    )
    np.testing.assert_allclose(
        value.value_to_seller(v, access, price, margin), [plain.value_to_seller(*c) for c in cases], **CLOSE
    )


def test_spending_of_rounds(draw: Draw) -> None:
    wanted, reserve = draw.often(0.1, 0.0, draw.scale(1.0, 1e4)), draw.scale(1.0, 1e4)
    production, horizon = draw.often(0.1, 0.0, draw.scale(1.0, 1e3)), draw.between(1.0, 24.0)
    stock = production + draw.often(0.2, 0.0, draw.scale(1.0, 1e4))
    inputs = wanted, stock, reserve, production, draw.often(0.3, 0.0, draw.scale(1.0, 1e3)), horizon
    spent = value.spending(*inputs)
    cases = each(*inputs)
    np.testing.assert_allclose(spent, [plain.spending(*c) for c in cases], **CLOSE)


def larders(draw: Draw) -> list[Array]:
    """Stock with the month's output, the year's crop, share of the main harvest, and what is expected each month."""
    stock, crop, expected = (draw.often(0.2, 0.0, draw.scale(0.1, 1e4)) for _ in range(3))
    return [stock, crop, draw.often(0.1, 0.0, draw.often(0.2, 1.0, draw.between(0.0, 1.0))), expected]


def model_even_use(stock: Array, crop: Array, main: Array, arrivals: Array, month: int) -> Array:
    """What the model lets North Korea use evenly from a calendar month on."""
    store = stock + crop * value.crop_to_come(month, main)
    return value.even_use(store, arrivals, value.months_to_harvest(month))


@pytest.mark.parametrize("month", range(1, 13))
def test_even_use_until_the_next_harvest(month: int, draw: Draw) -> None:
    """By a formula for each month, and by the oracle, which goes from month to month."""
    stock, crop, main, expected = terms = larders(draw)
    h = 12 - (month - 9) % 12  # twelve in September, one in August
    to_come = 1.0 - main / 2.0 if month == 9 else 1.0 - main if h >= 4 else 0.0 * main
    got = model_even_use(*terms, month)
    np.testing.assert_allclose(got, (stock + to_come * crop + (h - 1) * expected) / h, **CLOSE)
    np.testing.assert_allclose(got, [plain.even_use(*case, month) for case in each(*terms)], **CLOSE)


@pytest.mark.parametrize("month", sorted({*range(1, 13)} - {8}))
def test_next_months_even_use_differs_by_what_was_not_expected(month: int, draw: Draw) -> None:
    """A month in which x more comes than expected, memory following with weight w, leaves (1 + (h - 2) w)/(h - 1) of
    x for each month ahead; where what comes is what was expected, next month's even use is the same.
    """
    stock, crop, main, expected = terms = larders(draw)
    came, w = draw.often(0.3, 0.0, draw.often(0.4, expected, draw.scale(0.1, 1e4))), draw.between(0.0, 1.0)
    used, ahead = model_even_use(*terms, month), month % 12 + 1
    left = stock - used + came + crop * value.harvest_calendar(ahead, main)
    after = model_even_use(left, crop, main, expected + w * (came - expected), ahead)
    h = 12 - (month - 9) % 12
    np.testing.assert_allclose(after - used, (came - expected) * (1.0 + (h - 2) * w) / (h - 1), rtol=1e-9, atol=1e-8)
    assert (came == expected).any()


def test_hardship_is_remembered(draw: Draw) -> None:
    """Month after month from none; who requires nothing lacks nothing."""
    world = world_of(scenario(months=6, worlds=16))
    by_hand = np.zeros((6, 16))
    for _ in range(6):
        world.step()
        share = world.parameters["war.hardship_memory"]
        for n, k in np.ndindex(by_hand.shape):
            lacking = float(world.state.requirement[n, 0, k]), float(world.state.consumption[n, 0, k]), float(share[k])
            by_hand[n, k] = plain.hardship(by_hand[n, k], *lacking)
        np.testing.assert_allclose(world.state.hardship, by_hand, **CLOSE)
    world.close()
    assert by_hand[0].max() > 0.05, "Russia lacks rounds in some world"
    assert plain.hardship(0.5, 0.0, 0.0, 0.2) == pytest.approx(0.4)


def test_what_russia_wants_to_fire(draw: Draw) -> None:
    intensity, base = draw.often(0.1, 0.0, draw.between(0.0, 3.0)), draw.between(0.0, 500.0)
    ratio, theirs = draw.between(0.0, 5.0), draw.between(0.0, 500.0)
    expected = [i * b + r * u if i > 0.0 else 0.0 for i, b, r, u in each(intensity, base, ratio, theirs)]
    np.testing.assert_allclose(war.wanted_fire(intensity, base, ratio, theirs), expected, **CLOSE)


def test_regime_and_substitutes(draw: Draw) -> None:
    attacks, u = draw.between(0.0, 1.0) < 0.5, draw.between(0.0, 1.0)
    chances = draw.between(0.0, 1.0), draw.between(0.0, 1.0), draw.often(0.2, 0.0, draw.between(0.0, 5.0))
    inputs = attacks, u, *chances, draw.often(0.3, 0.0, draw.between(0.0, 1.0))
    assert war.attacking(*inputs).tolist() == [plain.attacks(*c) for c in each(*inputs)]
    ceiling = draw.often(0.2, 0.0, draw.between(0.01, 1.0))
    growing = draw.between(0.0, 1.0) * ceiling, ceiling, draw.between(0.0, 2.0)
    np.testing.assert_allclose(war.substituted(*growing), [plain.substitutes(*c) for c in each(*growing)], **CLOSE)


def test_plants_converted_for_export(draw: Draw) -> None:
    now, asked, ceiling = draw.between(0.0, 300.0), draw.between(0.0, 900.0), draw.between(0.0, 300.0)
    speeds = draw.often(0.2, 0.0, draw.between(0.0, 300.0)), draw.between(0.0, 1.0), draw.between(0.0, 1.0)
    expected = [plain.converted(x, a - c, *rest) for x, a, c, *rest in each(now, asked, ceiling, *speeds)]
    np.testing.assert_allclose(country.converted(now, asked, ceiling, *speeds), expected, **CLOSE)


# ---- 7.2 Bargain ----------------------------------------------------------------------------------------------


def test_nash_weight(draw: Draw) -> None:
    o_i, o_j, arrears, need = (draw.often(0.2, 1.0, draw.between(0.0, 1.0)) for _ in range(4))
    inputs = o_i, o_j, arrears, need, draw.between(0.0, 0.5), draw.between(0.0, 0.5)
    np.testing.assert_allclose(bargain.nash_weight(*inputs), [plain.nash_weight(*c) for c in each(*inputs)], **CLOSE)


def test_demand_at_a_constant_price(draw: Draw) -> None:
    """Empty stores, nothing required, few rounds that work; prices from a thousandth of the value to 1,000 times."""
    worth, target = draw.scale(0.05, 5.0), draw.between(0.1, 60.0)
    price = worth * draw.scale(1e-3, 1e3)
    required = draw.often(0.1, 0.0, draw.scale(0.1, 1e4))
    target, free = target * required, required * draw.often(0.2, 0.0, draw.scale(0.01, 100.0))
    elasticity, works = draw.between(0.3, 5.0), draw.often(0.2, 1.0, draw.between(0.05, 1.0))
    got = bargain.demand_at(price, worth, target, free, elasticity, works)
    cases = list(each(price, worth, target, free, elasticity, works))
    expected = np.array([plain.demand_at(*case) for case in cases])
    np.testing.assert_allclose(got, expected, **CLOSE)
    assert (expected == 0.0).any()
    assert (expected > 0.0).sum() > 0.2 * CASES


def test_best_volume_and_joint_surplus(draw: Draw) -> None:
    margin, demand = draw.often(0.1, -0.5, draw.scale(1e-3, 5.0)), draw.scale(0.1, 1e4)
    beta = np.abs(margin) / demand * draw.often(0.2, 1.0, draw.scale(0.3, 30.0))
    sigma = draw.often(0.2, 0.0, beta * draw.scale(0.01, 100.0))
    gains = margin > 0.0
    h = bargain.convexity(margin, demand, beta)
    np.testing.assert_allclose(h[gains], [plain.bend(*c) for c in each(*(a[gains] for a in (margin, demand, beta)))])
    best = bargain.best_volume(margin, demand, beta, sigma)
    expected = np.array([plain.best_volume(*case) for case in each(margin, demand, beta, sigma)])
    np.testing.assert_allclose(best, expected, **CLOSE)
    for part in (0.0, 0.3, 1.0):
        joint = bargain.joint_surplus(margin, demand, beta, sigma, part * best)
        terms = list(each(margin, demand, beta, sigma, part * expected))
        np.testing.assert_allclose(joint[gains], np.array([plain.joint_surplus(*c) for c in terms])[gains], **CLOSE)


LIMITS = np.array([bargain.STOCK, bargain.PRODUCTION, bargain.HANDLING])
"""What can limit a seller."""


def bargains(draw: Draw) -> dict[str, Array]:
    """All pairs of four countries and three goods, of which a third has no gain; a tenth of each input is a corner."""
    c, g = COUNTRIES, len(GOODS)
    worth = draw.scale(0.05, 5.0, c, c, g)
    arrives = draw.often(0.3, 1.0, draw.between(0.1, 1.0, c, c, g))
    return {
        "value": worth,
        "reservation": worth * draw.between(0.1, 1.3, c, c, g),
        "cost": draw.often(0.1, 1e9, worth * draw.between(0.0, 0.3, c, c, g)),
        "borne": draw.often(0.5, 0.0, worth * draw.between(0.0, 0.2, c, c, g)),
        "demand": draw.often(0.05, 0.0, draw.scale(1.0, 1e4, c, c, g)),
        "slope_buyer": draw.scale(1e-4, 1e-1, c, c, g),
        "slope_seller": draw.often(0.1, 0.0, draw.scale(1e-4, 1e-1, c, c, g)),
        "arrives": arrives,
        "works": arrives * draw.often(0.3, 1.0, draw.between(0.3, 1.0, c, c, g)),
        "weight": draw.between(0.05, 0.95, c, c, g),
        "openness": draw.often(0.1, 0.0, draw.between(0.0, 1.0, c, c, 1)),
        "on_order": draw.often(0.5, 0.0, draw.scale(0.1, 1e3, c, g)),
        "room": draw.often(0.1, 0.0, draw.scale(1.0, 1e4, c, c, g)),
        "available": draw.often(0.1, 0.0, draw.scale(1.0, 1e4, c, g)),
        "release_bound": LIMITS[(3.0 * draw.between(0.0, 1.0, c, g)).astype(int)],
        "headroom": draw.often(0.1, 0.0, draw.scale(0.1, 1e4, c, c)),
        "cash_share": draw.often(0.1, 1.0, draw.often(0.1, 0.0, draw.between(0.0, 1.0, c, c))),
        "least_share": draw.often(0.2, 0.5, draw.often(0.2, 0.0, draw.between(0.0, 1.0))),
        "contract": draw.often(0.5, 0.0, draw.scale(1.0, 1e3, c, c, g)),
        "keeps": 1.0 - 1.0 / draw.often(0.3, 1.0, draw.between(1.0, 6.0, g)),
        "charged": draw.often(0.5, 1.0, draw.between(0.3, 1.0, c, c, g)),
    }


def by_hand(terms: dict[str, Array], case: int) -> list[list[list[plain.Deal]]]:
    """The bargains of one case by the oracle."""
    one = {name: column(array, case) for name, array in terms.items()}
    one["beta"], one["sigma"], openness = one.pop("slope_buyer"), one.pop("slope_seller"), one.pop("openness")
    lanes = {name: one.pop(name) for name in [field.name for field in fields(plain.Offer)] if name in one}

    def offer(i: int, j: int, g: int) -> plain.Offer:
        return plain.Offer(**{name: of[i][j][g] for name, of in lanes.items()}, openness=openness[i][j][0])

    countries, goods = range(COUNTRIES), range(len(GOODS))
    limit = [[BINDING[code] for code in row] for row in one.pop("release_bound")]
    one["length"] = [1.0 / (1.0 - keeps) for keeps in one.pop("keeps")]
    return plain.bargain([[[offer(i, j, g) for g in goods] for j in countries] for i in countries], limit=limit, **one)


def test_bargain(draw: Draw) -> None:
    terms = bargains(draw)
    got = bargain.bargain(**terms)
    seen = set()
    for case in range(CASES):
        deals = by_hand(terms, case)
        for name in ("volume", "price", "gain_seller", "gain_buyer", "margin", "wanted", "contract"):
            expected = [[[getattr(d, name) for d in goods] for goods in row] for row in deals]
            np.testing.assert_allclose(getattr(got, name)[..., case], expected, err_msg=f"{name}, case {case}", **CLOSE)
        bound = [[[d.bound for d in goods] for goods in row] for row in deals]
        assert [[[BINDING[b] for b in goods] for goods in row] for row in column(got.binding, case)] == bound
        seen |= {b for row in bound for goods in row for b in goods}
    assert seen == {*BINDING} - {"closed", "norm"}, "every kind of bound is among the cases"


def test_what_is_paid_in_money_on_delivery_needs_no_credit(draw: Draw) -> None:
    """With a cash share of one there is no claim K, so that a used-up credit line cuts neither volume nor price."""
    terms = bargains(draw)
    terms["cash_share"] = np.ones_like(terms["cash_share"])
    terms["headroom"] = np.zeros_like(terms["headroom"])
    got = bargain.bargain(**terms)
    assert got.volume.max() > 0.0
    for case in range(20):
        deals = by_hand(terms, case)
        for name in ("volume", "price"):
            expected = [[[getattr(d, name) for d in goods] for goods in row] for row in deals]
            np.testing.assert_allclose(getattr(got, name)[..., case], expected, err_msg=f"case {case}", **CLOSE)
    rich = bargain.bargain(**{**terms, "headroom": np.full_like(terms["headroom"], 1e9)})
    np.testing.assert_array_equal(rich.price, got.price)


def test_the_price_gives_way_before_the_volume(draw: Draw) -> None:
    """Less is traded only where the seller has gone down to its least share, here a twentieth."""
    terms = bargains(draw)
    terms["weight"] = np.maximum(terms["weight"], 0.1)
    terms["least_share"] = np.full_like(terms["least_share"], 0.05)
    terms["cash_share"] = np.minimum(terms["cash_share"], 0.9)
    terms["charged"] = np.ones_like(terms["charged"])  # a gift is no part of the weight
    plenty = bargain.bargain(**{**terms, "headroom": np.full_like(terms["headroom"], 1e9)})
    got = bargain.bargain(**terms)
    joint = got.gain_seller + got.gain_buyer
    weight = np.where(joint > 1e-6, got.gain_seller / np.maximum(joint, 1e-6), 0.05)
    less, cheaper = got.volume < plenty.volume * (1.0 - 1e-9), got.price < plenty.price * (1.0 - 1e-9)
    traded = got.volume > 1e-6
    assert (less & traded).any()
    assert (cheaper & ~less & traded).any(), "often a lower price is enough"
    np.testing.assert_allclose(weight[less & traded], 0.05, rtol=1e-9)
    assert (weight[traded] >= 0.05 - 1e-9).all()


# ---- 7.3 Technology -------------------------------------------------------------------------------------------


def test_value_and_guard_of_a_point(draw: Draw) -> None:
    c, k = COUNTRIES, 4
    worth, ambition, level = draw.scale(1.0, 100.0, k), draw.between(0.0, 100.0, c, k), draw.between(0.0, 100.0, c, k)
    fear, trust, hardship = draw.between(0.0, 1.0, c), draw.between(0.0, 1.0, c, c), draw.between(0.0, 1.0, c)
    alignment, price, scale = draw.between(-1.0, 1.0, c, c), draw.scale(1.0, 1e3, k), draw.scale(0.1, 1e12)
    effects = draw.between(0.0, 1.0), draw.between(0.0, 1.0), draw.between(0.0, 8.0)

    values = technology.technology_value(worth, ambition - level, fear)
    guards = technology.guard_cost(price * scale, trust, hardship, (1.0 - alignment) / 2.0, *effects)
    for n in range(CASES):
        for j in range(c):
            expected = [
                plain.value_of_point(worth[t, n], ambition[j, t, n] - level[j, t, n], fear[j, n]) for t in range(k)
            ]
            np.testing.assert_allclose(values[j, :, n], expected, **CLOSE)
            for i in range(c):
                softening = trust[i, j, n], hardship[i, n], alignment[i, j, n], *(effect[n] for effect in effects)
                expected = [plain.guard(price[t, n], scale[n], *softening) for t in range(k)]
                np.testing.assert_allclose(guards[i, j, :, n], expected, **CLOSE)


def test_where_the_pressure_to_settle_falls(draw: Draw) -> None:
    """All of it on technology where that is worth most to the creditor, none where it is worth nothing."""
    points, goods = draw.often(0.2, 0.0, draw.scale(1e-3, 10.0)), draw.often(0.2, 0.0, draw.scale(1e-3, 10.0))
    got = technology.pressed_on(points, goods)
    np.testing.assert_allclose(got, [plain.pressed_on_technology(*case) for case in each(points, goods)], **CLOSE)
    assert (got[(points >= goods) & (points > 0.0)] == 1.0).all()
    assert (got[points == 0.0] == 0.0).all()


def test_ambition_follows_rivals_and_threat(draw: Draw) -> None:
    c, k = COUNTRIES, 4
    own, level, fear = draw.between(0.0, 100.0, c, k), draw.between(0.0, 100.0, c, k), draw.between(0.0, 1.0, c)
    hostile, rivalry = draw.between(0.0, 1.0, c, c), draw.often(0.2, 0.0, draw.between(0.0, 2.0))
    got = technology.ambition(own, level, fear, hostile, rivalry)
    for n in range(CASES):
        for j in range(c):
            for t in range(k):
                rivals = [hostile[j, i, n] * level[i, t, n] for i in range(c) if i != j]
                expected = plain.ambition(own[j, t, n], rivals, rivalry[n], fear[j, n])
                np.testing.assert_allclose(got[j, t, n], expected, **CLOSE)
    assert (got > own).any()


def test_start_of_projects(few: Draw) -> None:
    """Half of the draws lie within a millionth of the chance of the first tier, so that it must be that exactly."""
    c, k = COUNTRIES, 4
    worth = few.scale(1.0, 100.0, c, c, k)
    terms = {
        "worth": worth,
        "guard": few.often(0.1, 1e12, worth * few.between(0.2, 2.0, c, c, k)),
        "cost": worth * few.between(0.0, 1.2, c, c, k),
        "weight": few.between(0.05, 0.95, c, c),
        "size": few.often(0.3, 0.0, few.between(0.1, 5.0, c, c, k)),
        "claims": few.often(0.1, 0.0, few.scale(1.0, 1e4, c, c)),
        "charged": few.often(0.5, 1.0, few.between(0.3, 1.0, c, c)),
    }
    hazards, u = (few.between(0.0, 0.25), few.between(0.0, 8.0)), few.between(0.0, 1.0, c, c)
    wide = (np.broadcast_to(rate, (c, c, FEW)).ravel() for rate in hazards)
    rows = each(worth[:, :, 0].ravel(), (terms["guard"] + terms["cost"])[:, :, 0].ravel(), *wide)
    end = np.array([plain.hazard(*row) for row in rows]).reshape(c, c, FEW)
    u = np.where(few.between(0.0, 1.0, c, c) < 0.5, u, end * few.between(1.0 - 1e-6, 1.0 + 1e-6, c, c))
    got = technology.start_projects(**{**terms, "weight": terms["weight"][:, :, None]}, hazard=hazards, draw=u)
    for case in range(FEW):
        one = {name: column(array, case) for name, array in terms.items()}
        highest, precision = float(hazards[0][case]), float(hazards[1][case])
        for i in range(c):
            for j in range(c):
                pair = {name: values[i][j] for name, values in one.items()}
                gifts = plain.start_project(**pair, hazards=(highest, precision), u=float(u[i, j, case]))
                for name in ("points", "payment", "gain_giver", "gain_receiver"):
                    expected = [getattr(gift, name) for gift in gifts]
                    np.testing.assert_allclose(getattr(got, name)[i, j, :, case], expected, err_msg=name, **CLOSE)
    assert ((got.points > 0.0).sum(axis=2) <= 1).all(), "at most one at a time"
    assert (got.points > 0.0).any()
    assert got.gain_receiver.min() >= 0.0
    in_full = np.broadcast_to(terms["charged"][:, :, None] == 1.0, got.points.shape)
    assert got.gain_giver[in_full].min() >= 0.0, "nobody loses but by a gift"
    assert (got.gain_giver + got.gain_receiver).min() >= -1e-9, "a gift is lost to nobody"
    assert (got.gain_giver < -1e-9).any(), "gifts are among the cases"


# ---- 7.5 Routes -----------------------------------------------------------------------------------------------


def test_the_reference_knows_the_same_routes() -> None:
    assert plain.ROUTES == ROUTES


def test_capacity_and_seizure(draw: Draw) -> None:
    n = len(ROUTES)
    exposure, enforcement = draw.between(0.0, 1.0, n), draw.between(0.0, 2.0)
    monitoring, pressure = draw.between(0.0, 1.0), draw.between(0.0, 1.0, n)
    capacity, is_open = draw.often(0.1, 0.0, draw.scale(1.0, 1e4, n)), draw.often(0.2, 0.0, np.ones((n, CASES)))
    winter, border = draw.between(0.0, 1.0, n), draw.often(0.1, 0.0, draw.between(0.0, 1.0))
    seized = routes.interdiction(exposure, enforcement, monitoring, pressure)
    for month in (1, 3, 4, 11, 12):
        room = routes.effective_capacity(capacity, is_open, winter, month, border)
        for r, (route, ends) in enumerate(plain.ROUTES.items()):
            e = [plain.seized_share(*c, ends) for c in each(exposure[r], enforcement, monitoring, pressure[r])]
            np.testing.assert_allclose(seized[r], e, **CLOSE)
            crossed = np.ones(CASES) if route == "pipeline" else border
            rows = each(capacity[r], is_open[r], winter[r], np.full(CASES, month), crossed)
            np.testing.assert_allclose(room[r], [plain.effective_capacity(*c, ends) for c in rows], **CLOSE)


def traffic(draw: Draw) -> dict[str, Array]:
    """What waits on all lanes and the state of all routes: from plenty of room to none."""
    n, g = len(plain.COUNTRIES), len(GOODS)
    waiting = draw.often(0.4, 0.0, draw.scale(0.01, 300.0, n, n, g))
    merit = draw.often(0.3, 0.5, draw.between(-1.0, 10.0, n, n, g))  # ties: three in ten are worth the same
    return {
        "waiting": waiting,
        "merit": np.where(waiting > 0.0, merit, -1.0),
        "capacity": draw.often(0.15, 0.0, draw.scale(1.0, 1e3, len(ROUTES))),
        "empty_return": draw.often(0.3, 0.0, draw.between(0.0, 1.0, len(ROUTES))),
        "ammunition_share": draw.often(0.2, 1.0, draw.often(0.1, 0.0, draw.between(0.0, 1.0, len(ROUTES)))),
    }


def roads(draw: Draw, traffic: dict[str, Array]) -> tuple[Array, Array, Array, Array]:
    """Room, cost and seizure as shares of the value, and how much they count."""
    room = np.ones((len(ROUTES), 2, len(GOODS), 1)) * (traffic["capacity"] * routes.TRADES)[:, None, None]
    room[:, :, 0] *= traffic["ammunition_share"][:, None]
    shape = len(ROUTES), len(GOODS)
    return room, draw.between(0.0, 0.3, *shape), draw.between(0.0, 1.0, len(ROUTES)), draw.scale(0.03, 3.0)


def parts_by_hand(case: int, room: Array, cost: Array, seized: Array, scale: Array) -> dict[str, list[list[float]]]:
    """Part of the cargo by route, [direction][good]."""
    found = {}
    for route in ROUTES:
        same = [o for o in ROUTES if set(ROUTES[o]) == set(ROUTES[route])]
        numbers = [list(ROUTES).index(o) for o in same]
        found[route] = [
            [
                plain.parts(
                    [float(room[k, way, g, case]) for k in numbers],
                    [float(cost[k, g, case]) for k in numbers],
                    [float(seized[k, case]) for k in numbers],
                    float(scale[case]),
                )[same.index(route)]
                for g in range(3)
            ]
            for way in (0, 1)
        ]
    return found


def by_name(array: Array, case: int) -> dict[str, float]:
    """A route array as the reference wants it."""
    return dict(zip(ROUTES, array[:, case].tolist(), strict=True))


def test_shipping_by_merit(few: Draw) -> None:
    """Carried kt by route, what is left, and the value of one more kt."""
    t = traffic(few)
    road = roads(few, t)
    sent = routes.ship(**t, parts=routes.split(*road))
    used = sent.carried.sum(axis=(1, 2))
    shadow = routes.shadow_value(sent.left, t["merit"], t["capacity"], used, t["ammunition_share"])
    for case in range(FEW):
        room, share = by_name(t["capacity"], case), by_name(t["ammunition_share"], case)
        merit = column(t["merit"], case)
        terms = room, by_name(t["empty_return"], case), share, parts_by_hand(case, *road)
        carried, left = plain.ship(column(t["waiting"], case), merit, *terms)
        for r, route in enumerate(ROUTES):
            np.testing.assert_allclose(sent.carried[r, ..., case], carried[route], err_msg=f"{route}, {case}", **CLOSE)
        for i, j in ((i, j) for i in range(6) for j in range(6) if i != j):
            np.testing.assert_allclose(sent.left[i, j, :, case], np.maximum(left[i][j], 0.0), **CLOSE)
        expected = [plain.shadow_value(r, left, merit, room[r], carried[r], share[r]) for r in ROUTES]
        np.testing.assert_allclose(shadow[:, case], expected, err_msg=f"case {case}", **CLOSE)


def test_capacity_built_on_a_route(draw: Draw) -> None:
    before, shadow = draw.often(0.3, 0.0, draw.between(0.0, 3.0)), draw.often(0.3, 0.0, draw.scale(1e-3, 100.0))
    rates = draw.between(0.0, 0.2), draw.scale(1e-3, 1.0), draw.between(0.0, 3.0), draw.between(0.0, 0.1)
    inputs = before, shadow, draw.between(0.0, 1.0), *rates
    np.testing.assert_allclose(routes.grown(*inputs), [plain.built(*c) for c in each(*inputs)], **CLOSE)


def test_travel(draw: Draw) -> None:
    """A month on a route: what arrives, is seized, stays under way; the mean lead time is `lead`."""
    before, sent = draw.scale(0.1, 1e3), draw.scale(0.1, 1e3)
    luck, seized, lead = draw.between(0.0, 1.0), draw.between(0.0, 1.0), draw.often(0.1, 0.0, draw.between(0.0, 3.0))
    for case in each(before, sent, luck, seized, lead):
        arrives, lost, still = plain.travel(*case)
        assert arrives + lost + still == pytest.approx(case[0] + case[1], rel=1e-12)
    months, under_way, arrived = 4000, 1.0, 0.0
    for month in range(months):
        arrives, _, under_way = plain.travel(under_way, 0.0, 0.5, 0.0, 1.5)
        arrived += month * arrives
    assert arrived == pytest.approx(1.5), "mean delay in months"


# ---- 7.6 Accounts ---------------------------------------------------------------------------------------------


def debts(draw: Draw) -> Array:
    """Balances of pairs, which mirror each other; some pairs are even."""
    owed = draw.often(0.2, 0.0, draw.between(-1e3, 1e3, COUNTRIES, COUNTRIES))
    return owed - np.swapaxes(owed, 0, 1)


def test_booking_keeps_accounts_mirrored(draw: Draw) -> None:
    balance, claim = debts(draw), draw.often(0.3, 0.0, draw.scale(0.01, 1e3, COUNTRIES, COUNTRIES))
    got = accounts.book(balance, claim)
    for case in range(CASES):
        np.testing.assert_allclose(got[..., case], plain.book(column(balance, case), column(claim, case)), **CLOSE)
    np.testing.assert_array_equal(got, -np.swapaxes(got, 0, 1))


def test_arrears_and_credit_line(draw: Draw) -> None:
    c = COUNTRIES
    balance, gdp, most = debts(draw), draw.scale(10.0, 2e4, c), draw.between(0.0, 0.2)
    trust, line = draw.often(0.2, 0.0, draw.between(0.0, 1.0, c, c)), draw.scale(100.0, 1e4)
    future = draw.often(0.2, 0.0, draw.between(-0.2, 1.1, c, c))
    credit = accounts.credit_line(line, trust, future, gdp, most)
    used = accounts.arrears(balance, credit)
    for n in range(CASES):
        for i in range(c):
            lent = np.full(c, most[n] * 1000.0 * gdp[i, n])
            debtors = each(gdp[:, n], np.full(c, gdp[0, n]), trust[i, :, n], future[i, :, n], lent)
            lines = [plain.credit_line(line[n], *debtor) for debtor in debtors]
            np.testing.assert_allclose(credit[i, :, n], lines, **CLOSE)
            np.testing.assert_allclose(used[i, :, n], list(map(plain.arrears, balance[i, :, n], lines)), **CLOSE)


def test_payment_in_prestige(draw: Draw) -> None:
    balance, worth = debts(draw), draw.scale(0.1, 1e3, COUNTRIES, COUNTRIES)
    expected = [plain.paid_in_prestige(*c) for c in each(worth.ravel(), balance.ravel())]
    np.testing.assert_allclose(accounts.prestige_payment(worth, balance).ravel(), expected, **CLOSE)


def test_choice_of_money_and_worth_of_a_dollar(draw: Draw) -> None:
    own, friction = draw.often(0.1, 0.0, draw.scale(0.01, 5.0)), draw.between(0.0, 1.5)
    creditor, goods, owed = draw.often(0.1, 0.0, draw.scale(0.01, 5.0)), draw.scale(0.01, 10.0), draw.between(0.0, 1.0)
    in_money = creditor * np.maximum(1.0 - friction, 0.0) / np.maximum(own, 1e-9)
    expected = [plain.cash_share(*c) for c in each(creditor, own, friction, goods, owed)]
    np.testing.assert_allclose(money.cash_share(in_money, goods, owed), expected, **CLOSE)
    reached, cover = draw.between(0.0, 1.0), draw.often(0.1, 0.0, draw.scale(0.01, 100.0))
    need, curve = draw.often(0.1, 0.0, draw.scale(0.1, 1e5)), (draw.between(0.1, 2.0), draw.between(1.0, 5.0))
    target = draw.scale(0.1, 12.0)
    expected = [plain.worth_of_a_dollar(*c) for c in each(reached, cover, target, need, *curve)]
    np.testing.assert_allclose(money.worth(reached, cover, target, need, *curve), expected, **CLOSE)


def test_trust(draw: Draw) -> None:
    start, prior = draw.between(0.0, 1.0), draw.scale(0.1, 100.0)
    kept, failed = draw.often(0.2, 0.0, draw.scale(0.01, 100.0)), draw.often(0.2, 0.0, draw.scale(0.01, 100.0))
    expected = [plain.trust(*c) for c in each(start, prior, kept, failed)]
    np.testing.assert_allclose(relations.learnt_trust(start, prior, kept, failed), expected, **CLOSE)


def test_dependence_and_what_it_costs(draw: Draw) -> None:
    """Also where nothing is bought at all."""
    c = COUNTRIES
    some = draw.often(0.1, 0.0, np.ones(CASES))
    supplied = draw.often(0.3, 0.0, draw.scale(0.1, 1e3, c, c + 1)) * some
    got = accounts.dependence(supplied)
    for n in range(CASES):
        for j in range(c):
            expected = plain.dependence(column(supplied[j], n))
            np.testing.assert_allclose(got[j, :, n], expected, **CLOSE)
    np.testing.assert_allclose(
        accounts.reluctance(got).ravel(), [plain.reluctance(x) for x in got.ravel().tolist()], **CLOSE
    )
    assert got.min() >= 0.0
    assert got.sum(axis=1).max() <= 1.0 + 1e-12


# ---- 7.7 Threat and coordination ------------------------------------------------------------------------------


def test_threat_and_coordination(draw: Draw) -> None:
    k, drills, tests, arms = draw.between(0.0, 1.0), *(draw.often(0.2, 0.0, draw.scale(0.1, 20.0)) for _ in range(3))
    points, eastern = draw.often(0.2, 0.0, draw.scale(0.01, 5.0)), draw.often(0.2, 0.0, draw.scale(0.1, 5.0))
    weights = {name: draw.between(0.0, 1.0) for name in threat.SIGNALS}
    recent = dict(zip(threat.SIGNALS[1:], (drills, tests, arms, points, eastern), strict=True))
    by_east, by_west = threat.signal(k, recent, weights)
    signals, each_weight = np.stack([tests, arms, points, eastern]), np.stack(list(weights.values()))
    for n in range(CASES):
        east, west = each_weight[:2, n].tolist(), each_weight[2:, n].tolist()
        assert by_east[n] == pytest.approx(plain.seen_by_the_east(float(k[n]), float(drills[n]), east), rel=1e-9)
        assert by_west[n] == pytest.approx(plain.seen_by_the_west(signals[:, n].tolist(), west), rel=1e-9)

    now, standing, answer = draw.between(0.0, 1.0), draw.between(0.0, 2.0), draw.between(0.0, 2.0)
    war, speed, one = draw.often(0.5, 0.0, draw.between(0.0, 1.0)), draw.between(0.0, 1.0), np.ones(CASES)
    expected = [plain.threat(*c) for c in each(now, one, standing, answer, war, speed)]
    np.testing.assert_allclose(threat.move_threat(now, standing, answer, war, speed), expected, **CLOSE)

    rates = draw.between(0.0, 1.0), draw.between(0.0, 1.0), draw.between(0.0, 1.0)
    expected = [plain.coordination(*c) for c in each(k, now, *rates)]
    np.testing.assert_allclose(threat.move_coordination(k, now, *rates), expected, **CLOSE)

"""Cases small enough for paper: two countries, two goods, one route. Money is right to the cent, and beyond.

North sells shells (krounds), South sells oil (kt). Money is in million USD: 0.00000001 is one cent.
"""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import scenario, world_of

from sim.model.accounts import (
    arrears,
    book,
    credit_line,
    dependence,
    net_due,
    prestige_payment,
    reluctance,
)
from sim.model.bargain import CAPACITY, CREDIT, DEMAND, HANDLING, NONE, PRODUCTION, STOCK, Deals, bargain, demand_at
from sim.model.diplomacy import give
from sim.model.money import cash_share, payment
from sim.model.money import worth as worth_of_a_dollar
from sim.model.relations import learnt_trust
from sim.model.routes import effective_capacity, fill_by_merit, lead_time, ship
from sim.model.start import at_start
from sim.model.technology import Transfers, pressed_on, start_projects
from sim.model.value import crop_to_come, even_use, going_without
from sim.scenario.names import AMMUNITION, CHN, ENERGY, PRK, ROUTES, RUS

Array = np.ndarray
NORTH, SOUTH = 0, 1
SHELLS, OIL = 0, 1
CENT = 1e-8
PLENTY = 1e6


def lanes(default: float = 0.0, **goods: float) -> Array:
    """(from, to, good, worlds) with `shells` on the lane from North to South and `oil` on the way back."""
    array = np.full((2, 2, 2, 1), default)
    array[NORTH, SOUTH, SHELLS] = goods.get("shells", default)
    array[SOUTH, NORTH, OIL] = goods.get("oil", default)
    return array


def between(north: float, south: float) -> Array:
    """(country, country, worlds): what North has with South, and South with North."""
    return np.array([[0.0, north], [south, 0.0]])[..., None]


def ordered(shells: float) -> Array:
    """(to, good, worlds): working krounds that South has ordered and not got."""
    array = np.zeros((2, 2, 1))
    array[SOUTH, SHELLS] = shells
    return array


def deal(**changes: Array) -> Deals:
    """South values the first kround at 3.00 and each further one 0.02 less, in a straight line: at 1.20 it would take
    90. North parts with the first for 1.00 and with each further one for 0.01 more; carrying one costs 0.20. For North,
    oil starts at 0.50 and falls by 0.001 a kt: at 0.40 it would take 100; South sells any amount for 0.30; carrying
    costs 0.10. Sellers get half of the surplus of shells, a quarter of that of oil. Everything works and arrives.
    """
    terms = {
        "value": lanes(shells=3.0, oil=0.5),
        "reservation": lanes(default=9.0, shells=1.0, oil=0.3),
        "cost": lanes(shells=0.2, oil=0.1),
        "borne": lanes(),
        "demand": lanes(shells=90.0, oil=100.0),
        "slope_buyer": lanes(default=1.0, shells=0.02, oil=0.001),
        "slope_seller": lanes(shells=0.01),
        "arrives": lanes(default=1.0),
        "works": lanes(default=1.0),
        "weight": lanes(default=0.5, oil=0.25),
        "openness": between(1.0, 1.0)[:, :, None],
        "on_order": ordered(0.0),
        "room": lanes(default=PLENTY),
        "available": np.full((2, 2, 1), PLENTY),
        "release_bound": np.full((2, 2, 1), STOCK),
        "headroom": between(PLENTY, PLENTY),
        "cash_share": between(0.0, 0.0),
        "charged": lanes(default=1.0),
        "least_share": np.array([0.05]),
        "contract": lanes(),
        "keeps": np.zeros((2, 1)),
    }
    return bargain(**{**terms, **changes})


def agreed(terms: Deals, seller: int, buyer: int, good: int) -> tuple[float, ...]:
    """(volume, price, gain of the seller, gain of the buyer)"""
    arrays = terms.volume, terms.price, terms.gain_seller, terms.gain_buyer
    return tuple(float(array[seller, buyer, good, 0]) for array in arrays)


def shells(terms: Deals) -> tuple[float, ...]:
    return agreed(terms, NORTH, SOUTH, SHELLS)


def oil(terms: Deals) -> tuple[float, ...]:
    return agreed(terms, SOUTH, NORTH, OIL)


def bound(terms: Deals) -> tuple[int, int]:
    return int(terms.binding[NORTH, SOUTH, SHELLS, 0]), int(terms.binding[SOUTH, NORTH, OIL, 0])


# ---- Bargains -------------------------------------------------------------------------------------------------


def test_two_goods_both_ways() -> None:
    """Shells: margin 3.00 - 1.00 - 0.20 = 1.80, closed by 0.03 a kround: 60 krounds.
    Joint surplus 60 (1.80 - 0.015 x 60) = 54. Price 1.00 + 0.005 x 60 + 0.5 x 54/60 = 1.75. Each gains 27.
    Oil: margin 0.10, closed by 0.001: 100 kt. Joint surplus 100 (0.10 - 0.05) = 5.
    Price 0.30 + 0.25 x 5/100 = 0.3125. South gains 1.25, North 3.75.
    """
    terms = deal()
    assert shells(terms) == pytest.approx((60.0, 1.75, 27.0, 27.0), abs=CENT)
    assert oil(terms) == pytest.approx((100.0, 0.3125, 1.25, 3.75), abs=CENT)
    assert bound(terms) == (DEMAND, DEMAND)
    nothing = terms.volume[[NORTH, SOUTH], [SOUTH, NORTH], [OIL, SHELLS]]
    assert not nothing.any(), "nobody sells what is worth more to himself"
    assert terms.binding[NORTH, SOUTH, OIL, 0] == NONE


def test_a_bent_value_is_worth_more_volume() -> None:
    """Now the first kround loses 0.0525 for the next, but South would take 60 at 1.20, where a straight line of that
    slope would end at 1.80/0.0525 = 34.3: the bend is 0.0525 x 60/1.80 - 1 = 0.75.
    With t = x/60 South's value less 1.20 is 1.80 (1 - t)/(1 + 0.75 t), and North's line rises by 0.60 t. They meet
    where 0.45 t^2 + 2.40 t - 1.80 = 0, at t = (3.00 - 2.40)/0.90 = 2/3: 40 krounds, at 0.40 on both sides.
    Area: (1 - t)/(1 + 0.75 t) is -4/3 + (7/3)/(1 + 0.75 t), so up to 2/3 its area is -8/9 + (28/9) ln 1.5 = 0.372558,
    of 1.80 x 60 it is 40.236276; less North's triangle, 40 x 0.40/2 = 8: 32.236276.
    Price 1.00 + 0.20 + 32.236276/80 = 1.602953.
    """
    terms = deal(demand=lanes(shells=60.0, oil=100.0), slope_buyer=lanes(default=1.0, shells=0.0525, oil=0.001))
    joint = 108.0 * (28.0 * np.log(1.5) - 8.0) / 9.0 - 8.0
    assert joint == pytest.approx(32.236276, abs=1e-6)
    assert shells(terms) == pytest.approx((40.0, 1.2 + joint / 80.0, joint / 2.0, joint / 2.0), abs=CENT)


def test_what_a_buyer_takes_at_a_constant_price() -> None:
    """A round is worth 1.80 where 200 krounds are in store; 50 are. At 0.90, half of that, the store is filled to
    200 x 2^2 = 800 where the elasticity is a half: 750 krounds; to 400, 350 more, where it is one. At 3.60 to
    200/2^2 = 50: nothing. Of rounds of which half work, at half the price, 1,500: 750 that work.
    """

    def taken(price: float, elasticity: float, works: float = 1.0) -> float:
        return float(demand_at(*(np.array([x]) for x in (price, 1.8, 200.0, 50.0, elasticity, works)))[0])

    assert [taken(0.9, 0.5), taken(0.9, 1.0), taken(3.6, 0.5)] == pytest.approx([750.0, 350.0, 0.0], abs=1e-9)
    assert taken(0.45, 0.5, works=0.5) == pytest.approx(1500.0, abs=1e-9)


def test_only_what_arrives_is_paid_for() -> None:
    """A quarter of the shells is seized and a fifth of the rest are duds: 0.6 of a kround works. At 5.00 for a working
    one the first is worth 3.00 as before. 12 working krounds are on order, which is as many as 20 sent: 40 more.
    Joint surplus 40 (1.80 - 0.60) = 48. North needs 1.00 + 0.20 + 0.60 = 1.80 for each that it sends: 72 for all.
    30 arrive, for 2.40 each.
    """
    terms = deal(arrives=lanes(default=1.0, shells=0.75), works=lanes(default=1.0, shells=0.6), on_order=ordered(12.0))
    volume, price, *gains = shells(terms)
    assert (volume, price) == pytest.approx((40.0, 2.40), abs=CENT)
    assert gains == pytest.approx([24.0, 24.0], abs=CENT)
    assert 0.75 * volume * price == pytest.approx(72.0, abs=CENT)


def test_what_is_on_order_is_not_ordered_again() -> None:
    """60 krounds wanted, 45 on order: 15 more. Joint surplus 15 (1.80 - 0.015 x 15) = 23.625.
    Price 1.00 + 0.075 + 0.7875 = 1.8625.
    """
    terms = deal(on_order=ordered(45.0))
    assert shells(terms) == pytest.approx((15.0, 1.8625, 11.8125, 11.8125), abs=CENT)
    assert bound(terms)[0] == DEMAND


def test_a_pair_that_is_not_open_reaches_a_part_of_the_gains() -> None:
    """Openness 0.3: 18 krounds. Joint surplus 18 (1.80 - 0.27) = 27.54. Price 1.00 + 0.09 + 0.765 = 1.855."""
    terms = deal(openness=between(0.3, 0.0)[:, :, None])
    assert shells(terms) == pytest.approx((18.0, 1.855, 13.77, 13.77), abs=CENT)
    assert oil(terms) == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("code", [STOCK, PRODUCTION, HANDLING])
def test_the_seller_releases_less(code: int) -> None:
    """30 krounds: joint surplus 30 (1.80 - 0.45) = 40.50, price 1.00 + 0.15 + 0.675 = 1.825, 20.25 for each."""
    available = np.full((2, 2, 1), PLENTY)
    available[NORTH, SHELLS] = 30.0
    terms = deal(available=available, release_bound=np.full((2, 2, 1), code))
    assert shells(terms) == pytest.approx((30.0, 1.825, 20.25, 20.25), abs=CENT)
    assert bound(terms) == (code, DEMAND)


def test_nobody_orders_more_than_routes_can_carry() -> None:
    """60 wanted, 10 on order, 50 lacking; room for 20 in the time that is ordered ahead: 20, whatever is on order.
    Joint surplus 20 (1.80 - 0.30) = 30. Price 1.00 + 0.10 + 0.75 = 1.85.
    """
    terms = deal(room=lanes(default=PLENTY, shells=20.0), on_order=ordered(10.0))
    assert shells(terms) == pytest.approx((20.0, 1.85, 15.0, 15.0), abs=CENT)
    again = deal(room=lanes(default=PLENTY, shells=20.0), on_order=ordered(40.0))
    assert shells(again) == pytest.approx((20.0, 1.85, 15.0, 15.0), abs=CENT)
    assert bound(terms) == (CAPACITY, DEMAND)


def test_a_contract_brings_what_was_agreed_and_a_third_is_agreed_anew() -> None:
    """60 krounds are best, 30 a month are under contract for three months on average: 20 run on, a third of 60 is new.
    40 krounds: joint surplus 40 (1.80 - 0.60) = 48. Price 1.00 + 0.20 + 0.60 = 1.80. Where 90 ran, 60 + 20 = 80 come
    for 1.00 + 0.40 + 0.5 x 54/80 = 1.7375: what is more than is best brings no surplus.
    """
    keeps = np.full((2, 1), 2.0 / 3.0)
    less, more = (deal(contract=lanes(shells=run), keeps=keeps) for run in (30.0, 90.0))
    assert shells(less) == pytest.approx((40.0, 1.8, 24.0, 24.0), abs=CENT)
    assert shells(more) == pytest.approx((80.0, 1.7375, 27.0, 27.0), abs=CENT)
    assert more.contract[NORTH, SOUTH, SHELLS, 0] == pytest.approx(80.0, abs=CENT)


def test_a_contract_ends_where_nobody_gains() -> None:
    """Carrying a kround costs 2.50: more than the 2.00 between 3.00 and 1.00."""
    terms = deal(contract=lanes(shells=30.0), keeps=np.full((2, 1), 2.0 / 3.0), cost=lanes(shells=2.5, oil=0.1))
    assert shells(terms) == (0.0, 0.0, 0.0, 0.0)
    assert terms.contract[NORTH, SOUTH, SHELLS, 0] == 0.0


def both_from_north(array: Array) -> Array:
    array[NORTH, SOUTH, OIL] = array[SOUTH, NORTH, OIL]
    return array


def on_short_credit(headroom: float, least_share: float) -> Deals:
    """North now sells South both goods on credit: shells for 60 + 18 + 27 = 105 and, at a quarter of the surplus, oil
    for 30 + 1.25 = 31.25, a fifth of it paid on delivery: a claim of 0.8 x 136.25 = 109. Without any share of the
    surplus it is 0.8 x (78 + 30) = 86.40.
    """
    return deal(
        value=both_from_north(lanes(shells=3.0, oil=0.5)),
        reservation=both_from_north(lanes(default=9.0, shells=1.0, oil=0.3)),
        cost=both_from_north(lanes(shells=0.2, oil=0.1)),
        demand=both_from_north(lanes(shells=90.0, oil=100.0)),
        slope_buyer=both_from_north(lanes(default=1.0, shells=0.02, oil=0.001)),
        weight=both_from_north(lanes(default=0.5, oil=0.25)),
        headroom=between(headroom, PLENTY),
        cash_share=between(0.2, 0.2),
        least_share=np.array([least_share]),
    )


def oil_from_north(terms: Deals) -> tuple[float, ...]:
    return agreed(terms, NORTH, SOUTH, OIL)


def test_on_short_credit_the_price_gives_way_first() -> None:
    """Credit of 97.70 lies halfway between 86.40 and 109: of its shares of the surplus North keeps half, a quarter of
    that of shells and an eighth of that of oil. Volumes stay.
    Shells: 60 krounds at 1.00 + 0.30 + 0.25 x 54/60 = 1.525. Oil: 100 kt at 0.30 + 0.125 x 5/100 = 0.30625.
    The claim is 0.8 x (91.50 + 30.625) = 97.70.
    """
    terms = on_short_credit(97.7, least_share=0.0)
    assert shells(terms) == pytest.approx((60.0, 1.525, 13.5, 40.5), abs=CENT)
    assert oil_from_north(terms) == pytest.approx((100.0, 0.30625, 0.625, 4.375), abs=CENT)
    assert terms.binding[NORTH, SOUTH, :, 0].tolist() == [DEMAND, DEMAND]
    assert oil(terms) == pytest.approx((100.0, 0.3125, 1.25, 3.75), abs=CENT), "South's credit to North is not touched"


def test_then_credit_cuts_all_goods_of_a_lane_alike() -> None:
    """Credit of 43.20 is half of 86.40: half of each, at the seller's cost.
    Shells: 30 krounds at 1.00 + 0.15. Oil: 50 kt at 0.30. Joint surpluses of 40.50 and 3.75, all to South.
    """
    terms = on_short_credit(43.2, least_share=0.0)
    assert shells(terms) == pytest.approx((30.0, 1.15, 0.0, 40.5), abs=CENT)
    assert oil_from_north(terms) == pytest.approx((50.0, 0.30, 0.0, 3.75), abs=CENT)
    assert terms.binding[NORTH, SOUTH, :, 0].tolist() == [CREDIT, CREDIT]


def test_a_seller_that_holds_its_price_sells_less() -> None:
    """Where North insists on half of the surplus, its quarter of that of oil is less than that and stands: the claim is
    109, the credit 54.50: half of each.
    Shells: 30 krounds at 1.825. Oil: 50 kt, price 0.30 + 0.25 x 3.75/50 = 0.31875.
    """
    terms = on_short_credit(54.5, least_share=0.5)
    assert shells(terms) == pytest.approx((30.0, 1.825, 20.25, 20.25), abs=CENT)
    assert oil_from_north(terms) == pytest.approx((50.0, 0.31875, 0.9375, 2.8125), abs=CENT)
    assert terms.binding[NORTH, SOUTH, :, 0].tolist() == [CREDIT, CREDIT]
    enough = on_short_credit(109.5, least_share=0.5)
    assert shells(enough) == pytest.approx((60.0, 1.75, 27.0, 27.0), abs=CENT)
    assert enough.binding[NORTH, SOUTH, :, 0].tolist() == [DEMAND, DEMAND]


def test_what_is_paid_on_delivery_needs_no_credit() -> None:
    """All in money, no credit at all: volume and price as with plenty of it."""
    terms = deal(headroom=between(0.0, 0.0), cash_share=between(1.0, 1.0))
    assert shells(terms) == pytest.approx((60.0, 1.75, 27.0, 27.0), abs=CENT)
    assert bound(terms) == (DEMAND, DEMAND)


def among_three(sells: dict[tuple[int, int], float], available: float, room: float = PLENTY) -> Deals:
    """One good. `sells` is, by lane, what the first unit is worth to the buyer, by straight lines that fall by 0.02;
    reservation 1.00 + 0.01 a unit, cost 0.20. The last lane has this room, all others plenty.
    """
    none = np.zeros((3, 3, 1, 1))
    value, reservation, demand, rooms = none.copy(), none + 9.0, none.copy(), none + PLENTY
    for lane, worth in sells.items():
        value[lane], reservation[lane], demand[lane] = worth, 1.0, (worth - 1.2) / 0.02
    rooms[list(sells)[-1]] = room
    return bargain(
        value=value,
        reservation=reservation,
        cost=none + 0.2,
        borne=none,
        demand=demand,
        slope_buyer=none + 0.02,
        slope_seller=none + 0.01,
        arrives=none + 1.0,
        works=none + 1.0,
        weight=none + 0.5,
        openness=np.ones((3, 3, 1, 1)),
        on_order=np.zeros((3, 1, 1)),
        room=rooms,
        available=np.full((3, 1, 1), available),
        release_bound=np.full((3, 1, 1), STOCK),
        headroom=np.full((3, 3, 1), PLENTY),
        cash_share=np.zeros((3, 3, 1)),
        charged=none + 1.0,
        least_share=np.array([0.05]),
        contract=np.zeros((3, 3, 1, 1)),
        keeps=np.zeros((1, 1)),
    )


def test_what_falls_on_the_seller_is_in_the_price() -> None:
    """0.15 of the 0.20 that a round costs beside itself fall on North: the price is so much higher, and that is all."""
    shared, its_own = deal(), deal(borne=lanes(shells=0.15))
    assert its_own.volume == pytest.approx(shared.volume)
    assert its_own.price[0, 1, 0] == pytest.approx(shared.price[0, 1, 0] + 0.15)
    assert its_own.gain_seller == pytest.approx(shared.gain_seller)


def test_two_buyers_share_what_there_is() -> None:
    """North has 30 krounds; South wants 60, and a third country, at half the margin, 30: they get 20 and 10."""
    terms = among_three({(0, 1): 3.0, (0, 2): 2.1}, available=30.0)
    assert terms.volume[0, :, 0, 0] == pytest.approx([0.0, 20.0, 10.0], abs=CENT)


def test_a_buyer_with_two_sellers_fills_its_store_once() -> None:
    """Of each alone it would take 60: it takes 30 of each. Where the second one's railway has room for 20, 60 and 20
    are 80, of which it takes three quarters: 45 at 1.00 + 0.225 + 0.5625 = 1.7875 and 15 at 1.00 + 0.075 + 0.7875 =
    1.8625.
    """
    terms = among_three({(0, 2): 3.0, (1, 2): 3.0}, available=PLENTY)
    assert terms.volume[:, 2, 0, 0] == pytest.approx([30.0, 30.0, 0.0], abs=CENT)
    terms = among_three({(0, 2): 3.0, (1, 2): 3.0}, available=PLENTY, room=20.0)
    assert terms.volume[:, 2, 0, 0] == pytest.approx([45.0, 15.0, 0.0], abs=CENT)
    assert terms.price[:2, 2, 0, 0] == pytest.approx([1.7875, 1.8625], abs=CENT)


# ---- One route ------------------------------------------------------------------------------------------------

FORWARD, BACK = 0, 1
WEIGHT = 0.046
"""kt a kround: a round of 46 kg."""


def railway(load: list[list[float]], merit: list[list[float]], capacity: float, empties: float) -> list[list[float]]:
    """What one route carries, [direction][good] in kt; goods are ammunition, food, energy."""
    shape = (1, 2, 3, 1)
    carried = fill_by_merit(
        np.reshape(load, shape), np.reshape(merit, shape), np.array([[capacity]]), np.array([[empties]])
    )
    return carried[0, :, :, 0].tolist()


def test_the_most_urgent_cargo_first_and_empties_come_back() -> None:
    """10 kt each way; each kt takes half a kt of room the other way, for the empties.
    Back, 5 kt of shells are worth most: all go; 5 kt are left back, 10 - 2.5 = 7.5 forward.
    Forward, 8 kt of oil: 7.5 go, which leave 5 - 3.75 = 1.25 back. Food, worth least, stays.
    Back, 2 kt of ore (food's place): the room is 1.25, but forward there is none left for its empties: it stays.
    """
    load = [[0.0, 2.0, 8.0], [5.0, 2.0, 0.0]]
    merit = [[-1.0, 0.1, 0.5], [20.0, 0.05, -1.0]]
    assert railway(load, merit, 10.0, 0.5) == [pytest.approx([0.0, 0.0, 7.5]), pytest.approx([5.0, 0.0, 0.0])]


def test_directions_do_not_meet_where_nothing_comes_back_empty() -> None:
    """A ship with room for 20 kt each way takes 20 of 25 kt of shells one way, all 12 kt of food and oil the other."""
    carried = railway([[0.0, 4.0, 8.0], [25.0, 0.0, 0.0]], [[-1.0, 0.2, 0.5], [20.0, -1.0, -1.0]], 20.0, 0.0)
    assert carried == [pytest.approx([0.0, 4.0, 8.0]), pytest.approx([20.0, 0.0, 0.0])]


def test_cargo_of_equal_merit_goes_forward_first() -> None:
    carried = railway([[0.0, 6.0, 6.0], [0.0, 6.0, 0.0]], [[-1.0, 1.0, 1.0], [-1.0, 1.0, -1.0]], 10.0, 1.0)
    assert carried == [pytest.approx([0.0, 6.0, 4.0]), pytest.approx([0.0, 0.0, 0.0])]


def test_a_closed_route_carries_nothing() -> None:
    assert railway([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]], [[1.0] * 3, [1.0] * 3], 0.0, 0.5) == [[0.0] * 3, [0.0] * 3]


def test_a_winter_month_on_the_railway() -> None:
    """Khasan in January: 40 kt x 0.9 for winter x 0.5 for the border: 18 kt. Interdiction takes none of that.
    Shells may use a quarter of it, 4.5 kt: of 150 krounds, which weigh 6.9 kt, 97.826087 leave. The 20 kt of oil find
    18 - 0.5 x 4.5 = 15.75 kt of room.
    """
    n = len(ROUTES)
    khasan = list(ROUTES).index("khasan")

    def only_khasan(value: float, others: float = 0.0) -> Array:
        array = np.full((n, 1), others)
        array[khasan] = value
        return array

    room = effective_capacity(only_khasan(40.0), only_khasan(1.0), only_khasan(0.9, 1.0), 1, np.array([0.5]))
    assert room[khasan, 0] == pytest.approx(18.0)
    waiting, merit = np.zeros((6, 6, 3, 1)), np.full((6, 6, 3, 1), -1.0)
    waiting[PRK, RUS, AMMUNITION], merit[PRK, RUS, AMMUNITION] = 150.0 * WEIGHT, 30.0
    waiting[RUS, PRK, ENERGY], merit[RUS, PRK, ENERGY] = 20.0, 0.4
    parts = np.zeros((n, 2, 3, 1))
    parts[khasan] = 1.0
    sent = ship(waiting, merit, room, only_khasan(0.5), only_khasan(0.25), parts)
    assert sent.carried[khasan, BACK, AMMUNITION, 0] / WEIGHT == pytest.approx(97.82608696)
    assert sent.carried[khasan, FORWARD, ENERGY, 0] == pytest.approx(15.75)
    assert sent.left[PRK, RUS, AMMUNITION, 0] == pytest.approx(6.9 - 4.5)
    assert sent.carried.sum() == pytest.approx(4.5 + 15.75)


def test_the_gauge_changes_at_khasan_only() -> None:
    months = lead_time(np.full((len(ROUTES), 1), 0.5), np.array([0.25]))[:, 0]
    assert dict(zip(ROUTES, months.tolist(), strict=True)) == {r: 0.75 if r == "khasan" else 0.5 for r in ROUTES}


# ---- Accounts -------------------------------------------------------------------------------------------------


def test_a_month_of_barter_on_account() -> None:
    """South owes 20. North delivers 60 krounds at 1.75, 105 in all, South 100 kt of oil at 0.3125, 31.25.
    Goods pay for goods first: South owes 20 + 105 - 31.25 = 93.75 and North nothing. Of it South's project for North
    will pay 13.75 at its end; of the other 80 it pays a tenth in money, 8. It owes 85.75.
    """
    balance, delivered, price = between(20.0, -20.0), between(105.0, 31.25), np.zeros((2, 2, 1, 1))
    price[SOUTH, NORTH] = 13.75
    due = net_due(balance, delivered, price)
    assert due[:, :, 0].tolist() == [[0.0, 80.0], [0.0, 0.0]]
    paid = payment(between(0.1, 0.1), due, between(50.0, 2.0), np.array([[100.0], [100.0]]))
    assert paid[NORTH, SOUTH, 0] == pytest.approx(8.0, abs=CENT)
    assert paid[SOUTH, NORTH, 0] == 0.0
    after = book(balance, delivered - paid)
    assert after[NORTH, SOUTH, 0] == pytest.approx(85.75, abs=CENT)
    assert after[SOUTH, NORTH, 0] == -after[NORTH, SOUTH, 0]


def test_a_debtor_of_small_means_pays_all_alike() -> None:
    """One wants to pay half of the 60 due to one and a quarter of 40 due to another, 30 and 10; it has 20: 15 and 5."""
    due = np.array([[0.0, 0.0, 60.0], [0.0, 0.0, 40.0], [0.0, 0.0, 0.0]])[..., None]
    share = np.array([[0.0, 0.0, 0.5], [0.0, 0.0, 0.25], [0.0, 0.0, 0.0]])[..., None]
    paid = payment(share, due, np.full((3, 3, 1), PLENTY), np.full((3, 1), 20.0))
    assert paid[:, 2, 0] == pytest.approx([15.0, 5.0, 0.0], abs=CENT)
    assert not paid[:, :2].any()


def test_what_a_debtor_pays_in_money() -> None:
    """A dollar is worth 0.8 to the creditor and a quarter may be frozen: 0.6. Oil brings it 1.80 for a dollar's worth.
    At first a tenth is paid in money, 0.36 of 0.36 + 3.24. With a third of the line used the account takes oil for
    1.20: a fifth. A dollar may also be kept, so that never more than 0.36 of 0.36 + 1 goes.
    """
    shares = cash_share(np.full(3, 0.8 * 0.75), np.full(3, 1.8), np.array([0.0, 1.0 / 3.0, 1.0]))
    assert shares == pytest.approx([0.1, 0.2, 0.36 / 1.36], abs=CENT)


def test_what_a_dollar_is_worth() -> None:
    """Eight months of imports in hand and a border half open: half of the face. Three months are the target. With a
    quarter of it at an elasticity of one half a dollar is worth two; with nothing at all, the cap of three.
    """
    reached, cover = np.array([0.5, 1.0, 1.0, 0.0]), np.array([8.0, 0.75, 0.0, 0.0])
    dollar = worth_of_a_dollar(reached, cover, np.full(4, 3.0), np.full(4, 150.0), np.full(4, 0.5), np.full(4, 3.0))
    assert dollar == pytest.approx([0.5, 2.0, 3.0, 0.0], abs=CENT)


def test_credit_and_arrears() -> None:
    """A line of 900 for a debtor of Russia's size; the partner has a hundredth of its GDP, a tenth by the root.
    Trust is 0.5, the chance of going on 0.9 (9 further months, the unit): 900 x 0.1 x 0.5 = 45. At 0.8, 4 months: 20.
    It owes 36. A creditor that cannot lend more than a thousandth of its own 20 bn lends the large one no more than 20.
    """
    gdp = np.array([[2000.0], [20.0]])
    half, line = between(0.5, 0.5), np.array([900.0])
    share = np.array([1e-3])
    steady, shaky = (credit_line(line, half, between(d, d), gdp, share)[0, 1, 0] for d in (0.9, 0.8))
    assert credit_line(line, half, between(0.9, 0.9), gdp, share)[1, 0, 0] == pytest.approx(20.0, abs=CENT)
    assert (steady, shaky) == (pytest.approx(45.0, abs=CENT), pytest.approx(20.0, abs=CENT))
    debt = between(36.0, -36.0)
    assert arrears(debt, between(steady, steady))[:, :, 0].tolist() == [[0.0, pytest.approx(0.8)], [0.0, 0.0]]
    assert arrears(debt, between(shaky, shaky))[0, 1, 0] == 1.0
    assert arrears(debt, between(0.0, 0.0))[0, 1, 0] == 1.0


def test_prestige_settles_debt_but_no_more_than_is_owed() -> None:
    assert prestige_payment(between(12.0, 12.0), between(36.0, -36.0))[:, :, 0].tolist() == [[0.0, 12.0], [0.0, 0.0]]
    assert prestige_payment(between(50.0, 50.0), between(36.0, -36.0))[0, 1, 0] == 36.0


def test_trust_is_the_share_of_kept_promises() -> None:
    """A start of 0.5 stands for 20 promises, 10 kept. With 8 kept and 2 broken since then 18 of 30 were kept, 0.6."""
    got = learnt_trust(*(np.array([x]) for x in (0.5, 20.0, 8.0, 2.0)))
    assert got[0] == pytest.approx(0.6)


def test_dependence_is_a_share_of_all_imports() -> None:
    """South buys shells for 20 and machines for 25 a month of North, and for 105 elsewhere: 45 of 150, three tenths.
    Dependence costs 45^2/150 = 13.50; one more from North makes it
    46^2/151 = 14.0132, so about 0.3 x 1.7 = 0.51 more.
    """
    supplied = np.zeros((2, 3, 1))
    supplied[SOUTH, NORTH], supplied[SOUTH, 2] = 20.0 + 25.0, 105.0
    share = dependence(supplied)
    assert share[:, :, 0].tolist() == [[0.0, 0.0], [pytest.approx(0.3), 0.0]]
    assert reluctance(share)[SOUTH, NORTH, 0] == pytest.approx(0.51)
    assert 46.0**2 / 151.0 - 13.5 == pytest.approx(0.51, abs=0.01)


def test_a_gift_thins_the_price_of_all_that_is_under_way() -> None:
    """20 kt wait and 30 are on the way at 0.50, worth 25; China gives 50 more: 100 kt at 0.25, worth 25."""
    s = at_start(world_of(scenario(worlds=1)).parameters)
    s.queue[CHN, PRK, ENERGY], s.price_under_way[CHN, PRK, ENERGY] = 20.0, 0.5
    s.in_transit[CHN, PRK, ENERGY] = 30.0
    give(s, (CHN, PRK, ENERGY), np.array([50.0]))
    assert s.queue[CHN, PRK, ENERGY, 0] == pytest.approx(70.0)
    assert s.price_under_way[CHN, PRK, ENERGY, 0] == pytest.approx(0.25, abs=CENT)


# ---- Technology -----------------------------------------------------------------------------------------------


def test_the_pressure_to_settle_falls_where_a_unit_of_cost_brings_most() -> None:
    """A point worth 27 costs the debtor 20: 1.35. A good worth 1.62 a unit costs 0.60: 2.70. Of both together, 4.05,
    twice the first is two thirds: so much of the pressure falls on technology.
    """
    two_thirds, all_of_it = pressed_on(np.array([1.35, 2.7]), np.array([2.7, 1.35]))
    assert two_thirds == pytest.approx(2.0 / 3.0)
    assert all_of_it == 1.0


def project(claims: float, draw: float) -> Transfers:
    """Two points of tier 2, worth 24 each in the middle of the project. The guard is 20, of which the giver, in arrears
    by half at a discount of a half, gives up a quarter: 15. Norm and sanctions cost 3.
    """
    only = np.zeros((2, 2, 4, 1))
    only[0, 1, 1] = 1.0
    return start_projects(
        worth=24.0 * only,
        guard=15.0 * only,
        cost=3.0 * only,
        weight=np.full((2, 2, 1, 1), 0.5),
        size=2.0 * only,
        claims=np.full((2, 2, 1), claims),
        charged=np.ones((2, 2, 1)),
        hazard=(np.array([0.2]), np.array([2.0])),
        draw=np.full((2, 2, 1), draw),
    )


def test_a_project_starts_by_the_odds_of_worth_and_cost() -> None:
    """Cost over worth is 18/24 = 3/4, squared 9/16: the chance is 0.2 / (1 + 9/16) = 0.128. The surplus of 6 a point is
    shared, so that 2 points cost 2 (15 + 3) = 36.
    """
    t = project(claims=36.0, draw=0.127)
    got = [float(a[0, 1].sum()) for a in (t.points, t.payment, t.gain_giver, t.gain_receiver)]
    assert got == pytest.approx([2.0, 36.0, 6.0, 6.0], abs=CENT)
    assert not project(claims=36.0, draw=0.129).points.any()


def test_no_project_starts_that_claims_do_not_pay_for() -> None:
    """A cent less than the 36, and it waits; it is not made smaller."""
    assert not project(claims=35.99, draw=0.0).points.any()


def test_hunger_adds_to_cold() -> None:
    """Of 100 households 18 lack energy, and every tenth lacks food: 82 x 0.9 = 73.8 lack neither.

    Without hunger the 18 are left; where nobody has food all are in want.
    """
    assert going_without(np.array([0.1, 0.0, 1.0]), np.array(0.18)) == pytest.approx([0.262, 0.18, 1.0])


def test_a_crop_lasts_until_the_next() -> None:
    """In May (4 months to September) 700 kt are in store, June brings 120 of 1,000 kt, and 60 come a month after use.

    To be eaten until the end of August: 700 + 120 + 3 x 60 = 1,000, so 250 a month. In August what lies there is all.
    """
    left = crop_to_come(np.array([5, 6, 9]), np.array(0.88)) * 1000.0
    assert left == pytest.approx([120.0, 0.0, 560.0])  # in September half of 880 is still to come, and June's
    assert even_use(np.array(700.0) + left[0], np.array(60.0), 4) == pytest.approx(250.0)
    assert even_use(np.array(310.0), np.array(60.0), 1) == 310.0

"""Demand against its own definition: the integral of the buyer's falling value, and the law of half duds.

The buyer's value of the x-th unit is w V (T/(k + w x/rho))^eta. Its root and its area are taken by SciPy, the model's
by its closed form.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from small_worlds import SEA, scenario, world_of

from sim.model import bargain
from sim.scenario.names import AMMUNITION, PRK, RUS
from sim.scenario.parameters import PARAMETERS as TABLE

Array = np.ndarray
REQUIREMENT, TARGET, WORTH = 100.0, 4.0, 1.8
"""Units a month, months, MUSD a working unit at target cover."""
ELASTICITIES = np.linspace(0.65, 1.2, 6)
RATIOS = np.geomspace(1.01, 4.0, 8)
"""Value of the first unit as a multiple of the price."""
RISES = (0.0, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
"""Seller's slope times demand, as a multiple of the margin: from a constant reservation to one that rises at once."""
QUALITIES = (1.0, 0.5, 0.05)
COVERS = (0.05, 2.0, 20.0)
WITHIN_VOLUME, WITHIN_SURPLUS = 0.05, 0.10
"""What the description says."""


def curve(elasticity: float, works: float, cover: float) -> Callable[[float], float]:
    """MUSD that the x-th unit is worth."""
    return lambda x: works * WORTH * (TARGET / (cover + works * x / REQUIREMENT)) ** elasticity


def by_the_model(elasticity: float, works: float, cover: float, ratio: float, rise: float) -> dict[str, float]:
    """Margin, demand and slopes at a price of the first unit's value through `ratio`, and what comes of it."""
    first = curve(elasticity, works, cover)(0.0)
    price = first / ratio
    stock = (np.array([x]) for x in (price, WORTH, TARGET * REQUIREMENT, cover * REQUIREMENT, elasticity, works))
    demand = bargain.demand_at(*stock)
    beta = np.array([elasticity * first * works / (REQUIREMENT * cover)])
    margin, sigma = np.array([first - price]), rise * (first - price) / demand
    best = bargain.best_volume(margin, demand, beta, sigma)
    found = {"price": price, "demand": demand[0], "sigma": sigma[0], "best": best[0]}
    for part in (0.25, 0.5, 1.0):
        found[f"surplus {part}"] = bargain.joint_surplus(margin, demand, beta, sigma, part * best)[0]
    return found


def by_scipy(elasticity: float, works: float, cover: float, of_model: dict[str, float]) -> tuple[float, list[float]]:
    """The volume at which the curve meets price and slope, and the area to parts of the model's volume."""
    worth, price, sigma = curve(elasticity, works, cover), of_model["price"], of_model["sigma"]

    def gain(x: float) -> float:
        return worth(x) - price - sigma * x

    far = of_model["demand"] * 2.0
    return brentq(gain, 0.0, far), [quad(gain, 0.0, part * of_model["best"])[0] for part in (0.25, 0.5, 1.0)]


@pytest.mark.parametrize("elasticity", ELASTICITIES)
def test_volume_and_surplus_against_root_and_integral(elasticity: float) -> None:
    for works, cover, ratio, rise in product(QUALITIES, COVERS, RATIOS, RISES):
        got = by_the_model(elasticity, works, cover, ratio, rise)
        volume, areas = by_scipy(elasticity, works, cover, got)
        where = f"quality {works}, cover {cover}, ratio {ratio:.3g}, rise {rise}"
        assert got["best"] == pytest.approx(volume, rel=WITHIN_VOLUME), where
        surpluses = [got[f"surplus {part}"] for part in (0.25, 0.5, 1.0)]
        assert surpluses == pytest.approx(areas, rel=WITHIN_SURPLUS), where


def test_demand_at_a_constant_price_is_the_root_itself() -> None:
    """Not an approximation: without a slope of the seller the volume is exact, for any elasticity."""
    for elasticity, works, cover in product((0.1, 0.5, 1.0, 3.0), QUALITIES, COVERS):
        got = by_the_model(elasticity, works, cover, 2.0, 0.0)
        volume, _ = by_scipy(elasticity, works, cover, got)
        assert got["best"] == pytest.approx(volume, rel=1e-9)


def test_a_triangle_would_not_do() -> None:
    """The control: the tangent at the first unit alone misses the volume by far more than is allowed."""
    got = by_the_model(0.8, 1.0, 0.5, 4.0, 0.0)
    volume, areas = by_scipy(0.8, 1.0, 0.5, got)
    margin = 3.0 * got["price"]
    tangent = margin / (0.8 * 4.0 * got["price"] / (REQUIREMENT * 0.5))
    assert tangent < 0.25 * volume
    assert 0.5 * margin * tangent < 0.4 * areas[-1]


# ---- The law of half duds -------------------------------------------------------------------------------------

QUALITY = 0.5
SHAPE = (4, 4, 2, 200)
SCALED = ("value", "reservation", "cost", "slope_buyer", "slope_seller", "room", "available", "works", "demand")
"""Where the quality stands in a market whose rounds all have it."""


def market(quality: float, dropped: str = "") -> dict[str, Array]:
    """Sellers and buyers at random, all goods of one quality; the factor of `dropped` is left out.

    A round of quality q is worth q, costs q to replace and to carry, and fills the store by q; what was n rounds of
    room, stock or release is n/q. Money - credit - stays, and so does what is on order in working rounds.
    """
    draw, q = np.random.default_rng(2023), {name: 1.0 if name == dropped else quality for name in SCALED}
    required, cover, target = draw.uniform(50, 200, SHAPE), draw.uniform(0.2, 3, SHAPE), draw.uniform(2, 6, SHAPE)
    elasticity = draw.uniform(0.5, 1.2, SHAPE)
    first = 1.8 * (target / cover) ** elasticity
    reservation, cost = first * draw.uniform(0.1, 1.0, SHAPE), first * draw.uniform(0.0, 0.2, SHAPE)
    rise = reservation / draw.uniform(100, 2000, SHAPE)
    price = reservation * q["reservation"] + cost * q["cost"]
    store = target * required, cover * required, elasticity
    return {
        "value": first * q["value"],
        "reservation": reservation * q["reservation"],
        "cost": cost * q["cost"],
        "borne": np.zeros(SHAPE),
        "demand": bargain.demand_at(price, np.full(SHAPE, 1.8), *store, np.full(SHAPE, q["demand"])),
        "slope_buyer": elasticity * first / (required * cover) * q["slope_buyer"] ** 2,
        "slope_seller": rise * q["slope_seller"] ** 2,
        "arrives": np.ones(SHAPE),
        "works": np.full(SHAPE, q["works"]),
        "weight": draw.uniform(0.1, 0.9, SHAPE),
        "openness": draw.uniform(0.5, 1.0, (4, 4, 200))[:, :, None],
        "on_order": draw.uniform(0, 50, (4, 2, 200)),
        "room": draw.uniform(50, 400, SHAPE) / q["room"],
        "available": draw.uniform(50, 600, (4, 2, 200)) / q["available"],
        "release_bound": np.full((4, 2, 200), bargain.STOCK),
        "headroom": draw.uniform(50, 2000, (4, 4, 200)),
        "cash_share": draw.uniform(0.0, 0.5, (4, 4, 200)),
        "charged": np.ones((4, 4, 2, 200)),
        "least_share": np.full(200, 0.05),
        "contract": np.zeros(SHAPE),
        "keeps": np.zeros((2, 200)),
    }


def working_rounds(quality: float, dropped: str = "") -> Array:
    return bargain.bargain(**market(quality, dropped)).volume * quality


def test_half_duds_trade_the_same_number_of_working_rounds() -> None:
    """In working rounds a market of duds is the same market: volumes, money and gains."""
    good, bad = (bargain.bargain(**market(q)) for q in (1.0, QUALITY))
    np.testing.assert_allclose(QUALITY * bad.volume, good.volume, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(bad.price, good.price * QUALITY, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(bad.gain_buyer, good.gain_buyer, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(bad.gain_seller, good.gain_seller, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(bad.binding, good.binding)
    assert {bargain.DEMAND, bargain.STOCK, bargain.CREDIT, bargain.CAPACITY} <= set(np.unique(good.binding))
    assert (good.volume > 0.0).mean() > 0.3


@pytest.mark.parametrize("dropped", SCALED)
def test_the_law_needs_every_factor(dropped: str) -> None:
    """The control: where one of them is left out, other rounds are traded."""
    good, wrong = working_rounds(1.0), working_rounds(QUALITY, dropped)
    changed = np.abs(wrong - good) > 1e-3 * np.maximum(good, 1.0)
    assert changed.mean() > 0.05


# ---- Paid on delivery -----------------------------------------------------------------------------------------


def test_the_seller_expects_the_price_of_what_it_sends() -> None:
    """Seizure: the price of what arrives, on the share that arrives, is the seller's cost of all that it sends and its
    part of the joint surplus; and the same as if the lost share were duds that were paid for.
    """
    draw = np.random.default_rng(7)
    terms = market(1.0)
    arrives = draw.uniform(0.3, 1.0, SHAPE)
    terms |= {"arrives": arrives, "headroom": np.full((4, 4, 200), 1e9)}
    got, paid_for_all = bargain.bargain(**terms), bargain.bargain(**{**terms, "arrives": np.ones(SHAPE)})
    sent, receipts = got.volume, got.price * got.volume * arrives
    cost = terms["reservation"] * sent + terms["slope_seller"] * sent**2 / 2.0
    np.testing.assert_allclose(receipts, cost + got.gain_seller, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(receipts, paid_for_all.price * paid_for_all.volume, rtol=1e-9, atol=1e-9)
    assert (got.price > paid_for_all.price).sum() > 0.3 * got.price.size


def test_seizure_takes_on_average_the_share_that_the_price_reckons_with() -> None:
    """64 worlds alike, ships from Rajin alone, luck in interdiction at even steps from 0 to 1: the mean share of the
    shells that is lost is 1 - `arrives`, so that the price is right on average.
    """
    attack = {"war.attack_begins": 1.0, "war.noise": 0.0}
    worlds, settings = 64, {key: row.value for key, row in TABLE.items()} | SEA | {"routes.khasan.open": 0.0} | attack
    world = world_of(scenario(SEA, worlds=worlds), {key: np.full(worlds, value) for key, value in settings.items()})
    world.draws["interdiction"] = ((np.arange(worlds) + 0.5) / worlds)[None, None]
    for step in (world.drive, world.produce_and_consume, world.appraise, world.act, world.bargain, world.ship):
        step()
    sent, lost = world.shipment.shipped[PRK, RUS, AMMUNITION], world.shipment.seized[PRK, RUS, AMMUNITION]
    world.close()
    expected = 1.0 - world.offers.arrives[PRK, RUS, AMMUNITION]
    assert (sent > 0.0).all()
    assert expected.min() > 0.03
    assert (lost / sent).mean() == pytest.approx(expected.mean(), rel=1e-9)

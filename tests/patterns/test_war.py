"""Claims about the war and its shells: C1 need, C2 stocks, C7 other suppliers, C19 fire ratio."""

from __future__ import annotations

from functools import partial

import numpy as np
from xarray import Dataset

from .ensemble import (
    DRAWN,
    FULL_DEPOTS,
    LONG,
    NO_LIMIT_OF_CREDIT,
    WIDE,
    Array,
    Changes,
    ensemble,
    lane,
    of,
    shells,
)
from .lever import Later, Lever, back, table
from .pattern import Pattern
from .register import claim


def value_of_a_round(ds: Dataset, country: str) -> Array:
    """Mean over months, MUSD/kround."""
    worth: Array = of(ds, "marginal_value", country, "ammunition").mean(axis=0)
    return worth


def orders(ds: Dataset) -> Array:
    """Shells ordered a month from month 12 on."""
    ordered: Array = lane(ds, "ordered", "PRK", "RUS", "ammunition")[12:].mean(axis=0)
    return ordered


@claim
def test_c01_war_makes_the_need_urgent() -> list[Pattern]:
    """C1: Russia's stocks are depleted by the war and its need is urgent.

    Rule: war.wanted_fire, war.substituted, value.spending, value.target_stock, value.marginal_value. Parameters:
    war.intensity, war.attack, RUS.ammunition.stock, RUS.ammunition.plan.
    Expected: a more intense war raises Russia's value of a round and its imports; peace ends the orders.
    Control: with full depots there is no need, in war or peace.
    """
    full = partial(Pattern, off="full depots", control=FULL_DEPOTS, expected="gone")
    return [
        full(
            pattern="a more intense war raises Russia's value of a round",
            unit="MUSD/kround",
            lever=table("war.intensity"),
            outcome=partial(value_of_a_round, country="RUS"),
        ),
        full(
            pattern="a more intense war raises shell imports in 24 months",
            unit="krounds",
            lever=table("war.intensity"),
            outcome=shells,
        ),
        full(
            pattern="peace from month 12 ends orders of shells",
            unit="krounds/month",
            lever=Later({"war.intensity": (1.0, 0.0)}, 12),
            outcome=orders,
            sign=-1.0,
        ),
    ]


SMALL: Changes = WIDE | {"PRK.ammunition.stock": 4500.0, "PRK.ammunition.reserve": 3500.0} | NO_LIMIT_OF_CREDIT
LARGE_PLANT: Changes = {"PRK.ammunition.ceiling": 240.0}


def nothing_of_the_reserve_is_sold() -> None:
    """Raise AssertionError where the stock falls below the reserve, or exports exceed output and what is above it."""
    ran_down = ensemble(SMALL | LARGE_PLANT, months=LONG)
    stock, made, used, exports = (
        of(ran_down, name, "PRK", "ammunition") for name in ("stock", "production", "consumption", "exports")
    )
    worst = max(float((3500.0 - stock).max()), 0.0)
    assert worst < 1e-6, f"{worst} krounds of the reserve were sold"
    to_spare = (made - used)[24:].sum(axis=0) + stock[24] - 3500.0
    assert np.all(exports[24:].sum(axis=0) <= to_spare + 400.0)


@claim
def test_c02_old_stock_then_production_and_a_reserve() -> list[Pattern]:
    """C2: North Korea has vast stocks of Soviet-type shells, part of them old; its reserve is not for sale.

    Rule: offers._release, value.target_stock, country.Country.produce, shipping._faulty_share, value.old_in_cargo,
    country.converted, country.Country.require. Parameters: PRK.ammunition.stock, .reserve, .plan, .ceiling, .dud_share.
    Expected: once the old stock is drawn down, output sets the exports; the reserve is never sold; a plan for a war of
    its own makes a round dearer as the stock falls; old lots go before others. Controls: a vast stock frees exports
    from output and the stock from the reserve; in a vast stock the plan makes nothing scarce; without duds none fail.
    """
    nothing_of_the_reserve_is_sold()

    def late_exports(ds: Dataset) -> Array:
        return of(ds, "exports", "PRK", "ammunition")[24:].mean(axis=0)

    def least_stock(ds: Dataset) -> Array:
        return of(ds, "stock", "PRK", "ammunition").min(axis=0)

    def fading_duds(ds: Dataset) -> Array:
        bad, came = of(ds, "lost", "RUS", "ammunition"), lane(ds, "delivered", "PRK", "RUS", "ammunition")
        share = [bad[m].sum(axis=0) / np.maximum(came[m].sum(axis=0), 1e-9) for m in (slice(0, 6), slice(24, 36))]
        return share[0] - share[1]

    long = partial(Pattern, months=LONG)
    vast: Changes = {"PRK.ammunition.stock": 50000.0}
    return [
        long(
            pattern="old stock drawn down: more plant capacity raises exports of months 24-35",
            unit="krounds/month",
            lever=table("PRK.ammunition.ceiling"),
            outcome=late_exports,
            base=SMALL,
            off="vast stock",
            control=vast,
        ),
        long(
            pattern="a reserve of 3500 krounds against none keeps the stock higher at its lowest",
            unit="krounds",
            lever=Lever({"PRK.ammunition.reserve": (0.0, 3500.0)}),
            outcome=least_stock,
            base=SMALL | LARGE_PLANT,
            off="vast stock",
            control=vast,
            expected="gone",
        ),
        Pattern(
            pattern="a plan for more months of a war of its own raises North Korea's value of a round",
            unit="MUSD/kround",
            lever=table("PRK.ammunition.plan"),
            outcome=lambda ds: of(ds, "marginal_value", "PRK", "ammunition")[-1],
            base=WIDE,
            off="vast stock",
            control={"PRK.ammunition.stock": 1e6},
            expected="gone",
        ),
        long(
            pattern="share of duds falls as old lots are used up",
            unit="share",
            lever=back({"PRK.ammunition.dud_share": 0.0}),
            outcome=fading_duds,
            level=True,
            base=SMALL | LARGE_PLANT | {"PRK.ammunition.old_share": 0.3},
            off="no duds",
            expected="gone",
        ),
    ]


@claim
def test_c07_other_suppliers() -> list[Pattern]:
    """C7: Russia turns to other sanctioned suppliers such as Iran.

    Rule: world_market.buy_outside, offers._weight, bargain.nash_weight. Parameters: outside.capacity, outside.price.
    Expected: more outside supply means fewer North Korean shells and worse terms for North Korea.
    Control: a supplier too dear to buy from changes nothing.
    """

    def price(ds: Dataset) -> Array:
        """Mean price of what was ordered; not a number in worlds that ordered nothing."""
        ordered = lane(ds, "ordered", "PRK", "RUS", "ammunition")
        paid = np.nan_to_num(lane(ds, "price", "PRK", "RUS", "ammunition")) * ordered
        total = ordered.sum(axis=0)
        return np.where(total > 0.0, paid.sum(axis=0) / np.maximum(total, 1e-9), np.nan)

    lower = partial(
        Pattern,
        lever=Lever({"outside.capacity": (0.0, 150.0)}),
        sign=-1.0,
        off="supplier too dear",
        control={"outside.price": 100.0},
        expected="gone",
    )
    return [
        lower(
            pattern="outside supply of 150 krounds a month against none lowers shells delivered",
            unit="krounds",
            outcome=shells,
        ),
        lower(
            pattern="outside supply lowers the price that North Korea gets",
            unit="MUSD/kround",
            outcome=price,
        ),
    ]


@claim
def test_c19_fire_ratio_feeds_back_on_need() -> list[Pattern]:
    """C19: Russia wants to blunt an offensive and prolong the war.

    Rule: war.wanted_fire, war.attacking, drivers.fight, value.spending. Parameters: war.usa_aid, war.other_supply,
    war.goal_ratio, war.lure. Expected: in defence less western supply lowers what Russia wants to fire for the same
    goal, and what it imports; but starved guns invite attack, which asks for more. Controls: with no goal ratio
    Russia's fire does not answer Ukraine's; guns that are supplied invite less.
    """

    def wanted(ds: Dataset) -> Array:
        return of(ds, "requirement", "RUS", "ammunition")[1:].mean(axis=0)

    supply = [table(f"war.{name}", down=True).ends for name in ("usa_aid", "other_supply")]
    less = partial(
        Pattern,
        lever=Lever(supply[0] | supply[1]),
        sign=-1.0,
        base={"war.attack": 0.0},
        off="no goal ratio",
        control={"war.goal_ratio": 0.0, "war.base_fire": 240.0},
    )
    return [
        less(
            pattern="in defence less western supply lowers the rounds Russia wants",
            unit="krounds/month",
            outcome=wanted,
            expected="gone",
        ),
        less(
            pattern="in defence less western supply lowers Russia's shell imports",
            unit="krounds",
            outcome=shells,
        ),
        Pattern(
            pattern="starved guns invite attack: more lure raises the rounds wanted",
            unit="krounds/month",
            lever=table("war.lure"),
            outcome=wanted,
            base={"war.usa_aid": 0.0, "war.other_supply": 20.0},
            off="guns supplied",
            control={"war.usa_aid": DRAWN, "war.other_supply": DRAWN},
        ),
    ]

"""Claims about the war and its shells: C1 need, C2 stocks, C7 other suppliers, C19 fire ratio."""

from __future__ import annotations

import numpy as np

from sim.scenario.parameters import PARAMETERS

from .ensemble import (
    FULL_DEPOTS,
    LONG,
    NO_LIMIT_OF_CREDIT,
    WIDE,
    ensemble,
    from_month,
    lane,
    of,
    shells,
)
from .evidence import Evidence, claim, evidence


@claim
def test_c01_war_makes_the_need_urgent() -> list[Evidence]:
    """C1: Russia's stocks are depleted by the war and its need is urgent.

    Rule: war.wanted_fire, war.substituted, value.spending, value.target_stock, value.marginal_value. Parameters:
    war.intensity, war.attack, RUS.ammunition.stock, RUS.ammunition.plan.
    Expected: a more intense war raises Russia's value of a round and its imports; peace ends the orders.
    Control: with full depots there is no need, in war or peace.
    """

    def value(**changes: float) -> np.ndarray:
        return of(ensemble(changes), "marginal_value", "RUS", "ammunition").mean(axis=0)

    def imports(**changes: float) -> np.ndarray:
        return shells(ensemble(changes))

    def lost_orders(changes: dict[str, float]) -> np.ndarray:
        peace = ensemble(changes, events=from_month(12, "war.intensity", 0.0))
        at_war, at_peace = (lane(ds, "ordered", "PRK", "RUS", "ammunition")[12:] for ds in (ensemble(changes), peace))
        return (at_war - at_peace).mean(axis=0)

    hot, mild = {"war.intensity": 1.3}, {"war.intensity": 0.7}
    return [
        evidence(
            "war intensity 1.3 against 0.7 raises Russia's value of a round",
            value(**hot) - value(**mild),
            off="full depots",
            control=value(**hot, **FULL_DEPOTS) - value(**mild, **FULL_DEPOTS),
            expected="gone",
            unit="MUSD/kround",
        ),
        evidence(
            "war intensity 1.3 against 0.7 raises shell imports in 24 months",
            imports(**hot) - imports(**mild),
            off="full depots",
            control=imports(**hot, **FULL_DEPOTS) - imports(**mild, **FULL_DEPOTS),
            expected="gone",
            unit="krounds",
        ),
        evidence(
            "peace from month 12 ends orders of shells",
            lost_orders({}),
            off="full depots",
            control=lost_orders(FULL_DEPOTS),
            expected="gone",
            unit="krounds/month",
        ),
    ]


@claim
def test_c02_old_stock_then_production_and_a_reserve() -> list[Evidence]:
    """C2: North Korea has vast stocks of Soviet-type shells, part of them old; its reserve is not for sale.

    Rule: offers._release, value.target_stock, country.Country.produce, shipping._faulty_share. Parameters:
    PRK.ammunition.stock, .reserve, .plan, .ceiling, .dud_share.
    Expected: once the old stock is drawn down, output sets the exports; the reserve is never sold; a plan for a war of
    its own makes a round dearer as the stock falls; old lots go before others.
    Controls: a vast stock frees exports from output; without a reserve the stock falls lower; in a vast stock the plan
    makes nothing scarce; without duds none fail.
    """
    small = WIDE | {"PRK.ammunition.stock": 4500.0, "PRK.ammunition.reserve": 3500.0} | NO_LIMIT_OF_CREDIT
    vast = small | {"PRK.ammunition.stock": 50000.0}
    high, low = {"PRK.ammunition.ceiling": 240.0}, {"PRK.ammunition.ceiling": 120.0}

    def late_exports(changes: dict[str, float]) -> np.ndarray:
        return of(ensemble(changes, months=LONG), "exports", "PRK", "ammunition")[24:].mean(axis=0)

    def sold_reserve(reserve: float) -> np.ndarray:
        ds = ensemble(small | high | {"PRK.ammunition.reserve": reserve}, months=LONG)
        return 3500.0 - of(ds, "stock", "PRK", "ammunition").min(axis=0)

    def fading_duds(changes: dict[str, float]) -> np.ndarray:
        ds = ensemble(changes, months=LONG)
        bad, came = of(ds, "lost", "RUS", "ammunition"), lane(ds, "delivered", "PRK", "RUS", "ammunition")
        share = [bad[m].sum(axis=0) / np.maximum(came[m].sum(axis=0), 1e-9) for m in (slice(0, 6), slice(24, 36))]
        return share[0] - share[1]

    def dearer_by_plan(changes: dict[str, float]) -> np.ndarray:
        plans = (WIDE | changes | {"PRK.ammunition.plan": months} for months in (8.0, 0.0))
        values = [of(ensemble(plan), "marginal_value", "PRK", "ammunition")[-1] for plan in plans]
        return values[0] - values[1]

    worst = max(sold_reserve(3500.0).max(), 0.0)
    assert worst < 1e-6, f"{worst} krounds of the reserve were sold"
    ran_down = ensemble(small | high, months=LONG)
    stock = of(ran_down, "stock", "PRK", "ammunition")[24:] - 3500.0
    made = of(ran_down, "production", "PRK", "ammunition")[24:] - of(ran_down, "consumption", "PRK", "ammunition")[24:]
    exports = of(ran_down, "exports", "PRK", "ammunition")[24:]
    assert np.all(exports.sum(axis=0) <= made.sum(axis=0) + stock[0] + 400.0)
    return [
        evidence(
            "old stock drawn down: doubled plant capacity raises exports of months 24-35",
            late_exports(small | high) - late_exports(small | low),
            off="vast stock",
            control=late_exports(vast | high) - late_exports(vast | low),
            expected="smaller",
            unit="krounds/month",
        ),
        evidence(
            "a reserve of 3500 krounds keeps the stock above what it would fall to without",
            sold_reserve(0.0),
            off="reserve kept",
            control=np.maximum(sold_reserve(3500.0), 0.0),
            expected="gone",
            unit="krounds",
        ),
        evidence(
            "a plan of 8 months of a war of its own against none raises North Korea's value of a round",
            dearer_by_plan({}),
            off="vast stock",
            control=dearer_by_plan({"PRK.ammunition.stock": 1e6}),
            expected="gone",
            unit="MUSD/kround",
        ),
        evidence(
            "share of duds falls as old lots are used up",
            fading_duds(small | high | {"PRK.ammunition.old_share": 0.3}),
            off="no duds",
            control=fading_duds(small | high | {"PRK.ammunition.old_share": 0.3, "PRK.ammunition.dud_share": 0.0}),
            expected="gone",
            unit="share",
        ),
    ]


@claim
def test_c07_other_suppliers() -> list[Evidence]:
    """C7: Russia turns to other sanctioned suppliers such as Iran.

    Rule: world_market.buy_outside, offers._weight, bargain.nash_weight. Parameters: outside.capacity, outside.price.
    Expected: more outside supply means fewer North Korean shells and worse terms for North Korea.
    Control: a supplier too dear to buy from changes nothing.
    """
    more, less = {"outside.capacity": 150.0}, {"outside.capacity": 0.0}
    dear = {"outside.price": 100.0}

    def fewer(changes: dict[str, float]) -> np.ndarray:
        return shells(ensemble(less | changes)) - shells(ensemble(more | changes))

    def price(changes: dict[str, float]) -> np.ndarray:
        """Mean price of what was ordered; not a number in worlds that ordered nothing."""
        ds = ensemble(changes)
        ordered = lane(ds, "ordered", "PRK", "RUS", "ammunition")
        paid = np.nan_to_num(lane(ds, "price", "PRK", "RUS", "ammunition")) * ordered
        total = ordered.sum(axis=0)
        return np.where(total > 0.0, paid.sum(axis=0) / np.maximum(total, 1e-9), np.nan)

    prices = np.stack([price(changes) for changes in (less, more, less | dear, more | dear)])
    prices = prices[:, np.isfinite(prices).all(axis=0)]

    return [
        evidence(
            "outside supply of 150 krounds a month against none lowers shells delivered",
            fewer({}),
            off="supplier too dear",
            control=fewer(dear),
            expected="gone",
            unit="krounds",
        ),
        evidence(
            "outside supply lowers the price that North Korea gets",
            prices[0] - prices[1],
            off="supplier too dear",
            control=prices[2] - prices[3],
            expected="gone",
            unit="MUSD/kround",
        ),
    ]


@claim
def test_c19_fire_ratio_feeds_back_on_need() -> list[Evidence]:
    """C19: Russia wants to blunt an offensive and prolong the war.

    Rule: war.wanted_fire, war.attacking, drivers.fight. Parameters: war.usa_aid, war.other_supply, war.goal_ratio,
    war.lure.
    Expected: in defence less western supply lowers what Russia wants to fire for the same goal, and what it imports;
    but starved guns invite attack, which asks for more. Controls: with no goal ratio Russia's fire does not answer
    Ukraine's; guns that are supplied invite less.
    """
    full, cut = {"war.attack": 0.0}, {"war.attack": 0.0, "war.usa_aid": 0.0, "war.other_supply": 20.0}
    blind = {"war.goal_ratio": 0.0, "war.base_fire": 240.0}
    drawn, not_drawn = {"war.lure": PARAMETERS["war.lure"].high or 0.0}, {"war.lure": 0.0}
    starved = {"war.usa_aid": 0.0, "war.other_supply": 20.0}

    def wanted(changes: dict[str, float]) -> np.ndarray:
        return of(ensemble(changes), "requirement", "RUS", "ammunition")[1:].mean(axis=0)

    def imports(changes: dict[str, float]) -> np.ndarray:
        return shells(ensemble(changes))

    return [
        evidence(
            "in defence less western supply lowers the rounds Russia wants",
            wanted(full) - wanted(cut),
            off="no goal ratio",
            control=wanted(full | blind) - wanted(cut | blind),
            expected="gone",
            unit="krounds/month",
        ),
        evidence(
            "in defence less western supply lowers Russia's shell imports",
            imports(full) - imports(cut),
            off="no goal ratio",
            control=imports(full | blind) - imports(cut | blind),
            expected="smaller",
            unit="krounds",
        ),
        evidence(
            "starved guns invite attack: the most lure that the table allows against none raises the rounds wanted",
            wanted(starved | drawn) - wanted(starved | not_drawn),
            off="guns supplied",
            control=wanted(drawn) - wanted(not_drawn),
            expected="smaller",
            unit="krounds/month",
        ),
    ]

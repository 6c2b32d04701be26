"""Claims about trade: C1 need, C2 stocks, C3 goods, C7 other suppliers, C9 border, C19 fire, C20 gains."""

from __future__ import annotations

import numpy as np

from .ensemble import (
    LONG,
    NOTHING,
    SEA,
    ensemble,
    first_month,
    from_month,
    lane,
    of,
    pair,
    points,
    shells,
)
from .evidence import Evidence, claim, evidence

FULL_DEPOTS = {"RUS.ammunition.stock": 1e5}
WIDE = SEA | {"routes.rajin.capacity": 200.0, "routes.khasan.capacity": 200.0}
"""No route between Russia and North Korea is narrow."""
SELF_SUFFICIENT = {
    "PRK.food.production": 700.0,
    "PRK.food.stock": 6000.0,
    "PRK.energy.production": 110.0,
    "PRK.energy.stock": 400.0,
}
"""North Korea grows and drills what it needs."""


@claim
def test_c01_war_makes_the_need_urgent() -> list[Evidence]:
    """C1: Russia's stocks are depleted by the war and its need is urgent.

    Rule: war.wanted_fire, value.spending, value.marginal_value. Parameters: war.intensity, RUS.ammunition.stock.
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

    Rule: market._release, country.produce, shipping._faulty_share. Parameters: PRK.ammunition.stock, .reserve,
    .ceiling, .dud_share.
    Expected: once the old stock is drawn down, output sets the exports; the reserve is never sold; old lots go first.
    Controls: a vast stock frees exports from output; without a reserve the stock falls lower; without duds none fail.
    """
    small = WIDE | {"PRK.ammunition.stock": 4500.0, "PRK.ammunition.reserve": 3500.0, "PRK.ammunition.release": 0.16}
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
            "share of duds falls as old lots are used up",
            fading_duds(small | high | {"PRK.ammunition.old_share": 0.3}),
            off="no duds",
            control=fading_duds(small | high | {"PRK.ammunition.old_share": 0.3, "PRK.ammunition.dud_share": 0.0}),
            expected="gone",
            unit="share",
        ),
    ]


@claim
def test_c03_cheap_goods_first_then_technology() -> list[Evidence]:
    """C3: in return North Korea wants food, energy and weapons technology.

    Rule: market.bargain, technology.release (arrears discount), value.marginal_value. Parameters:
    technology.guard_scale, accounts.arrears_discount, PRK.energy and PRK.food production.
    Expected: food or energy flow before technology; technology follows as their value falls and the debt grows.
    Controls: unguarded technology flows at once; if debt presses nobody, less need of food and energy brings no more.
    """

    def delay(changes: dict[str, float]) -> np.ndarray:
        ds = ensemble(changes)
        goods = lane(ds, "delivered", "RUS", "PRK", "food") + lane(ds, "delivered", "RUS", "PRK", "energy")
        know_how = pair(ds, "transfer", "RUS", "PRK").sum(axis=1)
        return first_month(know_how, 0.05) - first_month(goods, 0.5)

    def technology(changes: dict[str, float]) -> np.ndarray:
        return points(ensemble(changes)).sum(axis=0)

    calm = {"accounts.arrears_discount": 0.0}
    return [
        evidence(
            "first technology comes later than first food or energy",
            delay({}),
            off="technology unguarded",
            control=delay({"technology.guard_scale": 0.0}),
            expected="smaller",
            unit="months",
        ),
        evidence(
            "North Korea short of neither food nor energy is paid in more technology",
            technology(SELF_SUFFICIENT) - technology({}),
            off="debt presses nobody",
            control=technology(SELF_SUFFICIENT | calm) - technology(calm),
            expected="smaller",
            unit="points",
        ),
        evidence(
            "debt presses Russia to release technology",
            technology({"accounts.credit_line": 1000.0}) - technology({"accounts.credit_line": 1000.0} | calm),
            off="credit without limit",
            control=technology({"accounts.credit_line": 1e6}) - technology({"accounts.credit_line": 1e6} | calm),
            expected="smaller",
            unit="points",
        ),
    ]


@claim
def test_c07_other_suppliers() -> list[Evidence]:
    """C7: Russia turns to other sanctioned suppliers such as Iran.

    Rule: war.outside_supply, market._outside_relief, bargain.nash_weight. Parameters: outside.capacity, outside.price.
    Expected: more outside supply means fewer North Korean shells and worse terms for North Korea.
    Control: a supplier too dear to buy from changes nothing.
    """
    more, less = {"outside.capacity": 150.0}, {"outside.capacity": 0.0}
    dear = {"outside.price": 100.0}

    def fewer(changes: dict[str, float]) -> np.ndarray:
        return shells(ensemble(less | changes)) - shells(ensemble(more | changes))

    def price(changes: dict[str, float]) -> np.ndarray:
        return np.nanmean(lane(ensemble(changes), "price", "PRK", "RUS", "ammunition"), axis=0)

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
            price(less) - price(more),
            off="supplier too dear",
            control=price(less | dear) - price(more | dear),
            expected="gone",
            unit="MUSD/kround",
        ),
    ]


@claim
def test_c09_border_closure_left_shortages() -> list[Evidence]:
    """C9: the closed border of the pandemic left shortages.

    Rule: routes.effective_capacity, drivers.drive (border), value.marginal_value. Parameters: border.target.
    Expected: reopening brings imports back; a closed border raises North Korea's value of food and energy.
    Control: a country that grows and drills all it needs does not feel the border.
    """
    opened, closed = {"border.start": 0.1, "border.target": 1.0}, {"border.start": 0.1, "border.target": 0.1}

    def imports(changes: dict[str, float]) -> np.ndarray:
        ds = ensemble(changes)
        total = np.zeros(ds.sizes["world"])
        for good in ("food", "energy"):
            total += (of(ds, "imports", "PRK", good) + of(ds, "world_imports", "PRK", good))[12:].mean(axis=0)
        return total

    def value(good: str, changes: dict[str, float]) -> np.ndarray:
        return of(ensemble(changes), "marginal_value", "PRK", good)[12:].mean(axis=0)

    rows = [
        evidence(
            f"a closed border raises North Korea's value of {good}",
            value(good, closed) - value(good, opened),
            off="self-sufficient",
            control=value(good, closed | SELF_SUFFICIENT) - value(good, opened | SELF_SUFFICIENT),
            expected="smaller",
            unit="MUSD/kt",
        )
        for good in ("food", "energy")
    ]
    return [
        evidence(
            "reopening raises imports of food and energy",
            imports(opened) - imports(closed),
            off="self-sufficient",
            control=imports(opened | SELF_SUFFICIENT) - imports(closed | SELF_SUFFICIENT),
            expected="smaller",
            unit="kt/month",
        ),
        *rows,
    ]


@claim
def test_c19_fire_ratio_feeds_back_on_need() -> list[Evidence]:
    """C19: Russia wants to blunt an offensive and prolong the war.

    Rule: war.wanted_fire, war.ukraine. Parameters: war.usa_aid, war.other_supply, war.goal_ratio.
    Expected: less western supply lowers what Russia wants to fire for the same goal, and what it imports.
    Control: with no goal ratio Russia's fire does not answer Ukraine's.
    """
    full, cut = {}, {"war.usa_aid": 0.0, "war.other_supply": 20.0}
    blind = {"war.goal_ratio": 0.0, "war.base_fire": 650.0}

    def wanted(changes: dict[str, float]) -> np.ndarray:
        return of(ensemble(changes), "requirement", "RUS", "ammunition")[1:].mean(axis=0)

    def imports(changes: dict[str, float]) -> np.ndarray:
        return shells(ensemble(changes))

    return [
        evidence(
            "less western supply lowers the rounds Russia wants",
            wanted(full) - wanted(cut),
            off="no goal ratio",
            control=wanted(full | blind) - wanted(cut | blind),
            expected="gone",
            unit="krounds/month",
        ),
        evidence(
            "less western supply lowers Russia's shell imports",
            imports(full) - imports(cut),
            off="no goal ratio",
            control=imports(full | blind) - imports(cut | blind),
            expected="smaller",
            unit="krounds",
        ),
    ]


@claim
def test_c20_a_win_win() -> list[Evidence]:
    """C20: the needs complement each other, both win.

    Rule: bargain.bargain (gains of seller and buyer), technology.release. Parameters: stocks of the two.
    Expected: both sides gain; for its size (root of the product of the two GDPs) Russia-North Korea gains more than
    any other pair. Control: with Russia's depots full and North Korea self-sufficient nothing complements.
    """
    alike = FULL_DEPOTS | SELF_SUFFICIENT

    def gain(changes: dict[str, float], one: str, other: str) -> np.ndarray:
        return pair(ensemble(changes), "gain", one, other).mean(axis=0)

    def lead(changes: dict[str, float]) -> np.ndarray:
        ds = ensemble(changes)
        gdp = {"RUS": 2021.0, "PRK": 26.6, "USA": 27361.0, "KOR": 1713.0, "JPN": 4213.0, "CHN": 17795.0}
        codes = list(gdp)
        joint = {}
        for number, a in enumerate(codes):
            for b in codes[number + 1 :]:
                both = pair(ds, "gain", a, b) + pair(ds, "gain", b, a)
                joint[a, b] = both.mean(axis=0) / np.sqrt(gdp[a] * gdp[b])
        ours = joint.pop(("RUS", "PRK"))
        return ours - np.max(list(joint.values()), axis=0)

    rows = [
        evidence(
            f"{one} gains from trade with {other}",
            gain(NOTHING, one, other),
            off="nothing complements",
            control=gain(alike, one, other),
            expected="smaller",
            unit="MUSD/month",
        )
        for one, other in (("RUS", "PRK"), ("PRK", "RUS"))
    ]
    return [
        *rows,
        evidence(
            "Russia-North Korea gains more for its size than the best of the other fourteen pairs",
            lead({}),
            off="nothing complements",
            control=lead(alike),
            expected="smaller",
            unit="MUSD/month per bn USD",
        ),
    ]

"""Claims about the barter: C3 goods before technology, C9 the closed border, C20 gains on both sides."""

from __future__ import annotations

import numpy as np

from .ensemble import (
    FULL_DEPOTS,
    LONG,
    NOTHING,
    SELF_SUFFICIENT,
    before,
    ensemble,
    expected_acts,
    of,
    pair,
    points,
)
from .evidence import Evidence, claim, evidence

YEAR = 12
LIMITLESS = {"accounts.credit_line": 1e6, "accounts.debt_share": 1.0}
"""Nobody is ever in arrears."""


@claim
def test_c03_cheap_goods_first_then_technology() -> list[Evidence]:
    """C3: in return North Korea wants food, energy and weapons technology.

    Rule: market.agree, technology.start_projects, technology.release_hazard, technology.pressed_on,
    value.marginal_value. Parameters: technology.credit, technology.guard_scale, accounts.arrears_discount, PRK.energy
    and PRK.food production.
    Expected: Russia is in debt before it gives technology, and gives more as the debt has grown; arrears bring it
    earlier; it follows as the value of food and energy falls. What comes first is told by world, as far as it is known
    at the end of the run. Controls: unguarded technology on credit flows at once; credit without limit knows no
    arrears; if debt presses nobody, less need of food and energy brings no more.
    """

    def technology_of(changes: dict[str, float]) -> np.ndarray:
        return pair(ensemble(changes, months=LONG), "transfer", "RUS", "PRK").sum(axis=1) > 0.05

    def growth(changes: dict[str, float]) -> np.ndarray:
        """Points of the third year less those of the first."""
        years = pair(ensemble(changes, months=LONG), "transfer", "RUS", "PRK").sum(axis=1).reshape(3, YEAR, -1)
        return years.sum(axis=1)[2] - years.sum(axis=1)[0]

    def debt_first(changes: dict[str, float]) -> np.ndarray:
        owed = pair(ensemble(changes, months=LONG), "balance", "PRK", "RUS")
        return before(owed > 200.0, technology_of(changes))

    def pressed(changes: dict[str, float]) -> np.ndarray:
        """Whether guarded technology comes earlier where arrears count."""
        guarded = [
            pair(ensemble(changes | c, months=LONG), "transfer", "RUS", "PRK")[:, 2:].sum(axis=1) > 0.05
            for c in ({}, calm)
        ]
        return before(*guarded)

    def technology(changes: dict[str, float]) -> np.ndarray:
        return points(ensemble(changes, months=LONG)).sum(axis=0)

    calm = {"accounts.arrears_discount": 0.0}
    at_once = {
        "technology.guard_scale": 0.0,
        "technology.credit": 1.0,
        "technology.hazard": 0.25,
        "technology.lead": 0.0,
    }
    return [
        evidence(
            "Russia gives more technology in the third year than in the first, as its debt has grown",
            growth({}),
            off="technology unguarded, at once and on credit",
            control=growth(at_once),
            expected="smaller",
            unit="points",
        ),
        evidence(
            "Russia owes 200 MUSD before it gives technology",
            debt_first({}),
            off="technology unguarded, at once and on credit",
            control=debt_first(at_once),
            expected="smaller",
            unit="share of worlds, less the reverse",
        ),
        evidence(
            "arrears bring the first technology of tiers 3 and 4 earlier",
            pressed({}),
            off="credit without limit",
            control=pressed(LIMITLESS),
            expected="gone",
            unit="share of worlds, less the reverse",
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
            control=technology(LIMITLESS) - technology(LIMITLESS | calm),
            expected="smaller",
            unit="points",
        ),
    ]


@claim
def test_c09_border_closure_left_shortages() -> list[Evidence]:
    """C9: the closed border of the pandemic left shortages.

    Rule: routes.effective_capacity, drivers.drive (border), value.marginal_value, acts.glory. Parameters:
    border.target, prestige.hunger, acts.want.
    Expected: reopening brings imports back; a closed border raises North Korea's value of food and energy; hunger costs
    its leaders prestige and sends them to Russia.
    Controls: a country that grows and drills all it needs does not feel the border; hunger without consequences.
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

    def prestige(changes: dict[str, float]) -> np.ndarray:
        return of(ensemble(changes), "prestige", "PRK").mean(axis=0)

    def meetings(changes: dict[str, float]) -> np.ndarray:
        return expected_acts(ensemble(changes), "RUS", "PRK", ("visit", "summit"))

    famine, patient = {"PRK.food.harvest": 0.5}, {"prestige.hunger": 0.0, "acts.want": 0.0}
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
        evidence(
            "half a harvest costs North Korea prestige",
            prestige({}) - prestige(famine),
            off="hunger without consequences",
            control=prestige(patient) - prestige(famine | patient),
            expected="smaller",
            unit="1",
        ),
        evidence(
            "half a harvest brings more visits and summits with Russia",
            meetings(famine) - meetings({}),
            off="hunger without consequences",
            control=meetings(famine | patient) - meetings(patient),
            expected="smaller",
            unit="acts in 24 months",
        ),
    ]


@claim
def test_c20_a_win_win() -> list[Evidence]:
    """C20: the needs complement each other, both win.

    Rule: bargain.bargain (gains of seller and buyer), technology.start_projects. Parameters: stocks of the two.
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

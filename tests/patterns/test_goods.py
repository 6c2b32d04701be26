"""Claims about the barter: C3 goods before technology, C9 the closed border, C20 gains on both sides."""

from __future__ import annotations

from functools import partial

import numpy as np
from xarray import Dataset

from .ensemble import (
    FULL_DEPOTS,
    LONG,
    SELF_SUFFICIENT,
    Array,
    Changes,
    before,
    expected_acts,
    first_month,
    of,
    pair,
    points,
)
from .lever import Lever, back, table, to
from .pattern import Pattern
from .register import claim

YEAR = 12
LIMITLESS: Changes = {"accounts.credit_line": 1e6, "accounts.debt_share": 1.0}
"""Nobody is ever in arrears."""
AT_ONCE: Changes = {
    "technology.guard_scale": 0.0,
    "technology.credit": 1.0,
    "technology.hazard": 0.25,
    "technology.lead": 0.0,
}
"""Technology passes unguarded, at once and on credit."""


def technology(ds: Dataset) -> Array:
    """Points of technology that Russia released over the run."""
    total: Array = points(ds).sum(axis=0)
    return total


@claim
def test_c03_cheap_goods_first_then_technology() -> list[Pattern]:
    """C3: in return North Korea wants food, energy and weapons technology.

    Rule: market.agree, technology.start_projects, technology.release_hazard, technology.pressed_on,
    value.marginal_value, accounts.net_due. Parameters: technology.credit, technology.guard_scale,
    accounts.arrears_discount, PRK.energy and PRK.food production. Expected: Russia is in debt before it gives
    technology, and gives more as the debt has grown; arrears bring it earlier; it follows as the value of food and
    energy falls. What comes first is told by world, as far as it is known at the end of the run. Controls: unguarded
    technology on credit flows at once; credit without limit knows no arrears; if debt presses nobody, less need of food
    and energy brings no more.
    """

    def growth(ds: Dataset) -> Array:
        """Points of the third year less those of the first."""
        years = pair(ds, "transfer", "RUS", "PRK").sum(axis=1).reshape(3, YEAR, -1).sum(axis=1)
        return years[2] - years[0]

    def debt_first(ds: Dataset) -> Array:
        given = pair(ds, "transfer", "RUS", "PRK").sum(axis=1) > 0.05
        return before(pair(ds, "balance", "PRK", "RUS") > 200.0, given)

    def first_guarded(ds: Dataset) -> Array:
        return first_month(pair(ds, "transfer", "RUS", "PRK")[:, 2:].sum(axis=1), 0.05)

    level = partial(
        Pattern, lever=back(AT_ONCE), level=True, months=LONG, off="technology unguarded, at once and on credit"
    )
    pressed = partial(
        Pattern, lever=table("accounts.arrears_discount"), months=LONG, off="credit without limit", control=LIMITLESS
    )
    return [
        level(
            pattern="Russia gives more technology in the third year than in the first, as its debt has grown",
            unit="points",
            outcome=growth,
        ),
        level(
            pattern="Russia owes 200 MUSD before it gives technology",
            unit="share of worlds, less the reverse",
            outcome=debt_first,
        ),
        pressed(
            pattern="arrears bring the first technology of tiers 3 and 4 earlier within three years",
            unit="months",
            outcome=first_guarded,
            sign=-1.0,
            expected="gone",
        ),
        Pattern(
            pattern="North Korea short of neither food nor energy is paid in more technology",
            unit="points",
            lever=to(SELF_SUFFICIENT),
            outcome=technology,
            months=LONG,
            off="debt presses nobody",
            control={"accounts.arrears_discount": 0.0},
        ),
        pressed(
            pattern="debt presses Russia to release technology",
            unit="points",
            outcome=technology,
            base={"accounts.credit_line": 1000.0},
        ),
    ]


@claim
def test_c09_border_closure_left_shortages() -> list[Pattern]:
    """C9: the closed border of the pandemic left shortages.

    Rule: routes.effective_capacity, drivers.drive (border), country.Country.consume, value.marginal_value, acts.glory.
    Parameters: border.target, PRK.food.rationing, prestige.hunger, acts.want.
    Expected: reopening brings imports back; a closed border raises North Korea's value of food and energy; rations that
    last make the hungriest month after a lost harvest less hungry; hunger costs its leaders prestige and sends them to
    Russia.
    Controls: a country that grows and drills all it needs feels neither border nor rations; hunger without
    consequences.
    """

    def imports(ds: Dataset) -> Array:
        flows = [of(ds, name, "PRK", good) for name in ("imports", "world_imports") for good in ("food", "energy")]
        return np.sum(flows, axis=0)[12:].mean(axis=0)

    def hungriest(ds: Dataset) -> Array:
        return 1.0 - (of(ds, "consumption", "PRK", "food") / of(ds, "requirement", "PRK", "food")).min(axis=0)

    border = partial(
        Pattern,
        lever=Lever({"border.target": (0.1, 1.0)}),
        base={"border.start": 0.1},
        off="self-sufficient",
        control=SELF_SUFFICIENT,
    )
    famine = partial(
        Pattern,
        lever=Lever({"PRK.food.harvest": (1.0, 0.5)}),
        off="hunger without consequences",
        control={"prestige.hunger": 0.0, "acts.want": 0.0},
    )
    return [
        border(
            pattern="reopening raises imports of food and energy",
            unit="kt/month",
            outcome=imports,
        ),
        *(
            border(
                pattern=f"a closed border raises North Korea's value of {good}",
                unit="MUSD/kt",
                outcome=lambda ds, good=good: of(ds, "marginal_value", "PRK", good)[12:].mean(axis=0),
                sign=-1.0,
            )
            for good in ("food", "energy")
        ),
        Pattern(
            pattern="rations that last make the hungriest month after half a harvest less hungry",
            unit="share",
            lever=Lever({"PRK.food.rationing": (0.0, 1.0)}),
            outcome=hungriest,
            sign=-1.0,
            base={"PRK.food.harvest": 0.5},
            off="self-sufficient",
            control={**SELF_SUFFICIENT, "PRK.food.harvest": 1.0},
            expected="gone",
        ),
        famine(
            pattern="half a harvest costs North Korea prestige",
            unit="1",
            outcome=lambda ds: of(ds, "prestige", "PRK").mean(axis=0),
            sign=-1.0,
        ),
        famine(
            pattern="half a harvest brings more visits and summits with Russia",
            unit="acts in 24 months",
            outcome=lambda ds: expected_acts(ds, "RUS", "PRK", ("visit", "summit")),
        ),
    ]


GDP = {"RUS": 2021.0, "PRK": 28.7, "USA": 27361.0, "KOR": 1713.0, "JPN": 4213.0, "CHN": 17795.0}
"""bn USD, 2023; of North Korea 2022."""


@claim
def test_c20_a_win_win() -> list[Pattern]:
    """C20: the needs complement each other, both win.

    Rule: bargain.bargain (gains of seller and buyer), technology.start_projects. Parameters: stocks of the two.
    Expected: both sides gain; for its size (root of the product of the two GDPs) Russia-North Korea gains more than
    any other pair. Control: with Russia's depots full and North Korea self-sufficient nothing complements.
    """

    def gain(ds: Dataset, one: str, other: str) -> Array:
        return pair(ds, "gain", one, other).mean(axis=0)

    def lead(ds: Dataset) -> Array:
        codes = list(GDP)
        joint = {
            (a, b): (gain(ds, a, b) + gain(ds, b, a)) / np.sqrt(GDP[a] * GDP[b])
            for number, a in enumerate(codes)
            for b in codes[number + 1 :]
        }
        ours = joint.pop(("RUS", "PRK"))
        return ours - np.max(list(joint.values()), axis=0)

    level = partial(Pattern, lever=back(FULL_DEPOTS | SELF_SUFFICIENT), level=True, off="nothing complements")
    return [
        *(
            level(
                pattern=f"{one} gains from trade with {other}",
                unit="MUSD/month",
                outcome=partial(gain, one=one, other=other),
            )
            for one, other in (("RUS", "PRK"), ("PRK", "RUS"))
        ),
        level(
            pattern="Russia-North Korea gains more for its size than the best of the other fourteen pairs",
            unit="MUSD/month per bn USD",
            outcome=lead,
        ),
    ]

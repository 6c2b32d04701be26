"""Claims about guarded technology: C14 tiers in order, C15 what is kept back."""

from __future__ import annotations

from functools import partial

import numpy as np
from xarray import Dataset

from .ensemble import LONG, SEA, Array, Changes, before, first_month, pair, points
from .lever import back, to
from .pattern import Pattern
from .register import claim

FLAT: Changes = {f"technology.guard{tier}": 8.0 for tier in (2, 3, 4)}
"""Every tier guarded as little as the first."""
NO_LEAD: Changes = {"technology.lead": 0.0}
ON_CREDIT: Changes = {"technology.credit": 1.0}
DESPERATE: Changes = SEA | {
    "RUS.ammunition.stock": 2600.0,
    "RUS.ammunition.production": 80.0,
    "RUS.ammunition.ceiling": 80.0,
    "RUS.ammunition.reserve": 2500.0,
    "routes.rajin.capacity": 60.0,
    "war.attack_begins": 1.0,
    "war.attack_ends": 0.0,
}
"""A long attack, a long shortage of shells, and deliveries that pile up debt."""


def released(ds: Dataset) -> Array:
    """Whether a tier passed from Russia to North Korea, (month, tier, world)."""
    return pair(ds, "transfer", "RUS", "PRK") > 0.05


@claim
def test_c14_lower_tiers_first() -> list[Pattern]:
    """C14: Kim wants missiles, hypersonics, nuclear submarines and spy satellites.

    Rule: technology.guard_cost (guard rises by tier), technology.release_hazard. Parameters: technology.guard1 ...
    guard4, technology.lead, technology.precision.
    Expected: tier 1 is released before tier 2, 2 before 3, 3 before 4 (by world, as far as it is known at the end of
    the run; in a long shortage, so that the upper tiers come at all). Control: with the same guard and the same time
    for every tier the order goes.
    """

    def order(ds: Dataset, tier: int) -> Array:
        return before(released(ds)[:, tier - 1], released(ds)[:, tier])

    return [
        Pattern(
            pattern=f"tier {tier} is released before tier {tier + 1}",
            unit="share of worlds, less the reverse",
            lever=back(FLAT | NO_LEAD),
            outcome=partial(order, tier=tier),
            level=True,
            base=DESPERATE,
            months=LONG,
            off="flat guard, no lead",
        )
        for tier in (1, 2, 3)
    ]


def guarded(ds: Dataset) -> Array:
    """Points of tiers 3 and 4."""
    total: Array = points(ds)[2:].sum(axis=0)
    return total


def kept_from_china(ds: Dataset) -> Array:
    """Half where no point of tiers 3 and 4 passes to China, less a half where one does."""
    sent = ds["transfer"].sel(country="RUS", partner="CHN", tier=[3, 4])
    kept: Array = sent.sum(["month", "tier"]).values <= 0.05
    return kept.astype(float) - 0.5


def halves(ds: Dataset) -> list[Array]:
    """Whether tiers 1 and 2, and 3 and 4, passed to North Korea, (month, world) each."""
    transfer = pair(ds, "transfer", "RUS", "PRK")
    return [transfer[:, tiers].sum(axis=1) > 0.05 for tiers in (slice(2), slice(2, 4))]


@claim
def test_c15_key_technology_is_guarded() -> list[Pattern]:
    """C15: Russia guards its key technology even from China.

    Rule: technology.guard_cost (trust and need lower it), technology.release_hazard, technology.start_projects (arrears
    discount, claims), accounts.settling_discount, accounts.arrears. Parameters: technology.guard3, .guard4,
    .trust_effect, .need_effect, accounts.arrears_discount. Expected: tiers 3 and 4 come rarely and late under article
    conditions, and earlier and more under a long shortage with a large debt. Controls: flat guard makes them common; if
    need, trust and debt soften nothing, desperation brings little more.
    """
    level = partial(Pattern, level=True, months=LONG)
    desperate = partial(
        Pattern,
        lever=to(DESPERATE),
        months=LONG,
        off="nothing softens the guard",
        control={"technology.need_effect": 0.0, "technology.trust_effect": 0.0, "accounts.arrears_discount": 0.0},
    )
    return [
        level(
            pattern="share of worlds in which tiers 3 and 4 stay with Russia, above one in two",
            unit="share",
            lever=back(FLAT),
            outcome=lambda ds: 0.5 - (guarded(ds) > 0.05),
            off="flat guard",
        ),
        level(
            pattern="share of worlds in which tiers 3 and 4 stay with Russia even from China, above one in two",
            unit="share",
            lever=back(FLAT | ON_CREDIT),
            outcome=kept_from_china,
            off="flat guard, on credit",
        ),
        level(
            pattern="tiers 1 and 2 come before tiers 3 and 4",
            unit="share of worlds, less the reverse",
            lever=back(FLAT | NO_LEAD),
            outcome=lambda ds: before(*halves(ds)),
            off="flat guard, no lead",
        ),
        desperate(
            pattern="long shortage and large debt bring tiers 3 and 4 earlier within three years",
            unit="months",
            outcome=lambda ds: first_month(halves(ds)[1], 0.5),
            sign=-1.0,
        ),
        desperate(
            pattern="long shortage and large debt raise the points of tiers 3 and 4",
            unit="points",
            outcome=guarded,
        ),
        level(
            pattern="tiers 1 and 2 make up most of what is released",
            unit="points",
            lever=back(FLAT),
            outcome=lambda ds: -np.diff(points(ds).reshape(2, 2, -1).sum(axis=1), axis=0)[0],
            off="flat guard",
        ),
    ]

"""Claims about guarded technology: C14 tiers in order, C15 what is kept back."""

from __future__ import annotations

import numpy as np

from .ensemble import LONG, SEA, Array, Changes, before, ensemble, pair, points
from .evidence import Evidence, claim, evidence

FLAT = {f"technology.guard{tier}": 8.0 for tier in (2, 3, 4)}
"""Every tier guarded as little as the first."""
DESPERATE = SEA | {
    "RUS.ammunition.stock": 2600.0,
    "RUS.ammunition.production": 80.0,
    "RUS.ammunition.ceiling": 80.0,
    "RUS.ammunition.reserve": 2500.0,
    "routes.rajin.capacity": 60.0,
    "war.attack_begins": 1.0,
    "war.attack_ends": 0.0,
}
"""A long attack, a long shortage of shells, and deliveries that pile up debt."""


@claim
def test_c14_lower_tiers_first() -> list[Evidence]:
    """C14: Kim wants missiles, hypersonics, nuclear submarines and spy satellites.

    Rule: technology.guard_cost (guard rises by tier), technology.release_hazard. Parameters: technology.guard1 ...
    guard4, technology.lead, technology.precision.
    Expected: tier 1 is released before tier 2, 2 before 3, 3 before 4 (by world, as far as it is known at the end of
    the run; in a long shortage, so that the upper tiers come at all). Control: with the same guard and the same time
    for every tier the order goes.
    """

    def order(changes: Changes, tier: int) -> Array:
        transfer = pair(ensemble(DESPERATE | changes, months=LONG), "transfer", "RUS", "PRK") > 0.05
        return before(transfer[:, tier - 1], transfer[:, tier])

    return [
        evidence(
            f"tier {tier} is released before tier {tier + 1}",
            order({}, tier),
            off="flat guard, no lead",
            control=order(FLAT | {"technology.lead": 0.0}, tier),
            expected="smaller",
            unit="share of worlds, less the reverse",
        )
        for tier in (1, 2, 3)
    ]


@claim
def test_c15_key_technology_is_guarded() -> list[Evidence]:
    """C15: Russia guards its key technology even from China.

    Rule: technology.guard_cost (trust and need lower it), technology.release_hazard, technology.start_projects (arrears
    discount, claims). Parameters: technology.guard3, .guard4, .trust_effect, .need_effect, accounts.arrears_discount.
    Expected: tiers 3 and 4 come rarely and late under article conditions, and earlier and more under a long shortage
    with a large debt. Controls: flat guard makes them common; if need, trust and debt soften nothing, desperation
    brings little more.
    """

    def guarded(changes: Changes) -> Array:
        return points(ensemble(changes, months=LONG))[2:].sum(axis=0)

    def given(changes: Changes) -> Array:
        return (guarded(changes) > 0.05).astype(float)

    def kept_from_china(changes: Changes) -> Array:
        sent = ensemble(changes, months=LONG)["transfer"].sel(country="RUS", partner="CHN", tier=[3, 4])
        return (sent.sum(["month", "tier"]).values <= 0.05).astype(float) - 0.5

    def halves(changes: Changes) -> list[Array]:
        transfer = pair(ensemble(changes, months=LONG), "transfer", "RUS", "PRK")
        return [transfer[:, tiers].sum(axis=1) > 0.05 for tiers in (slice(2), slice(2, 4))]

    def later(changes: Changes) -> Array:
        return before(*halves(changes))

    def sooner(changes: Changes) -> Array:
        return before(halves(DESPERATE | changes)[1], halves(changes)[1])

    hard = {"technology.need_effect": 0.0, "technology.trust_effect": 0.0, "accounts.arrears_discount": 0.0}
    return [
        evidence(
            "share of worlds in which tiers 3 and 4 stay with Russia, above one in two",
            0.5 - given({}),
            off="flat guard",
            control=0.5 - given(FLAT),
            expected="smaller",
            unit="share",
        ),
        evidence(
            "share of worlds in which tiers 3 and 4 stay with Russia even from China, above one in two",
            kept_from_china({}),
            off="flat guard, on credit",
            control=kept_from_china(FLAT | {"technology.credit": 1.0}),
            expected="smaller",
            unit="share",
        ),
        evidence(
            "tiers 1 and 2 come before tiers 3 and 4",
            later({}),
            off="flat guard, no lead",
            control=later(FLAT | {"technology.lead": 0.0}),
            expected="smaller",
            unit="share of worlds, less the reverse",
        ),
        evidence(
            "long shortage and large debt bring tiers 3 and 4 earlier",
            sooner({}),
            off="nothing softens the guard",
            control=sooner(hard),
            expected="smaller",
            unit="share of worlds, less the reverse",
        ),
        evidence(
            "long shortage and large debt raise the points of tiers 3 and 4",
            guarded(DESPERATE) - guarded({}),
            off="nothing softens the guard",
            control=guarded(DESPERATE | hard) - guarded(hard),
            expected="smaller",
            unit="points",
        ),
        evidence(
            "tiers 1 and 2 make up most of what is released",
            np.diff(points(ensemble({}, months=LONG)).reshape(2, 2, -1).sum(axis=1), axis=0)[0] * -1.0,
            off="flat guard",
            control=np.diff(points(ensemble(FLAT, months=LONG)).reshape(2, 2, -1).sum(axis=1), axis=0)[0] * -1.0,
            expected="smaller",
            unit="points",
        ),
    ]

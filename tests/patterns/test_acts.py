"""Claims about single acts: C4 prestige, C10 clusters, C16 first exercise, C17 refused trio."""

from __future__ import annotations

from functools import partial

from xarray import Dataset

from .ensemble import (
    SEA,
    Array,
    Changes,
    chance,
    chance_together,
    ensemble,
    expected_acts,
    happened,
    once,
    pair,
)
from .lever import Later, Lever, back, table, to
from .pattern import Pattern
from .register import claim

NO_PRESTIGE: Changes = {"acts.weight.prestige": 0.0}
NO_NEED: Changes = {"acts.weight.need": 0.0}
NO_THREAT: Changes = {"acts.weight.threat": 0.0}
NO_AUTONOMY: Changes = {"acts.weight.autonomy": 0.0}
NO_GLORY: Changes = {f"prestige.{act}": 0.0 for act in ("visit", "summit", "treaty", "exercise")}
OPEN_TO_ALL: Changes = {"RUS.access": 1.0, "PRK.access": 1.0, "sanctions.access_loss": 0.0, "border.start": 1.0}
"""Nobody is isolated from the world market."""
MOST_FROM_CHINA = 1.7
"""bn USD a year: what North Korea bought of China in 2023 beside food and energy, nearly all of its other imports."""


def acts_of_the_two(ds: Dataset) -> Array:
    """Acts of Russia and North Korea to be expected over the run."""
    return expected_acts(ds, "RUS", "PRK")


def exercises(ds: Dataset) -> Array:
    """Exercises of Russia and North Korea to be expected over the run."""
    return expected_acts(ds, "RUS", "PRK", ("exercise",))


@claim
def test_c04_prestige_is_part_of_the_payment() -> list[Pattern]:
    """C4: North Korea's priorities also include prestige.

    Rule: acts.pair_terms (glory), diplomacy._pair_acts, accounts.prestige_payment. Parameters: prestige.value,
    acts.weight.prestige, prestige.summit; isolation through market access.
    Expected: a wish for prestige brings more summits; the more isolated wants it more; summits settle part of Russia's
    debt. Controls: nobody isolated; summits without glory.
    """
    settled = partial(
        Pattern,
        unit="MUSD",
        lever=Lever({"prestige.value": (0.0, 1000.0)}),
        outcome=lambda ds: pair(ds, "balance", "PRK", "RUS")[-1],
        sign=-1.0,
        base=SEA,
    )
    return [
        Pattern(
            pattern="the wish for prestige makes North Korea seek more summits with Russia",
            unit="summits in 24 months",
            lever=back(NO_PRESTIGE),
            outcome=lambda ds: chance(ds, "summit", "PRK", "RUS").sum(axis=0),
            base=SEA,
            off="nobody isolated",
            control=OPEN_TO_ALL,
        ),
        settled(
            pattern="prestige worth 1 000 MUSD against nothing lowers what Russia owes",
            off="acts without glory",
            control=NO_GLORY,
            expected="gone",
        ),
        settled(
            pattern="prestige worth 1 000 MUSD lowers what Russia owes the more, the more North Korea is isolated",
            off="nobody isolated",
            control=OPEN_TO_ALL,
        ),
    ]


@claim
def test_c10_acts_cluster_after_threat_and_deals() -> list[Pattern]:
    """C10: summit of 2023, the first since 2019, after a minister's visit in July.

    Rule: acts.pair_terms (need, threat), decisions.choose, decisions.decide (scheduled). Parameters:
    acts.weight.threat, acts.weight.need, coordination.*, routes.khasan.open.
    Expected: shared threat and open deals bring more acts of Russia and North Korea; a deal that opens is followed by
    acts. Controls: threat or need without weight.
    """
    prescribed = ensemble({}, events=once("summit", "RUS", "PRK", month=1))
    assert (happened(prescribed, "summit", "RUS", "PRK")[1] == 1.0).all()

    def after_opening(ds: Dataset) -> Array:
        both = chance_together(ds, "visit", "RUS", "PRK") + chance_together(ds, "summit", "RUS", "PRK")
        return both[12:16].mean(axis=0) - both[8:12].mean(axis=0)

    by_need = partial(Pattern, off="need without weight", control=NO_NEED)
    return [
        Pattern(
            pattern="a shared threat brings more acts of Russia and North Korea",
            unit="acts in 24 months",
            lever=table("coordination.growth"),
            outcome=acts_of_the_two,
            off="threat without weight",
            control=NO_THREAT,
        ),
        by_need(
            pattern="an open railway brings more acts than a closed one",
            unit="acts in 24 months",
            lever=Lever({"routes.khasan.open": (0.0, 1.0)}),
            outcome=acts_of_the_two,
        ),
        by_need(
            pattern="visits and summits are more likely in the four months after the railway opens than before",
            unit="acts/month",
            lever=Later({"routes.khasan.open": (0.0, 1.0)}, 12),
            outcome=after_opening,
            base={"routes.khasan.open": 0.0},
        ),
    ]


@claim
def test_c16_first_exercise_breaks_a_taboo() -> list[Pattern]:
    """C16: exercises would break North Korea's tradition of autonomy, the first since 1953.

    Rule: acts.pair_terms (threat, autonomy, taboo), diplomacy._exercises. Parameters: acts.weight.threat,
    PRK.autonomy, autonomy.taboo, autonomy.taboo_drop.
    Expected: more allied coordination makes an exercise with Russia more likely, a heavier autonomy weight less; a
    first exercise makes the next more likely, as the taboo falls. Controls: threat or autonomy without weight.
    """
    by_autonomy = partial(Pattern, off="autonomy without weight", control=NO_AUTONOMY, expected="gone")
    return [
        Pattern(
            pattern="more allied coordination makes exercises with Russia likelier",
            unit="exercises in 24 months",
            lever=table("coordination.growth"),
            outcome=exercises,
            off="threat without weight",
            control=NO_THREAT,
        ),
        by_autonomy(
            pattern="less weight of autonomy makes exercises with Russia likelier",
            unit="exercises in 24 months",
            lever=table("PRK.autonomy", down=True),
            outcome=exercises,
        ),
        by_autonomy(
            pattern="a taboo that falls with the first exercise makes North Korea readier for the next",
            unit="probability",
            lever=back({"autonomy.taboo_drop": 0.0}),
            outcome=lambda ds: chance(ds, "exercise", "PRK", "RUS")[8:].mean(axis=0),
            events=once("exercise", "RUS", "PRK", month=2),
        ),
    ]


@claim
def test_c17_no_trio_with_two_patrons() -> list[Pattern]:
    """C17: North Korea may refuse a trilateral exercise, which deepens its dependence on China and Russia.

    Rule: acts.trilateral_terms (square of both patrons' share; norm and exposure of China), acts.pair_terms (square of
    the patron's share), settlement._dependence. Parameters: acts.weight.autonomy, acts.trilateral_exercise.autonomy,
    CHN.norm, CHN.western_ties, PRK.imports.CHN (what is not bought there comes from elsewhere).
    Expected: North Korea is readier for an exercise with Russia alone than with both; China is reluctant; dependence
    on China raises the appeal of Russia against that of China (need without weight, so that trade with China counts
    through dependence alone). Controls: a trio that costs no autonomy; norm and pressure without weight; autonomy
    without weight.
    """
    share = [
        pair(ensemble({"PRK.imports.CHN": bought} | NO_NEED), "dependence", "PRK", "CHN").mean()
        for bought in (MOST_FROM_CHINA, 0.0)
    ]
    assert share[0] > share[1] + 0.05, f"dependence on China {share}"

    def readiness(ds: Dataset) -> Array:
        alone, both = chance(ds, "exercise", "PRK", "RUS"), chance(ds, "trilateral_exercise", "PRK", "RUS CHN")
        return (alone - both).mean(axis=0)

    def appeal(ds: Dataset) -> Array:
        return (chance(ds, "exercise", "PRK", "RUS") - chance(ds, "exercise", "PRK", "CHN")).mean(axis=0)

    return [
        Pattern(
            pattern="North Korea is readier for an exercise with Russia alone than with both",
            unit="probability",
            lever=back({"acts.trilateral_exercise.autonomy": 0.0}),
            outcome=readiness,
            level=True,
            off="a trio costs no autonomy",
        ),
        Pattern(
            pattern="norm and western ties hold China back from an exercise of three",
            unit="probability",
            lever=to({"CHN.norm": 0.0, "CHN.western_ties": 0.0}),
            outcome=lambda ds: chance(ds, "trilateral_exercise", "CHN").mean(axis=0),
            off="norm and pressure without weight",
            control={
                "acts.weight.norm": 0.0,
                "norm.weight": 0.0,
                "sanctions.pressure": 0.0,
                "sanctions.designation": 0.0,
            },
        ),
        Pattern(
            pattern="dependence on China raises the appeal of an exercise with Russia against one with China",
            unit="probability",
            lever=Lever({"PRK.imports.CHN": (0.0, MOST_FROM_CHINA)}),
            outcome=appeal,
            base=NO_NEED,
            off="autonomy without weight",
            control=NO_AUTONOMY,
        ),
    ]

"""Claims about single acts: C4 prestige, C10 clusters, C16 first exercise, C17 refused trio."""

from __future__ import annotations

from .ensemble import (
    SEA,
    Array,
    Changes,
    chance,
    chance_together,
    ensemble,
    expected_acts,
    from_month,
    happened,
    once,
    pair,
)
from .evidence import Evidence, claim, evidence

NO_PRESTIGE = {"acts.weight.prestige": 0.0}
NO_NEED = {"acts.weight.need": 0.0}
NO_THREAT = {"acts.weight.threat": 0.0}
NO_AUTONOMY = {"acts.weight.autonomy": 0.0}
NO_GLORY = {f"prestige.{act}": 0.0 for act in ("visit", "summit", "treaty", "exercise")}
OPEN_TO_ALL = {"RUS.access": 1.0, "PRK.access": 1.0, "sanctions.access_loss": 0.0, "border.start": 1.0}
"""Nobody is isolated from the world market."""
SURGE = {"coordination.growth": 0.4, "coordination.friction": 0.0}
CALM = {"coordination.growth": 0.0, "coordination.friction": 0.0}
"""Allied coordination high and low. Friction is the same in both, since it also enters the choice of acts."""

MOST_FROM_CHINA = 1.7
"""bn USD a year: what North Korea bought of China in 2023 beside food and energy, nearly all of its other imports."""


@claim
def test_c04_prestige_is_part_of_the_payment() -> list[Evidence]:
    """C4: North Korea's priorities also include prestige.

    Rule: acts.pair_terms (glory), diplomacy._pair_acts, accounts.prestige_payment. Parameters: prestige.value,
    acts.weight.prestige, prestige.summit; isolation through market access.
    Expected: a wish for prestige brings more summits; the more isolated wants it more; summits settle part of Russia's
    debt. Controls: nobody isolated; summits without glory.
    """

    def summits(changes: Changes) -> Array:
        return chance(ensemble(SEA | changes), "summit", "PRK", "RUS").sum(axis=0)

    def debt(changes: Changes) -> Array:
        return pair(ensemble(SEA | changes), "balance", "PRK", "RUS")[-1]

    def settled(changes: Changes) -> Array:
        return debt({"prestige.value": 0.0} | changes) - debt({"prestige.value": 1000.0} | changes)

    return [
        evidence(
            "the wish for prestige makes North Korea seek more summits with Russia",
            summits({}) - summits(NO_PRESTIGE),
            off="nobody isolated",
            control=summits(OPEN_TO_ALL) - summits(OPEN_TO_ALL | NO_PRESTIGE),
            expected="smaller",
            unit="summits in 24 months",
        ),
        evidence(
            "prestige worth 1 000 MUSD (the table's high) against nothing lowers what Russia owes",
            settled({}),
            off="acts without glory",
            control=settled(NO_GLORY),
            expected="gone",
            unit="MUSD",
        ),
        evidence(
            "prestige worth 1 000 MUSD (the table's high) against nothing lowers what Russia owes",
            settled({}),
            off="nobody isolated",
            control=settled(OPEN_TO_ALL),
            expected="smaller",
            unit="MUSD",
        ),
    ]


@claim
def test_c10_acts_cluster_after_threat_and_deals() -> list[Evidence]:
    """C10: summit of 2023, the first since 2019, after a minister's visit in July.

    Rule: acts.pair_terms (need, threat), decisions.choose, decisions.decide (scheduled). Parameters:
    acts.weight.threat, acts.weight.need, coordination.*, routes.khasan.open.
    Expected: shared threat and open deals bring more acts of Russia and North Korea; a deal that opens is followed by
    acts. Controls: threat or need without weight.
    """

    def acts(changes: Changes, **kwargs: int) -> Array:
        return expected_acts(ensemble(changes), "RUS", "PRK")

    shut = {"routes.khasan.open": 0.0}

    def after_opening(changes: Changes) -> Array:
        opened = ensemble(shut | changes, events=from_month(12, "routes.khasan.open", 1.0))
        both = chance_together(opened, "visit", "RUS", "PRK") + chance_together(opened, "summit", "RUS", "PRK")
        return both[12:16].mean(axis=0) - both[8:12].mean(axis=0)

    prescribed = ensemble({}, events=once("summit", "RUS", "PRK", month=1))
    assert (happened(prescribed, "summit", "RUS", "PRK")[1] == 1.0).all()
    return [
        evidence(
            "a shared threat brings more acts of Russia and North Korea",
            acts(SURGE) - acts(CALM),
            off="threat without weight",
            control=acts(SURGE | NO_THREAT) - acts(CALM | NO_THREAT),
            expected="smaller",
            unit="acts in 24 months",
        ),
        evidence(
            "an open railway brings more acts than a closed one",
            acts({}) - acts(shut),
            off="need without weight",
            control=acts(NO_NEED) - acts(NO_NEED | shut),
            expected="smaller",
            unit="acts in 24 months",
        ),
        evidence(
            "visits and summits are more likely in the four months after the railway opens than before",
            after_opening({}),
            off="need without weight",
            control=after_opening(NO_NEED),
            expected="smaller",
            unit="acts/month",
        ),
    ]


@claim
def test_c16_first_exercise_breaks_a_taboo() -> list[Evidence]:
    """C16: exercises would break North Korea's tradition of autonomy, the first since 1953.

    Rule: acts.pair_terms (threat, autonomy, taboo), diplomacy._exercises. Parameters: acts.weight.threat,
    PRK.autonomy, autonomy.taboo, autonomy.taboo_drop.
    Expected: more allied coordination makes an exercise with Russia more likely, a heavier autonomy weight less; a
    first exercise makes the next more likely. Controls: threat or autonomy without weight; a taboo that stays.
    """

    def exercises(changes: Changes) -> Array:
        return chance_together(ensemble(changes), "exercise", "RUS", "PRK").sum(axis=0)

    def after_first(changes: Changes) -> Array:
        first = once("exercise", "RUS", "PRK", month=2)
        with_first, without = ensemble(changes, events=first), ensemble(changes)
        gain = chance(with_first, "exercise", "PRK", "RUS") - chance(without, "exercise", "PRK", "RUS")
        return gain[8:].mean(axis=0)

    proud, humble = {"PRK.autonomy": 2.0}, {"PRK.autonomy": 0.3}
    return [
        evidence(
            "high against low allied coordination makes exercises with Russia likelier",
            exercises(SURGE) - exercises(CALM),
            off="threat without weight",
            control=exercises(SURGE | NO_THREAT) - exercises(CALM | NO_THREAT),
            expected="smaller",
            unit="exercises in 24 months",
        ),
        evidence(
            "autonomy weight 0.3 against 2 makes exercises with Russia likelier",
            exercises(humble) - exercises(proud),
            off="autonomy without weight",
            control=exercises(humble | NO_AUTONOMY) - exercises(proud | NO_AUTONOMY),
            expected="gone",
            unit="exercises in 24 months",
        ),
        evidence(
            "a first exercise makes North Korea readier for the next",
            after_first({"autonomy.taboo_drop": 0.7}),
            off="the taboo stays",
            control=after_first({"autonomy.taboo_drop": 0.0}),
            expected="smaller",
            unit="probability",
        ),
    ]


@claim
def test_c17_no_trio_with_two_patrons() -> list[Evidence]:
    """C17: North Korea may refuse a trilateral exercise, which deepens its dependence on China and Russia.

    Rule: acts.trilateral_terms (square of both patrons' share; norm and exposure of China), acts.pair_terms (square of
    the patron's share), settlement._dependence. Parameters: acts.weight.autonomy, acts.trilateral_exercise.autonomy,
    CHN.norm, CHN.western_ties, PRK.imports.CHN (what is not bought there comes from elsewhere).
    Expected: North Korea is readier for an exercise with Russia alone than with both; China is reluctant; dependence
    on China raises the appeal of Russia against that of China (need without weight, so that trade with China counts
    through dependence alone). Controls: a trio that costs no autonomy; norm and pressure without weight; autonomy
    without weight.
    """

    def readiness(changes: Changes) -> Array:
        ds = ensemble(changes)
        alone, both = chance(ds, "exercise", "PRK", "RUS"), chance(ds, "trilateral_exercise", "PRK", "RUS CHN")
        return (alone - both).mean(axis=0)

    def reluctance(changes: Changes) -> Array:
        free = {"CHN.norm": 0.0, "CHN.western_ties": 0.0}
        at_ease, as_it_is = (
            chance(ensemble(c), "trilateral_exercise", "CHN").mean(axis=0) for c in (free | changes, changes)
        )
        return at_ease - as_it_is

    def appeal(from_china: float, changes: Changes) -> Array:
        ds = ensemble({"PRK.imports.CHN": from_china} | NO_NEED | changes)
        return (chance(ds, "exercise", "PRK", "RUS") - chance(ds, "exercise", "PRK", "CHN")).mean(axis=0)

    def swing(changes: Changes) -> Array:
        return appeal(MOST_FROM_CHINA, changes) - appeal(0.0, changes)

    share = [
        pair(ensemble({"PRK.imports.CHN": bought} | NO_NEED), "dependence", "PRK", "CHN").mean()
        for bought in (MOST_FROM_CHINA, 0.0)
    ]
    assert share[0] > share[1] + 0.05, f"dependence on China {share}"
    return [
        evidence(
            "North Korea is readier for an exercise with Russia alone than with both",
            readiness({}),
            off="a trio costs no autonomy",
            control=readiness({"acts.trilateral_exercise.autonomy": 0.0}),
            expected="smaller",
            unit="probability",
        ),
        evidence(
            "norm and western ties hold China back from an exercise of three",
            reluctance({}),
            off="norm and pressure without weight",
            control=reluctance(
                {"acts.weight.norm": 0.0, "norm.weight": 0.0, "sanctions.pressure": 0.0, "sanctions.designation": 0.0}
            ),
            expected="smaller",
            unit="probability",
        ),
        evidence(
            "dependence on China raises the appeal of an exercise with Russia against one with China",
            swing({}),
            off="autonomy without weight",
            control=swing(NO_AUTONOMY),
            expected="smaller",
            unit="probability",
        ),
    ]

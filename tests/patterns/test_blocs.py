"""Claims about the blocs: C11 western alarm, C12 missile tests, C13 the security dilemma, C21 China between both."""

from __future__ import annotations

from functools import partial

import numpy as np
from xarray import Dataset

from sim.scenario.parameters import PARAMETERS

from .ensemble import DRAWN, SEA, Array, Changes, chance, ensemble, expected_acts, lane, of, pair
from .lever import Lever, Prescribed, back, table
from .pattern import Pattern, Run
from .register import claim

SHUT = {"routes.khasan.open": 0.0}
NO_NEED = {"acts.weight.need": 0.0}
NO_THREAT = {"acts.weight.threat": 0.0}
NO_DRILLS = {"acts.trilateral_exercise.base": -100.0}
"""No exercises of three; by themselves the western three hold them in most months, so more would add little."""
WEST = ("USA", "KOR", "JPN")
ARMS = Lever({"routes.khasan.open": (0.0, 1.0), "routes.rajin.open": (0.0, 1.0)})
"""Arms cannot pass, or by rail and sea."""
WESTERN_DRILLS = Prescribed("trilateral_exercise", WEST)


def threat(ds: Dataset, country: str = "KOR") -> Array:
    """Mean from month 12 on."""
    felt: Array = of(ds, "threat", country)[12:].mean(axis=0)
    return felt


def months_with_tests(ds: Dataset) -> Array:
    """Months with missile tests of North Korea to be expected."""
    total: Array = chance(ds, "missile_test", "PRK").sum(axis=0)
    return total


@claim
def test_c11_warming_worries_the_west() -> list[Pattern]:
    """C11: the warming worries the United States and South Korea.

    Rule: threat.signal, threat.move_threat, acts.solo_terms, relations.hostile_acts, relations.moved_apart,
    diplomacy.appraise. Parameters: threat.sensitivity, acts.weight.need and .threat. Expected: arms delivered,
    exercises and technology raise threat in the three, and they answer with designations, monitoring and exercises.
    Control: deaf to what the other side does.
    """

    def answers(ds: Dataset) -> Array:
        designations = [chance(ds, "designation", country).sum(axis=0) for country in WEST]
        return expected_acts(ds, "USA", "KOR", ("exercise",)) + np.sum(designations, axis=0)

    deaf = partial(Pattern, off="deaf", control={"threat.sensitivity": 0.0}, unit="threat 0-1")
    return [
        *(
            deaf(
                pattern=f"arms delivered raise the threat that {country} feels",
                lever=ARMS,
                outcome=partial(threat, country=country),
            )
            for country in WEST
        ),
        deaf(
            pattern="monthly exercises of Russia and North Korea raise South Korea's threat",
            lever=Prescribed("exercise", ("RUS", "PRK")),
            outcome=threat,
        ),
        deaf(
            pattern="technology less guarded raises South Korea's threat",
            lever=table("technology.guard_scale", down=True),
            outcome=threat,
        ),
        Pattern(
            pattern="the three answer arms with more designations and exercises",
            unit="acts in 24 months",
            lever=ARMS,
            outcome=answers,
            off="threat without weight",
            control=NO_THREAT | NO_NEED,
        ),
    ]


@claim
def test_c12_tests_answer_exercises() -> list[Pattern]:
    """C12: North Korea tests missiles at a record pace against American, South Korean and Japanese moves.

    Rule: threat.answer, acts.solo_terms (missile_test), diplomacy._tests, country.Country.produce (test rounds).
    Parameters: threat.spiral, threat.deterrence, threat.weight.pressure, acts.weight.threat, acts.weight.need,
    tests.rounds, technology.guard_scale.
    Expected: allied exercises bring more tests; so do sanctions and technology gained; tests cost output of shells and
    exports. Controls: threat without weight; sanctions that nobody sees; need without weight; no tests at all.
    """
    cost = partial(
        Pattern,
        unit="krounds in 24 months",
        lever=Lever({"tests.rounds": (0.0, 20.0)}),
        sign=-1.0,
        base=SEA | {"PRK.ammunition.stock": 4500.0, "PRK.ammunition.reserve": 3500.0},
        off="no tests",
        control={"acts.missile_test.base": -100.0},
        expected="gone",
    )
    return [
        Pattern(
            pattern="monthly exercises of the three against none bring more missile tests",
            unit="tests in 24 months",
            lever=WESTERN_DRILLS,
            outcome=lambda ds: ds["tests"].values.sum(axis=0),
            base=NO_DRILLS,
            off="threat without weight",
            control=NO_THREAT,
        ),
        Pattern(
            pattern="more pressure of sanctions brings more months with tests",
            unit="months of 24",
            lever=table("sanctions.pressure"),
            outcome=months_with_tests,
            off="the target does not see them as a threat",
            control={"threat.weight.pressure": 0.0},
        ),
        Pattern(
            pattern="technology less guarded brings more months with tests",
            unit="months of 24",
            lever=table("technology.guard_scale", down=True),
            outcome=months_with_tests,
            off="need without weight",
            control=NO_NEED,
        ),
        *(
            cost(
                pattern=f"tests cost {what} where the old stock is small",
                outcome=lambda ds, name=name: of(ds, name, "PRK", "ammunition").sum(axis=0),
            )
            for name, what in (("production", "output of shells"), ("exports", "exports of shells"))
        ),
    ]


PUSH = {"east": "threat.weight.pressure", "west": "threat.weight.tests"}
"""What makes a bloc see more of the other: its weight goes over the table's range."""
SEERS = {"east": ("PRK",), "west": WEST}


def seen(ds: Dataset, bloc: str) -> Array:
    """What a bloc sees of the other, mean from month 12 on."""
    mean: Array = np.mean([of(ds, "seen", country)[12:].mean(axis=0) for country in SEERS[bloc]], axis=0)
    return mean


def passed_on(run: Run, dose: float, *, bloc: str) -> Array:
    """What the other bloc sees at a dose, for each unit that this one sees more from end to end."""
    other = "west" if bloc == "east" else "east"
    pushed = seen(run(1.0), bloc).mean() - seen(run(0.0), bloc).mean()
    share: Array = seen(run(dose), other) / pushed
    return share


def pushed_over(run: Run, dose: float, bloc: str) -> list[Dataset]:
    """The worlds with the push of a bloc at both ends of the table."""
    row = PARAMETERS[PUSH[bloc]]
    return [run(dose, {PUSH[bloc]: value}) for value in (row.low, row.high)]


def loop_gain(run: Run, dose: float) -> Array:
    """Product of both steps, linear in what each world adds, so that its error is that of the product."""
    steps = []
    for bloc, other in (("east", "west"), ("west", "east")):
        low, high = pushed_over(run, dose, bloc)
        steps.append((seen(high, other) - seen(low, other)) / (seen(high, bloc) - seen(low, bloc)).mean())
    east, west = steps
    gain: Array = east * west.mean() + west * east.mean() - east.mean() * west.mean()
    return gain


def seen_by_push(run: Run, dose: float) -> Array:
    """What the east sees, in units of the push that it was given."""
    low, high = pushed_over(run, dose, "east")
    share: Array = seen(low, "east") / (seen(high, "east") - seen(low, "east")).mean()
    return share


@claim
def test_c13_security_dilemma() -> list[Pattern]:
    """C13: trilateral cooperation of the United States, South Korea and Japan corners Kim.

    Rule: threat.answer, threat.signal, threat.move_threat, threat.move_coordination, acts.trilateral_terms. Parameters:
    threat.spiral, threat.deterrence, threat_response of both blocs, coordination.friction.
    Expected: what one bloc is made to see more, it answers, so that the other sees more of it; the product of both
    steps is the loop gain g, by which a push grows to 1/(1 - g). The two theories differ in sign. Control: threat
    moves no act.
    """
    deaf = partial(Pattern, off="threat without weight")
    theory = partial(Pattern, unit="months of 24", lever=WESTERN_DRILLS, outcome=months_with_tests, fixes="threat")
    spiral: Changes = {"threat.spiral": DRAWN, "threat.deterrence": 0.0}
    deterrence: Changes = {"threat.spiral": 0.0, "threat.deterrence": 1.0}
    return [
        *(
            deaf(
                pattern=f"the {other} sees more of the {bloc} that is made to see more of it",
                unit="for each unit",
                lever=table(PUSH[bloc]),
                measure=partial(passed_on, bloc=bloc),
                control=NO_THREAT,
            )
            for bloc, other in (("east", "west"), ("west", "east"))
        ),
        deaf(
            pattern="the security dilemma has a loop gain: what comes back of a push, by both steps",
            unit="share of the push",
            lever=back(NO_THREAT),
            measure=loop_gain,
            spread=seen_by_push,
            level=True,
        ),
        theory(
            pattern="by the spiral alone western exercises bring more months with tests",
            base=NO_DRILLS | spiral,
            off="deterrence alone",
            control=deterrence,
        ),
        theory(
            pattern="by deterrence alone western exercises bring fewer months with tests",
            base=NO_DRILLS | deterrence,
            sign=-1.0,
            off="the spiral alone",
            control=spiral,
        ),
    ]


@claim
def test_c21_china_hedges() -> list[Pattern]:
    """C21: China might join, and wants neither dependence nor encirclement.

    Rule: acts.solo_terms (aid: shortage, North Korea's dependence on Russia, western ties), market.agree.
    Parameters: PRK.food.harvest, acts.weight.need, acts.weight.threat, CHN.western_ties.
    Expected: Chinese aid and supply rise when North Korea nears collapse or tilts to Russia; ties with the west hold
    aid back. Controls: need or threat without weight; no pressure that could cost anything.
    """
    wide, shut = {"routes.khasan.capacity": 130.0} | NO_NEED, SHUT | NO_NEED
    share = [pair(ensemble(c), "dependence", "PRK", "RUS").mean() for c in (wide, shut)]
    assert share[0] > share[1] + 0.05, f"dependence on Russia {share}"

    def aid(ds: Dataset) -> Array:
        return chance(ds, "aid", "CHN").sum(axis=0)

    crisis = Lever({"PRK.food.harvest": (1.0, 0.6)})
    aided = partial(Pattern, unit="months of aid in 24", outcome=aid)
    return [
        Pattern(
            pattern="a bad harvest brings more Chinese food",
            unit="kt/month",
            lever=crisis,
            outcome=lambda ds: lane(ds, "delivered", "CHN", "PRK", "food").mean(axis=0),
            off="no market and no motive to help",
            control={"pairs.PRK-CHN.openness": 0.0} | NO_NEED,
        ),
        aided(
            pattern="a bad harvest makes Chinese aid likelier",
            lever=crisis,
            off="need without weight",
            control=NO_NEED,
        ),
        # Russian trade also relieves shortage, which calls for less aid: need gets no weight, so only the tilt counts
        aided(
            pattern="at equal need a tilt to Russia by a wider railway makes Chinese aid likelier",
            lever=table("routes.khasan.capacity"),
            base=NO_NEED,
            off="threat without weight",
            control=NO_THREAT,
        ),
        aided(
            pattern="ties with the west hold Chinese aid back",
            lever=table("CHN.western_ties", down=True),
            off="no pressure",
            control={"sanctions.pressure": 0.0, "sanctions.designation": 0.0},
        ),
    ]

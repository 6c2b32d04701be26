"""Claims about the blocs: C11 western alarm, C12 missile tests, C13 the security dilemma, C21 China between both."""

from __future__ import annotations

import numpy as np
from xarray import Dataset

from .ensemble import SEA, Array, Changes, chance, ensemble, every_month, expected_acts, lane, of, pair
from .evidence import Evidence, claim, evidence

DEAF = {"threat.sensitivity": 0.0}
SHUT = {"routes.khasan.open": 0.0}
NO_NEED = {"acts.weight.need": 0.0}
NO_THREAT = {"acts.weight.threat": 0.0}
NO_DRILLS = {"acts.trilateral_exercise.base": -100.0}
"""No exercises of three; by themselves the western three hold them in most months, so more would add little."""
WEST, EAST = ("USA", "KOR", "JPN"), ("RUS", "PRK", "CHN")


@claim
def test_c11_warming_worries_the_west() -> list[Evidence]:
    """C11: the warming worries the United States and South Korea.

    Rule: threat.signal, threat.move_threat, acts.solo_terms. Parameters: threat.sensitivity, acts.weight.need and
    .threat.
    Expected: arms delivered, exercises and technology raise threat in the three, and they answer with designations,
    monitoring and exercises. Control: deaf to what the other side does.
    """
    drill = every_month("exercise", "RUS", "PRK")
    give = {"technology.guard_scale": 0.2}

    def threat(changes: Changes, events: tuple = (), country: str = "KOR") -> Array:
        return of(ensemble(changes, events=events), "threat", country)[12:].mean(axis=0)

    def answers(changes: Changes) -> Array:
        ds = ensemble(changes)
        total = expected_acts(ds, "USA", "KOR", ("exercise",))
        for country in WEST:
            total = total + chance(ds, "designation", country).sum(axis=0)
        return total

    mute = {"acts.weight.threat": 0.0, "acts.weight.need": 0.0}
    rows = [
        evidence(
            f"arms delivered raise the threat that {country} feels",
            threat(SEA, country=country) - threat(SHUT, country=country),
            off="deaf",
            control=threat(SEA | DEAF, country=country) - threat(SHUT | DEAF, country=country),
            expected="smaller",
            unit="threat 0-1",
        )
        for country in WEST
    ]
    return [
        *rows,
        evidence(
            "monthly exercises of Russia and North Korea raise South Korea's threat",
            threat({}, drill) - threat({}),
            off="deaf",
            control=threat(DEAF, drill) - threat(DEAF),
            expected="smaller",
            unit="threat 0-1",
        ),
        evidence(
            "technology gained raises South Korea's threat",
            threat(give) - threat({"technology.guard_scale": 1e6}),
            off="deaf",
            control=threat(give | DEAF) - threat({"technology.guard_scale": 1e6} | DEAF),
            expected="smaller",
            unit="threat 0-1",
        ),
        evidence(
            "the three answer arms with more designations and exercises",
            answers(SEA) - answers(SHUT),
            off="threat without weight",
            control=answers(SEA | mute) - answers(SHUT | mute),
            expected="smaller",
            unit="acts in 24 months",
        ),
    ]


@claim
def test_c12_tests_answer_exercises() -> list[Evidence]:
    """C12: North Korea tests missiles at a record pace against American, South Korean and Japanese moves.

    Rule: threat.answer, acts.solo_terms (missile_test), diplomacy._tests, country.Country.produce (test rounds).
    Parameters: threat.spiral, threat.deterrence, threat.weight.pressure, acts.weight.threat, acts.weight.need,
    tests.rounds, technology.guard_scale.
    Expected: allied exercises bring more tests; so do sanctions and technology gained; tests cost output of shells and
    exports. Controls: threat without weight; sanctions that nobody sees; need without weight; no tests at all.
    """
    drill = every_month("trilateral_exercise", "USA", "KOR", "JPN")

    def more_tests(changes: Changes) -> Array:
        drilled, quiet = ensemble(changes, events=drill), ensemble(changes | NO_DRILLS)
        return drilled["tests"].values.sum(axis=0) - quiet["tests"].values.sum(axis=0)

    def by_technology(changes: Changes) -> Array:
        months = [
            chance(ensemble({"technology.guard_scale": guard} | changes), "missile_test", "PRK").sum(axis=0)
            for guard in (0.2, 1e6)
        ]
        return months[0] - months[1]

    def by_sanctions(changes: Changes) -> Array:
        months = [
            chance(ensemble({"sanctions.pressure": pressure} | changes), "missile_test", "PRK").sum(axis=0)
            for pressure in (1.0, 0.0)
        ]
        return months[0] - months[1]

    small = SEA | {"PRK.ammunition.stock": 4500.0, "PRK.ammunition.reserve": 3500.0}

    def given_up(name: str, changes: Changes) -> Array:
        free, costly = (
            of(ensemble(small | {"tests.rounds": rounds} | changes), name, "PRK", "ammunition").sum(axis=0)
            for rounds in (0.0, 20.0)
        )
        return free - costly

    return [
        evidence(
            "monthly exercises of the three against none bring more missile tests",
            more_tests({}),
            off="threat without weight",
            control=more_tests(NO_THREAT),
            expected="smaller",
            unit="tests in 24 months",
        ),
        evidence(
            "full pressure of sanctions against none brings more months with tests",
            by_sanctions({}),
            off="the target does not see them as a threat",
            control=by_sanctions({"threat.weight.pressure": 0.0}),
            expected="smaller",
            unit="months of 24",
        ),
        evidence(
            "technology gained brings more months with tests",
            by_technology({}),
            off="need without weight",
            control=by_technology(NO_NEED),
            expected="smaller",
            unit="months of 24",
        ),
        *(
            evidence(
                f"tests cost {what} where the old stock is small",
                given_up(name, {}),
                off="no tests",
                control=given_up(name, {"acts.missile_test.base": -100.0}),
                expected="gone",
                unit="krounds in 24 months",
            )
            for name, what in (("production", "output of shells"), ("exports", "exports of shells"))
        ),
    ]


@claim
def test_c13_security_dilemma() -> list[Evidence]:
    """C13: trilateral cooperation of the United States, South Korea and Japan corners Kim.

    Rule: threat.answer, threat.signal, threat.move_threat, threat.move_coordination, acts.trilateral_terms. Parameters:
    threat.spiral, threat.deterrence, threat_response of both blocs, coordination.friction.
    Expected: what one bloc is made to see more, it answers, so that the other sees more of it; the product of both
    steps is the loop gain g, by which a push grows to 1/(1 - g). The two theories differ in sign. Control: threat
    moves no act.
    """
    push = {"east": {"threat.weight.pressure": 0.5}, "west": {"threat.weight.tests": 0.5}}

    def seen(changes: Changes, *countries: str) -> Array:
        ds = ensemble(changes)
        return np.mean([of(ds, "seen", country)[12:].mean(axis=0) for country in countries], axis=0)

    def passed_on(changes: Changes, bloc: str) -> Array:
        """What the other bloc sees more for each unit that this one is made to see more (ratio of means, by world)."""
        here, there = (("PRK",), WEST) if bloc == "east" else (WEST, ("PRK",))
        more = [seen(changes | push[bloc], *side) - seen(changes, *side) for side in (here, there)]
        return more[1] / more[0].mean()

    def gain(changes: Changes) -> Array:
        """Product of both, linear in what each world adds, so that mean and standard error are those of the product."""
        east, west = passed_on(changes, "east"), passed_on(changes, "west")
        return east * west.mean() + west * east.mean() - east.mean() * west.mean()

    def more_tests(changes: Changes) -> Array:
        drill = every_month("trilateral_exercise", "USA", "KOR", "JPN")
        return expected_tests(ensemble(changes, events=drill)) - expected_tests(ensemble(changes | NO_DRILLS))

    def expected_tests(ds: Dataset) -> Array:
        return chance(ds, "missile_test", "PRK").sum(axis=0)

    spiral, deterrence = {"threat.deterrence": 0.0}, {"threat.spiral": 0.0, "threat.deterrence": 1.0}
    return [
        *(
            evidence(
                f"the {other} sees more of the {bloc} that is made to see more of it",
                passed_on({}, bloc),
                off="threat without weight",
                control=passed_on(NO_THREAT, bloc),
                expected="smaller",
                unit="for each unit",
            )
            for bloc, other in (("east", "west"), ("west", "east"))
        ),
        evidence(
            "the security dilemma has a loop gain: what comes back of a push, by both steps",
            gain({}),
            off="threat without weight",
            control=gain(NO_THREAT),
            expected="smaller",
            unit="share of the push",
        ),
        evidence(
            "by the spiral alone western exercises bring more months with tests",
            more_tests(spiral),
            off="deterrence alone",
            control=more_tests(deterrence),
            expected="smaller",
            unit="months of 24",
        ),
        evidence(
            "by deterrence alone western exercises bring fewer months with tests",
            -more_tests(deterrence),
            off="the spiral alone",
            control=-more_tests(spiral),
            expected="smaller",
            unit="months of 24",
        ),
    ]


@claim
def test_c21_china_hedges() -> list[Evidence]:
    """C21: China might join, and wants neither dependence nor encirclement.

    Rule: acts.solo_terms (aid: shortage, North Korea's dependence on Russia, western ties), market.agree.
    Parameters: PRK.food.harvest, acts.weight.need, acts.weight.threat, CHN.western_ties.
    Expected: Chinese aid and supply rise when North Korea nears collapse or tilts to Russia; ties with the west hold
    aid back. Controls: need or threat without weight; no pressure that could cost anything.
    """
    crisis = {"PRK.food.harvest": 0.6}

    def aid(changes: Changes) -> Array:
        return chance(ensemble(changes), "aid", "CHN").sum(axis=0)

    def supply(changes: Changes) -> Array:
        return lane(ensemble(changes), "delivered", "CHN", "PRK", "food").mean(axis=0)

    no_need, no_threat = {"acts.weight.need": 0.0}, {"acts.weight.threat": 0.0}

    # Russian trade also relieves shortage, which calls for less aid: need gets no weight, so that only the tilt counts
    def tilt(changes: Changes) -> Array:
        return aid({"routes.khasan.capacity": 200.0} | no_need | changes) - aid(SHUT | no_need | changes)

    dear = {"pairs.PRK-CHN.openness": 0.0} | no_need
    tied, free = {"CHN.western_ties": 1.0}, {"CHN.western_ties": 0.0}
    no_pressure = {"sanctions.pressure": 0.0, "sanctions.designation": 0.0}
    share = [pair(ensemble(c), "dependence", "PRK", "RUS").mean() for c in ({"routes.khasan.capacity": 200.0}, SHUT)]
    assert share[0] > share[1] + 0.05, f"dependence on Russia {share}"
    return [
        evidence(
            "a bad harvest brings more Chinese food",
            supply(crisis) - supply({}),
            off="no market and no motive to help",
            control=supply(crisis | dear) - supply(dear),
            expected="smaller",
            unit="kt/month",
        ),
        evidence(
            "a bad harvest makes Chinese aid likelier",
            aid(crisis) - aid({}),
            off="need without weight",
            control=aid(crisis | no_need) - aid(no_need),
            expected="smaller",
            unit="months of aid in 24",
        ),
        evidence(
            "at equal need a tilt to Russia makes Chinese aid likelier",
            tilt({}),
            off="threat without weight",
            control=tilt(no_threat),
            expected="smaller",
            unit="months of aid in 24",
        ),
        evidence(
            "ties with the west hold Chinese aid back",
            aid(free) - aid(tied),
            off="no pressure",
            control=aid(free | no_pressure) - aid(tied | no_pressure),
            expected="smaller",
            unit="months of aid in 24",
        ),
    ]

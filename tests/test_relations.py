"""Relations of pairs: diplomacy knows whether anything is traded, and hostility moves alignment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
from small_worlds import SEA, act_in, from_month, scenario, states, watch

from sim.model import relations
from sim.scenario.names import COUNTRIES, JPN, KOR, PRK, RUS, USA
from sim.scenario.options import group_of

Array = np.ndarray
IMPOSSIBLE = {"pairs.RUS-PRK.openness": 0.0, "technology.guard_scale": 1e6, "PRK.ammunition.agreed": 0.0}
"""Nothing ever moves between Russia and North Korea, and nothing was promised."""
HOPE_ALONE = {"acts.need.potential": 1.0, "acts.need.realised": 0.0, "acts.need.arrears": 0.0}
"""The simple rule: a partner is needed for what the next unit would bring."""
CAPACITIES = (15.0, 23.0, 35.0, 55.0, 84.0, 130.0)
"""Of the railway at Khasan, kt a month: six in even steps of the logarithm over the range of the table."""


@cache
def _met(changes: tuple[tuple[str, float], ...]) -> float:
    chance = watch(scenario(dict(changes), months=24, worlds=32), rested=True, compiled=True)["probability"]
    both = [group_of(act, "RUS", "PRK") for act in ("visit", "summit")]
    return float(sum(chance[:, list(rows)].prod(axis=1).sum(axis=0).mean() for rows in both))


def met(changes: Mapping[str, float]) -> float:
    """Visits and summits of Russia and North Korea to be expected in two years, mean over worlds."""
    return _met(tuple(sorted(changes.items())))


@pytest.mark.parametrize("base", [{}, SEA], ids=["rail", "rail and sea"])
def test_without_trade_at_least_half_of_the_meetings_go(base: Mapping[str, float]) -> None:
    assert met({**base, **IMPOSSIBLE}) < 0.5 * met(base)


def test_hope_alone_would_not_notice_that_nothing_is_traded() -> None:
    """The control: with the weights of the simple rule most meetings stay."""
    assert met({**HOPE_ALONE, **IMPOSSIBLE}) > 0.5 * met(HOPE_ALONE)


def rank_correlation(values: list[float]) -> float:
    ranks = np.argsort(np.argsort(values))
    return float(np.corrcoef(np.arange(len(values)), ranks)[0, 1])


def test_meetings_do_not_fall_with_the_railway() -> None:
    assert rank_correlation([met({"routes.khasan.capacity": kt}) for kt in CAPACITIES]) >= 0.0


def test_hope_alone_would_let_meetings_fall_with_the_railway() -> None:
    """The control: the more is carried, the fuller the store, and the less the next unit brings."""
    assert rank_correlation([met({"routes.khasan.capacity": kt} | HOPE_ALONE) for kt in CAPACITIES]) < 0.0


# ---- Rivals, and what becomes a habit ---------------------------------------------------------------------------

RECORD = 10
"""Months of the record, September 2023 to June 2024."""


@cache
def _done(changes: tuple[tuple[str, float], ...]) -> Array:
    spec = scenario(SEA | dict(changes), months=RECORD, worlds=64)
    return watch(spec, rested=True, compiled=True)["outcome"].sum(axis=0).mean(axis=-1)


def done(act: str, *actors: str, **changes: float) -> float:
    """How often an act happened in ten months, mean over worlds; keys with two underscores for a dot."""
    outcome = _done(tuple(sorted((key.replace("__", "."), value) for key, value in changes.items())))
    return float(outcome[group_of(act, *actors)[0]])


def test_rivals_meet() -> None:
    """Washington and Beijing met about four times. The control: without an agenda they hardly meet."""
    met = {weight: done("visit", "USA", "CHN", acts__weight__agenda=weight) for weight in (3.0, 0.0)}
    assert met[3.0] > 1.0
    assert met[0.0] < 0.25 * met[3.0]


def test_countries_that_do_not_speak_do_not_meet() -> None:
    """None of these pairs met at the top in the ten months of the record."""
    for pair in (("RUS", "USA"), ("RUS", "KOR"), ("RUS", "JPN"), ("PRK", "USA"), ("PRK", "KOR"), ("PRK", "JPN")):
        assert done("summit", *pair) < 0.5


def test_routine_acts_are_as_frequent_as_the_record_says() -> None:
    """Eight exercises of the western three, and about two summits of Russia and China, in ten months."""
    assert 6.0 < done("trilateral_exercise", "USA", "KOR", "JPN") < 9.5
    assert done("trilateral_exercise", "RUS", "PRK", "CHN") < 0.5
    assert 1.0 < done("summit", "RUS", "CHN") < 5.0


def test_habit_makes_the_next_act_likelier() -> None:
    """Russia and China meet more often than they would without a past, here where acts that are rare without it grow
    in proportion to it. The control: a past without weight.
    """
    rare = {"acts__weight__habit": 0.2, "acts__summit__base": -1.2}
    past = {key: rare | {"pairs__RUS-CHN__acts": value} for key, value in (("none", 0.0), ("long", 7.6))}
    assert done("summit", "RUS", "CHN", **past["long"]) > 1.5 * done("summit", "RUS", "CHN", **past["none"])
    without = {"acts__weight__habit": 0.0}
    assert done("summit", "RUS", "CHN", **past["long"] | without) == done(
        "summit", "RUS", "CHN", **past["none"] | without
    )


def test_acts_leave_a_habit_that_fades() -> None:
    """A year of monthly summits, then none: what is remembered rises towards twelve a year and falls by the rate."""
    summits = tuple(act_in(month, "summit", "RUS", "JPN") for month in range(12))
    remembered = states(scenario(SEA, months=24, worlds=8, events=summits), "institutions")["institutions"][:, RUS, JPN]
    assert (remembered[11] > remembered[0] + 1.0).all()
    assert (remembered[23] < remembered[11]).all()
    assert (remembered[23] > remembered[0]).all()


# ---- Trust -----------------------------------------------------------------------------------------------------


def trust_after(months: int, changes: Mapping[str, float]) -> Array:
    """Trust (country, partner) after so many months, mean over worlds."""
    return watch(scenario(SEA | dict(changes), months=months), compiled=True)["trust"][-1].mean(axis=-1)


def test_deliveries_build_trust_and_without_them_there_is_none() -> None:
    assert trust_after(24, {})[RUS, PRK] > trust_after(1, {})[RUS, PRK] + 0.05
    idle = [trust_after(months, IMPOSSIBLE)[RUS, PRK] for months in (24, 1)]
    assert idle[0] == pytest.approx(idle[1])


def test_a_lender_learns_of_its_debtor_and_not_the_other_way() -> None:
    """With little credit Russia is soon at its line, and North Korea trusts it less than Russia trusts North Korea. The
    control: broken promises without weight.
    """
    strained = {"accounts.credit_line": 400.0, "trust.strained_from": 0.2}
    learnt = trust_after(24, strained)
    assert learnt[PRK, RUS] < learnt[RUS, PRK] - 0.02
    assert trust_after(24, strained | {"trust.failure": 0.0})[PRK, RUS] > learnt[PRK, RUS] + 0.02


def left_behind(end: int, changes: Mapping[str, float]) -> tuple[float, float]:
    """Trust and acts a year that Russia and North Korea remember after three years, the bond ended in month `end`."""
    stop = from_month(end, "war.intensity", 0.0), from_month(end, "pairs.RUS-PRK.openness", 0.0)
    found = states(scenario(SEA | dict(changes), months=36, worlds=32, events=stop), "trust", "institutions")
    trust, acts = (float(values[-1, RUS, PRK].mean()) for values in found.values())
    return trust, acts


def test_a_longer_bond_leaves_more_behind() -> None:
    """The bond ends after half a year or after two. The control: where all is forgotten at once."""
    (long_trust, long_habit), (short_trust, short_habit) = (left_behind(end, {}) for end in (24, 6))
    assert long_trust > short_trust + 0.02
    assert long_habit > short_habit + 0.1
    forgetful = [left_behind(end, {"trust.drift": 1.0, "acts.habit.fading": 1.0})[0] for end in (24, 6)]
    assert abs(forgetful[0] - forgetful[1]) < 0.02


# ---- Alignment -------------------------------------------------------------------------------------------------


def test_hostile_acts_part_those_concerned_and_nobody_else() -> None:
    one, none = np.ones(1), np.zeros(1)
    seen = relations.hostile_acts(0.5 * one, 0.25 * one, np.stack([one, none, none]), one)[..., 0]
    expected = np.zeros((len(COUNTRIES),) * 2)
    expected[PRK, USA], expected[PRK, KOR], expected[PRK, JPN] = 1.75, 0.75, 0.75
    expected[RUS, USA], expected[RUS, KOR] = 1.0, 1.0
    np.testing.assert_array_equal(seen, expected + expected.T)


def test_alignment_falls_towards_its_end_and_never_beyond() -> None:
    before = np.array([1.0, 0.0, -0.9, -1.0])
    np.testing.assert_allclose(relations.moved_apart(before, np.full(4, 0.1)), [0.8, -0.1, -0.91, -1.0])
    np.testing.assert_array_equal(relations.moved_apart(before, np.full(4, 3.0)), np.full(4, -1.0))
    np.testing.assert_array_equal(relations.moved_apart(before, np.zeros(4)), before)


def test_hostile_acts_lower_alignment_across_the_blocs_and_not_without_weight() -> None:
    """A year of tests and designations, mean over worlds; the control has no weight on hostile acts."""
    year = {
        w: watch(scenario(SEA | {"alignment.hostile": w}, months=12))["alignment"].mean(axis=-1) for w in (1.0, 0.0)
    }
    for one, other in ((PRK, KOR), (PRK, JPN), (PRK, USA), (RUS, KOR)):
        assert year[1.0][-1, one, other] < year[1.0][0, one, other]
        assert year[0.0][-1, one, other] >= year[0.0][0, one, other] - 1e-12


def test_usual_alignment_orders_the_pairs_as_the_record_does() -> None:
    """Over the ranges of the weights: the Koreas are enemies, Washington is closer to Beijing than to Pyongyang, and
    South Korea and Japan are closer to the United States than to each other.
    """
    usual = watch(scenario({"alignment.hostile": 0.0, "alignment.act": 0.0}, months=1))["alignment"][0]
    chn = COUNTRIES.index("CHN")
    assert (usual[PRK, KOR] < -0.6).all()
    assert (usual[USA, chn] > usual[USA, PRK]).mean() > 0.9
    assert (usual[KOR, JPN] < usual[USA, KOR] + 1e-12).all()
    assert (usual[RUS, chn] > usual[RUS, PRK] - 1e-12).all()

"""Regret and robust choices: a table solved by hand, planted answers, and controls with nothing to find."""

import numpy as np
import pytest

from sim.studies.policy.regret import FEWEST_WORLDS, choose, regrets, resampled, table
from sim.studies.policy.vulnerability import conditions, ranks_of

BY_HAND = np.array([[3.0, 5.0, 2.0, 8.0], [4.0, 1.0, 2.0, 9.0], [3.0, 6.0, 7.0, 8.0]])
"""Outcome of three policies in four worlds."""


def test_regret_by_hand() -> None:
    """Best in each world: 3, 1, 2, 8 where less is better; 4, 6, 7, 9 where more is."""
    less = [[0.0, 4.0, 0.0, 0.0], [1.0, 0.0, 0.0, 1.0], [0.0, 5.0, 5.0, 0.0]]
    more = [[1.0, 1.0, 5.0, 1.0], [0.0, 5.0, 5.0, 0.0], [1.0, 0.0, 0.0, 1.0]]
    np.testing.assert_array_equal(regrets(BY_HAND), less)
    np.testing.assert_array_equal(regrets(-BY_HAND), more)


def test_table_by_hand() -> None:
    """Ties: worlds 1 and 4 between the first and third policy, world 3 between the first two."""
    seen = table(BY_HAND, 1.0, threshold=4.0)
    np.testing.assert_allclose(seen.mean, [1.0, 0.5, 2.5])
    np.testing.assert_allclose(seen.q75, [1.0, 1.0, 5.0])
    np.testing.assert_allclose(seen.q95, [3.4, 1.0, 5.0])
    np.testing.assert_array_equal(seen.largest, [4.0, 1.0, 5.0])
    np.testing.assert_allclose(seen.best, [1.5 / 4, 1.5 / 4, 1.0 / 4])
    np.testing.assert_allclose(seen.satisfied, [0.5, 0.75, 0.25])
    assert (seen.by_regret.best, seen.by_satisficing.best) == (1, 1)
    assert seen.by_regret.says_nothing, "four worlds tell nothing apart"
    many = table(BY_HAND, -1.0, threshold=5.0)
    np.testing.assert_allclose(many.satisfied, [0.5, 0.25, 0.75])
    assert many.by_regret.best == 2


def test_the_rules_may_disagree() -> None:
    """A policy that is never bad beside the others, and one that is good enough more often but sometimes far worse."""
    worlds = np.arange(200)
    steady, often = np.full(200, 1.2), np.where(worlds % 10 == 0, 5.0, 0.9)
    seen = table(np.stack([steady, often]), 1.0, threshold=1.0)
    assert (seen.by_regret.best, seen.by_satisficing.best) == (0, 1)
    assert all((seen.by_regret.stands_out, seen.by_satisficing.stands_out))


def test_the_average_is_not_what_decides() -> None:
    """The policy of the best mean fails in a tenth of the worlds; the planted robust one is found and distinguished."""
    rng = np.random.default_rng(4)
    base = rng.normal(10.0, 5.0, 256)
    bad = rng.random(256) < 0.1
    gamble = base - 1.0 + 6.0 * bad + rng.normal(0.0, 0.2, 256)
    robust = base + rng.normal(0.0, 0.2, 256)
    idle = base + 2.0 + rng.normal(0.0, 0.2, 256)
    seen = table(np.stack([idle, gamble, robust]), 1.0, threshold=10.0)
    assert gamble.mean() < robust.mean()
    assert seen.by_regret.best == 2
    assert seen.by_regret.stands_out


def test_equal_policies_are_not_told_apart() -> None:
    outcome = np.tile(np.random.default_rng(1).normal(size=100), (4, 1))
    seen = table(outcome, 1.0, threshold=0.0)
    assert all((seen.by_regret.says_nothing, seen.by_satisficing.says_nothing))
    np.testing.assert_array_equal(seen.best, 0.25)
    np.testing.assert_array_equal(seen.errors["q95"], 0.0)


def test_noise_does_not_make_a_robust_choice() -> None:
    """The control: four policies that differ by chance alone. One always comes first, but is rarely called robust.

    By each of two rules a policy is distinguished in at most 5 % of the cases: 4 of 40, within two standard errors 8.
    """
    some = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        outcome = rng.normal(size=128) + 0.3 * rng.normal(size=(4, 128))
        seen = table(outcome, 1.0, threshold=0.0)
        some += not (seen.by_regret.says_nothing and seen.by_satisficing.says_nothing)
        assert not seen.by_regret.stands_out
    assert some <= 8


def test_errors_are_those_of_paired_worlds() -> None:
    """The standard error of a mean, against its formula; and a constant regret has none."""
    rng = np.random.default_rng(8)
    shared = rng.normal(0.0, 50.0, 400)
    outcome = np.stack([shared, shared + 1.0, shared + rng.normal(2.0, 0.5, 400)])
    seen = table(outcome, 1.0, threshold=0.0)
    regret = regrets(outcome)
    assert seen.errors["mean"][1] < 0.05, "the level that all share has gone"
    assert seen.errors["mean"][2] == pytest.approx(regret[2].std(ddof=1) / 20.0, rel=0.15)
    assert resampled(regret, regret == 0.0).shape == (400, 4, 3)


def test_a_share_of_all_worlds_has_an_error() -> None:
    """All of 100 worlds meet the threshold: by Wilson's interval the share may be z² / (n + z²) less."""
    seen = table(np.random.default_rng(1).normal(size=(2, 100)), 1.0, threshold=99.0)
    np.testing.assert_array_equal(seen.satisfied, 1.0)
    np.testing.assert_allclose(seen.errors["satisfied"], 1.645 / (2.0 * (100.0 + 1.645**2)))


def test_worlds_without_a_number_are_left_out() -> None:
    outcome = np.array([[1.0, np.nan, 3.0], [2.0, 2.0, 2.0]])
    assert table(outcome, 1.0, 2.0).worlds == 2
    with pytest.raises(ValueError, match="no world"):
        table(outcome[:, 1:2], 1.0, 2.0)


def test_of_equal_values_the_second_rule_decides() -> None:
    again = np.zeros((5, 3))
    assert choose(np.zeros(3), again, np.array([2.0, 1.0, 3.0])).best == 1
    assert choose(np.zeros(3), again, np.zeros(3)).often == 1.0
    uneven = np.array([1.0, 1.0, 3.0])
    assert choose(np.zeros(3), again, uneven).first == (0, 1)
    assert choose(np.zeros(3), again, uneven, ordered=False).first == (0, 1, 2), "the second rule is not this one"


# ---- Conditions ------------------------------------------------------------------------------------------------


def drawn(worlds: int = 200, keys: int = 60, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {f"key{k}": rng.random(worlds) for k in range(keys)}


def test_ranks_by_hand() -> None:
    assert ranks_of(np.array([5.0, 1.0, 5.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


def test_the_planted_condition_is_found() -> None:
    values = drawn()
    cost = np.exp(3.0 * values["key7"]) + np.random.default_rng(2).normal(0.0, 3.0, 200)
    first, second, *_ = conditions(cost, values)
    assert (first.key, first.sure, first.correlation > 0.5) == ("key7", True, True)
    assert not second.sure
    assert first.low == pytest.approx(0.25, abs=0.08)
    assert first.at_high - first.at_low > 5.0 * (first.error_low + first.error_high)
    falling = conditions(-cost, values)[0]
    assert (falling.key, falling.correlation) == ("key7", pytest.approx(-first.correlation))


def test_luck_is_not_taken_for_a_condition() -> None:
    """The control: 60 keys, none matters. The strongest is sure in 5 of 100 cases, 11 within three standard errors.

    800 cases, counted once, gave 4.8 % with a standard error of 0.8 %.
    """
    noise = (np.random.default_rng([7, seed]).normal(size=60) for seed in range(100))
    sure = sum(conditions(cost, drawn(60, 60, seed))[0].sure for seed, cost in enumerate(noise))
    assert sure <= 11


def test_without_differences_there_is_no_condition() -> None:
    values = drawn()
    assert conditions(np.zeros(200), values) == []
    assert conditions(np.arange(FEWEST_WORLDS - 1.0), drawn(FEWEST_WORLDS - 1)) == []
    assert conditions(np.arange(200.0), {"same": np.ones(200)}) == []

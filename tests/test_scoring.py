"""Scores against hand-solved cases and closed forms; baselines on data that one of them made."""

import math
from itertools import permutations, product
from statistics import NormalDist

import numpy as np
import pytest

from sim.studies.history import scoring
from sim.studies.history.baselines import NAMES, NARROW, Early, baselines
from sim.studies.history.scoring import crps, errors, mean_gap, score, triangular, variance

# ---- The score --------------------------------------------------------------------------------------------------


def of_normal(mean: float, sd: float, y: float) -> float:
    """CRPS of a normal distribution (Gneiting and Raftery 2007, eq. 20's example)."""
    z, unit = (y - mean) / sd, NormalDist()
    return sd * (z * (2.0 * unit.cdf(z) - 1.0) + 2.0 * unit.pdf(z) - 1.0 / math.sqrt(math.pi))


def by_loops(values: np.ndarray, central: float, error: np.ndarray) -> float:
    """The definition, pair by pair."""
    far = np.mean([abs(x + e - central) for x, e in product(values, error)])
    others = permutations(values, 2)
    pairs = [abs(x + e - y - f) for (x, y), (e, f) in product(others, product(error, repeat=2))]
    return float(far - np.mean(pairs) / 2.0)


def test_of_a_point_is_the_distance() -> None:
    assert crps(np.array([3.0]), 5.0) == 2.0
    assert crps(np.full(10, 3.0), 5.0) == pytest.approx(2.0)


def test_hand_solved() -> None:
    """Two worlds 0 and 1, figure 0: mean distance 1/2, the only pair is 1 apart, half of that is 1/2."""
    assert crps(np.array([0.0, 1.0]), 0.0) == pytest.approx(0.0)
    # 0, 1, 2 against 3: mean distance 2; pairs 1, 1, 2 apart, mean 4/3
    assert crps(np.array([0.0, 1.0, 2.0]), 3.0) == pytest.approx(2.0 - 2.0 / 3.0)
    assert mean_gap(np.array([0.0, 1.0, 2.0])) == pytest.approx(8.0 / 9.0)
    # one world and an error of ±1, figure at the world: mean distance 1, half the errors' gap of 1
    assert crps(np.array([4.0]), 4.0, np.array([-1.0, 1.0])) == pytest.approx(0.5)


def test_one_sort_is_the_definition() -> None:
    rng = np.random.default_rng(1)
    values, error = rng.gamma(2.0, size=7), errors(1.0, 2.0, 5.0, points=4)
    assert crps(values, 2.0, error) == pytest.approx(by_loops(values, 2.0, error))
    big = 1e9 + values
    assert crps(big, 1e9 + 2.0, error) == pytest.approx(crps(values, 2.0, error), abs=1e-6)


@pytest.mark.parametrize("y", [-1.0, 0.0, 0.7, 3.0])
def test_many_worlds_of_a_normal(y: float) -> None:
    """Within four standard errors, that of the mean distance being at most sd / root of the worlds."""
    worlds = np.random.default_rng(2).normal(0.5, 2.0, 4000)
    assert crps(worlds, y) == pytest.approx(of_normal(0.5, 2.0, y), abs=4.0 * 2.0 / math.sqrt(4000))


def test_few_worlds_are_not_taken_for_a_narrow_forecast() -> None:
    """Ensembles of three have the closed form on average; counting a world against itself (the control) does not."""
    rng = np.random.default_rng(3)
    fair, naive = [], []
    for worlds in rng.normal(size=(4000, 3)):
        fair.append(crps(worlds, 0.3))
        naive.append(float(np.abs(worlds - 0.3).mean()) - mean_gap(worlds) / 2.0)
    error = float(np.std(fair) / math.sqrt(len(fair)))
    assert np.mean(fair) == pytest.approx(of_normal(0.0, 1.0, 0.3), abs=4.0 * error)
    assert abs(np.mean(naive) - of_normal(0.0, 1.0, 0.3)) > 10.0 * error


# ---- Bands ------------------------------------------------------------------------------------------------------


def test_triangular_band() -> None:
    assert triangular([0.0, 0.5, 1.0], 0.0, 1.0, 2.0) == pytest.approx([0.0, 1.0, 2.0])
    assert triangular(0.25, 0.0, 1.0, 4.0) == pytest.approx(1.0)
    assert triangular([0.1, 0.9], 3.0, 3.0, 3.0) == pytest.approx([3.0, 3.0])
    assert triangular(0.75, 2.0, 2.0, 4.0) == pytest.approx(4.0 - 2.0 * math.sqrt(0.25))
    drawn = triangular((np.arange(20000) + 0.5) / 20000, 1.0, 2.0, 5.0)
    assert drawn.var() == pytest.approx(variance(1.0, 2.0, 5.0), rel=1e-3)
    assert variance(2.0, 2.0, 2.0) == 0.0


def test_errors_of_a_claim() -> None:
    """A band that reaches further up says that the claim tends to be too low."""
    found = errors(9.0, 10.0, 14.0)
    assert found.shape == (scoring.POINTS,)
    assert found.mean() == pytest.approx(10.0 - (9.0 + 10.0 + 14.0) / 3.0, abs=0.01)
    assert -4.0 <= found.min() < found.max() <= 1.0
    assert errors(5.0, 5.0, 5.0) == pytest.approx([0.0])


def claims(rng: np.random.Generator, truth: np.ndarray, below: float, above: float) -> np.ndarray:
    """Reports of the truth whose band reaches so far below and above them."""
    return truth + below - triangular(rng.random(len(truth)), 0.0, below, below + above)


def test_the_truth_itself_scores_best() -> None:
    """Proper under the error of the figures; averaging over the band instead (the control) favours a wider model.

    Truths and errors are the middles of equal shares of their distributions, so that nothing is left to chance.
    """
    below, above = 2.0, 4.0
    right = np.array([NormalDist(10.0, 1.0).inv_cdf((k + 0.5) / 64) for k in range(64)])
    error = errors(10.0 - below, 10.0, 10.0 + above, points=8)
    seen = (right[:, None] + error).ravel()
    smeared = (right[:, None] - error).ravel()

    def mean_score(worlds: np.ndarray) -> float:
        return float(np.mean([score(worlds, y - below, y, y + above).crps for y in seen]))

    def averaged(worlds: np.ndarray) -> float:
        return float(np.mean([crps(worlds, y - e) for y in seen for e in error]))

    best = mean_score(right)
    others = (smeared, right + 0.5, right - 0.5, 10.0 + 0.2 * (right - 10.0), 10.0 + 2.0 * (right - 10.0))
    assert all(mean_score(other) > best for other in others)
    assert averaged(smeared) < averaged(right)


def coverage(shift: float, spread: float = 1.0, count: int = 400) -> tuple[float, float]:
    """Share of figures in the 50 % and 90 % band of a model that is off by so much."""
    rng = np.random.default_rng(6)
    truth = rng.normal(10.0, 1.0, count)
    worlds = 10.0 + shift + spread * rng.normal(size=200)
    found = [score(worlds, y - 1.0, y, y + 3.0) for y in claims(rng, truth, 1.0, 3.0)]
    return float(np.mean([one.in50 for one in found])), float(np.mean([one.in90 for one in found]))


def test_coverage_is_nominal_for_the_right_model_only() -> None:
    """Within four binomial standard errors of 400 figures; shifted or narrow models, the controls, are outside."""
    half, most = 4.0 * math.sqrt(0.25 / 400), 4.0 * math.sqrt(0.09 / 400)
    in50, in90 = coverage(0.0)
    assert in50 == pytest.approx(0.5, abs=half)
    assert in90 == pytest.approx(0.9, abs=most)
    for shift, spread in ((1.5, 1.0), (-1.5, 1.0), (0.0, 0.05)):
        assert coverage(shift, spread)[1] < 0.9 - most


def test_place_says_on_which_side() -> None:
    worlds = np.arange(101.0)
    assert [score(worlds, y, y, y).place for y in (-1.0, 50.0, 200.0)] == [0.0, 0.5, 1.0]
    assert score(np.zeros(9), 0.0, 0.0, 0.0)[1:] == (0.5, (0.0,) * 5, True, True)


def test_skill_and_luck() -> None:
    assert [scoring.skill(*both) for both in ((1.0, 2.0), (2.0, 1.0), (0.0, 0.0))] == [0.5, -1.0, 0.0]
    assert [scoring.ratio(*both) for both in ((0.0, 1.0), (1.0, 0.0), (-0.1, 1.0))] == [0.01, 100.0, 0.01]
    assert scoring.chance_of_so_few(1, 2, 0.5) == pytest.approx(0.75)
    assert scoring.chance_of_so_few(4, 4, 0.9) == pytest.approx(1.0)


# ---- Rivals -----------------------------------------------------------------------------------------------------


def early(days: list[float], values: list[float], width: float = 0.0, **kind: bool) -> Early:
    central = np.array(values)
    return Early(np.array(days), central - width, central, central + width, **{"count": False, **kind})


def test_each_baseline_goes_on_with_data_of_its_own_kind() -> None:
    line = baselines("a", early([0.0, 10.0, 20.0], [5.0, 7.0, 9.0]))
    assert line["trend"].draw(40.0) == pytest.approx(13.0)
    flat = baselines("b", early([0.0, 10.0, 20.0], [5.0, 5.0, 5.0]))
    assert all(flat[name].draw(99.0) == pytest.approx(5.0) for name in NAMES)
    count = baselines("c", early([0.0, 10.0, 20.0], [0.0, 30.0, 60.0], count=True))
    assert count["constant"].draw(30.0) == pytest.approx(90.0)
    middle = baselines("d", early([0.0, 10.0, 20.0, 30.0], [4.0, 6.0, 4.0, 6.0]))["constant"].draw(99.0)
    assert middle.mean() == pytest.approx(5.0, abs=4.0 * middle.std() / math.sqrt(len(middle)))
    # a mean of four with variance 4/3: sd sqrt(4/3 · 5/4)
    assert middle.std() == pytest.approx(math.sqrt(5.0 / 3.0), rel=0.07)


def test_persistence_is_a_random_walk() -> None:
    """Steps of ±2 every four days: variance one a day."""
    walk = baselines("a", early([0.0, 4.0, 8.0, 12.0], [50.0, 52.0, 50.0, 52.0]))["persistence"]
    for ahead in (4.0, 25.0):
        assert walk.draw(12.0 + ahead).std() == pytest.approx(math.sqrt(ahead), rel=0.07)
        assert np.median(walk.draw(12.0 + ahead)) == pytest.approx(52.0, abs=0.3 * math.sqrt(ahead))


def test_scatter_that_the_bands_explain_is_not_counted_twice() -> None:
    days, values = [0.0, 10.0, 20.0, 30.0], [50.0, 51.0, 49.0, 50.0]
    wide = baselines("a", early(days, values, width=6.0))["constant"].draw(60.0)
    assert wide.std() == pytest.approx(math.sqrt(6.0 / 4.0), rel=0.07)  # the mean of four bands of variance 6² / 6


def test_possible_values_only() -> None:
    rng = np.random.default_rng(9)
    falling = baselines("a", early([0.0, 10.0, 20.0], [9.0, 5.0, 1.0], 0.5))
    assert min(falling[name].draw(300.0).min() for name in NAMES) >= 0.0
    shares = baselines("b", early([0.0, 10.0, 20.0], [0.1, 0.5, 0.9], 0.05, share=True))
    assert max(shares[name].draw(300.0).max() for name in NAMES) <= 1.0
    days = np.array([0.0, *np.sort(rng.uniform(1.0, 99.0, 5))])
    counts = baselines("c", early(days.tolist(), [0.0, 5.0, 5.0, 6.0, 20.0, 21.0], 0.0, count=True))
    assert min(counts[name].draw(day).min() for name in NAMES for day in (100.0, 400.0)) >= 21.0


def test_few_early_figures_are_told() -> None:
    assert baselines("a", early([], [])) == {}
    assert baselines("a", early([0.0], [0.0], count=True)) == {}
    one = baselines("a", early([0.0], [5.0], width=1.0))
    assert all("one early observation" in one[name].note for name in NAMES[1:])
    assert one["trend"].draw(9.0) == pytest.approx(one["persistence"].draw(9.0))
    two = baselines("a", early([0.0, 9.0], [5.0, 6.0], width=1.0))
    assert (two["persistence"].note, two["trend"].note, two["constant"].note) == ("", NARROW, "")
    counted = baselines("a", early([0.0, 9.0], [0.0, 6.0], count=True))
    assert (counted["trend"].note, counted["constant"].note) == (NARROW, NARROW)


def test_baselines_draw_the_same_every_time() -> None:
    made = [baselines("a", early([0.0, 5.0], [5.0, 6.0], width=1.0))["trend"].draw(9.0) for _ in range(2)]
    assert np.array_equal(*made)
    other = baselines("b", early([0.0, 5.0], [5.0, 6.0], width=1.0))["trend"].draw(9.0)
    assert not np.array_equal(made[0], other)

"""Several observations together: rates, worlds inside all bands, energy and variogram score on hand-solved cases."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from sim.analysis.record.comparable import Window
from sim.analysis.record.file import Observation
from sim.analysis.record.known import KNOWN
from sim.analysis.record.readers import DAYS_PER_MONTH
from sim.commands.options import TUNED_TO
from sim.studies.history import multivariate
from sim.studies.history.analysis import ALL, EARLY, LATER, Evaluation, evaluate
from sim.studies.history.at_once import at_once
from sim.studies.history.baselines import NAMES, Early, baselines
from sim.studies.history.joint import joint
from sim.studies.history.joint_tables import joint_sections
from sim.studies.history.joint_words import at_once_sentences, joint_findings, rate_sentences
from sim.studies.history.multivariate import energy, variogram
from sim.studies.history.paths import correlated, of_walk
from sim.studies.history.rates import rates, record_band
from sim.studies.history.scoring import crps, difference_errors, errors

Array = np.ndarray
Score = Callable[[Array, Array], float]
LEVEL, COUNT, SHELLS = "russian_stock_million", "containers_prk_rus_cumulative", "shells_prk_rus_cumulative_million"
SCORES = (energy, variogram)


def row(series: str, date: str, low: float, central: float, high: float) -> Observation:
    return Observation(series, np.datetime64(date, "D"), low, central, high, KNOWN[series].unit, "made up", 1)


def scored(rows: list[Observation], values: Array) -> Evaluation:
    return evaluate(rows, rows, [], values, Window(np.datetime64(TUNED_TO, "D")))


# ---- Rates ------------------------------------------------------------------------------------------------------

MONTH_APART = "2024-01-01", "2024-01-31"


def test_a_rate_by_hand() -> None:
    """Claims 90, 100, 120 and 150, 160, 170 in 30 days: 60 at least 30, at most 80, times 30.4375 / 30."""
    rows = [row(COUNT, MONTH_APART[1], 150.0, 160.0, 170.0), row(COUNT, MONTH_APART[0], 90.0, 100.0, 120.0)]
    month = DAYS_PER_MONTH / 30.0
    values = np.array([[10.0, 60.0, 110.0], [0.0, 0.0, 0.0]])
    (rate,) = rates(scored(rows, values), values)
    assert rate.record == pytest.approx((30.0 * month, 60.0 * month, 80.0 * month))
    assert rate.levels == pytest.approx([q * month for q in (15.0, 35.0, 60.0, 85.0, 105.0)])
    assert (rate.in50, rate.in90, rate.side) == (True, True, 0)
    assert [(one.first.date, one.last.date) for one in (rate,)] == [tuple(map(np.datetime64, MONTH_APART))]


def test_a_rate_is_not_below_zero_unless_the_claims_fall() -> None:
    first = row(COUNT, MONTH_APART[0], 90.0, 100.0, 140.0)
    assert record_band(first, row(COUNT, MONTH_APART[1], 110.0, 120.0, 130.0)).low == 0.0
    falling = record_band(first, row(COUNT, MONTH_APART[1], 40.0, 50.0, 60.0))
    assert falling.low == falling.mid < 0.0
    assert falling.mid <= falling.high


def test_only_counts_with_two_days_have_rates() -> None:
    rows = [
        *(row(LEVEL, day, 3.0, 4.0, 5.0) for day in MONTH_APART),
        row(SHELLS, MONTH_APART[0], 1.0, 1.0, 1.0),
        *(row(COUNT, MONTH_APART[0], central, central, central) for central in (100.0, 130.0)),
        row(COUNT, MONTH_APART[1], 200.0, 200.0, 200.0),
    ]
    values = np.ones((len(rows), 4))
    (rate,) = rates(scored(rows, values), values)
    assert (rate.series, rate.first.central, rate.side) == (COUNT, 100.0, -1)
    single = scored(rows[:3], values[:3])
    assert rates(single, values[:3]) == []
    assert "no rate between observations" in " ".join(joint_findings(joint(single, values[:3])))


def test_the_error_of_a_difference_is_that_of_both_claims() -> None:
    first, second = errors(9.0, 10.0, 14.0), errors(18.0, 20.0, 21.0)
    both = difference_errors(first, second)
    assert len(both) == len(first)
    assert both.mean() == pytest.approx(second.mean() - first.mean())
    assert both.var() == pytest.approx(first.var() + second.var(), rel=0.01)
    assert difference_errors(np.zeros(1), second) == pytest.approx(np.sort(second))
    assert difference_errors(np.zeros(1), np.zeros(1)) == pytest.approx([0.0])


def test_rates_of_the_right_model_lie_in_its_bands_and_of_a_model_that_stands_still_do_not() -> None:
    """60 rates of a made-up history with the errors of its claims; four binomial standard errors."""
    rng = np.random.default_rng(21)
    days = np.datetime64("2024-01-31") + 31 * np.arange(61)
    steps = rng.gamma(9.0, 100.0, (61, 201))
    paths = np.cumsum(steps, axis=0)
    claims = paths[:, 0] + rng.triangular(-40.0, 0.0, 20.0, 61)
    rows = [row(COUNT, str(day), y - 20.0, y, y + 40.0) for day, y in zip(days, claims, strict=True)]
    right = rates(scored(rows, paths[:, 1:]), paths[:, 1:])
    assert len(right) == 60
    assert sum(rate.score.in90 for rate in right) == pytest.approx(54, abs=4.0 * math.sqrt(60 * 0.09))
    assert sum(rate.score.in50 for rate in right) == pytest.approx(30, abs=4.0 * math.sqrt(60 * 0.25))
    still = np.repeat(paths[-1:, 1:], 61, axis=0)
    assert sum(rate.score.in90 for rate in rates(scored(rows, still), still)) < 10


# ---- All bands at once ------------------------------------------------------------------------------------------


def test_worlds_inside_all_bands_by_hand() -> None:
    """Four worlds: the first is inside everything, the second misses one, the third all, the fourth has no value."""
    rows = [row(LEVEL, "2024-01-31", 3.0, 4.0, 5.0), row(LEVEL, "2024-02-29", 3.0, 4.0, 5.0)]
    rows.append(row(COUNT, "2024-03-31", 100.0, 100.0, 100.0))
    values = np.array([[4.0, 3.0, 9.0, np.nan], [5.0, 6.0, 1.0, 4.0], [100.0, 100.0, 50.0, 1.0]])
    series, every = at_once(scored(rows, values), values)
    assert (series.series, series.observations, series.inside, series.share, series.most) == (LEVEL, 2, 1, 0.25, 2)
    assert (series.independent, series.hardest.date, series.least) == (0.25, rows[0].date, 2)
    assert (every.series, every.observations, every.inside, every.most) == (ALL, 3, 1, 3)
    assert every.independent == pytest.approx(1.0 / 8.0)
    assert at_once(scored(rows[2:], values[2:]), values[2:]) == []


def test_the_hardest_of_all_observations_is_named_as_its_series_is() -> None:
    rows = [row(LEVEL, "2024-01-31", 3.0, 4.0, 5.0), row(COUNT, "2024-03-31", 100.0, 100.0, 100.0)]
    values = np.array([[4.0, 3.0], [1.0, 50.0]])
    *_, told = at_once_sentences(at_once(scored(rows, values), values))
    assert 'The hardest ("Containers PRK to RUS since the start", 2024-03-31) is met by none of 2 worlds.' in told


def test_that_no_world_is_inside_anything_is_told_in_words() -> None:
    rows = [row(COUNT, "2024-01-31", 100.0, 100.0, 100.0), row(COUNT, "2024-03-31", 300.0, 300.0, 300.0)]
    values = np.array([[0.0, 1.0], [1.0, 2.0]])
    told, _ = at_once_sentences(at_once(scored(rows, values), values))
    assert told.endswith(": none of 2 worlds, and none is inside a single one of them.")
    of_all, side = rate_sentences(rates(scored(rows, values), values))
    assert "90 % band holds none and its 50 % band none; with the claims' errors added none and none;" in of_all
    assert "rate: 1 of 1 too low, none too high" in side


# ---- Energy and variogram score: hand-solved --------------------------------------------------------------------


def test_energy_by_hand() -> None:
    """Worlds (0, 0) and (3, 4), claims (0, 0): distances 0 and 5, the pair 5 apart; each over the root of two dates."""
    worlds = np.array([[0.0, 3.0], [0.0, 4.0]])
    assert energy(worlds, np.zeros(2)) == pytest.approx((2.5 - 2.5) / math.sqrt(2.0))
    assert energy(worlds[:, 1:], np.zeros(2)) == pytest.approx(5.0 / math.sqrt(2.0))
    # a third world (6, 8): distances 0, 5, 10; pairs 5, 5, 10
    three = np.column_stack([worlds, [6.0, 8.0]])
    assert energy(three, np.zeros(2)) == pytest.approx((5.0 - 10.0 / 3.0) / math.sqrt(2.0))


def test_variogram_by_hand() -> None:
    """World (0, 4), claims (0, 1): (1 - 2)². With (0, 0) too: roots 2 and 0, mean 1, variance 2, so 0 - 2 / 2."""
    assert variogram(np.array([[0.0], [4.0]]), np.array([0.0, 1.0])) == pytest.approx(1.0)
    assert variogram(np.array([[0.0, 0.0], [4.0, 0.0]]), np.array([0.0, 1.0])) == pytest.approx(-1.0)
    # three dates: pairs (1 - 2)², (3 - 0)² and (2 - 2)²
    assert variogram(np.array([[0.0], [4.0], [0.0]]), np.array([0.0, 1.0, 9.0])) == pytest.approx(
        (1.0 + 9.0 + (math.sqrt(8.0) - 2.0) ** 2) / 3.0
    )


def test_one_date_or_the_same_date_again_is_crps() -> None:
    worlds = np.random.default_rng(1).gamma(2.0, size=(1, 9))
    assert energy(worlds, np.array([1.5])) == pytest.approx(crps(worlds[0], 1.5))
    assert energy(np.repeat(worlds, 4, axis=0), np.full(4, 1.5)) == pytest.approx(crps(worlds[0], 1.5))


# ---- What must not matter, and what must ------------------------------------------------------------------------


@pytest.mark.parametrize("score", SCORES)
def test_what_must_not_matter(score: Score) -> None:
    """Order of worlds, one order of dates for both, a common shift, the sign; a unit multiplies both scores."""
    rng = np.random.default_rng(2)
    worlds, claims = rng.normal(size=(5, 12)), rng.normal(size=5)
    found, order = score(worlds, claims), rng.permutation(5)
    assert score(worlds[:, rng.permutation(12)], claims) == pytest.approx(found)
    assert score(worlds[order], claims[order]) == pytest.approx(found)
    assert score(worlds + 7.0, claims + 7.0) == pytest.approx(found)
    assert score(-worlds, -claims) == pytest.approx(found)
    assert score(3.0 * worlds, 3.0 * claims) == pytest.approx(3.0 * found)


def test_what_each_score_does_not_see() -> None:
    """Turning all of space leaves distances; an error that all dates share leaves differences."""
    rng = np.random.default_rng(3)
    worlds, claims = rng.normal(size=(3, 10)), rng.normal(size=3)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    assert energy(turn @ worlds, turn @ claims) == pytest.approx(energy(worlds, claims))
    assert variogram(worlds + 5.0, claims) == pytest.approx(variogram(worlds, claims))
    assert energy(worlds + 5.0, claims) > energy(worlds, claims) + 1.0


@pytest.mark.parametrize("score", SCORES)
def test_few_worlds_score_as_many_on_average(score: Score) -> None:
    """Unbiased: the mean over small ensembles is the score of many worlds, within four standard errors."""
    rng = np.random.default_rng(4)
    claims = np.array([0.3, -0.2, 1.0])
    small = [score(rng.normal(size=(3, 4)), claims) for _ in range(3000)]
    many = score(rng.normal(size=(3, 3000)), claims)
    assert np.mean(small) == pytest.approx(many, abs=4.0 * float(np.std(small)) / math.sqrt(3000) + 0.02)


def paths(rng: np.random.Generator, worlds: int) -> Array:
    """Eight months of a flow with a season and shocks that last, (month, world)."""
    season = 4.0 + 2.0 * np.sin(np.arange(8.0))
    shocks = np.cumsum(rng.normal(size=(8, worlds)), axis=0)
    return np.asarray(season[:, None] + shocks)


@pytest.mark.parametrize("score", SCORES)
def test_permuted_months_score_worse(score: Score) -> None:
    """The truth is one of the worlds' kind; with its months in another order the model is worse by many errors."""
    rng = np.random.default_rng(5)
    worlds, truths = paths(rng, 200), paths(rng, 150).T
    right = np.array([score(worlds, truth) for truth in truths])
    for order in (np.arange(8)[::-1], np.roll(np.arange(8), 3), rng.permutation(8)):
        gap = np.array([score(worlds[order], truth) for truth in truths]) - right
        assert gap.mean() > 4.0 * gap.std() / math.sqrt(len(gap))


@pytest.mark.parametrize("score", SCORES)
def test_worlds_shuffled_within_each_month_score_worse_though_crps_sees_nothing(score: Score) -> None:
    rng = np.random.default_rng(6)
    worlds, truths = paths(rng, 200), paths(rng, 400).T
    shuffled = np.stack([rng.permutation(month) for month in worlds])
    assert [crps(month, 1.0) for month in shuffled] == pytest.approx([crps(month, 1.0) for month in worlds])
    gap = np.array([score(shuffled, truth) - score(worlds, truth) for truth in truths])
    assert gap.mean() > 4.0 * gap.std() / math.sqrt(len(gap))


# ---- With the claims' errors ------------------------------------------------------------------------------------


def band_of(claims: Array, below: float, above: float) -> list[Observation]:
    return [row(LEVEL, f"2024-0{k + 1}-28", y - below, y, y + above) for k, y in enumerate(claims)]


def test_the_unit_does_not_matter_and_certain_claims_need_no_draw() -> None:
    rng = np.random.default_rng(7)
    worlds, claims = rng.normal(10.0, 1.0, (3, 30)), rng.normal(10.0, 1.0, 3)
    found = multivariate.multivariate(worlds, band_of(claims, 1.0, 2.0), "a")
    large = multivariate.multivariate(1000.0 * worlds, band_of(1000.0 * claims, 1000.0, 2000.0), "a")
    assert large == pytest.approx(found)
    assert multivariate.multivariate(worlds, band_of(claims, 1.0, 2.0), "a") == found
    certain = multivariate.multivariate(worlds, band_of(claims, 0.0, 0.0), "a")
    unit = claims.mean()
    assert certain == pytest.approx((energy(worlds, claims) / unit, variogram(worlds, claims) / unit))


def test_the_truth_itself_scores_best_under_the_errors_of_the_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that imitates the claims' errors, a narrow one and a moved one are worse."""
    monkeypatch.setattr(multivariate, "MOST_COPIES", 3)
    rng = np.random.default_rng(8)
    made = {"right": [], "smeared": [], "narrow": [], "moved": []}
    worlds = 10.0 + np.cumsum(rng.normal(size=(4, 200)), axis=0)
    others = {
        "right": worlds,
        "smeared": worlds + rng.triangular(-4.0, 0.0, 2.0, worlds.shape),
        "narrow": 10.0 + 0.2 * (worlds - 10.0),
        "moved": worlds + 1.0,
    }
    for truth in 10.0 + np.cumsum(rng.normal(size=(4, 120)), axis=0).T:
        claims = band_of(truth + rng.triangular(-4.0, 0.0, 2.0, 4), 2.0, 4.0)
        for name, other in others.items():
            made[name].append(multivariate.multivariate(other, claims, "a").energy * multivariate.size(claims))
    means = {name: np.mean(scores) for name, scores in made.items()}
    assert min(means, key=lambda name: means[name]) == "right"


def test_very_many_worlds_and_a_single_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(9)
    worlds, claims = rng.normal(10.0, 1.0, (2, 3000)), band_of(np.array([10.0, 11.0]), 0.5, 0.5)
    whole = multivariate.multivariate(worlds, claims, "a")
    monkeypatch.setattr(multivariate, "MOST", 1000)
    assert multivariate.multivariate(worlds, claims, "a").energy == pytest.approx(whole.energy, rel=0.15)
    point = multivariate.multivariate(np.array([[10.0], [11.0]]), claims, "a")
    assert all(math.isfinite(score) for score in point)
    assert multivariate.pair_bytes(10**9) == multivariate.pair_bytes(1000)


# ---- Baselines on several days ----------------------------------------------------------------------------------


def early(days: list[float], values: list[float], **kind: bool) -> Early:
    central = np.array(values)
    return Early(np.array(days), central, central, central, **{"count": False, **kind})


def test_baselines_on_several_days_agree_with_those_on_one() -> None:
    known = baselines("a", early([0.0, 10.0, 20.0, 30.0], [50.0, 52.0, 49.0, 53.0]))
    for name in NAMES:
        both = known[name].paths(np.array([40.0, 90.0]))
        for day, drawn in zip((40.0, 90.0), both, strict=True):
            single = known[name].draw(day)
            assert drawn.mean() == pytest.approx(single.mean(), abs=4.0 * single.std() * math.sqrt(2.0 / len(single)))
            assert drawn.std() == pytest.approx(single.std(), rel=0.1)
        assert np.array_equal(both, known[name].paths(np.array([40.0, 90.0])))


def test_increments_of_a_walk_are_independent_and_scatter_about_a_mean_too() -> None:
    """A walk of 25 days is root 25 / 100 correlated with one of 100; means of four share 1 / 5 of their variance."""
    known = baselines("a", early([0.0, 10.0, 20.0, 30.0], [50.0, 54.0, 48.0, 52.0]))
    for name, expected in (("persistence", 0.5), ("constant", 0.2)):
        found = np.corrcoef(known[name].paths(np.array([55.0, 130.0])))[0, 1]
        assert found == pytest.approx(expected, abs=4.0 / math.sqrt(2000))
    walk = of_walk(2.0, np.array([1.0, 4.0]))
    assert walk == pytest.approx(np.array([[4.0, 4.0], [4.0, 16.0]]))
    drawn = correlated(walk, 20_000, np.random.default_rng(10))
    assert np.cov(drawn) == pytest.approx(walk, rel=0.05)
    same = known["trend"].paths(np.array([40.0, 40.0]))
    assert same[0] == pytest.approx(same[1])


def test_no_path_of_a_count_falls() -> None:
    known = baselines("c", early([0.0, 10.0, 20.0, 30.0], [0.0, 30.0, 40.0, 90.0], count=True))
    for name in NAMES:
        path = known[name].paths(np.array([31.0, 40.0, 70.0]))
        assert (np.diff(path, axis=0) >= 0.0).all()
        assert path.min() >= 90.0


# ---- Together ---------------------------------------------------------------------------------------------------


def made_up(shift: float = 0.0) -> tuple[Evaluation, Array]:
    days = ("2023-10-31", "2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31")
    rows = [row(COUNT, day, 90.0 * k, 100.0 * k, 110.0 * k) for k, day in enumerate(days, start=1)]
    worlds = np.outer(np.arange(1.0, 7.0), np.random.default_rng(11).normal(100.0, 5.0, 50)) + shift
    return scored(rows, worlds), worlds


def test_skill_by_both_scores() -> None:
    """A model of the truth beats persistence by both; moved by a constant it loses by energy alone."""
    good, moved = (joint(*made_up(shift)) for shift in (0.0, 400.0))
    later, before = good.vectors
    assert (later.part, before.part, later.observations, later.unit) == (LATER, EARLY, 3, 500.0)
    assert before.rivals == {}
    assert min(later.skills("persistence")) > 0.5
    assert moved.vectors[0].skills("persistence").energy < 0.0 < moved.vectors[0].skills("persistence").variogram
    told = joint_sections(good)
    assert all(head in told for head in ("Rates between observations", "All bands at once", "Several observations"))
    assert "none of 50 worlds" in " ".join(joint_findings(moved))


def test_worlds_without_all_values_are_left_out_of_a_vector() -> None:
    found, worlds = made_up()
    worlds = worlds.copy()
    worlds[4, :20] = np.nan
    assert joint(found, worlds).vectors[0].worlds == 30
    worlds[4] = np.nan
    assert [one.part for one in joint(found, worlds).vectors] == [EARLY]

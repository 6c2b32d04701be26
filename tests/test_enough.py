"""How many worlds are enough: the rule, its intervals, and the command."""

from pathlib import Path

import numpy as np
import pytest
from command_line import Command, Refused, rows, well
from scipy.stats import binom, lognorm

from sim.analysis.convergence import FIRST, check, half_interval, half_widths, sizes
from sim.results import load

pytestmark = pytest.mark.usefixtures("short_rest")


def test_order_statistics_by_hand() -> None:
    """Of 20 values the median's 95 % interval runs from the 6th to the 15th (Conover 1999, table of the binomial)."""
    assert half_interval(np.arange(1.0, 21.0), 0.5) == (15.0 - 6.0) / 2.0
    assert half_interval(np.arange(10.0), 0.05) == np.inf


def test_intervals_of_quantiles_hold_the_truth_as_often_as_they_say() -> None:
    """400 samples of 512 from a skewed distribution; at 95 % the binomial standard error is 1.1 %."""
    rng = np.random.default_rng(2015)
    held = []
    for _ in range(400):
        ordered = np.sort(rng.lognormal(size=512))
        below, above = int(binom.ppf(0.025, 512, 0.95)) - 1, int(binom.ppf(0.975, 512, 0.95))
        held.append(ordered[below] <= lognorm(1.0).ppf(0.95) <= ordered[above])
        assert half_interval(ordered, 0.95) == (ordered[above] - ordered[below]) / 2.0
    # order statistics are discrete, so the interval holds somewhat more than 95 %
    assert 0.95 - 3 * 0.011 <= np.mean(held) <= 0.985


def test_four_times_the_worlds_halve_the_interval() -> None:
    rng = np.random.default_rng(4)
    small, large = (np.mean([half_widths(rng.normal(size=n)).worst for _ in range(40)]) for n in (512, 2048))
    # 40 repetitions know each mean to about 3 %
    assert small / large == pytest.approx(2.0, rel=0.13)


def test_a_normal_outcome_needs_what_theory_says() -> None:
    """Half width of the 5 % quantile: 1.96 sqrt(0.05 * 0.95 / n) / density, over a band of 3.29 deviations."""
    rng = np.random.default_rng(5)
    found = np.mean([half_widths(rng.normal(size=1024)).low for _ in range(60)])
    assert found == pytest.approx(1.96 * np.sqrt(0.05 * 0.95 / 1024) / 0.10314 / 3.29, rel=0.08)


def test_outcomes_that_never_or_rarely_differ() -> None:
    assert half_widths(np.ones(99)).worst == 0.0
    few = half_widths(np.repeat([1.0, 2.0], 50))
    assert np.isnan(few.mid)
    assert few.worst == few.mean
    rare = np.zeros(1000)
    rare[:5] = 1.0
    assert np.isfinite(half_widths(rare).worst)


def test_the_widest_outcome_decides() -> None:
    rng = np.random.default_rng(6)
    seen = check({"wide": rng.normal(size=256), "never differs": np.zeros(256)})
    assert not seen.enough(0.01)
    assert seen.enough(0.5)


def test_sizes_double_to_the_most() -> None:
    assert list(sizes(1000)) == [FIRST, 512, 1000]
    assert list(sizes(8)) == [8]


def test_auto_finds_the_worlds_and_shows_how(command: Command) -> None:
    words = ["run", "article", "--worlds", "auto", "--months", "1", "--no-figures", "--outcome", "rus_prk.trust"]
    well(command(*words, "--precision", "0.08"))
    sizes_tried = rows(Path("outputs/article/convergence.csv"))
    widths = [max(float(row[part]) for part in ("mean", "q05", "q50", "q95")) for row in sizes_tried]
    assert widths[-1] <= 0.08
    assert all(one > 0.08 for one in widths[:-1])
    assert load("outputs/article/results.nc").sizes["world"] == int(sizes_tried[-1]["worlds"])
    assert Path("outputs/article/figures/convergence.png").is_file()


def test_auto_says_when_it_stops_short(command: Command) -> None:
    words = ["run", "article", "--worlds", "auto", "--months", "1", "--no-figures", "--precision", "0.001"]
    done = well(command(*words, "--most-worlds", "16"))
    assert "precision not reached with 16 worlds" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--worlds", "auto", "--precision", "x"), "must be a number such as 0.05"),
        (("--worlds", "auto", "--precision", "nan"), "--precision: must be from 0.001 to 1"),
        (("--worlds", "auto", "--most-worlds", "0"), "--most-worlds: must be from 8"),
        (("--worlds", "auto", "--outcome", "tecnology"), "did you mean technology"),
        (("--precision", "0.1"), "--precision: only with --worlds auto"),
    ],
)
def test_wrong_wishes_are_told(refused: Refused, words: tuple[str, ...], said: str) -> None:
    assert said in refused("run", "article", "--months", "1", *words)

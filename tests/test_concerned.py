"""Outcomes that a change is about: flows of a pair and counts of acts, in the table of a comparison."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis.act_counts import count_of
from sim.analysis.concerned import SAME, concerned_by
from sim.analysis.levels import compared_by
from sim.analysis.outcome import OutcomeError, outcome
from sim.analysis.wide import WIDE
from sim.experiment.run import run
from sim.studies.compare.analysis import asked_of, comparison
from sim.studies.compare.tables import summary

RULINGS = """
[[events]]
refused = "summit"
by = "CHN"
with = ["RUS", "PRK"]
why = "a test"
[[events]]
refused = "missile_test"
why = "a test"
[[events]]
refused = "exercise"
by = "PRK"
with = "RUS"
why = "a test"
"""


def about(*changes: str) -> list[str]:
    """What a scenario with these changes is about."""
    return concerned_by([sim.load("article"), sim.load("+".join(("article", *changes)))])


def test_a_restriction_is_about_the_flows_of_its_pair() -> None:
    assert about("restrictions.JPN.RUS.energy=-1") == ["jpn_rus.energy.delivered@all", "rus_jpn.energy.delivered@all"]
    assert len(about("restrictions.CHN.PRK.all=1")) == 8
    assert len(about("restrictions.UN.PRK.energy=1")) == 10
    both = ["usa_chn.technology.transfer@all", "chn_usa.technology.transfer@all"]
    assert about("restrictions.USA.CHN.technology=1") == both


def test_terms_of_a_pair_are_about_its_flows_and_other_changes_about_none() -> None:
    assert "energy_chn" in about("pairs.RUS-CHN.least_in_goods=1")
    assert about("routes.khasan.capacity=20") == []


def test_a_ruling_is_about_how_often_the_act_happens(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(RULINGS, encoding="utf-8")
    assert about(str(tmp_path / "mine.toml")) == ["chn_rus.summit", "chn_prk.summit", "prk.missile_test", "exercises"]


def test_a_parameter_of_an_act_is_about_how_often_it_happens() -> None:
    assert about("acts.red_line.base=-3") == ["all.red_line"]
    assert about("acts.summit.base=-3") == ["summits"]


def test_flows_that_are_not_zero_stand_in_the_comparison() -> None:
    pair = [sim.load(name, worlds=4, months=4) for name in ("article", "article+restrictions.JPN.RUS.energy=1")]
    concerned = concerned_by(pair)
    keep = compared_by(concerned)
    assert keep.variables is not None, "not every variable need be kept"
    ds = comparison(pair, [keep.reduce(run(one)) for one in pair], "a comparison", (), concerned)
    assert asked_of(ds) == ["rus_jpn.energy.delivered@all"], "nothing goes the other way"
    assert "Russia to Japan, energy: volume arrived, whole run, kt" in summary(ds)
    assert ds["difference_mean"].sel(measure="rus_jpn.energy.delivered@all").item() < 0.0


def test_counts_and_sums_by_hand() -> None:
    ds = sim.run(sim.load("article", worlds=5, months=12))
    for name, same in SAME.items():  # what is delivered is recorded in single precision
        factor = 1e-3 if same == "shells_delivered" else 1.0
        np.testing.assert_allclose(outcome(name).values(ds) * factor, WIDE[same].values(ds), rtol=1e-6, err_msg=name)
    each = [outcome(f"{code}.visit").values(ds) for code in ("rus", "prk", "usa", "kor", "jpn", "chn")]
    np.testing.assert_array_equal(np.sum(each, axis=0), 2 * outcome("all.visit").values(ds))
    assert outcome("all.visit").values(ds).sum() > 0


@pytest.mark.parametrize("name", ["rus_prk.trust@all", "rus.missile_test", "rus_rus.summit", "rus_prk.summt"])
def test_what_cannot_be_counted_is_refused(name: str) -> None:
    with pytest.raises(OutcomeError):
        outcome(name)
    assert count_of(["RUS"], "aid") is None


def test_technology_passed_on_is_an_outcome_over_all_tiers() -> None:
    ds = run(sim.load("article", worlds=8, months=12))
    points = outcome("rus_prk.technology.transfer@all")
    assert points.unit == "points"
    passed = ds["transfer"].sel(country="RUS", partner="PRK").transpose("month", "tier", "world").values
    np.testing.assert_allclose(points.values(ds), passed.sum(axis=(0, 1), dtype=float), rtol=1e-6)
    with pytest.raises(OutcomeError, match="from one country to another"):
        outcome("rus.technology.transfer")
    with pytest.raises(OutcomeError):
        outcome("rus.prk.technology.transfer")

"""Calibration: the error model, what counts as informed, coverage on synthetic figures, sets on disk, the commands."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from calibration_check import Places, places_of_truths
from command_line import Command, Refused, call, files, well
from drawings import of_a_study
from scipy.integrate import quad
from scipy.stats import norm

import sim
from sim.analysis.quantiles import Z_90
from sim.analysis.record.errors import Errors, errors, synthetic
from sim.analysis.record.file import Observation, read_observed
from sim.commands.options import TUNED_TO
from sim.experiment.batch import run_reduced
from sim.experiment.design import sample
from sim.experiment.run import run
from sim.results.calibrated import attach, remarks, vectors
from sim.studies.calibrate import likelihood
from sim.studies.calibrate.command import FIGURES
from sim.studies.calibrate.dataset import as_far_as_needed, sorted_observations
from sim.studies.calibrate.information import information, ranks, trade_offs
from sim.studies.calibrate.likelihood import effective, log_likelihood, weighted_quantiles, weights_of
from sim.studies.calibrate.tables import summary

Array = np.ndarray
Reduced = tuple[Mapping[str, Array], Errors]
SCALE = "war.fire_scale"


def claim(series: str, low: float, middle: float, high: float, date: str = "2023-11-30") -> Observation:
    return Observation(series, np.datetime64(date), low, middle, high, "", "")


# ---- The error model -------------------------------------------------------------------------------------------


def test_density_is_that_of_the_description() -> None:
    """Two figures of one series, checked by integrating over the shared factor with another method."""
    wrong = errors([claim("a", 8.0, 10.0, 11.0), claim("a", 18.0, 20.0, 30.0), claim("b", 4.0, 5.0, 6.0)], 0.3)
    model, claimed = np.array([[9.0, 15.0], [26.0, 19.0], [5.5, 4.0]]), np.array([10.0, 20.0, 5.0])

    def density(k: int, world: int, eps: float) -> float:
        gap = model[k, world] * np.exp(wrong.shared * eps) - claimed[k]
        return float(np.exp(-0.5 * (gap / (wrong.below[k] if gap < 0.0 else wrong.above[k])) ** 2))

    def integral(figures: tuple[int, ...], world: int) -> float:
        def inner(eps: float) -> float:
            return float(norm.pdf(eps)) * float(np.prod([density(k, world, eps) for k in figures]))

        return float(quad(inner, -6.0, 6.0, limit=200)[0])

    expected = [np.log(integral((0, 1), world) * integral((2,), world)) for world in (0, 1)]
    assert log_likelihood(model, claimed, wrong) == pytest.approx(expected, abs=2e-3)


def test_posterior_of_one_figure_is_the_normal_one() -> None:
    """No shared error, an even range: weights over an even prior give the normal distribution of the figure."""
    theta = np.linspace(0.0, 20.0, 4001)[None]
    wrong = replace(errors([claim("a", 10.0 - Z_90, 10.0, 10.0 + Z_90)], 0.0), shared=0.0)
    weights = weights_of(log_likelihood(theta, np.array([10.0]), wrong))
    found = weighted_quantiles(theta[0], weights, (0.05, 0.5, 0.95))
    assert found == pytest.approx([10 - 1.645, 10.0, 11.645], abs=0.01)
    assert effective(weights) == pytest.approx(2.0 * np.sqrt(np.pi) / 0.005, rel=0.01)


def test_points_of_one_series_count_less_than_as_many_series() -> None:
    """Ten figures of one cumulative count narrow less than ten of their own, because they share an error."""
    theta = np.linspace(0.0, 20.0, 2001)
    spread = {}
    for name, series in (("one", ["a"] * 10), ("ten", list("abcdefghij"))):
        wrong = errors([claim(s, 9.0, 10.0, 11.0) for s in series], 0.2)
        weights = weights_of(log_likelihood(np.tile(theta, (10, 1)), np.full(10, 10.0), wrong))
        low, high = weighted_quantiles(theta, weights, (0.05, 0.95))
        spread[name] = high - low
    assert spread["one"] > 1.8 * spread["ten"]
    # The shared part does not go away however many figures there are.
    assert spread["one"] > 2.0 * Z_90 * 10.0 * 0.2 / np.sqrt(2.0)


def test_synthetic_figures_follow_the_error_model() -> None:
    wrong = errors([claim("a", 8.0, 10.0, 13.0)], 0.0)
    drawn = synthetic(np.full((1, 40_000), 10.0), wrong, np.random.default_rng(5))[0]
    # A claim above the model means that the model lies below it, on the claim's low side.
    share = wrong.below[0] / (wrong.below[0] + wrong.above[0])
    assert np.mean(drawn > 10.0) == pytest.approx(share, abs=4.0 * np.sqrt(0.24 / 40_000))
    assert np.std(drawn[drawn < 10.0] - 10.0) < np.mean(wrong.above)


def test_worlds_without_a_number_get_no_weight() -> None:
    wrong = errors([claim("a", 8.0, 10.0, 13.0)])
    weights = weights_of(log_likelihood(np.array([[np.nan, 9.0, 1e9]]), np.array([10.0]), wrong))
    assert weights == pytest.approx([0.0, 1.0, 0.0])
    assert effective(weights_of(np.full(3, -np.inf))) == 0.0


def test_acceptance_keeps_the_weights() -> None:
    weights = np.random.default_rng(2).dirichlet(np.full(50, 0.3))
    chosen, times = likelihood.accepted(weights, 400)
    counts = np.zeros(50)
    counts[chosen] = times
    assert counts.sum() == 400
    assert np.all(np.abs(counts - 400 * weights) <= 1.0)


def test_scores_and_quantiles_are_the_plain_ones() -> None:
    rng = np.random.default_rng(3)
    values, weights = rng.normal(size=(2, 60)), rng.dirichlet(np.ones(60))
    by_hand = [
        np.sum(weights * np.abs(row - 0.3)) - 0.5 * np.sum(np.outer(weights, weights) * np.abs(row[:, None] - row))
        for row in values
    ]
    assert likelihood.crps(values, weights, np.array([0.3, 0.3])) == pytest.approx(by_hand)
    even = weighted_quantiles(values, np.full(60, 1 / 60), (0.25, 0.75))
    assert even == pytest.approx(np.quantile(values, (0.25, 0.75), axis=1, method="hazen"))


# ---- What counts as informed -----------------------------------------------------------------------------------


def test_useless_weights_inform_nothing() -> None:
    """The negative control: uneven weights that know nothing. One in twenty may name a parameter."""
    rng = np.random.default_rng(11)
    places, rounds = ranks(rng.random((60, 1000))), 200
    alarms = sum(information(places, rng.dirichlet(np.full(1000, 0.4))).informed.any() for _ in range(rounds))
    assert alarms / rounds <= 0.05 + 3.0 * np.sqrt(0.05 * 0.95 / rounds)


def test_what_weights_know_is_found() -> None:
    places = ranks(np.random.default_rng(12).random((60, 1000)))
    bumps = {3: (0.7, 0.35), 7: (0.5, 0.2)}
    logs = sum(-0.5 * ((places[k] - at) / width) ** 2 for k, (at, width) in bumps.items())
    said = information(places, weights_of(np.asarray(logs)))
    assert set(np.flatnonzero(said.informed)) == {3, 7}
    assert said.shift[3] > 0.3
    assert abs(said.shift[7]) < 0.2
    assert said.narrowing[7] < 0.75


def test_weights_that_hardly_differ_inform_nothing() -> None:
    rng = np.random.default_rng(5)
    places = ranks(rng.random((100, 64)))
    said = information(places, weights_of(1e-4 * rng.standard_normal(64)))
    assert not said.informed.any()


def test_a_known_sum_is_told_as_a_trade_off() -> None:
    places = ranks(np.random.default_rng(13).random((5, 4000)))
    weights = weights_of(-0.5 * ((places[0] + places[1] - 1.3) / 0.1) ** 2)
    said = information(places, weights)
    (first, second, correlation), *more = trade_offs(places, weights, said.informed)
    assert ({first, second}, more) == ({0, 1}, [])
    assert correlation < -0.7


# ---- Synthetic figures: simulation-based calibration ----------------------------------------------------------

TRUTHS = 200


@pytest.fixture(scope="module")
def ensemble() -> Reduced:
    """1,792 worlds of sea_route and the errors of the shipped figures to the end of 2023."""
    scenario = sim.load("sea_route", worlds=1792)
    claims = sorted_observations(read_observed().rows, scenario, np.datetime64(TUNED_TO)).used
    assert len(claims) == 9
    scenario = as_far_as_needed(scenario, claims)
    keys = [SCALE, "goods.ammunition.per_container", "PRK.ammunition.stock", "RUS.ammunition.production", "RUS.norm"]
    return run_reduced(scenario, partial(likelihood.reduce_run, claims, keys)), errors(claims)


def placed(ensemble: Reduced, truths: int, factor: float | None = None, mixed_up: bool = False) -> Places:
    """Places of truths among parameters, modelled values and the density of the figures."""
    reduced, right = ensemble
    quantities = np.concatenate([reduced["parameters"], reduced["model"]])
    assumed = right.narrowed(factor) if factor else None
    rng = np.random.default_rng(17)
    return places_of_truths(quantities, reduced["model"], right, truths, rng, assumed=assumed, mixed_up=mixed_up)


def fails(found: Places) -> bool:
    """Places that are not even (one false alarm in a hundred over all quantities), or 90 % that are not (4 s.e.)."""
    uneven = found.p_values().min() < 0.01 / len(found.places)
    return bool(uneven or np.abs(found.coverage() - 0.9).max() > 4.0 * np.sqrt(0.09 / found.places.shape[1]))


def test_known_parameters_are_recovered_with_the_stated_coverage(ensemble: Reduced) -> None:
    found = placed(ensemble, TRUTHS)
    assert np.median(found.sizes) > 100.0  # a place among fewer would be too coarse to tell 90 % from 80 %
    assert not fails(found), (found.p_values(), found.coverage())


@pytest.mark.parametrize("wrong", [{"factor": 0.5}, {"mixed_up": True}, {"factor": 9.0}], ids=str)
def test_wrong_calibrations_are_noticed(ensemble: Reduced, wrong: dict[str, Any]) -> None:
    """The controls: errors taken too small, figures of another world, errors so large that the prior comes back.

    A fifth of the truths tells it already.
    """
    assert fails(placed(ensemble, TRUTHS // 5, **wrong))


# ---- Sets and the worlds drawn from them -----------------------------------------------------------------------

WORDS = ("calibrate", "sea_route", "--worlds", "512", "--accept", "64", "--discrepancy", "0.4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `sim calibrate` leaves."""
    place = tmp_path_factory.mktemp("set") / "made"
    well(call(*WORDS, "--out", str(place)))
    return place


def test_the_folder_holds_set_tables_and_figures(folder: Path, command: Command) -> None:
    there = files(folder)
    tables = {"calibration.nc", "parameters.csv", "fit.csv", "summary.md"}
    figures = {f"figures/{name}.{kind}" for name in FIGURES for kind in ("png", "svg")}
    assert there.keys() == tables | figures | {"manifest.json"}
    assert command(*WORDS, "--no-figures", "--out", "again")[0] == 0
    again = files(Path("again"))
    assert [name for name in tables if again[name] != there[name]] == []


def test_the_set_says_where_it_comes_from(folder: Path) -> None:
    with xr.open_dataset(folder / "calibration.nc") as ds:
        scenario = sim.load("sea_route", worlds=512)
        assert ds.sizes["key"] == len(scenario.uncertain)
        assert ds["weight"].values.sum() == pytest.approx(1.0)
        assert (ds.attrs["until"], ds.attrs["observed"], ds.attrs["seed"]) == (TUNED_TO, "observed.csv", 2023)
        assert ds.attrs["observed_digest"] == read_observed().sha256
        assert json.loads(ds.attrs["scenarios"])[0]["name"] == "sea_route"
        assert int(ds["used"].sum()) == 9
        assert "sea_route" in summary(ds)
        # The vectors are those of the worlds named.
        world = int(ds["world"].values[5])
        drawn = sample(scenario, world, 1)
        assert [drawn[str(key)][0] for key in ds["key"].values] == ds["vectors"].values[:, 5].tolist()


def test_figures_can_be_read(folder: Path) -> None:
    with xr.open_dataset(folder / "calibration.nc") as ds:
        for name, draw in FIGURES.items():
            assert not of_a_study(draw, ds), name


def test_worlds_draw_whole_vectors_whatever_their_number(folder: Path) -> None:
    few, many = (sim.load("sea_route", worlds=n, calibrated=folder) for n in (16, 64))
    made = vectors(few.calibrated.path, few.calibrated.digest)  # type: ignore[union-attr]
    drawn, more = sample(few, 0, 16), sample(many, 0, 64)
    rows = np.array([more[key] for key in made.keys])
    columns = set(map(tuple, rows.T))
    assert columns <= set(map(tuple, made.values.T))
    assert len(columns) > 25
    part = sample(many, 8, 8)
    for key, values in drawn.items():
        assert np.array_equal(values, more[key][:16]), key
        assert np.array_equal(part[key], more[key][8:16]), key


def test_draws_follow_the_weights(folder: Path) -> None:
    """Every eight worlds take one vector from each eighth of the weights."""
    spec = sim.load("sea_route", worlds=512, calibrated=folder)
    assert spec.calibrated
    made = vectors(spec.calibrated.path, spec.calibrated.digest)
    row = made.keys.index(SCALE)
    places = np.cumsum(made.weights) - 0.5 * made.weights
    drawn = sample(spec, 0, 512)[SCALE]
    where = places[[int(np.flatnonzero(made.values[row] == value)[0]) for value in drawn]]
    eighths = np.sort(where.reshape(-1, 8), axis=1)
    assert np.all(np.abs(eighths - (np.arange(8) + 0.5) / 8) <= 1 / 16 + made.weights.max())


def test_fixed_parameters_stay_and_hashes_differ(folder: Path) -> None:
    plain = sim.load("sea_route", worlds=8, set={SCALE: 3.0})
    drawn = attach(plain, folder / "calibration.nc")
    assert drawn.calibrated
    assert SCALE not in drawn.calibrated.keys
    assert (sample(drawn, 0, 8)[SCALE] == 3.0).all()
    assert drawn.hash != plain.hash
    assert type(drawn).from_dict(json.loads(json.dumps(drawn.to_dict()))).hash == drawn.hash
    assert any(SCALE in remark for remark in remarks(drawn))
    assert any("made for sea_route" in remark for remark in remarks(sim.load("ceasefire", calibrated=folder)))
    assert not remarks(sim.load("sea_route", calibrated=folder))


def test_calibrated_runs_replay_even_without_the_set(folder: Path, command: Command) -> None:
    shutil.copy(folder / "calibration.nc", "set.nc")
    words = ("run", "sea_route", "--calibrated", "set.nc", "--worlds", "4", "--months", "2", "--no-figures")
    assert command(*words, "--out", "made")[0] == 0
    assert "Calibrated worlds" in Path("made/summary.md").read_text(encoding="utf-8")
    assert json.loads(Path("made/manifest.json").read_text())["scenario"]["calibrated"]["path"] == "set.nc"
    assert command("replay", "made")[:2] == (0, "made: the data are the same\n")
    Path("set.nc").unlink()
    vectors.cache_clear()
    out = well(command("replay", "made")).out
    assert "calibrated set" in out


def test_history_can_be_asked_of_calibrated_worlds(folder: Path, command: Command) -> None:
    words = ("history", "sea_route", "--calibrated", str(folder), "--worlds", "8", "--no-figures")
    assert command(*words)[0] == 0
    text = Path("outputs/history_sea_route_calibrated/summary.md").read_text(encoding="utf-8")
    assert text.startswith("# sea_route, calibrated, against observations")


def test_a_set_that_has_changed_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(folder / "calibration.nc", tmp_path / "set.nc"))
    spec = sim.load("sea_route", worlds=2, months=1, calibrated=copy)
    copy.write_bytes(copy.read_bytes()[:-1])
    vectors.cache_clear()
    with pytest.raises(ValueError, match="no longer"):
        run(spec)


# ---- Mistakes --------------------------------------------------------------------------------------------------

MISTAKES = {
    "unknown scenario": (("calibrate", "sea_rout"), "did you mean sea_route?"),
    "no day": (("calibrate", "article", "--until", "2023-02-30"), "--until: must be a day"),
    "too early": (("calibrate", "article", "--until", "2020-01-01"), "the first comparable: 2023-09-01"),
    "no file": (("calibrate", "article", "--observed", "none.csv"), "none.csv: there is no such file"),
    "none accepted": (("calibrate", "article", "--accept", "0"), "--accept: must lie in"),
    "no error": (("calibrate", "article", "--discrepancy", "nan"), "--discrepancy: must lie in"),
    "too few agree": (("calibrate", "article", "--worlds", "50"), "take more --worlds"),
    "few worlds": (("calibrate", "article", "--worlds", "49"), "--worlds: must be at least 50"),
    "no set": (("run", "article", "--calibrated", "none.nc"), "--calibrated: none.nc: cannot be read"),
}


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_and_leave_nothing(refused: Refused, words: tuple[str, ...], said: str) -> None:
    assert said in refused(*words)


def test_other_files_are_no_sets(refused: Refused, folder: Path) -> None:
    Path("text.nc").write_text("no set")
    for name, said in (("text.nc", "cannot be read as NetCDF4"), (str(folder / "fit.csv"), "cannot be read")):
        assert said in refused("run", "article", "--calibrated", name)


HEADER = "series,date,low,central,high,unit,source\n"


def test_unknown_series_are_told(command: Command, refused: Refused) -> None:
    row = "russian_stock_milion,2023-10-01,3,4,5,million rounds,me\n"
    Path("mine.csv").write_text(HEADER + row)
    words = ("calibrate", "article", "--observed", "mine.csv")
    assert "can be compared with article; russian_stock_milion" in refused(*words)
    Path("mine.csv").write_text(HEADER + row + row.replace("milion", "million"))
    err = well(command(*words, "--worlds", "128", "--accept", "8", "--out", "made", "--no-figures")).err
    assert "did you mean russian_stock_million?" in err

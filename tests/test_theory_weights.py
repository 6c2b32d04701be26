"""Weights of rival theories in a calibration: posterior, stacking, and the sets that carry them."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import Refused
from scipy.stats import norm

import sim
from sim.analysis.record.file import Observation, Observed
from sim.experiment.design import sample
from sim.present.text import document
from sim.results.calibrated import attach
from sim.studies.calibrate import rival_tables, tables
from sim.studies.calibrate.dataset import Observations, calibration, ranked
from sim.studies.calibrate.theories import evidence_ratio, held_out, reweighted, scores, stacked, theories

Array = np.ndarray
WORLDS, ACCEPT = 600, 300
EXCHANGE, THREAT = "structure.exchange", "structure.threat"
SERIES = ("containers_prk_rus_cumulative", "russian_stock_million", "prk_output_million_year")


def calibrated(kind: str, apart: float, worlds: int = WORLDS) -> xr.Dataset:
    """A calibration over theories whose predictions lie `apart` standard deviations, without a run.

    The observations are 100; worlds of alliance say about 100 and the others `apart` errors more.
    """
    scenario = sim.load("theories", worlds=worlds)
    drawn = sample(scenario, 0, worlds)
    parameters = np.stack([drawn[key] for key in scenario.uncertain])
    shift = 10.0 * apart * (drawn[EXCHANGE] != 1.0)
    noise = np.random.default_rng(7).normal(0.0, 5.0, (len(SERIES), worlds))
    rows = tuple(
        Observation(name, np.datetime64("2023-12-01"), 100 - 16.45, 100.0, 100 + 16.45, "", "") for name in SERIES
    )
    seen, file = Observations(rows, (), ()), Observed("observed.csv", "0" * 64, rows)
    reduced = {"model": 100.0 + shift + noise, "parameters": parameters}
    return calibration(scenario, seen, file, reduced, until="2023-12-31", discrepancy=0.0, accept=ACCEPT, kind=kind)


def weights_in(ds: xr.Dataset, kind: str, choice: str = EXCHANGE) -> dict[str, float]:
    mine = ds["choice"].values == choice
    return dict(zip(ds["theory"].values[mine].tolist(), ds[f"theory_{kind}"].values[mine].tolist(), strict=True))


# ---- The weights ------------------------------------------------------------------------------------------------


def test_posterior_is_the_ratio_of_evidence() -> None:
    """Two theories with normal predictions of one observation: the ratio is that of two normal densities."""
    scenario = sim.load("sea_route", worlds=20_000, set={EXCHANGE: '["transaction", "alliance"]'})
    of = sample(scenario, 0, 20_000)[EXCHANGE].astype(int)
    model = np.random.default_rng(1).normal(np.where(of == 1, 1.0, 0.0), 1.0)
    by_series = norm.logpdf(model, 1.0, 0.5)[None]
    parameters = np.tile(of, (len(scenario.uncertain), 1))
    found = theories(scenario, parameters, by_series)
    assert found
    width = np.hypot(1.0, 0.5)
    expected = norm.pdf(1.0, 1.0, width) / (norm.pdf(1.0, 1.0, width) + norm.pdf(1.0, 0.0, width))
    error = found.error(np.exp(by_series[0]) / np.exp(by_series[0]).sum())[1]
    assert 0.0 < error < 0.01
    assert found.posterior[1] == pytest.approx(expected, abs=4.0 * error)
    assert evidence_ratio(np.array([0.6, 0.2]), np.array([0.5, 0.5])) == pytest.approx(3.0)


def test_each_series_is_predicted_from_the_others() -> None:
    by_series = np.log([[0.2, 0.4, 0.5, 0.1], [0.3, 0.1, 0.2, 0.2]])
    found = np.exp(held_out(by_series, np.array([0, 0, 1, 1]), 2))
    assert found[0, 0] == pytest.approx((0.2 * 0.3 + 0.4 * 0.1) / (0.3 + 0.1))
    assert found[1, 1] == pytest.approx((0.5 * 0.2 + 0.1 * 0.2) / (0.5 + 0.1))
    assert held_out(np.array([[-np.inf, 0.0], [0.0, 0.0]]), np.array([0, 1]), 2)[0].tolist() == [-np.inf, 0.0]


def test_the_best_mixture_is_a_maximum() -> None:
    """The conditions of Karush, Kuhn and Tucker, which are sufficient for a concave score."""
    predicted = np.random.default_rng(3).normal(0.0, 1.0, (30, 4))
    weights = stacked(predicted)
    density = np.exp(predicted)
    gradient = np.mean(density / (density @ weights)[:, None], axis=0)
    assert weights.sum() == pytest.approx(1.0)
    assert (gradient <= 1.0 + 1e-4).all()
    assert gradient[weights > 1e-6] == pytest.approx(1.0, abs=1e-4)
    # Theories that are each right about half of the points share alike, which the posterior never would.
    halves = np.log(np.array([[1.0, 0.01]] * 5 + [[0.01, 1.0]] * 5))
    assert stacked(halves) == pytest.approx([0.5, 0.5], abs=1e-4)
    assert stacked(np.full((3, 2), -np.inf)).tolist() == [0.5, 0.5]


def test_stacking_is_the_mean_over_mixtures() -> None:
    """One theory alone can have any of n points: its weight follows Beta(1 + n, 1), with mean (n + 1)/(n + 2)."""
    mixtures = np.random.default_rng(5).dirichlet(np.ones(2), 100_000)
    for points in (0, 1, 6):
        score = scores(np.tile([0.0, -np.inf], (points, 1)).reshape(points, 2), mixtures)
        mass = np.exp(score - score.max())
        found = float(mass @ mixtures[:, 0] / mass.sum())
        assert found == pytest.approx((points + 1) / (points + 2), abs=0.01)


# ---- In a calibration -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told() -> xr.Dataset:
    return calibrated("posterior", 4.0)


def test_the_theory_behind_the_observations_is_found(told: xr.Dataset) -> None:
    posterior, by_stacking = weights_in(told, "posterior"), weights_in(told, "stacking")
    assert posterior["alliance"] > 0.99
    assert max(by_stacking, key=by_stacking.__getitem__) == "alliance"
    assert max(weights_in(told, "posterior", THREAT).values()) < 0.5
    said = " ".join(rival_tables.findings(told))
    assert f"`{EXCHANGE}`: " in said
    assert "alliance >99 %" in said
    assert "more than a bare mention" in said


def test_theories_that_say_the_same_keep_their_odds() -> None:
    ds = calibrated("posterior", 0.0)
    for kind in ("posterior", "stacking"):
        assert list(weights_in(ds, kind).values()) == pytest.approx([1 / 3] * 3, abs=0.1)
    assert "not worth more than a bare mention" in rival_tables.findings(ds)[0]


@pytest.mark.parametrize("kind", ["posterior", "stacking", "equal"])
def test_a_set_carries_the_weights_that_were_asked_for(kind: str, tmp_path: Path) -> None:
    ds = calibrated(kind, 1.0)
    drawn = {"posterior": "posterior", "stacking": "stacking", "equal": "prior"}[kind]
    wanted = weights_in(ds, drawn)
    assert weights_in(ds, "weight") == wanted
    codes = ds["vectors"].sel(key=EXCHANGE).values
    shares = [float(ds["weight"].values[codes == code].sum()) for code in range(3)]
    # Even steps through the weights err less than independent draws, whose four standard errors these are.
    assert shares == pytest.approx(list(wanted.values()), abs=4.0 * np.sqrt(0.25 / ACCEPT))
    names = [str(name).partition(", ")[0] for name in ds["vector_theory"].values]
    assert names == [("transaction", "alliance", "patronage")[int(code)] for code in codes]
    path = tmp_path / "set.nc"
    ds.to_netcdf(path, engine="netcdf4")
    found = sample(attach(sim.load("theories", worlds=2048), path), 0, 2048)[EXCHANGE]
    assert [float((found == code).mean()) for code in range(3)] == pytest.approx(shares, abs=4.0 * np.sqrt(0.25 / 2048))


def test_the_posterior_is_what_the_weights_say() -> None:
    weights = np.random.default_rng(2).random(50)
    assert reweighted(weights, None, "stacking") is weights


def test_choices_are_no_numbers(told: xr.Dataset) -> None:
    """A choice has no mean, and ties would pass for information: it is in no table of parameters."""
    keys = told["key"].values.tolist()
    listed = [keys[k] for k in ranked(told)]
    assert sorted({*keys} - {*listed}) == [EXCHANGE, THREAT]
    assert not told["informed"].sel(key=[EXCHANGE, THREAT]).any()
    assert EXCHANGE not in document(*(",".join(row) for row in tables.parameters(told)))
    assert "## Rival theories" in tables.summary(told)
    assert next(iter(rival_tables.rows(told)))[:2] == ("choice", "theory")
    assert len(list(rival_tables.rows(told))) == 1 + 3 + 3 + 9


MISTAKES = {
    "unknown": (("theories", "--theories", "staking"), "--theories: must be one of posterior, stacking, equal"),
    "none drawn": (("sea_route", "--theories", "equal"), "all worlds of sea_route follow the same theories"),
}


@pytest.mark.parametrize(("words", "rule"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told(refused: Refused, words: tuple[str, ...], rule: str) -> None:
    assert rule in refused("calibrate", *words)

"""Sensitivity: exact indices of the Ishigami function through the wiring of the command, chance, the command itself."""

import re
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from command_line import Command, Refused, files, rows, well
from drawings import of_a_study

import sim
from docs.generate.markdown import DOCS
from docs.generate.rail_and_sanctions import COMMANDS, FIGURES, shown
from sim.analysis.measures import measured
from sim.analysis.outcome import outcome
from sim.experiment.design import quantile
from sim.experiment.run import run
from sim.scenario import Setting
from sim.studies.sensitivity import figures as sensitivity_figures
from sim.studies.sensitivity import words as sensitivity_words
from sim.studies.sensitivity.analysis import (
    Runs,
    direction,
    effects,
    holm,
    indices,
    most_influential,
    sensitivity,
    uncommon,
)
from sim.studies.sensitivity.design import CHANCE, CONTROL, OTHERS, Design, exchanges, run_design, screening
from sim.studies.sensitivity.tables import summary
from sim.studies.sensitivity.words import TREATED, findings

pytestmark = pytest.mark.usefixtures("short_rest")

RAIL, PRESSURE = "routes.khasan.capacity", "sanctions.pressure"


@pytest.fixture
def command(command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command with a short probe of its time."""
    monkeypatch.setattr("sim.commands.workflow.PROBE", (8, 1))
    return command


# ---- The Ishigami function -------------------------------------------------------------------------------------

A, B = 7.0, 0.1
WAVE = Setting(0.0, -np.pi, np.pi, "uniform", "here")
V1, V2, V13 = 0.5 * (1.0 + B * np.pi**4 / 5.0) ** 2, A**2 / 8.0, 8.0 * B**2 * np.pi**8 / 225.0
V = V1 + V2 + V13
FIRST, TOTAL = np.array([V1, V2, 0.0, 0.0]) / V, np.array([V1 + V13, V2, V13, 0.0]) / V
"""Exact indices (Ishigami and Homma 1990), the fourth factor without effect."""


def ishigami(cube: np.ndarray) -> np.ndarray:
    """Values at points of the unit cube, whose last axis are the factors."""
    x = quantile(WAVE, cube)
    return np.sin(x[..., 0]) + A * np.sin(x[..., 1]) ** 2 + B * x[..., 2] ** 4 * np.sin(x[..., 0])


def test_indices_of_the_ishigami_function_are_the_exact_ones() -> None:
    """Within four standard errors of the bootstrap (the interval's half is 1.645 of them); the control is zero."""
    design = exchanges(["x1", "x2", "x3", CONTROL], 1024, 3, pairs=True)
    found = indices(design.factors, ishigami(design.cube))
    error = 4.0 / 1.645
    assert np.all(np.abs(found.first - FIRST) <= error * found.first_half + 1e-12)
    assert np.all(np.abs(found.total - TOTAL) <= error * found.total_half + 1e-12)
    assert np.abs(found.second[0, 2] - V13 / V) <= error * found.second_half[0, 2]
    assert np.abs(found.interactions - V13 / V) <= error * found.interactions_half
    assert found.first[3] == found.total[3] == 0.0
    assert np.all(found.first_half[:3] < 0.1)


def test_rows_in_the_wrong_order_would_be_noticed() -> None:
    """The negative control: with the rows of a sample shifted by one nothing comes out right."""
    design = exchanges(["x1", "x2", "x3", CONTROL], 256, 3, pairs=False)
    found = indices(design.factors, np.roll(ishigami(design.cube), 1, axis=1))
    assert np.abs(found.total - TOTAL).max() > 0.2
    assert found.total[3] > 0.1


def test_effects_of_a_plane_are_its_slopes() -> None:
    """Half of a uniform range of width two is a step of one: the effect is the slope, without spread."""
    slopes = np.array([3.0, -2.0, 0.0])
    design = screening(["a", "b", CONTROL], 8, 5)
    found = effects(design.factors, design.cube, (design.cube * 2.0 * slopes).sum(axis=-1))
    np.testing.assert_allclose(found.size, np.abs(slopes), atol=1e-12)
    np.testing.assert_allclose(found.mean, slopes, atol=1e-12)
    np.testing.assert_allclose(found.spread, 0.0, atol=1e-12)
    assert most_influential(["a", "b"], [found], 1) == ["a"]


def test_every_outcome_gets_its_foremost_parameter() -> None:
    found: list[Any] = [SimpleNamespace(size=np.array(size)) for size in ([9.0, 1.0, 0.0], [0.0, 0.1, 0.2])]
    assert most_influential(["a", "b", "c"], found, 2) == ["a", "c"]


def test_directions_and_a_constant() -> None:
    design = exchanges(["up", "down", "idle"], 128, 1, pairs=False)
    values = design.cube @ np.array([1.0, -1.0, 0.0])
    np.testing.assert_array_equal(direction(design.cube, values), [1.0, -1.0, 0.0])
    assert np.isnan(indices(design.factors, np.ones(values.shape)).total).all()
    assert not effects(design.factors, design.cube, np.ones(values.shape)).size.any()


def test_directions_are_corrected_for_the_number_of_factors() -> None:
    np.testing.assert_allclose(holm(np.array([0.04, 0.01, 0.03])), [0.06, 0.03, 0.06])
    np.testing.assert_allclose(holm(np.array([0.9, 0.5])), [1.0, 1.0])
    names = [f"idle{k}" for k in range(40)]
    design = exchanges(names, 128, 1, pairs=False)
    luck = np.random.default_rng(5)
    told = [direction(design.cube, luck.normal(size=design.cube.shape[:2])) for _ in range(40)]
    # In 5 % of outcomes at most, within three binomial standard errors; uncorrected, nearly every one has some.
    assert np.mean([one.any() for one in told]) <= 0.05 + 3.0 * np.sqrt(0.05 * 0.95 / 40)


@pytest.mark.parametrize(("agreed", "little"), [(0.6, True), (0.7, False), (np.nan, False)])
def test_little_agreement_of_the_screening_is_told(agreed: float, little: bool) -> None:
    ds = xr.Dataset({"agreement": ("outcome", [agreed]), "sd": ("outcome", [1.0])}, coords={"outcome": ["oil"]})
    told, warned = sensitivity_words.screening(ds, "oil")
    assert warned == little
    assert ("60 % of the top factors, which is little" in told) == little
    assert bool(told) == bool(np.isfinite(agreed))


@pytest.mark.parametrize(("left", "half", "said"), [(-0.19, 1.5, "Too few samples to tell"), (0.04, 0.1, "not signif")])
def test_interactions_of_a_wide_interval_are_not_called_insignificant(left: float, half: float, said: str) -> None:
    last = xr.Dataset({"interactions": left, "interactions_half": half, "total": ("factor", [0.5, 0.6])})
    assert said in sensitivity_words.interactions(last)


def test_a_share_below_zero_is_explained() -> None:
    """A sum of two parameters leaves chance nothing; what its estimate is below zero is error."""
    design = exchanges([RAIL, PRESSURE, CHANCE, CONTROL], 64, 1, pairs=False)
    weights = np.array([3.0, 1.0, 0.3, 0.0])
    runs = Runs(design.factors, design.cube, {"oil": design.cube @ weights})
    ds = sensitivity(sim.load("article", months=2), "a study", {"oil": outcome("oil")}, None, runs, TREATED["drawn"])
    here = {"factor": CHANCE, "outcome": "oil"}
    for value, told in ((-0.14, True), (0.02, False)):
        ds["first"].loc[here] = value
        assert any(line.startswith("No share is below zero") for line in findings(ds, "oil")) == told


def test_an_outcome_that_hardly_varies_says_so_and_never_warns() -> None:
    design = exchanges(["a", "b"], 64, 1, pairs=False)
    values = np.zeros(design.cube.shape[:2])
    values[3, 1] = 1.0
    assert np.isnan(indices(design.factors, values).first).all(), "only a row that is exchanged differs"
    values[3, 0] = 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(indices(design.factors, values).first).all()
    assert (uncommon(np.zeros(5)), uncommon(np.array([0.0, 1.0, 0.0, 2.0]))) == (0, 2)


# ---- Chance and the worlds of a design -------------------------------------------------------------------------


def test_worlds_meet_the_chance_of_any_world() -> None:
    """With the parameters and the chance of other worlds, in any order, they are those worlds, to the last bit."""
    scenario = sim.load("article", worlds=11, months=4)
    there = run(scenario, first=300)
    backwards = there.isel(world=slice(None, None, -1))
    given = {str(key): backwards["parameters"].sel(key=key).values for key in there["key"].values}
    here = run(scenario, first=5, given=given, chance=backwards["world"].values)
    for name in ("stock", "choice", "delivered", "threat", "tests"):
        np.testing.assert_array_equal(here[name].values, backwards[name].values, name)
    other = run(scenario, first=5, given=given)
    assert (other["threat"].values != backwards["threat"].values).any()


@pytest.mark.parametrize("chance", [np.arange(2), np.array([0.0, 1.0, 2.0]), np.array([0, 1, -1])])
def test_chance_that_cannot_be_met_is_refused(chance: np.ndarray) -> None:
    with pytest.raises(ValueError, match="3 whole numbers"):
        run(sim.load("article", worlds=3, months=1), chance=chance)


def test_a_point_is_the_run_with_these_values() -> None:
    """The base point of sample k has the chance and the other parameters of world k."""
    scenario = sim.load("article", worlds=4, months=3)
    design = exchanges([RAIL, OTHERS, CHANCE, CONTROL], 4, scenario.seed, pairs=False)
    measures = {name: outcome(name) for name in ("shells_delivered", "kor.threat")}
    found = run_design(scenario, design, lambda ds: measured(ds, measures))
    rail = quantile(scenario.settings[RAIL], design.cube[:, 0, 0])
    alone = measured(run(scenario, given={RAIL: rail}), measures)
    for name in measures:
        np.testing.assert_array_equal(found[name][:, 0], alone[name])
        np.testing.assert_array_equal(found[name][:, 4], alone[name], "the control changed something")
        assert (found[name][:, 3] != alone[name]).any() or name == "shells_delivered"


def test_others_can_be_held_at_their_centres() -> None:
    scenario = sim.load("article", months=2)
    design = Design((RAIL, CHANCE), np.full((2, 1, 2), 0.5))
    keys = [RAIL, PRESSURE, "war.intensity"]
    found = run_design(scenario, design, lambda ds: {k: ds["parameters"].sel(key=k).values for k in keys}, centre=True)
    assert found[PRESSURE] == pytest.approx(0.6)
    assert found["war.intensity"] == pytest.approx(1.0)
    assert found[RAIL] == pytest.approx(np.sqrt(15.0 * 130.0))


# ---- The command -----------------------------------------------------------------------------------------------

SMALL = ("--samples", "64", "--trajectories", "4", "--months", "2")


@pytest.mark.slow
def test_screening_then_indices(command: Command, tmp_path: Path) -> None:
    words = ("sensitivity", "article", "--keys", "routes.khasan", "--keys", "war", "--top", "5", *SMALL)
    words += ("--outcome", "shells_delivered", "--outcome", "tier4")
    _, out, err = well(command(*words))
    assert "runs for screening and 640 runs for indices: about" in err
    assert "routes.khasan.capacity" in out
    assert "is the same in all runs" in out, "nobody gets to tier 4 in two months"
    assert re.search(r"tier4: is 0 in all \d+ runs of the screening; it may never vary", err)
    assert "shells_delivered: is" not in err
    folder = tmp_path / "outputs" / "sensitivity_article_routes.khasan_war"
    before = files(folder)
    ends = [f"{end}.{kind}" for end in ("shells_delivered", "tier4") for kind in ("png", "svg")]
    drawn = {f"figures/{what}_{end}" for what in ("indices", "convergence", "screening") for end in ends}
    tables = {"sensitivity.nc", "sensitivity.csv", "screening.csv", "summary.md", "manifest.json"}
    assert before.keys() == tables | drawn
    shells = [row for row in rows(folder / "sensitivity.csv") if row["outcome"] == "shells_delivered"]
    control = [row for row in shells if row["factor"] == CONTROL]
    assert control
    assert {(row["first"], row["total"]) for row in control} == {("0", "0")}
    assert {row["factor"] for row in shells} >= {RAIL, OTHERS, CHANCE, CONTROL}
    assert command(*words, "--no-figures", "--out", "again")[0] == 0
    again = files(Path("again"))
    assert [name for name in tables - {"manifest.json"} if again[name] != before[name]] == []


def test_two_parameters_get_the_index_of_their_pair(command: Command, tmp_path: Path) -> None:
    words = ("sensitivity", "article", "--keys", RAIL, "--keys", PRESSURE, "--others", "centre", *SMALL, "--out", "two")
    err = well(command(*words, "--outcome", "rus_prk.trust@2023-10")).err
    assert "screening" not in err
    with xr.open_dataset(tmp_path / "two" / "sensitivity.nc") as ds:
        assert ds["second"].dims == ("outcome", "factor", "partner")
        factors = [bytes(name).decode() if isinstance(name, bytes) else str(name) for name in ds["factor"].values]
        assert factors == [RAIL, PRESSURE, CHANCE, CONTROL]
        ds.load()
        for draw in (sensitivity_figures.shares, sensitivity_figures.convergence):
            assert not of_a_study(draw, "rus_prk.trust@2023-10", ds)
        assert "Pairs" in summary(ds)


MISTAKES = {
    "unknown outcome": (("--outcome", "tecnology"), "--outcome: tecnology: unknown outcome (did you mean technology?)"),
    "outcome twice": (("--outcome", "oil", "--outcome", "oil"), "is given twice"),
    "outcome too late": (("--outcome", "rus_prk.trust@2040-01"), "the run covers 2023-09 to 2026-08"),
    "unknown key": (("--keys", "routes.kasan"), "did you mean routes.khasan"),
    "fixed key": (("--keys", "goods.energy.contract"), "is the same in all worlds"),
    "switch": (("--keys", "routes.khasan.open"), "is a switch, which has no range"),
    "no power of two": (("--samples", "1000"), "power of two from 64 to 65,536, found 1000 (did you mean 1024?)"),
    "no samples": (("--samples", "-4"), "(did you mean 64?)"),
    "few trajectories": (("--trajectories", "1"), "--trajectories: must be from 4"),
    "no top": (("--top", "0"), "--top: must be from 1 to 60"),
    "others": (("--others", "fixed"), "--others: must be one of drawn, centre"),
    "no number": (("--samples", "many"), "must be a whole number"),
    "memory": (("--samples", "65536", "--top", "60"), "memory"),
}


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_and_leave_nothing(
    refused: Refused, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.commands.workflow.memory_bytes", lambda: 2_000_000_000)
    assert said in refused("sensitivity", "article", *words)


def test_several_mistakes_are_told_at_once(refused: Refused) -> None:
    err = refused("sensitivity", "artcle", "--outcome", "x", "--samples", "3", "--top", "99", "--others", "?")
    assert len(err.strip().splitlines()) == 5


def test_the_page_on_rail_and_sanctions_shows_its_commands() -> None:
    """The page is not made here (that takes minutes), but it must be of the program that makes it."""
    page = (DOCS / "rail_and_sanctions.md").read_text(encoding="utf-8")
    assert all(shown(name) in page for name in COMMANDS)
    assert all(f"({name}.png)" in page for name in FIGURES)
    assert max((DOCS / f"{name}.png").stat().st_size for name in FIGURES) < 200_000


def test_a_missing_library_is_named(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr("sim.commands.workflow.import_module", missing)
    assert 'pip install -e ".[evidence]" in the folder' in refused("sensitivity", "article")

"""Sweeps: knee and maximum on planted curves, the grid against single runs, the command as a user types it."""

import json
import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import typer
import xarray as xr
from command_line import Command, Refused, files, rows, well
from drawings import of_a_study, shown, text_problems
from test_french import left

import sim
from sim.analysis.measures import SWEPT, measured
from sim.analysis.outcome import outcome as outcome_of
from sim.analysis.quantiles import share_interval
from sim.commands.loading import of_another_lane
from sim.commands.options import all_or_none, drawn
from sim.experiment.batch import Axis, run_grid
from sim.experiment.run import run
from sim.present.style import styled
from sim.present.words import significant
from sim.scenario.case import LANE
from sim.studies.sweep.analysis import cuts, reduce_run, sweep
from sim.studies.sweep.axes import axes_of
from sim.studies.sweep.figures import line, profiles
from sim.studies.sweep.knee import knee, maximum, shape
from sim.studies.sweep.map import colour_map
from sim.studies.sweep.tables import outcomes, summary, terminal_table
from sim.studies.sweep.words import findings, replaced
from sim.texts.spoken import speaking

pytestmark = pytest.mark.usefixtures("short_rest")

RAIL, PRESSURE = "routes.khasan.capacity", "sanctions.pressure"
X = np.linspace(0.0, 10.0, 21)


# ---- Knee and maximum ------------------------------------------------------------------------------------------


def planted(curve: np.ndarray, noise: float, worlds: int = 64, seed: int = 3) -> np.ndarray:
    """Worlds that differ much in level (which pairing removes) and little along the curve; (points, worlds)."""
    rng = np.random.default_rng(seed)
    return curve[:, None] + 5.0 * rng.normal(size=worlds) + noise * rng.normal(size=(len(curve), worlds))


def test_knee_of_a_corner_lies_at_the_corner() -> None:
    assert knee(X, np.minimum(X, 4.0)) == pytest.approx(4.0, abs=0.25)
    assert np.isposinf(knee(X, X))
    assert np.isnan(knee(X, np.zeros(21)))


def test_knee_of_saturation_is_where_the_slope_is_a_tenth() -> None:
    """1 - exp(-x / 2) has a tenth of its first slope after 2 ln 10, counted from the middle of the first interval."""
    assert knee(X, 1.0 - np.exp(-X / 2.0)) == pytest.approx(0.25 + 2.0 * np.log(10.0), abs=0.05)


def test_maximum_of_a_parabola_lies_between_the_points() -> None:
    assert [maximum(X, y) for y in (-((X - 3.3) ** 2), X, -X)] == pytest.approx([3.3, 10.0, 0.0])


def test_interval_of_the_knee_holds_the_true_one() -> None:
    """Nine in ten intervals should; the grid's step is the least that can be distinguished."""
    truth = 0.25 + 2.0 * np.log(10.0)
    hits = 0
    for seed in range(30):
        found = shape(X, planted(1.0 - np.exp(-X / 2.0), 0.05, seed=seed))
        assert found.flattens
        hits += found.knee.low - 0.25 <= truth <= found.knee.high + 0.25
    assert hits >= 24


def test_interval_of_the_maximum_holds_the_true_one() -> None:
    hits = 0
    for seed in range(30):
        found = shape(X, planted(-0.05 * (X - 3.3) ** 2, 0.2, seed=seed))
        assert found.turns
        hits += found.maximum.low - 0.25 <= 3.3 <= found.maximum.high + 0.25
    assert hits >= 25


def test_noise_is_not_taken_for_an_effect() -> None:
    """The negative control: a flat curve shows a highest point every time, but seldom evidence of one."""
    found = [shape(X, planted(np.zeros(21), 0.5, seed=seed)) for seed in range(40)]
    inside, turns, dips, matters = np.mean([(one.inside, one.turns, one.dips, one.matters) for one in found], axis=0)
    assert inside > 0.8
    assert turns <= 0.1
    assert dips <= 0.1
    assert matters <= 0.2


def test_falling_curves_have_knees_too() -> None:
    found = shape(X, planted(np.maximum(4.0 - X, 0.0), 0.05))
    assert (found.sign, found.flattens, found.turns) == (-1.0, True, False)
    assert found.knee.at == pytest.approx(4.0, abs=0.4)


def test_a_curve_that_falls_and_rises_again_is_no_knee() -> None:
    found = shape(X, planted(np.abs(X - 4.0), 0.05))
    assert (found.dips, found.flattens, found.turns) == (True, False, False)
    assert found.minimum.at == pytest.approx(4.0, abs=0.5)
    assert (found.drop.mean, found.climb.mean) == pytest.approx((4.0, 6.0), abs=0.2)


def test_few_points_and_few_worlds_claim_nothing() -> None:
    curves = planted(X[:2], 0.1), planted(X, 0.1, worlds=1), X[:, None] * np.nan
    for found in (shape(X[: len(curve)], curve) for curve in curves):
        assert not any((found.turns, found.matters, found.flattens, found.peaks))


# ---- The grid --------------------------------------------------------------------------------------------------


def swept(axes: dict[str, tuple[float, ...]], outcome: str = "shells_delivered", worlds: int = 4) -> xr.Dataset:
    """A small sweep of two months."""
    scenario = sim.load("article", worlds=worlds, months=2)
    grid = run_grid(scenario, [Axis(key, values) for key, values in axes.items()], partial(reduce_run, outcome=outcome))
    return sweep(scenario, axes, grid, outcome, "a sweep")


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return swept({RAIL: (5.0, 20.0, 35.0), PRESSURE: (0.0, 0.5, 1.0)})


def test_each_point_is_the_run_with_that_setting(ds: xr.Dataset) -> None:
    scenario = sim.load("article", worlds=4, months=2, set={RAIL: 20.0, PRESSURE: 0.5})
    alone = measured(run(scenario), SWEPT)
    for name, values in alone.items():
        np.testing.assert_array_equal(ds[name].sel({RAIL: 20.0, PRESSURE: 0.5}).values, values, name)
    assert ds["binding"].sum("constraint").values == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["rus_chn.energy.delivered", "energy_chn", "chn_rus.visit", "kor.threat@2023-10"])
def test_a_sweep_knows_the_outcomes_of_a_comparison(name: str) -> None:
    data = swept({PRESSURE: (0.0, 1.0)}, name)
    other = sim.load("article", worlds=4, months=2, set=[f"{PRESSURE}=1"])
    np.testing.assert_allclose(data[name][-1], outcome_of(name).values(run(other)), rtol=1e-12)
    assert outcome_of(name).words in summary(data, list(cuts(data, name)))


def test_values_are_even_steps_with_both_ends() -> None:
    axes = axes_of([f"{RAIL}=10:400:20", f"{PRESSURE}=0:1:11"], [])
    assert [len(values) for values in axes.values()] == [20, 11]
    assert (axes[RAIL][0], axes[RAIL][-1], axes[PRESSURE][-1]) == (10.0, 400.0, 1.0)
    assert np.allclose(np.diff(axes[RAIL]), 390.0 / 19.0)
    assert axes_of([f"{RAIL}=10 kt/month:20 kt/month:2"], [])[RAIL] == (10.0, 20.0)
    assert axes_of(["routes.rajin.open=false:true:2"], [])["routes.rajin.open"] == (0.0, 1.0)


@pytest.mark.parametrize("outcome", ["shells_delivered", "tier3"])
def test_no_text_is_cut_overlaps_or_is_small(ds: xr.Dataset, outcome: str) -> None:
    """On the runs as they are, in which nobody gets to a tier, and with a planted ridge and knee that are sure to be
    drawn.
    """
    rng = np.random.default_rng(5)
    levels = (np.minimum(ds[RAIL], 20.0) - 20.0 * (ds[PRESSURE] - 0.5) ** 2).values[..., None] / 25.0 + 0.3
    luck = rng.random((3, 3, 4))
    worlds = (levels > luck).astype(float) if outcome == "tier3" else levels + 0.01 * luck
    planted_ds = ds.assign({outcome: (ds[outcome].dims, worlds)})
    for data in (ds, planted_ds) if outcome == "tier3" else (planted_ds,):
        two = data.assign_attrs(outcome=outcome)
        one = two.isel({PRESSURE: 0}, drop=True).assign_attrs(vary=json.dumps({RAIL: [5.0, 20.0, 35.0]}))
        for name, draw, part in (("map", colour_map, two), ("cuts", profiles, two), ("line", line, one)):
            assert not of_a_study(draw, list(cuts(part, outcome)), part), name
            assert summary(part, list(cuts(part, outcome)))
        assert terminal_table(one) is not None
        assert terminal_table(two) is None


def test_a_share_of_no_or_all_worlds_is_not_known_exactly(ds: xr.Dataset) -> None:
    """Of four worlds none got to the tier: the share may be two fifths (Wilson: z² / (n + z²) at most)."""
    low, high = share_interval(np.array([0.0, 0.5, 1.0]), 4)
    reach = 1.645**2 / (4 + 1.645**2)
    np.testing.assert_allclose(low, [0.0, 0.5 - 0.5 * np.sqrt(reach), 1.0 - reach], atol=1e-12)
    np.testing.assert_allclose(high, [reach, 0.5 + 0.5 * np.sqrt(reach), 1.0])
    head, *table = outcomes(ds)
    errors = {row[head.index("outcome")]: float(row[head.index("error")]) for row in table}
    assert errors["tier4"] == pytest.approx(reach / 2.0 / 1.645, rel=1e-5)
    none = ds.isel({PRESSURE: 0}, drop=True).assign_attrs(outcome="tier4", vary=json.dumps({RAIL: [5.0, 20.0, 35.0]}))
    with styled():
        top = line(list(cuts(none, "tier4")), none).axes[0]
    (band_,) = top.collections
    assert band_.get_paths()[0].vertices[:, 1].max() == pytest.approx(reach)


def test_a_column_of_whole_numbers_has_no_decimals(ds: xr.Dataset) -> None:
    one = ds.isel({PRESSURE: 0}, drop=True).assign_attrs(vary=json.dumps({RAIL: [5.0, 20.0, 35.0]}), outcome="tests")
    for values, told in ((np.full((3, 4), 3.0), "3 (3 to 3)"), (np.full((3, 4), 3.25), "3.25 (3.25 to 3.25)")):
        table = terminal_table(one.assign(tests=((RAIL, "world"), values)))
        assert table is not None
        assert [str(cell) for cell in table.columns[1].cells] == [told] * 3


def test_rows_that_rise_or_fall_to_the_end_are_told(ds: xr.Dataset) -> None:
    """Planted planes without knee or maximum: each row matters, so none is without a significant effect."""
    plane = (ds[RAIL] / 35.0 - ds[PRESSURE]).values[..., None] + 0.01 * np.random.default_rng(5).random((3, 3, 4))
    data = ds.assign(shells_delivered=(ds["shells_delivered"].dims, plane))
    told = " ".join(findings(data, list(cuts(data, "shells_delivered"))))
    assert f"`{RAIL}` matters up to 35 kt/month at least, in 3 of 3 rows: shells delivered PRK to RUS by" in told
    assert f"`{PRESSURE}` matters up to 1 at least, in 3 of 3 rows" in told
    assert "rises and does not go flat" in told
    assert "falls and does not go flat" in told
    assert "No significant effect" not in told
    two = data.isel({PRESSURE: [0, 2]})
    assert f"Two values of `{PRESSURE}` are too few" in " ".join(findings(two, list(cuts(two, "shells_delivered"))))


def test_a_maximum_between_rows_without_one_is_drawn(ds: xr.Dataset) -> None:
    """In the first and the last of three rows: two places that no line joins are each as long as their cell."""
    rail, pressure = ds[RAIL].values[:, None, None], ds[PRESSURE].values[None, :, None]
    spread = 0.01 * np.random.default_rng(5).random((3, 3, 4))
    levels = np.where(pressure == 0.5, 0.1 * rail, -((rail - 20.0) ** 2)) + spread
    data = ds.assign(shells_delivered=(ds["shells_delivered"].dims, levels))
    with styled():
        figure = colour_map(list(cuts(data, "shells_delivered")), data)
    (line,) = [line for line in figure.axes[0].lines if str(line.get_label()).startswith(RAIL)]
    assert [y for x, y in line.get_xydata() if np.isfinite(x)] == [0.0, 0.25, 0.75, 1.0]


@pytest.mark.parametrize(("language", "word"), [("en", "turns at about"), ("fr", "inverse son effet vers")])
def test_a_minimum_is_told_and_drawn(ds: xr.Dataset, language: str, word: str) -> None:
    spread = 0.01 * np.random.default_rng(5).random((3, 3, 4))
    levels = np.abs(ds[RAIL].values[:, None, None] - 20.0) + spread
    two = ds.assign(shells_delivered=(ds["shells_delivered"].dims, levels))
    one = two.isel({PRESSURE: 0}, drop=True).assign_attrs(vary=json.dumps({RAIL: [5.0, 20.0, 35.0]}))
    with speaking(language):
        for draw, part in ((line, one), (profiles, two)):
            found = list(cuts(part, "shells_delivered"))
            assert not of_a_study(draw, found, part)
            told = " ".join(findings(part, found))
            assert f"`{RAIL}` {word}" in told
            assert f"{RAIL}` stops" not in told


@pytest.mark.parametrize("outcome", ["shells_delivered", "tier3"])
def test_a_sweep_is_french(ds: xr.Dataset, outcome: str) -> None:
    """With a planted knee and maximum, so that all sentences and legends are told."""
    rail, pressure = ds[RAIL].values[:, None, None], ds[PRESSURE].values[None, :, None]
    spread = 0.01 * np.random.default_rng(5).random((3, 3, 4))
    levels = np.minimum(rail, 20.0) / 25.0 - 0.8 * (pressure - 0.5) ** 2 + spread
    two = ds.assign({outcome: (ds[outcome].dims, levels)}).assign_attrs(outcome=outcome)
    one = two.isel({PRESSURE: 0}, drop=True).assign_attrs(vary=json.dumps({RAIL: [5.0, 20.0, 35.0]}))
    with speaking("fr"):
        for draw, part in ((colour_map, two), (profiles, two), (line, one)):
            found = list(cuts(part, outcome))
            with styled():
                figure = draw(found, part)
                assert not [problem for problem in text_problems(figure) if "small" not in problem]
            drawn = " ".join(text.get_text().replace("\n", " ") for text in shown(figure))
            assert f"Capacité du chemin de fer de Khassan ({RAIL}), kt par mois" in drawn
            page = re.sub("sim [0-9].*", "", summary(part, found))
            assert left(f"{drawn} {page}".replace(RAIL, "").replace(PRESSURE, "")) == set()
    assert "coude" in drawn


def test_the_longest_name_of_a_parameter_has_room(ds: xr.Dataset) -> None:
    long = "routes.siberia.empty_return"
    two = ds.rename({PRESSURE: long}).assign_attrs(vary=ds.attrs["vary"].replace(PRESSURE, long))
    one = two.isel({RAIL: 0}, drop=True).assign_attrs(vary=json.dumps({long: [0.0, 0.5, 1.0]}))
    with speaking("fr"):
        for draw, part in ((colour_map, two), (profiles, two), (line, one)):
            assert not of_a_study(draw, list(cuts(part, "shells_delivered")), part)


def test_too_few_worlds_are_told_in_place_of_no_effect(ds: xr.Dataset) -> None:
    for worlds, told in ((3, "Fewer than 4 worlds cannot tell an effect from chance"), (4, f"`{RAIL}`")):
        some = ds.isel(world=slice(worlds))
        said = " ".join(findings(some, list(cuts(some, "shells_delivered"))))
        assert told in said
        assert worlds == 4 or "No significant effect" not in said


def test_numbers_are_written_out() -> None:
    said = [significant(v) for v in (0.0, 0.1234, 58.26, 12345.6, float("inf"))]
    assert said == ["0", "0.123", "58.3", "12,346", "beyond the range"]
    assert (significant(100.0, 2), significant(-0.05)) == ("100", "-0.05")


# ---- The command -----------------------------------------------------------------------------------------------


def test_sweep_over_one_parameter(command: Command, tmp_path: Path) -> None:
    words = ("sweep", "article", "--vary", f"{RAIL}=10:40:3", "--worlds", "4", "--months", "2")
    code, out, err = command(*words)
    assert (code, err) == (0, "")
    assert "Binding constraint on shells" in out
    folder = tmp_path / "outputs" / f"sweep_article_{RAIL}"
    before = files(folder)
    tables = {"sweep.nc", "sweep.csv", "binding.csv", "shapes.csv", "summary.md", "manifest.json"}
    assert before.keys() == tables | {"figures/line.png", "figures/line.svg"}
    digest = sim.load("article", worlds=4, months=2).hash.encode()
    assert all(digest in data for name, data in before.items() if name != "sweep.nc")
    table = rows(folder / "sweep.csv")
    assert len(table) == 3 * len(SWEPT)
    assert {row[RAIL] for row in table} == {"10", "25", "40"}
    with xr.open_dataset(folder / "sweep.nc") as stored:
        assert stored["oil"].dims == (RAIL, "world")
        assert stored[RAIL].attrs["unit"] == "kt/month"
    assert command(*words)[0] == 0
    assert files(folder) == before


def test_sweep_over_two_parameters(command: Command, tmp_path: Path) -> None:
    vary = ("--vary", f"{RAIL}=10:40:2", "--vary", f"{PRESSURE}=0:1:2")
    code, _, err = command("sweep", "article", *vary, "--worlds", "3", "--months", "1", "--outcome", "tier2")
    assert (code, err) == (0, "")
    figures_ = tmp_path / "outputs" / f"sweep_article_{RAIL}_{PRESSURE}_tier2" / "figures"
    assert {path.name for path in figures_.iterdir()} == {"map.png", "map.svg", "cuts.png", "cuts.svg"}


def test_events_that_change_what_is_varied_are_told(command: Command) -> None:
    vary = ("--vary", "routes.rajin.capacity=10:20:2", "--worlds", "2", "--months", "6", "--no-figures")
    err = well(command("sweep", "sea_route", *vary)).err
    assert "changes routes.rajin.capacity from 2024-02 on; it multiplies the varied value" in err


MISTAKES = {
    "nothing varied": ((), "--vary: is missing"),
    "unknown key": (("routes.khasan.capcity=1:2:3",), "did you mean routes.khasan.capacity?"),
    "a group": (("routes.khasan=1:2:3",), "is a group"),
    "out of bounds": ((f"{PRESSURE}=0:2:3",), "HIGH must lie in 0 .. 1"),
    "wrong unit": ((f"{RAIL}=10 t:20 t:3",), 'must be in kt/month, found the unit "t"'),
    "backwards": ((f"{PRESSURE}=1:0:3",), "LOW must be less than HIGH"),
    "equal": ((f"{PRESSURE}=0.5:0.5:3",), "LOW must be less than HIGH"),
    "one step": ((f"{PRESSURE}=0:1:1",), "STEPS must be a whole number from 2"),
    "half a step": ((f"{PRESSURE}=0:1:2.5",), "STEPS must be a whole number from 2"),
    "endless steps": ((f"{PRESSURE}=0:1:{'9' * 5000}",), "STEPS must be a whole number from 2"),
    "too close": ((f"{PRESSURE}=0.5:0.5000000000000001:900",), "too close together"),
    "too many points": ((f"{PRESSURE}=0:1:900", f"{RAIL}=1:2:900"), "take fewer steps"),
    "twice": ((f"{PRESSURE}=0:1:3", f"{PRESSURE}=0:1:3"), "is varied twice"),
    "three": ((f"{PRESSURE}=0:1:3", f"{RAIL}=1:2:3", "war.intensity=0:1:3"), "at most 2"),
    "a switch": (("routes.khasan.open=0:1:3",), "STEPS must be 2"),
    "not a number": ((f"{PRESSURE}=nan:1:3",), "LOW must be a finite number"),
    "no number": ((f"{PRESSURE}=low:1:3",), "LOW must be"),
    "garbage": (("\x00=::\U0001f600",), "--vary"),
    "empty": (("",), "must be KEY=LOW:HIGH:STEPS"),
    "half": ((f"{PRESSURE}=0:1",), "must be KEY=LOW:HIGH:STEPS"),
}


@pytest.mark.parametrize(("texts", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_and_leave_nothing(refused: Refused, texts: tuple[str, ...], said: str) -> None:
    assert said in refused("sweep", "article", *(word for text in texts for word in ("--vary", text)))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--outcome", "practicl"), "did you mean practical?"),
        (("--set", f"{PRESSURE}=0.5"), "is both set and varied"),
        (("--worlds", "0"), "--worlds"),
        (("--worlds", "10000000"), "memory"),
    ],
)
def test_mistakes_beside_the_grid(refused: Refused, words: tuple[str, ...], said: str) -> None:
    assert said in refused("sweep", "article", "--vary", f"{PRESSURE}=0:1:900", *words)


def test_several_mistakes_are_told_at_once(refused: Refused) -> None:
    err = refused("sweep", "artcle", "--vary", "no.such=1:2:3", "--vary", f"{PRESSURE}=1:0:1", "--outcome", "oyl")
    assert len(err.strip().splitlines()) == 5


def test_a_value_that_an_event_replaces_is_told() -> None:
    """A varied parameter that an event sets is no parameter without effect."""
    one = sim.load("article", events=[{"month": "2023-11", "key": "war.intensity", "value": 0.5, "duration": 3}])
    ds = xr.Dataset(attrs={"scenarios": json.dumps([one.to_dict()])})
    (told,) = replaced(ds, "war.intensity")
    assert "replaces `war.intensity` from 2023-11 on for three months" in told or "from 2023-11 on for 3 months" in told
    assert replaced(ds, "routes.khasan.capacity") == []


def test_a_study_draws_all_figures_or_none() -> None:
    assert [drawn("all", False), drawn("all", True), drawn("none", False)] == [True, False, False]
    with pytest.raises(typer.BadParameter, match="must be all or none"):
        all_or_none("some")


def test_outcomes_of_another_lane_are_told() -> None:
    assert of_another_lane("mine", LANE) == ""
    assert "from China to North Korea" in of_another_lane("mine", ("CHN", "PRK", "food"))

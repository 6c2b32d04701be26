"""Scenario discovery: a planted box is found and tested, shuffled worlds give none, the command as a user types it."""

import json
import re
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer
import xarray as xr
from command_line import Command, Refused, files, rows, well
from drawings import of_a_study

import sim
from sim.analysis.condition import read_condition
from sim.present.style import styled
from sim.studies.discover import figures as discovery_figures
from sim.studies.discover.analysis import Discovery, discover, discovered, distances, halves, shuffled
from sim.studies.discover.command import _check_both
from sim.studies.discover.prim import Box, choose, fit, p_value, prune, quasi_p
from sim.studies.discover.tables import summary
from sim.studies.discover.words import limit_words, strongest
from sim.studies.sensitivity.design import points_of

pytestmark = pytest.mark.usefixtures("short_rest", "workbench")

WORLDS = 800
LOW, HIGH = 0.6, 0.5


@pytest.fixture
def command(command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command with coarse peeling, one resample and a short probe of its time."""
    monkeypatch.setattr("sim.studies.discover.prim.PEEL", 0.15)
    monkeypatch.setattr("sim.commands.workflow.PROBE", (8, 1))
    monkeypatch.setattr("sim.studies.discover.analysis.RESAMPLES", 1)
    return command


# ---- A planted box ---------------------------------------------------------------------------------------------


@cache
def planted() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Ten parameters in (0, 1), two of which make the box; one world in twenty is the other way round."""
    keys = sim.load("article").uncertain[:10]
    values = {key: points_of(11, key, np.arange(WORLDS)) for key in keys}
    flipped = np.random.default_rng(11).random(WORLDS) < 0.05
    return values, ((values[keys[7]] > LOW) & (values[keys[3]] < HIGH)) ^ flipped


@cache
def found(seed: int = 1) -> Discovery:
    return discover(*planted(), None, seed, lambda *_: None, resamples=1)


@cache
def control(seed: int = 1) -> Discovery:
    return shuffled(*planted(), None, seed)


def test_the_planted_box_is_found() -> None:
    """Both limits within a peel (5 % of the worlds left, so 0.05 of the range), nothing else restricted."""
    one, other = list(planted()[0])[7], list(planted()[0])[3]
    box = found().box
    assert set(box.limits) == {one, other}
    assert box.limits[one] == (pytest.approx(LOW, abs=0.05), np.inf)
    assert box.limits[other] == (-np.inf, pytest.approx(HIGH, abs=0.05))
    assert found().significant
    assert found().tested.density > 0.85
    assert found().stability == {one: 1.0, other: 1.0}
    assert all(luck < 1e-6 for luck in found().quasi_p.values())


def test_shuffled_worlds_give_no_significant_box() -> None:
    """The negative control: on testing worlds the box of shuffled worlds is no denser than all of them."""
    assert not control().significant
    assert control().tested.phi < 0.1
    density = found().trajectory[-1][0].density
    assert density > 0.85, "on the worlds that choose it the search is always proud of itself"


def test_the_testing_worlds_have_no_say() -> None:
    values, met = planted()
    testing = halves(WORLDS)[1]
    other = met.copy()
    other[testing] = ~other[testing]
    assert discover(values, other, None, 1, lambda *_: None, resamples=0).box == found().box


def test_a_density_can_be_asked_for() -> None:
    boxes = [Box(), Box({"a": (0.5, np.inf)}), Box({"a": (0.9, np.inf)})]
    line = {"a": np.linspace(0.0, 1.0, 101)}
    hit = line["a"] > 0.75
    assert choose(boxes, line, hit, 0.4) == boxes[1]
    assert choose(boxes, line, hit, 0.9) == boxes[2]
    assert choose(boxes[:2], line, hit, 0.9) == boxes[1], "the densest there is"


def test_fit_and_luck_of_a_box_by_hand() -> None:
    values = {"a": np.arange(10.0), "b": np.array([0.0, 1.0] * 5)}
    met = values["a"] >= 6.0
    box = Box({"a": (5.0, np.inf), "b": (0.5, np.inf)})
    assert list(np.flatnonzero(box.holds(values, 10))) == [5, 7, 9]
    assert fit(box, values, met).coverage == 0.5
    assert fit(box, values, met).density == pytest.approx(2 / 3)
    assert fit(Box(), values, met).phi == 0.0
    # Two of three or more where four in ten do, and where four in five do.
    luck = quasi_p(box, values, met)
    assert luck["a", 0] == pytest.approx(3 * 0.4**2 * 0.6 + 0.4**3)
    assert luck["b", 0] == pytest.approx(3 * 0.8**2 * 0.2 + 0.8**3)
    assert prune(box, values, met) == Box()
    assert p_value(Box({"a": (6.0, np.inf)}), values, met) == pytest.approx(1 / 210)
    assert distances(values, met) == {"a": pytest.approx(1.0), "b": pytest.approx(0.0, abs=1e-12)}


def test_quasi_p_values_are_those_of_the_workbench() -> None:
    """Of the planted parameters in the box in the middle of the workbench's own trajectory."""
    prim = pytest.importorskip("ema_workbench.analysis.prim")
    values, met = planted()
    part = {key: values[key] for key in (list(values)[7], list(values)[3])}
    # Workbench 2 counts what reaches the threshold as of interest: at 0.0 that would be every run.
    extra = {"threshold": 1e-6} if "threshold" in prim.Prim.__init__.__code__.co_varnames else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = prim.Prim(pd.DataFrame(part), met.astype(int), peel_alpha=0.05, mass_min=0.05, **extra).find_box()
    middle = len(theirs.box_lims) // 2
    luck = (getattr(theirs, "p_values", None) or theirs.qp)[middle]
    open_ends, ends = (-np.inf, np.inf), theirs.box_lims[middle]
    # -1 marks a side that is not restricted
    box = Box({k: tuple(ends[k][n] if luck[k][n] >= 0.0 else open_ends[n] for n in range(2)) for k in luck})
    mine = quasi_p(box, part, met)
    assert len(mine) >= 2
    for key, both in luck.items():
        assert [mine.get((key, n), -1.0) for n in range(2)] == pytest.approx(list(both), rel=1e-3, abs=1e-9)


def test_percentiles_are_told_in_units(command: Command) -> None:
    values = {"technology": np.arange(101.0), "oil": np.arange(11.0)}
    condition = read_condition("not (technology > p80 or oil < p50) and technology <= 90")
    assert list(condition.percentiles(values)) == [("technology", 80.0, 80.0), ("oil", 50.0, 5.0)]
    words = ("--where", "shells_delivered > p60", "--worlds", "160", "--months", "3", "--no-figures")
    out = well(command("discover", "article", *words)).out
    told = re.search(r"p60 of shells_delivered over these worlds is [\d.,]+ million rounds", out)
    assert told
    folder = next(Path("outputs").glob("discover_*"))
    assert told[0] in (folder / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("low", [0.5, -np.inf])
def test_only_limits_that_restrict_are_drawn(low: float) -> None:
    values, met = planted()
    ds = discovered(sim.load("article", worlds=WORLDS, months=1), "a discovery", "x", found(), control(), values, met)
    keys = strongest(found())
    limits = {keys[0]: (low, np.inf), keys[1]: (-np.inf, np.inf)}
    with styled():
        figure = discovery_figures.box(replace(found(), box=Box(limits)), ds)
    lines = [line for line in figure.axes[1].lines if line.get_linestyle() == "-" and len(line.get_xdata())]
    assert len(lines) == int(np.isfinite(low))


def test_words_and_figures() -> None:
    values, met = planted()
    scenario = sim.load("article", worlds=WORLDS, months=1)
    where = "rus_prk.practical > 0.6 and (technology > 20 or not shells_delivered < 3) and kor.threat <= p90"
    for one in (found(), control()):
        ds = discovered(scenario, "a discovery", where, one, control(), values, met)
        assert "Control:" in summary(one, control(), ds)
        assert not of_a_study(discovery_figures.box, one, ds)
        assert not of_a_study(discovery_figures.trajectory, one, control(), ds)
    assert limit_words("routes.khasan.capacity", (61.2, np.inf)) == "`routes.khasan.capacity` at least 61.2 kt/month"
    assert limit_words("sanctions.pressure", (0.5, 0.6)) == "`sanctions.pressure` from 0.5 to 0.6"


def test_a_density_that_no_box_has_or_all_worlds_have_is_told() -> None:
    values, met = planted()
    ds = discovered(sim.load("article", worlds=WORLDS, months=1), "a discovery", "x", found(), control(), values, met)
    everything = replace(found(), box=Box(), chosen=found().trajectory[0][0])
    assert "agrees best with the condition" in summary(found(), control(), ds)
    assert "No box has the density asked for (98 %)" in summary(found(), control(), ds.assign_attrs(density=0.98))
    easy = summary(everything, control(), ds.assign_attrs(density=0.1))
    assert "No limit is needed for a density of 10 %" in easy
    assert "No box" not in easy
    assert "agrees best" not in easy


# ---- The command -----------------------------------------------------------------------------------------------

SMALL = ("--worlds", "240", "--months", "2", "--keys", "routes.khasan", "--keys", "PRK.ammunition")


@pytest.mark.slow
def test_rail_makes_many_shells(command: Command, tmp_path: Path) -> None:
    words = ("discover", "article", "--where", "shells_delivered >= p70", *SMALL)
    _, out, err = well(command(*words))
    assert "72 of 240 worlds (30 %) meet: shells_delivered >= p70." in out
    assert "`routes.khasan.capacity` at least" in out
    assert "kt/month" in out
    assert "Control: with the condition permuted" in out
    assert "240 runs for the search" in err
    folder = tmp_path / "outputs" / "discover_article"
    before = files(folder)
    tables = {"discovery.nc", "box.csv", "trajectory.csv", "summary.md", "manifest.json"}
    figures = {f"figures/{what}.{kind}" for what in ("box", "trajectory") for kind in ("png", "svg")}
    assert before.keys() == tables | figures
    rail = rows(folder / "box.csv")[0]
    assert (rail["key"], rail["unit"]) == ("routes.khasan.capacity", "kt/month")
    assert 15.0 < float(rail["low"]) < 130.0
    with xr.open_dataset(folder / "discovery.nc") as ds:
        assert int(ds["met"].sum()) == 72
        assert json.loads(ds.attrs["found"])["p_value"] < 0.01
    assert command(*words, "--no-figures", "--out", "again")[0] == 0
    again = files(Path("again"))
    assert [name for name in tables - {"manifest.json"} if again[name] != before[name]] == []


MISTAKES = {
    "no condition": ((), "a condition is missing"),
    "unknown outcome": (("--where", "tecnology > 1"), "did you mean technology?"),
    "short outcome": (("--where", "shells > p80"), "did you mean shells_delivered?"),
    "caret": (("--where", "technology >> 1"), "technology >> 1\n                ^"),
    "too late": (("--where", "rus_prk.trust@2040-01 > 0"), "the run covers 2023-09 to 2026-08"),
    "few worlds": (("--where", "oil > 1", "--worlds", "100"), "--worlds: must be at least 160, found 100"),
    "density": (("--where", "oil > 1", "--density", "80"), "--density: must lie between 0 and 1"),
    "unknown key": (("--where", "oil > 1", "--keys", "routs"), "did you mean routes"),
    "none": (("--where", "technology > 1e6", *SMALL), "0 of 240 worlds meet the condition"),
    "all": (("--where", "technology >= 0", *SMALL), "240 of 240 worlds meet the condition"),
    "a month without runs": (("--where", "shells_delivered > p99", *SMALL), "Choose another limit, or more --worlds"),
}


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_and_leave_nothing(refused: Refused, words: tuple[str, ...], said: str) -> None:
    assert said in refused("discover", "article", *words)


def test_a_count_that_may_be_asked_for_is_one_that_some_world_has(capsys: pytest.CaptureFixture[str]) -> None:
    values = {"tests": np.repeat([3.0, 4.0], 20)}
    with pytest.raises(typer.Exit):
        _check_both(values["tests"] > 9, values, None)
    assert "tests runs from 3 to 4 in 90 % of the worlds" in capsys.readouterr().err


def test_several_mistakes_are_told_at_once(refused: Refused) -> None:
    err = refused("discover", "artcle", "--where", "x > 1", "--worlds", "8", "--density", "2")
    assert err.count("artcle") == 1
    assert "unknown outcome" in err
    assert "--density" in err

"""Comparison of scenarios: statistics on planted differences, pairing by real runs, the command as a user types it."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import Command, Refused, files, well
from command_line import rows as table_of
from drawings import of_a_study, shown

import sim
from sim.analysis.levels import COMPARED, compared_by
from sim.analysis.measures import HEADLINE, measured
from sim.analysis.paired import difference
from sim.analysis.quantiles import Band
from sim.analysis.wide import ALWAYS, OTHERS, WIDE, chosen
from sim.experiment.batch import run_reduced
from sim.experiment.run import run
from sim.present import publish
from sim.present.style import styled
from sim.studies.compare.analysis import comparison
from sim.studies.compare.command import FEW_OF_A_COMPARISON
from sim.studies.compare.figures import FIGURES
from sim.studies.compare.tables import _story, cells, fewer_words, rows, summary, terminal_tables
from sim.texts.spoken import said

pytestmark = pytest.mark.usefixtures("short_rest")

WORLDS, MONTHS = 12, 4
KEEP = compared_by()
EVERY = {**COMPARED, **WIDE}
FILES = {"comparison.nc", "comparison.csv", "series.csv", "summary.md", "manifest.json"}


def compared(*names: str, worlds: int = WORLDS, months: int = MONTHS) -> xr.Dataset:
    """A small comparison."""
    scenarios = [sim.load(name, worlds=worlds, months=months) for name in names]
    return comparison(scenarios, [KEEP.reduce(run(one)) for one in scenarios], "a comparison")


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return compared("article", "sea_route", "ceasefire")


# ---- Statistics ------------------------------------------------------------------------------------------------


def test_planted_difference_by_hand() -> None:
    found = difference(np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.0, 5.0, 3.0]))
    assert found.mean == pytest.approx(0.5)
    assert found.error == pytest.approx(np.std([1, 0, 2, -1], ddof=1) / 2.0)
    assert (found.higher, found.tied, found.higher_or_half) == (0.5, 0.25, 0.625)
    assert found.band.mid == pytest.approx(0.5)
    variances = np.var([1, 2, 3, 4], ddof=1) + np.var([2, 2, 5, 3], ddof=1)
    assert found.fewer == pytest.approx(variances / np.var([1, 0, 2, -1], ddof=1))


def test_gain_of_pairing_is_what_theory_says() -> None:
    """With equal variances and correlation r the gain is 1 / (1 - r); without correlation there is none."""
    rng = np.random.default_rng(1)
    common, a, b = rng.normal(size=(3, 40_000))
    r = 0.9
    x, y = (np.sqrt(r) * common + np.sqrt(1.0 - r) * own for own in (a, b))
    assert difference(x, y).fewer == pytest.approx(1.0 / (1.0 - r), rel=0.05)
    assert difference(a, b).fewer == pytest.approx(1.0, rel=0.05)


def test_standard_error_covers_the_true_mean() -> None:
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(1000):
        a = rng.normal(size=50)
        found = difference(a, a + 0.3 + 0.2 * rng.normal(size=50))
        hits += abs(found.mean - 0.3) <= 1.645 * found.error
    assert hits / 1000 == pytest.approx(0.9, abs=0.03)


def test_odd_data_are_told_as_they_are() -> None:
    same = difference(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    assert (same.mean, same.error, same.tied, same.clear) == (0.0, 0.0, 1.0, False)
    assert math.isnan(same.fewer), "where no world differs, pairing saves nothing"
    assert difference(np.array([1.0, 2.0]), np.array([2.0, 3.0])).fewer == math.inf
    assert math.isnan(difference(np.array([1.0]), np.array([2.0])).error)
    holes = difference(np.array([1.0, np.nan, 3.0]), np.array([2.0, 5.0, np.inf]))
    assert (holes.mean, holes.higher) == (1.0, 1.0)
    assert math.isnan(difference(np.array([np.nan]), np.array([1.0])).mean)
    rounding = difference(np.array([1e6, 2e6]), np.array([1e6 + 1e-6, 2e6]))
    assert rounding.tied == 1.0
    assert (fewer_words(math.inf), fewer_words(same.fewer, same.tied)) == (">999 times", "no difference")


# ---- Runs ------------------------------------------------------------------------------------------------------


def test_blocks_give_what_one_run_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = sim.load("article", worlds=20, months=3)
    whole = measured(run(scenario), HEADLINE)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr("sim.experiment.batch.WORLD_MONTHS", 24)
    parts = run_reduced(scenario, lambda ds: measured(ds, HEADLINE), lambda done, total: told.append((done, total)))
    for name, values in whole.items():
        np.testing.assert_array_equal(parts[name], values, name)
    assert told[-1] == (60, 60)
    assert told == sorted(told)


def test_statistics_are_those_of_separate_runs(ds: xr.Dataset) -> None:
    a, b = (measured(run(sim.load(n, worlds=WORLDS, months=MONTHS)), EVERY) for n in ("article", "ceasefire"))
    for name in EVERY:
        expected = difference(a[name], b[name])
        here = ds.sel(measure=name, other="ceasefire")
        assert float(here["difference_mean"]) == pytest.approx(expected.mean, nan_ok=True)
        assert float(here["higher"]) == pytest.approx(expected.higher, nan_ok=True)


def test_nothing_differs_before_the_first_event(ds: xr.Dataset) -> None:
    """A ceasefire after a year changes nothing in the first months: worlds are truly paired."""
    assert (ds["series_difference"].sel(other="ceasefire").values == 0.0).all()
    assert (ds["tied"].sel(other="ceasefire").values == 1.0).all()
    assert (ds["tied"].sel(other="sea_route", measure="shells_delivered").values < 1.0).all()


def test_really_different_seeds_need_as_many_more_worlds_as_the_formula_says() -> None:
    worlds, months = 96, 6
    a, b = (sim.load(name, worlds=worlds, months=months) for name in ("article", "sea_route"))
    first, paired = (measured(run(one), HEADLINE) for one in (a, b))
    other = measured(run(replace(b, seed=b.seed + 1)), HEADLINE)
    for name in ("oil", "technology", "fire_ratio"):
        formula = difference(first[name], paired[name]).fewer
        really = (other[name] - first[name]).var(ddof=1) / (paired[name] - first[name]).var(ddof=1)
        # each variance of 96 worlds is known to about 15 %, their ratio to about 25 %
        assert really == pytest.approx(formula, rel=0.6), name
        assert formula > 1.5, name


def test_what_is_kept_of_a_run_does_not_hold_on_to_the_rest() -> None:
    """Memory stays the same however many blocks are run: nothing kept is a window onto the full results."""
    kept = KEEP.reduce(run(sim.load("article", worlds=2, months=2)))
    assert all(one.values.base is None for one in kept.data_vars.values())


# ---- What is written and drawn ---------------------------------------------------------------------------------

CASES = {"two": (("article", "sea_route"), 3, 1), "many, one month": (tuple(sorted(sim.shipped()))[:9], 1, 2)}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_no_text_is_cut_overlaps_or_is_small(case: str) -> None:
    names, months, worlds = CASES[case]
    data = compared(*names, months=months, worlds=worlds)
    for name, draw in FIGURES.items():
        assert not of_a_study(draw, data), name
    assert summary(data)
    assert len(list(terminal_tables(data))) == len(names) - 1


def test_long_names_of_changed_scenarios_stand_whole_beside_the_scoreboard(ds: xr.Dataset) -> None:
    changed = [f"article+technology.guard_scale={value}" for value in ("2", "0.5")]
    named = ds.assign_coords(scenario=["article", *changed], other=changed)
    assert not of_a_study(FIGURES["scoreboard"], named)
    with styled():
        names = [text.get_text() for text in shown(FIGURES["scoreboard"](named))]
    assert [names.count(name) for name in changed] == [2, 2], "once a row of panels"


@pytest.mark.parametrize(("size", "top"), [(2e-6, 8.0e-3), (0.5, 0.5), (0.0, 1.0)])
def test_an_axis_of_differences_shows_no_noise(ds: xr.Dataset, size: float, top: float) -> None:
    """Beside 8 million rounds two rounds are none: the axis reaches 8 thousand. Half a million fills it."""
    shells = {"series": "shells_delivered"}
    planted = ds.isel(other=[0], scenario=[0, 1]).copy(deep=True)
    planted["series_quantile"].loc[shells] = 8.0
    planted["series_difference"].loc[shells] = size
    ax = FIGURES["differences"](planted).axes[0]
    assert ax.get_ylim()[1] == pytest.approx(top, rel=0.06)


def test_each_row_tells_its_difference(ds: xr.Dataset) -> None:
    found = {(row.measure, row.other): row for row in rows(ds)}
    assert len(found) == len(EVERY) * 2
    shells = found["shells_delivered", "sea_route"]
    values = ds["outcome"].sel(measure="shells_delivered")
    step = values.sel(scenario="sea_route").values - values.sel(scenario="article").values
    assert shells.spread[2] == pytest.approx(np.median(step))
    assert shells.step.mean == pytest.approx(step.mean())
    with_ships, with_ceasefire = ([*map(str, table.columns[1].cells)] for table in terminal_tables(ds))
    assert with_ships[0] != with_ceasefire[0], "each table is that of its own scenario"


@pytest.mark.parametrize(("low", "told"), [(-2.0, "0 (-2 to +1)"), (-2.5, "0.00 (-2.50 to +1.00)")])
def test_differences_of_counts_have_no_decimals_and_their_means_have(ds: xr.Dataset, low: float, told: str) -> None:
    one = next(row for row in rows(ds) if row.measure == "summits")
    step = replace(one.step, mean=-0.375, error=0.3125)
    count = replace(one, reference=Band(1, 2, 3), value=Band(1, 2, 3), spread=(low, -1.0, 0.0, 0.0, 1.0), step=step)
    assert cells(count)[0] == told
    assert cells(count)[1].startswith("-0.38 ± 0.31")


def test_a_share_that_rises_rises_by_percentage_points(ds: xr.Dataset) -> None:
    """From 24 to 29 % is no rise by 5 %."""
    one = next(row for row in rows(ds) if row.measure == "dependence_rus")
    step = replace(one.step, mean=5.11, error=0.44)
    assert "on average by 5.11 ± 0.44 percentage points" in _story([replace(one, step=step)])


def test_of_one_world_nothing_is_said_to_be_the_same() -> None:
    one = compared("article", "sea_route", worlds=1, months=1)
    words = summary(one)
    assert all(not {"±", "?"} & set(cells(row)[1]) for row in rows(one)), "an error that nobody knows is not told"
    assert said("compare.one_world") in words
    assert said("compare.nothing_notable") not in words


def test_a_table_shows_the_largest_differences_and_what_was_asked_for() -> None:
    """Scores aside, which are in the scoreboard; an outcome that does not clearly differ has no size."""
    sizes = {name: float("nan") if name == "summits" else float(k) for k, name in enumerate(WIDE)}
    largest = sorted((name for name in WIDE if name not in (*ALWAYS, "summits")), key=lambda name: -sizes[name])
    assert chosen(sizes, ("summits", "kor.threat")) == [
        *(name for name in WIDE if name in {*ALWAYS, *largest[:OTHERS], "summits"}),
        "kor.threat",
    ]


def test_the_sizes_of_a_comparison_rank_its_table(ds: xr.Dataset) -> None:
    one = ds.sel(other="sea_route")
    for name in ("food_rus", "shells_seized"):
        values = ds["outcome"].sel(measure=name, scenario=["article", "sea_route"]).values
        assert float(one["size"].sel(measure=name)) == pytest.approx(np.diff(values, axis=0).mean() / values.std())
    assert np.isnan(ds["size"].sel(other="ceasefire").values).all(), "nothing differs yet"


# ---- The command -----------------------------------------------------------------------------------------------


def test_compare_writes_everything_with_its_origin_and_the_same_every_time(command: Command, tmp_path: Path) -> None:
    words = ("compare", "article", "sea_route", "--worlds", "4", "--months", "2")
    code, out, err = command(*words)
    assert code == 0
    assert err.startswith("sea_route: 3 events after the last month, 2023-10, left out: ")
    assert err.count("\n") == 1
    assert "sea_route less article" in out
    folder = tmp_path / "outputs" / "compare_article_sea_route"
    before = files(folder)
    assert before.keys() == FILES | {f"figures/{name}.png" for name in FEW_OF_A_COMPARISON}
    hashes = [sim.load(name, worlds=4, months=2).hash for name in ("article", "sea_route")]
    for name, data in before.items():
        assert all(one.encode() in data for one in hashes) or name.endswith(".nc"), name
    with xr.open_dataset(folder / "comparison.nc") as stored:
        assert json.loads(stored.attrs["scenario_hashes"]) == hashes
    table = table_of(folder / "comparison.csv")
    assert {row["seed"] for row in table} == {"2023"}
    assert {row["outcome"] for row in table} == set(EVERY)
    assert command(*words)[0] == 0
    assert files(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_fewest_worlds_are_used_and_said(command: Command, tmp_path: Path) -> None:
    head = 'title = "T"\nquestion = "Q?"\nextends = "article"\nmonths = 2\n'
    (tmp_path / "a.toml").write_text(f"{head}worlds = 3\n", encoding="utf-8")
    (tmp_path / "b.toml").write_text(f"{head}worlds = 5\n", encoding="utf-8")
    _, out, err = well(command("compare", "a.toml", "b.toml", "--no-figures", "--out", "x"))
    assert "all run with 3, the smallest" in err
    assert json.loads((tmp_path / "x" / "manifest.json").read_text(encoding="utf-8"))["worlds"] == 3
    assert "5 files in x" in out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("seed = 7", "seed: is 7 (mine.toml:4), but 2023 in article"),
        ("months = 3", "months: is 3 (mine.toml:4), but 36 in article"),
        ('start = "2023-08"', "start: is 2023-08 (mine.toml:4), but 2023-09 in article"),
    ],
)
def test_worlds_that_cannot_be_paired_are_refused(refused: Refused, line: str, words: str) -> None:
    Path("mine.toml").write_text(f'title = "T"\nquestion = "Q?"\nextends = "article"\n{line}\n', encoding="utf-8")
    err = refused("compare", "article", "mine.toml", "--outcome", "oyl")
    assert f"mine: {words}" in err
    assert "cannot be paired" in err
    assert "--outcome: oyl: " in err, "all is told at once"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("article",), "at least two"),
        (("article", "article"), "is given twice"),
        (("article", "see_route"), "did you mean sea_route?"),
        (("article", "sea_route", "--set", "no.such=1"), "--set: no.such"),
        (("article", "sea_route", "--worlds", "100000000"), "--worlds"),
        (("article", "sea_route", "--worlds", "10000000", "--months", "360"), "memory"),
    ],
)
def test_mistakes_are_told_and_leave_nothing(refused: Refused, words: tuple[str, ...], said: str) -> None:
    assert said in refused("compare", *words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("article", "--group", "routes"), "add --attribute"),
        (("article", "sea_route", "ceasefire", "--attribute"), "name just two"),
        (("article", "sea_route", "--attribute", "--group", "rootes"), "nothing that differs begins with rootes"),
    ],
)
def test_faults_of_an_attribution_are_told_with_the_others(refused: Refused, words: tuple[str, ...], said: str) -> None:
    err = refused("compare", *words, "--outcome", "oyl")
    assert said in err
    assert "--outcome: oyl: " in err


def test_foreign_files_are_kept(refused: Refused) -> None:
    Path("mine").mkdir()
    Path("mine/thesis.txt").write_text("years of work", encoding="utf-8")
    words = ("compare", "article", "sea_route", "--worlds", "2", "--months", "1")
    assert "thesis.txt" in refused(*words, "--out", "mine")


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_broken_write_leaves_nothing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(publish, "_manifest", fail)
    code, _, err = command("compare", "article", "sea_route", "--worlds", "2", "--months", "1", "--no-figures")
    assert code == (130 if isinstance(failure, KeyboardInterrupt) else 2)
    assert "Traceback" not in err
    assert not [path for path in tmp_path.rglob("*") if path.name != "outputs"]

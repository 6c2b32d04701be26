"""Figures, tables and files: complete, alike every time, at ease with odd data, and never half written."""

import io
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from drawings import text_problems
from matplotlib.figure import Figure
from rich.console import Console
from synthetic import dataset

from sim.analysis.acts import acts
from sim.analysis.headline import bound_by, highest_tier, rail_use, score_changes, tiers_reached
from sim.analysis.levels import brief
from sim.analysis.measures import is_whole
from sim.analysis.origin import origin_line
from sim.analysis.outcome import PLAIN, outcome
from sim.analysis.overview import overview
from sim.analysis.quantiles import COLUMNS, Band, band
from sim.analysis.record.comparable import Comparison, compare
from sim.analysis.record.file import Observation, observations
from sim.analysis.record.known import IN_SUMMARY, KNOWN
from sim.analysis.record.series import at_date
from sim.model.state import MONTHS_LATELY
from sim.present.figures import FIGURES, PANELS, draw
from sim.present.naming import act_short, scale_words
from sim.present.page import page, save_figure
from sim.present.record_words import missed
from sim.present.spreadsheets import series
from sim.present.style import styled, time_axis
from sim.present.summary import LOOKED_BACK, summary
from sim.present.tables import delivered_row, terminal_table
from sim.scenario import load
from sim.texts.spoken import numbered, speaking

SHOWN = ("tier_released", "tests", "coordination")
"""Variables of the whole system: two of whole numbers, and one that is not."""

CASES = {
    "as usual": {"months": 36, "worlds": 200, "name": "a_scenario_with_a_name_of_its_own"},
    "one of each": {"months": 1, "worlds": 1},
    "three months of nothing": {"months": 3, "worlds": 5, "fill": 0.0},
    "all missing": {"months": 23, "worlds": 5, "fill": float("nan")},
    "thirty years": {"months": 360, "worlds": 3},
}
"""Data that show what figures must cope with. Three and twenty-three months are those of most labels of months to the
width of a panel: with one more these become fewer."""


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return dataset(months=36, worlds=40)


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[str, xr.Dataset]:
    """The name of a case and its data, made once for the tests that try it."""
    return request.param, dataset(**CASES[request.param])


@pytest.mark.slow
def test_no_text_is_cut_overlaps_or_is_small(case: tuple[str, xr.Dataset]) -> None:
    name, data = case
    for figure in FIGURES:
        assert not text_problems(draw(data, figure), pixels="fill" in CASES[name]), figure


@pytest.mark.slow
def test_no_label_of_an_act_of_the_two_is_cut(ds: xr.Dataset) -> None:
    """Each act that Russia and North Korea may do, as the label of one row after the other."""
    figure = draw(ds, "cooperation")
    (strip,) = (ax for ax in figure.axes if ax.get_title(loc="right"))
    rows = len(strip.get_yticks())
    labels = sorted({act_short(act) for act in acts(ds) if set(act.actors) <= {"RUS", "PRK"}})
    for first in range(0, len(labels), rows):
        shown = labels[first : first + rows]
        strip.set_yticks(range(len(shown)), shown)
        assert not text_problems(figure), shown


class OnlyPageError(Exception):
    """A figure with its title, note and origin, and nothing else."""


@pytest.mark.parametrize("name", ["a", "trilateral_surge"])
def test_note_and_origin_have_room_whatever_the_name(name: str) -> None:
    """A short name and one as long as ours; with the longest, all figures are drawn."""
    named = dataset(months=2, worlds=200, name=name)

    def only_page(*given: Any, **more: Any) -> Figure:
        raise OnlyPageError(page(*given, **more))

    for figure, make in FIGURES.items():
        with styled(), patch(f"{make.__module__}.page", only_page), pytest.raises(OnlyPageError) as begun:
            make(named)
        assert not text_problems(begun.value.args[0]), figure


def test_a_planted_overlap_is_found(ds: xr.Dataset) -> None:
    figure = draw(ds, "war")
    ax = figure.axes[0]
    ax.text(0.0, 1.02, ax.get_title(loc="left"), transform=ax.transAxes)
    figure.text(0.99, 0.5, "beyond the edge")
    problems = " ".join(text_problems(figure))
    assert "overlaps" in problems
    assert "is cut" in problems


def test_summary_and_table_cope_with_odd_data(case: tuple[str, xr.Dataset]) -> None:
    _, data = case
    assert summary(data)
    assert terminal_table(data).row_count >= 6


def test_many_worlds_are_drawn_from_quantiles() -> None:
    assert len(draw(dataset(months=2, worlds=2000), "cooperation").axes[0].lines) < 20


@pytest.mark.parametrize("name", PANELS)
def test_panels_draw_on_an_axis_of_ones_own(ds: xr.Dataset, name: str) -> None:
    figure = Figure()
    ax = figure.add_subplot()
    extra = ("russian_stock_million", "#0072B2", "million rounds") if name == "series" else ()
    PANELS[name](ds, ax, *extra)
    assert ax.has_data()


def test_drawing_leaves_the_readers_settings_alone(ds: xr.Dataset, tmp_path: Path) -> None:
    before = mpl.rcParams.copy()
    save_figure(ds, FIGURES["scoreboard"], tmp_path / "scoreboard")
    assert mpl.rcParams.copy() == before


def test_observed_figures_are_drawn_where_they_exist(ds: xr.Dataset) -> None:
    labels = draw(ds, "deliveries").axes[0].get_legend_handles_labels()[1]
    assert "observation, with its range" in labels
    late = ds.assign_coords(month=ds["month"].values + np.timedelta64(4000, "D"))
    assert "observation, with its range" not in draw(late, "deliveries").axes[0].get_legend_handles_labels()[1]


def test_counts_are_read_between_month_ends() -> None:
    one = dataset(months=3, worlds=1)
    one["containers"].values[:] = [[310.0], [620.0], [920.0]]
    series = KNOWN["containers_prk_rus_cumulative"].reading
    for day, count in (("09-15", 155.0), ("09-30", 310.0), ("10-31", 620.0)):
        assert at_date(one, series, np.datetime64(f"2023-{day}")) == pytest.approx(count)
    for outside in ("2023-08-31", "2023-12-01"):
        assert at_date(one, series, np.datetime64(outside)) is None


def test_known_series_stand_in_the_shipped_file(ds: xr.Dataset) -> None:
    assert set(IN_SUMMARY) <= {seen.series for seen in observations()}
    assert {one.observation.series for one in compare(ds)} == set(IN_SUMMARY)


def test_acts_of_several_actors_are_one(ds: xr.Dataset) -> None:
    found = {act.label: act for act in acts(ds)}
    assert found["summit RUS-PRK"].actors == ("RUS", "PRK")
    assert found["summit RUS-PRK"].scheduled[0]
    assert found["designation USA to RUS-PRK"].targets == ("RUS", "PRK")
    assert found["trilateral exercise USA-KOR-JPN"].actors == ("USA", "KOR", "JPN")


def test_changes_of_one_world_have_no_error() -> None:
    """Of two they have one, the control."""
    one, two = ({change.error for change in score_changes(dataset(months=1, worlds=n))} for n in (1, 2))
    assert np.isnan(list(one)).all()
    assert np.isfinite(list(two)).all()


def test_headline_numbers_by_hand() -> None:
    small = dataset(months=2, worlds=4)
    small["tier_released"].values[:] = [[0, 1, 1, 2], [1, 1, 1, 2]]
    tiers = tiers_reached(small)
    first = [(tier.tier, tier.share, tier.month) for tier in tiers[:3]]
    assert first == [(1, 1.0, "2023-09"), (2, 0.25, "2023-09"), (3, 0.0, "")]
    small["route_use"].loc[{"route": "khasan", "direction": "back"}] = np.array([[0.2] * 4, [0.4] * 4])
    assert rail_use(small)["back"].mid == pytest.approx(0.3)
    small["binding"].loc[{"country": "PRK", "partner": "RUS", "good": "ammunition"}] = np.array([[5] * 4, [1] * 4])
    assert {name: share for name, share in bound_by(small, "PRK", "RUS", "ammunition").items() if share} == {
        "demand": 0.5,
        "capacity": 0.5,
    }


def test_the_median_of_whole_numbers_is_one_of_them() -> None:
    """Of 0, 0, 1, 2 the middle lies between 0 and 1; no tier 0.5 is told anywhere, and other outcomes keep theirs."""
    small = dataset(months=1, worlds=4)
    small["tier_released"].values[:] = small["tests"].values[:] = [[0, 0, 1, 2]]
    small["coordination"].values[:] = [[0.0, 0.0, 1.0, 2.0]]
    assert highest_tier(small) == Band(0.0, 0.0, 1.0)
    kept = overview(load("article", months=1, worlds=4), brief(small))["quantile"].sel(level=0.5)
    told = {row[0]: float(row[COLUMNS.index("q50") - len(COLUMNS)]) for row in series(small) if row[0] in SHOWN}
    for found in (told, {"tier_released": float(kept.sel(measure="tier")), "tests": float(kept.sel(measure="tests"))}):
        assert (found["tier_released"], found["tests"]) == (0.0, 0.0)
    assert told["coordination"] == 0.5


def test_a_tier_is_told_with_those_above_it_and_other_lanes_without_false_digits() -> None:
    """A world may pass a higher tier and never the lower one; of 250.24 kt nobody knows the hundredths."""
    small = dataset(months=1, worlds=4)
    small["tier_released"].values[:] = [[0, 2, 2, 2]]
    assert "At least tier 1 is passed on in 75 % of worlds" in summary(small)
    lane = {"country": "CHN", "partner": "PRK", "good": "energy"}
    small["delivered"].loc[lane] = 250.24
    asked = json.loads(small.attrs["scenario"]) | {"lane": list(lane.values())}
    assert delivered_row(small.assign_attrs(scenario=json.dumps(asked)))[1] == "250 (250 to 250)"


def test_whole_numbers_are_known_by_name() -> None:
    """Acts and tests are counted, by whatever name; what goes by months, and the force of monitoring, are measured."""
    counted = ("rus_prk.summit", "prk.missile_test", "all.monitoring", "tests@all", "tier_released@2024-01")
    units = ("acts", "tests", "summits", "exercises")
    assert all(map(is_whole, (*counted, *(name for name, one in PLAIN.items() if one.unit in units))))
    assert not any(map(is_whole, ("technology", "monitoring", "rus_prk.trust", "monitoring@2024-01")))


def test_only_what_runs_from_0_to_1_is_called_an_index() -> None:
    """A ratio, a level or a share has no unit either, and may exceed one."""
    indices = ("practical", "threat_KOR", "score_PRK_need", "rus_prk.trust@2024-01", "kor.threat", "coordination")
    others = ("fire_ratio", "tier", "tier3", "rail_out", "rus_prk.alignment", "prk.dollar", "war_intensity@2024-01")
    assert {scale_words(name, outcome(name).unit) for name in indices} == {"index, 0 to 1"}
    assert {scale_words(name, outcome(name).unit) for name in others} == {"no unit"}
    assert scale_words("oil", outcome("oil").unit) == "kbbl"


def test_a_quantile_of_whole_differences_is_that_of_some_world_and_the_same_the_other_way() -> None:
    """Of -3, -2, 0, 1 the middle lies between -2 and 0: no difference, whichever of the two is the reference."""
    steps = np.array([-3.0, -2.0, 0.0, 1.0])
    assert band(steps, whole=True) == (-2.0, 0.0, 0.0)
    assert band(-steps, whole=True) == (0.0, 0.0, 2.0)
    assert band(steps) == pytest.approx((-2.85, -1.0, 0.85))
    gap = np.array([*steps, np.nan])
    assert band(gap, whole=True) == band(steps, whole=True)


def test_summary_says_what_it_must(ds: xr.Dataset) -> None:
    text = summary(ds)
    for words in (
        *("What would a made-up run look like?", "not a forecast", "`routes.khasan.capacity`", "synthetic.toml:7"),
        *("The bands widen with time.", "Who gained, who lost", "observations (to June 2024)"),
    ):
        assert words in text


def test_months_that_would_meet_are_left_out() -> None:
    year = dataset(months=12, worlds=1)

    def names(width: float) -> list[str]:
        with styled():
            ax = Figure(figsize=(width, 1.0)).add_axes((0.0, 0.0, 1.0, 1.0))
            time_axis(ax, year)
            return [name.get_text().replace("\N{NO-BREAK SPACE}", " ") for name in ax.get_xticklabels()]

    assert names(2.3) == ["Sep 23", "Jan 24", "May 24"]
    with speaking("fr"):
        assert names(2.3) == ["sept. 23", "", "mai 24"]
        assert names(4.6) == ["sept. 23", "janv. 24", "mai 24"]


def test_one_month_is_told_as_one() -> None:
    """The practical index looks back on six months: those before the first of the run are at rest."""
    assert LOOKED_BACK == MONTHS_LATELY
    one, many = dataset(months=1, worlds=3), dataset(months=6, worlds=3)
    assert "\n2023-09, 1 month, 3 worlds" in summary(one)
    assert "over the six months to 2023-09, 5 of them at rest before the run:" in summary(one)
    assert "MUSD in 2023-09:" in summary(one)
    assert "\n2023-09 to 2024-02, 6 months" in summary(many)
    assert "over the six months to 2024-02:" in summary(many)
    assert "MUSD a month, mean over 2023-09 to 2024-02:" in summary(many)
    with speaking("fr"):
        short, long = (" ".join(summary(run).split()) for run in (one, many))
        assert "En septembre 2023, 1 mois, 3 mondes" in short
        assert "dont 5 au repos avant le début" in short
        assert "De septembre 2023 à février 2024, 6 mois" in long


def test_tables_on_demand_are_told_as_such_for_they_may_be_there(ds: xr.Dataset) -> None:
    assert "once `sim tables` has written them, also `series.csv`" in summary(ds)


def test_one_world_is_told_as_one() -> None:
    one = dataset(months=1, worlds=1)
    assert "Mean over the one world;" in summary(one)
    study = xr.Dataset(attrs={"scenario_names": '["a"]', "scenario_hashes": '["0"]', "worlds": 1, "seed": 3})
    assert ", 1 world, sim" in origin_line(study.assign_attrs(code_version="0"))
    with speaking("fr"):
        assert "Moyenne sur le seul monde" in summary(one)
        assert "2000 mondes" in numbered("world", 2000)


def test_terminal_table_fits_a_narrow_terminal(ds: xr.Dataset) -> None:
    console = Console(width=60, record=True, file=io.StringIO())
    console.print(terminal_table(ds))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 60
    assert "shells" in " ".join(lines)


def test_a_summary_names_what_the_run_misses_the_farthest_first() -> None:
    def beside(series: str, central: float, median: float) -> Comparison:
        seen = Observation(series, np.datetime64("2024-02-12"), central * 0.9, central, central * 1.1, "units", "")
        return Comparison(seen, Band(median * 0.9, median, median * 1.1))

    far, near, inside = beside("voyages_prk_rus", 32.0, 8.0), beside("fire_total", 10.0, 15.0), beside("duds", 5.0, 5.0)
    told = missed([inside, near, far, beside("fire_total", 10.0, 14.0)])
    assert "voyages prk rus on 2024-02-12 (too low: median 8.0 against 32 units)" in told
    assert told.index("voyages") < told.index("fire total on 2024-02-12 (too high: median 15 against 10 units)")
    assert told.count("fire total") == 1
    assert "duds" not in told
    assert missed([inside]) == "It misses none of them clearly."

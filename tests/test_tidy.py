"""The tidy table of every study, the table of decisions, and the page that tells analysts how to use them."""

import json
import re
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from command_line import ROOT, Command, Refused

import sim
from sim.analysis.levels import compared_by
from sim.analysis.tidy import COLUMNS, TidyError
from sim.analysis.tidy.schema import place_of
from sim.experiment.block import Task, compute
from sim.present.decisions import COLUMNS as OF_DECISIONS
from sim.present.decisions import TERM_WORDS, reason
from sim.present.spreadsheets import EVENTS_COLUMNS, SERIES_COLUMNS, events, series
from sim.results import save, unit_of
from sim.scenario.names import TERMS
from sim.studies.compare.analysis import comparison

pytestmark = pytest.mark.usefixtures("short_rest")

INDEX = [name for name in COLUMNS if name != "value"]


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    return sim.run(sim.load("sea_route", worlds=8, months=10))


@pytest.fixture(scope="module")
def table(results: xr.Dataset) -> pd.DataFrame:
    return sim.tidy(results)


@pytest.fixture(scope="module")
def compared() -> xr.Dataset:
    pair = [sim.load(name, worlds=8, months=10) for name in ("article", "sea_route")]
    return comparison(
        pair, [compute(Task(one, 0, 8, compared_by())) for one in pair], "article compared with sea_route"
    )


def faults(table: pd.DataFrame) -> list[str]:
    """What pyam would refuse in the long form of the IAMC format, and what its rules of names ask for."""
    found = [f"{name} is missing" for name in COLUMNS if name not in table]
    found += [f"{name} has empty cells" for name in INDEX if table[name].isna().any() or (table[name] == "").any()]
    found += ["numbers are missing"] * bool(~np.isfinite(table["value"]).all())
    found += ["rows are there twice"] * bool(table.duplicated(INDEX).any())
    names = table["variable"].unique()
    return found + [name for name in names if "||" in name or name != name.strip("| ")]


# ---- The table of a run -----------------------------------------------------------------------------------------


def test_a_run_keeps_the_rules_of_the_format(table: pd.DataFrame) -> None:
    assert list(table.columns) == list(COLUMNS)
    assert faults(table) == []
    assert pd.to_datetime(table["time"]).min() == pd.Timestamp("2023-09-01")
    assert set(table["region"]) == {"RUS", "PRK", "USA", "KOR", "JPN", "CHN", "World"}


def test_what_breaks_the_rules_is_found(table: pd.DataFrame) -> None:
    """The control."""
    broken = pd.concat([table.head(3), table.head(1)]).assign(partner=["", "RUS", "RUS", ""])
    broken.loc[broken.index[1], "variable"] = "stock||food"
    assert faults(broken) == ["partner has empty cells", "rows are there twice", "stock||food"]


def pyam_or_skip() -> Any:
    """The library, which is no requirement of the tests: it brings a database and a web server along.

    With other versions of these than it was made for, its own import fails in many ways, of which none is ours.
    """
    if find_spec("pyam") is None:
        pytest.skip("pyam is not installed, so nothing is known of whether it reads the table")
    try:
        return import_module("pyam")
    except Exception as error:
        pytest.skip(f"pyam is installed and its own import fails ({type(error).__name__}: {error})")


@pytest.mark.filterwarnings("ignore::Warning")  # pyam asks pandas in an older way
def test_pyam_reads_the_table(table: pd.DataFrame, tmp_path: Path) -> None:
    pyam = pyam_or_skip()
    few = table[table["variable"].str.startswith(("route_delivered", "act"))]
    few.to_csv(tmp_path / "tidy.csv", index=False)
    for found in (pyam.IamDataFrame(few), pyam.IamDataFrame(tmp_path / "tidy.csv")):
        oil = found.filter(variable="route_delivered|energy|*", partner="PRK", statistic="q50")
        assert len(oil.data) == len(
            few.query("partner == 'PRK' and statistic == 'q50' and variable.str.contains('energy')")
        )


def test_a_pyam_that_cannot_be_imported_is_skipped_and_why_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyam.py").write_text("raise TypeError('one argument too many')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pyam", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"its own import fails \(TypeError: one argument too many\)"):
        pyam_or_skip()


def test_numbers_are_those_of_the_results(results: xr.Dataset, table: pd.DataFrame) -> None:
    lane = table.query("variable == 'delivered|energy' and region == 'RUS' and partner == 'PRK'")
    oil = results["delivered"].sel(country="RUS", partner="PRK", good="energy").astype(float)
    for statistic, wanted in (("mean", oil.mean("world")), ("q05", oil.quantile(0.05, "world"))):
        np.testing.assert_allclose(lane[lane["statistic"] == statistic]["value"], wanted, rtol=1e-6)
    assert set(lane["unit"]) == {unit_of("delivered", "energy")}
    score = table.query("variable == 'score|need' and region == 'PRK' and statistic == 'mean'")
    np.testing.assert_allclose(score["value"], results["score"].sel(country="PRK", goal="need").mean("world"))


def test_routes_of_a_pair_add_up_to_its_lane(table: pd.DataFrame) -> None:
    mean = table[table["statistic"] == "mean"].set_index(["region", "partner", "time"])
    by_route = mean[mean["variable"].str.startswith("route_delivered|energy|")]["value"].groupby(level=[0, 1, 2]).sum()
    of_lane = mean[mean["variable"] == "delivered|energy"]["value"]
    np.testing.assert_allclose(by_route.reindex(of_lane.index), of_lane, rtol=1e-5, atol=1e-6)
    assert of_lane.max() > 1.0


def test_single_worlds_stand_in_place_of_statistics(results: xr.Dataset) -> None:
    found = sim.tidy(results, ["stock", "binding", "act"], worlds=[3, 5])
    assert faults(found) == []
    assert (set(found["world"]), set(found["statistic"])) == ({3, 5}, {"value"})
    food = found.query("variable == 'stock|food' and region == 'PRK' and world == 5")
    np.testing.assert_array_equal(food["value"], results["stock"].sel(country="PRK", good="food", world=5))
    states = found[found["variable"].str.startswith("binding|ammunition|") & (found["partner"] == "RUS")]
    of_lane = states[states["region"] == "PRK"].groupby(["world", "time"])["value"].sum()
    assert (of_lane == 1.0).all(), "one state holds in each month"
    summits = found.query("variable == 'act|summit' and region == 'RUS' and partner == 'PRK' and time == '2023-09-01'")
    assert list(summits["value"]) == [1.0, 1.0], "the scenario sets it"


def test_what_is_not_there_is_told_with_what_is(results: xr.Dataset) -> None:
    with pytest.raises(
        TidyError, match=r"world 99 is not in these results; they hold 8 worlds, 0 to 7; no variable"
    ) as told:
        sim.tidy(results, ["delivred", "stock"], worlds=[1, 99])
    assert "'delivred' (did you mean delivered?)" in str(told.value)
    with pytest.raises(TidyError, match="its format is absent"):
        sim.tidy(xr.Dataset())


# ---- The tables of studies --------------------------------------------------------------------------------------


def test_a_comparison_has_the_same_columns(compared: xr.Dataset) -> None:
    found = sim.tidy(compared)
    assert faults(found) == []
    assert set(found["scenario"]) == {"article", "sea_route"}
    at_end = found.query("variable == 'outcome|practical' and statistic == 'q50' and scenario == 'sea_route'")
    assert (at_end["region"].item(), at_end["partner"].item(), at_end["time"].item()) == ("RUS", "PRK", "2024-06-01")
    assert at_end["value"].item() == float(
        compared["quantile"].sel(measure="practical", scenario="sea_route", level=0.5)
    )
    away = found[found["variable"] == "difference from article|outcome|practical"].set_index("statistic")["value"]
    assert away["mean"] == float(compared["difference_mean"].sel(measure="practical", other="sea_route"))
    single = sim.tidy(compared, ["outcome"], worlds=[2])
    assert faults(single) == []


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("threat_KOR", ("KOR", "none")),
        ("score_CHN_need", ("CHN", "none")),
        ("rus_prk.trust@2024-06", ("RUS", "PRK")),
        ("kor.threat", ("KOR", "none")),
        ("coordination", ("World", "none")),
        ("oil", ("RUS", "PRK")),
    ],
)
def test_outcomes_are_of_the_countries_in_their_names(name: str, place: tuple[str, str]) -> None:
    found = place_of(name, "outcome|", "1")
    assert ((found.region, found.partner), found.variable) == (place, f"outcome|{name}")


def test_a_sweep_and_a_history_have_the_same_columns() -> None:
    grid = made_up_sweep()
    found = sim.tidy(grid)
    assert faults(found) == []
    assert set(found["scenario"]) == {"article+war.intensity=0.5", "article+war.intensity=1"}
    best = found.query("variable == 'outcome|oil' and scenario == 'article+war.intensity=1' and statistic == 'mean'")
    assert best["value"].item() == 5.5
    past = sim.tidy(made_up_history())
    assert faults(past) == []
    record = past[past["model"] == "public record"].set_index(["scenario", "statistic"])["value"]
    assert (record["observed", "central"], record["observed 2", "high"]) == (2.0, 6.0)
    assert set(past["region"] + past["partner"]) == {"PRKRUS"}


def made_up_sweep() -> xr.Dataset:
    from sim.studies.sweep.analysis import SWEPT, sweep

    values = np.arange(8.0).reshape(2, 4)
    grid = dict.fromkeys(SWEPT, values) | {"binding": np.ones((2, 9, 4))}
    return sweep(sim.load("article", worlds=4, months=3), {"war.intensity": (0.5, 1.0)}, grid, "oil", "a sweep")


def made_up_history() -> xr.Dataset:
    series = "containers_prk_rus_cumulative"
    return xr.Dataset(
        {
            "model": (("figure", "world"), np.ones((2, 4))),
            "observed": (("figure", "bound"), [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
            "path": (("series", "month", "level"), np.ones((1, 2, 5))),
        },
        coords={
            **{
                "bound": ["low", "central", "high"],
                "series": [series],
                "unit": ("series", ["containers"]),
                "world": np.arange(4),
            },
            "month": np.array(["2023-09-01", "2023-10-01"], dtype="datetime64[ns]"),
            **{"figure_series": ("figure", [series] * 2), "figure_date": ("figure", ["2023-10-12"] * 2)},
        },
        attrs={
            **{"format": "sim-history 1", "code_version": "0", "seed": 1},
            "scenario_names": json.dumps(["sea_route"]),
        },
    )


# ---- Decisions ----------------------------------------------------------------------------------------------------


def test_decisions_of_any_world_with_sum_chance_and_reason(results: xr.Dataset) -> None:
    found = sim.decisions(results, worlds=[6], acts=["summit"], actors=["RUS"])
    assert list(found.columns) == list(OF_DECISIONS)
    assert set(found["world"]) == {6}
    terms = found[[f"term_{term}" for term in TERMS]]
    np.testing.assert_allclose(found["utility"], terms.sum(axis=1))
    option = [
        n for n, one in enumerate(zip(*(results[name].values for name in ("actor", "act", "partner_of")), strict=True))
        if one == ("RUS", "summit", "PRK")
    ]  # fmt: skip
    chance = results["probability"].isel(option=option[0]).sel(world=6)
    np.testing.assert_array_equal(found[found["partner"] == "PRK"]["probability"], chance)
    precision = float(results["parameters"].sel(key="acts.precision", world=6))
    free = found[(found["probability"] > 0.0) & (found["scheduled"] == 0)]
    np.testing.assert_allclose(free["probability"], 1.0 / (1.0 + np.exp(-precision * free["utility"])), rtol=1e-4)
    assert set(found[found["scheduled"] == 1]["reason"]) == {"set by the scenario"}
    with pytest.raises(
        ValueError, match=r"world 99 is not there; there are 0 to 7; no act is called 'sumit' \(did you mean summit"
    ):
        sim.decisions(results, worlds=[99], acts=["sumit"])


def test_a_reason_names_the_strongest_terms_and_luck() -> None:
    parts = [0.0] * len(TERMS)
    parts[TERMS.index("prestige")], parts[TERMS.index("threat")] = 0.41, 0.3
    parts[TERMS.index("cost")], parts[TERMS.index("norm")] = -1.2, -0.1
    weighed = "prestige (+0.41) and threat (+0.30) against cost (-1.20)"
    assert reason(parts, 0.22, 1.0, 1.0, False, single=True) == f"{weighed}; chance 22 %; yes against the odds"
    assert reason(parts, 0.22, 0.0, 0.0, False, single=True) == f"{weighed}; chance 22 %; no"
    assert reason(parts, 0.72, 1.0, 0.0, False, single=True) == f"{weighed}; chance 72 %; yes, but a partner said no"
    assert (
        reason(parts, 0.72, 0.5, 0.25, False, single=False) == f"{weighed}; chance 72 %; took place in 25 % of worlds"
    )
    assert reason(parts, 1.0, 1.0, 1.0, True, single=True) == "set by the scenario"
    assert reason(parts, 0.0, 0.0, 0.0, False, single=True) == "not open this month"
    assert set(TERM_WORDS) == set(TERMS)


# ---- The commands and the page -----------------------------------------------------------------------------------


def test_the_commands_write_what_python_returns(command: Command, results: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "outputs" / "mine").mkdir(parents=True)
    save(results, tmp_path / "outputs" / "mine" / "results.nc")
    said = command("tidy", "outputs/mine", "--variable", "stock", "--world", "2")
    assert (said.code, said.out) == (0, "180 rows in outputs/tidy_mine_stock_world_2.csv\n"), said
    back = pd.read_csv("outputs/tidy_mine_stock_world_2.csv")
    wanted = sim.tidy(results, ["stock"], worlds=[2])
    np.testing.assert_allclose(back["value"], wanted["value"], rtol=1e-5)
    assert list(back["variable"]) == list(wanted["variable"])
    command("tidy", "outputs/mine", "--variable", "stock", "--world", "2", "--decimal-comma")
    again = pd.read_csv("outputs/tidy_mine_stock_world_2.csv", sep=";", decimal=",")
    pd.testing.assert_frame_equal(again, back)
    said = command("decisions", "outputs/mine", "--world", "2", "--act", "summit", "--happened", "--out", "d.csv")
    assert said.code == 0, said
    assert (pd.read_csv("d.csv")["happened"] == 1).all()


def test_mistakes_are_told_at_once(refused: Refused, results: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    save(results[["stock"]], tmp_path / "mine" / "results.nc")
    (tmp_path / "notes.csv").write_text("mine\n", encoding="utf-8")
    said = refused("tidy", "min", "mine", "--variable", "stok")
    assert "min: no such folder (did you mean mine?)" in said
    assert "mine: no variable here is called 'stok' (did you mean stock?)" in said
    assert "notes.csv: holds something else" in refused("tidy", "mine", "--out", "notes.csv")
    assert 'must be the number of a world, or all alone, found "x"' in refused("decisions", "mine", "--world", "x")
    assert "mine: holds no decisions" in refused("decisions", "mine")


def test_the_page_for_analysts_does_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """All its blocks of Python in one session; xarray and pandas give the same answer."""
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"^```python\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE):
        exec(compile(block, "data.md", "exec"), names)
    said = capsys.readouterr().out
    assert "against the odds" in said
    bands, of_table = names["bands"], names["bands_of_table"]
    assert isinstance(bands, xr.DataArray)
    assert isinstance(of_table, pd.DataFrame)
    khasan = bands.sel(route="khasan").transpose("month", "quantile").values
    np.testing.assert_allclose(of_table.loc["route_delivered|energy|khasan"], khasan, rtol=1e-6)


def test_columns_of_the_dictionary_are_those_of_the_files(results: xr.Dataset) -> None:
    assert next(events(results)) == tuple(EVENTS_COLUMNS)
    assert next(series(results)) == tuple(SERIES_COLUMNS)

"""Another case from files: it loads, is scored, says what is wrong with it, and no code knows which case it is."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import Command

import sim
from sim.analysis.record.comparable import compare, strange_series
from sim.analysis.record.definitions import definitions_of
from sim.analysis.record.file import read_observed
from sim.analysis.record.known import KNOWN
from sim.experiment.run import run
from sim.present.record_words import record_section
from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.names import COUNTRIES
from sim.scenario.problems import Problems
from sim.studies.history.analysis import LATER, Evaluation
from sim.studies.history.command import evaluated, load_history

ROOT = Path(sim.__file__).parent
FOLDER = ROOT.parent / "examples" / "china_north_korea_2016"
CASE = str(FOLDER / "export_bans.toml")


@pytest.fixture(scope="module")
def scored() -> tuple[Evaluation, xr.Dataset]:
    return evaluated(load_history(CASE, None, (None, "2017-12-31", None), {"worlds": 8, "months": 24}))


def test_everything_of_the_case_comes_from_its_files() -> None:
    case, main = load(CASE), load("article")
    assert (case.start, case.lane, case.pair) == ("2016-01", ("CHN", "PRK", "energy"), ("PRK", "CHN"))
    assert case.shut_before == ()
    assert Path(case.record.observed) == FOLDER / "observed.csv"
    assert Scenario.from_dict(case.to_dict()) == case
    assert replace(case, lane=main.lane).hash != case.hash
    assert replace(case, shut_before=main.shut_before).hash != case.hash
    assert not {"lane", "shut_before", "record"} & main.to_dict().keys()


def test_its_own_series_are_scored(scored: tuple[Evaluation, xr.Dataset]) -> None:
    found, ds = scored
    assert str(found.window.tuned_to) == "2017-07-31"
    assert {"china_exports_prk_musd", "prk_fuel_usd_kg", "prk_deficit_china_musd"} <= set(found.series())
    assert found.series()[0] in KNOWN
    assert not found.reduced.keys() & set(found.series())
    assert {"persistence", "trend"} <= found.rivals("china_exports_prk_musd", LATER).keys()
    deficit, out, back = (
        next(values for row, values in zip(found.scored, ds["model"].values, strict=True) if _is(row, name))
        for name in ("prk_deficit_china_musd", "china_exports_prk_musd", "prk_exports_china_musd")
    )
    assert deficit == pytest.approx(out - back)


def _is(one: object, series: str) -> bool:
    row = one.row  # type: ignore[attr-defined]
    return bool(row.series == series and str(row.date) == "2016-12-31")


def test_the_summary_compares_what_the_list_marks(tmp_path: Path) -> None:
    made = run(load(CASE, worlds=2, months=14))
    assert {one.observation.series for one in compare(made)} >= {"prk_exports_china_musd", "prk_fuel_usd_kg"}
    assert "`sim history` says" in record_section(made)
    for name in ("export_bans.toml", "pressure_only.toml", "observed.csv", "series.toml"):
        text = (FOLDER / name).read_text(encoding="utf-8").replace("in_summary = true", "")
        (tmp_path / name).write_text(text, encoding="utf-8")
    unmarked = load(str(tmp_path / "export_bans.toml"), worlds=2, months=14)
    said = record_section(made.assign_attrs(scenario=json.dumps(unmarked.to_dict())))
    assert "in_summary = true" in said


def test_a_series_that_nobody_knows_is_told(tmp_path: Path) -> None:
    file = tmp_path / "seen.csv"
    text = (FOLDER / "observed.csv").read_text(encoding="utf-8")
    file.write_text(text.replace("prk_money_musd", "prk_mony_musd"), encoding="utf-8")
    (remark,) = strange_series(read_observed(file, FOLDER / "series.toml"))
    assert re.fullmatch(r"seen.csv:\d+: prk_mony_musd: .*\(did you mean prk_money_musd\?\); it is left out", remark)


def test_routes_shut_before_the_first_month_are_those_of_the_scenario() -> None:
    """The control: the same routes named by hand give the same bits."""
    spec = replace(load("article"), worlds=8, months=1)
    usual, named, opened = (
        run(one, variables=("threat",))["threat"].values
        for one in (spec, replace(spec, shut_before=("khasan", "rajin")), replace(spec, shut_before=()))
    )
    assert np.array_equal(usual, named)
    assert not np.array_equal(usual, opened)


# ---- Mistakes ---------------------------------------------------------------------------------------------------

WRONG = """
[a]
unit = "t/year"
title = "A"
kind = "yearly"
variable = "stok"

[b]
unit = "t/year"
title = "B"
variable = "stock"
at = { country = "DPRK" }
given = ["PRK.food.produktion"]

[c]
not_in_model = "it is not"
unit = "t"

[d]
title = "D"
kind = "count"
trade = [["CHN"]]
"""
SAID = (
    "mine.toml:5: a.kind: must be one of flow, level, count, year, found",
    'mine.toml:6: a.variable: must be a variable of docs/variables.md, found "stok" (did you mean stock?)',
    'mine.toml:12: b.at.country: unknown country "DPRK"',
    "(did you mean PRK?)",
    "mine.toml:12: b.at: needs good, as stock goes by country, good",
    'mine.toml:13: b.given: must be parameters, found "PRK.food.produktion" (did you mean PRK.food.production?)',
    "mine.toml:17: c.unit: has not_in_model and so nothing else",
    "mine.toml:19: d.counted_from: is missing",
    "mine.toml:19: d.unit: is missing",
    "mine.toml:22: d.trade: each must be two countries, seller and buyer",
)


def test_a_wrong_list_of_series_is_told_by_file_line_and_rule() -> None:
    problems = Problems()
    found = definitions_of(WRONG, "mine.toml", problems)
    with pytest.raises(ScenarioError) as caught:
        problems.stop_if_any()
    assert not [said for said in SAID if said not in str(caught.value)], str(caught.value)
    assert not found.known


@pytest.mark.parametrize("given", ["true", "3", "{ a = 1 }", "[{ a = 1 }]", "[[]]"])
def test_given_of_another_type_is_told(given: str) -> None:
    problems = Problems()
    definitions_of(f'[a]\nunit = "t"\ntitle = "A"\ntrade = [["CHN", "PRK"]]\ngiven = {given}\n', "x", problems)
    assert [(one.line, one.key) for one in problems.found] == [(5, "a.given")]


def test_wrong_case_keys_are_told(command: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'title = "T"\nquestion = "Q?"\nextends = "article"\nlane = ["CHN", "DPRK", "enery"]\nshut_before = ["dandon"]\n'
        '[record]\nobserved = "gone.csv"\ntuned = "2017"\n'
    )
    code, _, err = command("history", str(mine))
    assert code == 2
    for said in (
        ":4: lane: unknown country",
        "PRK?",
        ":5: shut_before:",
        "dandong?",
        ":7: record.observed",
        "tuned_to?",
    ):
        assert said in err, err


def test_a_broken_record_is_told(command: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(
        "series,date,low,central,high,unit,source\nchina_exports_prk_musd,2016-12-31,9,3,4,kt/year,somebody\n"
    )
    code, _, err = command("history", CASE, "--observed", str(mine))
    assert code == 2
    assert "mine.csv:2: china_exports_prk_musd: needs low <= central <= high, found 9, 3, 4" in err
    assert 'unit must be musd/year, found "kt/year"' in err


def test_show_and_validate_know_the_case(command: Command, tmp_path: Path) -> None:
    shown = command("show", CASE, "war.intensity")[1]
    assert "CHN PRK energy" in shown
    assert "tuned to 2017-07-31" in shown
    for name in ("export_bans.toml", "pressure_only.toml", "series.toml"):
        (tmp_path / name).write_text((FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "observed.csv").write_text("series,date\n", encoding="utf-8")
    code, _, err = command("validate", str(tmp_path / "export_bans.toml"))
    assert code == 2
    assert "observed.csv:1: the column low is missing" in err


# ---- The code is not the case -----------------------------------------------------------------------------------

CLEAN = ("analysis/record", "studies/history", "experiment/unopened.py", "experiment/batch.py", "experiment/run.py")
THEORY = {"reduced.py"}
"""The reduced model is one buyer and one seller of shells at war; a case without them has no such rival."""


def test_no_country_is_named_where_cases_are_read_and_scored() -> None:
    words = re.compile(rf"\b({'|'.join(COUNTRIES)})\b|_(?:{'|'.join(COUNTRIES)})_".lower(), re.IGNORECASE)
    files = [path for part in CLEAN for path in ([ROOT / part] if part.endswith(".py") else (ROOT / part).glob("*.py"))]
    found = {
        (path.name, word[0])
        for path in files
        if path.name not in THEORY
        for word in words.finditer(path.read_text(encoding="utf-8"))
    }
    assert len(files) > 20
    assert not found

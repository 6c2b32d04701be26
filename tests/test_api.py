"""What commands do, from Python: the same numbers, the same words for mistakes, scenarios that print shortly."""

import logging
import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from command_line import ROOT, Command
from synthetic import dataset

import sim
from sim.commands.terminal import MistakeError, fail, in_code, notify, remarks
from sim.plain import as_date
from sim.scenario import Scenario, ScenarioError
from sim.scenario.event import ActEvent, ParameterEvent
from sim.scenario.setting import Setting

pytestmark = pytest.mark.usefixtures("short_rest")

SIZE = {"worlds": 8, "months": 6}
RUN = xr.Dataset(attrs={"format": "sim-results 1", "scenario": "{}"})
KEY = "routes.khasan.capacity"


@pytest.fixture(scope="module")
def base() -> Scenario:
    return sim.load("article", **SIZE)


@pytest.fixture(scope="module")
def compared(base: Scenario) -> xr.Dataset:
    return sim.compare(base, sim.load(base, set={KEY: 160}))


# ---- Scenarios ----------------------------------------------------------------------------------------------------


def test_a_loaded_scenario_is_loaded_again_and_changed(base: Scenario) -> None:
    assert sim.load(base) == base
    assert sim.load(base).hash == base.hash
    wider = sim.load(base, set={KEY: 160}, worlds=4)
    assert (wider.settings[KEY].value, wider.worlds, wider.name) == (160.0, 4, f"article+{KEY}=160")
    assert wider.hash == sim.load(f"article+{KEY}=160", worlds=4, months=6).hash


def test_events_in_code_are_those_of_a_file(base: Scenario, tmp_path: Path) -> None:
    events = [
        {"month": "2024-01", "key": KEY, "factor": 2.0, "duration": 2, "why": "a second track"},
        {"month": "2024-02", "act": "summit", "actors": ["RUS", "PRK"]},
    ]
    text = "\n".join(
        [
            'title = "t"\nquestion = "q"\nextends = "article"\nmonths = 6\nworlds = 8',
            f'[[events]]\nmonth = "2024-01"\nkey = "{KEY}"\nfactor = 2.0\nduration = 2\nwhy = "a second track"',
            '[[events]]\nmonth = "2024-02"\nact = "summit"\nactors = ["RUS", "PRK"]',
        ]
    )
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    changed = sim.load(base, events=events)
    assert changed.hash == sim.load(file).hash != base.hash
    assert changed.name != base.name, "a changed run has a folder of its own"
    assert f"{KEY}@2024-01=x2.0" in changed.title
    assert [event.origin for event in changed.events[-2:]] == ["events:1", "events:2"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            {"settings": {KEY: 15}},
            rf"lacks \d+ of .*sim\.load\(scenario, set=.*\n.*{KEY}: each must be a Setting",
        ),
        ({"months": "6", "worlds": -1, "seed": None}, r"months: .* \"6\"\n.*worlds: .*-1\n.*seed: .*None"),
        ({"start": 2023, "title": None}, r"title: .*None\n.*start: .*2023"),
        ({"lane": "PRK", "shut_before": "khasan"}, r"lane: .*'PRK'\n.*shut_before: .*'khasan'"),
        (
            {"record": {}, "origins": None, "calibrated": "set.nc"},
            r"origins: .*\n.*record: .*\n.*calibrated: .*nc",
        ),
        (
            {"events": [{"month": "2024-01", "act": "summit"}]},
            r"entry 1 is no event but dict .*sim\.load\(",
        ),
        ({"events": [ActEvent("2024-01", "summit", ("RUS", "PRK"), "", "me")]}, "month: must be a whole number"),
        ({"events": [ParameterEvent(1, KEY, None, None, None, "", "me")]}, "entry 1: needs one size"),
    ],
    ids=lambda given: " and ".join(given) if isinstance(given, dict) else "",
)
def test_a_scenario_made_in_python_is_told_all_that_is_wrong_with_it(
    base: Scenario, wrong: dict[str, Any], told: str
) -> None:
    with pytest.raises(ScenarioError, match=told):
        replace(base, **wrong)


def test_settings_made_in_python_are_checked_as_those_of_a_file(base: Scenario) -> None:
    """A value of its own that is right is taken, the control; numbers of NumPy count as those of Python."""
    own = {**base.settings, KEY: Setting(15.0, None, None, "fixed", "here")}
    assert replace(base, settings=own, worlds=np.int64(4)).hash == sim.load(base, set={KEY: 15}, worlds=4).hash
    wrong = [(KEY, "15", None, "finite number"), (KEY, np.nan, None, "finite number"), (KEY, 9.0, 3.0, "go together")]
    for key, value, low, told in (
        *wrong,
        (KEY, -1.0, None, "must lie in 0"),
        ("structure.exchange", 0.5, None, "a choice"),
    ):
        with pytest.raises(ScenarioError, match=rf"settings\.{key}: .*{told}"):
            replace(base, settings=own | {key: Setting(value, low, None, "uniform", "here")})  # type: ignore[arg-type]
    with pytest.raises(ScenarioError, match="worlds: must be greater than or equal to 1"):
        sim.run(replace(base, worlds=0))


def test_mistakes_in_code_are_told_by_the_number_of_the_event() -> None:
    with pytest.raises(sim.ScenarioError) as told:
        sim.load("article", events=[{"month": "2024-01", "key": "routes.khasan.capacty", "value": 1}, {"month": "1"}])
    assert "events:1: events.key" in str(told.value)
    assert "did you mean routes.khasan.capacity?" in str(told.value)
    assert "events:2: events.month" in str(told.value)


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ("summit", "str"),
        ([1], "int 1"),
        ({"month": "2024-01"}, "dict"),
        (pd.DataFrame({"month": [1]}), "DataFrame"),
        ([ActEvent(1, "summit", ("RUS", "PRK"), "", "me")], "ActEvent"),
    ],
)
def test_what_is_no_list_of_events_is_told_by_its_type(base: Scenario, wrong: Any, found: str) -> None:
    with pytest.raises(sim.ScenarioError, match=f"events: must be a list of tables .*, found {found}"):
        sim.load(base, events=wrong)


@pytest.mark.parametrize("month", [date(2024, 2, 1), np.datetime64("2024-02"), pd.Timestamp(2024, 2, 9)])
def test_events_may_come_one_by_one_and_their_months_be_dates(base: Scenario, month: object) -> None:
    act = {"act": "summit", "actors": ["RUS", "PRK"]}
    wanted = sim.load(base, events=[{"month": "2024-02", **act}])
    assert sim.load(base, events=(one for one in [{"month": month, **act}])) == wanted
    late = {"month": {"low": date(2023, 11, 1), "high": month}, "name": "a summit", **act}
    assert sim.load(base, events=[late]).events[-1].timing.latest == 3


def test_settings_may_be_a_row_of_a_table_and_nothing_is_nothing(base: Scenario) -> None:
    assert sim.load(base, set=pd.Series({KEY: 15})) == sim.load(base, set={KEY: 15})
    assert sim.load(base, set=None, events=None) == base
    with pytest.raises(ScenarioError, match=r"found an array; a range is \{ low = 10, high = 20 \}"):
        sim.load(base, set={KEY: (10, 20)})


def test_a_notebook_shows_an_explanation_as_paragraphs(base: Scenario) -> None:
    made = sim.explain(base, "shells", world=0)
    assert made._repr_html_().count("<p>") == 1 + len(made.sentences)
    assert made.question in made._repr_html_()


def test_a_scenario_prints_as_a_line_and_shows_as_a_card() -> None:
    for name in sim.shipped():
        scenario = sim.load(name)
        assert len(repr(scenario)) < 250, name
        card = scenario._repr_html_()
        assert card.count("<tr>") == card.count("</tr>")
        assert scenario.question[:20].replace("'", "&#x27;") in card
        assert all(key in card for key in list(scenario.changed)[:10])
    assert repr(sim.load("article")).startswith(
        "<Scenario article: What the article knew: rail only; 36 months from 2023"
    )
    named = sim.load("article", set={KEY: {"value": 15, "low": 10, "high": 20, "distribution": "uniform"}})
    assert "10 to 20 kt/month, uniform" in named._repr_html_()


# ---- Studies ------------------------------------------------------------------------------------------------------


def test_a_comparison_is_that_of_the_command(base: Scenario, compared: xr.Dataset, command: Command) -> None:
    words = ("compare", "article", f"article+{KEY}=160", "--worlds", "8", "--months", "6", "--no-figures", "--out", "c")
    said = command(*words)
    assert said.code == 0, said
    stored = sim.open_results("c")
    np.testing.assert_array_equal(stored["difference_mean"], compared["difference_mean"])
    assert list(stored["scenario"].values) == list(compared["scenario"].values)


def test_a_sweep_takes_values_or_even_steps(base: Scenario) -> None:
    given = sim.sweep(base, {KEY: [20, np.float64(100)]}, worlds=4)
    steps = sim.sweep(base, {KEY: "20:100:2"}, worlds=4)
    xr.testing.assert_identical(given, steps)
    assert sim.figures(given) == ["line"]
    wide = sim.run(sim.load(base, set={KEY: 100}, worlds=4))
    of_run = wide["shells_delivered"].isel(month=-1) * 1e-3
    np.testing.assert_allclose(given["shells_delivered"].sel({KEY: 100.0}), of_run)


def test_a_comparison_with_history_scores_observations() -> None:
    past = sim.history("sea_route", worlds=8, last="2023-12-31")
    assert past.sizes["world"] == 8
    assert (past["part"] == "early").all()
    with pytest.raises(ValueError, match="drawn by sim history"):
        sim.figures(past)


def test_figures_of_runs_and_comparisons_are_drawn(base: Scenario, compared: xr.Dataset) -> None:
    assert {"cooperation", "logistics"} <= set(sim.figures(sim.run(base)))
    assert sim.draw(compared, "differences").axes
    with pytest.raises(ValueError, match=r"no figure is called 'diferences' \(did you mean differences\?\)"):
        sim.draw(compared, "diferences")


def test_the_headline_is_that_of_the_terminal(base: Scenario) -> None:
    rows = sim.headline(sim.run(base))
    assert rows.columns.tolist() == ["median (90 % band of 8 worlds)"]
    assert "shells delivered PRK to RUS, faulty included, million rounds" in rows.index
    longest = max((*rows.index, *rows.iloc[:, 0]), key=len)
    assert len(longest) > pd.get_option("display.max_colwidth")
    assert longest in repr(rows)
    assert longest in rows._repr_html_(), "a notebook cuts nothing"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda ds: sim.headline(ds[["fire"]]), "the headline needs shells_delivered, .*; these hold only fire"),
        (lambda ds: sim.headline(ds.drop_vars("binding")), "the headline needs binding, .*; these hold only stock, "),
        (lambda ds: sim.headline(ds.isel(world=0)), r"needs the axis world; select as isel\(world=\[0\]\) does"),
        (lambda ds: sim.headline(ds.isel(month=[])), "the headline needs at least one month; these hold none"),
        (lambda ds: sim.headline(ds.sel(country=["RUS"])), "needs RUS, PRK of the axis country; these hold RUS"),
        (lambda ds: sim.headline(ds.drop_attrs()), "the headline needs the results of a run; these lack the attrib"),
        (lambda ds: sim.tidy(ds.isel(month=0), "fire"), "the tidy table needs the axis month"),
        (lambda ds: sim.decisions(ds.drop_vars("choice")), "the table of decisions needs choice"),
        (lambda ds: sim.figures(ds.drop_attrs()), "a figure needs the results of a run; these lack the attributes"),
        (lambda ds: sim.headline(RUN.drop_attrs().assign_attrs(format="sim-results 1")), "run; these lack the attrib"),
        (lambda ds: sim.tidy(ds.assign_attrs(RUN.attrs)), "the tidy table needs the attribute name"),
        (lambda ds: sim.draw(ds[["fire"]], "logistics"), "figure logistics needs route_load"),
        (lambda ds: sim.draw(ds.drop_attrs(), "logistics"), "figure logistics needs the attribute scenarios"),
    ],
)
def test_a_part_of_results_is_told_what_it_lacks(call: Callable[[xr.Dataset], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call(dataset(months=2, worlds=3))


def test_a_part_of_a_study_is_told_what_it_lacks(compared: xr.Dataset) -> None:
    with pytest.raises(ValueError, match="the headline needs the results of a run; these are of a comparison"):
        sim.headline(compared)
    with pytest.raises(ValueError, match="figure differences needs series; these hold only outcome"):
        sim.draw(compared[["outcome"]], "differences")


@pytest.mark.parametrize(
    "call",
    [
        lambda: sim.load(["article"]),  # type: ignore[arg-type]
        lambda: sim.explain(xr.Dataset(), "shells"),  # type: ignore[arg-type]
        lambda: sim.sweep("article", ["war.intensity"]),  # type: ignore[arg-type]
        lambda: sim.load("article", set=3),  # type: ignore[arg-type]
        lambda: sim.compare("article", "sea_route", outcomes=[3]),  # type: ignore[list-item]
        lambda: sim.sweep("article", {KEY: [1, 2]}, outcome=["oil"]),  # type: ignore[arg-type]
        lambda: sim.history("article", observed=3),  # type: ignore[arg-type]
        lambda: sim.explain("article", None),  # type: ignore[arg-type]
        lambda: sim.explain("article", "shells", month=3),  # type: ignore[arg-type]
        lambda: sim.explain("article", "shells", levers=3),  # type: ignore[arg-type]
        lambda: sim.explain("article", "technology", tier="2"),  # type: ignore[arg-type]
        lambda: sim.report(xr.Dataset()),  # type: ignore[arg-type]
        lambda: sim.draw(RUN, ["logistics"]),  # type: ignore[arg-type]
        lambda: sim.tidy(RUN, 3),  # type: ignore[arg-type]
        lambda: sim.tidy(RUN, worlds=0.5),  # type: ignore[arg-type]
        lambda: sim.decisions(RUN, "all"),  # type: ignore[arg-type]
        lambda: sim.tidy(RUN, worlds=["1"]),  # type: ignore[list-item]
        lambda: sim.explain("article", "shells", world=None),  # type: ignore[arg-type]
        lambda: sim.explain("article", "shells", levers={KEY: (10, 20)}),  # type: ignore[arg-type]
        lambda: sim.open_results(3),  # type: ignore[arg-type]
        lambda: sim.load("article", calibrated=3),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_meant_is_told_by_its_type(call: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=r", not (by )?(list|Dataset|dict|int|float|str|NoneType)"):
        call()


def test_a_date_stands_for_its_month_or_day(base: Scenario) -> None:
    told = sim.explain(base, "shells", month="2023-11").sentences
    for month in (date(2023, 11, 1), np.datetime64("2023-11"), pd.Timestamp(2023, 11, 30)):
        assert sim.explain(base, "shells", month=month).sentences == told
        assert as_date(xr.DataArray(np.datetime64(month, "ns")), 7) == "2023-11"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sim.compare("article", "sea_route", outcomes="oill"), "oill: unknown outcome"),
        (lambda: sim.compare("article"), "article: at least two scenarios are needed"),
        (lambda: sim.compare("artcle", "sea_rout"), r"did you mean article\?\)\nsea_rout"),
        (lambda: sim.sweep("article", {}), "1 to 2 parameters can be varied at a time, found 0"),
        (lambda: sim.sweep("artcle", {"war.intensty": [0, 1]}), r"mean article\?\)\n.*mean war.intensity\?\)"),
        (lambda: sim.sweep("article", {KEY: [3, 2]}), "needs at least two values, each larger than the one before"),
        (lambda: sim.sweep("article", {KEY: ["a", 2]}), "a value must be a number"),
        (lambda: sim.sweep("article", {KEY: [1, 2]}, outcome="oill"), r"oill: unknown outcome.*mean oil\?"),
        (lambda: sim.sweep("artcle", {KEY: [1, 2]}, outcome="oill"), r"mean article\?\)\n--outcome: oill: unknown"),
        (lambda: sim.history("article", worlds=2), "must be at least 8, found 2"),
    ],
)
def test_mistakes_are_raised_with_the_words_of_the_command(
    call: Callable[[], object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match=said):
        call()
    assert capsys.readouterr() == ("", "")


def test_scenarios_of_one_name_are_told_how_to_be_named(base: Scenario) -> None:
    """The first has no fault but its name; the same scenario twice is another mistake, the control."""
    other = replace(base, settings=sim.load(base, set={KEY: 15}).settings)
    with pytest.raises(ValueError, match=r'scenarios that differ; .* replace\(scenario, name="mine"\).*sim\.load'):
        sim.compare(base, other)
    assert list(sim.compare(base, replace(other, name="mine"))["scenario"].values) == [base.name, "mine"]
    with pytest.raises(ValueError, match="is given twice"):
        sim.compare(base, base)


def test_a_single_lever_is_one_name_not_its_letters() -> None:
    with pytest.raises(ScenarioError, match=r"did you mean war.intensity\?"):
        sim.explain("article", "shells", levers="war.intensty")


def test_remarks_become_warnings_in_code_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with in_code(), pytest.warns(UserWarning, match="mind this"):
        notify("mind this")
    with in_code(), pytest.raises(MistakeError, match="no"):
        fail("no")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        notify("printed")
    assert capsys.readouterr().err == "printed\n"


def test_what_modules_log_is_printed_by_commands_alone(capsys: pytest.CaptureFixture[str]) -> None:
    log = logging.getLogger("sim.compile.cache")
    with remarks():
        log.info("making %s, once", "something")
        log.debug("how")
    log.info("nobody listens")
    assert capsys.readouterr() == ("", "making something, once\n")


def test_the_page_on_python_does_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    exec(compile("\n".join(blocks), "python.md", "exec"), {})
    said = capsys.readouterr().out
    assert "1 parameter changed, 3 events>" in said
    assert "did you mean summit?" in said
    assert re.search(r"^\+\d\.\d\d ± \d\.\d\d million rounds$", said, flags=re.MULTILINE)
    named = set(re.findall(r"`sim\.(\w+)", page))
    assert named - {"ema"} <= set(sim.__all__), named - set(sim.__all__)


def test_tables_and_figures_take_the_folder_of_a_run(tmp_path: Path, base: Scenario, command: Command) -> None:
    command("run", "article", "--worlds", "4", "--months", "2", "--figures", "none", "--out", str(tmp_path / "run"))
    rows = len(sim.tidy(sim.open_results(tmp_path / "run"), ["tests"]))
    assert len(sim.tidy(tmp_path / "run", ["tests"])) == rows > 0
    assert len(sim.headline(str(tmp_path / "run")))
    assert len(sim.tidy(tmp_path / "run", "tests")) == rows
    assert "cooperation" in sim.figures(tmp_path / "run")
    with pytest.raises(ValueError, match="figure logistics needs the axis world"):
        sim.draw(sim.open_results(tmp_path / "run").isel(world=0), "logistics")
    with pytest.raises(TypeError, match="a Dataset or the folder of one, not int 5"):
        sim.tidy(5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no such folder"):
        sim.draw("nowhere", "cooperation")

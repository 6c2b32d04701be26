"""`sim influence`: effects in standard deviations, a country that is taken out, levers as typed, the command."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import Command, Refused, files, rows, well
from drawings import of_a_study
from small_worlds import scenario

import sim
from sim.analysis.levers import LEVERS, OUTCOMES
from sim.analysis.measures import measured
from sim.analysis.outcome import outcome
from sim.experiment.batch import at, run_reduced
from sim.present.style import styled
from sim.scenario import PARAMETERS, ScenarioError
from sim.studies.influence import figures, tables, words
from sim.studies.influence.analysis import LEAST, influence, most, of_outcome, spreads, verdict
from sim.studies.influence.design import changes, run_as_is, run_changes, runs_of, silent, without
from sim.studies.influence.options import levers_of

pytestmark = pytest.mark.usefixtures("short_rest")

RAIL = "routes.khasan.capacity"
MEASURES = {name: outcome(name) for name in ("tests", "symbolic", "kor.threat")}
MADE = [
    {"name": "removal of KOR", "kind": "removal", "owner": "KOR", "key": "", "low": np.nan, "high": np.nan},
    {"name": "silence of KOR", "kind": "silence", "owner": "KOR", "key": "", "low": np.nan, "high": np.nan},
    {"name": RAIL, "kind": "lever", "owner": "", "key": RAIL, "low": 10.0, "high": 200.0},
]


@pytest.fixture
def command(command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command with a short probe of its time."""
    monkeypatch.setattr("sim.commands.workflow.PROBE", (8, 1))
    return command


@pytest.fixture
def made_up() -> xr.Dataset:
    return three_changes()


def three_changes() -> xr.Dataset:
    """Three changes in two scenarios of three worlds, whose effects are known."""
    usual = dict.fromkeys(MEASURES, np.array([0.0, 1.0, 2.0]))
    wider = dict.fromkeys(MEASURES, np.array([0.0, 2.0, 4.0]))
    own = usual | {"kor.threat": np.array([-100.0, -99.0, -98.0])}
    more = usual | {"tests": np.array([3.0, 4.0, 5.0]), "symbolic": np.array([0.0, 1.5, 3.0])}
    less = usual | {"tests": np.array([-0.2, 0.8, 1.8])}
    pairs = [[(usual, own), (usual, usual), (usual, more)], [(usual, less), (usual, usual), (usual, usual)]]
    scenarios = [sim.load(name, worlds=3) for name in ("article", "sea_route")]
    return influence(scenarios, "who and what matters", MEASURES, MADE, spreads([usual, wider]), pairs)


# ---- Effects --------------------------------------------------------------------------------------------------


def test_an_effect_is_the_paired_difference_beside_the_largest_spread_of_the_worlds(made_up: xr.Dataset) -> None:
    """Spreads are 1 and 2: two is the unit. Tests rise by 3 in all worlds; the symbolic index by 0, 0.5 and 1."""
    lever = of_outcome(made_up, RAIL, "tests")
    assert (lever.size, lever.error, lever.scenario) == (1.5, 0.0, "article")
    uneven = of_outcome(made_up, RAIL, "symbolic")
    assert (uneven.size, uneven.error) == (0.25, pytest.approx(0.25 / np.sqrt(3.0)))
    assert most(made_up, RAIL) == lever


def test_a_countrys_own_threat_is_left_out_unless_it_alone_is_asked_for(made_up: xr.Dataset) -> None:
    found = most(made_up, "removal of KOR")
    assert (found.outcome, found.scenario, found.size) == ("tests", "sea_route", pytest.approx(-0.1))
    alone = most(made_up.sel(outcome=["kor.threat"]), "removal of KOR")
    assert alone.size == -50.0


def test_what_moves_nothing_is_named(made_up: xr.Dataset) -> None:
    assert words.sentences(made_up) == [
        f"Moves no outcome here by {LEAST:g} standard deviations: South Korea taken out, South Korea without decisions."
    ]
    assert words.sentences(made_up.sel(change=[RAIL])) == [
        f"Everything in the two tables moves some outcome by {LEAST:g} standard deviations or more."
    ]
    assert words.shown(made_up, most(made_up, RAIL)) == "**+1.50 ± 0.00 s.d.**, `tests` in `article`"
    assert f"`{RAIL}` +1.50 ± 0.00 s.d., `tests` in `article` (+3 tests)" in words.findings(made_up)[0]


def test_what_errors_leave_open_is_neither_said_to_matter_nor_not_to(made_up: xr.Dataset) -> None:
    """Of five changes of 0.3 and 0.1 only those are told whose two standard errors do not reach 0.2."""
    told = {
        (0.3, 0.04): "yes",
        (0.3, 0.06): "unsure",
        (0.1, 0.04): "no",
        (-0.1, 0.06): "unsure",
        (0.1, np.nan): "unsure",
    }
    assert {pair: verdict(*pair) for pair in told} == told
    one = made_up.sel(change=["silence of KOR"])
    for size, bold in ((0.25, False), (-0.15, False), (0.4, True)):
        ds = one.assign(effect=one["effect"] * 0.0 + size, error=one["error"] * 0.0 + 0.05)
        assert words.shown(ds, most(ds, "silence of KOR")).startswith("**") == bold
        (line,) = words.sentences(ds)
        assert line.startswith("Everything" if bold else f"Not to be told with 3 worlds, since {LEAST:g} standard dev")
        assert line.endswith(": South Korea without decisions.") != bold


def test_a_world_without_a_number_is_left_out_of_its_pair() -> None:
    before = {"oil": np.array([1.0, np.nan, 3.0])}
    after = {"oil": np.array([2.0, 5.0, 4.0])}
    base = sim.load("article", worlds=3)
    ds = influence([base], "x", {"oil": outcome("oil")}, MADE[2:], {"oil": 1.0}, [[(before, after)]])
    assert (most(ds, RAIL).size, most(ds, RAIL).error) == (1.0, 0.0)
    nothing = {"oil": np.full(3, np.nan)}
    ds = influence([base], "x", {"oil": outcome("oil")}, MADE[2:], {"oil": 1.0}, [[(before, nothing)]])
    assert not most(ds, RAIL).matters
    assert spreads([nothing]) == {"oil": 0.0}
    assert not of_a_study(figures.levers, ds)


# ---- What is changed ------------------------------------------------------------------------------------------


def test_a_country_that_is_taken_out_trades_and_decides_nothing() -> None:
    base = scenario(months=6, worlds=8)
    gone, still = without(base, "RUS"), silent(base, "RUS")
    shells = {"shells_delivered": outcome("shells_delivered")}
    of_gone, of_still = (run_reduced(one, lambda ds: measured(ds, shells)) for one in (gone, still))
    assert (of_gone["shells_delivered"] == 0.0).all()
    assert (of_still["shells_delivered"] > 0.0).all()
    assert still.settings["RUS.decides"].value == 0.0


def test_every_lever_is_a_parameter_and_its_range_is_valid() -> None:
    for keys in LEVERS.values():
        for key, (low, high) in keys.items():
            assert PARAMETERS[key].min <= low < high <= PARAMETERS[key].max
    assert all(outcome(name) for name in OUTCOMES)


def test_changes_are_run_over_the_same_worlds_in_their_order() -> None:
    """A lever whose ends are the scenario's own value changes nothing; each change is beside its own before."""
    base = at(scenario(months=2, worlds=8), {RAIL: 80.0})
    made = [one for one in changes({"": {RAIL: (80.0, 80.0)}}) if one.name in ("removal of RUS", RAIL)]
    shells = {"shells_delivered": outcome("shells_delivered")}
    as_is = run_as_is([base], shells)
    ((removal, lever),) = run_changes([base], as_is, made, shells)
    assert runs_of([base], made) == 4
    np.testing.assert_array_equal(removal[0]["shells_delivered"], as_is[0]["shells_delivered"])
    assert (removal[1]["shells_delivered"] == 0.0).all()
    for values in lever:
        np.testing.assert_array_equal(values["shells_delivered"], as_is[0]["shells_delivered"])


def test_levers_as_typed_find_their_owner() -> None:
    found = levers_of([f"{RAIL}=10:200", "war.usa_aid=0:50", "CHN.western_ties = 0.2 : 0.9", "routes.rajin.open=0:1"])
    assert found["USA"] == {"war.usa_aid": (0.0, 50.0)}
    assert found["CHN"] == {"CHN.western_ties": (0.2, 0.9)}
    assert found[""] == {RAIL: (10.0, 200.0), "routes.rajin.open": (0.0, 1.0)}


WRONG = {
    "form": ("routes.khasan.capacity", "must be KEY=LOW:HIGH"),
    "steps": (f"{RAIL}=1:2:3", "must be KEY=LOW:HIGH"),
    "unknown": ("routes.kasan.capacity=1:2", "did you mean routes.khasan.capacity?"),
    "order": (f"{RAIL}=200:10", "LOW must be less than HIGH"),
    "bounds": ("sanctions.pressure=0:2", "must lie in 0 .. 1"),
    "number": (f"{RAIL}=few:200", "must be a number"),
    "theory": ("structure.threat=0:1", "is a choice of both, spiral, deterrence"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_wrong_levers_are_told(text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=r"--lever") as error:
        levers_of([text, "war.intensity=0:1"])
    assert said in str(error.value)


# ---- Figures, the command -------------------------------------------------------------------------------------


def test_figures_can_be_read(made_up: xr.Dataset) -> None:
    for draw in (figures.countries, figures.levers):
        assert not of_a_study(draw, made_up)
        assert not of_a_study(draw, made_up.sel(scenario=["article"], outcome=["tests"]))
    assert "own threat is left out" in tables.summary(made_up)


def test_a_figure_tells_how_many_changes_it_leaves_out(made_up: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "MOST_LEVERS", 1)
    with styled():
        told = " ".join(text.get_text() for text in figures.countries(made_up).texts)
    assert "The 1 smallest are in influence.csv." in told


@pytest.mark.slow
def test_the_command_ranks_who_matters(command: Command, tmp_path: Path) -> None:
    given = ("--worlds", "8", "--months", "3", "--lever", f"{RAIL}=10:200", "--outcome", "shells_delivered")
    _, out, err = well(command("influence", "article", *given, "--outcome", "tier4"))
    assert "Russia taken out" in out
    assert "tier4: is 0 in all worlds without any change" in err
    folder = tmp_path / "outputs" / "influence_article"
    pictures = {f"figures/{name}.{kind}" for name in ("countries", "levers") for kind in ("png", "svg")}
    assert files(folder).keys() == {"influence.nc", "influence.csv", "summary.md", "manifest.json"} | pictures
    told = {row["change"]: row for row in rows(folder / "influence.csv")}
    assert len(told) == 13
    assert float(told["removal of RUS"]["effect"]) < 0.0
    assert told["removal of RUS"]["unit"] == "million rounds"
    assert told["removal of RUS"]["matters"] == "yes"
    assert float(told[RAIL]["effect_sd"]) > 0.0


MISTAKES = {
    "unknown scenario": (("artcle",), "did you mean article?"),
    "unknown outcome": (("article", "--outcome", "tecnology"), "did you mean technology?"),
    "few worlds": (("article", "--worlds", "4"), "--worlds: must be at least 8, found 4"),
    "wrong lever": (("article", "--lever", "x=1:2"), "--lever: x"),
    "twice": (("article", "article"), "is given twice"),
    "nothing varies": (
        ("article", "--outcome", "tier4", "--worlds", "8", "--months", "2", "--lever", f"{RAIL}=1:9"),
        "no outcome varies",
    ),
}


@pytest.mark.parametrize(("given", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_and_leave_nothing(refused: Refused, given: tuple[str, ...], said: str) -> None:
    assert said in refused("influence", *given)


def test_several_mistakes_are_told_at_once(refused: Refused) -> None:
    err = refused("influence", "article", "article", "--outcome", "tecnology")
    assert all(one in err for one in ("did you mean technology?", "is given twice"))
    err = refused("influence", "article", "artcle", "--outcome", "x", "--worlds", "2", "--lever", "y")
    assert all(one in err for one in ("artcle", "unknown outcome", "--worlds", "--lever"))

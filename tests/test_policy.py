"""`sim policy`: lever files as a user writes them, policies over the same worlds, the command as a user types it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import Command, Refused, files, rows, well
from drawings import of_a_study

import sim
from sim.analysis.measures import SCORES
from sim.analysis.outcome import OutcomeError, outcome
from sim.experiment.batch import run_several
from sim.experiment.run import run
from sim.present.style import styled
from sim.scenario import ActEvent, ParameterEvent, ScenarioError
from sim.scenario.levers import shipped_levers
from sim.scenario.policies import Study, read_study
from sim.studies.policy import tables
from sim.studies.policy import words as policy_words
from sim.studies.policy.analysis import Finding, Objective, alike, dataset, findings, reducer
from sim.studies.policy.figures import regret_figure, scoreboard_figure, trade_off_figure
from sim.studies.policy.tables import summary

pytestmark = pytest.mark.usefixtures("short_rest")

HEAD = 'title = "T"\nquestion = "Q?"\n'
SOME = """
[USA.pressure.as_is]

[USA.pressure.fuller]
why = "assumed"
sanctions.pressure = 0.9
sanctions.enforcement = { value = 0.6, low = 0.5, high = 0.8 }

[USA.pressure.eased]
[[USA.pressure.eased.events]]
month = "2023-10"
key = "war.usa_aid"
factor = 0.5

[KOR.red_line.as_is]

[KOR.red_line.early]
[[KOR.red_line.early.events]]
month = "2023-10"
act = "red_line"
actors = ["KOR"]
"""
LEVERS = HEAD + SOME


def study_of(tmp_path: Path, text: str = LEVERS, worlds: int = 8) -> Study:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_study(str(path), sim.load("article", worlds=worlds, months=3))


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Six policies in eight worlds."""
    return study_of(tmp_path)


# ---- Lever files -----------------------------------------------------------------------------------------------


def test_options_combine_and_the_last_lever_is_fastest(study: Study) -> None:
    names = [policy.name for policy in study.policies]
    assert names == [
        *("as is", "red line early", "pressure fuller"),
        *("pressure fuller, red line early", "pressure eased", "pressure eased, red line early"),
    ]
    assert study.policies[0].scenario.hash == study.scenario.hash
    assert len({policy.scenario.hash for policy in study.policies}) == 6
    assert study.fixed == {"sanctions.pressure", "sanctions.enforcement"}


def test_a_policy_is_the_scenario_file_with_the_same_words(study: Study, tmp_path: Path) -> None:
    """The option's table, written as a scenario of its own, gives the same data."""
    body = "sanctions.pressure = 0.9\nsanctions.enforcement = { value = 0.6, low = 0.5, high = 0.8 }\n"
    event = '[[events]]\nmonth = "2023-10"\nact = "red_line"\nactors = ["KOR"]\n'
    (tmp_path / "same.toml").write_text(f'{HEAD}extends = "article"\n{body}{event}', encoding="utf-8")
    same = sim.load(tmp_path / "same.toml", worlds=8, months=3)
    policy = study.policies[3].scenario
    assert policy.hash == same.hash
    assert policy.settings["sanctions.pressure"].origin == "mine.toml:8"
    assert policy.events[-1].origin == "mine.toml:20"


def test_listed_policies_are_taken_as_listed(tmp_path: Path) -> None:
    listed = '[[policies]]\nname = "wait"\n[[policies]]\nUSA.pressure = "fuller"\nKOR.red_line = "early"\n'
    study = study_of(tmp_path, LEVERS + listed)
    assert [policy.name for policy in study.policies] == ["wait", "pressure fuller, red line early"]


@pytest.mark.parametrize("name", shipped_levers())
def test_shipped_levers_can_be_pulled(name: str) -> None:
    """Over both main scenarios; every lever belongs to whom it says, and every option gives its reason."""
    for base in ("article", "sea_route"):
        study = read_study(name, sim.load(base))
        assert 2 <= len(study.policies) <= 20
        assert study.policies[0].scenario.hash == study.scenario.hash, "the reference is the scenario as it is"
        assert study.remarks == []
        for lever in study.levers:
            assert all(option.why for option in lever.options[1:])
    assert name not in sim.scenario.shipped()


def test_shipped_levers_cover_all_stakeholders() -> None:
    article = sim.load("article")
    who = {lever.stakeholders for name in shipped_levers() for lever in read_study(name, article).levers}
    assert who == {"USA", "KOR", "JPN-KOR-USA", "CHN", "RUS", "PRK"}


OPTIONS = "[USA.pressure.as_is]\n[USA.pressure.fuller]\n"
ONE_MORE = "[[policies]]\n"
LISTED = SOME + ONE_MORE
WRONG = {
    "unknown key": (OPTIONS + "sanctions.presure = 0.9", "mine.toml:5: sanctions.presure", "sanctions.pressure?"),
    "out of bounds": (OPTIONS + "sanctions.pressure = 1.4", "mine.toml:5: sanctions.pressure", "must lie in 0 .. 1"),
    "wrong unit": (OPTIONS + 'routes.khasan.capacity = "9 t"', "mine.toml:5", "must be in kt/month"),
    "unknown country": ("[USSR.pressure.as_is]\n[USSR.pressure.more]\n", "mine.toml:3: USSR", "is not a stakeholder"),
    "alias": ("[ROK.pressure.as_is]\n[ROK.pressure.more]\n", "mine.toml:3: ROK", "did you mean KOR?"),
    "twice the same country": ("[USA-USA.x.a]\n[USA-USA.x.b]\n", "mine.toml:3", "names a country twice"),
    "one option": ("[USA.pressure.as_is]\n", "mine.toml:3: USA.pressure", "needs at least two options"),
    "same options": (OPTIONS, "mine.toml:4: USA.pressure", '"as_is" and "fuller" are the same'),
    "a lever that is a number": ("USA.pressure = 3", "mine.toml:3: USA.pressure", "must be a table of options"),
    "a country that is a number": ("USA = 3", "mine.toml:3: USA", "must be a table of levers"),
    "nothing": ("", "mine.toml", "holds no levers"),
    "a scenario": ('extends = "article"', "mine.toml:3: extends", "is not allowed in a lever file"),
    "worlds in an option": (OPTIONS + "worlds = 3", "mine.toml:5: USA.pressure.fuller.worlds", "is not allowed in"),
    "why of numbers": (OPTIONS + "why = 3", "mine.toml:5", "must be text in quotes"),
    "someone else's act": (
        OPTIONS + '[[USA.pressure.fuller.events]]\nmonth = "2023-10"\nact = "red_line"\nactors = ["KOR"]',
        "mine.toml:8: events.actors",
        "an act of KOR cannot be scheduled by a lever of USA",
    ),
    "a month outside": (
        OPTIONS + '[[USA.pressure.fuller.events]]\nmonth = "2095-10"\nact = "designation"\nactors = ["USA"]',
        "mine.toml:6: events.month",
        "must lie in 2023-09 .. 2053-08",
    ),
    "one key, two levers": (
        OPTIONS + "sanctions.pressure = 0.9\n[JPN.pressure.as_is]\n[JPN.pressure.more]\nsanctions.pressure = 0.8",
        "mine.toml:6: JPN.pressure",
        "a parameter belongs to one lever",
    ),
    "too many": (
        "".join(
            f"[USA.l{n}.as_is]\n[USA.l{n}.x]\n{key} = 0.5\n[USA.l{n}.y]\n{key} = 0.6\n"
            for n, key in enumerate(f"sanctions.{part}" for part in ("pressure", "enforcement", "risk", "bite"))
        ),
        "mine.toml",
        "81 combinations of options, at most 60 are allowed",
    ),
    "listed twice": (LISTED + f'name = "a"\n{ONE_MORE}name = "b"\n', "policies", '"b" takes the same options as "a"'),
    "unknown option": (LISTED + ONE_MORE + 'USA.pressure = "fullr"\n', "policies", "did you mean fuller?"),
    "unknown lever": (LISTED + ONE_MORE + 'USA.presure = "fuller"\n', "policies", "did you mean USA.pressure?"),
    "markup": (LISTED + "name = '[/b] $x$'\n" + ONE_MORE, "policies", "name of a policy must have at most 60 letters"),
    "one policy": (LISTED, "policies", "must list 2 to 60 policies, found 1"),
    "no list": ("policies = 3\n" + SOME, "policies", "must be written [[policies]]"),
    "no TOML": (OPTIONS + "x = = 3", "mine.toml:5", "is not valid TOML"),
}


@pytest.mark.parametrize(("text", "place", "said"), WRONG.values(), ids=WRONG)
def test_wrong_lever_files_are_explained(tmp_path: Path, text: str, place: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        study_of(tmp_path, HEAD + text)
    lines = [line for line in str(error.value).splitlines() if said in line]
    assert any(place in line for line in lines), str(error.value)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = 'question = 3\n[XXX.a.b]\n[USA.pressure.as_is]\nno.such = 1\n[USA.pressure.b]\nsanctions.pressure = "much"\n'
    with pytest.raises(ScenarioError) as error:
        study_of(tmp_path, text)
    assert len(error.value.problems) == 5


def test_events_of_the_scenario_on_a_lever_are_told(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(
        f'{HEAD}extends = "article"\n[[events]]\nmonth = "2023-11"\nkey = "war.usa_aid"\nvalue = 10\n', encoding="utf-8"
    )
    (tmp_path / "mine.toml").write_text(LEVERS, encoding="utf-8")
    study = read_study(str(tmp_path / "mine.toml"), sim.load(tmp_path / "base.toml", months=3))
    (remark,) = study.remarks
    assert "war.usa_aid" in remark
    events = study.policies[4].scenario.events
    assert [event.month for event in events] == [0, 1, 2], "one language, one order"
    assert [type(event) for event in events[:2]] == [ActEvent, ParameterEvent]


def test_the_page_shows_files_that_can_be_read_and_names_the_shipped_ones(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "policy.md").read_text(encoding="utf-8")
    alone, listed = re.findall(r"^```toml\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    assert len(study_of(tmp_path, alone).policies) == 4
    other = '[[policies]]\nname = "neither"\n'
    assert [one.name for one in study_of(tmp_path, alone + listed + other).policies] == ["both", "neither"]
    assert set(shipped_levers()) == set(re.findall(r"sim policy \w+ --levers (\w+)", page))


# ---- Over the same worlds --------------------------------------------------------------------------------------


def objective(name: str, minimise: bool = True, threshold: float | None = None) -> Objective:
    return Objective(name, outcome(name), minimise, threshold)


def planted(study: Study, values: dict[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """Runs of all policies whose outcomes, (policy, world), are given and whose scores are even."""
    scores = {name: np.full(study.scenario.worlds, 0.5) for name in SCORES}
    return [{**scores, **{name: column[k] for name, column in values.items()}} for k in range(len(study.policies))]


def judged(study: Study, values: dict[str, np.ndarray], **uncertain: np.ndarray) -> tuple[list[Finding], xr.Dataset]:
    objectives = [objective(name) for name in values]
    ds = dataset(study, objectives, planted(study, values), "a study")
    return findings(ds, objectives, {f"sanctions.{key}": column for key, column in uncertain.items()}), ds


def test_each_policy_is_the_run_of_its_scenario(study: Study) -> None:
    objectives = [objective("technology"), objective("kor.threat")]
    seen: list[int] = []
    runs = run_several([p.scenario for p in study.policies], reducer(objectives), lambda done, total: seen.append(done))
    ds = dataset(study, objectives, runs, "a study")
    alone = run(study.policies[3].scenario)
    np.testing.assert_array_equal(ds["outcome"].values[1, 3], outcome("kor.threat").values(alone))
    assert ds["score"].sel(country="KOR", goal="threat").values[3].tolist() == runs[3]["score_KOR_threat"].tolist()
    assert (ds["regret"].values.min(axis=1) == 0.0).all()
    assert seen[-1] == 6 * 8 * 3
    assert seen == sorted(seen)


def test_the_planted_robust_choice_and_where_it_fails(tmp_path: Path) -> None:
    """Policy 4 is never far from the best, less so where `bite` is high; policy 2 has the best mean, and fails."""
    study = study_of(tmp_path, worlds=256)
    rng = np.random.default_rng(6)
    risk, bite = rng.random(256), rng.random(256)
    technology = 20.0 + 10.0 * rng.random((1, 256)) + 5.0 + rng.normal(0.0, 0.1, (6, 256))
    technology[2] += np.where(risk > 0.85, 10.0, -8.0)
    technology[4] += -6.0 + 3.0 * bite
    (first, second), ds = judged(study, {"technology": technology, "oil": -technology}, risk=risk, bite=bite)
    assert first.table.by_regret.best == 4
    assert first.table.by_regret.stands_out
    assert second.table.by_regret.best != 4
    assert int(np.argmin(technology.mean(axis=1))) == 2
    assert {one.key for one in first.regret_conditions if one.sure} == {"sanctions.bite", "sanctions.risk"}
    words = " ".join(policy_words.findings([first, second], ds))
    assert '"pressure eased" (regret' in words
    assert "robust choice; it is distinguished from every other policy" in words
    assert "`sanctions.bite` is high" in words
    assert '"pressure eased"' in summary([first, second], ds)


def test_policies_without_effect_are_not_ranked(tmp_path: Path) -> None:
    """The control: worlds differ, policies do not. Of an outcome that some of them change the choice is told."""
    study = study_of(tmp_path, worlds=64)
    same, changed = np.tile(np.random.default_rng(3).random(64), (6, 1)), np.random.default_rng(4).random((6, 64))
    (found,), ds = judged(study, {"technology": same})
    assert found.table.by_regret.says_nothing
    nothing = ["No policy changes technology received by PRK, whole run in any world."]
    assert policy_words.findings([found], ds) == nothing
    assert set(tables.places(found).values()) == {1}, "ties are ties"
    (_, other), of_other = judged(study, {"technology": same, "tests": changed + 9.0 * (np.arange(6) == 2)[:, None]})
    told = policy_words.findings([found, other], of_other)
    assert told[0] == nothing[0]
    assert told[1].startswith("For missile tests of PRK, whole run, by regret (smallest 95 % quantile) ")
    assert 'Against the reference it changes so: "pressure fuller" 8.99' in told[1]
    both, of_both = judged(study, {"technology": changed, "oil": same})
    told = policy_words.findings(both, of_both)
    assert "No policy changes oil products delivered RUS to PRK, whole run in any world." in told
    assert not [sentence for sentence in told if sentence.startswith("For oil")]
    page = summary([found], ds)
    assert "| none in any world | 0 | 0 |" in page
    assert "± 0 |" not in page
    assert "A question mark" not in page, "the policies are the same"
    assert not {"seed", "worlds", "versions"} & set(next(tables.regret([found], ds))), "these columns come at the end"


def test_a_threshold_that_every_policy_meets_parts_nothing(tmp_path: Path) -> None:
    """Of `tier3` the median of the reference may be 1, which is the most there is."""
    study = study_of(tmp_path, worlds=64)
    (found,), ds = judged(study, {"tier3": (np.random.default_rng(2).random((6, 64)) > 0.4).astype(float)})
    assert found.threshold == 1.0
    told = " ".join(policy_words.findings([found], ds))
    assert "(at most 1, the median of the reference) no policy is chosen, for every one is the same" in told
    assert ": met in all 64 worlds. Another threshold is set with --at-most." in told
    column = next(tables.regret([found], ds)).index("by_satisficing")
    standing = [row[column] for row in tables.regret([found], ds)][1:]
    assert sorted(standing) == ["first", *["tied with the first"] * 5]
    assert "ules put" not in told, "where one rule says nothing they neither agree nor differ"
    assert "100 ± 0" not in summary([found], ds)


def test_the_order_of_policies_that_tie_is_no_finding(tmp_path: Path) -> None:
    study = study_of(tmp_path, worlds=64)
    values = np.tile(np.random.default_rng(3).random(64), (6, 1))
    values[[0, 3, 5]] += 1.0
    (found,), ds = judged(study, {"technology": values})
    assert (found.table.by_regret.first, found.table.by_satisficing.first) == ((1, 2, 4), (1, 2, 4))
    told = " ".join(policy_words.findings([found], ds))
    names = [f'"{name}"' for name in ds["policy"].values[[1, 2, 4]]]
    first = f"{names[0]}, {names[1]}, {names[2]}"
    assert f"By regret (smallest 95 % quantile) {first} (no regret in any world, all the same) come first" in told
    assert f"Both rules put {first} first." in told
    assert "comes first" not in told


def test_an_error_that_one_world_does_not_have_is_not_told() -> None:
    assert (policy_words.share_words(1.0, np.nan), policy_words.share_words(0.6, 0.1)) == ("100 %", "60 ± 10 %")
    assert policy_words.share_words(1.0, 0.0) == "100 %", "worlds drawn again from those that all say yes show no error"
    told = [policy_words.measured_words(3.2, error, "points") for error in (np.nan, 0.41)]
    assert told == ["3.2 points", "3.20 ± 0.41 points"]


def test_an_outcome_that_is_the_same_in_the_reference_is_told_before_others_run(study: Study) -> None:
    objectives, some = [objective("technology"), objective("oil")], np.arange(8.0)
    assert list(alike(objectives, {"technology": np.full(8, 3.0), "oil": some})) == [("technology", 3.0)]
    with pytest.raises(OutcomeError, match="oil has no value in any world under the reference"):
        list(alike(objectives, {"technology": some, "oil": np.full(8, np.nan)}))
    seen: list[int] = []
    run_several(
        [p.scenario for p in study.policies[:2]], lambda _: {"n": some}, first=lambda run: seen.append(len(run))
    )
    assert seen == [1], "once, after the first"


def test_bars_of_regret_end_at_zero_and_question_marks_are_explained(tmp_path: Path) -> None:
    study = study_of(tmp_path, worlds=64)
    values = np.random.default_rng(3).random((6, 64)) * (np.random.default_rng(4).random((6, 64)) > 0.9)
    (found,), ds = judged(study, {"technology": values})
    lower = found.table.q75 - found.table.errors["q75"]
    assert (lower < 0.0).any(), "else there is nothing to see"
    with styled():
        figure = regret_figure(found, ds)
    ends = [path.vertices[:, 0].min() for bars in figure.axes[0].collections for path in bars.get_paths()]
    assert min(ends) >= 0.0
    page = summary([found], ds)
    assert " ? |" in page
    assert "A question mark: no significant difference from the reference" in page


def test_an_outcome_that_never_changes_is_refused(study: Study) -> None:
    for value, said in ((3.0, "is 3 in every world under every policy"), (np.nan, "has no value in any world")):
        with pytest.raises(OutcomeError, match=said):
            judged(study, {"technology": np.full((6, 8), value)})


@pytest.mark.parametrize("many", [False, True])
def test_no_text_is_cut_overlaps_or_is_small(tmp_path: Path, many: bool) -> None:
    text = (LEVERS + "[JPN.x.as_is]\n" + "".join(f"[JPN.x.o{n}]\nJPN.ambition.tier1 = 9{n}\n" for n in range(2))) * many
    study = study_of(tmp_path, text or LEVERS)
    rng = np.random.default_rng(3)
    values = {name: rng.random((len(study.policies), 8)) for name in ("technology", "kor.threat", "oil")}
    found, ds = judged(study, values)
    ds["score"].values[:] = rng.random(ds["score"].shape)
    assert not of_a_study(regret_figure, found[0], ds)
    assert not (of_a_study(scoreboard_figure, found[0], ds) if many else of_a_study(trade_off_figure, found, ds))
    with styled():
        drawn = regret_figure(found[0], ds)
    assert ("not drawn" in " ".join(text.get_text() for text in drawn.texts)) == many


# ---- The command -----------------------------------------------------------------------------------------------

SMALL = ("--worlds", "24", "--months", "3")
MINE = ("policy", "article", "--levers", "mine.toml", "--minimise")


@pytest.mark.slow
def test_policy_writes_everything_and_the_same_every_time(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(LEVERS, encoding="utf-8")
    words = ("policy", "article", "--levers", "mine.toml", "--maximise", "shells_delivered", "--minimise", "kor.threat")
    code, out, err = command(*words, *SMALL)
    assert (code, err) == (0, "")
    assert "Regret in shells delivered" in out, "the first outcome that is named decides, whatever its way"
    assert "more is better" in out
    folder = tmp_path / "outputs" / "policy_article_mine"
    before = files(folder)
    tables = {"policy.nc", "policy.csv", "regret.csv", "conditions.csv", "summary.md", "manifest.json"}
    figures = {f"figures/{name}.{kind}" for name in ("regret", "tradeoff", "scoreboard") for kind in ("png", "svg")}
    assert before.keys() == tables | figures
    regrets = rows(folder / "regret.csv")
    assert len(regrets) == 2 * 6
    assert [row["by_regret"] for row in regrets].count("first") == 2
    assert len(rows(folder / "policy.csv")) == 6 * (2 + 30)
    with xr.open_dataset(folder / "policy.nc") as stored:
        assert stored["outcome"].dims == ("objective", "policy", "world")
        assert json.loads(stored.attrs["policies"])[3]["choices"] == {"USA.pressure": "fuller", "KOR.red_line": "early"}
    text = (folder / "summary.md").read_text(encoding="utf-8")
    assert "What the model implies under its assumptions" in text
    assert "`sanctions.pressure`: 0.9 (mine.toml:8)" in text
    assert command(*words, *SMALL, "--no-figures", "--out", "again")[0] == 0
    again = files(tmp_path / "again")
    assert [name for name in tables - {"manifest.json"} if again[name] != before[name]] == []


def test_a_known_answer_is_found(command: Command, tmp_path: Path) -> None:
    """With all routes closed no shell arrives: of three policies that one leaves no regret, and is distinguished."""
    text = "[RUS.x.as_is]\n[RUS.x.half]\nroutes.khasan.capacity = 5\n[RUS.x.closed]\nroutes.khasan.open = false\n"
    (tmp_path / "mine.toml").write_text(HEAD + text, encoding="utf-8")
    code, out, err = command(*MINE, "shells_delivered", "--at-most", "0.000001", *SMALL, "--no-figures")
    assert (code, err) == (0, "")
    assert '"closed" (no regret in any world) is the robust choice' in out
    assert '"closed" (met in all 24 worlds) is the robust choice' in out
    assert 'Both rules put "closed" first.' in out


def test_levers_that_touch_nothing_are_told(command: Command, tmp_path: Path) -> None:
    text = "[JPN.x.as_is]\n[JPN.x.y]\nJPN.ambition.tier4 = 9\n"
    (tmp_path / "mine.toml").write_text(HEAD + text, encoding="utf-8")
    out = well(command(*MINE, "shells_delivered", *SMALL, "--no-figures")).out
    assert "No policy changes shells delivered" in out
    assert "comes first" not in out


GOOD = ("policy", "article", "--levers", "usa", "--minimise", "technology")
MISTAKES = {
    "no levers": (("policy", "article", "--minimise", "technology"), "a shipped name: china, korea"),
    "no outcome": (("policy", "article", "--levers", "usa"), "no outcome is given"),
    "unknown levers": (("policy", "article", "--levers", "uas", "--minimise", "oil"), "did you mean usa?"),
    "no file": (("policy", "article", "--levers", "no.toml", "--minimise", "oil"), "there is no such file"),
    "unknown scenario": (("policy", "artcle", "--levers", "usa", "--minimise", "oil"), "did you mean article?"),
    "unknown outcome": (("policy", "article", "--levers", "usa", "--minimise", "oill"), "did you mean oil?"),
    "two unknown": ((*GOOD, "--minimise", "oill", "--maximise", "rus.x"), "--maximise: rus.x"),
    "unknown outcome, with others": ((*GOOD, "--minimise", "oill", "--worlds", "0"), "did you mean oil?"),
    "text for a number": ((*GOOD, "--at-most", "low"), "must be a number such as 0.05, found 'low'"),
    "month outside": ((*GOOD, "--minimise", "rus_prk.trust@2030-01"), "the run covers 2023-09 to 2026-08"),
    "twice": ((*GOOD, "--maximise", "technology"), "is given twice"),
    "too many": ((*GOOD, *(w for n in ("oil", "tests", "tier", "practical") for w in ("--minimise", n))), "at most 4"),
    "wrong side": ((*GOOD, "--at-least", "3"), "did you mean --at-most?"),
    "not a number": ((*GOOD, "--at-most", "nan"), "must be a finite number"),
    "set and pulled": ((*GOOD, "--set", "monitoring.coalition=0.5"), "set by --set and by this option"),
    "few months": (("policy", "article", "--levers", "china", "--months", "2"), "no lever has two options left"),
    "no worlds": ((*GOOD, "--worlds", "0"), "--worlds"),
    "unknown scenario and levers": (("policy", "artcle", "--levers", "uas", "--minimise", "oil"), "did you mean usa?"),
    "no worlds and wrong levers": (
        ("policy", "article", "--levers", "wrong.toml", "--minimise", "oil", "--worlds", "0"),
        "wrong.toml:4: sanctions.presure",
    ),
    "too many worlds": ((*GOOD, "--worlds", "10000000"), "memory"),
    "constant": ((*MINE, "tier4", *SMALL), "tier4 is 0 in every world"),
}


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_and_leave_nothing(refused: Refused, words: tuple[str, ...], said: str) -> None:
    Path("mine.toml").write_text(LEVERS, encoding="utf-8")
    Path("wrong.toml").write_text(HEAD + "[USA.x.a]\nsanctions.presure = 1\n[USA.x.b]\n", encoding="utf-8")
    assert said in refused(*words)


def test_an_option_that_lies_before_a_later_start_is_left_out(tmp_path: Path) -> None:
    """Shipped levers work in a scenario that starts later; what cannot happen any more is named."""
    late = tmp_path / "late.toml"
    late.write_text(
        'title = "T"\nquestion = "Q?"\nlook_for = "L"\nextends = "article"\nstart = "2024-03"\ndrop_events = "all"\n',
        encoding="utf-8",
    )
    found = read_study("korea", sim.load(str(late)))
    assert found.left_out == ("KOR.warning.early",)
    assert "KOR.warning.early: left out" in found.remarks[0]
    assert [option.name for option in found.levers[0].options] == ["as_is", "never", "later"]
    assert not read_study("korea", sim.load("article")).left_out


LATE_TWIN = """
[USA.pressure.as_is]
[USA.pressure.fuller]
sanctions.pressure = 0.9
[USA.pressure.later]
[[USA.pressure.later.events]]
month = "2025-01"
key = "war.usa_aid"
factor = 0.5
[[policies]]
USA.pressure = "fuller"
[[policies]]
USA.pressure = "later"
"""


def test_a_policy_that_takes_what_the_scenario_leaves_out_is_told_what_and_why(tmp_path: Path) -> None:
    """`eased` lies before the start, and so does all that sets the options of `red_line` apart."""
    late = tmp_path / "late.toml"
    late.write_text(f'{HEAD}extends = "article"\nstart = "2024-03"\ndrop_events = "all"\n', encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(
        f'{LEVERS}[[policies]]\nUSA.pressure = "eased"\n[[policies]]\nKOR.red_line = "early"\n', encoding="utf-8"
    )
    with pytest.raises(ScenarioError) as told:
        read_study(str(mine), sim.load(str(late)))
    why = "left out, since an event of it lies before 2024-03, the start of late"
    option, lever = str(told.value).splitlines()
    assert option.endswith(f'USA.pressure has no option "eased" here; it has as_is, fuller; USA.pressure.eased: {why}')
    assert lever.endswith(
        f"KOR.red_line has fewer than two options here, leave it out of the policy; KOR.red_line.early: {why}"
    )
    mine.write_text(HEAD + LATE_TWIN, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"as_is, fuller; USA\.pressure\.later: left out, since until 2023-11"):
        read_study(str(mine), sim.load("article", months=3))


def test_events_after_the_last_month_are_left_out_as_they_are_in_a_run() -> None:
    """So are options that no month then sets apart; a file without any other is refused."""
    found = read_study("usa", sim.load("article", months=6))
    of_event, of_option = found.remarks
    assert of_event.startswith("USA.monitoring.enforced: 1 event after the last month, 2024-02, left out: ")
    assert of_option == "USA.monitoring.enforced: left out, since until 2024-02 it is the same as rebuilt"
    assert [option.name for option in found.levers[1].options] == ["as_is", "rebuilt"]
    with pytest.raises(ScenarioError, match="no lever has two options left within 2023-09"):
        read_study("china", sim.load("article", months=2))

"""Scenarios: what a file means, where each value comes from; nothing but a scenario or a clear error comes out."""

import copy
import json
import pickle
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import PARAMETERS, ActEvent, ParameterEvent, Scenario, ScenarioError, Setting, load, shipped
from sim.scenario.levers import find_levers
from sim.scenario.library import find
from sim.scenario.lines import DEEPEST, Lines
from sim.scenario.parameters import TableError, nearest, parameter, read_table

HEAD = 'title = "T"\nquestion = "Q?"\n'
RAIL = "routes.khasan.capacity"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a scenario file and return its path."""

    def _write(text: str, name: str = "mine.toml", head: str = HEAD) -> Path:
        path = tmp_path / name
        path.write_text(head + text, encoding="utf-8")
        return path

    return _write


def problems_of(path: Path | str, **options: Any) -> list[str]:
    """What is wrong with a scenario, one text a problem."""
    with pytest.raises(ScenarioError) as error:
        load(path, **options)
    return str(error.value).splitlines()


# --- what a file means


def test_an_empty_scenario_is_the_table_of_parameters(write: Write) -> None:
    scenario = load(write(""))
    assert list(scenario.settings) == list(PARAMETERS)
    assert scenario.changed == {}
    for key, row in PARAMETERS.items():
        origin = f"parameters.csv:{row.line}"
        assert scenario.settings[key] == Setting(row.value, row.low, row.high, row.distribution, origin)


def test_the_ways_to_set_a_parameter(write: Write) -> None:
    """A number, a switch, a number with its unit, a range; nested, dotted, quoted."""
    scenario = load(
        write(
            """
            war.intensity = 1
            war.base_fire = { low = 0, high = 5000 }
            routes.rajin.open = false
            "sanctions.pressure" = 0.5
            [routes.khasan]
            capacity = "20 kt/month"
            [PRK.ammunition.stock]
            value = 200
            low = 100
            high = "400 krounds"
            distribution = "loguniform"
            """
        )
    )
    now = scenario.settings
    assert now["war.intensity"] == Setting(1.0, None, None, "fixed", "mine.toml:4")
    assert now["routes.rajin.open"].value == 0.0
    assert now["sanctions.pressure"].value == 0.5
    assert now[RAIL] == Setting(20.0, None, None, "fixed", "mine.toml:9")
    assert now["PRK.ammunition.stock"] == Setting(200.0, 100.0, 400.0, "loguniform", "mine.toml:10")
    assert now["war.base_fire"].value == PARAMETERS["war.base_fire"].value
    assert now["war.base_fire"].distribution == PARAMETERS["war.base_fire"].distribution


def test_extends_lays_files_over_one_another(write: Write) -> None:
    write(f"{RAIL} = 10\nmonths = 24\nworlds = 7\nwar.intensity = 0.5", "base.toml")
    write(f'extends = "base.toml"\n{RAIL} = 20\nmonths = 12', "middle.toml")
    scenario = load(write(f'extends = "middle.toml"\n{RAIL} = 30', "top.toml"))
    assert (scenario.months, scenario.worlds, scenario.name) == (12, 7, "top")
    assert scenario.settings[RAIL].value == 30
    assert scenario.settings[RAIL].origin == "top.toml:4"
    assert scenario.settings["war.intensity"].origin == "base.toml:6"
    assert scenario.files == ("base.toml", "middle.toml", "top.toml")
    assert scenario.origins["months"] == "middle.toml:5"


def test_the_command_line_comes_last(write: Write) -> None:
    path = write(f"{RAIL} = 10")
    scenario = load(path, set=[f"{RAIL}=25 kt/month", "routes.rajin.open=false"], worlds=3, months=5, seed=9)
    assert scenario.settings[RAIL] == Setting(25.0, None, None, "fixed", "--set")
    assert (scenario.worlds, scenario.months, scenario.seed) == (3, 5, 9)
    assert scenario.origins["seed"] == "--seed"
    assert load(path, set={RAIL: "25 kt/month"}).settings[RAIL].value == 25
    spread = load(path, set=[f"{RAIL}={{low=5, high=50}}"]).settings[RAIL]
    assert (spread.value, spread.low, spread.high) == (10, 5, 50)


EVENTS = """
start = "2024-01"
months = 12
[[events]]
month = "2024-06"
act = "summit"
actors = ["RUS", "PRK"]
[[events]]
month = "2024-03"
key = "war.intensity"
factor = 0.5
duration = 3
why = "Winter"
"""


def test_events_are_counted_from_the_start_and_sorted(write: Write) -> None:
    scenario = load(write(EVENTS))
    assert scenario.events == (
        ParameterEvent(2, "war.intensity", None, 0.5, 3, "Winter", "mine.toml:10"),
        ActEvent(5, "summit", ("RUS", "PRK"), "", "mine.toml:6"),
    )
    assert scenario.dates[:2] == ["2024-01-01", "2024-02-01"]
    assert scenario.dates[-1] == "2024-12-01"


def test_a_shorter_run_leaves_out_later_events(write: Write) -> None:
    assert [event.month for event in load(write(EVENTS), months=4).events] == [2]


def test_a_new_start_moves_inherited_events(write: Write) -> None:
    write(EVENTS, "base.toml")
    later = load(write('extends = "base.toml"\nstart = "2024-02"', "later.toml"))
    assert [event.month for event in later.events] == [1, 4]
    (problem,) = problems_of(write('extends = "base.toml"\nstart = "2024-07"', "late.toml"))
    assert "late.toml:4: start: the act of base.toml:6 would lie before the start; give it a name and" in problem


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEAD}{RAIL} = 20\n".replace("\n", "\r\n").encode())
    assert load(path).settings[RAIL].origin == "windows.toml:3"


# --- the frozen value


def test_json_and_pickle_give_the_same_scenario(write: Write) -> None:
    scenario = load(write(EVENTS + "[routes.khasan.capacity]\nlow = 1\nhigh = 90\nvalue = 3"))
    for twin in (
        Scenario.from_dict(json.loads(json.dumps(scenario.to_dict()))),
        pickle.loads(pickle.dumps(scenario)),
        copy.deepcopy(scenario),
    ):
        assert twin == scenario
        assert twin.hash == scenario.hash
        assert hash(twin) == hash(scenario)


def test_a_scenario_cannot_be_changed(write: Write) -> None:
    scenario: Any = load(write(""))
    with pytest.raises(AttributeError):
        scenario.months = 3
    with pytest.raises(TypeError):
        scenario.settings[RAIL] = None


def test_a_damaged_stored_scenario_is_told(write: Write) -> None:
    stored = load(write("")).to_dict()
    damages: list[dict[str, Any]] = [{"settings": {}}, {"events": 3}, {"events": [{"act": 1}]}]
    for damage in damages:
        with pytest.raises(ScenarioError):
            Scenario.from_dict(stored | damage)
    with pytest.raises(ScenarioError):
        Scenario.from_dict({})


def test_the_hash_knows_what_changes_results_and_nothing_else(write: Write) -> None:
    plain = load(write(f"{RAIL} = 20"))
    assert load(write(f"# a remark\n{RAIL} = 20.0\noutcome = 'x'", "other.toml")).hash == plain.hash
    different = [
        load(write(f"{RAIL} = 21", "a.toml")),
        load(write(f"{RAIL} = {{ value = 20, low = 10, high = 30 }}", "b.toml")),
        load(write(f"{RAIL} = 20\n{EVENTS}", "c.toml")),
        load(write(f"{RAIL} = 20", "d.toml"), seed=plain.seed + 1),
        load(write(f"{RAIL} = 20", "e.toml"), months=plain.months + 1),
        load(write(f"{RAIL} = 20", "f.toml"), worlds=plain.worlds + 1),
    ]
    assert len({plain.hash, *(scenario.hash for scenario in different)}) == 1 + len(different)


# --- the library


def test_shipped_scenarios_are_found_by_name_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(shipped()) >= 15
    assert {name: load(name).files[-1] for name in shipped()} == {name: path.name for name, path in shipped().items()}


def test_another_scenario_is_never_taken_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(HEAD)
    (tmp_path / "outputs" / "mine").mkdir(parents=True)
    (tmp_path / "outputs" / "mine" / "manifest.json").touch()
    for name, said in (
        ("cease_fire", r"cease_fire: no shipped scenario.*did you mean ceasefire\?"),
        ("bse_case", r"the shipped ones are .*article, "),
        ("own", r"did you mean own\.toml\?"),
        ("outputs", r"is a folder, but not that of a run.*did you mean outputs/mine\?"),
        ("ownn.toml", r"ownn\.toml: there is no such file \(did you mean own\.toml\?\)"),
    ):
        with pytest.raises(ScenarioError, match=said):
            find(name)


def test_levers_given_for_a_scenario_are_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By their file, their folder or a shipped name; beside a scenario, the control, the folder names that."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "some.toml").write_text(HEAD + '[CHN.aid.as_is]\n[CHN.aid.none]\nwhy = "a test"')
    for name, said in (
        ("mine/some.toml", r"mine/some\.toml: is a lever file, not a scenario; .*--levers mine/some\.toml"),
        ("article+mine/some.toml", r"\+mine/some\.toml: is a lever file"),
        ("mine", r"mine: is a folder of lever files, not a scenario; .*--levers mine/some\.toml$"),
        ("mine/", r"is a folder of lever files"),
        ("china", r"china: is a lever file, not a scenario; .*--levers china"),
    ):
        with pytest.raises(ScenarioError, match=said):
            load(name)
    with pytest.raises(ScenarioError, match=r"is a folder, not a lever file \(did you mean mine/some\.toml\?\)"):
        find_levers("mine")
    (tmp_path / "mine" / "own.toml").write_text(HEAD)
    with pytest.raises(ScenarioError, match=r"is a folder, not a scenario file \(did you mean mine/own\.toml\?\)"):
        load("mine/")


# --- the table of parameters


def test_every_parameter_is_complete() -> None:
    for key, row in PARAMETERS.items():
        assert parameter(key) is row
        assert all((row.unit, row.source, row.meaning, row.claims)), key
    with pytest.raises(KeyError, match=f"did you mean {RAIL}"):
        parameter("routes.khasan.capacty")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("a,1,kt,,,fixed,0,2,monthly,C1,assumed", "11 cells"),
        ("a,x,kt,,,fixed,0,2,monthly,C1,assumed,m", "could not convert"),
        ("a,3,kt,,,fixed,0,2,monthly,C1,assumed,m", "outside min"),
        ("a,1,,,,fixed,0,2,monthly,C1,assumed,m", "blank"),
        ("a,1,kt,2,3,uniform,0,9,monthly,C1,assumed,m", "low <= value"),
        ("a,1,kt,0,3,loguniform,0,9,monthly,C1,assumed,m", "above zero"),
        ("a,1,kt,,,uniform,0,9,monthly,C1,assumed,m", "needs low and high"),
        ("a,1,kt,,,normal,0,9,monthly,C1,assumed,m", "one of"),
    ],
)
def test_a_wrong_row_of_the_table_is_told_with_its_line(row: str, fault: str) -> None:
    header = "key,value,unit,low,high,distribution,min,max,when,claims,source,meaning\n"
    with pytest.raises(TableError, match=f"table.csv:2.*{fault}"):
        read_table(header + row, "table.csv")


def test_the_nearest_name_ignores_case_and_gives_up_on_nonsense() -> None:
    assert nearest("prk.ammunition.stok", PARAMETERS) == "PRK.ammunition.stock"
    assert nearest("zzzzzzzz", PARAMETERS) is None


# --- the line of every key

TOML = r'''
title = "a \" # = x"
text = """
[not.a.table] = """""
raw = """
\""" x = 1"""
war . intensity = 3.0 # [x]
"a.b"."c A" = 'z'
date = 1979-05-27 07:32:00
list = [ 1, [2, "]"], # ] a remark
  {x = 1, y.z = [ {q = 1979-05-27 07:32:00}, 3 ]},
]
[routes . khasan]
capacity = {value = 1, low=2}
[[events]]
month = "2023"
 [events.sub]
 x = 1
[[events]]
month = "2024"
[last]
k = true
'''


def keys_of(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all keys of a document."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(deeper for name, value in items for deeper in keys_of(value, (*path, name)))]


def test_every_key_has_its_line() -> None:
    lines, text = Lines(TOML), TOML.splitlines()
    for path in keys_of(tomllib.loads(TOML))[1:]:
        assert path in lines.known
        if isinstance(path[-1], str):
            assert path[-1] in text[lines.of(path) - 1]
    assert text[lines.of(("events", 1, "month")) - 1] == 'month = "2024"'
    assert text[lines.of(("list", 2, "y")) - 1].startswith("  {x = 1")


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(TOML)), st.text("[]{}\"'=.,\n #\\a1", max_size=3)), max_size=4))
def test_lines_are_found_in_whatever_tomllib_accepts(changes: list[tuple[int, str]]) -> None:
    text = TOML
    for at, piece in changes:
        text = text[:at] + piece + text[at + 1 :]
    lines = Lines(text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for path in keys_of(data)[1:]:
        assert path[:DEEPEST] in lines.known

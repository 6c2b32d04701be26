"""What a user can get wrong, and what the command line says: file:line, key, rule, suggestion; exit code 2; no harm."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
import xarray as xr
from command_line import DRAWING, HERE, WORKING, Command, Refused, python, signalled, well
from typer.main import get_command
from typer.testing import CliRunner

from sim import cli
from sim.analysis.outcome import PLAIN
from sim.cli import app
from sim.commands import options
from sim.commands.examples import EXAMPLES
from sim.compile.engine import MADE_ASIDE
from sim.results import ResultsError
from sim.results.opened import lacking, open_any
from sim.scenario import PARAMETERS, load, shipped
from sim.scenario.names import ACTS

pytestmark = pytest.mark.usefixtures("short_rest")

HEAD = 'title = "T"\nquestion = "Q?"\n'
RAIL = "routes.khasan.capacity"
SWITCH = next(key for key, row in PARAMETERS.items() if row.unit == "switch")
INITIAL = next(key for key, row in PARAMETERS.items() if row.when == "initial")
EVENT = '[[events]]\nmonth = "2024-01"\n'


def act(name: str, *actors: str) -> str:
    """An event with an act, without its month."""
    return f'{EVENT}act = "{name}"\nactors = [{", ".join(map(repr, actors))}]\n'


def veto_in(month: str) -> str:
    """Russia's veto in this month, as it is written."""
    return f'[[events]]\nmonth = {month}\nact = "veto"\nactors = ["RUS"]'


# --- one mistake: the text of a file after its two lines of title and question, and what is said of it

MISTAKES = {
    "unknown key": ("wrlds = 3", r":3: wrlds: unknown key \(did you mean worlds\?\)"),
    "misspelled parameter": ("war.intensty = 1", r':3: war.intensty: war has no "intensty".*war\.intensity\?'),
    "deep unknown": ("[a.b.c.d.e.f.g.h.i]\nx = 1", r": unknown key"),
    "unknown country": ("[XRK.food]\ntarget = 1", r':3: XRK.food.target: unknown country "XRK".*PRK\.food\.target\?'),
    "UN against Russia": (
        "restrictions.UN.RUS.energy = 1",
        r'UN has no "RUS"; it has PRK \(did you mean restrictions\.UN\.PRK\.energy\?\)',
    ),
    "unknown good": ("PRK.fod.stock = 1", r'PRK has no "fod" \(did you mean PRK\.food\.\w+\?\)'),
    "unknown route": ("[routes]\nkasan.capacity = 1", rf':4: routes.kasan.capacity: unknown route "kasan".*{RAIL}\?'),
    "unknown pair": ("[pairs.PRK-RUS]\ntrust = 0.5", r'unknown pair of countries "PRK-RUS".*pairs\.RUS-PRK\.trust\?'),
    "unknown act in key": ("acts.sumit.base = 1", r'"sumit" \(did you mean acts\.summit\.base\?\)'),
    "group": ("routes.khasan = 3", r"is a group of parameters; set one of them: capacity"),
    "text": (f'{RAIL} = "many"', r"must be a number in kt/month, found .many."),
    "quoted number": (f'{RAIL} = "20"', r"must be written without quotes, or with its unit kt/month"),
    "unit": (f'{RAIL} = "20 t/month"', r'must be in kt/month, found the unit "t/month"'),
    "truth for number": (f"{RAIL} = true", r"must be a number in kt/month, found true"),
    "array for number": (f"{RAIL} = [1]", r"must be a number in kt/month, found an array"),
    "date for number": (f"{RAIL} = 2023-09-01", r"must be a number in kt/month, found 2023-09-01"),
    "not a number": (f"{RAIL} = nan", r"must be a finite number, found nan"),
    "infinite": (f"{RAIL} = -inf", r"must be a finite number, found -inf"),
    "huge": (f"{RAIL} = {'9' * 400}", r"must be a finite number, found a number of more than 30 digits"),
    "out of bounds": (f"{RAIL} = -1", r"must lie in 0 \.\. \d+ kt/month, found -1"),
    "number for switch": (f"{SWITCH} = 2", r"is a switch: must be true or false, found 2"),
    "range for switch": (f"{SWITCH} = {{value = true, low = 0, high = 1}}", r"is a switch and can have no range"),
    "low above high": (f"{RAIL} = {{value = 5, low = 9, high = 3}}", r"low must be less than high, found low 9"),
    "outside range": (f"{RAIL} = {{value = 1, low = 2, high = 3}}", r"must lie in low \.\. high, 2 \.\. 3, found 1"),
    "half a range": (f"{RAIL} = {{value = 5, low = 3}}", r"low and high go together"),
    "distribution": (f'{RAIL} = {{value = 5, distribution = "unifrom"}}', r"must be one of.*did you mean uniform\?"),
    "loguniform from 0": (f'{RAIL} = {{value = 5, low = 0, high = 9, distribution = "loguniform"}}', r"start above 0"),
    "fixed range": (f'{RAIL} = {{low = 0, high = 9, distribution = "fixed"}}', r"a fixed value has no low and high"),
    "unknown part": (f"{RAIL} = {{vlaue = 5}}", r'has no part "vlaue".*did you mean value\?'),
    "set twice": (f'"{RAIL}" = 5\n{RAIL} = 6', r":4: routes.khasan.capacity: is set twice, also on line 3"),
    "key twice": ("months = 5\nmonths = 6", r':4: is not valid TOML: .*"months" is set twice'),
    "table twice": ("[PRK]\n[PRK]", r':4: is not valid TOML: "PRK" is set twice; put all keys of a table under one'),
    "invalid TOML": ("months = \nx = 3", r":3: is not valid TOML: "),
    "text without quotes": ("start = September", r":3: is not valid TOML: .*text needs quotes"),
    "open text": ('look_for = """\nxyz\n', r":\d: is not valid TOML: "),
    "months 0": ("months = 0", r":3: months: must be greater than or equal to 1, found 0"),
    "months 361": ("months = 361", r"must be less than or equal to 360, found 361"),
    "worlds -1": ("worlds = -1", r":3: worlds: must be greater than or equal to 1, found -1"),
    "worlds 1.5": ("worlds = 1.5", r":3: worlds: must be a whole number, found 1.5"),
    "worlds true": ("worlds = true", r"must be a whole number, found true"),
    "seed": (f"seed = {2**63}", r":3: seed: must be less than or equal to 9223372036854775807"),
    "start": ('start = "2023-13"', r':3: start: must be a month such as "2023-09", found "2023-13"'),
    "extends nothing": ('extends = "nowhere.toml"', r':3: extends: "nowhere.toml": there is no such file'),
    "extends misspelled": ('extends = "artcle"', r':3: extends: "artcle": no shipped scenario.*did you mean article\?'),
    "extends itself": ('extends = "mine.toml"', r"leads back to a file that extends it: mine.toml -> mine.toml"),
    "extends a number": ("extends = 3", r":3: extends: must be the name or path of a scenario, found 3"),
    "extends a folder": ('extends = "./"', r"is a folder, not a scenario file"),
    "events no array": ("events = 3", r":3: events: must be written \[\[events\]\]"),
    "event no table": ("events = [3]", r":3: events: each event must be a table, found 3"),
    "event early": (veto_in('"2023-08"'), r":4: events.month: must lie in 2023-09"),
    "event late": ("months = 4\n" + veto_in('"2024-01"'), r":5: events.month: .* 2023-09 \.\. 2023-12, .*2024-01"),
    "event month": (veto_in("3"), r":4: events.month: must be text in quotes"),
    "event date": (
        veto_in("2024-03-01"),
        r':4: events.month: must be a month in quotes such as "2023-09", found 2024-03-01',
    ),
    "start date": ("start = 2024-03-01", r":3: start: must be a month in quotes"),
    "extends itself by name": ('extends = "mine"', r':3: extends: "mine": no shipped scenario[^?]*$'),
    "event initial": (f'{EVENT}key = "{INITIAL}"\nvalue = 1', r":5: events.key: .* is used at the start only"),
    "event key": (f'{EVENT}key = "war.intensty"\nvalue = 1', r":5: events.key: .*did you mean war\.intensity\?"),
    "event both": (f'{EVENT}key = "{RAIL}"\nvalue = 1\nfactor = 2', r":3: events: .* has either value or factor"),
    "event neither": (f'{EVENT}key = "{RAIL}"', r":3: events: .* has either value or factor"),
    "event kinds": (f'{EVENT}key = "{RAIL}"\nact = "veto"\nactors = ["RUS"]', r":3: events: .*one of key .*act"),
    "event no kind": (EVENT, r":3: events: an event has one of key .*act"),
    "event value": (f'{EVENT}key = "{RAIL}"\nvalue = "2 t"', r":6: events.value: must be in kt/month"),
    "event factor": (f'{EVENT}key = "{RAIL}"\nfactor = -1', r":6: events.factor: must be a finite number from 0 on"),
    "event factor nan": (f'{EVENT}key = "{RAIL}"\nfactor = nan', r":6: events.factor: must be a finite number"),
    "event factor far": (f'{EVENT}key = "{RAIL}"\nfactor = 1e9', r":6: events.factor: .*must lie in"),
    "event factor switch": (f'{EVENT}key = "routes.rajin.open"\nfactor = 1', r"a switch has no factor"),
    "event duration": (f'{EVENT}key = "{RAIL}"\nvalue = 1\nduration = 0', r":7: events.duration: must be greater"),
    "event extra": (f'{EVENT}key = "{RAIL}"\nvalue = 1\nduratio = 2', r":7: events.duratio: .*did you mean duration\?"),
    "unknown act": (act("sumit", "RUS", "PRK"), r':5: events.act: unknown act "sumit".*did you mean summit\?'),
    "unknown actor": (act("visit", "RUS", "PKR"), r':6: events.actors: unknown country "PKR".*did you mean PRK\?'),
    "actor without brackets": (
        f'{EVENT}act = "veto"\nactors = "RUS"',
        r':6: events.actors: must be a list in brackets such as \["RUS"\], found "RUS"',
    ),
    "binary": ("x = 1\0", r"mine.toml: is a binary file"),
    "control characters": ('look_for = "\\u001b[31m"', r":3: look_for: control characters are not allowed"),
}


@pytest.mark.parametrize(("text", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told(refused: Refused, text: str, told: str) -> None:
    Path("mine.toml").write_text(HEAD + text)
    err = refused("validate", "mine.toml")
    assert re.search(told, err), err
    assert all(line.startswith("mine.toml:") for line in err.splitlines())
    refused("run", "mine.toml")


GOOD_ACTORS: dict[str, list[tuple[str, ...]]] = {
    **{name: [("RUS", "PRK"), ("JPN", "KOR")] for name in ("visit", "summit", "treaty", "exercise")},
    "trilateral_exercise": [("RUS", "PRK", "CHN"), ("JPN", "USA", "KOR")],
    "missile_test": [("PRK",)],
    "designation": [("USA",), ("KOR",), ("JPN",)],
    "monitoring": [("USA",), ("KOR",), ("JPN",)],
    "veto": [("RUS",), ("CHN",)],
    "red_line": [("KOR",)],
    "lethal_aid": [("KOR",)],
    "aid": [("CHN", "PRK"), ("CHN",)],
    "oil_beyond_cap": [("RUS",)],
}
BAD_ACTORS: list[tuple[str, ...]] = [(), ("RUS", "RUS"), ("RUS", "PRK", "USA"), ("RUS", "PRK", "CHN", "USA")]


@pytest.mark.parametrize("name", ACTS)
def test_every_act_has_its_actors(command: Command, refused: Refused, name: str) -> None:
    for actors in GOOD_ACTORS[name]:
        Path("mine.toml").write_text(HEAD + act(name, *actors))
        assert command("validate", "mine.toml").code == 0
    for actors in BAD_ACTORS:
        Path("mine.toml").write_text(HEAD + act(name, *actors))
        assert re.search(f"mine.toml:6: events.actors: {name} is an act of", refused("validate", "mine.toml"))


def test_all_problems_of_all_files_are_told_at_once(refused: Refused) -> None:
    Path("base.toml").write_text("title = 3\nwar.intensity = nan\n")
    Path("mine.toml").write_text(f'{HEAD}extends = "base.toml"\nwrlds = 3\n{EVENT}act = "veto"\nactors = ["KOR"]\n')
    Path("other.toml").write_text("")
    told = refused("validate", "mine.toml", "other.toml", "ceasfire").splitlines()
    assert [line.split(" ")[0] for line in told] == [
        *("base.toml:1:", "base.toml:1:", "base.toml:2:"),
        *("mine.toml:4:", "mine.toml:8:", "other.toml:1:", "other.toml:1:", "ceasfire:"),
    ]


def test_a_circle_of_files_is_told(refused: Refused) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        Path(f"{name}.toml").write_text(f'{HEAD}extends = "{base}.toml"')
    circle = "a.toml -> b.toml -> c.toml -> a.toml"
    assert f"c.toml:3: extends: leads back to a file that extends it: {circle}" in refused("run", "a.toml")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.write_bytes(b""), "title: is missing"),
        (lambda path: path.write_bytes(bytes(range(1, 256))), "is not UTF-8"),
        (lambda path: path.write_bytes(HEAD.encode("utf-16")), "is not UTF-8 but UTF-16 text; save it as UTF-8"),
        (lambda path: path.write_bytes('title = "\u00e9"'.encode("latin-1")), "mine.toml:1: is not UTF-8 text"),
        (lambda path: path.write_bytes(b"#" * 1_000_001), "is larger than 1,000,000 bytes"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.symlink_to(path), "cannot be opened"),
        (lambda path: os.mkfifo(path), "is not an ordinary file"),
        (lambda path: None, "there is no such file"),
    ],
    ids=["empty", "binary", "utf-16", "latin-1", "huge", "folder", "loop", "pipe", "missing"],
)
def test_what_is_no_scenario_file_is_told(refused: Refused, make: Callable[[Path], object], told: str) -> None:
    make(Path("mine.toml"))
    assert re.search(told, refused("run", "mine.toml"))


# --- the command line


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", ""], "no shipped scenario"),
        (["run", "article", "--worlds", "0"], "--worlds: must be greater than or equal to 1, found 0"),
        (["run", "article", "--worlds", "many"], "--worlds.*must be a whole number or auto, found 'many'"),
        (
            ["run", "article", "--set", "ROK.food.target=1"],
            r'unknown country "ROK" \(did you mean KOR\.food\.target\?\)',
        ),
        (["run", "article", "--set", "pairs.US-ROK.trust=1"], r"did you mean pairs\.USA-KOR\.trust\?"),
        (["run", "article", "--set", "war.intensity=5000"], r"must lie in 0 \.\. [\d.]+, found 5000"),
        (["run", "article", "--out", "/"], "name a folder in it"),
        (["run", "article", "--out", "."], "is the folder you are in"),
        (["run", "article", "--out", "a\\b"], "NetCDF cannot write to a path with a backslash"),
        (["history", "article", "--worlds", "7"], "--worlds: must be at least 8, found 7"),
        (["replay", "."], "empty folder"),
        (["run", "article", "--months", "999"], "--months: .*found 999"),
        (["run", "article", "--seed", "-1"], "--seed: .*found -1"),
        (["run", "article", "--set", "war.intensty=1"], r"--set: war.intensty: .*did you mean war\.intensity\?"),
        (["run", "article", "--set", "war.intensity"], "--set: must be key=value"),
        (["run", "article", "--set", "war.intensity="], "--set: war.intensity: the value is empty"),
        (["run", "article", "--set", "war.intensity=high"], "--set: war.intensity: must be a number"),
        (["run", "article", "--set", f"{RAIL}=1", "--set", f"{RAIL}=2"], f"--set: {RAIL}: is set twice"),
        (["run", "article", "--set", "worlds=3"], r"--set: worlds: .*did you mean --worlds\?"),
        (["run", "article", "article"], "two scenarios of this name"),
        (["run"], "Missing argument"),
        (["sensitivity", "--samples", "abc", "--top", "x"], r"'SCENARIO'\.\n.*'x'\n.*'abc'"),
        (["frobnicate"], "No such command"),
        (["params", "khasn"], r"no parameter has this in its name"),
        (["params", "Russia", "harvest"], "nor all its words in name and meaning"),
        (["params", "war.intensty"], r"did you mean war\.intensity\?"),
        (["show", "artcle", "zzz"], r"did you mean article\?(.|\n)*zzz: no parameter"),
        (["validate", "nowhere.toml"], "there is no such file"),
        (["replay", "nowhere"], "nowhere: no such folder"),
        (["new", "../x"], "letters, digits"),
        (["new", "x y"], "letters, digits"),
        (["new", "article.toml"], r"article\.toml: leave out \.toml"),
        (["new", "article"], "is the name of a shipped scenario"),
        (["new", "mine", "--from", "artcle"], r"did you mean article\?"),
        (["new", "mine", "--dir", "nowhere"], "no such folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_command_is_told(refused: Refused, words: Sequence[str], told: str) -> None:
    assert re.search(told, refused(*words))


def test_several_mistakes_of_a_command_are_told_at_once(refused: Refused) -> None:
    err = refused("run", "artcle", "article", "--worlds", "0", "--set", "a=1", "--seed", "-1")
    assert [line.split(":")[0] for line in err.splitlines()] == ["artcle", "--worlds", "--seed", "--set"]


def test_the_output_folder_is_looked_at_before_the_run(refused: Refused) -> None:
    Path("file").write_text("mine")
    Path("folder").mkdir()
    Path("folder/thesis.txt").write_text("mine")
    assert "is a file" in refused("run", "article", "--out", "file")
    assert "file is a file" in refused("run", "article", "--out", "file/inside")
    assert "thesis.txt" in refused("run", "article", "--out", "folder")
    Path("folder/manifest.json").write_text("{}")
    assert "no run wrote" in refused("run", "article", "--out", "folder")
    assert Path("folder/thesis.txt").read_text() == "mine"


def test_more_worlds_than_fit_into_memory_are_refused(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    # with everything kept; a summary of any number of worlds fits
    monkeypatch.setattr("sim.commands.preflight.memory_bytes", lambda: 1_000_000_000)
    assert re.search("need .* GB of memory", refused("run", "article", "--worlds", "2000", "--months", "360"))


def test_a_full_disk_is_told(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=0))
    assert "only 0 MB are free" in refused("run", "article")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=50_000_000))
    assert "about 320 MB are needed" in refused("run", "article", "--worlds", "2000", "--months", "36")


def test_a_replay_knows_a_folder_that_was_touched(command: Command, refused: Refused) -> None:
    run = ("run", "article", "--months", "1", "--no-figures", "--out", "mine", "--worlds")
    assert command(*run, "2").err == ""
    assert command(*run, "3").err == "mine: an older run of article with other settings will be replaced\n"
    assert command("replay", "mine").out == "mine: the data are the same\n"
    lost = "mine: holds a run of article, which would be lost; choose another with --out\n"
    assert command("slides", "mine", "--out", "mine").err == lost, "a study never replaces the run that it reads"
    assert command("lessons", "3", "--out", "mine").err == lost, "nor do lessons"
    assert command("history", "articl", "--out", "mine").err.endswith(f"\n{lost}"), "told with other mistakes"
    assert lost not in command("run", "articl", "--out", "mine").err
    Path("mine/summary.md").write_text("mine")
    Path("mine/events.csv").unlink()
    said = command("replay", "mine")
    assert said.code == 1
    assert "events.csv is missing" in said.out
    assert "summary.md was changed" in said.out
    assert "summary.md changed since" in refused(*run, "3")
    stored = xr.load_dataset("mine/results.nc")
    for name, value, told, code in (
        ("seed", 5, "attribute seed is 5", 1),
        ("scenario_hash", "x", "attribute scenario_hash", 1),
        ("versions", "{", "attribute versions is damaged", 2),
        ("scenario", "[]", "attribute scenario is damaged", 2),
    ):
        stored.assign_attrs({name: value}).to_netcdf("changed.nc", engine="netcdf4")
        said = command("replay", "changed.nc")
        assert said.code == code
        assert told in said.out + said.err
    stored.isel(world=slice(2)).to_netcdf("changed.nc", engine="netcdf4")
    assert "2 worlds are stored, the stored scenario has 3" in command("replay", "changed.nc").out


# --- commands that only read


def test_list_names_every_shipped_scenario(command: Command) -> None:
    said = well(command("list"))
    assert all(f"{name}: {load(name).title}" in said.out for name in shipped())


def test_list_names_every_outcome_with_its_unit_and_a_scenario_is_not_taken_for_one(
    command: Command, refused: Refused
) -> None:
    lines = [line.split() for line in well(command("list", "outcomes")).out.splitlines()]
    assert set(PLAIN) <= {words[0] for words in lines if words}
    assert ["technology", "points"] in [words[:2] for words in lines]
    assert 'must be scenarios or outcomes, found "article"; sim show NAME' in refused("list", "article")


def test_show_gives_every_value_and_its_place(command: Command) -> None:
    Path("my_scenario_with_a_long_name_that_must_not_be_cut.toml").write_text(
        f'{HEAD}extends = "article"\n{RAIL} = 21\nmonths = 9'
    )
    said = well(command("show", "my_scenario_with_a_long_name_that_must_not_be_cut.toml"))
    lines = [line.split() for line in said.out.splitlines()]
    shown = {line[0]: line for line in lines if line}
    assert set(PARAMETERS) <= set(shown)
    assert shown[RAIL] == [RAIL, "21", "kt/month", "fixed", "my_scenario_with_a_long_name_that_must_not_be_cut.toml:4"]
    assert shown["months"][-1].endswith("_cut.toml:5")
    assert shown["war.intensity"][-1] == f"parameters.csv:{PARAMETERS['war.intensity'].line}"
    only = command("show", "article", "--changed", "--set", "war.intensity=0.25").out
    assert re.search(r"^war\.intensity +0\.25 +1 +fixed +--set$", only, re.MULTILINE)
    assert "PRK.food.target" not in only
    assert "routes.khasan.lead" not in command("show", "article", "PRK.food").out


def test_params_explains_parameters(command: Command) -> None:
    row = PARAMETERS[RAIL]
    one = command("params", RAIL).out
    assert all(text in one for text in (row.meaning, row.unit, row.source, *row.claims))
    group = command("params", "routes.khasan").out
    assert "routes.khasan.open" in group
    assert "routes.rajin" not in group
    assert "routes.rajin.capacity" in command("params", "CAPACITY").out
    claim = command("params", "C4").out
    held = {key for key, row in PARAMETERS.items() if "C4" in row.claims}
    assert {key for key in PARAMETERS if f"{key} = " in claim} == held
    assert 0 < len(held) < len(PARAMETERS)
    everything = command("params", "--all").out
    assert all(f"{key} = " in everything for key in PARAMETERS)


def test_params_finds_everyday_words_in_two_languages(command: Command) -> None:
    english, french = (command("params", *words.split()).out for words in ("the railway", "le chemin de fer"))
    assert english == french
    assert english.splitlines()[1].startswith("routes.khasan.capacity")
    assert "PRK.food.harvest " in command("params", "récolte", "en Corée du Nord").out
    assert len(command("params").out.splitlines()) == 2 + 1 + 10 + 2


def test_new_writes_a_starter_that_is_valid_and_never_overwrites(command: Command, refused: Refused) -> None:
    well(command("new", "mine", "--from", "sea_route"))
    assert command("validate", "mine.toml").code == 0
    assert load("mine.toml").settings == load("sea_route").settings
    before = Path("mine.toml").read_bytes()
    assert "exists already" in refused("new", "mine")
    assert Path("mine.toml").read_bytes() == before
    Path("below").mkdir()
    assert command("new", "child", "--from", "mine.toml", "--dir", "below").code == 0
    assert load("below/child.toml").files[-2:] == ("mine.toml", "child.toml")


def test_every_line_of_a_starter_may_be_used(command: Command) -> None:
    command("new", "mine", "--from", "sea_route")
    text = Path("mine.toml").read_text()
    used = re.sub(r"^# (?=[\w.]+ = |\[\[)", "", text, flags=re.MULTILINE)
    Path("mine.toml").write_text(used)
    well(command("validate", "mine.toml"))
    assert len(load("mine.toml").events) == len(load("sea_route").events) + 2


def test_help_says_of_every_option_what_it_takes() -> None:
    """NAME, SHARE, YYYY-MM; without a word of ours it would be a type of Python."""
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        for option in command.params:
            valued = option.param_type_name == "option" and not option.is_flag
            assert option.metavar or not valued, (name, option.opts)


# --- as a process of its own


def test_help_comes_at_once_and_a_mistake_has_no_traceback(tmp_path: Path) -> None:
    told = python(tmp_path, "-X", "importtime", "-m", "sim", "--help")
    assert "validate" in told.out
    assert not re.search(r"\| +(xarray|matplotlib|mesa|pandas|scipy)$", told.err, re.MULTILINE)
    said = python(tmp_path, "-m", "sim", "run", "bse_case")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("bse_case: no shipped scenario has this name")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "times", "number", "words"),
    [
        (WORKING, 5, signal.SIGINT, "run article --worlds 300 --months 3"),
        (WORKING, 5, signal.SIGTERM, "run article --worlds 8 --months 1"),
        (DRAWING, 2, signal.SIGINT, "run article --worlds 8 --months 1 --figures network,scoreboard"),
        (WORKING, 9, signal.SIGINT, "policy article --levers russia --minimise technology --worlds 24 --months 8"),
    ],
    ids=["working", "asked to end", "drawing", "policy"],
)
def test_ctrl_c_leaves_nothing_behind(
    tmp_path: Path, place: str, times: int, number: signal.Signals, words: str
) -> None:
    said = signalled(tmp_path, place, times, number, *words.split(), "--out", "mine")
    told = said.err.removeprefix(f"{MADE_ASIDE}\n")  # where no test has made the machine code yet
    assert (said.code, said.out, told) == (128 + number, "", "interrupted: nothing was written\n")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({}, "rien n’a été écrit"),
        ({"": None}, "rien d’autre n’a été écrit"),
        ({"a": None}, "a est complet, rien d’autre n’a été écrit"),
        ({"a": None, "b": None}, "a, b sont complets, rien d’autre n’a été écrit"),
    ],
)
def test_an_interrupt_is_told_in_the_language_asked_for(
    written: dict[str, None], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command has ended by then, and no longer speaks its language."""
    monkeypatch.setattr("sim.signals._left", written)
    monkeypatch.setattr(options, "_asked", ["en"])
    options.language_of("fr")
    with pytest.raises(SystemExit):
        cli._say_interrupted()
    assert capsys.readouterr().err == f"interrompu\u00a0: {told}\n"


def test_a_closed_output_is_told(tmp_path: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m sim show article >&-"
    said = subprocess.run(["sh", "-c", command], env=HERE, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "standard output is closed: nothing is printed\n")


def test_every_command_has_examples_that_it_takes() -> None:
    """Each example stands at the end of the command's help, and its options are known."""
    group = typer.main.get_command(app)
    names = list(group.commands)
    assert sorted(EXAMPLES) == sorted(names)
    for name in names:
        command = group.commands[name]
        shown = CliRunner().invoke(app, [name, "--help"]).stdout
        for example in EXAMPLES[name]:
            assert f"  {example}\n" in shown, name
            program, called, *arguments = shlex.split(example)
            assert (program, called) == ("sim", name)
            command.make_context(name, arguments)


def test_a_reader_may_leave(tmp_path: Path) -> None:
    """Once the reader of a pipe has left, nothing is said of it, and the command ends well."""
    read, write = os.pipe()
    os.close(read)
    said = subprocess.run(
        [sys.executable, "-m", "sim", "params", "--all"], stdout=write, stderr=subprocess.PIPE, cwd=tmp_path, text=True
    )
    os.close(write)
    assert (said.returncode, said.stderr) == (0, "")


def test_what_is_there_instead_of_a_run_is_told(tmp_path: Path) -> None:
    for folder, file in (("article", "results.nc"), ("sweep_x", "sweep.nc"), ("odd", "notes.txt")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).touch()
    (tmp_path / "empty").mkdir()
    for path, rule in (
        ("articel", "no such folder (did you mean"),
        ("empty", "is an empty folder"),
        ("odd", "holds neither results.nc nor results/"),
        ("sweep_x", "is the folder of a study (sweep.nc)"),
        ("odd/notes.txt", "is a file"),
        (".", "holds folders of runs, name one: "),
    ):
        assert rule in lacking(tmp_path / path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes that are files")
@pytest.mark.parametrize("name", ["results.nc", "sweep.nc"])
def test_data_that_are_no_file_are_told_as_what_they_are(tmp_path: Path, name: str) -> None:
    data = tmp_path / name
    for make, rule in (
        (lambda: data.symlink_to(os.devnull), "is no regular file"),
        (lambda: data.symlink_to("gone"), "cannot be read: no such file"),
        (lambda: os.mkfifo(data), "is no regular file"),
        (data.mkdir, "is a folder, not a file"),
    ):
        make()
        with pytest.raises(ResultsError, match=f"{name}: {rule}"):
            open_any(tmp_path)
        data.rmdir() if rule.startswith("is a folder") else data.unlink()


def test_a_command_with_several_mistakes_tells_all(refused: Refused) -> None:
    told = refused("slides", "nowhere", "--pictures", "shels", "--for", "screen")
    for part in ("--for: must be room or print", "did you mean shells?", "nowhere: no such folder"):
        assert part in told


def test_a_blank_is_no_folder(refused: Refused) -> None:
    assert "no shipped scenario has this name" in refused("explain", "", "--ask", "shells")

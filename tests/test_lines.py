"""A refusal names the line of the mistake, whatever stands around it: each case is one mistake at a marked line."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sim.analysis.record.file import read_observed
from sim.scenario.load import load
from sim.scenario.policies import read_study
from sim.scenario.problems import ScenarioError

MARK = "<here>"
EVENT = '[[events]]\nmonth = "2024-01"\n'
CHANGE = EVENT + 'name = "n"\nkey = "war.intensity"\n'
TOPS = {
    "quoted key": '<here>"\\u006donths" = 0',
    "dotted key": '<here>routes . "khasan"\t.\tcapacity = -5',
    "inline tables": "<here>routes = { khasan = { capacity = -1 }, rajin = { capacity = 3 } }",
    "entry of a list": 'shut_before = [ # ] "\n  "khasan",\n<here>  "nix" ]',
    "text of many lines": '<here>look_for = """\n[x] # \\u0007"""',
    "name to drop": 'drop_events = [\n\n<here>"nix"]',
    "lane": 'lane = ["PRK",\n<here>"RUX", # }\n"ammunition"]',
    "good of a lane": 'lane = ["PRK", "RUS",\n<here>"amunition"]',
    "choice": 'structure.exchange = [\n"transaction",\n<here>"alianc"]',
    "choice twice": 'structure.exchange = ["transaction",\n<here>"transaction"]',
    "events in a list": 'events = [ # ]\n{month = "2024-01", key = "war.intensity", value = 0.5, why = "]"},\n'
    '<here>{month = "2024-01", key = "war.intensty", value = 0.5} ]',
    "set twice": 'look_for = "a"\n<here>look_for = """\nb\n"""',
    "list set twice": 'shut_before = []\n<here>shut_before = [\n"khasan",\n]',
    "open list": '<here>shut_before = ["khasan",',
    "no comma": 'shut_before = [\n"khasan"\n<here>"rajin"\n]',
    "escape": 'look_for = """\n[x]\n<here>a \\q"""',
}
TABLES = {
    "unknown table": "<here>[routes.kasan]\ncapacity = 1\nlead = 1",
    "part of a range": '[sanctions.pressure]\nlow = 0.2\n<here>high = "x"',
    "dotted part": "[sanctions]\npressure.low = 0.2\n<here>pressure.high = 7",
    "unknown part": "[sanctions.pressure]\nlow = 0.2\nhigh = 0.8\n<here>hihg = 3",
    "distribution": '[sanctions.pressure]\nlow = 0.2\nhigh = 0.8\n<here>distribution = "gauss"',
    "table opened later": "[routes.khasan]\ncapacity = 5\n[routes]\n<here>rajin.capacity = -5",
    "table twice": "[routes.khasan]\ncapacity = 1\n<here>[routes.khasan]",
    "range of an event": CHANGE + "[events.value]\nlow = 0.1\n<here>high = 7e9",
    "uncertain month": CHANGE.replace('month = "2024-01"\n', "")
    + 'value = 0.5\n[events.month]\nlow = "2024-01"\n<here>high = "2199-01"',
    "season": CHANGE + "value = 0.5\nseason = [\n12, # ]\n<here>13\n]",
    "actors": EVENT + 'act = "summit"\nactors = [\n"RUS",\n# "x" ]\n<here>"PRX",\n]',
    "actor of another type": EVENT + 'act = "summit"\nactors = ["RUS",\n<here>3]',
    "by": EVENT + 'refused = "summit"\nby = [\n"RUS",\n<here>"XXX"]',
    "no kind of event": '<here>[[events]]\nmonth = "2024-01"\nvalue = 0.5',
    "after a text of tables": CHANGE
    + 'value = 0.5\nwhy = """\n[[events]]\n"""\n'
    + EVENT
    + "<here>key = 3\nvalue = 0.4",
}
LEVERS = {
    "not options": "[USA.y.a]\n[USA.y]\n<here>b = 3",
    "name": '[USA.y.a]\n<here>[USA.y."b c"]\nsanctions.secondary = 0.5',
    "acts of others": '[USA.y.a]\n[[USA.y.b.events]]\nmonth = "2024-01"\nact = "summit"\n'
    'actors = ["USA",\n<here>"PRK"]',
    "decision of all": '[USA.y.a]\n[[USA.y.b.events]]\n<here>refused = "summit"',
    "the same": "[USA.y.a]\n<here>[USA.y.b]",
    "part of a range": "[USA.y.a]\n[USA.y.b.sanctions.pressure]\nlow = 0.1\n<here>high = 9",
    "policy": "[USA.y.a]\n[USA.y.b]\nsanctions.secondary = 0.5\n[[policies]]\n[[policies]]\n<here>USA.y = 3",
    "lever of a policy": "[USA.y.a]\n[USA.y.b]\nsanctions.secondary = 0.5\n[[policies]]\nUSA.y = 'b'\n[[policies]]\n"
    "name = 'p'\n<here>USA.z = 'b'",
}
BEFORE_TABLES = ['[pairs.RUS-CHN] # ["\nleast_in_goods = 0.5', "[restrictions.JPN]\nRUS = { energy = -1 }"]
BEFORE = ["# [routes.khasan]", "\t", '# """ }{', "worlds = 8", "outcome = '''\n[x]\n'''"]


def written(case: str, text: str, folder: Path, more: str = "") -> tuple[Path, int]:
    """Write a file with other things around the mistake, seeded by its text; return it and the line of the mistake."""
    rng = random.Random(text)
    tops = rng.sample(BEFORE, rng.randint(0, len(BEFORE)))
    tables = rng.sample(BEFORE_TABLES, rng.randint(0, 2)) if case == "table" else []
    lines = "\n".join(['title = "T"', 'question = "Q"', more, *tops, *tables, text, ""]).split("\n")
    line = next(number for number, one in enumerate(lines, 1) if MARK in one)
    path = folder / "mine.toml"
    ends, mark = rng.choice(["\n", "\r\n"]), rng.choice([b"", b"\xef\xbb\xbf"])
    path.write_bytes(mark + ends.join(lines).replace(MARK, "").encode())
    return path, line


@pytest.mark.parametrize("case", [*(("top", name) for name in TOPS), *(("table", name) for name in TABLES)])
def test_a_scenario_and_one_that_extends_it_name_the_line(case: tuple[str, str], tmp_path: Path) -> None:
    where, name = case
    path, line = written(where, (TOPS if where == "top" else TABLES)[name], tmp_path, 'extends = "article"')
    child = tmp_path / "child.toml"
    child.write_text('title = "C"\nquestion = "Q"\nextends = "mine.toml"\n')
    for file in (path, child):
        with pytest.raises(ScenarioError) as error:
            load(file)
        assert {(Path(one.file).name, one.line) for one in error.value.problems} == {("mine.toml", line)}, error.value


@pytest.mark.parametrize("name", LEVERS)
def test_a_file_of_levers_names_the_line(name: str, tmp_path: Path) -> None:
    rng = random.Random(name)
    lines = ['title = "T"', 'question = "Q"', *rng.sample(BEFORE[:3], 2), *LEVERS[name].split("\n")]
    path = tmp_path / "levers.toml"
    path.write_text("\n".join(lines).replace(MARK, ""))
    with pytest.raises(ScenarioError) as error:
        read_study(str(path), load("article"))
    line = next(number for number, one in enumerate(lines, 1) if MARK in one)
    assert {one.line for one in error.value.problems} == {line}, error.value


def test_a_file_of_observations_and_one_that_is_no_text_name_the_line(tmp_path: Path) -> None:
    head = b"series,date,low,central,high,unit,source\n"
    good = b'shells,2024-01-01,1,2,3,krounds,"a\n# b\nc"\n'
    path = tmp_path / "mine.csv"
    for raw in (
        b"# x\r\n\n" + head + good,
        b"\xef\xbb\xbf" + head + good + b"\n\n",
        head + b"x,,,,,,\n",
    ):
        path.write_bytes(raw + b"shells,2024-13-01,1,2,3,krounds,x\n")
        with pytest.raises(ScenarioError) as error:
            read_observed(path)
        assert max(one.line for one in error.value.problems) == raw.count(b"\n") + 1
    for file in (path, tmp_path / "mine.toml"):
        file.write_bytes(b"\xef\xbb\xbf\n\xff\n")
        with pytest.raises(ScenarioError) as error:
            read_observed(file) if file == path else load(file)
        assert [one.line for one in error.value.problems] == [2]

"""One thing changed: what stands behind the name of a scenario, and what the changed scenario is called."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Command
from drawings import text_problems
from synthetic import dataset

import sim
from sim.present.figures import draw
from sim.scenario import Scenario, ScenarioError
from sim.scenario.changes import LONGEST_NAME, changed_name, in_words, split
from sim.scenario.library import SAFE_NAME

RAIL = "routes.khasan.capacity"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("operand", "base", "parts"),
    [
        ("article", "article", []),
        (f"article+{RAIL}=15", "article", [f"{RAIL}=15"]),
        ("article + war.intensity = 0 + mine.toml", "article", ["war.intensity = 0", "mine.toml"]),
        ("article+a=1e+3+b=+4+c=-.5", "article", ["a=1e+3", "b=+4", "c=-.5"]),
        ("x.toml+a={low=1, high=+2}+b=['p+q=1', 'r']", "x.toml", ["a={low=1, high=+2}", "b=['p+q=1', 'r']"]),
        ("article+2nd.toml+./3rd.toml", "article", ["2nd.toml", "./3rd.toml"]),
        ("article+", "article", [""]),
    ],
)
def test_a_plus_sign_separates_changes_and_not_numbers(operand: str, base: str, parts: list[str]) -> None:
    assert split(operand) == (base, parts)


def test_a_path_with_a_plus_sign_is_a_path(here: Path) -> None:
    (here / "a+b.toml").write_text('title = "T"', encoding="utf-8")
    assert split("./a+b.toml") == ("./a+b.toml", [])


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        (f"{RAIL}=15", {RAIL: 15}),
        (f"{RAIL}=20 kt/month", {RAIL: 20}),
        ("acts.red_line.base=-3", {"acts.red_line.base": -3}),
        ("routes.rajin.open=true", {"routes.rajin.open": True}),
        (f"{RAIL}={{low=5, high=5e+1}}", {RAIL: {"low": 5, "high": 50}}),
        ('structure.exchange=["alliance", "patronage"]', {"structure.exchange": ["alliance", "patronage"]}),
        ("structure.exchange=alliance", {"structure.exchange": "alliance"}),
    ],
)
def test_a_change_is_a_setting(text: str, setting: dict[str, object]) -> None:
    changed, by_set = sim.load(f"article+{text}"), sim.load("article", set=setting)
    assert changed.hash == by_set.hash == sim.load("article", set=[text]).hash != sim.load("article").hash
    assert changed.changes == (text,)
    assert f"(changed: {in_words(text)})" in changed.title
    assert Scenario.from_dict(changed.to_dict()) == changed


def test_files_and_shipped_scenarios_are_laid_over_in_their_order(here: Path) -> None:
    (here / "mine.toml").write_text(
        '[routes]\nrajin.open = true\n[[events]]\nmonth = "2024-01"\nkey = "war.intensity"\nvalue = 0\n'
    )
    both = sim.load("article+mine.toml+ceasefire+routes.rajin.open=false", months=6)
    assert not both.settings["routes.rajin.open"].value
    assert [event.month for event in both.events] == [0, 4], "the ceasefire comes after the end"
    assert (both.name, both.files) == (
        "article+mine+ceasefire+routes.rajin.open=false",
        ("article.toml", "mine.toml", "ceasefire.toml"),
    )
    assert sim.load("article+ceasefire").hash == sim.load("ceasefire").hash
    assert sim.load("sea_route+ceasefire").hash not in (sim.load("ceasefire").hash, sim.load("sea_route").hash)


def test_a_finished_run_can_be_changed(here: Path) -> None:
    small = sim.load("article", worlds=2, months=1)
    (here / "outputs").mkdir()
    (here / "outputs" / "mine").mkdir()
    (here / "outputs" / "mine" / "manifest.json").write_text(
        json.dumps({"scenario": small.to_dict()}), encoding="utf-8"
    )
    again, changed = sim.load("outputs/mine"), sim.load(f"outputs/mine+{RAIL}=15")
    assert (again.name, again.hash) == ("mine", small.hash)
    assert changed.hash == sim.load(f"article+{RAIL}=15", worlds=2, months=1).hash
    assert changed.name == f"mine+{RAIL}=15"
    (here / "outputs" / "mine" / "manifest.json").write_text('{"scenario": {"name": "a sweep"}}', encoding="utf-8")
    with pytest.raises(ScenarioError, match="is the folder of a study"):
        sim.load("outputs/mine")


def test_names_are_folders_and_tell_changes_apart() -> None:
    changes = [
        f"{RAIL}=15",
        f"{RAIL}=15 kt/month",
        'a.b="x"',
        "a.b=<x>",
        "a.b=:x",
        "x.y=1.",
        "k=" + "9" * 200,
        "k=" + "9" * 201,
    ]
    names = [changed_name("article", [one]) for one in changes]
    assert names[0] == f"article+{RAIL}=15"
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert len(name) <= LONGEST_NAME
        assert re.fullmatch(r"[\w.,+=-]+[^.]", name)
        assert not SAFE_NAME.fullmatch(name), "no scenario file can have this name"


@pytest.mark.parametrize(
    ("operand", "said"),
    [
        ("article+kasan.capacity=3", rf"\+kasan\.capacity=3: unknown key \(did you mean {RAIL}\?\)"),
        (f"article+{RAIL}=", "the value is empty"),
        ("article+=3", "the key is empty"),
        ("article+", r"\+: is empty"),
        ("+war.intensity=0", "right behind a scenario, without a space"),
        ("article+ceasefir", r"no shipped scenario \(did you mean ceasefire\?\)"),
        ("article+no.toml", "no.toml: there is no such file"),
        ("article+worlds=3", "did you mean --worlds"),
        ("article+war.intensity=0+war.intensity=1", "is set twice"),
        ("artcle+war.intensity=15", r"(?s)did you mean article.*must lie in 0 \.\. 3, found 15"),
        ("article+frame.toml", r"frame.toml:1: months: only settings and events .* use --months"),
    ],
)
def test_mistakes_are_named(here: Path, operand: str, said: str) -> None:
    (here / "frame.toml").write_text("months = 3\nwar.intensity = 0\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        sim.load(operand)
    assert re.search(said, str(caught.value)), str(caught.value)


@pytest.mark.parametrize("name", ["cooperation", "logistics", "scoreboard"])
def test_a_figure_says_what_was_changed(name: str) -> None:
    data = dataset(months=3, worlds=3, name=f"article+{RAIL}=15")
    stored = json.loads(data.attrs["scenario"]) | {"changes": [f"{RAIL}=15", "routes.rajin.open=true"]}
    figure = draw(data.assign_attrs(scenario=json.dumps(stored)), name)
    texts = [text.get_text() for text in figure.texts]
    assert f"changed: {RAIL}=15; routes.rajin.open=true" in texts
    assert any(f"scenario article+{RAIL[:8]}" in text for text in texts), "in the foot, too"
    assert not text_problems(figure)


def test_a_changed_run_has_a_folder_of_its_own(here: Path, command: Callable[..., object]) -> None:
    command("run", "article", "--set", f"{RAIL}=15", "--worlds", "1", "--months", "1", "--no-figures")
    assert [path.name for path in (here / "outputs").iterdir()] == [f"article+{RAIL}=15"]
    text = (here / f"outputs/article+{RAIL}=15/summary.md").read_text(encoding="utf-8")
    assert f"(changed: {RAIL}=15)" in text.splitlines()[0]


@pytest.mark.parametrize("change", [f"{RAIL}=15", "mine.toml", "ceasefire"])
def test_what_the_author_says_is_said_of_the_unchanged_scenario(here: Path, command: Command, change: str) -> None:
    (here / "mine.toml").write_text("war.intensity = 0\n", encoding="utf-8")
    command("run", f"article+{change}", "--worlds", "1", "--months", "1", "--no-figures", "--out", "x")
    text = (here / "x/summary.md").read_text(encoding="utf-8")
    told = f"**Changed by hand:** `{change}`; the text here is that of the unchanged scenario."
    assert 0 < text.find(told) < text.find("The scenario's author on the outcome:")
    shown = command("show", f"article+{change}").out
    told = f"changed by hand: {change}; the text here is that of the unchanged scenario\n"
    assert 0 < shown.find(told) < shown.find("outcome: ")


def test_a_range_by_hand_is_written_out_in_names_and_titles() -> None:
    typed = 'routes.khasan.capacity={low = 10, high = 60, distribution = "uniform"}'
    assert in_words(typed) == "routes.khasan.capacity=10 to 60 (uniform)"
    assert changed_name("article", [typed]) == "article+routes.khasan.capacity=10to60uniform"
    assert in_words("routes.khasan.capacity=15") == "routes.khasan.capacity=15"
    assert in_words("mine.toml") == "mine.toml"


def test_what_the_page_changes_can_be_changed(here: Path) -> None:
    """Each operand of the page's commands is a scenario; files and folders of the reader's own are left out."""
    page = (Path(__file__).parents[1] / "docs/change_one_thing.md").read_text(encoding="utf-8")
    lines = "\n".join(re.findall(r"```console\n(.*?)```", page, flags=re.DOTALL)).splitlines()
    words = [word for line in lines if not line.startswith("sim figures") for word in shlex.split(line)[2:]]
    changed = [word for word in words if "+" in word and "mine" not in word]
    assert len(changed) >= 7
    for operand in changed:
        assert sim.load(operand).changes


def test_the_folder_of_a_changed_run_may_be_changed_again(tmp_path: Path) -> None:
    folder = tmp_path / "article+war.intensity=0+mine"
    folder.mkdir()
    assert split(f"{folder}+routes.khasan.capacity=15") == (str(folder), ["routes.khasan.capacity=15"])
    assert split(f"{folder}+war.usa_aid=0+x.toml") == (str(folder), ["war.usa_aid=0", "x.toml"])
    assert split(str(folder)) == (str(folder), [])

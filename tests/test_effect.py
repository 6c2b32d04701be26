"""Options that have no effect beside the others are said, and contradictions are refused."""

from pathlib import Path

import pytest
from command_line import Command

import sim
from sim.commands import effect
from sim.results import save
from sim.studies.sensitivity.command import Request, _Plan, _tell_idle

KEY = "routes.khasan.capacity"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a finished run."""
    folder = tmp_path_factory.mktemp("article")
    save(sim.run(sim.load("article", worlds=8, months=1)), folder / "results.nc")
    return str(folder)


IN_VAIN = [
    ("params routes", "--all", "--all: without effect"),
    ("figures RUN", "--language fr", "--language: without effect: the figures are listed"),
    (f"show article+{KEY}=15 routes.khasan", f"--set {KEY}=40", f"--set {KEY} without effect"),
    ("explain RUN --ask x", "--world median --world 1", "--world: is given 2 times"),
]


@pytest.mark.parametrize(("words", "option", "remark"), IN_VAIN, ids=[option for _, option, _ in IN_VAIN])
def test_options_without_effect_are_said(words: str, option: str, remark: str, run: str, command: Command) -> None:
    typed = [run if word == "RUN" else word for word in words.split()]
    assert remark not in command(*typed).err
    assert remark in command(*typed, *option.split()).err


def test_what_is_repeated_on_purpose_is_not_said(command: Command) -> None:
    said = command("show", "article", "routes.khasan", "--set", f"{KEY}=15", "--set", "war.intensity=0")
    assert (said.code, said.err) == (0, "")


@pytest.mark.parametrize("words", ["run article", "compare article sea_route", f"sweep article --vary {KEY}=1:2:2"])
def test_all_figures_and_none_contradict_each_other(words: str, command: Command, tmp_path: Path) -> None:
    said = command(*words.split(), "--figures", "all", "--no-figures")
    assert said.code == 2
    assert "--no-figures: contradicts --figures all" in said.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words", ["run articl", "run articl article", f"sweep articl --vary {KEY}=1:2:2", "policy articl", "explain articl"]
)
def test_a_folder_that_cannot_be_written_is_told_with_other_mistakes(
    words: str, command: Command, tmp_path: Path
) -> None:
    """Once, and only where it cannot: a folder that is free is not spoken of, the control."""
    (tmp_path / "taken").touch()
    wrong = [*words.split(), *(["--ask", "shells"] if words.startswith("explain") else [])]
    said = command(*wrong, "--out", "taken").err
    assert "did you mean article?" in said
    assert said.count("taken is a file" if words.count("articl") == 2 else "taken: is a file") == 1
    assert "free" not in command(*wrong, "--out", "free").err


def test_figures_that_are_none_are_told_with_a_folder_that_cannot_be_written(command: Command, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    said = command("run", "article", "--figures", "sum", "--out", "taken")
    assert said.code == 2
    assert "no figure is called 'sum'" in said.err
    assert said.err.count("taken: is a file") == 1
    assert command("run", "article", "--out", "taken").err.count("taken: is a file") == 1, "alone it is told once, too"


def test_a_finished_run_keeps_its_seed_even_against_zero(run: str, command: Command) -> None:
    said = command("explain", run, "--ask", "shells", "--seed", "0")
    assert said.code == 2
    assert "leave out --seed" in said.err


def test_a_sensitivity_without_screening_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = sim.load("article", worlds=8, months=1)
    token = effect._typed.set({"--trajectories": 1, "--top": 1, "--others": 1})
    try:
        for top, remark in (
            (2, "--trajectories, --top: without effect: nothing is screened"),
            (1, "--trajectories: with"),
        ):
            asked = Request(["technology"], [KEY], 4, 64, top, "drawn")
            _tell_idle(_Plan(scenario, [KEY], {}, asked), asked)
            assert remark in capsys.readouterr().err
        asked = Request(["technology"], [], 4, 64, 2, "drawn")
        _tell_idle(_Plan(scenario, scenario.uncertain, {}, asked), asked)
        assert capsys.readouterr().err == ""
    finally:
        effect._typed.reset(token)

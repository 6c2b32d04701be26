"""Every block of the README is taken and ends well (the two commands of its first block are run by `.ci/run`).

Its commands are called in this process; that `sim` starts as a program is tested in `test_start.py` and by `.ci/run`.
"""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import COMMANDS, ROOT, Command
from matplotlib.figure import Figure

import sim
from sim.present import page

README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_WORLDS = {"run": 16, "compare": 8, "sweep": 2, "history": 8, "explain": 16}
"""Commands that are run with fewer worlds than a block names: what it claims is that they are taken and end well."""
MONTHS = ("--months", "6")
"""Of commands that take months and are given none."""


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert set(re.findall(r"^```(\w+)", README, flags=re.MULTILINE)) == {"bash", "console", "python", "toml"}


def tours() -> list[list[str]]:
    """Console blocks, each with those before it whose folder (`--out`) it reads: what must run one after another."""
    found: list[list[str]] = []
    for block in blocks("console"):
        before = next((tour for tour in found for folder in made(tour) if folder in words(block)), None)
        if before:
            before.append(block)
        else:
            found.append([block])
    return found


def made(tour: list[str]) -> list[str]:
    """Folders that are named as output."""
    return re.findall(r"--out (\S+)", "".join(tour))


def words(block: str) -> list[str]:
    return shlex.split(block.replace("\n", " "))


def fewer(name: str, given: list[str]) -> list[str]:
    """The words of a command with fewer worlds and months, once it is certain that it takes them as they are."""
    command = COMMANDS.commands[name]  # type: ignore[attr-defined]
    command.make_context(name, list(given))
    own = list(given)
    if name in MOST_WORLDS and "--worlds" in own and own[at := own.index("--worlds") + 1].isdecimal():
        own[at] = str(min(MOST_WORLDS[name], int(own[at])))
    takes = any("--months" in option.opts for option in command.params)
    return [*own, *(MONTHS if takes and "--months" not in own else ())]


@pytest.fixture
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the figures one is drawn: that each is drawn and written is seen by the tests of each command.

    Studies probe for a moment how long they will take, and peel coarsely, as in their own tests.
    """
    drawn = page.save_drawing

    def one_drawn(draw: Callable[[], Figure], path: Path, *more: Any, vector: bool = True) -> list[Path]:
        if path.name == "logistics":
            return drawn(draw, path, *more, vector=vector)
        paths = [path.with_name(f"{path.name}.{kind}") for kind in ("png", "svg")[: 1 + vector]]
        for one in paths:
            one.touch()
        return paths

    monkeypatch.setattr(page, "save_drawing", one_drawn)
    monkeypatch.setattr("sim.commands.workflow.PROBE", (8, 1))
    monkeypatch.setattr("sim.studies.discover.prim.PEEL", 0.15)
    monkeypatch.setattr("sim.studies.discover.analysis.RESAMPLES", 1)


@pytest.mark.slow
@pytest.mark.usefixtures("briefly", "short_rest", "workbench")
@pytest.mark.parametrize("tour", tours(), ids=lambda tour: " ".join(words(tour[0])[1:3]))
def test_console_blocks_run(tour: list[str], command: Command, tmp_path: Path) -> None:
    for line in "".join(tour).splitlines():
        program, name, *given = words(line)
        assert program == "sim"
        said = command(name, *fewer(name, given))
        assert said.code == 0, f"{line}\n{said.out}\n{said.err}"
    for folder in made(tour):
        assert (tmp_path / folder / "summary.md").stat().st_size > 0
    if tour == tours()[0]:
        assert (tmp_path / "outputs" / "sea_route" / "figures" / "logistics.png").stat().st_size > 10_000


def test_every_console_block_is_run_once_and_after_what_it_reads() -> None:
    assert sorted(block for tour in tours() for block in tour) == sorted(blocks("console"))
    assert [[words(block)[1] for block in tour] for tour in tours() if len(tour) > 1] == [["run", "replay"]]


@pytest.mark.parametrize("block", blocks("python"))
def test_python_blocks_run(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block, "README.md", "exec"), {})
    assert "[" in capsys.readouterr().out


@pytest.mark.parametrize("block", blocks("toml"))
def test_toml_blocks_are_scenarios(block: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(block, encoding="utf-8")
    assert sim.load(str(file)).events

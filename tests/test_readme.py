"""Every block of the README does what it says (the two commands of its first block are run by `.ci/run`)."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert set(re.findall(r"^```(\w+)", README, flags=re.MULTILINE)) == {"bash", "console", "python", "toml"}


def test_console_blocks_run_one_after_another(tmp_path: Path) -> None:
    here = os.environ | {"PYTHONPATH": str(ROOT)}  # as installed, also where only the tests' own folder knows `sim`
    for line in "".join(blocks("console")).splitlines():
        words = shlex.split(line)
        assert words[0] == "sim"
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            env=here,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    assert (tmp_path / "outputs" / "sea_route" / "figures" / "logistics.png").stat().st_size > 10_000
    assert (tmp_path / "outputs" / "narrow" / "decisions.csv").exists()


@pytest.mark.parametrize("block", blocks("python"))
def test_python_blocks_run(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block, "README.md", "exec"), {})
    assert "[" in capsys.readouterr().out


@pytest.mark.parametrize("block", blocks("toml"))
def test_toml_blocks_are_scenarios(block: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(block, encoding="utf-8")
    assert sim.load(str(file)).events

"""The first moments of the command: Ctrl-C while libraries are loaded shows no traceback and is never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HERE = {**os.environ, "PYTHONPATH": str(ROOT)}
INTERRUPTED_AT = """
import os, signal, sys

class Interrupt:
    def find_spec(self, name, *_):
        if name == {module!r} and not self.__dict__:
            self.came = True
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupt())
sys.argv = ["sim", "run", "article", "--worlds", "2", "--months", "1", "--no-figures"]
from sim.start import main
sys.exit(main())
"""
"""The script by which the command is started, and Ctrl-C at the moment when a module is first asked for."""
DROPPED = """
import os, signal, time
from sim.signals import end_on_signals

class Freed:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0)

end_on_signals()
try:
    Freed()
    until = time.monotonic() + 20.0
    while time.monotonic() < until:
        time.sleep(0.01)
    print("lost")
except KeyboardInterrupt:
    print("told")
"""

KEPT = """
import os, signal, time
from sim.signals import end_on_signals, held_interrupts

end_on_signals()
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1.0)
except BaseException:
    pass
try:
    with held_interrupts():
        print("lost")
except KeyboardInterrupt:
    print("told")
"""


def python(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=HERE, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_begins_where_nothing_is_loaded(tmp_path: Path) -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"sim": "sim.start:main"}
    loads = "import sys; before = set(sys.modules); import sim.start; print(*sorted(set(sys.modules) - before))"
    assert set(python(loads, tmp_path).stdout.split()) <= {"sim", "sim.start", "__future__"}


@pytest.mark.parametrize("module", ["sim.cli", "typer", "sim.signals"])
def test_ctrl_c_before_the_command_listens_ends_it(tmp_path: Path, module: str) -> None:
    done = python(INTERRUPTED_AT.format(module=module), tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("module", ["sim.scenario", "pydantic", "xarray", "netCDF4"])
def test_ctrl_c_while_libraries_are_loaded_is_told(tmp_path: Path, module: str) -> None:
    done = python(INTERRUPTED_AT.format(module=module), tmp_path)
    assert done.returncode == 130
    assert (done.stdout, done.stderr) == ("", "interrupted: nothing is left half written\n")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("script", [DROPPED, KEPT], ids=["by Python", "by a library"])
def test_ctrl_c_that_is_dropped_is_not_lost(tmp_path: Path, script: str) -> None:
    done = python(script, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "told\n", "")


def test_a_process_in_the_background_is_not_interrupted(tmp_path: Path) -> None:
    ignored = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    script = ignored + INTERRUPTED_AT.format(module="typer").replace('"run", "article"', '"validate", "article"')
    done = python(script.replace(', "--worlds", "2", "--months", "1", "--no-figures"', ""), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")

"""The command line as tests use it: called in this process, or started as a process of its own and watched."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from sim.cli import app

ROOT = Path(__file__).parent.parent
HERE = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
HERE["PYTHONPATH"] = str(ROOT)
"""The environment in which a process finds this copy of `sim`, and need not compile what the one before compiled."""
COMMANDS = get_command(app)
"""Read once from the signatures of all commands, which `CliRunner` would do for each call."""
PATIENCE = 600.0
"""Seconds after which a process counts as hanging: no test measures time by it."""


class Said(NamedTuple):
    """What a command said: its exit code, its output, its errors."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]
Refused = Callable[..., str]


def call(*words: str) -> Said:
    """Call a command as from a shell, but in this process; nothing may leave it but an exit code."""
    with patch.object(sys, "argv", ["sim", *words]), patch("typer.testing._get_command", lambda _: COMMANDS):
        result = CliRunner().invoke(app, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


def well(said: Said) -> Said:
    """What a command said, once it is certain that it ended well."""
    assert said.code == 0, said
    return said


def files(folder: Path) -> dict[str, bytes]:
    """The content of every file in a folder and below, by its path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table, by the names in its first line."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- As a process of its own ------------------------------------------------------------------------------------


WORKING = "sim.model.block:Block.step"
"""Called once a month in each block of worlds."""
DRAWING = "matplotlib.backends.backend_agg:FigureCanvasAgg.print_png"
"""Called once for each figure, while the folder of a run is half written."""
SIGNALLED = """
import os, sys
from functools import reduce
from importlib import import_module

place, left, number, *sys.argv[1:] = sys.argv[1:]
module, _, path = place.partition(":")
*owners, name = path.split(".")
owner, left = reduce(getattr, owners, import_module(module)), int(left)
really = getattr(owner, name)

def counted(*given, **more):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), int(number))
    return really(*given, **more)

setattr(owner, name, counted)
from sim.start import main
main()
"""


def signalled(folder: Path, place: str, times: int, number: signal.Signals, *words: str) -> Said:
    """Run a command in a process that gets a signal when a function (`module:name`) is called for the n-th time."""
    return python(folder, "-c", SIGNALLED, place, str(times), str(int(number)), *words)


def python(folder: Path, *words: str) -> Said:
    """Run Python with these words in a folder, to its end."""
    return ended(start(folder, *words))


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start Python with these words in a folder, in a process group of its own that listens to Ctrl-C.

    Tests that were started in the background ignore Ctrl-C, and a process would take that over.
    """
    listen = partial(signal.signal, signal.SIGINT, signal.SIG_DFL) if os.name == "posix" else None
    folder.mkdir(exist_ok=True)
    group: dict[str, Any] = {"start_new_session": True, "preexec_fn": listen}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, *words], env=HERE, cwd=folder, **group, **pipes)


def ended(process: subprocess.Popen[str]) -> Said:
    """Wait for the end of a process; one that hangs is killed, and the test fails."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        pytest.fail(f"the process hangs: {process.communicate()}")
    return Said(process.returncode, out, err)


def wait_for(state: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait until `state` holds; fail where the process ends without it, or hangs."""
    until = time.monotonic() + PATIENCE
    while not state():
        if process.poll() is not None and not state():
            pytest.fail(f"the process ended too early: {ended(process)}")
        assert time.monotonic() < until, "the process hangs"
        time.sleep(0.01)

"""The command line as tests use it: called in this process, or started as a process of its own and watched."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from sim.cli import app

ROOT = Path(__file__).parent.parent
HERE = {**os.environ, "PYTHONPATH": str(ROOT)}
"""The environment in which a process finds this copy of `sim`."""
PATIENCE = 600.0
"""Seconds after which a process counts as hanging: no test measures time by it."""


class Said(NamedTuple):
    """What a command said: its exit code, its output, its errors."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


def call(*words: str) -> Said:
    """Call a command as from a shell, but in this process; nothing may leave it but an exit code."""
    result = CliRunner().invoke(app, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


# ---- As a process of its own ------------------------------------------------------------------------------------


def python(folder: Path, *words: str) -> Said:
    """Run Python with these words in a folder, to its end."""
    done = start(folder, *words)
    return ended(done)


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start Python with these words in a folder, in a process group of its own."""
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, *words],
        env=HERE,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str]) -> Said:
    """Wait for the end of a process."""
    out, err = process.communicate(timeout=PATIENCE)
    return Said(process.returncode, out, err)


def wait_for(state: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait until `state` holds; fail where the process ends before or hangs."""
    until = time.monotonic() + PATIENCE
    while not state():
        if process.poll() is not None:
            pytest.fail(f"the process ended too early: {ended(process)}")
        assert time.monotonic() < until, "the process hangs"
        time.sleep(0.01)

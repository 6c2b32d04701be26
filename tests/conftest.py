"""Fixtures of all tests, and the order of the files."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Command, Refused, call
from short_stack import load

from sim.left_out import leave_out_dask_arrays

LONG = ("test_fast.py", "test_readme.py", "test_ensemble.py", "test_present.py", "test_policy.py", "test_wasm.py")
"""The long files first: what is started last would keep one processor waiting for the other. The very first makes the
machine code that the others then read."""


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Call a command as from a shell, in an empty folder (`tmp_path`)."""
    monkeypatch.chdir(tmp_path)
    return call


@pytest.fixture
def refused(command: Command, tmp_path: Path) -> Refused:
    """Call a command with a mistake in it; what is said of it, once it is certain that nothing else has happened."""

    def told(*words: str) -> str:
        before = sorted(tmp_path.rglob("*"))
        said = command(*words)
        assert (said.code, said.out) == (2, ""), said
        assert "Traceback" not in said.err
        assert sorted(tmp_path.rglob("*")) == before
        return said.err

    return told


@pytest.fixture(scope="module")
def short_rest() -> Iterator[None]:
    """Two months before the first in place of two years, for tests of files and commands whatever the numbers in them.

    Processes of their own take the two years.
    """
    with pytest.MonkeyPatch.context() as patch:
        for place in ("experiment.rest", "experiment.run", "commands.workflow"):
            patch.setattr(f"sim.{place}.SPIN_UP", 2)
        yield


@pytest.fixture(scope="session")
def workbench() -> None:
    """The library that looks for boxes, loaded where that is quick."""
    load("ema_workbench.analysis.prim")


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Machine code as in a new process, with nothing kept by earlier ones."""
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path))
    for name, fresh in (("_CODE", []), ("_WITHOUT", [0]), ("_BROKEN", [])):
        monkeypatch.setattr(f"sim.compile.engine.{name}", fresh)


def pytest_configure() -> None:
    """Leave out what commands leave out, and let processes compute in one thread: more would wait for each other."""
    leave_out_dask_arrays()
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def pytest_collectstart() -> None:
    """Load Mesa before the first file that needs it."""
    load("mesa")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in the order of LONG, then the others, each with its own order."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what is loaded by now, and come less often: a quarter of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)

"""The first moments of the command: Ctrl-C while libraries are loaded shows no traceback and is never lost."""

import os
import signal
import tomllib
from pathlib import Path

import pytest
from command_line import ROOT, python

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
WITH_XARRAY = """
import sys
from types import SimpleNamespace

def command():
    import xarray
    from scipy.special import logsumexp
    xarray.DataArray([1.0]).to_dataset(name="a")
    print(logsumexp([0.0]))

sys.modules["sim.cli"] = SimpleNamespace(main=command)
from sim.start import main
main()
print([name for name in sys.modules if name.startswith("dask.array.")])
"""
"""A command that makes a dataset and calls a library that looks for arrays of Dask, and what it has loaded of these."""
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
    while True:
        time.sleep(0.01)
except KeyboardInterrupt:
    print("told")
"""

BUSY = """
import threading, time

begin = threading.Thread.start

def slowly(thread):
    begin(thread)
    time.sleep(0.2)

threading.Thread.start = slowly
"""
"""A machine so busy that a thread goes on long before the one that started it."""

KEPT = """
import os, signal, time
from sim.signals import deferred_interrupts, end_on_signals

end_on_signals()
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1.0)
except BaseException:
    pass
try:
    with deferred_interrupts():
        print("lost")
except KeyboardInterrupt:
    print("told")
"""


def test_the_command_begins_where_nothing_is_loaded(tmp_path: Path) -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"sim": "sim.start:main"}
    loads = "import sys; before = set(sys.modules); import sim.start; print(*sorted(set(sys.modules) - before))"
    assert set(python(tmp_path, "-c", loads).out.split()) <= {"sim", "sim.start", "sim.left_out", "__future__"}


def test_a_command_does_not_load_arrays_of_dask(tmp_path: Path) -> None:
    """Xarray would, where they are installed: half a second of every command. SciPy does without."""
    assert python(tmp_path, "-c", WITH_XARRAY) == (0, "0.0\n[]\n", "")


@pytest.mark.parametrize("module", ["sim.cli", "typer", "sim.signals"])
def test_ctrl_c_before_the_command_listens_ends_it(tmp_path: Path, module: str) -> None:
    done = python(tmp_path, "-c", INTERRUPTED_AT.format(module=module))
    assert done == (-signal.SIGINT, "", "")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("module", ["sim.scenario", "pydantic", "xarray", "netCDF4"])
def test_ctrl_c_while_libraries_are_loaded_is_told(tmp_path: Path, module: str) -> None:
    done = python(tmp_path, "-c", INTERRUPTED_AT.format(module=module))
    assert done == (130, "", "interrupted: nothing was written\n")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "script", [DROPPED, BUSY + DROPPED, KEPT], ids=["by Python", "by Python on a busy machine", "by a library"]
)
def test_ctrl_c_that_is_dropped_is_not_lost(tmp_path: Path, script: str) -> None:
    assert python(tmp_path, "-c", script) == (0, "told\n", "")


def test_a_process_in_the_background_is_not_interrupted(tmp_path: Path) -> None:
    ignored = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    script = ignored + INTERRUPTED_AT.format(module="typer").replace('"run", "article"', '"validate", "article"')
    done = python(tmp_path, "-c", script.replace(', "--worlds", "2", "--months", "1", "--no-figures"', ""))
    assert (done.code, done.err) == (0, "")

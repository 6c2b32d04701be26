"""What is said of an error that nobody foresaw: short, with what to send, and no traceback unless it is asked for."""

import os
import platform
import shlex
import sys
import traceback
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

from sim.commands.terminal import USER_MISTAKE

UNFORESEEN = 70
"""Exit code of a fault of the program itself (`EX_SOFTWARE` of sysexits.h)."""
SHOW = "SIM_TRACEBACK"
"""Environment variable that asks for the traceback."""


def unforeseen(error: Exception) -> NoReturn:
    """Print a short report on stderr and exit; with SIM_TRACEBACK=1 the traceback comes first."""
    if os.environ.get(SHOW):
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)[-2:]
    if isinstance(error, UnicodeDecodeError) and any("matplotlib" in frame.filename for frame in frames):
        sys.stderr.write("matplotlibrc: must be UTF-8, found other bytes; Matplotlib reads it before anything else\n")
        sys.exit(USER_MISTAKE)
    sys.stderr.write(report(error))
    sys.exit(UNFORESEEN)


def report(error: Exception) -> str:
    """Return what happened, where, and what to send."""
    said = " ".join(str(error).split())[:200]
    text = f"""unforeseen {type(error).__name__}: {said}
This is a fault of the program, not yours. Folders of output are whole or not there, and finished blocks are kept.
Please send these lines, the files that the command names, and what it prints with {SHOW}=1 set:
  command: {shlex.join(["sim", *sys.argv[1:]])[:500]}
  version: sim {_version()}, Python {platform.python_version()}, {platform.system()} {platform.machine()}
  place:   {place(error)}
"""
    return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)


def place(error: Exception) -> str:
    """Return the last line of this program that was reached: `results/store.py:65 in load`."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        _, found, path = frame.filename.replace("\\", "/").rpartition("/sim/")
        if found:
            return f"{path}:{frame.lineno} in {frame.name}"
    return "outside of the program"


def _version() -> str:
    try:
        return version("sim")
    except PackageNotFoundError:
        return "(not installed)"

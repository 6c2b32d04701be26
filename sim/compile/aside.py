"""Make machine code in a process of its own, which goes on by itself: whoever needs a few numbers waits for none."""

import os
import subprocess
import sys
from pathlib import Path

_BEGUN: list[subprocess.Popen[bytes]] = []
"Kept, since Python warns of processes that nobody holds."


def begin() -> bool:
    """Start the process, once; return whether it was started. Where Python itself cannot be started, it is not.

    It finds its modules where this process does, but none in the current folder.
    """
    if _BEGUN or not Path(sys.executable or "").name.lower().startswith("python"):
        return False
    found = os.pathsep.join(folder for folder in sys.path if folder)
    asked = [sys.executable, "-P", "-m", "sim.compile"]
    calm = getattr(subprocess, "IDLE_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    nothing = subprocess.DEVNULL
    try:
        _BEGUN.append(
            subprocess.Popen(
                asked,
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
                env=os.environ | {"PYTHONPATH": found},
                start_new_session=True,
                creationflags=calm,
            )
        )
    except OSError:
        return False
    return True

"""Orphans, the unfinished files of killed processes: each carries the mark of its process, and a later one removes it.

The mark names the machine too: on a shared disk, whether a process of another machine lives cannot be seen.
"""

import hashlib
import os
import platform
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

_MARK = re.compile(r"([0-9a-f]{8})-(\d{1,9})")


def mark() -> str:
    """Return machine and process in a form for names: `1a2b3c4d-123`."""
    return f"{_machine()}-{os.getpid()}"


def is_orphan(name: str) -> bool:
    """Return whether a name carries the mark of a process of this machine that has ended."""
    found = _MARK.findall(name)
    if not found or found[-1][0] != _machine() or os.name != "posix":
        return False
    try:
        os.kill(int(found[-1][1]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False  # somebody else's process: alive
    return False


def remove_orphans(paths: Iterable[Path]) -> None:
    """Remove those of these files and folders whose process has ended; links stay."""
    for path in paths:
        if is_orphan(path.name) and not path.is_symlink():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]

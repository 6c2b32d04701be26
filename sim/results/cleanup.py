"""Orphans, the unfinished files and folders of killed processes: a later process removes them.

Whether the process lives is asked of a lock on the file or folder itself, which the system frees when the process ends,
however it ends. A process number would not do: containers that share a disk have numbers of their own. The name carries
a mark of the machine too: on a shared disk, whether another machine holds a lock cannot always be seen. Where a disk or
a system has no such locks (Windows), nothing is removed.
"""

import hashlib
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_MARK = re.compile(r"([0-9a-f]{8})-(\d{1,9})")
TRIES = 20
"""Times that a folder is made anew because another process swept it away before it was locked."""
LONGEST, POLL = 60.0, 0.02
"""Seconds to wait for another run to put its folder in place, and between two looks."""


def mark() -> str:
    """Return machine and process in a form for names: `1a2b3c4d-123`."""
    return f"{_machine()}-{os.getpid()}"


def hold(path: Path) -> Callable[[], None]:
    """Lock a file or folder, so that no other process takes it for an orphan; return what lets it go.

    The lock moves with it when it is renamed, and ends with this process.
    """
    descriptor: int | None = None
    for _ in range(TRIES):
        try:
            descriptor = _locked(path)
            break
        except BlockingIOError:  # a process that looks for orphans, for a moment
            time.sleep(POLL)
    return lambda: None if descriptor is None else _close(descriptor)


def make_folder(place: Path | str, prefix: str, suffix: str = "") -> tuple[Path, Callable[[], None]]:
    """Make a folder that is held, and return it with what lets it go. Raises OSError."""
    for _ in range(TRIES):
        folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=suffix, dir=place))
        release = hold(folder)
        if folder.is_dir():
            break
        release()
    return folder, release


def is_orphan(path: Path) -> bool:
    """Return whether a file or folder carries the mark of this machine and nobody holds it."""
    found = _MARK.findall(path.name)
    if not found or found[-1][0] != _machine() or path.is_symlink():
        return False
    try:
        descriptor = _locked(path)
    except BlockingIOError:
        return False
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


def remove_orphans(paths: Iterable[Path]) -> None:
    """Remove those of these files and folders that nobody holds; links stay."""
    for path in paths:
        if is_orphan(path):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink(missing_ok=True)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let only one process at a time rename things in a folder. Raises TimeoutError after a minute."""
    until = time.monotonic() + LONGEST
    while True:
        try:
            descriptor = _locked(folder)
            break
        except BlockingIOError:
            if time.monotonic() > until:
                raise TimeoutError(f"{folder}: another run has been replacing a folder there for a minute") from None
            time.sleep(POLL)
    try:
        yield
    finally:
        if descriptor is not None:
            _close(descriptor)


def _locked(path: Path) -> int | None:
    """Return a descriptor that holds the lock; None where there is none. Raises BlockingIOError if another has it."""
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:  # a disk without locks
        os.close(descriptor)
        return None
    return descriptor


def _close(descriptor: int) -> None:
    with suppress(OSError):
        os.close(descriptor)


def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]

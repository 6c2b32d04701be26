"""Keep machine code of the month in the user's cache folder, and make it where it is missing."""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from sim.compile.backend import Backend, Made
from sim.compile.month import Month
from sim.files import read_bytes, read_text
from sim.model.block import Block

KEPT = 4
"""Files of machine code that stay in the cache folder."""
MOST_CODE = 100_000_000
"""Most bytes of such a file."""
COUNT = "without"
"""File with the world-months that were computed without machine code."""


def load(backend: Backend, world: Block, *, may_make: bool) -> Made | None:
    """Return the code for worlds like this one: from the cache folder, or made now if that is allowed, else None."""
    path = cache_folder() / _name(backend)
    kept = _read(path)
    if kept is None:
        if not may_make:
            return None
        from sim.compile.month import trace

        kept = backend.make(trace(world))
        _put(path, *kept)
    return backend.Code(*kept)


def _name(backend: Backend) -> str:
    """Return the name of the file: a digest of everything that the code depends on."""
    content = "\n".join([backend.made_for(), np.__version__, _program()])
    return f"month-{hashlib.sha256(content.encode()).hexdigest()[:24]}"


@cache
def _program() -> str:
    """Return the text of all files that the code depends on."""
    return "\n".join(_sources())


def _sources() -> Iterator[str]:
    for package in ("sim.compile", "sim.elementary", "sim.model", "sim.scenario"):
        for file in sorted(resources.files(package).iterdir(), key=lambda one: one.name):
            if file.name.endswith(".py"):
                yield file.read_text(encoding="utf-8")


def _read(path: Path) -> tuple[Month, bytes] | None:
    """Return what `_put` wrote; None if it is missing, damaged, or of another form."""
    try:
        head, code = read_bytes(path, most=MOST_CODE).split(b"\n", 1)
        digest, month = head.split(b" ", 1)
        return (Month.from_plain(json.loads(month)), code) if digest == _digest(month, code) else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _put(path: Path, month: Month, code: bytes) -> None:
    plain = json.dumps(month.to_plain()).encode()
    try:
        _replace(path, _digest(plain, code) + b" " + plain + b"\n" + code)
        for old in sorted(path.parent.glob("month-*"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink()
    except OSError:  # nowhere to keep it: the next start compiles again
        pass


def _replace(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all; a full disk leaves nothing. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(".part", f"{path.name}-", path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(aside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(aside)
        raise


def earlier(backend: Backend) -> int:
    """Return the world-months that earlier processes computed without the code for worlds like these."""
    try:
        name, count = read_text(cache_folder() / COUNT, most=1000).split()
        return int(count) if name == _name(backend) else 0
    except (OSError, ValueError):
        return 0


def remember(backend: Backend, count: int) -> None:
    """Keep that number, with that of this process added."""
    with suppress(OSError):  # nowhere to keep it: the next process counts anew
        _replace(cache_folder() / COUNT, f"{_name(backend)} {count}\n".encode())


def _digest(month: bytes, code: bytes) -> bytes:
    return hashlib.sha256(month + code).hexdigest().encode()


def cache_folder() -> Path:
    """Return where machine code is kept: `SIM_CACHE_DIR`, or the user's cache folder.

    For a user without a home, as in containers, a path under which nothing can be kept.
    """
    if own := os.environ.get("SIM_CACHE_DIR"):
        return Path(own)
    home = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    try:
        return Path(home) / "sim" if home else Path("~/.cache/sim").expanduser()
    except RuntimeError:
        return Path(os.devnull) / "sim"

"""Keep in the user's cache folder what is made of the model's functions in seconds: machine code, modules of pages."""

import hashlib
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from sim.compile.backend import Backend, Made
from sim.compile.month import Month
from sim.files import read_bytes, read_text
from sim.scenario.scenario import Scenario

KEPT = 4
"""Files of a kind that stay in the cache folder."""
MOST_CODE = 100_000_000
"""Most bytes of such a file."""
TRACED = ("sim.compile", "sim.elementary", "sim.model", "sim.scenario")
"""Packages on which the traced month and its code depend."""
BEGUN = "begun"
"""File with the name of the code that is being made, or was."""
OUTDATED = "without"
"""File that earlier versions left there: the world-months that they had computed without code."""
PATIENCE = 600.0
"""Seconds after which another process may begin: the first has given up, or cannot."""
MADE_ONCE = "making %s, once for all later ones: up to half a minute of processor time"
"""What is logged where somebody waits for it."""
_LOG = logging.getLogger(__name__)


def load(backend: Backend, scenario: Scenario, *, may_make: bool) -> Made | None:
    """Return the code of a month: from the cache folder, or made now if that is allowed, else None.

    Any scenario will do: the months of all are the same.
    """
    path = cache_folder() / _name(backend)
    kept = _read(path)
    if kept is None:
        if not may_make:
            return None
        from sim.compile.month import trace

        _LOG.info(MADE_ONCE, "machine code for this run")
        begins(backend)
        kept = backend.make(trace(scenario))
        put(path, kept[0].to_plain(), kept[1])
    return backend.Code(*kept)


def _name(backend: Backend) -> str:
    return name_of("month", TRACED, backend.made_for())


def name_of(kind: str, packages: Sequence[str], content: str) -> str:
    """Return the name of a file: its kind, and a digest of all that it depends on.

    These are the modules and tables of `packages`, the version of NumPy, and `content`.
    """
    whole = "\n".join([content, np.__version__, _program(tuple(packages))])
    return f"{kind}-{hashlib.sha256(whole.encode()).hexdigest()[:24]}"


@cache
def _program(packages: tuple[str, ...]) -> str:
    return "\n".join(_sources(packages))


def _sources(packages: Sequence[str]) -> Iterator[str]:
    for package in packages:
        for file in sorted(resources.files(package).iterdir(), key=lambda one: one.name):
            if file.name.endswith((".py", ".csv")):
                yield file.read_text(encoding="utf-8")


def _read(path: Path) -> tuple[Month, bytes] | None:
    try:
        found = read(path)
        return (Month.from_plain(found[0]), found[1]) if found else None
    except (LookupError, TypeError):
        return None


def read(path: Path) -> tuple[Any, bytes] | None:
    """Return the plain value and the bytes that `put` wrote; None if the file is missing or damaged."""
    try:
        head, code = read_bytes(path, most=MOST_CODE).split(b"\n", 1)
        digest, plain = head.split(b" ", 1)
        return (json.loads(plain), code) if digest == _digest(plain, code) else None
    except (OSError, ValueError):
        return None


def put(path: Path, value: Any, code: bytes) -> None:
    """Write a value that JSON can hold, and bytes; of the files of a kind the oldest go, and what nobody reads."""
    plain = json.dumps(value).encode()
    kind = path.name.partition("-")[0]
    try:
        _replace(path, _digest(plain, code) + b" " + plain + b"\n" + code)
        for old in sorted(path.parent.glob(f"{kind}-*"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink()
        (path.parent / OUTDATED).unlink(missing_ok=True)
    except OSError:  # nowhere to keep it: whoever needs it next makes it again
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


def begins(backend: Backend) -> bool:
    """Note that code is being made from now on; return False if that was noted a short while ago, or cannot be."""
    path, name = cache_folder() / BEGUN, _name(backend)
    with suppress(OSError, ValueError):  # ValueError: not text
        if read_text(path, most=1000) == name and time.time() - path.stat().st_mtime < PATIENCE:
            return False
    try:
        _replace(path, name.encode())
    except OSError:
        return False
    return True


def _digest(plain: bytes, code: bytes) -> bytes:
    return hashlib.sha256(plain + code).hexdigest().encode()


def can_keep() -> bool:
    """Return whether something can be kept for other processes."""
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        return os.access(cache_folder(), os.W_OK)
    except OSError:
        return False


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

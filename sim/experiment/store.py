"""Finished blocks on disk, each under a key made of what it depends on, so that no work is ever lost or mixed up.

    STORE/<key of scenario, seed, program and what is kept>/worlds_<first>_<last>_<digest of the file>.nc

A block is written aside, then renamed; its name holds the digest of its bytes, so a damaged file is known from its
name alone and computed anew. The number of worlds is not part of the key: more worlds later use what is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path

from sim.experiment.block import Task
from sim.results import library_versions
from sim.results.blocks import SUFFIX
from sim.results.keep import Keep
from sim.scenario.scenario import Scenario

ORIGIN = "origin.json"
DIGEST = 16
"""Hexadecimal digits of a digest in a name."""
_NAME = re.compile(r"worlds_(\d+)_(\d+)_([0-9a-f]{16})\.nc")
NUMERIC = ("python", "numpy", "mesa", "numba", "xarray", "netCDF4")
"""Libraries on which the numbers, or the bytes of the files, depend."""


class StoreError(OSError):
    """A store that cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Store:
    """The blocks of one scenario, seed and program in a folder of stores."""

    folder: Path
    damaged: list[str] = field(default_factory=list)
    """Names of the files that were found damaged and removed."""

    def find(self, task: Task) -> Path | None:
        """The stored block of a task, or None; a damaged file is removed."""
        for path in sorted(self.folder.glob(f"{_prefix(task)}_*{SUFFIX}")):
            if _is_whole(path):
                return path
            self.damaged.append(path.name)
            path.unlink(missing_ok=True)
        return None

    def put(self, task: Task, content: bytes) -> Path:
        """Store a block; it appears whole or not at all. Raises StoreError."""
        target = self.folder / f"{_prefix(task)}_{digest(content)}{SUFFIX}"
        aside = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, target)
        except OSError as error:
            raise StoreError(
                f"{self.folder}: a block cannot be written: {error.strerror or error}; what is finished stays there; "
                "make room or choose another place with --store, and give the same command again"
            ) from error
        finally:
            aside.unlink(missing_ok=True)
        return target


def open_store(root: Path, scenario: Scenario, keep: Keep) -> Store:
    """The store of a scenario, made if it is not there. Raises StoreError where it cannot be written to."""
    folder = root / key(scenario, keep)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep_away(folder)
        origin = folder / ORIGIN
        if not origin.is_file():
            aside = origin.with_name(f".{ORIGIN}.{os.getpid()}.part")
            aside.write_text(json.dumps(_content(scenario, keep), indent=1, sort_keys=True) + "\n", encoding="utf-8")
            os.replace(aside, origin)
        elif not os.access(folder, os.W_OK):
            raise PermissionError(13, "no permission to write there")
    except OSError as error:
        raise StoreError(
            f"{root}: the store cannot be written to: {error.strerror or error}; choose another place with --store"
        ) from error
    return Store(folder)


def older(root: Path, scenario: Scenario, keep: Keep) -> list[Path]:
    """Stores of the same scenario, seed and selection that another version of the program or its libraries made."""
    mine = _content(scenario, keep)
    same = ("scenario", "scenario_hash", "seed", "keep", "worlds of a block")
    found = []
    for origin in sorted(root.glob(f"*/{ORIGIN}")):
        try:
            theirs = json.loads(origin.read_text(encoding="utf-8"))
            if theirs != mine and all(theirs.get(name) == mine[name] for name in same):
                found.append(origin.parent)
        except (OSError, ValueError, AttributeError):
            continue
    return found


def key(scenario: Scenario, keep: Keep) -> str:
    """Name of the folder for all blocks that this scenario, seed, program and selection give."""
    content = json.dumps(_content(scenario, keep), sort_keys=True)
    return f"{scenario.name[:40]}-{hashlib.sha256(content.encode()).hexdigest()[:DIGEST]}"


def _content(scenario: Scenario, keep: Keep) -> dict[str, object]:
    """All on which the bytes of a block depend."""
    versions = library_versions()
    return {
        "scenario": scenario.name,
        "scenario_hash": replace(scenario, worlds=0).hash,
        "seed": scenario.seed,
        "keep": keep.name,
        "worlds of a block": keep.worlds,
        "program": program_digest(),
        "versions": {name: versions.get(name, "absent") for name in NUMERIC},
        "machine": platform.machine(),
    }


@cache
def program_digest() -> str:
    """Digest of everything in the package that shapes numbers or blocks: a changed equation never meets old blocks."""
    found = hashlib.sha256()
    root = resources.files("sim")
    for part in ("scenario", "model", "experiment", "results", "analysis"):
        folder = root / part
        for file in sorted((one for one in folder.iterdir() if one.name.endswith((".py", ".csv"))), key=_name):
            found.update(f"{part}/{file.name}\n".encode())
            found.update(file.read_bytes())
    return found.hexdigest()[:DIGEST]


def _name(file: object) -> str:
    return str(getattr(file, "name", ""))


def digest(content: bytes) -> str:
    """The beginning of the SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()[:DIGEST]


def tasks(scenario: Scenario, keep: Keep, worlds: int) -> Iterator[Task]:
    """The blocks of the first `worlds` worlds; they begin at multiples of the size of a block, whatever `worlds` is."""
    for first in range(0, worlds, keep.worlds):
        yield Task(scenario, first, min(keep.worlds, worlds - first), keep)


def _prefix(task: Task) -> str:
    return f"worlds_{task.first:010d}_{task.first + task.worlds - 1:010d}"


def _is_whole(path: Path) -> bool:
    match = _NAME.fullmatch(path.name)
    try:
        return bool(match) and digest(path.read_bytes()) == match[3]  # type: ignore[index]
    except OSError:
        return False


def _sweep_away(folder: Path) -> None:
    """Remove what a killed process of this machine has left half written."""
    for path in folder.glob(".*.part"):
        number = path.name.split(".")[-2]
        if number.isdigit() and os.name == "posix":
            try:
                os.kill(int(number), 0)
            except ProcessLookupError:
                path.unlink(missing_ok=True)
            except OSError:
                continue

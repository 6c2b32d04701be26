"""Finished blocks on disk, each under a key of all that it depends on, so that no work is lost or mixed up.

    STORE/<key of scenario, seed, program and what is kept>/worlds_<first>_<last>_<digest of the file>.nc

A block is written to a temporary file, then renamed. Its name holds the digest of its bytes and the block itself the
key, so a damaged or misplaced file is detected and computed anew. The number of worlds is not part of the key: a larger
ensemble uses the blocks of a smaller one.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.experiment.block import Task, mismatch
from sim.experiment.fingerprint import content, digest, key
from sim.files import fault_of_path, read_bytes, read_json
from sim.results.blocks import SUFFIX
from sim.results.cleanup import hold, mark, remove_orphans
from sim.results.keep import Keep
from sim.results.netcdf import IN_USE, in_use
from sim.scenario.scenario import Scenario

ORIGIN = "origin.json"
_NAME = re.compile(r"worlds_(\d+)_(\d+)_([0-9a-f]{16})\.nc")


class StoreError(OSError):
    """A store that cannot be used; the text gives the reason and the remedy."""


@dataclass(frozen=True)
class Store:
    """The stored blocks of one scenario, seed, program and level of detail."""

    folder: Path
    damaged: list[str] = field(default_factory=list)
    """Names of the damaged or misplaced files that `find` has removed."""

    def listed(self) -> dict[tuple[int, int], list[Path]]:
        """Return all files that are named like blocks, by their first and last world."""
        found: dict[tuple[int, int], list[Path]] = {}
        for path in sorted(self.folder.iterdir()):
            match = _NAME.fullmatch(path.name)
            if match and not path.is_dir():
                found.setdefault((int(match[1]), int(match[2])), []).append(path)
        return found

    def find(self, task: Task, listed: Mapping[tuple[int, int], Sequence[Path]]) -> Path | None:
        """Return the stored block of a task, or None; remove damaged and misplaced files.

        Raises StoreError if such a file cannot be removed, or another program holds it.
        """
        for path in listed.get((task.first, task.first + task.worlds - 1), ()):
            if _is_intact(path) and not mismatch(task, path):
                return path
            if in_use(path):
                raise StoreError(f"{path}: {IN_USE}")
            self.damaged.append(path.name)
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StoreError(f"{path}: is damaged and cannot be removed: {error.strerror or error}") from error
        return None

    def put(self, task: Task, block: bytes) -> Path:
        """Write a block and return its path; it appears whole or not at all. Raises StoreError."""
        target = self.folder / f"{_prefix(task)}_{digest(block)}{SUFFIX}"
        if target.is_dir():
            raise StoreError(
                f"{target}: is a folder where a block belongs; move it away and give the same command again"
            )
        aside, release = _temporary(target), lambda: None
        try:
            with aside.open("xb") as file:
                release = hold(aside)
                file.write(block)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, target)
        except OSError as error:
            raise StoreError(
                f"{self.folder}: cannot write a block: {error.strerror or error}; finished blocks are kept: "
                "make room or choose another place with --store, and give the same command again"
            ) from error
        finally:
            aside.unlink(missing_ok=True)
            release()
        return target


def open_store(root: Path, scenario: Scenario, keep: Keep) -> Store:
    """Open the store of a scenario, or create it. Raises StoreError if it cannot be written to."""
    folder = root / key(scenario, keep)
    if fault := fault_of_path(root):
        raise StoreError(f"{root}: {fault}; choose another place with --store")
    if root.is_symlink() and not root.exists():
        raise StoreError(f"{root}: is a broken link; choose another place with --store")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.is_symlink():
            raise OSError(0, f"{folder.name} in it is a link, which may lead anywhere")
        remove_orphans(folder.glob(".*.part"))
        origin = folder / ORIGIN
        if origin.is_symlink() or not origin.is_file():
            aside = _temporary(origin)
            aside.write_text(
                json.dumps(content(scenario, keep), indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
            )
            os.replace(aside, origin)
        elif not os.access(folder, os.W_OK):
            raise PermissionError(13, "no permission to write there")
    except OSError as error:
        raise StoreError(
            f"{root}: cannot write to the store: {error.strerror or error}; choose another place with --store"
        ) from error
    return Store(folder)


def other_versions(root: Path, scenario: Scenario, keep: Keep) -> list[Path]:
    """Return the stores of the same scenario, seed and selection made by another version of program or libraries."""
    mine = content(scenario, keep)
    same = ("scenario", "scenario_hash", "seed", "keep", "worlds of a block")
    found = []
    for origin in sorted(root.glob(f"*/{ORIGIN}")):
        try:
            theirs = read_json(origin, follow=False)
            if theirs != mine and all(theirs.get(name) == mine[name] for name in same):
                found.append(origin.parent)
        except (OSError, ValueError, AttributeError):
            continue
    return found


def tasks(scenario: Scenario, keep: Keep, worlds: int) -> Iterator[Task]:
    """Yield the blocks of the first `worlds` worlds; block k begins at world k times the size of a block."""
    for first in range(0, worlds, keep.worlds):
        yield Task(scenario, first, min(keep.worlds, worlds - first), keep)


def _prefix(task: Task) -> str:
    return f"worlds_{task.first:010d}_{task.first + task.worlds - 1:010d}"


def _is_intact(path: Path) -> bool:
    match = _NAME.fullmatch(path.name)
    try:
        return bool(match) and digest(read_bytes(path, follow=False)) == match[3]  # type: ignore[index]
    except OSError:
        return False


def _temporary(target: Path) -> Path:
    """Return the path of a file before it is renamed; the name carries the mark of this process."""
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.{mark()}.part")

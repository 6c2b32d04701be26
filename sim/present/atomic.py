"""Write a folder of output whole or not at all, and never over files that no run wrote."""

import glob
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from sim.files import fault_of_path, is_litter, open_regular, read_json, shown_path
from sim.results.cleanup import alone_in, hold, is_orphan, make_folder, mark, remove_orphans
from sim.scenario.problems import few

MANIFEST = "manifest.json"
KIND = "sim-run 1"
SEAL = "seal"
"""Entry of a manifest: the digest of all others."""
NEW, OLD = ".part", ".old"
"""Suffixes of an unfinished folder, and of an older run about to be replaced."""


class OutputError(OSError):
    """A folder that cannot or must not be written; the message says why and what to do."""


def check_target(out_dir: str | Path) -> None:
    """Raise OutputError unless `out_dir` is free, empty or holds only an older run.

    Call it before a long run. An older run that a killed process had moved aside is brought back.
    """
    target = resolved(out_dir)
    if "\\" in target.as_posix():
        raise OutputError(f"{out_dir}: NetCDF cannot write to a path with a backslash; choose another with --out")
    try:
        if os.path.ismount(target):
            raise OutputError(f"{out_dir}: is the top of a disk and cannot be replaced; name a folder in it with --out")
        check_parent(out_dir, target)
        tidy(target)
        if not target.exists():
            return
        if not target.is_dir():
            raise OutputError(f"{out_dir}: is a file, not a folder; choose another with --out")
        if _here().is_relative_to(target):
            raise OutputError(
                f"{out_dir}: is the folder you are in, or holds it; name a folder in it with --out, such as results"
            )
        check_own(out_dir, target)
        own = recorded(target)
        others = _content(target) - ({MANIFEST, *own} if own else set())
        strange = sorted(name for name in others if not is_litter(name))
        edited = [] if strange else [name for name in altered(target, own or {}) if (target / name).exists()]
        edited += [MANIFEST] if own is not None and is_edited(target) else []
    except PermissionError as error:
        raise OutputError(f"{out_dir}: no permission to read or write there; choose another with --out") from error
    if strange:
        raise OutputError(
            f"{out_dir}: holds files that no run wrote ({few(strange)}); "
            "move them away or choose another folder with --out"
        )
    if edited:
        raise OutputError(
            f"{out_dir}: {few(edited)} changed since the run wrote it; "
            "choose another folder with --out, or delete this one first"
        )


def resolved(out_dir: str | Path) -> Path:
    """Return the folder itself, links followed; raise OutputError if a link is broken."""
    if fault := fault_of_path(out_dir):
        raise OutputError(f"{shown_path(out_dir)}: {fault}; choose another with --out")
    path = Path(out_dir).absolute()
    try:
        for link in (at for at in (path, *path.parents) if at.is_symlink()):
            link.resolve(strict=True)
        return path.resolve()
    except FileNotFoundError as error:
        raise OutputError(f"{out_dir}: {link.name} is a broken link; choose another with --out") from error
    except PermissionError as error:
        raise OutputError(f"{out_dir}: no permission to read or write there; choose another with --out") from error
    except (OSError, RuntimeError) as error:
        raise OutputError(f"{out_dir}: has a link that cannot be followed; choose another with --out") from error


def _here() -> Path:
    """Return the current folder, or the root if it was removed."""
    try:
        return Path.cwd().resolve()
    except OSError:
        return Path("/")


def _content(target: Path) -> set[str]:
    """Return the paths of files, links and empty folders (ending in a slash) in a folder."""

    def stop(error: OSError) -> None:
        raise error

    found = set()
    for top, folders, files in os.walk(target, onerror=stop):
        here = Path(top)
        links = [name for name in folders if (here / name).is_symlink()]
        found |= {(here / name).relative_to(target).as_posix() for name in (*files, *links)}
        # a link is not the file whose name it has
        found |= {f"{(here / name).relative_to(target).as_posix()}@" for name in files if (here / name).is_symlink()}
        if not folders and not files and here != target:
            found.add(f"{here.relative_to(target).as_posix()}/")
    return found


def check_own(out_dir: str | Path, target: Path) -> None:
    """Raise OutputError unless the files of a folder may be removed: an older run of somebody else would stay aside."""
    if any(not os.access(folder, os.W_OK | os.X_OK) for folder, _, _ in os.walk(target)):
        raise OutputError(f"{out_dir}: no permission to write in it, so nothing can be put there")


def check_parent(out_dir: str | Path, target: Path) -> None:
    """Raise OutputError unless the nearest existing parent folder can be written."""
    parent = next((path for path in target.parents if path.exists() or path.is_symlink()), target)
    if not parent.is_dir():
        raise OutputError(f"{out_dir}: {parent.name} is a file, not a folder; choose another with --out")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"{out_dir}: no permission to write there; choose another with --out")


def recorded(target: Path) -> dict[str, str] | None:
    """Return files and digests that an older run recorded in `target`; None without a manifest of this program."""
    try:
        manifest = read_json(target / MANIFEST)
        if manifest["kind"] != KIND:
            return None
        found = {str(entry["path"]): str(entry["sha256"]) for entry in manifest["files"]}
        # a name that leads out of the folder is none that a run wrote
        return found if all(map(_is_inside, found)) else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def manifest_text(manifest: Mapping[str, Any]) -> str:
    """Return a manifest as text; its last entry is the digest of all above, so that a change by hand is seen."""
    plain = {name: value for name, value in manifest.items() if name != SEAL}
    return json.dumps({**plain, SEAL: _seal(plain)}, indent=1) + "\n"


def manifest_with(target: Path, change: Callable[[list[Any]], list[Any]]) -> str:
    """Return the manifest of a folder as text, with its list of files changed.

    A manifest that was changed by hand keeps the digest that it had, and so stays one.
    """
    edited, manifest = is_edited(target), read_json(target / MANIFEST)
    manifest["files"] = change(manifest["files"])
    return json.dumps(manifest, indent=1) + "\n" if edited else manifest_text(manifest)


def is_edited(target: Path) -> bool:
    """Return whether the manifest of a folder was changed by hand; older ones, which have no digest, were not."""
    try:
        manifest = read_json(target / MANIFEST)
        return SEAL in manifest and manifest.pop(SEAL) != _seal(manifest)
    except (OSError, ValueError, AttributeError, TypeError):
        return False


def _seal(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _is_inside(name: str) -> bool:
    """Return whether a name in a manifest is that of a file in its folder."""
    parts = PurePosixPath(name).parts
    return bool(parts) and parts[0] != "/" and ".." not in parts and name.isprintable()


def altered(target: Path, own: Mapping[str, str]) -> list[str]:
    """Return the files of `own` that are missing from a folder or changed."""
    return [name for name, found in own.items() if not (target / name).is_file() or digest(target / name) != found]


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """Yield a temporary sibling of `target`, removed afterwards unless it was renamed."""
    tidy(target)
    folder, release = make_folder(target.parent, f"{_prefix(target)}{mark()}.", NEW)
    try:
        folder.chmod(0o777 & ~_umask())
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        release()


def tidy(target: Path) -> None:
    """Restore an older run that a killed process had moved from `target`, and remove its unfinished work."""
    beside = f"{glob.escape(_prefix(target))}*"
    moved = [path for path in target.parent.glob(beside + OLD) if is_orphan(path)]
    if moved and not target.exists():
        with suppress(FileNotFoundError):  # another process has just brought it back
            max(moved, key=lambda path: path.stat().st_mtime).rename(target)
    remove_orphans([*target.parent.glob(beside + NEW), *target.parent.glob(beside + OLD)])


def _prefix(target: Path) -> str:
    """Return how names beside `target` begin: its own name, shortened to what a file system takes."""
    name = target.name
    return f".{name if len(name) <= 40 else f'{name[:40]}~{hashlib.sha256(name.encode()).hexdigest()[:8]}'}."


def _umask() -> int:
    """Return the process's mask for new files (it can only be read by setting it)."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def put_in_place(folder: Path, target: Path) -> None:
    """Rename `folder` to `target`; an older run is moved aside first and restored if that fails.

    Of two runs that end at once, one waits for the other. Raises OutputError if that takes a minute.
    """
    try:
        with alone_in(target.parent):
            _replace(folder, target)
    except TimeoutError as error:
        raise OutputError(str(error)) from error


def _replace(folder: Path, target: Path) -> None:
    if not target.exists():
        folder.rename(target)
        return
    check_target(target)
    old = folder.with_suffix(OLD)
    release = hold(target)
    try:
        target.rename(old)  # killed here, the next run into this folder brings it back
        try:
            folder.rename(target)
        except BaseException:
            old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)
    finally:
        release()


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

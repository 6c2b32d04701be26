"""Everything a run leaves behind, in one folder that appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import xarray as xr

from sim.present.spreadsheets import write_decisions, write_events, write_series
from sim.present.summary import summary
from sim.results import save

MANIFEST = "manifest.json"
KIND = "sim-run 1"
UNITS_NOTE = (
    "Units stand with every variable of results.nc and every row of series.csv: ammunition in krounds "
    "(thousand rounds, 152 mm equivalent), food in kt grain equivalent, energy in kt oil equivalent, "
    "technology in points, money in MUSD."
)
Progress = Callable[[str], None]


class OutputError(OSError):
    """A folder that cannot or must not be written; the text says why and what to do."""


def write_outputs(
    ds: xr.Dataset,
    out_dir: str | Path,
    figures: bool = True,
    progress: Progress | None = None,
    command: str = "",
) -> list[Path]:
    """Write data, tables, summary and figures of a run to `out_dir` and return their paths.

    An older run of ours in the folder is replaced. `progress` is told each file's name once it is written;
    `command` goes into the manifest. Interrupted or failed, nothing is left behind and an older run stays.
    """
    target = Path(out_dir).absolute()
    check_target(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with aside(target) as folder:
            _fill(ds, folder, figures, progress or _silent, command)
            files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
            put_in_place(folder, target)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{out_dir}: cannot be written: {error.strerror or error}") from error
    return [target / name for name in files]


def check_target(out_dir: str | Path) -> None:
    """Raise OutputError unless `out_dir` is free, empty or holds nothing but an older run of ours.

    Worth calling before a long run: nobody wants to learn at the end that the folder was taken.
    """
    target = Path(out_dir).absolute()
    try:
        _check_parent(out_dir, target)
        if not target.exists():
            return
        if not target.is_dir():
            raise OutputError(f"{out_dir}: is a file, not a folder; choose another with --out")
        present = sorted(str(path.relative_to(target)) for path in target.rglob("*") if not path.is_dir())
    except PermissionError as error:
        raise OutputError(f"{out_dir}: no permission to read or write there; choose another with --out") from error
    if not present:
        return
    strange = sorted(set(present) - _own_files(target))
    if strange:
        more = f" and {len(strange) - 3} more" if len(strange) > 3 else ""
        raise OutputError(
            f"{out_dir}: holds files that no run wrote ({', '.join(strange[:3])}{more}); "
            "move them away or choose another folder with --out"
        )


def _check_parent(out_dir: str | Path, target: Path) -> None:
    """The nearest existing folder above must be one that can be written to."""
    parent = next(path for path in target.parents if path.exists() or path.is_symlink())
    if not parent.is_dir():
        raise OutputError(f"{out_dir}: {parent.name} is a file, not a folder; choose another with --out")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"{out_dir}: no permission to write there; choose another with --out")


def _own_files(target: Path) -> set[str]:
    """The files that an older run of ours wrote into `target`; none if its manifest is missing or foreign."""
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        if manifest["kind"] != KIND:
            return set()
        return {MANIFEST, *(str(entry["path"]) for entry in manifest["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _silent(_: str) -> None:
    """Progress that nobody watches."""


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """A temporary sibling of `target` that is gone afterwards unless it was renamed."""
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        folder.chmod(0o777 & ~_umask())
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _umask() -> int:
    """The user's mask for new files (it can only be read by setting it)."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def put_in_place(folder: Path, target: Path) -> None:
    """Rename `folder` to `target`; an older run is moved away first and brought back if that fails."""
    if not target.exists():
        folder.rename(target)
        return
    check_target(target)
    old = folder.with_suffix(".old")
    target.rename(old)
    try:
        folder.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _fill(ds: xr.Dataset, folder: Path, figures: bool, progress: Progress, command: str) -> None:
    """Write every file of a run into `folder`, the manifest last."""
    writers: Sequence[tuple[str, Callable[[xr.Dataset, Path], object]]] = (
        ("results.nc", save),
        ("series.csv", write_series),
        ("events.csv", write_events),
        ("decisions.csv", write_decisions),
        ("summary.md", _write_summary),
    )
    for name, writer in writers:
        writer(ds, folder / name)
        progress(name)
    if figures:
        _write_figures(ds, folder / "figures", progress)
    (folder / MANIFEST).write_text(json.dumps(_manifest(ds, folder, command), indent=1) + "\n", encoding="utf-8")
    progress(MANIFEST)


def _write_summary(ds: xr.Dataset, path: Path) -> None:
    path.write_text(summary(ds), encoding="utf-8")


def _write_figures(ds: xr.Dataset, folder: Path, progress: Progress) -> None:
    """All figures; matplotlib is loaded only when something is drawn."""
    from sim.present.figures import FIGURES, save_figure

    folder.mkdir()
    for name in FIGURES:
        for path in save_figure(ds, name, folder):
            progress(f"{folder.name}/{path.name}")


def _manifest(ds: xr.Dataset, folder: Path, command: str) -> dict[str, object]:
    """Where the files come from and what they hold; no time stamps: a repeated run gives the same bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        "kind": KIND,
        "title": str(ds.attrs["title"]),
        "scenario_hash": str(ds.attrs["scenario_hash"]),
        "seed": int(ds.attrs["seed"]),
        "worlds": ds.sizes["world"],
        "months": ds.sizes["month"],
        "code_version": str(ds.attrs["code_version"]),
        "versions": json.loads(ds.attrs["versions"]),
        "changed": json.loads(ds.attrs["changed"]),
        "command": command,
        "units": UNITS_NOTE,
        "files": [
            {
                "path": path.relative_to(folder).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": digest(path),
            }
            for path in files
        ],
        "scenario": json.loads(ds.attrs["scenario"]),
    }


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

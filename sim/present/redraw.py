"""Add figures and tables to a folder that is there, made from its own data."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import xarray as xr

from sim.present.atomic import MANIFEST, OutputError, aside, check_own, digest, manifest_with, recorded, resolved
from sim.present.publish import Draw, write_rows

FIGURES = "figures"
Make = Callable[[Path], Sequence[Path]]
"""Writes one or more files, all of this name without its suffix, and returns them."""


def add_figures(
    ds: xr.Dataset, out_dir: Path, figures: Mapping[str, Draw], progress: Callable[[str], None] = lambda _: None
) -> list[Path]:
    """Draw figures of `ds` into the folder that it came from, as PNG and SVG; see `add_files`."""
    from sim.present.page import save_figure  # loads matplotlib

    makes: dict[str, Make] = {f"{FIGURES}/{name}": partial(save_figure, ds, draw) for name, draw in figures.items()}
    return add_files(out_dir, makes, progress)


def add_tables(
    out_dir: Path,
    tables: Mapping[str, Callable[[], Iterable[Sequence[object]]]],
    progress: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write tables, name -> rows, as CSV into a folder; see `add_files`."""
    return add_files(out_dir, {name: partial(_write_table, rows) for name, rows in tables.items()}, progress)


def _write_table(rows: Callable[[], Iterable[Sequence[object]]], path: Path) -> list[Path]:
    table = path.with_name(f"{path.name}.csv")
    write_rows(rows(), table)
    return [table]


def add_files(out_dir: Path, makes: Mapping[str, Make], progress: Callable[[str], None]) -> list[Path]:
    """Make files for a finished folder, and add them to its manifest; return their paths.

    Each is the same bytes as if it had been made with the folder. They are made aside; then the manifest is replaced,
    and then they are moved into place: killed between, a file is missing that the next call makes.
    Raises OutputError if the folder is none of this program, or if such a file there was changed by hand.
    """
    target = resolved(out_dir)
    own = recorded(target)
    if own is None:
        raise OutputError(
            f"{out_dir}: {MANIFEST} is missing or of another program; only a finished folder gets more files"
        )
    check_own(out_dir, target)
    try:
        with aside(target) as part:
            made: list[Path] = []
            for name, make in makes.items():
                (part / name).parent.mkdir(exist_ok=True)
                made += [path.relative_to(part) for path in make(part / name)]
                progress(name)
            for path in made:
                _check_own(out_dir, target, path.as_posix(), own)
            text = manifest_with(target, lambda before: _entries(before, part, made))
            (part / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
            os.replace(part / MANIFEST, target / MANIFEST)
            for path in made:
                (target / path).parent.mkdir(exist_ok=True)
                os.replace(part / path, target / path)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{out_dir}: cannot be written: {error.strerror or error}") from error
    return [target / path for path in made]


def _check_own(out_dir: Path, target: Path, name: str, own: Mapping[str, str]) -> None:
    path = target / name
    if path.exists() and (name not in own or digest(path) != own[name]):
        raise OutputError(f"{out_dir}: {name} is not as it was made; move it away, or leave it out")


def _entries(before: list[dict[str, object]], part: Path, made: Sequence[Path]) -> list[dict[str, object]]:
    """Return the files of the manifest with those made in `part`, in the order of their paths."""
    found = {str(entry["path"]): entry for entry in before}
    for path in made:
        name = path.as_posix()
        found[name] = {"path": name, "bytes": (part / path).stat().st_size, "sha256": digest(part / path)}
    return sorted(found.values(), key=lambda entry: Path(str(entry["path"])))

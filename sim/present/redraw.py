"""Add figures to a folder that is there, drawn from its own data."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import xarray as xr

from sim.files import read_json
from sim.present.atomic import MANIFEST, OutputError, aside, digest, manifest_text, recorded, resolved
from sim.present.publish import Draw

FIGURES = "figures"


def add_figures(
    ds: xr.Dataset, out_dir: Path, figures: Mapping[str, Draw], progress: Callable[[str], None] = lambda _: None
) -> list[Path]:
    """Draw figures of `ds` into the folder that it came from, and add them to its manifest; return their paths.

    Each is the same bytes as if it had been drawn with the folder. They are drawn aside; then the manifest is replaced,
    and then they are moved into place: killed between, a figure is missing that the next call draws.
    Raises OutputError if the folder is none of this program, or if a figure there was changed by hand.
    """
    from sim.present.page import save_figure  # loads matplotlib

    target = resolved(out_dir)
    own = recorded(target)
    if own is None:
        raise OutputError(
            f"{out_dir}: {MANIFEST} is missing or of another program; only a finished folder gets figures"
        )
    try:
        with aside(target) as part:
            drawn: list[Path] = []
            for name, draw in figures.items():
                drawn += save_figure(ds, draw, part / name)
                progress(name)
            for path in drawn:
                _check_own(out_dir, target, f"{FIGURES}/{path.name}", own)
            manifest = read_json(target / MANIFEST)
            manifest["files"] = _entries(manifest["files"], drawn)
            (part / MANIFEST).write_text(manifest_text(manifest), encoding="utf-8")
            (target / FIGURES).mkdir(exist_ok=True)
            os.replace(part / MANIFEST, target / MANIFEST)
            for path in drawn:
                os.replace(path, target / FIGURES / path.name)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{out_dir}: cannot be written: {error.strerror or error}") from error
    return [target / FIGURES / path.name for path in drawn]


def _check_own(out_dir: Path, target: Path, name: str, own: Mapping[str, str]) -> None:
    path = target / name
    if path.exists() and (name not in own or digest(path) != own[name]):
        raise OutputError(f"{out_dir}: {name} is not as it was drawn; move it away, or leave this figure out")


def _entries(before: list[dict[str, object]], drawn: list[Path]) -> list[dict[str, object]]:
    """Return the files of the manifest with the figures, in the order of their paths."""
    found = {str(entry["path"]): entry for entry in before}
    for path in drawn:
        name = f"{FIGURES}/{path.name}"
        found[name] = {"path": name, "bytes": path.stat().st_size, "sha256": digest(path)}
    return sorted(found.values(), key=lambda entry: Path(str(entry["path"])))

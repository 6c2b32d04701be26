"""Everything a run leaves behind, in one folder that appears whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import xarray as xr

from sim.present.folder import KIND, MANIFEST, OutputError, aside, check_target, digest, put_in_place, resolved
from sim.present.spreadsheets import write_decisions, write_events, write_failed, write_series
from sim.present.summary import summary
from sim.results import save
from sim.results.blocks import FOLDER, link_blocks
from sim.results.failed import failures

UNITS_NOTE = (
    "Units stand with every variable of results.nc and every row of series.csv: ammunition in krounds "
    "(thousand rounds, 152 mm equivalent), food in kt grain equivalent, energy in kt oil equivalent, "
    "technology in points, money in MUSD."
)
Progress = Callable[[str], None]
Extra = Callable[[Path], object]
"""Writes a file, or several of that name, at the path that it is given."""


def write_outputs(
    ds: xr.Dataset,
    out_dir: str | Path,
    figures: bool = True,
    progress: Progress | None = None,
    command: str = "",
    blocks: Sequence[Path] = (),
    more: Mapping[str, Extra] | None = None,
) -> list[Path]:
    """Write data, tables, summary and figures of a run to `out_dir` and return their paths.

    The data are in results.nc or, if `ds` is joined from files (`blocks`), in a folder of links to these. `more` are
    files that are not made from `ds`; each is told its path.

    An older run of ours in the folder is replaced. `progress` is told each file's name once it is written;
    `command` goes into the manifest. Interrupted or failed, nothing is left behind and an older run stays.
    """
    check_target(out_dir)
    target = resolved(out_dir)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with aside(target) as folder:
            _fill(ds, folder, figures, progress or _silent, blocks)
            write_more(more or {}, folder, progress or _silent)
            (folder / MANIFEST).write_text(
                json.dumps(_manifest(ds, folder, command), indent=1) + "\n", encoding="utf-8"
            )
            (progress or _silent)(MANIFEST)
            files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
            put_in_place(folder, target)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{out_dir}: cannot be written: {error.strerror or error}") from error
    return [target / name for name in files]


def _silent(_: str) -> None:
    """Progress that nobody watches."""


def _fill(ds: xr.Dataset, folder: Path, figures: bool, progress: Progress, blocks: Sequence[Path]) -> None:
    """Write every file of a run but the manifest into `folder`."""
    if blocks:
        link_blocks(ds, blocks, folder / FOLDER)
    else:
        save(ds, folder / "results.nc")
    progress(FOLDER if blocks else "results.nc")
    writers: dict[str, Callable[[xr.Dataset, Path], object]] = {
        "series.csv": write_series,
        "events.csv": write_events,
        **({"decisions.csv": write_decisions} if "terms" in ds else {}),
        **({"failed.csv": write_failed} if failures(ds) else {}),
        "summary.md": _write_summary,
    }
    for name, writer in writers.items():
        writer(ds, folder / name)
        progress(name)
    if figures:
        _write_figures(ds, folder / "figures", progress)


def write_more(more: Mapping[str, Extra], folder: Path, progress: Progress) -> None:
    """Files that come from elsewhere, by their path in the folder."""
    for name, write in more.items():
        (folder / name).parent.mkdir(exist_ok=True)
        write(folder / name)
        progress(name)


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

"""A folder of files made from several runs: whole or not at all, each file with its origin, the manifest last."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.analysis.origin import hashes, origin_text, versions_text
from sim.present.folder import KIND, MANIFEST, OutputError, aside, check_target, digest, put_in_place, resolved
from sim.present.outputs import Extra, write_more
from sim.present.style import DPI, SMALL_PRINT, styled
from sim.results.store import disk_errors_told

Writer = Callable[[xr.Dataset, Path], object]
Draw = Callable[[xr.Dataset], Figure]
Progress = Callable[[str], None]


def publish(
    ds: xr.Dataset,
    out_dir: Path,
    writers: Mapping[str, Writer],
    figures: Mapping[str, Draw],
    command: str,
    progress: Progress,
    more: Mapping[str, Extra] | None = None,
) -> list[Path]:
    """Write every file aside, then rename the folder into place, and return the paths.

    `more` are files that are not made from `ds`; each is told its path.

    An older folder of ours is replaced. Interrupted or failed, nothing is left behind and an older folder stays.
    """
    check_target(out_dir)
    target = resolved(out_dir)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with aside(target) as folder:
            for name, writer in writers.items():
                writer(ds, folder / name)
                progress(name)
            write_more(more or {}, folder, progress)
            for name, draw in figures.items():
                (folder / "figures").mkdir(exist_ok=True)
                write_figure(ds, draw, folder / "figures" / name)
                progress(name)
            manifest = json.dumps(_manifest(ds, folder, command), indent=1)
            (folder / MANIFEST).write_text(manifest + "\n", encoding="utf-8")
            files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
            progress(MANIFEST)
            put_in_place(folder, target)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{out_dir}: cannot be written: {error.strerror or error}") from error
    return [target / name for name in files]


def _manifest(ds: xr.Dataset, folder: Path, command: str) -> dict[str, Any]:
    """Where the files come from; no time stamps: a repeated run gives the same bytes."""
    return {
        "kind": KIND,
        "content": str(ds.attrs["format"]),
        "title": str(ds.attrs["title"]),
        # `sim run` names what it finds in a folder before it replaces it
        "scenario": {"name": str(ds.attrs["title"])},
        "scenario_hashes": hashes(ds),
        "seed": int(ds.attrs["seed"]),
        "worlds": int(ds.attrs["worlds"]),
        "code_version": str(ds.attrs["code_version"]),
        "versions": json.loads(ds.attrs["versions"]),
        "command": command,
        "files": [
            {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": digest(path)}
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ],
        "scenarios": json.loads(ds.attrs["scenarios"]),
    }


def write_netcdf(ds: xr.Dataset, path: Path) -> None:
    """NetCDF4, byte for byte the same for the same data; texts as fixed characters, whose bytes never vary."""
    encoding: dict[Any, dict[str, Any]] = {
        name: {"dtype": "S1"} for name, coord in ds.coords.items() if coord.dtype.kind in "UO"
    }
    encoding |= {name: {"zlib": True, "complevel": 1} for name in ds.data_vars}
    if "month" in ds.coords:
        encoding["month"] = {"dtype": "i8", "units": "days since 1970-01-01", "calendar": "proleptic_gregorian"}
    with disk_errors_told():
        ds.to_netcdf(path, engine="netcdf4", format="NETCDF4", encoding=encoding)


def write_csv(ds: xr.Dataset, path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A tidy table; every row ends with where it comes from: seed, worlds, hashes of all scenarios, versions."""
    names = " ".join(f"{name}={found}" for name, found in hashes(ds).items())
    origin = [str(ds.attrs["seed"]), str(ds.attrs["worlds"]), names, versions_text(ds)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*header, "seed", "worlds", "scenario_hashes", "versions"])
        writer.writerows([*row, *origin] for row in rows)


def page(ds: xr.Dataset, title: str, size: tuple[float, float], note: str = "") -> Figure:
    """An empty figure with its title, how to read it, and where it comes from in the last line."""
    width, height = size
    figure = Figure(figsize=size, dpi=DPI)
    FigureCanvasAgg(figure)
    figure.text(0.12 / width, 1.0 - 0.1 / height, title, ha="left", va="top", fontweight="bold", fontsize=16.0)
    small: dict[str, Any] = {"va": "bottom", "fontsize": SMALL_PRINT, "color": "#595959"}
    figure.text(0.12 / width, 0.24 / height, note, ha="left", **small)
    figure.text(0.12 / width, 0.06 / height, origin_text(ds), ha="left", **small)
    return figure


def write_figure(ds: xr.Dataset, draw: Draw, path: Path) -> None:
    """One figure as PNG and SVG, both with their origin inside and the same bytes every time."""
    origin = f"{ds.attrs['title']}; {' '.join(hashes(ds).values())}; {origin_text(ds)}; {versions_text(ds)}"
    with styled(), mpl.rc_context({"svg.hashsalt": f"{origin}{path.name}"}):
        figure = draw(ds)
        words = {"Title": path.name, "Description": origin}
        raster: Any = FigureCanvasAgg(figure)
        raster.print_png(path.with_name(f"{path.name}.png"), metadata=words | {"Software": "sim"})
        vector: Any = FigureCanvasSVG(figure)
        with path.with_name(f"{path.name}.svg").open("w", encoding="utf-8", newline="\n") as file:
            vector.print_svg(file, metadata=words | {"Creator": "sim", "Date": None})

"""Publish a folder of output: whole or not at all, each file with its origin, the manifest last."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from sim.analysis.origin import hashes, is_run, versions_text
from sim.present.atomic import (
    KIND,
    MANIFEST,
    OutputError,
    aside,
    check_target,
    digest,
    manifest_text,
    put_in_place,
    resolved,
)
from sim.present.cells import row_as_text
from sim.present.decisions import as_cells, decisions
from sim.present.spreadsheets import events, failed, series
from sim.present.summary import summary
from sim.results import save
from sim.results.blocks import FOLDER, link_blocks
from sim.results.coordinates import described
from sim.results.failures import failures
from sim.results.netcdf import write
from sim.results.store import label_encoding
from sim.texts import LANGUAGES
from sim.texts.spoken import speaking

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UNITS_NOTE = (
    "Every variable of results.nc and every row of series.csv has its unit: ammunition in krounds "
    "(thousand rounds, 152 mm equivalent), food in kt grain equivalent, energy in kt oil equivalent, "
    "technology in points, money in MUSD."
)
Content = xr.Dataset | str | Iterable[Sequence[object]] | Callable[[Path], object]
"""Content of a file: data (NetCDF), text, rows of a table with its header first, or a function that writes a path."""
Draw = Callable[[xr.Dataset], "Figure"]
RESULTS = "results.nc"


def publish(
    ds: xr.Dataset,
    out_dir: str | Path,
    files: Mapping[str, Content],
    figures: Mapping[str, Draw],
    command: str = "",
    progress: Callable[[str], None] = lambda _: None,
    *,
    vector: bool = True,
) -> list[Path]:
    """Write every file aside, then rename the folder into place; return the paths.

    An older folder of this program is replaced. `progress` is called with each file's name once it is written;
    `command` goes into the manifest. Figures are PNG and, if `vector`, SVG too.
    On an error or interrupt nothing is left behind and an older folder stays.
    Raises OutputError.
    """
    check_target(out_dir)
    target = resolved(out_dir)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with aside(target) as folder, ThreadPoolExecutor(1) as other:
            # Compressing the data keeps one processor busy, and tables and figures another.
            data = {name: other.submit(_write, ds, files[name], folder / name) for name in files if name == RESULTS}
            for name, content in files.items():
                if name not in data:
                    _write(ds, content, folder / name)
                    progress(name)
            for path in _draw(ds, figures, folder, vector):
                progress(path.relative_to(folder).as_posix())
            for name, written in data.items():
                written.result()
                progress(name)
            (folder / MANIFEST).write_text(
                manifest_text(_manifest(ds, folder, command)), encoding="utf-8", newline="\n"
            )
            progress(MANIFEST)
            names = _files(folder)
            put_in_place(folder, target)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{out_dir}: cannot be written: {error.strerror or error}") from error
    return [target / name for name in names]


def run_files(ds: xr.Dataset, blocks: Sequence[Path] = (), *, tables: bool = False) -> dict[str, Content]:
    """Return the files of a run: its data in results.nc or, if `ds` is joined from `blocks`, as links to these.

    Large `tables`, which can be made of the data at any time, are left out unless they are wanted at once.
    """
    return {
        **({FOLDER: partial(link_blocks, ds, blocks)} if blocks else {RESULTS: partial(save, ds)}),
        **({f"{name}.csv": rows() for name, rows in tables_of(ds).items()} if tables else {}),
        "events.csv": events(ds),
        **failed_file(ds),
        "summary.md": summary(ds),
    }


def tables_of(ds: xr.Dataset) -> dict[str, Callable[[], Iterable[Sequence[object]]]]:
    """Return the tables that are made of a run on demand: name -> function that yields the rows."""
    tables: dict[str, Callable[[], Iterable[Sequence[object]]]] = {"series": partial(series, ds)}
    return tables | ({"decisions": lambda: as_cells(decisions(ds))} if "terms" in ds else {})


def failed_file(ds: xr.Dataset) -> dict[str, Content]:
    """Return the table of the worlds that were set aside, if there are any."""
    return {"failed.csv": partial(write_rows, failed(ds))} if failures(ds) else {}


def _write(ds: xr.Dataset, content: Content, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    if isinstance(content, xr.Dataset):
        write_netcdf(content, path)
    elif isinstance(content, str):
        path.write_text(content, encoding="utf-8", newline="\n")
    elif callable(content):
        content(path)
    else:
        write_rows(content if is_run(ds) else with_origin(ds, content), path)


def _draw(ds: xr.Dataset, figures: Mapping[str, Draw], folder: Path, vector: bool) -> Iterator[Path]:
    if figures:
        from sim.present.page import save_figure  # loads matplotlib

        (folder / "figures").mkdir(exist_ok=True)
        for name, draw in figures.items():
            yield from save_figure(ds, draw, folder / "figures" / name, vector=vector)


def _manifest(ds: xr.Dataset, folder: Path, command: str) -> dict[str, Any]:
    """Return origin and content of the files; no time stamps: a repeated run gives the same bytes."""
    attrs, title = ds.attrs, str(ds.attrs["title"])
    common = {"code_version": str(attrs["code_version"]), "versions": json.loads(attrs["versions"])}
    files = [
        {"path": name, "bytes": (folder / name).stat().st_size, "sha256": digest(folder / name)}
        for name in _files(folder)
    ]
    if is_run(ds):
        return {
            **{"kind": KIND, "title": title, "scenario_hash": str(attrs["scenario_hash"]), "seed": int(attrs["seed"])},
            **{"worlds": ds.sizes["world"], "months": ds.sizes["month"], **common},
            **{"changed": json.loads(attrs["changed"]), "command": command, "units": UNITS_NOTE, "files": files},
            "scenario": json.loads(attrs["scenario"]),
        }
    return {
        # `sim run` reports the older run that it replaces by this name
        **{"kind": KIND, "content": str(attrs["format"]), "title": title, "scenario": {"name": title}},
        **{"scenario_hashes": hashes(ds), "seed": int(attrs["seed"]), "worlds": int(attrs["worlds"]), **common},
        **{"command": command, "files": files, "scenarios": json.loads(attrs["scenarios"])},
    }


def _files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]


def write_netcdf(ds: xr.Dataset, path: Path) -> None:
    """Write NetCDF4, byte for byte the same for the same data."""
    write(described(ds), path, label_encoding(ds) | {name: {"zlib": True, "complevel": 1} for name in ds.data_vars})


def write_rows(rows: Iterable[Sequence[object]], path: Path) -> None:
    """Write CSV with bare newlines, in English whatever is spoken: the same rows give the same bytes."""
    with path.open("w", encoding="utf-8", newline="") as file, speaking(LANGUAGES[0]):  # a row may be made only now
        csv.writer(file, lineterminator="\n").writerows(map(row_as_text, rows))


def with_origin(ds: xr.Dataset, rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    """Yield the rows of a table, each ending with seed, worlds, hashes of all scenarios and versions."""
    names = " ".join(f"{name}={found}" for name, found in hashes(ds).items())
    origin = (ds.attrs["seed"], ds.attrs["worlds"], names, versions_text(ds))
    table = iter(rows)
    yield (*next(table), "seed", "worlds", "scenario_hashes", "versions")
    for row in table:
        yield (*row, *origin)

"""Results on disk: NetCDF4, byte for byte the same for the same data, written under another name and then renamed."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.files import aside_name
from sim.results.checked import attribute_problems, read, run_problems, study_problems
from sim.results.dataset import FORMAT
from sim.results.netcdf import write
from sim.results.studied import data_problems
from sim.results.variables import VARIABLES, ResultsError

CHUNK_BYTES = 4_000_000
BIG_BYTES = 100_000


def save(ds: xr.Dataset, path: str | Path) -> Path:
    """Write `ds` to `path` and return it; the file appears whole or not at all. Raises OSError."""
    target = Path(path)
    aside = aside_name(target)
    try:
        write(ds, aside, _encoding(ds))
        os.replace(aside, target)
    finally:
        aside.unlink(missing_ok=True)
    return target


def load(path: str | Path) -> xr.Dataset:
    """Read results into memory. Raises ResultsError for a missing, damaged or foreign file."""
    source = Path(path)
    if not source.exists():
        raise ResultsError(f"{source}: no such file")
    ds = read(source)
    problems = _foreign(ds)
    if problems:
        raise ResultsError("\n".join(f"{source}: {problem}" for problem in problems))
    return ds


def load_study(path: Path) -> xr.Dataset:
    """Read the data of a study into memory. Raises ResultsError if they cannot be read, or are damaged."""
    ds = read(path)
    kind = ds.attrs.get("format")
    known = isinstance(kind, str) and kind.startswith("sim-")
    problems = [*study_problems(ds.attrs), *data_problems(ds)] if known else []
    if problems:
        raise ResultsError("\n".join(f"{path}: {problem}" for problem in problems))
    return ds


def _foreign(ds: xr.Dataset) -> list[str]:
    """Return why `ds` is not results of this program, or not of this version; empty if it is."""
    if ds.attrs.get("format") != FORMAT:
        return [f"not results of this program (format {ds.attrs.get('format', 'absent')!r}, expected {FORMAT!r})"]
    return [*attribute_problems(ds.attrs), *run_problems(ds)]


def label_encoding(ds: xr.Dataset) -> dict[Any, dict[str, Any]]:
    """Return the encoding of coordinates: texts as characters, whose bytes never depend on memory, numbers, months."""
    encoding: dict[Any, dict[str, Any]] = {
        name: {"dtype": "S1"} for name, coord in ds.coords.items() if coord.dtype.kind in "UO"
    }
    encoding |= {name: {"_FillValue": None} for name, coord in ds.coords.items() if coord.dtype.kind == "f"}
    if "month" in ds.coords:
        encoding["month"] = {"dtype": "i8", "units": "days since 1970-01-01", "calendar": "proleptic_gregorian"}
    return encoding


def _encoding(ds: xr.Dataset) -> dict[Any, dict[str, Any]]:
    """Return types, compression and chunks."""
    encoding = label_encoding(ds)
    for name, array in ds.data_vars.items():
        disk = np.dtype(VARIABLES[str(name)].disk)
        entry: dict[str, Any] = {"dtype": disk.str[1:], "_FillValue": None if disk.kind == "i" else np.nan}
        if array.size * disk.itemsize > BIG_BYTES:
            entry |= {"zlib": True, "complevel": 1, "shuffle": True, "chunksizes": _chunks(array, disk.itemsize)}
        encoding[name] = entry
    return encoding


def _chunks(array: xr.DataArray, itemsize: int) -> tuple[int, ...]:
    """Return chunks of whole months, about four megabytes each; parameters are one chunk."""
    per_first = max(1, array.size // max(1, array.shape[0])) * itemsize
    first = int(min(array.shape[0], max(1, CHUNK_BYTES // per_first)))
    return (first, *array.shape[1:])

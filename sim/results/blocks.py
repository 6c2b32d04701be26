"""Ensembles in many files: blocks of worlds as NetCDF, and one Dataset over all of them that reads what is asked for.

A block is a Dataset whose last axis is its worlds. Joined, the variables stay on disk: `ds["stock"].sel(country="PRK")`
reads that country from every block and nothing else, so that memory does not grow with what was recorded.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import xarray as xr
from xarray.backends import BackendArray, CachingFileManager
from xarray.core import indexing

from sim.results.failed import failures, told
from sim.results.store import attribute_problems, disk_errors_told
from sim.results.variables import VARIABLES, ResultsError

Array = np.ndarray
SUFFIX = ".nc"
FOLDER = "results"
ATTRIBUTES = "attributes.json"
READ_ALONE = frozenset({"month", "measure", "series"})
"""Dimensions of which mostly one member is read; each has chunks of its own."""


def to_bytes(ds: xr.Dataset) -> bytes:
    """A block as the bytes of a NetCDF4 file, the same for the same data; in chunks of one month or outcome."""
    with tempfile.TemporaryDirectory(prefix="sim-block-") as folder, disk_errors_told():
        path = Path(folder) / f"block{SUFFIX}"
        ds.to_netcdf(path, engine="netcdf4", format="NETCDF4", encoding=_encoding(ds))
        return path.read_bytes()


def _encoding(ds: xr.Dataset) -> dict[Hashable, dict[str, Any]]:
    encoding: dict[Hashable, dict[str, Any]] = {
        name: {"dtype": "S1"} for name, coord in ds.coords.items() if coord.dtype.kind in "UO"
    }
    if "month" in ds.coords:
        encoding["month"] = {"dtype": "i8", "units": "days since 1970-01-01", "calendar": "proleptic_gregorian"}
    for name, array in ds.data_vars.items():
        kind = np.dtype(VARIABLES[str(name)].disk) if name in VARIABLES else array.dtype
        chunk = tuple(1 if dim in READ_ALONE else size for dim, size in array.sizes.items())
        fill = np.nan if kind.kind == "f" else None
        encoding[name] = {"dtype": kind.str[1:], "_FillValue": fill, "zlib": True, "complevel": 1, "shuffle": True}
        encoding[name]["chunksizes"] = chunk
    return encoding


def join(paths: Sequence[Path]) -> xr.Dataset:
    """One Dataset over the blocks, in the order given.

    Attributes, labels and what no world changes are those of the first; the list of the worlds set aside is of all.
    Raises ResultsError if a file is missing, damaged or does not fit the first.
    """
    if not paths:
        raise ResultsError("no blocks to join")
    files = [_open(path) for path in paths]
    if strange := [path for one, path in zip(files, paths, strict=True) if "world" not in one.coords]:
        raise ResultsError(f"{strange[0]}: is no block of worlds; delete that folder and run again")
    try:
        first = files[0]
        worlds = [np.asarray(one["world"].values) for one in files]
        ends = np.cumsum([len(numbers) for numbers in worlds])
        if (
            np.any(np.diff(np.concatenate(worlds)) <= 0)
            or len({str(one.attrs.get("scenario_hash")) for one in files}) > 1
        ):
            raise ResultsError(
                f"{paths[0].parent}: its blocks do not belong together; delete that folder and run again"
            )
        managers: list[Any] = [CachingFileManager(netCDF4.Dataset, path, mode="r") for path in paths]
        data = {}
        for name, array in first.data_vars.items():
            _check(str(name), files, paths)
            if "world" not in array.dims:
                data[name] = _loaded(array)
                continue
            joined = _Joined(str(name), paths, managers, ends, (*array.shape[:-1], int(ends[-1])), array.dtype)
            data[name] = xr.Variable(array.dims, indexing.LazilyIndexedArray(joined), _attributes(array))
        numbers = xr.Variable("world", np.concatenate(worlds))
        coords = {name: numbers if name == "world" else _loaded(coord) for name, coord in first.coords.items()}
        lost = [failure for one in files for failure in failures(one)]
        return xr.Dataset(data, coords, {**first.attrs, **told(lost)})
    finally:
        for one in files:
            one.close()


def link_blocks(ds: xr.Dataset, blocks: Sequence[Path], place: Path) -> None:
    """Put the blocks of `ds` into a new folder, as links to the same bytes where the disk allows it."""
    place.mkdir()
    for block in blocks:
        try:
            os.link(block, place / block.name)
        except OSError:
            shutil.copyfile(block, place / block.name)
    attributes = {name: value.item() if isinstance(value, np.generic) else value for name, value in ds.attrs.items()}
    (place / ATTRIBUTES).write_text(json.dumps(attributes, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def open_folder(folder: Path) -> xr.Dataset:
    """What `link_blocks` put into the folder of a run; raises ResultsError if it is not there or damaged."""
    place = folder / FOLDER
    attributes = _read_attributes(place / ATTRIBUTES)
    paths = sorted(place.glob(f"*{SUFFIX}"))
    if not paths:
        raise ResultsError(f"{place}: holds no blocks of worlds (files *{SUFFIX}); run again")
    ds = join(paths)
    for name in ("format", "seed"):
        found, told = ds.attrs.get(name, attributes[name]), attributes[name]
        if str(found) != str(told):
            raise ResultsError(f"{place}: its blocks are of {name} {found}, {ATTRIBUTES} says {told}; run again")
    ds.attrs = attributes
    try:
        lost = len(failures(ds))
    except ResultsError as error:
        raise ResultsError(f"{place / ATTRIBUTES}: {error}") from error
    wanted = json.loads(attributes["scenario"]).get("worlds")
    if ds.sizes["world"] + lost != wanted:
        aside = f" and {lost:,} set aside" if lost else ""
        found = f"{ds.sizes['world']:,} worlds{aside}"
        raise ResultsError(f"{place}: its blocks hold {found}, the run had {wanted}; blocks were lost, run again")
    return ds


def _read_attributes(path: Path) -> dict[str, Any]:
    """The attributes that `link_blocks` wrote; raises ResultsError with all that is wrong with them."""
    try:
        attributes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ResultsError(f"{path.parent}: holds no {path.name} that can be read") from error
    if not isinstance(attributes, dict):
        raise ResultsError(f"{path}: is not a table of attributes")
    if problems := attribute_problems(attributes):
        raise ResultsError("\n".join(f"{path}: {problem}" for problem in problems))
    return attributes


def _open(path: Path) -> xr.Dataset:
    try:
        return xr.open_dataset(path, engine="netcdf4", mask_and_scale=False)
    except (OSError, ValueError, RuntimeError, KeyError, IndexError, AttributeError) as error:
        raise ResultsError(f"{path}: cannot be read as NetCDF4, the file is missing or damaged") from error


def _loaded(array: xr.DataArray) -> xr.Variable:
    """A variable in memory as it was before it was written."""
    values = array.values
    return xr.Variable(array.dims, values.astype(str) if values.dtype.kind == "O" else values, _attributes(array))


def _attributes(array: xr.DataArray) -> dict[str, Any]:
    return {str(name): value for name, value in array.attrs.items() if name != "_FillValue"}


def _check(name: str, files: Sequence[xr.Dataset], paths: Sequence[Path]) -> None:
    """Every block must hold the variable in the shape of the first, worlds last."""
    model = files[0][name]
    if "world" in model.dims and model.dims[-1] != "world":
        raise ResultsError(f"{paths[0]}: {name}: worlds are not the last dimension")
    for one, path in zip(files, paths, strict=True):
        same = name in one and one[name].dims == model.dims and one[name].dtype == model.dtype
        if not same or any(one.sizes[dim] != model.sizes[dim] for dim in model.dims if dim != "world"):
            raise ResultsError(f"{path}: {name} does not fit that of {paths[0].name}")


class _Joined(BackendArray):
    """A variable that lies in several files, worlds last; reads only what is indexed."""

    def __init__(
        self,
        name: str,
        paths: Sequence[Path],
        managers: Sequence[Any],
        ends: Array,
        shape: tuple[int, ...],
        dtype: Any,
    ) -> None:
        self.name, self.paths, self.managers, self.ends = name, paths, managers, ends
        self.shape, self.dtype = shape, np.dtype(dtype)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Any, ...]) -> Array:
        """`key` holds one integer, slice or vector of integers for each axis."""
        inner, asked = key[:-1], key[-1]
        wanted = np.atleast_1d(np.arange(self.shape[-1])[asked])
        chosen = [np.arange(size)[part] for size, part in zip(self.shape, inner, strict=False)]
        found = np.empty((*(len(part) for part in chosen if np.ndim(part)), wanted.size), dtype=self.dtype)
        begin = 0
        for path, manager, end in zip(self.paths, self.managers, self.ends, strict=True):
            mine = (wanted >= begin) & (wanted < end)
            if mine.any():
                try:
                    found[..., mine] = self._read_file(manager, inner, wanted[mine] - begin)
                except (OSError, RuntimeError, KeyError, IndexError) as error:
                    raise ResultsError(f"{path}: {self.name} cannot be read, the file is missing or damaged") from error
            begin = int(end)
        return found[..., 0] if np.ndim(np.arange(self.shape[-1])[asked]) == 0 else found

    def _read_file(self, manager: Any, inner: tuple[Any, ...], worlds: Array) -> Array:
        """A run of neighbours is read as a slice, which is much faster than a vector of numbers."""
        first, last = int(worlds.min()), int(worlds.max())
        values = np.asarray(self._variable(manager)[(*inner, slice(first, last + 1))], dtype=self.dtype)
        if np.array_equal(worlds, np.arange(first, last + 1)):
            return values
        return values[..., worlds - first]

    def _variable(self, manager: Any) -> Any:
        variable = manager.acquire().variables[self.name]
        variable.set_auto_maskandscale(False)
        return variable

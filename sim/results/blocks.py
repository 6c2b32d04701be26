"""Ensembles in many files: blocks of worlds as NetCDF, and one Dataset over all of them that reads what is asked for.

A block is a Dataset whose last axis is its worlds. Joined, the variables stay on disk: `ds["stock"].sel(country="PRK")`
reads that country from every block and nothing else, so that memory does not grow with what was recorded.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import netCDF4
import numpy as np
import xarray as xr

from sim.results.cleanup import mark, sweep_away
from sim.results.failures import Failure, failed_attribute, failures, failures_in
from sim.results.lazy import Files, joined
from sim.results.store import attribute_problems
from sim.results.variables import VARIABLES, ResultsError

Array = np.ndarray
SUFFIX = ".nc"
SCRATCH = "sim-block-"
"""Begin of the names of temporary folders."""
FOLDER = "results"
ATTRIBUTES = "attributes.json"
READ_ALONE = frozenset({"month", "measure", "series"})
"""Dimensions of which mostly one member is read; each has chunks of its own."""


def to_bytes(ds: xr.Dataset) -> bytes:
    """A block as the bytes of a NetCDF4 file, the same for the same data; in chunks of one month or outcome.

    The library writes the same bytes to a file only, not to memory, so it is written aside in the temporary folder.
    Raises OSError, which names that folder, where there is no room.
    """
    try:
        with scratch_folder() as folder:
            path = Path(folder) / f"block{SUFFIX}"
            ds.to_netcdf(path, engine="netcdf4", format="NETCDF4", encoding=_encoding(ds))
            return path.read_bytes()
    except (OSError, RuntimeError) as error:  # the library tells a full disk as a RuntimeError without a reason
        raise OSError(
            f"{tempfile.gettempdir()}: a block cannot be written there: {getattr(error, 'strerror', None) or error}; "
            "the disk may be full; make room, or name another folder for temporary files in the variable TMPDIR"
        ) from error


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """A temporary folder that is gone afterwards, or swept away later if this process is killed. Raises OSError."""
    _sweep_once(Path(tempfile.gettempdir()))
    return tempfile.TemporaryDirectory(prefix=f"{SCRATCH}{mark()}-", ignore_cleanup_errors=True)


@cache
def _sweep_once(place: Path) -> None:
    """Remove what killed processes left in a temporary folder."""
    sweep_away(place.glob(f"{SCRATCH}*"))


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


class Layout(NamedTuple):
    """What a block says of itself, without its numbers."""

    attributes: Mapping[str, Any]
    worlds: Array
    variables: Mapping[str, tuple[tuple[str, ...], str, tuple[int, ...]]]
    """Name -> dimensions, type, shape without worlds."""

    @property
    def lost(self) -> list[Failure]:
        """The worlds that were set aside."""
        return failures_in(self.attributes)


def layout(path: Path) -> Layout:
    """The layout of a block; raises ResultsError if the file is missing, damaged or no block."""
    try:
        with netCDF4.Dataset(path) as file:
            worlds = np.asarray(file.variables["world"][:])
            found = {
                name: (
                    variable.dimensions,
                    str(variable.dtype),
                    tuple(file.dimensions[dim].size for dim in variable.dimensions if dim != "world"),
                )
                for name, variable in file.variables.items()
                if name not in file.dimensions
            }
            made = Layout({name: file.getncattr(name) for name in file.ncattrs()}, worlds, found)
        if worlds.ndim != 1 or worlds.dtype.kind not in "iu":
            raise ValueError
        made.lost  # noqa: B018 - damaged lists are told here
    except (OSError, ValueError, TypeError, RuntimeError, LookupError, AttributeError) as error:
        raise ResultsError(
            f"{path}: cannot be read as a block, the file is missing, damaged or of another kind"
        ) from error
    return made


def join(paths: Sequence[Path]) -> xr.Dataset:
    """One Dataset over the blocks, in the order given.

    Attributes, labels and what no world changes are those of the first; the list of the worlds set aside is of all.
    Raises ResultsError if a file is missing, damaged or does not fit the first.
    """
    if not paths:
        raise ResultsError("no blocks to join")
    layouts = [layout(path) for path in paths]
    numbers = np.concatenate([one.worlds for one in layouts])
    if np.any(np.diff(numbers) <= 0) or len({str(one.attributes.get("scenario_hash")) for one in layouts}) > 1:
        raise ResultsError(f"{paths[0].parent}: its blocks do not belong together; delete that folder and run again")
    _check(layouts, paths)
    files = Files(paths, np.cumsum([len(one.worlds) for one in layouts]))
    with _open(paths[0]) as first:
        data = {
            name: xr.Variable(array.dims, joined(str(name), array, files), _attributes(array))
            if "world" in array.dims
            else _loaded(array)
            for name, array in first.data_vars.items()
        }
        world = xr.Variable("world", numbers)
        coords = {name: world if name == "world" else _loaded(coord) for name, coord in first.coords.items()}
        lost = [failure for one in layouts for failure in one.lost]
        return xr.Dataset(data, coords, {**first.attrs, **failed_attribute(lost)})


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


def _check(layouts: Sequence[Layout], paths: Sequence[Path]) -> None:
    """Every block must hold the variables of the first in the same shape, worlds last."""
    model = layouts[0].variables
    for name, (dims, _, _) in model.items():
        if "world" in dims and dims[-1] != "world":
            raise ResultsError(f"{paths[0]}: {name}: worlds are not the last dimension")
    for one, path in zip(layouts, paths, strict=True):
        for name, form in model.items():
            if one.variables.get(name) != form:
                raise ResultsError(f"{path}: {name} does not fit that of {paths[0].name}")

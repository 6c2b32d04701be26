"""Ensembles in many files: blocks of worlds as NetCDF, and one lazy Dataset over all of them.

A block is a Dataset whose last axis is its worlds. Joined, the variables stay on disk: `ds["stock"].sel(country="PRK")`
reads that country from every block and nothing else, so that memory does not grow with what was recorded.
"""

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import netCDF4
import numpy as np
import xarray as xr

from sim.files import is_litter, read_json
from sim.results.checked import attribute_problems, check_file
from sim.results.cleanup import make_folder, mark, remove_orphans
from sim.results.failures import Failure, failed_attribute, failures, failures_in
from sim.results.lazy import Files, joined
from sim.results.netcdf import LOCK, unreadable, write
from sim.results.store import label_encoding
from sim.results.variables import VARIABLES, ResultsError

Array = np.ndarray
SUFFIX = ".nc"
SCRATCH = "sim-block-"
"""Prefix of the names of temporary folders."""
FOLDER = "results"
ATTRIBUTES = "attributes.json"
READ_ALONE = frozenset({"month", "measure", "series"})
"""Dimensions that are mostly read one member at a time; each member is a chunk of its own."""


def to_bytes(ds: xr.Dataset) -> bytes:
    """Return a block as the bytes of a NetCDF4 file, the same for the same data; chunks of one month or outcome.

    The library writes reproducible bytes to a file only, not to memory, so the block passes through a temporary file.
    Raises OSError, which names the temporary folder, if it cannot be written.
    """
    try:
        with scratch_folder() as folder:
            path = Path(folder) / f"block{SUFFIX}"
            write(ds, path, _encoding(ds))
            return path.read_bytes()
    except OSError as error:
        raise OSError(
            f"{tempfile.gettempdir()}: cannot write a block: {getattr(error, 'strerror', None) or error}; "
            "the disk may be full: make room, or set TMPDIR to another folder for temporary files"
        ) from error


@contextmanager
def scratch_folder() -> Iterator[str]:
    """Provide a temporary folder, removed at its end, or later if this process is killed. Raises OSError."""
    place = Path(tempfile.gettempdir())
    _remove_orphans_once(place)
    folder, release = make_folder(place, f"{SCRATCH}{mark()}-")
    try:
        yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        release()


@cache
def lasting_folder() -> str:
    """Return a temporary folder that lasts as long as this process; if it is killed, a later one removes it."""
    folder, release = make_folder(tempfile.gettempdir(), f"{SCRATCH}{mark()}-")
    atexit.register(release)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return str(folder)


@cache
def _remove_orphans_once(place: Path) -> None:
    """Remove what killed processes left in a temporary folder; once in the life of this process."""
    remove_orphans(place.glob(f"{SCRATCH}*"))


def _encoding(ds: xr.Dataset) -> dict[Any, dict[str, Any]]:
    encoding = label_encoding(ds)
    for name, array in ds.data_vars.items():
        kind = np.dtype(VARIABLES[str(name)].disk) if name in VARIABLES else array.dtype
        chunk = tuple(1 if dim in READ_ALONE else size for dim, size in array.sizes.items())
        fill = np.nan if kind.kind == "f" else None
        encoding[name] = {"dtype": kind.str[1:], "_FillValue": fill, "zlib": True, "complevel": 1, "shuffle": True}
        encoding[name]["chunksizes"] = chunk
    return encoding


class Layout(NamedTuple):
    """The metadata of a block, without its numbers."""

    attributes: Mapping[str, Any]
    worlds: Array
    variables: Mapping[str, tuple[tuple[str, ...], str, tuple[int, ...]]]
    """Name -> dimensions, type, shape without worlds."""

    @property
    def lost(self) -> list[Failure]:
        """The worlds that were set aside."""
        return failures_in(self.attributes)


def check_block(path: Path) -> None:
    """Raise ResultsError unless a file can be a block: regular, no link, and no larger inside than it can be."""
    try:
        check_file(path, follow=False)
    except ResultsError as error:
        if "cannot be read as NetCDF4" in str(error) or not path.exists():
            rule = "cannot be read as a block, the file is missing, damaged or of another kind"
            raise ResultsError(f"{path}: {rule}") from error
        raise


def layout(path: Path) -> Layout:
    """Read the layout of a block. Raises ResultsError if the file is missing, damaged or no block."""
    check_block(path)
    try:
        with LOCK, netCDF4.Dataset(path) as file:
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
        made.lost  # noqa: B018 - raises if the list is damaged
    except (OSError, ValueError, TypeError, RuntimeError, LookupError, AttributeError) as error:
        raise unreadable(path, "cannot be read as a block, the file is missing, damaged or of another kind") from error
    return made


def join(paths: Sequence[Path]) -> xr.Dataset:
    """Return one lazy Dataset over the blocks, in the order given.

    Attributes, labels and variables without worlds are those of the first; `failed` lists the failed worlds of all.
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
            else _in_memory(array)
            for name, array in first.data_vars.items()
        }
        world = xr.Variable("world", numbers, first["world"].attrs)
        coords = {name: world if name == "world" else _in_memory(coord) for name, coord in first.coords.items()}
        lost = [failure for one in layouts for failure in one.lost]
        return xr.Dataset(data, coords, {**first.attrs, **failed_attribute(lost)})


def link_blocks(ds: xr.Dataset, blocks: Sequence[Path], place: Path) -> None:
    """Link the blocks of `ds` into a new folder, with its attributes as JSON; copy them where the disk cannot link."""
    place.mkdir()
    for block in blocks:
        try:
            os.link(block, place / block.name)
        except OSError:
            shutil.copyfile(block, place / block.name)
    attributes = {name: value.item() if isinstance(value, np.generic) else value for name, value in ds.attrs.items()}
    (place / ATTRIBUTES).write_text(
        json.dumps(attributes, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
    )


def open_folder(folder: Path) -> xr.Dataset:
    """Open what `link_blocks` wrote into the folder of a run. Raises ResultsError if it is missing or damaged."""
    place = folder / FOLDER
    attributes = _read_attributes(place / ATTRIBUTES)
    paths = sorted(path for path in place.glob(f"*{SUFFIX}") if not is_litter(path.name))
    if not paths:
        raise ResultsError(f"{place}: holds no blocks of worlds (files *{SUFFIX}); run again")
    ds = join(paths)
    for name in ("format", "seed"):
        found, expected = ds.attrs.get(name, attributes[name]), attributes[name]
        if str(found) != str(expected):
            raise ResultsError(f"{place}: its blocks have {name} {found}, {ATTRIBUTES} has {expected}; run again")
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
    """Read the attributes that `link_blocks` wrote. Raises ResultsError with every problem."""
    try:
        attributes = read_json(path)
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path.parent}: {path.name} is missing or cannot be read") from error
    if not isinstance(attributes, dict):
        raise ResultsError(f"{path}: must be a JSON object of attributes, found {type(attributes).__name__}")
    if problems := attribute_problems(attributes):
        raise ResultsError("\n".join(f"{path}: {problem}" for problem in problems))
    return attributes


def _open(path: Path) -> xr.Dataset:
    try:
        return xr.open_dataset(path, engine="netcdf4", mask_and_scale=False)
    except (OSError, ValueError, RuntimeError, KeyError, IndexError, AttributeError) as error:
        raise unreadable(path, "cannot be read as NetCDF4, the file is missing or damaged") from error


def _in_memory(array: xr.DataArray) -> xr.Variable:
    """Read a variable into memory, in the type that it had before it was written."""
    values = array.values
    return xr.Variable(array.dims, values.astype(str) if values.dtype.kind == "O" else values, _attributes(array))


def _attributes(array: xr.DataArray) -> dict[str, Any]:
    return {str(name): value for name, value in array.attrs.items() if name != "_FillValue"}


def _check(layouts: Sequence[Layout], paths: Sequence[Path]) -> None:
    """Raise ResultsError unless every block has the variables of the first in the same shape, worlds last."""
    model = layouts[0].variables
    for name, (dims, _, _) in model.items():
        if "world" in dims and dims[-1] != "world":
            raise ResultsError(f"{paths[0]}: {name}: worlds are not the last dimension")
    for one, path in zip(layouts, paths, strict=True):
        for name, form in model.items():
            if one.variables.get(name) != form:
                raise ResultsError(f"{path}: {name} does not fit that of {paths[0].name}")

"""Read files of NetCDF that somebody else may have written, with every check before anything is loaded.

A small file may declare arrays that no memory holds: what it declares must be what compression could have made of it.
Nothing in such a file is executed; what it says of itself is checked against what this program writes.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import xarray as xr

from sim.files import open_regular, parsed_json, why
from sim.results.coordinates import FIXED
from sim.results.netcdf import LOCK, unreadable
from sim.results.variables import VARIABLES, ResultsError
from sim.scenario.problems import few, shown
from sim.scenario.schema import stored_faults

SIGNATURE = b"\x89HDF\r\n\x1a\n"
"""First bytes of a file of NetCDF4, which is one of HDF5."""
DEFLATE = 1032
"""Most bytes that one byte of a deflated file can stand for (zlib's technical details)."""
SLACK = 1_000_000
"""Bytes of arrays that any file may declare."""
RUN = ("title", "format", "scenario", "scenario_hash", "seed", "code_version", "versions", "changed")
STUDY = ("title", "seed", "worlds", "code_version", "versions")
LISTS = ("scenario_names", "scenario_titles", "scenario_hashes")
"""Attributes of a study: one text for each of its scenarios."""
MOST_NAMED = 5
MISTAKE = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
"""What xarray and the library of NetCDF raise for damaged files."""


def check_file(path: Path, *, follow: bool = True) -> None:
    """Raise ResultsError unless a path is a regular file of NetCDF4 that declares no more than it can hold.

    Nothing but the header is read; with `follow=False` a link is refused.
    """
    try:
        with open_regular(path, follow=follow) as file:
            signature, size = file.read(len(SIGNATURE)), path.stat().st_size
    except OSError as error:
        raise ResultsError(f"{path}: {why(error)}") from error
    other = "cannot be read as NetCDF4, the file is damaged or of another kind"
    if signature != SIGNATURE:
        raise unreadable(path, other)
    try:
        with LOCK, netCDF4.Dataset(path) as held:
            declared = sum(_bytes(variable) for variable in held.variables.values())
    except MISTAKE as error:
        raise unreadable(path, other) from error
    if declared > DEFLATE * size + SLACK:
        raise ResultsError(f"{path}: declares {declared / 1e9:,.1f} GB, which its {size:,} bytes cannot hold")


def _bytes(variable: Any) -> int:
    """Return the bytes that a variable takes in memory; each text of variable length counts as one word."""
    width = variable.dtype.itemsize if isinstance(variable.dtype, np.dtype) else 8
    count = 1
    for size in variable.shape:
        count *= int(size)
    return count * width


def read(path: Path) -> xr.Dataset:
    """Read a checked file into memory. Raises ResultsError."""
    check_file(path)
    try:
        return xr.load_dataset(path, engine="netcdf4")
    except MemoryError as error:
        raise ResultsError(f"{path}: does not fit into the memory of this machine") from error
    except MISTAKE as error:
        raise unreadable(path, "cannot be read as NetCDF4, the file is damaged or of another kind") from error


def attribute_problems(attrs: Mapping[str, Any], required: tuple[str, ...] = RUN) -> list[str]:
    """Return which attributes on the origin of results are missing or damaged, one sentence each."""
    found = []
    for name in required:
        value = attrs.get(name)
        if name not in attrs:
            found.append(f"attribute {name} is missing")
        elif name in ("seed", "worlds"):
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
                found.append(f"attribute {name} is damaged (found {shown(value, 40)!r}, not a whole number from 0)")
        elif not isinstance(value, str) or not _fits(name, value):
            found.append(f"attribute {name} is damaged")
        elif name == "scenario" and (faults := stored_faults(json.loads(value))):
            found.append(f"attribute scenario is damaged ({few(faults, MOST_NAMED)})")
    return found


def study_problems(attrs: Mapping[str, Any]) -> list[str]:
    """Return which attributes on the origin of a study are missing or damaged, one sentence each."""
    found = attribute_problems(attrs, STUDY)
    lists = {name: _list(attrs.get(name)) for name in (*LISTS, "scenarios")}
    for name, one in lists.items():
        texts = name == "scenarios" or all(isinstance(text, str) for text in one)
        if not one or not texts or len(one) != len(lists["scenarios"]):
            found.append(f"attribute {name} is damaged")
    faults = [fault for one in lists["scenarios"] for fault in stored_faults(one)]
    return [*found, f"attribute scenarios is damaged ({few(faults, MOST_NAMED)})"] if faults else found


def run_problems(ds: xr.Dataset) -> list[str]:
    """Return what in the data of a run is not as this program writes it, one sentence each."""
    found = []
    for name, array in ds.data_vars.items():
        spec = VARIABLES.get(str(name))
        if spec is None:
            found.append(f"{shown(name)}: not a variable of the results")
        elif tuple(array.dims) != spec.dims:
            found.append(f"{name}: dimensions {tuple(array.dims)}, expected {spec.dims}")
        elif (unit := array.attrs.get("unit", array.attrs.get("units"))) != spec.units:
            found.append(f"{name}: unit {shown(unit)!r}, expected {spec.units!r}")
        elif array.dtype.kind not in "fiu":
            found.append(f"{name}: holds no numbers")
    return found + label_problems(ds)


def label_problems(ds: xr.Dataset) -> list[str]:
    """Return what is wrong with the labels of the axes of a run."""
    found = []
    for name in ds.dims:
        labels = ds.coords.get(str(name))
        kind = {"month": "M", "world": "iu", "tier": "iu", "option": "iu"}.get(str(name), "UOS")
        if labels is None or labels.dims != (name,) or labels.dtype.kind not in kind:
            found.append(f"{shown(name)}: its labels are missing or damaged")
        elif name in FIXED and {str(one) for one in labels.values} != {str(one) for one in FIXED[str(name)]}:
            found.append(f"{name}: its labels are not those of this version")
        elif len(set(labels.values.tolist())) < labels.size:
            found.append(f"{shown(name)}: labels repeat")
    return found


def _fits(name: str, text: str) -> bool:
    """Return whether the text of an attribute holds what its name says."""
    if name not in ("scenario", "versions", "changed"):
        return True
    try:
        found = parsed_json(text)
    except ValueError:
        return False
    kind = {"versions": str, "changed": list}.get(name, object)
    return isinstance(found, dict) and all(isinstance(one, kind) for one in found.values())


def _list(text: Any) -> list[Any]:
    try:
        found = parsed_json(text) if isinstance(text, str) else []
    except ValueError:
        return []
    return found if isinstance(found, list) else []

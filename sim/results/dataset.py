"""Label and check the recorded arrays of a run: one xarray Dataset."""

import json
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from typing import Any

import numpy as np
import xarray as xr

from sim.results import coordinates
from sim.results.conventions import CONVENTIONS, unit_attributes
from sim.results.coordinates import OPTION_LABELS
from sim.results.variables import VARIABLES, ResultsError
from sim.scenario import Scenario
from sim.scenario.names import BINDING

FORMAT = "sim-results 1"
LIBRARIES = ("mesa", "numpy", "scipy", "xarray", "netCDF4", "matplotlib")


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that shape the numbers and the files."""
    return {"python": platform.python_version()} | {name: _installed(name) for name in LIBRARIES}


@cache
def _installed(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "absent"


@cache
def code_version() -> str:
    """Return the version of this program as installed, or `unknown`."""
    try:
        return metadata.version("sim")
    except metadata.PackageNotFoundError:
        return "unknown"


def build(
    arrays: Mapping[str, np.ndarray], scenario: Scenario, coords: Mapping[str, Sequence[Any]], *, partial: bool = False
) -> xr.Dataset:
    """Label `arrays` (one per row of VARIABLES) and stamp them with their origin.

    `coords` gives `world`, `key` and, one value per option, `actor`, `act` and `partner_of`; it may override
    the fixed coordinates. Months come from the scenario. With `partial`, variables may be missing (large
    ensembles keep chosen series only). Raises ResultsError with all problems at once.
    """
    labels: dict[str, Any] = {**coordinates.FIXED, **coords}
    labels["month"] = np.array(scenario.dates, dtype="datetime64[ns]")
    labels["option"] = np.arange(len(labels.get("act", ())))
    arrays = {**_derived(arrays), **arrays}
    problems = _problems(arrays, labels, partial)
    if problems:
        raise ResultsError("\n".join(problems))
    data = {
        name: xr.Variable(spec.dims, _typed(arrays[name], spec.disk), _attributes(name))
        for name, spec in VARIABLES.items()
        if name in arrays
    }
    used = {dim for spec in data.values() for dim in spec.dims}
    beside = {name: one for name, one in coordinates.companions(labels).items() if used.issuperset(one[0])}
    axes = {name: (name, _coordinate(values)) for name, values in labels.items() if name in used}
    ds = xr.Dataset(data, coords={**axes, **beside}, attrs=origin(scenario))
    for name in ds.coords:
        ds[name].attrs |= coordinates.attributes(str(name))
    return ds


def _derived(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the variables that follow from recorded ones: the room for empties is what is used beside the load."""
    if not {"route_use", "route_capacity", "route_load"} <= arrays.keys():
        return {}
    used = arrays["route_use"] * arrays["route_capacity"][:, :, None]
    return {"route_empties": np.maximum(used - arrays["route_load"], 0.0)}


def _problems(arrays: Mapping[str, np.ndarray], labels: Mapping[str, Any], partial: bool) -> list[str]:
    """Return every missing, unknown or ill-shaped array and missing coordinate, one sentence each."""
    found = [f"{name}: not a variable of the results" for name in arrays if name not in VARIABLES]
    needed = {"world", "key", *OPTION_LABELS}
    found += [f"{name}: coordinate missing" for name in sorted(needed - set(labels))]
    if not partial:
        found += [f"{name}: missing" for name in VARIABLES if name not in arrays]
    sizes = {name: len(values) for name, values in labels.items()}
    for name, spec in VARIABLES.items():
        if name in arrays and all(dim in sizes for dim in spec.dims):
            expected, got = tuple(sizes[dim] for dim in spec.dims), np.shape(arrays[name])
            if expected != got:
                found.append(f"{name}: shape {got}, expected {expected} for {spec.dims}")
    return found


def _typed(values: np.ndarray, disk: str) -> np.ndarray:
    """Return codes as int8, numbers unchanged (float32 is used on disk only)."""
    return np.asarray(values, dtype=np.int8) if disk == "i1" else np.asarray(values)


def _coordinate(values: Any) -> np.ndarray:
    return values if isinstance(values, np.ndarray) else np.array(list(values))


def _attributes(name: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {**unit_attributes(VARIABLES[name].units), "long_name": VARIABLES[name].long_name}
    if name == "binding":
        attributes["flag_values"] = np.arange(len(BINDING), dtype=np.int8)
        attributes["flag_meanings"] = " ".join(BINDING)
    return attributes


def origin(scenario: Scenario) -> dict[str, Any]:
    """Return the attributes of every file made from a run: scenario, hash, seed, versions, changed parameters."""
    changed = {key: [s.value, s.low, s.high, s.origin] for key, s in scenario.changed.items()}
    return {
        "Conventions": CONVENTIONS,
        "title": scenario.title,
        "format": FORMAT,
        "scenario": json.dumps(scenario.to_dict(), sort_keys=True),
        "scenario_hash": scenario.hash,
        "seed": int(scenario.seed),
        "code_version": code_version(),
        "versions": json.dumps(library_versions(), sort_keys=True),
        "changed": json.dumps(changed, sort_keys=True),
    }

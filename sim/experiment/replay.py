"""Run again from the origin stored in a result and say whether the data are the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.experiment.run import run
from sim.results import ResultsError, library_versions, load
from sim.results.dataset import code_version
from sim.scenario import Scenario


@dataclass(frozen=True)
class Replay:
    """What came of running a stored result again."""

    same: bool
    differing: tuple[str, ...]
    "names of the variables that differ"
    versions: dict[str, tuple[str, str]]
    "program or library -> (version then, version now), where they differ"
    faults: tuple[str, ...] = ()
    "what does not fit together inside the stored result"


def replay(folder: str | Path, progress: Callable[[int, int], None] | None = None) -> Replay:
    """Run the scenario stored in `folder`/results.nc (or in that file itself) again and compare all data.

    Raises `sim.results.ResultsError` if the file is missing, damaged or foreign.
    """
    path = _file(Path(folder))
    then = load(path)
    scenario = Scenario.from_dict(_stored(then, "scenario", path))
    before = {**_stored(then, "versions", path), "sim": str(then.attrs["code_version"])}
    today = {**library_versions(), "sim": code_version()}
    versions = {
        name: (before.get(name, "absent"), today.get(name, "absent"))
        for name in sorted({*before, *today})
        if before.get(name) != today.get(name)
    }
    if faults := _faults(then, scenario):
        return Replay(False, (), versions, faults)
    now = run(scenario, progress, first=int(then["world"].values[0]))
    differing = tuple(name for name in map(str, now.data_vars) if not _equal(then, now, name))
    return Replay(not differing, differing, versions)


def _file(path: Path) -> Path:
    """The results of a run's folder; ResultsError if it is the folder of something else."""
    try:
        if not path.is_dir():
            return path
        names = {entry.name for entry in path.iterdir()}
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    if "results.nc" in names:
        return path / "results.nc"
    for kind in ("comparison", "sweep", "sensitivity", "discovery"):
        if f"{kind}.nc" in names:
            what = "sensitivity analysis" if kind == "sensitivity" else kind
            raise ResultsError(f"{path}: is the folder of a {what}; only a run (sim run) can be replayed")
    what = "holds no results.nc, so it is not the folder of a run" if names else "is an empty folder"
    raise ResultsError(f"{path}: {what}")


def _stored(then: xr.Dataset, name: str, path: Path) -> dict[str, Any]:
    """A table that is kept as JSON in an attribute."""
    try:
        table = json.loads(then.attrs[name])
    except (TypeError, ValueError, RecursionError) as error:
        raise ResultsError(f"{path}: attribute {name} is damaged") from error
    if not isinstance(table, dict):
        raise ResultsError(f"{path}: attribute {name} is damaged")
    return table


def _faults(then: xr.Dataset, scenario: Scenario) -> tuple[str, ...]:
    """Where the stored data and attributes do not belong to the stored scenario."""
    try:
        hash_now = scenario.hash
    except (TypeError, ValueError, AttributeError):
        hash_now = ""
    faults = []
    if then.attrs["scenario_hash"] != hash_now:
        faults.append("attribute scenario_hash is not that of the stored scenario")
    if str(then.attrs["seed"]) != str(scenario.seed):
        faults.append(f"attribute seed is {then.attrs['seed']}, that of the stored scenario {scenario.seed}")
    for size, wanted in (("world", scenario.worlds), ("month", scenario.months)):
        if then.sizes.get(size, 0) != wanted or size not in then.coords:
            faults.append(f"{then.sizes.get(size, 0)} {size}s are stored, the stored scenario has {wanted}")
    return tuple(faults)


def _equal(then: xr.Dataset, now: xr.Dataset, name: str) -> bool:
    if name not in then:
        return False
    a, b = then[name].values, now[name].values
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")

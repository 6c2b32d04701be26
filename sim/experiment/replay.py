"""Run again from the origin stored in a result and say whether the data are the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.experiment.block import compute
from sim.experiment.run import run
from sim.experiment.store import tasks
from sim.results import ResultsError, library_versions, load
from sim.results.blocks import FOLDER, open_folder
from sim.results.calibrated import vectors
from sim.results.dataset import code_version
from sim.results.failed import failures
from sim.results.keep import Keep
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


def replay(
    folder: str | Path, levels: Mapping[str, Keep], progress: Callable[[int, int], None] | None = None
) -> Replay:
    """Run the scenario stored in a folder (or in a file results.nc) again and compare all data.

    `levels` are the selections, by name, of which a large ensemble may hold one. Where worlds drew from a calibrated
    set that is no longer there, the values stored with the results are taken (not those of a large ensemble).

    Raises `sim.results.ResultsError` if the file is missing, damaged or foreign.
    """
    path = _file(Path(folder))
    blocks = path.is_dir()
    then = open_folder(path) if blocks else load(path)
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
    if blocks:
        differing = _differing_blocks(then, scenario, levels, progress)
    else:
        scenario, given = _without_set(scenario, then, versions)
        now = run(scenario, progress, first=int(then["world"].values[0]), given=given)
        differing = tuple(name for name in map(str, now.data_vars) if not _equal(then, now, name))
    return Replay(not differing, differing, versions)


def _without_set(
    scenario: Scenario, then: xr.Dataset, versions: dict[str, tuple[str, str]]
) -> tuple[Scenario, dict[str, np.ndarray]]:
    """The scenario, and the values that its worlds drew from a calibrated set, should that set no longer be there.

    That it is not is noted in `versions`.
    """
    if scenario.calibrated is None:
        return scenario, {}
    try:
        vectors(scenario.calibrated.path, scenario.calibrated.digest)
        return scenario, {}
    except ResultsError:
        missing = "not found (its values in the results are taken)"
        versions["calibrated set"] = (scenario.calibrated.digest[:10], missing)
        drawn = then["parameters"]
        return replace(scenario, calibrated=None), {k: drawn.sel(key=k).values for k in scenario.calibrated.keys}


def _differing_blocks(
    then: xr.Dataset,
    scenario: Scenario,
    levels: Mapping[str, Keep],
    progress: Callable[[int, int], None] | None,
) -> tuple[str, ...]:
    """Names of what differs in an ensemble of many blocks, which is run again piece by piece."""
    name = str(then.attrs.get("kept", ""))
    if name not in levels:
        raise ResultsError(f"attribute kept is {name!r}; results of this kind cannot be replayed")
    differing: dict[str, None] = {}
    done = 0
    for task in tasks(replace(scenario, worlds=0), levels[name], scenario.worlds):
        now = compute(task)
        numbers = now["world"].values
        found = np.flatnonzero(np.isin(then["world"].values, numbers))
        mine = then.isel(world=slice(found[0], found[-1] + 1) if found.size else slice(0, 0)).load()
        differing |= {str(one): None for one in now.data_vars if not _equal(mine, now, str(one))}
        done += task.worlds
        if progress is not None:
            progress(done, scenario.worlds)
    return tuple(differing)


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
    if FOLDER in names:
        return path
    for kind in ("comparison", "sweep", "history", "calibration", "sensitivity", "discovery", "policy"):
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
    lost = len(failures(then))
    aside = f" less {lost} set aside" if lost else ""
    for size, wanted in (("world", scenario.worlds - lost), ("month", scenario.months)):
        if then.sizes.get(size, 0) != wanted or size not in then.coords:
            faults.append(f"{then.sizes.get(size, 0)} {size}s are stored, the stored scenario has {wanted}{aside}")
    return tuple(faults)


def _equal(then: xr.Dataset, now: xr.Dataset, name: str) -> bool:
    if name not in then:
        return False
    a, b = then[name].values, now[name].values
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")

"""Run again from the origin stored in a result and say whether the data are the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from sim.experiment.run import run
from sim.results import library_versions, load
from sim.scenario import Scenario


@dataclass(frozen=True)
class Replay:
    """What came of running a stored result again."""

    same: bool
    differing: tuple[str, ...]
    "names of the variables that differ"
    versions: dict[str, tuple[str, str]]
    "library -> (version then, version now), where they differ"


def replay(folder: str | Path, progress: Callable[[int, int], None] | None = None) -> Replay:
    """Run the scenario stored in `folder`/results.nc (or in that file itself) again and compare all data.

    Raises `sim.results.ResultsError` if the file is missing, damaged or foreign.
    """
    path = Path(folder)
    then = load(path / "results.nc" if path.is_dir() else path)
    scenario = Scenario.from_dict(json.loads(then.attrs["scenario"]))
    now = run(scenario, progress, first=int(then["world"].values[0]))
    before, today = json.loads(then.attrs["versions"]), library_versions()
    versions = {
        name: (before.get(name, "absent"), today.get(name, "absent"))
        for name in sorted({*before, *today})
        if before.get(name) != today.get(name)
    }
    differing = tuple(name for name in map(str, now.data_vars) if not _equal(then, now, name))
    return Replay(not differing, differing, versions)


def _equal(then: xr.Dataset, now: xr.Dataset, name: str) -> bool:
    if name not in then:
        return False
    a, b = then[name].values, now[name].values
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")

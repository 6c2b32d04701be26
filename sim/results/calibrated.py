"""Calibrated sets on disk: weighted parameter vectors, their origin, and the scenarios that draw from them."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.files import open_regular, why
from sim.results.checked import STUDY, read, study_problems
from sim.results.dataset import code_version
from sim.results.variables import ResultsError
from sim.scenario import Calibrated, Problem, Scenario, ScenarioError
from sim.scenario.faults import outside
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import few
from sim.scenario.schema import checked_scenario

FORMAT = "sim-calibration 1"
FILE = "calibration.nc"
OPTION = "--calibrated"
REQUIRED = ("scenarios", "scenario_names", "scenario_hashes", "until", "observed", "code_version", "about")
TEXTS = ("until", "observed", "code_version", "about")
FEWEST = 20
"""Effective number of vectors below which single ones decide results."""
MOST_NAMED = 5
"""Most parameters that a message names."""


@dataclass(frozen=True)
class Vectors:
    """The accepted parameter vectors."""

    keys: tuple[str, ...]
    values: np.ndarray
    "(key, vector), in the units of the parameter table."
    weights: np.ndarray
    "(vector), positive, their sum is one."
    attrs: Mapping[str, Any]
    "Attributes of the file: the scenario, observations and versions behind the set."


def digest(path: str | Path) -> str:
    """Return the SHA-256 of a file in hexadecimal. Raises ResultsError if it cannot be read."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ResultsError(f"{path}: {why(error)}") from error


@lru_cache(maxsize=4)
def vectors(path: str, expected: str) -> Vectors:
    """Read the vectors of a file whose SHA-256 is `expected`. Raises ResultsError for another file, or no set."""
    if digest(path) != expected:
        raise ResultsError(f"{path}: is no longer the calibrated set that the scenario was given")
    ds = read(Path(path))
    if ds.attrs.get("format") != FORMAT:
        found = ds.attrs.get("format", "absent")
        raise ResultsError(
            f"{path}: no calibrated set (format {found!r}, expected {FORMAT!r}); sim calibrate makes one"
        )
    if problems := _problems(ds):
        raise ResultsError(f"{path}: {few(problems, MOST_NAMED)} in the calibrated set")
    values, weights = ds["vectors"].transpose("key", "vector").values, ds["weight"].values
    keys = tuple(str(key) for key in ds["key"].values)
    if not (weights.size and np.isfinite(values).all() and (weights > 0.0).all() and np.isfinite(fsum(weights))):
        raise ResultsError(
            f"{path}: the calibrated set holds numbers that are missing, or weights that are not positive"
        )
    wrong = [
        f"{key} {fault}"
        for key, row in zip(keys, values, strict=True)
        if key in PARAMETERS and (fault := outside(key, *np.unique(row).tolist()))
    ]
    if wrong:
        raise ResultsError(f"{path}: the calibrated set holds values that no parameter may have: {few(wrong)}")
    return Vectors(keys, values, weights / fsum(weights), dict(ds.attrs))


def _problems(ds: xr.Dataset) -> list[str]:
    """Return what is missing or damaged in a calibrated set."""
    found = [f"{name} missing" for name in REQUIRED if name not in ds.attrs]
    found += [f"{name} missing" for name in ("vectors", "weight", "key") if name not in ds]
    if found:
        return found
    forms = {"vectors": {"key", "vector"}, "weight": {"vector"}, "key": {"key"}}
    kinds = {"vectors": "f", "weight": "f", "key": "UO"}
    found += [
        f"{name} damaged"
        for name, dims in forms.items()
        if {str(dim) for dim in ds[name].dims} != dims or ds[name].dtype.kind not in kinds[name]
    ]
    if "key damaged" not in found and len(set(map(str, ds["key"].values))) < ds["key"].size:
        found.append("key damaged")
    found += [f"{name} damaged" for name in (*TEXTS, *STUDY[:1]) if not isinstance(ds.attrs.get(name, ""), str)]
    return found + study_problems(ds.attrs)


def opened(path: str | Path) -> tuple[Path, str, Vectors, Scenario]:
    """Return file, SHA-256 and vectors of a set, and the scenario it was made for. Raises ScenarioError if it is none.

    The path of a folder stands for the set in it.
    """
    place = Path(path)
    if os.path.isdir(place):  # Path.is_dir raises for a name that is too long
        place = place / FILE
        if not place.exists():
            rule = f"holds no {FILE}; sim calibrate makes one"
            raise ScenarioError([Problem(OPTION, 0, place.parent.as_posix(), rule)])
    try:
        found = digest(place)
        made = vectors(place.as_posix(), found)
        return place, found, made, checked_scenario(json.loads(made.attrs["scenarios"])[0])
    except ResultsError as error:
        name, _, rule = str(error).partition(": ")
        raise ScenarioError([Problem(OPTION, 0, name, rule)]) from error
    except ScenarioError as error:
        raise ScenarioError(
            [Problem(OPTION, 0, place.as_posix(), problem.rule) for problem in error.problems]
        ) from error


def attach(scenario: Scenario, path: str | Path) -> Scenario:
    """Return the scenario with worlds that draw from a calibrated set the parameters uncertain alike in both.

    A parameter that the scenario (or --set) fixes or gives another range keeps its setting. Raises ScenarioError if
    the file is no set, is of another table of parameters, or shares no uncertain parameter with the scenario.
    """
    place, found, made, then = opened(path)
    if strange := [key for key in made.keys if key not in then.settings]:
        rule = f"the calibrated set names what is no parameter: {few(strange, MOST_NAMED)}"
        raise ScenarioError([Problem(OPTION, 0, place.as_posix(), rule)])
    keys = tuple(
        key
        for key in made.keys
        if scenario.settings[key].uncertain and scenario.settings[key].content == then.settings[key].content
    )
    if not keys:
        rule = f"shares no uncertain parameter with {scenario.name}; calibrate that scenario"
        raise ScenarioError([Problem(OPTION, 0, place.as_posix(), rule)])
    return replace(scenario, calibrated=Calibrated(place.as_posix(), found, keys, str(made.attrs["about"])))


def remarks(scenario: Scenario) -> list[str]:
    """Return warnings on how the set differs from the scenario that draws from it; empty if it does not."""
    if scenario.calibrated is None:
        return []
    made = vectors(scenario.calibrated.path, scenario.calibrated.digest)
    then = Scenario.from_dict(json.loads(made.attrs["scenarios"])[0])
    found = []
    if scenario.name != then.name:
        found.append(f"the set was made for {then.name}; {scenario.name} takes over its parameters")
    elif _early_events(scenario, then) != _early_events(then, scenario):
        found.append(f"{scenario.name} has other events than when the set was made")
    if scenario.start != then.start:
        found.append(f"the set was made from {then.start} on, {scenario.name} begins in {scenario.start}")
    if other := [key for key in made.keys if key not in scenario.calibrated.keys]:
        found.append(
            f"{_counted(other)} set by {scenario.name} or --set, not drawn from the set: {few(other, MOST_NAMED)}"
        )
    if mixed := [key for key in other if then.settings[key].among]:
        found.append(
            f"the vectors of all theories of {' and '.join(mixed)} are used, whichever {scenario.name} follows; "
            "a set made for it would hold those of its own"
        )
    new = [key for key in scenario.uncertain if key not in made.keys]
    if new:
        found.append(f"{_counted(new)} not in the set; {scenario.name} draws from their ranges: {few(new, MOST_NAMED)}")
    if (even := 1.0 / float(np.sum(made.weights**2))) < FEWEST:  # Kish (1965)
        found.append(
            f"its {made.weights.size} vectors weigh as much as {even:.1f} equal ones: single vectors decide the "
            "results, and errors that count worlds do not tell of it"
        )
    if made.attrs["code_version"] != code_version():
        found.append(f"the set was made by version {made.attrs['code_version']}, this is {code_version()}")
    return [f"{OPTION} {scenario.calibrated.path}: {remark}" for remark in found]


def _early_events(scenario: Scenario, other: Scenario) -> list[tuple[object, ...]]:
    """Return the content of the events within the months of both."""
    return [event.content for event in scenario.events if event.month < other.months]


def _counted(keys: Sequence[str]) -> str:
    return "1 parameter is" if len(keys) == 1 else f"{len(keys)} parameters are"

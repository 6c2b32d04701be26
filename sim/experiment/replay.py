"""Replay: run a stored result again from its origin and compare the data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr

from sim.experiment.block import join_kept, parts
from sim.experiment.run import Progress, part_of
from sim.experiment.store import tasks
from sim.results import VARIABLES, ResultsError, library_versions, load
from sim.results.blocks import FOLDER, open_folder
from sim.results.calibrated import vectors
from sim.results.dataset import code_version
from sim.results.digest import HEADLINE
from sim.results.failures import Failure, failures
from sim.results.keep import Keep
from sim.results.opened import lacking
from sim.scenario import Scenario
from sim.scenario.problems import ScenarioError
from sim.scenario.schema import checked_scenario

Array = np.ndarray
STUDIES = {
    "comparison": "a comparison",
    "sweep": "a sweep",
    "history": "a history",
    "calibration": "a calibration",
    "sensitivity": "a sensitivity analysis",
    "information": "an analysis of the value of information",
    "influence": "an influence analysis",
    "discovery": "a discovery",
    "policy": "a policy study",
    "selection": "a selection of theories",
    "explanation": "an explanation",
}
"""File of each study, without its ending, and what the study is called."""


@dataclass(frozen=True)
class Replay:
    """The outcome of running a stored result again."""

    same: bool
    differing: tuple[str, ...]
    "Names of the variables and labels that differ."
    versions: dict[str, tuple[str, str]]
    "Program or library -> (version then, version now), where they differ."
    faults: tuple[str, ...] = ()
    "Contradictions inside the stored result, and worlds that failed only once."
    failed: int = 0
    "Worlds that failed when the result was stored."


def origin(folder: str | Path) -> tuple[xr.Dataset, Scenario]:
    """Return the results in the folder of a run (or of a file results.nc) and the scenario that they come from.

    Raises ResultsError if the file is missing, damaged or foreign, or the folder that of a study.
    """
    path = _results_path(Path(folder))
    then = open_folder(path) if path.is_dir() else load(path)
    return then, checked_scenario(json.loads(then.attrs["scenario"]))


def replay(folder: str | Path, levels: Mapping[str, Keep], progress: Progress | None = None) -> Replay:
    """Run the scenario of a folder (or of a file results.nc) again and compare data, labels and failed worlds.

    `levels` are the selections of what is kept, by name; a result holds one of them. Where worlds drew from a
    calibrated set that is missing now, the values stored with the results are used (a summary holds none).

    Raises `sim.results.ResultsError` if the file is missing, damaged or foreign.
    """
    then, scenario = origin(folder)
    try:
        lost = failures(then)
    except ResultsError as error:
        raise ResultsError(f"{folder}: {error}") from error
    versions = _other_versions(then)
    if faults := _contradictions(then, scenario, lost):
        return Replay(False, (), versions, faults, len(lost))
    keep = _stored_level(then, levels)
    scenario, given = _calibrated_values(scenario, then, lost, versions)
    differing: dict[str, None] = {}
    failed: list[Failure] = []
    for mine, now, aside in _rerun(then, scenario, keep, given, progress):
        failed += aside
        differing |= dict.fromkeys(_differing(mine, now))
    faults = _other_failures(lost, failed)
    return Replay(not differing and not faults, tuple(differing), versions, faults, len(lost))


def completed(then: xr.Dataset, names: Sequence[str], progress: Progress | None = None) -> xr.Dataset:
    """Return the results of a run with variables that were not kept, from running its worlds again.

    `then` may hold a part of the months, options and worlds, in any order of worlds.
    Raises ResultsError if headline series come out otherwise now: old and new numbers do not stand side by side.
    """
    axes = [name for name in ("world", "month", "option") if name not in then.sizes]
    if lacking := [*(name for name in HEADLINE if name not in then), *axes]:
        raise ResultsError(f"{', '.join(lacking)}: not in the results, so their worlds cannot be run again")
    try:
        scenario = checked_scenario(json.loads(then.attrs["scenario"]))
    except ScenarioError as error:
        raise ResultsError(f"{error}; run the scenario again") from error
    scenario, given = _calibrated_values(scenario, then, failures(then), {})
    keep = Keep("completed", (*HEADLINE, *names))
    found: list[xr.Dataset] = []
    for mine, again, _ in _rerun(then.sortby("world"), scenario, keep, given, progress):
        if not again.sizes["world"]:
            continue
        now = again.sel(month=mine["month"], option=mine["option"])
        if differing := [*_differing(mine[list(HEADLINE)], now[list(HEADLINE)])]:
            rule = "this program gives other numbers now than the results hold; run their scenario again"
            raise ResultsError(f"{', '.join(differing)}: {rule}")
        found.append(now[list(names)])
    lost = np.setdiff1d(then["world"].values, [world for one in found for world in one["world"].values.tolist()])
    if lost.size:
        raise ResultsError(f"world {lost[0]}: fails now, and did not then; run the scenario again")
    made = xr.concat(found, "world", data_vars="minimal", coords="minimal", compat="override", join="override")
    made = made.sel(world=then["world"])
    return then.merge(made.transpose(..., "world"), compat="override", join="exact", combine_attrs="override")


def _other_versions(then: xr.Dataset) -> dict[str, tuple[str, str]]:
    before = {**json.loads(then.attrs["versions"]), "sim": str(then.attrs["code_version"])}
    today = {**library_versions(), "sim": code_version()}
    return {
        name: (str(before.get(name, "absent")), today.get(name, "absent"))
        for name in sorted({*before, *today})
        if before.get(name) != today.get(name)
    }


def _stored_level(then: xr.Dataset, levels: Mapping[str, Keep]) -> Keep:
    """Return the level that was kept: by name in an ensemble of many files, by its variables in a single one."""
    if (name := then.attrs.get("kept")) is not None:
        if name not in levels:
            raise ResultsError(f"attribute kept is {name!r}; only {', '.join(levels)} can be replayed")
        return levels[name]
    exact = (keep for keep in levels.values() if keep.reduce is None and set(keep.variables or VARIABLES) == set(then))
    return next(exact, Keep("everything", None))


def _calibrated_values(
    scenario: Scenario, then: xr.Dataset, lost: list[Failure], versions: dict[str, tuple[str, str]]
) -> tuple[Scenario, dict[str, Array]]:
    """Return scenario and stored draws, key -> (worlds), where its calibrated set is missing; else no draws.

    A missing set is noted in `versions`. Raises ResultsError if the results do not hold the draws.
    """
    if scenario.calibrated is None:
        return scenario, {}
    try:
        vectors(scenario.calibrated.path, scenario.calibrated.digest)
        return scenario, {}
    except ResultsError as error:
        if "parameters" not in then:
            raise ResultsError(f"{error}; a summary does not hold the values drawn from it") from error
    versions["calibrated set"] = (scenario.calibrated.digest[:10], "not found (its values in the results are used)")
    given = {}
    for key in scenario.calibrated.keys:
        given[key] = np.empty(scenario.worlds)
        given[key][then["world"].values] = then["parameters"].sel(key=key).values
        for one in lost:
            given[key][one.world] = one.parameters.get(key, scenario.settings[key].value)
    return replace(scenario, calibrated=None), given


def _rerun(
    then: xr.Dataset,
    scenario: Scenario,
    keep: Keep,
    given: Mapping[str, Array],
    progress: Progress | None,
) -> Iterator[tuple[xr.Dataset, xr.Dataset, list[Failure]]]:
    """Yield for each block the data then and now, of worlds that are finite both times, and the failures now."""
    for task in tasks(replace(scenario, worlds=0), keep, scenario.worlds):
        mine = slice(task.first, task.first + task.worlds)
        task = replace(task, given={key: values[mine] for key, values in given.items()})
        report = part_of(progress, task.first * scenario.months, scenario.worlds * scenario.months)
        found = list(parts(task, report))
        failed = [one for one in found if isinstance(one, Failure)]
        if len(failed) == len(found):
            nothing = then.isel(world=slice(0, 0))
            yield nothing, nothing, failed
            continue
        now = join_kept(found, keep)
        both = np.intersect1d(now["world"].values, then["world"].values)
        at, before = (np.flatnonzero(np.isin(one["world"].values, both)) for one in (now, then))
        # Neighbours are read at once: worlds are stored in order.
        near = then.isel(world=slice(before[0], before[-1] + 1) if both.size else slice(0, 0)).load()
        yield near.isel(world=before - before[:1]), now.isel(world=at), failed


def _other_failures(then: list[Failure], now: list[Failure]) -> tuple[str, ...]:
    """Return the worlds that failed only then, only now, or for another reason, one sentence each."""
    before, today = ({one.world: one.reason for one in some} for some in (then, now))
    return tuple(
        f"world {world} {change}"
        for world in sorted({*before, *today})
        if (change := _failure_change(before.get(world), today.get(world)))
    )


def _failure_change(before: str | None, today: str | None) -> str:
    if before == today:
        return ""
    if before is None:
        return f"came through then and fails now ({today})"
    return f"failed then ({before}) and " + (
        "comes through now" if today is None else f"fails for another reason now ({today})"
    )


def _results_path(path: Path) -> Path:
    """Return the path of the results in a run's folder. Raises ResultsError if it is another kind of folder."""
    try:
        if not path.is_dir():
            if not path.exists() and not path.suffix:
                raise ResultsError(lacking(path))
            return path
        names = {entry.name for entry in path.iterdir()}
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    if "results.nc" in names:
        return path / "results.nc"
    if FOLDER in names:
        return path
    for kind, what in STUDIES.items():
        if f"{kind}.nc" in names:
            raise ResultsError(f"{path}: is the folder of {what}; that of a run (sim run) is needed here")
    raise ResultsError(lacking(path))


def _contradictions(then: xr.Dataset, scenario: Scenario, failed: list[Failure]) -> tuple[str, ...]:
    """Return where the stored data and attributes contradict the stored scenario, one sentence each."""
    try:
        hash_now = scenario.hash
    except (TypeError, ValueError, AttributeError):
        hash_now = ""
    if then.attrs["scenario_hash"] != hash_now:
        return ("attribute scenario_hash is not that of the stored scenario",)
    faults = []
    if str(then.attrs["seed"]) != str(scenario.seed):
        faults.append(f"attribute seed is {then.attrs['seed']}, that of the stored scenario {scenario.seed}")
    lost = len(failed)
    aside = f" less {lost} set aside" if lost else ""
    for size, wanted in (("world", scenario.worlds - lost), ("month", scenario.months)):
        if then.sizes.get(size, 0) != wanted or size not in then.coords:
            faults.append(f"{then.sizes.get(size, 0)} {size}s are stored, the stored scenario has {wanted}{aside}")
    if not faults:
        numbers = [*then["world"].values.tolist(), *(one.world for one in failed)]
        if sorted(numbers) != list(range(scenario.worlds)):
            faults.append(f"the worlds are not numbered from 0 to {scenario.worlds - 1}")
    return tuple(faults)


def _differing(then: xr.Dataset, now: xr.Dataset) -> Iterator[str]:
    """Yield the names of the variables and labels that differ in any bit, or are only in one Dataset."""
    for name in dict.fromkeys([*map(str, now.variables), *map(str, then.variables)]):
        if name not in then.variables or name not in now.variables or not _equal(then[name], now[name]):
            yield name


def _equal(then: xr.DataArray, now: xr.DataArray) -> bool:
    a, b = then.values, now.values
    return then.dims == now.dims and np.array_equal(a, b, equal_nan=a.dtype.kind == b.dtype.kind == "f")

"""Small ensembles through the store, for tests of blocks and stores."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

import sim
from sim.analysis.levels import SUMMARY
from sim.experiment.ensemble import Ensemble, run_ensemble
from sim.experiment.run import run
from sim.experiment.store import Store, open_store
from sim.experiment.workers import Workers, in_this_process
from sim.results.keep import Keep
from sim.scenario import Scenario

SMALL = Keep("everything in small blocks", None, worlds=8)
BRIEF = replace(SUMMARY, name="summary in small blocks", worlds=8)


def article(worlds: int = 20, months: int = 2) -> Scenario:
    return sim.load("article", worlds=worlds, months=months)


def nobody() -> None:
    """No interrupt."""


def ensemble(root: Path, scenario: Scenario, keep: Keep, by: Workers | None = None) -> Ensemble:
    """Run an ensemble with a store in `root`."""
    store = open_store(root, scenario, keep)
    if by is not None:
        return run_ensemble(scenario, keep, store, by, lambda done, total: None, nobody)
    with in_this_process() as here:
        return run_ensemble(scenario, keep, store, here, lambda done, total: None, nobody)


def again(root: Path, scenario: Scenario) -> tuple[list[str], Store]:
    """The names of the blocks of another run on the same store, and the store."""
    store = open_store(root, scenario, SMALL)
    with in_this_process() as here:
        return names(run_ensemble(scenario, SMALL, store, here, lambda done, total: None, nobody)), store


def slices(whole: xr.Dataset) -> Callable[..., xr.Dataset]:
    """`run` of some worlds of an ensemble that has been run."""

    def run_again(scenario: Scenario, *_: object, first: int = 0, variables: object = None, **__: object) -> xr.Dataset:
        some = whole if variables is None else whole[list(variables)]  # type: ignore[call-overload]
        return some.isel(world=slice(first, first + scenario.worlds)).copy(deep=True)

    return run_again


def failing(broken: int, odd: int, variable: str, run: Callable[..., xr.Dataset] = run) -> Callable[..., xr.Dataset]:
    """`run`, but a world breaks off with an error of arithmetic, and another's variable is not finite in month 1."""

    def run_badly(scenario: Scenario, *args: object, first: int = 0, **kind: object) -> xr.Dataset:
        if first <= broken < first + scenario.worlds:
            raise FloatingPointError("overflow encountered in exp")
        ds = run(scenario, *args, first=first, **kind)
        if variable in ds and first <= odd < first + scenario.worlds:
            ds[variable].loc[{"world": odd, "month": ds["month"][1], "country": "PRK"}] = np.inf
        return ds

    return run_badly


def names(one: Ensemble) -> list[str]:
    """Names of the blocks: they hold the digest of the bytes."""
    return [path.name for path in one.paths]

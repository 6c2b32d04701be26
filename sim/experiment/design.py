"""The design by which worlds draw their parameters: Latin hypercubes of eight worlds, one after another.

In every group of eight worlds each parameter falls once into each eighth of its distribution (McKay, Beckman and
Conover 1979), so that the main effects of all parameters are balanced in any ensemble of a multiple of eight worlds.
Each parameter has a stream of its own name: point k never changes when worlds are added, nor when a scenario fixes or
frees a parameter, nor when the table gains a row.

A Sobol sequence was tried and dropped: with hundreds of dimensions pairs of them go together (correlations up to 0.4
over 512 points), which would pass one parameter's effect off as another's.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.elementary import exp, log
from sim.experiment.chance import STREAM, stream
from sim.results.calibrated import vectors
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import Calibrated, Scenario, Setting

Array = np.ndarray
CALIBRATED = "the calibrated vector"
"""Name of the stream that chooses among vectors; no parameter is called so."""
STRATA = 8
"""Worlds of one Latin hypercube."""


@lru_cache(maxsize=4096)
def _block(seed: int, key: str, block: int) -> Array:
    """Return the points of one parameter for a block of worlds, shape (STREAM,), uniform on (0, 1)."""
    generator = stream(seed, f"parameter {key}", block)
    strata = generator.permuted(np.tile(np.arange(STRATA), (STREAM // STRATA, 1)), axis=1).ravel()
    points: Array = (strata + generator.random(STREAM)) / STRATA
    return points


def points(seed: int, key: str, first: int, worlds: int) -> Array:
    """Return the points of one parameter, (worlds), for the worlds `first` … `first + worlds - 1`."""
    blocks = range(first // STREAM, (first + worlds - 1) // STREAM + 1)
    drawn = np.concatenate([_block(seed, key, b) for b in blocks])
    start = first - blocks[0] * STREAM
    return drawn[start : start + worlds]


def quantile(setting: Setting, u: Array) -> Array:
    """Return the quantiles of an uncertain parameter at the levels `u`, (worlds), in the unit of its table."""
    if setting.among:
        names = len(setting.among)
        return np.array(setting.among)[np.minimum((u * names).astype(int), names - 1)]
    low, high = float(setting.low or 0.0), float(setting.high or 0.0)
    if setting.distribution == "loguniform":
        return low * exp(u * log(high / low))
    if setting.distribution == "triangular":
        mode = (float(setting.value) - low) / (high - low)
        rising = low + (high - low) * np.sqrt(u * mode)
        falling = high - (high - low) * np.sqrt((1.0 - u) * (1.0 - mode))
        return np.where(u < mode, rising, falling)
    return low + (high - low) * u


def sample(scenario: Scenario, first: int, worlds: int) -> dict[str, Array]:
    """Return the parameter values of the worlds `first` … `first + worlds - 1`: key -> (worlds)."""
    values = {}
    for key in PARAMETERS:
        setting = scenario.settings[key]
        if setting.uncertain:
            values[key] = quantile(setting, points(scenario.seed, key, first, worlds))
        else:
            values[key] = np.full(worlds, float(setting.value))
    return values | calibrated(scenario, first, worlds)


def calibrated(scenario: Scenario, first: int, worlds: int) -> dict[str, Array]:
    """Draw values from the scenario's calibrated set, key -> (worlds); empty without one.

    A world takes all values from one vector, since data inform combinations of parameters. Vectors are drawn by the
    cumulative sum of their weights; every eight worlds take one from each eighth of it.
    Raises `sim.results.ResultsError` if the file of the set is missing or has changed.
    """
    if scenario.calibrated is None:
        return {}
    return values_at(scenario.calibrated, points(scenario.seed, CALIBRATED, first, worlds))


def vectors_at(drawn: Calibrated, levels: Array) -> Array:
    """Return the numbers of the vectors of a set at levels (0 to 1) of their summed weights, (worlds)."""
    weights = vectors(drawn.path, drawn.digest).weights
    return np.asarray(np.searchsorted(np.cumsum(weights)[:-1], levels))


def values_at(drawn: Calibrated, levels: Array) -> dict[str, Array]:
    """Return the values of these vectors of a set, key -> (worlds)."""
    made, numbers = vectors(drawn.path, drawn.digest), vectors_at(drawn, levels)
    rows = {key: row for row, key in enumerate(made.keys)}
    return {key: made.values[rows[key], numbers] for key in drawn.keys}


def vector_of(scenario: Scenario) -> Array | None:
    """Return the number of the vector that each world draws, (worlds); None without a calibrated set."""
    if scenario.calibrated is None:
        return None
    return vectors_at(scenario.calibrated, points(scenario.seed, CALIBRATED, 0, scenario.worlds))

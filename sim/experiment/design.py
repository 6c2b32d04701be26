"""The design by which worlds draw their parameters: a scrambled Sobol sequence, one dimension for each parameter.

The first n points do not change when more are added, nor when a scenario fixes or frees a parameter, because every
row of the parameter table has its own dimension whether it is used or not.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

import numpy as np
from scipy.stats import qmc

from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import Scenario, Setting

Array = np.ndarray


@lru_cache(maxsize=4)
def _points(seed: int, first: int, worlds: int) -> Array:
    """Points `first` … of the sequence, (worlds, parameters)."""
    sequence = qmc.Sobol(d=len(PARAMETERS), scramble=True, rng=np.random.default_rng(seed))
    if first:
        sequence.fast_forward(first)
    with warnings.catch_warnings():
        # balance of 2^n points is nice to have; that point k never changes is what counts here
        warnings.filterwarnings("ignore", message="The balance properties")
        points: Array = sequence.random(worlds)
    return points


def quantile(setting: Setting, u: Array) -> Array:
    """Value of a parameter at the share `u` of its distribution (worlds)."""
    if setting.low is None or setting.high is None or setting.distribution == "fixed" or setting.low == setting.high:
        return np.full(u.shape, float(setting.value))
    low, high = float(setting.low), float(setting.high)
    if setting.distribution == "loguniform":
        return low * (high / low) ** u
    if setting.distribution == "triangular":
        mode = (float(setting.value) - low) / (high - low)
        rising = low + (high - low) * np.sqrt(u * mode)
        falling = high - (high - low) * np.sqrt((1.0 - u) * (1.0 - mode))
        return np.where(u < mode, rising, falling)
    return low + (high - low) * u


def sample(scenario: Scenario, first: int, worlds: int) -> dict[str, Array]:
    """Parameter values of the worlds `first` … `first + worlds - 1`: key -> (worlds)."""
    points = _points(scenario.seed, first, worlds)
    return {key: quantile(scenario.settings[key], points[:, column]) for column, key in enumerate(PARAMETERS)}

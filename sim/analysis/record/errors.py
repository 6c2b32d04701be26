"""The error with which an observation shows what the model means: the claim's own range, and the model's discrepancy.

An observation of a series s on a date t is taken as ``claim = value of the model · exp(shared · ε_s) - e_t``;
`sim.studies.calibrate.likelihood` has the reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.quantiles import Z_90
from sim.analysis.record.file import Observation

Array = np.ndarray
DISCREPANCY = 0.2
"""Standard deviation of the model's error as a share of the value; assumed."""


@dataclass(frozen=True)
class Errors:
    """Errors of observations against the model; the first axis of each array is the observation."""

    series: Array
    "Index of the series of each observation."
    below: Array
    "Standard deviation of the own error where the model lies below the observation, in its unit."
    above: Array
    "The same where it lies above."
    shared: float
    "Standard deviation of the logarithm of the factor that a series shares."

    def narrowed(self, factor: float) -> "Errors":
        """Return the same with all errors multiplied by a factor: for tests of wrong errors."""
        return Errors(self.series, self.below * factor, self.above * factor, self.shared * factor)

    def select(self, chosen: Array) -> "Errors":
        """Return the errors of some observations."""
        return Errors(self.series[chosen], self.below[chosen], self.above[chosen], self.shared)


def errors(claims: Sequence[Observation], discrepancy: float = DISCREPANCY) -> Errors:
    """Return the errors of observations; both sides of each must be positive for `log_likelihood`."""
    names = list(dict.fromkeys(claim.series for claim in claims))
    part = discrepancy / np.sqrt(2.0)

    def side(end: str) -> Array:
        reach = np.array([abs(getattr(claim, end) - claim.central) for claim in claims]) / Z_90
        return np.hypot(reach, part * np.array([abs(claim.central) for claim in claims]))

    numbers = np.array([names.index(claim.series) for claim in claims], dtype=int)
    return Errors(numbers, side("low"), side("high"), part)


def central(claims: Sequence[Observation]) -> Array:
    """Return the central values of the claims, (figure)."""
    return np.array([claim.central for claim in claims])


def synthetic(model: Array, errors: Errors, rng: np.random.Generator) -> Array:
    """Return claims drawn from the error model, (figure, world), for the model's values (figure, world)."""
    factor = np.exp(errors.shared * rng.standard_normal((errors.series.max() + 1, model.shape[1])))
    below, above = errors.below[:, None], errors.above[:, None]
    is_below = rng.random(model.shape) < below / (below + above)
    size = np.abs(rng.standard_normal(model.shape))
    return np.asarray(model * factor[errors.series] - np.where(is_below, -below, above) * size)

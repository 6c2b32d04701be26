"""What observations say about each parameter: prior against posterior, with a test against chance."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, rankdata

Array = np.ndarray
LEVEL = 0.05
"""Chance that at least one parameter seems informed when none is."""
BINS = 20
"""Parts of equal prior probability into which each parameter's range is cut."""


@dataclass(frozen=True)
class Information:
    """What the weights say about each parameter; arrays are (key). Values are ranks in the prior, 0 to 1."""

    shift: Array
    "Shift of the mean in standard deviations of the prior."
    narrowing: Array
    "Standard deviation of the posterior as a share of the prior's: below one, the data narrow the parameter."
    evidence: Array
    "Statistic of Neyman's smooth test that the weights have nothing to do with the parameter."
    threshold: float
    "Value that the largest statistic of all parameters exceeds by chance with probability LEVEL."

    @property
    def informed(self) -> Array:
        """Whether the weights inform each parameter beyond chance, (key)."""
        return self.evidence > self.threshold

    def among(self, ranged: Array) -> "Information":
        """Return the same for all parameters, (key), where only those marked in `ranged` were asked about."""
        shift, narrowing, evidence = np.zeros(len(ranged)), np.ones(len(ranged)), np.zeros(len(ranged))
        shift[ranged], narrowing[ranged], evidence[ranged] = self.shift, self.narrowing, self.evidence
        return Information(shift, narrowing, evidence, self.threshold)


def ranks(parameters: Array) -> Array:
    """Return the worlds' places in the prior of each parameter, (key, world), even over (0, 1); ties share a place."""
    return (np.asarray(rankdata(parameters, axis=-1)) - 0.5) / parameters.shape[-1]


def information(places: Array, weights: Array) -> Information:
    """Return what weights (world) say about parameters whose `places` are `ranks`, (key, world).

    Neyman's smooth test (1937) of order two: the weighted means of the first two Legendre polynomials, less their means
    over the worlds, in units of their standard error if the weights were permuted at random among the worlds:
    Σ w² - 1/n. Their squares add up to a chi-square of two degrees of freedom; its threshold is Bonferroni's.
    """
    worlds = len(weights)
    first = np.sqrt(3.0) * (2.0 * places - 1.0)
    second = np.sqrt(5.0) * (6.0 * places**2 - 6.0 * places + 1.0)
    # At midpoints the second is not zero on average, and with nearly equal weights there would be nothing else.
    first, second = (moment - moment.mean(axis=1, keepdims=True) for moment in (first, second))
    variance = (np.sum(weights**2) - 1.0 / worlds) * worlds / (worlds - 1)
    squares = ((first @ weights) ** 2 + (second @ weights) ** 2) if variance > 1e-12 else np.zeros(len(places))
    middle = places @ weights
    spread = np.sqrt(np.maximum((places**2) @ weights - middle**2, 0.0))
    unit = np.sqrt(1.0 / 12.0)
    return Information(
        (middle - 0.5) / unit, spread / unit, squares / max(variance, 1e-12), float(chi2.isf(LEVEL / len(places), 2))
    )


def shares(places: Array, weights: Array) -> Array:
    """Return the posterior probability of each part of equal prior probability, (key, BINS)."""
    part = np.minimum((places * BINS).astype(int), BINS - 1)
    return np.array([np.bincount(row, weights, BINS) for row in part])


def trade_offs(places: Array, weights: Array, informed: Array) -> list[tuple[int, int, float]]:
    """Return pairs of informed parameters that are correlated after calibration: two indices and rank correlation.

    Only correlations beyond chance (Fisher's z with the effective sample size, Bonferroni), strongest first: the
    data then constrain a combination of the two better than either.
    """
    chosen = np.flatnonzero(informed)
    if len(chosen) < 2:
        return []
    found = np.atleast_2d(np.cov(places[chosen], aweights=weights))
    scale = np.sqrt(np.diag(found))
    together = found / np.outer(scale, scale)
    pairs = [(i, j) for i in range(len(chosen)) for j in range(i)]
    size = 1.0 / np.sum(weights**2)
    limit = np.tanh(np.sqrt(chi2.isf(LEVEL / len(pairs), 1) / max(size - 3.0, 1.0)))
    strong = [(int(chosen[j]), int(chosen[i]), float(together[i, j])) for i, j in pairs if abs(together[i, j]) > limit]
    return sorted(strong, key=lambda pair: -abs(pair[2]))


def drivers(places: Array, model: Array, most: int = 5) -> list[list[tuple[int, float]]]:
    """Return for each modelled value (figure, world) the parameters of largest rank correlation: index and value."""
    worlds = places.shape[1]
    values = ranks(np.nan_to_num(model, nan=-1.0)) - 0.5
    scale = np.maximum(np.sqrt(np.mean(values**2, axis=1)), 1e-12)
    found = (values @ (places - 0.5).T / worlds) / scale[:, None] / np.sqrt(1.0 / 12.0)
    order = np.argsort(-np.abs(found), axis=1)[:, :most]
    return [[(int(j), float(row[j])) for j in chosen] for row, chosen in zip(found, order, strict=True)]

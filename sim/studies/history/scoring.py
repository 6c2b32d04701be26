"""Scores of an ensemble against an observation that is itself a band: CRPS, place in the ensemble, coverage.

An observation is a claim: a central value between a low and a high one. The true value is taken to follow the
triangular distribution with its mode at the central value, so that the claim misses the truth by
error = central - T, T triangular. The ensemble's prediction of the *claim* is therefore each of its values plus such
an error, and that sum is scored against the central value (Anderson 1996, J. Climate 9: 1518; Saetra et al. 2004,
Mon. Wea. Rev. 132: 1487). Scored so, the best ensemble is the distribution of the truth; averaging the score over the
band instead would favour ensembles that imitate the error (Ferro 2017, QJRMS 143: 2665). Every baseline gets the same
error.
"""

from math import comb
from typing import NamedTuple

import numpy as np

from sim.analysis.quantiles import quantiles

Array = np.ndarray
POINTS = 32
"""Equally likely errors by which a band is represented."""


class Score(NamedTuple):
    """Score of one ensemble against one observation."""

    crps: float
    "Unit of the observation; 0 is perfect."
    place: float
    "Share of the ensemble below the observation, ties by half: near 1 the ensemble is too low, near 0 too high."
    levels: tuple[float, ...]
    "Quantiles (QUANTILES) of the ensemble's prediction of the claim."
    in50: bool
    in90: bool


def triangular(share: Array | float, low: float, central: float, high: float) -> Array:
    """Return the quantile of a triangular distribution at `share`, 0 to 1; `central` where the band has no width."""
    u = np.asarray(share, dtype=float)
    width = high - low
    if width <= 0.0:
        return np.full(u.shape, float(central))
    rising = low + np.sqrt(u * width * (central - low))
    falling = high - np.sqrt((1.0 - u) * width * (high - central))
    return np.where(u * width < central - low, rising, falling)


def variance(low: float, central: float, high: float) -> float:
    """Return the variance of the triangular distribution."""
    a, c, b = low, central, high
    return max(0.0, (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0)


def errors(low: float, central: float, high: float, points: int = POINTS) -> Array:
    """Return equally likely errors of a claim, (points): the middles of equal shares of the band."""
    if high <= low:
        return np.zeros(1)
    shares = (np.arange(points) + 0.5) / points
    return central - triangular(shares, low, central, high)


def difference_errors(first: Array, second: Array, points: int = POINTS) -> Array:
    """Return equally likely errors of a difference, second claim - first, (at most points), from those of both.

    The two errors are taken as independent: means of equal shares of all their differences. Errors with a common
    cause would partly cancel.
    """
    every = np.sort((second[:, None] - first).ravel())
    return np.asarray(every.reshape(min(points, len(every)), -1).mean(axis=1))


def mean_gap(values: Array) -> float:
    """Return the mean of |a - b| over all ordered pairs of a vector, pairs of a value with itself included.

    One sort: sum over i < j of (x_j - x_i) = sum_k (2k - n + 1) x_k for rising x, k from 0.
    """
    ordered = np.sort(np.asarray(values, dtype=float).ravel())
    n = len(ordered)
    # centred first: large numbers with small differences would lose digits
    ordered = ordered - ordered[n // 2]
    return float(2.0 * np.sum((2.0 * np.arange(n) - n + 1.0) * ordered) / n**2)


def crps(values: Array, central: float, error: Array | None = None) -> float:
    """Return the fair continuous ranked probability score of `values`, (world), against a claim; unit of the claim.

    E|X + e - c| - E|X + e - X' - e'| / 2 over different worlds X, X' (Gneiting and Raftery 2007, JASA 102: 359, eq.
    21). Only pairs of different worlds count, so that few worlds are not taken for a narrow forecast (Ferro 2014, QJRMS
    140: 1917); an ensemble of few worlds can score a little below zero. One world is a point with the claim's error.
    """
    x = np.asarray(values, dtype=float)
    e = np.zeros(1) if error is None else error
    claims = x[:, None] + e
    far = float(np.abs(claims - central).mean())
    m, own = len(x), mean_gap(e)
    if m == 1:
        return far - own / 2.0
    # all pairs are m² pairs of worlds, m of them of a world with itself
    between = (mean_gap(claims) * m * m - own * m) / (m * (m - 1))
    return far - between / 2.0


def score(values: Array, low: float, central: float, high: float) -> Score:
    """Return CRPS, place and coverage of `values`, (world), against one band."""
    return score_claim(values, central, errors(low, central, high))


def score_claim(values: Array, central: float, error: Array) -> Score:
    """Return the same against a central value whose equally likely errors, (error), are given."""
    claims = (np.asarray(values, dtype=float)[:, None] + error).ravel()
    levels = tuple(float(q) for q in quantiles(claims))
    place = float(((claims < central) + 0.5 * (claims == central)).mean())
    q05, q25, _, q75, q95 = levels
    slack = 1e-9 * max(abs(central), abs(q05), abs(q95))
    return Score(
        crps(values, central, error),
        place,
        levels,
        q25 - slack <= central <= q75 + slack,
        q05 - slack <= central <= q95 + slack,
    )


def skill(model: float, baseline: float, least: float = 0.01) -> float:
    """Return 1 - CRPS / CRPS of the baseline: 1 perfect, 0 equal, negative worse. The ratio is kept to 1/100 … 100."""
    return 1.0 - ratio(model, baseline, least)


def ratio(model: float, baseline: float, least: float = 0.01) -> float:
    """Return CRPS over that of a baseline, kept to `least` … 1/`least`; 1 if both are perfect."""
    a, b = max(model, 0.0), max(baseline, 0.0)
    if a <= 0.0 and b <= 0.0:
        return 1.0
    return float(np.clip(a / b if b > 0.0 else np.inf, least, 1.0 / least))


def chance_of_so_few(inside: int, count: int, nominal: float) -> float:
    """Return the chance that at most `inside` of `count` independent observations lie in a calibrated band."""
    return sum(comb(count, k) * nominal**k * (1.0 - nominal) ** (count - k) for k in range(inside + 1))

"""Scores of an ensemble against several observations of one series as one vector: energy score and variogram score.

CRPS looks at one date at a time and cannot tell whether a world that is high on one date is high on the next.

- Energy score (Gneiting and Raftery 2007, JASA 102: 359, section 4.3): E‖X - y‖ - E‖X - X'‖ / 2, X and X' different
  worlds. Strictly proper, and CRPS if there is one date. It sees errors of size well and those of dependence weakly.
- Variogram score of order 1/2 (Scheuerer and Hamill 2015, Mon. Wea. Rev. 143: 1321): mean over pairs of dates of
  (|y_s - y_t|^½ - E|X_s - X_t|^½)². Proper, not strictly: it is blind to an error that all dates share, and sees the
  shape in time.

Both are fair for a finite ensemble, that is, unbiased for the score of the distribution that its worlds are drawn
from: as in CRPS (Ferro 2014, QJRMS 140: 1917) only pairs of different worlds count, and from the square of a mean of m
worlds its sampling variance, s² / m, is taken. A few worlds can score a little below zero.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import pdist

from sim.analysis.record.file import Observation
from sim.studies.history.paths import seeded
from sim.studies.history.scoring import triangular

Array = np.ndarray
ORDER = 0.5
"""Power of the differences in the variogram score."""
REACH = 24
"""Pairs of observations that are further apart in the list do not enter the variogram score."""
MOST = 4000
"""Most worlds that are compared pair by pair; of more, so many are drawn."""
MOST_COPIES = 64
"""Most draws of the claims' errors for each world."""


class Pair(NamedTuple):
    """Energy score and variogram score, for claims in units of their mean; 0 is perfect."""

    energy: float
    variogram: float


def pair_bytes(worlds: int) -> int:
    """Return the memory of the distances between pairs of worlds."""
    return 4 * min(worlds, MOST) ** 2


def energy(values: Array, claims: Array) -> float:
    """Return the fair energy score of `values`, (date, world), against `claims`, (date); unit of the claims.

    Distances are roots of mean squares over dates, so that many dates and few compare: ‖x‖ = (Σ x² / dates)^½.
    """
    root = np.sqrt(len(claims))
    far = float(np.sqrt(((values - claims[:, None]) ** 2).sum(axis=0)).mean())
    if values.shape[1] == 1:
        return far / float(root)
    return (far - float(pdist(values.T).mean()) / 2.0) / float(root)


def variogram(values: Array, claims: Array) -> float:
    """Return the fair variogram score of `values`, (date, world), against `claims`, (date); unit of the claims.

    Every pair of dates has the same weight; at least two dates are needed.
    """
    worlds, terms = values.shape[1], []
    for k in range(len(claims) - 1):
        beyond = slice(k + 1, k + 1 + REACH)
        gaps = np.abs(values[beyond] - values[k]) ** ORDER
        off = (np.abs(claims[beyond] - claims[k]) ** ORDER - gaps.mean(axis=1)) ** 2
        terms.append(off - gaps.var(axis=1, ddof=1) / worlds if worlds > 1 else off)
    return float(np.concatenate(terms).mean())


def size(rows: Sequence[Observation]) -> float:
    """Return the unit in which a series is scored: the mean central value of its claims, 1 if that is zero.

    One number for every forecast and every date: it cancels in a skill, and no forecast can change it.
    """
    return float(np.mean([row.central for row in rows])) or 1.0


def multivariate(values: Array, rows: Sequence[Observation], seed: str) -> Pair:
    """Return the scores of `values`, (date, world), against the claims `rows`, two or more.

    Each world is a prediction of the truth; the error of each claim is drawn from its range and added
    (`scoring.errors` says why), independent from date to date and world to world. Scores are means over several such
    draws. `seed` is a name: the same one gives the same draws. All values must be finite.
    """
    rng = seeded(f"joint/{seed}")
    if values.shape[1] > MOST:
        values = values[:, rng.choice(values.shape[1], MOST, replace=False)]
    if values.shape[1] == 1:  # a point with the claims' errors
        values = np.repeat(values, 2, axis=1)
    unit = size(rows)
    claims = np.array([row.central for row in rows]) / unit
    bands = [(row.low, row.central, row.high) for row in rows]
    certain = all(low == high for low, _, high in bands)
    copies = 1 if certain else int(np.clip(MOST // values.shape[1], 1, MOST_COPIES))
    found = []
    for _ in range(copies):
        error = np.stack([band[1] - triangular(rng.random(values.shape[1]), *band) for band in bands])
        predicted = (values + error) / unit
        found.append((energy(predicted, claims), variogram(predicted, claims)))
    return Pair(*(float(score) for score in np.mean(found, axis=0)))

"""Does calibration find what is known? Simulation-based calibration on synthetic figures.

Worlds of one ensemble are the truth in turn: each gives rise to synthetic figures through the error model, all others
are weighted by them, and the truth's place in the weighted distribution of a quantity is noted. If the procedure is
right these places are even over (0, 1), whatever the quantity (Cook, Gelman and Rubin 2006; Talts et al. 2018,
arXiv 1804.06788). For parameters that also holds of a procedure that ignores the figures and returns the prior; the
density of the figures themselves is therefore among the quantities (Modrák et al. 2023, Bayesian Analysis).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chisquare

from sim.analysis.record.errors import Errors, synthetic
from sim.studies.calibrate.likelihood import effective, log_likelihood, weights_of

Array = np.ndarray
BINS = 10


@dataclass(frozen=True)
class Places:
    """Where truths lie among the worlds weighted by their synthetic figures."""

    places: Array
    "(quantity, truth), between 0 and 1; the last quantity is the density of the figures."
    sizes: Array
    "Effective sample size for each truth."

    def coverage(self, share: float = 0.9) -> Array:
        """Share of truths in the middle `share` of the weighted worlds, (quantity)."""
        return np.asarray(np.mean(np.abs(self.places - 0.5) <= share / 2.0, axis=1))

    def p_values(self) -> Array:
        """Chi-square test of even places in BINS parts, (quantity)."""
        counts = [np.histogram(row, BINS, (0.0, 1.0))[0] for row in self.places]
        return np.array([chisquare(count).pvalue for count in counts])


def places_of_truths(
    quantities: Array,
    model: Array,
    errors: Errors,
    truths: int,
    rng: np.random.Generator,
    *,
    assumed: Errors | None = None,
    mixed_up: bool = False,
) -> Places:
    """Places of `truths` worlds, drawn by `rng`, in `quantities` (quantity, world); `model` is (figure, world).

    Two ways to be wrong, for controls: `assumed` weights the worlds with other errors than those that made the
    figures; `mixed_up` gives each truth the figures of another.
    """
    chosen = rng.choice(model.shape[1], truths, replace=False)
    claims = synthetic(model[:, chosen], errors, rng)
    if mixed_up:
        claims = np.roll(claims, 1, axis=1)
    order = np.argsort(quantities, axis=1)
    at = np.argsort(order, axis=1)
    places, sizes = np.empty((len(quantities) + 1, truths)), np.empty(truths)
    for number, truth in enumerate(chosen):
        right = log_likelihood(model, claims[:, number], errors)
        used = log_likelihood(model, claims[:, number], assumed) if assumed else right.copy()
        used[truth] = -np.inf
        weights = weights_of(used)
        sizes[number] = effective(weights)
        below = np.cumsum(weights[order], axis=1)
        places[:-1, number] = below[np.arange(len(quantities)), at[:, truth]]
        places[-1, number] = weights[right < right[truth]].sum()
    return Places(places, sizes)

"""Calibration: how well each world agrees with observations, and the weight that follows for its parameters.

An observation of a series s on a date t is taken as

    claim = value of the model · exp(shared · ε_s) - e_t

with ε_s standard normal, one number for the whole series, and e_t independent with a two-piece normal density (Wallis
2014). The two sides of e_t are the claim's own range, low to high taken to hold 90 %, and the model's own error of
that date. So points of one cumulative series do not count as independent: the shared factor is a persistent error of
the model or of the count, such as rounds in a container. The shared and the own error make up the model's
discrepancy, half its variance each. Why a model needs one: Kennedy and O'Hagan (2001, J. R. Stat. Soc. B 63 425);
how parameters go wrong without it: Brynjarsdóttir and O'Hagan (2014, Inverse Problems 30 114007).

Worlds drawn from the prior and weighted by this density are approximate Bayesian computation whose kernel is the
error model, exact if that model is right (Wilkinson 2013, Stat. Appl. Genet. Mol. Biol. 12 129). Importance weights
replace a tolerance, so no summary statistic loses information, and no regression adjustment (Beaumont et al. 2002)
is needed. Parameters that the observations do not inform keep their prior.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from scipy.special import logsumexp

from sim.analysis.quantiles import QUANTILES
from sim.analysis.record.errors import Errors
from sim.analysis.record.file import Observation
from sim.analysis.record.series import value_on

Array = np.ndarray
RULED_OUT = 3.0
"""Implausibility beyond which a world is ruled out (Pukelsheim 1994's rule of three standard deviations)."""


def reduce_run(claims: Sequence[Observation], keys: Sequence[str], ds: xr.Dataset) -> dict[str, Array]:
    """Return `model` (figure, world), the model's value for each claim, and `parameters` (key, world)."""
    model = [value_on(ds, claim.known.reading, claim.date) for claim in claims]
    return {"model": np.array(model, dtype=float), "parameters": np.array(ds["parameters"].sel(key=list(keys)).values)}


def read_by(claims: Sequence[Observation]) -> set[str]:
    """Return the variables that `reduce_run` reads."""
    return {"parameters", *(name for claim in claims for name in claim.known.reading.reads)}


def log_likelihood(model: Array, claimed: Array, errors: Errors) -> Array:
    """Return the log density of the claims, (world), up to a constant; -inf where a value is missing.

    `model` is (figure, world), `claimed` (figure). The factor that a series shares is integrated out on even nodes.
    """
    total = np.zeros(model.shape[1])
    for found in by_series(model, claimed, errors):
        total += found
    return np.where(np.isfinite(total), total, -np.inf)


def by_series(model: Array, claimed: Array, errors: Errors) -> Array:
    """Return the log density of the claims of each series, (series, world); arguments as of `log_likelihood`."""
    found = []
    for number in np.unique(errors.series):
        mine = np.flatnonzero(errors.series == number)
        nodes = _nodes(len(mine))
        each = np.repeat((-0.5 * nodes**2)[:, None], model.shape[1], axis=1)
        for k in mine:
            gap = np.exp(errors.shared * nodes)[:, None] * model[k] - claimed[k]
            each -= 0.5 * (gap / np.where(gap < 0.0, errors.below[k], errors.above[k])) ** 2
        found.append(logsumexp(each, axis=0) - logsumexp(-0.5 * nodes**2))
    density = np.array(found)
    return np.where(np.isfinite(density), density, -np.inf)


def _nodes(figures: int) -> Array:
    """Return even nodes for the shared factor: more for more observations, whose density is narrower."""
    half = 8 + 4 * int(np.ceil(np.sqrt(figures)))
    return np.linspace(-4.0, 4.0, 2 * half + 1)


def deviations(model: Array, claimed: Array, errors: Errors) -> Array:
    """Return the distance of each world from each claim in standard deviations of the whole error, (figure, world)."""
    gap = model - claimed[:, None]
    own = np.where(gap < 0.0, errors.below[:, None], errors.above[:, None])
    return np.asarray(gap / np.hypot(own, errors.shared * np.abs(claimed)[:, None]))


def weights_of(log_likelihoods: Array) -> Array:
    """Return the weights of the worlds, which sum to one; all zero where no world is possible."""
    top = np.max(log_likelihoods)
    if not np.isfinite(top):
        return np.zeros_like(log_likelihoods)
    raised = np.exp(log_likelihoods - top)
    return np.asarray(raised / raised.sum())


def effective(weights: Array) -> float:
    """Return the effective sample size, 1 / Σ w² (Kish 1965)."""
    squares = float(np.sum(weights**2))
    return 1.0 / squares if squares > 0.0 else 0.0


def accepted(weights: Array, count: int) -> tuple[Array, Array]:
    """Return the accepted worlds and how often: `count` even steps through the weights (systematic resampling).

    Kitagawa (1996); the first step is half one, so no random number is needed.
    """
    steps = (np.arange(count) + 0.5) / count
    chosen = np.minimum(np.searchsorted(np.cumsum(weights), steps), len(weights) - 1)
    return np.unique(chosen, return_counts=True)


def weighted_quantiles(values: Array, weights: Array, levels: Sequence[float] = QUANTILES) -> Array:
    """Return quantiles of (..., world) under weights (world), shape (levels, ...)."""
    order = np.argsort(values, axis=-1)
    heights = np.cumsum(weights[order], axis=-1) - 0.5 * weights[order]
    ordered = np.take_along_axis(values, order, axis=-1)
    flat = zip(heights.reshape(-1, len(weights)), ordered.reshape(-1, len(weights)), strict=True)
    found = np.array([np.interp(levels, height, row) for height, row in flat])
    return found.T.reshape(len(levels), *values.shape[:-1])


def crps(values: Array, weights: Array, claimed: Array) -> Array:
    """Return the continuous ranked probability score of each claim, in its unit, (figure); smaller is better.

    E|X - y| - E|X - X'| / 2 under the weights (Gneiting and Raftery 2007); `values` is (figure, world).
    """
    order = np.argsort(values, axis=-1)
    ordered, mass = np.take_along_axis(values, order, axis=-1), weights[order]
    below = np.cumsum(mass, axis=-1)
    spread = np.sum(np.diff(ordered, axis=-1) * (below * (1.0 - below))[..., :-1], axis=-1)
    return np.asarray(np.sum(mass * np.abs(ordered - claimed[:, None]), axis=-1) - spread)

"""Share of the variance of an outcome that learning a parameter removes: the value of information in squared error.

If an outcome Y is told by its mean, learning X lowers the expected squared error from Var(Y) to E[Var(Y|X)], by
Var(E[Y|X]) (Strong, Oakley and Brennan 2014 for a decision; Oakley and O'Hagan 2004 for variances). E[Y|X] is a
regression over the worlds of one ensemble, so the share is its R squared.

*Chance*: R squared of noise is positive. With its mean over permutations (over flips of signs, where worlds share
vectors of a calibrated set), R0, the share is (R - R0) / (1 - R0): zero where nothing is to be learnt, on average.
Flips keep how far an outcome is from its mean where X is extreme, so with few vectors they take off a little too much
of a large share. *Error*: R squared is quadratic in the fit, so its variance has a part that is linear in the error of
the fit, from the influence function of R squared (Williamson, Gilbert, Carone and Simon 2021), and the variance of
noise alone, from the permutations. For normal errors the sum is exact (noncentral chi-squared).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.studies.information.regression import Drawn, Smooth, floors

Array = np.ndarray


@dataclass(frozen=True)
class Worth:
    """What learning each is worth, all (name): a share of the variance, or in the unit of an outcome."""

    value: Array
    "May be a little below zero, by chance."
    error: Array
    "Standard error."
    floor: Array
    "What noise alone reaches for any of them in one of twenty cases."


def removed(smooths: Sequence[Smooth], outcome: Array, shuffles: Array, drawn: Drawn) -> tuple[Worth, Worth]:
    """Return the shares of the variance of an outcome (world) that learning each removes, and their sum.

    `shuffles`, (permutation, world), are those of `drawn`. The outcome must vary. The sum, of one value, is the part of
    the variance that parameters make one by one, where they are drawn independently of each other.
    """
    nearer = np.array([_fit(one, outcome) for one in smooths])
    null = _r_squared(smooths, drawn.without(outcome, shuffles))
    chance = null.mean(axis=0)
    # each is corrected by itself: what the regressions of many parameters take up by chance together is no share of any
    scale = 1.0 / (1.0 - chance)
    value, noise = (nearer.mean(axis=1) - chance) * scale, (null - chance) * scale
    nearer *= scale[:, None]
    each = Worth(value, _error(nearer, value, noise, outcome, drawn), floors(noise))
    total, sums = value.sum(keepdims=True), noise.sum(axis=1, keepdims=True)
    return each, Worth(total, _error(nearer.sum(axis=0, keepdims=True), total, sums, outcome, drawn), floors(sums))


def _fit(one: Smooth, outcome: Array) -> Array:
    """Return how much nearer each world's fit is than the mean, as a share of the variance; its mean is R squared."""
    centred = outcome - outcome.mean()
    left = centred - one.columns @ (one.columns.T @ centred)
    return (centred**2 - left**2) / np.mean(centred**2)


def _r_squared(smooths: Sequence[Smooth], outcomes: Array) -> Array:
    """Return R squared of the regressions, (permutation, name), of outcomes (permutation, world)."""
    centred = outcomes - outcomes.mean(axis=1, keepdims=True)
    whole = np.sum(centred**2, axis=1)
    return np.array([np.sum((centred @ one.columns) ** 2, axis=1) / whole for one in smooths]).T


def _error(nearer: Array, value: Array, noise: Array, outcome: Array, drawn: Drawn) -> Array:
    """Return standard errors, (name), of values; `nearer` is (name, world), `noise` is (permutation, name)."""
    centred = outcome - outcome.mean()
    found = nearer.mean(axis=1)
    influence = nearer - found[:, None] * centred**2 / np.mean(centred**2)
    linear = drawn.variance(influence)
    # the linear part grows with the true share; the share found is larger by what chance adds
    true = np.clip(np.divide(value, found, out=np.zeros_like(value), where=found > 0.0), 0.0, 1.0)
    return np.sqrt(linear * true + noise.var(axis=0))

"""Correlated noise of a baseline on several days, from a seed that is a name."""

import hashlib

import numpy as np

Array = np.ndarray


def seeded(name: str) -> np.random.Generator:
    """Return the random numbers of a name: the same on every computer."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little"))


def of_walk(spread: float, ahead: Array) -> Array:
    """Return the covariance, (day, day), of a random walk with `spread` a root day, so many days after it is known.

    Increments are independent: cov(s, t) = spread² min(s, t).
    """
    return np.asarray(spread**2 * np.minimum.outer(ahead, ahead))


def about_fit(spread: float, days: Array, shared: Array) -> Array:
    """Return the covariance, (day, day), of a regression's predictions whose scatter is `spread`.

    spread² (shared + 1 where the days are the same): `shared` is the uncertainty of the fit, 1 / n + s t / Σ t² of a
    line and 1 / n of a mean.
    """
    return np.asarray(spread**2 * (shared + np.equal.outer(days, days)))


def correlated(covariance: Array, draws: int, rng: np.random.Generator) -> Array:
    """Return normal noise of mean zero with this covariance, (day, draw).

    By the symmetric root: unlike eigenvectors, it has no sign that a library may choose.
    """
    sizes, axes = np.linalg.eigh(covariance)
    root = (axes * np.sqrt(np.maximum(sizes, 0.0))) @ axes.T
    return np.asarray(root @ rng.standard_normal((len(covariance), draws)))

"""Smooth regression of outcomes on what could be learnt: one parameter, or a group of them.

A curve of one parameter is a natural cubic spline through knots at even quantiles of its values; a parameter of few
values gets a step for each. A group is the sum of its parameters' curves and, where the worlds suffice, the products of
each two of them. All are fitted by least squares, so one matrix serves every outcome and every permutation.

Permutations give the noise. Worlds are drawn in Latin hypercubes of a few worlds, so whole hypercubes change places,
and worlds within them: a permuted outcome keeps the evenness of the design and loses what any parameter does to it.

Worlds of one vector of a calibrated set share more than is looked at, and a likely vector is drawn by many worlds. To
exchange vectors would need others of the same number of worlds, and there are few. So the distance of the outcome from
its mean changes its sign in all worlds of a vector, or in none (wild cluster bootstrap with the null hypothesis
imposed; Cameron, Gelbach and Miller 2008). Without any effect, errors e_v of different vectors are independent with
mean zero. With Q the orthonormal columns of a regression, R squared hangs on Q'e = sum over v of Q_v'e_v; the flipped
one, sum of s_v Q_v'e_v, has mean zero and the covariance sum of Q_v'e_v e_v'Q_v, which is what Liang and Zeger (1986)
estimate that of Q'e with. Both tend to the same normal vector as vectors get many and none of them has most worlds. If
errors are symmetric, the flipped outcomes are even exactly as likely as the one found, whatever the number of worlds
of a vector.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

Array = np.ndarray
KNOTS = 5
"""Knots of a curve, ends included: the line and three bends."""
PER_COLUMN = 5
"""Least worlds for each column of a regression."""
PERMUTATIONS = 400
SEED = 20140301
"""Seed of the permutations."""
ALPHA = 0.05
"""Chance that noise lifts any parameter, or any group, above its floor."""


ROUNDING = 1e-9


@dataclass(frozen=True)
class Drawn:
    """How the worlds of an ensemble were drawn, which says how noise is made of them."""

    block: int
    "Worlds of one Latin hypercube."
    vectors: Array | None = None
    "(world), number of the vector of a calibrated set that each draws, if they do."

    def only(self, known: Array) -> "Drawn":
        """Return the same for some worlds, (world) booleans."""
        return Drawn(self.block, None if self.vectors is None else self.vectors[known])

    def shuffles(self, worlds: int, count: int = 0) -> Array:
        """Return what takes any effect away, (count, world): permutations, or over a set signs of whole vectors."""
        if self.vectors is None:
            return permutations(worlds, self.block, count or PERMUTATIONS)
        return flips(self.vectors, count or PERMUTATIONS)

    def without(self, values: Array, shuffles: Array) -> Array:
        """Return `values`, (…, world), as they would be without any effect, by some or one of the shuffles.

        Several shuffles, (count, world), need values of one outcome, (world). Means stay, on average over signs.
        """
        if self.vectors is None:
            return values[..., shuffles]
        mean = values.mean(axis=-1, keepdims=True)
        return np.asarray(mean + shuffles * (values - mean))

    @property
    def cases(self) -> int:
        """Number of vectors; 0 where every world is an independent case."""
        return 0 if self.vectors is None else len(np.unique(self.vectors))

    def half(self, worlds: int) -> Array:
        """Return which worlds are in the first half, (world): every second hypercube, or vector."""
        return (np.arange(worlds) // self.block if self.vectors is None else self.vectors) % 2 == 0

    def error(self, values: Array) -> Array:
        """Return the standard error of a mean over worlds, (…), from `values`, (…, world)."""
        if self.vectors is None:
            return np.asarray(values.std(axis=-1, ddof=1) / np.sqrt(values.shape[-1]))
        return np.sqrt(self.variance(values))

    def variance(self, values: Array) -> Array:
        """Return the variance of a mean over worlds, (…), from `values`, (…, world).

        Worlds of one vector are not independent, vectors are: the sums over vectors count (Liang and Zeger 1986).
        """
        if self.vectors is None:
            return np.asarray(values.var(axis=-1) / values.shape[-1])
        order = np.argsort(self.vectors, kind="stable")
        starts = np.unique(self.vectors[order], return_index=True)[1]
        sums = np.add.reduceat((values - values.mean(axis=-1, keepdims=True))[..., order], starts, axis=-1)
        return np.asarray(np.sum(sums**2, axis=-1) / values.shape[-1] ** 2)


@dataclass(frozen=True)
class Smooth:
    """A regression on some parameters, without its constant."""

    columns: Array
    "(world, column), each of mean zero; orthonormal."
    products: bool
    "Whether products of two parameters are among them; without, a group is only the sum of its curves."


def curve(values: Array) -> Array:
    """Return the columns of the curves of one parameter, (world, column), from its values (world)."""
    from scipy.interpolate import CubicSpline

    distinct = np.unique(values)
    if len(distinct) <= KNOTS:
        return (values[:, None] == distinct[1:]).astype(float)
    knots = np.unique(np.quantile(values, np.linspace(0.0, 1.0, KNOTS)))
    # each cardinal spline is one at its knot; they sum to one, which is the constant, so the first is spared
    cardinal = CubicSpline(knots, np.eye(len(knots)), bc_type="natural")
    return np.asarray(cardinal(values))[:, 1:]


def leads(values: Array) -> Array:
    """Return what stands for one parameter in products, (world, column): its line, or all its steps."""
    steps = curve(values)
    return steps if len(np.unique(values)) <= KNOTS else ((values - values.mean()) / values.std())[:, None]


def smooth(values: Mapping[str, Array], cases: int = 0) -> Smooth:
    """Return the regression on these parameters, key -> (world).

    Products of two need `PER_COLUMN` independent worlds for each column with them; `cases` are fewer than all.
    """
    parts = [curve(column) for column in values.values()]
    pairs = list(combinations([leads(column) for column in values.values()], 2))
    count = sum(part.shape[1] for part in parts) + sum(a.shape[1] * b.shape[1] for a, b in pairs)
    products = bool(pairs) and PER_COLUMN * count <= (cases or len(parts[0]))
    if products:
        parts += [(a[:, :, None] * b[:, None, :]).reshape(len(a), -1) for a, b in pairs]
    whole = np.concatenate(parts, axis=1)
    centred = whole - whole.mean(axis=0)
    columns, triangle = np.linalg.qr(centred)
    # a column that the ones before it make up already, such as a copy, leaves nothing of its own
    own = np.abs(np.diag(triangle)) > ROUNDING * np.linalg.norm(centred, axis=0)
    return Smooth(columns[:, own], products)


def fewest_worlds(parameters: int) -> int:
    """Return the least worlds for the sum of the curves of so many parameters."""
    return PER_COLUMN * (KNOTS - 1) * parameters


def permutations(worlds: int, block: int, count: int = PERMUTATIONS) -> Array:
    """Return permutations of the worlds, (count, world), that move hypercubes of `block` worlds, and worlds in them."""
    generator = np.random.default_rng(SEED)
    cubes = np.arange(worlds) // block
    # sorted by a number of their hypercube, then by one of their own; a last part of a hypercube moves as a whole too
    place = generator.random((count, int(cubes[-1]) + 1))[:, cubes]
    return np.lexsort((generator.random((count, worlds)), place))


def flips(vectors: Array, count: int) -> Array:
    """Return signs of worlds that draw vectors of a set, (count, world): 1 or -1, one for all worlds of a vector."""
    distinct, numbers = np.unique(vectors, return_inverse=True)
    signs = np.random.default_rng(SEED).integers(0, 2, (count, len(distinct)), dtype=np.int8)
    return np.asarray((2 * signs - 1)[:, numbers])


def floors(null: Array) -> Array:
    """Return what noise makes of each, (name), at most in all but `ALPHA` of cases for any of them.

    `null` is what permutations gave, (permutation, name). Its largest value in standard deviations bounds all names at
    once (step one of Westfall and Young 1993).
    """
    centre, spread = null.mean(axis=0), null.std(axis=0)
    scaled = np.divide(null - centre, spread, out=np.zeros_like(null), where=spread > 0.0)
    return np.asarray(centre + np.quantile(scaled.max(axis=1), 1.0 - ALPHA) * spread)


def chosen(values: Mapping[str, Array], keys: Sequence[str]) -> dict[str, Array]:
    """Return the values of some parameters."""
    return {key: values[key] for key in keys}

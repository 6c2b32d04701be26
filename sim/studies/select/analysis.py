"""Which rival theory the record speaks for: pattern-oriented selection, checked on worlds whose theory is known.

*Patterns* of several kinds at once (Grimm et al. 2005, Science 310: 987): what the model says of every comparable
observation, and how often each act was done in the months on record. A pattern of a world is what an observer would
have written down there: the model's value with an error of observation, a count as it is.

*Selection*: approximate Bayesian computation. Linear discriminants reduce the patterns to as many numbers as there are
theories less one (Estoup et al. 2012, Molecular Ecology Resources 12: 846). They are found on the first half of the
worlds, and the odds of a theory are its share among the nearest of that half, each theory with the same prior weight.

*Could it have failed?* The second half is selected for as if each world were the record: the confusion matrix. With
patterns permuted among worlds, each on its own, nothing should be selected. And the record itself must look like a
world: the share of the second half that lies farther from its neighbours than the record does is a test of fit
(Lemaire et al. 2016, arXiv 1601.04096).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
NEAREST = 0.05
"""Share of the first half that counts as near."""
RIDGE = 0.1
"""Share of the pooled variance that is added to each pattern's: with dozens of patterns their covariance is rough."""
BAYES_FACTOR = 3.0
"""Odds against the next theory from which the record speaks for one (Kass and Raftery 1995: positive evidence)."""
CLEAR = 3.0
"""Standard errors by which a difference counts."""
LEAST_HITS = 0.1
"""Least lead over chance in the confusion matrix, as a share of worlds, for patterns that can tell theories apart."""
FIT = 0.05
"""Share of worlds farther out than the record below which no theory fits it."""


@dataclass(frozen=True)
class Selection:
    """What one choice of theories comes to."""

    names: tuple[str, ...]
    odds: Array
    "(theory) share of each among the worlds nearest to the record, equal before."
    errors: Array
    "(theory) standard errors of these, by the number of near worlds."
    confusion: Array
    "(true theory, theory) mean odds over worlds of the second half."
    hits: float
    "Share of these worlds in which the true theory has the largest odds."
    shuffled: float
    "The same with patterns permuted among worlds."
    fit: float
    "Share of the second half farther from its neighbours than the record, 0-1."
    pairs: Array
    "(theory, theory) share of the worlds of either in which the true one has the larger odds of the two."
    tested: int
    "Worlds of the second half."
    leads: Array
    "(pattern, theory) mean of each theory less that of all, in standard deviations of the pattern."

    @property
    def error(self) -> float:
        """Standard error of `hits` if chance alone selected."""
        chance = 1.0 / len(self.names)
        return float(np.sqrt(chance * (1.0 - chance) / self.tested))

    @property
    def can_tell(self) -> bool:
        """Whether the patterns tell these theories apart: by three standard errors, and by as much as matters."""
        lead = self.hits - 1.0 / len(self.names)
        return lead > CLEAR * self.error and lead > LEAST_HITS

    @property
    def against(self) -> tuple[str, ...]:
        """Theories that the record speaks against; none where patterns cannot tell, or no theory fits.

        Its odds are at most one in BAYES_FACTOR of the best, clearly so beside their errors, and patterns tell worlds
        of these two apart.
        """
        if not self.can_tell or self.fit < FIT:
            return ()
        best = int(np.argmax(self.odds))
        beaten = self.odds * BAYES_FACTOR <= self.odds[best]
        clear = self.odds[best] - self.odds > CLEAR * np.hypot(self.errors[best], self.errors)
        of_two = 2.0 * self.tested / len(self.names)
        told = self.pairs[best] - 0.5 > max(CLEAR * float(np.sqrt(0.25 / of_two)), LEAST_HITS)
        return tuple(name for name, out in zip(self.names, beaten & clear & told, strict=True) if out)

    @property
    def chosen(self) -> str | None:
        """The theory that the record speaks for: against all others. None where it speaks for none."""
        left = [name for name in self.names if name not in self.against]
        return left[0] if len(left) == 1 else None


def select(patterns: Array, record: Array, groups: Mapping[str, Array], seed: int) -> Selection:
    """Return what the `record` (pattern) says of the theories.

    patterns is (pattern, world); `groups` name -> (world) booleans says which worlds follow which theory. Patterns that
    are the same in all worlds say nothing and are left out.
    """
    names, truth = tuple(groups), np.argmax(np.stack(list(groups.values())), axis=0)
    varies = np.ptp(patterns, axis=1) > 0.0
    centre, scale = patterns[varies].mean(axis=1), patterns[varies].std(axis=1)
    cloud = ((patterns[varies] - centre[:, None]) / scale[:, None]).T
    seen = (record[varies] - centre) / scale
    half = len(cloud) // 2
    near = _Near(cloud[:half], truth[:half], len(names))
    odds, errors = near.odds(seen[None])
    mine = near.odds(cloud[half:])[0]
    mixed = np.random.default_rng(seed).permuted(cloud[half:], axis=0)
    apart = np.append(_apart(cloud[half:], cloud[:half]), _apart(seen[None], cloud[:half]))
    known = truth[half:]
    leads = np.full((len(varies), len(names)), 0.0)
    leads[varies] = np.stack([cloud[truth == k].mean(axis=0) for k in range(len(names))], axis=1)
    return Selection(
        names=names,
        odds=odds[0],
        errors=errors[0],
        confusion=np.stack([mine[known == k].mean(axis=0) for k in range(len(names))]),
        hits=float((mine.argmax(axis=1) == known).mean()),
        shuffled=float((near.odds(mixed)[0].argmax(axis=1) == known).mean()),
        pairs=_pairs(mine, known, len(names)),
        fit=float((apart[:-1] >= apart[-1]).mean()),
        tested=len(known),
        leads=leads,
    )


def _pairs(odds: Array, truth: Array, theories: int) -> Array:
    """Return how often, of two theories, the true one has the larger odds, (theory, theory); ties count one half."""
    found = np.full((theories, theories), 0.5)
    for i in range(theories):
        for j in range(theories):
            lead = np.concatenate([(odds[:, i] - odds[:, j])[truth == i], (odds[:, j] - odds[:, i])[truth == j]])
            if i != j and len(lead):
                found[i, j] = float(((lead > 0.0) + (lead == 0.0) / 2.0).mean())
    return found


class _Near:
    """Worlds of known theories, and the odds of each theory near a point."""

    def __init__(self, cloud: Array, truth: Array, theories: int) -> None:
        self._axes = discriminants(cloud, truth, theories)
        self._places, self._truth = cloud @ self._axes, truth
        self._weights = 1.0 / np.bincount(truth, minlength=theories)
        self._count = max(int(NEAREST * len(cloud)), theories)

    def odds(self, points: Array) -> tuple[Array, Array]:
        """Return odds and their standard errors, (point, theory) each, of `points` (point, pattern)."""
        away = ((points @ self._axes)[:, None] - self._places[None]) ** 2
        nearest = np.argpartition(away.sum(axis=2), self._count - 1, axis=1)[:, : self._count]
        weight = np.zeros((len(points), len(self._weights)))
        for theory, one in enumerate(self._weights):
            weight[:, theory] = one * (self._truth[nearest] == theory).sum(axis=1)
        share = weight / weight.sum(axis=1, keepdims=True)
        middle = (share * self._count + 0.5) / (self._count + 1.0)  # Jeffreys: none of a few dozen is not never
        return share, np.sqrt(middle * (1.0 - middle) / (self._count + 2.0))


def discriminants(cloud: Array, truth: Array, theories: int) -> Array:
    """Return the directions in which theories differ most, (pattern, theories - 1), for (world, pattern) points.

    Fisher's linear discriminants: the largest spread between the means of theories beside that within them, the latter
    shrunk towards its diagonal by RIDGE.
    """
    means = np.stack([cloud[truth == k].mean(axis=0) for k in range(theories)])
    inside = cloud - means[truth]
    within = inside.T @ inside / len(cloud)
    within += RIDGE * np.diag(np.diag(within) + 1e-12)
    root = np.linalg.cholesky(within)
    spread = np.linalg.solve(root, (means - means.mean(axis=0)).T)
    left = np.linalg.svd(spread, full_matrices=False)[0][:, : theories - 1]
    return np.linalg.solve(root.T, left)


def _apart(points: Array, cloud: Array) -> Array:
    """Return the mean distance of each point to its nearest worlds, over all patterns, (point)."""
    count = max(int(NEAREST * len(cloud)), 1)
    squares = (points**2).sum(axis=1)[:, None] + (cloud**2).sum(axis=1)[None] - 2.0 * points @ cloud.T
    return np.sqrt(np.maximum(np.partition(squares, count - 1, axis=1)[:, :count], 0.0)).mean(axis=1)

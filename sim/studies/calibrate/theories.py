"""Weights of rival theories: what the observations say of them, and stacking of what they predict.

`posterior`: the share of all weight that falls on the worlds of a theory, ABC model choice (Toni et al. 2009, J. R.
Soc. Interface 6 187). The observations themselves are compared, not summaries of them, so that the weights are those of
the error model (Robert et al. 2011, PNAS 108 15112, show what goes wrong with summaries).

`stacking`: weights of a mixture by how well it predicts (Yao, Vehtari, Simpson and Gelman 2018, Bayesian Analysis 13
917). Each series is predicted by worlds weighted by all other series, since points of one series share an error. The
mixture of the best log score sits in a corner as soon as theories predict nearly alike: with a handful of series it
turns on noise. So the weights are the mean over mixtures weighted by their score, from a prior that is even over the
simplex (Yao, Pirš, Vehtari and Gelman 2022, Bayesian Analysis 17 1043); theories that predict alike share alike. The
best mixture is told beside it. Stacking takes no theory as true; the posterior asks which one is, if one is.

`equal`: each theory keeps the odds with which it was drawn; only its parameters are calibrated.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import LinearConstraint, minimize
from scipy.special import logsumexp

from sim.analysis.theories import choices_in
from sim.scenario import PARAMETERS, Scenario
from sim.studies.calibrate.likelihood import effective, weighted_quantiles, weights_of

Array = np.ndarray
POSTERIOR, STACKING, EQUAL = KINDS = ("posterior", "stacking", "equal")
MIXTURES = 2**17
"""Mixtures drawn to average over."""
ENDS = 0.05, 0.95
NOTHING = 1e-9
"""Weight below which the search for the best mixture means zero."""


@dataclass(frozen=True)
class Theories:
    """The theories that worlds follow: one name of every choice that differs. Arrays end with (theory)."""

    of: Array
    "Theory of each world, (world)."
    prior: Array
    "Share of the worlds."
    posterior: Array
    mixtures: Array
    "Weights of drawn mixtures, (mixture, theory)."
    mass: Array
    "Weight of each mixture by its score, (mixture)."
    best: Array
    "Weights of the mixture of the best score."
    rows: tuple[tuple[str, str], ...]
    "Choice and name of what is told: every name of every choice, then the theories."
    member: Array
    "Which theories each row sums up, (row, theory)."

    def weight(self, kind: str) -> Array:
        """Return the weights of the theories by kind of KINDS, (theory)."""
        return {POSTERIOR: self.posterior, STACKING: self.mass @ self.mixtures, EQUAL: self.prior}[kind]

    def error(self, weights: Array) -> Array:
        """Return the Monte Carlo standard error of the posterior of each row, (row), from the worlds' weights."""
        away = self.member[:, self.of] - (self.member @ self.posterior)[:, None]
        return np.asarray(np.sqrt(away**2 @ weights**2))

    def effective(self, weights: Array) -> Array:
        """Return the effective worlds of each row, (row)."""
        return np.array([effective(weights[mine] / weights[mine].sum()) for mine in self.member[:, self.of]])

    def ends(self) -> Array:
        """Return the middle 90 % of the weight of each row over mixtures, (row, 2)."""
        return weighted_quantiles(self.member @ self.mixtures.T, self.mass, ENDS).T


def theories(scenario: Scenario, parameters: Array, by_series: Array) -> Theories | None:
    """Return the theories of the worlds and their weights; None where all worlds follow one.

    `parameters` are (key, world) for `scenario.uncertain`, `by_series` the log densities of the observations of each
    series, (series, world).
    """
    choices = choices_in(scenario)
    if not choices:
        return None
    codes = parameters[[scenario.uncertain.index(key) for key in choices]].astype(int)
    found, of = np.unique(codes, axis=1, return_inverse=True)
    of, count = of.ravel(), found.shape[1]
    predicted = held_out(by_series, of, count)
    mixtures = np.random.default_rng(scenario.seed).dirichlet(np.ones(count), MIXTURES)
    rows, member = _rows(choices, found)
    return Theories(
        of,
        np.bincount(of, minlength=count) / len(of),
        np.bincount(of, weights_of(by_series.sum(axis=0)), count),
        mixtures,
        weights_of(scores(predicted, mixtures)),
        stacked(predicted),
        rows,
        member,
    )


def _rows(choices: list[str], found: Array) -> tuple[tuple[tuple[str, str], ...], Array]:
    """Return what is told of theories whose codes are (choice, theory): rows, and their members (row, theory)."""
    rows, member = [], []
    names = [[PARAMETERS[key].choices[n] for n in codes] for key, codes in zip(choices, found, strict=True)]
    if len(choices) > 1:
        for key, mine in zip(choices, names, strict=True):
            for name in [one for one in PARAMETERS[key].choices if one in mine]:
                rows.append((key, name))
                member.append([one == name for one in mine])
    rows += [(" × ".join(choices), ", ".join(column)) for column in zip(*names, strict=True)]
    return tuple(rows), np.concatenate(
        [np.array(member, dtype=bool).reshape(-1, found.shape[1]), np.eye(found.shape[1], dtype=bool)]
    )


def reweighted(weights: Array, found: Theories | None, kind: str) -> Array:
    """Return the weights of the worlds, (world), with those of the theories by `kind`; the posterior is as it was."""
    if found is None or kind == POSTERIOR:
        return weights
    has = found.posterior > 0.0
    raised = weights * np.divide(found.weight(kind), found.posterior, out=np.zeros(len(has)), where=has)[found.of]
    return np.asarray(raised / max(raised.sum(), 1e-300))


def held_out(by_series: Array, of: Array, count: int) -> Array:
    """Return the log density of each series as each theory predicts it from the other series, (series, theory).

    The mean over the worlds of a theory of the density of the series, weighted by the density of all others; -inf
    where no world of a theory is possible.
    """
    predicted = np.full((len(by_series), count), -np.inf)
    for s in range(len(by_series)):
        others = np.delete(by_series, s, axis=0).sum(axis=0)
        for m in range(count):
            mine = of == m
            given = logsumexp(others[mine])
            if np.isfinite(given):
                predicted[s, m] = logsumexp(others[mine] + by_series[s, mine]) - given
    return predicted


def scores(predicted: Array, mixtures: Array) -> Array:
    """Return the log score of mixtures (mixture, theory) of log densities (point, theory), summed over points.

    A point that no theory can have is left out.
    """
    possible = predicted[np.isfinite(predicted).any(axis=1)]
    top = possible.max(axis=1, keepdims=True)
    mixed = np.exp(possible - top) @ mixtures.T
    return np.asarray(np.log(np.maximum(mixed, 1e-300)).sum(axis=0) + top.sum())


def stacked(predicted: Array) -> Array:
    """Return the weights of theories that maximise the log score of their mixture, (theory); they sum to one.

    `predicted` are log densities, (point, theory). The score is concave, so its maximum on the simplex is global. A
    point that no theory can have is left out; without any point the weights are equal.
    """
    even = np.full(predicted.shape[1], 1.0 / predicted.shape[1])
    possible = predicted[np.isfinite(predicted).any(axis=1)]
    if not len(possible):
        return even
    density = np.exp(possible - possible.max(axis=1, keepdims=True))

    def loss(weights: Array) -> tuple[float, Array]:
        mixture = np.maximum(density @ weights, 1e-300)
        return -float(np.mean(np.log(mixture))), -np.mean(density / mixture[:, None], axis=0)

    found = minimize(
        loss,
        even,
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * len(even),
        constraints=LinearConstraint(np.ones((1, len(even))), 1.0, 1.0),
        options={"ftol": 1e-12, "maxiter": 1000},
    )
    weights = np.where(found.x > NOTHING, found.x, 0.0)
    return np.asarray(weights / weights.sum())


def evidence_ratio(posterior: Array, prior: Array) -> float:
    """Return the largest ratio of evidence between two theories (Bayes factor), at least one; infinite if one has none.

    Below 3 is not worth more than a bare mention (Kass and Raftery 1995, JASA 90 773).
    """
    evidence = np.asarray(posterior) / np.asarray(prior)
    return float(evidence.max() / evidence.min()) if evidence.min() > 0.0 else float("inf")

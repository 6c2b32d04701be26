"""What learning a parameter is worth to a decision among options: the expected value of partial perfect information.

EVPPI = E[max_d E[B_d|X]] - max_d E[B_d] for the benefits B_d of the options in the same worlds, in their unit (Raiffa
and Schlaifer 1961). E[B_d|X] is a regression of each option's benefit on X (Strong, Oakley and Brennan 2014).

Their estimate puts the fit where the expectation stands, so the largest of several noisy fits looks like value. Here
one half of the worlds fits the rule "in this X, this option" and the other half tells what the rule brings beyond the
option that was best on average, and the other way round. So the estimate is, if anything, too small, noise is worth
nothing, and the standard error is that of a mean over worlds.

Over a calibrated set noise is made of signs (see `regression`): B_d becomes m_d + s_v (B_d - m_d), with m_d the mean of
option d and one sign for all options and all worlds of a vector. Rule and gain hang on sums of benefits over vectors,
in one half and in the other. Where X tells nothing, E[B_d|X] = m_d, those sums have means by m_d and the covariance of
B_d - m_d over vectors; flipped ones have the same means, and in place of the covariance its estimate by vectors, also
between options. A permutation would keep m_d exactly; here it varies by its standard error, as it does from one
ensemble to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.studies.information.regression import Drawn, Smooth, floors
from sim.studies.information.variance import Worth

Array = np.ndarray
PERMUTATIONS = 100
"""Permutations for the noise of a decision; each fits every option again."""


@dataclass(frozen=True)
class _Half:
    """Worlds that tell what a rule brings, and what the other worlds need to fit it."""

    fitted: Array
    "(world), whether a world fits the rule."
    solver: Array
    "(column, world that fits), gives the coefficients of a regression, the constant first."
    columns: Array
    "(world that tells, column), the constant first."


def partial(smooths: Sequence[Smooth], benefit: Array, shuffles: Array, drawn: Drawn) -> Worth:
    """Return the value of learning each, in the unit of `benefit`, (option, world), more of which is better.

    `shuffles`, (permutation, world), are those of `drawn`.
    """
    found, errors, null = [], [], []
    for one in smooths:
        halves = _halves(one, drawn.half(benefit.shape[1]))
        gain = _gain(halves, benefit)
        found.append(gain.mean())
        errors.append(drawn.error(gain))
        null.append([_gain(halves, drawn.without(benefit, order)).mean() for order in shuffles])
    noise = np.array(null).T
    return Worth(np.array(found), np.hypot(errors, noise.std(axis=0)), floors(noise))


def _halves(one: Smooth, fits: Array) -> list[_Half]:
    """Return the worlds that `fits` names, (world), and the others."""
    columns = np.column_stack([np.ones(len(one.columns)), one.columns])
    return [_Half(fitted, np.linalg.pinv(columns[fitted]), columns[~fitted]) for fitted in (fits, ~fits)]


def _gain(halves: Sequence[_Half], benefit: Array) -> Array:
    """Return what the rule of the other half brings in each world beyond the other half's best option, (world)."""
    gain = np.zeros(benefit.shape[1])
    for half in halves:
        known, here = benefit[:, half.fitted], benefit[:, ~half.fitted]
        expected = half.columns @ (half.solver @ known.T)
        rule, best = expected.argmax(axis=1), int(np.argmax(known.mean(axis=1)))
        gain[~half.fitted] = here[rule, np.arange(here.shape[1])] - here[best]
    return gain


def perfect(benefit: Array, drawn: Drawn) -> tuple[float, float]:
    """Return the value of knowing everything, chance included, with its standard error (EVPI).

    Benefits are (option, world). It bounds the value of learning anything.
    """
    gain = benefit.max(axis=0) - benefit[int(np.argmax(benefit.mean(axis=1)))]
    return float(gain.mean()), float(drawn.error(gain))

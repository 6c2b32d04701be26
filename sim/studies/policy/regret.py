"""Regret of policies over uncertain worlds, and which policy is robust, as far as the worlds can show.

*Regret* of a policy in a world: how much worse its outcome is there than that of the best policy in that world
(Savage 1951). *Robust by regret*: the policy whose regret has the smallest 95 % quantile over worlds, a minimax regret
that does not depend on a single world (Lempert, Groves, Popper and Bankes 2006). *Robust by satisficing*: the policy
that meets a threshold in the largest share of worlds (Starr 1963). Both are in Herman, Reed, Zeff and Characklis 2015
and in Hadka, Herman, Reed and Keller 2015.

*Uncertainty*: worlds are drawn again with replacement, the same for all policies (paired bootstrap, Efron 1979; fixed
seed). *Distinguished*: the chosen policy looks best by selection alone, so a difference counts only beyond an interval
that holds for all pairs of policies at once with 95 % (Tukey's idea, with bootstrapped differences in units of their
standard error).
"""

from dataclasses import dataclass

import numpy as np

from sim.analysis.quantiles import quantiles, share_error

Array = np.ndarray
RESAMPLES = 400
SEED = 20060406
HIGH, TAIL = 0.75, 0.95
"""Quantiles of regret in the table; the choice is by the second."""
ALL_PAIRS = 0.95
"""Confidence of the intervals for all pairs of policies together."""
FEWEST_WORLDS = 20
"""Least worlds for a choice; with fewer, a 95 % quantile is the worst world."""
TIE = 1e-9
"""Rounding: values closer than this share of the largest one count as the same."""
CELLS = 2_000_000
"""Numbers resampled at a time: about 16 MB."""
STATISTICS = ("mean", "q75", "q95", "satisfied")


@dataclass(frozen=True)
class Choice:
    """The best policy by some rule, and those not distinguished from it."""

    best: int
    rivals: tuple[int, ...]
    often: float
    "Share of the resamples in which it is best."
    policies: int
    ties: tuple[int, ...] = ()
    "Rivals that this rule does not put after the best, since they have the same value."

    @property
    def first(self) -> tuple[int, ...]:
        """All policies of the best value, in their order in the study."""
        return tuple(sorted((self.best, *self.ties)))

    @property
    def parts_nothing(self) -> bool:
        """Whether all policies have the same value."""
        return len(self.ties) == self.policies - 1

    @property
    def stands_out(self) -> bool:
        """Whether it is distinguished from every other policy."""
        return not self.rivals

    @property
    def says_nothing(self) -> bool:
        """Whether it is distinguished from no other policy."""
        return len(self.rivals) == self.policies - 1


@dataclass(frozen=True)
class Table:
    """Statistics of each policy, each (policy)."""

    mean: Array
    q75: Array
    q95: Array
    satisfied: Array
    "Share of worlds in which the threshold is met."
    errors: dict[str, Array]
    "Standard error of each of these, by name."
    largest: Array
    "Largest regret found in any world; it grows with the number of worlds."
    best: Array
    "Share of worlds in which it is the best; a tie of k policies counts 1/k for each."
    by_regret: Choice
    by_satisficing: Choice
    worlds: int
    "Worlds with a value under every policy; the others are left out."


def regrets(cost: Array) -> Array:
    """Return the cost less that of the best policy in the same world, (policy, world), at least 0; rounding removed."""
    regret = cost - cost.min(axis=0)
    return np.where(regret <= TIE * np.abs(cost).max(initial=0.0), 0.0, regret)


def complete(values: Array) -> Array:
    """Return whether each world has a value under every policy, (world)."""
    return np.asarray(np.isfinite(values).all(axis=0))


def statistics(regret: Array, met: Array) -> Array:
    """Return the statistics in the order of `STATISTICS`, (statistic, ...); both arguments are (..., world)."""
    q75, q95 = quantiles(regret, (HIGH, TAIL))
    return np.stack([regret.mean(axis=-1), q75, q95, met.mean(axis=-1)])


def resampled(regret: Array, met: Array) -> Array:
    """Return `statistics` of worlds drawn again with replacement, (resample, statistic, policy)."""
    policies, worlds = regret.shape
    generator, at_once = np.random.default_rng(SEED), max(1, CELLS // (policies * worlds))
    parts = []
    for start in range(0, RESAMPLES, at_once):
        again = generator.integers(worlds, size=(min(at_once, RESAMPLES - start), worlds))
        parts.append(statistics(regret[:, again], met[:, again]))
    return np.moveaxis(np.concatenate(parts, axis=-1), -1, 0)


def table(outcome: Array, sign: float, threshold: float) -> Table:
    """Return regret and satisficing of `outcome` (policy, world); `sign` is 1 where less is better, -1 where more is.

    The threshold is met at or below it, or at or above it. Raises ValueError if no world has values for all policies.
    """
    cost = sign * outcome[:, complete(outcome)]
    if not cost.shape[1]:
        raise ValueError("no world has a number under every policy")
    regret = regrets(cost)
    met = (cost <= sign * threshold + TIE * abs(threshold)).astype(float)
    seen, again = statistics(regret, met), resampled(regret, met)
    first = regret == 0.0
    few = cost.shape[1] < FEWEST_WORLDS
    spread = again.std(axis=0, ddof=1) if cost.shape[1] > 1 else np.full(seen.shape, np.nan)
    # worlds drawn again from those that all say the same would show no error
    spread[3] = np.where(spread[3] == 0.0, share_error(seen[3], cost.shape[1]), spread[3])
    return Table(
        mean=seen[0],
        q75=seen[1],
        q95=seen[2],
        satisfied=seen[3],
        errors=dict(zip(STATISTICS, spread, strict=True)),
        largest=regret.max(axis=1),
        best=(first / first.sum(axis=0)).mean(axis=1),
        by_regret=choose(seen[2], again[:, 2], seen[0], few),
        by_satisficing=choose(-seen[3], -again[:, 3], seen[2], few, ordered=False),
        worlds=cost.shape[1],
    )


def choose(values: Array, again: Array, then: Array, few: bool = False, ordered: bool = True) -> Choice:
    """Return the policy of the least value, (policy), and its rivals by `again`, (resample, policy), paired.

    Of equal values the one with the least of `then`, (policy), is taken; the others tie with it, if `ordered` those
    that have the same `then` too. With few worlds every other one is a rival.
    """
    best, count = int(np.lexsort((then, values))[0]), len(values)
    others = [k for k in range(count) if k != best]
    gap = values[:, None] - values[None, :]
    slack = TIE * float(np.abs(values).max(initial=0.0))
    alike = np.abs(then - then[best]) <= TIE * float(np.abs(then).max(initial=0.0))
    ties = tuple(k for k in others if gap[k, best] <= slack and (alike[k] or not ordered))
    often = float((again[:, best] <= again.min(axis=1)).mean())
    if few:
        return Choice(best, tuple(others), often, count, ties)
    moved = again[:, :, None] - again[:, None, :] - gap
    error = np.sqrt((moved**2).mean(axis=0))
    scaled = np.divide(moved, error, out=np.zeros_like(moved), where=error > 0.0)
    # the largest error of any pair bounds all pairs at once, so the first is not first by selection alone
    reach = float(np.quantile(scaled.max(axis=(1, 2)), ALL_PAIRS))
    rivals = [k for k in others if gap[k, best] <= max(reach * error[k, best], slack)]
    return Choice(best, tuple(rivals), often, count, ties)

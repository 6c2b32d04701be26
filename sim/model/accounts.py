"""Bilateral clearing accounts: credit, payment in kind, prestige and money, trust (C3, C4).

Sign: ``balance[i, j]`` is what j owes i in MUSD, so ``balance[j, i] == -balance[i, j]`` always.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Array
from sim.model.value import TINY
from sim.scenario.names import RUS

MOST_LIKELY = 0.98
"""Highest chance of another month that a relation can have (guard: at 1 it would last for ever)."""
MONTHS_OF_UNIT = 9.0
"""Expected further months at a chance of 0.9 of each next one: the unit of the shadow of the future."""


def shadow_of_the_future(continuation: Array) -> Array:
    """Return the worth of a relation's future, 1 where the chance `continuation` of another month is 0.9.

    Expected further months ``d / (1 - d)`` as multiple of those at d = 0.9; d is held between 0 and 0.98, so that the
    result lies in 0 … 5.4. Source: Axelrod 1984.
    """
    d = np.clip(continuation, 0.0, MOST_LIKELY)
    return d / (1.0 - d) / MONTHS_OF_UNIT


def credit_line(line: Array, trust: Array, continuation: Array, gdp: Array) -> Array:
    """Return what i lets j owe, MUSD (country, country, worlds).

    line (worlds) is what Russia may owe, MUSD, where trust is one and continuation 0.9; the lines of others scale with
    the root of their `gdp` (country, worlds). trust and continuation (country, country, worlds) are 0-1.
    """
    size = np.sqrt(gdp / gdp[RUS])[None, :]
    return line * size * trust * shadow_of_the_future(continuation)


def arrears(balance: Array, line: Array) -> Array:
    """Return how far each debtor has used its credit, 0-1: ``[i, j]`` is j's arrears with i.

    balance and line are (creditor, debtor, worlds), MUSD. Without a line any debt is full arrears.
    """
    return np.clip(balance / np.maximum(line, TINY), 0.0, 1.0)


def settling_discount(full: Array, owed: Array, continuation: Array) -> Array:
    """Return the share of its reservation value that a debtor gives up to settle, (debtor, creditor, worlds), 0-1.

    By its arrears (`owed`, 0-1) a share of `full`, and only as far as the relation is expected to last: `owed` and
    `continuation` are (creditor, debtor, worlds) (C3, C15).
    """
    lasting = np.minimum(shadow_of_the_future(continuation), 1.0)
    return (full * (owed * lasting)).swapaxes(0, 1)


def as_far_as(there: Array, asked: Array) -> Array:
    """Return the share of what is asked that is there, 0-1; both of one unit, neither negative."""
    return np.minimum(1.0, there / np.maximum(asked, TINY))


def book(balance: Array, claim: Array) -> Array:
    """Return the balances after each i has gained ``claim[i, j]`` MUSD on j, antisymmetric to the last bit."""
    net = claim - np.swapaxes(claim, 0, 1)
    return balance + net


def cash_settlement(balance: Array, rate: Array, access: Array, capacity: Array) -> Array:
    """Return the money and goods from outside the model that debtors pay, MUSD a month: ``[i, j]`` by j to i.

    Each month the share `rate` of a debt is due, as far as the creditor can spend money on the world market (`access`
    (country, worlds), 0-1). A debtor pays all its creditors at most `capacity` (country, worlds), shared in proportion.
    """
    due = rate * access[:, None] * np.maximum(balance, 0.0)
    return due * as_far_as(capacity, due.sum(axis=0))[None]


def prestige_payment(worth: Array, balance: Array) -> Array:
    """Return the debt that prestige settles, MUSD: ``[i, j]`` by j to i, never more than is owed (C4).

    worth is what appearing with j is worth to i, MUSD; both arrays are (creditor, debtor, worlds).
    """
    return np.minimum(worth, np.maximum(balance, 0.0))


def move_trust(
    trust: Array,
    start: Array,
    traded: Array,
    arrears_both: Array,
    gain: Array,
    loss: Array,
    drift: Array,
    strained_from: Array,
) -> Array:
    """Return trust, 0-1, after a month.

    Deliveries (`traded`, 0-1) close a share of the gap to one; arrears (`arrears_both`, 0-1, the larger of the two
    sides) above `strained_from` (0-0.99) take a share of it; it drifts to where it started. gain, loss and drift are
    shares a month.
    """
    strained = np.clip((arrears_both - strained_from) / (1.0 - strained_from), 0.0, 1.0)
    return np.clip(trust + gain * traded * (1.0 - trust) - loss * strained * trust + drift * (start - trust), 0.0, 1.0)

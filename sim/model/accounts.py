"""Bilateral clearing accounts: credit, payment in kind, prestige and money, trust (C3, C4).

Sign: ``balance[i, j]`` is what j owes i in MUSD, so ``balance[j, i] == -balance[i, j]`` always.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Array
from sim.model.value import TINY


def shadow_of_the_future(continuation: Array) -> Array:
    """Expected further months of a relation, ``d / (1 - d)``, as multiple of the value at d = 0.9 (Axelrod 1984)."""
    d = np.clip(continuation, 0.0, 0.98)
    return d / (1.0 - d) / 9.0


def credit_line(line: Array, trust: Array, continuation: Array, gdp: Array) -> Array:
    """What i lets j owe, MUSD: (country, country, worlds).

    `line` holds for a debtor of Russia's size; others scale with the root of their GDP.
    """
    size = np.sqrt(gdp / gdp[0])[None, :]
    return line * size * trust * shadow_of_the_future(continuation)


def arrears(balance: Array, line: Array) -> Array:
    """How far each debtor has used its credit, 0-1: ``[i, j]`` is j's arrears with i."""
    return np.clip(balance / np.maximum(line, TINY), 0.0, 1.0)


def settling_discount(full: Array, owed: Array, continuation: Array) -> Array:
    """Return the share of its reservation value that a debtor gives up to settle, (debtor, creditor, worlds), 0-1.

    By its arrears (`owed`, 0-1) a share of `full`, and only as far as the relation is expected to last: `owed` and
    `continuation` are (creditor, debtor, worlds) (C3, C15).
    """
    lasting = np.minimum(shadow_of_the_future(continuation), 1.0)
    return (full * (owed * lasting)).swapaxes(0, 1)


def as_far_as(there: Array, asked: Array) -> Array:
    """Share of what is asked that there is, at most one."""
    return np.minimum(1.0, there / np.maximum(asked, TINY))


def book(balance: Array, claim: Array) -> Array:
    """The balances after each i has gained ``claim[i, j]`` MUSD on j. Stays antisymmetric to the last bit."""
    net = claim - np.swapaxes(claim, 0, 1)
    return balance + net


def cash_settlement(balance: Array, rate: Array, access: Array, capacity: Array) -> Array:
    """Money and goods outside the model that debtors pay in a month, MUSD: ``[i, j]`` is paid by j to i.

    A creditor takes money as far as it can spend it on the world market (`access`); a debtor pays all its creditors
    at most `capacity` (worlds last), shared in proportion.
    """
    due = rate * access[:, None] * np.maximum(balance, 0.0)
    return due * as_far_as(capacity, due.sum(axis=0))[None]


def prestige_payment(worth: Array, balance: Array) -> Array:
    """Debt that prestige settles, MUSD: ``[i, j]`` by j to i, never more than is owed (C4)."""
    return np.minimum(worth, np.maximum(balance, 0.0))


def move_trust(
    trust: Array, start: Array, traded: Array, arrears_both: Array, gain: Array, loss: Array, drift: Array
) -> Array:
    """Trust after a month of deliveries (`traded`, 0-1) and arrears (0-1, the larger of the two sides)."""
    strained = np.clip((arrears_both - 0.8) / 0.2, 0.0, 1.0)
    return np.clip(trust + gain * traded * (1.0 - trust) - loss * strained * trust + drift * (start - trust), 0.0, 1.0)

"""Bilateral clearing accounts: credit, payment in kind, prestige and money, trust (C3, C4).

``balance[i, j]`` is what j owes i, MUSD; ``balance[j, i] == -balance[i, j]`` always.
"""

import numpy as np

from sim.arrays import Array
from sim.model.value import TINY
from sim.scenario.names import RUS
from sim.scenario.units import THOUSAND

MOST_LIKELY = 0.98
"""Highest chance that a relation lasts another month (guard: at 1 it would last for ever)."""
MONTHS_OF_UNIT = 9.0
"""Unit of the shadow of the future: expected further months where the chance of each next one is 0.9."""


def shadow_of_the_future(continuation: Array) -> Array:
    """Return the worth of a relation's future, 0-5.4; 1 where the chance `continuation` of another month is 0.9.

    Expected further months ``d / (1 - d)`` as a multiple of those at d = 0.9, with d between 0 and 0.98 (Axelrod 1984).
    """
    d = np.clip(continuation, 0.0, MOST_LIKELY)
    return d / (1.0 - d) / MONTHS_OF_UNIT


def credit_line(line: Array, trust: Array, continuation: Array, gdp: Array, most: Array) -> Array:
    """Return what i lets j owe, MUSD (country, country, worlds).

    line (worlds) is Russia's credit line, MUSD, at full trust and a continuation of 0.9; other lines scale with the
    root of `gdp` (country, worlds). trust and continuation (country, country, worlds) are 0-1. No creditor
    lends one debtor more than the share `most` (worlds) of its own yearly income, `gdp` in bn USD.
    """
    size = np.sqrt(gdp / gdp[RUS])[None, :]
    return np.minimum(line * size * trust * shadow_of_the_future(continuation), (most * THOUSAND * gdp)[:, None])


def arrears(balance: Array, line: Array) -> Array:
    """Return the share of its credit line that each debtor has used, 0-1: ``[i, j]`` is j's arrears with i.

    balance and line are (creditor, debtor, worlds), MUSD. Without a credit line any debt is full arrears.
    """
    return np.clip(balance / np.maximum(line, TINY), 0.0, 1.0)


def settling_discount(full: Array, owed: Array, continuation: Array) -> Array:
    """Return the share of its reservation value that a debtor gives up to settle, (debtor, creditor, worlds) 0-1.

    The discount `full` (worlds) applies at full arrears and where the relation is expected to last (C3, C15). Arrears
    (`owed`, 0-1) and `continuation` (0-1) are (creditor, debtor, worlds).
    """
    lasting = np.minimum(shadow_of_the_future(continuation), 1.0)
    return (full * (owed * lasting)).swapaxes(0, 1)


def as_far_as(there: Array, asked: Array) -> Array:
    """Return the share of the amount asked for that is available, 0-1; both in one unit, neither negative."""
    return np.minimum(1.0, there / np.maximum(asked, TINY))


def book(balance: Array, claim: Array) -> Array:
    """Return the balances after adding ``claim[i, j]`` MUSD to what j owes i, antisymmetric to the last bit."""
    net = claim - np.swapaxes(claim, 0, 1)
    return balance + net


def unpledged(balance: Array, project_price: Array) -> Array:
    """Return the debts that no project under way will pay, MUSD (creditor, debtor, worlds), at least 0.

    project_price (giver, receiver, tier, worlds) is what the receiver will pay with claims on the giver at its end.
    """
    return np.maximum(balance - np.swapaxes(project_price.sum(axis=2), 0, 1), 0.0)


def net_due(balance: Array, delivered: Array, project_price: Array) -> Array:
    """Return what debtors owe with a month's deliveries booked both ways, MUSD (creditor, debtor, worlds), at least 0.

    Goods pay for goods first, so of two countries one at most owes; what projects will pay is not due (C3).
    """
    return unpledged(book(balance, delivered), project_price)


def prestige_payment(worth: Array, balance: Array) -> Array:
    """Return the debt that prestige settles, MUSD: ``[i, j]`` by j to i, at most what j owes (C4).

    worth is the value to i of appearing with j, MUSD; both arrays are (creditor, debtor, worlds).
    """
    return np.minimum(worth, np.maximum(balance, 0.0))


def dependence(supplied: Array) -> Array:
    """Return the share of each partner in all that a country buys, (receiver, supplier, worlds), 0-1 (C16, C17).

    supplied (receiver, supplier, worlds) is what is bought of each, other imports included, the rest of the world last;
    MUSD a month.
    """
    return supplied[:, :-1] / np.maximum(supplied.sum(axis=1), TINY)[:, None]


def reluctance(share: Array) -> Array:
    """Return the cost of one more MUSD bought from a supplier with this `share` of all imports, 0-1 (C17).

    Dependence costs ``share^2 N``, N all imports; the derivative, for N grows too, is ``share (2 - share)``.
    """
    return share * (2.0 - share)

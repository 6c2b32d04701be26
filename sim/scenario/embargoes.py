"""Trade that law or practice rules out, all of it since before September 2023, each with its source."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.scenario.names import ALL_GOODS, AMMUNITION, CHN, COUNTRIES, ENERGY, FOOD, GOODS, JPN, KOR, PRK, RUS, USA

EAST, WEST, ALL = (RUS, PRK, CHN), (USA, KOR, JPN), (AMMUNITION, FOOD, ENERGY)
TECHNOLOGY = len(GOODS)
ARMS = AMMUNITION, TECHNOLOGY
"""Rounds, and what lets others build weapons."""


class Embargo(NamedTuple):
    """Goods that these sellers do not sell to these buyers."""

    sellers: tuple[int, ...]
    buyers: tuple[int, ...]
    goods: tuple[int, ...]
    by_buyers: bool
    "Whether the law is that of the buyers, who may lift it; else that of the sellers."
    since: str
    source: str


EMBARGOES = (
    Embargo((RUS,), (USA,), (ENERGY,), True, "2022-03-08", "Executive Order 14066 (OFAC, FAQ 1013)"),
    Embargo(
        (USA,),
        EAST,
        ARMS,
        False,
        "2021-03-18",
        "ITAR, 22 CFR 126.1, technical data too; date of the last listed, Russia, from memory",
    ),
    Embargo(EAST, (USA,), ARMS, True, "2021-03-18", "ITAR, 22 CFR 126.1, covers imports too; date as above"),
    Embargo(
        (KOR, JPN),
        EAST,
        ARMS,
        False,
        "2014-04-01",
        "assumed; Japan: Three Principles on Transfer, from memory",
    ),
    Embargo(EAST, (KOR, JPN), ARMS, True, "2014-04-01", "assumed; no such deal is on record in these years"),
    Embargo((KOR,), (JPN,), (AMMUNITION,), True, "1950", "assumed; no such sale is on record"),
    Embargo(
        (JPN,),
        EAST + WEST,
        (AMMUNITION,),
        False,
        "2014-04-01",
        "Three Principles on Transfer, no shells before their change of 22 December 2023, from memory",
    ),
    Embargo(
        (PRK,), WEST, ALL, True, "2010-05-24", "EO 13466 and 13570; Japan 2006 and 2009; May 24 Measures; from memory"
    ),
    Embargo(WEST, (PRK,), ALL, False, "2010-05-24", "as above"),
)


def barred_by() -> tuple[np.ndarray, np.ndarray]:
    """Return which trade the law of the seller, and that of the buyer, rules out, each (from, to, good).

    The last good is technology: within the blocs guards and hostility alone hold it back.
    """
    seller, buyer = np.zeros((2, len(COUNTRIES), len(COUNTRIES), len(ALL_GOODS)), dtype=bool)
    for rule in EMBARGOES:
        (buyer if rule.by_buyers else seller)[np.ix_(rule.sellers, rule.buyers, rule.goods)] = True
    return seller, buyer


def barred() -> np.ndarray:
    """Return whether a good may not go from seller to buyer, (from, to, good)."""
    seller, buyer = barred_by()
    return (seller | buyer)[:, :, : len(GOODS)]

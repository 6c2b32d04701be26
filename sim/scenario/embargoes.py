"""Trade that law or practice rules out, all of it since before September 2023, each with its source."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.scenario.names import AMMUNITION, CHN, COUNTRIES, ENERGY, FOOD, GOODS, JPN, KOR, PRK, RUS, USA

EAST, WEST, ALL = (RUS, PRK, CHN), (USA, KOR, JPN), (AMMUNITION, FOOD, ENERGY)


class Embargo(NamedTuple):
    """Goods that these sellers do not sell to these buyers."""

    sellers: tuple[int, ...]
    buyers: tuple[int, ...]
    goods: tuple[int, ...]
    since: str
    source: str


EMBARGOES = (
    Embargo((RUS,), (USA,), (ENERGY,), "2022-03-08", "Executive Order 14066 (OFAC, FAQ 1013)"),
    Embargo(
        (USA,), EAST, (AMMUNITION,), "2021-03-18", "ITAR, 22 CFR 126.1; date of the last listed, Russia, from memory"
    ),
    Embargo(EAST, (USA,), (AMMUNITION,), "2021-03-18", "ITAR, 22 CFR 126.1, covers imports too; date as above"),
    Embargo((KOR, JPN), EAST, (AMMUNITION,), "2014-04-01", "assumed; Japan: Three Principles on Transfer, from memory"),
    Embargo(EAST, (KOR, JPN), (AMMUNITION,), "1950", "assumed; no such deal is on record"),
    Embargo(
        (JPN,),
        EAST + WEST,
        (AMMUNITION,),
        "2014-04-01",
        "Three Principles on Transfer, no shells before their change of 22 December 2023, from memory",
    ),
    Embargo((PRK,), WEST, ALL, "2010-05-24", "EO 13466 and 13570; Japan 2006 and 2009; May 24 Measures; from memory"),
    Embargo(WEST, (PRK,), ALL, "2010-05-24", "as above"),
)


def barred() -> np.ndarray:
    """Return whether a good may not go from seller to buyer, (from, to, good)."""
    found = np.zeros((len(COUNTRIES), len(COUNTRIES), len(GOODS)), dtype=bool)
    for rule in EMBARGOES:
        found[np.ix_(rule.sellers, rule.buyers, rule.goods)] = True
    return found

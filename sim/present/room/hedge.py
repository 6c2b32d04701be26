"""Words for how much of an ensemble a finding holds in, and for numbers that are not known to the last digit."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.analysis.quantiles import band
from sim.present.words import significant
from sim.texts.spoken import number_of, said

NOTHING = 0.001
"""A smaller number is told as none (definition)."""
FEW_WORLDS = 20
"""Below so many worlds, they are counted instead."""
NEARLY_ALL, MOST, HALF, MINORITY, RARE = 0.9, 2.0 / 3.0, 0.55, 1.0 / 3.0, 0.1
"""Least shares of worlds for the words (definition); between `1 - HALF` and `HALF` it is about half."""


@dataclass(frozen=True)
class Claim:
    """What a picture says, and the numbers that it rests on."""

    text: str
    numbers: Mapping[str, float]


def in_worlds(holds: np.ndarray) -> str:
    """Return in how many worlds something holds: `in nearly all worlds`, `in 4 of 5 worlds`; holds is (world)."""
    count, share = len(holds), float(np.mean(holds)) if len(holds) else float("nan")
    if count == 1:
        return said("printed.worlds.drawn" if share else "printed.worlds.no")
    if 0 < count < FEW_WORLDS:
        some = int(np.sum(holds))
        which = "all_of" if some == count else "some_of" if some else "none_of"
        return said(f"printed.worlds.{which}", n=count, some=some)
    if share in (0.0, 1.0):
        return said("printed.worlds.every" if share else "printed.worlds.no")
    steps = (
        (NEARLY_ALL, "nearly_all"),
        (MOST, "most"),
        (HALF, "more_than_half"),
        (1.0 - HALF, "half"),
        (MINORITY, "fewer_than_half"),
        (RARE, "minority"),
    )
    return said(f"printed.worlds.{next((words for least, words in steps if share >= least), 'few')}")


def is_nothing(value: float) -> bool:
    """Return whether a number is written as none."""
    return abs(value) < NOTHING


def is_written(value: float) -> bool:
    """Return whether a number has digits: it is neither missing nor as good as nothing."""
    return math.isfinite(value) and not is_nothing(value)


def digits(value: float) -> str:
    """Return a number with two significant digits, `9.6`, `230`, `0`; `unknown` if it is missing."""
    return "0" if is_nothing(value) else rounded(value)


def rounded(value: float) -> str:
    """Return a number with two significant digits, `9.6`, `230`; `none` below a thousandth."""
    if not math.isfinite(value):
        return said("printed.number.unknown")
    if is_nothing(value):
        return said("printed.number.none")
    return significant(round(value, 1 - math.floor(math.log10(abs(value)))), 2)


def about(value: float) -> str:
    """Return `about 9.6`."""
    return said("printed.number.about", number=rounded(value)) if is_written(value) else rounded(value)


def about_millions(value: float) -> str:
    """Return `about 9.6 million`."""
    if is_nothing(value):
        return said("printed.number.no_million")
    return said(f"printed.number.million.{number_of(value)}", number=about(value))


def about_percent(share: float) -> str:
    """Return `about 62 %` of a share from 0 to 1."""
    return said("printed.number.percent", number=about(100.0 * share))


def spread(values: np.ndarray) -> str:
    """Return ` (6.2 to 13 in nine of ten worlds)` for values (world), of few worlds ` (6 to 14 over all 5 worlds)`.

    Empty if they are all about the same.
    """
    few = len(values) < FEW_WORLDS
    low, high = (float(values.min()), float(values.max())) if few else band(values)[::2]
    if rounded(low) == rounded(high):
        return ""
    where = said(f"printed.worlds.{'over_all' if few else 'nine_of_ten'}", n=len(values))
    return said("printed.worlds.spread", low=digits(low), high=rounded(high), where=where)

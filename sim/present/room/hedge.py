"""Words for how much of an ensemble a finding holds in, and for numbers that are not known to the last digit."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.quantiles import band
from sim.present.words import significant

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
        return "in the one world drawn" if share else "in no world"
    if 0 < count < FEW_WORLDS:
        some = int(np.sum(holds))
        return f"in all {count} worlds" if some == count else f"in {some or 'none'} of {count} worlds"
    if share in (0.0, 1.0):
        return "in every world" if share else "in no world"
    steps = (
        (NEARLY_ALL, "in nearly all worlds"),
        (MOST, "in most worlds"),
        (HALF, "in more than half of the worlds"),
        (1.0 - HALF, "in about half of the worlds"),
        (MINORITY, "in fewer than half of the worlds"),
        (RARE, "in a minority of worlds"),
    )
    return next((words for least, words in steps if share >= least), "in a few worlds")


def rounded(value: float) -> str:
    """Return a number with two significant digits, `9.6`, `230`; `none` below a thousandth."""
    if not math.isfinite(value):
        return "unknown"
    if abs(value) < 0.001:
        return "none"
    return significant(round(value, 1 - math.floor(math.log10(abs(value)))), 2)


def about(value: float, unit: str = "") -> str:
    """Return `about 9.6 million`."""
    text = rounded(value)
    return text if text in ("none", "unknown") else f"about {text}{unit and f' {unit}'}"


def spread(values: np.ndarray) -> str:
    """Return ` (6.2 to 13 in nine of ten worlds)` for values (world), of few worlds ` (6 to 14 over all 5 worlds)`.

    Empty if they are all about the same.
    """
    few = len(values) < FEW_WORLDS
    low, high = (float(values.min()), float(values.max())) if few else band(values)[::2]
    if rounded(low) == rounded(high):
        return ""
    where = f"over all {len(values)} worlds" if few else "in nine of ten worlds"
    return f" ({rounded(low)} to {rounded(high)} {where})".replace("none to", "0 to")


def listed(parts: Sequence[str]) -> str:
    """Return `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)

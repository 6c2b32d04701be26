"""Numbers in words: how bands and shares are written in tables and in the summary."""

from __future__ import annotations

import math

from sim.analysis.quantiles import Band


def number(value: float, digits: int = 2) -> str:
    """A number with `digits` decimals and thousands in groups; `-` when missing."""
    if not math.isfinite(value):
        return "-"
    rounded = round(value, digits) + 0.0
    return f"{rounded:,.{digits}f}"


def with_band(band: Band, digits: int = 2) -> str:
    """`3.10 (1.20 to 4.80)`: the median and, in brackets, the 90 % band."""
    return f"{number(band.mid, digits)} ({number(band.low, digits)} to {number(band.high, digits)})"


def sensible(value: float) -> str:
    """A number with as many digits as its size deserves: `1,850`, `41`, `3.3`, `0.86`, `0`; `-` when missing."""
    if not math.isfinite(value):
        return "-"
    size = abs(value)
    if size < 0.005:
        return "0"
    if size < 9.95:
        return number(value, 1 if size >= 0.995 else 2)
    digits = 0 if size < 100.0 else 2 - math.floor(math.log10(size))
    return number(round(value, digits), 0)


def sensible_band(band: Band) -> str:
    """`1,850 (421 to 4,020)`: median and 90 % band without false precision."""
    return f"{sensible(band.mid)} ({sensible(band.low)} to {sensible(band.high)})"


def percent(share: float) -> str:
    """`62 %`, with `<1 %` and `>99 %` kept apart from never and always; `-` when missing."""
    if not math.isfinite(share):
        return "-"
    if 0.0 < share < 0.01:
        return "<1 %"
    if 0.99 < share < 1.0:
        return ">99 %"
    return f"{100.0 * share:.0f} %"


def percent_band(band: Band) -> str:
    """`62 % (40 % to 80 %)`."""
    return f"{percent(band.mid)} ({percent(band.low)} to {percent(band.high)})"

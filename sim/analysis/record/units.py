"""Units of observations: other spellings and sizes of the same quantity."""

import math
import re

SIZES: tuple[dict[str, float], ...] = (
    {"rounds": 1.0, "krounds": 1e3, "thousand rounds": 1e3, "million rounds": 1e6},
    {"t": 1.0, "kt": 1e3, "mt": 1e6},
    {"bbl": 1.0, "barrels": 1.0, "kbbl": 1e3, "thousand barrels": 1e3, "million barrels": 1e6},
    {"usd": 1.0, "musd": 1e6, "million usd": 1e6, "bn usd": 1e9, "billion usd": 1e9},
    {"share": 1.0, "1": 1.0, "%": 0.01, "percent": 0.01},
    {"containers": 1.0, "container": 1.0, "thousand containers": 1e3},
    {"voyages": 1.0, "voyage": 1.0, "sailings": 1.0},
    {"tests": 1.0, "test": 1.0},
)
"""Units of each quantity, with their size in the smallest one. `mt` is a million tonnes."""
PERIODS = {"yr": "year", "a": "year", "y": "year", "mo": "month", "d": "day"}


def factor(unit: str, wanted: str) -> float:
    """Return the factor from `unit` to `wanted`; NaN if they are not the same quantity and period.

    A period is never converted: a month's amount times twelve is not a year's.
    """
    (mine, period), (asked, expected) = _parts(unit), _parts(wanted)
    if period != expected:
        return math.nan
    if mine == asked:
        return 1.0
    for sizes in SIZES:
        if mine in sizes and asked in sizes:
            return sizes[mine] / sizes[asked]
    return math.nan


def _parts(unit: str) -> tuple[str, str]:
    """Split `kt/year`, `kt a year` or `kt per yr` into quantity and period."""
    text = " ".join(unit.lower().split())
    quantity, _, period = re.sub(r" (?:per|a) |\s*/\s*", "/", text).partition("/")
    return quantity, PERIODS.get(period, period)

"""Conversion of units, and the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # scenarios are read and shown without NumPy
    from sim.arrays import Array

THOUSAND = 1000.0
"""kg a tonne, MUSD a bn USD, rounds a kround."""
MONTHS_A_YEAR = 12
KBBL_PER_KT = 1.0 / 0.13
"""Thousand barrels a kt: 1 000 barrels of refined product weigh about 0.13 kt."""
HARVEST_MONTH = 9
"""September: North Korea's main harvest is in this month and the next."""
EARLY_HARVEST_MONTH = 6
"""June: harvest of the early crops."""
WINTER_FROM, WINTER_TO = 12, 3
"""December to March."""


def a_month(yearly: Array) -> Array:
    """Return MUSD a month for bn USD a year."""
    return yearly * THOUSAND / MONTHS_A_YEAR

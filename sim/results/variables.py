"""What a run records, for those who read results; `sim.scenario.recorded` holds the table, for conditions name it."""

from sim.scenario.recorded import (
    COUNTRY,
    COUNTRY_GOOD,
    LANE,
    OPTION,
    PAIR,
    ROUTE,
    SYSTEM,
    VARIABLES,
    WAY,
    WAY_GOOD,
    Variable,
    unit_of,
)

__all__ = [
    "COUNTRY",
    "COUNTRY_GOOD",
    "LANE",
    "OPTION",
    "PAIR",
    "ROUTE",
    "SYSTEM",
    "VARIABLES",
    "WAY",
    "WAY_GOOD",
    "ResultsError",
    "Variable",
    "unit_of",
]


class ResultsError(ValueError):
    """Results that cannot be built, read or written; the text lists every problem."""

"""Conditions on the outcomes of a run, as `sim discover --where` writes them."""

from sim.analysis.measures import Measure
from sim.analysis.outcome import outcome
from sim.scenario.condition import Compared, Condition, ConditionError, Joined, parse

__all__ = ["Compared", "Condition", "ConditionError", "Joined", "measures_of", "read_condition"]


def measures_of(condition: Condition) -> dict[str, Measure]:
    """Return every outcome of a condition, in its order in the text."""
    return {name: outcome(name) for name in condition.names()}


def read_condition(text: str) -> Condition:
    """Parse a condition on outcomes. Raises ConditionError."""
    return parse(text, outcome)

"""The register of all claims, and their tests: the committed table must be that of this model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, wraps
from importlib import import_module
from pathlib import Path

import numpy as np

from .not_shown import NOT_SHOWN
from .pattern import Pattern
from .rules import Evidence
from .table import read

CLAIMS: dict[str, Callable[[], list[Pattern]]] = {}
"""What states the patterns of each claim, by claim number."""
SAME = 1e-4
"""Relative difference of two numbers of one row that the five digits of the file can make."""


def claim(state: Callable[[], list[Pattern]]) -> Callable[[], None]:
    """Make a test of a function `test_cNN_...` that returns patterns, and register it for the table."""
    number = f"C{int(state.__name__.split('_')[1][1:])}"
    CLAIMS[number] = state

    @wraps(state)
    def test() -> None:
        found = [pattern.evidence(number, quick=True) for pattern in state()]
        recorded = [row for row in table() if row.claim == number]
        told = problems(found, recorded)
        way = f"python -m tests.patterns {number} makes the rows anew; reasons stand in tests/patterns/not_shown.py"
        assert not told, "\n".join([*told, way])

    return test


@cache
def table() -> list[Evidence]:
    """The committed table."""
    return read()


def problems(found: Iterable[Evidence], recorded: Iterable[Evidence]) -> list[str]:
    """Where the table is not that of the model, and where a verdict has no reason or a reason no such verdict."""
    old, new = ({row.pattern: row for row in rows} for rows in (recorded, found))
    said = [f"not in the table: {name}" for name in new.keys() - old.keys()]
    said += [f"only in the table: {name}" for name in old.keys() - new.keys()]
    for name in old.keys() & new.keys():
        for what, a, b in zip(("effect", "control"), _numbers(new[name]), _numbers(old[name]), strict=True):
            if not np.allclose(a, b, rtol=SAME, atol=1e-9):
                said.append(f"{what} of {name}: {a} here, {b} in the table")
    for row in old.values():
        known = (row.claim, row.pattern) in NOT_SHOWN
        if known != (row.verdict == "not shown"):
            said.append(f"{row.verdict}{' though said not to be' if known else ', no reason given'}: {row.pattern}")
    return said


def _numbers(row: Evidence) -> list[tuple[float, ...]]:
    first = row.seeds[0]
    return [(change.mean, change.error, change.size) for change in (first.effect, first.control)]


def gather(*numbers: str) -> dict[str, Callable[[], list[Pattern]]]:
    """All claims in their order, or some (`"C5"`, `"C8"`). Raises KeyError for a claim that is not there."""
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        import_module(f".{file.stem}", __package__)
    return {number: CLAIMS[number] for number in numbers or sorted(CLAIMS, key=lambda number: int(number[1:]))}


def rows_of(number: str) -> list[Evidence]:
    """All rows of a claim, in full."""
    return [pattern.evidence(number) for pattern in gather(number)[number]()]

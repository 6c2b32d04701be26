"""Ledgers: a number, the named parts that make it, and how they combine."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

SUM, PRODUCT, LEAST = "sum", "product", "least"
COMBINED: Mapping[str, Callable[[Sequence[float]], float]] = {
    SUM: math.fsum,
    PRODUCT: math.prod,
    LEAST: lambda values: min(values, default=math.inf),
}
"""How parts combine to the number."""
EXACT = 1e-9
"""Largest difference of the parts from the number, as share of the largest of them: rounding alone."""
RESIDUE = 1e-5
"""A part below this share of the largest part of its ledger is shown as 0."""
NOTHING = 1e-6
"""Amounts below this are told as none."""


class LedgerError(AssertionError):
    """A ledger whose parts do not give its number: a fault of this program."""


@dataclass(frozen=True)
class Part:
    """One named part of a number."""

    name: str
    value: float
    words: str = ""
    "What it is, in a few words."


@dataclass(frozen=True)
class Ledger:
    """A number and what it is made of."""

    name: str
    unit: str
    value: float
    rule: str
    "`sum`, `product` or `least`."
    parts: tuple[Part, ...]
    factor: str = "1"
    "Unit of the parts of a product after the first."

    @property
    def combined(self) -> float:
        """Return what the parts give together."""
        return COMBINED[self.rule]([part.value for part in self.parts])

    @property
    def error(self) -> float:
        """Return how far the parts are from the number, as share of the largest number in the ledger."""
        if self.combined == self.value:
            return 0.0
        sizes = [abs(part.value) for part in self.parts if math.isfinite(part.value)]
        return abs(self.combined - self.value) / max([abs(self.value), *sizes, 1e-300])

    def checked(self) -> Ledger:
        """Return the ledger. Raises LedgerError if its parts do not give its number."""
        if not self.error <= EXACT:
            raise LedgerError(f"{self.name}: the parts give {self.combined!r}, the number is {self.value!r}")
        return self

    @property
    def in_order(self) -> tuple[Part, ...]:
        """Return the parts, the smallest first: of limits the one that binds, then the next."""
        return tuple(sorted(self.parts, key=lambda part: part.value))

    @property
    def by_size(self) -> tuple[Part, ...]:
        """Return the parts, the largest amount first."""
        return tuple(sorted(self.parts, key=lambda part: -abs(part.value)))

    def shown(self, value: float) -> float:
        """Return a part as it is shown: what is left of rounding beside much larger parts is 0; never `-0`."""
        sizes = [abs(one) for one in (self.value, *(part.value for part in self.parts)) if math.isfinite(one)]
        least = max(NOTHING, RESIDUE * max(sizes, default=0.0)) if self.rule != PRODUCT else 0.0
        return 0.0 if abs(value) < least else value + 0.0

    def part(self, name: str) -> float:
        """Return the value of a part."""
        return next(part.value for part in self.parts if part.name == name)


@dataclass(frozen=True)
class Explanation:
    """An answer: sentences, ledgers and tables for one question about one world."""

    question: str
    "Such as `Why did Russia keep tier 3 back?`"
    place: str
    "Scenario, world and month, and how they were chosen; below it what else there is to know of the month."
    sentences: tuple[str, ...]
    ledgers: tuple[Ledger, ...]
    tables: tuple[Table, ...] = ()
    turning: tuple[str, ...] = ()
    "Sentences on what would have turned the outcome."
    drawn: int = 2
    "Number of ledgers, from the first on, that the figure draws."

    def __str__(self) -> str:
        """Return question, place and sentences as text."""
        return "\n".join(
            (self.question, self.place, "", *self.sentences, *(("", *self.turning) if self.turning else ()))
        )

    def _repr_html_(self) -> str:
        """Return what a notebook shows of it."""
        told = [f"<b>{escape(self.question)}</b><br><i>{escape(self.place)}</i>", *map(escape, self.sentences)]
        return "".join(f"<p>{one}</p>" for one in (*told, *map(escape, self.turning)))


@dataclass(frozen=True)
class Table:
    """A small table beside the ledgers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

"""Counts of acts in the public record, of the ten months that were first simulated and of the years before."""

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import xarray as xr

from sim.scenario.options import group_of

Array = np.ndarray

FIRST, LAST = "2023-09", "2024-06"
"""First and last month of the record."""
MONTHS = 10
BEFORE, MONTHS_BEFORE = "2015-2022", 96
"""The years before, and their months."""
BY_MONTHS = "months"
"""What is counted where several acts of a month count once."""


@dataclass(frozen=True)
class Counted:
    """How often some countries did an act, as a band; `before` is None where nobody counted the years before."""

    act: str
    who: str
    "Pair as in parameter keys, three countries with spaces between them, or one country."
    record: tuple[float, float, float]
    "Low, central and high count of the record."
    before: tuple[float, float, float] | None
    "The same of BEFORE."
    years: tuple[float, ...]
    "Counts of each of these years; empty where unknown."
    unit: str
    "`acts`, or BY_MONTHS."
    sources: str
    "Names in docs/sources/sources.csv, with ; between them."

    @property
    def actors(self) -> tuple[str, ...]:
        """Codes of those who act."""
        return tuple(self.who.replace("-", " ").split())


@cache
def counted() -> tuple[Counted, ...]:
    """Return the shipped counts (`sim/data/acts.csv`), in the order of the file."""
    text = (resources.files("sim") / "data" / "acts.csv").read_text(encoding="utf-8")
    lines = (line for line in io.StringIO(text) if not line.startswith("#"))
    return tuple(_row(cells) for cells in csv.DictReader(lines))


def _row(cells: dict[str, str]) -> Counted:
    low, central, high = (float(cells[name]) for name in ("low", "central", "high"))
    before = [float(cells[name]) for name in ("before_low", "before", "before_high") if cells[name]]
    years = tuple(map(float, cells["years"].split()))
    given = (before[0], before[1], before[2]) if before else None
    return Counted(
        *(cells["act"], cells["who"], (low, central, high), given),
        *(years, cells["counted"], cells["sources"]),
    )


def counts_of(ds: xr.Dataset) -> Array:
    """Return how often each act of the record was done in its months, (count, world)."""
    happens = ds["outcome"].transpose("month", "option", "world").values[:MONTHS] > 0
    rows = [group_of(row.act, *row.actors)[0] for row in counted()]
    return np.asarray(happens[:, rows].sum(axis=0), dtype=float)

"""Flows of cumulative series between two consecutive observations: a total can be right where no flow was.

Record. The flow is the difference of two claims over the months between them. Its central value is the difference of
the central values; it reaches from the lowest to the highest difference that the two ranges allow, low of the later -
high of the earlier to high of the later - low of the earlier. Nobody says whether the errors of two claims have a
common cause, and this range holds whether they have or not. A count never falls: the low end is not below zero, unless
the central value is.

Model. Each world's own difference on the same days. For scores the claims' errors are added, taken as independent
(`scoring.difference_errors`), as every other score of the study adds them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.analysis.calendar import DAY
from sim.analysis.quantiles import Band, quantiles
from sim.analysis.record.file import Observation
from sim.analysis.record.readers import DAYS_PER_MONTH
from sim.studies.history.analysis import Evaluation
from sim.studies.history.scoring import Score, difference_errors, errors, score_claim

Array = np.ndarray


@dataclass(frozen=True)
class Rate:
    """Flow of one series between two observations, in its unit a month of 30.4 days."""

    first: Observation
    last: Observation
    record: Band
    "Low, central and high of the record."
    levels: tuple[float, ...]
    "Quantiles (QUANTILES) of the worlds."
    score: Score
    "Scores of the worlds with the errors of both claims."

    @property
    def series(self) -> str:
        """Name of the series."""
        return self.first.series

    @property
    def in50(self) -> bool:
        """Whether the central value lies in the 50 % band of the worlds, without errors of the claims."""
        return self.levels[1] <= self.record.mid <= self.levels[3]

    @property
    def in90(self) -> bool:
        """Whether it lies in their 90 % band."""
        return self.levels[0] <= self.record.mid <= self.levels[4]

    @property
    def side(self) -> int:
        """-1 if the 90 % band of the worlds lies below the central value, 1 if above it, 0 if it holds it."""
        return 0 if self.in90 else -1 if self.record.mid > self.levels[4] else 1


def rates(found: Evaluation, values: Array) -> list[Rate]:
    """Return every rate of every cumulative series; `values`, (scored, world), are the model's for each observation."""
    rows = [one.row for one in found.scored]
    made = []
    for name in found.series():
        for first, last in _neighbours(rows, name) if found.known[name].count else ():
            both = values[[first, last]]
            both = both[:, np.isfinite(both).all(axis=0)]
            if both.shape[1]:
                made.append(_rate(rows[first], rows[last], both[1] - both[0]))
    return made


def _neighbours(rows: Sequence[Observation], series: str) -> Iterator[tuple[int, int]]:
    """Yield the places of consecutive observations; of several of one day only the first in the file counts."""
    days: dict[np.datetime64, int] = {}
    for place, row in enumerate(rows):
        if row.series == series:
            days.setdefault(row.date, place)
    ordered = [days[day] for day in sorted(days)]
    yield from pairwise(ordered)


def months_between(first: Observation, last: Observation) -> float:
    """Return the months of 30.4 days from one observation to a later one."""
    return float((last.date - first.date) / DAY) / DAYS_PER_MONTH


def record_band(first: Observation, last: Observation) -> Band:
    """Return the flow that two claims allow, in their unit a month."""
    months, central = months_between(first, last), last.central - first.central
    low = max(last.low - first.high, min(central, 0.0))
    return Band(low / months, central / months, (last.high - first.low) / months)


def _rate(first: Observation, last: Observation, differences: Array) -> Rate:
    months, record = months_between(first, last), record_band(first, last)
    worlds = differences / months
    own, other = (errors(one.low, one.central, one.high) for one in (first, last))
    error = difference_errors(own, other) / months
    levels = tuple(float(level) for level in quantiles(worlds))
    return Rate(first, last, record, levels, score_claim(worlds, record.mid, error))

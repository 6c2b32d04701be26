"""Worlds that lie inside the ranges of several observations at once.

Every band can be met by some world and all of them by none. A world is inside an observation if its value lies between
low and high of the claim: limits of acceptability (Beven 2006, J. Hydrology 320: 18). No error is added, since the
range is where the source has the truth; a world without a value is outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.record.file import Observation
from sim.studies.history.analysis import ALL, Evaluation

Array = np.ndarray


@dataclass(frozen=True)
class AtOnce:
    """How many worlds lie inside all of some observations."""

    series: str
    "Name of the series, or ALL."
    observations: int
    worlds: int
    inside: int
    "Worlds inside every one of the observations."
    independent: float
    "Share of worlds that would be if being inside one said nothing of another: the product of the shares of each."
    most: int
    "Most observations that one world is inside of."
    hardest: Observation
    "The observation that fewest worlds are inside of; the earliest of several."
    least: int
    "Worlds inside that one."

    @property
    def share(self) -> float:
        """Share of the worlds inside every one of the observations."""
        return self.inside / self.worlds


def at_once(found: Evaluation, values: Array) -> list[AtOnce]:
    """Return every series with at least two observations, then all observations; `values` are (scored, world)."""
    rows = [one.row for one in found.scored]
    held = inside(rows, values)
    made = []
    for name in found.series():
        mine = [place for place, row in enumerate(rows) if row.series == name]
        if len(mine) > 1:
            made.append(_joined(name, [rows[place] for place in mine], held[mine]))
    return [*made, _joined(ALL, rows, held)] if len(rows) > 1 else made


def inside(rows: Sequence[Observation], values: Array) -> Array:
    """Return whether each world is inside each claim, (observation, world)."""
    low, high = (np.array([getattr(row, end) for row in rows])[:, None] for end in ("low", "high"))
    slack = 1e-9 * np.maximum(np.abs(low), np.abs(high))
    return np.asarray((values >= low - slack) & (values <= high + slack))


def _joined(name: str, rows: Sequence[Observation], held: Array) -> AtOnce:
    each = held.sum(axis=1)
    hardest = min(range(len(rows)), key=lambda place: (each[place], rows[place].date))
    return AtOnce(
        name,
        len(rows),
        held.shape[1],
        int(held.all(axis=0).sum()),
        float(np.prod(held.mean(axis=1))),
        int(held.sum(axis=0).max()),
        rows[hardest],
        int(each[hardest]),
    )

"""What the observations say together: rates between them, worlds inside all of them, and each series as one vector."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.analysis.record.definitions import Known
from sim.studies.history.analysis import EARLY, LATER, Evaluation
from sim.studies.history.at_once import AtOnce, at_once
from sim.studies.history.baselines import RIVALS
from sim.studies.history.multivariate import Pair, multivariate, size
from sim.studies.history.rates import Rate, rates
from sim.studies.history.scoring import skill

Array = np.ndarray


@dataclass(frozen=True)
class Vector:
    """Scores of the observations of one series and part as one vector."""

    series: str
    known: Known
    "How the model produces it."
    part: str
    observations: int
    worlds: int
    "Number of worlds that have a value on every date."
    unit: float
    "What the scores are shares of, in the unit of the series: the mean observation."
    model: Pair
    rivals: Mapping[str, Pair] = field(default_factory=dict)
    "Those of each baseline, later part only, and of the reduced model."

    def skills(self, name: str) -> Pair:
        """Return the skill against a rival by both scores: 1 perfect, 0 no better, below 0 worse."""
        return Pair(*(skill(mine, other) for mine, other in zip(self.model, self.rivals[name], strict=True)))


@dataclass(frozen=True)
class Joint:
    """Everything that needs more than one observation."""

    rates: tuple[Rate, ...]
    at_once: tuple[AtOnce, ...]
    vectors: tuple[Vector, ...]


def joint(found: Evaluation, values: Array) -> Joint:
    """Return the joint results; `values`, (scored, world), are the model's for each scored observation."""
    vectors = (_vector(found, values, name, part) for part in (LATER, EARLY) for name in found.series(part))
    return Joint(
        tuple(rates(found, values)),
        tuple(at_once(found, values)),
        tuple(one for one in vectors if one is not None),
    )


def _vector(found: Evaluation, values: Array, series: str, part: str) -> Vector | None:
    """Return the scores of one series; None with fewer than two observations or no world that has all values."""
    chosen = [k for k, one in enumerate(found.scored) if one.row.series == series and one.part == part]
    chosen.sort(key=lambda k: found.scored[k].row.date)
    if len(chosen) < 2:
        return None
    rows, own = [found.scored[k].row for k in chosen], values[chosen]
    own = own[:, np.isfinite(own).all(axis=0)]
    if not own.shape[1]:
        return None
    days = np.array([row.date.astype("datetime64[D]").astype(int) for row in rows], dtype=float)
    known, seed = found.rivals(series, part), f"{series}/{part}"
    drawn = {name: known[name].paths(days) for name in RIVALS if name in known}
    drawn = {name: values[:, np.isfinite(values).all(axis=0)] for name, values in drawn.items()}
    others = {name: multivariate(values, rows, seed) for name, values in drawn.items() if values.shape[1]}
    return Vector(
        series, rows[0].known, part, len(rows), own.shape[1], size(rows), multivariate(own, rows, seed), others
    )

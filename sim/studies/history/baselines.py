"""Naive baselines: predictive distributions fitted to the early observations of a series alone.

- *persistence*: the last early observation stays (a random walk without drift).
- *trend*: a straight line through the early observations (least squares).
- *constant*: of a count, its mean rate goes on; of anything else, the mean of its early observations.

Uncertainty of a baseline: each early observation is drawn from its band (triangular), the baseline is fitted to every
draw, and the scatter of the early observations about it that their bands do not explain is added as normal noise. The
noise of persistence and of a constant rate grows with the root of time; that of a mean or a line as in regression. No
draw is negative, no share above one, no count falls. A count is known to be zero where counting starts; that point is
fitted too. With too few observations for a scatter a baseline has only the bands and is narrow: see `Baseline.note`.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.studies.history.scoring import triangular, variance

Array = np.ndarray
DRAWS = 2000
"""Draws of a baseline's predictive distribution."""


@dataclass(frozen=True)
class Early:
    """Observations of one series that a baseline may know, in order of date."""

    days: Array
    "(n) days, from any origin."
    low: Array
    central: Array
    high: Array
    count: bool
    "Whether it never falls; then the first value is the zero where counting starts."
    share: bool = False
    "Whether it lies between 0 and 1."

    @property
    def figures(self) -> int:
        """Number of observations, without the zero of a count."""
        return len(self.days) - int(self.count)

    @property
    def variances(self) -> Array:
        """(n) variances of the bands."""
        return np.array([variance(*band) for band in zip(self.low, self.central, self.high, strict=True)])


@dataclass(frozen=True)
class Baseline:
    """One naive forecast."""

    name: str
    draw: Callable[[float], Array]
    "Draws of the predictive distribution, (draw), for a day not before the last early one."
    note: str
    "Fallback that it uses; empty if none."


NAMES = ("persistence", "trend", "constant")
WORDS = {
    "persistence": "persistence (the last early observation stays)",
    "trend": "linear trend",
    "constant": "constant rate",
}


def baselines(name: str, early: Early, draws: int = DRAWS) -> Mapping[str, Baseline]:
    """Return every baseline of a series; none without an early observation. A name always draws the same numbers."""
    if early.figures < 1:
        return {}
    # "rivals" is part of the seed: another word would change every draw
    key = int.from_bytes(hashlib.sha256(f"rivals/{name}".encode()).digest()[:8], "little")
    rng = np.random.default_rng(key)
    known = drawn(early, rng, draws)
    noise = rng.standard_normal(draws)
    found = {"persistence": _persistence(early, known, noise)}
    if len(np.unique(early.days)) < 2:
        note = "one early observation: the same as persistence"
        return found | {other: Baseline(other, found["persistence"].draw, note) for other in NAMES[1:]}
    found["trend"] = _trend(early, known, noise)
    found["constant"] = _rate(early, known, noise) if early.count else _mean(early, known, noise)
    return found


def drawn(early: Early, rng: np.random.Generator, draws: int) -> Array:
    """Return draws of the early observations from their bands, (n, draw); a count never falls."""
    bands = zip(early.low, early.central, early.high, strict=True)
    known = np.stack([triangular(rng.random(draws), *band) for band in bands])
    return np.maximum.accumulate(known, axis=0) if early.count else known


def _possible(early: Early, known: Array, values: Array) -> Array:
    values = np.maximum(values, known[-1] if early.count else 0.0)
    return np.minimum(values, 1.0) if early.share else values


def _steps(early: Early, rate: float) -> Array:
    """Return the variance a day of each step about a constant rate, beyond what the bands explain."""
    gaps = np.diff(early.days)
    real = gaps > 0.0
    about = (np.diff(early.central) - rate * gaps) ** 2
    bands = early.variances[1:] + early.variances[:-1]
    return (about - bands)[real] / gaps[real]


def _walk(steps: Array, lost: int) -> float:
    """Return the standard deviation a root day of a random walk with these steps, `lost` of them fitted to drift."""
    left = len(steps) - lost
    return float(np.sqrt(max(steps.sum() / left, 0.0))) if left > 0 else 0.0


NARROW = "too few early observations for a scatter: only the bands count, so it is narrow"


def _persistence(early: Early, known: Array, noise: Array) -> Baseline:
    steps = _steps(early, 0.0)
    spread = _walk(steps, 0)

    def draw(day: float) -> Array:
        ahead = max(day - early.days[-1], 0.0)
        return _possible(early, known, known[-1] + spread * np.sqrt(ahead) * noise)

    return Baseline("persistence", draw, "" if len(steps) else NARROW)


def _trend(early: Early, known: Array, noise: Array) -> Baseline:
    days = early.days - early.days.mean()
    square = float((days**2).sum())
    slope, level = (days @ known) / square, known.mean(axis=0)
    fitted = early.central.mean() + days * float(days @ early.central) / square
    left = len(days) - 2
    rest = float(((early.central - fitted) ** 2).sum() / left - early.variances.mean()) if left > 0 else 0.0
    spread = np.sqrt(max(rest, 0.0))

    def draw(day: float) -> Array:
        at = day - early.days.mean()
        wide = spread * np.sqrt(1.0 + 1.0 / len(days) + at**2 / square)
        return _possible(early, known, level + slope * at + wide * noise)

    return Baseline("trend", draw, "" if left > 0 else NARROW)


def _rate(early: Early, known: Array, noise: Array) -> Baseline:
    length = early.days[-1] - early.days[0]
    steps = _steps(early, float(early.central[-1] / length))
    spread = _walk(steps, 1)

    def draw(day: float) -> Array:
        ahead = max(day - early.days[-1], 0.0)
        return _possible(early, known, known[-1] * (1.0 + ahead / length) + spread * np.sqrt(ahead) * noise)

    return Baseline("constant", draw, "" if len(steps) > 1 else NARROW)


def _mean(early: Early, known: Array, noise: Array) -> Baseline:
    n = len(early.days)
    rest = float(early.central.var(ddof=1) - early.variances.mean())
    values = known.mean(axis=0) + np.sqrt(max(rest, 0.0) * (1.0 + 1.0 / n)) * noise
    return Baseline("constant", lambda day: _possible(early, known, values), "")

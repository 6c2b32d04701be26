"""Naive baselines: predictive distributions fitted to the early observations of a series alone.

- *persistence*: the last early observation stays (a random walk without drift).
- *trend*: a straight line through the early observations (least squares).
- *constant*: of a count, its mean rate goes on; of anything else, the mean of its early observations.

Uncertainty of a baseline: each early observation is drawn from its band (triangular), the baseline is fitted to every
draw, and the scatter of the early observations about it that their bands do not explain is added as normal noise. The
noise of persistence and of a constant rate grows with the root of time; that of a mean or a line as in regression. No
draw is negative, no share above one, no count falls. A count is known to be zero where counting starts; that point is
fitted too. With too few observations for a scatter a baseline has only the bands and is narrow: see `Baseline.note`.

Several days at once are drawn with the covariance of the same assumptions: increments of a walk are independent; a
mean or a line has an error of its own that all days share, and each day its scatter about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import xarray as xr

from sim.analysis.record.series import Reading, at_date
from sim.studies.history.paths import about_fit, correlated, of_walk, seeded
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
    """One rival forecast: naive, or that of the reduced model."""

    name: str
    draw: Callable[[float], Array]
    "Draws of the predictive distribution, (draw), for a day not before the last early one."
    paths: Callable[[Array], Array]
    "Joint draws for several such days in rising order, (day, draw)."
    note: str
    "Fallback that it uses; empty if none."


def of_worlds(reading: Reading, months: Array, values: Array) -> Baseline:
    """Return the forecast of an ensemble, (month, world), of a series read so; `months` are datetime64[M].

    Days before the first month or after the last have no value. Nothing is known of observations: it has no fallback.
    """
    dates, read = xr.Dataset(coords={"month": months}), replace(reading, values=lambda _: values)

    def draw(day: float) -> Array:
        found = at_date(dates, read, np.datetime64(int(day), "D"))
        return np.full(values.shape[1], np.nan) if found is None else found

    return Baseline(REDUCED, draw, lambda days: np.stack([draw(day) for day in days]), "")


NAMES = ("persistence", "trend", "constant")
REDUCED = "reduced"
RIVALS = (*NAMES, REDUCED)
"""All that the model is held against: the baselines, and the reduced model of need, stock and room."""


def baselines(name: str, early: Early, draws: int = DRAWS) -> Mapping[str, Baseline]:
    """Return every baseline of a series; none without an early observation. A name always draws the same numbers."""
    if early.figures < 1:
        return {}
    # "rivals" is part of the seed: another word would change every draw
    rng = seeded(f"rivals/{name}")
    known = drawn(early, rng, draws)
    noise = Noise(f"paths/{name}", rng.standard_normal(draws))
    found = {"persistence": _persistence(early, known, noise)}
    if len(np.unique(early.days)) < 2:
        note = "one early observation: the same as persistence"
        return found | {other: replace(found["persistence"], name=other, note=note) for other in NAMES[1:]}
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


class Noise(NamedTuple):
    """Standard normal noise of a series: that of one day, (draw), and the seed of that of several days."""

    seed: str
    one: Array


def _made(
    early: Early, known: Array, noise: Noise, middle: Callable[[float], Array], covariance: Callable[[Array], Array]
) -> tuple[Callable[[float], Array], Callable[[Array], Array]]:
    """Return draws for one day and for several from the forecast without noise, (draw), and the noise's covariance."""

    def draw(day: float) -> Array:
        wide = float(np.sqrt(covariance(np.array([day]))[0, 0]))
        return _possible(early, known, middle(day) + wide * noise.one)

    def paths(days: Array) -> Array:
        scatter = correlated(covariance(days), len(noise.one), seeded(noise.seed))
        found = _possible(early, known, np.stack([middle(day) for day in days]) + scatter)
        return np.maximum.accumulate(found, axis=0) if early.count else found

    return draw, paths


def _ahead(early: Early, days: Array) -> Array:
    return np.maximum(days - early.days[-1], 0.0)


def _persistence(early: Early, known: Array, noise: Noise) -> Baseline:
    steps = _steps(early, 0.0)
    spread = _walk(steps, 0)
    made = _made(early, known, noise, lambda day: known[-1], lambda days: of_walk(spread, _ahead(early, days)))
    return Baseline("persistence", *made, "" if len(steps) else NARROW)


def _trend(early: Early, known: Array, noise: Noise) -> Baseline:
    days = early.days - early.days.mean()
    square = float((days**2).sum())
    slope, level = (days @ known) / square, known.mean(axis=0)
    fitted = early.central.mean() + days * float(days @ early.central) / square
    left = len(days) - 2
    rest = float(((early.central - fitted) ** 2).sum() / left - early.variances.mean()) if left > 0 else 0.0
    spread = float(np.sqrt(max(rest, 0.0)))

    def covariance(ahead: Array) -> Array:
        at = ahead - early.days.mean()
        return about_fit(spread, ahead, 1.0 / len(days) + np.outer(at, at) / square)

    made = _made(early, known, noise, lambda day: level + slope * (day - early.days.mean()), covariance)
    return Baseline("trend", *made, "" if left > 0 else NARROW)


def _rate(early: Early, known: Array, noise: Noise) -> Baseline:
    length = early.days[-1] - early.days[0]
    steps = _steps(early, float(early.central[-1] / length))
    spread = _walk(steps, 1)

    def middle(day: float) -> Array:
        return np.asarray(known[-1] * (1.0 + max(day - early.days[-1], 0.0) / length))

    made = _made(early, known, noise, middle, lambda days: of_walk(spread, _ahead(early, days)))
    return Baseline("constant", *made, "" if len(steps) > 1 else NARROW)


def _mean(early: Early, known: Array, noise: Noise) -> Baseline:
    n = len(early.days)
    rest = float(early.central.var(ddof=1) - early.variances.mean())
    spread = float(np.sqrt(max(rest, 0.0)))
    level = known.mean(axis=0)
    made = _made(early, known, noise, lambda day: level, lambda days: about_fit(spread, days, np.array(1.0 / n)))
    return Baseline("constant", *made, "")

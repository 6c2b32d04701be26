"""Where a parameter stops mattering (the knee) and where it turns (maximum, minimum), each with its uncertainty.

Curves are means over worlds that are the same at every point of the grid, so differences along the grid are paired.

*Knee*: beyond the steepest stretch of the curve, returns are taken to diminish: the slopes between neighbouring
points are made non-increasing by least squares (isotonic regression; Barlow, Bartholomew, Bremner and Brunk 1972).
The knee is where such a slope falls below `KNEE_SHARE` of the steepest, interpolated between the middles of the
intervals. A curve that falls is turned upside down first.

*Maximum*: the vertex of the parabola through the highest point and its neighbours. *Minimum*: that of the curve turned
upside down, with its fall and the rise beyond.

*Uncertainty*: worlds are drawn again with replacement (bootstrap, Efron 1979; fixed seed); the interval holds 90 % of
the knees or maxima found. Where a curve bends between two points of the grid cannot be known, however many worlds
there are, so the interval reaches at least half a step of the grid to both sides. *Evidence*: the highest point of pure
noise looks like a maximum, too. So one half of the worlds chooses the point and the other half measures the rise to it
and the fall beyond, then the other way round. A fall of less than `KNEE_SHARE` of the rise is not called a turn.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

from sim.analysis.quantiles import Z_90

Array = np.ndarray
KNEE_SHARE = 0.1
"""The knee is where one more unit adds less than this share of the steepest gain (definition)."""
RESAMPLES = 400
SEED = 20230913
FEWEST_POINTS = 3
FEWEST_WORLDS = 4
"""Fewest worlds of which each half has an error of its own; fewer give no evidence."""


@dataclass(frozen=True)
class Place:
    """A place on the axis of a parameter, with its 90 % interval; infinite beyond the upper end of the grid."""

    at: float
    low: float
    high: float


@dataclass(frozen=True)
class Step:
    """A change of an outcome and its standard error."""

    mean: float
    error: float

    @property
    def sure(self) -> bool:
        """Whether the change is above zero, with 95 % one-sided (`Z_90`)."""
        return bool(self.mean > Z_90 * self.error)


NOWHERE = Place(float("nan"), float("nan"), float("nan"))
NOTHING = Step(0.0, float("inf"))


@dataclass(frozen=True)
class Shape:
    """The shape of a curve over one parameter."""

    knee: Place
    maximum: Place
    rise: Step
    "From the lower end up to the maximum, measured on worlds that did not choose it."
    fall: Step
    "From the maximum down to the upper end, likewise."
    effect: Step
    "The largest change from the lower end, in its own direction, likewise."
    sign: float
    "1 where that change is a rise, -1 where it is a fall."
    inside: bool
    "Whether the maximum lies between the ends of the grid."
    minimum: Place = NOWHERE
    drop: Step = NOTHING
    "From the lower end down to the minimum, like `rise`."
    climb: Step = NOTHING
    "From the minimum up to the upper end, likewise."

    @property
    def turns(self) -> bool:
        """Whether the outcome rises and then falls."""
        return self.rise.sure and self._falls

    @property
    def dips(self) -> bool:
        """Whether the outcome falls and then rises, by more than a small part of the fall."""
        return self.drop.sure and self.climb.sure and self.climb.mean > KNEE_SHARE * self.drop.mean

    @property
    def peaks(self) -> bool:
        """Whether the outcome is highest between the ends and falls beyond; the rise need not be significant."""
        return self.turns or (self.inside and self._falls)

    @property
    def _falls(self) -> bool:
        """Whether it falls beyond the maximum, by more than a small part of the rise."""
        return self.fall.sure and self.fall.mean > KNEE_SHARE * self.rise.mean

    @property
    def matters(self) -> bool:
        """Whether the parameter changes the outcome at all within the range."""
        return self.effect.sure

    @property
    def flattens(self) -> bool:
        """Whether the outcome changes in one direction, and goes flat within the range."""
        return self.matters and not self.turns and not self.dips and bool(np.isfinite(self.knee.at))


def shape(x: Array, values: Array) -> Shape:
    """Return knee, maximum and evidence for `values` (points, worlds) over the rising grid `x` (points)."""
    values = values[:, np.isfinite(values).all(axis=0)]
    worlds = values.shape[1]
    if len(x) < FEWEST_POINTS or not worlds:
        return Shape(NOWHERE, NOWHERE, NOTHING, NOTHING, NOTHING, 1.0, False)
    curve = values.mean(axis=1)
    sign = _direction(curve)
    curves = resampled(values)
    return Shape(
        knee=_within_grid(x, _place(lambda y: knee(x, sign * y), curve, curves)),
        maximum=_within_grid(x, _place(lambda y: maximum(x, y), curve, curves)),
        rise=_crossed(values, lambda y: int(np.argmax(y)), lambda v, k: v[k] - v[0]),
        fall=_crossed(values, lambda y: int(np.argmax(y)), lambda v, k: v[k] - v[-1]),
        effect=_crossed(values, lambda y: int(np.argmax(sign * (y - y[0]))), lambda v, k: sign * (v[k] - v[0])),
        sign=sign,
        inside=0 < int(np.argmax(curve)) < len(x) - 1,
        minimum=_within_grid(x, _place(lambda y: maximum(x, -y), curve, curves)),
        drop=_crossed(values, lambda y: int(np.argmin(y)), lambda v, k: v[0] - v[k]),
        climb=_crossed(values, lambda y: int(np.argmin(y)), lambda v, k: v[-1] - v[k]),
    )


def slopes(x: Array, curve: Array) -> Array:
    """Return what one more unit adds between neighbouring points, (..., points - 1)."""
    return np.diff(curve, axis=-1) / np.diff(x)


def knee(x: Array, curve: Array) -> float:
    """Return where a rising curve (points) goes flat, as defined above; infinite if it does not within the grid."""
    steps, middles, widths = slopes(x, curve), (x[1:] + x[:-1]) / 2.0, np.diff(x)
    first = int(np.argmax(steps))
    steepest = steps[first]
    if not steepest > 0.0:
        return float("nan")
    fitted = isotonic_regression(steps[first:], weights=widths[first:], increasing=False).x
    low = np.flatnonzero(fitted < KNEE_SHARE * steepest)
    if not low.size:
        return float("inf")
    after = int(low[0])  # at least 1: the first slope is the steepest, so it is never pooled
    above, below = fitted[after - 1], fitted[after]
    part = (above - KNEE_SHARE * steepest) / (above - below)
    return float(middles[first + after - 1] + part * (middles[first + after] - middles[first + after - 1]))


def maximum(x: Array, curve: Array) -> float:
    """Return where a curve (points) on an even grid is highest; an end of the grid if it is highest there."""
    k = int(np.argmax(curve))
    if k in (0, len(x) - 1):
        return float(x[k])
    left, top, right = curve[k - 1 : k + 2]
    bend = left - 2.0 * top + right
    shift = 0.5 * (left - right) / bend if bend < 0.0 else 0.0
    return float(x[k] + np.clip(shift, -0.5, 0.5) * (x[k + 1] - x[k]))


def resampled(values: Array, times: int = RESAMPLES) -> Array:
    """Return means of `values` (points, worlds) over worlds drawn again with replacement, (times, points)."""
    worlds = values.shape[1]
    draws = np.random.default_rng(SEED).multinomial(worlds, np.full(worlds, 1.0 / worlds), size=times)
    return draws @ values.T / worlds


def _direction(curve: Array) -> float:
    """Return 1 if the largest change from the lower end is upwards, else -1."""
    step = curve - curve[0]
    return 1.0 if step.max() >= -step.min() else -1.0


def _place(find: Callable[[Array], float], curve: Array, curves: Array) -> Place:
    """Return the place found on the curve, with 5 % and 95 % of the places found on the resampled curves."""
    found = np.array([find(one) for one in curves])
    found = found[~np.isnan(found)]
    at = find(curve)
    if not found.size or np.isnan(at):
        return NOWHERE
    low, high = np.quantile(found, 0.05, method="lower"), np.quantile(found, 0.95, method="higher")
    return Place(at, float(low), float(high))


def _within_grid(x: Array, place: Place) -> Place:
    """Return a place whose interval is no narrower than the grid tells: half a step to both sides, within its ends."""
    if not np.isfinite(place.at):
        return place
    step = np.diff(x)[min(max(int(np.searchsorted(x, place.at)) - 1, 0), len(x) - 2)] / 2.0
    low, high = max(place.at - step, float(x[0])), min(place.at + step, float(x[-1]))
    return Place(place.at, min(place.low, low), max(place.high, high))


def _crossed(values: Array, choose: Callable[[Array], int], measure: Callable[[Array, int], Array]) -> Step:
    """Return a change measured on each half of the worlds at the point that the other half chose."""
    halves = values[:, ::2], values[:, 1::2]
    if min(half.shape[1] for half in halves) < 2:
        return NOTHING
    means, errors = [], []
    for choosing, measuring in (halves, halves[::-1]):
        step = measure(measuring, choose(choosing.mean(axis=1)))
        means.append(step.mean())
        errors.append(step.std(ddof=1) / np.sqrt(step.size))
    return Step(float(np.mean(means)), float(np.hypot(*errors) / 2.0))

"""How many worlds are enough: worlds are added until the confidence intervals of the chosen outcomes are narrow.

Stopping rule. After 256, 512, 1024 … worlds, the 95 % confidence intervals of each outcome's median, 5 % and 95 %
quantile and mean are compared with the outcome's 90 % band. The ensemble is large enough when every half-width is at
most `precision` times the band. Intervals of quantiles come from order statistics (binomial, distribution-free: Conover
1999, section 3.2). For an outcome with few different values, such as a tier, only the mean is judged, by a normal
interval.

Lee et al. 2015 ("The complexities of agent-based modeling output analysis", JASSS 18(4) 4) advise to add runs until the
coefficient of variation of an outcome is stable. That shows when an estimate has stopped moving, not its error;
fixed-width intervals (Chow and Robbins 1965) bound the error, in the unit of the outcome. Sizes double to keep checks
few: each is another chance to stop too early.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.analysis.quantiles import Z_90, quantiles

Array = np.ndarray
FIRST, MOST = 256, 131_072
"""Smallest and largest ensemble tried by default."""
PRECISION = 0.05
"""Largest half-width by default, as a share of the 90 % band."""
USUAL = ("shells_delivered", "practical", "symbolic", "technology", "oil")
"""Outcomes that are checked by default."""
CONFIDENCE = 0.95
NORMAL = 1.959964
"""Standard errors of a normal distribution within which 95 % lie."""
FEW = 20
"""With this many different values or fewer the quantiles of an outcome jump, and only its mean is judged."""


@dataclass(frozen=True)
class HalfWidth:
    """Half-widths of the intervals of mean, 5 %, 50 % and 95 % quantile of an outcome, as shares of its 90 % band."""

    mean: float
    low: float
    "Missing where quantiles are not judged, infinite with too few worlds; `mid` and `high` alike."
    mid: float
    high: float

    @property
    def worst(self) -> float:
        """Widest of those that are judged."""
        return float(np.nanmax([self.mean, self.low, self.mid, self.high]))


@dataclass(frozen=True)
class Check:
    """Half-widths of all outcomes at one ensemble size."""

    worlds: int
    widths: Mapping[str, HalfWidth]

    def enough(self, precision: float) -> bool:
        """Return whether every half-width is at most `precision`."""
        return all(width.worst <= precision for width in self.widths.values())


def check(values: Mapping[str, Array]) -> Check:
    """Return the half-widths of outcomes, name -> (world)."""
    return Check(len(next(iter(values.values()))), {name: half_widths(one) for name, one in values.items()})


def half_widths(values: Array) -> HalfWidth:
    """Return the half-widths of one outcome, (world), as shares of its 90 % band; zero if it never varies."""
    ordered = np.sort(np.asarray(values, dtype=float))
    count = len(ordered)
    low, high = quantiles(ordered, (0.05, 0.95)).tolist()
    spread = float(ordered.std(ddof=1)) if count > 1 else np.inf
    if spread == 0.0:
        return HalfWidth(0.0, 0.0, 0.0, 0.0)
    # an outcome that is constant but in rare worlds has no band; a normal band of its spread replaces it
    band = high - low if high > low else 2.0 * Z_90 * spread
    mean = NORMAL * spread / np.sqrt(count) / band
    if len(np.unique(ordered)) <= FEW:
        return HalfWidth(float(mean), np.nan, np.nan, np.nan)
    low, mid, high = (half_interval(ordered, level) / band for level in (0.05, 0.5, 0.95))
    return HalfWidth(float(mean), low, mid, high)


def half_interval(ordered: Array, level: float) -> float:
    """Return the half-width of the 95 % interval of a quantile from order statistics; infinite with too few worlds."""
    from scipy.stats import binom  # takes a second to load, and only this needs it

    count = len(ordered)
    below = int(binom.ppf((1.0 - CONFIDENCE) / 2.0, count, level)) - 1
    above = int(binom.ppf((1.0 + CONFIDENCE) / 2.0, count, level))
    if below < 0 or above >= count:
        return float("inf")
    return float(ordered[above] - ordered[below]) / 2.0


def sizes(most: int) -> Iterator[int]:
    """Yield the ensemble sizes at which convergence is checked: doubling up to `most`."""
    worlds = FIRST
    while worlds < most:
        yield worlds
        worlds *= 2
    yield most

"""Differences of two scenarios world by world: both share the seed, so world k has the same luck in each.

Common random numbers: Glasserman and Yao 1992, "Some guidelines and guarantees for common random numbers".
"""

from dataclasses import dataclass

import numpy as np

from sim.analysis.quantiles import Z_90, Band, band

Array = np.ndarray
TIE = 1e-9
"""Worlds whose values differ by less than this part of the largest value count as tied: that is rounding."""


@dataclass(frozen=True)
class Difference:
    """Difference of an outcome from the reference, over the same worlds."""

    mean: float
    error: float
    "Standard error of the mean; missing with fewer than two worlds."
    band: Band
    "Median and 90 % band of the differences of single worlds."
    higher: float
    "Share of worlds in which it is higher than in the reference."
    tied: float
    "Share of worlds in which it is the same."
    fewer: float
    "How many times fewer worlds paired runs need than independent runs for the same standard error."

    @property
    def higher_or_half(self) -> float:
        """Share of worlds in which it is higher, a tie counted half."""
        return self.higher + 0.5 * self.tied

    @property
    def clear(self) -> bool:
        """Whether the mean lies further from zero than `Z_90` standard errors."""
        return bool(abs(self.mean) > Z_90 * self.error)


def difference(reference: Array, other: Array) -> Difference:
    """Compare `other` with `reference`, both (world) in the same order; worlds without a number in either are left out.

    The standard error takes worlds as independent draws. They are points of Latin hypercubes, which spread more
    evenly, so it is, if anything, too large.
    """
    a, b = np.asarray(reference, dtype=float), np.asarray(other, dtype=float)
    both = np.isfinite(a) & np.isfinite(b)
    a, b = a[both], b[both]
    if not a.size:
        missing = float("nan")
        return Difference(missing, missing, Band(missing, missing, missing), missing, missing, missing)
    step = b - a
    same = np.abs(step) <= TIE * max(np.abs(a).max(), np.abs(b).max())
    step = np.where(same, 0.0, step)
    error = float(step.std(ddof=1) / np.sqrt(step.size)) if step.size > 1 else float("nan")
    return Difference(
        mean=float(step.mean()),
        error=error,
        band=band(step),
        higher=float((step > 0.0).mean()),
        tied=float(same.mean()),
        fewer=times_fewer(a, b, step),
    )


def times_fewer(a: Array, b: Array, step: Array) -> float:
    """Return ``(var a + var b) / var(b - a)``: variance of the difference of independent runs over paired ones.

    The standard error falls with the root of the number of worlds, so this is the ratio of the numbers needed.
    Infinite where every world differs by the same amount; missing where no world differs, or nothing varies.
    """
    if step.size < 2 or not step.any():
        return float("nan")
    apart, paired = a.var(ddof=1) + b.var(ddof=1), step.var(ddof=1)
    if paired > 0.0:
        return float(apart / paired)
    return float("inf") if apart > 0.0 else float("nan")

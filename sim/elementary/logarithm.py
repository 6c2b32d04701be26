"""The natural logarithm, of a number and of one more than a number.

x is split into 2**k m with m near 1, whose logarithm a short polynomial gives.
"""

import sys

import numpy as np

from sim.arrays import Array
from sim.elementary.exponential import FRACTION, LN2_HIGH, LN2_LOW, ONE, ROUND, TWO
from sim.elementary.function import constants, elementary, polynomial, within

# fmt: off
LOG = constants(0.666666666666667, 0.39999999999899494, 0.28571428625981043, 0.22222211133888148, 0.18182889191339113,
                0.15331719404173863, 0.1461647683302389)
"""R of ln((1 + s) / (1 - s)) = 2 s + s³ R(s²), for s of the numbers between the root of 1/2 and that of 2."""
# fmt: on
ROOT_HALF = np.array(0x3FE6A09E667F3BCD)
"""Bits of the root of 1/2."""
ROUND_BITS = np.array(0x4338000000000000)
"""Bits of ROUND."""
SMALLEST, LARGEST = sys.float_info.min, sys.float_info.max
"""Normal numbers."""
ABOVE_MINUS_ONE = 2.0**-53 - 1.0
HALF, FROM_INTEGER, SMALLEST_OF_ALL, LARGEST_OF_ALL = constants(0.5, ROUND, 2.0**-1074, LARGEST)


def split(x: Array) -> tuple[Array, Array]:
    """Return (k, m - 1) with x = 2**k m and m between the root of 1/2 and that of 2, for positive normal x."""
    bits = x.view(np.int64)
    k = bits - ROOT_HALF
    k >>= FRACTION
    m = bits - (k << FRACTION)
    k += ROUND_BITS
    return k.view(np.float64) - FROM_INTEGER, m.view(np.float64) - ONE


def split_any(x: Array) -> tuple[Array, Array]:
    """Return the same for positive finite x, those below the smallest normal number included."""
    small = (x < SMALLEST) * ONE
    k, f = split(x * (small * 2.0**54 + 1.0))
    return k - small * 54.0, f


def of_parts(k: Array, f: Array, low: Array | None = None) -> Array:
    """Return k ln 2 + ln(1 + f) + low, `low` being much the smallest. Overwrites k."""
    s = f / (f + TWO)
    r = polynomial(s * s, LOG)
    half = f * HALF
    half *= f
    r += half
    r *= s
    r += k * LN2_LOW
    if low is not None:
        r += low
    half -= r
    half -= f
    k *= LN2_HIGH
    k -= half
    return k


def usual(x: Array) -> tuple[Array, Array]:
    """Return (x, 0), but where x is not positive and finite a number that is and what its logarithm lacks.

    The logarithm of 0 lacks -inf (division by zero), that of less nan (invalid), that of inf lacks inf.
    """
    x = x + 0.0  # -0 becomes 0
    positive = np.minimum(np.maximum(np.abs(x), SMALLEST_OF_ALL), LARGEST_OF_ALL)
    lacks = x - positive
    lacks -= np.sqrt(positive / np.maximum(x, -LARGEST_OF_ALL))
    lacks += ONE
    return positive, lacks


@elementary
def log(x: Array) -> Array:
    """Return the natural logarithm; of zero -inf (division by zero), of a negative number nan (invalid)."""
    if within(x, SMALLEST, LARGEST):
        return of_parts(*split(x))
    x, lacks = usual(x)
    return of_parts(*split_any(x)) + lacks


@elementary
def log1p(x: Array) -> Array:
    """Return ln(1 + x), exact where x is small; below -1 it is invalid."""
    if within(x, ABOVE_MINUS_ONE, LARGEST):
        u = x + ONE
        return np.copysign(of_parts(*split(u), (x - (u - ONE)) / u), x)
    u, lacks = usual(x + ONE)
    low = np.where(lacks == 0.0, x, 0.0)
    low = np.where(lacks == 0.0, low - (u - ONE), 0.0) / u  # what 1 + x lost in rounding
    return np.copysign(of_parts(*split(u), low) + lacks, x)

"""The exponential and the hyperbolic tangent.

x is split into k ln 2 and a rest r of at most ln(2) / 2, whose exponential a short polynomial gives.
"""

import numpy as np

from sim.arrays import Array
from sim.elementary.function import constants, elementary, polynomial, within

LN2_HIGH, LN2_LOW = constants(float.fromhex("0x1.62e42fefa3800p-1"), 5.497923018708371e-14)
"""Their sum is the logarithm of 2. The first has 42 bits, so that its product with an exponent is exact."""
(PER_LN2,) = constants(1.4426950408889634)
BIAS, TWICE_BIAS = np.array(1023), np.array(2046)
"""The number 2**k has k + BIAS in its bits from 52 on."""
ROUND = 1.5 * 2.0**52
"""A number to which this is added is rounded to an integer, which then stands in the lowest bits."""
(TO_INTEGER,) = constants(ROUND)
# fmt: off
EXP = constants(0.1666666666666666, -0.0027777777777564404, 6.613756471622828e-05, -1.6534060033836456e-06,
                4.1437662804024295e-08)
"""P of the identity e**r = 1 + r + r c / (2 - c), c = r - r² P(r²), for |r| <= ln(2) / 2."""
# fmt: on
ONE, TWO = constants(1.0, 2.0)
FRACTION = np.array(52)
"""Bits of a number's fraction, below those of its exponent."""
LOWEST, HIGHEST = constants(-746.0, 710.0)
"""Beyond these the exponential is zero or infinite."""
LARGEST_TANH = np.array(20.0)
"""From 19.1 on the hyperbolic tangent is 1."""


def reduced(x: Array, low: Array | None = None) -> tuple[Array, Array]:
    """Return (scale, y) with e**(x + low) = 2**k (1 - y); the lowest bits of `scale` are k.

    Arrays are used again where that turns a sign: memory takes longer than arithmetic.
    """
    k = x * PER_LN2
    k += TO_INTEGER
    scale = k.view(np.int64)
    k = k - TO_INTEGER
    high = k * LN2_HIGH
    high -= x  # less than nothing: r = -high - k LN2_LOW
    k *= LN2_LOW
    if low is not None:
        k -= low
    r = high + k
    c = polynomial(r * r, EXP)
    c += r
    r *= c
    c += TWO
    r /= c
    k -= r
    k += high
    return scale, k


def scaled(y: Array, scale: Array) -> Array:
    """Return y times 2**k in two steps, so that only the last can leave the range of normal numbers."""
    scale += TWICE_BIAS
    half = scale >> 1
    rest = scale - half
    half <<= FRACTION
    rest <<= FRACTION
    y *= half.view(np.float64)
    y *= rest.view(np.float64)
    return y


@elementary
def exp(x: Array) -> Array:
    """Return e**x. Beyond 709.78 it is infinite (overflow), below -745.14 zero."""
    normal = within(x, -708.0, 709.0)
    scale, y = reduced(x if normal else np.minimum(np.maximum(x, LOWEST), HIGHEST))
    y = ONE - y
    if not normal:
        return scaled(y, scale)
    scale <<= FRACTION
    scale += y.view(np.int64)
    return scale.view(np.float64)


@elementary
def tanh(x: Array) -> Array:
    """Return the hyperbolic tangent, (e**2x - 1) / (e**2x + 1)."""
    twice = np.minimum(np.abs(x), LARGEST_TANH)
    twice = twice + twice
    scale, y = reduced(twice)
    scale += BIAS
    scale <<= FRACTION
    power = scale.view(np.float64)
    y *= power
    whole = power - ONE
    above = whole - y
    lost = (whole - above) - y
    below = above + TWO
    share = above / below
    share += lost * (ONE - share) / below
    return np.copysign(share, x)

"""Powers of positive numbers.

The exponential multiplies the error of its argument by that argument, up to 709. So the logarithm is needed with
eleven more bits than a float has. It is computed in pairs: two floats whose sum is the number (Dekker 1971).
"""

import numpy as np

from sim.arrays import Array
from sim.elementary.exponential import HIGHEST, LN2_HIGH, LN2_LOW, LOWEST, ONE, reduced, scaled
from sim.elementary.function import constants, elementary, polynomial, within
from sim.elementary.logarithm import LARGEST, SMALLEST, split, split_any

Pair = tuple[Array, Array]
TWO_THIRDS = constants(0.6666666666666666, 3.700743415417188e-17)
# fmt: off
TAIL = constants(0.4, 0.28571428571429364, 0.22222222221656163, 0.1818181833533008, 0.15384594969220253,
                 0.1333480432934243, 0.11706246100734245, 0.11723076547247843)
"""W(s²) of ln((1 + s) / (1 - s)) = 2 s + s³ (2/3 + s² W(s²)), for s as in the logarithm."""
# fmt: on
(SPLITTER,) = constants(2.0**27 + 1.0)
LARGEST_EXPONENT, MOST_LOW = constants(2.0**70, 1e-12)
"""Larger exponents give what this one gives: 0, 1 or infinity. The lesser half of a product is larger only where the
product is out of range."""


def _sum(large: Array, small: Array) -> Pair:
    """Return the rounded sum and what it lacks, for |large| >= |small|."""
    total = large + small
    return total, small - (total - large)


def _halves(x: Array) -> Pair:
    scaled_up = x * SPLITTER
    high = scaled_up - (scaled_up - x)
    return high, x - high


def _product(a: Array, b: Array) -> Pair:
    """Return the rounded product and what it lacks."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    return product, a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


def _log(k: Array, f: Array) -> Pair:
    """Return k ln 2 + ln(1 + f) as a pair."""
    s, s_low = _quotient(f, f + 2.0)
    square, square_low = _product(s, s)
    square_low = square_low + 2.0 * s * s_low
    r, r_low = _sum(TWO_THIRDS[0], polynomial(square, TAIL))
    r_low = r_low + TWO_THIRDS[1]
    cube, cube_low = _product(square, r)
    cube_low = cube_low + (square * r_low + square_low * r)
    rest, rest_low = _product(s, cube)
    rest_low = rest_low + (s * cube_low + s_low * cube)
    high, low = _sum(2.0 * s, rest)
    low = low + (2.0 * s_low + rest_low)
    total, lost = _sum(k * LN2_HIGH, high)
    return _sum(total, lost + (low + k * LN2_LOW))


def _quotient(f: Array, d: Array) -> Pair:
    """Return f / (f + 2) as a pair; d is f + 2 as rounded."""
    s = f / d
    product, lost = _product(s, d)
    return s, ((f - product) - lost - s * (f - (d - 2.0))) / d


@elementary
def power(base: Array, exponent: Array) -> Array:
    """Return base**exponent for base >= 0; of a negative base nan (invalid), whatever the exponent."""
    exponent = np.minimum(np.maximum(exponent, -LARGEST_EXPONENT), LARGEST_EXPONENT)
    usual = within(base, SMALLEST, LARGEST)
    finite = base if usual else np.where((base > 0.0) & (base < np.inf), base, ONE)
    high, low = _log(*(split if usual else split_any)(finite))
    x, x_low = _product(exponent, high)
    x_low = np.minimum(np.maximum(x_low + exponent * low, -MOST_LOW), MOST_LOW)
    if not usual:
        direction = np.where(base == 0.0, -exponent, np.where(base == np.inf, exponent, 0.0))
        infinite = np.copysign(1000.0, direction) + 0.0 * direction  # or nan
        x = np.where(direction == 0.0, x, infinite)
    scale, y = reduced(np.minimum(np.maximum(x, LOWEST), HIGHEST), x_low)
    y = scaled(ONE - y, scale)
    return y if usual else y + np.sqrt(np.minimum(base, 0.0))

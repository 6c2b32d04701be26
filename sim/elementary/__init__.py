"""Elementary functions in plain arithmetic, so that results are the same bits everywhere.

Libraries round `exp` and its kin differently, by processor and by version. Here they are made of operations that IEEE
754 rounds exactly: + - * /, square root, minimum, maximum, comparison, and shifts of a number's bits. Whoever does the
same operations in the same order gets the same bits: NumPy on any processor, and code made by a compiler that calls
these very functions with symbols (`sim.compile`).

All take and return float arrays of any shape, or single floats. Errors are at most 1 unit in the last place, 2 for
`tanh` and 8 for `normal_quantile`. Overflow, division by zero and invalid operations raise what `np.errstate` says, as
in NumPy's functions.

The polynomials are Chebyshev fits (by mpmath), which the tests make anew.
"""

from sim.elementary.exponential import exp, tanh
from sim.elementary.function import BODIES
from sim.elementary.logarithm import log, log1p
from sim.elementary.normal import normal_quantile
from sim.elementary.power import power

__all__ = ["BODIES", "exp", "log", "log1p", "normal_quantile", "power", "tanh"]

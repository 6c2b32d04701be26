"""The elementary functions: as near to the true values as promised, odd numbers, errors, the same bits in every way."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from sim import elementary
from sim.elementary import exp, log, log1p, normal_quantile, power

Array = np.ndarray
Function = Callable[..., Any]
mp.mp.prec = 160
EACH = 1500
"""Numbers of each kind that are tried."""
TINY, SMALL, LARGE = 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308


def spread(low: float, high: float, *, seed: int = 1) -> Array:
    """Numbers between powers of ten."""
    return 10.0 ** np.random.default_rng(seed).uniform(low, high, EACH)


def between(low: float, high: float, *, seed: int = 2) -> Array:
    return np.random.default_rng(seed).uniform(low, high, EACH)


def joined(*parts: Array | list[float]) -> Array:
    return np.concatenate([np.asarray(part, dtype=float) for part in parts])


def true_quantile(p: mp.mpf) -> mp.mpf:
    """By Newton's method from our own value."""
    z = mp.mpf(float(normal_quantile(float(p))))
    for _ in range(4):
        z -= (mp.ncdf(z) - p) / mp.npdf(z)
    return z


NEAR_ONE = 1.0 + between(-1e-6, 1e-6)
FAR = [709.78, 709.782712893384, -708.3, -708.4, -740.0, -745.13]
OF_EXP = joined(between(-1, 1), between(-745.1, 709.7), spread(-320, 0), -spread(-320, 0), FAR)
OF_TANH = joined(between(-1, 1), between(-25, 25), spread(-320, 308), [0.0, TINY, -SMALL, 19.06])
OF_LOG = joined(spread(-323, 308), between(0.5, 2.0), NEAR_ONE, [TINY, 3 * TINY, SMALL, LARGE, 1.0])
OF_LOG1P = joined(spread(-323, 308), between(-1, 1), -spread(-320, -0.001), [0.0, TINY, -TINY, LARGE, 2**-53 - 1.0])
BASES = joined(between(0, 1), spread(-10, 10), spread(-300, 300), NEAR_ONE, [1.0, 2.0, TINY, LARGE, 10.0])
EXPONENTS = joined(between(0, 3), between(-10, 10), between(-1, 1), between(-1e6, 1e6), [0.3, -1074.0, 0.5, 0.5, 9.0])
SHARES = joined(between(0, 1)[:300], spread(-12, 0)[:300], 1.0 - spread(-12, 0)[:300], [1e-12, 1.0 - 1e-12, 0.5])
CASES: dict[str, tuple[Function, float, tuple[Array, ...]]] = {
    "exp": (mp.exp, 1.0, (joined(OF_EXP, [0.0, -0.0, TINY, -TINY, SMALL]),)),
    "tanh": (mp.tanh, 2.0, (OF_TANH,)),
    "log": (mp.log, 1.0, (OF_LOG,)),
    "log1p": (mp.log1p, 1.0, (OF_LOG1P,)),
    "power": (mp.power, 1.0, (BASES, EXPONENTS)),
    "normal_quantile": (true_quantile, 8.0, (SHARES,)),
}
"""Function -> the true one, units in the last place it may be off, numbers to try."""


def units_off(found: Array, right: Function, given: tuple[Array, ...]) -> float:
    """The largest error in units in the last place of the true value."""
    worst = 0.0
    for one, *of in zip(found.tolist(), *(column.tolist() for column in given), strict=True):
        true = right(*map(mp.mpf, of))
        unit = np.spacing(abs(float(true)))
        worst = max(worst, float(abs(mp.mpf(one) - true) / unit) if np.isfinite(one) else np.inf)
    return worst


@pytest.mark.parametrize("name", elementary.BODIES)
def test_values_are_as_near_as_promised(name: str) -> None:
    right, units, given = CASES[name]
    assert units_off(elementary.BODIES[name](*given), right, given) <= units


@pytest.mark.parametrize("name", CASES)
def test_a_larger_error_would_be_noticed(name: str) -> None:
    """The control: one value in all is off by three times what is allowed."""
    right, units, given = CASES[name]
    found = elementary.BODIES[name](*given)
    found[200] += 3.0 * units * np.spacing(found[200])
    assert units_off(found, right, given) > units


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("exp", [np.nan, np.inf, -np.inf, 0.0, -0.0, 800.0, 1e308, -800.0, -1e308],
         [np.nan, np.inf, 0.0, 1.0, 1.0, np.inf, np.inf, 0.0, 0.0]),
        ("tanh", [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e308], [np.nan, 1.0, -1.0, 0.0, -0.0, 1.0]),
        ("log", [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, -TINY, -1e300],
         [np.nan, np.inf, np.nan, -np.inf, -np.inf, 0.0, np.nan, np.nan, np.nan]),
        ("log1p", [np.nan, np.inf, -np.inf, 0.0, -0.0, -1.0, -2.0],
         [np.nan, np.inf, np.nan, 0.0, -0.0, -np.inf, np.nan]),
    ],
)  # fmt: skip
def test_odd_numbers(name: str, given: list[float], expected: list[float]) -> None:
    """Alone and among usual numbers, signs of zero included."""
    with np.errstate(all="ignore"):
        for found in (
            np.array([elementary.BODIES[name](np.array([one]))[0] for one in given]),
            elementary.BODIES[name](joined(given, [0.5]))[:-1],
        ):
            np.testing.assert_array_equal(found, expected)
            np.testing.assert_array_equal(np.signbit(found[found == 0.0]), np.signbit(np.array(expected))[found == 0.0])


def test_powers_of_odd_numbers_are_numpys() -> None:
    """But a negative base is refused with any exponent."""
    odd = np.array([0.0, -0.0, TINY, 0.5, 1.0, 2.0, LARGE, np.inf, np.nan])
    base, exponent = (one.ravel() for one in np.meshgrid(odd, np.concatenate([odd, -odd])))
    with np.errstate(all="ignore"):
        right = np.power(np.abs(base), exponent)
        found = power(base, exponent)
        np.testing.assert_allclose(found, np.where(np.isnan(base) | np.isnan(exponent), np.nan, right), rtol=1e-15)
        assert np.isnan(power(-2.0, 2.0))


@pytest.mark.parametrize(
    ("function", "given", "error"),
    [
        *((exp, (710.0,), "overflow"), (log, (0.0,), "divide by zero"), (log, (-1.0,), "invalid")),
        *((log1p, (-1.0,), "divide by zero"), (log1p, (-2.0,), "invalid")),
        *((power, (1e300, 2.0), "overflow"), (power, (-1.0, 0.5), "invalid")),
    ],
)
def test_errors_are_raised(function: Function, given: tuple[float, ...], error: str) -> None:
    """In one world of many."""
    columns = [np.append(np.full(7, 0.5), one) for one in given]
    with np.errstate(all="raise", under="ignore"), pytest.raises(FloatingPointError, match=error):
        function(*columns)


@pytest.mark.parametrize("name", CASES)
def test_no_error_is_raised_without_cause(name: str) -> None:
    _, _, given = CASES[name]
    with np.errstate(all="raise", under="ignore"):
        for of in zip(*(np.array_split(column, 20) for column in given), strict=True):
            elementary.BODIES[name](*of)


@pytest.mark.parametrize("name", ["exp", "log", "log1p", "power"])
def test_a_shorter_way_gives_the_same_bits(name: str) -> None:
    """Numbers among which there is an odd one take the long way."""
    _, _, given = CASES[name]
    column = given[0]
    usual = (column > 1e-300) & (column < 700.0)
    columns = [one[usual] for one in given]
    odd = [{"exp": 1e308, "log1p": -1.0}.get(name, 0.0), 1.0]
    with np.errstate(all="ignore"):
        alone = elementary.BODIES[name](*columns)
        among = elementary.BODIES[name](*(np.append(one, more) for one, more in zip(columns, odd, strict=False)))
    assert alone.tobytes() == among[:-1].tobytes()


@pytest.mark.parametrize("name", CASES)
def test_shape_and_memory_do_not_matter(name: str) -> None:
    _, _, given = CASES[name]
    function = getattr(elementary, name)
    columns = [one[:600].reshape(20, 30) for one in given]
    whole = function(*columns)
    assert whole.shape == (20, 30)
    assert [whole[0, 0], whole[7, 3]] == [function(*(one[at] for one in columns)) for at in ((0, 0), (7, 3))]
    assert function(*(one.T for one in columns)).tobytes() == np.ascontiguousarray(whole.T).tobytes()
    assert function(*(one[:, ::3] for one in columns)).tobytes() == np.ascontiguousarray(whole[:, ::3]).tobytes()
    before = [one.copy() for one in columns]
    function(*columns)
    assert [one.tobytes() for one in before] == [one.tobytes() for one in columns], "they are left as they were"


# ---- Where the polynomials come from --------------------------------------------------------------------------


def _of_exp(z: mp.mpf) -> mp.mpf:
    r = mp.sqrt(z)
    return (r - 2 + 2 * r / mp.expm1(r)) / z


def _of_log(z: mp.mpf) -> mp.mpf:
    s = mp.sqrt(z)
    return (mp.log((1 + s) / (1 - s)) / s - 2) / z


def _tail(z: mp.mpf) -> mp.mpf:
    return (_of_log(z) - mp.mpf(2) / 3) / z


HALF_LN2 = mp.log(2) / 2
LARGEST_S = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)


@pytest.mark.parametrize(
    ("file", "name", "function", "most", "off"),
    [
        ("exponential", "EXP", _of_exp, HALF_LN2**2, 2.0**-53),
        ("logarithm", "LOG", _of_log, LARGEST_S**2, 2.0**-51),
        ("power", "TAIL", _tail, LARGEST_S**2, 2.0**-54),
    ],
)
def test_polynomials_go_through_chebyshev_nodes(
    file: str, name: str, function: Function, most: mp.mpf, off: float
) -> None:
    """Fitted anew they are the same, and nowhere off by more than matters."""
    found = [mp.mpf(float(one)) for one in getattr(import_module(f"sim.elementary.{file}"), name)]
    degrees = range(len(found))
    with mp.workdps(60):
        nodes = [most * (1 + mp.cos(mp.pi * (k + 0.5) / len(found))) / 2 for k in degrees]
        powers = mp.matrix([[z**k for k in degrees] for z in nodes])
        fitted = mp.lu_solve(powers, mp.matrix([function(z) for z in nodes]))
        np.testing.assert_allclose(np.array(found, float), np.array(list(fitted), float), rtol=1e-3)
        for z in mp.linspace(most / 500, most, 500):
            assert abs(sum(one * z**k for k, one in enumerate(found)) - function(z)) < off


def test_constants_are_exact() -> None:
    with mp.workdps(60):
        high, low = (mp.mpf(float(one)) for one in (elementary.exponential.LN2_HIGH, elementary.exponential.LN2_LOW))
        assert abs(high + low - mp.log(2)) < mp.mpf(2) ** -95
        two_thirds = [mp.mpf(float(one)) for one in import_module("sim.elementary.power").TWO_THIRDS]
        assert abs(sum(two_thirds) - mp.mpf(2) / 3) < mp.mpf(2) ** -106
    assert float(high) * 2**42 == int(float(high) * 2**42), "42 bits"

"""Numbers as text: values, bands, shares and units in tables, sentences and figures."""

import math
from collections.abc import Iterable

import numpy as np

from sim.analysis.quantiles import Band
from sim.scenario.parameters import OR, PARAMETERS, SWITCH
from sim.texts.spoken import foreign, known, month, number_of, said, written

LEAST = 1e-9
"""A smaller number is what is left of rounding, and told as 0."""


def cell(value: float) -> str:
    """Return a number for a spreadsheet: six significant digits; empty when missing; never `-0`."""
    return f"{value + 0.0:.6g}" if math.isfinite(value) else ""


def month_words(day: np.datetime64) -> str:
    """Return the month of a day, such as `June 2024`."""
    return month(int(str(day)[5:7]), str(day)[:4])


def day_name(day: str, short: bool = False) -> str:
    """Return a day YYYY-MM-DD in words, such as `29 December 2023` or `29 Dec 2023`."""
    year, number, of_month = day[:10].split("-")
    which = "first" if of_month == "01" else "other"
    return said(f"printed.day.{which}", day=int(of_month), month=month(int(number), year, short))


def plain_number(value: float, _: object = None) -> str:
    """Return a number for an axis: `12,500`, `0.25`, `0`; no exponents, no trailing zeros."""
    size = abs(value)
    if 0.0 < size < 1e-4:
        text = significant(value, 4) if size >= LEAST else "0"
    else:
        text = written(f"{value:,.0f}" if size >= 1000.0 else f"{value + 0.0:.4g}")
    return text.replace("-", "\u2212")


def significant(value: float, places: int = 3) -> str:
    """Return a number with few significant digits, written out; `beyond the range` if it is infinite."""
    if not math.isfinite(value):
        return said("printed.number.beyond") if value > 0 else "-"
    if value == 0.0:
        return "0"
    decimals = max(0, places - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return written(text.rstrip("0").rstrip(".") if "." in text else text)


def _from_to(low: str, high: str) -> str:
    return said("printed.from_to", low=low, high=high)


def span(low: float, high: float, places: int = 3) -> str:
    """Return `51 to 66`."""
    return _from_to(significant(low, places), significant(high, places))


def unit_words(unit: str, value: float = 2.0) -> str:
    """Return a unit to follow a number, with its space: ` kt/month`; empty for numbers, switches and choices.

    In another language it stands in the singular where the value asks for it.
    """
    if unit in ("1", SWITCH) or OR in unit:
        return ""
    if not foreign():
        return f" {unit}"
    name = unit_name(unit)
    first, blank, rest = name.partition(" ")
    if number_of(value) == "one" and known(f"names.one.{first}"):
        name = f"{said(f'names.one.{first}')}{blank}{rest}"
    return f"\u00a0{name}" if name else ""


def unit_name(unit: str) -> str:
    """Return a unit in the language that is spoken; the sign itself in English, and where there is no name for it."""
    keys = [f"{part}unit.{unit}" for part in ("figures.", "", "names.")] if foreign() else []
    return next((said(key) for key in keys if known(key)), unit)


def quantity(value: float, unit: str, places: int = 3) -> str:
    """Return `3.2 points`."""
    return f"{significant(value, places)}{unit_words(unit, float(f'{value:.{places}g}'))}"


def setting(value: float, key: str, places: int = 3) -> str:
    """Return a value of a parameter with its unit: `61 kt/month`; the name of a choice."""
    if names := PARAMETERS[key].choices:
        return choice_name(names[int(value)])
    return quantity(value, PARAMETERS[key].unit, places)


def choice_name(name: str) -> str:
    """Return what one of the names of a choice, such as a theory, is called; its name in scenario files in English."""
    return said(f"figures.theory.{name}") if foreign() and known(f"figures.theory.{name}") else name


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def number(value: float, digits: int = 2) -> str:
    """Return a number with `digits` decimals and thousands in groups; `-` when missing."""
    if not math.isfinite(value):
        return "-"
    rounded = round(value, digits) + 0.0
    return written(f"{rounded:,.{digits}f}")


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, such as `+0.12` or `-0.03`; what rounds to zero has none."""
    text = number(value, digits)
    return f"+{text}" if math.isfinite(value) and round(value, digits) > 0.0 else text


def with_error(mean: float, error: float) -> str:
    """Return `+0.19 ± 0.01`; a tiny error is not written out, and there is none of one world."""
    if not math.isfinite(error):
        return signed(mean)
    return f"{signed(mean)} ± {written(f'{error:.1g}' if error >= 0.001 or not error else '<0.001')}"


def with_band(band: Band, digits: int = 2) -> str:
    """Return `3.10 (1.20 to 4.80)`: the median and, in brackets, the 90 % band."""
    return f"{number(band.mid, digits)} ({_from_to(number(band.low, digits), number(band.high, digits))})"


def are_whole(numbers: Iterable[float]) -> bool:
    """Return whether all of some numbers are whole, as counts in single worlds are."""
    return all(float(one).is_integer() for one in numbers)


def sensible(value: float) -> str:
    """Return a number with digits to suit its size: `1,850`, `41`, `3.3`, `0.86`, `0`; `-` when missing."""
    if not math.isfinite(value):
        return "-"
    size = abs(value)
    if size < 0.005:
        return "0"
    if size < 9.95:
        return number(value, 1 if size >= 0.995 else 2)
    digits = 0 if size < 100.0 else 2 - math.floor(math.log10(size))
    return number(round(value, digits), 0)


def sensible_band(band: Band) -> str:
    """Return `1,850 (421 to 4,020)`: median and 90 % band without false precision; counts have no decimals."""
    if are_whole(band):
        return with_band(band, 0)
    return f"{sensible(band.mid)} ({_from_to(sensible(band.low), sensible(band.high))})"


def percent(share: float) -> str:
    """Return `62 %`, with `<1 %` and `>99 %` kept apart from never and always; `-` when missing."""
    if not math.isfinite(share):
        return "-"
    if 0.0 < share < 0.01:
        return said("printed.number.below")
    if 0.99 < share < 1.0:
        return said("printed.number.above")
    return said("printed.number.percent", number=f"{100.0 * share:z.0f}")


def percent_band(band: Band) -> str:
    """Return `62 % (40 % to 80 %)`."""
    return f"{percent(band.mid)} ({_from_to(percent(band.low), percent(band.high))})"

"""Words of explanations: countries with their full names, amounts with their units, chances as odds."""

import math
from collections.abc import Sequence

from sim.present.words import number, percent, signed, significant
from sim.texts import texts
from sim.texts.spoken import foreign, known, month, number_of, said, several, written

SMALL = {"krounds": "rounds", "kt": "tonnes"}
"""A thousandth of a unit."""
GOOD_UNITS = {"ammunition": "krounds", "food": "kt", "energy": "kt"}


def say(key: str, /, **values: object) -> str:
    """Return a text of explanations, which the page of `sim page` tells too, with its placeholders filled in."""
    return said(f"why.{key}", **values)


def tell(key: str, /, **values: object) -> str:
    """Return a text of explanations that only the command tells, with its placeholders filled in."""
    return said(f"explain.{key}", **values)


def name(code: str) -> str:
    """Return the name of a country inside a sentence: `the United States`."""
    return say(f"the.{code}")


def apart(codes: Sequence[str]) -> str:
    """Return countries that may stand outside a sentence, in brackets: another language leaves their articles out."""
    return several([said(f"country.{code}") for code in codes]) if foreign() else names(codes)


def short_name(code: str) -> str:
    """Return a country at the head of a column: its code in English."""
    return said(f"country.{code}") if foreign() else code


def names(codes: Sequence[str]) -> str:
    """Return `Russia, China and North Korea`."""
    return several([name(code) for code in codes])


def listed(words: Sequence[str]) -> str:
    """Return `a, b and c`."""
    return several(list(words))


def good_name(good: str) -> str:
    """Return what a good is called in a sentence: `shells`, `fuel`."""
    return say(f"good.{good}")


def of_good(good: str) -> str:
    """Return `of shells`."""
    return tell(f"of.{good}")


def tier_name(tier: int) -> str:
    """Return what a tier of technology holds."""
    return say(f"tiers.{tier}")


def month_cell(date: str) -> str:
    """Return a month of a table: YYYY-MM in English, `déc. 2023` in another language."""
    return month(int(date[5:7]), date[:4], short=True) if foreign() else date


def month_name(date: str) -> str:
    """Return `April 2024` for 2024-04."""
    year, number = date.split("-")[:2]
    return month(int(number), year)


def amount(value: float, unit: str, places: int = 3) -> str:
    """Return `12.3 thousand rounds`; `0 thousand rounds` for nothing."""
    if foreign() and not math.isfinite(value):
        return say("endless")
    if unit in SMALL and 1e-6 <= abs(value) < 0.1:
        return _of_unit(1e3 * value, SMALL[unit], 2)
    return _of_unit(value if abs(value) >= 1e-6 else 0.0, unit, places)


def _of_unit(value: float, unit: str, places: int = 3) -> str:
    many = number_of(float(f"{value:.{places}g}"))
    return tell(f"amount.{unit}.{many}", n=significant(value, places))


def few_digits(value: float, places: int = 3) -> str:
    """Return a number of a table with few significant digits; what is left of rounding is 0."""
    return significant(value if abs(value) >= 1e-6 else 0.0, places).replace("-", "\u2212")


def unit_words(unit: str) -> str:
    """Return a unit in words: `thousand rounds a month`; empty for a number."""
    return tell(f"unit.{unit}") if unit != "1" else ""


def unit_sign(unit: str, value: float = 2.0) -> str:
    """Return a unit as it stands behind a number: `krounds/month`; empty for a number."""
    if unit == "1" or not foreign():
        return "" if unit == "1" else unit
    one = f"unit_of_one.{unit}"
    return tell(one) if number_of(value) == "one" and known(f"explain.{one}") else unit_words(unit)


def in_words(text: str) -> str:
    """Return a text with its units written out."""
    if foreign():
        return text
    return text.replace("krounds", "thousand rounds").replace(" kt", " thousand tonnes").replace("/month", " a month")


def goods(value: float, good: str) -> str:
    """Return `12.3 thousand rounds` of shells, `4 thousand tonnes` of food or fuel."""
    return amount(value, GOOD_UNITS[good])


def goods_cell(value: float) -> str:
    """Return an amount for a table; a dash where there is no limit."""
    return number(value, 1)


def much_of(value: float, good: str) -> str:
    """Return `4 thousand tonnes of food`; in another language shells are in the unit already."""
    much = goods(value, good)
    return much if foreign() and good == "ammunition" else f"{much} {of_good(good)}"


def money(value: float) -> str:
    """Return `3.2 million dollars`; from 10,000 million on in billions, below 0.1 in thousand dollars, then dollars."""
    size = abs(value)
    if 1e-9 < size < 1e-4:
        return _of_unit(value * 1e6, "USD", 2)
    if 1e-9 < size < 0.1:
        return _of_unit(value * 1e3, "kUSD")
    if size >= 1e4:
        return _of_unit(value * 1e-3, "BUSD")
    return amount(value, "MUSD")


def price(value: float) -> str:
    """Return what a round or a tonne is worth, in dollars: `value` is in MUSD a thousand of them."""
    return _of_unit(value * 1e3, "USD")


def count(number: int, what: str) -> str:
    """Return `three months`, `one month`, `12 months`; `what` is `month`, `time`, `lever` or `more_lever`."""
    word = say(f"number.{number}") if number <= 10 else written(f"{number:,}")
    many = number_of(number)
    return say(f"count.{what}.{many}", n=word) if known(f"why.count.{what}.{many}") else tell(f"{what}.{many}", n=word)


FRACTIONS = {
    int(over) / int(under): f"{over}/{under}"
    for over, under in (key.rpartition(".")[2].split("/") for key in texts("en") if key.startswith("why.fraction."))
}
"""Chances that have words of their own: none between 9.5 and 95 % is further than 3.4 points from one."""
RARE = 1e-6
"""Chance below which no number is told."""
NO_FRACTION = 0.95
"""Chance above which one that is not almost certain is told in hundreds."""


def odds(chance: float) -> str:
    """Return a chance in words: `about one in six`, `about two in three`, `certain`."""
    if chance >= 0.995:
        return say("odds.almost") if chance < 1.0 else say("odds.certain")
    if chance <= 0.0:
        return say("odds.impossible")
    if chance < RARE:
        return say("odds.tiny")
    if chance > NO_FRACTION:
        return say("odds.of_hundred", n=f"{100 * chance:.0f}")
    if chance < 0.095:
        return say("odds.one_in", n=written(f"{float(f'{1.0 / chance:.2g}'):,.0f}"))
    return say(f"fraction.{FRACTIONS[min(FRACTIONS, key=lambda one: abs(one - chance))]}")


def beside(chance: float) -> str:
    """Return a chance in words to follow it in percent, with a comma; nothing where they would say the same number."""
    return "" if NO_FRACTION < chance < 0.995 else say("odds.beside", odds=odds(chance))


LIKELY = 2 / 3
"""Chance from which an outcome was to be expected; what had less than the rest came by luck."""


def luck(happened: bool, chance: float, when: str = "") -> str:
    """Return whether what came was to be expected, as a sentence; `when` ends it, such as ` in just this month`."""
    mine = chance if happened else 1.0 - chance
    if mine >= LIKELY:
        return say("luck.expected", when=when)
    if mine >= 1.0 - LIKELY:
        return say("luck.either", when=when)
    return say("luck.came" if happened else "luck.missed", when=when)


def share(value: float) -> str:
    """Return a share as a percentage."""
    return percent(value)


def change(factor: float) -> str:
    """Return `12 % less` or `30 % more` for a factor."""
    part = abs(factor - 1.0)
    if part < 0.005:
        return say("change.none")
    if factor > 2.0:
        return say("change.times", n=significant(factor, 2))
    return say("change.less" if factor < 1.0 else "change.more", share=percent(part))


def sum_words(value: float) -> str:
    """Return a sum of reasons with its sign: `+0.75`."""
    return signed(value).replace("-", "\u2212")

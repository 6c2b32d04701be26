"""Words of explanations: countries with their full names, amounts with their units, chances as odds."""

import math
from collections.abc import Sequence

from sim.present.words import percent, significant
from sim.scenario.names import COUNTRY_NAMES

UNITS = {
    "krounds": "thousand rounds",
    "kt": "thousand tonnes",
    "MUSD": "million dollars",
    "points": "points",
    "1": "",
}
SMALL = {"krounds": "rounds", "kt": "tonnes"}
"""A thousandth of a unit."""
GOODS = {"ammunition": "shells", "food": "food", "energy": "fuel"}
GOOD_UNITS = {"ammunition": "krounds", "food": "kt", "energy": "kt"}
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
BIND = {
    "none": "there was no gain in trade",
    "demand": "what {buyer} wanted at the price, beyond what it had on order",
    "stock": "what {seller} had in store above its reserve",
    "production": "what {seller} made in a month",
    "credit": "what {buyer} was allowed to owe {seller}",
    "capacity": "the room on the routes",
    "closed": "no way was open",
    "norm": "the UN cap on oil, which {seller} had not yet decided to break",
    "handling": "what the depots of {seller} can take out, check and load in a month",
}
"""What bound a flow, as part of a sentence."""


def name(code: str) -> str:
    """Return the name of a country inside a sentence: `the United States`."""
    full = COUNTRY_NAMES[code]
    return f"the {full}" if code == "USA" else full


def names(codes: Sequence[str]) -> str:
    """Return `Russia, China and North Korea`."""
    return listed([name(code) for code in codes])


def listed(words: Sequence[str]) -> str:
    """Return `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def month_name(month: str) -> str:
    """Return `April 2024` for 2024-04."""
    year, number = month.split("-")[:2]
    return f"{MONTH_NAMES[int(number) - 1]} {year}"


def amount(value: float, unit: str, places: int = 3) -> str:
    """Return `12.3 thousand rounds`; `none` for nothing."""
    if unit in SMALL and 1e-6 <= abs(value) < 0.1:
        return f"{significant(1e3 * value, 2)} {SMALL[unit]}"
    if abs(value) < 1e-6:
        return f"0 {UNITS.get(unit, unit)}".rstrip()
    return f"{significant(value, places)} {UNITS.get(unit, unit)}".rstrip()


def few_digits(value: float) -> str:
    """Return a number of a table with three significant digits; what is left of rounding is 0."""
    return significant(value if abs(value) >= 1e-6 else 0.0).replace("-", "\u2212")


def unit_words(unit: str) -> str:
    """Return a unit in words: `thousand rounds a month`; empty for a number."""
    first, *rest = unit.split("/")
    if first == "1":
        return ""
    return " a ".join([UNITS.get(first, first), *(UNITS.get(part, part) for part in rest)])


def in_words(text: str) -> str:
    """Return a text with its units written out."""
    return text.replace("krounds", UNITS["krounds"]).replace(" kt", f" {UNITS['kt']}").replace("/month", " a month")


def goods(value: float, good: str) -> str:
    """Return `12.3 thousand rounds` of shells, `4 thousand tonnes` of food or fuel."""
    return amount(value, GOOD_UNITS[good])


def money(value: float) -> str:
    """Return `3.2 million dollars`; below a tenth of a million thousand dollars, below that dollars."""
    size = abs(value)
    if 1e-9 < size < 1e-4:
        return f"{significant(value * 1e6, 2)} dollars"
    if 1e-9 < size < 0.1:
        return f"{significant(value * 1e3, 3)} thousand dollars"
    return amount(value, "MUSD")


def price(value: float) -> str:
    """Return what a round or a tonne is worth, in dollars: `value` is in MUSD a thousand of them."""
    return f"{significant(value * 1e3, 3)} dollars"


def count(number: int, what: str) -> str:
    """Return `three months`, `one month`, `12 months`."""
    word = NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"
    return f"{word} {what}{'' if number == 1 else 's'}"


FRACTIONS = {
    **{1 / n: f"about one in {NUMBERS[n]}" for n in range(2, 11)},
    **{2 / 5: "about two in five", 3 / 5: "about three in five", 2 / 3: "about two in three"},
    **{3 / 4: "about three in four", 4 / 5: "about four in five", 5 / 6: "about five in six"},
    **{3 / 10: "about three in ten", 7 / 10: "about seven in ten", 9 / 10: "about nine in ten"},
    **{7 / 8: "about seven in eight", 9 / 20: "about nine in 20", 11 / 20: "about 11 in 20", 19 / 20: "about 19 in 20"},
}
"""Chances that have words of their own: none between 9.5 and 95 % is further than 3.4 points from one."""


def odds(chance: float) -> str:
    """Return a chance in words: `about one in six`, `about two in three`, `certain`."""
    if chance >= 0.995:
        return "almost certain" if chance < 1.0 else "certain"
    if chance <= 0.0:
        return "impossible"
    if chance > 0.95:
        return f"about {100 * chance:.0f} in 100"
    if chance < 0.095:
        return f"about one in {float(f'{1.0 / chance:.2g}'):,.0f}"
    return FRACTIONS[min(FRACTIONS, key=lambda one: abs(one - chance))]


LIKELY = 2 / 3
"""Chance from which an outcome was to be expected; what had less than the rest came by luck."""


def luck(happened: bool, chance: float, when: str = "") -> str:
    """Return whether what came was to be expected, as a sentence; `when` ends it, such as ` in just this month`."""
    mine = chance if happened else 1.0 - chance
    if mine >= LIKELY:
        return f"So that was to be expected{when}."
    if mine >= 1.0 - LIKELY:
        return f"So it could as well have gone the other way{when}: chance decided."
    return (
        f"That it {'came' if happened else 'did not come'} about{when} was luck: it went against the odds, by chance."
    )


def share(value: float) -> str:
    """Return a share as a percentage."""
    return percent(value)


def change(factor: float) -> str:
    """Return `12 % less` or `30 % more` for a factor."""
    part = abs(factor - 1.0)
    if part < 0.005:
        return "no change"
    if factor > 2.0:
        return f"{significant(factor, 2)} times as much"
    return f"{percent(part)} {'less' if factor < 1.0 else 'more'}"


def finite(value: float) -> bool:
    """Return whether a limit is a limit at all."""
    return math.isfinite(value)

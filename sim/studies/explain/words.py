"""Words of explanations: countries with their full names, amounts with their units, chances as odds."""

import math
from collections.abc import Sequence

from sim.present.words import percent, significant
from sim.scenario.names import COUNTRY_NAMES
from sim.texts import texts

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


def say(key: str, **values: object) -> str:
    """Return a text of explanations, which the page of `sim page` tells too, with its placeholders filled in."""
    return texts("en")[f"why.{key}"].format(**values)


def texts_of(table: str) -> dict[str, str]:
    """Return a table of such texts, by what follows its name."""
    start = f"why.{table}."
    return {key.removeprefix(start): text for key, text in texts("en").items() if key.startswith(start)}


BIND = texts_of("bind")
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
    int(over) / int(under): text for (over, under), text in ((k.split("/"), v) for k, v in texts_of("fraction").items())
}
"""Chances that have words of their own: none between 9.5 and 95 % is further than 3.4 points from one."""


def odds(chance: float) -> str:
    """Return a chance in words: `about one in six`, `about two in three`, `certain`."""
    if chance >= 0.995:
        return say("odds.almost") if chance < 1.0 else say("odds.certain")
    if chance <= 0.0:
        return say("odds.impossible")
    if chance > 0.95:
        return say("odds.of_hundred", n=f"{100 * chance:.0f}")
    if chance < 0.095:
        return say("odds.one_in", n=f"{float(f'{1.0 / chance:.2g}'):,.0f}")
    return FRACTIONS[min(FRACTIONS, key=lambda one: abs(one - chance))]


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


def finite(value: float) -> bool:
    """Return whether a limit is a limit at all."""
    return math.isfinite(value)

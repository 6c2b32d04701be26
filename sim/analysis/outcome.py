"""Outcomes by name, as a user writes them: `technology`, `rus_prk.practical`, `kor.threat`, `rus_prk.trust@2024-06`.

A plain name is a measure of comparisons and sweeps. `pair.variable` and `country.variable` read any variable of pairs
or countries, `pair.good.variable` and `country.good.variable` one by good; `pair.technology.transfer` is the
technology passed on, all tiers. The value is that of the last month, or of
the month after `@`; what is counted by the month is summed over the run by `@all`. `country.act`, `pair.act` and
`all.act` count acts over the whole run.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import xarray as xr

from sim.analysis.act_counts import count_of
from sim.analysis.calendar import months
from sim.analysis.measures import HEADLINE, READ_BY_HEADLINE, READ_BY_SWEPT, SCORES, SWEPT, Measure
from sim.analysis.wide import READ_BY_WIDE, SOMETIMES_MISSING, WIDE
from sim.results.variables import SYSTEM, VARIABLES
from sim.scenario import Scenario
from sim.scenario.names import COUNTRY_NAMES, UNITS
from sim.scenario.place import dotted, hint, of_dims
from sim.scenario.scenario import month_number

Array = np.ndarray
NUMBERED = {name: measure for name, measure in WIDE.items() if name not in SOMETIMES_MISSING}
PLAIN: Mapping[str, Measure] = {**HEADLINE, **SWEPT, **SCORES, **NUMBERED}
"""Measures with a name of their own."""
TECHNOLOGY, TRANSFER, ANY_OF_PAIRS = "technology", "transfer", "trust"
"""The good and the variable of what is passed on by tiers; a variable of every pair, to check the two countries."""
WHOLE_RUN, RATE = "all", "/month"
"""What stands after @ for the sum over all months; the end of the unit of what can be summed."""


LISTED_BY = "sim list outcomes names all"
NAMED = 4
"""Outcomes named in place of one that is far from all."""


class OutcomeError(ValueError):
    """A name that is no outcome; the text gives the rule and the nearest valid name."""


def outcome(name: str) -> Measure:
    """Return the measure of this name. Raises OutcomeError."""
    text = name.strip()
    if text in PLAIN:
        return PLAIN[text]
    path, at, month = text.partition("@")
    if at and month != WHOLE_RUN:
        _check_month(text, month)
    parts = [part.strip() for part in path.split(".")]
    if len(parts) == 1 and parts[0] in VARIABLES and VARIABLES[parts[0]].dims == SYSTEM:
        return _measure(parts[0], {}, "", month)
    if at and len(parts) == 1:
        raise OutcomeError(f"{text}: only variables over months can be read at a month, such as coordination@2024-06")
    if len(parts) < 2:
        known = list(dict.fromkeys((*PLAIN, *of_dims(SYSTEM))))
        longer = [name for name in known if text and name.startswith(f"{text}_")]
        raise OutcomeError(f"{text}: unknown outcome{_instead(longer[0] if longer else text, known)}")
    if len(parts) == 2 and not at and (acts := count_of(parts[0].replace("-", "_").split("_"), parts[1])):
        return acts
    return _dotted(text, parts, month)


def _instead(text: str, known: list[str]) -> str:
    """Return which outcome may be meant, or else what is like it, and where all are."""
    if near := hint(text, known):
        return f"{near}; {LISTED_BY}"
    few = ", ".join(difflib.get_close_matches(text.lower(), known, NAMED, cutoff=0.0))
    return (
        f"; choose one of {few} ({LISTED_BY}), or write COUNTRY.VARIABLE or PAIR.VARIABLE, such as kor.threat or "
        "rus_prk.trust"
    )


def read_by(name: str) -> tuple[str, ...]:
    """Return the variables that an outcome reads. Raises OutcomeError."""
    text = name.strip()
    if text in PLAIN:
        swept = text in HEADLINE or text in SWEPT or text in SCORES
        return READ_BY_SWEPT if swept else (*READ_BY_HEADLINE, *READ_BY_WIDE)
    return outcome(text).reads


def needed(names: Iterable[str], others: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the variables that some outcomes read, and `others`, each once. Raises OutcomeError."""
    return tuple(dict.fromkeys((*others, *(variable for name in names for variable in read_by(name)))))


def _dotted(text: str, parts: list[str], month: str) -> Measure:
    """Return the measure of `pair.variable`, `pair.good.variable`, `country.variable` or `country.good.variable`."""
    passed_on = parts[1:] == [TECHNOLOGY, TRANSFER]
    if passed_on and parts[0].upper() in COUNTRY_NAMES:
        raise OutcomeError(f"{text}: technology passes from one country to another; write rus_prk.technology.transfer")
    try:
        variable, owners, good = dotted(text, [parts[0], ANY_OF_PAIRS] if passed_on else parts)
    except ValueError as error:
        raise OutcomeError(str(error)) from None
    chosen = dict(zip(("country", "partner"), owners, strict=False)) | ({"good": good} if good else {})
    variable = TRANSFER if passed_on else variable
    words = " to ".join(COUNTRY_NAMES[code] for code in owners) + (f", {good}" if good else "")
    return _measure(variable, chosen, words, month)


def _values(ds: xr.Dataset, variable: str, chosen: Mapping[str, str]) -> xr.DataArray:
    """Return a variable at these labels, (month, world) in any order, summed over tiers where it has them."""
    found = ds[variable].sel(chosen)
    return found.sum("tier") if "tier" in found.dims else found


def _measure(variable: str, chosen: Mapping[str, str], words: str, month: str) -> Measure:
    spec = VARIABLES[variable]
    unit = spec.unit.format(good=UNITS[chosen["good"]]) if "good" in chosen else spec.unit
    place = f"{words}: " if words else ""
    if month == WHOLE_RUN:
        if not unit.endswith(RATE):
            raise OutcomeError(f"{variable}@{WHOLE_RUN}: only what is counted by the month can be summed, not {unit}")
        total = _summed(variable, chosen)
        return Measure(unit.removesuffix(RATE), f"{place}{spec.long_name}, whole run", total, reads=(variable,))
    when = f"in {month}" if month else "in the last month"
    return Measure(unit, f"{place}{spec.long_name}, {when}", _reader(variable, chosen, month), reads=(variable,))


def _reader(variable: str, chosen: Mapping[str, str], month: str) -> Callable[[xr.Dataset], Array]:
    def read(ds: xr.Dataset) -> Array:
        names = months(ds)
        if month and month not in names:
            raise OutcomeError(f"{variable}@{month}: the run covers {names[0]} to {names[-1]}")
        row = names.index(month) if month else -1
        values = _values(ds, variable, chosen).isel(month=row).transpose("world").values
        return np.asarray(values, dtype=float)

    return read


def _summed(variable: str, chosen: Mapping[str, str]) -> Callable[[xr.Dataset], Array]:
    def read(ds: xr.Dataset) -> Array:
        return np.asarray(_values(ds, variable, chosen).transpose("month", "world").values.sum(axis=0, dtype=float))

    return read


def not_covered(name: str, scenario: Scenario) -> str:
    """Return why a run of this scenario does not cover the month of an outcome; empty if it does."""
    month, covered = name.partition("@")[2].strip(), [date[:7] for date in scenario.dates]
    if month in ("", WHOLE_RUN, *covered):
        return ""
    return f"{name.strip()}: the run covers {covered[0]} to {covered[-1]}"


def _check_month(text: str, month: str) -> None:
    try:
        good = len(month) == 7 and month[4] == "-" and 1 <= int(month[5:]) <= 12 and month_number(month) > 0
    except ValueError:
        good = False
    if not good:
        raise OutcomeError(f"{text}: after @ write a month YYYY-MM, or {WHOLE_RUN} for the sum, found {month!r}")

"""Definitions of public series, as files of the form of `sim/data/series.toml` write them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.analysis.record.readers import SHAPING, Recipe, read_by, reader
from sim.analysis.record.series import KINDS, Reading
from sim.results.variables import VARIABLES
from sim.scenario.check import is_month
from sim.scenario.lines import Lines
from sim.scenario.names import COUNTRIES, DIRECTIONS, GOODS, ROUTES, TIERS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import Problems, quoted, shown
from sim.scenario.read import parse, read_text

SINCE = " since the start"
"""How the title of a cumulative series ends."""
LABELS: Mapping[str, tuple[Any, ...]] = {
    **{"country": COUNTRIES, "partner": COUNTRIES, "good": GOODS, "route": tuple(ROUTES)},
    **{"direction": DIRECTIONS, "tier": TIERS},
}
"""What each axis of a variable may be read at."""
TEXTS, LISTS, FLAGS = ("title", "unit", "limit", "not_in_model"), ("given",), ("in_summary", "per_day", "running_total")
KEYS = (*TEXTS, "kind", "counted_from", "variable", "at", "trade", "less", "factor", "over", "times", "per")
ALL_KEYS = (*KEYS, *LISTS, *FLAGS)


@dataclass(frozen=True)
class Known:
    """A public series that the model can produce."""

    unit: str
    words: str
    "Title in figures and sentences."
    reading: Reading
    "How it is read from results."
    fixed: tuple[str, ...] = ()
    "Parameters read at their value at the start: if an event changes one, the series cannot be read."
    given: tuple[str, ...] = ()
    "Parameters whose range was set from observations of this very series: agreement with these is no evidence."
    limit: str = ""
    "What makes the two differ even in a perfect model."
    counted_from: str = ""
    "First month of a count, YYYY-MM; empty for any other series."
    in_summary: bool = False
    "Whether the summary of every run is compared with it."

    @property
    def count(self) -> bool:
        """Whether the series is cumulative and never falls."""
        return self.reading.kind == "count"

    @property
    def flow_words(self) -> str:
        """Title of the flow of a cumulative series."""
        return self.words.removesuffix(SINCE)


@dataclass(frozen=True)
class Definitions:
    """What names of public series mean."""

    known: Mapping[str, Known] = field(default_factory=dict)
    not_in_model: Mapping[str, str] = field(default_factory=dict)
    "Series that the model cannot honestly produce, and why."

    def joined(self, other: "Definitions") -> "Definitions":
        """Return these and others; a name in both means what `other` says."""
        own = {name: known for name, known in self.known.items() if name not in other.not_in_model}
        without = {name: why for name, why in self.not_in_model.items() if name not in other.known}
        return Definitions(own | dict(other.known), without | dict(other.not_in_model))


def read_definitions(path: Path, problems: Problems) -> Definitions:
    """Read a file of definitions; add a problem with file, line and key for each that is wrong."""
    name = shown(path, 200)
    text = read_text(path, name, problems)
    return Definitions() if text is None else definitions_of(text, name, problems)


def definitions_of(text: str, name: str, problems: Problems) -> Definitions:
    """Return the definitions in a text of TOML; add the problems of the file `name`."""
    known: dict[str, Known] = {}
    absent: dict[str, str] = {}
    data, lines = parse(text, name, problems), Lines(text)
    for series, table in (data or {}).items():
        before, check = len(problems.found), _Check(series, table, name, lines, problems)
        if not isinstance(table, dict):
            check.bad((), "must be a table: a series with its unit, title and how it is read")
        elif "not_in_model" in table:
            check.only(("not_in_model",), "has not_in_model and so nothing else")
            absent[series] = check.text("not_in_model")
        else:
            check.only(ALL_KEYS, "is no key of a series")
            made = _known(check)
            if len(problems.found) == before:
                known[series] = made
    return Definitions(known, absent)


class _Check:
    """One table of a file: its values, with a problem added for each that is wrong."""

    def __init__(self, series: str, table: Any, file: str, lines: Lines, problems: Problems) -> None:
        self.series, self.table, self.file, self.lines, self.problems = series, table, file, lines, problems

    def bad(
        self, path: tuple[str, ...], rule: str, name: str = "", among: Any = (), within: tuple[int, ...] = ()
    ) -> None:
        """Add a problem at a key of the table, or at an entry within the list there."""
        line = self.lines.of((self.series, *path, *within))
        key = ".".join((self.series, *path))
        self.problems.add(self.file, line, key, rule, name=name, among=[str(one) for one in among])

    def only(self, allowed: tuple[str, ...], rule: str) -> None:
        """Add a problem for each key that is not allowed."""
        for key in self.table:
            if key not in allowed:
                self.bad((key,), rule, name=key, among=allowed)

    def text(self, key: str, needed: bool = True) -> str:
        """Return a text; a missing one is a problem if it is needed."""
        value = self.table.get(key)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            self.bad((key,), f"must be text in quotes, found {quoted(value)}" if key in self.table else "is missing")
            return ""
        return value.strip()

    def one_of(self, key: str, names: Any, what: str) -> str:
        """Return a name out of some; empty if it is not given or wrong."""
        value = self.text(key, needed=False) if key in self.table else ""
        if value and value not in names:
            self.bad((key,), f"must be {what}, found {quoted(value)}", name=value, among=names)
            return ""
        return value

    def flag(self, key: str) -> bool:
        """Return true or false, false if it is not given."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            self.bad((key,), f"must be true or false, found {quoted(value)}")
        return value is True

    def number(self, key: str) -> float:
        """Return a number, one if it is not given."""
        value = self.table.get(key, 1.0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
            self.bad((key,), f"must be a number, found {quoted(value)}")
            return 1.0
        return float(value)


def _known(check: _Check) -> Known:
    """Return one series; the problems of its table are added."""
    kind = check.one_of("kind", KINDS, f"one of {', '.join(KINDS)}") or "flow"
    counted_from = check.text("counted_from", needed=kind == "count")
    if counted_from and not is_month(counted_from):
        check.bad(("counted_from",), f'must be a month such as "2023-09", found {quoted(counted_from)}')
    elif counted_from and kind != "count":
        check.bad(("counted_from",), "belongs to a series of the kind count")
    given = check.table.get("given", [])
    given = given if isinstance(given, list) else [given]
    for k, key in enumerate(given):
        if not isinstance(key, str) or key not in PARAMETERS:
            rule = f"must be parameters, found {quoted(key)}"
            check.bad(("given",), rule, name=str(key), among=PARAMETERS, within=(k,))
    recipe = _recipe(check)
    fixed = tuple(key for key in (recipe.times, recipe.per) if key)
    texts = check.text("unit"), check.text("title")
    reading = Reading(reader(recipe), kind, read_by(recipe))
    flags = counted_from, check.flag("in_summary")
    return Known(*texts, reading, fixed, tuple(map(str, given)), check.text("limit", needed=False), *flags)


def _recipe(check: _Check) -> Recipe:
    """Return how a series is read: a variable at some labels, or trade of pairs, and what is done with it."""
    table = check.table
    if ("variable" in table) == ("trade" in table):
        check.bad((), "needs either variable (read from results) or trade (pairs of seller and buyer)")
    for key, base in (("at", "variable"), ("less", "trade")):
        if key in table and base not in table:
            check.bad((key,), f"belongs to {base}")
    variable = check.one_of("variable", VARIABLES, "a variable of docs/variables.md")
    places = _places(check, variable) if variable else {}
    over = check.one_of("over", VARIABLES, "a variable of docs/variables.md")
    if over and VARIABLES[over].dims != ("month", "world"):
        check.bad(("over",), f"must be a variable of the whole system; {over} has {', '.join(VARIABLES[over].dims)}")
    if check.table.get("factor", 1) == 0:
        check.bad(("factor",), "must not be 0: a series that is 0 whatever happens tells nothing")
    numbers = check.number("factor"), check.flag("per_day"), check.flag("running_total"), over
    keys = (check.one_of(key, PARAMETERS, "a parameter") for key in SHAPING)
    return Recipe(variable, places, _pairs(check, "trade"), _pairs(check, "less"), *numbers, *keys)


def _places(check: _Check, variable: str) -> dict[str, Any]:
    """Return the labels at which a variable is read; every axis beside month and world needs one."""
    dims, at = VARIABLES[variable].dims, check.table.get("at", {})
    if not isinstance(at, dict):
        check.bad(("at",), f'must be a table such as {{ country = "{COUNTRIES[0]}" }}, found {quoted(at)}')
        return {}
    if not {"month", "world"} <= set(dims):
        check.bad(("variable",), f"must have a value for each month and world; {variable} has not")
    axes = [dim for dim in dims if dim in LABELS]
    if strange := [dim for dim in dims if dim not in (*LABELS, "month", "world")]:
        check.bad(("variable",), f"{variable} goes by {', '.join(strange)}, at which no series can be read")
    for dim in axes:
        if dim not in at:
            check.bad(("at",), f"needs {dim}, as {variable} goes by {', '.join(axes)}")
    for dim, labels in at.items():
        if dim not in axes:
            check.bad(("at", dim), f"{variable} does not go by {dim}", name=dim, among=axes)
            continue
        for k, label in enumerate(labels if isinstance(labels, list) else [labels]):
            if label not in LABELS[dim]:
                rule = f"unknown {dim} {quoted(label)}; it may be {', '.join(map(str, LABELS[dim]))}"
                check.bad(("at", dim), rule, name=str(label), among=LABELS[dim], within=(k,))
    return at


def _pairs(check: _Check, key: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of seller and buyer."""
    pairs = check.table.get(key, [])
    if not isinstance(pairs, list) or (key in check.table and not pairs):
        check.bad(
            (key,),
            f'must be pairs of seller and buyer such as [["{COUNTRIES[0]}", "{COUNTRIES[1]}"]], found {quoted(pairs)}',
        )
        return ()
    for k, pair in enumerate(pairs):
        sides = pair if isinstance(pair, list) else [pair]
        for side, code in enumerate(sides):
            if code not in COUNTRIES:
                rule = f"unknown country {quoted(code)}"
                check.bad((key,), rule, name=str(code), among=COUNTRIES, within=(k, side))
        if len(sides) != 2 or sides[0] == sides[-1]:
            check.bad((key,), "each must be two countries, seller and buyer", within=(k,))
    return tuple(tuple(pair) for pair in pairs if isinstance(pair, list) and len(pair) == 2)

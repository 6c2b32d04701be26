"""The table of all parameters of the model: value, unit, range, source and claims.

The table itself is `parameters.csv`, so that it can be read and sorted without Python. Each row gives the default value
of a parameter, the range from which the worlds of an ensemble draw it, and the bounds of what may be set.
"""

import csv
import difflib
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

DISTRIBUTIONS = ("fixed", "uniform", "loguniform", "triangular")
WHEN = ("initial", "monthly")
SWITCH = "switch"
"""The unit of a parameter that is either on (1) or off (0)."""
CALENDAR_MONTH = "calendar month"
"""The unit of a parameter that is the number of a month of the year, 1 to 12."""
CALENDAR = f"a {CALENDAR_MONTH}"
OR = "|"
"""Stands between the names of a choice, which are its unit: `both|spiral|deterrence` are the values 0, 1 and 2."""

TABLE = "parameters.csv"
COLUMNS = [
    *("key", "value", "unit", "low", "high", "distribution"),
    *("min", "max", "when", "claims", "source", "meaning"),
]
BLANK: Mapping[str, float | None] = {"low": None, "high": None, "min": -math.inf, "max": math.inf}
"""What an empty cell of a number means."""


@dataclass(frozen=True)
class Parameter:
    """One row of the table."""

    key: str
    """Dotted name, such as `routes.khasan.capacity`."""
    value: float
    """Central value, in `unit`."""
    unit: str
    """Unit of value, low, high, min and max; `1` is dimensionless, `switch` is on or off, `calendar month` is a whole
    number from 1 to 12, names are a choice."""
    low: float | None
    """Lower end of the uncertainty range; None when the value is the same in all worlds."""
    high: float | None
    """Upper end of the uncertainty range."""
    distribution: str
    """How worlds draw from the range: one of DISTRIBUTIONS."""
    min: float
    """Smallest value that may be set; minus infinity if there is none."""
    max: float
    """Largest value that may be set; plus infinity if there is none."""
    when: str
    """`initial` if only the start uses it, `monthly` if events may change it."""
    claims: tuple[str, ...]
    """Claims of the seed article that it serves, such as C8."""
    source: str
    """Source of the number, or the word assumed, with a reason where there is one."""
    meaning: str
    """One sentence for the reader."""
    line: int
    """Line of the table."""

    @property
    def choices(self) -> tuple[str, ...]:
        """Names of a choice, in the order of their numbers 0, 1, …; empty for an ordinary parameter."""
        return tuple(self.unit.split(OR)) if OR in self.unit else ()

    @property
    def steps(self) -> str:
        """What a parameter is that knows whole numbers only and no range, such as `a switch`; empty for all others."""
        return "a choice" if self.choices else {SWITCH: "a switch", CALENDAR_MONTH: CALENDAR}.get(self.unit, "")


class TableError(ValueError):
    """A fault in the parameter table itself, which no user can cause."""


def read_table(text: str, name: str = TABLE) -> Mapping[str, Parameter]:
    """Return the rows of a table by key, in the order of the file.

    Raises TableError, with file and line, for a row that breaks a rule.
    """
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    if header != COLUMNS:
        raise TableError(f"{name}:1: the columns must be {','.join(COLUMNS)}")
    rows: dict[str, Parameter] = {}
    for cells in reader:
        if not cells:
            continue
        where = f"{name}:{reader.line_num}"
        if len(cells) != len(COLUMNS):
            raise TableError(f"{where}: {len(cells)} cells, {len(COLUMNS)} columns")
        row = _row(dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True)), reader.line_num, where)
        if row.key in rows:
            raise TableError(f"{where}: {row.key} is also on line {rows[row.key].line}")
        rows[row.key] = row
    return MappingProxyType(rows)


def _row(cells: Mapping[str, Any], line: int, where: str) -> Parameter:
    try:
        numbers = {name: float(cells[name]) if cells[name] else blank for name, blank in BLANK.items()}
        changed = {"value": float(cells["value"]), "claims": tuple(cells["claims"].split()), "line": line}
        row = Parameter(**{**cells, **numbers, **changed})
    except ValueError as error:
        raise TableError(f"{where}: {cells['key']}: {error}") from error
    fault = _fault(row)
    if fault:
        raise TableError(f"{where}: {row.key}: {fault}")
    return row


def _fault(row: Parameter) -> str:
    """Return what is wrong with a row; nothing if it is right."""
    if not all((row.key, row.unit, row.source, row.meaning)):
        return "key, unit, source and meaning may not be blank"
    if row.distribution not in DISTRIBUTIONS or row.when not in WHEN:
        return f"distribution is one of {DISTRIBUTIONS}, when one of {WHEN}"
    if not row.min <= row.value <= row.max:
        return "the value lies outside min..max"
    if row.steps and not row.value.is_integer():
        return f"{row.steps} is a whole number"
    if row.choices and (row.distribution, row.min, row.max) != ("fixed", 0.0, len(row.choices) - 1.0):
        return "a choice is fixed, from 0 to the number of its names less one"
    if row.distribution == "fixed":
        return "" if row.low is None and row.high is None else "a fixed value has no low and high"
    if row.low is None or row.high is None:
        return "a range needs low and high"
    if not row.min <= row.low <= row.value <= row.high <= row.max or row.low == row.high:
        return "needs min <= low <= value <= high <= max and low < high"
    if row.steps:
        return f"{row.steps} has no range"
    return "a loguniform range starts above zero" if row.distribution == "loguniform" and row.low <= 0 else ""


def _shipped_table() -> Mapping[str, Parameter]:
    table = resources.files("sim.scenario").joinpath(TABLE)
    return read_table(table.read_text(encoding="utf-8"))


PARAMETERS: Mapping[str, Parameter] = _shipped_table()
"""Every parameter of the model by key, in the order of the table."""


def choice(key: str, name: str) -> float:
    """Return the number of a name of a choice.

    Raises ValueError if the choice has no such name.
    """
    return float(PARAMETERS[key].choices.index(name))


def parameter(key: str) -> Parameter:
    """Return the row of one parameter.

    Raises KeyError, with the nearest key, if there is no such parameter.
    """
    try:
        return PARAMETERS[key]
    except KeyError:
        hint = nearest(key, PARAMETERS)
        raise KeyError(f"no parameter {key!r}" + (f", did you mean {hint}?" if hint else "")) from None


LONGEST_NAME = 80
"""Most characters compared of a name: the cost of a comparison grows with the square of the length."""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most similar to `name`, whatever its case; None if none is close."""
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    close = difflib.get_close_matches(name[:LONGEST_NAME].lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None

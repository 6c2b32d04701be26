"""Read and check a file of observations; all problems are reported at once, each with its line."""

import codecs
import csv
import hashlib
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from sim.analysis.record.definitions import Definitions, Known, read_definitions
from sim.analysis.record.known import SHIPPED_SERIES
from sim.analysis.record.units import factor
from sim.files import read_bytes
from sim.scenario.case import Record
from sim.scenario.library import reason
from sim.scenario.problems import Problems, quoted, shown

COLUMNS = ("series", "date", "low", "central", "high", "unit", "source")
NUMBERS = ("low", "central", "high")
SHIPPED = "observed.csv"
MOST_BYTES = 20_000_000
MOST_ROWS = 2_000
"""Most observations in a file."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Observation:
    """One public number, claimed by its source as a band; of a known series in the model's unit."""

    series: str
    date: np.datetime64
    low: float
    central: float
    high: float
    unit: str
    source: str
    line: int = 0
    "Line of its file."
    definitions: Definitions = field(default=SHIPPED_SERIES, compare=False, repr=False)
    "What names of series mean in its file."

    @property
    def known(self) -> Known:
        """How the model produces the series. Raises KeyError if it does not."""
        return self.definitions.known[self.series]

    @property
    def words(self) -> str:
        """Title of the series; its name in words if nobody gives it one."""
        known = self.definitions.known.get(self.series)
        return known.words if known else self.series.replace("_", " ")

    @property
    def strange(self) -> bool:
        """Whether nobody says what the series is."""
        return self.series not in self.definitions.known and self.series not in self.definitions.not_in_model


@dataclass(frozen=True)
class Observed:
    """A file of observations."""

    name: str
    "Name of the file, without its folder."
    sha256: str
    rows: tuple[Observation, ...]
    "All observations, in the order of the file."

    def beyond(self, until: np.datetime64, counted_to: str = "") -> list[str]:
        """Return a remark if a day lies after the last observation, and after the day to which acts are counted."""
        days = [str(row.date) for row in self.rows] + [counted_to] * bool(counted_to)
        last = max(days, default="")
        return [f"--until {until}: the record ends on {last}"] if days and str(until) > last else []


def read_observed(path: Path | None = None, series: Path | None = None) -> Observed:
    """Read a file of observations, the shipped one if no path is given. Raises ScenarioError with every problem.

    `series` is a file of definitions beside the shipped ones (`sim/data/series.toml`).
    """
    problems = Problems()
    definitions = SHIPPED_SERIES.joined(read_definitions(series, problems)) if series else SHIPPED_SERIES
    name = SHIPPED if path is None else shown(path, 200)
    raw = _shipped() if path is None else _bytes(path, name, problems)
    rows = _rows(_text(raw, name, problems), name, definitions, problems) if raw is not None else []
    problems.stop_if_any()
    if not rows:
        problems.add(name, 0, "", "holds no observations")
    problems.stop_if_any()
    plain = SHIPPED if path is None else shown(path.name)
    return Observed(plain, hashlib.sha256(raw or b"").hexdigest(), tuple(rows))


def observed_of(record: Record, file: Path | None = None) -> Observed:
    """Read the observations of a scenario's record, or those of a file in their place.

    Raises ScenarioError with every problem.
    """
    named, series = (Path(text) if text else None for text in (record.observed, record.series))
    return read_observed(file or named, series)


@cache
def observations() -> tuple[Observation, ...]:
    """Return the shipped observations, in the order of the file."""
    return read_observed().rows


def _shipped() -> bytes:
    return (resources.files("sim") / "data" / SHIPPED).read_bytes()


def _bytes(path: Path, name: str, problems: Problems) -> bytes | None:
    """Return the content of a file; None, with the problem noted, if it cannot be read."""
    try:
        if path.is_dir():
            problems.add(name, 0, "", "is a folder, not a file of observations")
        elif not path.exists():
            problems.add(name, 0, "", "there is no such file")
        elif not path.is_file():
            problems.add(name, 0, "", "is not an ordinary file")
        elif path.stat().st_size > MOST_BYTES:
            problems.add(name, 0, "", f"is larger than {MOST_BYTES // 1_000_000} MB")
        else:
            return read_bytes(path, most=MOST_BYTES)
    except (OSError, ValueError) as error:
        problems.add(name, 0, "", f"cannot be read: {reason(error)}")
    return None


def _text(raw: bytes, name: str, problems: Problems) -> str:
    """Decode UTF-8, with or without the byte order mark of Excel; empty, with the problem noted, for anything else."""
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = len(re.split(rb"\r\n|\r|\n", raw[: error.start]))
        problems.add(name, line, "", "is not UTF-8 text; save it as CSV in UTF-8")
        return ""


def _rows(text: str, name: str, definitions: Definitions, problems: Problems) -> list[Observation]:
    """Return every valid row; the problems of the others are noted."""
    table = _cells(text, name, problems)
    line, header = next(table, (0, []))
    if not line or not _header(header, line, name, problems):
        return []
    found: list[Observation] = []
    seen: dict[tuple[str, str, str], int] = {}
    for line, cells in table:
        if problems.enough:
            break
        if len(found) >= MOST_ROWS:
            problems.add(name, line, "", f"more than {MOST_ROWS:,} observations")
            break
        if len(cells) != len(header):
            hint = "; a text with a comma in it needs quotes" if len(cells) > len(header) else ""
            problems.add(name, line, "", f"{len(cells)} cells, the header has {len(header)}{hint}")
            continue
        given = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        key = given["series"], given["date"], given["source"]
        if key in seen:
            rule = f"{shown(given['date'])} repeats the date and source of line {seen[key]}"
            problems.add(name, line, given["series"], rule)
            continue
        seen[key] = line
        if (row := _row(given, line, name, definitions, problems)) is not None:
            found.append(row)
    return found


def _cells(text: str, name: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells of every row that is neither blank nor a comment."""
    lines = io.StringIO(text, newline=None)
    reader = csv.reader(("\n" if line.startswith("#") else line for line in lines), strict=True)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.add(name, before + 1, "", f"cannot be read as CSV: {error}")
            return
        if any(cell.strip() for cell in cells):
            yield before + 1, [cell.strip() for cell in cells]
        before = reader.line_num


def _header(header: Sequence[str], line: int, name: str, problems: Problems) -> bool:
    """Return whether the first row names the columns, each once, in any order; problems are noted."""
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            problems.add(name, line, "", f"the columns are separated by {word}; separate them by commas")
            return False
    missing = [column for column in COLUMNS if column not in header]
    for column in header:
        if column not in COLUMNS:
            problems.add(name, line, "", f"unknown column {quoted(column)}", name=column, among=missing)
    for column in missing:
        problems.add(name, line, "", f"the column {column} is missing; the columns are {','.join(COLUMNS)}")
    for column in COLUMNS:
        if list(header).count(column) > 1:
            problems.add(name, line, "", f"the column {column} is given twice")
    return sorted(header) == sorted(COLUMNS)


def _row(
    given: dict[str, str], line: int, name: str, definitions: Definitions, problems: Problems
) -> Observation | None:
    """Return one observation, in the model's unit if the series is known; None, with its problems noted, if invalid."""
    before = len(problems.found)
    series = given["series"]
    if not series:
        problems.add(name, line, "series", "is empty")
    when = day(given["date"])
    if when is None:
        problems.add(name, line, series, f"date must be YYYY-MM-DD, found {quoted(given['date'])}")
    numbers = {column: _number(given[column]) for column in NUMBERS}
    for column, value in numbers.items():
        if value is None:
            problems.add(name, line, series, f"{column} must be a number, found {quoted(given[column])}")
    low, central, high = (numbers[column] for column in NUMBERS)
    if low is None or central is None or high is None:
        return None
    if not low <= central <= high:
        problems.add(name, line, series, f"needs low <= central <= high, found {low:g}, {central:g}, {high:g}")
    times = 1.0
    known = definitions.known.get(series)
    if known is not None:
        unit = known.unit
        times = factor(given["unit"], unit)
        if math.isnan(times):
            problems.add(name, line, series, f"unit must be {unit}, found {quoted(given['unit'])}")
        if low < 0.0:
            problems.add(name, line, series, f"low must not be negative, found {low:g}")
        if unit == "share" and high * times > 1.0:
            problems.add(name, line, series, f"a share lies between 0 and 1, found {high * times:g}")
    if when is None or len(problems.found) > before:
        return None
    row = Observation(series, when, low, central, high, given["unit"], given["source"], line, definitions)
    if known is None:
        return row
    return replace(row, low=low * times, central=central * times, high=high * times, unit=known.unit)


def day(text: str) -> np.datetime64 | None:
    """Parse a day written as YYYY-MM-DD; None if it is none."""
    try:
        return np.datetime64(date.fromisoformat(text), "D") if _DATE.fullmatch(text) and text.isascii() else None
    except ValueError:
        return None


def _number(text: str) -> float | None:
    """Parse a finite number of magnitude below 1e15, written with a point; None if it is none."""
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 1e15 else None

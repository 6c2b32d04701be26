"""A file of public figures, the shipped one or a user's own in the same form."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from math import isfinite
from pathlib import Path

import numpy as np

from sim.analysis.observed import Observation
from sim.scenario.problems import Problems, quoted

COLUMNS = ("series", "date", "low", "central", "high", "unit", "source")
SHIPPED = "observed.csv"


@dataclass(frozen=True)
class ObservedFile:
    """Public figures and the file they are from."""

    name: str
    "Name of the file, without folders."
    digest: str
    "SHA-256 of the file."
    observations: tuple[Observation, ...]


def read(path: str | Path | None = None) -> ObservedFile:
    """The public figures of a CSV file with the columns series,date,low,central,high,unit,source; # begins a remark.

    Without a path, the shipped ones. Raises ScenarioError with every line that is wrong.
    """
    problems = Problems()
    shown = SHIPPED if path is None else str(path)
    try:
        place = resources.files("sim") / "data" / SHIPPED if path is None else Path(path)
        content = place.read_bytes()
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        problems.add(shown, 0, "", "must be a text file in UTF-8")
    except (OSError, ValueError) as error:
        problems.add(shown, 0, "", f"cannot be read: {(getattr(error, 'strerror', None) or str(error)).lower()}")
    problems.stop_if_any()
    found = _rows(lines, shown, problems)
    problems.stop_if_any()
    return ObservedFile(Path(shown).name, hashlib.sha256(content).hexdigest(), tuple(found))


def _rows(lines: list[str], shown: str, problems: Problems) -> list[Observation]:
    """Every row as an observation; problems are noted with their lines."""
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    header = tuple(name.strip() for name in kept[0][1].split(",")) if kept else ()
    if missing := [name for name in COLUMNS if name not in header]:
        problems.add(
            shown,
            kept[0][0] if kept else 0,
            "",
            f"the columns must be {','.join(COLUMNS)}; missing: {', '.join(missing)}",
        )
        return []
    found = []
    for number, line in kept[1:]:
        cells = next(csv.reader([line]))
        if len(cells) != len(header):
            problems.add(shown, number, "", f"must have {len(header)} cells, found {len(cells)}")
        elif row := _observation(
            dict(zip(header, (cell.strip() for cell in cells), strict=True)), shown, number, problems
        ):
            found.append(row)
        if problems.enough:
            break
    if not found and not problems.found:
        problems.add(shown, 0, "", "holds no figures")
    return found


def _observation(row: Mapping[str, str], shown: str, line: int, problems: Problems) -> Observation | None:
    """One figure; None, with the problems noted, if it is none."""
    before = len(problems.found)
    numbers = {name: _number(row[name]) for name in ("low", "central", "high")}
    for name, value in numbers.items():
        if not isfinite(value):
            problems.add(shown, line, name, f"must be a number, found {quoted(row[name])}")
    day = date(row["date"])
    if day is None:
        problems.add(shown, line, "date", f"must be a day, YYYY-MM-DD, found {quoted(row['date'])}")
    if not row["series"]:
        problems.add(shown, line, "series", "is empty")
    if len(problems.found) == before and not numbers["low"] <= numbers["central"] <= numbers["high"]:
        rule = f"must be in rising order, found {row['low']}, {row['central']}, {row['high']}"
        problems.add(shown, line, "low, central, high", rule)
    if len(problems.found) > before or day is None:
        return None
    return Observation(row["series"], day, **numbers, unit=row["unit"], source=row["source"])


def _number(text: str) -> float:
    try:
        return float(text) if text.isascii() and "_" not in text else float("nan")
    except ValueError:
        return float("nan")


def date(text: str) -> np.datetime64 | None:
    """The day written as YYYY-MM-DD; None if it is none."""
    try:
        return np.datetime64(text, "D") if len(text) == 10 and text[:4].isdecimal() else None
    except ValueError:
        return None

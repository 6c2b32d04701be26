"""What makes a scenario a case of its own: its main lane, the routes shut before its first month, its public record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.scenario.names import COUNTRIES, GOODS, ROUTES, routes_between
from sim.scenario.problems import Problems, quoted, shown
from sim.scenario.read import Source

LANE = ("PRK", "RUS", "ammunition")
"""Main lane, seller, buyer and good, where a scenario names none."""
SHUT_BEFORE = routes_between(*LANE[:2])
"""Routes shut before the first month where a scenario names none: as in the pandemic, until the summer of 2023."""
CASE_KEYS = ("lane", "shut_before", "record")
"""Their keys at the top of a file."""
RECORD_KEYS = ("observed", "series", "tuned_to")


@dataclass(frozen=True)
class Record:
    """The public record that a scenario is held against; what is empty is that of the program."""

    observed: str = ""
    """File of observations, as a path from where the program runs."""
    series: str = ""
    """File that says how series are read that the shipped list does not have."""
    tuned_to: str = ""
    """Last day, YYYY-MM-DD, of the early observations, to which baselines may be fitted."""


def case_of(source: Source, problems: Problems) -> dict[str, Any]:
    """Return what a file sets of the case, by the names of CASE_KEYS; add a problem for each mistake."""
    readers = {"lane": _lane, "shut_before": _routes, "record": _record}
    found = {key: readers[key](source, problems) for key in CASE_KEYS if key in source.data}
    return {key: value for key, value in found.items() if value is not None}


def in_order(a: str, b: str) -> tuple[str, str]:
    """Return two countries in the order in which pairs are written: `RUS`, `PRK`."""
    first, second = sorted((a, b), key=COUNTRIES.index)
    return first, second


def _lane(source: Source, problems: Problems) -> tuple[str, ...] | None:
    raw = source.data["lane"]
    if not isinstance(raw, list) or len(raw) != len(LANE) or raw[0] == raw[1]:
        rule = f"must be seller, buyer and good such as {list(LANE)}, found {quoted(raw)}".replace("'", '"')
        problems.add(source.shown, source.line("lane"), "lane", rule)
        return None
    place, before = ("lane", source), len(problems.found)
    _names(raw[:2], "country", COUNTRIES, place, problems)
    _names(raw[2:], "good", GOODS, place, problems, skipped=2)
    return tuple(raw) if len(problems.found) == before else None


def _routes(source: Source, problems: Problems) -> tuple[str, ...] | None:
    raw = source.data["shut_before"]
    if not isinstance(raw, list):
        rule = f'must be a list of routes such as ["khasan"], or [] for none, found {quoted(raw)}'
        problems.add(source.shown, source.line("shut_before"), "shut_before", rule)
        return None
    return _names(raw, "route", tuple(ROUTES), ("shut_before", source), problems)


def _names(
    raw: Sequence[Any],
    what: str,
    among: Sequence[str],
    place: tuple[str, Source],
    problems: Problems,
    skipped: int = 0,
) -> tuple[str, ...] | None:
    """Return names, or None with a problem for each that is none of `among`; before them `skipped` others stand."""
    key, source = place
    wrong = {k: name for k, name in enumerate(raw) if name not in among}
    for k, name in wrong.items():
        rule = f"unknown {what} {quoted(name)}; it may be {', '.join(among)}"
        problems.add(source.shown, source.line(key, k + skipped), key, rule, name=shown(name), among=among)
    return None if wrong else tuple(raw)


def _record(source: Source, problems: Problems) -> Record | None:
    """Return the record; its files are named from the folder of the scenario file."""
    raw, before = source.data["record"], len(problems.found)
    if not isinstance(raw, dict):
        rule = f"must be a table, [record], of {', '.join(RECORD_KEYS)}, found {quoted(raw)}"
        problems.add(source.shown, source.line("record"), "record", rule)
        return None
    for key, value in raw.items():
        at = source.shown, source.line("record", key), f"record.{key}"
        if key not in RECORD_KEYS:
            problems.add(*at, f"a record has {', '.join(RECORD_KEYS)}", name=key, among=RECORD_KEYS)
        elif not isinstance(value, str) or not value.strip():
            problems.add(*at, f"must be text in quotes, found {quoted(value)}")
        elif key != "tuned_to" and not (source.path.parent / value).is_file():
            problems.add(*at, f"there is no file {quoted(value)} beside the scenario")
        elif key == "tuned_to" and not _is_day(value):
            problems.add(*at, f"must be a day, YYYY-MM-DD, found {quoted(value)}")
    if len(problems.found) > before:
        return None
    files = {key: str(source.path.parent / raw[key]) for key in RECORD_KEYS[:2] if key in raw}
    return Record(**files, tuned_to=raw.get("tuned_to", ""))


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and text.isascii() and bool(date.fromisoformat(text))
    except ValueError:
        return False

"""Settings of a file or of the command line, laid over those that are there."""

from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.check import TOP_KEYS, Spot, setting
from sim.scenario.hints import is_group, unknown_key
from sim.scenario.lines import DEEPEST
from sim.scenario.lines import Path as KeyPath
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import Problems, shown
from sim.scenario.read import Source
from sim.scenario.scenario import Setting


def lay_settings(source: Source, settings: dict[str, Setting], problems: Problems) -> None:
    """Write the parameters set by a file, or by a table of one, into `settings`; add the problems."""
    seen: dict[str, int] = {}
    strange: set[str] = set()
    for key, path, raw in _settings(source.data):
        if problems.enough:
            break
        if key not in PARAMETERS:
            # one message for a wrong table, at its own line, whatever is in it
            path, beginning = _wrong_part(path)
            if beginning in strange:
                continue
            strange.add(beginning)
        line = source.lines.of(path)
        if key in seen:
            problems.add(source.shown, line, key, f"is set twice, also on line {seen[key]}")
            continue
        seen[key] = line
        spot = Spot(source.shown, line, key, source.origin(path), problems, source.within(*path))
        lay(settings, key, raw, spot)


def _settings(data: Mapping[str, Any]) -> Iterator[tuple[str, KeyPath, Any]]:
    """Yield (dotted key, path, value) of every parameter setting of a file, in the order of the file."""
    open_tables: list[tuple[KeyPath, Iterator[tuple[str, Any]]]] = [
        ((), iter([(key, raw) for key, raw in data.items() if key not in TOP_KEYS]))
    ]
    while open_tables:
        beginning, items = open_tables[-1]
        for name, raw in items:
            path = (*beginning, name)
            key = ".".join(str(part) for part in path)
            if isinstance(raw, dict) and _is_table_of_settings(key, raw) and len(path) < DEEPEST:
                open_tables.append((path, iter(raw.items())))
                break
            yield key, path, raw
        else:
            open_tables.pop()


def _wrong_part(path: KeyPath) -> tuple[KeyPath, str]:
    """Return the beginning of a path up to the first part that begins no parameter, and the same as a key."""
    keys = [".".join(map(str, path[:depth])) for depth in range(1, len(path) + 1)]
    depth = next((depth for depth, key in enumerate(keys, 1) if not is_group(key)), len(path))
    return path[:depth], keys[depth - 1]


def _is_table_of_settings(key: str, raw: Mapping[str, Any]) -> bool:
    """Return True for a group of parameters, False for a single setting such as `{low = …}` or an empty table."""
    if key in PARAMETERS:
        return False
    return is_group(key) or (bool(raw) and not {"value", "low", "high", "distribution"}.issuperset(raw))


def lay(settings: dict[str, Setting], key: str, raw: Any, spot: Spot) -> None:
    """Write one setting into `settings`; add a problem if it is wrong."""
    row = PARAMETERS.get(key)
    if row is not None:
        settings[key] = setting(raw, row, settings[key], spot)
        return
    if key in TOP_KEYS:
        spot.bad("must be set at the top of a scenario file")
        return
    rule, hint = unknown_key(shown(key, 200)) if spot.problems.may_suggest() else ("unknown key", "")
    spot.bad(rule, name=hint, among=[hint])

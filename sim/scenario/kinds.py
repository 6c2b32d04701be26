"""What a TOML file or a folder holds that was given for a scenario: a lever file is told as that."""

import tomllib
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from sim.files import open_regular
from sim.scenario.names import COUNTRIES

SUFFIX = ".toml"
IS_FOLDER, OF_LEVERS = "is a folder, not a scenario file", "is a folder of lever files"
OF_TOML = f"[!.]*{SUFFIX}"
LARGEST = 100_000
"""Most bytes read of a file that nobody asked to read."""
MOST_LOOKED_AT = 50
"""Most files of a folder that are looked at."""
OF_AN_OPTION = ("why", "events")
"""Keys that the option of a lever has and no parameter."""


def levers_rule(file: str, what: str = "is a lever file") -> str:
    """Return what is said of a lever file, or a folder of them, that was given for a scenario."""
    return f"{what}, not a scenario; sim policy takes such a file, as in sim policy article --levers {file}"


def holds_levers(data: Mapping[str, Any]) -> bool:
    """Return whether the tables of a file are those of levers, `[COUNTRY.lever.option]`, and not of parameters."""
    return any(key in option for option in _options(data) for key in OF_AN_OPTION)


def _options(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for who, levers in data.items():
        for lever in _tables(levers) if set(who.split("-")) <= set(COUNTRIES) else ():
            yield from _tables(lever)


def _tables(value: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in value.values() if isinstance(one, dict)) if isinstance(value, dict) else iter(())


def about_folder(folder: Path, named: str) -> tuple[str, str]:
    """Return what is said of a folder that was given for a scenario as `named`, and the path to give in its place."""
    beginning = named.rstrip("/\\")
    if runs := _files(folder, "*/manifest.json"):
        return "is a folder, but not that of a run", f"{beginning}/{runs[0].parent.name}"
    levers = lever_files(folder)
    if others := [file for file in _files(folder, OF_TOML) if file not in levers]:
        return IS_FOLDER, f"{beginning}/{others[0].name}"
    if levers:
        return levers_rule(f"{beginning}/{levers[0].name}", OF_LEVERS), ""
    return IS_FOLDER, ""


def lever_files(folder: Path) -> list[Path]:
    """Return the lever files in a folder, by their names."""
    return [file for file in _files(folder, OF_TOML) if holds_levers(_read(file))]


def _files(folder: Path, pattern: str) -> list[Path]:
    """Return the first files of a folder with such a path, sorted; none of one that cannot be read."""
    try:
        return sorted(islice(folder.glob(pattern), MOST_LOOKED_AT))
    except OSError:
        return []


def _read(file: Path) -> Mapping[str, Any]:
    """Return the tables of a file; none of one that cannot be read."""
    try:
        with open_regular(file) as opened:
            return tomllib.loads(opened.read(LARGEST).decode())
    except (OSError, ValueError, RecursionError):
        return {}

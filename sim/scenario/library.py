"""Shipped scenarios, found by name, and the user's own files, found by path."""

import re
import stat
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sim.files import fault_of_file_name
from sim.scenario.kinds import IS_FOLDER, OF_LEVERS, SUFFIX, about_folder, levers_rule
from sim.scenario.parameters import nearest
from sim.scenario.problems import Problem, ScenarioError, shown

_PACKAGE = Path(__file__).resolve().parent.parent
FOLDERS = (_PACKAGE / "_scenarios", _PACKAGE.parent / "scenarios")
"""Inside the installed package, and beside it in a checkout; the first folder with a name wins."""

LEVERS = "levers"
"""Folder of the shipped lever files, inside that of the shipped scenarios; no scenario is searched there."""
SAFE_NAME = re.compile(r"[^\W_][\w-]{0,63}")
"""Names that can be a folder on any system: at most 64 letters, digits, - and _."""


def shipped() -> dict[str, Path]:
    """Return the shipped scenarios by name, sorted."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        if folder.is_dir():
            for path in folder.glob(f"*{SUFFIX}"):
                found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


@cache
def title_of(name: str) -> str:
    """Return the title of a shipped scenario as its file has it; empty if there is none of that name."""
    path = shipped().get(name)
    return str(tomllib.loads(path.read_text(encoding="utf-8")).get("title", "")) if path else ""


def is_path(name: str) -> bool:
    """Return whether the text is a path rather than the name of a shipped scenario."""
    return "/" in name or "\\" in name or name.endswith(SUFFIX)


def find(name_or_path: str | Path, beside: Path | None = None) -> Path:
    """Return the file of a shipped scenario or of a path (relative to `beside`, else to the current folder).

    Raises ScenarioError with the nearest name if there is no such scenario; no other one takes its place.
    """
    text = str(name_or_path)
    library = shipped()
    if not is_path(text) and not isinstance(name_or_path, Path):
        if text in library:
            return library[text]
        raise ScenarioError([_unknown(text, library, beside)])
    path = beside / text if beside else Path(text)
    fault = fault_of_file(path)
    if fault:
        hint = _near_file(Path(text), path, library) if fault == NO_FILE else ""
        if fault == IS_FOLDER:
            fault, hint = about_folder(path, text)
        if fault == NO_FILE and text in library:  # a Path in Python: a name is a text
            fault = f'{fault}; the shipped scenario is named by the text "{text}"'
        raise ScenarioError([Problem(shown(text, 200), 0, "", fault, hint)])
    return path


NO_FILE = "there is no such file"


def fault_of_file(path: Path) -> str:
    """Return why a path cannot be read as a file; nothing if it can."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return NO_FILE
    except (OSError, ValueError, RuntimeError) as error:
        return f"cannot be opened: {reason(error)}"
    if stat.S_ISDIR(mode):
        return IS_FOLDER
    return "" if stat.S_ISREG(mode) else "is not an ordinary file"


def reason(error: Exception) -> str:
    """Return the message of the system without its number and path."""
    return ((error.strerror if isinstance(error, OSError) else "") or str(error)).lower()


def fault_of_name(name: str) -> str:
    """Return why a name cannot be that of a scenario; nothing if it can."""
    if SAFE_NAME.fullmatch(name):
        return fault_of_file_name(name)
    return (
        "the name of a scenario, which is that of its file, must have at most 64 letters, digits, - and _, and begin "
        f"with a letter or digit{_renamed(name)}"
    )


def _renamed(name: str) -> str:
    """Return a name like this one that a scenario can have: browsers call a second download `a (1)`."""
    safe = re.sub(r"\W+", "_", name).strip("_-")[:64]
    return f"; rename the file, such as {safe}{SUFFIX}" if SAFE_NAME.fullmatch(safe) else ""


def _near_file(asked: Path, path: Path, library: Mapping[str, Path]) -> str:
    """Return the file or the folder beside a missing one, or the shipped scenario, with the nearest name."""
    beside = {file.stem: str(asked.parent / file.name) for file in _neighbours(path)}
    inside = len(asked.parts) > 1 and asked.suffix != SUFFIX
    names = beside if inside else {name: name for name in library} | beside
    near = names.get(nearest(path.stem, names) or "", "")
    return "" if near == str(asked) else near


def _neighbours(path: Path) -> list[Path]:
    try:
        folders = [one for one in path.parent.glob("[!.]*") if one.is_dir()] if path.suffix != SUFFIX else []
        return [*sorted(folders), *sorted(path.parent.glob(f"*{SUFFIX}"))][:1000]
    except (OSError, ValueError):
        return []


def _unknown(name: str, library: Mapping[str, Path], beside: Path | None) -> Problem:
    own_file = (beside or Path()) / f"{name}{SUFFIX}"
    if not fault_of_file(own_file):
        return Problem(shown(name), 0, "", "no shipped scenario has this name", f"{name}{SUFFIX}")
    folder = (beside or Path()) / name
    if name.strip() and fault_of_file(folder) == IS_FOLDER:
        rule, inside = about_folder(folder, name)
        nor = "" if rule.startswith(OF_LEVERS) else ", and no shipped scenario has this name"
        return Problem(shown(name), 0, "", f"{rule}{nor}", inside)
    if not all(fault_of_file(scenarios / LEVERS / f"{name}{SUFFIX}") for scenarios in FOLDERS):
        return Problem(shown(name), 0, "", levers_rule(name))
    hint = nearest(name, library) or ""
    known = "" if hint else f"; the shipped ones are {', '.join(library)}" if library else ""
    return Problem(shown(name) or '""', 0, "", f"no shipped scenario has this name{known}", hint)


@cache
def question_of(name: str) -> str:
    """Return the question of a shipped scenario as its file has it; empty if there is none of that name."""
    path = shipped().get(name)
    return str(tomllib.loads(path.read_text(encoding="utf-8")).get("question", "")) if path else ""

"""The shipped lessons: which there are, in which languages, and their pages."""

from collections.abc import Iterable
from pathlib import Path

from sim.scenario.parameters import nearest
from sim.texts.spoken import checked_language

_PACKAGE = Path(__file__).resolve().parents[1]
FOLDERS = (_PACKAGE / "_lessons", _PACKAGE.parent / "lessons")
"""Inside the installed package, and beside it in a checkout."""
PAGES = ("teacher", "pupil", "figures", "roles", "slides")
"""Pages of a lesson: the teacher's sheet, the pupils' sheet, figures in place of devices, a sheet for each country,
slides. A lesson without devices has no figures."""


class LessonsError(Exception):
    """A language or lessons that are not there, all problems at once."""


def folder() -> Path:
    """Return the folder of the lessons. Raises LessonsError if they were not installed."""
    found = [one for one in FOLDERS if one.is_dir()]
    if not found:
        raise LessonsError("the lessons are not part of this installation")
    return found[0]


def lessons(language: str) -> list[str]:
    """Return the names of the lessons, in their order. Raises LessonsError for an unknown language."""
    try:
        checked_language(language)
    except ValueError as error:
        raise LessonsError(f"--language: {error}") from error
    return sorted(path.name for path in (folder() / language).iterdir() if path.is_dir())


def chosen(asked: Iterable[str], language: str) -> list[str]:
    """Return the lessons asked for by name or number, all if none is. Raises LessonsError with every unknown one."""
    known = lessons(language)
    by_name = {**{name: name for name in known}, **{name.partition("_")[0]: name for name in known}}
    asked = list(dict.fromkeys(asked))
    problems = []
    for name in (one for one in asked if one not in by_name):
        near = nearest(name, known)
        problems.append(f"no lesson is called {name!r}" + (f" (did you mean {near}?)" if near else ""))
    if problems:
        raise LessonsError("\n".join([*problems, f"the lessons are {', '.join(known)}; a number will do"]))
    return list(dict.fromkeys(by_name[name] for name in asked)) or known


def pages(lesson: str, language: str) -> list[str]:
    """Return the names of the pages that a lesson has, in the order of `PAGES`."""
    return [name for name in PAGES if page(lesson, name, language).exists()]


def page(lesson: str, name: str, language: str) -> Path:
    """Return the file of a page."""
    return folder() / language / lesson / f"{name}.md"

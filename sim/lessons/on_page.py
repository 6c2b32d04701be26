"""Lessons for the page of `sim page`: worksheets to fill in and role sheets; for teachers the rest as well."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.lessons.library import LessonsError, chosen, page
from sim.lessons.sheet import body
from sim.texts import LANGUAGES

FOR_TEACHERS = ("teacher", "figures")
"""Sheets that hold answers."""
BLANK = '<textarea class="blank" rows="{rows}"></textarea>'
FIELD = '<input class="blank" type="text" />'
TICK = '<input class="blank" type="checkbox" />'


@dataclass(frozen=True)
class Preset:
    """What a page of a lesson shows unless something else is asked for."""

    scenarios: tuple[str, ...]
    levers: tuple[str, ...]


PRESETS: Mapping[str, Preset] = {
    "1_railway": Preset(("article",), ("routes.khasan.capacity", "routes.rajin.open", "PRK.food.harvest")),
    "2_pressure": Preset(("article",), ("sanctions.pressure", "routes.khasan.capacity", "PRK.food.harvest")),
}
"""Lessons that use devices."""


def for_page(asked: Sequence[str]) -> list[str]:
    """Return the names of lessons asked for by name or number. Raises LessonsError with every one that has no page."""
    names = chosen(asked, LANGUAGES[0])
    none = [
        f"lesson {name} needs no devices; sim lessons {name} writes it to print"
        for name in names
        if name not in PRESETS
    ]
    if none:
        raise LessonsError("\n".join(none))
    return names


def on_page(lesson: str, *, teacher: bool) -> dict[str, Any]:
    """Return a lesson as the page takes it: by language its title and its sheets, each as (title, HTML) sections.

    Without `teacher` nothing in it is an answer.
    """
    return {"name": lesson} | {language: _in(lesson, language, teacher) for language in LANGUAGES}


def _in(lesson: str, language: str, teacher: bool) -> dict[str, Any]:
    names = ("pupil", "roles", *(FOR_TEACHERS if teacher else ()))
    sheets = {name: _sections(body(page(lesson, name, language), language)) for name in names}
    title = page(lesson, "pupil", language).read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
    # what stands above the first heading of a worksheet is a line for the name on paper
    sheets["pupil"] = [[heading, fillable(text)] for heading, text in sheets["pupil"][1:]]
    sheets["roles"] = [[heading, fillable(text)] for heading, text in sheets["roles"][1:]]
    return {"title": title, "sheets": sheets}


def _sections(content: str) -> list[list[str]]:
    """Return the parts of a sheet that second headings begin, as [title, HTML]; the first, without one, has none."""
    first, *parts = content.split("<h2>")
    return [["", _styleless(re.sub(r"<h1>.*?</h1>", "", first))], *(_part(one) for one in parts)]


def _part(text: str) -> list[str]:
    title, _, below = text.partition("</h2>")
    return [re.sub("<[^>]*>", "", title), _styleless(below).replace("<h3>", "<h4>").replace("</h3>", "</h4>")]


def _styleless(text: str) -> str:
    """Return HTML without styles of elements, which the policy of the page forbids."""
    return re.sub(r' style="[^"]*"', "", text)


def fillable(text: str) -> str:
    """Return a worksheet whose lines, dots, boxes and empty cells are fields to fill in."""
    text = re.sub(r"(<hr />\s*)+", lambda lines: BLANK.format(rows=1 + lines[0].count("<hr")), text)
    text = re.sub(r"\.{8,}", FIELD, text).replace("☐", TICK)
    return re.sub(r"<td>(\s|\u2003)*</td>", f"<td>{FIELD}</td>", text)

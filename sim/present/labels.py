"""Labels that name parameters: by their keys in English; in another language in words, with the key beside them."""

import textwrap
from typing import NamedTuple

from sim.present.by_rule import bare_name, parameter_name
from sim.present.words import choice_name, unit_name
from sim.scenario.parameters import OR, PARAMETERS
from sim.texts.spoken import foreign

LABEL_LINE, TITLE_LINE = 0.2, 0.26
"""Inches that each further line of the label of an axis and of a title takes."""
TWO_LINES, SMALLER, NAMES, LONGEST = 0.44, 10.5, 5.2, 64
"""Inches of a row whose label has two lines, their points, and inches and characters of a line left of the row."""


class Rows(NamedTuple):
    """Rows of a figure: their height and the room left of them in inches, and the points of labels; None as usual."""

    height: float
    room: float
    size: float | None = None


def axis_label(key: str) -> str:
    """Return key and unit of a parameter; of a choice what may be chosen."""
    row = PARAMETERS[key]
    name = OR.join(map(choice_name, row.choices)) or ("" if row.unit == "1" else unit_name(row.unit))
    return f"{key}, {name}" if name else key


def in_lines(words: str, longest: int) -> str:
    """Return a text in lines where it tells names in words, as long as it is where these are short, as in English."""
    return textwrap.fill(words, longest, break_on_hyphens=False, break_long_words=False) if foreign() else words


def named_axis(key: str, longest: int) -> str:
    """Return name, key and unit of a parameter in lines; key and unit in English."""
    name = f"{parameter_name(key)} ({key})" if foreign() else key
    return in_lines(axis_label(key).replace(key, name, 1), longest)


def named(key: str, longest: int) -> str:
    """Return the name of a parameter in lines, without what its values mean; its key in English."""
    return in_lines(bare_name(key), longest) if foreign() else key


def row_label(key: str, more: str = "") -> str:
    """Return what stands left of a row: the key and `more`; in another language the name in a line above them."""
    told = f"{key}, {more}" if more else key
    return f"{short_name(key)}\n{told}" if foreign() else told


def short_name(key: str) -> str:
    """Return the name of a parameter, cut to fit beside a row."""
    name = bare_name(key)
    shorter = textwrap.shorten(name, LONGEST, placeholder=" ...", break_on_hyphens=False)
    return name if len(name) <= LONGEST else shorter


def named_rows(height: float, room: float) -> Rows:
    """Return rows that have such labels; `height` and `room` are those in English."""
    return Rows(max(height, TWO_LINES), max(room, NAMES), SMALLER) if foreign() else Rows(height, room)

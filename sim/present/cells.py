"""Cells of CSV files: users' text stays text, in a spreadsheet too."""

from collections.abc import Sequence

from sim.plain import neutral

FORMULA = ("=", "+", "-", "@")
"""What spreadsheets take for the start of a formula; a cell may fetch pages and run programs from it."""
MARK = "'"
"""Stands before such a text; a spreadsheet reads it as "what follows is text"."""


def as_text(cell: object) -> object:
    """Return a cell for a CSV file: text that begins like a formula gets a mark before it."""
    if not isinstance(cell, str):
        return cell
    text = neutral(cell)
    if text.lstrip()[:1] not in FORMULA or len(text) == 1 or _is_number(text):
        return text
    return MARK + text


def row_as_text(row: Sequence[object]) -> list[object]:
    """Return the cells of a row, each as `as_text` does."""
    return [as_text(cell) for cell in row]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

"""What users give, as plain Python: text in which nothing acts, and numbers of NumPy and pandas as numbers."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

NO_BREAK = "\u00a0\u202f"
"""Blanks that French sets before its signs; they do nothing but hold a line together."""
_HELD = "\ue000\ue001"
"""Letters that stand for these blanks where a library would break a line at any blank."""
_BLANKS = re.compile(rf"[^\S{NO_BREAK}]+")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def neutral(text: str) -> str:
    """Return a text in which control and direction characters can do nothing; line feeds stay."""
    return text if text.isprintable() else "".join(map(_shown, text.replace("\r\n", "\n")))


def one_line(text: str) -> str:
    """Return a text on one line, with one blank where there were several; no-break blanks stay."""
    return _BLANKS.sub(" ", text).strip(" ")


def held(text: str) -> str:
    """Return a neutral text whose no-break blanks hold a line together even in tables of Rich, until `released`."""
    return neutral(text).translate(str.maketrans(NO_BREAK, _HELD))


def released(text: str) -> str:
    """Return a text with the no-break blanks that were held."""
    return text.translate(str.maketrans(_HELD, NO_BREAK))


def _shown(character: str) -> str:
    if character == "\n" or character in NO_BREAK or character.isprintable():
        return character
    return " " if character.isspace() or unicodedata.category(character) == "Zs" else REPLACEMENT


def listed(names: str | Iterable[str] | None, what: str = "a name") -> list[str]:
    """Return names as a list; a single text is one name, not a list of letters. Raises TypeError for other things.

    None are none; what a mapping gives to its keys would be lost, so it is refused.
    """
    if names is None:
        return []
    if isinstance(names, Mapping):
        raise TypeError(f"{what} is a text, and several are a list of texts, not {_kind(names)}")
    several = isinstance(names, Iterable) and not isinstance(names, str)
    return [worded(name, what) for name in (names if several else [names])]


def as_numbers(numbers: Any) -> list[Any]:
    """Return numbers as a list; a single one is a list of one. Raises TypeError for what holds none."""
    if hasattr(numbers, "__index__") and not isinstance(numbers, bool) and not getattr(numbers, "shape", ()):
        return [int(numbers)]
    several = list(numbers) if isinstance(numbers, Iterable) and not isinstance(numbers, str) else [numbers]
    for one in several:
        is_whole = one.is_integer() if isinstance(one, float) else hasattr(one, "__index__")
        if not is_whole or isinstance(one, bool):
            raise TypeError(f"numbers of worlds are whole numbers in a list, not {_kind(one)}")
    return several


def worded(value: Any, what: str) -> str:
    """Return a text as it is. Raises TypeError for anything else, which says what it should be."""
    if not isinstance(value, str):
        raise TypeError(f"{what} is a text, not {_kind(value)}")
    return value


def whole(value: Any, what: str) -> int | None:
    """Return a whole number of Python or NumPy, or None as it is. Raises TypeError for anything else, even its text."""
    if value is None or (hasattr(value, "__index__") and not isinstance(value, bool)):
        return value if value is None else int(value)
    raise TypeError(f"{what} is a whole number, not {_kind(value)}")


def called(value: Any, what: str) -> str:
    """Return a text, or a whole number as text. Raises TypeError for anything else, which says what it should be."""
    if isinstance(value, str):
        return value
    if value is None or not hasattr(value, "__index__") or isinstance(value, bool):
        raise TypeError(f"{what} is named by a whole number or a text, not {_kind(value)}")
    return str(int(value))


def placed(value: Any, what: str) -> Path:
    """Return the path that a text or Path names. Raises TypeError for anything else, which says what it should be."""
    if not isinstance(value, str | Path):
        raise TypeError(f"{what} is named by its path, not {_kind(value)}")
    return Path(value)


def as_date(value: Any, letters: int) -> str | None:
    """Return a date of Python, NumPy, pandas or xarray as YYYY-MM-DD, or its first `letters`; a text and None stay.

    Raises TypeError for anything else.
    """
    if value is None or isinstance(value, str):
        return value
    single = getattr(value, "values", value)  # of one month of a Dataset
    of_numpy = str(getattr(single, "dtype", "")).startswith("datetime64") and single.shape == ()
    if of_numpy or hasattr(single, "strftime"):
        return str(single)[:letters]
    raise TypeError(f"a date is a text such as {'2024-02-29'[:letters]}, or one date, not {_kind(value)}")


def as_month(value: Any) -> Any:
    """Return one date of Python, NumPy or pandas as YYYY-MM, in a table too; anything else as it is."""
    if isinstance(value, Mapping):
        return {key: as_month(part) for key, part in value.items()}
    is_date = hasattr(value, "strftime") or str(getattr(value, "dtype", "")).startswith("datetime64")
    return as_date(value, len("YYYY-MM")) if is_date else value


def _kind(value: Any) -> str:
    return f"{type(value).__name__} {value!r:.60}"


def plain(value: Any) -> Any:
    """Return a number, truth or text of NumPy or pandas as that of Python, in tables and lists too.

    NumPy itself is not loaded: a scalar of it is known by `item` and its lack of axes.
    """
    if isinstance(value, Mapping):
        return {plain(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value.item() if hasattr(value, "item") and getattr(value, "shape", None) == () else value

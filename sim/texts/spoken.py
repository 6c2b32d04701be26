"""The language that is spoken: sentences, names, numbers and dates as it writes them.

Like the style of figures, the language holds for all that is made within `speaking`, in this thread: whoever draws or
writes later must enter it again, or keep it with `kept`. Without it, English is spoken.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import reduce, wraps
from typing import ParamSpec, TypeVar

from sim.texts import LANGUAGES, text_of

P = ParamSpec("P")
T = TypeVar("T")
_SPOKEN: ContextVar[str] = ContextVar("spoken", default=LANGUAGES[0])
_CALLED = {"en": ("English", "anglais"), "fr": ("French", "français", "fra", "fre")}
"""What users call the languages."""
_SIGNS = str.maketrans({",": "\u202f", ".": ",", "-": "\u2212"})
"""French sets a narrow no-break blank between groups of three digits, and a comma before decimals."""

_MET = tuple(
    (f"{before} {name}", f"{after} {name.partition(' ')[2]}")
    for name, found in (
        ("le Japon", ("du", "au")),
        ("le chemin de fer", ("du", "au")),
        ("les États-Unis", ("des", "aux")),
    )
    for before, after in zip(("de", "à"), found, strict=True)
)
"""Names of countries with their articles after the two words that melt into them."""


_BEFORE_A_VOWEL = re.compile(r"\b([Dd])e (?=avril|août|octobre)")
"""What the names of months make of `de`."""


def checked_language(language: str) -> str:
    """Return the code of a language; raises ValueError that names the nearest for one without texts."""
    if language in LANGUAGES:
        return language
    called = {name.lower(): code for code, names in _CALLED.items() for name in (code, *names)}
    near = difflib.get_close_matches(str(language)[:20].lower(), called, n=1, cutoff=0.5)
    hint = f" (did you mean {called[near[0]]}?)" if near else ""
    raise ValueError(f"must be {' or '.join(LANGUAGES)}, found {str(language)[:20]!r}{hint}")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language of `LANGUAGES` within the block; raises ValueError for any other."""
    before = _SPOKEN.set(checked_language(language))
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def spoken() -> str:
    """Return the language that is spoken: `en`, `fr`."""
    return _SPOKEN.get()


def foreign() -> bool:
    """Return whether another language is spoken than that of the scenario files."""
    return spoken() != LANGUAGES[0]


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function that speaks the language of now, whenever it is called."""
    language = spoken()

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        with speaking(language):
            return function(*args, **kwargs)

    return called


def said(key: str, /, **fills: object) -> str:
    """Return the text of a key, its placeholders filled in; raises KeyError for an unknown key."""
    text = text_of(spoken(), key).format(**fills)
    return contracted(text) if foreign() else text


def known(key: str) -> bool:
    """Return whether the language has a text of that key."""
    try:
        text_of(spoken(), key)
    except KeyError:
        return False
    return True


def contracted(text: str) -> str:
    """Return a French text in which `de` and `à` have met the next word: `du Japon`, `aux États-Unis`, `d’août`."""
    for apart, together in _MET:
        text = text.replace(apart, together)
    return _BEFORE_A_VOWEL.sub(r"\1’", text)


def counted(key: str, number: int) -> str:
    """Return a number with its noun: `key` is `world` or `month`."""
    return said(f"{key}.{number_of(number)}", n=written(f"{number:,}"))


def numbered(key: str, number: int) -> str:
    """Return a number with its noun as `counted` does, its digits in one piece, as they stand beside a seed."""
    return said(f"{key}.{number_of(number)}", n=number)


def number_of(value: float) -> str:
    """Return the grammatical number of a value: `one` or `other`."""
    alone = abs(value) < 2 if foreign() else value == 1  # French counts 0 and 1,5 as one
    return "one" if alone else "other"


def several(parts: list[str]) -> str:
    """Return `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return said("printed.and", most=", ".join(parts[:-1]), last=parts[-1])


def few(names: Sequence[str], most: int) -> str:
    """Return the first names, such as `a, b, c` or `a, b and 2 more`."""
    if more := len(names[most:]):
        return said(f"printed.more.{number_of(more)}", names=", ".join(names[:most]), n=more)
    *first, last = names
    return said("printed.listed", most=", ".join(first), last=last) if first else last


def joined(*parts: str) -> str:
    """Return parts of a line one after another: `a; b`."""
    return reduce(lambda first, second: said("printed.join", first=first, second=second), parts) if parts else ""


def written(number: str) -> str:
    """Return a number in digits, such as `12,500.5`, as the language writes it."""
    return number.translate(_SIGNS) if foreign() else number


def month(number: int, year: int | str, short: bool = False) -> str:
    """Return `June 2024`, or `Jun 2024`; number is 1 to 12."""
    kind = "short_month" if short else "month"
    return said("printed.dated", month=said(f"printed.{kind}.{number}"), year=year)

"""Search of parameters by everyday words, English or French, in keys and meanings."""

import csv
import re
import unicodedata
from functools import cache
from importlib import resources

from sim.scenario.parameters import PARAMETERS, Parameter

KNOBS = (
    "routes.khasan.capacity",
    "routes.rajin.open",
    "war.intensity",
    "war.usa_aid",
    "sanctions.pressure",
    "sanctions.PRK",
    "sanctions.secondary",
    "money.channel",
    "technology.guard_scale",
    "PRK.food.harvest",
)
"""Ten parameters to try first: those that the shipped scenarios turn."""
FILLERS = frozenset(
    (
        *("the", "a", "an", "of", "in", "on", "to", "and", "for", "with", "by", "against", "between"),
        *("le", "la", "les", "l", "un", "une", "de", "du", "des", "d", "et", "en", "dans", "pour", "avec", "par"),
        *("contre", "entre"),
    )
)
"""Words that say nothing about what is meant; `un` is an article in French."""
SHORTEST = 4
"""Fewest letters of a word of which a beginning is enough."""


def matching(text: str) -> list[str]:
    """Return the parameters that every word of the text names in key or meaning; keys first, then meanings.

    A word is looked up among everyday words of two languages and stands for itself if it is not there.
    """
    wanted = [_needles(word) for word in _split(text)]
    if not wanted:
        return []
    ranked = []
    for number, (key, row) in enumerate(PARAMETERS.items()):
        ranks = [_rank(needles, row) for needles in wanted]
        if None not in ranks:
            ranked.append((sum(rank or 0 for rank in ranks), number, key))
    return [key for _, _, key in sorted(ranked)]


def is_everyday(text: str) -> bool:
    """Return whether a text is one of the everyday words."""
    return _plain(text).strip() in _everyday()


def _rank(needles: tuple[str, ...], row: Parameter) -> int | None:
    """Return 0 if a needle is in the key, 1 if it is in the meaning, None if it is in neither."""
    for rank, words in enumerate((_words(row.key) | {row.key.lower()}, _words(row.meaning))):
        if any(_begins(word, needle) for needle in needles for word in words):
            return rank
    return None


def _begins(word: str, needle: str) -> bool:
    return word == needle or (len(needle) >= SHORTEST and word.startswith(needle))


def _split(text: str) -> list[str]:
    """Return the words of a text; names of several words, such as north korea, stay together."""
    rest, found = f" {_plain(text)} ", []
    for name in (name for name in _everyday() if " " in name):
        if f" {name} " in rest:
            found.append(name)
            rest = rest.replace(f" {name} ", " ")
    return [*found, *(word for word in re.split(r"[\s,;']+", rest) if word and word not in FILLERS)]


def _needles(word: str) -> tuple[str, ...]:
    """Return what a word may be called in keys and meanings, in lower case."""
    everyday = _everyday()
    singular = word[:-1] if word.endswith(("s", "x")) and len(word) > SHORTEST else word
    return everyday.get(word) or everyday.get(singular) or (singular,)


@cache
def _everyday() -> dict[str, tuple[str, ...]]:
    """Return everyday words and what they are called here, longest first."""
    text = resources.files("sim.scenario").joinpath("words.csv").read_text(encoding="utf-8")
    rows = {row["word"]: tuple(row["means"].lower().split()) for row in csv.DictReader(text.splitlines())}
    return dict(sorted(rows.items(), key=lambda row: -len(row[0])))


@cache  # asked again of all parameters for each word of a search
def _words(text: str) -> set[str]:
    """Return the words of a key or meaning; what an underscore joins counts as one and as two."""
    return {*re.split(r"[^a-z0-9_]+", _plain(text)), *re.split(r"[^a-z0-9]+", _plain(text))}


def _plain(text: str) -> str:
    """Return a text in lower case and without accents."""
    parts = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in parts if not unicodedata.combining(char)).replace(
        "\N{RIGHT SINGLE QUOTATION MARK}", "'"
    )

"""Texts that users read, by language: one table of texts for each, with the same keys and placeholders.

A key is dotted, as the tables of the file are: `picture.oil.name`. Texts hold placeholders in braces, `{month}`, which
who shows them fills in. French follows French typography: « » with no-break blanks, a narrow one before ; ! ? and %.

`en.toml` and `fr.toml` hold what several commands and the page share. What one command alone says is in a file of its
own, which is read with its first text: the key `explain.figure.binds` is `figure.binds` of `explain.en.toml`.

`names.fr.toml`, `scenarios.fr.toml` and `levers.fr.toml` have no English beside them: in English the tables of the
program hold these names, and the files of scenarios and levers these texts.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES = ("en", "fr")
"""Languages of the tables, the first is that in which scenario files are written."""
PARTS = (
    "explain",
    "run",
    "figures",
    "compare",
    "report",
    "sweep",
    "discover",
    "policy",
    "calibrate",
    "history",
    "information",
    "sensitivity",
    "influence",
    "select",
    "remarks",
)
"""Files beside the shared ones; the first part of their keys."""
ONLY = {"en": (), "fr": ("names", "scenarios", "levers")}
"""Such files of one language."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def texts(language: str) -> Mapping[str, str]:
    """Return the texts that commands and page share by dotted key, in the order of the file.

    Raises KeyError for a language without a table.
    """
    if language not in LANGUAGES:
        raise KeyError(f"no texts in {language!r}; there are {', '.join(LANGUAGES)}")
    return _read(f"{language}.toml")


@cache
def part_of(language: str, part: str) -> Mapping[str, str]:
    """Return the texts of one command by key, in the order of the file. Raises KeyError for an unknown part."""
    if part not in parts_of(language):
        raise KeyError(f"no texts of {part!r}; there are {', '.join(parts_of(language))}")
    return _read(f"{part}.{language}.toml", f"{part}.")


def parts_of(language: str) -> tuple[str, ...]:
    """Return the files of a language beside the shared one."""
    return *PARTS, *ONLY[language]


def text_of(language: str, key: str) -> str:
    """Return the text of a key, wherever it is; raises KeyError for an unknown key."""
    part = key.partition(".")[0]
    return part_of(language, part)[key] if part in parts_of(language) else texts(language)[key]


def all_texts(language: str) -> dict[str, str]:
    """Return every text of a language by dotted key."""
    found = dict(texts(language))
    for part in parts_of(language):
        found |= part_of(language, part)
    return found


def placeholders(text: str) -> set[str]:
    """Return the names in braces in a text."""
    return set(_PLACEHOLDER.findall(text))


def _read(name: str, before: str = "") -> Mapping[str, str]:
    table = tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return MappingProxyType(dict(_flat(table, before)))


def _flat(table: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        found += _flat(value, f"{before}{name}.") if isinstance(value, Mapping) else [(f"{before}{name}", str(value))]
    return found

"""Texts that users read, by language: one table of texts for each, with the same keys and placeholders.

A key is dotted, as the tables of the file are: `picture.oil.name`. Texts hold placeholders in braces, `{month}`, which
who shows them fills in. French follows French typography: « » with no-break blanks, a narrow one before ; ! ? and %.
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
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def texts(language: str) -> Mapping[str, str]:
    """Return the texts of a language by dotted key, in the order of its file.

    Raises KeyError for a language without a table.
    """
    if language not in LANGUAGES:
        raise KeyError(f"no texts in {language!r}; there are {', '.join(LANGUAGES)}")
    table = tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8"))
    return MappingProxyType(dict(_flat(table)))


def placeholders(text: str) -> set[str]:
    """Return the names in braces in a text."""
    return set(_PLACEHOLDER.findall(text))


def _flat(table: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        found += _flat(value, f"{before}{name}.") if isinstance(value, Mapping) else [(f"{before}{name}", str(value))]
    return found

"""Problems of a scenario: each with its file, line, key, rule and the nearest valid name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.scenario.parameters import nearest

MOST_SUGGESTIONS = 60
"""Most names looked up while reading: a file of a hundred thousand wrong keys must be refused quickly, too."""

MOST_COLLECTED = 5000
"""Most problems collected; reading stops there."""

MOST_LISTED = 1000
"""Most problems written out in a message."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake to correct."""

    file: str
    """File as the user wrote it, or the option of the command line."""
    line: int
    """Line from 1; 0 where no single line is at fault."""
    key: str
    """Dotted key; empty where the whole file is at fault."""
    rule: str
    """What is required, and what was found."""
    suggestion: str = ""
    """The nearest valid name; empty if none is close."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [place, self.key, self.rule] if self.key else [place, self.rule]
        hint = f" (did you mean {self.suggestion}?)" if self.suggestion else ""
        return ": ".join(parts) + hint


class ScenarioError(Exception):
    """A scenario that cannot be used, with all its problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: list[Problem] = list(dict.fromkeys(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MOST_LISTED]]
        if len(self.problems) > MOST_LISTED:
            lines.append(f"... and {len(self.problems) - MOST_LISTED:,} more problems")
        return "\n".join(lines)


class Problems:
    """The problems found while a scenario is read, so that one message lists them all."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self._looked_up = 0

    def add(self, file: str, line: int, key: str, rule: str, *, name: str = "", among: Iterable[str] = ()) -> None:
        """Add a problem; the suggestion is the entry of `among` nearest to `name`."""
        suggestion = likely(name, among) if name and self.may_suggest() else ""
        self.found.append(Problem(file, line, shown(key), rule, suggestion))

    def may_suggest(self) -> bool:
        """Return whether one more name may be looked up, and count it."""
        self._looked_up += 1
        return self._looked_up <= MOST_SUGGESTIONS

    @property
    def enough(self) -> bool:
        """Whether there are too many problems to read on."""
        return len(self.found) >= MOST_COLLECTED

    def stop_if_any(self) -> None:
        """Raise ScenarioError if there are problems."""
        if self.found:
            files = list(dict.fromkeys(problem.file for problem in self.found))
            raise ScenarioError(sorted(self.found, key=lambda problem: (files.index(problem.file), problem.line)))


ALIASES = {"ROK": "KOR", "DPRK": "PRK", "NK": "PRK", "SK": "KOR", "US": "USA", "PRC": "CHN", "RU": "RUS"}
"""Other names of countries -> the names used here."""


def likely(name: str, among: Iterable[str]) -> str:
    """Return the entry of `among` nearest to `name`, by an alias or by similarity; empty if none is close."""
    names = list(among)
    parts = re.split(r"([.-])", name)
    renamed = "".join(ALIASES.get(part.upper(), part) for part in parts)
    if renamed != name and (found := renamed if renamed in names else nearest(renamed, names)):
        return found
    return nearest(name, names) or ""


def shown(value: object, width: int = 60) -> str:
    """Return a value from a user's file, made safe for a message: short, on one line, without control characters."""
    if isinstance(value, int) and abs(value) > 10**30:
        return "a number of more than 30 digits"
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "an array"
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    text = "".join(c if c.isprintable() else "?" for c in text[: width + 1])
    return text if len(text) <= width else text[: width - 3] + "..."


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 event`, `2 events`, `2 series`."""
    return f"{number:,} {noun}" + ("" if number == 1 or noun.endswith("s") else "s")


def few(names: Sequence[str], most: int = 3) -> str:
    """Return the first names, such as `a, b, c and 2 more`."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def quoted(value: object) -> str:
    """Return `shown` of the value, in quotes if it is a string."""
    return f'"{shown(value)}"' if isinstance(value, str) else shown(value)

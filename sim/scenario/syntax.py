"""Errors of TOML in a user's words, at the line where the mistake was made rather than where reading stopped."""

import re
import tomllib

from sim.scenario.problems import quoted

MOST_TRIED = 30
"""Most lines at which a statement may have begun that are tried: each costs one reading of the text before it."""
MOST_READ = 3_000_000
"""Most characters read for them in all."""

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)\s*$")
_PART = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_KEY = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_STATEMENT = re.compile(rf"[ \t]*(?:{_KEY}[ \t]*=|\[\[?[ \t]*{_KEY}[ \t]*\]?\][ \t]*(?:#|$))")
"""What a line looks like that begins with `key =`, or is a header."""


def explain(message: str, text: str) -> tuple[int, str]:
    """Return (line, rule) for an error of `tomllib` in a text."""
    place = _PLACE.search(message)
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    stopped = min(int(place[1]), len(lines)) if place and place[1] else len(lines)
    at_end = not (place and place[1])
    what = _PLACE.sub("", message)
    begun = _begun(lines, stopped)
    twice = what.startswith(("Cannot overwrite", "Cannot declare", "Duplicate inline"))
    # what looks like a statement of its own, within a value, shows that the value was not closed
    inside = _STATEMENT.match(lines[stopped - 1]) is not None
    line = begun if twice or at_end or inside else stopped
    hint = ""
    if twice and not what.startswith("Duplicate inline"):
        written = lines[line - 1].partition("=")[0].strip() if line <= len(lines) else ""
        key = quoted(written.strip(" \t[]")) if written else "a key or table"
        what = f"{key} is set twice"
        if written.startswith("["):
            what += "; put all keys of a table under one head"
    elif begun < stopped and not twice:
        end = "the end" if at_end else f"line {stopped}"
        hint = f"; the value that begins on line {begun} is read up to {end}: is it closed?"
    elif what.startswith("Invalid value"):
        hint = '; text needs quotes, as in "text"'
    return line, f"is not valid TOML: {what}{hint}"


def _begun(lines: list[str], stopped: int) -> int:
    """Return the line on which the statement began in which reading stopped; that line itself if none is found."""
    tried = read = 0
    for number in range(stopped, 0, -1):
        if not _STATEMENT.match(lines[number - 1]):
            continue
        before = "\n".join(lines[: number - 1])
        tried, read = tried + 1, read + len(before)
        if tried > MOST_TRIED or read > MOST_READ:
            break
        try:
            tomllib.loads(before)
        except (ValueError, RecursionError):
            continue
        return number
    return stopped

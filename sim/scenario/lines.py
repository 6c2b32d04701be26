"""Line number of every key of a TOML text, which Python's own reader does not give.

`tomllib` decides what the text means. This scanner only walks over text that `tomllib` has accepted, so it may be
lenient; it never fails and never recurses.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys from the top of the document; the position in an array is a number."""

DEEPEST = 8
"""Most parts of a path; longer ones are cut. No scenario key is longer, and a hostile one must not cost memory."""

_KEY_PART = re.compile(r"[A-Za-z0-9_-]+|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'")
_BLANK = re.compile(r"[ \t]*+")
_GAP = re.compile(r"(?:[ \t\r\n,]++|#[^\n]*+)*+")
_LINE_REST = re.compile(r"[^\n]*+")
_SCALAR = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|[^,\]}#\n]++",
    re.DOTALL,
)


class Lines:
    """Line numbers, from 1, of the keys of one document."""

    def __init__(self, text: str) -> None:
        self._starts = [0] + [at.end() for at in re.finditer("\n", text)]
        self._at: dict[Path, int] = {}
        self.last = len(self._starts)
        """Number of the last line."""
        _Scanner(text, self._starts, self._at).document()

    def of(self, path: Path) -> int:
        """Return the line of a key, or of the nearest table around it; 1 if there is none."""
        path = path[:DEEPEST]
        while path:
            if path in self._at:
                return self._at[path]
            path = path[:-1]
        return 1

    @property
    def known(self) -> Mapping[Path, int]:
        """Every key found, with its line."""
        return self._at


class _Scanner:
    """One walk over the text from start to end."""

    def __init__(self, text: str, starts: list[int], at: dict[Path, int]) -> None:
        self.text = text
        self.starts = starts
        self.at = at
        self.pos = 0
        self.lengths: dict[Path, int] = {}
        """Number of [[tables]] seen so far, by path."""

    def document(self) -> None:
        """Walk over the whole document."""
        table: Path = ()
        while self.skip(_GAP):
            before = self.pos
            if self.text.startswith("[[", self.pos):
                self.pos += 2
                table = self.note((), self.key(), in_array=True)
                self.skip(_LINE_REST)
            elif self.text.startswith("[", self.pos):
                self.pos += 1
                table = self.note((), self.key())
                self.skip(_LINE_REST)
            else:
                self.key_and_value(table)
            if self.pos == before:
                self.skip(_LINE_REST)

    def key_and_value(self, table: Path) -> None:
        """Walk over `key = value`; a list holds the arrays and inline tables that are still open."""
        path = self.note(table, self.key())
        self.assignment()
        open_brackets: list[tuple[str, Path, int]] = []
        while self.pos < len(self.text):
            mark = self.text[self.pos]
            if mark in "[{":
                open_brackets.append((mark, path, 0))
                self.pos += 1
            else:
                self.skip(_SCALAR)
            next_path = self.next_item(open_brackets)
            if next_path is None:
                return
            path = next_path

    def next_item(self, open_brackets: list[tuple[str, Path, int]]) -> Path | None:
        """Go to the next value inside the open arrays and inline tables; return its path, None when all are closed."""
        while open_brackets and self.skip(_GAP):
            bracket, path, count = open_brackets.pop()
            if self.text[self.pos] in "]}":
                self.pos += 1
                continue
            open_brackets.append((bracket, path, count + 1))
            if bracket == "[":
                return self.mark((*path, count)[:DEEPEST])
            before = self.pos
            item = self.note(path, self.key())
            self.assignment()
            if self.pos > before:
                return item
            self.pos += 1
        return None

    def skip(self, pattern: re.Pattern[str]) -> bool:
        """Move past the match of the pattern here; return False at the end of the text."""
        match = pattern.match(self.text, self.pos)
        if match:
            self.pos = match.end()
        return self.pos < len(self.text)

    def assignment(self) -> None:
        """Move past the equals sign to the value."""
        self.skip(_BLANK)
        if self.text.startswith("=", self.pos):
            self.pos += 1
        self.skip(_BLANK)

    def key(self) -> tuple[str, ...]:
        """Read a dotted key; return its parts."""
        parts: list[str] = []
        while True:
            self.skip(_BLANK)
            match = _KEY_PART.match(self.text, self.pos)
            if not match:
                return tuple(parts)
            self.pos = match.end()
            if len(parts) < DEEPEST:
                parts.append(_unquoted(match.group()))
            self.skip(_BLANK)
            if not self.text.startswith(".", self.pos):
                return tuple(parts)
            self.pos += 1

    def note(self, table: Path, key: tuple[str, ...], in_array: bool = False) -> Path:
        """Remember the line of a key and of the tables that it opens; return its whole path."""
        path = table
        for depth, part in enumerate(key):
            path = (*path, part)[:DEEPEST]
            if in_array and depth == len(key) - 1:
                self.lengths[path] = self.lengths.get(path, 0) + 1
            self.mark(path)
            if not table and path in self.lengths:
                path = self.mark((*path, self.lengths[path] - 1)[:DEEPEST])
        return path

    def mark(self, path: Path) -> Path:
        """Remember the first line of a path; return the path."""
        if path not in self.at:
            self.at[path] = bisect_right(self.starts, self.pos)
        return path


def _unquoted(part: str) -> str:
    """Return a part of a key without its quotes and escapes."""
    if part[0] == "'":
        return part[1:-1]
    if part[0] != '"':
        return part
    if "\\" not in part:
        return part[1:-1]
    try:
        return next(iter(tomllib.loads(f"{part} = 0")))
    except ValueError:
        return part[1:-1]

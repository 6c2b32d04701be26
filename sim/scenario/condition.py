"""The small language of conditions, such as `rus_prk.practical > 0.6 and not tier3 >= 1`.

`sim discover --where` reads them of a finished run, an if-then event of the month before.

    condition:   part ("or" part)*
    part:        test ("and" test)*
    test:        "not" test | "(" condition ")" | OUTCOME (">" | ">=" | "<" | "<=") LIMIT
    LIMIT:       a number, or p0 ... p100 for a percentile of that outcome over the worlds

Text is read into a tree of comparisons and never evaluated as code. An error says where in the text it is.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
OPERATORS: Mapping[str, Callable[[Array, float], Array]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
WORDS = ("and", "or", "not")
DEEPEST, LONGEST = 50, 2000
"""Most nested brackets, and most characters, of a condition."""
TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.@]))|(?P<name>[A-Za-z_][\w.@-]*)"
    r"|(?P<operator>>=|<=|>|<)|(?P<bracket>[()])|(?P<strange>.)",
    re.ASCII | re.DOTALL,
)
PERCENTILE = re.compile(r"[pP](\d{1,3}(?:\.\d+)?)")
MEANT = {
    "=": "write >= or <=",
    "!": "write not",
    "&": "write and",
    "|": "write or",
    "%": "write a share as a number such as 0.5, a percentile as p50",
    "≥": "write >=",
    "≤": "write <=",
}


class ConditionError(ValueError):
    """A condition that cannot be read; the message marks the place in the text."""

    def __init__(self, text: str, at: int, rule: str) -> None:
        start = max(0, at - 50)
        shown = "".join(c if c.isprintable() else "?" for c in text[start : start + 90])
        super().__init__(f"{rule}\n    {shown}\n    {' ' * (at - start)}^")
        self.at, self.rule = at, rule


@dataclass(frozen=True)
class Compared:
    """An outcome compared with a limit."""

    name: str
    sign: str
    limit: float
    percentile: bool
    "Whether the limit is a percentile of the outcome over the worlds, 0 to 100."

    def holds(self, values: Mapping[str, Array]) -> Array:
        """Return whether the comparison holds, (world)."""
        return np.asarray(OPERATORS[self.sign](values[self.name], self.limit_in(values)))

    def limit_in(self, values: Mapping[str, Array]) -> float:
        """Return the limit in the unit of the outcome."""
        return float(np.percentile(values[self.name], self.limit)) if self.percentile else self.limit

    def percentiles(self, values: Mapping[str, Array]) -> Iterator[tuple[str, float, float]]:
        """Yield outcome, percentile, and its value over the worlds."""
        if self.percentile:
            yield self.name, self.limit, self.limit_in(values)

    def names(self) -> Iterator[str]:
        """Yield the outcome."""
        yield self.name


@dataclass(frozen=True)
class Joined:
    """Parts joined by `and` or `or`, or one part under `not`."""

    word: str
    parts: tuple["Condition", ...]

    def holds(self, values: Mapping[str, Array]) -> Array:
        """Return whether the condition holds, (world)."""
        found = [part.holds(values) for part in self.parts]
        if self.word == "not":
            return ~found[0]
        return np.asarray(np.all(found, axis=0) if self.word == "and" else np.any(found, axis=0))

    def names(self) -> Iterator[str]:
        """Yield the outcomes of all parts."""
        for part in self.parts:
            yield from part.names()

    def percentiles(self, values: Mapping[str, Array]) -> Iterator[tuple[str, float, float]]:
        """Yield outcome, percentile, and its value over the worlds, of all parts."""
        for part in self.parts:
            yield from part.percentiles(values)


Condition = Compared | Joined


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str, known: Callable[[str], object] = str, *, percentiles: bool = True) -> Condition:
    """Return a condition as a tree. Raises ConditionError.

    known(name) raises ValueError for what is no outcome; percentiles says whether p0 to p100 may be limits.
    """
    if len(text) > LONGEST:
        raise ConditionError(text, LONGEST, f"a condition has at most {LONGEST:,} characters")
    reader = _Reader(text, known, percentiles)
    found = reader.either(0)
    if reader.here.kind != "end":
        reader.stop("expected and, or, or the end of the condition")
    return found


class _Reader:
    """A recursive descent parser; `here` is the next token."""

    def __init__(self, text: str, known: Callable[[str], object], percentiles: bool) -> None:
        self.text, self.known, self.percentiles = text, known, percentiles
        self._tokens = _tokens(text)
        self.here = next(self._tokens)

    def stop(self, rule: str) -> None:
        raise ConditionError(self.text, self.here.at, rule)

    def take(self) -> _Token:
        token = self.here
        if token.kind != "end":
            self.here = next(self._tokens)
        return token

    def is_word(self, word: str) -> bool:
        return self.here.kind == "word" and self.here.text == word

    def either(self, depth: int) -> Condition:
        return self._series("or", lambda: self.both(depth))

    def both(self, depth: int) -> Condition:
        return self._series("and", lambda: self.test(depth))

    def _series(self, word: str, part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self.is_word(word):
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def test(self, depth: int) -> Condition:
        if depth > DEEPEST:
            self.stop(f"more than {DEEPEST} nested brackets")
        if self.is_word("not"):
            self.take()
            return Joined("not", (self.test(depth + 1),))
        if self.here.text == "(":
            self.take()
            found = self.either(depth + 1)
            if self.here.text != ")":
                self.stop("expected ), and, or or")
            self.take()
            return found
        return self.compared()

    def compared(self) -> Condition:
        if self.here.kind == "number":
            self.stop("the outcome comes before its limit, such as technology > 20")
        if self.here.kind != "name":
            self.stop("expected an outcome, such as rus_prk.practical > 0.6")
        name = self.take()
        try:
            self.known(name.text)
        except ValueError as error:
            raise ConditionError(self.text, name.at, str(error)) from None
        if self.here.kind != "operator":
            self.stop(f"expected one of {', '.join(OPERATORS)} after {name.text}")
        sign = self.take().text
        limit, percentile = self.limit(sign)
        if self.here.kind == "operator":
            self.stop(f"one limit a comparison; write ... and {name.text} {self.here.text} ...")
        return Compared(name.text, sign, limit, percentile)

    def limit(self, sign: str) -> tuple[float, bool]:
        token = self.here
        if token.kind == "number" and np.isfinite(float(token.text)):
            self.take()
            return float(token.text), False
        match = PERCENTILE.fullmatch(token.text) if self.percentiles else None
        if match is None and not self.percentiles:
            self.stop(f"expected a number after {sign}")
        if match is None or float(match[1]) > 100.0:
            self.stop(f"expected a number after {sign}, or a percentile over the worlds from p0 to p100")
        self.take()
        return float(match[1]) if match else 0.0, True


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the tokens from left to right, the last one the end."""
    for match in TOKEN.finditer(text):
        kind, found = str(match.lastgroup), match[0]
        if kind == "space":
            continue
        if kind == "strange":
            hint = MEANT.get(found)
            raise ConditionError(text, match.start(), f"{found!r} has no meaning here" + (f"; {hint}" if hint else ""))
        if kind == "name" and found.lower() in WORDS:
            kind, found = "word", found.lower()
        yield _Token(kind, found, match.start())
    yield _Token("end", "", len(text))

"""Reading of scenario files: from bytes to TOML with line numbers, and the chain of `extends`."""

import codecs
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.files import open_regular
from sim.scenario.kinds import holds_levers, levers_rule
from sim.scenario.library import fault_of_file, fault_of_name, find, is_path, reason, shipped
from sim.scenario.lines import Lines
from sim.scenario.lines import Path as KeyPath
from sim.scenario.problems import Problems, ScenarioError, quoted
from sim.scenario.syntax import explain

LARGEST = 1_000_000
"""Most bytes of a file; a scenario has 10 to 45 lines."""
LONGEST_LINE = 4_000
"""Most characters of a line."""
LONGEST_KEY = 50
"""Most parts of a dotted key: the TOML reader's time and memory grow with the square of their number."""
LONGEST_CHAIN = 20
"""Most files that may extend one another."""


@dataclass(frozen=True)
class Source:
    """A scenario file as read."""

    path: Path
    shown: str
    """The path as the user wrote it."""
    data: dict[str, Any]
    lines: Lines

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.path.stem

    def line(self, *path: str | int) -> int:
        """Return the line of a key."""
        return self.lines.of(path)

    def within(self, *place: str | int) -> Callable[[KeyPath], int]:
        """Return a function that gives the line of a part of the value at a place."""
        return lambda path: self.lines.of((*place, *path))

    def origin(self, path: KeyPath) -> str:
        """Return where a value was set, as results record it: `ceasefire.toml:7`."""
        return f"{self.path.name}:{self.lines.of(path)}"


def read_chain(name_or_path: str | Path, problems: Problems) -> list[Source]:
    """Return the file and all that it extends, the deepest first; add a problem for what cannot be read."""
    try:
        path = find(name_or_path)
    except ScenarioError as error:
        problems.found += error.problems
        return []
    chain: list[Source] = []
    seen: dict[Path, str] = {}
    shown_path = path.name if path in shipped().values() else str(name_or_path)
    while True:
        seen[_identity(path)] = shown_path
        source = read_file(path, shown_path, problems)
        if source is None:
            return chain
        if holds_levers(source.data):
            problems.add(source.shown, 0, "", levers_rule(source.shown))
            return chain
        chain.insert(0, source)
        base = _base_of(source, problems)
        if base is None:
            return chain
        path, shown_path = base
        if _identity(path) in seen:
            circle = " -> ".join(Path(at).name for at in [*seen.values(), shown_path])
            rule = f"leads back to a file that extends it: {circle}"
            problems.add(source.shown, source.line("extends"), "extends", rule)
            return chain
        if len(chain) >= LONGEST_CHAIN:
            rule = f"more than {LONGEST_CHAIN} files extend one another"
            problems.add(source.shown, source.line("extends"), "extends", rule)
            return chain


def _base_of(source: Source, problems: Problems) -> tuple[Path, str] | None:
    """Return (file that a source extends, its name in messages); None if there is none."""
    if "extends" not in source.data:
        return None
    wanted = source.data["extends"]
    line = source.line("extends")
    if not isinstance(wanted, str) or not wanted.strip():
        rule = f"must be the name or path of a scenario, found {quoted(wanted)}"
        problems.add(source.shown, line, "extends", rule)
        return None
    try:
        path = find(wanted, beside=source.path.parent)
    except ScenarioError as error:
        rule = error.problems[0].rule
        found = error.problems[0].suggestion
        if _identity(source.path.parent / found) == _identity(source.path):
            found = ""
        problems.add(source.shown, line, "extends", f"{quoted(wanted)}: {rule}", name=found, among=[found])
        return None
    return path, str(path) if is_path(wanted) else path.name


def _identity(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def read_file(path: Path, shown_path: str, problems: Problems) -> Source | None:
    """Return one file as read; add a problem and return None if it is not TOML."""
    text = read_text(path, shown_path, problems)
    if text is None:
        return None
    if fault := fault_of_name(path.stem):
        problems.add(shown_path, 0, "", fault)
    data = parse(text, shown_path, problems)
    return None if data is None else Source(path, shown_path, data, Lines(text))


def read_text(path: Path, shown_path: str, problems: Problems) -> str | None:
    """Return the text of a file; add a problem and return None if it is no file, too large, or not text."""
    rule = fault_of_file(path)
    raw = b""
    if not rule:
        try:
            with open_regular(path) as file:
                raw = file.read(LARGEST + 1)
        except OSError as error:
            rule = f"cannot be read: {reason(error)}"
    if len(raw) > LARGEST:
        rule = f"is larger than {LARGEST:,} bytes, the limit for a scenario file"
    elif raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        rule = "is not UTF-8 but UTF-16 text; save it as UTF-8"
    elif b"\0" in raw:
        rule = "is a binary file, not TOML text"
    if rule:
        problems.add(shown_path, 0, "", rule)
        return None
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.add(shown_path, line, "", "is not UTF-8 text; save it with the encoding UTF-8")
        return None


_KEY_PART = r"""(?:(?<![\w-])[\w-]++|"(?:[^"\\]|\\.)*+"|'[^']*+')"""
_LONG_KEY = re.compile(rf"(?:{_KEY_PART}[ \t]*+\.[ \t]*+){{{LONGEST_KEY}}}")


def parse(text: str, shown_path: str, problems: Problems) -> dict[str, Any] | None:
    """Return the tables of a TOML text; add a problem with its line and return None if it is not valid."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            problems.add(shown_path, number, "", f"a line may have at most {LONGEST_LINE:,} characters")
            return None
        if line.count(".") >= LONGEST_KEY and _LONG_KEY.search(line):
            problems.add(shown_path, number, "", f"a key may have at most {LONGEST_KEY} parts")
            return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line_number, rule = explain(str(error), text)
        problems.add(shown_path, line_number, "", rule)
    except RecursionError:
        problems.add(shown_path, 0, "", "tables or arrays are nested too deeply")
    except ValueError as error:
        # tomllib lets a few errors of int() and of dates through as they are, without a line.
        problems.add(shown_path, 0, "", f"is not valid TOML: {error}")
    return None

"""Print to the terminal: plain and complete in a pipe, fitted to the window in a terminal, problems on stderr."""

import logging
import re
import shutil
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn, Protocol

import typer

from sim.plain import held, neutral, one_line, released
from sim.signals import act_on_held, left
from sim.texts import LANGUAGES, part_of
from sim.texts.spoken import said

USER_MISTAKE = 2
"""Exit code of a mistake in the user's input."""
DIFFERENT = 1
"""Exit code of a valid request with a negative answer: a replay that differs, a run that failed."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells use it."""
INDENT = "    "

_GLYPH = re.compile(r"Glyph (\d+) \(")
"""How the library of figures warns of a character that its font lacks."""
MOST_GLYPHS = 10
"""Most such characters that are named."""

Progress = Callable[[int, int], None]


class Advance(Protocol):
    """Callback of a progress bar."""

    def __call__(self, done: int, total: int) -> None:
        """Report `done` of `total`."""

    def restored(self, done: int, total: int) -> None:
        """Report `done` of `total` as restored from disk."""


class MistakeError(ValueError):
    """A mistake of the caller, in code; the text says what a command would print."""


class Ended(typer.Exit):
    """The end of a command by a message that was printed."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code)
        self.message = message


_in_code: ContextVar[bool] = ContextVar("in_code", default=False)


@contextmanager
def in_code() -> Iterator[None]:
    """Let what commands share be used from Python: a mistake is raised as MistakeError, a remark becomes a warning."""
    token = _in_code.set(True)
    try:
        yield
    finally:
        _in_code.reset(token)


def say(text: str = "", *, err: bool = False) -> None:
    """Print a line on stdout or stderr; everything that is printed passes here, so that no text can act there."""
    typer.echo(neutral(text), err=err)


def fail(message: str, code: int = USER_MISTAKE) -> NoReturn:
    """Print a message on stderr and exit with a code; in code raise it."""
    if _in_code.get():
        raise MistakeError(neutral(message))
    act_on_held()
    say(message, err=True)
    raise Ended(code, message)


def notify(message: str) -> None:
    """Print a remark on stderr; in code warn of it."""
    if _in_code.get():
        warnings.warn(neutral(message), stacklevel=2)
        return
    say(message, err=True)


def mention(key: str, /, **fills: object) -> None:
    """Make a remark in the language that is spoken: a text of `remarks`, its placeholders filled in."""
    notify(said(f"remarks.{key}", **fills))


def told_of_end() -> str:
    """Return what is said of a command that a signal ended: what of its output is there."""
    any_left, named = left()
    which = ("one" if len(named) == 1 else "many") if named else "nothing_else" if any_left else "nothing"
    return said(f"remarks.interrupted.{which}", named=", ".join(named))


class Remarks(logging.Handler):
    """Print what modules log as remarks: they know neither terminal nor language."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one."""
        logged = self.format(record)
        texts = part_of(LANGUAGES[0], "remarks").items()
        notify(next((said(key) for key, text in texts if text == logged), logged))


@contextmanager
def remarks() -> Iterator[None]:
    """Print what the modules of this package log."""
    log, handler = logging.getLogger("sim"), Remarks(logging.INFO)
    before = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(before)


@contextmanager
def glyphs_noted() -> Iterator[None]:
    """Say once, after all figures are drawn, which characters their font lacks, in place of a warning for each."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield
    lacking: dict[str, None] = {}
    for one in found:
        if match := _GLYPH.match(str(one.message)):
            lacking[chr(int(match[1]))] = None
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    if lacking:
        from sim.scenario.problems import few  # loads pydantic: too slow for the start of every command

        mention("signs", signs=few(list(lacking), MOST_GLYPHS))


def paragraph(text: str, indent: str = INDENT) -> None:
    """Print text, folded to the window in a terminal, on one line in a pipe."""
    if not sys.stdout.isatty():
        say(indent + one_line(text))
        return
    width = max(40, shutil.get_terminal_size().columns)
    say(textwrap.fill(one_line(text), width, initial_indent=indent, subsequent_indent=indent))


def sentences(texts: Iterable[str]) -> None:
    """Print sentences, each as a paragraph of its own."""
    for text in texts:
        paragraph(text, indent="")


def columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table. Nothing is cut: a pipe gets full lines, a terminal folds long cells."""
    if sys.stdout.isatty():
        _table(header, rows)
        return
    everything = [header, *rows]
    widths = [max(len(row[i]) for row in everything) for i in range(len(header))]
    for row in everything:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in header:
        table.add_column(held(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(held(cell)) for cell in row))
    show(table)


def show(renderable: object) -> None:
    """Print a Rich renderable; a pipe gets wide lines without colour."""
    from rich.console import Console

    # text in brackets or between colons is text, not markup or a picture
    options: dict[str, Any] = {"markup": False, "emoji": False}
    console = (
        Console(**options) if sys.stdout.isatty() else Console(**options, width=160, no_color=True, highlight=False)
    )
    with console.capture() as made:
        console.print(renderable)
    typer.echo(released(made.get()), nl=False)


@contextmanager
def progress_bar(label: str, check: Callable[[], None], per_world: float = 0.0) -> Iterator[Advance]:
    """Show a progress bar on stderr if that is a terminal; yield the callback that advances it.

    `check` runs at each call and may raise KeyboardInterrupt. `per_world`, the amount that is one world, shows the
    speed in worlds per second; what was `restored` from disk does not count as speed.
    """
    from rich import progress
    from rich.console import Console
    from rich.text import Text

    class Speed(progress.ProgressColumn):
        """Worlds a second."""

        def render(self, task: progress.Task) -> Text:
            speed = (task.finished_speed or task.speed or 0.0) / per_world if per_world else 0.0
            return Text(f"{speed:,.0f} worlds/s" if speed else "")

    console = Console(stderr=True)
    parts = (
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        Speed(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*parts, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(neutral(label), total=None)

        class Bar:
            def __call__(self, done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)
                check()

            def restored(self, done: int, total: int) -> None:
                bar.reset(task, completed=done, total=total)
                check()

        yield Bar()

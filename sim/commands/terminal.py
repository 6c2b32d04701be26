"""Print to the terminal: plain and complete in a pipe, fitted to the window in a terminal, problems on stderr."""

import shutil
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NoReturn, Protocol

import typer

USER_MISTAKE = 2
"""Exit code of a mistake in the user's input."""
DIFFERENT = 1
"""Exit code of a valid request with a negative answer: a replay that differs, a run that failed."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells use it."""
INDENT = "    "

Progress = Callable[[int, int], None]


class Advance(Protocol):
    """Callback of a progress bar."""

    def __call__(self, done: int, total: int) -> None:
        """Report `done` of `total`."""

    def restored(self, done: int, total: int) -> None:
        """Report `done` of `total` as restored from disk."""


class MistakeError(ValueError):
    """A mistake of the caller, in code; the text says what a command would print."""


_in_code: ContextVar[bool] = ContextVar("in_code", default=False)


@contextmanager
def in_code() -> Iterator[None]:
    """Let what commands share be used from Python: a mistake is raised as MistakeError, a remark becomes a warning."""
    token = _in_code.set(True)
    try:
        yield
    finally:
        _in_code.reset(token)


def fail(message: str, code: int = USER_MISTAKE) -> NoReturn:
    """Print a message on stderr and exit with a code; in code raise it."""
    if _in_code.get():
        raise MistakeError(message)
    typer.echo(message, err=True)
    raise typer.Exit(code)


def notify(message: str) -> None:
    """Print a remark on stderr; in code warn of it."""
    if _in_code.get():
        warnings.warn(message, stacklevel=2)
        return
    typer.echo(message, err=True)


def paragraph(text: str, indent: str = INDENT) -> None:
    """Print text, folded to the window in a terminal, on one line in a pipe."""
    if not sys.stdout.isatty():
        typer.echo(indent + " ".join(text.split()))
        return
    width = max(40, shutil.get_terminal_size().columns)
    typer.echo(textwrap.fill(" ".join(text.split()), width, initial_indent=indent, subsequent_indent=indent))


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
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def show(renderable: object) -> None:
    """Print a Rich renderable; a pipe gets wide lines without colour."""
    from rich.console import Console

    console = Console() if sys.stdout.isatty() else Console(width=160, no_color=True, highlight=False)
    console.print(renderable)


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
        task = bar.add_task(label, total=None)

        class Bar:
            def __call__(self, done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)
                check()

            def restored(self, done: int, total: int) -> None:
                bar.reset(task, completed=done, total=total)
                check()

        yield Bar()

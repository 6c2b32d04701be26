"""The command `sim report`; what it needs is loaded when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Language, place, there
from sim.files import told
from sim.texts.spoken import speaking

EXAMPLE = """\
Make one page of HTML of folders of output: findings, figures, tables, who gained, what is missed, origin.

The page needs no network, opens in any browser, and prints on A4. Runs of one seed are compared world by world; the
first is the reference.
"""


def report(
    folders: Annotated[
        list[Path],
        typer.Argument(parser=there, metavar="DIR...", help="Folders that sim wrote, such as outputs/article."),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            parser=place, metavar="FILE.html", help="File to write.  [default: report.html in the first folder]"
        ),
    ] = None,
    title: Annotated[
        str, typer.Option(metavar="TEXT", help="Title of the page.  [default: those of the folders]")
    ] = "",
    question: Annotated[str, typer.Option(metavar="TEXT", help="Question that the page is to answer, above all.")] = "",
    language: Language = "en",
) -> None:
    """Write one page of HTML."""
    from sim.commands.terminal import fail, say
    from sim.reports.build import ReportError, make_report
    from sim.signals import deferred_interrupts

    try:
        with deferred_interrupts() as check, speaking(language):
            path = make_report(folders, out, title, question)
            check()
    except (ReportError, OSError) as error:
        fail(told(error, out or folders[0]))
    say(f"{path}: {path.stat().st_size / 1e6:.1f} MB; open it in a browser, or print it on A4")


report.__doc__ = EXAMPLE

"""The command `sim lessons`; what it needs is loaded when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import output
from sim.files import told

EXAMPLE = """\
Write lessons as pages of HTML to print and to show: teacher's sheet, pupils' sheet, figures, roles, slides.

\b
    sim lessons
    sim lessons 3 --language fr --out lecon_3

They need no network. Print from the browser, on A4; of the slides, show one after another or print them.
"""


def lessons(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[LESSON]...", help="Name or number: 1_railway or 1.  [default: all]"),
    ] = None,
    *,
    language: Annotated[str, typer.Option(metavar="en|fr", help="Language of the lessons.")] = "en",
    out: Annotated[
        Path | None,
        output("outputs/lessons_LANGUAGE"),
    ] = None,
) -> None:
    """Write lessons as pages of HTML."""
    from sim.commands.preflight import check_no_run
    from sim.commands.terminal import fail, say
    from sim.lessons.library import LessonsError, chosen, page, pages
    from sim.lessons.sheet import sheet
    from sim.lessons.write import write_folder
    from sim.signals import deferred_interrupts, is_written

    target = out or Path("outputs") / f"lessons_{language}"
    try:
        wanted = chosen(names or [], language)
        check_no_run(target)
        with deferred_interrupts() as check:
            every = [(one, name) for one in wanted for name in pages(one, language)]
            files = {f"{one}_{name}.html": sheet(page(one, name, language), language) for one, name in every}
            write_folder(files, target)
            is_written(target)
            check()
    except (LessonsError, OSError) as error:
        fail(told(error, target))
    say(f"{len(files)} pages in {target}; open them in a browser, or print them on A4")


lessons.__doc__ = EXAMPLE

"""`sim slides`: pictures for a room, of one finished run or of two to four side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import language_of, output, there
from sim.commands.terminal import fail, notify
from sim.files import told

if TYPE_CHECKING:
    import xarray as xr

MOST = 4
FORMS = {"room": "slides", "print": "handout"}
"""What pages are made for -> how the folder is called."""


def slides(
    folders: Annotated[
        list[Path],
        typer.Argument(
            parser=there, metavar="DIR...", help="Folders of one to four runs: outputs/article.", show_default=False
        ),
    ],
    pictures: Annotated[
        str,
        typer.Option(
            metavar="NAME,...", help="Only these: routes, suppliers, shells, tiers, deeds, hunger.  [default: all]"
        ),
    ] = "",
    for_: Annotated[
        str, typer.Option("--for", metavar="room|print", help="Slides of 1920 x 1080 dots, or pages of A4.")
    ] = "room",
    language: Annotated[
        str,
        typer.Option(parser=language_of, metavar="en|fr", help="Language of titles, names, numbers and dates."),
    ] = "en",
    out: Annotated[Path | None, output("outputs/slides_NAMES")] = None,
) -> None:
    """Draw pictures for a room, one idea each."""
    problems: list[str] = []
    if for_ not in FORMS:
        problems.append(f"--for: must be {' or '.join(FORMS)}, found {for_!r}")
    if len(folders) > MOST:
        problems.append(f"sim slides sets at most {MOST} runs side by side, found {len(folders)}")
    names = _named(pictures, problems)
    runs = _opened(folders, problems)
    if problems:
        fail("\n".join(problems))

    from sim.analysis.headline import main_lane
    from sim.commands.loading import of_another_lane
    from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
    from sim.present.room.handout import handout  # loads matplotlib

    for ds in runs:
        if remark := of_another_lane(str(ds.attrs["title"]), main_lane(ds)):
            notify(f"{remark}; so are the pictures shells, tiers and deeds")
    target = out or OUTPUTS / folder_name(FORMS[for_], *(folder.resolve().name for folder in folders))
    ds, files, figures = handout(runs, names, for_, language)
    with workflow(target, 0, str(ds.attrs["title"])) as check:
        deliver(ds, target, files, figures, check)


def _opened(folders: list[Path], problems: list[str]) -> "list[xr.Dataset]":
    """Return the results in each folder; append every problem."""
    from sim.results import ResultsError
    from sim.results.opened import open_run

    runs = []
    for folder in folders:
        try:
            ds = open_run(folder)
            if "delivered" not in ds:
                kept = "only a summary of each world" if "headline" in ds else "only some of the variables"
                raise ResultsError(
                    f"{folder}: holds {kept}; pictures need the series: sim run --keep series keeps them"
                )
            runs.append(ds)
        except (ResultsError, OSError) as error:
            problems.append(told(error, folder))
    return runs


def _named(asked: str, problems: list[str]) -> list[str]:
    """Return the names of the pictures asked for, all if none is; append every unknown one."""
    from sim.present.room.pictures import PICTURES  # loads matplotlib
    from sim.scenario.parameters import nearest

    known = list(PICTURES)
    wanted = list(dict.fromkeys(name.strip() for name in asked.split(","))) if asked.strip() else known
    for name in (unknown := [name for name in wanted if name not in known]):
        near = nearest(name, known)
        hint = f" (did you mean {near}?)" if near else ""
        problems.append(f"--pictures: no picture is called {name!r}{hint}")
    if unknown:
        problems.append(f"the pictures are {', '.join(known)}")
    return wanted

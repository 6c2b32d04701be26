"""The commands that make a table of results on demand: tidy, decisions."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import place, there

Out = Annotated[
    Path | None,
    typer.Option(parser=place, metavar="FILE.csv", help="File for the table.  [default: outputs/TABLE_NAME.csv]"),
]
DecimalComma = Annotated[
    bool,
    typer.Option(
        "--decimal-comma", help="For spreadsheets set to a decimal comma: semicolons between cells, UTF-8 mark."
    ),
]


def tidy(
    folders: Annotated[
        list[Path],
        typer.Argument(
            parser=there, metavar="DIR...", help="Folders of run, compare, sweep or history; one table of all."
        ),
    ],
    *,
    variable: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this variable, such as route_delivered; repeatable.  [default: all]"),
    ] = None,
    world: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N|all", help="Worlds in place of statistics over worlds; repeatable.  [default: statistics]"
        ),
    ] = None,
    decimal_comma: DecimalComma = False,
    out: Out = None,
) -> None:
    """Write results as one tidy table: a number a row, columns of the IAMC format."""
    from sim.commands.tabulate import write_tidy

    write_tidy(folders, variable or [], world or [], decimal_comma, out)


def decisions(
    folder: Annotated[
        Path, typer.Argument(parser=there, metavar="DIR", help="Folder of a run, such as outputs/article.")
    ],
    *,
    world: Annotated[
        list[str] | None,
        typer.Option(metavar="N|all", help="World; repeatable.  [default: mean over all, and the first three]"),
    ] = None,
    act: Annotated[
        list[str] | None, typer.Option(metavar="ACT", help="Only this act, such as summit; repeatable.")
    ] = None,
    actor: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Only decisions of this country, such as PRK; repeatable.")
    ] = None,
    happened: Annotated[bool, typer.Option("--happened", help="Only what took place.")] = False,
    decimal_comma: DecimalComma = False,
    out: Out = None,
) -> None:
    """Write the decisions of any world: terms, their sum, the chance, what came of it, and why in words."""
    from sim.commands.tabulate import write_decisions

    write_decisions(folder, world or [], (act or [], actor or []), happened, decimal_comma, out)

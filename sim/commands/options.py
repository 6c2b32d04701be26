"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer


def whole(text: str | int) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise typer.BadParameter(f"must be a whole number, found {str(text)[:60]!r}") from error


Worlds = Annotated[int | None, typer.Option(parser=whole, metavar="INTEGER", help="Number of worlds of the ensemble.")]
Months = Annotated[int | None, typer.Option(parser=whole, metavar="INTEGER", help="Number of months.")]
Seed = Annotated[int | None, typer.Option(parser=whole, metavar="INTEGER", help="Seed of all chance.")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set a parameter; may be given many times.")
]


Store = Annotated[
    Path | None,
    typer.Option(help="Folder where finished blocks of a large ensemble are kept.  [default: outputs/store]"),
]
Processes = Annotated[
    int,
    typer.Option(
        parser=whole,
        metavar="INTEGER",
        show_default=False,
        help="Processes of a large ensemble.  [default: one a core]",
    ),
]
On = Annotated[
    str,
    typer.Option(
        metavar="dask|tcp://HOST:PORT", help="Run on a Dask cluster: a local one, or that of a scheduler (extra dask)."
    ),
]
Figures = Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")]

"""Options that many commands share."""

from typing import Annotated

import typer


def whole(text: str | int) -> int:
    """A whole number as the user writes it."""
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

"""Options that several commands share, and what makes them."""

from pathlib import Path
from typing import Annotated, Any

import typer

TUNED_TO = "2023-12-31"
"""Last day of the public figures that baselines, variants and calibrations may know, unless the user says otherwise."""
AS_THE_SCENARIO = "  [default: as the scenario says]"


def whole(text: str | int) -> int:
    """A whole number."""
    try:
        return int(text)
    except ValueError as error:
        raise typer.BadParameter(f"must be a whole number, found {str(text)[:60]!r}") from error


class _Auto(int):
    """The number that is still to be found."""


AUTO = _Auto(0)
"""What `--worlds auto` gives; compare with `is`."""


def whole_or_auto(text: str | int) -> int:
    """A whole number, or AUTO."""
    if text == "auto":
        return AUTO
    try:
        return int(text)
    except ValueError as error:
        raise typer.BadParameter(f"must be a whole number or auto, found {str(text)[:60]!r}") from error


def _part(text: str | float) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise typer.BadParameter(f"must be a number such as 0.05, found {str(text)[:60]!r}") from error


def _folder(text: str | Path) -> Path:
    if not str(text).strip():
        raise typer.BadParameter("must be the name of a folder, found ''")
    return Path(text)


def count(words: str, **options: Any) -> Any:
    """An option that is a whole number."""
    return typer.Option(parser=whole, metavar="INTEGER", help=words, **options)


def output(default: str) -> Any:
    """The option that names the folder for the output."""
    return typer.Option(help=f"Folder for the output.  [default: {default}]")


ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name (sim list) or path.")]
WorldsOrAuto = Annotated[
    int | None,
    typer.Option(
        parser=whole_or_auto,
        metavar="INTEGER|auto",
        help="Number of worlds of the ensemble; auto adds worlds until the outcomes are known well enough."
        f"{AS_THE_SCENARIO}",
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="NAME",
        help="With auto: an outcome that must be known, such as technology or rus_prk.trust; may be given many times.",
    ),
]
Precision = Annotated[
    float | None,
    typer.Option(
        parser=_part,
        metavar="PART",
        help="With auto: half of every 95 % interval, as part of the outcome's 90 % band.  [default: 0.05]",
    ),
]
MostWorlds = Annotated[int | None, count("With auto: most worlds that are tried.  [default: 131,072]")]
Worlds = Annotated[int | None, count(f"Number of worlds of the ensemble.{AS_THE_SCENARIO}")]
Months = Annotated[int | None, count(f"Number of months.{AS_THE_SCENARIO}")]
Seed = Annotated[int | None, count(f"Seed of all chance.{AS_THE_SCENARIO}")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set a parameter; may be given many times.")
]
Keys = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEY",
        help="Only these parameters, or all whose names begin so; may be given many times.  [default: all]",
    ),
]
Calibrated = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Draw worlds from the set that sim calibrate has left.")
]
Store = Annotated[
    Path | None,
    typer.Option(
        parser=_folder,
        metavar="DIR",
        help="Folder where finished blocks of a large ensemble are kept.  [default: outputs/store]",
    ),
]
Processes = Annotated[int | None, count("Processes of a large ensemble.  [default: one a core]", show_default=False)]
On = Annotated[
    str,
    typer.Option(
        metavar="dask|tcp://HOST:PORT", help="Run on a Dask cluster: a local one, or that of a scheduler (extra dask)."
    ),
]
Figures = Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")]

"""Options that several commands share, and their parsers."""

import os
import stat
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.commands.effect import asked_figures
from sim.commands.terminal import fail
from sim.files import fault_of_path, shown_path, why, without_tilde
from sim.texts import LANGUAGES
from sim.texts.spoken import checked_language

TUNED_TO = "2023-12-31"
"""Default last day of the observations that baselines, variants and calibrations may use."""
AS_THE_SCENARIO = "  [default: as the scenario says]"


def whole(text: str | int) -> int:
    """Return a whole number; raise BadParameter otherwise."""
    try:
        return int(text)
    except ValueError as error:
        raise typer.BadParameter(f"must be a whole number, found {str(text)[:60]!r}") from error


def real(text: str | float) -> float:
    """Return a number; raise BadParameter otherwise."""
    try:
        return float(text)
    except ValueError as error:
        raise typer.BadParameter(f"must be a number such as 0.05, found {str(text)[:60]!r}") from error


class _Auto(int):
    """The type of AUTO."""


AUTO = _Auto(0)
"""Value of `--worlds auto`: the number is still to be found. Compare with `is`."""


def whole_or_auto(text: str | int) -> int:
    """Return a whole number or AUTO; raise BadParameter otherwise."""
    if text == "auto":
        return AUTO
    try:
        return int(text)
    except ValueError as error:
        raise typer.BadParameter(f"must be a whole number or auto, found {str(text)[:60]!r}") from error


def place(text: str | Path) -> Path:
    """Return where something is to be written, `~` as the home folder; raise BadParameter if nothing can be."""
    try:
        path = without_tilde(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if fault := fault_of_path(text if not str(text).strip() else path):
        raise typer.BadParameter(f"{shown_path(text)!r} {fault}")
    return path


def there(text: str | Path) -> Path:
    """Return the path of what is to be read, there or not; raise BadParameter if the system cannot look at it."""
    if not str(text).strip():
        raise typer.BadParameter("must be the name of a folder or file, found a blank")
    try:
        is_folder = stat.S_ISDIR(os.stat(text).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return Path(text)
    except (OSError, ValueError) as error:
        rule = why(error) if isinstance(error, OSError) else f"cannot be read: {error}"
        raise typer.BadParameter(f"{shown_path(text)!r} {rule}") from error
    if is_folder and not os.access(text, os.R_OK | os.X_OK):
        raise typer.BadParameter(f"{shown_path(text)!r} cannot be read: no permission to look into it")
    return Path(text)


_asked = [LANGUAGES[0]]
"""The language that this command was asked to speak."""


def language_of(text: str) -> str:
    """Return the code of a language that has texts; raise BadParameter with the nearest otherwise."""
    try:
        _asked[0] = checked_language(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return _asked[0]


def asked_language() -> str:
    """Return the language in which something is said of a command that has ended."""
    return _asked[0]


Language = Annotated[
    str,
    typer.Option(
        parser=language_of,
        metavar="en|fr",
        help="Language of texts, tables and figures; files of data are in English.",
    ),
]


def count(words: str, **options: Any) -> Any:
    """Return an option that takes a whole number."""
    return typer.Option(parser=whole, metavar="INTEGER", help=words, **options)


def amount(metavar: str, words: str) -> Any:
    """Return an option that takes a number."""
    return typer.Option(parser=real, metavar=metavar, help=words)


def all_or_none(text: str) -> str:
    """Return `all` or `none`; raise BadParameter otherwise."""
    if text not in ("all", "none"):
        raise typer.BadParameter(f"must be all or none, for a study draws its figures together; found {text[:60]!r}")
    return text


def drawn(figures: str, no_figures: bool) -> bool:
    """Return whether a study draws its figures; exit if it is told to draw them and not to."""
    return asked_figures(figures, no_figures) == "all"


def output(default: str) -> Any:
    """Return the option that names the output folder."""
    return typer.Option(parser=place, metavar="DIR", help=f"Folder for the output.  [default: {default}]")


def frame(sets: list[str] | None, **numbers: int | None) -> dict[str, Any]:
    """Return what the options --set, --worlds, --months and --seed hand to `sim.scenario.load`."""
    return {"set": sets or [], **numbers}


ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="Name (sim list) or path; NAME+KEY=VALUE changes it.")
]
WorldsOrAuto = Annotated[
    int | None,
    typer.Option(
        parser=whole_or_auto,
        metavar="INTEGER|auto",
        help="Number of worlds of the ensemble; auto adds worlds until the outcomes are precise enough."
        f"{AS_THE_SCENARIO}",
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="NAME",
        help="With auto: an outcome to be known, such as technology or rus_prk.trust; repeatable.",
    ),
]
Precision = Annotated[
    float | None,
    amount("PART", "With auto: largest 95 % half-width, as a share of the outcome's 90 % band.  [default: 0.05]"),
]
MostWorlds = Annotated[int | None, count("With auto: upper limit of worlds.  [default: 131,072]")]
Worlds = Annotated[int | None, count(f"Number of worlds of the ensemble.{AS_THE_SCENARIO}")]
Months = Annotated[int | None, count(f"Number of months.{AS_THE_SCENARIO}")]
Seed = Annotated[int | None, count(f"Seed of all chance.{AS_THE_SCENARIO}")]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set a parameter; repeatable.")]
Keys = Annotated[
    list[str] | None, typer.Option(metavar="KEY", help="Only these parameters or groups; repeatable.  [default: all]")
]
Calibrated = Annotated[
    Path | None,
    typer.Option(
        parser=there,
        metavar="FILE",
        help="Draw worlds from a set written by sim calibrate, such as outputs/calibrate_sea_route; what the scenario, "
        "--set or the study itself states wins over it.",
    ),
]
NOT_CALIBRATED = {
    "calibrate": "a set holds what its observations said, and to weigh it by observations again would count them twice",
    "select": "it holds the record against worlds from the ranges, and a set has been held against that record already",
}
"""Why a study cannot draw from a calibrated set, by command."""


def _refuse_calibrated(ctx: typer.Context, value: Path | None) -> None:
    if value is not None:
        fail(
            f"--calibrated: sim {ctx.info_name} draws from the ranges: {NOT_CALIBRATED[str(ctx.info_name)]}; the "
            "other studies draw from it"
        )


NotCalibrated = Annotated[
    Path | None, typer.Option(metavar="FILE", hidden=True, callback=_refuse_calibrated, is_eager=True)
]
"""The option of studies that refuse it, so that they say why."""
Store = Annotated[
    Path | None,
    typer.Option(
        parser=place,
        metavar="DIR",
        help="Folder where finished blocks of a large ensemble are kept.  [default: outputs/store]",
    ),
]
Processes = Annotated[int | None, count("Processes of a large ensemble.  [default: one per core]", show_default=False)]
On = Annotated[
    str,
    typer.Option(
        metavar="dask|tcp://HOST:PORT", help="Run on a Dask cluster: a local one, or a scheduler's (extra dask)."
    ),
]
Figures = Annotated[
    str, typer.Option("--figures", parser=all_or_none, metavar="all|none", help="Draw the figures, or none.")
]
Drawn = Annotated[
    str,
    typer.Option(
        "--figures", metavar="few|all|none|NAME,...", help="Figures to draw now; sim figures DIR draws others later."
    ),
]
WithTables = Annotated[
    bool, typer.Option("--tables", help="Write series.csv and decisions.csv now; sim tables DIR writes them later.")
]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw none now: the same as --figures none.")]

"""`sim figures` and `sim tables`: make more of a finished run or comparison from the data in its folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands import options
from sim.commands.effect import without_effect
from sim.commands.terminal import fail
from sim.files import told
from sim.texts.spoken import speaking

if TYPE_CHECKING:
    import xarray as xr

    from sim.present.publish import Draw

RUN, SUMMARY, COMPARISON, ATTRIBUTION = "results.nc", "outcomes.nc", "comparison.nc", "attribution.nc"


def figures(
    folder: Annotated[
        Path,
        typer.Argument(parser=options.there, metavar="DIR", help="Folder of a run or a comparison: outputs/article."),
    ],
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="Figures to draw, or all.  [default: list what there is]"),
    ] = None,
    language: options.Language = "en",
) -> None:
    """List the figures of a finished run or comparison, or draw some."""
    from sim.commands.figures import ALL, check_names, list_figures
    from sim.commands.workflow import add_to_folder
    from sim.present.redraw import add_figures
    from sim.results import ResultsError

    try:
        ds, known = _stored(folder)
    except (ResultsError, OSError) as error:
        fail(told(error, folder))
    if not names:
        list_figures(folder, known)
        without_effect("the figures are listed; name those to draw", "--language")
        return
    wanted = list(known) if names == [ALL] else check_names(",".join(names), known, "NAME")
    chosen = {name: known[name] for name in wanted}
    with speaking(language):
        add_to_folder(folder, "figures", len(chosen), lambda progress: add_figures(ds, folder, chosen, progress))


def tables(
    folder: Annotated[
        Path, typer.Argument(parser=options.there, metavar="DIR", help="Folder of a run, such as outputs/article.")
    ],
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="Tables to write, or all.  [default: list what there is]"),
    ] = None,
) -> None:
    """List the large tables of a finished run, or write some into its folder."""
    from sim.commands.decision_reasons import can_be_had, with_reasons
    from sim.commands.figures import ALL, DECISIONS, TABLES, check_names, list_tables
    from sim.commands.workflow import add_to_folder
    from sim.present.decisions import NoSuchError, check_decisions
    from sim.present.publish import tables_of
    from sim.present.redraw import add_tables
    from sim.results import ResultsError

    try:
        ds = _worlds_of(folder)
        there = [name for name in TABLES if name != DECISIONS or can_be_had(ds)]
        if not names:
            list_tables(folder, there)
            return
        if DECISIONS in names and DECISIONS not in there:
            check_decisions(ds)
        wanted = there if names == [ALL] else check_names(",".join(names), there, "NAME", "table")
        known = tables_of(with_reasons(ds, folder) if DECISIONS in wanted else ds)
    except (ResultsError, OSError) as error:
        fail(told(error, folder))
    except NoSuchError as error:
        fail(f"{folder}: {error}")
    chosen = {name: known[name] for name in wanted}
    add_to_folder(folder, "tables", len(chosen), lambda progress: add_tables(folder, chosen, progress))


def _worlds_of(folder: Path) -> xr.Dataset:
    """Return the data of a run that kept its worlds. Raises ResultsError if the folder holds none."""
    from sim.results import ResultsError
    from sim.results.opened import open_run

    ds = open_run(folder)
    if "headline" in ds:
        raise ResultsError(f"{folder}: only a summary of each world was kept; run again with --keep series")
    return ds


def _stored(folder: Path) -> tuple[xr.Dataset, Mapping[str, Draw]]:
    """Return the data of a folder and the figures that can be drawn of them. Raises ResultsError."""
    from sim.commands.run import figures_of
    from sim.results import ResultsError
    from sim.results.blocks import FOLDER
    from sim.results.opened import lacking, open_run
    from sim.results.store import load_study

    if (folder / RUN).is_file() or (folder / FOLDER).is_dir():
        ds = open_run(folder)
        if "headline" not in ds:
            return ds, figures_of(ds)
        from sim.present.overview import FIGURES as OF_A_SUMMARY

        return load_study(folder / SUMMARY), OF_A_SUMMARY
    if (folder / COMPARISON).is_file():
        from sim.studies.compare.figures import FIGURES as OF_A_COMPARISON

        return load_study(folder / COMPARISON), {**OF_A_COMPARISON, **_attribution(folder)}
    if not any(one.suffix == ".nc" and one.is_file() for one in (folder.iterdir() if folder.is_dir() else ())):
        raise ResultsError(lacking(folder))
    rule = f"it is no run and no comparison (no {RUN}, no {COMPARISON}); other studies draw all their figures at once"
    raise ResultsError(f"{folder}: {rule}")


def _attribution(folder: Path) -> Mapping[str, Draw]:
    """Return the figure of the attribution in the folder of a comparison, if it has one."""
    from sim.results.store import load_study

    if not (folder / ATTRIBUTION).is_file():
        return {}
    from sim.studies.compare.attribution_figure import figures_of

    return figures_of(load_study(folder / ATTRIBUTION))

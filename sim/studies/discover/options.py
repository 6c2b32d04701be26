"""Options of `sim discover`."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Figures, Keys, Months, ScenarioName, Seed, Sets, count, output


def discover(
    scenario: ScenarioName,
    *,
    where: Annotated[
        str, typer.Option(metavar="CONDITION", help="Such as 'rus_prk.practical > 0.6 and not tier3 >= 1'.  [required]")
    ] = "",
    keys: Keys = None,
    density: Annotated[
        float | None,
        typer.Option(
            help="Least share of the worlds in the box that meet the condition.  [default: the box of the best phi]"
        ),
    ] = None,
    worlds: Annotated[int, count("Number of worlds.")] = 2000,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/discover_NAME")] = None,
    figures: Figures = True,
) -> None:
    """Find the conditions under which an outcome comes about (PRIM)."""
    from sim.studies.discover.command import Request, search

    search(Request(scenario, where, keys or [], density, worlds), set_ or [], months, seed, out, figures)

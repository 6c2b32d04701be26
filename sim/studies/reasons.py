"""Options of the study that asks for reasons; it is loaded when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands import options
from sim.commands.options import Sets, count, frame, output


def explain(
    scenario: Annotated[
        str,
        typer.Argument(metavar="SCENARIO|DIR", help="Name (sim list) or path of a scenario, or the folder of a run."),
    ],
    *,
    ask: Annotated[
        str,
        typer.Option(
            metavar="QUESTION",
            help="technology, shells, oil, food, fuel, aid, railway, port, an act such as 'summit RUS PRK', a flow "
            "such as chn_prk.food, a shortage such as rus.shells, or a route.  [required]",
        ),
    ] = "",
    world: Annotated[
        str,
        typer.Option(
            metavar="median|N|CONDITION",
            help="The world: nearest the median path, its number, 'lowest shells', 'tier 3 passed', or a condition "
            "such as 'technology > 20'.",
        ),
    ] = "median",
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The month.  [default: where most happens; it says which]")
    ] = None,
    tier: Annotated[
        int | None, count("With technology: the tier, 1 to 4.  [default: the lowest kept back]", show_default=False)
    ] = None,
    worlds: options.Worlds = None,
    months: options.Months = None,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/explain_NAME_QUESTION")] = None,
    figures: options.Figures = True,
) -> None:
    """Say why something came about in one world: all its parts, in words and numbers.

    Example: sim explain sea_route --ask technology --tier 3
    """
    from sim.studies.explain.command import explain_one

    changes = frame(set_, worlds=worlds, months=months, seed=seed)
    explain_one(scenario, ask, world, month, tier, changes, out, figures)

"""What the commands that look for evidence can be asked: sensitivity and discover, as functions for Typer."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Months, Seed, Sets, whole


def sensitivity(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name (sim list) or path.")],
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="What to explain, such as technology or oil; may be given many times.  [default: rus_prk.practical]",
        ),
    ] = None,
    keys: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY",
            help="Only these parameters, or all whose names begin so; may be given many times.  [default: all]",
        ),
    ] = None,
    top: Annotated[int, typer.Option(parser=whole, metavar="INTEGER", help="Parameters that get indices.")] = 12,
    trajectories: Annotated[
        int, typer.Option(parser=whole, metavar="INTEGER", help="Trajectories of the screening.")
    ] = 24,
    samples: Annotated[
        int, typer.Option(parser=whole, metavar="INTEGER", help="Samples of the indices, a power of two.")
    ] = 512,
    others: Annotated[
        str, typer.Option(metavar="drawn|centre", help="What the other parameters do: vary, or stay at their centres.")
    ] = "drawn",
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the output.  [default: outputs/sensitivity_NAME]")
    ] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")] = True,
) -> None:
    """Which parameters move an outcome, and how much of it is chance? (Morris, Sobol)"""
    from sim.commands.sensitivity import Asked, explore

    asked = Asked(scenario, outcome or ["rus_prk.practical"], keys or [], trajectories, samples, top, others)
    explore(asked, set_ or [], months, seed, out, figures)


def discover(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name (sim list) or path.")],
    where: Annotated[
        str, typer.Option(metavar="CONDITION", help="Such as 'rus_prk.practical > 0.6 and not tier3 >= 1'.  [required]")
    ] = "",
    keys: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY",
            help="Only these parameters, or all whose names begin so; may be given many times.  [default: all]",
        ),
    ] = None,
    density: Annotated[
        float | None,
        typer.Option(
            help="Least share of the worlds in the box that meet the condition.  [default: what agrees best with it]"
        ),
    ] = None,
    worlds: Annotated[int, typer.Option(parser=whole, metavar="INTEGER", help="Number of worlds.")] = 2000,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the output.  [default: outputs/discover_NAME]")] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")] = True,
) -> None:
    """Under which conditions does something come about? (PRIM)"""
    from sim.commands.discover import Asked, search

    search(Asked(scenario, where, keys or [], density, worlds), set_ or [], months, seed, out, figures)

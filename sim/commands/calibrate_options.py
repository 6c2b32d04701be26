"""`sim calibrate` as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.history_options import TUNED_TO
from sim.commands.options import Seed, Sets, whole


def calibrate(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name (sim list) or path.")],
    observed: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Public figures, CSV.  [default: the shipped ones]")
    ] = None,
    until: Annotated[
        str, typer.Option(metavar="DATE", help="Last date of the figures used; later ones are for checking.")
    ] = TUNED_TO,
    worlds: Annotated[
        int, typer.Option(parser=whole, metavar="INTEGER", help="Number of worlds drawn from the ranges.")
    ] = 20_000,
    accept: Annotated[
        int, typer.Option(parser=whole, metavar="INTEGER", help="Number of vectors accepted, repetitions included.")
    ] = 1000,
    discrepancy: Annotated[
        float, typer.Option(help="The model's own error, as a share of the figures (standard deviation).")
    ] = 0.2,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the output.  [default: outputs/calibrate_NAME]")] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")] = True,
) -> None:
    """Which parameters agree with public figures? Keep their vectors, for sim run --calibrated."""
    from sim.commands.calibrate import calibrate_one

    calibrate_one(scenario, observed, until, worlds, accept, discrepancy, seed, set_ or [], out, figures)

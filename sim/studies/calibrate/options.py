"""Options of `sim calibrate`."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import TUNED_TO, Figures, ScenarioName, Seed, Sets, count, output


def calibrate(
    scenario: ScenarioName,
    *,
    observed: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Observations, CSV.  [default: the shipped ones]")
    ] = None,
    until: Annotated[
        str, typer.Option(metavar="DATE", help="Last date of the observations used; later ones are for checking.")
    ] = TUNED_TO,
    worlds: Annotated[int, count("Number of worlds drawn from the ranges.")] = 20_000,
    accept: Annotated[int, count("Number of vectors accepted, repetitions included.")] = 1000,
    discrepancy: Annotated[
        float, typer.Option(help="The model's own error, as a share of the observations (standard deviation).")
    ] = 0.2,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/calibrate_NAME")] = None,
    figures: Figures = True,
) -> None:
    """Find the parameters that agree with observations; keep their vectors for sim run --calibrated."""
    from sim.studies.calibrate.command import calibrate_one

    calibrate_one(
        scenario, observed, until, worlds, accept, discrepancy, seed=seed, sets=set_ or [], out=out, figures=figures
    )

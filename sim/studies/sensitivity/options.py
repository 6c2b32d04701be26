"""Options of `sim sensitivity`."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Figures, Keys, Months, ScenarioName, Seed, Sets, count, output


def sensitivity(
    scenario: ScenarioName,
    *,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="What to explain, such as technology or oil; repeatable.  [default: rus_prk.practical]",
        ),
    ] = None,
    keys: Keys = None,
    top: Annotated[int, count("Parameters that get indices.")] = 12,
    trajectories: Annotated[int, count("Trajectories of the screening.")] = 24,
    samples: Annotated[int, count("Samples of the indices, a power of two.")] = 512,
    others: Annotated[
        str,
        typer.Option(metavar="drawn|centre", help="Other parameters: drawn at random, or held at their centres."),
    ] = "drawn",
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/sensitivity_NAME")] = None,
    figures: Figures = True,
) -> None:
    """Find the parameters that move an outcome, and the share of chance (Morris, Sobol)."""
    from sim.studies.sensitivity.command import Request, explore

    asked = Request(scenario, outcome or ["rus_prk.practical"], keys or [], trajectories, samples, top, others)
    explore(asked, set_ or [], months, seed, out, figures)

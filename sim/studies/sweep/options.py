"""Options of `sim sweep`."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Figures, Months, ScenarioName, Seed, Sets, count, output


def sweep(
    scenario: ScenarioName,
    *,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=LOW:HIGH:STEPS", help="Vary a parameter in even steps; at most twice."),
    ] = None,
    outcome: Annotated[str, typer.Option(help="What to show, such as practical, technology, oil, gain, tier3.")] = (
        "shells_delivered"
    ),
    worlds: Annotated[int, count("Number of worlds at each point.")] = 64,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/sweep_NAME_KEY...")] = None,
    figures: Figures = True,
) -> None:
    """Vary one or two parameters: find where they stop mattering, and where they turn."""
    from sim.studies.sweep.axes import load_varied

    loaded, axes = load_varied(scenario, vary or [], set_ or [], worlds, months, seed)
    from sim.studies.sweep.command import sweep_grid

    sweep_grid(loaded, axes, outcome, out, figures)

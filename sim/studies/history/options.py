"""Options of `sim history`."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import TUNED_TO, Calibrated, Figures, ScenarioName, Seed, Sets, Worlds, output


def history(
    scenario: ScenarioName,
    *,
    observed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Observations: series, date, low, central, high, unit, source.  [default: shipped, to June 2024]",
        ),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Score observations from this day on (YYYY-MM-DD).")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Score observations to this day.")] = None,
    tuned_to: Annotated[
        str,
        typer.Option(metavar="DATE", help="End of the early part that baselines are fitted to; the rest is the test."),
    ] = TUNED_TO,
    worlds: Worlds = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/history_NAME")] = None,
    figures: Figures = True,
    calibrated: Calibrated = None,
) -> None:
    """Compare an ensemble with observations and with naive baselines, and show where the model fails."""
    from sim.studies.history.command import compare_with_history, drawn_from, load_history

    asked = load_history(scenario, observed, (first, last, tuned_to), set_ or [], worlds, seed)
    compare_with_history(drawn_from(asked, calibrated), out, figures)

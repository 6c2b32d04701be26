"""The options of `sim history`; what it does is loaded when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Seed, Sets, Worlds

TUNED_TO = "2023-12-31"


def history(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name (sim list) or path.")],
    observed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Figures: series, date, low, central, high, unit, source.  [default: the shipped ones, to June 2024]",
        ),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Score figures from this day on (YYYY-MM-DD).")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Score figures to this day.")] = None,
    tuned_to: Annotated[
        str,
        typer.Option(metavar="DATE", help="End of the early part: what rivals are fitted to; the rest is the test."),
    ] = TUNED_TO,
    worlds: Worlds = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the output.  [default: outputs/history_NAME]")] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")] = True,
    calibrated: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw worlds from the set that sim calibrate has left.")
    ] = None,
) -> None:
    """Compare an ensemble with observed figures and with naive rivals: where does the model fail?"""
    from sim.commands.history import compare_with_history, drawn_from, load_history

    asked = load_history(scenario, observed, (first, last, tuned_to), set_ or [], worlds, seed)
    compare_with_history(drawn_from(asked, calibrated), out, figures)

"""Options of the study that explains one world; it is loaded when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands import options
from sim.commands.options import Sets, count, frame, output
from sim.texts.spoken import speaking

Question = Annotated[
    str,
    typer.Option(
        metavar="QUESTION",
        help="technology, shells, oil, food, fuel, aid, railway, port, an act such as 'summit RUS PRK', a flow "
        "such as chn_prk.food, a shortage such as rus.shells, or a route.  [required]",
    ),
]
Where = Annotated[
    str,
    typer.Option(
        metavar="median|N|CONDITION",
        help="The world: nearest the median path, its number, 'lowest shells', 'tier 3 passed', or a condition "
        "such as 'technology > 20'.",
    ),
]


def explain(
    scenario: Annotated[
        str,
        typer.Argument(metavar="SCENARIO|DIR", help="Name (sim list) or path of a scenario, or the folder of a run."),
    ],
    *,
    ask: Question = "",
    world: Where = "median",
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The month.  [default: where most happens; it says which]")
    ] = None,
    tier: Annotated[
        int | None, count("With technology: the tier, 1 to 4.  [default: the lowest kept back]", show_default=False)
    ] = None,
    counterfactual: Annotated[
        bool, typer.Option("--counterfactual", help="Also find the smallest change of one lever that turns it.")
    ] = False,
    turn: Annotated[
        str | None,
        typer.Option(metavar="CONDITION", help="What to turn instead, such as 'shells_delivered > 5' (and search)."),
    ] = None,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY[=LOW:HIGH]", help="Move this parameter (and search); repeatable.  [default: a list for all]"
        ),
    ] = None,
    worlds: options.Worlds = None,
    months: options.Months = None,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/explain_NAME_QUESTION")] = None,
    figures: options.Figures = "all",
    no_figures: options.NoFigures = False,
    calibrated: options.Calibrated = None,
    language: options.Language = "en",
) -> None:
    """Say why something came about in one world: all its parts, in words and numbers."""
    from sim.commands.first import load_model

    load_model(agents=True)
    from sim.studies.explain.command import Request, explain_one

    wanted = Request(ask, world, month, tier, counterfactual, turn, lever or [], calibrated)
    given = frame(set_, worlds=worlds, months=months, seed=seed)
    with speaking(language):
        explain_one(scenario, wanted, given, out, options.drawn(figures, no_figures))

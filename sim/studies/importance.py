"""Options of the studies that say what matters, and what is worth learning; each loads its study when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands import options
from sim.commands.options import ScenarioName, Sets, count, frame, output
from sim.texts.spoken import speaking

Aim = Annotated[
    str | None, typer.Option(metavar="OUTCOME", help="With --levers: the outcome by which policies are chosen.")
]


def information(
    scenario: ScenarioName,
    *,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="What to know better, such as technology or oil; repeatable.  [default: rus_prk.practical]",
        ),
    ] = None,
    keys: options.Keys = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY",
            help="Learn all parameters of this beginning together, such as war; repeatable.  [default: by first part]",
        ),
    ] = None,
    levers: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Value to a choice among policies: a shipped lever file or a path."),
    ] = None,
    minimise: Aim = None,
    maximise: Aim = None,
    worlds: Annotated[int, count("Number of worlds.")] = 4096,
    months: options.Months = None,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/information_NAME")] = None,
    figures: options.Figures = "all",
    no_figures: options.NoFigures = False,
    calibrated: options.Calibrated = None,
    language: options.Language = "en",
) -> None:
    """Rank the unknowns by what learning them is worth, to know an outcome or to choose a policy."""
    from sim.studies.information.command import value
    from sim.studies.information.options import Request

    asked = Request(outcome or [], keys or [], group or [], levers, minimise, maximise, calibrated)
    changes = frame(set_, worlds=worlds, months=months, seed=seed)
    with speaking(language):
        value(scenario, changes, asked, out, options.drawn(figures, no_figures))


def influence(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Names (sim list) or paths.")],
    *,
    outcome: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="What may be moved; repeatable.  [default: nineteen headline outcomes]"),
    ] = None,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=LOW:HIGH", help="Move this parameter from end to end; repeatable.  [default: a list for all]"
        ),
    ] = None,
    worlds: Annotated[int, count("Number of worlds of each run.")] = 64,
    months: options.Months = None,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/influence_NAME...")] = None,
    figures: options.Figures = "all",
    no_figures: options.NoFigures = False,
    calibrated: options.Calibrated = None,
    language: options.Language = "en",
) -> None:
    """Find who and what matters: each country removed, each silent, each lever moved over its range."""
    from sim.studies.influence.command import explore

    changes = frame(set_, worlds=worlds, months=months, seed=seed)
    with speaking(language):
        explore(scenarios, changes, outcome or [], lever or [], calibrated, out, options.drawn(figures, no_figures))

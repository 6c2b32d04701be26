"""Options of `sim policy`."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Figures, Months, ScenarioName, Seed, Sets, count, output

FIRST = "sim.policy.first"


def _note_first(ctx: typer.Context, param: typer.CallbackParam, value: list[str] | None) -> list[str] | None:
    """Record which of --minimise and --maximise the user gave first."""
    if value:
        ctx.meta.setdefault(FIRST, param.name)
    return value


Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        metavar="OUTCOME",
        callback=_note_first,
        help="Outcome such as technology, kor.threat, rus_prk.practical; repeatable, the first decides.",
    ),
]


def policy(
    ctx: typer.Context,
    scenario: ScenarioName,
    *,
    levers: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="What stakeholders could do: a shipped name or a path.  [required]"),
    ] = None,
    minimise: Outcomes = None,
    maximise: Outcomes = None,
    at_most: Annotated[
        float | None,
        typer.Option(
            metavar="VALUE",
            help="Good enough: the first outcome to minimise is at most this.  [default: median of the reference]",
        ),
    ] = None,
    at_least: Annotated[
        float | None,
        typer.Option(
            metavar="VALUE",
            help="Good enough: the first outcome to maximise is at least this.  [default: median of the reference]",
        ),
    ] = None,
    worlds: Annotated[int, count("Number of worlds.")] = 256,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/policy_NAME_FILE")] = None,
    figures: Figures = True,
) -> None:
    """Compare policies over the same uncertain worlds: regret, the robust choice, what it costs whom."""
    from sim.studies.policy.objectives import Aim, load_study

    asked = {"minimise": minimise or [], "maximise": maximise or []}
    order = sorted(asked, key=lambda way: way != ctx.meta.get(FIRST))
    wanted = [Aim(way, name) for way in order for name in asked[way]]
    study = load_study(scenario, levers, wanted, (at_most, at_least), set_ or [], worlds, months, seed)
    from sim.studies.policy.command import study_policies

    study_policies(study, wanted, at_most if at_most is not None else at_least, out, figures)

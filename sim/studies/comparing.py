"""Options of `sim compare`, which loads its study when it is called."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sim.commands import options
from sim.commands.effect import asked_figures
from sim.commands.options import Sets, frame, output
from sim.texts.spoken import speaking

Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME", help="Also show this outcome, such as kor.threat or rus_prk.trust@2024-06; repeatable."
    ),
]
Groups = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEY,...", help="With --attribute: make these changes, or all below, one; repeatable: routes, war"
    ),
]


def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO SCENARIO...",
            help="The first is the reference. NAME+KEY=VALUE+FILE.toml changes one; the folder of a run is one, too.",
        ),
    ],
    *,
    worlds: options.Worlds = None,
    months: options.Months = None,
    seed: options.Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/compare_NAME_NAME...")] = None,
    outcome: Outcomes = None,
    attribute: Annotated[
        bool, typer.Option("--attribute", help="Split the difference of two scenarios among all in which they differ.")
    ] = False,
    group: Groups = None,
    figures: options.Drawn = "few",
    no_figures: options.NoFigures = False,
    store: options.Store = None,
    processes: options.Processes = None,
    on: options.On = "",
    calibrated: options.Calibrated = None,
    language: options.Language = "en",
) -> None:
    """Compare scenarios world by world: differences, who gains, who loses."""
    from sim.commands.backend import checked_backend
    from sim.commands.loading import load_pairable, no_faults

    backend, drawn = checked_backend(on, processes, store), asked_figures(figures, no_figures)
    changes = frame(set_, worlds=worlds, months=months, seed=seed)
    also = no_faults
    if attribute or group:
        from sim.studies.compare.options import faults  # loads NumPy

        also = partial(faults, named=group or [], wanted=attribute, operands=len(scenarios))
    loaded = load_pairable(scenarios, changes, calibrated, outcome or [], also=also)
    from sim.commands.first import load_model

    load_model()
    from sim.commands.naming import compared_outcomes
    from sim.studies.compare.command import (
        Request,
        compare_all,
        few_worlds,
        finished_runs,
    )
    from sim.studies.compare.options import groups_of

    asked = compared_outcomes(outcome or [], loaded[0], [])
    groups = groups_of(loaded, group or []) if attribute else ()
    loaded = few_worlds(loaded) if attribute and worlds is None else loaded
    request = Request(tuple(asked), drawn, finished_runs(scenarios, loaded), groups)
    with speaking(language):
        compare_all(loaded, request, out, backend)

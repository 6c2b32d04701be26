"""The commands that run worlds: run, compare, sweep, replay."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import (
    AUTO,
    Figures,
    Months,
    MostWorlds,
    On,
    Outcomes,
    Precision,
    Processes,
    Seed,
    Sets,
    Store,
    Worlds,
    WorldsOrAuto,
    whole,
)


def run(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Names (sim list) or paths.")],
    worlds: WorldsOrAuto = None,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the output; of several scenarios, each gets a folder in it.  [default: outputs/NAME]"
        ),
    ] = None,
    figures: Figures = True,
    keep: Annotated[
        str,
        typer.Option(
            metavar="everything|series|summary",
            help="What is kept of each world.  [default: everything up to 2,000 worlds, series up to 20,000]",
        ),
    ] = "",
    calibrated: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw worlds from the set that sim calibrate has left.")
    ] = None,
    store: Store = None,
    processes: Processes = None,
    on: On = "",
    outcome: Outcomes = None,
    precision: Precision = None,
    most_worlds: MostWorlds = None,
) -> None:
    """Run scenarios and write data, tables, summary and figures."""
    from sim.commands.choose import draw_from, load_all
    from sim.commands.means import check_auto, checked_keep, checked_means

    means = checked_means(on, processes, store)
    level = checked_keep(keep)
    auto = worlds is AUTO
    check_auto(auto, outcome, precision, most_worlds)
    loaded = draw_from(calibrated, load_all(scenarios, set_ or [], None if auto else worlds, months, seed))

    # The numerical libraries are loaded only once the user's input is known to be right.
    from sim.commands.runs import run_all

    wanted = None
    if auto:
        from sim.commands.auto import checked_wanted

        wanted = checked_wanted(outcome or [], precision, most_worlds)
    run_all(loaded, out, figures, means, level, wanted)


def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO SCENARIO...", help="The first is the reference.")],
    worlds: Worlds = None,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the output.  [default: outputs/compare_NAME_NAME...]")
    ] = None,
    figures: Figures = True,
    store: Store = None,
    processes: Processes = None,
    on: On = "",
) -> None:
    """Compare scenarios world by world: differences, who gains, who loses."""
    from sim.commands.means import checked_means
    from sim.commands.pairing import load_pairable

    means = checked_means(on, processes, store)
    loaded = load_pairable(scenarios, set_ or [], worlds, months, seed)
    from sim.commands.compare import compare_all

    compare_all(loaded, out, figures, means)


def sweep(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name (sim list) or path.")],
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=LOW:HIGH:STEPS", help="Vary a parameter in even steps; may be given twice."),
    ] = None,
    outcome: Annotated[str, typer.Option(help="What to show, such as practical, technology, oil, gain, tier3.")] = (
        "shells_delivered"
    ),
    worlds: Annotated[int, typer.Option(parser=whole, metavar="INTEGER", help="Number of worlds at each point.")] = 64,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the output.  [default: outputs/sweep_NAME_KEY...]")
    ] = None,
    figures: Figures = True,
) -> None:
    """Vary one or two parameters: where do they stop mattering, where do they turn?"""
    from sim.commands.vary import load_varied

    loaded, axes = load_varied(scenario, vary or [], set_ or [], worlds, months, seed)
    from sim.commands.sweep import sweep_grid

    sweep_grid(loaded, axes, outcome, out, figures)


def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run, such as outputs/article.")],
) -> None:
    """Run again what a folder holds, and compare the data."""
    from sim.commands.replaying import replay_one

    replay_one(folder)

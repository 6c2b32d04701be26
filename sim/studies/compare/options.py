"""Options of `sim compare`."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import Figures, Months, On, Processes, Seed, Sets, Store, Worlds, output


def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO SCENARIO...", help="The first is the reference.")],
    *,
    worlds: Worlds = None,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[Path | None, output("outputs/compare_NAME_NAME...")] = None,
    figures: Figures = True,
    store: Store = None,
    processes: Processes = None,
    on: On = "",
) -> None:
    """Compare scenarios world by world: differences, who gains, who loses."""
    from sim.commands.backend import checked_backend
    from sim.commands.loading import load_pairable

    backend = checked_backend(on, processes, store)
    loaded = load_pairable(scenarios, set_ or [], worlds, months, seed)
    from sim.studies.compare.command import compare_all

    compare_all(loaded, out, figures, backend)

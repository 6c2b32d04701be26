"""`sim run`: check everything, then run, write and print each scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr
from rich.table import Table

from sim.analysis.levels import SERIES_LEVEL
from sim.analysis.overview import overview
from sim.analysis.theories import followers
from sim.commands.auto import Target, enough_worlds
from sim.commands.backend import Backend
from sim.commands.effect import without_effect
from sim.commands.ensembles import AT_ONCE, STORE, check_apart, gather, in_store, kept
from sim.commands.figures import ALL, FEW, NONE, check_names, selected
from sim.commands.first import load_beside
from sim.commands.preflight import check_folder, check_memory, disk_bytes, older_run
from sim.commands.terminal import fail, mention, say, show
from sim.commands.workflow import OUTPUTS, folder_name, plain_errors, write_folder
from sim.present.atomic import OutputError
from sim.present.publish import Content, Draw, failed_file, run_files
from sim.present.tables import terminal_table
from sim.results.blocks import FOLDER, link_blocks
from sim.results.digest import SHOWN, digest
from sim.results.keep import Keep
from sim.scenario import Scenario
from sim.signals import deferred_interrupts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEW_OF_A_RUN = ("cooperation", "logistics", "scoreboard")
"""Figures that are drawn unless others are asked for: how far the two come, what binds, who gains and who loses."""


def run_all(
    scenarios: Sequence[Scenario],
    out: Path | None,
    figures: str,
    backend: Backend,
    keep: str = "",
    target: Target | None = None,
    with_tables: bool = False,
) -> None:
    """Run scenarios one after the other, each into its folder; exit before the first run if a folder fails its checks.

    With `target` the number of worlds is found first.
    """
    single = out is not None and len(scenarios) == 1
    folders = [out if out and single else (out or OUTPUTS) / _name(scenario) for scenario in scenarios]
    _check_figures(scenarios, keep, figures)
    with deferred_interrupts() as check:
        try:
            for scenario, folder in zip(scenarios, folders, strict=True):
                level = kept(keep, scenario.worlds, with_tables=with_tables)
                if level.reduce is not None and not target:
                    without_effect(f"{scenario.name}: only a summary of each world is kept", "--tables")
                elif with_tables and level.name == SERIES_LEVEL.name:
                    mention("series_alone", folder=folder)
                if not in_store(scenario, level, backend):
                    check_memory(scenario)
                used = bool(target) or level.reduce is not None or in_store(scenario, level, backend)
                check_apart(folder, used, backend)
                check_folder(folder, disk_bytes(scenario, level))
                before, settings = older_run(folder)
                if before and (before != scenario.name or settings != scenario.hash):
                    mention("replaced_settings" if before == scenario.name else "replaced", folder=folder, title=before)
        except OutputError as error:
            fail(str(error))
        if figures != NONE:
            load_beside("sim.present.figures")
        for scenario, folder in zip(scenarios, folders, strict=True):
            more: Mapping[str, Content] = {}
            if target:
                with plain_errors(scenario.name):
                    scenario, more = enough_worlds(scenario, target, backend, check)
            level = kept(keep, scenario.worlds, with_tables=with_tables)
            run_one(scenario, folder, (figures, with_tables), level, backend, more, check)


def _name(scenario: Scenario) -> str:
    """Return the name of a run's folder: one drawn from a calibrated set never replaces the one drawn from ranges."""
    return folder_name(scenario.name, *["calibrated"] * bool(scenario.calibrated))


def run_one(
    scenario: Scenario,
    folder: Path,
    wanted: tuple[str, bool],
    level: Keep,
    backend: Backend,
    more: Mapping[str, Content],
    check: Callable[[], None],
) -> None:
    """Run one scenario, write its folder with `more` files, print its table.

    `wanted` are its figures, and whether the large tables are written now.
    """
    figures, with_tables = wanted
    if level.reduce is not None:
        backend = replace(backend, store=backend.store or STORE)  # what was kept of each world stays in the folder
    with plain_errors(scenario.name):
        ds, ensemble = gather(scenario, level, backend, check)
        blocks: Sequence[Path] = ()
        if ensemble and (level.reduce or scenario.worlds > AT_ONCE[level.name]):
            ds, blocks = ds.assign_attrs(kept=level.name), ensemble.paths
        else:
            ds = ds.load()
        if level.reduce is None:
            result = _of_worlds(ds, run_files(ds, blocks, tables=with_tables), figures)
        else:
            result = _of_summary(scenario, ds, blocks, figures)
        shown, files, drawn, table = result
        label, everything = f"{scenario.name}: tables and figures", {**files, **more}
        written = write_folder(shown, folder, everything, drawn, check, label, vector=figures != FEW)
    show(table)
    if level.reduce is None:
        say(f"digest {digest(ds)[:SHOWN]}")
    say(f"{written} files in {folder}")
    check()


Result = tuple[xr.Dataset, Mapping[str, Content], Mapping[str, Draw], Table]
"""Data, files and figures of a run, and its table for the terminal."""


def _check_figures(scenarios: Sequence[Scenario], keep: str, figures: str) -> None:
    """Exit if a figure that was asked for by name is none of a run; loads matplotlib only then."""
    if figures in (FEW, ALL, NONE):
        return
    from sim.present.figures import FIGURES, ROOM
    from sim.present.overview import FIGURES as OF_A_SUMMARY

    for scenario in scenarios:
        check_names(figures, OF_A_SUMMARY if kept(keep, scenario.worlds).reduce else {**FIGURES, **ROOM})


def _of_worlds(ds: xr.Dataset, files: Mapping[str, Content], figures: str) -> Result:
    """Return the result of a run that kept the series of every world."""
    if figures == FEW:  # matplotlib is loaded while the data are being written
        drawn: Mapping[str, Draw] = {name: partial(_draw, name) for name in FEW_OF_A_RUN}
    else:
        drawn = {} if figures == NONE else selected(figures_of(ds), FEW_OF_A_RUN, figures)
    return ds, files, drawn, terminal_table(ds)


def _draw(name: str, ds: xr.Dataset) -> Figure:
    return figures_of(ds)[name](ds)


def figures_of(ds: xr.Dataset) -> Mapping[str, Draw]:
    """Return the figures that show something: rival theories only where worlds follow several."""
    from sim.present.figures import FIGURES, ROOM  # loads matplotlib

    return {name: draw for name, draw in {**FIGURES, **ROOM}.items() if name != "theories" or followers(ds)}


def _of_summary(scenario: Scenario, ds: xr.Dataset, blocks: Sequence[Path], figures: str) -> Result:
    """Return the result of a run that kept a summary: an overview, with the blocks of worlds."""
    from sim.present import overview as pages  # loads matplotlib

    seen = overview(scenario, ds)
    files: dict[str, Content] = {
        "outcomes.nc": seen,
        "outcomes.csv": pages.outcomes(seen),
        "series.csv": pages.over_time(seen),
        "summary.md": pages.summary(seen),
        FOLDER: partial(link_blocks, ds, blocks),
        **failed_file(ds),
    }
    return seen, files, selected(pages.FIGURES, tuple(pages.FIGURES), figures), pages.terminal_table(seen)

"""What `sim run` does: check everything first, then run, write and tell."""

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import typer
import xarray as xr
from rich.table import Table

from sim.analysis.overview import overview
from sim.commands.auto import Wanted, enough_worlds
from sim.commands.ensembles import AT_ONCE, STORE, check_apart, gather, in_store, kept
from sim.commands.interrupt import held_interrupts
from sim.commands.means import Means
from sim.commands.room import check_folder, check_memory, disk_bytes, older_run
from sim.commands.study import told_plainly
from sim.commands.terminal import fail, progress_bar, show, tell
from sim.present.folder import OutputError
from sim.present.outputs import Extra, write_outputs
from sim.present.spreadsheets import write_failed
from sim.present.tables import terminal_table
from sim.results.blocks import FOLDER, link_blocks
from sim.results.failed import failures
from sim.results.keep import Keep
from sim.scenario import Scenario

OUTPUTS = Path("outputs")
EXPECTED_FILES = 24
"""Files of a run with its figures, for the progress bar only."""


def run_all(
    scenarios: Sequence[Scenario],
    out: Path | None,
    figures: bool,
    means: Means,
    keep: str = "",
    wanted: Wanted | None = None,
) -> None:
    """Run scenarios one after the other, each into its folder; the first folder in doubt stops all of them.

    With `wanted` the number of worlds is found first.
    """
    single = out is not None and len(scenarios) == 1
    folders = [out if out and single else (out or OUTPUTS) / scenario.name for scenario in scenarios]
    with held_interrupts() as check:
        try:
            for scenario, folder in zip(scenarios, folders, strict=True):
                level = kept(keep, scenario.worlds)
                if not in_store(scenario, level, means):
                    check_memory(scenario)
                used = bool(wanted) or level.reduce is not None or in_store(scenario, level, means)
                check_apart(folder, used, means)
                check_folder(folder, disk_bytes(scenario, level))
                before, settings = older_run(folder)
                if before and (before != scenario.name or settings != scenario.hash):
                    other = " with other settings" if before == scenario.name else ""
                    tell(f"{folder}: an older run of {before}{other} will be replaced")
        except OutputError as error:
            fail(str(error))
        for scenario, folder in zip(scenarios, folders, strict=True):
            more: dict[str, Extra] = {}
            if wanted:
                with told_plainly(scenario.name):
                    scenario, more = enough_worlds(scenario, wanted, means, check)
            run_one(scenario, folder, figures, kept(keep, scenario.worlds), means, more, check)


def run_one(
    scenario: Scenario,
    folder: Path,
    figures: bool,
    level: Keep,
    means: Means,
    more: Mapping[str, Extra],
    check: Callable[[], None],
) -> None:
    """Run one scenario, write its folder (with `more` files), print its table."""
    command = shlex.join(["sim", *sys.argv[1:]])
    if level.reduce is not None:
        means = replace(means, store=means.store or STORE)  # what was kept of each world stays in the folder
    with told_plainly(scenario.name):
        ds, ensemble = gather(scenario, level, means, check)
        done = count(1)
        with progress_bar(f"{scenario.name}: tables and figures", check) as advance:

            def tick(_: str) -> None:
                advance(next(done), EXPECTED_FILES)

            blocks: Sequence[Path] = ()
            if ensemble and (level.reduce or scenario.worlds > AT_ONCE[level.name]):
                ds, blocks = ds.assign_attrs(kept=level.name), ensemble.paths
            else:
                ds = ds.load()
            if level.reduce is None:
                files = write_outputs(ds, folder, figures, tick, command, blocks, more)
                table = terminal_table(ds)
            else:
                seen, whole = overview(scenario, ds), {**_kept_files(ds, blocks), **more}
                files, table = _write_overview(seen, folder, figures, tick, command, whole)
    show(table)
    typer.echo(f"{len(files)} files in {folder}")
    check()


def _kept_files(ds: xr.Dataset, blocks: Sequence[Path]) -> dict[str, Extra]:
    """What the folder of an overview holds of its worlds: the blocks, and those set aside."""
    lost: dict[str, Extra] = {"failed.csv": partial(write_failed, ds)} if failures(ds) else {}
    return {FOLDER: partial(link_blocks, ds, blocks), **lost}


def _write_overview(
    seen: xr.Dataset, folder: Path, figures: bool, tick: Callable[[str], None], command: str, more: Mapping[str, Extra]
) -> tuple[list[Path], Table]:
    """A run of which a summary was kept: the folder of an overview."""
    from sim.present import overview as pages  # loads matplotlib
    from sim.present.publish import publish, write_netcdf

    writers = {
        "outcomes.nc": write_netcdf,
        "outcomes.csv": pages.write_outcomes,
        "series.csv": pages.write_over_time,
        "summary.md": pages.write_summary,
    }
    files = publish(seen, folder, writers, pages.FIGURES if figures else {}, command, tick, more)
    return files, pages.terminal_table(seen)

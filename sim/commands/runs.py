"""What `sim run` and `sim replay` do: check everything first, then run, write and tell."""

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

from sim.analysis.levels import LEVELS
from sim.analysis.overview import overview
from sim.commands.auto import Wanted, enough_worlds
from sim.commands.ensembles import AT_ONCE, STORE, gather, in_store, kept
from sim.commands.interrupt import held_interrupts
from sim.commands.means import Means
from sim.commands.room import check_folder, check_memory, disk_bytes, older_run
from sim.commands.study import told_plainly
from sim.commands.terminal import DIFFERENT, fail, progress_bar, show, tell
from sim.experiment.replay import replay
from sim.present.folder import MANIFEST, OutputError, altered, recorded
from sim.present.outputs import Extra, write_outputs
from sim.present.spreadsheets import write_failed
from sim.present.tables import terminal_table
from sim.results import ResultsError
from sim.results.blocks import FOLDER, link_blocks
from sim.results.failed import failures
from sim.results.keep import Keep
from sim.scenario import Scenario, ScenarioError

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

            if ensemble is None or (level.reduce is None and scenario.worlds <= AT_ONCE[level.name]):
                files, table = write_outputs(ds.load(), folder, figures, tick, command, more=more), terminal_table(ds)
            else:
                ds = ds.assign_attrs(kept=level.name)
                write = _write_overview if level.reduce else _write_blocks
                files, table = write(scenario, ds, ensemble.paths, folder, figures, tick, command, more)
    show(table)
    typer.echo(f"{len(files)} files in {folder}")
    check()


def _write_blocks(
    scenario: Scenario,
    ds: xr.Dataset,
    blocks: Sequence[Path],
    folder: Path,
    figures: bool,
    tick: Callable[[str], None],
    command: str,
    more: Mapping[str, Extra],
) -> tuple[list[Path], Table]:
    """A run whose series are in blocks: the usual folder."""
    return write_outputs(ds, folder, figures, tick, command, blocks, more), terminal_table(ds)


def _write_overview(
    scenario: Scenario,
    ds: xr.Dataset,
    blocks: Sequence[Path],
    folder: Path,
    figures: bool,
    tick: Callable[[str], None],
    command: str,
    more: Mapping[str, Extra],
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
    seen = overview(scenario, ds)
    lost = {"failed.csv": partial(write_failed, ds)} if failures(ds) else {}
    more = {FOLDER: partial(link_blocks, ds, blocks), **lost, **more}
    files = publish(seen, folder, writers, pages.FIGURES if figures else {}, command, tick, more)
    return files, pages.terminal_table(seen)


def replay_one(folder: Path) -> None:
    """Run again what a folder holds; the exit code says whether the data are the same."""
    try:
        altered_files = _altered(folder)
        with held_interrupts() as check, progress_bar(f"{folder}: running again", check) as advance:
            again = replay(folder, LEVELS, advance)
    except (ScenarioError, ResultsError, OSError) as error:
        fail(str(error))
    for library, (then, now) in again.versions.items():
        typer.echo(f"{library}: {then} when it was run, {now} now")
    if again.same and not altered_files:
        typer.echo(f"{folder}: the same data")
        return
    for fault in (*altered_files, *again.faults):
        typer.echo(f"{folder}: not the same: {fault}")
    if again.differing:
        typer.echo(f"{folder}: other data in {', '.join(again.differing)}")
    elif not again.faults:
        typer.echo(f"{folder}: the data of results.nc are the same, the folder is not")
    raise typer.Exit(DIFFERENT)


def _altered(folder: Path) -> list[str]:
    """What is no longer as the run left it in a folder of results; nothing for a single file."""
    if not (folder / "results.nc").is_file():
        return []
    own = recorded(folder)
    if own is None:
        return [f"{MANIFEST} is missing or damaged"]
    return [f"{name} {'was changed' if (folder / name).exists() else 'is missing'}" for name in altered(folder, own)]

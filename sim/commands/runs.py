"""What `sim run` and `sim replay` do: check everything first, then run, write and tell."""

import shlex
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import typer

from sim.commands.interrupt import held_interrupts
from sim.commands.room import check_folder, check_memory, disk_bytes, older_run
from sim.commands.terminal import DIFFERENT, counted, fail, progress_bar, show, tell
from sim.experiment.replay import replay
from sim.experiment.run import run
from sim.present.outputs import MANIFEST, OutputError, altered, recorded, write_outputs
from sim.present.tables import terminal_table
from sim.results import ResultsError
from sim.scenario import Scenario, ScenarioError

OUTPUTS = Path("outputs")
EXPECTED_FILES = 24
"""Files of a run with its figures, for the progress bar only."""


def run_all(scenarios: Sequence[Scenario], out: Path | None, figures: bool) -> None:
    """Run scenarios one after the other, each into its folder; the first folder in doubt stops all of them."""
    single = out is not None and len(scenarios) == 1
    folders = [out if out and single else (out or OUTPUTS) / scenario.name for scenario in scenarios]
    with held_interrupts() as check:
        try:
            for scenario, folder in zip(scenarios, folders, strict=True):
                check_memory(scenario)
                check_folder(folder, disk_bytes(scenarios))
                before, settings = older_run(folder)
                if before and (before != scenario.name or settings != scenario.hash):
                    other = " with other settings" if before == scenario.name else ""
                    tell(f"{folder}: an older run of {before}{other} will be replaced")
        except OutputError as error:
            fail(str(error))
        for scenario, folder in zip(scenarios, folders, strict=True):
            _run_one(scenario, folder, figures, check)


def _run_one(scenario: Scenario, folder: Path, figures: bool, check: Callable[[], None]) -> None:
    """Run one scenario, write its folder, print its table."""
    command = shlex.join(["sim", *sys.argv[1:]])
    try:
        with progress_bar(f"{scenario.name}: {scenario.worlds:,} worlds", check) as advance:
            data = run(scenario, advance)
        with progress_bar(f"{scenario.name}: tables and figures", check) as advance:
            done = count(1)
            files = write_outputs(data, folder, figures, lambda _: advance(next(done), EXPECTED_FILES), command)
    except FloatingPointError as error:
        fail(f"{scenario.name}: a number is not finite: {error}", DIFFERENT)
    except MemoryError:
        size = f"{counted(scenario.worlds, 'world')} of {counted(scenario.months, 'month')}"
        fail(f"{scenario.name}: not enough memory for {size}")
    except OSError as error:
        fail(str(error))
    show(terminal_table(data))
    typer.echo(f"{len(files)} files in {folder}")
    check()


def replay_one(folder: Path) -> None:
    """Run again what a folder holds; the exit code says whether the data are the same."""
    try:
        altered_files = _altered(folder)
        with held_interrupts() as check, progress_bar(f"{folder}: running again", check) as advance:
            again = replay(folder, advance)
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

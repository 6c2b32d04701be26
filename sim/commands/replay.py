"""`sim replay`: check the files of a run's folder, run it again, compare the data."""

from pathlib import Path

import typer

from sim.analysis.levels import DETAIL
from sim.commands.terminal import DIFFERENT, USER_MISTAKE, fail, progress_bar, say
from sim.experiment.replay import replay
from sim.present.atomic import MANIFEST, altered, is_edited, recorded
from sim.results import ResultsError
from sim.results.blocks import FOLDER
from sim.results.netcdf import IN_USE, in_use
from sim.scenario import ScenarioError
from sim.scenario.problems import counted
from sim.signals import deferred_interrupts

DATA = "results.nc"


def replay_one(folder: Path) -> None:
    """Run a folder's scenario again; exit with DIFFERENT if files or data differ."""
    touched: list[str] = []
    try:
        touched = _touched(folder)
        for fault in touched:
            say(f"{folder}: differs: {fault}")
        with deferred_interrupts() as check, progress_bar(f"{folder}: running again", check) as advance:
            again = replay(folder, DETAIL, advance)
    except (ScenarioError, ResultsError, OSError) as error:
        fail(str(error), DIFFERENT if touched else USER_MISTAKE)
    for library, (then, now) in again.versions.items():
        say(f"{library}: {then} in the run, {now} now")
    failed = f"; {counted(again.failed, 'world')} failed both times" if again.failed else ""
    if again.same and not touched:
        say(f"{folder}: the data are the same{failed}")
        return
    for fault in again.faults:
        say(f"{folder}: differs: {fault}")
    if again.differing:
        say(f"{folder}: data differ in {', '.join(again.differing)}")
    elif again.same:
        say(f"{folder}: the data are the same{failed}, but the folder was changed")
    raise typer.Exit(DIFFERENT)


def _state(altered_file: Path) -> str:
    """Return what is the matter with a file that is not as it was written; HDF5 marks one that is being written."""
    if not altered_file.exists():
        return "is missing"
    return IN_USE if in_use(altered_file) else "was changed"


def _touched(folder: Path) -> list[str]:
    """Return what changed in the folder of a run since it was written; empty for a single file or a foreign folder."""
    own = recorded(folder)
    if own is None:
        is_run = (folder / DATA).is_file() or (folder / FOLDER).is_dir()
        return [f"{MANIFEST} is missing or damaged"] if is_run else []
    if DATA not in own and not any(name.startswith(f"{FOLDER}/") for name in own):
        return []
    touched = [f"{name} {_state(folder / name)}" for name in altered(folder, own)]
    return [*touched, f"{MANIFEST} was changed"] if is_edited(folder) else touched

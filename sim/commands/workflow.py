"""Workflow of every study: checks come before the work, and its folder appears whole at the end."""

import hashlib
import shlex
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from itertools import count
from pathlib import Path
from time import perf_counter

import xarray as xr

from sim.commands.ensembles import tell_kept
from sim.commands.first import wait_until_loaded
from sim.commands.preflight import LEAST_DISK, MEMORY_SHARE, check_folder, check_no_run, memory_bytes, older_run
from sim.commands.terminal import DIFFERENT, fail, glyphs_noted, mention, progress_bar, say
from sim.experiment.batch import OPENED
from sim.experiment.block import NothingLeftError
from sim.experiment.rest import SPIN_UP
from sim.experiment.run import run
from sim.experiment.workers import WorkersError
from sim.files import portable, told
from sim.present.atomic import OutputError
from sim.present.publish import Content, Draw, publish
from sim.results import ResultsError
from sim.scenario import Scenario
from sim.signals import deferred_interrupts, is_written
from sim.texts.spoken import said, several, written

OUTPUTS = Path("outputs")
LONGEST_NAME = 120
"""Longest folder name made from the names of its parts, characters."""
EXTRA = "evidence"
PROBE = 256, 6
"""Worlds and months run to measure the speed of this machine."""


def folder_name(*parts: str) -> str:
    """Return `compare_article_ceasefire`, which any system takes; too long a name ends in a hash of all parts."""
    name = portable("_".join(parts))
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}_and_more_{digest}"


def check_room(folder: Path, need: int, title: str) -> None:
    """Exit unless the numbers kept fit into memory and the folder of a study can be written.

    It may replace an older study, never a run, which may be the very one that is read.
    """
    have = memory_bytes()
    try:
        if have and need > MEMORY_SHARE * have:
            raise OutputError(
                f"--worlds: the numbers kept need {need / 1e9:,.0f} GB of memory, "
                f"this process may use {have / 1e9:,.0f} GB"
            )
        check_folder(folder, LEAST_DISK + need)
        check_no_run(folder)
    except OutputError as error:
        fail(str(error))
    before, _ = older_run(folder)
    if before and before != title:
        mention("replaced", folder=folder, title=before)


def require(*libraries: str) -> None:
    """Exit unless these extras import; their import-time warnings are suppressed."""
    for name in libraries:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import_module(name)
        except ImportError as error:
            install = f'pip install -e ".[{EXTRA}]"'
            fail(f"this command needs {name.partition('.')[0]}: {install} in the folder of the project ({error})")


def report_cost(scenario: Scenario, parts: Mapping[str, int], number: int = 0) -> None:
    """Report the runs of each part, a key of `remarks.cost`, and about how long all of them take on this machine.

    `number` is that of what the runs are for, where the part counts it.
    """
    worlds, months = PROBE[0], min(PROBE[1], scenario.months)
    few = replace(scenario, worlds=worlds, months=months)
    run(replace(few, months=1), variables=OPENED)  # loading and drawing the first time do not count
    before = perf_counter()
    run(few, variables=OPENED)
    pace = (perf_counter() - before) / (worlds * (SPIN_UP + months))
    seconds = pace * sum(parts.values()) * (SPIN_UP + scenario.months)
    told = [said(f"remarks.cost.{part}", runs=written(f"{runs:,}"), n=number) for part, runs in parts.items()]
    low, high = (written(f"{max(least, round(share * seconds)):,}") for least, share in ((1, 0.5), (2, 1.0)))
    mention("cost.time", parts=several(told), low=low, high=high)


@contextmanager
def workflow(folder: Path, need: int, title: str) -> Iterator[Callable[[], None]]:
    """Check room first, and turn errors of a study into one line on stderr; yield the check for interrupts.

    Signals to end are held back until that check is called, or the end: nothing is left half written.
    """
    with deferred_interrupts() as check:
        check_room(folder, need, title)
        with plain_errors(title):
            yield check
        check()


@contextmanager
def plain_errors(name: str) -> Iterator[None]:
    """Turn errors of running and writing into one line on stderr and an exit code; say what an interrupt leaves."""
    try:
        yield
    except KeyboardInterrupt:
        tell_kept()
        raise
    except FloatingPointError as error:
        fail(f"{name}: a number is not finite: {error}", DIFFERENT)
    except (NothingLeftError, ResultsError, WorkersError) as error:
        fail(f"{name}: {error}", DIFFERENT)
    except MemoryError:
        fail(f"{name}: not enough memory; take fewer worlds with --worlds")
    except OSError as error:
        fail(told(error, name))


def deliver(
    ds: xr.Dataset,
    folder: Path,
    files: Mapping[str, Content],
    figures: Mapping[str, Draw],
    check: Callable[[], None],
    *,
    vector: bool = True,
) -> None:
    """Write the folder and print how many files it holds."""
    number = write_folder(ds, folder, files, figures, check, vector=vector)
    say(said("remarks.files", n=number, folder=folder))


def write_folder(
    ds: xr.Dataset,
    folder: Path,
    files: Mapping[str, Content],
    figures: Mapping[str, Draw],
    check: Callable[[], None],
    label: str = "tables and figures",
    *,
    vector: bool = True,
) -> int:
    """Write the folder under a progress bar, figures as PNG and, if `vector`, SVG; return the number of its files."""
    wait_until_loaded()
    done, expected = count(1), len(files) + (2 if vector else 1) * len(figures) + 1
    command = shlex.join(["sim", *sys.argv[1:]])
    with progress_bar(label, check) as advance, glyphs_noted():
        paths = publish(ds, folder, files, figures, command, lambda _: advance(next(done), expected), vector=vector)
    is_written(folder)
    return len(paths)


def add_to_folder(folder: Path, what: str, number: int, add: Callable[[Callable[[str], None]], list[Path]]) -> None:
    """Add files to a folder that is there, under a progress bar, and print where they are, an SVG beside its PNG.

    `add` makes `number` of them and calls what it is given with the name of each.
    """
    with deferred_interrupts() as check, plain_errors(str(folder)):
        done = count(1)
        with progress_bar(f"{folder}: {what}", check) as advance, glyphs_noted():
            paths = add(lambda _: advance(next(done), number))
        is_written(folder)
        for path in paths:
            if path.suffix != ".svg":
                beside = " and .svg" if path.with_suffix(".svg") in paths else ""
                say(f"{folder / path.relative_to(folder.resolve())}{beside}")
        check()

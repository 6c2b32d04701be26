"""Check memory, disk and folder before a run, so that a long run does not fail at its end."""

import shutil
import tempfile
from math import prod
from pathlib import Path

import numpy as np

from sim.files import read_json
from sim.limits import memory_bytes
from sim.present.atomic import MANIFEST, OutputError, check_target, recorded, resolved
from sim.results import VARIABLES
from sim.results.blocks import FOLDER
from sim.results.coordinates import FIXED
from sim.results.keep import Keep
from sim.results.opened import RUN
from sim.scenario import PARAMETERS, Scenario
from sim.scenario.library import reason
from sim.scenario.options import OPTIONS
from sim.scenario.problems import counted

LEAST_DISK = 32_000_000
"""Least free bytes; tables and figures of a small run take about as much."""
DISK_PER_MONTH = {"everything": 7_000, "series": 4_000, "summary": 40}
"""Compressed bytes on disk for one world-month, by level of detail."""
MEMORY_SHARE = 0.8
"""Share of the memory that this process may use which results may take."""


def check_memory(scenario: Scenario) -> None:
    """Raise OutputError if the results would not fit into memory."""
    need, have = results_bytes(scenario.worlds, scenario.months), memory_bytes()
    if have and need > MEMORY_SHARE * have:
        fits = int(scenario.worlds * MEMORY_SHARE * have / need)
        raise OutputError(
            f"--worlds: {counted(scenario.worlds, 'world')} of {counted(scenario.months, 'month')} need "
            f"{need / 1e9:,.0f} GB of memory, this process may use {have / 1e9:,.0f} GB; about {fits:,} worlds fit"
        )


def results_bytes(worlds: int, months: int) -> int:
    """Return the bytes of everything recorded."""
    sizes = {dim: len(labels) for dim, labels in FIXED.items()}
    sizes |= {"world": worlds, "month": months, "option": len(OPTIONS), "key": len(PARAMETERS)}
    return sum(
        prod(sizes.get(dim, 1) for dim in variable.dims) * np.dtype(variable.disk).itemsize
        for variable in VARIABLES.values()
    )


def disk_bytes(scenario: Scenario, keep: Keep) -> int:
    """Return about how many bytes the folder of a run takes."""
    return LEAST_DISK + DISK_PER_MONTH.get(keep.name, 40) * scenario.worlds * scenario.months


def check_folder(folder: Path, need: int = LEAST_DISK) -> None:
    """Raise OutputError unless a run may replace the folder, can write beside it, and has `need` bytes there."""
    try:
        check_target(folder)
        place = next(path for path in resolved(folder).parents if path.is_dir())
        free = shutil.disk_usage(place).free
        if free < need:
            raise OutputError(
                f"{folder}: about {need / 1e6:,.0f} MB are needed and only {free / 1e6:,.0f} MB are free there; "
                "choose another with --out"
            )
        # Asking for permission is not enough: read-only disks and quotas show only when something is written.
        with tempfile.NamedTemporaryFile(dir=place, prefix=".sim-") as probe:
            probe.write(bytes(4096))
            probe.flush()
    except OutputError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        raise OutputError(f"{folder}: cannot be written to: {reason(error)}; choose another with --out") from error


def check_no_run(folder: Path) -> None:
    """Raise OutputError for the folder of a run: only another run may replace it."""
    if any(one == RUN or one.startswith(f"{FOLDER}/") for one in recorded(folder) or ()):
        name, _ = older_run(folder)
        raise OutputError(f"{folder}: holds a run of {name}, which would be lost; choose another with --out")


def fault_of_folder(folder: Path, *, of_run: bool) -> str:
    """Return why no run, or else nothing but a run, can be written to a folder; empty if it can."""
    try:
        check_folder(folder)
        if not of_run:
            check_no_run(folder)
    except OutputError as error:
        return str(error)
    return ""


def older_run(folder: Path) -> tuple[str, str]:
    """Return name and hash of the scenario whose run is in the folder; empty strings if there is none."""
    try:
        manifest = read_json(folder / MANIFEST)
        return str(manifest["scenario"]["name"]), str(manifest.get("scenario_hash", ""))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "", ""

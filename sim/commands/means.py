"""Where and how a large ensemble is run, as the user asks for it."""

import re
from dataclasses import dataclass
from pathlib import Path

from sim.commands.terminal import fail

LEVELS = ("everything", "series", "summary")
MOST_PROCESSES = 1024
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/:]+:\d{1,5}|(tcp|tls)://\[[0-9a-fA-F:]+\]:\d{1,5}")


@dataclass(frozen=True)
class Means:
    """Where and how an ensemble is run; what is empty was not asked for."""

    on: str = ""
    """`dask`, or the address of a Dask scheduler."""
    processes: int = 0
    store: Path | None = None

    @property
    def asked(self) -> bool:
        """Whether the user asks for anything that needs the store."""
        return bool(self.on or self.processes or self.store)


def checked_means(on: str, processes: int, store: Path | None) -> Means:
    """The user's wishes, or every reason why they cannot be met."""
    problems = []
    if on and on != "dask" and not _ADDRESS.fullmatch(on):
        problems.append(f"--on: must be dask or an address such as tcp://127.0.0.1:8786, found {on[:60]!r}")
    if not 0 <= processes <= MOST_PROCESSES:
        problems.append(f"--processes: must be from 1 to {MOST_PROCESSES:,}, found {processes:,}")
    if on and on != "dask" and processes:
        problems.append("--processes: the workers of a scheduler that is already there cannot be chosen; leave it out")
    if store is not None and store.exists() and not store.is_dir():
        problems.append(f"--store: {store} is a file, not a folder")
    if problems:
        fail("\n".join(problems))
    return Means(on, processes, store)


def checked_keep(name: str) -> str:
    """The name if it is one of a level, or none; ends the command if not."""
    if name and name not in LEVELS:
        fail(f"--keep: must be one of {', '.join(LEVELS)}, found {name[:60]!r}")
    return name


def check_auto_only(auto: bool, outcomes: object, precision: object, most: object) -> None:
    """End the command if what only `--worlds auto` reads is given without it."""
    given = {"--outcome": outcomes, "--precision": precision, "--most-worlds": most}
    idle = [name for name, value in given.items() if value is not None]
    if idle and not auto:
        fail(f"{', '.join(idle)}: only with --worlds auto")

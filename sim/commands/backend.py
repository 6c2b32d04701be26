"""Where and how a large ensemble runs: options `--on`, `--processes`, `--store`, checked."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from pathlib import Path

from sim.commands.terminal import fail
from sim.scenario.check import MOST_WORLDS
from sim.scenario.library import reason

DETAIL = ("everything", "series", "summary")
MOST_PROCESSES = 1024
MOST_PORT = 65_535
FEWEST_WORLDS = 8
"""Lower bound of `--most-worlds`."""
PRECISION_RANGE = (0.001, 1.0)
_ADDRESS = re.compile(r"(tcp|tls)://(\[(?P<v6>[0-9a-fA-F:.]+)\]|[A-Za-z0-9_.-]+):(?P<port>\d{1,5})", re.ASCII)


@dataclass(frozen=True)
class Backend:
    """Where and how an ensemble runs; empty fields were not given."""

    on: str = ""
    """`dask`, or the address of a Dask scheduler."""
    processes: int = 0
    store: Path | None = None

    @property
    def asked(self) -> bool:
        """Whether an option was given that needs the store."""
        return bool(self.on or self.processes or self.store)


def checked_backend(on: str, processes: int | None, store: Path | None) -> Backend:
    """Return the backend; exit with every reason why it cannot be used."""
    problems = []
    if on and on != "dask" and not _is_address(on):
        problems.append(f"--on: must be dask or an address such as tcp://127.0.0.1:8786, found {on[:60]!r}")
    elif on.startswith("tls://") and not _has_certificates():
        problems.append(
            "--on: tls:// needs certificates; name them in Dask's configuration (distributed.comm.tls.ca-file, "
            "distributed.comm.tls.client.cert and .key), or use tcp:// inside a network that you trust"
        )
    if processes is not None and not 1 <= processes <= MOST_PROCESSES:
        problems.append(f"--processes: must be from 1 to {MOST_PROCESSES:,}, found {processes:,}")
    if on and on != "dask" and processes:
        problems.append("--processes: a running scheduler has workers of its own; leave it out")
    if store is not None and (wrong := _no_folder(store)):
        problems.append(f"--store: {wrong}")
    if problems:
        fail("\n".join(problems))
    return Backend(on, processes or 0, store)


def _has_certificates() -> bool:
    """Return whether Dask was told of certificates; without Dask that is told later."""
    try:
        from dask import config
    except ImportError:
        return True
    return bool(config.get("distributed.comm.tls.ca-file", None))


def _is_address(text: str) -> bool:
    """Return whether a text is tcp://HOST:PORT or tls://HOST:PORT with a valid port."""
    match = _ADDRESS.fullmatch(text)
    if match is None or not 1 <= int(match["port"]) <= MOST_PORT:
        return False
    try:
        return not match["v6"] or bool(IPv6Address(match["v6"]))
    except ValueError:
        return False


def _no_folder(store: Path) -> str:
    """Return why a path cannot be a folder of stores; empty if it can."""
    shown = f"{str(store)[:60]}{'…' if len(str(store)) > 60 else ''}"
    try:
        if store.is_symlink() and not store.exists():
            return f"{shown} is a broken link"
        return f"{shown} is a file, not a folder" if store.exists() and not store.is_dir() else ""
    except (OSError, ValueError) as error:
        return f"{shown} cannot be used: {reason(error)}"


def checked_keep(name: str) -> str:
    """Return the name of a level of detail, or an empty name; exit on any other."""
    if name and name not in DETAIL:
        fail(f"--keep: must be one of {', '.join(DETAIL)}, found {name[:60]!r}")
    return name


def check_auto(auto: bool, outcomes: object, precision: float | None, most: int | None) -> None:
    """Exit if an option of `--worlds auto` is given without it, or its number is out of range."""
    given = {"--outcome": outcomes, "--precision": precision, "--most-worlds": most}
    idle = [name for name, value in given.items() if value is not None]
    problems = [f"{', '.join(idle)}: only with --worlds auto"] if idle and not auto else []
    low, high = PRECISION_RANGE
    if precision is not None and not low <= precision <= high:
        problems.append(f"--precision: must be from {low:g} to {high:g}, found {precision:g}")
    if most is not None and not FEWEST_WORLDS <= most <= MOST_WORLDS:
        problems.append(f"--most-worlds: must be from {FEWEST_WORLDS} to {MOST_WORLDS:,}, found {most:,}")
    if problems:
        fail("\n".join(problems))

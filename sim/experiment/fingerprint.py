"""Fingerprint of all that the bytes of a block depend on besides its task: program, libraries, kind of machine."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import numpy as np

from sim.elementary import exp, log, power
from sim.results import library_versions
from sim.results.keep import Keep
from sim.scenario.scenario import Scenario

DIGEST = 16
"""Hexadecimal digits of a digest in a name."""
NUMERIC = ("python", "numpy", "scipy", "mesa", "xarray", "netCDF4")
"""Libraries on which the numbers, or the bytes of the files, depend."""


def key(scenario: Scenario, keep: Keep) -> str:
    """Return the name of all that a block depends on but the numbers of its worlds: a folder in a store."""
    text = json.dumps(content(scenario, keep), sort_keys=True)
    return f"{scenario.name[:40]}-{digest(text.encode())}"


def content(scenario: Scenario, keep: Keep) -> dict[str, object]:
    """Return all that the bytes of a block depend on but the numbers of its worlds."""
    return {
        "scenario": scenario.name,
        "scenario_hash": replace(scenario, worlds=0).hash,
        "seed": scenario.seed,
        "keep": keep.name,
        "worlds of a block": keep.worlds,
        **environment(),
    }


def environment() -> dict[str, object]:
    """Return the digest of this program, the versions of its libraries, and the kind of this machine."""
    versions = library_versions()
    return {
        "program": program_digest(),
        "versions": {name: versions.get(name, "absent") for name in NUMERIC},
        "machine": platform.machine(),
        "arithmetic": arithmetic(),
    }


@cache
def arithmetic() -> str:
    """Return the digest of the elementary functions on a fixed grid, and of sums and roots of it.

    They are plain arithmetic and the same everywhere. That is what this guards: a machine, a library or a compiler that
    rounds but one of them in another way makes other blocks, whatever its name says.
    """
    grid = np.linspace(-30.0, 30.0, 4001) + 0.001
    positive = np.abs(grid)
    values = (exp(grid), log(positive), power(positive, grid / 7.0), np.sqrt(positive), grid / 3.0 * 0.1 + grid)
    return digest(b"".join(np.asarray(one, dtype="<f8").tobytes() for one in (*values, sum(values))))


def differences(theirs: Mapping[str, object], mine: Mapping[str, object]) -> list[str]:
    """Return how two environments differ: `numpy 2.1.0 there, 2.3.1 here`; empty if they make the same blocks."""
    found = ["another version of this program"] if theirs["program"] != mine["program"] else []
    there, here = (
        {**one["versions"], "machine": one["machine"], "arithmetic": one.get("arithmetic", "unknown")}  # type: ignore[dict-item]
        for one in (theirs, mine)
    )
    return found + [
        f"{name} {there.get(name, 'absent')} there, {here[name]} here" for name in here if there.get(name) != here[name]
    ]


@cache
def program_digest() -> str:
    """Return the digest of the code that shapes stored blocks: a changed equation never meets old blocks.

    Studies are left out: they store no blocks.
    """
    found, root = hashlib.sha256(), resources.files("sim")
    for part in ("elementary", "scenario", "model", "compile", "experiment", "results", "analysis"):
        for name, file in _sources(root / part, part):
            found.update(f"{name}\n".encode())
            found.update(file.read_bytes())
    return found.hexdigest()[:DIGEST]


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    """Yield the files of code and tables in a folder and its subfolders, with their paths below `name`."""
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            yield from _sources(one, f"{name}/{one.name}")
        elif one.name.endswith((".py", ".csv")):
            yield f"{name}/{one.name}", one


def digest(data: bytes) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()[:DIGEST]

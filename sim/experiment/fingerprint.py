"""What makes a block: the program, its libraries, the kind of machine. The bytes of a block depend on nothing else but
its task."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from sim.results import library_versions
from sim.results.keep import Keep
from sim.scenario.scenario import Scenario

DIGEST = 16
"""Hexadecimal digits of a digest in a name."""
NUMERIC = ("python", "numpy", "scipy", "mesa", "xarray", "netCDF4")
"""Libraries on which the numbers, or the bytes of the files, depend."""


def key(scenario: Scenario, keep: Keep) -> str:
    """Name of all that a block depends on but the numbers of its worlds: folder in a store, attribute of a block."""
    text = json.dumps(content(scenario, keep), sort_keys=True)
    return f"{scenario.name[:40]}-{digest(text.encode())}"


def content(scenario: Scenario, keep: Keep) -> dict[str, object]:
    """All on which the bytes of a block depend."""
    return {
        "scenario": scenario.name,
        "scenario_hash": replace(scenario, worlds=0).hash,
        "seed": scenario.seed,
        "keep": keep.name,
        "worlds of a block": keep.worlds,
        **maker(),
    }


def maker() -> dict[str, object]:
    """This program, its libraries and this kind of machine."""
    versions = library_versions()
    return {
        "program": program_digest(),
        "versions": {name: versions.get(name, "absent") for name in NUMERIC},
        "machine": platform.machine(),
    }


def differences(theirs: Mapping[str, object], mine: Mapping[str, object]) -> list[str]:
    """What is different there, in words: `numpy 2.1.0 there, 2.3.1 here`; empty if it makes the same blocks."""
    found = ["another version of this program"] if theirs["program"] != mine["program"] else []
    there, here = ({**one["versions"], "machine": one["machine"]} for one in (theirs, mine))  # type: ignore[dict-item]
    return found + [
        f"{name} {there.get(name, 'absent')} there, {here[name]} here" for name in here if there.get(name) != here[name]
    ]


@cache
def program_digest() -> str:
    """Digest of everything in the package that shapes the blocks of a store: a changed equation never meets old blocks.

    Studies are not among it: what they make of results is never stored as blocks.
    """
    found, root = hashlib.sha256(), resources.files("sim")
    for part in ("elementary", "scenario", "model", "compile", "experiment", "results", "analysis"):
        for name, file in _sources(root / part, part):
            found.update(f"{name}\n".encode())
            found.update(file.read_bytes())
    return found.hexdigest()[:DIGEST]


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    """The files of code and of tables in a folder and those within it, with their names from `name` on."""
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            yield from _sources(one, f"{name}/{one.name}")
        elif one.name.endswith((".py", ".csv")):
            yield f"{name}/{one.name}", one


def digest(data: bytes) -> str:
    """The beginning of the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()[:DIGEST]

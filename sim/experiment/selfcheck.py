"""A test vector: digests of elementary functions and of small runs, the same on every machine.

`python -m sim.experiment.selfcheck` writes it anew, after a change that alters results.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib import resources
from inspect import signature

import numpy as np

from sim.arrays import Array
from sim.compile import month
from sim.compile.engine import driven, possible
from sim.elementary import BODIES
from sim.experiment.design import sample
from sim.experiment.run import Engine, run_block
from sim.model.block import Block
from sim.scenario import load, shipped

WORLDS, MONTHS = 8, 36
VECTOR = "selfcheck.csv"
DIGEST = 16
"""Hexadecimal digits of a digest."""
Report = Callable[[int, int], None]


def by_numpy(block: Block, _: object) -> Block:
    """Leave the steps to NumPy."""
    return month.by_numpy(block)


def engines() -> dict[str, Engine]:
    """Return the ways to compute that this machine has, by name."""
    machine_code = {"machine code": partial(driven, at_once=True)} if possible() else {}
    return {"NumPy": by_numpy, **machine_code}


def expected() -> dict[tuple[str, str], str]:
    """Return the published test vector: ("function" or "scenario", name) -> digest."""
    text = (resources.files("sim.experiment") / VECTOR).read_text(encoding="utf-8")
    return {(row["kind"], row["name"]): row["digest"] for row in csv.DictReader(text.splitlines())}


def functions() -> dict[tuple[str, str], str]:
    """Return the digest of each elementary function, by NumPy, on numbers that take no rounding to make."""
    near = (np.arange(-4000.0, 4001.0)) / 1024.0
    wide = np.ldexp(near + 5.0, np.arange(-4000, 4001) // 8)
    numbers = np.concatenate([near, wide, -wide, [0.0, -0.0, np.inf, -np.inf, np.nan]])
    found = {}
    for name, body in sorted(BODIES.items()):
        given = [numbers, numbers[::-1] / 64.0][: len(signature(body).parameters)]
        if name == "normal_quantile":
            given = [(np.arange(8000.0) + 0.5) / 8000.0]
        with np.errstate(all="ignore"):
            found["function", name] = _digest([body(*given)])
    return found


def scenarios(engine: Engine, report: Report | None = None) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield ("scenario", name) and the digest of everything that a small run of each shipped scenario records.

    It is taken before results are rounded to what files keep. `report` is called with world-months done and in all.
    """
    names = sorted(shipped())
    for number, name in enumerate(names):
        spec = replace(load(name), worlds=WORLDS, months=MONTHS)
        recorded: dict[str, list[Array]] = {}

        def keep(variable: str, _: int, values: Array, recorded: dict[str, list[Array]] = recorded) -> None:
            recorded.setdefault(variable, []).append(np.array(values, dtype=float))

        def advance(month: int, number: int = number) -> None:
            if report:
                report(WORLDS * (number * MONTHS + month), WORLDS * len(names) * MONTHS)

        values = sample(spec, 0, WORLDS)
        run_block(spec, values, 0, WORLDS, keep, advance, engine=engine)
        parts = [array for variable in sorted(recorded) for array in recorded[variable]]
        yield ("scenario", name), _digest([*values.values(), *parts])


def _digest(arrays: list[Array]) -> str:
    """Return the digest of floats as they are written on any machine; nan has one form."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(np.where(np.isnan(array), np.nan, array).astype("<f8").tobytes())
    return found.hexdigest()[:DIGEST]


def main() -> None:
    """Write the test vector of this program."""
    target = resources.files("sim.experiment") / VECTOR
    vector = functions() | dict(scenarios(by_numpy))
    with open(str(target), "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["kind", "name", "digest"])
        rows.writerows([*what, digest] for what, digest in vector.items())
    print(f"{target}: {len(vector)} digests", file=sys.stderr)


if __name__ == "__main__":
    main()

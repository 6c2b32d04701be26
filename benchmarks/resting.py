"""What do a start at rest and the twin without the opening cost? About a minute.

    python benchmarks/resting.py

Runs article with everything kept, in turns: as it is, without the second run (lanes shut), and without the months
before the first as well. Prints processor seconds, the least of five, and ratios to the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time

import sim
from sim.experiment import run as runs
from sim.experiment.unopened import SCORE
from sim.results.variables import VARIABLES

TURNS = 5
SIZES = (200, 1000)


def whole(worlds: int) -> None:
    """Run as `sim run` does."""
    runs.run(sim.load("article", worlds=worlds))


def alone(worlds: int) -> None:
    """Run without the twins."""
    runs.run(sim.load("article", worlds=worlds), variables=VARIABLES.keys() - {SCORE})


def unrested(worlds: int) -> None:
    """Run without the twins and from empty memories."""
    with no_rest():
        alone(worlds)


@contextmanager
def no_rest() -> Iterator[None]:
    """Leave out the months before the first."""
    before = runs.come_to_rest
    runs.come_to_rest = lambda world, draws: None
    try:
        yield
    finally:
        runs.come_to_rest = before


WAYS: dict[str, Callable[[int], None]] = {
    "with the months before and the twins": whole,
    "with the months before": alone,
    "neither": unrested,
}


def seconds(way: Callable[[int], None], worlds: int) -> float:
    """Processor seconds of one run."""
    before = process_time()
    way(worlds)
    return process_time() - before


def main() -> None:
    """Measure and print."""
    for way in WAYS.values():  # the first run loads machine code
        way(SIZES[-1])
    for worlds in SIZES:
        turns = [{name: seconds(way, worlds) for name, way in WAYS.items()} for _ in range(TURNS)]
        least = {name: min(turn[name] for turn in turns) for name in WAYS}
        print(f"{worlds:,} worlds x 36 months")
        for name, took in least.items():
            print(f"  {name:38} {took:6.2f} s  {took / least['neither']:5.2f}")


if __name__ == "__main__":
    main()

"""Times of work: the shortest wall time and the least processor time of several repetitions; limits of the machine."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Time:
    """Seconds; the processor time is that of all threads of this process."""

    wall: float
    cpu: float

    def per(self, count: float) -> "Time":
        """Return seconds for each of `count`."""
        return Time(self.wall / count, self.cpu / count)


def best(work: Callable[[], object], times: int, *, warm: bool = True) -> Time:
    """Return the least wall and processor seconds of `times` calls; with `warm`, after one call that does not count."""
    if warm:
        work()
    found = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    return Time(min(wall for wall, _ in found), min(cpu for _, cpu in found))


def limits(times: int = 5) -> dict[str, float]:
    """Return what one thread of this machine does with NumPy, in G operations a second of processor time.

    `arithmetic`: multiply-add on arrays that stay in the first cache; `dgemm`: the product of two square matrices.
    Set OPENBLAS_NUM_THREADS=1 beforehand, so that one thread is one.
    """
    a, b, c = (np.full(8192, x) for x in (0.0, 1.5, 2.5))
    left = right = np.full((1024, 1024), 0.5)

    def multiply_add() -> None:
        for _ in range(10_000):
            np.multiply(b, 0.5, out=a)
            np.add(a, c, out=a)

    done = {
        "arithmetic": 2 * 8192 * 10_000 / best(multiply_add, times).cpu,
        "dgemm": 2 * 1024**3 / best(lambda: left @ right, times).cpu,
    }
    return {name: rate / 1e9 for name, rate in done.items()}


def say(text: str) -> None:
    """Print progress, kept apart from the tables."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(json.dumps(limits()))

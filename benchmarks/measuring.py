"""Times of work: the shortest wall time and the least processor time of several repetitions."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Time:
    """Seconds. The processor time is that of all threads of this process."""

    wall: float
    cpu: float

    def per(self, count: float) -> Time:
        """Seconds for each of `count`."""
        return Time(self.wall / count, self.cpu / count)


def best(work: Callable[[], object], times: int, *, warm: bool = True) -> Time:
    """Least wall and processor seconds of `times` calls of `work`; with `warm`, after one call that does not count."""
    if warm:
        work()
    found = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    return Time(min(wall for wall, _ in found), min(cpu for _, cpu in found))


def say(text: str) -> None:
    """Progress, kept apart from the tables."""
    print(text, file=sys.stderr, flush=True)

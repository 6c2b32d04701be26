"""What this machine can do at most: memory bandwidth and arithmetic, with NumPy, for one and two threads.

triad     a = b + s c as NumPy does it, in two passes: b s -> a reads one array and writes one, a + c -> a reads two and
          writes one, five arrays of eight bytes an element (McCalpin 1995, "Memory bandwidth and machine balance"; what
          a write costs beyond the write itself is not counted)
multiply-add  the same on arrays that stay in the first cache: two operations an element
division  quotients of arrays that stay in the first cache: one operation an element
dgemm     product of two square matrices, 2 n^3 operations: what the arithmetic units can do at all

Prints JSON. Each thread has arrays of its own. Run with OPENBLAS_NUM_THREADS=1, so that a thread is one thread.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

THREADS = (1, 2)
ENGINE = 36 * 3 * 256
"""Elements of a typical array of the engine: all lanes of three goods in 256 worlds."""
FEW = (2048, 8192, 32768)
"""Elements of arrays for arithmetic; the best of these counts, since short ones pay more for each call of NumPy."""


def last_cache() -> int:
    """Bytes of the largest cache, as the system tells; 32 MiB where it does not."""
    folder = Path("/sys/devices/system/cpu/cpu0/cache")
    sizes = [path.read_text().strip() for path in folder.glob("index*/size")]
    units = {"K": 2**10, "M": 2**20}
    return max([int(text[:-1]) * units[text[-1]] for text in sizes if text[-1] in units], default=2**25)


def far_elements() -> int:
    """Elements of each of a thread's three arrays: together four times the largest cache, at most a third of memory."""
    wanted = 4 * last_cache() // 3 // 8
    allowed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 3 // 3 // max(THREADS) // 8
    return min(wanted, allowed)


def multiply_add(elements: int, rounds: int) -> Callable[[], None]:
    """Work on three arrays of its own."""
    a, b, c = (np.full(elements, x) for x in (0.0, 1.5, 2.5))

    def work() -> None:
        for _ in range(rounds):
            np.multiply(b, 0.5, out=a)
            np.add(a, c, out=a)

    return work


def quotients(elements: int, rounds: int) -> Callable[[], None]:
    """Work on three arrays of its own."""
    a, b, c = (np.full(elements, x) for x in (0.0, 1.5, 2.5))

    def work() -> None:
        for _ in range(rounds):
            np.divide(b, c, out=a)

    return work


def product(n: int, rounds: int) -> Callable[[], None]:
    """Products of two matrices of its own."""
    a, b = (np.random.default_rng(k).random((n, n)) for k in (0, 1))
    out = np.empty((n, n))

    def work() -> None:
        for _ in range(rounds):
            np.matmul(a, b, out=out)

    return work


def seconds(make: Callable[[], Callable[[], None]], threads: int, times: int) -> float:
    """Least seconds in which that many threads each do their work once: wall time; for one thread processor time, so
    that others on the machine do not count."""

    def timed(work: Callable[[], None]) -> float:
        begin = time.thread_time()
        work()
        return time.thread_time() - begin

    works = [make() for _ in range(threads)]
    found = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(times + 1):
            begin = time.perf_counter()
            spent = list(pool.map(timed, works))
            found.append(spent[0] if threads == 1 else time.perf_counter() - begin)
    return min(found[1:])


def measure(quick: bool) -> dict[str, dict[str, float]]:
    """Limit -> threads -> GB/s or Gop/s."""
    times = 3 if quick else 7
    far, n = far_elements() // (8 if quick else 1), 512 if quick else 1024
    limits: dict[str, dict[str, float]] = {}
    for threads in THREADS:

        def rate(make: Callable[[], Callable[[], None]], amount: float, threads: int = threads) -> float:
            return amount * threads / seconds(make, threads, times) / 1e9

        rounds = 200 if quick else 1000
        found = {
            "memory": rate(lambda: multiply_add(far, 1), 5 * 8 * far),
            "cache": rate(lambda r=rounds: multiply_add(ENGINE, r), 5 * 8 * ENGINE * rounds),
            "arithmetic": max(rate(lambda e=e, r=rounds: multiply_add(e, 20 * r), 2 * e * 20 * rounds) for e in FEW),
            "division": max(rate(lambda e=e, r=rounds: quotients(e, 20 * r), e * 20 * rounds) for e in FEW),
            "dgemm": rate(lambda: product(n, 2), 2 * 2 * n**3),
        }
        for name, value in found.items():
            limits.setdefault(name, {})[str(threads)] = value
    limits["far_megabytes"] = {"1": 3 * 8 * far / 1e6, "2": 2 * 3 * 8 * far / 1e6}
    return limits


if __name__ == "__main__":
    print(json.dumps(measure("--quick" in sys.argv)))

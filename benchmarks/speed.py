"""How long a run takes beside drawing it, and what a thousand worlds cost beside one: `python benchmarks/speed.py`.

Prints ratios of best-of-five wall times from one run, so that they can be compared between machines.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sim
from sim.experiment.run import run
from sim.present.figures import FIGURES, save_figure
from sim.present.outputs import write_outputs


def best(work: Callable[[], object], times: int = 5) -> float:
    """Shortest wall time of `work` in seconds; the first call, which fills caches, does not count."""
    work()
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return min(found)


def main() -> None:
    """Measure and print a Markdown table."""
    one, shipped, thousand = (sim.load("article", worlds=n, months=36) for n in (1, 200, 1000))
    results = run(shipped)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw = best(lambda: [save_figure(results, figure, folder) for figure in FIGURES], 2)
        write = best(lambda: write_outputs(results, folder / "out", figures=False), 2)
    t1, t200, t1000 = (best(lambda s=s: run(s)) for s in (one, shipped, thousand))
    print("| what | seconds |\n|---|---|")
    rows = {
        "1 world": t1,
        "200 worlds": t200,
        "1,000 worlds": t1000,
        "figures of 200 worlds": draw,
        "data and tables": write,
    }
    for what, seconds in rows.items():
        print(f"| {what} x 36 months | {seconds:.2f} |")
    print(f"\n200 worlds take {t200 / draw:.2f} of the time of drawing their figures;")
    print(f"1,000 worlds cost {t1000 / t1:.1f} times one world.")


if __name__ == "__main__":
    main()

"""How long a run takes beside drawing it, and what a thousand worlds cost beside one: `python benchmarks/speed.py`.

Prints ratios of best-of-five wall times from one run, so that they can be compared between machines.
"""

import tempfile
from functools import partial
from pathlib import Path

from measuring import best

import sim
from sim.experiment.run import run
from sim.present.figures import FIGURES
from sim.present.page import save_figure
from sim.present.publish import publish, run_files


def main() -> None:
    """Measure and print a Markdown table."""
    scenarios = [sim.load("article", worlds=n, months=36) for n in (1, 200, 1000)]
    results = run(scenarios[1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw = best(lambda: [save_figure(results, draw, folder / name) for name, draw in FIGURES.items()], 2).wall
        write = best(lambda: publish(results, folder / "out", run_files(results), {}), 2).wall
    t1, t200, t1000 = (best(partial(run, one), 5).wall for one in scenarios)
    print("| what | seconds |\n|---|---|")
    rows = {"1 world": t1, "200 worlds": t200, "1,000 worlds": t1000}
    rows |= {"figures of 200 worlds": draw, "data and tables": write}
    for what, seconds in rows.items():
        print(f"| {what} x 36 months | {seconds:.2f} |")
    print(f"\n200 worlds take {t200 / draw:.2f} of the time of drawing their figures;")
    print(f"1,000 worlds cost {t1000 / t1:.1f} times one world.")


if __name__ == "__main__":
    main()

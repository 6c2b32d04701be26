"""Kill a run many times at random moments, resume it, and compare the final files with those of a quiet run.

    python benchmarks/kills.py --times 60

Each round starts `sim run article --worlds 9000 --months 1 --keep summary` in an empty folder, kills it (SIGKILL, no
chance to clean up) after a random time, up to four times, and lets the fifth start finish.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from command_line import ended, files, start

COMMAND = ["-m", "sim", "run", "article", "--worlds", "9000", "--months", "1", "--keep", "summary"]
LONGEST = 5.0
"""Seconds after which a run is killed at the latest."""
IN_A_ROW = 4


def finished(folder: Path) -> dict[str, bytes]:
    """Return the results, by path, once the command has run to its end in this folder."""
    said = ended(start(folder, *COMMAND))
    if said.code != 0:
        sys.exit(f"a run that was not killed failed: {said.err}")
    return files(folder / "outputs" / "article")


def main() -> None:
    """Count kills, and rounds whose files differ."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=60, help="kills in all")
    times = asked.parse_args().times
    rng = np.random.default_rng(9)
    with tempfile.TemporaryDirectory() as calm:
        expected = finished(Path(calm))
    killed = rounds = differing = finished_early = 0
    while killed < times:
        with tempfile.TemporaryDirectory() as place:
            for wait in rng.uniform(0.0, LONGEST, IN_A_ROW):
                run = start(Path(place), *COMMAND)
                time.sleep(wait)
                finished_early += run.poll() is not None
                run.kill()
                ended(run)
                killed += 1
            rounds += 1
            differing += finished(Path(place)) != expected
            left = [path.name for path in Path(place).rglob(".*")]
            if left:
                print("left behind:", left)
        print(f"{killed} kills ({finished_early} after the end), {rounds} resumed runs, {differing} with other bytes")


if __name__ == "__main__":
    main()

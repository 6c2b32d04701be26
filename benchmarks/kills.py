"""Kill a run many times at random moments, resume it, and compare the final files with those of a quiet run.

    python benchmarks/kills.py --times 60

Each round starts `sim run article --worlds 9000 --months 1 --keep summary` in an empty folder, kills it (SIGKILL, no
chance to clean up) after a random time, up to four times, and lets the fifth start finish.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

COMMAND = [sys.executable, "-m", "sim", "run", "article", "--worlds", "9000", "--months", "1", "--keep", "summary"]
LONGEST = 5.0
"""Seconds after which a run is killed at the latest."""
IN_A_ROW = 4


def content(folder: Path) -> dict[str, bytes]:
    """Return all files of the results."""
    place = folder / "outputs" / "article"
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start the command in a folder."""
    return subprocess.Popen(COMMAND, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=HERE)


HERE = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}


def main() -> None:
    """Count kills, and rounds whose files differ."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=60, help="kills in all")
    times = asked.parse_args().times
    rng = np.random.default_rng(9)
    with tempfile.TemporaryDirectory() as calm:
        if start(Path(calm)).wait() != 0:
            sys.exit("the quiet run failed")
        expected = content(Path(calm))
    killed = rounds = differing = finished_early = 0
    while killed < times:
        with tempfile.TemporaryDirectory() as place:
            for wait in rng.uniform(0.0, LONGEST, IN_A_ROW):
                run = start(Path(place))
                time.sleep(wait)
                finished_early += run.poll() is not None
                run.send_signal(signal.SIGKILL)
                run.wait()
                killed += 1
            if start(Path(place)).wait() != 0:
                sys.exit("a resumed run failed")
            rounds += 1
            differing += content(Path(place)) != expected
            left = [path.name for path in Path(place).rglob(".*")]
            if left:
                print("left behind:", left)
        print(f"{killed} kills ({finished_early} after the end), {rounds} resumed runs, {differing} with other bytes")


if __name__ == "__main__":
    main()

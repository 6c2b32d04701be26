"""End a command many times at random moments, start it again, and compare the final files with those of a quiet one.

    python benchmarks/kills.py --times 60
    python benchmarks/kills.py --times 24 --command sweep --longest 6

Each round starts the command in an empty folder, ends it (SIGKILL, with no chance to clean up, SIGTERM or Ctrl-C) after
a random time, up to four times, and lets the fifth start finish. `run` resumes from its blocks, studies begin anew.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from command_line import ended, files, start

SMALL = ("--worlds", "8", "--months", "3", "--no-figures")
COMMANDS = {
    "run": ("run", "article", "--worlds", "9000", "--months", "1", "--keep", "summary"),
    "compare": ("compare", "article", "sea_route", *SMALL),
    "sweep": ("sweep", "article", "--vary", "routes.khasan.capacity=10:40:3", *SMALL),
    "history": ("history", "sea_route", "--worlds", "8", "--no-figures"),
    "small run": ("run", "article", "--worlds", "8", "--months", "3"),
    "explain": ("explain", "article", "--ask", "shells", "--worlds", "8", "--months", "3"),
    "page": ("page", "article", "--worlds", "8"),
    "report": ("report", "outputs/article"),
    "tables": ("tables", "outputs/article", "all"),
    "figures": ("figures", "outputs/article", "flows", "war"),
    "tidy": ("tidy", "outputs/article"),
    "slides": ("slides", "outputs/article", "--pictures", "routes,shells"),
    "lessons": ("lessons",),
}
OF_A_RUN = ("report", "tables", "figures", "tidy", "slides")
"""Commands that need the folder of a finished run."""
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
CODES = {signal.SIGKILL: -signal.SIGKILL, signal.SIGTERM: 143, signal.SIGINT: 130}
IN_A_ROW = 4
PYTHON_STARTS = ("Fatal Python error: init_", "Could not import runpy module")
"""What Python says, with exit code 1, of Ctrl-C before it has read a line of the program."""


def finished(folder: Path, command: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of the folder, by path, once the command has run to its end in it."""
    said = ended(start(folder, "-m", "sim", *command))
    if said.code != 0:
        sys.exit(f"a command that was not ended failed: {said.err}")
    return files(folder)


def main() -> None:
    """Count signals, rounds whose files differ, tracebacks, and exit codes that are not those of the signal."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--times", type=int, default=60, help="signals in all")
    asked.add_argument("--command", choices=COMMANDS, default="run")
    asked.add_argument("--longest", type=float, default=5.0, help="seconds after which it is ended at the latest")
    asked.add_argument("--seed", type=int, default=9)
    given = asked.parse_args()
    command = COMMANDS[given.command]
    with tempfile.TemporaryDirectory() as above:
        run = Path(above) / "run"
        run.mkdir()
        if given.command in OF_A_RUN:
            finished(run, COMMANDS["small run"])
        calm = Path(above) / "calm"
        shutil.copytree(run, calm)
        attack(given, run, finished(calm, command))


def attack(given: argparse.Namespace, before: Path, expected: dict[str, bytes]) -> None:
    """Start rounds until there were signals enough; each begins with the files of `before`."""
    command, rng = COMMANDS[given.command], np.random.default_rng(given.seed)
    count: Counter[str] = Counter()
    while count["signals"] < given.times:
        with tempfile.TemporaryDirectory() as place:
            shutil.copytree(before, place, dirs_exist_ok=True)
            for wait in rng.uniform(0.0, given.longest, IN_A_ROW):
                run, number = start(Path(place), "-m", "sim", *command), SIGNALS[rng.integers(len(SIGNALS))]
                time.sleep(wait)
                early = run.poll() is not None
                run.send_signal(number)
                said = ended(run)
                count.update(["signals"] + ["after the end"] * early)
                if not early and said.code not in (CODES[number], -number):
                    count["finished all the same" if said.code == 0 else f"code {said.code}"] += 1
                if any(word in said.err for word in PYTHON_STARTS):
                    count["while Python itself started"] += 1
                    continue
                count["tracebacks"] += "Traceback" in said.err
                if "Traceback" in said.err or said.code not in (0, CODES[number], -number):
                    print(f"{number.name} after {wait:.2f} s: {said.code}\n{said.err}", file=sys.stderr, flush=True)
            count["rounds"] += 1
            end = finished(Path(place), command)
            if end != expected:
                count["with other bytes"] += 1
                other = {*end, *expected} - {name for name in end if end[name] == expected.get(name)}
                print(f"other bytes: {sorted(other)[:8]}", file=sys.stderr, flush=True)
            count["left behind"] += sum(1 for _ in Path(place).rglob(".*"))
        print(", ".join(f"{number} {what}" for what, number in count.items()), flush=True)


if __name__ == "__main__":
    main()

"""Give every option and argument of every command odd values, and count what should not happen.

    python benchmarks/odd_options.py --times 400
    python benchmarks/odd_options.py --commands run,explain

Each pair is tried in a process and an empty folder of its own, with an ensemble of few worlds. Faults are a traceback,
an exit code other than 0, 1 and 2, an end that takes longer than `--longest` seconds, files that are left after exit
code 2, and any change to what was there before. The last line counts them.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import typer

import sim.cli
from sim.page import build  # noqa: F401  imported once here, not again in each process

SMALL = ("--worlds", "8", "--months", "2", "--no-figures")
FEW = ("--no-figures", "--seed", "1")
WORDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "article", *SMALL),
    "compare": ("compare", "article", "sea_route", *SMALL),
    "sweep": ("sweep", "article", "--vary", "routes.khasan.capacity=10:40:2", *SMALL),
    "history": ("history", "sea_route", "--worlds", "8", *FEW),
    "calibrate": ("calibrate", "sea_route", "--worlds", "512", "--accept", "20", "--discrepancy", "2", *FEW),
    "sensitivity": (
        *("sensitivity", "article", "--keys", "routes", "--top", "2", "--trajectories", "4", "--samples", "64"),
        *("--months", "2", *FEW),
    ),
    "information": ("information", "article", "--keys", "routes", "--worlds", "160", "--months", "2", *FEW),
    "influence": (
        *("influence", "article", "--outcome", "shells_delivered", "--lever", "routes.khasan.capacity=10:40"),
        *("--worlds", "8", "--months", "1", *FEW),
    ),
    "explain": ("explain", "article", "--ask", "technology", *SMALL),
    "discover": (
        *("discover", "article", "--where", "shells_delivered > p50", "--keys", "routes", "--worlds", "160"),
        *("--months", "2", *FEW),
    ),
    "policy": ("policy", "article", "--levers", "korea", "--minimise", "technology", *SMALL),
    "select": ("select", "theories", "--worlds", "160", *FEW),
    "figures": ("figures", "RUN", "cooperation"),
    "tables": ("tables", "RUN", "decisions"),
    "report": ("report", "RUN"),
    "slides": ("slides", "RUN", "--pictures", "routes"),
    "page": ("page", "article", "--worlds", "8"),
    "lessons": ("lessons", "1"),
    "tidy": ("tidy", "RUN", "--variable", "route_delivered"),
    "decisions": ("decisions", "RUN"),
    "replay": ("replay", "RUN"),
    "validate": ("validate", "article"),
    "show": ("show", "article", "routes"),
    "params": ("params", "routes"),
    "new": ("new", "mine"),
}
"""Command -> a small use of it; RUN is the folder of a run."""
ODD = (
    *("", " ", "-1", "0", "1", "1.5", "1,5", "1e400", "-1e-400", "nan", "inf", "9" * 30, "9" * 4000, "2147483648"),
    *("٣", "１２", "²", "x" * 4000, "ab\ncd", "ab\tcd\x1b[31m", "-x", "--", "~nobody_at_all/x", "~", ".", "..", "/"),
    *("folder", "folder/", "missing", "missing/below", "pipe", "pipe/x", "file", "/dev/null", "/dev/zero", "/dev/full"),
    *("loop", "lost", "a=b", "=", "a=", "a:b:c", "+", "article+", "[x]", "{x}", "%s", "$(x)", "*", "a,b,,", ","),
    *(
        "con",
        "a.",
        "é",
        "‮abc",
        "all",
        "none",
        "auto",
        "article",
        "routes",
        "2024-02-30",
        "0000-00",
        "2023-10",
        "\udcff",
    ),
)


def fill(place: Path) -> None:
    """Put into a folder what odd values name: a folder, a file, a pipe, a circle of links, a link to nothing."""
    (place / "folder").mkdir()
    (place / "folder" / "mine.txt").write_text("mine", encoding="utf-8")
    (place / "file").write_text("mine", encoding="utf-8")
    os.mkfifo(place / "pipe")
    (place / "loop").symlink_to("loop")
    (place / "lost").symlink_to("nowhere")


def state(place: Path) -> dict[str, tuple[int, int]]:
    """Return what lies in a folder: path -> size and time of the last change."""
    return {
        path.relative_to(place).as_posix(): (found.st_size if not path.is_dir() else 0, found.st_mtime_ns)
        for path in sorted(place.rglob("*"))
        if (found := path.lstat()) and not path.is_dir()
    } | {f"{path.relative_to(place)}/": (0, 0) for path in place.rglob("*") if path.is_dir()}


def called(place: Path, words: list[str]) -> int:
    """Call a command in a process of its own that begins here; return its process number."""
    number = os.fork()
    if number:
        return number
    code = 99
    try:
        os.setsid()
        os.chdir(place)
        said = os.open(place.parent / f"{place.name}.said", os.O_WRONLY | os.O_CREAT)
        for stream in (1, 2):
            os.dup2(said, stream)
        sys.argv = ["sim", *words]
        sim.cli.main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def tried(words: list[str], run: Path, longest: float) -> tuple[str, str]:
    """Return what is wrong with the end of a command, empty if nothing is, and what it said."""
    with tempfile.TemporaryDirectory() as above:
        place, own = Path(above) / "here", Path(above) / "run"
        place.mkdir()
        fill(place)
        shutil.copytree(run, own)
        before, run_before = state(place), state(own)
        number = called(place, [str(own) if word == "RUN" else word for word in words])
        until, status = time.monotonic() + longest, None
        while status is None and time.monotonic() < until:
            done, found = os.waitpid(number, os.WNOHANG)
            status = os.waitstatus_to_exitcode(found) if done else None
            time.sleep(0.01)
        if status is None:
            os.killpg(number, signal.SIGKILL)
            os.waitpid(number, 0)
        text = (Path(above) / "here.said").read_text(encoding="utf-8", errors="replace")
        after, run_after = state(place), state(own)
    if status is None:
        return "no end", text
    if "Traceback" in text or "what to send" in text or status not in (0, 1, 2):
        return f"code {status}", text
    if status and (after != before or run_after != run_before):
        return f"left behind: {sorted(set(after.items()) ^ set(before.items()))[:4]}", text
    if any(before[name] != after.get(name) for name in before if name != "folder/"):
        return "changed what was there", text
    if any(Path(name).name.startswith(".") for name in {*after, *run_after}):
        return "hidden files left", text
    return ("" if status in (0, 2) else "1, which may be right"), text


def pairs(commands: list[str]) -> list[tuple[str, str, list[str]]]:
    """Return every command, with the name of an option, and the words with an odd value of it."""
    tree = typer.main.get_command(sim.cli.app)
    found = []
    for name in commands:
        base = list(WORDS[name])
        for given in tree.commands[name].params:  # type: ignore[attr-defined]
            if getattr(given, "is_flag", False):
                continue
            for value in ODD:
                if given.param_type_name == "option":
                    words = [*base, f"{given.opts[0]}={value}"]
                else:  # in place of the first argument, or beside it
                    words = [name, *base[2:], "--", value]
                    words = words if given is tree.commands[name].params[0] else [*base, "--", value]  # type: ignore[attr-defined]
                found.append((name, str(given.name), words))
    return found


def main() -> None:
    """Try pairs drawn by a seed, or all of them, and print every fault."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--times", type=int, default=0, help="pairs that are drawn; all without it")
    asked.add_argument("--commands", default=",".join(WORDS))
    asked.add_argument("--longest", type=float, default=180.0, help="seconds after which a command counts as hanging")
    asked.add_argument("--seed", type=int, default=9)
    given = asked.parse_args()
    everything = pairs(given.commands.split(","))
    rng = np.random.default_rng(given.seed)
    order = rng.permutation(len(everything))[: given.times or len(everything)]
    count: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as above:
        run = Path(above) / "run"
        words = ["run", "article", "--worlds", "8", "--months", "2", "--no-figures", "--out", str(run)]
        os.waitpid(called(Path(above), words), 0)
        for number in order:
            name, option, words = everything[number]
            wrong, text = tried(words, run, given.longest)
            count["pairs"] += 1
            count[wrong.partition(":")[0] or "as they should be"] += 1
            if wrong:
                shown = [word if len(word) < 90 else f"{word[:40]}… {len(word)}" for word in words]
                print(f"{name} {option}: {wrong}\n  {shown!r}\n  {text[-1500:]!r}", flush=True)
            if count["pairs"] % 100 == 0:
                print(dict(count), flush=True)
    print(f"{len(everything):,} pairs there are; " + ", ".join(f"{number:,} {what}" for what, number in count.items()))


if __name__ == "__main__":
    main()

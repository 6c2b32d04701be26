"""What the engine is worth beside an ordinary Mesa model, and beside what the machine can do.

    python benchmarks/yardsticks.py              measure (some twenty minutes), print Markdown, save curves.png and .csv
    python benchmarks/yardsticks.py --quick      small numbers, to try it; saves to outputs/yardsticks
    python benchmarks/yardsticks.py --markdown   also put the tables into benchmarks/README.md

Measured on one scenario: (a) the plain Mesa model of one world (`tests/oracle/mesa_model.py`) by `mesa.batch_run` in
two processes, (b) the engine in plain NumPy, (c) the engine with its compiled path, each in a process of its own. All
three must come to the same outcomes world by world. Times are minima of several repetitions, wall and processor time.
"""

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
if __name__ == "__main__":
    sys.path[1:1] = [str(ROOT)]
Found = dict[str, Any]


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    mesa: tuple[int, ...] = (2, 12, 48)
    "worlds of the batches"
    thousand: int = 1000
    times: int = 5
    worlds: tuple[int, ...] = (1, 10, 100, 1_000, 10_000, 100_000)
    months: tuple[int, ...] = (6, 12, 24, 36, 48, 72)
    months_worlds: int = 512


QUICK = Sizes((2, 8), 128, 2, (1, 10, 100), (6, 12, 24), 64)


def in_own_process(script: str, argument: str, environment: dict[str, str]) -> Found:
    """Run a script of this folder and return the JSON that it prints; its progress goes to the screen."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    kept = {key: value for key, value in os.environ.items() if key != "SIM_COMPILED"}
    words, environment = [sys.executable, str(HERE / script), argument], {**kept, "PYTHONPATH": path, **environment}
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{script} has failed; its message is above")
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(scenario: str, sizes: Sizes) -> Found:
    """Measure everything and return plain numbers."""
    import mesa_yardstick as plain
    from measuring import say

    import sim

    months = sim.load(scenario).months
    found: Found = {"scenario": scenario, "months": months, "sizes": asdict(sizes), "machine": machine()}
    say("limits of the machine")
    found["limits"] = in_own_process("measuring.py", "", {"OPENBLAS_NUM_THREADS": "1"})
    say("plain Mesa model")
    batches = [plain.batch(scenario, worlds, min(sizes.times, 3)) for worlds in sizes.mesa]
    found["mesa"] = {
        "batches": [{"worlds": worlds, **asdict(time)} for worlds, (time, _) in zip(sizes.mesa, batches, strict=True)],
        "months": [{"months": m, **asdict(plain.one_world(scenario, m, sizes.times))} for m in sizes.months],
        "outcomes": plain.outcomes(batches[-1][1]),
    }
    task: Found = {"scenario": scenario, "months": months, "compared": sizes.mesa[-1], "thousand": sizes.thousand}
    task |= {"times": sizes.times, "worlds_curve": sizes.worlds, "months_curve": sizes.months}
    task |= {"months_worlds": sizes.months_worlds}
    say("engine in plain NumPy")
    found["numpy"] = in_own_process("engine_worker.py", json.dumps(task), {"SIM_COMPILED": "0"})
    found["compiled"] = None
    if importlib.util.find_spec("llvmlite") is not None:
        say("engine, compiled")
        found["compiled"] = in_own_process("engine_worker.py", json.dumps(task), {})
    return found


def machine() -> Found:
    """Return what it was measured on."""
    names = ("mesa", "numpy", "llvmlite")
    libraries = {name: version(name) for name in names if importlib.util.find_spec(name) is not None}
    return {"python": platform.python_version(), "cores": os.cpu_count(), "processor": processor(), **libraries}


def processor() -> str:
    """Return the name of the processor where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def main() -> None:
    """Measure, print, save."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="small numbers, to try it")
    options.add_argument("--markdown", action="store_true", help="put the tables into benchmarks/README.md")
    options.add_argument("--scenario", default="article", help="a shipped scenario")
    options.add_argument("--most", type=int, help="most worlds of the curve over worlds")
    options.add_argument("--times", type=int, help="repetitions")
    options.add_argument("--again", action="store_true", help="do not measure, use the numbers saved last")
    asked = options.parse_args()
    outputs = ROOT / "outputs" / "yardsticks"
    outputs.mkdir(parents=True, exist_ok=True)
    folder = outputs if asked.quick else HERE
    saved = outputs / ("quick.json" if asked.quick else "measured.json")
    if asked.again:
        if not saved.exists():
            raise SystemExit("--again: nothing has been measured yet")
        found = json.loads(saved.read_text(encoding="utf-8"))
    else:
        sizes = QUICK if asked.quick else Sizes()
        if asked.most:
            sizes = replace(sizes, worlds=tuple(n for n in sizes.worlds if n <= asked.most))
        if asked.times:
            sizes = replace(sizes, times=asked.times)
        found = measure(asked.scenario, sizes)
        saved.write_text(json.dumps(found, indent=1), encoding="utf-8")

    from curves import draw, write_csv
    from tables import into_readme, tables

    draw(found, folder / "curves.png")
    write_csv(found, folder / "curves.csv")
    text = tables(found)
    print(text)
    if asked.markdown:
        into_readme(text, HERE / "README.md")


if __name__ == "__main__":
    main()

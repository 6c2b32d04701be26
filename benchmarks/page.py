"""How fast a page answers in Chromium: `python -m benchmarks.page`, or of a file `python -m benchmarks.page FILE`.

A slider is moved by the keyboard, and the page's own clock tells when the first worlds and when all worlds were drawn.
The load of the machine stands beside it, for workers share its cores; processor time depends less on it.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from sim.page.build import page_of
from sim.page.levers import DEFAULT
from sim.scenario import load

SCENARIOS = ("article", "sea_route", "max_pressure")
LEVERS = {"routes.khasan.capacity": "ArrowLeft", "PRK.food.harvest": "ArrowRight"}
"""Levers that are moved, and by which key: the months before the first read the second of them, not the first."""
LOADS, MOVES = 5, 20
PATIENCE = 60.0


def main() -> None:
    """Print a table of the times of a page."""
    from playwright.sync_api import sync_playwright

    if len(sys.argv) > 1:
        path = Path(sys.argv[1])
    else:
        path = Path(tempfile.mkdtemp()) / "page.html"
        path.write_text(page_of([load(name) for name in SCENARIOS], SCENARIOS, DEFAULT), encoding="utf-8")
    print(f"{path.stat().st_size / 1e6:.2f} MB, {len(SCENARIOS)} scenarios; load before {os.getloadavg()[0]:.1f}")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shown = [_load(chromium, path) for _ in range(LOADS)]
        _tell("load to first bands", shown)
        for lever, key in LEVERS.items():
            times = _moves(chromium, path, lever, key)
            _tell(f"{lever} to first 40 worlds", [one["first"] for one in times])
            _tell(f"{lever} to bands of 200 worlds", [one["whole"] for one in times])
        chromium.close()
    print(f"load after {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")


def _load(chromium: Any, path: Path) -> float:
    """Return the milliseconds from the start of loading to the first bands."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri())
    found = _until(page, "window.simPage && window.simPage.first")
    page.close()
    return float(found)


def _moves(chromium: Any, path: Path, lever: str, key: str) -> list[dict[str, float]]:
    """Return the times of some moves of a slider, each after the one before is drawn."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri())
    _until(page, "window.simPage && window.simPage.times.length > 0")
    page.focus(f"[id='lever-{lever}']")
    _until(page, "document.getElementById('digest').textContent")
    before = _processor()
    for move in range(MOVES):
        page.keyboard.press(key)
        _until(page, f"window.simPage.times.length > {move + 1}")
    spent = (_processor() - before) / MOVES
    found = page.evaluate("window.simPage.times")
    page.close()
    print(f"processor time of a move, all threads of the page: {1000.0 * spent:.0f} ms")
    return list(found[1:])


def _processor() -> float:
    """Return the seconds of processor time of all pages of browsers so far (Linux; elsewhere 0)."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if "--type=renderer" in (folder / "cmdline").read_text(encoding="utf-8"):
                after = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                ticks += int(after[11]) + int(after[12])
        except OSError:
            continue  # the process has ended
    return ticks / os.sysconf("SC_CLK_TCK")


def _until(page: Any, expression: str) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := page.evaluate(expression)):
        if time.monotonic() > end:
            raise TimeoutError(expression)
        time.sleep(0.02)
    return found


def _tell(what: str, values: list[float]) -> None:
    low, middle, high = np.quantile(values, (0.0, 0.5, 0.95))
    print(f"{what}: least {low:.0f} ms, p50 {middle:.0f} ms, p95 {high:.0f} ms ({len(values)} times)")


if __name__ == "__main__":
    main()

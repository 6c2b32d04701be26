"""Seconds against worlds and against months, as a figure and as a table."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from sim.present.palette import BLACK, BLUE, RED
from sim.present.style import DPI, SMALL_PRINT, panels, plain_number, styled

Found = dict[str, Any]
LOOKS: dict[str, dict[str, Any]] = {
    "plain Mesa model": {"color": RED, "marker": "s", "linestyle": "-"},
    "engine, NumPy": {"color": BLUE, "marker": "o", "linestyle": "-"},
    "engine, compiled": {"color": BLACK, "marker": "^", "linestyle": (0, (7, 2))},
}


def points(found: Found) -> list[dict[str, Any]]:
    """Return all points measured: who, axis (worlds or months), at, worlds, wall and processor seconds."""
    rows: list[dict[str, Any]] = []

    def add(who: str, axis: str, at: int, worlds: int, one: Found) -> None:
        row = {"who": who, "axis": axis, "at": at, "worlds": worlds}
        rows.append({**row, "wall_s": one["wall"], "processor_s": one["cpu"]})

    for one in found["mesa"]["batches"]:
        add("plain Mesa model", "worlds", one["worlds"], one["worlds"], one)
    for one in found["mesa"]["months"]:
        add("plain Mesa model", "months", one["months"], 1, one)
    engines = {"engine, NumPy": found["numpy"], "engine, compiled": found["compiled"]}
    for who, engine in engines.items():
        if engine is not None and (who == "engine, NumPy" or engine["llvmlite"]):
            for one in engine["curve"]:
                add(who, "worlds", one["worlds"], one["worlds"], one)
            for one in engine["months"]:
                add(who, "months", one["months"], one["worlds"], one)
    return rows


def write_csv(found: Found, path: Path) -> None:
    """Write the points as a table."""
    rows = points(found)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def draw(found: Found, path: Path) -> None:
    """Draw two panels: seconds of a run against its worlds, processor milliseconds a world against months."""
    with styled():
        figure = Figure(figsize=(13.0, 7.0), dpi=DPI)
        FigureCanvasAgg(figure)
        figure.text(0.01, 0.985, "What a run takes", ha="left", va="top", fontweight="bold", fontsize=16.0)
        left, right = panels(figure, 1, 2, left=0.95, top=0.95, bottom=1.05, across=1.15)[0]
        rows = points(found)
        for who, look in LOOKS.items():
            mine = [row for row in rows if row["who"] == who]
            _against(left, [(r["at"], r["wall_s"]) for r in mine if r["axis"] == "worlds"], who, look)
            per_world = [(r["at"], 1e3 * r["processor_s"] / r["worlds"]) for r in mine if r["axis"] == "months"]
            _against(right, per_world, who, look)
        _further(left, found)
        _axes(left, f"Wall time, {found['months']} months (Mesa: two processes)", "worlds", "seconds")
        worlds = found["sizes"]["months_worlds"]
        _axes(right, f"Processor time (engine: {worlds:,} worlds)", "months", "milliseconds a world")
        right.set_xticks([row["months"] for row in found["mesa"]["months"]])
        handles, labels = left.get_legend_handles_labels()
        figure.legend(handles, labels, loc="lower left", bbox_to_anchor=(0.005, 0.04), ncols=4, handlelength=3.0)
        m = found["machine"]
        origin = f"scenario {found['scenario']}; {m['processor']}, {m['cores']} cores, Python {m['python']}"
        origin += f", NumPy {m['numpy']}, Mesa {m['mesa']}"
        figure.text(0.99, 0.01, origin, ha="right", fontsize=SMALL_PRINT, color="#595959")
        figure.savefig(path, dpi=DPI)


def _against(ax: Axes, xy: list[tuple[float, float]], who: str, look: Found) -> None:
    if xy:
        ax.plot(*zip(*xy, strict=True), label=who, markersize=8, **look)


def _further(ax: Axes, found: Found) -> None:
    """Carry the Mesa model on to as many worlds as the engine ran, at the cost of each further world."""
    few, many = found["mesa"]["batches"][0], found["mesa"]["batches"][-1]
    each = (many["wall"] - few["wall"]) / (many["worlds"] - few["worlds"])
    most = found["numpy"]["curve"][-1]["worlds"]
    if most > many["worlds"]:
        x = np.geomspace(many["worlds"], most, 50)
        y = many["wall"] + each * (x - many["worlds"])
        ax.plot(x, y, color=RED, linestyle=":", label="plain Mesa model, carried on, not measured")


def _axes(ax: Axes, title: str, x: str, y: str) -> None:
    ax.set_title(title)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(plain_number))
        axis.set_minor_formatter(NullFormatter())

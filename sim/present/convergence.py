"""How the intervals of outcomes narrow as worlds are added: table, file and figure."""

from collections.abc import Iterator, Sequence
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.table import Table

from sim.analysis.convergence import Check
from sim.present.naming import tell
from sim.present.palette import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY
from sim.present.style import DPI, SMALL_PRINT, grid
from sim.present.text import terminal_table
from sim.present.words import capital
from sim.texts.spoken import joined, written

COLOURS = (BLUE, RED, GREEN, ORANGE, PURPLE, SKY, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def convergence_table(checks: Sequence[Check], precision: float) -> Table:
    """Return a table with one row for each check."""
    heads = (tell("enough.worlds"), *checks[0].widths)
    rows = (
        (written(f"{one.worlds:,}"), *(written(f"{100 * width.worst:.1f}") for width in one.widths.values()))
        for one in checks
    )
    title = joined(tell("enough.rule"), tell("enough.target", share=written(f"{100 * precision:g}")))
    return terminal_table(title, heads, rows, right=heads)


def convergence_rows(checks: Sequence[Check], precision: float) -> Iterator[Sequence[object]]:
    """Yield the rows of convergence.csv, one per check and outcome; widths as shares of the 90 % band."""
    yield "worlds", "outcome", "mean", "q05", "q50", "q95", "asked"
    for one in checks:
        for name, width in one.widths.items():
            numbers = (width.mean, width.low, width.mid, width.high, precision)
            yield one.worlds, name, *(f"{number:.6g}" for number in numbers)


def draw_convergence(checks: Sequence[Check], precision: float) -> Figure:
    """Draw the widest interval of every outcome against the number of worlds."""
    figure = Figure(figsize=(12.0, 7.0), dpi=DPI)
    FigureCanvasAgg(figure)
    figure.text(0.01, 0.985, tell("enough.title"), ha="left", va="top", fontweight="bold", fontsize=16.0)
    figure.text(
        0.01, 0.01, f"{capital(tell('enough.rule'))}.", ha="left", va="bottom", fontsize=SMALL_PRINT, color="#595959"
    )
    ax = figure.add_subplot(grid(figure, 1, 1, left=1.0, right=3.4, top=0.8, bottom=1.0)[0])
    worlds = [one.worlds for one in checks]
    shown: dict[str, Any] = {"linewidth": 2.0, "markersize": 8.0}
    for number, name in enumerate(checks[0].widths):
        values = [100.0 * one.widths[name].worst for one in checks]
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
        ax.plot(worlds, values, color=colour, marker=marker, label=name, **shown)
    target = tell("enough.target_share", share=written(f"{100 * precision:g}"))
    ax.axhline(100.0 * precision, color=GREY, linestyle="--", linewidth=2.0, label=target)
    ax.set_xscale("log", base=2)
    ax.set_xticks(worlds, [written(f"{number:,}") for number in worlds])
    ax.minorticks_off()
    ax.set_ylim(bottom=0.0)
    ax.set(xlabel=tell("enough.worlds"), ylabel=tell("enough.axis"))
    ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return figure

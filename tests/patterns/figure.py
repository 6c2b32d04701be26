"""The figure of the claims: sizes of all patterns in standard deviations, by verdict."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.present.page import save_drawing
from sim.present.style import DPI

from .rules import SEEDS, SIGMAS, SMALLEST, VERDICTS, Change, Evidence

LOOKS = {"shown": ("#0072B2", "o"), "weak": ("#E69F00", "D"), "not shown": ("#000000", "X")}
"""Colour (Okabe and Ito 2008) and marker of each verdict."""
TICKS = (-0.2, 0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
LONGEST = 88
"""Letters of a label."""


def draw(rows: Sequence[Evidence], paths: Sequence[Path]) -> None:
    """Write one picture for each path, with the claims shared out among them in their order."""
    claims = list(dict.fromkeys(row.claim for row in rows))
    share = -(-len(claims) // len(paths))
    for k, path in enumerate(paths):
        mine = [row for row in rows if row.claim in claims[k * share : (k + 1) * share]]
        stem = path.with_suffix("")
        save_drawing(partial(_figure, mine), stem)
        stem.with_suffix(".svg").unlink()


def _figure(rows: Sequence[Evidence]) -> Figure:
    figure = Figure(figsize=(13.0, 1.5 + 0.235 * len(rows)), dpi=DPI)
    FigureCanvasAgg(figure)
    height = figure.get_figheight()
    ax = figure.add_axes((0.535, 0.75 / height, 0.455, 1.0 - 1.35 / height))
    for place, row in enumerate(rows):
        colour, marker = LOOKS[row.verdict]
        whole: dict[str, Any] = {"fmt": marker, "color": colour, "markersize": 6.5, "linewidth": 1.4}
        first, second = (found.effect for found in row.seeds)
        ax.errorbar(first.size, place - 0.12, xerr=SIGMAS * _error(first), **whole)
        ax.plot(second.size, place + 0.22, marker, color=colour, markerfacecolor="white", markersize=4.5)
    _axes(ax, rows)
    handles = [Line2D([], [], color=c, marker=m, linestyle="", label=v) for v, (c, m) in LOOKS.items() if v in VERDICTS]
    handles.append(
        Line2D([], [], color="#595959", marker="o", linestyle="", markerfacecolor="white", label=f"seed {SEEDS[1]}")
    )
    figure.legend(
        handles=handles, loc="upper right", ncols=4, frameon=False, bbox_to_anchor=(0.995, 1.0 - 0.12 / height)
    )
    claims = f"{rows[0].claim} to {rows[-1].claim}"
    figure.text(
        0.01, 1.0 - 0.15 / height, f"Size of the patterns, {claims}", va="top", fontweight="bold", fontsize=15.0
    )
    return figure


def _axes(ax: Axes, rows: Sequence[Evidence]) -> None:
    ax.set_xscale("symlog", linthresh=SMALLEST, linscale=0.5)
    ax.set_xlim(-0.3, 9.0)
    ax.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
    ax.minorticks_off()
    ax.axvspan(-SMALLEST, SMALLEST, color="#DDDDDD", zorder=0)
    ax.axvline(0.0, color="#595959", linewidth=0.8)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), [_label(row) for row in rows], fontsize=9.5)
    ax.tick_params(axis="y", length=0.0)
    for place in range(1, len(rows)):
        if rows[place].claim != rows[place - 1].claim:
            ax.axhline(place - 0.5, color="#BBBBBB", linewidth=0.7)
    ax.set_xlabel(
        f"effect in standard deviations of the outcome, with {SIGMAS:g} standard errors; "
        f"grey: below {SMALLEST:g}, the smallest of interest"
    )
    ax.xaxis.label.set_x(0.22)


def _label(row: Evidence) -> str:
    text = f"{row.claim}  {row.pattern}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rsplit(' ', 1)[0]} …"


def _error(change: Change) -> float:
    """Standard error in standard deviations of the outcome."""
    return abs(change.error * change.size / change.mean) if change.mean else 0.0

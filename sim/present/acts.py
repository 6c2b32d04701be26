"""Acts on the time axis: a strip with one row per act, and faint lines for the scheduled ones."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from sim.analysis.acts import Act, acts, notable
from sim.analysis.calendar import month_ends
from sim.present.palette import BLACK, GREY
from sim.present.style import time_axis

ROWS = 6


def acts_panel(ds: xr.Dataset, ax: Axes, actors: frozenset[str] | None = None, rows: int = ROWS) -> None:
    """One row per notable act of `actors` (default: everyone).

    Diamond: scheduled by the scenario. Dot: done in at least half of the worlds in that month. Ring: median
    first month of an act that at least half of the worlds see, but not in the same month.
    """
    chosen = [act for act in notable(ds) if actors is None or set(act.actors) <= actors][:rows]
    x = month_ends(ds)
    for row, act in enumerate(chosen):
        _draw_act(ax, x, row, act)
    ax.set_ylim(max(len(chosen), 1) - 0.5, -0.5)
    ax.grid(False)
    ax.set_title(
        "\u25c6 scheduled   \u25cf in half of worlds or more   \u25cb first time (median)",
        loc="right",
        fontsize=12.0,
    )
    time_axis(ax, ds)
    ax.set_yticks(range(len(chosen)), [act.label for act in chosen])
    ax.tick_params(axis="y", length=0)
    for side in ("left", "top", "right"):
        ax.spines[side].set_visible(False)
    if not chosen:
        ax.text(0.01, 0.5, "no act in half of the worlds", transform=ax.transAxes, va="center", color=GREY)


def _draw_act(ax: Axes, x: np.ndarray, row: int, act: Act) -> None:
    """The marks of one act."""
    ax.axhline(row, color="#E4E4E4", linewidth=0.8, zorder=0)
    common = (act.share >= 0.5) & ~act.scheduled
    ax.plot(x[common], np.full(common.sum(), row), "o", color=BLACK, markersize=7)
    ax.plot(x[act.scheduled], np.full(act.scheduled.sum(), row), "D", color=BLACK, markersize=8)
    if act.first is not None and not common.any() and not act.scheduled.any():
        ax.plot(x[act.first], row, "o", color=BLACK, markerfacecolor="white", markersize=8)


NOTE = "dotted lines: scheduled acts"


def mark_scheduled(ds: xr.Dataset, *axes: Axes) -> None:
    """Faint dotted lines at the months of scheduled acts."""
    x = month_ends(ds)
    months = sorted({int(month) for act in acts(ds) for month in np.flatnonzero(act.scheduled)})
    for ax in axes:
        for month in months:
            ax.axvline(x[month], color=GREY, linewidth=1.0, linestyle=":", zorder=0)

"""Acts on the time axis: a strip with one row per act, and faint lines for the scheduled ones."""

import json

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from sim.analysis.acts import Act, notable
from sim.analysis.calendar import month_ends
from sim.present.naming import act_short, codes_note, shows
from sim.present.palette import BLACK, GREY
from sim.present.style import SINGLE_WORLDS, time_axis
from sim.scenario.event import event_from_dict
from sim.scenario.happenings import occurrences
from sim.texts.spoken import joined

ROWS = 6
DOT = 64.0
"Area of a dot for all worlds, square points."
SMALLEST = 8.0
"Area of the smallest dot, which a projector still shows: four dots of the screen across."
FAINT = "#A6A6A6"


def acts_panel(ds: xr.Dataset, ax: Axes, actors: frozenset[str] | None = None, rows: int = ROWS) -> None:
    """Draw one row per notable act of `actors` (default: all), at most `rows`.

    Diamond: scheduled by the scenario. Dot: its area is the share of worlds that see the act in that month,
    black from one half on. Ring: median first month of an act that the scenario does not schedule.
    """
    chosen = [act for act in notable(ds) if actors is None or set(act.actors) <= actors][:rows]
    x = month_ends(ds)
    for row, act in enumerate(chosen):
        _draw_act(ax, x, row, act)
    ax.set_ylim(max(len(chosen), 1) - 0.5, -0.5)
    ax.grid(False)
    ax.set_title(
        shows("acts_key"),
        loc="right",
        fontsize=12.0,
    )
    time_axis(ax, ds)
    ax.set_yticks(range(len(chosen)), [act_short(act) for act in chosen])
    ax.tick_params(axis="y", length=0)
    for side in ("left", "top", "right"):
        ax.spines[side].set_visible(False)
    if not chosen:
        ax.text(0.01, 0.5, shows("no_act"), transform=ax.transAxes, va="center", color=GREY)


def _draw_act(ax: Axes, x: np.ndarray, row: int, act: Act) -> None:
    ax.axhline(row, color="#E4E4E4", linewidth=0.8, zorder=0)
    share = np.where(act.scheduled, 0.0, act.share)
    for common, colour in ((False, FAINT), (True, BLACK)):
        at = (share > 0.0) & ((share >= 0.5) == common)
        ax.scatter(
            x[at],
            np.full(at.sum(), row),
            s=np.maximum(DOT * share[at], SMALLEST),
            color=colour,
            linewidths=0.0,
            zorder=2,
        )
    ax.plot(x[act.scheduled], np.full(act.scheduled.sum(), row), "D", color=BLACK, markersize=8)
    if act.first is not None and not act.scheduled.any():
        ax.plot(x[act.first], row, "o", color=BLACK, markerfacecolor="none", markersize=12)


def note(ds: xr.Dataset, *, single: bool = True, codes: bool = True) -> str:
    """Return the footer: what dotted and thin lines are and, above it, the countries behind the codes."""
    text = shows("dotted")
    drawn = min(SINGLE_WORLDS, ds.sizes["world"])
    if single and drawn > 1 and ds.sizes["month"] > 1:
        text = joined(text, shows(f"thin.{drawn}"))
    return f"{codes_note()}\n{text}" if codes else text


def mark_scheduled(ds: xr.Dataset, *axes: Axes) -> None:
    """Draw faint dotted lines at the months of scheduled acts and of scheduled changes of parameters."""
    x = month_ends(ds)
    events = json.loads(ds.attrs.get("scenario", "{}")).get("events", [])
    months = sorted({month for event in events for month in occurrences(event_from_dict(event), len(x))})
    for ax in axes:
        for month in months:
            ax.axvline(x[month], color=GREY, linewidth=1.0, linestyle=":", zorder=0)

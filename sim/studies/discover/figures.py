"""Figures of a scenario discovery: the box with its worlds, and the peeling trajectory."""

import textwrap
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from sim.present.labels import LABEL_LINE, axis_label, named_axis, named_rows
from sim.present.page import page
from sim.present.palette import BLACK, BLUE, GREY, ORANGE, RED
from sim.present.style import number_axis, panels
from sim.present.words import plain_number, significant
from sim.studies.discover.analysis import Discovery
from sim.studies.discover.words import base, fit_words, say, strongest, without_effect
from sim.texts.spoken import foreign, kept

SHOWN = 8
"""Most restricted parameters that fit the figure."""
LEFT = 3.9
"""Inches for the names of parameters."""
LONGEST, LONGEST_AXIS = 60, 50
"""Characters in a line left of a range, and of the label of an axis, where parameters are told in words."""


def box(found: Discovery, ds: xr.Dataset) -> Figure:
    """Draw the limits of the box within the drawn ranges, and the worlds over its two strongest parameters."""
    keys = strongest(found)[:SHOWN]
    height = max(7.2, 3.6 + 0.75 * len(keys))
    note = say("figure.box_note", verdict=_verdict(found))
    rows, pair = named_rows(0.75, LEFT), _pair(keys, found)
    below = LABEL_LINE * named_axis(pair[0], LONGEST_AXIS).count("\n") if keys else 0.0
    figure = page(ds, _title("box", ds), (13.0 + rows.room - LEFT, height + below), note)
    cells = panels(figure, 1, 2, left=rows.room, right=0.3, top=0.95, bottom=2.1 + below, across=1.4)[0]
    if not keys:
        for ax in cells:
            ax.set_axis_off()
        cells[0].text(0.5, 0.5, say("figure.none"), ha="center", color=GREY, fontsize=14.0)
        return figure
    if not found.significant:
        figure.text(0.3 / 13.0, 1.3 / (height + below), say("figure.no_finding"), color=RED, fontweight="bold")
    _ranges(cells[0], keys, found, ds, rows.size)
    _worlds(cells[1], pair, found, ds)
    place = -0.1, -0.15 - below / (height - 3.05)
    cells[1].legend(loc="upper left", bbox_to_anchor=place, ncols=2, markerscale=1.6, columnspacing=1.0)
    return figure


def _pair(keys: list[str], found: Discovery) -> list[str]:
    """Return the two parameters of the box, or its only one and the next that entered the search."""
    others = (other for other in found.candidates if other not in keys)
    return keys[:2] if len(keys) > 1 else [*keys, next(others, *keys)] if keys else []


def _verdict(found: Discovery) -> str:
    """Return how well the box fits."""
    return say(f"figure.{'verdict' if found.significant else 'verdict_not_significant'}", **fit_words(found))


def _title(which: str, ds: xr.Dataset) -> str:
    return textwrap.fill(say(f"figure.{which}", where=ds.attrs["where"].strip()), 88)


def _ranges(ax: Axes, keys: list[str], found: Discovery, ds: xr.Dataset, size: float | None) -> None:
    for y, key in enumerate(reversed(keys)):
        drawn = ds["value"].sel(key=key).values
        low, high = float(drawn.min()), float(drawn.max())
        ends = [(float(np.clip(end, low, high)) - low) / (high - low) for end in found.box.limits[key]]
        ax.barh(y, 1.0, color="#E4E4E4", height=0.26)
        ax.barh(y, ends[1] - ends[0], left=ends[0], height=0.26, **_look_of_bar(found))
        for side, end in enumerate(found.box.limits[key]):
            if np.isfinite(end):
                place = "right" if ends[side] > 0.8 else "left" if ends[side] < 0.2 else "center"
                ax.text(ends[side], y + 0.2, significant(end), ha=place, va="bottom", fontsize=12.0)
        ax.text(0.0, y - 0.18, significant(low), ha="left", va="top", color=GREY)
        ax.text(1.0, y - 0.18, significant(high), ha="right", va="top", color=GREY)
    ax.set_yticks(range(len(keys)), [_row(key) for key in reversed(keys)], fontsize=size)
    ax.set(ylim=(-0.6, len(keys) - 0.4), xlim=(-0.01, 1.01))
    ax.set_xticks([])
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(length=0)


def _row(key: str) -> str:
    """Return a parameter left of its range: key and unit, each in a line; with its name in another language."""
    return named_axis(key, LONGEST) if foreign() else axis_label(key).replace(", ", ",\n")


def _look_of_bar(found: Discovery) -> dict[str, Any]:
    """Return the look of a box in its range: only a finding is filled."""
    if found.significant:
        return {"color": BLUE}
    return {"facecolor": "none", "edgecolor": GREY, "linestyle": (0, (3, 2)), "linewidth": 1.5}


def _worlds(ax: Axes, keys: list[str], found: Discovery, ds: xr.Dataset) -> None:
    met = ds["met"].values[found.testing].astype(bool)
    x, y = (ds["value"].sel(key=key).values[found.testing] for key in keys)
    ax.plot(x[~met], y[~met], "o", color="#BDBDBD", markersize=4, label=say("figure.fails"))
    ax.plot(x[met], y[met], "^", color=RED, markersize=5, alpha=0.8, label=say("figure.meets"))
    ax.set_xlim(ax.get_xlim())
    ax.set_ylim(ax.get_ylim())
    across, up = (found.box.limits.get(key, (-np.inf, np.inf)) for key in keys)
    (left, right), (bottom, top) = np.clip(across, *ax.get_xlim()), np.clip(up, *ax.get_ylim())
    look: dict[str, Any] = {"color": GREY, "linewidth": 1.5, "linestyle": (0, (3, 2)), "zorder": 5}
    if found.significant:
        shade: dict[str, Any] = {"color": BLUE, "alpha": 0.12, "linewidth": 0, "zorder": 1}
        ax.add_patch(Rectangle((left, bottom), right - left, top - bottom, **shade))
        look = {"color": BLACK, "linewidth": 2.5, "zorder": 5}
    for end in filter(np.isfinite, across):
        ax.plot([end, end], [bottom, top], **look)
    for end in filter(np.isfinite, up):
        ax.plot([left, right], [end, end], **look)
    ax.plot([], [], label=say("figure.limit"), **look)
    ax.set(xlabel=named_axis(keys[0], LONGEST_AXIS), ylabel=named_axis(keys[1], LONGEST_AXIS))
    number_axis(ax)


def trajectory(found: Discovery, control: Discovery, ds: xr.Dataset) -> Figure:
    """Draw coverage against density of every peeled box, on both halves of the worlds, and of the control."""
    note = say("figure.trajectory_note", how=without_effect(ds))
    figure = page(ds, _title("trajectory", ds), (12.0, 7.6), note)
    ax = panels(figure, 1, 1, left=0.95, right=3.1, top=0.95, bottom=1.4)[0, 0]
    chosen = np.array([(fit.coverage, fit.density) for fit, _, _ in found.trajectory])
    tested = np.array([(fit.coverage, fit.density) for _, fit, _ in found.trajectory])
    idle = np.array([(fit.coverage, fit.density) for _, fit, _ in control.trajectory])
    ax.plot(*idle.T, color=GREY, linestyle=(0, (1, 1.5)), marker="s", markersize=4, label=say("figure.control"))
    ax.plot(*chosen.T, color=ORANGE, linestyle=(0, (7, 2)), marker="o", markersize=5, label=say("figure.choosing"))
    ax.plot(*tested.T, color=BLUE, marker="^", markersize=6, label=say("figure.testing"))
    ax.axhline(base(found), color=BLACK, linewidth=1.2, label=say("figure.all"))
    look: dict[str, Any] = {"markersize": 22, "markeredgecolor": "white", "zorder": 6, "linestyle": "none"}
    star, words = (RED, "chosen") if found.significant else ("#BDBDBD", "chosen_not_significant")
    ax.plot(found.tested.coverage, found.tested.density, "*", color=star, label=say(f"figure.{words}"), **look)
    ax.set(xlim=(0.0, 1.03), ylim=(0.0, 1.03))
    ax.set_xlabel(say("figure.coverage"))
    ax.set_ylabel(say("figure.density"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(kept(plain_number)))
    ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0))
    return figure

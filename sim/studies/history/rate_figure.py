"""Figure of the rates between observations: the record's flow beside the model's, for every cumulative series."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.calendar import DAY
from sim.present.page import page
from sim.present.palette import BLACK, BLUE
from sim.present.publish import Draw
from sim.present.record_names import flow_title
from sim.present.style import NOTHING, legend, panels
from sim.studies.history.figures import folded, time_ticks, unit_label
from sim.studies.history.joint import Joint
from sim.studies.history.rates import Rate
from sim.studies.history.words import say, title_of

LABELS = ("model90", "model50", "median", "record")
"""Texts of the key: both bands, the median, the record."""


def rate_pages(joint: Joint) -> dict[str, Draw]:
    """Return the figure by name; none if no cumulative series has two observations."""
    return {"rates": partial(rate_page, joint.rates)} if joint.rates else {}


def rate_page(rates: Sequence[Rate], ds: xr.Dataset) -> Figure:
    """Draw one panel per cumulative series, side by side."""
    names = list(dict.fromkeys(rate.series for rate in rates))
    figure = page(ds, say("figure.rates", title=title_of(ds)), (12.0, 5.4), say("figure.rates_note"))
    axes = panels(figure, 1, len(names), left=1.15, right=0.35, top=0.95, bottom=1.35, across=1.25).ravel()
    for ax, name in zip(axes, names, strict=True):
        _panel(ax, [rate for rate in rates if rate.series == name])
    legend(figure, axes[0], 1.15, 0.5, 4, columnspacing=1.2)
    return figure


def _panel(ax: Axes, rates: Sequence[Rate]) -> None:
    """Draw the bands of the worlds and the record over the days between two observations."""
    for place, rate in enumerate(rates):
        q05, q25, q50, q75, q95 = rate.levels
        days: Any = np.array([rate.first.date, rate.last.date])
        labels = [say(f"figure.{label}") if place == 0 else "" for label in LABELS]
        look: dict[str, Any] = {"color": BLUE, "linewidth": 0}
        ax.fill_between(days, q05, q95, alpha=0.2, label=labels[0], **look)
        ax.fill_between(days, q25, q75, alpha=0.35, label=labels[1], **look)
        ax.plot(days, [q50, q50], color=BLUE, label=labels[2])
        _record(ax, rate, days, labels[3])
    span = rates[0].first.date - 10 * DAY, rates[-1].last.date + 10 * DAY
    low, high = 1.06 * float(ax.dataLim.y0), 1.06 * float(ax.dataLim.y1)
    known = rates[0].first.known
    ax.set_title(folded(flow_title(rates[0].series, known)), fontsize=13.0)
    ax.set(ylabel=unit_label(f"{known.unit}/month"), xlim=span, ylim=(min(0.0, low), high if high > NOTHING else 1.0))
    time_ticks(ax, span)


def _record(ax: Axes, rate: Rate, days: Any, label: str) -> None:
    low, central, high = rate.record
    middle = days[0] + (days[1] - days[0]) // 2
    look: dict[str, Any] = {"fmt": "s", "color": BLACK, "markerfacecolor": "white", "markersize": 7, "capsize": 4}
    look |= {"linewidth": 1.6, "zorder": 5, "clip_on": False, "label": label}
    ax.errorbar([middle], [central], yerr=[[central - low], [high - central]], **look)

"""Figures of a comparison with observations: each series with its bands, observations and baselines."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.calendar import DAY, MONTH, month_ends
from sim.analysis.record.file import Observation
from sim.present.page import page
from sim.present.palette import BLACK, BLUE, DASH_AND_TWO_DOTS, GREEN, ORANGE, PURPLE, RED
from sim.present.publish import Draw
from sim.present.record_names import series_title
from sim.present.style import NOTHING, few_ticks, legend, panels
from sim.present.words import unit_name
from sim.studies.history.analysis import Evaluation
from sim.studies.history.baselines import NAMES
from sim.studies.history.words import say, title_of
from sim.texts.spoken import month, said

PANELS = 6
"""Most series on one page."""
COLUMNS = 3
LOOKS: dict[str, tuple[str, Any]] = {
    "persistence": (RED, (0, (1, 1.5))),
    "trend": (GREEN, (0, (7, 2))),
    "constant": (ORANGE, "-."),
}
SHADE = "#EFE9D9"


def pages(found: Evaluation, rows: Sequence[Observation]) -> dict[str, Draw]:
    """Return the figures by name, at most PANELS series on each; `rows` are all observations of the file."""
    names = found.series()
    count = -(-len(names) // PANELS)
    chunks = [[str(name) for name in chunk] for chunk in np.array_split(np.array(names), count)]
    single = len(chunks) == 1
    drawn: dict[str, Draw] = {}
    for number, chunk in enumerate(chunks, start=1):
        draw: Callable[[xr.Dataset], Figure] = partial(history_page, found, rows, chunk)
        drawn["history" if single else f"history_{number}"] = draw
    return drawn


def history_page(found: Evaluation, rows: Sequence[Observation], names: Sequence[str], ds: xr.Dataset) -> Figure:
    """Draw one panel per series; the early part, to which baselines are fitted, is shaded."""
    columns = min(COLUMNS, len(names))
    height = -(-len(names) // columns)
    note = say("figure.note_reduced" if any(name in found.reduced for name in names) else "figure.note")
    figure = page(ds, title_of(ds), (12.0, 1.75 + 2.75 * height), note)
    axes = panels(figure, height, columns, left=1.05, right=0.3, top=0.95, bottom=1.45, across=1.0, down=0.8).ravel()
    span = _span(found, rows, names, ds)
    for ax, name in zip(axes, names, strict=False):
        _panel(ax, found, [row for row in rows if row.series == name], name, span, ds)
    for ax in axes[len(names) :]:
        ax.remove()
    fullest = max(axes[: len(names)], key=lambda ax: len(ax.get_legend_handles_labels()[0]))
    legend(figure, fullest, 1.05, 0.5, 5, columnspacing=1.2)
    return figure


def _span(found: Evaluation, rows: Sequence[Observation], names: Sequence[str], ds: xr.Dataset) -> tuple[Any, Any]:
    """Return the first and last day drawn: the run to the last observation."""
    first = ds["month"].values[0].astype("datetime64[D]")
    last = max(one.row.date for one in found.scored)
    return first - 15 * DAY, max(last, found.window.tuned_to, first + 60 * DAY) + 20 * DAY


def _panel(
    ax: Axes, found: Evaluation, rows: Sequence[Observation], name: str, span: tuple[Any, Any], ds: xr.Dataset
) -> None:
    known = found.known[name]
    x, (q05, q25, q50, q75, q95) = month_ends(ds), ds["path"].sel(series=name).values.T
    kept = (x <= span[1] + 31 * DAY) & np.isfinite(q50)
    shaded: Any = found.window.tuned_to
    ax.axvspan(span[0], shaded, color=SHADE, linewidth=0, zorder=0, label=say("figure.early"))
    look: dict[str, Any] = {"color": BLUE, "linewidth": 0}
    ax.fill_between(x[kept], q05[kept], q95[kept], alpha=0.2, label=say("figure.model90"), **look)
    ax.fill_between(x[kept], q25[kept], q75[kept], alpha=0.35, label=say("figure.model50"), **look)
    ax.plot(x[kept], q50[kept], color=BLUE, label=say("figure.median"), marker="o" if kept.sum() == 1 else "")
    _reduced(ax, found, name, x[kept])
    _baselines(ax, found, name, span)
    _observations(ax, [row for row in rows if span[0] <= row.date <= span[1]])
    ax.set_title(folded(series_title(name, known)), fontsize=12.0)
    ax.set(ylabel=unit_label(known.unit), xlim=(span[0], span[1]))
    top = 1.06 * float(ax.dataLim.y1)
    if known.unit == "share":  # baselines may run beyond one, and plants that were converted may
        top = min(top, max(1.05, 1.06 * float(q95[kept].max())))
    ax.set_ylim(0.0, top if top > NOTHING else 1.0)
    time_ticks(ax, span)


def _baselines(ax: Axes, found: Evaluation, name: str, span: tuple[Any, Any]) -> None:
    begin = found.window.tuned_to
    if begin >= span[1]:
        return
    days = begin + np.linspace(0, int((span[1] - begin) / DAY), 12).astype(int) * DAY
    for baseline, (colour, line) in LOOKS.items():
        if baseline in found.baselines[name]:
            draw = found.baselines[name][baseline].draw
            middle = [float(np.median(draw(float(day.astype(int))))) for day in days]
            ax.plot(days, middle, color=colour, linestyle=line, linewidth=1.8, label=say(f"short.{baseline}"))


def _reduced(ax: Axes, found: Evaluation, name: str, days: np.ndarray) -> None:
    if name not in found.reduced:
        return
    drawn = [found.reduced[name].draw(float(day.astype(int))) for day in days]
    middle = [float(np.nanmedian(values)) if np.isfinite(values).any() else np.nan for values in drawn]
    ax.plot(days, middle, color=PURPLE, linestyle=DASH_AND_TWO_DOTS, linewidth=1.8, label=say("figure.reduced"))


def _observations(ax: Axes, rows: Sequence[Observation]) -> None:
    if not rows:
        return
    central = np.array([row.central for row in rows])
    reach = np.array([[row.central - row.low for row in rows], [row.high - row.central for row in rows]])
    look: dict[str, Any] = {"fmt": "s", "color": BLACK, "markerfacecolor": "white", "markersize": 6, "capsize": 3}
    look |= {"clip_on": False, "linewidth": 1.5, "zorder": 5, "label": say("figure.observation")}
    ax.errorbar(np.array([row.date for row in rows]), central, yerr=reach, **look)


def time_ticks(ax: Axes, span: tuple[Any, Any]) -> None:
    """Set few ticks at round dates between two days, and few numbers on the value axis."""
    months = np.arange(span[0].astype("datetime64[M]"), span[1].astype("datetime64[M]") + MONTH)
    step = next((nice for nice in (1, 2, 3, 6, 12, 24, 60) if len(months) / nice <= 4.5), 120)
    ticks = [month.astype("datetime64[D]") for month in months if int(month.astype(int)) % step == 0]
    ticks = [day for day in ticks if span[0] <= day <= span[1]]
    dates = [day.item() for day in ticks]
    names = [str(day.year) if step >= 12 else month(day.month, f"{day:%y}", short=True) for day in dates]
    ax.set_xticks(np.array(ticks), names)
    few_ticks(ax.yaxis, 4)


def unit_label(unit: str) -> str:
    """Return the unit of a series for an axis; that of a share is a word."""
    return unit_name(unit) or said("printed.figure.share")


def folded(words: str) -> str:
    """Return a title, on two lines if it is long."""
    if len(words) <= 34:
        return words
    middle = min((k for k, c in enumerate(words) if c == " "), key=lambda k: abs(k - len(words) / 2))
    return words[:middle] + "\n" + words[middle + 1 :]


assert tuple(LOOKS) == NAMES

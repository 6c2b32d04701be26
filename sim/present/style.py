"""One style for every figure: layout in inches, bands, time axis, observations.

Nothing here touches pyplot; the reader's own settings do not come in, and are restored after a figure is made.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib as mpl
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.gridspec import GridSpec
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.calendar import DAY, month_edges, month_ends
from sim.analysis.quantiles import quantiles
from sim.analysis.record.file import Observation
from sim.present.palette import BLACK, GREY
from sim.present.words import plain_number, signed
from sim.texts.spoken import kept, month, said

SIZE = (12.0, 7.0)
TALL = (12.0, 8.0)
DPI = 110
SMALL_PRINT = 9.0
SINGLE_WORLDS = 3
LETTER = 0.56
"""Width of a letter of a month, in heights of the text."""
NOTHING = 1e-6
"Values below this are drawn as none."
STYLE: Any = {
    "font.size": 12.0,
    "font.family": ["DejaVu Sans"],
    "axes.titlesize": 13.0,
    "axes.labelsize": 12.0,
    "xtick.labelsize": 12.0,
    "ytick.labelsize": 12.0,
    "legend.fontsize": 12.0,
    "figure.titlesize": 16.0,
    "axes.titlelocation": "left",
    "axes.titley": 1.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "lines.linewidth": 2.4,
    "legend.frameon": False,
    "legend.borderpad": 0.0,
    "legend.borderaxespad": 0.0,
    "hatch.linewidth": 0.8,
    "text.parse_math": False,  # a dollar in a title is a dollar
}
OF_THE_WINDOW = frozenset({"backend", "backend_fallback", "interactive", "toolbar"})
"""Settings of the reader's own that say where figures are shown, not what they look like."""


@contextmanager
def styled() -> Iterator[None]:
    """Apply the project's style while figures are made, whatever style of his own the reader has set."""
    with in_style(STYLE):
        yield


@contextmanager
def in_style(style: Any) -> Iterator[None]:
    """Apply a style over the defaults of the library: nothing of matplotlibrc, a notebook or rcParams comes through."""
    with mpl.rc_context():
        mpl.rcParams.update({key: value for key, value in mpl.rcParamsDefault.items() if key not in OF_THE_WINDOW})
        mpl.rcParams.update(style)
        yield


LOWER: WeakKeyDictionary[Figure, float] = WeakKeyDictionary()
"""Inches by which the panels of a figure stand lower than its layout says, to leave room for a line more."""


def lower(figure: Figure, inches: float) -> None:
    """Let the panels of a figure stand lower."""
    LOWER[figure] = inches


def grid(
    figure: Figure,
    rows: int,
    columns: int,
    *,
    left: float = 0.85,
    right: float = 0.2,
    top: float = 0.85,
    bottom: float = 0.65,
    across: float = 0.85,
    down: float = 0.75,
    heights: Sequence[float] | None = None,
) -> GridSpec:
    """Return a grid of panels with margins and gaps in inches, so that text of one size always fits."""
    width, height = figure.get_size_inches()
    top += LOWER.get(figure, 0.0)
    cell_width = (width - left - right - (columns - 1) * across) / columns
    cell_height = (height - top - bottom - (rows - 1) * down) / rows
    return figure.add_gridspec(
        rows,
        columns,
        left=left / width,
        right=1.0 - right / width,
        top=1.0 - top / height,
        bottom=bottom / height,
        wspace=across / cell_width,
        hspace=down / cell_height,
        height_ratios=heights,
    )


def panels(figure: Figure, rows: int, columns: int, **layout: Any) -> np.ndarray:
    """Return axes in a grid laid out in inches, shape (rows, columns)."""
    cells = grid(figure, rows, columns, **layout)
    return np.array([[figure.add_subplot(cells[r, c]) for c in range(columns)] for r in range(rows)])


def legend(figure: Figure, ax: Axes, x: float, y: float, columns: int, **options: Any) -> None:
    """Draw the legend of `ax` with its lower left corner at (x, y) inches of the figure."""
    handles, labels = ax.get_legend_handles_labels()
    width, height = figure.get_size_inches()
    if handles:
        figure.legend(
            handles,
            labels,
            loc="lower left",
            bbox_to_anchor=(x / width, y / height),
            ncols=columns,
            **{"handlelength": 3.0, "columnspacing": 1.4, **options},
        )


def time_axis(ax: Axes, ds: xr.Dataset) -> None:
    """Set the horizon of the run, few ticks at round dates, and numbers in groups of three digits."""
    edges = month_edges(ds)
    count = len(edges) - 1
    margin = max(3, count // 2) * DAY
    ax.set_xlim(edges[0] - margin, edges[-1] + margin)
    years = next((nice for nice in (1, 2, 5, 10, 20) if nice >= count / 48.0), 50)
    step = 1 if count <= 3 else 4 if count <= 12 else 6 if count < 24 else 12 * years
    ticks = [edge for edge in edges[:-1] if int(edge.astype("datetime64[M]").astype(int)) % step == 0]
    names = [str(tick)[:4] if step % 12 == 0 else _short(tick) for tick in ticks]
    places = np.array(ticks, dtype="datetime64[D]")
    ax.set_xticks(places, _with_room(ax, date2num(places), names))
    few_ticks(ax.yaxis)


def _with_room(ax: Axes, places: np.ndarray, names: list[str]) -> list[str]:
    """Return the names of ticks, empty where one would meet the name before it."""
    first, last = ax.get_xlim()
    size = FontProperties(size=mpl.rcParams["xtick.labelsize"]).get_size_in_points()
    letter = LETTER * size * (last - first) / (72.0 * ax.get_window_extent().width / ax.figure.dpi)
    told, end = [], -np.inf
    for place, name in zip(places, names, strict=True):
        half = 0.5 * letter * len(name)
        told.append(name if place - half > end + 0.3 * letter else "")
        end = place + half if told[-1] else end
    return told


def _short(day: np.datetime64) -> str:
    """Return `Sep 23`."""
    year, number = str(day)[:7].split("-")
    return month(int(number), year[2:], short=True)


def draw_band(
    ax: Axes,
    ds: xr.Dataset,
    values: np.ndarray,
    colour: str,
    label: str | None = None,
    *,
    line: Any = "-",
    outer: bool = True,
    inner: bool = True,
    worlds: int = SINGLE_WORLDS,
    whole: bool = False,
) -> None:
    """Draw median, 50 % and 90 % band of (month, world) values and, lightly, the first few worlds.

    Without the outer band, as in panels of many lines, the inner one is fainter.
    """
    x = month_ends(ds)
    q05, q25, q50, q75, q95 = quantiles(values, whole=whole)
    if len(x) == 1:
        if outer:
            ax.vlines(x, q05, q95, color=colour, alpha=0.4, linewidth=2.0)
        if inner:
            ax.vlines(x, q25, q75, color=colour, alpha=0.5, linewidth=6.0)
        ax.plot(x, q50, color=colour, marker="o", linestyle="none", label=label)
        return
    if outer:
        ax.fill_between(x, q05, q95, color=colour, alpha=0.16, linewidth=0)
    if inner:
        ax.fill_between(x, q25, q75, color=colour, alpha=0.28 if outer else 0.15, linewidth=0)
    if values.shape[1] > 1:
        for world in range(min(worlds, values.shape[1])):
            ax.plot(x, values[:, world], color=colour, linewidth=0.8, alpha=0.55)
    ax.plot(x, q50, color=colour, linestyle=line, label=label)


def draw_observed(ax: Axes, ds: xr.Dataset, seen: Sequence[Observation]) -> None:
    """Draw observations from the day before the run to its end as squares with low-high bars."""
    first, last = month_edges(ds)[0] - DAY, month_ends(ds)[-1]
    inside = [one for one in seen if first <= one.date <= last]
    if not inside:
        return
    central = np.array([one.central for one in inside])
    reach = np.array([[one.central - one.low for one in inside], [one.high - one.central for one in inside]])
    look: dict[str, Any] = {"fmt": "s", "color": BLACK, "markerfacecolor": "white", "markersize": 7, "capsize": 4}
    look |= {"linewidth": 1.6, "clip_on": False, "label": said("figures.observation"), "zorder": 5}
    ax.errorbar(np.array([one.date for one in inside]), central, yerr=reach, **look)


def few_ticks(axis: Axis, most: int = 5) -> None:
    """Set few ticks at round numbers, written plainly."""
    axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(kept(plain_number)))


def number_axis(ax: Axes) -> None:
    """Set few ticks on the value axis, and plain numbers on both."""
    few_ticks(ax.yaxis)
    ax.xaxis.set_major_formatter(FuncFormatter(kept(plain_number)))


def from_zero(ax: Axes, top: float | None = None) -> None:
    """Start the value axis at zero, with a sensible top; write `none` if all values are zero or missing."""
    high = float(ax.dataLim.y1)
    some = bool(np.isfinite(high) and high > NOTHING)
    if not some:
        ax.text(0.5, 0.5, said("printed.legend.none"), transform=ax.transAxes, ha="center", va="center", color=GREY)
    if top is None:
        top = high * 1.06 if some else 1.0
    ax.set_ylim(0.0, top)


def finish(ax: Axes, ds: xr.Dataset, label: str, top: float | None = None) -> None:
    """Finish a panel over the months of a run: a labelled value axis from zero, and the time axis."""
    from_zero(ax, top)
    ax.set_ylabel(label)
    time_axis(ax, ds)


Shown = tuple[str, str]
"""Text and colour of a number."""


def heat_map(ax: Axes, values: np.ndarray, show: Callable[[float, int, int], Shown], **colours: Any) -> None:
    """Draw a map of numbers; `show` gives text and colour of the rounded number in a row and column."""
    ax.imshow(np.ma.masked_invalid(values), aspect="auto", **colours)
    for row, column in np.ndindex(values.shape):
        text, colour = show(round(float(values[row, column]), 2) + 0.0, row, column)
        ax.text(column, row, text, ha="center", va="center", color=colour)
    ax.grid(False)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def change_map(ax: Axes, values: np.ndarray, doubtful: np.ndarray, reach: float, nothing: Shown) -> None:
    """Draw changes of scores: `doubtful` ones in brackets, `nothing` where there is none."""

    def show(number: float, row: int, column: int) -> Shown:
        if not number:
            return nothing
        text = signed(number)
        return f"({text})" if doubtful[row, column] else text, "white" if abs(number) > 0.7 * reach else BLACK

    heat_map(ax, values, show, cmap="BrBG", vmin=-reach, vmax=reach)


def zero_line(ax: Axes) -> None:
    """Draw a line at zero where values have both signs."""
    ax.axhline(0.0, color=GREY, linewidth=1.2, zorder=1)

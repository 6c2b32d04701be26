"""Figures of a calibration: the model beside the observations, and which parameters they inform."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from sim.present.labels import LABEL_LINE, named, named_rows, row_label
from sim.present.page import page
from sim.present.palette import BLACK, BLUE, GREY, RED
from sim.present.style import legend, panels
from sim.present.words import day_name, number, plain_number, significant, unit_words
from sim.scenario.parameters import PARAMETERS
from sim.studies.calibrate.dataset import ranked
from sim.studies.calibrate.words import measured_in, say, series_words
from sim.texts.spoken import kept

MOST_FIGURES = 24
"""Observations that are drawn; all are in fit.csv."""
MOST_PARAMETERS = 16
MOST_DENSITIES = 9
LETTER, WIDEST = 0.092, 6.6
"""Inches for a letter of an observation's name, and most for the names."""
LONGEST_TITLE = 34
"""Characters in a line of the name of a parameter above its density, where it is told in words."""
LEFT = 3.75
"""Inches for the names of parameters."""
GAP = 0.7
"""Room above the later observations, in rows."""
TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
OUTSIDE: dict[str, Any] = {"linewidth": 5.0, "solid_capstyle": "butt"}


def _says(key: str, **fills: object) -> str:
    """Return a text of the figures."""
    return say(f"figure.{key}", **fills)


def fit(ds: xr.Dataset) -> Figure:
    """Draw every observation and the model's 90 % band before and after, as multiples of its central value."""
    drawn = (ds["central"].values > 0.0) & np.isfinite(ds["before"].values).all(axis=1)
    shown = [int(k) for k in np.flatnonzero(drawn)][:MOST_FIGURES]
    used = ds["used"].values.astype(bool)
    rows = [row + (0.0 if used[k] else GAP) for row, k in enumerate(shown)]
    names = [_figure_name(ds, k) for k in shown]
    figure = page(ds, _says("fit"), (12.0, 2.6 + 0.42 * (len(shown) + GAP)), _says("fit_note"))
    left = min(max(5.3, LETTER * max(map(len, names), default=0)), WIDEST)
    ax = panels(figure, 1, 1, left=left, right=0.35, top=0.55, bottom=1.55)[0, 0]
    for row, k in zip(rows, shown, strict=True):
        _fit_row(ax, ds, k, row, first=k == shown[0])
    ax.set_yticks(rows, names)
    ax.set(ylim=(max(rows, default=0.0) + 0.6, -0.6), xscale="log", xlim=_reach(ds, shown))
    ax.xaxis.set_major_locator(FixedLocator(TICKS))
    ax.xaxis.set_major_formatter(FuncFormatter(kept(plain_number)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel(_says("multiple"))
    ax.axvline(1.0, color=GREY, linewidth=1.2, zorder=0)
    if not all(used[k] for k in shown):
        place = sum(bool(used[k]) for k in shown) - 0.5 + GAP / 2.0
        look: dict[str, Any] = {"ha": "right", "va": "center", "fontweight": "bold"}
        ax.text(-0.01, place, _says("later"), transform=ax.get_yaxis_transform(), **look)
    legend(figure, ax, 0.3, 0.5, 4)
    return figure


def _fit_row(ax: Axes, ds: xr.Dataset, k: int, row: float, first: bool) -> None:
    middle = float(ds["central"].values[k])
    for name, colour, place, words in (
        ("before", GREY, row - 0.2, _says("before")),
        ("after", BLUE, row + 0.2, _says("after")),
    ):
        low, _, mid, _, high = np.maximum(ds[name].values[k] / middle, 1e-3)
        ax.plot((low, high), (place, place), color=colour, alpha=0.6, label=words if first else None, **OUTSIDE)
        ax.plot((mid, mid), (place - 0.15, place + 0.15), color=colour, linewidth=3.0)
    reach = [[1.0 - ds["low"].values[k] / middle], [ds["high"].values[k] / middle - 1.0]]
    ax.errorbar(
        [1.0], [row], xerr=np.maximum(reach, 0.0), fmt="s", color=BLACK, capsize=4, markersize=6, linewidth=1.6,
        markerfacecolor=BLACK if ds["used"].values[k] else "white", zorder=4,
        label=_says("observation") if first else None,
    )  # fmt: skip


def _reach(ds: xr.Dataset, shown: list[int]) -> tuple[float, float]:
    """Return the ends of the axis: what is drawn, within a tenth and ten times."""
    if not shown:
        return 0.1, 10.0
    ends = [ds[name].values[k] / ds["central"].values[k] for k in shown for name in ("before", "after", "low", "high")]
    numbers = np.concatenate([np.ravel(end) for end in ends])
    low, high = float(numbers.min()) / 1.08, float(numbers.max()) * 1.08
    return max(low, 0.09), min(max(high, 1.2), 11.0)


def _figure_name(ds: xr.Dataset, k: int) -> str:
    """Return `containers, 29 Dec 2023: 5,000`, `Russian fire, 30 Nov 2023: 32 krounds/day`."""
    name, value = series_words(ds, k), float(ds["central"].values[k])
    repeated = name.endswith(measured_in(ds, k))
    amount = significant(value) + ("" if repeated else unit_words(str(ds["unit"].values[k]), value))
    return _says("row", name=name, day=day_name(str(ds["date"].values[k]), short=True), amount=amount)


def identifiability(ds: xr.Dataset) -> Figure:
    """Draw the best informed parameters: how far they have moved and narrowed, and the evidence for it."""
    order = ranked(ds)
    shown, others = order[:MOST_PARAMETERS], order[MOST_PARAMETERS:]
    informed, threshold = int(ds["informed"].sum()), float(ds["evidence"].attrs["threshold"])
    title = _says("informed", informed=informed, all=len(order))
    rows = named_rows(0.37, LEFT)
    wider = rows.room - LEFT
    figure = page(ds, title, (12.0 + wider, 3.15 + rows.height * len(shown)), _says("informed_note"))
    left, right = panels(figure, 1, 2, left=rows.room, right=0.35, top=0.95, bottom=1.75, across=0.5)[0]
    _shift_panel(left, ds, shown, others)
    _evidence_panel(right, ds, shown, others, threshold)
    names = [row_label(str(ds["key"].values[k])) + "*" * int(ds["preset"].values[k]) for k in shown]
    names += [_says("others", n=len(others))] * bool(others)
    for ax, labels in ((left, names), (right, [""] * len(names))):
        ax.set_yticks(range(len(names)), labels, fontsize=rows.size)
        ax.set_ylim(len(names) - 0.4, -0.6)
    legend(figure, left, 0.3, 0.7, 2, handlelength=1.2)
    legend(figure, right, 7.6 + wider, 0.7, 2, handlelength=2.2)
    return figure


def _shift_panel(ax: Axes, ds: xr.Dataset, shown: list[int], others: list[int]) -> None:
    shift, narrowing = ds["shift"].values, ds["narrowing"].values
    rows, last = np.arange(len(shown)), np.full(len(others), float(len(shown)))
    for at in (0.0, 1.0):
        ax.axvline(at, color=GREY, linewidth=1.2)
    ax.plot(narrowing[shown], rows, "o", color=BLUE, markersize=8, label=_says("narrowing"))
    ax.plot(shift[shown], rows, "D", color=RED, markersize=8, markerfacecolor="white", label=_says("shift"))
    ax.plot(narrowing[others], last, "o", color=BLUE, markersize=4, alpha=0.25)
    ax.plot(shift[others], last, "D", color=RED, markersize=4, alpha=0.25)
    ax.set_title(_says("moves"))
    ax.set_xlim(min(-0.7, 1.1 * float(shift.min())), max(1.3, 1.1 * float(max(shift.max(), narrowing.max()))))
    ax.xaxis.set_major_formatter(FuncFormatter(kept(plain_number)))


def _evidence_panel(ax: Axes, ds: xr.Dataset, shown: list[int], others: list[int], threshold: float) -> None:
    evidence, informed = np.maximum(ds["evidence"].values, 0.1), ds["informed"].values.astype(bool)
    colours = [BLUE if informed[k] else GREY for k in shown]
    ax.barh(range(len(shown)), evidence[shown], color=colours, height=0.6)
    ax.plot(evidence[others], np.full(len(others), float(len(shown))), "o", color=GREY, markersize=4, alpha=0.35)
    line: dict[str, Any] = {"color": BLACK, "linewidth": 1.6, "linestyle": (0, (5, 2))}
    ax.axvline(threshold, label=_says("threshold", threshold=f"{threshold:.0f}"), **line)
    ax.set(xscale="log", xlim=(0.09, max(2.0 * threshold, 1.5 * float(evidence.max()))))
    ax.xaxis.set_major_formatter(FuncFormatter(kept(plain_number)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_title(_says("evidence"))


def parameters(ds: xr.Dataset) -> Figure:
    """Draw prior and posterior density of the best informed parameters in their units."""
    shown = ranked(ds)[:MOST_DENSITIES]
    columns = min(3, len(shown))
    lines = -(-len(shown) // columns)
    titles = {k: _density_title(ds, k) for k in shown}
    more = LABEL_LINE * max(title.count("\n") for title in titles.values())
    figure = page(ds, _says("parameters"), (12.0, 1.9 + (2.3 + more) * lines), _says("parameters_note"))
    room = {"top": 0.95 + more, "bottom": 1.5, "down": 1.0 + more}
    places = panels(figure, lines, columns, left=0.35, right=0.35, across=0.45, **room)
    for ax in places.ravel()[len(shown) :]:
        ax.set_visible(False)
    for ax, k in zip(places.ravel(), shown, strict=False):
        _density(ax, ds, k)
        ax.set_title(titles[k], fontsize=12.0)
    legend(figure, places[0, 0], 0.3, 0.45, 2)
    return figure


def _density_title(ds: xr.Dataset, k: int) -> str:
    name = named(str(ds["key"].values[k]), LONGEST_TITLE)
    return f"{name} [{number(ds['narrowing'].values[k])}]"


def _density(ax: Axes, ds: xr.Dataset, k: int) -> None:
    key, edges, share = str(ds["key"].values[k]), ds["edge"].values[k], ds["share"].values[k]
    widths = np.maximum(np.diff(edges), 1e-12 * max(abs(edges[-1]), 1.0))
    even = np.full(len(share), 1.0 / len(share))
    ax.stairs(even / widths, edges, color=GREY, fill=True, alpha=0.35, label=_says("prior"))
    ax.stairs(share / widths, edges, color=BLUE, linewidth=2.4, label=_says("posterior"))
    ax.set_xlabel(unit_words(PARAMETERS[key].unit).strip() or _says("pure"))
    ax.set_ylim(bottom=0.0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(FuncFormatter(kept(plain_number)))

"""Figures of a comparison: paired differences over time, the scenarios overlaid, who gains and who loses."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.calendar import month_ends
from sim.analysis.headline import country_name
from sim.analysis.measures import SERIES
from sim.analysis.quantiles import Z_90
from sim.present.naming import codes_note, goal_title, series_words
from sim.present.page import page
from sim.present.palette import BLACK, colour_of
from sim.present.style import change_map, from_zero, legend, panels, time_axis, zero_line
from sim.present.words import unit_name
from sim.scenario.names import COUNTRIES, GOALS
from sim.studies.compare.analysis import ALL
from sim.texts.spoken import said, written

LINES: tuple[Any, ...] = ("-", (0, (7, 2)), (0, (1, 1.5)), "-.", (0, (3, 3)), (0, (4, 1.5, 1, 1.5, 1, 1.5)))
"Six line styles: with seven colours, 42 scenarios differ from the reference and from each other."
LONGEST_NAME = 34
"Characters of a scenario's name in a figure."
LEGEND_WIDTH = 105
"Characters of scenario names that fit beside each other below the panels."
LEAST_SEEN = 1e-3
"Share of the reference's largest value, or of a whole index, to which an axis of differences reaches at least."
NOTHING = 1e-9
COLOUR_REACH = 0.3
"Differences of a score at which the colours end."


def brief(name: object) -> str:
    """Return a scenario's name, cut to fit a figure; of the keys that were changed the ends tell most."""
    text = str(name)
    if len(text) > LONGEST_NAME:
        text = re.sub(r"\+(?:[\w-]+\.)+([\w-]+\.[\w-]+=)", r"+\1", text)
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 3]}..."


def briefs(names: Iterable[object]) -> dict[str, str]:
    """Return the names of scenarios cut to fit a figure, no two alike.

    Where two would be cut to the same, the middle is cut instead, and numbers tell apart what is alike even then.
    """
    every = [str(name) for name in names]
    cut = {name: brief(name) for name in every}
    for again in (_ends, lambda name: f"{name[: LONGEST_NAME - 5]} ({every.index(name) + 1})"):
        found = list(cut.values())
        cut = {name: again(name) if found.count(short) > 1 else short for name, short in cut.items()}
    return cut


def _ends(name: str) -> str:
    """Return a long name without its middle."""
    part = (LONGEST_NAME - 3) // 2
    return name if len(name) <= LONGEST_NAME else f"{name[:part]}...{name[-part:]}"


def look(ds: xr.Dataset, name: str) -> dict[str, Any]:
    """Return colour and line of a scenario, the same in every figure; the reference is black."""
    place = [str(one) for one in ds["scenario"].values].index(name)
    return {"color": colour_of(place), "linestyle": LINES[place % len(LINES)]}


def band_panel(ds: xr.Dataset, ax: Axes, levels: np.ndarray, name: str, outer: bool) -> None:
    """Draw median, 50 % and, with `outer`, 90 % band of one scenario; `levels` is (month, level)."""
    x, style = month_ends(ds), look(ds, name)
    q05, q25, q50, q75, q95 = levels.T
    if len(x) == 1:
        ax.vlines(x, q25, q75, color=style["color"], alpha=0.4, linewidth=6.0)
        ax.plot(x, q50, color=style["color"], marker="o", linestyle="none", label=briefs(ds["scenario"].values)[name])
        return
    if outer:
        ax.fill_between(x, q05, q95, color=style["color"], alpha=0.12, linewidth=0)
    ax.fill_between(x, q25, q75, color=style["color"], alpha=0.25 if outer else 0.16, linewidth=0)
    ax.plot(x, q50, label=briefs(ds["scenario"].values)[name], **style)


def _series_page(ds: xr.Dataset, title: str, note: str, names: list[str], variable: str) -> tuple[Figure, np.ndarray]:
    """Return a page of six panels, one per series, with every scenario of `names` in each."""
    columns, rows = _legend_shape(names)
    bottom = 1.0 + 0.25 * rows
    figure = page(ds, title, (12.0, 7.3 + 0.25 * rows), note)
    axes = panels(figure, 2, 3, left=1.05, right=0.25, bottom=bottom, across=1.05)
    for ax, series in zip(axes.ravel(), ds["series"].values, strict=True):
        chosen = ds[variable].sel(series=series)
        for name in names:
            levels = chosen.sel({chosen.dims[0]: name}).transpose("month", "level").values
            band_panel(ds, ax, levels, name, outer=variable == "series_difference" and len(names) <= 2)
        ax.set(title=series_words(str(series)), ylabel=unit_name(SERIES[str(series)].unit))
        time_axis(ax, ds)
    legend(figure, axes[0, 0], 1.05, 0.55, columns)
    return figure, axes


def _legend_shape(names: list[str]) -> tuple[int, int]:
    columns = max(1, min(len(names), LEGEND_WIDTH // (max(map(len, briefs(names).values())) + 7)))
    return columns, -(-len(names) // columns)


def differences(ds: xr.Dataset) -> Figure:
    """Draw what each scenario changes, month by month, over the same worlds."""
    reference, *others = (str(name) for name in ds["scenario"].values)
    short = briefs([reference, *others])
    note = said(f"compare.figure.note_{'two' if len(others) <= 2 else 'many'}", reference=short[reference])
    way = "one" if len(others) == 1 else "several"
    title = said(f"compare.figure.difference_{way}", other=short[others[0]], reference=short[reference])
    figure, axes = _series_page(ds, title, note, others, "series_difference")
    for ax, series in zip(axes.ravel(), ds["series"].values, strict=True):
        difference_axis(ds, ax, str(series))
    return figure


def difference_axis(ds: xr.Dataset, ax: Axes, series: str) -> None:
    """Draw zero, and let the axis of differences reach what can be seen beside the reference.

    What is left of rounding, or of a change that is felt elsewhere, is then a line at zero and no band of noise.
    """
    zero_line(ax)
    levels = ds["series_quantile"].sel(series=series)
    seen = np.abs(levels.sel({levels.dims[0]: str(ds["scenario"].values[0])}).values)
    largest = 1.0 if SERIES[series].unit.startswith("index") else float(np.nanmax(seen, initial=0.0))
    reach = LEAST_SEEN * largest
    if ax.dataLim.height < NOTHING:
        ax.set_ylim(-1.0, 1.0)
    elif max(abs(ax.dataLim.y0), abs(ax.dataLim.y1)) < reach:
        ax.set_ylim(-reach, reach)


def overlay(ds: xr.Dataset) -> Figure:
    """Draw the scenarios over each other."""
    names = [str(name) for name in ds["scenario"].values]
    short = briefs(names)
    note = said("compare.figure.overlay_note")
    way = "two" if len(names) == 2 else "more"
    title = said(f"compare.figure.overlay_{way}", first=short[names[0]], second=short[names[1]])
    figure, axes = _series_page(ds, title, note, names, "series_quantile")
    for ax, series in zip(axes.ravel(), ds["series"].values, strict=True):
        from_zero(ax, 1.0 if SERIES[str(series)].unit.startswith("index") else None)
    return figure


def scoreboard(ds: xr.Dataset) -> Figure:
    """Draw the change of every goal at the end, and of their mean: a map for one scenario, for several one a goal.

    Of several the names stand once, beside the rows, where a long one has room.
    """
    reference, *others = (str(name) for name in ds["scenario"].values)
    short = briefs([reference, *others])
    labels = [short[name] for name in others]
    note = said("compare.figure.board_note", reference=short[reference], z=written(str(Z_90)))
    every = said("compare.figure.all_goals")
    if len(others) == 1:
        title = said("compare.figure.board_one", other=labels[0], reference=short[reference])
        figure = page(ds, title, (12.0, 5.2), note)
        ax = panels(figure, 1, 1, left=1.6, right=0.3, top=0.7, bottom=1.1)[0, 0]
        _board(ax, ds.isel(other=0), ("country", "goal"))
        ax.set_xticks(range(len(GOALS) + 1), [every, *map(goal_title, GOALS)])
        ax.set_yticks(range(len(COUNTRIES)), list(map(country_name, COUNTRIES)))
        return figure
    left, high = 0.35 + 0.1 * max(map(len, labels)), 0.5 + 0.45 * len(labels)
    note = f"{codes_note()}\n{note}"
    size = left + 12.6, 3.0 + 2.0 * high
    figure = page(ds, said("compare.figure.board", reference=short[reference]), size, note)
    axes = panels(figure, 2, 3, left=left, right=0.2, top=0.95, bottom=1.2, across=0.4, down=0.9)
    for number, (ax, goal) in enumerate(zip(axes.ravel(), (ALL, *GOALS), strict=True)):
        _board(ax, ds.sel(goal=goal), ("other", "country"))
        ax.set_xticks(range(len(COUNTRIES)), COUNTRIES)
        ax.set_yticks(range(len(labels)), labels if number % 3 == 0 else [""] * len(labels))
        ax.set_title(every if goal == ALL else goal_title(goal))
    return figure


def _board(ax: Axes, ds: xr.Dataset, dims: tuple[str, str]) -> None:
    """Draw the changes by two dimensions, the first down the map."""
    mean, error = (ds[name].transpose(*dims).values for name in ("goal_change", "goal_error"))
    change_map(ax, mean, ~(np.abs(mean) > Z_90 * error), COLOUR_REACH, ("0", BLACK))


FIGURES: Mapping[str, Callable[[xr.Dataset], Figure]] = {
    draw.__name__: draw for draw in (differences, overlay, scoreboard)
}

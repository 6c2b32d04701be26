"""The network of the six: width by value delivered, colour by alignment at the start, and by what changed since."""

from itertools import combinations
from typing import Any

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.calendar import months
from sim.analysis.quantiles import mean, quantiles
from sim.analysis.record.readers import parameter
from sim.present.naming import codes_note, date_words, shows
from sim.present.page import page
from sim.present.palette import BLUE, COUNTRY_COLOURS, GREY, ORANGE
from sim.present.style import TALL, grid
from sim.present.words import number
from sim.texts.spoken import kept, written

ANGLES = {"USA": 60, "JPN": 0, "KOR": -60, "PRK": -120, "CHN": 180, "RUS": 120}
"Angles on the circle, degrees: the two blocs face each other."
ALIGNMENT = Normalize(-1.0, 1.0)
ALIGNMENT_COLOURS = LinearSegmentedColormap.from_list("alignment", colormaps["viridis"](np.linspace(0.0, 0.9, 64)))
LEGEND_VALUES = (1.0, 10.0, 100.0, 1000.0, 10000.0)
DATES = 4
MORE: tuple[str, Any] = (BLUE, "-")
LESS: tuple[str, Any] = (ORANGE, (0, (2, 1)))
"Colour and line of pairs that deliver more, or less, than at the start."
LEAST: dict[str, Any] = {"linewidth": 1.0, "linestyle": (0, (1, 3))}
"Line of a pair that trades less than 1 MUSD a month."


def width(value: float) -> float:
    """Return the line width, points, of a delivered value in MUSD a month; logarithmic, 1 to 12."""
    return float(np.clip(1.0 + 2.6 * np.log10(1.0 + max(value, 0.0)), 1.0, 12.0))


def values_at(ds: xr.Dataset, month: int) -> np.ndarray:
    """Return the goods delivered in a month, MUSD at world prices, mean over worlds, (country, partner).

    World prices count gifts and cheap barter at full value.
    """
    prices = [parameter(ds, f"goods.{good}.world_price") for good in ds["good"].values]
    worth = xr.DataArray([float(np.mean(price)) for price in prices], dims="good")
    value = (ds["delivered"].isel(month=month) * worth).sum("good").transpose("country", "partner", "world").values
    return np.asarray(np.nan_to_num(mean(value)))


def network_panel(ds: xr.Dataset, ax: Axes, month: int = -1) -> None:
    """Draw the six countries in one month; a dotted line is a pair that trades less than 1 MUSD."""
    codes = [str(code) for code in ds["country"].values]
    value = values_at(ds, month)
    alignment = quantiles(ds["alignment"].isel(month=month).transpose("country", "partner", "world").values, (0.5,))[0]
    pairs = sorted(combinations(range(len(codes)), 2), key=lambda ab: value[ab] + value[ab[::-1]])
    for a, b in pairs:
        both = float(value[a, b] + value[b, a])
        colour = ALIGNMENT_COLOURS(ALIGNMENT(alignment[a, b])) if np.isfinite(alignment[a, b]) else GREY
        look: dict[str, Any] = {"linewidth": width(both), "linestyle": "-"} if both >= 1.0 else LEAST
        _link(ax, codes[a], codes[b], color=colour, **look)
    _countries(ax, codes)
    ax.set_title(date_words(months(ds)[month]), loc="center", fontsize=14)


def change_panel(ds: xr.Dataset, ax: Axes, month: int = -1, since: int = 0) -> None:
    """Draw by how much each pair delivers more or less in one month than in an earlier one, both ways together."""
    codes = [str(code) for code in ds["country"].values]
    change = values_at(ds, month) - values_at(ds, since)
    for a, b in combinations(range(len(codes)), 2):
        both = float(change[a, b] + change[b, a])
        colour, line = MORE if both > 0.0 else LESS
        if abs(both) >= 1.0:
            _link(ax, codes[a], codes[b], color=colour, linestyle=line, linewidth=width(abs(both)))
        else:
            _link(ax, codes[a], codes[b], color=GREY, **LEAST)
    _countries(ax, codes)
    ax.set_title(shows("change_to", when=date_words(months(ds)[month])), loc="center", fontsize=14)


def _place(code: str) -> tuple[float, float]:
    return float(np.cos(np.radians(ANGLES[code]))), float(np.sin(np.radians(ANGLES[code])))


def _link(ax: Axes, first: str, second: str, **look: Any) -> None:
    """Draw the line of a pair."""
    (xa, ya), (xb, yb) = _place(first), _place(second)
    ax.plot([xa, xb], [ya, yb], solid_capstyle="round", dash_capstyle="butt", zorder=1, **look)


def _countries(ax: Axes, codes: list[str]) -> None:
    """Draw the six on their circle."""
    for code, (x, y) in ((code, _place(code)) for code in codes):
        ax.plot(
            x, y, "o", markersize=40, color=COUNTRY_COLOURS[code], markeredgecolor="white", markeredgewidth=2, zorder=3
        )
        shade = "white" if code == "USA" else "black"
        ax.text(x, y, code, ha="center", va="center", fontweight="bold", zorder=4, color=shade)
    ax.set(xlim=(-1.35, 1.35), ylim=(-1.25, 1.25))
    ax.set_aspect("equal")
    ax.axis("off")


def network(ds: xr.Dataset) -> Figure:
    """Draw who trades with whom at the start, and what has changed by three later dates."""
    figure = page(ds, shows("network"), TALL, f"{codes_note()}\n")
    count = ds.sizes["month"]
    at = sorted({round(step) for step in np.linspace(0, count - 1, min(DATES, count))})
    rows, columns = (2 if len(at) > 2 else 1), (2 if len(at) > 1 else 1)
    cells = grid(figure, rows, columns, left=0.2, right=1.9, top=0.85, bottom=1.0, across=0.1, down=0.4)
    for place, month in enumerate(at):
        ax = figure.add_subplot(cells[place // columns, place % columns])
        if place:
            change_panel(ds, ax, month)
        else:
            network_panel(ds, ax, month)
    scale = figure.add_subplot(grid(figure, 1, 1, left=10.6, right=1.15, top=1.6, bottom=1.8)[0])
    bar = figure.colorbar(ScalarMappable(ALIGNMENT, ALIGNMENT_COLOURS), cax=scale, ticks=(-1.0, -0.5, 0.0, 0.5, 1.0))
    bar.ax.yaxis.set_major_formatter(kept(lambda value, _: number(value, 1).replace("-", "\u2212")))
    bar.set_label(shows("alignment"))
    handles = [Line2D([], [], color=GREY, label=shows("less_than_one"), **LEAST)]
    handles += [
        Line2D([], [], color=GREY, linewidth=width(value), label=written(f"{value:,.0f}")) for value in LEGEND_VALUES
    ]
    for words, (colour, line) in ((shows("more"), MORE), (shows("less"), LESS)):
        handles.append(Line2D([], [], color=colour, linestyle=line, linewidth=5.0, label=words))
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.03, 0.4 / TALL[1]),
        ncols=len(handles),
        handlelength=2.4,
        columnspacing=1.1,
        alignment="left",
        title=shows("network_key"),
    )
    return figure

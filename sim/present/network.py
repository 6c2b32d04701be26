"""The network of the six at four dates: width by value delivered, colour by alignment."""

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
from sim.present.page import page
from sim.present.palette import COUNTRY_COLOURS, GREY
from sim.present.style import CODES, TALL, grid

ANGLES = {"USA": 60, "JPN": 0, "KOR": -60, "PRK": -120, "CHN": 180, "RUS": 120}
"Angles on the circle, degrees: the two blocs face each other."
ALIGNMENT = Normalize(-1.0, 1.0)
ALIGNMENT_COLOURS = LinearSegmentedColormap.from_list("alignment", colormaps["viridis"](np.linspace(0.0, 0.9, 64)))
LEGEND_VALUES = (1.0, 10.0, 100.0, 1000.0, 10000.0)
DATES = 4
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
    place = {code: (np.cos(np.radians(ANGLES[code])), np.sin(np.radians(ANGLES[code]))) for code in codes}
    value = values_at(ds, month)
    alignment = quantiles(ds["alignment"].isel(month=month).transpose("country", "partner", "world").values, (0.5,))[0]
    pairs = sorted(combinations(range(len(codes)), 2), key=lambda ab: value[ab] + value[ab[::-1]])
    for a, b in pairs:
        both = float(value[a, b] + value[b, a])
        (xa, ya), (xb, yb) = place[codes[a]], place[codes[b]]
        colour = ALIGNMENT_COLOURS(ALIGNMENT(alignment[a, b])) if np.isfinite(alignment[a, b]) else GREY
        look: dict[str, Any] = {"linewidth": width(both), "linestyle": "-"} if both >= 1.0 else LEAST
        ax.plot([xa, xb], [ya, yb], color=colour, solid_capstyle="round", zorder=1, **look)
    for code, (x, y) in place.items():
        ax.plot(
            x, y, "o", markersize=40, color=COUNTRY_COLOURS[code], markeredgecolor="white", markeredgewidth=2, zorder=3
        )
        shade = "white" if code == "USA" else "black"
        ax.text(x, y, code, ha="center", va="center", fontweight="bold", zorder=4, color=shade)
    ax.set(xlim=(-1.35, 1.35), ylim=(-1.25, 1.25))
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set_title(months(ds)[month], loc="center", fontsize=14)


def network(ds: xr.Dataset) -> Figure:
    """Draw who trades with whom, at four dates."""
    figure = page(ds, "The network of the six countries", TALL, f"{CODES}\n")
    count = ds.sizes["month"]
    at = sorted({round(step) for step in np.linspace(0, count - 1, min(DATES, count))})
    rows, columns = (2 if len(at) > 2 else 1), (2 if len(at) > 1 else 1)
    cells = grid(figure, rows, columns, left=0.2, right=1.9, top=0.85, bottom=1.0, across=0.1, down=0.4)
    for place, month in enumerate(at):
        network_panel(ds, figure.add_subplot(cells[place // columns, place % columns]), month)
    scale = figure.add_subplot(grid(figure, 1, 1, left=10.6, right=1.15, top=1.6, bottom=1.8)[0])
    bar = figure.colorbar(ScalarMappable(ALIGNMENT, ALIGNMENT_COLOURS), cax=scale, ticks=(-1.0, -0.5, 0.0, 0.5, 1.0))
    bar.set_label("alignment of the pair (median)")
    handles = [Line2D([], [], color=GREY, label="less than 1", **LEAST)]
    handles += [Line2D([], [], color=GREY, linewidth=width(value), label=f"{value:,.0f}") for value in LEGEND_VALUES]
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.03, 0.4 / TALL[1]),
        ncols=len(handles),
        handlelength=3.0,
        alignment="left",
        title="goods delivered both ways at world prices, MUSD a month (mean over worlds)",
    )
    return figure

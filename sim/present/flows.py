"""Flows by good and direction: one direction above zero, the other below."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.analysis.calendar import slices
from sim.analysis.headline import main_pair
from sim.present.acts import mark_scheduled, note
from sim.present.naming import good_title, shows
from sim.present.page import page
from sim.present.palette import GOOD_COLOURS, GREY
from sim.present.style import TALL, draw_band, from_zero, panels, time_axis, zero_line
from sim.present.words import plain_number, unit_name
from sim.results import unit_of
from sim.texts.spoken import said

PAIRS_DRAWN = (("RUS", "PRK"), ("CHN", "PRK"))
"""Pairs in the figure of flows; another main pair stands before the first."""
GOODS = ("ammunition", "food", "energy", "technology")


def sent(ds: xr.Dataset, first: str, second: str, good: str) -> np.ndarray:
    """Return what reaches `second` from `first`, shape (month, world), in the unit of `flow_unit`."""
    if good == "technology":
        moved = ds["transfer"].sel(country=first, partner=second).sum("tier", skipna=False)
    else:
        moved = ds["delivered"].sel(country=first, partner=second, good=good)
    return moved.transpose("month", "world").values


def flow_unit(good: str) -> str:
    """Return the unit of a monthly flow of the good; technology is in points, summed over tiers."""
    return unit_of("transfer") if good == "technology" else unit_of("delivered", good)


def flow_panel(ds: xr.Dataset, ax: Axes, first: str = "", second: str = "", good: str = "ammunition") -> None:
    """Draw the flow from `first` to `second`, by default the main pair, above zero, its return below."""
    first, second = (first, second) if first else main_pair(ds)
    colour = GOOD_COLOURS[good]
    up, down = sent(ds, first, second, good), sent(ds, second, first, good)
    draw_band(ax, ds, up, colour)
    draw_band(ax, ds, -down, colour, line=(0, (4, 2)))
    zero_line(ax)
    if not (np.nan_to_num(up).any() or np.nan_to_num(down).any()):
        ax.set_ylim(-1.0, 1.0)
        ax.text(0.5, 0.6, said("printed.legend.none"), transform=ax.transAxes, ha="center", color=GREY)
    time_axis(ax, ds)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(abs(value))))


def total_panel(ds: xr.Dataset, ax: Axes, good: str = "ammunition") -> None:
    """Draw the deliveries among all six countries."""
    moved = ds["transfer"] if good == "technology" else ds["delivered"].sel(good=good)
    total = np.stack(
        [now.sum(axis=tuple(range(now.ndim - 1))) for now in slices(moved.transpose("month", ..., "world"))]
    )
    draw_band(ax, ds, total, GOOD_COLOURS[good])
    from_zero(ax)
    time_axis(ax, ds)


def flows(ds: xr.Dataset) -> Figure:
    """Draw the flows of the main pair, of another one and among all six, one column per good."""
    drawn = sorted(PAIRS_DRAWN, key=lambda pair: {*pair} != {*main_pair(ds)})
    if {*drawn[0]} != {*main_pair(ds)}:
        drawn = [main_pair(ds), drawn[0]]
    figure = page(ds, shows("flows"), TALL, note(ds))
    axes = panels(figure, 3, len(GOODS), left=1.35, top=1.1, bottom=0.75, across=0.72, down=0.25)
    for column, good in enumerate(GOODS):
        for row, (first, second) in enumerate(drawn):
            flow_panel(ds, axes[row, column], first, second, good)
            axes[row, column].tick_params(axis="x", labelbottom=False)
        total_panel(ds, axes[2, column], good)
        axes[0, column].set_title(f"{good_title(good)}\n{unit_name(flow_unit(good))}")
    texts = [*(shows("up_down", first=a, second=b) for a, b in drawn), shows("all_deliveries")]
    for ax, text in zip(axes[:, 0], texts, strict=True):
        ax.set_ylabel(text)
        ax.yaxis.set_label_coords(-0.36, 0.5)
    mark_scheduled(ds, *axes.ravel())
    return figure

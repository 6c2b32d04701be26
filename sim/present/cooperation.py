"""Cooperation: practical and symbolic index, the main pair large, the other pairs beside it."""

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.headline import country_name, main_pair, pair
from sim.present.acts import acts_panel, mark_scheduled, note
from sim.present.naming import shows
from sim.present.page import page
from sim.present.palette import BLUE, PAIRS, RED
from sim.present.style import draw_band, finish, grid, legend
from sim.texts.spoken import several


def index_panel(ds: xr.Dataset, ax: Axes, first: str = "", second: str = "") -> None:
    """Draw the practical and the symbolic index of one pair, by default the main one."""
    first, second = (first, second) if first else main_pair(ds)
    draw_band(ax, ds, pair(ds, "practical", first, second), RED, shows("practical_line"))
    draw_band(ax, ds, pair(ds, "symbolic", first, second), BLUE, shows("symbolic_line"), line=(0, (6, 2)))
    finish(ax, ds, shows("index"), 1.0)


def pairs_panel(ds: xr.Dataset, ax: Axes, name: str = "practical") -> None:
    """Draw one index of all main pairs: median and 50 % band."""
    for (first, second), (colour, line) in PAIRS.items():
        values, label = pair(ds, name, first, second), f"{first}-{second}"
        draw_band(ax, ds, values, colour, label, line=line, outer=False, worlds=0)
    finish(ax, ds, shows("index"), 1.0)


def cooperation(ds: xr.Dataset) -> Figure:
    """Draw both indices of all main pairs: whether deeds and display go together."""
    figure = page(ds, shows("cooperation"), note=note(ds))
    left = grid(figure, 2, 1, left=2.3, right=5.55, bottom=0.75, top=1.45, down=0.95, heights=(2.6, 1.0))
    right = grid(figure, 2, 1, left=7.35, bottom=1.3, top=0.85, down=0.75)
    main, strip = figure.add_subplot(left[0]), figure.add_subplot(left[1])
    upper, lower = figure.add_subplot(right[0]), figure.add_subplot(right[1])
    index_panel(ds, main)
    names = several([country_name(code) for code in main_pair(ds)])
    main.set_title(shows("pair_bands", pair=names), x=-0.26, pad=50.0)
    legend(figure, main, 1.95, 5.62, 1, labelspacing=0.3)
    acts_panel(ds, strip, frozenset(main_pair(ds)), rows=4)
    pairs_panel(ds, upper, "practical")
    upper.set_title(shows("practical_index"))
    pairs_panel(ds, lower, "symbolic")
    lower.set_title(shows("symbolic_index"))
    legend(figure, lower, 7.0, 0.4, 3, columnspacing=1.0)
    mark_scheduled(ds, main, upper, lower)
    return figure

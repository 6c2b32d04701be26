"""The war: fire, stock, production and imports, with the observations."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.record.comparable import points
from sim.analysis.record.known import KNOWN
from sim.present.acts import mark_scheduled, note
from sim.present.naming import shows
from sim.present.page import page
from sim.present.palette import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED
from sim.present.style import TALL, draw_band, draw_observed, finish, from_zero, legend, panels, time_axis
from sim.present.words import unit_name


def series_panel(ds: xr.Dataset, ax: Axes, series: str, colour: str, unit: str) -> None:
    """Draw the run's bands of a series, and its observations as bars."""
    values = KNOWN[series].reading.values(ds)
    draw_band(ax, ds, values, colour)
    draw_observed(ax, ds, points(ds, series))
    finish(ax, ds, unit_name(unit))


def ratio(ds: xr.Dataset) -> np.ndarray:
    """Return the fire ratio, shape (month, world); missing where both sides fire less than 1 kround a month."""
    silent = (ds["fire"] < 1.0) & (ds["ukraine_fire"] < 1.0)
    return ds["fire_ratio"].where(~silent).transpose("month", "world").values


def ratio_panel(ds: xr.Dataset, ax: Axes) -> None:
    """Draw Russian over Ukrainian fire; no ratio where both sides are silent."""
    draw_band(ax, ds, ratio(ds), RED)
    from_zero(ax)
    ax.axhline(1.0, color=BLACK, linewidth=1.0, linestyle=":")
    ax.set_ylabel(shows("ratio"))
    time_axis(ax, ds)


def share_panel(ds: xr.Dataset, ax: Axes) -> None:
    """Draw the share of usable North Korean rounds in what Russia had to fire."""
    draw_band(ax, ds, 100.0 * ds["import_share"].transpose("month", "world").values, PURPLE)
    finish(ax, ds, "%")


def supply_panel(ds: xr.Dataset, ax: Axes) -> None:
    """Draw Russia's three sources of shells, medians and 50 % bands."""
    rus = ds.sel(country="RUS", good="ammunition")
    sources = {
        shows("own_output"): (rus["production"], ORANGE, "-"),
        shows("from_prk"): (
            ds["delivered"].sel(country="PRK", partner="RUS", good="ammunition"),
            PURPLE,
            (0, (7, 2)),
        ),
        shows("outside"): (ds["outside_ammunition"], GREEN, (0, (1, 1.5))),
    }
    for label, (array, colour, line) in sources.items():
        draw_band(ax, ds, array.transpose("month", "world").values, colour, label, line=line, outer=False, worlds=0)
    finish(ax, ds, unit_name("krounds/month"))


def war(ds: xr.Dataset) -> Figure:
    """Draw the war: whether it feeds the need for shells."""
    figure = page(ds, shows("war"), TALL, note(ds, codes=False))
    axes = panels(figure, 2, 3, top=1.1, bottom=1.35, down=1.0)
    ratio_panel(ds, axes[0, 0])
    axes[0, 0].set_title(shows("fire_ratio"))
    series_panel(ds, axes[0, 1], "russian_fire_krounds_day", RED, "krounds/day")
    axes[0, 1].set_title(shows("russian_fire"))
    series_panel(ds, axes[0, 2], "russian_stock_million", BLUE, "million rounds")
    axes[0, 2].set_title(shows("russian_stock"))
    series_panel(ds, axes[1, 0], "russian_production_million_year", ORANGE, "million rounds/year")
    axes[1, 0].set_title(shows("russian_output"))
    supply_panel(ds, axes[1, 1])
    axes[1, 1].set_title(shows("sources"))
    share_panel(ds, axes[1, 2])
    axes[1, 2].set_title(shows("share_prk"))
    legend(figure, axes[0, 2], 0.85, 0.65, 1)
    legend(figure, axes[1, 1], 4.6, 0.4, 2)
    mark_scheduled(ds, *axes.ravel())
    return figure


def deliveries(ds: xr.Dataset) -> Figure:
    """Draw what crossed the border, beside the observations."""
    figure = page(ds, shows("deliveries"), TALL, note(ds, codes=False))
    axes = panels(figure, 2, 2, left=1.05, bottom=1.0, across=1.15)
    rows = (
        (
            "shells_prk_rus_cumulative_million",
            PURPLE,
            "million rounds",
            shows("shells_since"),
        ),
        ("containers_prk_rus_cumulative", BLUE, "containers", shows("containers_since")),
        ("sea_voyages_prk_rus_cumulative", GREEN, "voyages", shows("sailings_since")),
        ("refined_oil_rus_prk_month", ORANGE, "kbbl/month", shows("oil_month")),
    )
    for ax, (series, colour, unit, title) in zip(np.ravel(axes), rows, strict=True):
        series_panel(ds, ax, series, colour, unit)
        ax.set_title(title)
    legend(figure, axes[0, 0], 1.05, 0.4, 1)
    mark_scheduled(ds, *axes.ravel())
    return figure

"""The security dilemma: threat felt by each country, allied coordination, missile tests and acts."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.headline import main_pair, pair
from sim.present.acts import acts_panel, mark_scheduled, note
from sim.present.naming import shows
from sim.present.page import page
from sim.present.palette import BLUE, COUNTRY_COLOURS, COUNTRY_LINES, PURPLE, RED
from sim.present.style import TALL, draw_band, finish, grid, legend


def threat_panel(ds: xr.Dataset, ax: Axes) -> None:
    """Draw the threat felt by each country, median and 50 % band."""
    for country, colour in COUNTRY_COLOURS.items():
        values = ds["threat"].sel(country=country).transpose("month", "world").values
        draw_band(ax, ds, values, colour, country, line=COUNTRY_LINES[country], outer=False, worlds=0)
    finish(ax, ds, shows("threat_axis"), 1.0)


def coordination_panel(ds: xr.Dataset, ax: Axes) -> None:
    """Draw the coordination of USA, KOR and JPN against the practical index of the main pair."""
    draw_band(ax, ds, ds["coordination"].transpose("month", "world").values, BLUE, shows("coordination_of"))
    two = main_pair(ds)
    draw_band(ax, ds, pair(ds, "practical", *two), RED, shows("practical_of", pair="-".join(two)), line=(0, (6, 2)))
    finish(ax, ds, shows("level"), 1.0)


def tests_panel(ds: xr.Dataset, ax: Axes) -> None:
    """Draw the missile tests of North Korea since the start."""
    draw_band(ax, ds, np.cumsum(ds["tests"].transpose("month", "world").values, axis=0), PURPLE, whole=True)
    finish(ax, ds, shows("tests_axis"))


def dilemma(ds: xr.Dataset) -> Figure:
    """Draw the security dilemma: whether the two blocs drive each other."""
    figure = page(ds, shows("dilemma"), TALL, note(ds))
    top = grid(figure, 1, 3, bottom=4.35)
    threat, both, tests = (figure.add_subplot(top[k]) for k in range(3))
    strip = figure.add_subplot(grid(figure, 1, 1, left=3.35, top=5.05, bottom=0.75)[0])
    threat_panel(ds, threat)
    threat.set_title(shows("threat_felt"))
    legend(figure, threat, 0.4, 3.45, 3, columnspacing=0.9)
    coordination_panel(ds, both)
    both.set_title(shows("both"))
    legend(figure, both, 4.65, 3.45, 1)
    tests_panel(ds, tests)
    tests.set_title(shows("tests"))
    acts_panel(ds, strip, rows=7)
    mark_scheduled(ds, threat, both, tests)
    return figure

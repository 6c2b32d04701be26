"""Rival theories: headline series of an ensemble by the theory that its worlds follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.analysis.measures import SERIES, system
from sim.analysis.theories import followers
from sim.present.naming import series_words, shows
from sim.present.page import page
from sim.present.palette import BLUE, ORANGE, RED, TIER_LINES
from sim.present.style import draw_band, finish, legend, panels
from sim.present.words import choice_name, unit_name

COLOURS = (RED, BLUE, ORANGE)
Shown = tuple[str, str, Callable[[xr.Dataset], np.ndarray]]
"""Title, unit and (month, world) values of a panel."""
TESTS = "tests"
SHOWN: dict[str, tuple[str, ...]] = {
    "structure.exchange": ("shells_delivered", "technology", "oil"),
    "structure.threat": (TESTS, "coordination", "practical"),
}
"""What is drawn for each choice: the name of a headline series, or tests."""


def theories(ds: xr.Dataset) -> Figure:
    """Draw headline series by theory, a row for each choice: median and 50 % band."""
    choices = followers(ds) or {"structure.exchange": {shows("one_theory"): np.ones(ds.sizes["world"], dtype=bool)}}
    size = (12.0, 4.4 if len(choices) == 1 else 7.8)
    figure = page(ds, shows("theories"), size, shows("theories_note"))
    axes = panels(figure, len(choices), 3, left=0.95, right=0.2, top=0.95, bottom=1.05, across=0.95, down=1.35)
    for row, (key, groups) in zip(axes, choices.items(), strict=True):
        for ax, shown in zip(row, SHOWN[key], strict=True):
            title, unit, read = _panel(shown)
            values = read(ds)
            for k, (theory, mine) in enumerate(groups.items()):
                look: dict[str, Any] = {"line": TIER_LINES[k], "outer": False, "worlds": 0, "whole": shown == TESTS}
                draw_band(ax, ds, values[:, mine], COLOURS[k], choice_name(theory), **look)
            ax.set_title(title)
            finish(ax, ds, unit, None if np.nanmax(values, initial=0.0) > 0.0 else 1.0)
        below = row[0].get_position().y0 * size[1] - 0.68
        legend(figure, row[0], 0.9, below, len(groups), title=key, alignment="left")
    return figure


def _panel(shown: str) -> Shown:
    if shown == TESTS:
        return shows("tests_since"), unit_name("tests"), lambda ds: np.cumsum(system(ds, "tests"), axis=0)
    return series_words(shown), unit_name(SERIES[shown].unit), SERIES[shown].values

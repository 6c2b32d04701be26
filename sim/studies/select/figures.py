"""The figure of a selection: odds of each theory in worlds of each, and in the record."""

import textwrap

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.present.page import page
from sim.present.style import heat_map, panels
from sim.present.words import percent
from sim.studies.select.dataset import Found
from sim.studies.select.tables import verdict

WIDEST = 62
"""Most characters of a line above a matrix."""
DARK = 0.6
"""Odds from which a number is written in white."""


def confusion(found: Found, ds: xr.Dataset) -> Figure:
    """Draw a confusion matrix for each choice and set of patterns, the record as its last row."""
    choices, sets = (list(dict.fromkeys(names)) for names in zip(*found, strict=True))
    note = (
        "Each row: worlds that follow the theory on the left; each number: mean odds of the theory above, equal "
        "before. Dark on the diagonal: the patterns find the right theory."
    )
    size = (6.4 * len(choices) + 0.6, 4.2 * len(sets) + 1.2)
    figure = page(ds, "Could the record tell the theories apart, and does it?", size, note)
    axes = panels(figure, len(sets), len(choices), left=1.75, right=0.3, top=1.85, bottom=0.75, across=2.1, down=1.75)
    for (key, of), one in found.items():
        ax = axes[sets.index(of), choices.index(key)]
        values = np.vstack([one.confusion, one.odds])
        heat_map(
            ax,
            values,
            lambda value, *_: (f"{value:.2f}", "white" if value > DARK else "black"),
            cmap="Blues",
            vmin=0.0,
            vmax=1.0,
        )
        ax.axhline(len(one.names) - 0.5, color="black", linewidth=2.0)
        ax.set_yticks(range(len(one.names) + 1), [*one.names, "the record"])
        ax.set_xticks(range(len(one.names)), one.names)
        ax.xaxis.tick_top()
        words = textwrap.fill(f"{verdict(one)}; right in {percent(one.hits)} of worlds", WIDEST)
        ax.set_title(f"{key}, {of}\n{words}", fontsize=12.0, pad=30.0, x=-0.25)
    return figure

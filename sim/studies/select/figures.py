"""The figure of a selection: odds of each theory in worlds of each, and in the record."""

import textwrap

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.present.page import page
from sim.present.style import heat_map, panels
from sim.present.words import choice_name, number, percent
from sim.studies.select.dataset import Found
from sim.studies.select.tables import say, set_words, verdict

WIDEST = 62
"""Most characters of a line above a matrix."""
DARK = 0.6
"""Odds from which a number is written in white."""


def confusion(found: Found, ds: xr.Dataset) -> Figure:
    """Draw a confusion matrix for each choice and set of patterns, the record as its last row."""
    choices, sets = (list(dict.fromkeys(names)) for names in zip(*found, strict=True))
    size = (6.4 * len(choices) + 0.6, 4.2 * len(sets) + 1.2)
    figure = page(ds, say("figure.title"), size, say("figure.note"))
    axes = panels(figure, len(sets), len(choices), left=1.75, right=0.3, top=1.85, bottom=0.75, across=2.1, down=1.75)
    for (key, of), one in found.items():
        ax = axes[sets.index(of), choices.index(key)]
        names = [*map(choice_name, one.names)]
        values = np.vstack([one.confusion, one.odds])
        heat_map(
            ax,
            values,
            lambda value, *_: (number(value), "white" if value > DARK else "black"),
            cmap="Blues",
            vmin=0.0,
            vmax=1.0,
        )
        ax.axhline(len(one.names) - 0.5, color="black", linewidth=2.0)
        ax.set_yticks(range(len(one.names) + 1), [*names, say("record")])
        ax.set_xticks(range(len(names)), names)
        ax.xaxis.tick_top()
        words = textwrap.fill(say("figure.right", verdict=verdict(one), hits=percent(one.hits)), WIDEST)
        ax.set_title(f"{key}, {set_words(of)}\n{words}", fontsize=12.0, pad=30.0, x=-0.25)
    return figure

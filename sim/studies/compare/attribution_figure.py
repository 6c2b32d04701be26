"""A figure of an attribution: the whole difference, and the part of each change."""

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from sim.present.naming import measure_words
from sim.present.page import page
from sim.present.palette import BLACK, BLUE, GREY, ORANGE
from sim.present.style import few_ticks, panels
from sim.present.words import capital, signed, unit_name
from sim.studies.compare.attribution import MOST_PANELS
from sim.studies.compare.attribution_tables import can_be_split, places_of, shown_parts, told_changes
from sim.texts.spoken import said

Array = np.ndarray
WIDTH = 34
"""Characters of a line of a change's words."""
LETTER, LINE, LEAST = 0.09, 0.21, 0.62
"""Inches of a letter, of a line of words, and of the least row."""
LETTER_OF_NUMBER, ROUNDS = 0.11, 12
"""Inches of a digit at the end of a bar; rounds in which the limits of an axis are found."""


def attribution(ds: xr.Dataset) -> Figure:
    """Draw the part of each change in the difference of the main outcomes, with standard errors."""
    every = json.loads(ds.attrs["shown"])[:MOST_PANELS]
    names = [name for name in every if can_be_split(ds, name)] or every
    changes = (textwrap.fill(capital(words), WIDTH) for words in told_changes(ds))
    labels = [said("compare.part.whole_bar"), *changes]
    rows = max(LEAST, 0.12 + LINE * max(label.count("\n") + 1 for label in labels))
    before, after = json.loads(ds.attrs["scenario_names"])
    note = said("compare.part.note")
    title = textwrap.fill(said("compare.part.figure", other=after, reference=before), 88)
    below, top = 1.35, 1.05 + 0.26 * title.count("\n")
    figure = page(ds, title, (12.6, top + below + rows * len(labels)), note)
    axes = panels(figure, 1, len(names), left=0.4 + LETTER * WIDTH, right=0.35, top=top, bottom=below, across=0.3)[0]
    for k, (ax, name) in enumerate(zip(axes, names, strict=True)):
        _bars(ax, ds.sel(measure=name))
        ax.set_yticks(range(len(labels)), labels if k == 0 else [""] * len(labels))
    return figure


def _bars(ax: Axes, one: xr.Dataset) -> None:
    """Draw the whole and the parts of one outcome, the whole on top, with numbers at the bars."""
    values = np.array([float(one["total"]), *one["part"].values])
    errors = np.nan_to_num([float(one["total_error"]), *one["error"].values])
    colours = [GREY, *(BLUE if value >= 0.0 else ORANGE for value in values[1:])]
    places = np.arange(len(values))
    ax.barh(places, values, height=0.55, color=colours)
    ax.errorbar(values, places, xerr=2.0 * errors, fmt="none", ecolor=BLACK, capsize=3, linewidth=1.4)
    reach = max(float(np.max(np.abs(values) + 2.0 * errors)), 1e-9)
    places_shown = places_of(one)
    written = [values[0], *shown_parts(one, places_shown)]
    texts = [
        signed(float(told), places_shown) if value else said("compare.part.none")
        for told, value in zip(written, values, strict=True)
    ]
    ways = np.where(values >= 0.0, 1.0, -1.0)
    ends = values + (2.0 * errors + 0.04 * reach) * ways
    ax.set_xlim(*_limits(ax, ends, ways, [len(text) * LETTER_OF_NUMBER for text in texts]))
    for place, at, way, text in zip(places, ends, ways, texts, strict=True):
        ax.text(float(at), float(place), text, ha="left" if way > 0.0 else "right", va="center")
    ax.axvline(0.0, color=BLACK, linewidth=1.0)
    ax.axhline(0.5, color=GREY, linewidth=0.8, linestyle=":")
    ax.set_ylim(len(values) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    few_ticks(ax.xaxis, 4)
    unit = str(one["unit"].values)
    ax.set_title(textwrap.fill(capital(measure_words(str(one["measure"].values), str(one["meaning"].values))), 28))
    ax.set_xlabel("" if unit == "1" else unit_name(unit))


def _limits(ax: Axes, ends: Array, ways: Array, lengths: Sequence[float]) -> tuple[float, float]:
    """Return limits within which every number, of so many inches from its end of a bar, has room."""
    figure = ax.figure
    assert not isinstance(figure, SubFigure)
    inches = ax.get_position().width * figure.get_figwidth()
    room = np.array(lengths) / inches * ways
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    for _ in range(ROUNDS):  # a wider axis makes numbers wider in its units
        reached = ends + room * (high - low)
        low, high = min(low, float(reached.min())), max(high, float(reached.max()))
    margin = 0.02 * (high - low)
    return low - margin, high + margin


def figures_of(ds: xr.Dataset) -> Mapping[str, Callable[[xr.Dataset], Figure]]:
    """Return the figure of an attribution by name; it draws `ds` for whatever comparison it is called with."""

    def draw(_: xr.Dataset) -> Figure:
        return attribution(ds)

    draw.__doc__ = attribution.__doc__
    return {"attribution": draw}

"""Figures of who and what matters: the largest effect of each country and each lever, ranked."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, NullLocator

from sim.analysis.quantiles import Z_90
from sim.present.labels import Rows, in_lines, named_rows, row_label
from sim.present.page import page
from sim.present.palette import BLACK, BLUE, GREY, ORANGE
from sim.present.style import panels
from sim.present.words import plain_number
from sim.studies.influence.analysis import LEAST, Effect
from sim.studies.influence.words import changed, ends, least_words, of_kind, only_outcome, outcome_words, ranked, say
from sim.texts.spoken import kept

MOST_LEVERS = 24
LEAST_SHOWN = 0.01
"""Smaller effects are drawn here, at the left end of the axis."""
NOISE = "#E2E2E2"
SIGNS = {1: (BLUE, "^", "raises"), -1: (ORANGE, "v", "lowers")}
"""Colour, marker and key of the words of effects of each sign."""
LEFT, LETTER, LONGEST = 3.7, 0.00875, 54
"""Inches for the names of the changes and, for each point of its size, for a letter of the outcomes that they move, and
the most letters of a line of these where they are told in words."""


def countries(ds: xr.Dataset) -> Figure:
    """Draw the largest effect of each country taken out, and of each without decisions."""
    return _figure(ds, "countries", of_kind(ds, "removal", "silence"), named_rows(0.36, LEFT)._replace(room=LEFT))


def levers(ds: xr.Dataset) -> Figure:
    """Draw the largest effect of each lever, moved from end to end."""
    return _figure(ds, "levers", of_kind(ds, "lever"), named_rows(0.36, LEFT))


def _figure(ds: xr.Dataset, which: str, names: Sequence[str], rows: Rows) -> Figure:
    """Draw the largest effect of each change, ranked; `which` of the two figures it is."""
    found = ranked(ds, names)
    shown = found[:MOST_LEVERS]
    only = only_outcome(ds)
    title = say(f"figure.{which}_of", outcome=only) if only else say(f"figure.{which}")
    note = say("figure.note", least=least_words())
    if omitted := len(found) - len(shown):
        note += f" {say('figure.omitted', n=omitted)}"
    figure = page(ds, title, (13.0 + rows.room - LEFT, 2.6 + rows.height * max(len(shown), 4)), note)
    moved = [_moved(ds, effect) for _, effect in shown]
    size, longest = rows.size or 12, max((len(line) for text in moved for line in text.splitlines()), default=0)
    ax = panels(figure, 1, 1, left=rows.room, right=0.4 + LETTER * size * longest, top=0.7, bottom=1.75)[0, 0]
    _effects(ax, [effect for _, effect in shown])
    labels = [_label(ds, name) for name, _ in shown]
    ax.set_yticks(np.arange(len(shown)), labels, fontsize=rows.size)
    for y, text in enumerate(moved):
        ax.text(1.02, y, text, transform=ax.get_yaxis_transform(), va="center", fontsize=size)
    _legend(figure, rows.room)
    return figure


def _effects(ax: Axes, found: Sequence[Effect]) -> None:
    """Draw the size of each effect on a log scale, the first on top."""
    largest = max([LEAST, *(abs(e.size) + Z_90 * np.nan_to_num(e.error) for e in found if np.isfinite(e.size))])
    ax.set_xscale("log")
    ax.axvspan(LEAST_SHOWN / 2.0, LEAST, color=NOISE, linewidth=0)
    for y, effect in enumerate(found):
        size = abs(effect.size)
        if not np.isfinite(size):
            continue
        low, high = (max(size + sign * Z_90 * np.nan_to_num(effect.error), LEAST_SHOWN) for sign in (-1.0, 1.0))
        colour, marker, _ = SIGNS[1 if effect.size > 0.0 else -1]
        ax.plot([low, high], [y, y], color=BLACK, linewidth=2.0)
        ax.plot(max(size, LEAST_SHOWN), y, marker=marker, color=colour if size else GREY, markersize=9)
    # the smallest marks lie at LEAST_SHOWN, and the edge would cut them
    ax.set(xlim=(LEAST_SHOWN / 1.2, largest * 1.3), ylim=(len(found) - 0.4, -0.6), xlabel=say("figure.effect"))
    ticks = [tick for tick in (0.01, 0.05, 0.2, 1.0, 5.0, 20.0, 100.0) if tick <= largest * 1.3]
    ax.set_xticks(ticks)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(kept(plain_number)))


def _label(ds: xr.Dataset, name: str) -> str:
    key = str(ds["key"].sel(change=name).values)
    return row_label(key, ends(ds, name)) if key else changed(ds, name)


def _moved(ds: xr.Dataset, effect: Effect) -> str:
    """Return which outcome is moved, and where, as far as there are several."""
    if not np.isfinite(effect.size):
        return say("no_number")
    outcome, scenario = (ds.sizes[part] > 1 for part in ("outcome", "scenario"))
    if outcome and scenario:
        told = say("figure.where", outcome=outcome_words(ds, effect.outcome), scenario=effect.scenario)
        return in_lines(told, LONGEST)
    return in_lines(outcome_words(ds, effect.outcome), LONGEST) if outcome else effect.scenario * scenario


def _legend(figure: Figure, left: float) -> None:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=colour, marker=marker, linestyle="none", markersize=9, label=say(f"figure.{words}"))
        for colour, marker, words in SIGNS.values()
    ]
    handles.append(Patch(color=NOISE, label=say("figure.below", least=least_words())))
    width, height = figure.get_size_inches()
    figure.legend(handles=handles, loc="lower left", ncols=3, bbox_to_anchor=(left / width, 0.72 / height))

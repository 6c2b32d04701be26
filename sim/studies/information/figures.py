"""Figure of the value of information: parameters and groups ranked, with intervals and the floor of noise."""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from sim.analysis.quantiles import Z_90
from sim.present.by_rule import parameter_name
from sim.present.naming import scale_words
from sim.present.page import page
from sim.present.palette import BLACK, BLUE, GREEN, ORANGE, PURPLE
from sim.present.style import panels
from sim.present.words import plain_number
from sim.studies.information.analysis import is_decision
from sim.studies.information.ranges import drawn_range
from sim.studies.information.words import grounds, numbers, outcome_words, over_set, ranked, say
from sim.texts.spoken import joined, kept

SHOWN = 12
"""Parameters in the figure; of groups, as many as fit beside them."""
LONGEST = 76
"""Characters of a line under the name of a parameter."""
NOISE = "#D0D0D0"
LEFT, MIDDLE = 6.3, 1.45
"""Inches for the names of parameters, and of groups."""
COLOURS = {"assumed": ORANGE, "sourced": BLUE, "set": GREEN, "theory": PURPLE}
MARKERS = {"assumed": "o", "sourced": "s", "set": "v", "theory": "^"}


def worth(outcome: str, ds: xr.Dataset) -> Figure:
    """Draw what learning each parameter, and each group of them, is worth."""
    keys, groups = ranked(ds, outcome)[:SHOWN], ranked(ds, outcome, "group")[:SHOWN]
    aim = f"_{ds.attrs['decision']}" if is_decision(ds) else ""
    title = say(f"figure.title{aim}", outcome=outcome_words(ds.sel(outcome=outcome)))
    what = say(f"figure.{'gain' if is_decision(ds) else 'of_set' if over_set(ds) else 'of_ranges'}")
    note = say("figure.note", parameters=ds.sizes["parameter"], groups=ds.sizes["group"], what=what)
    height = 2.75 + 0.52 * max(len(keys), 3)
    figure = page(ds, textwrap.fill(title, 88), (14.0, height), note)
    layout = {"left": LEFT, "right": 0.3, "top": 1.0, "bottom": 1.75}
    if groups:
        left, right = panels(figure, 1, 2, across=MIDDLE, **layout)[0]
        _rows(right, ds, outcome, groups, "group")
        right.set_yticks(np.arange(len(groups)), groups, fontsize=12)
        right.set_title(say("figure.groups"))
    else:
        left = panels(figure, 1, 1, **layout)[0, 0]
    _rows(left, ds, outcome, keys, "parameter")
    left.set_yticks(np.arange(len(keys)), [_name(ds, key) for key in keys], fontsize=10.5)
    left.set_title(say("figure.parameters"))
    _legend(figure, {grounds(ds, key) for key in keys})
    return figure


def _rows(ax: Axes, ds: xr.Dataset, outcome: str, names: Sequence[str], dim: str) -> None:
    """Draw a dot with its interval for each name, the first on top, over the bar of its noise."""
    scale = 1.0 if is_decision(ds) else 100.0
    for y, name in enumerate(names):
        value, error, floor = (scale * number for number in numbers(ds, outcome, name, dim))
        ax.barh(y, max(floor, 0.0), height=0.8, color=NOISE)
        kind = grounds(ds, name) if dim == "parameter" else ""
        look: dict[str, Any] = {"color": COLOURS.get(kind, BLACK), "marker": MARKERS.get(kind, "D")}
        ax.errorbar(value, y, xerr=Z_90 * error, linewidth=2.0, markersize=8, ecolor=BLACK, capsize=3, **look)
    ax.axvline(0.0, color=BLACK, linewidth=1.0)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.margins(x=0.04)
    what = scale_words(outcome, str(ds["unit"].values[0]), "information.figure.index")
    ax.set_xlabel(what if is_decision(ds) else say("figure.variance"))
    ax.xaxis.set_major_formatter(FuncFormatter(kept(plain_number)))
    ax.grid(visible=False, axis="y")


def _name(ds: xr.Dataset, key: str) -> str:
    """Return the name of a parameter over its meaning and its range, each in a line."""
    room = LONGEST - len(span := drawn_range(ds, key)) - 2
    meaning = textwrap.shorten(parameter_name(key).partition(":")[0], room, placeholder=" ...")
    return f"{key}\n{joined(meaning, span)}"


def _legend(figure: Figure, kinds: set[str]) -> None:
    look: dict[str, Any] = {"linestyle": "none", "markersize": 8}
    shown = [
        Line2D([], [], color=COLOURS[kind], marker=MARKERS[kind], label=say(f"grounds.{kind}"), **look)
        for kind in COLOURS
        if kind in kinds
    ]
    shown.append(Line2D([], [], color=BLACK, marker="D", label=say("figure.group"), **look))
    everything = [*shown, Patch(color=NOISE, label=say("figure.noise"))]
    width, height = figure.get_size_inches()
    figure.legend(
        handles=everything, loc="lower left", ncols=5, bbox_to_anchor=(LEFT / width, 0.75 / height), handlelength=1.5
    )

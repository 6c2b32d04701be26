"""A page for a room: 1920 by 1080 for a projector or A4 for print, its finding as title, no text below 28 of 1080.

All lengths are in heights of the text, so that both formats have one layout.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import matplotlib as mpl
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font

from sim.present.style import STYLE, in_style
from sim.texts.spoken import said

TITLES = (1.5, 1.35, 1.2, 1.05)
"""Sizes of the title, in heights of the text: the largest in which it fits two lines."""
TOP, BOTTOM = 6.1, 3.6
"""Room for title and subtitle, and for the footer, in heights of the text."""
LINE = 1.25
"""Height of a line, in heights of the text."""
SLACK = 1.02
"""Text is laid out on whole dots, and so may be a little wider than measured."""
_MEASURED = 100.0
"""Size at which the widths of texts are measured, points."""
DARK = "#595959"


@dataclass(frozen=True)
class Format:
    """What a page is made for."""

    size: tuple[float, float]
    "Width and height, inches."
    dpi: float
    text: float
    "Size of the text, points."


FORMATS: Mapping[str, Format] = {
    "room": Format((16.0, 9.0), 120.0, 17.0),  # 1920 by 1080 dots, text of 28
    "print": Format((11.69, 8.27), 200.0, 12.4),  # A4, text of 12 points
}


@contextmanager
def sized(form: Format) -> Iterator[None]:
    """Apply the project's style with the text and lines of a format."""
    even: Any = (
        "font.size",
        "axes.titlesize",
        "axes.labelsize",
        "xtick.labelsize",
        "ytick.labelsize",
        "legend.fontsize",
    )
    scale = form.text / STYLE["font.size"]
    lines: Any = {
        "lines.linewidth": 1.2 * scale * STYLE["lines.linewidth"],
        "grid.linewidth": scale,
        "lines.markersize": 0.6 * form.text,
    }
    style: Any = {**STYLE, **dict.fromkeys(even, form.text), **lines, "hatch.linewidth": scale}
    with in_style(style):
        yield


def em(count: float = 1.0) -> float:
    """Return the inches of so many heights of the text."""
    return float(mpl.rcParams["font.size"]) * count / 72.0


def slide(form: Format, title: str, subtitle: str, footer: Sequence[str]) -> Figure:
    """Return a page with title, what is drawn in one line below it, and one or two lines at the bottom."""
    figure = Figure(figsize=form.size, dpi=form.dpi)
    FigureCanvasAgg(figure)
    width, height = form.size
    left, room = em(1.2) / width, extent(figure)[0] - 2.4
    fit = [(wrapped(title, room, size, bold=True), size) for size in TITLES]
    words, size = next((one for one in fit if one[0].count("\n") < 2), fit[-1])
    figure.text(left, 1.0 - em(0.8) / height, words, va="top", fontweight="bold", fontsize=size * form.text)
    first, *rest = wrapped(subtitle, room).split("\n")
    figure.text(left, 1.0 - em(4.7) / height, f"{first} …" if rest else first, va="top", color=DARK)
    for k, line in enumerate(reversed(footer)):
        figure.text(left, em(0.5 + 1.3 * k) / height, line, va="bottom", color=DARK)
    return figure


def prepared(ax: Axes) -> Axes:
    """Return an axis whose ticks keep their size, whenever they are made."""
    size = mpl.rcParams["font.size"]
    ax.tick_params(labelsize=size, length=0.25 * size, width=0.06 * size, pad=0.25 * size)
    ax.tick_params(axis="x", pad=0.5 * size)
    return ax


@cache
def _font(bold: bool) -> FT2Font:
    # a font of our own: the renderer changes the size of those that it shares
    found = FT2Font(findfont(FontProperties(family=STYLE["font.family"], weight="bold" if bold else "normal")))
    found.set_size(_MEASURED, 72.0)
    return found


def breadth(text: str, size: float = 1.0, bold: bool = False) -> float:
    """Return the width of a line of text of some size, in heights of the text."""
    font = _font(bold)
    font.set_text(text)
    return float(SLACK * size * font.get_width_height()[0] / 64.0 / _MEASURED)


LEAST_NAME, LONGEST_NAME = 5, 60
"""Letters of the name of a scenario among several at the bottom."""
_PARTS = re.compile(r"[.=](?=[A-Za-z])|=(?=.)")
"""Where a key or a change may be broken, such as `routes.khasan.capacity=15`: not within a number."""


def wrapped(text: str, width: float, size: float = 1.0, bold: bool = False) -> str:
    """Return a text broken to fit a width, both in heights of the text.

    A key or a change that is too long goes on in the next line after a point or an equals sign; another word is cut.
    """
    lines = [""]
    for word in text.replace(" %", "\u00a0%").split(" "):  # a number and its sign stay together
        longer = f"{lines[-1]} {word}".strip()
        if breadth(longer, size, bold) <= width:
            lines[-1] = longer
            continue
        while breadth(word, size, bold) > width:
            parts = [part.end() for part in _PARTS.finditer(word) if breadth(word[: part.end()], size, bold) <= width]
            if parts:
                lines, word = [*lines, word[: parts[-1]]] if lines[-1] else [word[: parts[-1]]], word[parts[-1] :]
                continue
            word = f"{word[: min(len(word) - 2, int(len(word) * width / breadth(word, size, bold)))]}…"
        lines = [*lines, word] if lines[-1] else [word]
    return "\n".join(lines).replace("\u00a0%", " %")


def cut(text: str, most: int) -> str:
    """Return a text of at most so many letters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _end(text: str, most: int) -> str:
    """Return the end of a text, of at most so many letters."""
    return text if len(text) <= most else f"…{text[1 - most :]}"


def extent(figure: Figure) -> tuple[float, float]:
    """Return width and height of a page in heights of the text."""
    width, height = figure.get_size_inches() / em()
    return float(width), float(height)


def extent_of(ax: Axes) -> tuple[float, float]:
    """Return width and height of an axis in heights of the text."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    (width, height), box = extent(figure), ax.get_position()
    return float(width * box.width), float(height * box.height)


def origin(runs: Sequence[xr.Dataset], room: float = float("inf")) -> str:
    """Return the names of the scenarios with the beginnings of their hashes, seed and version.

    Names of several are as long as a `room` in heights of the text lets all of them be; of a change the end is kept.
    """
    if len(runs) == 1:
        return _origin(runs, 34, 8)
    fitting = [name for name in range(LEAST_NAME, LONGEST_NAME) if breadth(_origin(runs, name, 4)) <= room]
    return _origin(runs, max(fitting, default=LEAST_NAME), 4)


def _origin(runs: Sequence[xr.Dataset], room: int, length: int) -> str:
    names = [str(json.loads(ds.attrs["scenario"]).get("name", "?")) for ds in runs]
    short = [cut(name, room) if "+" not in name else _end(name, room) for name in names]
    told = [f"{name} {str(ds.attrs['scenario_hash'])[:length]}" for name, ds in zip(short, runs, strict=True)]
    seeds = sorted({int(ds.attrs["seed"]) for ds in runs})
    seed = f"{said('printed.seed', seed=seeds[0])}, " if len(seeds) == 1 else ""
    return f"{', '.join(told)}, {seed}sim {runs[0].attrs['code_version']}"


Entry = tuple[Artist, str]
"""Handle and words in a key."""


def entries(ax: Axes, width: float, reverse: bool = False) -> list[Entry]:
    """Return what an axis names, wrapped to a width in heights of the text."""
    found = [(handle, wrapped(label, width)) for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)]
    return found[::-1] if reverse else found


def key(figure: Figure, x: float, y: float, named: Sequence[Entry], columns: int = 1) -> float:
    """Draw a key with its upper left corner at (x, y) from the lower left; return its lower end; in text heights."""
    if not named:
        return y
    handles, labels = zip(*named, strict=True)
    width, height = figure.get_size_inches()
    look: dict[str, Any] = {"handlelength": 1.6, "handletextpad": 0.5, "handleheight": 0.9, "labelspacing": 0.3}
    place = (em(x) / width, em(y) / height)
    figure.legend(handles, labels, loc="upper left", bbox_to_anchor=place, ncols=columns, columnspacing=1.2, **look)
    tall = [label.count("\n") + 1 for label in labels]
    rows = -(-len(labels) // columns)
    return y - 0.3 * rows - LINE * max(sum(tall[k * rows : (k + 1) * rows]) for k in range(columns))

"""From the empty page of a figure to its files: title, note, origin; PNG and SVG."""

from collections.abc import Callable, Mapping
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

import matplotlib as mpl
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.analysis.origin import OF_A_RUN, changes_of, is_run, origin_line, origin_text
from sim.plain import neutral
from sim.present.fit import shrink_to_fit
from sim.present.style import DPI, SIZE, SMALL_PRINT, lower, styled
from sim.scenario.problems import shown
from sim.texts.spoken import foreign, said

QUICK = {"compress_level": 1}
"""PNG's usual compression takes a third of the time of a figure, and makes its file 2 to 9 % smaller."""
LOWERED = 0.3
"""Inches by which panels stand lower, and the figure is taller, where a line of changes is below the title."""
SMALL_AN_INCH = 14.5
"""Characters of the small print that surely fit into an inch."""

MOST_AN_INCH = 15.3
"""Characters of note and origin an inch from which both are set smaller: they stand on one line."""


def page(ds: xr.Dataset, title: str, size: tuple[float, float] = SIZE, note: str = "") -> Figure:
    """Return an empty figure with its title and, at the bottom, its note and origin.

    Below the title stands what was changed by hand, if anything was.
    The origin of one run is right of the note; that of several runs, which is longer, is below it.
    """
    changed = changes_of(ds)
    width, height = size[0], size[1] + (LOWERED if changed else 0.0)
    figure = Figure(figsize=(width, height), dpi=DPI)
    FigureCanvasAgg(figure)
    left, right = 0.12 / width, 1.0 - 0.12 / width
    figure.text(left, 1.0 - 0.1 / height, title, ha="left", va="top", fontweight="bold", fontsize=16.0)
    if changed:
        lower(figure, LOWERED)
        below = 1.0 - (0.4 + 0.26 * title.count("\n")) / height
        figure.text(
            left,
            below,
            said("printed.origin.changed", changes=shown(changed, int(9.0 * width))),
            ha="left",
            va="top",
            fontsize=12.0,
        )
    small: dict[str, Any] = {"va": "bottom", "fontsize": SMALL_PRINT, "color": "#595959"}
    if is_run(ds):
        fit = int(width * SMALL_AN_INCH) - len(note.rpartition("\n")[2]) - len(origin_line(ds, 0)) + OF_A_RUN
        crowd = (len(note.rpartition("\n")[2]) + len(origin_line(ds, fit))) / (MOST_AN_INCH * width)
        small["fontsize"] /= max(1.0, crowd)
        figure.text(right, 0.07 / height, origin_line(ds, fit), ha="right", **small)
        # only the last line of the note has to leave room for the origin beside it
        for k, line in enumerate(reversed(note.split("\n"))):
            figure.text(left, (0.07 + 0.17 * k) / height, line, ha="left", **small)
    else:
        figure.text(left, 0.24 / height, note, ha="left", **small)
        figure.text(left, 0.06 / height, origin_line(ds), ha="left", **small)
    return figure


def save_figure(ds: xr.Dataset, draw: Callable[[xr.Dataset], Figure], path: Path, *, vector: bool = True) -> list[Path]:
    """Draw a figure and write it as PNG and, if `vector`, as SVG, with its origin inside; return the paths."""
    origin = origin_text(ds)
    salt = str(ds.attrs["scenario_hash"]) if is_run(ds) else origin
    return save_drawing(partial(draw, ds), path, salt, {"Title": path.name, "Description": origin}, vector=vector)


def save_drawing(
    draw: Callable[[], Figure],
    path: Path,
    salt: str = "",
    words: Mapping[str, str] | None = None,
    *,
    vector: bool = True,
) -> list[Path]:
    """Write a figure as PNG and, if `vector`, SVG; return the paths.

    The bytes are the same every time, with `words` as metadata.
    """
    png, svg = path.with_name(f"{path.name}.png"), path.with_name(f"{path.name}.svg")
    words = {name: neutral(word) for name, word in (words or {}).items()}
    with styled(), mpl.rc_context({"svg.hashsalt": f"{salt}{path.name}"}):
        figure = plain(draw())
        # `savefig` would first draw everything once more, for layouts that these figures do not use.
        raster: Any = FigureCanvasAgg(figure)
        raster.print_png(png, metadata={**words, "Software": "sim"}, pil_kwargs=QUICK)
        if not vector:
            return [png]
        with svg.open("w", encoding="utf-8", newline="\n") as file:
            _print_svg(figure, file, {**words, "Creator": "sim"})
    return [png, svg]


def svg_of(draw: Callable[[], Figure], salt: str) -> str:
    """Return a figure as the text of an SVG, the same every time; `salt` names the elements in it."""
    text = StringIO()
    with styled(), mpl.rc_context({"svg.hashsalt": salt}):
        _print_svg(plain(draw()), text, {"Creator": "sim"})
    return text.getvalue()


def plain(figure: Figure) -> Figure:
    """Return the figure with its texts made neutral, for control characters would break an SVG, and to fit.

    Places for texts are made for English; where another language is spoken, a text that is too long becomes smaller.
    """
    for text in figure.findobj(Text):
        if isinstance(text, Text) and not text.get_text().isprintable():
            text.set_text(neutral(text.get_text()))
    if foreign():
        shrink_to_fit(figure)
    return figure


def _print_svg(figure: Figure, file: TextIO, words: Mapping[str, str]) -> None:
    vector: Any = FigureCanvasSVG(figure)
    vector.print_svg(file, metadata={**words, "Date": None})

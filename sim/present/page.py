"""From the empty page of a figure to its files: title, note, origin; PNG and SVG."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.analysis.origin import is_run, origin_line, origin_text
from sim.present.style import DPI, SIZE, SMALL_PRINT, styled


def page(ds: xr.Dataset, title: str, size: tuple[float, float] = SIZE, note: str = "") -> Figure:
    """Return an empty figure with its title and, at the bottom, its note and origin.

    The origin of one run is right of the note; that of several runs, which is longer, is below it.
    """
    figure = Figure(figsize=size, dpi=DPI)
    FigureCanvasAgg(figure)
    width, height = size
    left, right, top = 0.12 / width, 1.0 - 0.12 / width, 1.0 - 0.1 / height
    figure.text(left, top, title, ha="left", va="top", fontweight="bold", fontsize=16.0)
    small: dict[str, Any] = {"va": "bottom", "fontsize": SMALL_PRINT, "color": "#595959"}
    if is_run(ds):
        figure.text(right, 0.07 / height, origin_line(ds), ha="right", **small)
        # only the last line of the note has to leave room for the origin beside it
        for k, line in enumerate(reversed(note.split("\n"))):
            figure.text(left, (0.07 + 0.17 * k) / height, line, ha="left", **small)
    else:
        figure.text(left, 0.24 / height, note, ha="left", **small)
        figure.text(left, 0.06 / height, origin_line(ds), ha="left", **small)
    return figure


def save_figure(ds: xr.Dataset, draw: Callable[[xr.Dataset], Figure], path: Path) -> list[Path]:
    """Draw a figure and write it as PNG and SVG, both with their origin inside; return the two paths."""
    origin = origin_text(ds)
    salt = str(ds.attrs["scenario_hash"]) if is_run(ds) else origin
    return save_drawing(partial(draw, ds), path, salt, {"Title": path.name, "Description": origin})


def save_drawing(
    draw: Callable[[], Figure], path: Path, salt: str = "", words: Mapping[str, str] | None = None
) -> list[Path]:
    """Write a figure as PNG and SVG, the same bytes every time, with `words` as metadata; return the paths."""
    png, svg = path.with_name(f"{path.name}.png"), path.with_name(f"{path.name}.svg")
    with styled(), mpl.rc_context({"svg.hashsalt": f"{salt}{path.name}"}):
        figure = draw()
        # `savefig` would first draw everything once more, for layouts that these figures do not use.
        raster: Any = FigureCanvasAgg(figure)
        raster.print_png(png, metadata={**(words or {}), "Software": "sim"})
        vector: Any = FigureCanvasSVG(figure)
        with svg.open("w", encoding="utf-8", newline="\n") as file:
            vector.print_svg(file, metadata={**(words or {}), "Creator": "sim", "Date": None})
    return [png, svg]

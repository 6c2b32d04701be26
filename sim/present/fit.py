"""Make texts smaller that are longer than the place made for them, as those of a language with longer words."""

from collections.abc import Iterator
from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

STEP = 0.92
"""Factor on the size of a text at each try."""
TRIES = 12
"""Most tries: a text ends no smaller than a third of its size."""
SLACK = 1.0
"""Pixels by which two texts may meet."""
EDGE = 1e-9
"""Share of the length of an axis by which a tick may lie beyond its end and be drawn."""


def shrink_to_fit(figure: Figure) -> None:
    """Make titles, labels and legends smaller until none is cut or meets another; numbers at ticks keep their size.

    A figure in which everything fits stays as it is.
    """
    every = [text for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for text in axis.get_ticklabels(which="both")]
    numbers = {text for text in every if not any(map(str.isalpha, text.get_text()))}
    legends = {text: legend for legend in figure.findobj(Legend) for text in legend.findobj(Text)}
    for _ in range(TRIES):
        crowded = {text for text in _crowded(figure) if text not in numbers}
        if not crowded:
            return
        for legend in {legends[text] for text in crowded if text in legends}:
            crowded |= set(legend.findobj(Text))
        for text in crowded:
            text.set_fontsize(float(text.get_fontsize()) * STEP)


def _crowded(figure: Figure) -> list[Text]:
    """Return the texts that leave the figure or meet another."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw_without_rendering()
    hidden = {text for ax in figure.axes for text in _hidden(ax)}
    texts = [
        text for text in cast("list[Text]", figure.findobj(Text)) if text.get_visible() and text.get_text().strip()
    ]
    texts = [text for text in texts if text not in hidden]
    boxes = np.array([text.get_window_extent(renderer).extents for text in texts])
    (left, bottom), (right, top) = boxes[:, :2].T, boxes[:, 2:].T
    cut = (left < 0.0) | (bottom < 0.0) | (right > figure.bbox.x1) | (top > figure.bbox.y1)
    meet = (left[:, None] + SLACK <= right - SLACK) & (bottom[:, None] + SLACK <= top - SLACK)
    slanted = np.array([text.get_rotation() % 90.0 != 0.0 for text in texts])
    # Slanted labels may lie side by side although their boxes meet.
    meet &= meet.T & ~np.eye(len(texts), dtype=bool) & ~(slanted[:, None] & slanted)
    return [text for text, wrong in zip(texts, cut | meet.any(axis=1), strict=True) if wrong]


def _hidden(ax: Axes) -> Iterator[Text]:
    """Yield the texts of axes that matplotlib keeps but does not draw: of no axis, and of ticks beyond its ends."""
    for axis in (ax.xaxis, ax.yaxis):
        if not ax.axison:
            yield from axis.findobj(Text)
            continue
        low, high = sorted(axis.get_view_interval())
        slack = EDGE * max(abs(low), abs(high), 1.0)
        for tick in axis.get_major_ticks():
            if not low - slack <= tick.get_loc() <= high + slack:
                yield from (tick.label1, tick.label2)

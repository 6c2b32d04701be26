"""What a reader would find wrong with a figure: texts that are cut, meet each other, or are too small."""

from collections.abc import Callable

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.present.style import styled

LEAST = 12.0
"""Points of a text above the footer."""
FOOTER = 0.056
"""Share of the height that belongs to the footer."""


def text_problems(figure: Figure, *, pixels: bool = False) -> list[str]:
    """Texts that leave the figure, meet another, or are below 12 points (the footer excepted).

    Everything is laid out as for drawing, but no pixel is drawn unless these are asked for.
    """
    renderer = FigureCanvasAgg(figure).get_renderer()
    if pixels:
        figure.draw(renderer)
    else:
        figure.draw_without_rendering()
    texts = shown(figure)
    words = [repr(text.get_text()) for text in texts]
    boxes = np.array([text.get_window_extent(renderer).extents for text in texts])
    (left, bottom), (right, top) = boxes[:, :2].T, boxes[:, 2:].T
    cut = (left < 0.0) | (bottom < 0.0) | (right > figure.bbox.x1) | (top > figure.bbox.y1)
    small = (np.array([text.get_fontsize() for text in texts]) < LEAST) & (top > FOOTER * figure.bbox.height)
    found = [f"{words[k]} is cut" for k in np.flatnonzero(cut)]
    found += [f"{words[k]} is small" for k in np.flatnonzero(small)]
    # Boxes meet that overlap by more than two pixels; slanted labels may lie side by side although their boxes meet.
    meet = (left[:, None] + 1.0 <= right - 1.0) & (bottom[:, None] + 1.0 <= top - 1.0)
    slanted = np.array([text.get_rotation() % 90.0 != 0.0 for text in texts])
    meet &= meet.T & ~(slanted[:, None] & slanted)
    return found + [f"{words[a]} overlaps {words[b]}" for a, b in np.argwhere(np.triu(meet, 1))]


def of_a_study(draw: Callable[..., Figure], *given: object) -> list[str]:
    """What is wrong with a figure of a study, whose texts may be smaller."""
    with styled():
        return [one for one in text_problems(draw(*given)) if "small" not in one]


def shown(figure: Figure) -> list[Text]:
    """The texts that are really drawn: matplotlib keeps but hides tick labels beyond the limits."""
    hidden: set[Text] = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            if not ax.axison:
                hidden |= set(axis.findobj(Text))
                continue
            low, high = sorted(axis.get_view_interval())
            slack = 1e-9 * max(abs(low), abs(high), 1.0)
            for tick in axis.get_major_ticks():
                if not low - slack <= tick.get_loc() <= high + slack:
                    hidden |= {tick.label1, tick.label2}
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return [text for text in texts if text not in hidden]

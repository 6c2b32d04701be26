"""The key of the map of routes: arrows of known cargo, as wide as on the map, and the colours of the two ways."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon

from sim.present.palette import GREY
from sim.present.room.geography import HEAD, HEIGHT, WIDTH, arrow
from sim.present.room.routes import INTO, LEAST, OUT, breadth, steps
from sim.present.room.slide import LINE, extent, key
from sim.present.words import plain_number

LONG = 3.2
"""Length of an arrow of the key, in heights of the text."""


def widths(figure: Figure, ax: Axes, x: float, y: float, top: float, across: bool = False) -> float:
    """Draw the key with its upper left corner at (x, y) heights of the text, `across` or downwards; return its end."""
    wide, high = extent(figure)
    box = ax.get_position()
    degree = min(box.width * wide / WIDTH, box.height * high / HEIGHT)  # heights of the text of one degree on the map
    patches = [(Patch(color=OUT), "out of North Korea"), (Patch(color=INTO), "into North Korea")]
    y = key(figure, x, y, patches, 2 if across else 1) - 0.5
    if across:
        x, y = x + 28.0, y + LINE + 0.9
    for place, cargo in enumerate(steps(top) if top > LEAST else ()):
        thick = breadth(cargo, top) * degree
        left, middle = (x + 17.5 * place, y - 0.4) if across else (x, y - max(LINE, HEAD * thick) / 2.0)
        course = np.linspace([0.0, 0.5], [LONG / degree, 0.5], 40)
        inner = figure.add_axes((left / wide, (middle - 2.0) / high, LONG / wide, 4.0 / high))
        inner.add_patch(Polygon(arrow(course, thick / degree, 0.0) - (0.0, 0.5), facecolor=GREY))
        inner.set(xlim=(0.0, LONG / degree), ylim=(-2.0 / degree, 2.0 / degree))
        inner.axis("off")
        words = f"{plain_number(cargo)} thousand tonnes"
        figure.text((left + LONG + 0.6) / wide, middle / high, words, va="center")
        y -= 0.0 if across else max(LINE, HEAD * thick) + 0.3
    return y

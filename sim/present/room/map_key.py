"""The key of the map of routes: arrows of known cargo, as wide as on the map, and the colours of the two ways."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon

from sim.present.palette import GREY
from sim.present.room.geography import HEAD, HEIGHT, WIDTH, arrow
from sim.present.room.routes import INTO, LEAST, OUT, breadth, steps
from sim.present.room.slide import LINE, extent, key
from sim.present.room.slide import breadth as text_width
from sim.present.words import plain_number
from sim.texts.spoken import number_of, said

LONG = 3.2
"""Length of an arrow of the key, in heights of the text."""


def widths(figure: Figure, ax: Axes, x: float, y: float, top: float, across: bool = False) -> float:
    """Draw the key with its upper left corner at (x, y) heights of the text, `across` or downwards; return its end."""
    wide, high = extent(figure)
    box = ax.get_position()
    degree = min(box.width * wide / WIDTH, box.height * high / HEIGHT)  # heights of the text of one degree on the map
    patches = [(Patch(color=OUT), said("printed.routes.out")), (Patch(color=INTO), said("printed.routes.into"))]
    told = [(cargo, _tonnes(cargo)) for cargo in (steps(top) if top > LEAST else ())]
    step = max([17.5, *(LONG + 1.8 + text_width(words) for _, words in told)])
    y = key(figure, x, y, patches, 2 if across else 1) - 0.5
    if across:
        x, y = x + max(28.0, 2.0 * (3.3 + max(text_width(words) for _, words in patches))), y + LINE + 0.9
        told = told if x + step * len(told) < wide else told[-1:]
    for place, (cargo, words) in enumerate(told):
        thick = breadth(cargo, top) * degree
        left, middle = (x + step * place, y - 0.4) if across else (x, y - max(LINE, HEAD * thick) / 2.0)
        course = np.linspace([0.0, 0.5], [LONG / degree, 0.5], 40)
        inner = figure.add_axes((left / wide, (middle - 2.0) / high, LONG / wide, 4.0 / high))
        inner.add_patch(Polygon(arrow(course, thick / degree, 0.0) - (0.0, 0.5), facecolor=GREY))
        inner.set(xlim=(0.0, LONG / degree), ylim=(-2.0 / degree, 2.0 / degree))
        inner.axis("off")
        figure.text((left + LONG + 0.6) / wide, middle / high, words, va="center")
        y -= 0.0 if across else max(LINE, HEAD * thick) + 0.3
    return y


def _tonnes(cargo: float) -> str:
    return said(f"printed.number.thousand_tonnes.{number_of(cargo)}", number=plain_number(cargo))

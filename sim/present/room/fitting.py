"""What is set where its room allows: titles beside maps, and the last column of a key."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.present.room.geography import HEIGHT, WIDTH
from sim.present.room.panels import BESIDE
from sim.present.room.slide import LINE, Entry, breadth, em, extent, extent_of, wrapped

ASIDE = 11.0
"""Least room for a title beside a map, in heights of the text."""
NARROWEST = 8.0
"""Least width of the words of a key, in heights of the text."""


def short(title: str, width: float, most: int) -> str:
    """Return a title in at most so many lines of a width, in heights of the text: its end is kept as far as it goes."""
    lines = wrapped(title, width, bold=True).split("\n")
    return "\n".join(lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"])


def title_beside(ax: Axes, title: str, room: float) -> None:
    """Make room to the right of a map, which lies in the upper left of its axis, and write its title there."""
    box, figure = ax.get_position(), ax.get_figure(root=True)
    assert figure is not None
    ax.set_position((box.x0, box.y0, box.width - ASIDE / extent(figure)[0], box.height))
    width, height = extent_of(ax)
    drawn = min(width, height * WIDTH / HEIGHT)
    words = short(title, room - drawn - 0.8, int(height / LINE))
    ax.annotate(
        words,
        (0.0, 1.0),
        xytext=(72.0 * em(drawn + 0.8), 0.0),
        xycoords="axes fraction",
        textcoords="offset points",
        va="top",
        fontweight="bold",
        annotation_clip=False,
    )


def fitted(named: Sequence[Entry], columns: int, room: float) -> list[Entry]:
    """Return the entries of a key, those of the last column wrapped to what is left, in text heights."""
    rows = -(-len(named) // columns)
    last = rows * (columns - 1)
    taken = sum(
        max(breadth(line) for _, words in named[k : k + rows] for line in words.split("\n")) + BESIDE
        for k in range(0, last, rows)
    )
    left = max(NARROWEST, room - taken - BESIDE)
    return [*named[:last], *((handle, wrapped(words.replace("\n", " "), left)) for handle, words in named[last:])]

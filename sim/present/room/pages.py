"""Pages of pictures: one run with its events, or the same picture of two to four runs side by side."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.origin import changes_of
from sim.present.naming import title_of
from sim.present.palette import GREY
from sim.present.room import claims, panels, routes
from sim.present.room.contrast import LETTERS, contrast, lettered
from sim.present.room.fitting import fitted, short, title_beside
from sim.present.room.foot import foot, foot_of_all
from sim.present.room.happenings import happenings, listing, mark
from sim.present.room.map_key import widths
from sim.present.room.pictures import PICTURES, Picture
from sim.present.room.slide import (
    BOTTOM,
    FORMATS,
    LINE,
    TOP,
    Entry,
    Format,
    breadth,
    em,
    entries,
    extent,
    extent_of,
    key,
    prepared,
    sized,
    slide,
)
from sim.present.style import grid, time_axis
from sim.texts.spoken import said, speaking, spoken

COLUMN = 21.5
"""Width of the column beside a picture, in heights of the text."""
LEFT = 5.2
"""Margin for the numbers of a value axis."""
ARRANGED = {2: (1, 2), 3: (1, 3), 4: (2, 2)}
"""Rows and columns of runs side by side."""
TITLE_LINES = 4
"""Most lines of a run's title: what was changed stands at its end."""
LISTED, OF_LIMITS = 5, 2
"""Lines of the events of a run below runs side by side, and of the key of what bound the shells."""


def page(runs: Sequence[xr.Dataset], name: str, form: str = "room", language: str = "en") -> Figure:
    """Return the page of a picture of one run, or of two to four side by side.

    Raises KeyError for an unknown picture or format, ValueError for too many runs or a language without texts.
    """
    if not 1 <= len(runs) <= len(LETTERS):
        raise ValueError(f"a picture shows 1 to {len(LETTERS)} runs, not {len(runs)}")
    with sized(FORMATS[form]), speaking(language):
        return _alone(runs[0], name, FORMATS[form]) if len(runs) == 1 else _beside(runs, name, FORMATS[form])


def page_of_one(name: str) -> Callable[[xr.Dataset], Figure]:
    """Return the function that draws a picture of one run for a room, as a figure of that run."""

    def draw(ds: xr.Dataset) -> Figure:
        return page([ds], name, language=spoken())

    draw.__doc__ = f"For a room: {PICTURES[name].shows[:1].lower()}{PICTURES[name].shows[1:]}"
    return draw


# ---- One run --------------------------------------------------------------------------------------------------


def _alone(ds: xr.Dataset, name: str, form: Format) -> Figure:
    picture = PICTURES[name]
    figure = slide(form, picture.claim(ds).text, _shown(picture.shows, ds), foot(ds))
    _LAYOUTS.get(name, _over_time)(figure, ds, picture)
    return figure


def _shown(what: str, ds: xr.Dataset) -> str:
    """Return what is drawn, of a changed run with what was changed."""
    changes = changes_of(ds)
    return said("printed.changed", title=what, changes=changes) if changes else what


def _over_time(figure: Figure, ds: xr.Dataset, picture: Picture) -> None:
    """Draw a panel over the months, with its key and the events in the column beside it."""
    ax = _axes(figure, LEFT, COLUMN + 1.5, _above(ds), 2.0)
    picture.panel(ds, ax, picture.reach(ds))
    mark(ax, ds, picture.filled)
    _column(figure, _entries(ax, picture, COLUMN - 2.2, ds.sizes["world"]), ds)


def _shells(figure: Figure, ds: xr.Dataset, picture: Picture) -> None:
    """Draw the shells over what bound them."""
    height = extent(figure)[1] - TOP - BOTTOM
    lower = 0.34 * height
    ax = _axes(figure, LEFT, COLUMN + 1.5, _above(ds), lower + 0.6)
    picture.panel(ds, ax, picture.reach(ds))
    mark(ax, ds, picture.filled)
    ax.tick_params(labelbottom=False)
    below = _axes(figure, LEFT, COLUMN + 1.5, height - lower + 1.9, 2.0)
    panels.limits_panel(ds, below)
    below.set_xlim(ax.get_xlim())
    below.set_title(f"{claims.limits(ds).text} ", pad=em(0.4) * 72.0)
    named = entries(below, COLUMN - 2.2, reverse=True)
    middle = BOTTOM + max(lower - 0.6, (LINE + 0.35) * len(named) - 1.5)
    key(figure, extent(figure)[0] - COLUMN - 0.5, middle, named)
    _column(figure, _entries(ax, picture, COLUMN - 2.2, ds.sizes["world"]), ds, middle)


def _map(figure: Figure, ds: xr.Dataset, picture: Picture) -> None:
    """Draw the map, with the cargo of each route and the key of widths in the column beside it."""
    width, height = extent(figure)
    top, x = picture.reach(ds), width - COLUMN - 0.5
    ax = _axes(figure, 1.2, COLUMN + 1.5, 0.0, 0.4)
    picture.panel(ds, ax, top)
    routes.number(ds, ax)
    lower = widths(figure, ax, x, height - TOP, top)
    idle = [said("printed.routes.idle")] if routes.some_idle(ds) else []
    lines = [said("printed.routes.table"), *routes.table(ds), *idle]
    _write(figure, x, lower - 0.4, routes.set_in(lines, COLUMN, lower - 0.4 - BOTTOM))


def _above(ds: xr.Dataset) -> float:
    """Return the room above an axis for the numbers of events, heights of the text."""
    return 2.2 if happenings(ds) else 0.5


def _column(figure: Figure, named: Sequence[Entry], ds: xr.Dataset, end: float = BOTTOM) -> None:
    """Draw a key and the events below it, down to `end` from the bottom, in heights of the text."""
    width, height = extent(figure)
    x = width - COLUMN - 0.5
    y = key(figure, x, height - TOP + 0.3, named) - 0.7
    words = listing(ds, COLUMN - 0.4, y - end - LINE)
    if words:
        _write(figure, x, y, f"{said('printed.heading', what=said('printed.set'))}\n{words}")


def _write(figure: Figure, x: float, y: float, words: str) -> None:
    """Write text with its upper left corner at (x, y) from the lower left, in heights of the text."""
    width, height = extent(figure)
    for k, line in enumerate(words.split("\n")):
        figure.text(x / width, (y - LINE * k) / height, line, va="top")


_LAYOUTS: Mapping[str, Callable[[Figure, xr.Dataset, Picture], None]] = {"routes": _map, "shells": _shells}


# ---- Several runs ---------------------------------------------------------------------------------------------


def _beside(runs: Sequence[xr.Dataset], name: str, form: Format) -> Figure:
    """Draw the same picture of several runs with shared axes."""
    picture = PICTURES[name]
    figure = slide(form, contrast(picture.compared, runs).text, picture.shows, foot_of_all(runs, form))
    rows, columns = ARRANGED[len(runs)]
    over_time, in_a_row, aside = name != "routes", rows == 1, name == "routes" and rows > 1
    layout: dict[str, Any] = {"left": LEFT if over_time else 1.2, "right": 1.2, "across": 2.2}
    room = (extent(figure)[0] - sum(layout.values()) - (columns - 2) * layout["across"]) / columns
    names = [lettered(k, title_of(ds)) for k, ds in enumerate(runs)]
    titles = [short(title, room, TITLE_LINES) for title in names]
    lines = 0.0 if aside else LINE * (1 + max(title.count("\n") for title in titles))
    strip = name == "shells" and in_a_row
    of_limits = panels.limit_lines(runs, extent(figure)[0] - LEFT, OF_LIMITS) if strip else 0
    of_key = picture.lines + of_limits
    below = BOTTOM + (LINE + 0.3) * of_key + 0.5
    numbered = over_time and in_a_row and any(happenings(ds) for ds in runs)
    told = [listing(ds, room, LINE * (LISTED + 1)) if numbered else "" for ds in runs]
    listed = LINE * max(text.count("\n") + 1 for text in told) + 0.6 if numbered else 0.0
    discs = _above(runs[0]) + 0.3 if numbered else 0.0
    layout |= {
        "top": TOP + lines + 0.6 + discs,
        "bottom": below + listed + (2.2 if over_time else 0.8),
        "down": lines + (1.0 if aside else 2.6),
    }
    inches: Any = {side: em(length) for side, length in layout.items()}
    cells = grid(figure, rows, columns, **inches)
    places = [cells[k // columns, k % columns] for k in range(len(runs))]
    strips = [place.subgridspec(2, 1, height_ratios=(1.7, 1.0), hspace=0.28) for place in places] if strip else []
    upper: list[Any] = [one[0] for one in strips] if strip else places
    axes = [prepared(figure.add_subplot(one)) for one in upper]
    lower = [prepared(figure.add_subplot(one[1])) for one in strips]
    top = max(picture.reach(ds) for ds in runs)
    for ax, ds, title, whole in zip(axes, runs, titles, names, strict=True):
        if aside:
            title_beside(ax, whole, room)
        else:
            ax.set_title(title, fontweight="bold", pad=em(0.4 + discs) * 72.0)
        picture.panel(ds, ax, top)
    for ax, ds in zip(lower, runs, strict=False):
        panels.limits_panel(ds, ax)
    if over_time:
        _share_time([*axes, *lower], [*runs, *runs[: len(lower)]], columns, len(axes) * numbered, picture.filled)
        for ax in axes if strip else ():
            ax.tick_params(labelbottom=False)
        for k, text in enumerate(told):
            _write(figure, LEFT - 2.0 + k * (room + layout["across"]), below + listed, text)
        named = _all_entries(axes, picture, 30.0, max(ds.sizes["world"] for ds in runs))
        if not numbered and any(happenings(ds) for ds in runs):
            named.append((Line2D([], [], color=GREY, linestyle=":"), said("printed.legend.scheduled")))
        across = max(1, -(-len(named) // picture.lines))
        key(figure, LEFT - 2.0, below, fitted(named, across, extent(figure)[0] - LEFT), across)
        if strip:
            bound = {words: handle for ax in lower for handle, words in entries(ax, 30.0, reverse=True)}
            rest = [(handle, words) for words, handle in bound.items()]
            key(figure, LEFT - 2.0, BOTTOM + (LINE + 0.3) * of_limits + 0.3, rest, max(1, -(-len(rest) // of_limits)))
    else:
        widths(figure, axes[0], 1.2, below, top, across=True)
    return figure


def _share_time(axes: Sequence[Axes], runs: Sequence[xr.Dataset], columns: int, numbered: int, filled: bool) -> None:
    """Let all axes run over the months of all runs, and name the values on the left only; mark the events.

    Those of the first `numbered` axes get their numbers.
    """
    limits = np.array([ax.get_xlim() for ax in axes])
    longest = max(runs, key=lambda ds: ds.sizes["month"])
    for k, (ax, ds) in enumerate(zip(axes, runs, strict=True)):
        written = ax.yaxis.get_major_formatter()
        time_axis(ax, longest)
        ax.yaxis.set_major_formatter(written)
        ax.set_xlim(limits[:, 0].min(), limits[:, 1].max())
        _thin(ax)
        mark(ax, ds, filled, k < numbered)
        if k % columns:
            ax.tick_params(labelleft=False)


def _thin(ax: Axes) -> None:
    """Leave out dates until those that are left stand apart."""
    ticks, names = ax.get_xticks(), [text.get_text() for text in ax.get_xticklabels()]
    low, high = ax.get_xlim()
    width, every = extent_of(ax)[0], 1
    while len(ticks[::every]) > 1 and every * width * (ticks[1] - ticks[0]) / (high - low) < breadth(names[0]) + 0.8:
        every += 1
    ax.set_xticks(ticks[::every], names[::every])


def _all_entries(axes: Sequence[Axes], picture: Picture, width: float, worlds: int) -> list[Entry]:
    """Return what any of the axes names, each once."""
    found = {words: handle for ax in axes for handle, words in _entries(ax, picture, width, worlds)}
    return [(handle, words) for words, handle in found.items()]


def _entries(ax: Axes, picture: Picture, width: float, worlds: int) -> list[Entry]:
    """Return the key of an axis, with the bands where it draws them."""
    found = entries(ax, width)
    if picture.bands and worlds > 1:
        found += [
            (Patch(color=GREY, alpha=0.55), said("printed.legend.half")),
            (Patch(color=GREY, alpha=0.25), said("printed.legend.wide")),
        ]
    return found


def _axes(figure: Figure, left: float, right: float, top: float, bottom: float) -> Axes:
    """Return an axis with margins in heights of the text beyond those of title and footer."""
    margins: dict[str, Any] = {
        "left": em(left),
        "right": em(right),
        "top": em(TOP + top),
        "bottom": em(BOTTOM + bottom),
    }
    return prepared(figure.add_subplot(grid(figure, 1, 1, **margins)[0]))

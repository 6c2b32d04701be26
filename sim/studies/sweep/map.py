"""Figure of a sweep over two parameters: the map of the outcome with binding constraints, knee and maximum."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator
from scipy.ndimage import distance_transform_edt, label

from sim.analysis.outcome import outcome as measure_of
from sim.present.labels import LABEL_LINE, named_axis
from sim.present.naming import limit_name
from sim.present.page import page
from sim.present.palette import BINDING_HATCHES, BLACK, GREEN, RED
from sim.present.style import grid, number_axis
from sim.present.words import capital, plain_number
from sim.studies.sweep.analysis import Cut, centre, keys_of, most_frequent
from sim.studies.sweep.figures import LONGEST_LABEL, outcome_label
from sim.studies.sweep.words import outcome_words, part_words, reach, say

HATCHES = BINDING_HATCHES | {"none": "o", "closed": "|"}
"As in the other figures, with a hatch for the constraints that have only a colour there."
LIGHT = LinearSegmentedColormap.from_list("light", ["#FBFDFF", "#DCE9F5", "#B5D3E9", "#8AB8DA", "#639CC9"])
"From little to much, without a middle that would look like a turning point; black lines and hatches are read on it."
ACROSS_COLOUR, UPWARDS_COLOUR = RED, GREEN
"Of the knee or maximum along the first and along the second parameter."
LONGEST_UPWARDS = 50
"""Characters in a line of the label of the axis that runs upwards."""
LEAST_LABELLED = 0.02
"Least part of the map that a region fills to be labelled."


def edges(values: np.ndarray) -> np.ndarray:
    """Return the borders of the cells around grid values: half-way between them, and none outside the range."""
    return np.concatenate([values[:1], (values[1:] + values[:-1]) / 2.0, values[-1:]])


def colour_map(found: Sequence[Cut], ds: xr.Dataset) -> Figure:
    """Draw a sweep over two parameters; the first runs across, the second upwards."""
    outcome, (across, upwards) = str(ds.attrs["outcome"]), keys_of(ds)
    measure, values = measure_of(outcome), centre(ds, outcome).T
    x, y = edges(ds[across].values), edges(ds[upwards].values)
    note = say(f"figure.map_{'share' if measure.share else 'median'}", part=part_words())
    labels = named_axis(across, LONGEST_LABEL), named_axis(upwards, LONGEST_UPWARDS)
    below, beside = (LABEL_LINE * label.count("\n") for label in labels)
    figure = page(ds, capital(outcome_words(ds)), (12.0 + beside, 8.6 + below), note)
    cells = grid(figure, 1, 2, left=0.95 + beside, right=1.1, top=0.75, bottom=2.7 + below, across=0.3)
    cells.set_width_ratios((40, 1))
    ax, bar = figure.add_subplot(cells[0]), figure.add_subplot(cells[1])
    image = ax.pcolormesh(x, y, values, cmap=LIGHT)
    figure.colorbar(image, cax=bar, label=outcome_label(outcome), format=FuncFormatter(plain_number))
    bar.grid(False)
    patches = _constraints(ax, x, y, most_frequent(ds).T, [str(name) for name in ds["constraint"].values])
    ax.set(xlabel=labels[0], ylabel=labels[1])
    ax.xaxis.set_major_locator(MaxNLocator(nbins=9, steps=[1, 2, 2.5, 5, 10]))
    number_axis(ax)
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    for key, flip in ((across, False), (upwards, True)):
        _ridge(ax, [cut for cut in found if cut.key == key], key, flip)
    ax.grid(False)
    _legends(figure, ax, patches)
    return figure


def _legends(figure: Figure, ax: Axes, patches: list[Patch]) -> None:
    """Draw the legends below the map: lines above, hatches below."""
    width, height = figure.get_size_inches()
    options: dict[str, Any] = {"loc": "lower left", "handlelength": 3.0}
    handles, _ = ax.get_legend_handles_labels()
    if handles:
        figure.legend(handles=handles, bbox_to_anchor=(0.95 / width, 1.38 / height), ncols=1, **options)
    title: dict[str, Any] = {
        "title": say("figure.most_bound"),
        "alignment": "left",
    }
    figure.legend(handles=patches, bbox_to_anchor=(0.95 / width, 0.72 / height), ncols=5, **options, **title)


def _constraints(ax: Axes, x: np.ndarray, y: np.ndarray, codes: np.ndarray, names: Sequence[str]) -> list[Patch]:
    """Draw hatch, border and name of every region in which one constraint binds most often; return its patches."""
    patches = []
    for code in np.unique(codes):
        inside, name = codes == code, names[code]
        cells = [
            [(x[c], y[r]), (x[c + 1], y[r]), (x[c + 1], y[r + 1]), (x[c], y[r + 1])] for r, c in np.argwhere(inside)
        ]
        hatch: dict[str, Any] = {"facecolor": "none", "edgecolor": (0.0, 0.0, 0.0, 0.35), "linewidth": 0.0}
        ax.add_collection(PolyCollection(cells, hatch=HATCHES[name], **hatch))
        patches.append(Patch(hatch=HATCHES[name] * 2, label=limit_name(name), **{**hatch, "linewidth": 1.0}))
        _name(ax, x, y, inside, limit_name(name))
    ax.add_collection(LineCollection(_borders(x, y, codes), colors=BLACK, linewidths=2.0))
    return patches


def _borders(x: np.ndarray, y: np.ndarray, codes: np.ndarray) -> list[list[tuple[float, float]]]:
    """Return the edges between cells of different codes."""
    upright = [[(x[c + 1], y[r]), (x[c + 1], y[r + 1])] for r, c in np.argwhere(codes[:, 1:] != codes[:, :-1])]
    level = [[(x[c], y[r + 1]), (x[c + 1], y[r + 1])] for r, c in np.argwhere(codes[1:] != codes[:-1])]
    return upright + level


def _name(ax: Axes, x: np.ndarray, y: np.ndarray, inside: np.ndarray, words: str) -> None:
    """Write a name where the largest connected part of a region is widest."""
    parts, count = label(inside)
    largest = parts == 1 + int(np.argmax([(parts == k + 1).sum() for k in range(count)]))
    if largest.mean() < LEAST_LABELLED:
        return
    depth = distance_transform_edt(np.pad(largest, 1))[1:-1, 1:-1]
    across, upwards = np.meshgrid((x[1:] + x[:-1]) / 2.0, (y[1:] + y[:-1]) / 2.0)
    area = largest * np.outer(np.diff(y), np.diff(x))
    aside = [(one - np.average(one, weights=area)) / np.ptp(ends) for one, ends in ((across, x), (upwards, y))]
    # of the cells in the widest part the one nearest to the middle: cells at the ends of the range are half as wide
    far = np.where(depth == depth.max(), aside[0] ** 2 + aside[1] ** 2, np.inf)
    row, column = np.unravel_index(np.argmin(far), far.shape)
    place = (across[row, column], upwards[row, column])
    box = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": BLACK, "alpha": 0.9}
    ax.text(*place, words, ha="center", va="center", bbox=box, zorder=6)


def _line(held: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a line through places, missing where they are; one without neighbours is as long as its row of cells."""
    ends, line = edges(held), []
    for k, place in enumerate(places):
        alone = np.isfinite(place) and np.isfinite(places[max(k - 1, 0) : k + 2]).sum() == 1
        line += [(ends[k], place), (ends[k + 1], place)] if alone else [(held[k], place)]
    across, upwards = np.array(line).T
    return across, upwards


def _ridge(ax: Axes, found: Sequence[Cut], key: str, flip: bool) -> None:
    """Draw the line of the maximum where most curves have one, else of the knee where most go flat; with intervals."""
    signs = [cut.shape.sign * cut.shape.flattens for cut in found]
    sign = 1.0 if signs.count(1.0) >= signs.count(-1.0) else -1.0
    peaks = [cut.shape.peaks for cut in found]
    which, chosen = ("maximum", peaks) if 2 * sum(peaks) > len(found) else ("knee", [one == sign for one in signs])
    if 2 * sum(chosen) <= len(found):
        return
    places = [getattr(cut.shape, which).at for cut, mine in zip(found, chosen, strict=True) if mine]
    unsure = which == "maximum" and any(cut.shape.peaks and not cut.shape.turns for cut in found)
    words = f"stops_{'adding' if sign > 0 else 'lowering'}"
    if which == "maximum":
        words = "turns_unsure" if unsure else "turns"
    colour = UPWARDS_COLOUR if flip else ACROSS_COLOUR
    held = np.array([cut.held for cut in found])
    for part, width, style in (("low", 1.4, (0, (3, 2))), ("high", 1.4, (0, (3, 2))), ("at", 3.0, "-")):
        drawn = np.array([getattr(getattr(cut.shape, which), part) for cut in found])
        drawn = np.where(chosen & np.isfinite(drawn), drawn, np.nan)
        text = say(f"figure.{words}", key=key, place=reach(places, key)) if part == "at" else None
        look: dict[str, Any] = {"color": colour, "zorder": 5, "linewidth": width, "linestyle": style, "label": text}
        look["path_effects"] = [withStroke(linewidth=width + 2.0, foreground="white")]
        line = _line(held, drawn)
        ax.plot(*(line if flip else line[::-1]), **look)
    if unsure:
        dots = np.where([cut.shape.peaks and not cut.shape.turns for cut in found], drawn, np.nan)
        line = (held, dots) if flip else (dots, held)
        ax.plot(*line, "o", color=colour, markerfacecolor="white", markersize=8, markeredgewidth=2.0, zorder=6)

"""Figures of a study of policies: regret, the trade-off of two outcomes, and who gains by which policy."""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.measures import is_whole
from sim.analysis.quantiles import Z_90, quantiles
from sim.present.labels import LABEL_LINE, TITLE_LINE, in_lines
from sim.present.naming import codes_note, goal_title, scale_words
from sim.present.page import page
from sim.present.palette import BLACK, BLUE, GREEN, GREY, RED, colour_of
from sim.present.style import change_map, few_ticks, grid, legend, panels, zero_line
from sim.scenario.names import COUNTRIES, GOALS
from sim.studies.policy.analysis import Finding, from_reference, score_change
from sim.studies.policy.regret import Choice
from sim.studies.policy.tables import ranked, way_of
from sim.studies.policy.words import names_of, outcome_words, quoted, say, threshold_words
from sim.texts.spoken import foreign, number_of, written

MOST_SHOWN = 12
"""Most policies in a figure; of more, the reference and those of least regret are drawn."""
LONGEST_LINE = 30
"""Characters in a line of a policy's name beside an axis, where it has two lines."""
REACH = 0.15
"""Changes of a score at which the colours end."""
LEGEND_COLUMNS = 3
MARKERS = "os^DvPX<>*hp"
LARGEST_MARKER, SMALLEST_MARKER = 18.0, 7.0
POINTS: tuple[tuple[str, str, str], ...] = (("mean", "o", BLACK), ("q75", "s", BLUE), ("q95", "D", RED))
"""Statistic, marker and colour of the points of regret."""
LONGEST_LABEL, LONGEST_TITLE = 44, 88
"""Characters in a line beside an axis, and of a title, where outcomes are told in words."""


def shown_policies(found: Finding) -> list[int]:
    """Return the policies that are drawn, the robust one first; the reference is always among them."""
    order = ranked(found)
    if len(order) <= MOST_SHOWN:
        return order
    kept = order[:MOST_SHOWN]
    return kept if 0 in kept else [*kept[:-1], 0]


def brief(name: str) -> str:
    """Return a policy's name, in two lines if it is long, cut to fit a figure."""
    return textwrap.fill(name, LONGEST_LINE, max_lines=2, placeholder=" ...")


def label_room(labels: Sequence[str]) -> float:
    """Return the inches that the longest label takes beside an axis."""
    return 0.35 + 0.1 * max(len(line) for label in labels for line in label.splitlines())


def _omitted(shown: Sequence[int], names: Sequence[str]) -> str:
    more = len(names) - len(shown)
    return say(f"figure.omitted.{number_of(more)}", n=more) if more else ""


def _note_room(note: str) -> float:
    """Return the inches that the lines of a note take above its first one."""
    return 0.17 * note.count("\n")


def outcome_label(found: Finding) -> str:
    """Return the unit of an outcome for an axis."""
    return scale_words(found.name, found.unit, "policy.figure.index")


def outcome_name(found: Finding) -> str:
    """Return what an outcome is called beside an axis: what it was asked for by; in another language what it is."""
    return outcome_words(found) if foreign() else found.name


def regret_figure(found: Finding, ds: xr.Dataset) -> Figure:
    """Draw regret of each policy beside how often it is the best and good enough."""
    names, shown = names_of(ds), shown_policies(found)
    labels = [brief(names[k]) for k in shown]
    left = label_room(labels)
    note = say("figure.regret_note", threshold=threshold_words(found), omitted=_omitted(shown, names))
    low = 1.7 + _note_room(note)
    title = say("figure.regret_title", outcome=outcome_words(found))
    figure = page(ds, title, (max(12.0, left + 9.0), 1.0 + low + 0.45 * len(shown)), note)
    cells = grid(figure, 1, 3, left=left, right=0.3, top=0.8, bottom=low, across=0.5)
    sizes, shares = figure.add_subplot(cells[0, :2]), figure.add_subplot(cells[0, 2])
    _sizes_panel(sizes, found, shown)
    _shares_panel(shares, found, shown)
    sizes.set_yticks(range(len(shown)), labels)
    shares.set_yticks(range(len(shown)), [""] * len(shown))
    for ax in (sizes, shares):
        ax.set_ylim(len(shown) - 0.5, -0.5)
        ax.grid(axis="x", visible=False)
    legend(figure, sizes, 0.4, low - 1.0, 4, handlelength=1.0)
    legend(figure, shares, shares.get_position().x0 * figure.get_size_inches()[0], low - 1.0, 2, handlelength=1.0)
    return figure


def _shade(ax: Axes, found: Finding, choice: Choice, shown: Sequence[int]) -> None:
    """Shade the rows of the first policy, of those that tie with it, and of those not distinguished from it."""
    for row, k in enumerate(shown):
        if (same := k in choice.first or found.tied(k, choice.best)) or k in choice.rivals:
            ax.axhspan(row - 0.5, row + 0.5, color=GREEN, alpha=0.22 if same else 0.1, linewidth=0)


def _sizes_panel(ax: Axes, found: Finding, shown: Sequence[int]) -> None:
    seen, rows = found.table, np.arange(len(shown))
    _shade(ax, found, seen.by_regret, shown)
    for offset, (name, marker, colour) in zip((-0.2, 0.0, 0.2), POINTS, strict=True):
        look: dict[str, Any] = {"fmt": marker, "color": colour, "markersize": 7, "capsize": 3, "linewidth": 1.6}
        value, error = getattr(seen, name)[shown], seen.errors[name][shown]
        reach = np.array([np.minimum(error, value), error])  # no regret is below zero
        ax.errorbar(value, rows + offset, xerr=reach, label=say(f"figure.{name}"), **look)
    largest: dict[str, Any] = {"color": GREY, "markersize": 8, "markeredgewidth": 2.0}
    ax.plot(seen.largest[shown], rows, "x", label=say("figure.largest"), **largest)
    ax.set_xlim(left=min(0.0, ax.get_xlim()[0]))
    few_ticks(ax.xaxis, 6)
    ax.set(title=say("figure.regret"), xlabel=outcome_label(found))


def _shares_panel(ax: Axes, found: Finding, shown: Sequence[int]) -> None:
    seen, rows = found.table, np.arange(len(shown))
    _shade(ax, found, seen.by_satisficing, shown)
    look: dict[str, Any] = {"markersize": 7, "linewidth": 1.6}
    ax.plot(100.0 * seen.best[shown], rows - 0.15, "^", color=BLUE, label=say("figure.best"), **look)
    good, error = 100.0 * seen.satisfied[shown], 100.0 * seen.errors["satisfied"][shown]
    reach = np.minimum([error, error], [good, 100.0 - good])  # no share is below none or above all
    ax.errorbar(good, rows + 0.15, xerr=reach, fmt="o", color=BLACK, capsize=3, label=say("figure.good"), **look)
    ax.set(xlim=(-3.0, 103.0), title=say("figure.shares"), xlabel=say("figure.of_worlds"))


def trade_off_figure(found: Sequence[Finding], ds: xr.Dataset) -> Figure:
    """Draw the first outcome against each other one: over the worlds, and as change from the reference."""
    names, shown = names_of(ds), shown_policies(found[0])
    labels = [brief(names[k]) for k in shown]
    rows = len(found) - 1
    fills = {"reference": quoted(names[0]), "z": written(str(Z_90)), "omitted": _omitted(shown, names)}
    note = say("figure.trade_note", **fills)
    start = 0.5 + _note_room(note)
    below = start + 0.65 + 0.46 * -(-len(labels) // LEGEND_COLUMNS)
    others = say("figure.trade_join").join(map(outcome_name, found[1:]))
    title = in_lines(say("figure.trade_title", first=outcome_name(found[0]), others=others), LONGEST_TITLE)
    top = 0.9 + TITLE_LINE * title.count("\n")
    more = LABEL_LINE * max(_axis_label(one, change=True).count("\n") for one in found)
    below += more
    figure = page(ds, title, (13.0 + 2 * more, top + (4.4 + more) * rows + below - more), note)
    room = {"left": 1.1 + more, "across": 1.2 + more, "down": 1.2 + more}
    axes = panels(figure, rows, 2, right=0.3, top=top, bottom=below + 0.3, **room)
    for row, other in enumerate(found[1:]):
        _spread_panel(axes[row, 0], found[0], other, shown, labels, ds, row + 1)
        _change_panel(axes[row, 1], found[0], other, shown, ds, row + 1)
    legend(figure, axes[0, 0], room["left"], start, LEGEND_COLUMNS, handlelength=1.0)
    return figure


def _look(k: int) -> dict[str, Any]:
    """Return colour and marker of a policy by its number; the reference is black.

    Markers are open and each is smaller than the one before, so that policies of equal outcome stay visible.
    """
    size = LARGEST_MARKER - (LARGEST_MARKER - SMALLEST_MARKER) * (k % len(MARKERS)) / (len(MARKERS) - 1)
    look = {"color": colour_of(k), "marker": MARKERS[k % len(MARKERS)], "markersize": size, "linestyle": "none"}
    return look | {"markerfacecolor": "none", "markeredgewidth": 2.0}


def _axis_label(one: Finding, change: bool) -> str:
    fills = {"outcome": outcome_name(one), "unit": outcome_label(one), "wanted": say(f"figure.{way_of(one)}")}
    return in_lines(say(f"figure.axis{'_change' * change}", **fills), LONGEST_LABEL)


def _axes_words(ax: Axes, x: Finding, y: Finding, title: str, change: bool) -> None:
    for axis, one in ((ax.xaxis, x), (ax.yaxis, y)):
        few_ticks(axis)
        axis.set_label_text(_axis_label(one, change))
    ax.set_title(title)


def _spread_panel(
    ax: Axes, x: Finding, y: Finding, shown: Sequence[int], labels: Sequence[str], ds: xr.Dataset, other: int
) -> None:
    for k, label in zip(shown, labels, strict=True):
        (x25, x50, x75), (y25, y50, y75) = (
            quantiles(ds["outcome"].values[one, k], (0.25, 0.5, 0.75), whole=is_whole(which.name))
            for one, which in ((0, x), (other, y))
        )
        look = _look(k)
        ax.plot([x25, x75], [y50, y50], color=look["color"], linewidth=1.4, alpha=0.45)
        ax.plot([x50, x50], [y25, y75], color=look["color"], linewidth=1.4, alpha=0.45)
        ax.plot(x50, y50, label=label, **look)
    _axes_words(ax, x, y, say("figure.spread"), change=False)


def _change_panel(ax: Axes, x: Finding, y: Finding, shown: Sequence[int], ds: xr.Dataset, other: int) -> None:
    for k in shown:
        dx, dy = from_reference(ds, 0, k), from_reference(ds, other, k)
        look = _look(k)
        known = np.isfinite(dx.error) and np.isfinite(dy.error)
        reach: dict[str, Any] = {"xerr": Z_90 * dx.error, "yerr": Z_90 * dy.error} if known else {}
        ax.errorbar(dx.mean, dy.mean, ecolor=look["color"], elinewidth=1.4, capsize=3, **reach, **look)
    zero_line(ax)
    ax.axvline(0.0, color=GREY, linewidth=1.2, zorder=1)
    _axes_words(ax, x, y, say("figure.change"), change=True)


def scoreboard_figure(found: Finding, ds: xr.Dataset) -> Figure:
    """Draw policies by countries: the change of every goal in the last month, and of their mean."""
    names = names_of(ds)
    shown = [k for k in shown_policies(found) if k]
    labels = [brief(names[k]) for k in shown]
    left, high = label_room(labels), 0.5 + 0.45 * len(shown)
    fills = {"reference": quoted(names[0]), "z": written(str(Z_90)), "omitted": _omitted([0, *shown], names)}
    note = f"{codes_note()}\n{say('figure.board_note', **fills)}"
    figure = page(ds, say("figure.board_title"), (left + 12.6, 2.8 + _note_room(note) + 2 * high), note)
    axes = panels(figure, 2, 3, left=left, right=0.2, top=0.95, bottom=0.8 + _note_room(note), across=0.4, down=0.9)
    for number, (ax, goal) in enumerate(zip(axes.ravel(), ("all", *GOALS), strict=True)):
        mean, error = score_change(ds, GOALS if goal == "all" else (goal,))
        change_map(ax, mean[shown], np.abs(mean[shown]) <= Z_90 * error[shown], REACH, ("·", GREY))
        ax.set_xticks(range(len(COUNTRIES)), COUNTRIES)
        ax.set_yticks(range(len(shown)), labels if number % 3 == 0 else [""] * len(shown))
        ax.set_title(say("figure.all_goals") if goal == "all" else goal_title(goal))
    return figure

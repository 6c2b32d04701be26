"""Figures of a sweep over one parameter: the outcome with bands, its marginal gain, the binding constraint."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.measures import is_whole
from sim.analysis.outcome import outcome as measure_of
from sim.analysis.quantiles import quantiles, share_interval
from sim.present.by_rule import key_words
from sim.present.labels import LABEL_LINE, TITLE_LINE, in_lines, named, named_axis
from sim.present.naming import limit_name, scale_words
from sim.present.page import page
from sim.present.palette import BINDING_COLOURS, BINDING_HATCHES, BLACK, BLUE, GREEN, GREY, RED
from sim.present.style import legend, number_axis, panels, zero_line
from sim.present.words import capital
from sim.studies.sweep.analysis import BOUND, Cut, keys_of
from sim.studies.sweep.knee import KNEE_SHARE, Place, Shape, resampled, slopes
from sim.studies.sweep.words import outcome_words, part_words, place_words, say
from sim.texts.spoken import written

PROFILES: tuple[tuple[str, Any], ...] = ((BLUE, (0, (7, 2))), (BLACK, "-"), (RED, (0, (1, 1.5))))
"Colour and line of a low, a middle and a high value."
KNEE_COLOUR, TURN_COLOUR = RED, GREEN
LONGEST_TITLE, LONGEST_LABEL, LONGEST_OF_CUT = 88, 78, 46
"""Characters in a line of a title, and of the label of an axis across the figure and across half of it."""
LEAST_SHOWN = 0.002
"""Least share of world-months of a constraint that is drawn."""


def outcome_label(outcome: str) -> str:
    """Return the unit of an outcome for an axis."""
    measure = measure_of(outcome)
    if measure.share:
        return say("figure.share")
    return scale_words(outcome, measure.unit)


def outcome_panel(ax: Axes, x: np.ndarray, values: np.ndarray, outcome: str, colour: str = BLUE) -> None:
    """Draw median, 50 % and 90 % band of an outcome (points, worlds); of a share, the mean and its 90 % interval."""
    if measure_of(outcome).share:
        low, high = share_interval(values.mean(axis=-1), values.shape[-1])
        ax.fill_between(x, low, high, color=colour, alpha=0.25, linewidth=0, label=say("figure.confidence"))
        ax.plot(x, values.mean(axis=-1), color=colour, marker="o", markersize=4, label=say("figure.share"))
        ax.set_ylim(0.0, max(0.05, 1.1 * float(high.max())))
    else:
        q05, q25, q50, q75, q95 = quantiles(values, whole=is_whole(outcome))
        ax.fill_between(x, q05, q95, color=colour, alpha=0.16, linewidth=0, label=say("figure.wide"))
        ax.fill_between(x, q25, q75, color=colour, alpha=0.28, linewidth=0, label=say("figure.half"))
        ax.plot(x, q50, color=colour, marker="o", markersize=4, label=say("figure.median"))
        ax.set_ylim(bottom=min(0.0, float(np.nanmin(q05))))
    number_axis(ax)


def marginal_panel(ax: Axes, x: np.ndarray, values: np.ndarray, seen: Shape) -> None:
    """Draw what one more unit adds to the mean, with its 90 % interval, and the threshold of the knee."""
    middles, curve = (x[1:] + x[:-1]) / 2.0, values.mean(axis=-1)
    steps = slopes(x, curve)
    low, high = np.quantile(slopes(x, resampled(values)), (0.05, 0.95), axis=0)
    ax.fill_between(middles, low, high, color=BLUE, alpha=0.25, linewidth=0)
    ax.plot(middles, steps, color=BLUE, marker="o", markersize=4)
    zero_line(ax)
    if seen.flattens:
        steepest = say("figure.steepest", part=part_words())
        threshold = KNEE_SHARE * seen.sign * float(np.max(seen.sign * steps))
        ax.axhline(threshold, color=BLACK, linewidth=1.4, linestyle=(0, (1, 1.5)), label=steepest)
    number_axis(ax)


def bound_panel(ax: Axes, x: np.ndarray, shares: np.ndarray, names: Sequence[str]) -> None:
    """Draw the share of world-months in which each constraint bound, (points, constraint)."""
    base = np.zeros(len(x))
    for code, name in enumerate(names):
        top = base + 100.0 * shares[:, code]
        if shares[:, code].max() >= LEAST_SHOWN:
            look: dict[str, Any] = {"facecolor": BINDING_COLOURS[name], "hatch": BINDING_HATCHES[name]}
            ax.fill_between(x, base, top, edgecolor="white", linewidth=0.0, label=limit_name(name), **look)
        base = top
    ax.set_ylim(0.0, 100.0)
    number_axis(ax)


def marks(seen: Shape, key: str) -> list[tuple[Place, str, str, Any]]:
    """Return knee, maximum and minimum as far as they are significant: place, words, colour, line."""
    found: list[tuple[Place, str, str, Any]] = []
    if seen.flattens:
        found.append((seen.knee, say("figure.knee", place=place_words(seen.knee, key)), KNEE_COLOUR, "-"))
    if seen.peaks:
        words = say(f"figure.{'maximum' if seen.turns else 'unsure'}", place=place_words(seen.maximum, key))
        found.append((seen.maximum, words, TURN_COLOUR, (0, (7, 2))))
    if seen.dips:
        words = say("figure.minimum", place=place_words(seen.minimum, key))
        found.append((seen.minimum, words, TURN_COLOUR, (0, (1, 1.5))))
    return found


def line(found: Sequence[Cut], ds: xr.Dataset) -> Figure:
    """Draw a sweep over one parameter."""
    outcome, key = str(ds.attrs["outcome"]), keys_of(ds)[0]
    x, values, seen = ds[key].values, ds[outcome].values, found[0].shape
    title = in_lines(say("figure.title", outcome=capital(outcome_words(ds)), key=key_words(key)), LONGEST_TITLE)
    label = named_axis(key, LONGEST_LABEL)
    above, below = TITLE_LINE * title.count("\n"), LABEL_LINE * label.count("\n")
    figure = page(ds, title, (12.0, 10.0 + above + below), say("figure.note", part=part_words()))
    room = {"top": 1.15 + above, "bottom": 1.2 + below}
    top, middle, bottom = panels(figure, 3, 1, left=1.05, right=2.9, down=0.6, **room)[:, 0]
    outcome_panel(top, x, values, outcome)
    top.set_ylabel(outcome_label(outcome))
    marginal_panel(middle, x, values, seen)
    middle.set(title=say("figure.adds"), ylabel=say("figure.per_unit"))
    bound_panel(bottom, x, ds[BOUND].values, [str(name) for name in ds["constraint"].values])
    bottom.set(title=say("figure.bound"), ylabel=say("figure.world_months"))
    bottom.set_xlabel(label)
    for place, words, colour, style in marks(seen, key):
        for ax in (top, middle, bottom):
            if ax is not bottom:
                ax.axvspan(place.low, min(place.high, float(x[-1])), color=colour, alpha=0.18, linewidth=0)
            ax.axvline(place.at, color=colour, linewidth=2.0, linestyle=style, label=words if ax is top else None)
    for ax in (top, middle, bottom):
        ax.set_xlim(float(x[0]), float(x[-1]))
    _legends(figure, top, middle, bottom, above)
    return figure


def _legends(figure: Figure, top: Axes, middle: Axes, bottom: Axes, lower: float) -> None:
    """Draw knee, maximum and minimum above the panels, `lower` inches down, the other legends beside them."""
    handles, labels = top.get_legend_handles_labels()
    places = tuple(say(f"figure.{mark}", place="") for mark in ("knee", "maximum", "minimum"))
    above = [label.startswith(places) for label in labels]
    named = [(h, label) for h, label, is_above in zip(handles, labels, above, strict=True) if is_above]
    height = figure.get_size_inches()[1]
    if named:
        place = (top.get_position().x0, 1.0 - (0.95 + lower) / height)
        figure.legend(*zip(*named, strict=True), loc="lower left", bbox_to_anchor=place, ncols=2)
    else:
        figure.text(top.get_position().x0, 1.0 - (0.92 + lower) / height, say("figure.nowhere"), color=GREY)
    rest = [(h, label) for h, label, is_above in zip(handles, labels, above, strict=True) if not is_above]
    beside: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.03, 1.0)}
    top.legend(*zip(*rest, strict=True), **beside)
    if middle.get_legend_handles_labels()[0]:
        middle.legend(**beside)
    handles, labels = bottom.get_legend_handles_labels()
    bottom.legend(handles[::-1], labels[::-1], **beside)


def profiles(found: Sequence[Cut], ds: xr.Dataset) -> Figure:
    """Draw the outcome along each parameter at a low, a middle and a high value of the other."""
    outcome, keys = str(ds.attrs["outcome"]), keys_of(ds)
    title = say("figure.cuts", outcome=capital(outcome_words(ds)))
    labels, names = ([one(key, LONGEST_OF_CUT) for key in keys] for one in (named_axis, named))
    below = LABEL_LINE * sum(max(word.count("\n") for word in words) for words in (labels, names))
    figure = page(ds, title, (12.0, 6.4 + below), say("figure.cuts_note"))
    axes = panels(figure, 1, 2, left=0.95, right=0.25, top=0.85, bottom=2.1 + below, across=0.95)[0]
    for number, (ax, key) in enumerate(zip(axes, keys, strict=True)):
        other, mine = keys[1 - number], [cut for cut in found if cut.key == key]
        for k, (colour, style) in zip(sorted({0, len(mine) // 2, len(mine) - 1}), PROFILES, strict=False):
            _profile(ax, ds[key].values, ds[outcome].isel({other: k}).values, mine[k], colour, style, is_whole(outcome))
        ax.set(xlabel=labels[number], ylabel=outcome_label(outcome))
        number_axis(ax)
        ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
        left = ax.get_position().x0 * figure.get_size_inches()[0]
        legend(figure, ax, left, 0.55, 1, title=names[1 - number], alignment="left", labelspacing=0.3)
    return figure


def _profile(ax: Axes, x: np.ndarray, values: np.ndarray, cut: Cut, colour: str, style: Any, whole: bool) -> None:
    share = set(np.unique(values)) <= {0.0, 1.0}
    if share:
        middle = values.mean(axis=-1)
        low, high = share_interval(middle, values.shape[-1])
    else:
        low, middle, high = quantiles(values, (0.25, 0.5, 0.75), whole=whole)
    ax.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0)
    ax.plot(x, middle, color=colour, linestyle=style, label=written(f"{cut.held:.4g}"))
    for place, _, mark, _ in marks(cut.shape, cut.key):
        marker = "o" if mark == KNEE_COLOUR else "^" if place is cut.shape.maximum else "v"
        look: dict[str, Any] = {"markersize": 10, "markerfacecolor": "white", "markeredgewidth": 2.0}
        ax.plot(place.at, float(np.interp(place.at, x, middle)), marker, color=colour, zorder=5, **look)

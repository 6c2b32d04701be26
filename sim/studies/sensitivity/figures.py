"""Figures of a sensitivity analysis: effects in screening, Sobol indices, and the convergence of both."""

import textwrap

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from sim.present.labels import LABEL_LINE, named, named_rows, row_label
from sim.present.page import page
from sim.present.palette import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, RED
from sim.present.style import few_ticks, number_axis, panels, zero_line
from sim.present.words import plain_number
from sim.studies.sensitivity.words import (
    SPECIAL,
    factor_words,
    interval_words,
    outcome_unit,
    outcome_words,
    ranked,
    say,
    varies,
)
from sim.texts.spoken import kept, written

SHOWN = 20
"""Most factors in the ranking of screening."""
TRACED = (BLUE, RED, GREEN, ORANGE, PURPLE, BLACK)
"""Colours of the factors whose convergence is shown."""
DASHES = ("-", (0, (7, 2)), (0, (1, 1.5)), "-.", (0, (4, 1.5, 1, 1.5)), (0, (3, 3)))
LEFT = 4.3
"""Inches for the names of factors."""
LONGEST_TRACED = 50
"""Characters in a line of the name of a factor in a legend, where it is told in words."""


def effects(outcome: str, ds: xr.Dataset) -> Figure:
    """Draw the factors of the largest effects in screening, and how uneven their effects are."""
    found = ds.sel(outcome=outcome).isel(trajectories=-1)
    size = found["effect_size"].values
    order = np.argsort(-size, kind="stable")[:SHOWN][::-1]
    rows = named_rows(0.335, LEFT)
    size_of_page = 12.0 + rows.room - LEFT, 2.3 + rows.height * SHOWN
    figure = page(ds, _title("effects", outcome, ds), size_of_page, _note("effects"))
    left, right = panels(figure, 1, 2, left=rows.room, right=0.3, top=0.95, bottom=1.35, across=0.5)[0]
    y = np.arange(len(order))
    names = [str(found["screened"].values[k]) for k in order]
    colours = [GREY if name in ("chance", "others", "control") else BLUE for name in names]
    left.barh(y, size[order], xerr=found["effect_half"].values[order], color=colours, height=0.7, **_bars())
    left.set_xlabel(say("figure.effect", unit=outcome_unit(ds, outcome)))
    left.set_xlim(left=0.0)
    spread = np.divide(found["effect_spread"].values, size, out=np.zeros_like(size), where=size > 0.0)
    right.plot(spread[order], y, "o", color=BLUE, markersize=8)
    right.set_xlabel(say("figure.unevenness"))
    right.set_xlim(left=0.0)
    _names(left, names, rows.size)
    right.set_yticks(y, [])
    for ax in (left, right):
        ax.set_ylim(-0.6, len(order) - 0.4)
        few_ticks(ax.xaxis)
    return figure


def shares(outcome: str, ds: xr.Dataset) -> Figure:
    """Draw first-order and total index of every factor."""
    names = ranked(ds, outcome)[::-1]
    found = ds.sel(outcome=outcome, factor=names).isel(samples=-1)
    rows = named_rows(0.42, LEFT)
    height = 2.6 + rows.height * len(names)
    figure = page(ds, _title("shares", outcome, ds), (12.0 + rows.room - LEFT, height), _note("shares"))
    ax = panels(figure, 1, 1, left=rows.room, right=2.6, top=0.95, bottom=1.35)[0, 0]
    y = np.arange(len(names))
    if varies(ds, outcome):
        total, first = found["total"].values, found["first"].values
        share_bars(ax, y + 0.19, first, found["first_half"].values, BLUE, say("head.first"))
        share_bars(ax, y - 0.19, total, found["total_half"].values, "#A6CEE3", say("head.total"))
        ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0))
    else:
        ax.text(0.5, 0.5, say("figure.same"), transform=ax.transAxes, ha="center", color=GREY)
    ax.axvline(0.0, color=GREY, linewidth=1.2)
    _names(ax, names, rows.size)
    ax.set(ylim=(-0.6, len(names) - 0.4), xlabel=say("head.share"))
    ax.xaxis.set_major_formatter(FuncFormatter(kept(plain_number)))
    return figure


def share_bars(ax: Axes, y: np.ndarray, values: np.ndarray, half: np.ndarray, colour: str, label: str) -> None:
    """Draw shares of a variance with intervals; an estimate below zero, which no share can be, is a ring and no bar."""
    ax.barh(y, np.maximum(values, 0.0), height=0.36, color=colour, label=label)
    ax.errorbar(values, y, xerr=half, fmt="none", elinewidth=1.8, ecolor=BLACK, capsize=3)
    below = values < 0.0
    ax.plot(values[below], y[below], "o", color=BLACK, markerfacecolor="white", markersize=6, zorder=4)


def convergence(outcome: str, ds: xr.Dataset) -> Figure:
    """Draw total indices, and the effects of screening, against the number of runs."""
    found = ds.sel(outcome=outcome)
    traced = {"factor": [name for name in ranked(ds, outcome) if name != "control"][: len(TRACED)]}
    if "screened" in ds.coords:
        size = found["effect_size"].isel(trajectories=-1)
        order = np.argsort(-size.values, kind="stable")[: len(TRACED)]
        traced["screened"] = [str(found["screened"].values[k]) for k in order]
    more = LABEL_LINE * max("".join(map(_in_legend, names)).count("\n") for names in traced.values())
    figure = page(ds, _title("convergence", outcome, ds), (12.0, 7.6 + more), _note("convergence"))
    axes = panels(figure, 1, len(traced), left=0.95, right=0.3, top=1.25, bottom=3.0 + more, across=1.0)[0]
    _traces(axes[0], ds["samples"].values, traced["factor"], found, "factor", "total")
    axes[0].set(xlabel=say("figure.samples"), ylabel=say("figure.total"), title=say("figure.total_title"))
    if "screened" in traced:
        _traces(axes[1], ds["trajectories"].values, traced["screened"], found, "screened", "effect")
        label = say("figure.effect", unit=outcome_unit(ds, outcome))
        axes[1].set(xlabel=say("figure.trajectories"), ylabel=label, title=say("figure.effect_title"))
    for ax in axes:
        _below(figure, ax)
    return figure


def _in_legend(factor: str) -> str:
    return factor_words(factor) if factor in SPECIAL else named(factor, LONGEST_TRACED)


def _traces(ax: Axes, x: np.ndarray, names: list[str], found: xr.Dataset, dim: str, field: str) -> None:
    """Draw the estimates of some factors with their intervals over the number of runs."""
    middle, half = (field, f"{field}_half") if field == "total" else ("effect_size", "effect_half")
    for name, colour, dashes in zip(names, TRACED, DASHES, strict=False):
        line, reach = (found[part].sel({dim: name}).values for part in (middle, half))
        ax.fill_between(x, line - reach, line + reach, color=colour, alpha=0.12, linewidth=0)
        ax.plot(x, line, color=colour, linestyle=dashes, marker="o", markersize=5, label=_in_legend(name))
    ax.set_xscale("log", base=2)
    number_axis(ax)
    ax.set_xticks(x, [written(f"{value:,}") for value in x])
    ax.xaxis.set_minor_locator(NullLocator())
    if len(x) == 1:
        ax.set_xlim(x[0] / 2, x[0] * 2)
    zero_line(ax)


def _below(figure: Figure, ax: Axes) -> None:
    width, height = figure.get_size_inches()
    handles, labels = ax.get_legend_handles_labels()
    place = (ax.get_position().x0 - 0.3 / width, 0.5 / height)
    figure.legend(handles, labels, loc="lower left", bbox_to_anchor=place, handlelength=3.0)


def _names(ax: Axes, names: list[str], size: float | None) -> None:
    labels = [factor_words(name) if name in SPECIAL else row_label(name) for name in names]
    ax.set_yticks(np.arange(len(names)), labels, fontsize=size)
    ax.grid(visible=False, axis="y")


def _bars() -> dict[str, object]:
    return {"error_kw": {"elinewidth": 1.8, "ecolor": BLACK, "capsize": 3}}


def _title(which: str, outcome: str, ds: xr.Dataset) -> str:
    return textwrap.fill(say(f"figure.{which}", outcome=outcome_words(ds, outcome)), 88)


def _note(which: str) -> str:
    return say(f"figure.{which}_note", interval=interval_words())

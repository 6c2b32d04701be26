"""The figure of an explanation: the parts of its first ledgers as steps that lead to the number."""

from textwrap import fill
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.analysis.ledger import LEAST, PRODUCT, Explanation, Ledger
from sim.present.page import page
from sim.present.palette import BLACK, BLUE, GREY, ORANGE
from sim.present.style import panels
from sim.present.words import percent, plain_number, setting, significant
from sim.studies.explain.counterfactual import Counterfactual, Lever
from sim.studies.explain.words import tell, unit_words
from sim.texts.spoken import kept

LEFT, WIDE, ROW = 3.4, 5.0, 0.46
"""Inches: room for the words of the parts, width of a panel, height of a part."""
LINE = 0.22
"""Inches of a line of these words: three lines need more than `ROW`."""
LETTERS = 34
"""Most letters in a line of the words of a part."""
LEAST_SHOWN = 0.004
"""Parts smaller than this share of the largest are left out of the figure."""
Step = tuple[str, float, float, str, str]
"""Words, start, end, colour and the text of the amount."""


def draw(made: Explanation, ds: xr.Dataset) -> Figure:
    """Draw the first ledgers of an explanation side by side."""
    shown = made.ledgers[: made.drawn]
    steps = [steps_of(ledger) for ledger in shown]
    lines = max(1 + fill(words, LETTERS).count("\n") for one in steps for words, *_ in one)
    height = 2.1 + max(ROW, LINE * lines) * max(len(one) for one in steps)
    size = (0.3 + len(shown) * (LEFT + WIDE), height)
    figure = page(ds, made.question, size, fill(made.place.partition("\n")[0], int(12 * size[0])))
    axes = panels(figure, 1, len(shown), left=LEFT, right=0.55, top=1.0, bottom=1.05, across=LEFT + 0.3)
    for ax, ledger, one in zip(axes[0], shown, steps, strict=True):
        _bars(ax, ledger, one)
    return figure


def steps_of(ledger: Ledger) -> list[Step]:
    """Return the bars of a ledger, from top to bottom, the number last."""
    if ledger.rule == LEAST:
        return _limits(ledger)
    running, found = 0.0, []
    parts = ledger.parts
    ends = np.cumprod([part.value for part in parts]) if ledger.rule == PRODUCT else np.cumsum([p.value for p in parts])
    largest = max(np.abs([ledger.value, *ends, *(np.diff([0.0, *ends]))]).max(), 1e-12)
    for part, end in zip(parts, ends, strict=True):
        amount = float(end) - running
        if abs(amount) >= LEAST_SHOWN * largest:
            text = significant(amount, 3).replace("-", "\u2212")
            found.append((part.words or part.name, running, float(end), BLUE if amount >= 0.0 else ORANGE, text))
        running = float(end)
    return [*found, (ledger.name, 0.0, ledger.value, BLACK, significant(ledger.value, 3).replace("-", "\u2212"))]


def _limits(ledger: Ledger) -> list[Step]:
    found = []
    for k, part in enumerate(ledger.in_order):
        if np.isfinite(part.value):
            note = f" {tell('ledger.binds')}" if k == 0 else ""
            found.append(
                (
                    part.words or part.name,
                    0.0,
                    part.value,
                    ORANGE if k == 0 else GREY,
                    f"{significant(part.value, 3)}{note}",
                )
            )
    return [*found, (ledger.name, 0.0, ledger.value, BLACK, significant(ledger.value, 3))]


def _bars(ax: Axes, ledger: Ledger, steps: list[Step]) -> None:
    places = np.arange(len(steps))[::-1]
    low = min(min(start, end) for _, start, end, _, _ in steps)
    high = max(max(start, end) for _, start, end, _, _ in steps)
    span = max(high - low, 1e-12)
    for place, (_, start, end, colour, text) in zip(places, steps, strict=True):
        ax.barh(place, end - start, left=start, color=colour, height=0.62)
        ax.text(max(start, end) + 0.015 * span, place, text, va="center", ha="left", fontsize=11.0)
    ax.set_yticks(places, [fill(words, LETTERS) for words, *_ in steps])
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(low - 0.03 * span, high + 0.2 * span)
    ax.axvline(0.0, color=GREY, linewidth=1.2)
    ax.xaxis.set_major_formatter(kept(plain_number))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(unit_words(ledger.unit) or tell("figure.reasons"))
    ax.set_title(fill(ledger.name, 52))


def draw_levers(found: Counterfactual, made: Explanation, ds: xr.Dataset) -> Figure:
    """Draw each lever on its own range: the world's value, and the doses that turn the outcome."""
    levers = found.ranked
    height = 1.9 + 0.4 * len(levers)
    note = tell("figure.one_lever", place=made.place.partition(" (")[0])
    title = tell("figure.levers", words=found.turn.words.replace("`", ""))
    figure = page(ds, title, (13.9, height), note)
    ax = panels(figure, 1, 1, left=4.6, right=3.2, top=1.0, bottom=0.95)[0, 0]
    for place, lever in zip(range(len(levers))[::-1], levers, strict=True):
        _range(ax, place, lever)
    ax.set_yticks(range(len(levers))[::-1], [lever.key for lever in levers])
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(-0.03, 1.03)
    ax.set_xticks([0.0, 0.5, 1.0], [tell(f"figure.{end}") for end in ("low", "middle", "high")])
    ax.grid(axis="y", visible=False)
    looks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("turned", {"color": BLUE, "marker": "o", "markersize": 9}),
        ("as_it_was", {"color": GREY, "marker": "o", "markersize": 6, "markerfacecolor": "white"}),
        ("in_world", {"color": BLACK, "marker": "D", "markersize": 9}),
    )
    handles = [Line2D([], [], linestyle="none", label=tell(f"figure.{key}"), **look) for key, look in looks]
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(4.6 / 13.0, 1.0 - 0.45 / height), ncols=3)
    return figure


def _range(ax: Axes, place: int, lever: Lever) -> None:
    span = lever.high - lever.low
    ax.plot([0.0, 1.0], [place, place], color="#D0D0D0", linewidth=1.5, zorder=1)
    for dose, turned in zip(lever.doses, lever.turned, strict=True):
        size, face = (9, BLUE) if turned else (6, "white")
        edge, layer = (BLUE, 3) if turned else (GREY, 2)
        ax.plot((dose - lever.low) / span, place, "o", color=edge, markersize=size, markerfacecolor=face, zorder=layer)
    ax.plot((lever.own - lever.low) / span, place, marker="D", color=BLACK, markersize=9, linestyle="none", zorder=4)
    near = lever.nearest
    text = tell("figure.none")
    if near is not None:
        text = tell("figure.at", value=setting(near, lever.key), share=percent(lever.moved))
    ax.text(1.05, place, text, va="center", ha="left", fontsize=11.0, color=GREY if near is None else BLACK)

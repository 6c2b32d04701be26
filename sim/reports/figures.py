"""Figures of a run for a report: a panel or two each, wide enough for a page of A4 with text that can be read there.

What they say stands beside them on the page, so they have no title, note or origin of their own.
"""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.analysis.headline import country_name, main_lane, main_pair
from sim.present.accounts import balance_panel, released_panel
from sim.present.acts import mark_scheduled
from sim.present.cooperation import index_panel, pairs_panel
from sim.present.dilemma import coordination_panel, threat_panel
from sim.present.logistics import binding_panel, limit_entries, use_panel
from sim.present.naming import lane_name, tells, tier_label
from sim.present.palette import BLUE, GREEN, ORANGE, PURPLE, TIER_COLOURS, TIER_LINES
from sim.present.scoreboard import heat_panel
from sim.present.style import DPI, draw_band, finish, grid, panels
from sim.present.war import series_panel, supply_panel
from sim.present.words import unit_name
from sim.scenario.names import TIERS, UNITS
from sim.texts.spoken import said, several

WIDTH = 9.0
"""Inches; 12 points here are nearly 10 on A4."""
LEFT, ACROSS = 1.0, 1.0
SECOND = (WIDTH + LEFT + ACROSS - 0.2) / 2.0
"""Left edge of the second of two panels, inches."""
RECORD = (
    ("containers_prk_rus_cumulative", BLUE, "containers"),
    ("sea_voyages_prk_rus_cumulative", GREEN, "voyages"),
    ("refined_oil_rus_prk_month", ORANGE, "kbbl/month"),
    ("russian_production_million_year", PURPLE, "million rounds/year"),
)
"""Series, colour and unit of the panels beside the public record."""


def canvas(height: float) -> Figure:
    """Return an empty figure as wide as the page."""
    figure = Figure(figsize=(WIDTH, height), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def two(rows: int, height: float, below: float) -> tuple[Figure, np.ndarray]:
    """Return a figure with `rows` of two panels and `below` inches for legends; the panels (rows, 2)."""
    figure = canvas(height)
    return figure, panels(figure, rows, 2, left=LEFT, top=0.4, bottom=below, across=ACROSS, down=0.8)


def below(figure: Figure, ax: Axes, room: float, columns: int = 1, second: bool = False) -> None:
    """Draw the legend of one of two panels under it, from the top of the `room` that is left there, in inches."""
    handles, labels = ax.get_legend_handles_labels()
    width, height = figure.get_size_inches()
    left = (SECOND if second else LEFT) - 0.35
    look: dict[str, Any] = {"loc": "upper left", "ncols": columns, "labelspacing": 0.3, "columnspacing": 1.2}
    if handles:
        place = (left / width, (room - 0.42) / height)
        figure.legend(handles, labels, bbox_to_anchor=place, handlelength=2.6, **look)


def shells(ds: xr.Dataset) -> Figure:
    """Draw what North Korea delivered, with the record, and Russia's three sources of shells."""
    figure, axes = two(1, 4.6, 1.35)
    delivered, sources = axes[0]
    series_panel(ds, delivered, "shells_prk_rus_cumulative_million", PURPLE, "million rounds")
    delivered.set_title(tells("figure.delivered"))
    supply_panel(ds, sources)
    sources.set_title(tells("figure.sources"))
    below(figure, delivered, 1.35)
    below(figure, sources, 1.35, second=True)
    mark_scheduled(ds, delivered, sources)
    return figure


def lane(ds: xr.Dataset) -> Figure:
    """Draw what went by the main lane, by month and since the start."""
    seller, buyer, good = main_lane(ds)
    moved = ds["delivered"].sel(country=seller, partner=buyer, good=good).transpose("month", "world").values
    figure, axes = two(1, 4.0, 0.75)
    monthly, total = axes[0]
    draw_band(monthly, ds, moved, PURPLE)
    monthly.set_title(lane_name(ds).partition(", ")[2])
    finish(monthly, ds, unit_name(f"{UNITS[good]}/month"))
    draw_band(total, ds, np.cumsum(moved, axis=0), PURPLE)
    total.set_title(tells("figure.since"))
    finish(total, ds, UNITS[good])
    mark_scheduled(ds, monthly, total)
    return figure


def cooperation(ds: xr.Dataset) -> Figure:
    """Draw both indices of the two countries asked about, and the practical one of all main pairs."""
    figure, axes = two(1, 4.6, 1.35)
    both, every = axes[0]
    index_panel(ds, both)
    both.set_title(several([country_name(code) for code in main_pair(ds)]))
    pairs_panel(ds, every)
    every.set_title(tells("figure.pairs"))
    below(figure, both, 1.35)
    below(figure, every, 1.35, 2, second=True)
    mark_scheduled(ds, both, every)
    return figure


def limits(ds: xr.Dataset) -> Figure:
    """Draw what bound the main lane month by month, and how full the routes out of and into North Korea were."""
    figure = canvas(8.0)
    bound = figure.add_subplot(grid(figure, 1, 1, left=LEFT, right=2.4, top=0.4, bottom=4.9)[0])
    cells = grid(figure, 1, 2, left=LEFT, top=3.95, bottom=1.0, across=ACROSS)
    out, into = (figure.add_subplot(cells[k]) for k in range(2))
    binding_panel(ds, bound)
    bound.set_title(tells("figure.bound", lane=lane_name(ds)))
    handles, labels = limit_entries(bound)
    bound.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.02, 0.5), handleheight=1.4)
    use_panel(ds, out, out=True)
    out.set_title(said("figures.cargo_out"))
    use_panel(ds, into, out=False)
    into.set_title(said("figures.cargo_into"))
    below(figure, out, 1.0, 2)
    mark_scheduled(ds, out, into)
    return figure


def technology(ds: xr.Dataset) -> Figure:
    """Draw how often Russia passed on each tier, and the account that technology settles."""
    figure, axes = two(1, 4.8, 1.6)
    tiers, account = axes[0]
    released_panel(ds, tiers)
    tiers.set_title(tells("figure.tiers"))
    for name, colour, line in zip(map(tier_label, TIERS), TIER_COLOURS, TIER_LINES, strict=True):
        tiers.plot([], [], color=colour, linestyle=line, label=name)
    balance_panel(ds, account)
    account.set_title(tells("figure.account"))
    below(figure, tiers, 1.6)
    below(figure, account, 1.6, second=True)
    mark_scheduled(ds, tiers, account)
    return figure


def threat(ds: xr.Dataset) -> Figure:
    """Draw the threat that each country feels, and whether the two blocs draw together."""
    figure, axes = two(1, 4.6, 1.35)
    felt, blocs = axes[0]
    threat_panel(ds, felt)
    felt.set_title(tells("figure.felt"))
    coordination_panel(ds, blocs)
    blocs.set_title(tells("figure.blocs"))
    below(figure, felt, 1.35, 2)
    below(figure, blocs, 1.35, second=True)
    mark_scheduled(ds, felt, blocs)
    return figure


def record(ds: xr.Dataset) -> Figure:
    """Draw what the run says beside what was observed."""
    figure, axes = two(2, 7.4, 0.85)
    for ax, (series, colour, unit) in zip(axes.ravel(), RECORD, strict=True):
        series_panel(ds, ax, series, colour, unit)
        ax.set_title(tells(f"record.{series}"))
    seen = next((ax for ax in axes.ravel() if ax.get_legend_handles_labels()[1]), axes[0, 0])
    below(figure, seen, 0.85)
    mark_scheduled(ds, *axes.ravel())
    return figure


def gains(ds: xr.Dataset, changes: np.ndarray, names: list[str]) -> Figure:
    """Draw changes of scores, (country, goal), as a map with full names of the countries."""
    figure = canvas(4.8)
    ax = panels(figure, 1, 1, left=1.5, top=0.2, bottom=1.15)[0, 0]
    heat_panel(ds, ax, changes, change=True)
    look: dict[str, Any] = {"rotation": 0, "ha": "center", "rotation_mode": "default"}
    ax.set_xticks(ax.get_xticks(), [text.get_text() for text in ax.get_xticklabels()], **look)
    ax.set_yticks(range(len(names)), names)
    return figure

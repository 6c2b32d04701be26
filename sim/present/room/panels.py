"""The panels of the pictures over time, drawn on an axis that is ready for a room.

`top` is the end of the value axis, which runs side by side share. Units stand in the subtitle of the page.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from sim.analysis.calendar import month_edges, month_ends
from sim.analysis.headline import bound_by, country_name, pair
from sim.analysis.quantiles import mean, quantiles
from sim.present.logistics import binding_panel
from sim.present.palette import BLUE, COUNTRY_COLOURS, GREY, PURPLE, RED, TIER_COLOURS, TIER_LINES
from sim.present.room.claims import LACK, lacking
from sim.present.room.slide import breadth
from sim.present.style import NOTHING, draw_band, from_zero, time_axis
from sim.present.words import percent
from sim.scenario.names import BINDING, COUNTRIES
from sim.texts.spoken import kept, said, written

HATCHES = {"CHN": "", "RUS": "//", "KOR": "..", "JPN": "\\\\", "USA": "xx"}
"""Of suppliers, so that they can be told apart in grey."""
SEVERITY = {LACK: "#FEC44F", 0.2: "#EC7014", 0.5: "#8C2D04"}
"""Shares of its food that a country lacks, with their colours; from light to dark, so that they read in grey."""
OUTSIDE_COLOUR = "#D9D9D9"
BESIDE = 3.3
"""Handle and gaps of an entry of a key, in heights of the text."""
LEAST_SHARE = 0.01
"""Suppliers that never have this share of imports are not named."""


def arrivals(ds: xr.Dataset) -> np.ndarray:
    """Return the shells that reach Russia from North Korea, thousand rounds a month, (month, world)."""
    sent = ds["delivered"].sel(country="PRK", partner="RUS", good="ammunition")
    return np.asarray(sent.transpose("month", "world").values)


def top_of(values: np.ndarray) -> float:
    """Return an end of the value axis that holds the 90 % band of (month, world)."""
    high = quantiles(values, (0.95,))
    return 1.08 * float(np.nanmax(high)) if np.isfinite(high).any() and np.nanmax(high) > NOTHING else 1.0


def shells_panel(ds: xr.Dataset, ax: Axes, top: float) -> None:
    """Draw the shells that arrive each month: median, 50 % and 90 % of worlds."""
    _bands(ax, ds, arrivals(ds), PURPLE, said("printed.legend.median"))
    _finish(ax, ds, top)


def limits_panel(ds: xr.Dataset, ax: Axes, top: float = 100.0) -> None:
    """Draw the share of worlds in which each constraint bound the shells."""
    binding_panel(ds, ax, "PRK", "RUS", "ammunition")
    ax.set(ylabel="", ylim=(0.0, top))
    ax.set_yticks([0.0, 50.0, 100.0], ["0", "50", percent(1.0)])


def limit_lines(runs: Sequence[xr.Dataset], room: float, least: int) -> int:
    """Return the lines, at least `least`, of a key of all that bound the shells in a room, in heights of the text."""
    bound = {name for ds in runs for name, share in bound_by(ds, "PRK", "RUS", "ammunition").items() if share > 0.0}
    wide = [breadth(said(f"printed.binding.{name}")) + BESIDE for name in reversed(BINDING) if name in bound]
    lines = least
    while lines < len(wide) and sum(max(wide[k : k + lines]) for k in range(0, len(wide), lines)) > room:
        lines += 1
    return lines


def suppliers_panel(ds: xr.Dataset, ax: Axes, top: float = 100.0) -> None:
    """Draw the share of North Korea's imports by supplier, month by month, means over worlds."""
    codes = [code for code in COUNTRIES if code != "PRK"]
    others = ds["dependence"].sel(country="PRK", partner=codes)
    shares = 100.0 * mean(others.transpose("partner", "month", "world").values)
    x = month_ends(ds)
    base = np.zeros(len(x))
    order = sorted(range(len(codes)), key=lambda k: -np.nan_to_num(shares[k]).sum())
    for k in order:
        if np.max(np.nan_to_num(shares[k]), initial=0.0) >= 100.0 * LEAST_SHARE:
            colour, hatch = COUNTRY_COLOURS[codes[k]], HATCHES.get(codes[k], "")
            _layer(ax, x, base, base + shares[k], colour, country_name(codes[k]), hatch)
            base = base + shares[k]
    if np.max(np.nan_to_num(base), initial=0.0) > NOTHING:
        _layer(
            ax,
            x,
            base,
            np.where(np.isfinite(base), 100.0, np.nan),
            color=OUTSIDE_COLOUR,
            label=said("printed.legend.outside"),
        )
    ax.plot(x, np.where(np.isfinite(shares).any(axis=0), 0.0, np.nan), alpha=0.0)  # nothing is not no numbers
    _finish(ax, ds, top, shares=True)


def _layer(ax: Axes, x: np.ndarray, low: np.ndarray, high: np.ndarray, color: str, label: str, hatch: str = "") -> None:
    """Draw a layer of a stack; of a single month, a bar."""
    look: dict[str, Any] = {"facecolor": color, "edgecolor": "white", "hatch": hatch, "label": label, "linewidth": 0.0}
    if len(x) == 1:
        ax.bar(x, high - low, bottom=low, width=-20.0, align="edge", **look)  # days of the month that ends there
    else:
        ax.fill_between(x, low, high, **look)


def tiers_panel(ds: xr.Dataset, ax: Axes, top: float = 100.0) -> None:
    """Draw the share of worlds in which Russia has passed on each tier by the month."""
    released, x = ds["tier_released"].transpose("month", "world").values, month_ends(ds)
    known = np.isfinite(released).any(axis=1)
    for k, tier in enumerate(ds["tier"].values):
        share = np.where(known, 100.0 * np.mean(released >= float(tier), axis=1), np.nan)
        look: dict[str, Any] = (
            {"linestyle": TIER_LINES[k], "drawstyle": "steps-post"} if len(x) > 1 else {"marker": "o"}
        )
        label = said("printed.legend.tier", tier=tier, name=said(f"printed.tier.{tier}"))
        ax.plot(x, share, color=TIER_COLOURS[k], label=label, clip_on=False, **look)
    _finish(ax, ds, top, shares=True)


def cooperation_panel(ds: xr.Dataset, ax: Axes, top: float = 1.0) -> None:
    """Draw practical and symbolic cooperation of Russia and North Korea."""
    _bands(ax, ds, pair(ds, "practical", "RUS", "PRK"), RED, said("printed.legend.practical"))
    _bands(ax, ds, pair(ds, "symbolic", "RUS", "PRK"), BLUE, said("printed.legend.symbolic"), (0, (6, 2)))
    _finish(ax, ds, top)


def hunger_panel(ds: xr.Dataset, ax: Axes, top: float) -> None:
    """Draw the share of worlds in which North Korea lacks some, much or most of its food, month by month."""
    edges = month_edges(ds)
    for least, colour in SEVERITY.items():
        share = 100.0 * lacking(ds, least)
        look: dict[str, Any] = {"step": "post", "facecolor": colour, "linewidth": 0.0}
        label = said("printed.legend.lack", number=f"{100.0 * least:.0f}")
        ax.fill_between(edges, 0.0, np.append(share, share[-1]), label=label, **look)
    _finish(ax, ds, top, shares=True)


def hunger_top(ds: xr.Dataset) -> float:
    """Return an end of the value axis for `hunger_panel`: at least a tenth of the worlds."""
    return float(np.clip(108.0 * np.max(np.nan_to_num(lacking(ds)), initial=0.0), 10.0, 100.0))


def _bands(ax: Axes, ds: xr.Dataset, values: np.ndarray, colour: str, label: str, line: Any = "-") -> None:
    one = ds.sizes["world"] == 1
    draw_band(ax, ds, values, colour, label, line=line, worlds=0, outer=not one, inner=not one)


def _finish(ax: Axes, ds: xr.Dataset, top: float, shares: bool = False) -> None:
    """Set both axes; write `none` or `no numbers` where nothing is drawn."""
    if not np.isfinite(ax.dataLim.y1):
        ax.text(0.5, 0.5, said("printed.legend.empty"), transform=ax.transAxes, ha="center", va="center", color=GREY)
        ax.set_ylim(0.0, top)
    else:
        from_zero(ax, top)
    time_axis(ax, ds)
    if shares:
        ax.yaxis.set_major_formatter(kept(_percent_tick))


def _percent_tick(value: float, _: object) -> str:
    return said("printed.number.percent", number=written(f"{value:g}"))

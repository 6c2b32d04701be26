"""The panels of the pictures over time, drawn on an axis that is ready for a room.

`top` is the end of the value axis, which runs side by side share. Units stand in the subtitle of the page.
"""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from sim.analysis.calendar import month_edges, month_ends
from sim.analysis.headline import country_name, pair
from sim.analysis.quantiles import mean, quantiles
from sim.present.logistics import binding_panel
from sim.present.palette import BLUE, COUNTRY_COLOURS, GREY, PURPLE, RED, TIER_COLOURS, TIER_LINES
from sim.present.room.claims import LACK, lacking
from sim.present.style import NOTHING, draw_band, from_zero, time_axis
from sim.scenario.names import COUNTRIES, TIER_NAMES

HATCHES = {"CHN": "", "RUS": "//", "KOR": "..", "JPN": "\\\\", "USA": "xx"}
"""Of suppliers, so that they can be told apart in grey."""
SEVERITY = {LACK: "#FEC44F", 0.2: "#EC7014", 0.5: "#8C2D04"}
"""Shares of its food that a country lacks, with their colours; from light to dark, so that they read in grey."""
OUTSIDE, OUTSIDE_COLOUR = "outside the six", "#D9D9D9"
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
    _bands(ax, ds, arrivals(ds), PURPLE, "median of the worlds")
    _finish(ax, ds, top)


def limits_panel(ds: xr.Dataset, ax: Axes, top: float = 100.0) -> None:
    """Draw the share of worlds in which each constraint bound the shells."""
    binding_panel(ds, ax, "PRK", "RUS", "ammunition")
    ax.set(ylabel="", ylim=(0.0, top))
    ax.set_yticks([0.0, 50.0, 100.0], ["0", "50", "100 %"])


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
        _layer(ax, x, base, np.where(np.isfinite(base), 100.0, np.nan), color=OUTSIDE_COLOUR, label=OUTSIDE)
    ax.plot(x, np.where(np.isfinite(shares).any(axis=0), 0.0, np.nan), alpha=0.0)  # nothing is not no numbers
    _finish(ax, ds, top, percent=True)


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
        ax.plot(x, share, color=TIER_COLOURS[k], label=f"{tier} {TIER_NAMES[int(tier)]}", clip_on=False, **look)
    _finish(ax, ds, top, percent=True)


def cooperation_panel(ds: xr.Dataset, ax: Axes, top: float = 1.0) -> None:
    """Draw practical and symbolic cooperation of Russia and North Korea."""
    _bands(ax, ds, pair(ds, "practical", "RUS", "PRK"), RED, "practical: goods, technology, exercises")
    _bands(ax, ds, pair(ds, "symbolic", "RUS", "PRK"), BLUE, "symbolic: visits, summits, treaties", (0, (6, 2)))
    _finish(ax, ds, top)


def hunger_panel(ds: xr.Dataset, ax: Axes, top: float) -> None:
    """Draw the share of worlds in which North Korea lacks some, much or most of its food, month by month."""
    edges = month_edges(ds)
    for least, colour in SEVERITY.items():
        share = 100.0 * lacking(ds, least)
        look: dict[str, Any] = {"step": "post", "facecolor": colour, "linewidth": 0.0}
        ax.fill_between(edges, 0.0, np.append(share, share[-1]), label=f"{100.0 * least:.0f} % or more", **look)
    _finish(ax, ds, top, percent=True)


def hunger_top(ds: xr.Dataset) -> float:
    """Return an end of the value axis for `hunger_panel`: at least a tenth of the worlds."""
    return float(np.clip(108.0 * np.max(np.nan_to_num(lacking(ds)), initial=0.0), 10.0, 100.0))


def _bands(ax: Axes, ds: xr.Dataset, values: np.ndarray, colour: str, label: str, line: Any = "-") -> None:
    one = ds.sizes["world"] == 1
    draw_band(ax, ds, values, colour, label, line=line, worlds=0, outer=not one, inner=not one)


def _finish(ax: Axes, ds: xr.Dataset, top: float, percent: bool = False) -> None:
    """Set both axes; write `none` or `no numbers` where nothing is drawn."""
    if not np.isfinite(ax.dataLim.y1):
        ax.text(0.5, 0.5, "no numbers", transform=ax.transAxes, ha="center", va="center", color=GREY)
        ax.set_ylim(0.0, top)
    else:
        from_zero(ax, top)
    time_axis(ax, ds)
    if percent:
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:g} %")

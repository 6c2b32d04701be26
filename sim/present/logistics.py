"""Logistics: use, queue and shadow value of the routes of North Korea, and the binding constraint on the main lane."""

from collections.abc import Callable
from textwrap import fill
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.calendar import month_edges, month_ends
from sim.analysis.headline import main_lane
from sim.analysis.quantiles import quantiles
from sim.present.acts import mark_scheduled, note
from sim.present.naming import lane_name, limit_name, route_name, shows
from sim.present.page import page
from sim.present.palette import BINDING_COLOURS, BINDING_HATCHES, GREY, ROUTE_COLOURS, ROUTE_LINES
from sim.present.style import TALL, draw_band, finish, grid, legend, time_axis
from sim.texts.spoken import said

WIDEST = 18
"""Most letters of a line beside the panel of what binds."""
FROM_PRK = {"khasan": "back", "rajin": "back", "dandong": "forward"}
"Direction of each route that leads out of North Korea."


def way(ds: xr.Dataset, name: str, route: str, out: bool) -> np.ndarray:
    """Return a route variable in the direction out of or into North Korea, shape (month, world)."""
    back = FROM_PRK[route] == "back"
    direction = "back" if back == out else "forward"
    return ds[name].sel(route=route, direction=direction).transpose("month", "world").values


def _by_route(ax: Axes, ds: xr.Dataset, values: Callable[[str], np.ndarray]) -> None:
    """Draw a line for each route, for the railway with its 90 % band; `values` gives (month, world)."""
    for route, colour in ROUTE_COLOURS.items():
        look: dict[str, Any] = {"line": ROUTE_LINES[route], "outer": route == "khasan", "worlds": 0}
        draw_band(ax, ds, values(route), colour, route_name(route), **look)


def use_panel(ds: xr.Dataset, ax: Axes, out: bool = True) -> None:
    """Draw the share of capacity that cargo takes, out of or into North Korea; thin: with the empties that return."""
    _by_route(ax, ds, lambda route: 100.0 * cargo_share(ds, route, out))
    for route, colour in ROUTE_COLOURS.items():
        middle = 100.0 * quantiles(way(ds, "route_use", route, out), (0.5,))[0]
        look: dict[str, Any] = {"color": colour, "linewidth": 1.0, "marker": "_" if len(middle) == 1 else ""}
        ax.plot(month_ends(ds), middle, linestyle=ROUTE_LINES[route], **look)
    ax.plot([], [], color=GREY, linewidth=1.0, label=shows("thin_empties"))
    finish(ax, ds, shows("cargo_share"), 105.0)


def cargo_share(ds: xr.Dataset, route: str, out: bool) -> np.ndarray:
    """Return the share of a route's capacity that cargo takes, out of or into North Korea, (month, world)."""
    load = way(ds, "route_load", route, out)
    room = ds["route_capacity"].sel(route=route).transpose("month", "world").values
    return np.divide(load, room, out=np.where(np.isfinite(room), 0.0, np.nan), where=room > 0.0)


def queue_panel(ds: xr.Dataset, ax: Axes) -> None:
    """Draw the cargo waiting, both directions together, kt."""
    _by_route(ax, ds, lambda route: way(ds, "route_queue", route, True) + way(ds, "route_queue", route, False))
    finish(ax, ds, shows("queue"))


def value_panel(ds: xr.Dataset, ax: Axes) -> None:
    """Draw the shadow value of one more kt of capacity."""
    _by_route(ax, ds, lambda route: ds["route_shadow"].sel(route=route).transpose("month", "world").values)
    finish(ax, ds, shows("musd_kt"))


def binding_panel(ds: xr.Dataset, ax: Axes, seller: str = "", buyer: str = "", good: str = "") -> None:
    """Draw the share of worlds in which each constraint bound a lane, by default the main one, month by month."""
    seller, buyer, good = (seller, buyer, good) if seller else main_lane(ds)
    codes = ds["binding"].sel(country=seller, partner=buyer, good=good).transpose("month", "world").values
    names = str(ds["binding"].attrs["flag_meanings"]).split()
    shares = np.stack([100.0 * (codes == code).mean(axis=1) for code in range(len(names))])
    edges = month_edges(ds)
    base = np.zeros(shares.shape[1] + 1)
    for name, share in zip(names, shares, strict=True):
        top = base + np.append(share, share[-1])
        if share.any():
            look: dict[str, Any] = {"facecolor": BINDING_COLOURS[name], "hatch": BINDING_HATCHES[name]}
            look |= {"edgecolor": "white", "linewidth": 0.0, "label": said(f"printed.binding.{name}")}
            ax.fill_between(edges, base, top, step="post", **look)
        base = top
    ax.set(ylim=(0.0, 100.0), ylabel=shows("worlds_share"))
    time_axis(ax, ds)
    ax.set_xlim(edges[0], edges[-1])


def limit_entries(ax: Axes) -> tuple[list[Any], list[str]]:
    """Return the entries of the key beside a panel of what binds, short enough for the margin."""
    handles, labels = ax.get_legend_handles_labels()
    short = {said(f"printed.binding.{name}"): fill(limit_name(name), WIDEST) for name in BINDING_COLOURS}
    return list(handles), [short[label] for label in labels]


def logistics(ds: xr.Dataset) -> Figure:
    """Draw the routes: how full they are, what waits, what one more kt is worth, what binds."""
    title = shows("logistics")
    figure = page(ds, title, TALL, note(ds, single=False, codes=False))
    top = grid(figure, 1, 3, bottom=4.75)
    below = grid(figure, 1, 3, top=4.1, bottom=1.05, right=2.3)
    out, into, queue = (figure.add_subplot(top[k]) for k in range(3))
    value, bound = figure.add_subplot(below[0]), figure.add_subplot(below[1:])
    use_panel(ds, out, out=True)
    out.set_title(shows("cargo_out"))
    use_panel(ds, into, out=False)
    into.set_title(shows("cargo_into"))
    queue_panel(ds, queue)
    queue.set_title(shows("waiting"))
    value_panel(ds, value)
    value.set_title(shows("one_more"))
    binding_panel(ds, bound)
    bound.set_title(shows("binding", lane=lane_name(ds)))
    handles, labels = limit_entries(bound)
    bound.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.02, 0.5), handleheight=1.4)
    legend(figure, out, 0.3, 0.3, 4, handlelength=2.4, columnspacing=1.0)
    mark_scheduled(ds, out, into, queue, value)
    return figure

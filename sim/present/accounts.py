"""Clearing accounts: balance, credit line, and the technology that settles them."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.calendar import month_ends
from sim.analysis.headline import country_name, main_pair, pair
from sim.present.acts import mark_scheduled, note
from sim.present.naming import shows, tier_label
from sim.present.page import page
from sim.present.palette import GREY, PURPLE, TIER_COLOURS, TIER_LINES
from sim.present.style import TALL, draw_band, finish, legend, panels, time_axis, zero_line
from sim.present.words import unit_name

ACCOUNTS = (("PRK", "RUS"), ("CHN", "PRK"))
"""Creditors and debtors in the figure of accounts; that of the main pair comes first."""


def balance_panel(ds: xr.Dataset, ax: Axes, creditor: str = "PRK", debtor: str = "RUS") -> None:
    """Draw what the debtor owes and the credit line that the creditor grants, MUSD."""
    granted = pair(ds, "credit_line", creditor, debtor)
    draw_band(ax, ds, pair(ds, "balance", creditor, debtor), PURPLE, shows("owes", debtor=debtor, creditor=creditor))
    draw_band(ax, ds, granted, GREY, shows("credit_line"), line=(0, (4, 2)), outer=False, inner=False, worlds=0)
    zero_line(ax)
    ax.set_ylabel(unit_name("MUSD"))
    time_axis(ax, ds)


def technology_panel(ds: xr.Dataset, ax: Axes, country: str = "PRK") -> None:
    """Draw the technology level of a country in each tier, points."""
    for index, tier in enumerate(ds["tier"].values):
        values = ds["technology"].sel(country=country, tier=tier).transpose("month", "world").values
        draw_band(ax, ds, values, TIER_COLOURS[index], tier_label(tier), line=TIER_LINES[index], outer=False, worlds=0)
    finish(ax, ds, shows("points"), 100.0)


def released_panel(ds: xr.Dataset, ax: Axes) -> None:
    """Draw the share of worlds in which Russia has passed on each tier by the month."""
    released = ds["tier_released"].transpose("month", "world").values
    x = month_ends(ds)
    for index, tier in enumerate(ds["tier"].values):
        share = 100.0 * np.mean(released >= float(tier), axis=1)
        ax.plot(
            x,
            share,
            color=TIER_COLOURS[index],
            linestyle=TIER_LINES[index] if len(x) > 1 else "none",
            marker="o" if len(x) == 1 else "",
            drawstyle="steps-post",
        )
    ax.set(ylim=(0.0, 104.0), ylabel=shows("worlds_share"))
    time_axis(ax, ds)


def accounts(ds: xr.Dataset) -> Figure:
    """Draw the clearing accounts and the technology that settles them."""
    figure = page(ds, shows("accounts"), TALL, note(ds))
    axes = panels(figure, 2, 2, left=0.95, top=1.2, bottom=1.3, across=1.05, down=0.8)
    drawn = sorted(ACCOUNTS, key=lambda both: {*both} != {*main_pair(ds)})
    for ax, (creditor, debtor) in zip(axes[0], drawn, strict=True):
        balance_panel(ds, ax, creditor, debtor)
        ax.set_title(shows("account", creditor=country_name(creditor), debtor=country_name(debtor)), pad=28.0)
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.02), ncols=2)
    released_panel(ds, axes[1, 0])
    axes[1, 0].set_title(shows("tiers_passed"))
    technology_panel(ds, axes[1, 1])
    axes[1, 1].set_title(shows("technology"))
    legend(figure, axes[1, 1], 0.95, 0.4, 4, title=shows("tiers"), alignment="left")
    mark_scheduled(ds, *axes.ravel())
    return figure

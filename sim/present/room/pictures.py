"""The pictures by name: what each shows, what it says, how it is drawn, and by which number runs are told apart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from sim.analysis.headline import pair
from sim.present.room import claims, panels, routes
from sim.present.room.contrast import Compared
from sim.present.room.hedge import Claim
from sim.present.words import percent


@dataclass(frozen=True)
class Picture:
    """One idea for a room."""

    shows: str
    "What is drawn, with its unit."
    claim: Callable[[xr.Dataset], Claim]
    panel: Callable[[xr.Dataset, Axes, float], None]
    compared: Compared
    "By which number runs side by side are told apart."
    reach: Callable[[xr.Dataset], float]
    "End of the value axis that a run needs."
    bands: bool = False
    "Whether it draws the bands of worlds."
    lines: int = 1
    "Lines of its key below runs side by side."


def _whole(end: float) -> Callable[[xr.Dataset], float]:
    return lambda _: end


def _cargo(ds: xr.Dataset) -> np.ndarray:
    return np.sum([one.both for one in routes.cargoes(ds)], axis=0)


def _russian_share(ds: xr.Dataset) -> np.ndarray:
    shares = ds["dependence"].sel(country="PRK", partner="RUS").transpose("month", "world").values
    return 100.0 * claims.last_year(shares)


def _hungry(ds: xr.Dataset) -> np.ndarray:
    unmet = claims.unmet_food(ds)
    return np.where(np.isfinite(unmet).all(axis=0), (unmet >= claims.LACK).any(axis=0), np.nan)


PICTURES: Mapping[str, Picture] = {
    "routes": Picture(
        "Cargo on North Korea's routes, thousand tonnes a month, mean over months and worlds",
        routes.routes,
        routes.map_panel,
        Compared("Cargo across North Korea's borders", _cargo, "thousand tonnes a month"),
        routes.reach,
    ),
    "suppliers": Picture(
        "Who supplies North Korea's imports, share of their value, mean over worlds",
        claims.suppliers,
        panels.suppliers_panel,
        Compared("Russia's share of North Korea's imports at the end", _russian_share, "%"),
        _whole(100.0),
        lines=2,
    ),
    "shells": Picture(
        "Shells from North Korea to Russia, thousand rounds a month",
        claims.shells,
        panels.shells_panel,
        Compared("Shells delivered by the end", lambda ds: ds["shells_delivered"].values[-1] / 1000.0, "million"),
        lambda ds: panels.top_of(panels.arrivals(ds)),
        bands=True,
    ),
    "tiers": Picture(
        "Technology that Russia passes on to North Korea, share of worlds by then",
        claims.tiers,
        panels.tiers_panel,
        Compared("Highest tier passed on", lambda ds: ds["tier_released"].values[-1], counted=True),
        _whole(100.0),
        lines=2,
    ),
    "deeds": Picture(
        "Cooperation of Russia and North Korea, two indices from 0 to 1 that are not in one unit",
        claims.cooperation,
        panels.cooperation_panel,
        Compared("Practical cooperation at the end, 0 to 1", lambda ds: pair(ds, "practical", "RUS", "PRK")[-1]),
        _whole(1.0),
        bands=True,
        lines=2,
    ),
    "hunger": Picture(
        "Worlds in which North Korea lacks a share of the food that it requires, month by month",
        claims.hunger,
        panels.hunger_panel,
        Compared(f"Worlds in which North Korea lacks {percent(claims.LACK)} or more of its food", _hungry, share=True),
        panels.hunger_top,
    ),
}
"""A picture is drawn by `sim.present.room.pages`."""

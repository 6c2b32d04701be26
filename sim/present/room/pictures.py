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
from sim.texts.spoken import said


@dataclass(frozen=True)
class Picture:
    """One idea for a room."""

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
    filled: bool = False
    "Whether a value is drawn from the first day of its month to the last, and not as a point at the end."

    @property
    def shows(self) -> str:
        """What is drawn, with its unit."""
        return said(f"printed.picture.{self.compared.picture}.shows")


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
        routes.routes,
        routes.map_panel,
        Compared("routes", _cargo),
        routes.reach,
    ),
    "suppliers": Picture(
        claims.suppliers,
        panels.suppliers_panel,
        Compared("suppliers", _russian_share),
        _whole(100.0),
        lines=2,
    ),
    "shells": Picture(
        claims.shells,
        panels.shells_panel,
        Compared("shells", lambda ds: ds["shells_delivered"].values[-1] / 1000.0),
        lambda ds: panels.top_of(panels.arrivals(ds)),
        bands=True,
    ),
    "tiers": Picture(
        claims.tiers,
        panels.tiers_panel,
        Compared("tiers", lambda ds: ds["tier_released"].values[-1], counted=True),
        _whole(100.0),
        lines=2,
    ),
    "deeds": Picture(
        claims.cooperation,
        panels.cooperation_panel,
        Compared("deeds", lambda ds: pair(ds, "practical", "RUS", "PRK")[-1]),
        _whole(1.0),
        bands=True,
        lines=2,
    ),
    "hunger": Picture(
        claims.hunger,
        panels.hunger_panel,
        Compared("hunger", _hungry, claims.LACK, share=True),
        panels.hunger_top,
        filled=True,
    ),
}
"""A picture is drawn by `sim.present.room.pages`."""

"""One world with everything kept: its recorded variables, and what the model's functions worked with, month by month.

A name in `inner` is `function.local`: `bargain.room` is the array `room` of `sim.model.bargain.bargain` when that
function returned. `function.return` is what it returned. Arrays are those of one world, so they end with the axis
before the worlds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.scenario.names import COUNTRIES, GOODS, TIERS

Array = np.ndarray


@dataclass(frozen=True)
class Witness:
    """A world of a scenario as it went."""

    world: int
    "Its number in the ensemble, from 0."
    ds: xr.Dataset
    "Its recorded variables; the dimension `world` has length 1."
    inner: tuple[Mapping[str, Array], ...]
    "By month: values of the model's functions, `function.local` -> array without the worlds."
    settings: tuple[Mapping[str, float], ...]
    "By month: parameter values, key -> value in the unit of the table."

    @property
    def months(self) -> list[str]:
        """Return the months of the run as YYYY-MM."""
        return [str(month) for month in self.ds["month"].values.astype("datetime64[M]")]

    def lane(self, month: int, name: str, seller: str, buyer: str, good: str) -> float:
        """Return one lane of an array (from, to, good), (from, good), (to, good) or (from, to) of a month.

        The axes of two are told apart by the name: what belongs to a buyer alone is `on_order`.
        """
        found = self.inner[month][name]
        i, j, g = COUNTRIES.index(seller), COUNTRIES.index(buyer), GOODS.index(good)
        if found.ndim == 3:
            return float(found[i, j, g])
        if found.shape == (len(COUNTRIES), len(GOODS)):
            return float(found[j if name.endswith("on_order") else i, g])
        return float(found[i, j])

    def tier(self, month: int, name: str, giver: str, receiver: str, tier: int) -> float:
        """Return one tier of an array (giver, receiver, tier) or (tier) of a month."""
        found, k = self.inner[month][name], TIERS.index(tier)
        if found.ndim == 1:
            return float(found[k])
        return float(found[COUNTRIES.index(giver), COUNTRIES.index(receiver), k])

    def pair(self, month: int, name: str, first: str, second: str) -> float:
        """Return one pair of an array (country, country) of a month."""
        return float(self.inner[month][name][COUNTRIES.index(first), COUNTRIES.index(second)])

    def country(self, month: int, name: str, country: str) -> float:
        """Return one country of an array (country) of a month."""
        return float(self.inner[month][name][COUNTRIES.index(country)])

    def recorded(self, name: str, month: int, **at: object) -> float:
        """Return a recorded variable of a month at these labels."""
        return float(self.ds[name].sel(at).isel(month=month, world=0))

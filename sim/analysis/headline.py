"""Headline numbers of a run: deliveries, indices, technology, use of the railway, binding constraints, gains."""

import json
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.analysis.calendar import months
from sim.analysis.quantiles import Band, band, mean
from sim.scenario.case import LANE, in_order
from sim.scenario.names import COUNTRY_NAMES
from sim.texts.spoken import said

GOOD_WORDS = {"ammunition": "shells", "food": "food", "energy": "energy"}


@dataclass(frozen=True)
class TierReached:
    """How often a technology tier was passed on from RUS to PRK."""

    tier: int
    share: float
    "Share of worlds that reached it."
    month: str
    "Median first month among them, YYYY-MM; empty if none reached it."
    count: int
    "Number of worlds that reached it."


@dataclass(frozen=True)
class Change:
    """Change of a score from 0 to 1 in the last month by the opening, and its standard error, over paired worlds."""

    country: str
    goal: str
    mean: float
    error: float


@dataclass(frozen=True)
class Cooperation:
    """Practical cooperation of a pair, and the share of each one's imports that come from the other."""

    first: str
    second: str
    practical: Band
    dependence_first: Band
    dependence_second: Band


@dataclass(frozen=True)
class Gain:
    """Gains from trade of a pair, MUSD a month, averaged over months; bands over worlds."""

    first: str
    second: str
    gain_first: Band
    gain_second: Band


def country_name(code: str) -> str:
    """Return the name of a country, or the code itself if it is unknown."""
    return said(f"country.{code}") if code in COUNTRY_NAMES else code


def main_lane(ds: xr.Dataset) -> tuple[str, str, str]:
    """Return seller, buyer and good that the scenario of a run asks about."""
    seller, buyer, good = json.loads(ds.attrs.get("scenario", "{}")).get("lane", LANE)
    return seller, buyer, good


def main_pair(ds: xr.Dataset) -> tuple[str, str]:
    """Return the two countries that the scenario of a run asks about."""
    return in_order(*main_lane(ds)[:2])


def pair(ds: xr.Dataset, name: str, first: str, second: str) -> np.ndarray:
    """Return a variable of the pair from `first` to `second`, (month, world)."""
    return ds[name].sel(country=first, partner=second).transpose("month", ..., "world").values


def shells(ds: xr.Dataset) -> Band:
    """Return the shells delivered PRK to RUS by the end, million rounds."""
    return band(ds["shells_delivered"].values[-1] / 1000.0)


def delivered(ds: xr.Dataset) -> Band:
    """Return what was delivered on the main lane by the end, in the unit of its good."""
    seller, buyer, good = main_lane(ds)
    months = ds["delivered"].sel(country=seller, partner=buyer, good=good).transpose("month", "world").values
    return band(months.sum(axis=0, dtype=float))


def index_at_end(ds: xr.Dataset, name: str, first: str, second: str) -> Band:
    """Return the practical or symbolic index of a pair, or its dependence, in the last month, 0 to 1."""
    return band(pair(ds, name, first, second)[-1])


def tiers_reached(ds: xr.Dataset) -> list[TierReached]:
    """Return for each tier the share of worlds that reached it, and when."""
    released = ds["tier_released"].values
    names = months(ds)
    found = []
    for tier in ds["tier"].values:
        reached = released >= float(tier)
        done = reached.any(axis=0)
        first = names[int(np.median(reached.argmax(axis=0)[done]))] if done.any() else ""
        found.append(TierReached(int(tier), float(done.mean()), first, int(done.sum())))
    return found


def highest_tier(ds: xr.Dataset) -> Band:
    """Return the highest tier passed on by the end, 0 to 4."""
    return band(ds["tier_released"].values[-1], whole=True)


def rail_use(ds: xr.Dataset, route: str = "khasan") -> dict[str, Band]:
    """Return the mean use of a route over the run, as a share of capacity, by direction."""
    use = ds["route_use"].sel(route=route).transpose("direction", "month", "world").values
    return {str(way): band(mean(use[index].T)) for index, way in enumerate(ds["direction"].values)}


def rail_cargo(ds: xr.Dataset, route: str = "khasan") -> dict[str, Band]:
    """Return the mean share of a route's capacity that cargo takes over the run, without empties, by direction."""
    load = ds["route_load"].sel(route=route).transpose("direction", "month", "world").values
    room = ds["route_capacity"].sel(route=route).transpose("month", "world").values
    share = np.divide(load, room, out=np.zeros_like(load), where=room > 0.0)
    return {str(way): band(mean(share[index].T)) for index, way in enumerate(ds["direction"].values)}


def bound_by(ds: xr.Dataset, seller: str, buyer: str, good: str) -> dict[str, float]:
    """Return the share of world-months in which each constraint bound a lane, in the order of the codes."""
    codes = ds["binding"].sel(country=seller, partner=buyer, good=good).values
    names = str(ds["binding"].attrs["flag_meanings"]).split()
    return {name: float(np.mean(codes == code)) for code, name in enumerate(names)}


def opening_changes(ds: xr.Dataset) -> np.ndarray:
    """Return what the opening of the lanes changed in the scores of the last month, (country, goal, world).

    Worlds without a twin are left out, so there may be none.
    """
    dims = "country", "goal", "world"
    change = (ds["score"].isel(month=-1).transpose(*dims) - ds["score_unopened"].transpose(*dims)).values
    return change[..., np.isfinite(change).all(axis=(0, 1))]


def score_changes(ds: xr.Dataset) -> list[Change]:
    """Return the mean change of every country's goals by the opening; empty without worlds that tell."""
    changes = opening_changes(ds)
    if not changes.shape[-1]:
        return []
    return [
        Change(str(country), str(goal), *_mean_and_error(changes[c, g]))
        for c, country in enumerate(ds["country"].values)
        for g, goal in enumerate(ds["goal"].values)
    ]


def _mean_and_error(values: np.ndarray) -> tuple[float, float]:
    """Return the mean and its standard error, missing of a single value."""
    error = values.std(ddof=1) / np.sqrt(values.size) if values.size > 1 else np.nan
    return float(values.mean()), float(error)


def cooperation_of_pairs(ds: xr.Dataset) -> list[Cooperation]:
    """Return every pair in the last month, closest practical cooperation first."""
    codes = [str(code) for code in ds["country"].values]
    found = [
        Cooperation(
            *(a, b, index_at_end(ds, "practical", a, b)),
            *(index_at_end(ds, "dependence", *each) for each in ((a, b), (b, a))),
        )
        for i, a in enumerate(codes)
        for b in codes[i + 1 :]
    ]
    return sorted(found, key=lambda one: -one.practical.mid)


def gains(ds: xr.Dataset) -> list[Gain]:
    """Return the gains of every pair, largest joint median first."""
    codes = [str(code) for code in ds["country"].values]
    found = [
        Gain(a, b, band(mean(pair(ds, "gain", a, b).T)), band(mean(pair(ds, "gain", b, a).T)))
        for i, a in enumerate(codes)
        for b in codes[i + 1 :]
    ]
    return sorted(found, key=lambda gain: -np.nan_to_num(gain.gain_first.mid + gain.gain_second.mid))

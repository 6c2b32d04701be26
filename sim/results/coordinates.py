"""The coordinates of results: the labels of every axis, what they mean, and what a label says of itself.

Beside the labels stand companions: `good_unit` the unit of each good, `key_unit` the unit of each parameter, `from` and
`to` the two ends of each route in each direction, `actor`, `act` and `partner_of` what each option is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from sim.scenario.names import (
    COUNTRIES,
    COUNTRY_NAMES,
    DIRECTIONS,
    GOALS,
    GOODS,
    ROUTE_NAMES,
    ROUTES,
    TERMS,
    TIER_NAMES,
    TIERS,
    UNITS,
)
from sim.scenario.parameters import PARAMETERS

FIXED: Mapping[str, Sequence[Any]] = {
    "country": COUNTRIES,
    "partner": COUNTRIES,
    "good": GOODS,
    "tier": TIERS,
    "route": tuple(ROUTES),
    "direction": DIRECTIONS,
    "goal": GOALS,
    "term": TERMS,
}
"""Labels that no run changes; `forward` runs from the first end of a route to the second, as in ROUTES."""
MEANINGS: Mapping[str, str] = {
    "month": "first day of the month",
    "world": "number of the world: one draw of all uncertain parameters and of chance",
    "country": "the country; of what moves between two, the one that it leaves",
    "partner": "the other country; of what moves between two, the one that it reaches",
    "good": "good",
    "tier": "tier of technology",
    "route": "route",
    "direction": "direction on the route; `from` and `to` say between which ends",
    "goal": "goal of the country on the scoreboard",
    "term": "named term of the utility of an act",
    "option": "number of the decision: one actor, one act, its partners",
    "key": "key of the parameter",
    "good_unit": "unit of the good",
    "key_unit": "unit of the parameter",
    "from": "end of the route that cargo leaves",
    "to": "end of the route that cargo reaches",
    "actor": "country that decides",
    "act": "act that it decides on",
    "partner_of": "countries that the act is done with or to",
}
"""Coordinate -> what it is."""
OF_STUDIES = {"level": "quantile: share of the worlds below"}
"""The same of coordinates that only studies have."""
NAMES: Mapping[str, Mapping[Any, str]] = {
    "country": COUNTRY_NAMES,
    "partner": COUNTRY_NAMES,
    "tier": TIER_NAMES,
    "route": ROUTE_NAMES,
}
"""Coordinate -> label -> its name in words."""
OPTION_LABELS = ("actor", "act", "partner_of")
COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "good_unit": ("good",),
    "key_unit": ("key",),
    "from": ("route", "direction"),
    "to": ("route", "direction"),
    **dict.fromkeys(OPTION_LABELS, ("option",)),
}
"""Companion -> the dimensions of the labels that it describes."""


def attributes(name: str) -> dict[str, str]:
    """Return the attributes of a coordinate: `long_name`, what CF asks of time, `names` where its labels are codes."""
    names = "; ".join(f"{label}: {words}" for label, words in NAMES.get(name, {}).items())
    time = {"standard_name": "time", "axis": "T"} if name == "month" else {}
    return {"long_name": MEANINGS.get(name) or OF_STUDIES[name], **time, **({"names": names} if names else {})}


def described(ds: xr.Dataset) -> xr.Dataset:
    """Return data of a study in which each known coordinate has its attributes."""
    known = [
        str(name) for name in ds.coords if "long_name" not in ds[name].attrs and name in {**MEANINGS, **OF_STUDIES}
    ]
    return ds.assign_coords({name: ds[name].assign_attrs(attributes(name)) for name in known})


def companions(labels: Mapping[str, Sequence[Any]]) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Return name -> (dimensions, values) of the coordinates that describe the given labels."""
    ends = np.array([[(a, b), (b, a)] for a, b in ROUTES.values()])
    found = {
        "good_unit": text(UNITS[good] for good in labels["good"]),
        "key_unit": text(PARAMETERS[key].unit if key in PARAMETERS else "" for key in labels["key"]),
        "from": ends[:, :, 0],
        "to": ends[:, :, 1],
        **{name: text(labels[name]) for name in OPTION_LABELS},
    }
    return {name: (dims, found[name]) for name, dims in COMPANIONS.items()}


def text(values: Any) -> np.ndarray:
    """Return labels as an array of text."""
    return np.array([str(value) for value in values], dtype=str)

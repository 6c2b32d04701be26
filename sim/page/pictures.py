"""The pictures of the page: which recorded numbers each is made of, as rows of the engine's series.

A row is a place on the axes of a variable between month and world, counted as NumPy does (last axis fastest).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from sim.analysis.measures import is_whole
from sim.present.room import geography
from sim.scenario.names import COUNTRIES, DIRECTIONS, GOODS, ROUTES
from sim.scenario.recorded import VARIABLES

AXES: Mapping[str, tuple[str, ...]] = {
    "country": COUNTRIES,
    "partner": COUNTRIES,
    "good": GOODS,
    "route": tuple(ROUTES),
    "direction": DIRECTIONS,
}


@dataclass(frozen=True)
class Part:
    """A row of a variable, by labels, and the factor with which it enters."""

    name: str
    labels: tuple[str, ...] = ()
    weight: float = 1.0

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {"name": self.name, "row": row(self.name, self.labels), "weight": self.weight}


@dataclass(frozen=True)
class Picture:
    """One chart: the sum of its parts, over the sum of `over` if there is one, month by month or running."""

    key: str
    "Key of its texts, `picture.KEY`."
    unit: str
    "Key of the unit of a number in a sentence, `unit.UNIT`; 1 for none."
    parts: tuple[Part, ...]
    over: tuple[Part, ...] = ()
    running: bool = False
    "Whether months add up."
    end: bool = False
    "Whether the last month tells how high a world comes; else the mean over its months does."
    ordinal: bool = False
    "Whether its numbers are steps of a ladder: differences are counted, not measured."

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "key": self.key,
            "unit": self.unit,
            "parts": [part.plain for part in self.parts],
            "over": [part.plain for part in self.over] or None,
            "running": self.running,
            "end": self.end,
            "ordinal": self.ordinal,
            "whole": all(is_whole(part.name) for part in (*self.parts, *self.over)),
        }


PICTURES = (
    Picture("shells", "Mrounds", (Part("shells_delivered", weight=0.001),), end=True),
    Picture("oil", "kbbl/month", (Part("oil_delivered"),)),
    Picture("tier", "1", (Part("tier_released"),), ordinal=True),
    Picture("hunger", "%", (Part("shortage", ("PRK", "food"), 100.0),), (Part("requirement", ("PRK", "food")),)),
    Picture("tests", "tests", (Part("tests"),), running=True, end=True),
    Picture("fire", "1", (Part("fire_ratio"),)),
    Picture("practical", "1", (Part("practical", ("RUS", "PRK")),), end=True),
    Picture("coordination", "1", (Part("coordination"),), end=True),
    Picture("threat", "1", (Part("threat", ("KOR",)),)),
)
MAPS = ("route_load", "delivered")
"""Variables of which the page shows means over worlds, on the map and on the network."""


def row(name: str, labels: tuple[str, ...]) -> int:
    """Return the row of a variable at some labels, one for each axis between month and world.

    Raises ValueError for a label that its axis has not.
    """
    axes = [AXES[dim] for dim in VARIABLES[name].dims[1:-1]]
    places = [axis.index(label) for axis, label in zip(axes, labels, strict=True)]
    return int(np.ravel_multi_index(places, [len(axis) for axis in axes])) if places else 0


def plan() -> dict[str, Any]:
    """Return what workers need to know: pictures and their rows, variables of maps, the row of the lane of shells."""
    lanes = [row("binding", ("PRK", "RUS", "ammunition"))]
    return {"pictures": [one.plain for one in PICTURES], "maps": list(MAPS), "lanes": lanes}


def map_of_routes() -> dict[str, Any]:
    """Return the outline of the map and the routes of North Korea, with their rows of `route_load`, out and in."""

    def points(kind: str) -> dict[str, list[list[float]]]:
        return {shape.name: [[round(x, 2), round(y, 2)] for x, y in shape.points] for shape in geography.shapes(kind)}

    routes = []
    for name, course in points("route").items():
        forth, back = (row("route_load", (name, way)) for way in DIRECTIONS)
        out, into = (forth, back) if ROUTES[name][0] == "PRK" else (back, forth)
        routes.append({"name": name, "course": course, "rows": [out, into]})
    places = {code: where[0] for code, where in points("country").items()}
    return {
        "size": [round(geography.WIDTH, 3), round(geography.HEIGHT, 3)],
        "lands": list(points("land").values()),
        "borders": list(points("border").values()),
        "places": [{"code": code, "at": at} for code, at in places.items() if geography.in_frame(*at)],
        "routes": routes,
        "always": list(geography.ALWAYS),
    }


def network() -> dict[str, Any]:
    """Return the pairs of countries, each with its rows of `delivered` both ways and the place of their good."""
    return {
        "pairs": [
            {
                "pair": [a, b],
                "rows": [
                    [row("delivered", (*way, good)), place]
                    for way in ((a, b), (b, a))
                    for place, good in enumerate(GOODS)
                ],
            }
            for a, b in combinations(COUNTRIES, 2)
        ]
    }

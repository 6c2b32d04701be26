"""A schematic outline of the lands around North Korea and the courses of its routes, drawn by hand (outline.csv).

Coasts are within about a third of a degree, routes are bent so that neighbours do not cover each other: a picture of
who is linked with whom, no map to measure on.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

WEST, EAST, SOUTH, NORTH = 119.6, 135.6, 36.6, 44.9
"""The frame, degrees."""
_SHRINK = float(np.cos(np.radians(40.7)))
"""A degree of longitude in degrees of latitude, in the middle of the frame."""
WIDTH, HEIGHT = (EAST - WEST) * _SHRINK, NORTH - SOUTH
"""Of the frame, degrees of latitude."""
ALWAYS = ("khasan", "rajin", "dandong", "nampo", "pipeline")
"""Routes that are drawn even if nothing goes by them, as dashed lines."""
POINTS = 40
"""Points of a smooth course."""
HEAD = 1.7
"""Width of the head of an arrow over that of its shaft."""


@dataclass(frozen=True)
class Shape:
    """A line or an area, in degrees of latitude from the lower left corner of the frame."""

    kind: str
    name: str
    points: np.ndarray
    "(points, 2)"


@cache
def outline() -> tuple[Shape, ...]:
    """Return lands, borders, places of the names of countries, and courses of routes towards North Korea."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with Path(__file__).with_name("outline.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = (float(row["longitude"]) - WEST) * _SHRINK, float(row["latitude"]) - SOUTH
            found.setdefault((row["kind"], row["name"]), []).append(place)
    return tuple(Shape(kind, name, np.array(points)) for (kind, name), points in found.items())


def in_frame(x: float, y: float) -> bool:
    """Return whether a place lies well within the frame."""
    return 0.3 < x < WIDTH - 0.3 and 0.3 < y < HEIGHT - 0.3


def shapes(kind: str) -> list[Shape]:
    """Return the shapes of a kind: land, border, country or route."""
    return [shape for shape in outline() if shape.kind == kind]


def smooth(points: np.ndarray) -> np.ndarray:
    """Return a smooth course through points (points, 2): a cubic spline over the length of the way."""
    from scipy.interpolate import make_interp_spline

    along = np.append(0.0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1)))
    curve = make_interp_spline(along, points, k=min(3, len(points) - 1))
    return np.asarray(curve(np.linspace(0.0, along[-1], POINTS)))


def arrow(course: np.ndarray, width: float, aside: float) -> np.ndarray:
    """Return the outline of an arrow along a course (points, 2), to the right of it by `aside`; all in degrees."""
    way = np.gradient(course, axis=0)
    normal = np.stack([way[:, 1], -way[:, 0]], axis=1) / np.linalg.norm(way, axis=1, keepdims=True)
    middle = course + aside * normal
    head = max(0.28, 1.1 * width)
    length = np.append(0.0, np.cumsum(np.linalg.norm(np.diff(middle, axis=0), axis=1)))
    shaft = length <= length[-1] - head
    half = 0.5 * width * normal
    last = int(np.flatnonzero(shaft)[-1])
    wing = 0.5 * max(HEAD * width, width + 0.16) * normal[last]
    tip = middle[-1]
    left, right = middle[shaft] + half[shaft], middle[shaft] - half[shaft]
    return np.concatenate([left, [middle[last] + wing, tip, middle[last] - wing], right[::-1]])

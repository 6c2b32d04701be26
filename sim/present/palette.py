"""Colours and line styles of countries, goods, pairs, routes, tiers and constraints, for every figure.

The colours of Okabe and Ito (2008) are distinct to colour-blind readers. Every colour has its own line style or
hatching as well, so that the figures also read in grey.
"""

from typing import Any

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, RED, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
GREY = "#767676"
COLOURS = (BLACK, RED, BLUE, ORANGE, PURPLE, GREEN, SKY, GREY)
"Colours of scenarios or policies in their order; the reference is black."


def colour_of(place: int) -> str:
    """Return the colour of the scenario or policy at a place; only the reference, the first, is black."""
    return COLOURS[0] if place == 0 else COLOURS[1 + (place - 1) % (len(COLOURS) - 1)]


COUNTRY_COLOURS = {"RUS": RED, "PRK": PURPLE, "USA": BLUE, "KOR": GREEN, "JPN": SKY, "CHN": ORANGE}
COUNTRY_LINES: dict[str, Any] = {
    "RUS": "-",
    "PRK": (0, (7, 2)),
    "USA": "-.",
    "KOR": (0, (1, 1.5)),
    "JPN": (0, (4, 1.5, 1, 1.5, 1, 1.5)),
    "CHN": (0, (3, 3)),
}
GOOD_COLOURS = {"ammunition": BLACK, "food": GREEN, "energy": ORANGE, "technology": BLUE}
PAIR_COLOURS = {
    ("RUS", "PRK"): RED,
    ("PRK", "CHN"): ORANGE,
    ("RUS", "CHN"): PURPLE,
    ("USA", "KOR"): GREEN,
    ("USA", "JPN"): SKY,
    ("KOR", "JPN"): BLUE,
}
PAIR_LINES: dict[tuple[str, str], Any] = {
    ("RUS", "PRK"): "-",
    ("PRK", "CHN"): (0, (7, 2)),
    ("RUS", "CHN"): (0, (3, 3)),
    ("USA", "KOR"): "-.",
    ("USA", "JPN"): (0, (1, 1.5)),
    ("KOR", "JPN"): (0, (4, 1.5, 1, 1.5, 1, 1.5)),
}
ROUTE_COLOURS = {"khasan": RED, "rajin": BLUE, "dandong": ORANGE}
ROUTE_LINES: dict[str, Any] = {"khasan": "-", "rajin": (0, (7, 2)), "dandong": (0, (1, 1.5))}
ROUTE_NAMES = {
    "khasan": "rail Khasan-Tumangang",
    "rajin": "sea Rajin-Vostochny",
    "dandong": "rail and road Dandong-Sinuiju",
}
GOAL_TITLES = {
    "need": "Needs met",
    "threat": "Safety from threat",
    "prestige": "Prestige",
    "autonomy": "Autonomy",
    "cost": "Low costs",
}
TIER_COLOURS = (GREEN, BLUE, ORANGE, RED)
TIER_LINES: tuple[Any, ...] = ("-", (0, (7, 2)), (0, (1, 1.5)), "-.")
TIER_NAMES = ("1 conventional, air defence", "2 space launch", "3 submarine, hypersonic", "4 nuclear, re-entry")
BINDING_COLOURS = {
    "none": "#D9D9D9",
    "demand": SKY,
    "stock": ORANGE,
    "production": GREEN,
    "credit": PURPLE,
    "capacity": RED,
    "closed": "#4D4D4D",
}
BINDING_HATCHES = {
    "none": "",
    "demand": "",
    "stock": "//",
    "production": "..",
    "credit": "\\\\",
    "capacity": "xx",
    "closed": "--",
}
BINDING_WORDS = {
    "none": "no gain from trade",
    "demand": "demand",
    "stock": "seller's stock",
    "production": "production",
    "credit": "credit",
    "capacity": "route capacity",
    "closed": "route closed",
}

"""Colours and line styles of countries, goods, pairs, routes, tiers and constraints, for every figure.

The colours of Okabe and Ito (2008) are distinct to colour-blind readers. Every colour has its own line style or
hatching as well, so that the figures also read in grey.
"""

from typing import Any

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, RED, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY = "#767676"
COLOURS = (BLACK, RED, BLUE, ORANGE, PURPLE, GREEN, SKY, GREY)
"Colours of scenarios or policies in their order; the reference is black."


def colour_of(place: int) -> str:
    """Return the colour of the scenario or policy at a place; only the reference, the first, is black."""
    return COLOURS[0] if place == 0 else COLOURS[1 + (place - 1) % (len(COLOURS) - 1)]


SOLID, DASHES_AND_DOTS = "-", "-."
DASHED: Any = (0, (7, 2))
DOTTED: Any = (0, (1, 1.5))
SHORT: Any = (0, (3, 3))
DASH_AND_TWO_DOTS: Any = (0, (4, 1.5, 1, 1.5, 1, 1.5))
COUNTRY_COLOURS = {"RUS": RED, "PRK": PURPLE, "USA": BLUE, "KOR": GREEN, "JPN": SKY, "CHN": ORANGE}
_LINES = (SOLID, DASHED, DASHES_AND_DOTS, DOTTED, DASH_AND_TWO_DOTS, SHORT)
COUNTRY_LINES: dict[str, Any] = dict(zip(COUNTRY_COLOURS, _LINES, strict=True))
GOOD_COLOURS = {"ammunition": BLACK, "food": GREEN, "energy": ORANGE, "technology": BLUE}
PAIRS: dict[tuple[str, str], tuple[str, Any]] = {
    ("RUS", "PRK"): (RED, SOLID),
    ("PRK", "CHN"): (ORANGE, DASHED),
    ("RUS", "CHN"): (PURPLE, SHORT),
    ("USA", "KOR"): (GREEN, DASHES_AND_DOTS),
    ("USA", "JPN"): (SKY, DOTTED),
    ("KOR", "JPN"): (BLUE, DASH_AND_TWO_DOTS),
}
"""Colour and line of the main pairs."""
ROUTE_COLOURS = {"khasan": RED, "rajin": BLUE, "dandong": ORANGE}
ROUTE_LINES: dict[str, Any] = {"khasan": SOLID, "rajin": DASHED, "dandong": DOTTED}
TIER_COLOURS = (GREEN, BLUE, ORANGE, RED)
TIER_LINES: tuple[Any, ...] = (SOLID, DASHED, DOTTED, DASHES_AND_DOTS)
TIER_NAMES = ("1 conventional, air defence", "2 space launch", "3 submarine, hypersonic", "4 nuclear, re-entry")
_BINDING = {
    "none": ("no gain from trade", "#D9D9D9", ""),
    "demand": ("demand", SKY, ""),
    "stock": ("seller's stock", ORANGE, "//"),
    "production": ("production", GREEN, ".."),
    "credit": ("credit", PURPLE, "\\\\"),
    "capacity": ("route capacity", RED, "xx"),
    "closed": ("route closed", "#4D4D4D", "--"),
    "norm": ("UN cap on oil", YELLOW, "++"),
    "handling": ("depot loading", BLUE, "oo"),
}
"""Words, colour and hatching of what binds a lane."""
BINDING_WORDS, BINDING_COLOURS, BINDING_HATCHES = ({name: row[k] for name, row in _BINDING.items()} for k in range(3))

"""The names of the model's nouns, in the order of the array axes.

Everything that is indexed by position (countries, goods, routes, acts) takes its order from here, so that an array
axis, a coordinate of a file and a word in a scenario file can never disagree.
"""

from itertools import combinations

COUNTRIES = ("RUS", "PRK", "USA", "KOR", "JPN", "CHN")
RUS, PRK, USA, KOR, JPN, CHN = range(len(COUNTRIES))
"""Positions on the axis of countries."""
COUNTRY_NAMES = {
    "RUS": "Russia",
    "PRK": "North Korea",
    "USA": "United States",
    "KOR": "South Korea",
    "JPN": "Japan",
    "CHN": "China",
}
GOODS = ("ammunition", "food", "energy")
"""Rival goods: a unit has one owner, needs a route, and is conserved."""
AMMUNITION, FOOD, ENERGY = range(len(GOODS))
"""Positions on the axis of goods."""
ALL_GOODS = (*GOODS, "technology")
SENDERS = (*COUNTRIES, "UN")
"""Who may lay sanctions on a country, or lift them."""
EVERY = "all"
"""Stands for all senders, or for all goods, in keys of restrictions."""
UNITS = {"ammunition": "krounds", "food": "kt", "energy": "kt", "technology": "points"}
TIERS = (1, 2, 3, 4)
TIER_NAMES = {
    1: "conventional and air defence",
    2: "space launch",
    3: "submarine and hypersonic",
    4: "nuclear and ICBM re-entry",
}
PAIRS = tuple(combinations(COUNTRIES, 2))
"""The 15 unordered pairs, written `RUS-PRK` in parameter keys."""

_LAND_AND_NEAR_SEA = {
    "rajin": ("RUS", "PRK"),
    "khasan": ("RUS", "PRK"),
    "pipeline": ("PRK", "CHN"),
    "dandong": ("PRK", "CHN"),
    "nampo": ("PRK", "CHN"),
    "siberia": ("RUS", "CHN"),
}
_OCEAN = {f"ocean_{a}_{b}".lower(): (a, b) for a, b in PAIRS if (a, b) not in set(_LAND_AND_NEAR_SEA.values())}
ROUTES: dict[str, tuple[str, str]] = _LAND_AND_NEAR_SEA | _OCEAN
"""Route name -> its two ends; `forward` runs from the first to the second. A pair prefers its earlier routes."""
ROUTE_NAMES = {
    "rajin": "sea Rajin-Vostochny",
    "khasan": "rail Khasan-Tumangang",
    "pipeline": "crude pipeline Dandong-Sinuiju",
    "dandong": "rail and road Dandong-Sinuiju",
    "nampo": "sea Nampo-China",
    "siberia": "pipelines and railways Russia-China",
    **{route: f"sea {COUNTRY_NAMES[a]}-{COUNTRY_NAMES[b]}" for route, (a, b) in _OCEAN.items()},
}


def routes_between(a: str, b: str) -> tuple[str, ...]:
    """Return the routes between two countries."""
    return tuple(name for name, ends in ROUTES.items() if set(ends) == {a, b})


ACTS = (
    "visit",
    "summit",
    "treaty",
    "exercise",
    "trilateral_exercise",
    "missile_test",
    "designation",
    "monitoring",
    "veto",
    "red_line",
    "lethal_aid",
    "aid",
    "oil_beyond_cap",
)
PAIR_ACTS = ("visit", "summit", "treaty", "exercise")
"""Acts that any two countries may do together."""
MEETINGS = ("visit", "summit")
"""Acts that are talk, and so have an agenda."""
TRIOS = (("RUS", "PRK", "CHN"), ("USA", "KOR", "JPN"))
SOLO_ACTS: dict[str, tuple[str, ...]] = {
    "missile_test": ("PRK",),
    "designation": ("USA", "KOR", "JPN"),
    "monitoring": ("USA", "KOR", "JPN"),
    "veto": ("RUS", "CHN"),
    "red_line": ("KOR",),
    "lethal_aid": ("KOR",),
    "aid": ("CHN",),
    "oil_beyond_cap": ("RUS",),
}
"""Acts that one country decides alone -> the countries that may."""
TERMS = ("need", "threat", "prestige", "autonomy", "norm", "agenda", "habit", "cost", "partner")
"""The named parts of the utility of an act."""
GOALS = ("need", "threat", "prestige", "autonomy", "cost")
"""Goals of a country on the scoreboard."""
DIRECTIONS = ("forward", "back")
BINDING = ("none", "demand", "stock", "production", "credit", "capacity", "closed", "norm", "handling")
"""What bound a flow in a month, in the order of the codes in results."""


def pair_key(a: str, b: str) -> str:
    """Return the key of a pair, such as `RUS-PRK`, in whichever order the two are given."""
    first, second = sorted((a, b), key=COUNTRIES.index)
    return f"{first}-{second}"

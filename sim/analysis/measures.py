"""Measures by which runs are compared: one number a world for each outcome, and a few series over time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.analysis.headline import pair
from sim.analysis.quantiles import mean
from sim.scenario.names import ACTS, COUNTRIES, COUNTRY_NAMES, GOALS

Array = np.ndarray
Values = Callable[[xr.Dataset], Array]


@dataclass(frozen=True)
class Measure:
    """One number a world, read from the results of a run."""

    unit: str
    words: str
    values: Values
    "(world)"
    share: bool = False
    "Whether a world's number is 0 or 1, so that only its mean over worlds, a share, has a meaning."
    reads: tuple[str, ...] = ()
    "Variables from which it is read; those of measures with a name of their own are in `READ_BY_...`."


@dataclass(frozen=True)
class Series:
    """One number a month and world, read from the results of a run."""

    unit: str
    words: str
    values: Values
    "(month, world)"


def system(ds: xr.Dataset, name: str) -> Array:
    """Return a variable of the whole system, (month, world)."""
    return ds[name].transpose("month", "world").values


def received(ds: xr.Dataset, country: str = "PRK") -> Array:
    """Return the technology points that a country got from all others since the start, all tiers, (month, world)."""
    points = ds["transfer"].sel(partner=country).sum(("country", "tier"), dtype=float)
    return np.cumsum(points.transpose("month", "world").values, axis=0)


def joint_gain(ds: xr.Dataset, first: str = "RUS", second: str = "PRK") -> Array:
    """Return the gain of both from trade with each other, MUSD a month, mean over months, (world)."""
    both = pair(ds, "gain", first, second) + pair(ds, "gain", second, first)
    return mean(both.T)


def _last(name: str, factor: float = 1.0) -> Values:
    return lambda ds: system(ds, name)[-1] * factor


def _rail(direction: str) -> Values:
    def use(ds: xr.Dataset) -> Array:
        share = ds["route_use"].sel(route="khasan", direction=direction)
        return mean(share.transpose("world", "month").values)

    return use


def _threat(country: str) -> Values:
    return lambda ds: mean(ds["threat"].sel(country=country).transpose("world", "month").values)


def _score(country: str, goal: str) -> Values:
    def score(ds: xr.Dataset) -> Array:
        last = ds["score"].sel(country=country, goal=goal).isel(month=-1)
        return np.asarray(last.values, dtype=float)

    return score


def _tier(tier: int) -> Values:
    return lambda ds: (system(ds, "tier_released")[-1] >= tier).astype(float)


def score_name(country: str, goal: str) -> str:
    """Return the name of the measure of one goal of one country."""
    return f"score_{country}_{goal}"


READ_BY_HEADLINE = (
    *("coordination", "fire_ratio", "oil_delivered", "practical", "route_use", "score", "shells_delivered"),
    *("symbolic", "tests", "threat", "tier_released", "transfer"),
)
"""Variables from which the measures of the headline and the scoreboard, and the series, are read."""
HEADLINE: Mapping[str, Measure] = {
    "shells_delivered": Measure(
        "million rounds", "shells delivered PRK to RUS by the end", _last("shells_delivered", 1e-3)
    ),
    "oil": Measure(
        "kbbl", "oil products delivered RUS to PRK, whole run", lambda ds: system(ds, "oil_delivered").sum(axis=0)
    ),
    "practical": Measure("1", "practical index RUS-PRK at the end", lambda ds: pair(ds, "practical", "RUS", "PRK")[-1]),
    "symbolic": Measure("1", "symbolic index RUS-PRK at the end", lambda ds: pair(ds, "symbolic", "RUS", "PRK")[-1]),
    "tier": Measure("1", "highest technology tier passed RUS to PRK", _last("tier_released")),
    "technology": Measure("points", "technology received by PRK, whole run", lambda ds: received(ds)[-1]),
    "rail_out": Measure("1", "use of the railway out of PRK, empties included, mean over months", _rail("back")),
    "rail_in": Measure("1", "use of the railway into PRK, empties included, mean over months", _rail("forward")),
    **{
        f"threat_{code}": Measure("1", f"threat felt by {COUNTRY_NAMES[code]}, mean over months", _threat(code))
        for code in COUNTRIES
    },
    "coordination": Measure("1", "coordination of USA, KOR and JPN at the end", _last("coordination")),
    "tests": Measure("tests", "missile tests of PRK, whole run", lambda ds: system(ds, "tests").sum(axis=0)),
    "fire_ratio": Measure(
        "1", "fire ratio Russia to Ukraine, mean over months", lambda ds: mean(system(ds, "fire_ratio").T)
    ),
}
"Measures by which scenarios are compared, besides the goals of the scoreboard."

GOAL_WORDS = ("met needs", "safety from threat", "prestige", "autonomy", "low costs")
"Words for the goals, in the order of GOALS."
SCORES: Mapping[str, Measure] = {
    score_name(country, goal): Measure("1", f"{COUNTRY_NAMES[country]}: {words} at the end", _score(country, goal))
    for country in COUNTRIES
    for goal, words in zip(GOALS, GOAL_WORDS, strict=True)
}
"How far each country's goals are met in the last month, 0 to 1, higher is better for it."

SWEPT: Mapping[str, Measure] = {
    **{name: HEADLINE[name] for name in ("shells_delivered", "practical", "symbolic", "technology", "oil")},
    "gain": Measure("MUSD/month", "joint gain of RUS and PRK from their trade, mean over months", joint_gain),
    **{
        f"tier{k}": Measure(
            "1", f"share of worlds in which at least tier {k} was passed RUS to PRK", _tier(k), share=True
        )
        for k in (2, 3, 4)
    },
}
"Measures that a sweep can show."
WHOLE = ("tier", "tier_released", "tests", "summits", "exercises", "western_exercises")
"""Outcomes and variables that are whole numbers in every world, and so are their quantiles over worlds."""
INDICES = (
    *("access", "coordination", "isolation", "monitoring", "polarisation", "practical", "pressure", "prestige"),
    *("score", "symbolic", "threat", "trust", "want"),
)
"""Variables that run from 0 to 1 by definition; another without a unit is a ratio, a share, a count or a level."""
READ_BY_SWEPT = (*READ_BY_HEADLINE, "gain", "binding")
"""Variables from which these are read, and which constraint binds."""

SERIES: Mapping[str, Series] = {
    "shells_delivered": Series(
        "million rounds", "Shells delivered since the start", lambda ds: system(ds, "shells_delivered") * 1e-3
    ),
    "practical": Series("index, 0 to 1", "Practical index RUS-PRK", lambda ds: pair(ds, "practical", "RUS", "PRK")),
    "symbolic": Series("index, 0 to 1", "Symbolic index RUS-PRK", lambda ds: pair(ds, "symbolic", "RUS", "PRK")),
    "oil": Series(
        "kbbl", "Oil products to PRK since the start", lambda ds: np.cumsum(system(ds, "oil_delivered"), axis=0)
    ),
    "technology": Series("points", "Technology received by PRK", received),
    "coordination": Series("index, 0 to 1", "Coordination of USA, KOR, JPN", lambda ds: system(ds, "coordination")),
}
"Series that are compared month by month."


def is_whole(name: str) -> bool:
    """Return whether an outcome, also one of a month or of the whole run, is counted or a step of a ladder."""
    owners, _, act = name.rpartition(".")
    return name.partition("@")[0] in WHOLE or (bool(owners) and act in ACTS)


def is_index(name: str) -> bool:
    """Return whether an outcome, also one of a country, a pair or a month, runs from 0 to 1 by definition."""
    variable = name.partition("@")[0].rpartition(".")[2].strip()
    return variable in INDICES or name in SCORES or name.startswith("threat_")


def measured(ds: xr.Dataset, measures: Mapping[str, Measure]) -> dict[str, Array]:
    """Return every measure of a run, name -> (world); copies, since a view would keep all results in memory."""
    return {name: np.array(measure.values(ds), dtype=float) for name, measure in measures.items()}


def series_of(ds: xr.Dataset) -> dict[str, Array]:
    """Return every series of a run, name -> (month, world)."""
    return {name: np.asarray(series.values(ds), dtype=float) for name, series in SERIES.items()}


def binding_counts(ds: xr.Dataset, seller: str = "PRK", buyer: str = "RUS", good: str = "ammunition") -> Array:
    """Return in how many months each constraint bound a lane, (constraint, world), in the order of the codes."""
    codes = ds["binding"].sel(country=seller, partner=buyer, good=good).transpose("month", "world").values
    kinds = len(str(ds["binding"].attrs["flag_meanings"]).split())
    return np.stack([(codes == code).sum(axis=0) for code in range(kinds)]).astype(float)

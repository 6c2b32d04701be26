"""Columns and names of the tidy table, and the pieces of which it is built.

Columns are those of the format of the Integrated Assessment Modeling Consortium (IAMC) in its long form, and four more:
seed, partner, world and statistic. `pyam` reads the table as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.quantiles import COLUMNS as LEVELS
from sim.scenario.names import COUNTRIES

Array = np.ndarray
COLUMNS: Mapping[str, str] = {
    "model": "what made the numbers: sim and its version, or `public record` for observations",
    "scenario": "name of the scenario; in a sweep with the values set, such as `article+routes.khasan.capacity=10`",
    "seed": "seed of all chance",
    "region": "the country, by its code; of what moves between two, the one that it leaves; `World` for all together",
    "partner": "the other country; of what moves between two, the one that it reaches; `none` where there is no other",
    "variable": "name in the list of variables, then good, tier, route, goal or state, with a vertical bar between",
    "unit": "unit of the value",
    "time": "first day of the month; of an observation its day",
    "world": "number of the world; `all` where the value is a statistic over worlds",
    "statistic": "`mean`, a quantile from `q05` to `q95`, `standard_error`; of observations `low`, `central`, `high`; "
    "`value` in a single world",
    "value": "the number; what is missing, such as a price without trade, has no row",
}
"""Column -> what it holds."""
EVERYWHERE, NOBODY = "World", "none"
"""Region of what no single country owns, and partner of what has no other side."""
STATISTICS = ("mean", *LEVELS)
ALL, VALUE = "all", "value"
End = tuple[str | int, str]
"""The world, or `all`, and the statistic of a number."""
PLACES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("shells_delivered", "containers", "rail_out", "import_share"), ("PRK", "RUS")),
    **dict.fromkeys(("oil_delivered", "oil", "rail_in", "tier_released", "tier"), ("RUS", "PRK")),
    **dict.fromkeys(("tier2", "tier3", "tier4", "practical", "symbolic", "gain"), ("RUS", "PRK")),
    **dict.fromkeys(("fire", "fire_ratio", "outside_ammunition", "war_intensity", "plant_output"), ("RUS", NOBODY)),
    **dict.fromkeys(("shell_price", "shells_seized", "dependence_rus"), ("PRK", "RUS")),
    **dict.fromkeys(("food_rus", "summits", "exercises", "debt", "cash_paid"), ("RUS", "PRK")),
    **{"food_chn": ("CHN", "PRK"), "energy_chn": ("RUS", "CHN"), "dependence_chn": ("PRK", "CHN")},
    **dict.fromkeys(("tests", "technology", "food_world", "energy_short", "food_short"), ("PRK", NOBODY)),
}
"""Variables and outcomes without a dimension of countries -> region and partner that they are of."""


class TidyError(ValueError):
    """A table that cannot be made; the text says why and what there is instead."""


@dataclass(frozen=True)
class Place:
    """Where the rows of one line of numbers stand."""

    region: str
    partner: str
    variable: str
    unit: str


def place_of(name: str, prefix: str, unit: str) -> Place:
    """Return the place of an outcome or of a variable of the whole system."""
    if name in PLACES:
        return Place(*PLACES[name], f"{prefix}{name}", unit)
    parts = name.split("_") if name.startswith(("threat_", "score_")) else name.partition(".")[0].split("_")
    owners = [part.upper() for part in parts if part.upper() in COUNTRIES]
    region, partner = (*owners, EVERYWHERE if not owners else NOBODY, NOBODY)[:2]
    return Place(region, partner, f"{prefix}{name}", unit)


def rows(places: Sequence[Place], times: Sequence[str], ends: Sequence[End], values: Array) -> dict[str, Array]:
    """Return columns of the table for values (place, time, end); an end is a world and a statistic."""
    counts = values.shape
    found: dict[str, Array] = {}
    for name in ("region", "partner", "variable", "unit"):
        column = np.array([getattr(one, name) for one in places], dtype=object)
        found[name] = np.broadcast_to(column[:, None, None], counts).ravel()
    found["time"] = np.broadcast_to(np.array(times, dtype=object)[None, :, None], counts).ravel()
    for at, name in enumerate(("world", "statistic")):
        column = np.array([end[at] for end in ends], dtype=object)
        found[name] = np.broadcast_to(column[None, None, :], counts).ravel()
    found["value"] = np.asarray(values, dtype=float).ravel()
    keep = np.isfinite(found["value"])
    return {name: column[keep] for name, column in found.items()}


def frame(parts: Sequence[tuple[Mapping[str, str | int], Mapping[str, Array]]]) -> pd.DataFrame:
    """Return the table; each part is what all its rows share (model, scenario, seed), and its other columns."""
    found = [pd.DataFrame({**one, **columns}) if len(columns["value"]) else None for one, columns in parts]
    whole = [one for one in found if one is not None]
    if not whole:
        raise TidyError("no value is left: every number asked for is missing")
    return pd.concat(whole, ignore_index=True)[list(COLUMNS)]

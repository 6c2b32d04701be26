"""The numbers of the lessons: small ensembles over rail capacity, sanctions pressure and harvest; totals."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import xarray as xr

import sim
from sim.analysis.headline import bound_by
from sim.analysis.measures import HEADLINE, is_whole
from sim.analysis.paired import difference
from sim.analysis.quantiles import quantiles
from sim.analysis.wide import WIDE
from sim.scenario import PARAMETERS
from sim.scenario.names import TIERS

Array = np.ndarray
Results = dict[str, list[float]]
"""Name of a number -> its 5 %, 50 % and 95 % quantile over worlds, or the number alone."""
SCENARIO, WORLDS = "article", 200
RAIL, SHIPS = "routes.khasan.capacity", "ships_only"
RAILS = (10, 20, 40, 80, 160)
USUAL = 40
"""Capacity that pupils are told, kt a month."""
PRESSURE = "sanctions.pressure"
PRESSURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
HARVEST, POOR = "PRK.food.harvest", 0.6
HUNGRY = 0.05
"""Share of its food that North Korea lacks in some month of a world that counts as hungry."""
SCARCE = 1.5
"""Worth of a token to a country that cannot buy it freely, as a multiple of the world price; assumed for the game."""
GIVEN = 30.0
"""What giving a token of shells costs North Korea, in millions of dollars; assumed for the game."""
DIGITS = 4


def _sum(ds: xr.Dataset, name: str, giver: str, taker: str, good: str = "") -> Array:
    values = ds[name].sel(country=giver, partner=taker)
    values = values.sel(good=good) if good else values
    return np.asarray(values.transpose("month", "world").values.sum(axis=0, dtype=float))


def _passed(tier: int, ds: xr.Dataset) -> Array:
    return np.asarray(ds["tier_released"].isel(month=-1).values >= tier, dtype=float)


def _hungry(ds: xr.Dataset) -> Array:
    lacking, wanted = (ds[name].sel(country="PRK", good="food") for name in ("shortage", "requirement"))
    return np.asarray(((lacking / wanted) >= HUNGRY).any("month").values, dtype=float)


def _trade(ds: xr.Dataset) -> Array:
    """Return the goods delivered both ways between Russia and North Korea, MUSD a month at the table's values."""
    both = [_sum(ds, "delivered", *way, good) for good in ds["good"].values for way in (("RUS", "PRK"), ("PRK", "RUS"))]
    values = [PARAMETERS[f"goods.{good}.value"].value for good in ds["good"].values for _ in range(2)]
    return np.asarray(sum(value * total for value, total in zip(values, both, strict=True)) / ds.sizes["month"])


OUTCOMES: Mapping[str, Callable[[xr.Dataset], Array]] = {
    **{name: WIDE[name].values for name in ("oil", "food_rus", "food_chn", "food_world", "energy_short", "technology")},
    **{name: WIDE[name].values for name in ("practical", "symbolic", "summits", "dependence_rus", "dependence_chn")},
    **{
        name: WIDE[name].values
        for name in ("food_short", "debt", "cash_paid", "tests", "exercises", "western_exercises")
    },
    "shells": WIDE["shells_delivered"].values,
    "shells_kt": lambda ds: WIDE["shells_delivered"].values(ds) * PARAMETERS["goods.ammunition.weight"].value,
    "price": lambda ds: 1000.0 * WIDE["shell_price"].values(ds),
    "threat_kor": HEADLINE["threat_KOR"].values,
    "trade": _trade,
    "oil_kt": lambda ds: _sum(ds, "delivered", "RUS", "PRK", "energy"),
    "oil_last": lambda ds: np.asarray(ds["oil_delivered"].transpose("month", "world").values[-1]),
}
"""Outcomes of which a lesson tells the median and the band; `price` in dollars a shell."""
SHARES: Mapping[str, Callable[[xr.Dataset], Array]] = {
    **{f"tier{k}": partial(_passed, k) for k in TIERS},
    "hungry": _hungry,
}
"""Outcomes that a world has or has not: a lesson tells the percentage of worlds."""
FLOWS: Mapping[str, tuple[str, str, str, str]] = {
    "kor_usa_shells": ("delivered", "KOR", "USA", "ammunition"),
    "usa_kor_food": ("delivered", "USA", "KOR", "food"),
    "usa_kor_energy": ("delivered", "USA", "KOR", "energy"),
    "usa_jpn_energy": ("delivered", "USA", "JPN", "energy"),
    "rus_chn_energy": ("delivered", "RUS", "CHN", "energy"),
    "rus_prk_energy": ("delivered", "RUS", "PRK", "energy"),
    "chn_prk_energy": ("delivered", "CHN", "PRK", "energy"),
    "chn_paid_rus": ("cash", "RUS", "CHN", ""),
    "rus_paid_prk": ("cash", "PRK", "RUS", ""),
    "rus_paid_prk_in_kind": ("in_kind", "PRK", "RUS", ""),
}
"""Totals of the third lesson over the whole run."""


def results() -> Results:
    """Run every scenario of the lessons and return their numbers."""
    found: Results = {"worlds": [float(WORLDS)], "months": [float(sim.load(SCENARIO).months)]}
    base = _values(SCENARIO, "base", found, exchange=True)
    steps: dict[str, dict[float, dict[str, Array]]] = {}
    for name, key, doses in (("rail", RAIL, RAILS), ("pressure", PRESSURE, PRESSURES), ("harvest", HARVEST, (POOR,))):
        runs = {dose: _values(f"{SCENARIO}+{key}={dose:g}", f"{name}.{dose:g}", found) for dose in doses}
        _paired(runs[doses[0]] if doses[1:] else base, runs[doses[-1]], name, found)
        steps[name] = dict(runs)
    _paired(steps["pressure"][PRESSURES[0]], steps["pressure"][PRESSURES[1]], "first", found)
    _paired(steps["rail"][USUAL], steps["rail"][RAILS[-1]], "wide", found)
    poor = _values(f"{SCENARIO}+{RAIL}={USUAL}+{HARVEST}={POOR:g}", "poor", found)
    _paired(steps["rail"][USUAL], poor, "poor", found)
    for pressure in (PRESSURES[0], PRESSURES[-1]):
        _values(f"{SCENARIO}+{PRESSURE}={pressure:g}+{HARVEST}={POOR:g}", f"poor_pressure.{pressure:g}", found)
    for name, good in (("oil", "energy"), ("food", "food")):
        weight = found["base.rus_prk_energy" if name == "oil" else "base.food_rus"][1]
        found[f"base.{name}_worth"] = [weight * PARAMETERS[f"goods.{good}.value"].value]
    ships = {dose: _values(f"{SHIPS}+{RAIL}={dose}", f"ships.{dose}", found) for dose in (RAILS[0], RAILS[-1])}
    _paired(ships[RAILS[0]], ships[RAILS[-1]], "ships", found)
    for key in (RAIL, PRESSURE, "PRK.ammunition.stock", "PRK.ammunition.reserve", "RUS.ammunition.stock"):
        row = PARAMETERS[key]
        ends = row.low if row.low is not None else row.value, row.high if row.high is not None else row.value
        found[f"table.{key}"] = [float(ends[0]), float(row.value), float(ends[1])]
    for tier in TIERS:
        for what in ("value", "guard"):
            found[f"table.{what}{tier}"] = [float(PARAMETERS[f"technology.{what}{tier}"].value)]
    found |= _game()
    return {name: [_rounded(one) for one in values] for name, values in found.items()}


def _game() -> Results:
    """Return what a token of the barter game is worth: 100 kt or 100 000 shells, in millions of dollars."""
    found: Results = {}
    for good in ("food", "energy"):
        value, margin = (100.0 * PARAMETERS[f"goods.{good}.value"].value, PARAMETERS[f"goods.{good}.margin"].value)
        sold, needed = round(value * (1.0 - margin)), round(value * SCARCE)
        found |= {f"game.{good}": [round(value)], f"game.{good}_sold": [sold], f"game.{good}_needed": [needed]}
        found[f"game.{good}_gain"] = [needed - sold]
    found["game.shells"] = [round(100.0 * PARAMETERS["goods.ammunition.value"].value)]
    for tier in TIERS:
        value, guard = (PARAMETERS[f"technology.{what}{tier}"].value for what in ("value", "guard"))
        found[f"game.gap{tier}"] = [value - guard]
        found[f"game.rus{tier}"], found[f"game.prk{tier}"] = [found["game.shells"][0] - guard], [value - GIVEN]
    found["game.rus_oil"] = [found["game.shells"][0] - found["game.energy_sold"][0]]
    found["game.prk_oil"] = [found["game.energy_needed"][0] - GIVEN]
    return found


def _values(scenario: str, name: str, found: Results, exchange: bool = False) -> dict[str, Array]:
    """Run a scenario, note its numbers under `name.OUTCOME`, and return the outcomes, each (world)."""
    ds = sim.run(sim.load(scenario, worlds=WORLDS))
    outcomes = {key: np.asarray(values(ds), dtype=float) for key, values in OUTCOMES.items()}
    bands = {key: quantiles(one, (0.05, 0.5, 0.95), whole=is_whole(key)) for key, one in outcomes.items()}
    found.update({f"{name}.{key}": list(three) for key, three in bands.items()})
    shares = {key: 100.0 * float(np.mean(values(ds))) for key, values in SHARES.items()}
    bound = {f"bound_{key}": 100.0 * share for key, share in bound_by(ds, "PRK", "RUS", "ammunition").items()}
    found.update({f"{name}.{key}": [share] for key, share in {**shares, **bound}.items()})
    if exchange:
        flows = {key: _sum(ds, *flow) for key, flow in FLOWS.items()}
        flows["owed"] = np.asarray(ds["balance"].sel(country="PRK", partner="RUS").isel(month=-1).values)
        stock = ds["stock"].sel(country="PRK", good="ammunition")
        flows["stock_end"] = np.asarray(stock.isel(month=-1).values) / 1000.0
        found.update({f"{name}.{key}": list(np.quantile(one, [0.05, 0.5, 0.95])) for key, one in flows.items()})
    return outcomes


def _paired(first: Mapping[str, Array], last: Mapping[str, Array], name: str, found: Results) -> None:
    """Note what the last value of a lever changes against the first, world by world: mean, its error, share higher."""
    for key in OUTCOMES:
        step = difference(first[key], last[key])
        found[f"{name}.step.{key}"] = [step.mean]
        found[f"{name}.error.{key}"] = [step.error]
        found[f"{name}.higher.{key}"] = [100.0 * step.higher]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")

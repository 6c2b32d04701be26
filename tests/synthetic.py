"""A made-up but plausible Dataset with every variable, for tests of what only reads results."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import xarray as xr

from sim.results import VARIABLES, build
from sim.scenario.names import BINDING, COUNTRIES, GOALS, ROUTES, TERMS, TIERS
from sim.scenario.options import OPTIONS

KEYS = {
    "war.fire_scale": 3.5,
    "routes.rajin.unit_load": 3.4,
    "goods.ammunition.per_container": 350.0,
    "routes.khasan.capacity": 60.0,
}
GOODS = ("ammunition", "food", "energy")
ROWS = [(o.actor, o.act, " ".join(o.partners)) for o in OPTIONS]
"""(actor, act, partners) of the decision rows."""
MOST = {"stock": 9000.0, "technology": 100.0, "transfer": 4.0, "price": 2.0, "route_shadow": 3.0}
RUS, PRK, CHN = (COUNTRIES.index(code) for code in ("RUS", "PRK", "CHN"))


@dataclass(frozen=True)
class Origin:
    """What `build` asks of a scenario."""

    months: int = 36
    worlds: int = 50
    name: str = "synthetic"
    title: str = "A made-up run"
    seed: int = 7
    hash: str = "0123456789abcdef" * 4
    changed: dict[str, Any] = field(
        default_factory=lambda: {
            "routes.khasan.capacity": SimpleNamespace(
                value=60.0, low=30.0, high=90.0, distribution="uniform", origin="synthetic.toml:7"
            )
        }
    )

    @property
    def dates(self) -> list[str]:
        first = np.datetime64("2023-09", "M")
        return [f"{first + np.timedelta64(k, 'M')}-01" for k in range(self.months)]

    def to_dict(self) -> dict[str, Any]:
        acts: dict[str, Any] = {"actors": ["RUS", "PRK"], "why": "public record"}
        lull = {"key": "war.intensity", "value": None, "factor": 0.5, "duration": 6, "why": "a lull"}
        events: list[dict[str, Any]] = [
            {"month": 0, "act": "summit", **acts, "origin": "synthetic.toml:12"},
            {"month": 9, "act": "treaty", **acts, "origin": "synthetic.toml:13"},
            {"month": 12, **lull, "origin": "synthetic.toml:14"},
        ]
        return {
            **{name: getattr(self, name) for name in ("name", "title", "months", "worlds", "seed")},
            "question": "What would a made-up run look like?",
            "look_for": "The bands widen with time.",
            "outcome": "Nothing real happens.",
            "start": "2023-09",
            "settings": {key: vars(setting) for key, setting in self.changed.items()},
            "events": [event for event in events if event["month"] < self.months],
            "files": ["synthetic.toml"],
        }


def walk(rng: np.random.Generator, shape: tuple[int, ...], low: float, high: float, drift: float = 0.0) -> np.ndarray:
    """Bounded random walks along the first axis."""
    scale = high - low
    start = low + scale * rng.uniform(0.2, 0.6, (1, *shape[1:-1], 1))
    steps = rng.normal(drift * scale, 0.04 * scale, shape)
    return np.clip(start + np.cumsum(steps, axis=0), low, high)


def dataset(
    months: int = 36, worlds: int = 50, seed: int = 7, fill: float | None = None, name: str = Origin.name
) -> xr.Dataset:
    """The Dataset; `fill` puts one number (0 or nan) into every floating variable instead."""
    origin = Origin(months=months, worlds=worlds, seed=seed, name=name)
    return build(arrays(origin, fill), origin, coords(origin))


def coords(origin: Origin) -> dict[str, Any]:
    actors, acts, partners = zip(*ROWS, strict=True)
    return {"world": range(origin.worlds), "key": list(KEYS), "actor": actors, "act": acts, "partner_of": partners}


def arrays(origin: Origin, fill: float | None = None) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(origin.seed)
    rows = ROWS
    sizes = {"month": origin.months, "country": 6, "partner": 6, "good": 3, "direction": 2, "world": origin.worlds}
    sizes |= {"tier": len(TIERS), "route": len(ROUTES), "goal": len(GOALS), "term": len(TERMS)}
    sizes |= {"option": len(rows), "key": len(KEYS)}
    found: dict[str, np.ndarray] = {}
    for name, spec in VARIABLES.items():
        shape = tuple(sizes[dim] for dim in spec.dims)
        if spec.disk == "i1":
            found[name] = np.zeros(shape, dtype=np.int8)
        elif fill is not None:
            found[name] = np.full(shape, fill)
        else:
            found[name] = walk(rng, shape, *_range(name, spec.unit))
    found["parameters"] = np.repeat(np.array(list(KEYS.values()))[:, None], origin.worlds, axis=1)
    if fill is None:
        _shape_up(found, rng, rows, origin)
    return found


def _range(name: str, unit: str) -> tuple[float, float]:
    if name == "alignment":
        return -1.0, 1.0
    if name == "balance":
        return -800.0, 1500.0
    if unit == "1":
        return 0.0, 1.0
    return 0.0, MOST.get(name, 300.0)


def _shape_up(
    found: dict[str, np.ndarray], rng: np.random.Generator, rows: list[tuple[str, str, str]], origin: Origin
) -> None:
    """Give the bare walks the features that figures must cope with."""
    for index in range(6):
        for name in ("ordered", "shipped", "delivered", "seized", "in_transit", "queue", "balance", "transfer"):
            found[name][:, index, index] = 0.0
    found["balance"] = (found["balance"] - np.swapaxes(found["balance"], 1, 2)) / 2
    for name in ("practical", "symbolic", "trust", "alignment"):
        found[name] = (found[name] + np.swapaxes(found[name], 1, 2)) / 2
    found["price"][found["delivered"] < 20.0] = np.nan
    arrived = found["delivered"][:, PRK, RUS, 0]
    found["shells_delivered"] = np.cumsum(arrived, axis=0)
    found["containers"] = found["shells_delivered"] * 1000.0 / 350.0
    found["tier_released"] = np.maximum.accumulate(np.floor(walk(rng, arrived.shape, 0.0, 3.4, 0.01)), axis=0)
    found["fire"] = walk(rng, arrived.shape, 150.0, 700.0)
    found["fire_ratio"] = found["fire"] / np.maximum(found["ukraine_fire"], 20.0)
    found["tests"] = rng.poisson(2.0, arrived.shape).astype(float)
    found["binding"] = rng.integers(0, len(BINDING), found["binding"].shape).astype(np.int8)
    happens = rng.random((origin.months, len(rows), origin.worlds)) < rng.uniform(0.0, 0.08, (1, len(rows), 1))
    for month, act in ((0, "summit"), (9, "treaty")):
        if month < origin.months:
            for index, (actor, kind, partner) in enumerate(rows):
                if kind == act and {actor, partner} == {"RUS", "PRK"}:
                    happens[month, index] = True
                    found["scheduled"][month, index] = 1
    found["choice"] = happens.astype(np.int8)
    found["outcome"] = happens.astype(np.int8)

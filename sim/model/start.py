"""The state that the parameter table describes, with which a world begins."""

from functools import cache
from typing import Any, get_type_hints

import numpy as np

from sim.arrays import Array
from sim.model import accounts, relations
from sim.model.sanctions import base_pressure
from sim.model.state import State
from sim.scenario.names import AMMUNITION, COUNTRIES, PRK, RUS
from sim.scenario.units import THOUSAND
from sim.scenario.values import Parameters

AGREED = PRK, RUS, AMMUNITION
"""The lane on which something was agreed before the first month."""


@cache
def _forms() -> dict[str, tuple[Any, ...]]:
    """Return shape without the worlds, and kind, of every array of the state."""
    return {name: hint.__metadata__ for name, hint in get_type_hints(State, include_extras=True).items()}


def at_start(p: Parameters) -> State:
    """Return the state as the table gives it: zero but for what parameters set. `sim.experiment.rest` goes on."""

    def empty(shape: tuple[int, ...], kind: type = float) -> Array:
        return np.zeros((*shape, p.worlds), dtype=kind, like=p["war.intensity"])

    s = State(**{name: empty(*form) for name, form in _forms().items()})
    s.stock = p.by_country_good("reserve") + p.by_country_good("target") * p.by_country_good("requirement")
    s.stock[:, AMMUNITION] = p.by_country("ammunition.stock")
    s.old = p["PRK.ammunition.old_share"] * s.stock[PRK, AMMUNITION]
    s.contract[AGREED] = p["PRK.ammunition.agreed"]
    s.rate = np.stack([p[f"{c}.ammunition.production"] for c in COUNTRIES])
    s.ration = s.ration + 1.0
    s.technology = p.by_country_tier("technology").copy()
    s.trust, s.pledge, s.institutions = (p.by_pair(name).copy() for name in ("trust", "pledge", "acts"))
    s.alignment = relations.usual_alignment(p).copy()
    s.usual_trust, s.usual_alignment = s.trust.copy(), s.alignment.copy()
    s.money, s.other_met = p.by_country("money") * THOUSAND, s.other_met + 1.0
    s.supplied = p.other_imports().copy()
    s.other_stock = p["money.store"] * s.supplied.sum(axis=1)
    s.dependence = accounts.dependence(s.supplied)
    s.food_inflow = np.maximum(p["PRK.food.requirement"] - p["PRK.food.production"], 0.0)
    s.prestige, s.norm = p.by_country("prestige").copy(), p.by_country("norm").copy()
    s.pressure = base_pressure(p).copy()
    s.monitoring, s.border, s.taboo = p["monitoring.start"].copy(), p["border.start"].copy(), s.taboo + 1.0
    s.intensity, s.ukraine_stock = p["war.intensity"].copy(), p["war.ukraine_stock"].copy()
    s.substitutes, s.guns = np.minimum(p["war.substitutes"], p["war.substitutes_ceiling"]), p["war.guns"].copy()
    s.secondary, s.inputs = p["sanctions.secondary"].copy(), 1.0 - p["CHN.western_ties"] * p["sanctions.secondary"]
    s.ukraine_fire = p["war.ukraine_stock"] * p["war.ukraine_use"]
    s.harvest, s.harvest_shock = s.harvest + 1.0, s.harvest_shock + 1.0
    return s

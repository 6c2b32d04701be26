"""What comes from outside: events, shocks, border regime, base sanctions, and the month's fighting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from sim.model import war
from sim.model.options import group_of
from sim.model.sanctions import base_pressure, market_access
from sim.scenario.names import COUNTRIES

if TYPE_CHECKING:
    from sim.model.world import World

RUS, PRK, USA, KOR, JPN, CHN = range(len(COUNTRIES))


def drive(w: World) -> None:
    """Step 1. Shocks come from named draws, so that no decision can shift them."""
    p = w.inputs
    base_before = _base(w)
    _calendar(w)
    p.move_to(w.month)
    noise = np.exp(p["war.noise"] * ndtri(w.draws["war"][w.month, 0]))
    w.intensity = p["war.intensity"] * noise
    if w.month == 0 or w.calendar_month == 9:
        year = np.exp(p["PRK.food.harvest_noise"] * ndtri(w.draws["harvest"][w.month, 0]))
        w.harvest_shock = year
    w.harvest = w.harvest_shock * p["PRK.food.harvest"]
    w.border += p["border.rate"] * (p["border.target"] - w.border)

    # designations wear off towards the overall level; a change of that level is felt at once
    base = _base(w)
    extra = (w.pressure - base_before) * (1.0 - p["sanctions.fatigue"])
    w.pressure = np.clip(base + extra, 0.0, 1.0)
    w.access = market_access(p.by_country("access"), w.pressure, p["sanctions.access_loss"])
    w.access[PRK] *= w.border

    w.war_demand[:] = 0.0
    w.war_demand[RUS] = war.wanted_fire(w.intensity, p["war.base_fire"], p["war.goal_ratio"], w.ukraine_fire)
    at_war = np.minimum(w.intensity, 1.0)
    w.war_demand[USA] = p["war.usa_aid"] * at_war
    w.war_demand[KOR] = p["war.lethal_aid"] * w.helping * at_war


def _calendar(w: World) -> None:
    """The month, and the acts that the scenario prescribes in it, the same in all worlds."""
    w.month_of_year[:], w.months_gone[:], w.scheduled[:] = w.calendar_month, w.month, False
    for event in w.acts_by_month.get(w.month, []):
        w.scheduled[list(group_of(event.act, *event.actors))] = True


def _base(w: World) -> np.ndarray:
    keys = ("pressure", "RUS", "PRK", "CHN")
    return w.inputs.once("base pressure", lambda: base_pressure(*(w.inputs[f"sanctions.{key}"] for key in keys)))


def fight(w: World) -> None:
    """What was fired, and what Ukraine was given by the United States, South Korea and the rest of the world."""
    p = w.inputs
    spent, asked = w.consumption[:, 0], np.maximum(w.requirement[:, 0], 1e-9)
    w.fire = spent[RUS] * w.war_demand[RUS] / asked[RUS]
    from_partners = spent[USA] * w.war_demand[USA] / asked[USA] + spent[KOR] * w.war_demand[KOR] / asked[KOR]
    rest = np.maximum(p["war.other_supply"] + p["war.other_growth"] * w.months_gone, 0.0)
    w.ukraine_stock, w.ukraine_fire = war.ukraine(
        w.ukraine_stock, from_partners + rest, p["war.ukraine_use"], w.intensity
    )

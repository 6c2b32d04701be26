"""Drivers from outside: events, shocks, border regime, base sanctions; and the month's fighting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.arrays import Array
from sim.elementary import exp
from sim.model import war
from sim.model.sanctions import base_pressure, market_access
from sim.model.state import State
from sim.model.value import TINY
from sim.scenario.names import AMMUNITION, KOR, PRK, RUS, USA
from sim.scenario.options import group_of
from sim.scenario.scenario import ActEvent
from sim.scenario.units import HARVEST_MONTH
from sim.scenario.values import Parameters

NORMAL = ("war", "harvest")
"""Causes of which step 1 needs normal deviates."""


def drive(
    s: State, p: Parameters, deviates: Mapping[str, Array], month: int, of_year: int, acts: Sequence[ActEvent]
) -> None:
    """Set the drivers of the month (step 1). Shocks come from named draws, so that no decision can shift them.

    deviates are normal, by cause, (month, 1, worlds); month counts from 0; of_year is 1-12; acts are those that the
    scenario prescribes in this month.
    """
    base_before = base_pressure(p)
    s.month_of_year[:], s.months_gone[:], s.scheduled[:] = of_year, month, False
    for event in acts:
        s.scheduled[list(group_of(event.act, *event.actors))] = True
    p.move_to(month)
    s.intensity = p["war.intensity"] * exp(p["war.noise"] * deviates["war"][month, 0])
    if month == 0 or of_year == HARVEST_MONTH:  # a new harvest year, or the first of the scenario
        s.harvest_shock = exp(p["PRK.food.harvest_noise"] * deviates["harvest"][month, 0])
    s.harvest = s.harvest_shock * p["PRK.food.harvest"]
    s.border += p["border.rate"] * (p["border.target"] - s.border)

    # designations wear off towards the base pressure; a change of that base takes effect at once
    base = base_pressure(p)
    extra = (s.pressure - base_before) * (1.0 - p["sanctions.fatigue"])
    s.pressure = np.clip(base + extra, 0.0, 1.0)
    s.access = market_access(p.by_country("access"), s.pressure, p["sanctions.access_loss"])
    s.access[PRK] *= s.border

    s.war_demand[:] = 0.0
    s.war_demand[RUS] = war.wanted_fire(s.intensity, p["war.base_fire"], p["war.goal_ratio"], s.ukraine_fire)
    at_war = np.minimum(s.intensity, 1.0)
    s.war_demand[USA] = p["war.usa_aid"] * at_war
    s.war_demand[KOR] = p["war.lethal_aid"] * s.helping * at_war


def fight(s: State, p: Parameters) -> None:
    """Set the fire of Russia and Ukraine; the United States, South Korea and others supply Ukraine.

    Rounds spent serve training and the war in proportion to what each requires.
    """
    spent, asked = s.consumption[:, AMMUNITION], np.maximum(s.requirement[:, AMMUNITION], TINY)
    s.fire = spent[RUS] * s.war_demand[RUS] / asked[RUS]
    given = spent[USA] * s.war_demand[USA] / asked[USA] + spent[KOR] * s.war_demand[KOR] / asked[KOR]
    given = given + np.maximum(p["war.other_supply"] + p["war.other_growth"] * s.months_gone, 0.0)
    s.ukraine_stock, s.ukraine_fire = war.ukraine(s.ukraine_stock, given, p["war.ukraine_use"], s.intensity)

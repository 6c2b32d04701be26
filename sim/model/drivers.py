"""Drivers from outside: events, shocks, border regime, base sanctions; and the month's fighting."""

from collections.abc import Mapping

import numpy as np

from sim.arrays import Array
from sim.elementary import exp, normal_quantile, power
from sim.model import war
from sim.model.relations import usual_alignment
from sim.model.sanctions import base_pressure, market_access
from sim.model.state import State
from sim.model.value import TINY
from sim.scenario.names import AMMUNITION, KOR, PRK, RUS, USA
from sim.scenario.units import HARVEST_MONTH, THOUSAND
from sim.scenario.values import Parameters

CAUSES = ("war", "regime", "harvest")
"""Causes whose draws step 1 uses."""


def instruct(s: State, p: Parameters, month: int) -> None:
    """Set what the scenario says of acts in a month."""
    s.scheduled[:], s.ruling[:], s.willingness[:] = p.happenings.decisions(month)


def drive(s: State, p: Parameters, draws: Mapping[str, Array], month: int, of_year: int) -> None:
    """Set the drivers of the month (step 1). Shocks come from named draws, so that no decision can shift them.

    draws by cause, (worlds), are uniform on 0-1; month counts from 0 and is negative before the first; of_year is 1-12.
    A trace has symbols for both.
    """
    base_before, usual_before = base_pressure(p), usual_alignment(p)
    s.month_of_year[:], s.months_gone[:] = of_year, np.maximum(month, 0)
    p.move_to(month)
    new = (month == 0) | (of_year == HARVEST_MONTH)  # a new harvest year, or the first of the scenario
    noise = p["PRK.food.harvest_noise"]
    log_shock = noise * normal_quantile(draws["harvest"]) - noise * noise / 2.0  # one on average
    s.harvest_shock = np.where(new, exp(log_shock), s.harvest_shock)
    s.harvest = s.harvest_shock * p["PRK.food.harvest"]
    s.border += p["border.rate"] * (p["border.target"] - s.border)

    s.usual_alignment += usual_alignment(p) - usual_before  # zero but for an event
    # designations wear off; a change of the base takes effect at once
    base, extra = base_pressure(p), s.pressure - base_before
    extra = extra + p["sanctions.fatigue"] * (s.usual_pressure - extra)
    s.pressure = np.clip(base + extra, 0.0, 1.0)
    s.secondary = np.clip(p["sanctions.secondary"] + extra[RUS], 0.0, 1.0)
    s.inputs += p["RUS.ammunition.input_lag"] * (1.0 - p["CHN.western_ties"] * s.secondary - s.inputs)
    s.access = market_access(p.by_country("access"), s.pressure, p["sanctions.access_loss"])
    s.access[PRK] *= s.border

    s.war_demand[RUS] = _russia_wants(s, p, normal_quantile(draws["war"]), draws["regime"])
    s.war_demand[USA] = p["war.usa_aid"] * s.intensity
    s.war_demand[KOR] = p["war.lethal_aid"] * s.helping * s.intensity


def _russia_wants(s: State, p: Parameters, deviate: Array, draw: Array) -> Array:
    """Move noise, regime and substitutes; return the rounds that Russia wants to fire, krounds a month."""
    stays = p["war.persistence"]
    s.war_noise = stays * s.war_noise + p["war.noise"] * np.sqrt(1.0 - stays * stays) * deviate
    # the noise holds a deviate of every month from the first on
    variance = p["war.noise"] ** 2 * (1.0 - power(stays * stays, s.months_gone + 1.0))
    s.intensity = p["war.intensity"] * exp(s.war_noise - variance / 2.0)  # noise leaves the mean where it is
    had = s.ukraine_stock + s.ukraine_fire
    starved = np.clip(1.0 - had / np.maximum(p["war.ukraine_stock"], TINY), 0.0, 1.0)
    s.attacking = war.attacking(s.attacking, draw, p["war.attack_begins"], p["war.attack_ends"], p["war.lure"], starved)
    s.substitutes = war.substituted(s.substitutes, p["war.substitutes_ceiling"], p["war.substitutes_growth"])
    base = p["war.base_fire"] + p["war.attack"] * s.attacking
    effect = war.wanted_fire(s.intensity, base, p["war.goal_ratio"], s.ukraine_fire)
    return np.minimum(effect * (1.0 - s.substitutes), p["war.gun_rate"] * s.guns)


def fight(s: State, p: Parameters) -> None:
    """Set the fire of Russia and Ukraine; the United States, South Korea and others supply Ukraine.

    Rounds spent serve training and the war in proportion to what each requires. Ukraine fires a share of its rounds.
    """
    spent, asked = s.consumption[:, AMMUNITION], np.maximum(s.requirement[:, AMMUNITION], TINY)
    s.fire = spent[RUS] * s.war_demand[RUS] / asked[RUS]
    s.guns = np.maximum(s.guns + p["war.guns_made"] - s.fire * THOUSAND / p["war.barrel_life"], 0.0)
    given = spent[USA] * s.war_demand[USA] / asked[USA] + spent[KOR] * s.war_demand[KOR] / asked[KOR]
    given = given + np.maximum(p["war.other_supply"] + p["war.other_growth"] * s.months_gone, 0.0)
    has = s.ukraine_stock + given
    s.ukraine_fire = has * np.minimum(p["war.ukraine_use"] * s.intensity, 1.0)
    s.ukraine_stock = has - s.ukraine_fire

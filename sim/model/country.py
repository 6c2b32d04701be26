"""A country: one Mesa agent that lives in all worlds at once. Its arrays are views into the world's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.model import value
from sim.scenario.names import COUNTRIES, GOODS

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray
AMMUNITION, FOOD, ENERGY = range(len(GOODS))


class Country(mesa.Agent):
    """One of the six. Arrays are (good, worlds) or (worlds); what it computes it writes into the world's arrays."""

    model: World

    def __init__(self, world: World, code: str) -> None:
        super().__init__(world)
        self.code = code
        self.number = COUNTRIES.index(code)
        self.look_at(world)

    def look_at(self, world: World) -> None:
        """Let the country's arrays be views into those of `world`."""
        n = self.number
        self.stock = world.stock[n]
        self.rate = world.rate[n]
        "ammunition output that the plants are set up for, krounds a month (worlds)"
        self.production = world.production[n]
        self.requirement = world.requirement[n]
        self.consumption = world.consumption[n]
        self.shortage = world.shortage[n]
        self.cover = world.cover[n]
        self.target = world.target[n]
        self.value = world.value[n]
        self.ration = world.ration[n]
        "share of the energy requirement handed out last month (worlds)"
        self.hardship = world.hardship[n]
        "share of the rounds wanted that were lacking, remembered (worlds)"

    def produce(self) -> None:
        """Output of the month. Plants follow orders with a delay (C2); crops come with the season (C9)."""
        p, world, n = self.model.inputs, self.model, self.number
        usual, key = p.by_country_good("production")[n], f"{self.code}.ammunition"
        asked = self.requirement[AMMUNITION] + world.foreign_orders[n]
        self.rate[:] = follow_orders(self.rate, asked, usual[AMMUNITION], p[f"{key}.ceiling"], p[f"{key}.growth"])
        self.production[AMMUNITION] = self.rate * (0.5 + 0.5 * self.ration)
        self.production[FOOD:] = usual[FOOD:]
        if self.code == "PRK":
            self.production[AMMUNITION] = np.maximum(self.production[AMMUNITION] - world.test_rounds, 0.0)
            season = value.harvest_calendar(world.month_of_year, p["PRK.food.harvest_share"])
            self.production[FOOD] *= 12.0 * season * world.harvest
        self.stock += self.production

    def require(self) -> None:
        """What the month asks for: training and war, ordinary food and energy."""
        p, world = self.model.inputs, self.model
        self.requirement[:] = p.by_country_good("requirement")[self.number]
        self.target[:] = p.by_country_good("target")[self.number]
        self.requirement[AMMUNITION] += world.war_demand[self.number]
        if self.code == "PRK":
            self.target[FOOD] += p["PRK.food.season"] * value.months_to_harvest(world.month_of_year)

    def consume(self) -> None:
        """Rounds are stretched over months, food and energy rationed; what is lacking is recorded, stock stays >= 0."""
        p = self.model.inputs
        self.consumption[AMMUNITION] = value.spending(
            self.requirement[AMMUNITION],
            self.stock[AMMUNITION],
            p[f"{self.code}.ammunition.reserve"],
            self.production[AMMUNITION],
            p["war.horizon"],
        )
        floor = p.once("ration floors", lambda: np.stack([p[f"goods.ration_floor.{g}"] for g in GOODS[FOOD:]]))
        self.consumption[FOOD:] = value.handed_out(self.stock[FOOD:], self.requirement[FOOD:], floor)
        self.stock[:] = np.maximum(self.stock - self.consumption, 0.0)
        self.shortage[:] = self.requirement - self.consumption
        lacking = self.shortage[AMMUNITION] / np.maximum(self.requirement[AMMUNITION], value.TINY)
        self.hardship += p["war.hardship_memory"] * (lacking - self.hardship)
        self.ration[:] = self.consumption[ENERGY] / np.maximum(self.requirement[ENERGY], value.TINY)

    def appraise(self) -> None:
        """Cover and marginal value of each good (C1, C3)."""
        p, n = self.model.inputs, self.number
        self.cover[:] = value.cover(self.stock, p.by_country_good("reserve")[n], self.requirement)
        self.value[:] = value.marginal_value(
            self.cover,
            self.target,
            self.requirement,
            p.by_good("value"),
            p.by_good("elasticity"),
            p["goods.value_floor"],
            p["goods.value_cap"],
        )


def follow_orders(rate: Array, asked: Array, base: Array, ceiling: Array, growth: Array) -> Array:
    """Output that plants are set up for: it moves to what is asked of them, between usual output and ceiling (C2)."""
    return rate + growth * (np.clip(asked, base, np.maximum(ceiling, base)) - rate)

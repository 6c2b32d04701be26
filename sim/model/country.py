"""A country: one Mesa agent that lives in all worlds at once. Its arrays are views into those of the state."""

import mesa
import numpy as np

from sim.arrays import Array
from sim.model import value
from sim.model.state import State
from sim.scenario.names import AMMUNITION, COUNTRIES, ENERGY, FOOD
from sim.scenario.units import MONTHS_A_YEAR
from sim.scenario.values import Parameters

PLANNERS = ("RUS", "PRK")
"""Countries that keep rounds for a war by plan; the others by their reserve."""


class Country(mesa.Agent):
    """One of the six countries. It writes its results into its rows of the state: (good, worlds) or (worlds)."""

    def __init__(self, world: mesa.Model, state: State, code: str) -> None:
        super().__init__(world)
        self.code = code
        self.number = COUNTRIES.index(code)
        self.look_at(state)

    def look_at(self, state: State) -> None:
        """Make the country's arrays views into those of `state`, where they are described."""
        n, self.state = self.number, state
        self.stock, self.production, self.requirement = state.stock[n], state.production[n], state.requirement[n]
        self.consumption, self.shortage, self.hardship = state.consumption[n], state.shortage[n], state.hardship[n]
        self.cover, self.target_stock, self.value = state.cover[n], state.target_stock[n], state.value[n]
        self.rate, self.ration, self.want = state.rate[n], state.ration[n], state.want[n]
        self.converted = state.converted[n]

    def require(self, p: Parameters) -> None:
        """Set the requirements of the month: training and war, ordinary food and energy."""
        lacked = self.shortage[FOOD] / np.maximum(self.requirement[FOOD], value.TINY)
        self.requirement[:] = p.by_country_good("requirement")[self.number]
        self.requirement[AMMUNITION] += self.state.war_demand[self.number]
        months = p.by_country_good("target")[self.number].copy()
        if self.code == "PRK":
            to_harvest = value.months_to_harvest(self.state.month_of_year)
            grown = self._crop_to_come(p) / np.maximum(self.requirement[FOOD], value.TINY)
            from_store = np.maximum(to_harvest - grown, 0.0)
            months[FOOD] += p["PRK.food.season"] * from_store * (1.0 + lacked)  # what hunger leaves is no plenty
        self.target_stock[:] = months * self.requirement
        if self.code in PLANNERS:
            plan, wartime = (p[f"{self.code}.ammunition.{name}"] for name in ("plan", "wartime"))
            allies = p["goods.ammunition.pledge_relief"] * self.state.pledge[self.number].sum(axis=0)
            self.target_stock[AMMUNITION] = value.target_stock(self.target_stock[AMMUNITION], plan, wartime, allies)

    def produce(self, p: Parameters) -> None:
        """Add the month's output to stock. Plants follow orders with a delay (C2); crops follow the season (C9)."""
        s, usual, key = self.state, p.by_country_good("production")[self.number], f"{self.code}.ammunition"
        asked = self.requirement[AMMUNITION] + s.foreign_orders[self.number]
        ceiling = p[f"{key}.ceiling"]
        if self.code == "PRK":
            speeds = p[f"{key}.conversion"], p[f"{key}.reconversion"]
            self.converted[:] = converted(self.converted, asked, ceiling, p[f"{key}.convertible"] * ceiling, *speeds)
            ceiling = ceiling + self.converted
        self.rate[:] = follow_orders(self.rate, asked, usual[AMMUNITION], ceiling, p[f"{key}.growth"])
        needs_energy = p["goods.ammunition.energy_share"]
        self.production[AMMUNITION] = self.rate * (1.0 - needs_energy + needs_energy * self.ration)
        self.production[FOOD:] = usual[FOOD:]
        if self.code == "RUS":
            self.production[AMMUNITION] *= 1.0 - p[f"{key}.china_share"] * (1.0 - s.inputs)
        if self.code == "PRK":
            self.production[AMMUNITION] = np.maximum(self.production[AMMUNITION] - s.test_rounds, 0.0)
            season = value.harvest_calendar(s.month_of_year, p["PRK.food.harvest_share"])
            self.production[FOOD] *= MONTHS_A_YEAR * season * s.harvest
        self.stock += self.production

    def consume(self, p: Parameters) -> None:
        """Stretch rounds and crops over months, ration all else, set shortage and hardship; stock stays >= 0."""
        wanted, stock, output = (of[AMMUNITION] for of in (self.requirement, self.stock, self.production))
        s, last = self.state, (self.number, AMMUNITION)
        expected = p["war.foresight"] * (s.imports[last] - s.lost[last] + s.world_imports[last])
        reserve = p[f"{self.code}.ammunition.reserve"]
        self.consumption[AMMUNITION] = value.spending(wanted, stock, reserve, output, expected, p["war.horizon"])
        self.consumption[FOOD:] = np.minimum(self.stock[FOOD:], self.requirement[FOOD:])
        if self.code == "PRK":
            beyond = np.maximum(self.consumption[FOOD] - self.even_ration(p), 0.0)
            self.consumption[FOOD] -= p["PRK.food.rationing"] * beyond
        self.stock[:] = np.maximum(self.stock - self.consumption, 0.0)
        self.shortage[:] = self.requirement - self.consumption
        lacking = self.shortage / np.maximum(self.requirement, value.TINY)
        self.hardship += p["war.hardship_memory"] * (lacking[AMMUNITION] - self.hardship)
        self.want += p["war.hardship_memory"] * (value.going_without(*lacking[FOOD:]) - self.want)
        self.ration[:] = 1.0 - lacking[ENERGY]

    def even_ration(self, p: Parameters) -> Array:
        """Return the food that can be used in each month until the crop of September, kt (C9)."""
        s, store = self.state, self.stock[FOOD] + self._crop_to_come(p)
        return value.even_use(store, s.food_inflow, value.months_to_harvest(s.month_of_year))

    def _crop_to_come(self, p: Parameters) -> Array:
        """Return what is still to be harvested before the next September, kt."""
        year = MONTHS_A_YEAR * p["PRK.food.production"] * self.state.harvest
        return year * value.crop_to_come(self.state.month_of_year, p["PRK.food.harvest_share"])


def appraise_goods(s: State, p: Parameters) -> None:
    """Set cover and marginal value of each good in all countries at once (C1, C3): six calls would take five times."""
    reserve = p.by_country_good("reserve")
    s.cover[:] = value.cover(s.stock, reserve, s.requirement)
    curve = p.by_good("value"), p.by_good("elasticity"), p["goods.value_floor"], p["goods.value_cap"]
    s.value[:] = value.marginal_value(value.free_stock(s.stock, reserve), s.target_stock, *curve)


def follow_orders(rate: Array, asked: Array, base: Array, ceiling: Array, growth: Array) -> Array:
    """Return the output that plants are set up for, krounds a month, as it moves towards the orders `asked` (C2).

    The goal stays between `base` and `ceiling` (at least `base`); a month closes the share `growth` of the gap, 0-1.
    """
    return rate + growth * (np.clip(asked, base, np.maximum(ceiling, base)) - rate)


def converted(now: Array, asked: Array, ceiling: Array, most: Array, speed: Array, back: Array) -> Array:
    """Return the output that plants converted for export add to the `ceiling`, krounds a month, at most `most`.

    A month closes the share `speed` of the gap while orders `asked` exceed what there is, and the share `back`, which
    is smaller, while they do not: what was built outlasts the orders.
    """
    wanted = np.clip(asked - ceiling, 0.0, most)
    return now + np.where(wanted > now, speed, back) * (wanted - now)

"""The world: six countries, their pairs and routes, in a block of worlds at once. `step` is one month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mesa
import numpy as np

from sim.model import act_step, diplomacy, drivers, market, offers, record, settlement, shipping, world_market
from sim.model.cargo import in_transit
from sim.model.country import Country
from sim.model.inputs import Inputs
from sim.model.options import OPTIONS
from sim.model.routes import ROUTES
from sim.model.sanctions import base_pressure
from sim.scenario.names import COUNTRIES, GOODS
from sim.scenario.scenario import ActEvent, Scenario

Array = np.ndarray
C, G, R = len(COUNTRIES), len(GOODS), len(ROUTES)
GROUP = 8
"""Worlds are stepped in groups of eight, so that every array operation sees the same layout whether a world runs
alone or among many: sums over other axes are then added up in the same order, to the last bit."""


class World(mesa.Model):
    """A block of worlds. Every state array has the worlds as its last axis.

    scenario    what the user asked for (kept as `spec`: Mesa reserves the name `scenario`)
    inputs      parameter values of this block
    draws       uniform numbers by cause, (month, …, worlds), drawn before any decision
    keep        is handed every variable of every month
    """

    def __init__(
        self,
        scenario: Scenario,
        inputs: Inputs,
        draws: Mapping[str, Array],
        keep: record.Keep,
    ) -> None:
        super().__init__(rng=0)
        self.spec = scenario
        self.calendar = [int(date[5:7]) for date in scenario.dates]
        self.inputs = inputs
        self.draws = draws
        self.month = 0
        self.acts_by_month: dict[int, list[ActEvent]] = {}
        for event in scenario.events:
            if isinstance(event, ActEvent):
                self.acts_by_month.setdefault(event.month, []).append(event)
        self._state()
        self.countries = [Country(self, code) for code in COUNTRIES]
        self.record = record.Record(self, keep)
        self.engine: Callable[[World], None] | None = None
        "Does steps 2 to 8 in the place of `go_on`, with the same results."

    def _state(self) -> None:
        """Arrays of the state, at their values of the start."""
        p, worlds = self.inputs, self.inputs.worlds
        p.move_to(0)

        def zeros(*shape: int) -> Array:
            return np.zeros((*shape, worlds), like=p["war.intensity"])

        self.stock = p.by_country_good("stock").copy()
        self.rate = np.stack([p[f"{c}.ammunition.production"] for c in COUNTRIES])
        self.production, self.requirement, self.consumption = zeros(C, G), zeros(C, G), zeros(C, G)
        self.shortage, self.cover, self.value, self.target = zeros(C, G), zeros(C, G), zeros(C, G), zeros(C, G)
        self.lost, self.imports, self.exports = zeros(C, G), zeros(C, G), zeros(C, G)
        self.world_imports, self.world_exports = zeros(C, G), zeros(C, G)
        self.ration = zeros(C) + 1.0
        self.old = p["PRK.ammunition.old_share"] * self.stock[1, 0]
        self.foreign_orders, self.war_demand, self.hardship = zeros(C), zeros(C), zeros(C)
        self.technology = p.by_country_tier("technology").copy()
        self.released, self.guarded, self.new_technology = zeros(C, C, 4), zeros(), zeros()
        self.month_of_year, self.months_gone, self.scheduled = zeros(), zeros(), zeros(len(OPTIONS)) > 0.0
        # pairs
        self.trust, self.alignment = p.by_pair("trust").copy(), p.by_pair("alignment").copy()
        self.pledge = p.by_pair("pledge").copy()
        self.balance, self.credit, self.repaid = zeros(C, C), zeros(C, C), zeros(C, C)
        self.supplied, self.dependence = zeros(C, C + 1), zeros(C, C)
        self.gain = zeros(C, C)
        # lanes and routes
        self.queue, self.price_under_way = zeros(C, C, G), zeros(C, C, G)
        self.transit, self.faulty, self.in_transit = zeros(R, 2, G), zeros(R, 2), zeros(C, C, G)
        # politics
        self.threat, self.prestige = p.by_country("threat_response") * 0.4, p.by_country("prestige").copy()
        self.norm = p.by_country("norm").copy()
        self.pressure = base_pressure(
            p["sanctions.pressure"], p["sanctions.RUS"], p["sanctions.PRK"], p["sanctions.CHN"]
        )
        self.access, self.isolation = zeros(C), zeros(C)
        self.monitoring = p["monitoring.start"].copy()
        self.coordination = p["coordination.start"].copy()
        self.border = p["border.start"].copy()
        self.taboo = p["autonomy.taboo"].copy()
        self.memory = zeros(len(OPTIONS))
        self.west_exercises, self.east_exercises, self.tests, self.test_memory = zeros(), zeros(), zeros(), zeros()
        self.arms = zeros()
        self.test_rounds = zeros()
        self.vetoed, self.warned, self.helping = (zeros() > 0.0 for _ in range(3))
        # war
        self.ukraine_stock = p["war.ukraine_stock"].copy()
        self.fire, self.ukraine_fire = zeros(), p["war.ukraine_stock"] * p["war.ukraine_use"]
        self.outside_ammunition = zeros()
        self.harvest, self.harvest_shock = zeros() + 1.0, zeros() + 1.0
        self.intensity = p["war.intensity"].copy()

    @property
    def calendar_month(self) -> int:
        """Month of the year, 1-12."""
        return self.calendar[self.month]

    def step(self) -> None:
        """One month, in the order of the description."""
        self.drive()
        if self.engine:
            self.engine(self)
        else:
            self.go_on()
        self.month += 1

    def go_on(self) -> None:
        """Steps 2 to 8, which are the same in every month and scenario and so can be compiled as a whole."""
        self.produce_and_consume()
        self.appraise()
        self.act()
        self.bargain()
        self.ship()
        self.settle()
        self.note()

    def drive(self) -> None:
        """1 drivers: events, shocks, border regime, sanctions, what the war asks for."""
        drivers.drive(self)

    def produce_and_consume(self) -> None:
        """2 produce and consume: output, harvest, firing, rations."""
        for country in self.countries:
            country.require()
            country.produce()
            country.consume()
        drivers.fight(self)

    def appraise(self) -> None:
        """3 appraise: cover, marginal values, threat, dependence, isolation, prestige; what each pair could trade."""
        self.in_transit = in_transit(self)
        for country in self.countries:
            country.appraise()
        diplomacy.appraise(self)
        self.offers = offers.offers(self)

    def act(self) -> None:
        """4 act: diplomatic and policy acts are chosen and take effect."""
        self.decisions = act_step.decide(self)
        diplomacy.take_effect(self, self.decisions.happens)

    def bargain(self) -> None:
        """5 bargain: terms and volumes of every pair and good, technology included; the world market closes gaps."""
        self.deals = market.bargain(self)
        self.transfers = market.transfer_technology(self)
        world_market.trade_with_rest_of_world(self)

    def ship(self) -> None:
        """6 ship: merit order, queue, transit, interdiction."""
        self.shipment = shipping.ship(self)

    def settle(self) -> None:
        """7 settle: arrivals, clearing accounts, trust and alignment."""
        settlement.settle(self)

    def note(self) -> None:
        """8 record."""
        self.record.take(self)

    def close(self) -> None:
        """Let go of the agents. Mesa 3.3 keeps every model alive through a class-level counter; without this a long
        ensemble would keep all its blocks in memory."""
        self.remove_all_agents()
        counters: Any = getattr(mesa.Agent, "_ids", None)
        if hasattr(counters, "pop"):
            counters.pop(self, None)
        self.countries.clear()
        self.record.keep = record.nothing

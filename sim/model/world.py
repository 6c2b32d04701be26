"""The world: six countries, their pairs and routes, for a block of worlds at once. `step` is one month."""

from collections.abc import Mapping
from typing import Any

import mesa

from sim.arrays import Array
from sim.model import decisions, diplomacy, drivers, market, money, offers, record, settlement, shipping, world_market
from sim.model.bargain import Deals
from sim.model.block import Block
from sim.model.cargo import in_units
from sim.model.country import Country, appraise_goods
from sim.model.decisions import Decisions
from sim.model.offers import Offers
from sim.model.shipping import Flows
from sim.model.technology import Transfers
from sim.scenario.names import COUNTRIES
from sim.scenario.scenario import Scenario
from sim.scenario.values import Parameters


class World(Block, mesa.Model):
    """A block of worlds as a Mesa model: its countries as agents, and the steps of a month by NumPy."""

    offers: Offers
    "What each pair could trade this month, from step 3 on."
    decisions: Decisions
    "From step 4 on."
    deals: Deals
    "What is agreed on goods, from step 5 on."
    transfers: Transfers
    "What is released of technology, from step 5 on."
    shipment: Flows
    "The month's traffic, from step 6 on."

    def __init__(
        self, scenario: Scenario, parameters: Parameters, draws: Mapping[str, Array], keep: record.Keep
    ) -> None:
        mesa.Model.__init__(self, rng=0)
        Block.__init__(self, scenario, parameters, draws, keep)
        self.countries = [Country(self, self.state, code) for code in COUNTRIES]
        self.engine = World.steps_1_to_8

    def steps_1_to_8(self) -> None:
        """Do all steps of a month."""
        self.drive()
        self.steps_2_to_8()

    def drive(self) -> None:
        """1 drivers: events, shocks, border regime, sanctions, what the war asks for."""
        draws = {cause: self.draws[cause][self.month, 0] for cause in drivers.CAUSES}
        drivers.drive(self.state, self.parameters, draws, self.month, self.of_year)

    def steps_2_to_8(self) -> None:
        """Do the steps after the drivers."""
        self.produce_and_consume()
        self.appraise()
        self.act()
        self.bargain()
        self.ship()
        self.settle()
        self.record()

    def produce_and_consume(self) -> None:
        """2 produce and consume: output, harvest, firing, rations."""
        for country in self.countries:
            country.require(self.parameters)
            country.produce(self.parameters)
            country.consume(self.parameters)
        money.use(self.state, self.parameters)
        drivers.fight(self.state, self.parameters)

    def appraise(self) -> None:
        """3 appraise: cover, marginal values, threat, isolation, prestige, credit; what each pair could trade."""
        self.state.in_transit = in_units(self.state.transit, self.parameters)
        appraise_goods(self.state, self.parameters)
        diplomacy.appraise(self.state, self.parameters)
        money.appraise(self.state, self.parameters)
        self.offers = offers.offers(self.state, self.parameters)

    def act(self) -> None:
        """4 act: diplomatic and policy acts are chosen and take effect."""
        s, p = self.state, self.parameters
        self.decisions = decisions.decide(s, p, self.offers.potential, self.draws["acts"][self.month])
        happens, draw = self.decisions.happens, self.draws["tests"][self.month, 0]
        diplomacy.take_effect(s, p, happens, draw, self.offers.capacity)

    def bargain(self) -> None:
        """5 bargain: prices and volumes of every pair and good, technology included; the world market closes gaps."""
        s, p = self.state, self.parameters
        world_market.buy_outside(s, p)
        self.deals = market.agree(s, p, self.offers)
        self.transfers = market.transfer_technology(s, p, self.offers, self.draws["projects"][self.month])
        world_market.trade_with_rest_of_world(s, p)

    def ship(self) -> None:
        """6 ship: merit order, queue, transit, interdiction."""
        luck = self.draws["interdiction"][self.month, 0]
        self.shipment = shipping.ship(self.state, self.parameters, self.offers, self.deals, luck)

    def settle(self) -> None:
        """7 settle: arrivals, clearing accounts, trust and alignment."""
        settlement.settle(self.state, self.parameters, self.shipment, self.transfers)

    def record(self) -> None:
        """8 record: every variable of the month goes to `keep`."""
        results = record.Results(self.offers, self.decisions, self.deals, self.transfers, self.shipment)
        for name, values in record.variables(self.state, self.parameters, results).items():
            self.keep(name, self.month, values)

    def close(self) -> None:
        """Release the agents.

        Mesa 3.3 keeps every model alive through a class-level counter, so a long ensemble would keep all its blocks.
        """
        self.remove_all_agents()
        counters: Any = getattr(mesa.Agent, "_ids", None)
        if hasattr(counters, "pop"):
            counters.pop(self, None)
        self.countries.clear()
        super().close()

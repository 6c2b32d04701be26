"""A block of worlds between two months. What the scenario orders is set here; an engine does the steps."""

from collections.abc import Callable, Mapping
from typing import Any

from sim.arrays import Array
from sim.model import drivers
from sim.model.record import Keep, nothing
from sim.model.start import at_start
from sim.scenario.scenario import Scenario
from sim.scenario.units import MONTHS_A_YEAR
from sim.scenario.values import Parameters

GROUP = 8
"""Worlds are stepped in groups of eight. Every array operation then sees the same layout whether a world runs alone or
among many, and sums over other axes add up in the same order, to the last bit."""


class Block:
    """A block of worlds and its state, for a month that was compiled: it needs no agents, and so no Mesa.

    scenario    the scenario of the run (kept as `spec`: Mesa reserves the name `scenario`)
    parameters  parameter values of this block, with the events that change them and the acts that are prescribed
    draws       uniform numbers by cause, (month, …, worlds), drawn before any decision
    keep        callback that receives every variable of every month
    """

    engine: Callable[[Any], None]
    "Does the steps of a month: compiled months, or `World.steps_1_to_8`; the results are the same."

    def __init__(self, scenario: Scenario, parameters: Parameters, draws: Mapping[str, Array], keep: Keep) -> None:
        self.spec = scenario
        self.calendar = [int(date.split("-")[1]) for date in scenario.dates]
        self.parameters = parameters
        self.draws = draws
        self.keep = keep
        self.month = 0
        self.state = at_start(parameters)

    @property
    def of_year(self) -> int:
        """The month of the year, 1-12."""
        return (self.calendar[0] - 1 + self.month) % MONTHS_A_YEAR + 1

    def step(self) -> None:
        """Step one month, in the order of the description."""
        drivers.instruct(self.state, self.parameters, self.month)
        self.engine(self)
        self.month += 1

    def close(self) -> None:
        """Let go of what was kept."""
        self.keep = nothing

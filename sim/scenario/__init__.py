"""Scenarios, read from TOML files, checked and frozen; and the table of all parameters."""

from sim.scenario.library import find, shipped
from sim.scenario.load import load
from sim.scenario.parameters import PARAMETERS, Parameter, nearest, parameter
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.scenario import ActEvent, Calibrated, DecisionEvent, Event, ParameterEvent, Scenario, Setting

__all__ = [
    "PARAMETERS",
    "ActEvent",
    "Calibrated",
    "DecisionEvent",
    "Event",
    "Parameter",
    "ParameterEvent",
    "Problem",
    "Scenario",
    "ScenarioError",
    "Setting",
    "find",
    "load",
    "nearest",
    "parameter",
    "shipped",
]

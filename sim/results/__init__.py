"""Results: labelled arrays with units, the only interface between running the model and reading its results."""

from sim.results.dataset import build, library_versions
from sim.results.store import load, save
from sim.results.variables import VARIABLES, ResultsError, Variable, unit_of

__all__ = ["VARIABLES", "ResultsError", "Variable", "build", "library_versions", "load", "save", "unit_of"]

"""The shipped list of public series: which the model can produce, in which unit, and why not the others."""

from collections.abc import Mapping
from importlib import resources

from sim.analysis.record.definitions import Definitions, Known, definitions_of
from sim.scenario.problems import Problems

LIST = "series.toml"
_text = (resources.files("sim") / "data" / LIST).read_text(encoding="utf-8")
_problems = Problems()
SHIPPED_SERIES: Definitions = definitions_of(_text, LIST, _problems)
"""The list in `sim/data/series.toml`."""
_problems.stop_if_any()
KNOWN: Mapping[str, Known] = SHIPPED_SERIES.known
"""Public series by name. Those of the kind `year` need a year that lies wholly inside the run."""
NOT_IN_MODEL: Mapping[str, str] = SHIPPED_SERIES.not_in_model
"""Public series that the model cannot honestly produce, and why."""
IN_SUMMARY = tuple(name for name, known in KNOWN.items() if known.in_summary)
"""Series with which the summary of every run is compared."""

"""The data dictionary: what a run records, and its coordinates; tests hold the page to the tables in the code."""

from collections.abc import Mapping

from docs.generate.markdown import fill, table
from sim.analysis.tidy import COLUMNS as TIDY
from sim.present.decisions import COLUMNS as DECISIONS
from sim.present.spreadsheets import EVENTS_COLUMNS, SERIES_COLUMNS
from sim.results.coordinates import COMPANIONS, FIXED, MEANINGS
from sim.results.variables import VARIABLES
from sim.scenario.names import BINDING

TYPES = {"f8": "float64", "f4": "float32", "i1": "int8"}
"""Type on disk -> its name in NumPy."""


def page() -> str:
    """Return the page."""
    rows = ((f"`{name}`", v.long_name, v.units, ", ".join(v.dims), TYPES[v.disk]) for name, v in VARIABLES.items())
    heads = ("variable", "meaning", "unit", "dimensions", "type on disk")
    codes = ", ".join(f"{code} `{state}`" for code, state in enumerate(BINDING))
    files = {"tidy": TIDY, "decisions": DECISIONS, "events": EVENTS_COLUMNS, "series": SERIES_COLUMNS}
    parts = {"table": table(heads, rows), "coordinates": coordinates(), "binding": codes}
    return fill("variables", parts | {name: columns(meanings) for name, meanings in files.items()})


def columns(meanings: Mapping[str, str]) -> str:
    """Return the table of the columns of a file."""
    return table(("column", "what it holds"), ((f"`{name}`", words) for name, words in meanings.items()))


def coordinates() -> str:
    """Return the table of coordinates."""
    rows = [(f"`{name}`", words, _over(name), _labels(name)) for name, words in MEANINGS.items()]
    return table(("coordinate", "meaning", "over", "labels"), rows)


def _over(name: str) -> str:
    return ", ".join(COMPANIONS.get(name, (name,)))


def _labels(name: str) -> str:
    labels = [str(label) for label in FIXED.get(name, ())]
    return ", ".join(f"`{label}`" for label in labels)

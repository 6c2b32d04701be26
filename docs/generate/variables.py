"""The data dictionary: what a run records, and its coordinates; tests hold the page to the tables in the code."""

from docs.generate.markdown import fill, table
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
    return fill("variables", {"table": table(heads, rows), "coordinates": coordinates(), "binding": codes})


def coordinates() -> str:
    """Return the table of coordinates."""
    rows = [(f"`{name}`", words, _over(name), _labels(name)) for name, words in MEANINGS.items()]
    return table(("coordinate", "meaning", "over", "labels"), rows)


def _over(name: str) -> str:
    return ", ".join(COMPANIONS.get(name, (name,)))


def _labels(name: str) -> str:
    labels = [str(label) for label in FIXED.get(name, ())]
    return ", ".join(f"`{label}`" for label in labels)

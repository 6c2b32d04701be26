"""Everything that a run records; a test holds the page to `sim/results/variables.py`."""

from docs.generate.markdown import fill, table
from sim.results.variables import VARIABLES


def page() -> str:
    """Return the page."""
    rows = ((f"`{name}`", v.long_name, v.units, ", ".join(v.dims)) for name, v in VARIABLES.items())
    return fill("variables", {"table": table(("variable", "meaning", "unit", "dimensions"), rows)})

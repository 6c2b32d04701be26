"""All parameters as a table; a test holds the page to `sim/scenario/parameters.csv`."""

from docs.generate.markdown import fill, table
from sim.scenario import PARAMETERS
from sim.scenario.parameters import Parameter

HEADS = ("key", "meaning", "value", "unit", "range", "distribution", "bounds", "when", "claims", "source")


def page() -> str:
    """Return the page."""
    return fill("parameters", {"table": table(HEADS, map(_row, PARAMETERS.values()))})


def _row(p: Parameter) -> tuple[str, ...]:
    span = "" if p.low is None or p.high is None else f"{p.low:g} – {p.high:g}"
    bounds = f"{p.min:g} – {p.max:g}"
    claims = " ".join(p.claims)
    return (f"`{p.key}`", p.meaning, f"{p.value:g}", p.unit, span, p.distribution, bounds, p.when, claims, p.source)

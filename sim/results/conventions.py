"""What the CF conventions ask of files of data: their name, and units that UDUNITS reads right.

The project's own units stay beside them, since UDUNITS knows no rounds and no money, and reads `kt` as knots.
"""

CONVENTIONS = "CF-1.11"
_KNOWN = {
    **{"kt": "kilotonne", "kbbl": "kilobarrel", "kg": "kilogram", "%": "percent"},
    **{"months": "month", **{name: name for name in ("day", "month", "year")}},
    **{"krounds": "1e3", "kround": "1e3", "million rounds": "1e6", "MUSD": "1e6", "bn USD": "1e9"},
    **dict.fromkeys(("1", "share", "containers", "points", "point", "tier", "tests", "test", "acts"), "1"),
    **dict.fromkeys(("rounds", "round", "pieces", "wagons"), "1"),
}
"""UDUNITS' words for those of the project; counts and money have no dimension there."""


def udunits(unit: str) -> str:
    """Return a unit as UDUNITS reads it; `1` where each number has its own, or UDUNITS has no word for it."""
    parts = [_KNOWN.get(part, "") for part in unit.split("/")]
    return "/".join([parts[0], *(part for part in parts[1:] if part != "1")]) if all(parts) else "1"


def unit_attributes(unit: str) -> dict[str, str]:
    """Return the attribute `units` of CF, and the project's own words as `unit`."""
    return {"units": udunits(unit), "unit": unit}

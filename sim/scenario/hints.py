"""Hints for unknown keys: the wrong part of the key and the nearest key that exists."""

from collections import defaultdict
from functools import cache

from sim.scenario.check import TOP_KEYS
from sim.scenario.names import ACTS, ALL_GOODS, COUNTRIES, PAIRS, ROUTES
from sim.scenario.parameters import PARAMETERS, nearest
from sim.scenario.problems import ALIASES, quoted

_KINDS = {
    "country": frozenset(COUNTRIES),
    "good": frozenset(ALL_GOODS),
    "route": frozenset(ROUTES),
    "act": frozenset(ACTS),
    "pair of countries": frozenset("-".join(pair) for pair in PAIRS),
}
_GOODS = {"OIL": "energy", "GAS": "energy", "FUEL": "energy", "SHELLS": "ammunition", "GRAIN": "food"}
"""Other names of goods -> the names used here."""


@cache
def _tree() -> dict[str, tuple[str, ...]]:
    """Return the names that may follow each beginning of a key; the empty beginning has the tables."""
    following: dict[str, dict[str, None]] = defaultdict(dict)
    for key in PARAMETERS:
        parts = key.split(".")
        for depth, part in enumerate(parts):
            following[".".join(parts[:depth])][part] = None
    return {beginning: tuple(names) for beginning, names in following.items()}


def is_group(key: str) -> bool:
    """Return whether the key is the beginning of parameter keys."""
    return key in _tree()


def groups() -> tuple[str, ...]:
    """Return every beginning of a parameter key, such as `routes` and `routes.khasan`."""
    return tuple(beginning for beginning in _tree() if beginning)


def unknown_key(key: str) -> tuple[str, str]:
    """Return (rule, suggestion) for a key that is not a parameter."""
    parts = key.split(".")
    kept = 0
    while kept < len(parts) and is_group(".".join(parts[: kept + 1])):
        kept += 1
    if kept == len(parts):
        names = _tree()[key]
        return f"is a group of parameters; set one of them: {_few(names)}", f"{key}.{names[0]}"
    beginning, wrong = ".".join(parts[:kept]), parts[kept]
    names = _tree()[beginning]
    kind = _kind(names, wrong)
    rule = (
        f"unknown {kind} {quoted(wrong)}"
        if kind
        else f"{beginning} has no {quoted(wrong)}"
        if beginning
        else "unknown key"
    )
    sides = [(ALIASES | _GOODS).get(side.upper(), side) for side in wrong.split("-")]
    straight, swapped = "-".join(sides), "-".join(reversed(sides))
    near = straight if straight in names else swapped if swapped in names else nearest(wrong, names)
    if not kind and any(wrong in members for members in _KINDS.values()):  # a name that is right elsewhere
        rule, near = f"{rule}; it has {_few(names)}", names[0] if len(names) == 1 else None
        if near is None:
            return rule, ""
    if near:
        repaired = ".".join([*parts[:kept], near, *parts[kept + 1 :]])
        if repaired in PARAMETERS or is_group(repaired):
            return rule, repaired
    best = nearest(key, PARAMETERS) or (nearest(key, TOP_KEYS) if kept == 0 else None)
    return rule, best or (f"{beginning}.{near}" if beginning and near else near or "")


def _kind(names: tuple[str, ...], wrong: str) -> str:
    """Return the kind of name expected here, such as country or route; nothing for a mixture."""
    for kind, members in _KINDS.items():
        if len(members.intersection(names)) > len(names) / 2:
            return "" if wrong in members else kind
    # A key may begin with a country or another table; three letters in capitals mean a country.
    like_country = (len(wrong) == 3 and wrong.isupper()) or wrong.upper() in ALIASES
    return "country" if like_country and _KINDS["country"].intersection(names) else ""


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")

"""Checks of what an event says of decisions: who is asked for an act, who refuses it, who is more or less willing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.scenario.check import Spot, first_again
from sim.scenario.names import ACTS, COUNTRIES, SOLO_ACTS
from sim.scenario.options import OPTIONS, Option, chosen
from sim.scenario.problems import quoted
from sim.scenario.timing import Spots

WITH = "with"
Who = tuple[tuple[str, ...], tuple[str, ...]]
"""Countries that decide, and their partners, in the order of COUNTRIES; empty is all."""


def decision_of(entry: Mapping[str, Any], what: str, spot: Spots) -> Who:
    """Check the act, who decides on it and with whom; return the two lists of countries."""
    act = entry[what]
    by, partners = (_countries(entry[key], spot(key)) if key in entry else () for key in ("by", WITH))
    if "over" in entry and what != "willing":
        spot("over").bad(f"an act is {what} or it is not, and cannot be so by degrees; leave out over")
    if what == "willing" and "add" not in entry:
        spot(what).bad("needs add: what the scenario adds to the utility of saying yes, such as 0.5 or -0.5")
    if not isinstance(act, str):
        return (), ()
    if act not in ACTS:
        spot(what).bad(f"unknown act {quoted(act)}; the acts are {', '.join(ACTS)}", name=act, among=ACTS)
    elif act in SOLO_ACTS and WITH in entry:
        spot(WITH).bad(f"{act} is an act of one country; leave out {WITH}")
    elif by is not None and partners is not None:
        _check_rows(act, by, partners, spot)
    return by or (), partners or ()


def _check_rows(act: str, by: Sequence[str], partners: Sequence[str], spot: Spots) -> None:
    """Check that each of these countries decides on the act, and does it with these partners."""
    able = {option.actor: None for option in OPTIONS if option.act == act}
    wrong = [country for country in by if country not in able]
    if wrong:
        spot("by").bad(f"{act} is an act of {', '.join(able)}, found {', '.join(wrong)}")
        return
    for country in by:
        if not chosen(act, (country,), partners):
            spot(WITH).bad(f"{country} has no {act} with {', '.join(partners)}")
    for partner in partners:
        if by and not chosen(act, by, (partner,)) and any(chosen(act, (country,), partners) for country in by):
            spot(WITH).bad(f"{', '.join(by)} has no {act} with {partner}")


def _countries(raw: Any, spot: Spot) -> tuple[str, ...] | None:
    """Return the countries of a text or a list of texts; add the problems and return None if it is wrong."""
    codes = [raw] if isinstance(raw, str) else raw
    if not isinstance(codes, list) or not codes or not all(isinstance(code, str) for code in codes):
        wrong = [k for k, code in enumerate(codes) if not isinstance(code, str)] if isinstance(codes, list) else []
        at = spot.inside(wrong[0]) if wrong else spot
        at.bad(f'must be a country such as "PRK", or a list of some, found {quoted(raw)}')
        return None
    strangers = [code for code in codes[:10] if code not in COUNTRIES]
    for code in strangers:
        rule = f"unknown country {quoted(code)}; the countries are {', '.join(COUNTRIES)}"
        at = spot.inside(codes.index(code)) if isinstance(raw, list) else spot
        at.bad(rule, name=code, among=COUNTRIES)
    if not strangers and len(set(codes)) < len(codes):
        spot.inside(first_again(codes)).bad("names a country twice")
        return None
    return None if strangers else tuple(code for code in COUNTRIES if code in codes)


def as_event(option: Option, what: str, month: str) -> dict[str, Any]:
    """Return the table of an event by which an option is `asked` or `refused` in one month, YYYY-MM."""
    partners = {} if option.act in SOLO_ACTS else {WITH: list(option.partners)}
    return {"month": month, what: option.act, "by": option.actor, **partners, "duration": 1}

"""Restrictions without effect on goods: between two countries that no open route of trade joins in any month."""

from collections.abc import Iterable

from sim.scenario.event import ParameterEvent
from sim.scenario.names import ALL_GOODS, COUNTRIES, routes_between
from sim.scenario.problems import few
from sim.scenario.scenario import Scenario

MOST_NAMED = 5
LENT_BY = "pipeline"
"""The route that carries what is lent, and no trade."""
LENT_GOODS = "energy", "all"
"""Ends of the keys that bar what is lent."""
TECHNOLOGY = ALL_GOODS[-1]
"""It needs no route."""


def unreached(scenario: Scenario) -> list[str]:
    """Return remarks on relief and bans that move no goods, one for each pair; empty if every one can move some."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    places = [(key, setting.origin) for key, setting in scenario.changed.items()]
    places += [(event.key, event.origin) for event in scenario.events if isinstance(event, ParameterEvent)]
    for key, origin in places:
        group, *rest = key.split(".")
        if group == "restrictions" and rest[0] in COUNTRIES and rest[-1] != TECHNOLOGY:
            pair = tuple(sorted(rest[:2], key=COUNTRIES.index))
            found.setdefault((pair[0], pair[1]), {}).setdefault(key, []).append(origin)
    return [_remark(scenario, *pair, asked) for pair, asked in found.items() if not _joined(scenario, *pair, asked)]


def _remark(scenario: Scenario, first: str, second: str, asked: dict[str, list[str]]) -> str:
    origins = dict.fromkeys(origin for origins in asked.values() for origin in origins)
    switches = " or ".join(_switches(first, second))
    return (
        f"{scenario.name}: {few(list(asked), MOST_NAMED)} ({few(list(origins), MOST_NAMED)}) "
        f"without effect on goods between them: no route between {first} and {second} is open in any month; "
        f"{switches} = true would open one"
    )


def _switches(first: str, second: str) -> list[str]:
    return [f"routes.{route}.open" for route in routes_between(first, second) if route != LENT_BY]


def _joined(scenario: Scenario, first: str, second: str, asked: Iterable[str]) -> bool:
    """Return whether a route for what is `asked` joins two countries in some month of some world, or may."""
    lends = any(key.rpartition(".")[2] in LENT_GOODS for key in asked)
    routes = [route for route in routes_between(first, second) if lends or route != LENT_BY]
    switches = [f"routes.{route}.open" for route in routes]
    events = [event for event in scenario.events if isinstance(event, ParameterEvent) and event.key in switches]
    settings = [scenario.settings[key] for key in switches]
    return any(one.uncertain or one.value > 0.0 for one in settings) or any(
        event.value is None or event.value > 0.0 or event.spread is not None for event in events
    )

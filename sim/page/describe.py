"""What the page is told of scenarios, levers and texts, as plain values for JSON."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiment.design import calibrated
from sim.page.kept import DEALS, READ, groups
from sim.page.levers import lever
from sim.page.pictures import map_of_routes, network, plan
from sim.page.seats import seats
from sim.present.by_rule import bare_name, parameter_name
from sim.scenario import PARAMETERS, Scenario, shipped
from sim.scenario.changes import split
from sim.scenario.event import DecisionEvent, timing_words
from sim.scenario.names import COUNTRIES, GOODS, ROUTES
from sim.scenario.scenario import ActEvent, Event, ParameterEvent
from sim.texts import LANGUAGES, part_of, texts
from sim.texts.spoken import speaking

EXPLAINED = (
    *(f"explain.{part}" for part in ("store", "of", "bound", "amount", "turn", "lever", "more_lever", "aid", "route")),
    *(f"explain.{part}" for part in ("question.route", "month", "unit_of_one")),
)
"""Texts of `sim explain` that the page tells, too."""
PRINTED = ("printed.next", *(f"printed.the.{code}" for code in COUNTRIES))
"""Texts of figures and tables that stand in its sentences."""
BETWEEN = " .;:\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
"""What stands between the name of a parameter and what its values mean."""


def page_data(
    scenarios: Sequence[Scenario], names: Sequence[str], levers: Sequence[str], worlds: int, language: str, origin: str
) -> dict[str, Any]:
    """Return all that the page itself needs; `names` are the scenarios as the user called them."""
    return {
        "language": language,
        "origin": origin,
        "worlds": worlds,
        "calibrated": _set(scenarios[0]),
        "texts": {code: _of_page(code) | _names(code, _keys(scenarios, levers)) for code in LANGUAGES},
        "levers": [lever(key, scenarios) for key in levers],
        "scenarios": [_scenario(one, name, levers) for one, name in zip(scenarios, names, strict=True)],
        "plan": plan() | {"why": list(READ)},
        "acts": groups(),
        "deals": [list(deal) for deal in DEALS],
        "routes": [[name, *ends] for name, ends in ROUTES.items()],
        "map": map_of_routes(),
        "network": network(),
        "seats": seats(),
    }


def _of_page(language: str) -> dict[str, str]:
    """Return the texts of a language without those of figures and tables, which a page has none of."""
    found = {key: text for key, text in texts(language).items() if not key.startswith(("printed.", "named."))}
    explained = {key: text for key, text in part_of(language, "explain").items() if key.startswith(EXPLAINED)}
    return found | explained | {key: texts(language)[key] for key in PRINTED}


def _keys(scenarios: Sequence[Scenario], levers: Sequence[str]) -> list[str]:
    """Return the parameters that a page names: its levers, and what events change."""
    changed = {event.key for one in scenarios for event in one.events if isinstance(event, ParameterEvent)}
    return [*levers, *sorted(changed - set(levers))]


def _names(language: str, keys: Sequence[str]) -> dict[str, str]:
    """Return the names of the parameters for which the page has no text of its own."""
    wanted = [key for key in keys if f"parameter.{key}.name" not in texts(language)]
    with speaking(language):
        alike = Counter(map(bare_name, PARAMETERS)) if wanted else Counter()
        whole = {key: parameter_name(key) for key in wanted}
        named = {key: name if alike[bare_name(key)] > 1 else bare_name(key) for key, name in whole.items()}
    scales = {key: name.removeprefix(named[key]).lstrip(BETWEEN) for key, name in whole.items()}
    return {f"parameter.{key}.name": name for key, name in named.items()} | {
        f"parameter.{key}.scale": scale for key, scale in scales.items() if scale
    }


def _scenario(scenario: Scenario, called: str, levers: Sequence[str]) -> dict[str, Any]:
    base, changes = split(called)
    settings = scenario.settings
    return {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "shipped": base in shipped() and not changes,
        "extends": base if base in shipped() else Path(base).name,
        "changes": [change.split("=", 1) for change in changes],
        "seed": scenario.seed,
        "dates": scenario.dates,
        "starts": {
            key: {"value": settings[key].value, "low": settings[key].low, "high": settings[key].high} for key in levers
        }
        | _starts_of_set(scenario, levers),
        "prices": [settings[f"goods.{good}.world_price"].value for good in GOODS],
        "events": [_event(event, scenario.start) for event in scenario.events],
    }


def _set(scenario: Scenario) -> dict[str, str] | None:
    """Return what is told of the calibrated set that worlds draw from, if they do."""
    drawn = scenario.calibrated
    return {"about": drawn.about, "digest": drawn.digest} if drawn else None


def _starts_of_set(scenario: Scenario, levers: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return where the levers start that worlds draw from a calibrated set: the median and the middle 90 %."""
    drawn = calibrated(scenario, 0, scenario.worlds)
    found = {key: np.quantile(drawn[key], (0.05, 0.5, 0.95)).tolist() for key in levers if key in drawn}
    return {key: {"value": middle, "low": low, "high": high} for key, (low, middle, high) in found.items()}


def _event(event: Event, start: str) -> dict[str, Any]:
    """Return an event as its switch shows it, in a run that begins in the month `start`."""
    timing, told = event.timing, {}
    for code in LANGUAGES:
        with speaking(code):
            told[code] = timing_words(event, start)
    found: dict[str, Any] = {
        "name": event.name,
        "month": event.month,
        "why": event.why,
        "again": bool(timing.every or timing.season),
        "timing": told,
    }
    if isinstance(event, ActEvent):
        return found | {"act": event.act, "actors": list(event.actors)}
    if isinstance(event, DecisionEvent):
        who = {"by": list(event.by), "partners": list(event.partners)}
        return (
            found
            | who
            | {"what": event.what, "decision": event.act, "more": (event.add or 0.0) > 0.0}
            | {"duration": event.duration}
        )
    if isinstance(event, ParameterEvent):
        size = {"factor": event.factor, "value": event.value, "duration": event.duration}
        return found | size | {"key": event.key, "unit": PARAMETERS[event.key].unit}
    return found | {"factor": event.factor, "value": event.add, "duration": 1, "target": event.target, "unit": "1"}

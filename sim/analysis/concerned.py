"""Outcomes that a change of a scenario is about: the flows of a pair, and how often an act happens."""

from collections.abc import Iterator, Sequence
from itertools import permutations

from sim.analysis.outcome import WHOLE_RUN
from sim.scenario import Scenario
from sim.scenario.difference import Change, differences
from sim.scenario.event import DecisionEvent
from sim.scenario.names import ACTS, ALL_GOODS, COUNTRIES, EVERY, GOODS, SOLO_ACTS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import ScenarioError

SAME = {
    "rus_chn.energy.delivered@all": "energy_chn",
    "rus_prk.food.delivered@all": "food_rus",
    "chn_prk.food.delivered@all": "food_chn",
    "prk_rus.ammunition.delivered@all": "shells_delivered",
    "rus_prk.technology.transfer@all": "technology",
    "rus_prk.summit": "summits",
    "rus_prk.exercise": "exercises",
}
"""Outcomes that have a name in the list of every comparison."""


def concerned_by(scenarios: Sequence[Scenario]) -> list[str]:
    """Return the outcomes that the changes of scenarios are about, by name; the first scenario is the reference.

    Restrictions and terms of payment of a pair: what is delivered between the two, whole run, both ways. A ruling on
    an act: how often it happens.
    """
    try:
        changes = [change for other in scenarios[1:] for change in differences(scenarios[0], other)]
    except ScenarioError:  # they differ in more than settings and events
        return []
    names = (name for change in changes for name in (*_flows(change), *_acts(change)))
    return list(dict.fromkeys(SAME.get(name, name) for name in names))


def _flows(change: Change) -> Iterator[str]:
    """Yield the flows that a change of a parameter is about."""
    first, _, rest = change.key.partition(".")
    parts = rest.split(".")
    if first == "restrictions" and len(parts) == 3:
        sender, target, good = parts
        goods: tuple[str, ...] = ALL_GOODS if good == EVERY else (good,)
        pairs = [(sender, target)] if sender in COUNTRIES else [(c, target) for c in COUNTRIES if c != target]
    elif first == "pairs" and len(parts) == 2:
        one, other = parts[0].split("-")
        pairs, goods = [(one, other)], GOODS
    else:
        return
    for pair in pairs:
        for good in goods:
            for giver, taker in permutations(pair):
                passed = "delivered" if good in GOODS else "transfer"
                yield f"{giver}_{taker}.{good}.{passed}@{WHOLE_RUN}".lower()


def _acts(change: Change) -> Iterator[str]:
    """Yield the counts of the acts on which a scenario rules, or whose parameters it changes."""
    first, _, rest = change.key.partition(".")
    if change.key in PARAMETERS and first == "acts" and (act := rest.partition(".")[0]) in ACTS:
        yield SAME.get(f"rus_prk.{act}", f"{EVERY}.{act}")
    for event in (*change.gained, *change.lost):
        if not isinstance(event, DecisionEvent):
            continue
        solo = event.act in SOLO_ACTS
        owners = event.by or (SOLO_ACTS[event.act] if solo else event.partners or (EVERY,))
        for owner in owners:
            partners = [partner for partner in event.partners if event.by and partner != owner]
            for who in [f"{owner}_{partner}" for partner in partners] or [owner]:
                turned = f"{'_'.join(reversed(who.split('_')))}.{event.act}".lower()
                yield turned if turned in SAME and not solo else f"{who}.{event.act}".lower()

"""What is changed: a country removed, a country that decides nothing, a lever moved from end to end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.levers import GIVES
from sim.analysis.measures import Measure, measured
from sim.analysis.outcome import needed
from sim.experiment.batch import at, run_several
from sim.experiment.run import Progress
from sim.scenario import Scenario
from sim.scenario.names import COUNTRIES, PAIRS, pair_key

Array = np.ndarray
Values = Mapping[str, Array]
REMOVAL, SILENCE, LEVER = "removal", "silence", "lever"


@dataclass(frozen=True)
class Change:
    """One thing that is changed in the same worlds."""

    kind: str
    "`removal`, `silence` or `lever`."
    owner: str
    "The country that is removed or silent, or that has the lever; empty for a constraint of the scenario."
    key: str = ""
    "Parameter of a lever."
    low: float = np.nan
    high: float = np.nan

    @property
    def name(self) -> str:
        """A name that no other change has."""
        return self.key or f"{self.kind} of {self.owner}"

    def apart(self, scenario: Scenario) -> tuple[Scenario | None, Scenario]:
        """Return the scenarios before and after; None before where that is the scenario as it is."""
        if self.kind == LEVER:
            return at(scenario, {self.key: self.low}), at(scenario, {self.key: self.high})
        return None, (without if self.kind == REMOVAL else silent)(scenario, self.owner)


def changes(levers: Mapping[str, Mapping[str, tuple[float, float]]]) -> list[Change]:
    """Return each country removed, each silent, and each of the levers, owner -> key -> range."""
    countries = [Change(kind, code) for kind in (REMOVAL, SILENCE) for code in COUNTRIES]
    return countries + [Change(LEVER, who, key, *ends) for who, keys in levers.items() for key, ends in keys.items()]


def silent(scenario: Scenario, code: str) -> Scenario:
    """Return the scenario in which a country decides nothing."""
    return at(scenario, {f"{code}.decides": 0.0})


def without(scenario: Scenario, code: str) -> Scenario:
    """Return the scenario without a country: no trade, no acts, no power, no response; what it gives goes too."""
    gone = {f"pairs.{pair_key(a, b)}.openness": 0.0 for a, b in PAIRS if code in (a, b)}
    gone |= {f"{code}.{name}": 0.0 for name in ("decides", "threat_response", "capability")}
    gone |= GIVES.get(code, {})
    return replace(at(scenario, gone), events=tuple(e for e in scenario.events if getattr(e, "key", "") not in gone))


def runs_of(scenarios: Sequence[Scenario], made: Sequence[Change]) -> int:
    """Return how many times the worlds of a scenario are run, for all scenarios."""
    return len(scenarios) * (1 + sum(2 if one.kind == LEVER else 1 for one in made))


def run_as_is(
    scenarios: Sequence[Scenario], measures: Mapping[str, Measure], progress: Progress | None = None
) -> list[Values]:
    """Run the scenarios as they are; return the outcomes, name -> (world), of each."""
    return list(run_several(scenarios, lambda ds: measured(ds, measures), progress, variables=needed(measures)))


def run_changes(
    scenarios: Sequence[Scenario],
    as_is: Sequence[Values],
    made: Sequence[Change],
    measures: Mapping[str, Measure],
    progress: Progress | None = None,
) -> list[list[tuple[Values, Values]]]:
    """Run before and after each change over the same worlds; return the outcomes by scenario and change.

    `as_is` are the outcomes of the scenarios as they are, which no change has to run again.
    """
    plan: list[Scenario] = []
    places = []
    for scenario in scenarios:
        for before, after in (one.apart(scenario) for one in made):
            places.append((len(plan) if before else None, len(plan) + bool(before)))
            plan += [before, after] if before else [after]
    found = run_several(plan, lambda ds: measured(ds, measures), progress, variables=needed(measures))
    pairs: list[list[tuple[Values, Values]]] = []
    for k, usual in enumerate(as_is):
        mine = places[k * len(made) : (k + 1) * len(made)]
        pairs.append([(usual if before is None else found[before], found[after]) for before, after in mine])
    return pairs

"""The patterns of worlds and of the record: observations of goods, fire and output, and counts of acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from sim.analysis.record.comparable import Omitted, Window, month_of, select
from sim.analysis.record.counted import FIRST, MONTHS, counted, counts_of
from sim.analysis.record.errors import central, errors, synthetic
from sim.analysis.record.file import Observation
from sim.analysis.record.series import value_on
from sim.analysis.theories import CHOICES
from sim.scenario import Scenario

Array = np.ndarray
ENDS = "2024-06-30"
"""Last day of the counts of acts."""
ALL, GOODS = "all patterns", "without counts of acts"


@dataclass(frozen=True)
class Patterns:
    """What is compared: observations, and counts of acts if the run covers the months on record."""

    claims: tuple[Observation, ...]
    left: tuple[Omitted, ...]
    acts: bool
    until: np.datetime64
    "Last day of the record used."

    @property
    def names(self) -> list[str]:
        """Names of the patterns, observations first."""
        of_acts = [f"{row.act} {row.who}" for row in counted()] if self.acts else []
        return [f"{claim.series} {claim.date}" for claim in self.claims] + of_acts

    @property
    def record(self) -> Array:
        """The record's value of each pattern."""
        of_acts = [row.record[1] for row in counted()] if self.acts else []
        return np.append(central(self.claims), of_acts)

    def sets(self) -> Mapping[str, slice]:
        """Return the sets of patterns that are selected by, name -> which of them.

        Counts of acts are left out once, because base rates of acts were set from this very record.
        """
        goods = {GOODS: slice(0, len(self.claims))} if len(self.claims) > 1 else {}
        return {ALL: slice(None), **goods} if self.acts else goods


def patterns_of(rows: Sequence[Observation], scenario: Scenario, until: np.datetime64) -> tuple[Patterns, Scenario]:
    """Return the patterns that a scenario can be compared by until a day, and the scenario as long as they need."""
    claims, left = select(rows, scenario, Window(until, last=until))
    acts = bool(scenario.start == FIRST and until >= np.datetime64(ENDS) and scenario.months >= MONTHS)
    last = max([MONTHS if acts else 1, *(month_of(claim, scenario) + 1 for claim in claims)])
    events = tuple(event for event in scenario.events if event.month < last)
    return Patterns(tuple(claims), tuple(left), acts, until), replace(scenario, months=last, events=events)


def read(seen: Patterns, ds: xr.Dataset) -> dict[str, Array]:
    """Return `model` (observation, world), `acts` (count, world) and `theory` (choice, world) of some worlds."""
    model = [value_on(ds, claim.known.reading, claim.date) for claim in seen.claims]
    worlds = ds.sizes["world"]
    return {
        "model": np.array(model, dtype=float).reshape(len(model), worlds),
        "acts": counts_of(ds) if seen.acts else np.zeros((0, worlds)),
        "theory": np.stack([_theory(ds, key) for key in CHOICES]),
    }


def read_by(seen: Patterns) -> set[str]:
    """Return the variables that `read` reads."""
    return {"parameters", "outcome", *(name for claim in seen.claims for name in claim.known.reading.reads)}


def _theory(ds: xr.Dataset, key: str) -> Array:
    kept = ds["parameters"]["key"].values.tolist()
    return ds["parameters"].sel(key=key).values if key in kept else np.full(ds.sizes["world"], np.nan)


def as_observed(seen: Patterns, model: Array, acts: Array, seed: int) -> Array:
    """Return the patterns of each world as an observer there would write them down, (pattern, world)."""
    noisy = synthetic(model, errors(seen.claims), np.random.default_rng(seed)) if len(seen.claims) else model
    return np.concatenate([noisy, acts])

"""Effects of every change on every outcome, in standard deviations of the outcome over the worlds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.measures import Measure
from sim.analysis.origin import labelled, origin_of
from sim.scenario import Scenario

Array = np.ndarray
Values = Mapping[str, Array]
FORMAT = "sim-influence 1"
REACH = 2.0
"""Standard errors; an effect that is nearer to the smallest one of interest may be larger or smaller than it."""
LEAST = 0.2
"""Smallest effect of interest, standard deviations; fixed before anything was run."""
NOTHING = 1e-9
"""An outcome that varies less over the worlds has no unit in which effects could be told."""


@dataclass(frozen=True)
class Effect:
    """What a change does to one outcome of one scenario."""

    scenario: str
    outcome: str
    size: float
    "Paired mean difference, in standard deviations of the outcome over the worlds where it varies most."
    error: float
    "Its standard error."

    @property
    def verdict(self) -> str:
        """Whether it is as large as the smallest effect of interest: `yes`, `no` or, within its error, `unsure`."""
        return verdict(self.size, self.error)

    @property
    def matters(self) -> bool:
        """Whether it surely is."""
        return self.verdict == "yes"


def verdict(size: float, error: float) -> str:
    """Return whether an effect reaches the smallest one of interest: `yes`, `no`, or `unsure` if errors leave it open.

    Without a number, or without an error as of one world, it is open.
    """
    if abs(size) - REACH * error >= LEAST:
        return "yes"
    return "no" if abs(size) + REACH * error < LEAST else "unsure"


def spreads(as_is: Sequence[Values]) -> dict[str, float]:
    """Return the standard deviation of each outcome over the worlds of the scenario where it varies most."""
    return {name: max(_spread(found[name]) for found in as_is) for name in as_is[0]}


def _spread(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(np.std(known, ddof=1)) if known.size > 1 else 0.0


def influence(
    scenarios: Sequence[Scenario],
    title: str,
    measures: Mapping[str, Measure],
    made: Sequence[Mapping[str, Any]],
    spread: Mapping[str, float],
    pairs: Sequence[Sequence[tuple[Values, Values]]],
) -> xr.Dataset:
    """Return the effects, (change, scenario, outcome).

    `made` has name, kind, owner, key, low and high of each change, `spread` the unit of each outcome, `pairs` by
    scenario and change the outcomes before and after it, name -> (world).
    """
    sizes = np.array([[_steps(before, after, spread) for before, after in row] for row in pairs])
    size, error = np.moveaxis(sizes, (3, 1), (0, 1))
    dims = ("change", "scenario", "outcome")
    words = "paired mean difference in standard deviations of the outcome over the worlds"
    data = {
        "effect": labelled(dims, size, words, "1"),
        "error": labelled(dims, error, f"{words}, standard error", "1"),
        "spread": labelled("outcome", list(spread.values()), "standard deviation of the outcome, in its own unit"),
    }
    coords: dict[str, Any] = {
        "change": [one["name"] for one in made],
        **{part: ("change", [one[part] for one in made]) for part in ("kind", "owner", "key", "low", "high")},
        "scenario": [scenario.name for scenario in scenarios],
        "outcome": list(spread),
        "meaning": ("outcome", [measures[name].words for name in spread]),
        "unit": ("outcome", [measures[name].unit for name in spread]),
    }
    return xr.Dataset(data, coords=coords, attrs=origin_of(scenarios, title, FORMAT))


def _steps(before: Values, after: Values, spread: Mapping[str, float]) -> list[tuple[float, float]]:
    """Return mean and standard error of what differs in each outcome, world by world, in units of its spread."""
    found = []
    for name, unit in spread.items():
        step = (after[name] - before[name]) / unit
        step = step[np.isfinite(step)]
        mean = float(step.mean()) if step.size else np.nan
        found.append((mean, float(step.std(ddof=1) / np.sqrt(step.size)) if step.size > 1 else np.nan))
    return found


def own_threat(owner: str) -> str:
    """Return the outcome that a country moves too easily to tell anything: its own threat."""
    return f"{owner.lower()}.threat"


def most(ds: xr.Dataset, change: str) -> Effect:
    """Return the largest effect of a change, over all scenarios and outcomes.

    A country's own threat is left out, unless nothing else is asked for.
    """
    return _largest(_without_own_threat(ds, change))


def moves(ds: xr.Dataset, change: str) -> str:
    """Return whether a change moves any outcome by the smallest effect of interest: `yes`, `no` or `unsure`."""
    one = _without_own_threat(ds, change)
    pairs = zip(one["effect"].values.flat, one["error"].values.flat, strict=True)
    found = {verdict(float(size), float(error)) for size, error in pairs}
    return next(answer for answer in ("yes", "unsure", "no") if answer in found)


def _without_own_threat(ds: xr.Dataset, change: str) -> xr.Dataset:
    """Return the effects of a change, without the threat of its own country if there are others."""
    one = ds.sel(change=change)
    others = [str(name) for name in one["outcome"].values if str(name) != own_threat(str(one["owner"].values))]
    return one.sel(outcome=others) if others else one


def of_outcome(ds: xr.Dataset, change: str, outcome: str) -> Effect:
    """Return the largest effect of a change on one outcome, over all scenarios."""
    return _largest(ds.sel(change=change, outcome=[outcome]))


def _largest(one: xr.Dataset) -> Effect:
    size = one["effect"].values
    if not np.isfinite(size).any():
        return Effect(str(one["scenario"].values[0]), str(one["outcome"].values[0]), np.nan, np.nan)
    row, column = np.unravel_index(int(np.nanargmax(np.abs(size))), size.shape)
    names = str(one["scenario"].values[row]), str(one["outcome"].values[column])
    return Effect(*names, float(size[row, column]), float(one["error"].values[row, column]))

"""Rival theories in one ensemble: which world follows which, and how much of the spread lies between them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from sim.analysis.measures import HEADLINE
from sim.scenario import Scenario
from sim.scenario.parameters import PARAMETERS

Array = np.ndarray
CHOICES = tuple(key for key, row in PARAMETERS.items() if row.choices)
"""Parameters that are a choice of theories."""
OUTCOMES = ("shells_delivered", "oil", "technology", "practical", "symbolic", "tests")
"""Headline outcomes that are shown by theory."""
FEWEST = 2
"""Least worlds of a theory with which a variance within it can be estimated."""


def choices_in(scenario: Scenario) -> list[str]:
    """Return the choices in which the worlds of a scenario differ."""
    return [key for key in scenario.uncertain if scenario.settings[key].among]


def followers(ds: xr.Dataset) -> dict[str, dict[str, Array]]:
    """Return which worlds follow each theory, choice -> theory -> (world) booleans.

    Choices that are the same in all worlds are left out.
    """
    if "parameters" not in ds:
        return {}
    kept = ds["parameters"]["key"].values.tolist()
    drawn = {key: ds["parameters"].sel(key=key).values.astype(int) for key in CHOICES if key in kept}
    return {
        key: {PARAMETERS[key].choices[number]: numbers == number for number in np.unique(numbers).tolist()}
        for key, numbers in drawn.items()
        if np.ptp(numbers)
    }


def share_between(values: Array, groups: Mapping[str, Array]) -> float:
    """Return the share of the variance of (world) `values` that lies between the groups, 0-1.

    Omega squared (Hays 1963), which takes off what chance alone puts between group means; nan if nothing varies or a
    group has fewer than two worlds. Source: Olejnik and Algina 2003, Psychological Methods 8: 434.
    """
    parts = [values[mine] for mine in groups.values()]
    if min(map(len, parts)) < FEWEST or not np.ptp(values) > 0.0:
        return float("nan")
    mean, freedom = values.mean(), len(parts) - 1
    between = sum(len(part) * (part.mean() - mean) ** 2 for part in parts)
    within = sum(((part - part.mean()) ** 2).sum() for part in parts)
    noise = within / (len(values) - len(parts))
    return float(max((between - freedom * noise) / (between + within + noise), 0.0))


def by_outcome(ds: xr.Dataset) -> dict[str, Array]:
    """Return the outcomes that are shown by theory, name -> (world)."""
    return {name: np.asarray(HEADLINE[name].values(ds), dtype=float) for name in OUTCOMES}

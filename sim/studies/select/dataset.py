"""A selection among rival theories as one Dataset with its origin."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.origin import labelled, origin_of
from sim.scenario import Scenario
from sim.scenario.parameters import PARAMETERS
from sim.studies.select.analysis import Selection
from sim.studies.select.patterns import Patterns

FORMAT = "sim selection 1"
Found = Mapping[tuple[str, str], Selection]
"""Selections by choice and set of patterns."""


def selection(scenario: Scenario, title: str, seen: Patterns, found: Found) -> xr.Dataset:
    """Return odds (choice, patterns, theory), confusion (…, true theory, theory) and leads of every pattern."""
    choices, sets = (list(dict.fromkeys(names)) for names in zip(*found, strict=True))
    most = max(len(PARAMETERS[key].choices) for key in choices)
    shape = (len(choices), len(sets))
    odds, errors = np.full((2, *shape, most), np.nan)
    confusion = np.full((*shape, most, most), np.nan)
    leads = np.full((*shape, len(seen.names), most), np.nan)
    numbers = {name: np.full(shape, np.nan) for name in ("hits", "shuffled", "fit", "error")}
    names = np.full((len(choices), most), "", dtype=object)
    for (key, of), one in found.items():
        at, mine = (choices.index(key), sets.index(of)), slice(0, len(one.names))
        odds[at][mine], errors[at][mine], confusion[(*at, mine, mine)] = one.odds, one.errors, one.confusion
        leads[at][: len(one.leads), mine] = one.leads
        names[at[0], mine] = one.names
        for name, values in numbers.items():
            values[at] = getattr(one, name)
    words = {
        "hits": "share of test worlds whose theory has the largest odds",
        "shuffled": "the same with patterns permuted among worlds",
        "fit": "share of test worlds that lie farther out than the record",
        "error": "standard error of hits if chance alone selected",
    }
    data: dict[str, Any] = {
        "odds": labelled(("choice", "patterns", "theory"), odds, "odds of a theory, equal before"),
        "odds_error": labelled(("choice", "patterns", "theory"), errors, "standard error of the odds"),
        "confusion": labelled(("choice", "patterns", "truth", "theory"), confusion, "mean odds in worlds of a theory"),
        "lead": labelled(("choice", "patterns", "pattern", "theory"), leads, "lead of a theory, standard deviations"),
        **{name: labelled(("choice", "patterns"), values, words[name], "1") for name, values in numbers.items()},
    }
    coords = {
        "choice": choices,
        "patterns": sets,
        "pattern": seen.names,
        "name": (("choice", "theory"), names.astype(str)),
        "record": ("pattern", seen.record),
    }
    attrs = origin_of([scenario], title, FORMAT) | {"left": json.dumps([_left(one) for one in seen.left])}
    return xr.Dataset(data, coords=coords, attrs=attrs)


def _left(one: Any) -> tuple[str, str]:
    return one.row.series, one.reason

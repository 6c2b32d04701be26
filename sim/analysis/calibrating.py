"""A calibration as a whole: which figures are used, what the worlds weighted by them say, all with its origin."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.calendar import MONTH
from sim.analysis.calibration import (
    RULED_OUT,
    accepted,
    central,
    crps,
    deviations,
    effective,
    errors,
    log_likelihood,
    weighted_quantiles,
    weights_of,
)
from sim.analysis.information import Information, drivers, information, ranks, shares, trade_offs
from sim.analysis.observed import SERIES, Observation
from sim.analysis.observed_file import ObservedFile
from sim.analysis.origin import origin_of
from sim.analysis.quantiles import LEVELS
from sim.results.calibrated import FORMAT
from sim.scenario import Scenario
from sim.scenario.scenario import month_number

Array = np.ndarray
UNTIL = "2023-12-31"
"""Last date of the figures used unless another is asked for: January to June 2024 stay for checking."""
DRIVERS = 5
"""Parameters named for each modelled value."""
TEXTS = ("series", "unit", "source")


@dataclass(frozen=True)
class Window:
    """Public figures by what becomes of them."""

    used: tuple[Observation, ...]
    later: tuple[Observation, ...]
    "Within the run, after the last date used: for checking."
    outside: tuple[Observation, ...]
    "Of a series that the model knows, before the start or after the end of the run."
    unknown: tuple[str, ...]
    "Series that the model does not know."

    @property
    def shown(self) -> tuple[Observation, ...]:
        """All that can be set beside the model, the used ones first."""
        return self.used + self.later


def window(observations: Sequence[Observation], scenario: Scenario, until: np.datetime64) -> Window:
    """Sort public figures by the months of a scenario and the last date to be used."""
    first = np.datetime64(scenario.start, "D")
    after = (np.datetime64(scenario.start, "M") + scenario.months * MONTH).astype("datetime64[D]")
    known = [seen for seen in observations if seen.series in SERIES]
    inside = [seen for seen in known if first <= seen.date < after]
    return Window(
        tuple(seen for seen in inside if seen.date <= until),
        tuple(seen for seen in inside if seen.date > until),
        tuple(seen for seen in known if not first <= seen.date < after),
        tuple(dict.fromkeys(seen.series for seen in observations if seen.series not in SERIES)),
    )


def as_far_as_needed(scenario: Scenario, claims: Sequence[Observation]) -> Scenario:
    """The scenario up to the month of the last figure."""
    last = max(month_number(str(claim.date)) for claim in claims)
    months = min(scenario.months, last - month_number(scenario.start) + 1)
    return replace(scenario, months=months, events=tuple(event for event in scenario.events if event.month < months))


def uncertain(scenario: Scenario) -> list[str]:
    """Parameters that worlds draw from ranges."""
    return [key for key, setting in scenario.settings.items() if setting.uncertain]


def calibration(
    scenario: Scenario,
    seen: Window,
    file: ObservedFile,
    reduced: Mapping[str, Array],
    *,
    until: str,
    discrepancy: float,
    accept: int,
) -> xr.Dataset:
    """The accepted parameter vectors with what they were made from and what they say, as one Dataset.

    `reduced` is what `calibration.reduce_run` made of the worlds of the scenario: `model` (figure, world) for
    `seen.shown` and `parameters` (key, world) for `uncertain(scenario)`.
    """
    model, parameters, claims = reduced["model"], reduced["parameters"], seen.shown
    use = np.arange(len(claims)) < len(seen.used)
    wrong = errors(claims, discrepancy).select(use)
    claimed = central(claims)
    likelihoods = log_likelihood(model[use], claimed[use], wrong)
    weights = weights_of(likelihoods)
    away = deviations(model[use], claimed[use], wrong)
    chosen, times = accepted(weights, accept)
    places, keys, size = ranks(parameters), uncertain(scenario), effective(weights)
    said = information(places, weights)
    data = {
        **_of_vectors(parameters, chosen, times, likelihoods, away),
        **_of_parameters(parameters, places, weights, said),
        **_of_figures(claims, use, model, weights),
    }
    coords: dict[str, Any] = {"key": keys, "level": list(LEVELS), **_figure_coords(claims, places, model, keys)}
    attrs = origin_of([scenario], f"{scenario.name}: calibrated to {until}", FORMAT)
    attrs |= {
        "until": until,
        "observed": file.name,
        "observed_digest": file.digest,
        "discrepancy": discrepancy,
        "accepted": accept,
        "effective": size,
        "log_evidence": float(np.max(likelihoods) + np.log(np.mean(np.exp(likelihoods - np.max(likelihoods))))),
        "not_ruled_out": float(np.mean(np.max(np.abs(away), axis=0) < RULED_OUT)),
        "trade_offs": json.dumps(
            [(keys[i], keys[j], round(r, 3)) for i, j, r in trade_offs(places, weights, said.informed)]
        ),
        "about": (
            f"{scenario.name}, {len(seen.used)} figures of {file.name} to {until}, {scenario.worlds:,} worlds "
            f"(effective {size:,.0f}), discrepancy {discrepancy:g}, seed {scenario.seed}"
        ),
    }
    return xr.Dataset(data, coords=coords, attrs=attrs)


def _of_vectors(parameters: Array, chosen: Array, times: Array, likelihoods: Array, away: Array) -> dict[str, Any]:
    return {
        "vectors": (("key", "vector"), parameters[:, chosen], {"long_name": "parameter values, unit of the key"}),
        "weight": ("vector", times / times.sum(), {"units": "1", "long_name": "weight"}),
        "world": ("vector", chosen, {"units": "1", "long_name": "world of the calibration that it comes from"}),
        "distance": (
            "vector",
            np.sqrt(np.mean(away[:, chosen] ** 2, axis=0)),
            {"units": "1", "long_name": "root mean square distance from the figures in standard deviations"},
        ),
        "implausibility": (
            "vector",
            np.max(np.abs(away[:, chosen]), axis=0),
            {"units": "1", "long_name": "largest distance from a figure in standard deviations"},
        ),
        "log_likelihood": (
            "vector",
            likelihoods[chosen],
            {"units": "1", "long_name": "logarithm of the density of the figures, up to a constant"},
        ),
    }


def _of_parameters(parameters: Array, places: Array, weights: Array, said: Information) -> dict[str, Any]:
    count, parts = parameters.shape[1], shares(places, weights)
    even = np.full(count, 1.0 / count)
    edges = np.quantile(parameters, np.linspace(0.0, 1.0, parts.shape[1] + 1), axis=1).T
    evidence = {"units": "1", "long_name": "evidence that figures inform it", "threshold": said.threshold}
    return {
        "shift": (
            "key",
            said.shift,
            {"units": "1", "long_name": "move of the mean in standard deviations of the prior"},
        ),
        "narrowing": ("key", said.narrowing, {"units": "1", "long_name": "posterior over prior standard deviation"}),
        "evidence": ("key", said.evidence, evidence),
        "informed": ("key", said.informed.astype(np.int8), {"long_name": "whether that is more than chance shows"}),
        "prior": (("key", "level"), weighted_quantiles(parameters, even, LEVELS).T, {"long_name": "prior quantiles"}),
        "posterior": (("key", "level"), weighted_quantiles(parameters, weights, LEVELS).T, {"long_name": "posterior"}),
        "edge": (("key", "end"), edges, {"long_name": "ends of parts of equal prior probability"}),
        "share": (("key", "part"), parts, {"units": "1", "long_name": "posterior probability of these parts"}),
    }


def _of_figures(claims: Sequence[Observation], use: Array, model: Array, weights: Array) -> dict[str, Any]:
    even = np.full(model.shape[1], 1.0 / model.shape[1])
    values = {name: np.array([getattr(claim, name) for claim in claims]) for name in ("low", "central", "high")}
    found: dict[str, Any] = {
        name: ("figure", value, {"long_name": f"public figure, {name}"}) for name, value in values.items()
    }
    found["used"] = ("figure", use.astype(np.int8), {"long_name": "whether the calibration used it"})
    for name, mass, words in (("before", even, "before"), ("after", weights, "after")):
        bands = weighted_quantiles(model, mass, LEVELS).T
        found[name] = (("figure", "level"), bands, {"long_name": f"the model's value {words} calibration"})
        scores = crps(model, mass, values["central"])
        found[f"crps_{name}"] = ("figure", scores, {"long_name": f"ranked probability score {words} calibration"})
    return found


def _figure_coords(claims: Sequence[Observation], places: Array, model: Array, keys: Sequence[str]) -> dict[str, Any]:
    led = drivers(places, model, DRIVERS)
    return {
        **{name: ("figure", np.array([getattr(claim, name) for claim in claims], dtype=str)) for name in TEXTS},
        "date": ("figure", np.array([str(claim.date) for claim in claims], dtype=str)),
        "driver": (("figure", "place"), np.array([[keys[j] for j, _ in row] for row in led], dtype=str)),
        "correlation": (("figure", "place"), np.array([[r for _, r in row] for row in led])),
    }


def ranked(ds: xr.Dataset) -> list[int]:
    """Numbers of the parameters, the best informed first."""
    return [int(k) for k in np.argsort(-ds["evidence"].values, kind="stable")]


NOTABLE_SHIFT, NOTABLE_NARROWING = 0.25, 0.9
"""From when on a change of a parameter is worth a word: a quarter of a prior deviation, a tenth narrower."""


def notable(ds: xr.Dataset) -> list[int]:
    """Numbers of the parameters that are informed and have moved or narrowed enough to matter, best informed first."""
    told = ds["informed"].values.astype(bool)
    moved = (np.abs(ds["shift"].values) >= NOTABLE_SHIFT) | (ds["narrowing"].values <= NOTABLE_NARROWING)
    return [k for k in ranked(ds) if told[k] and moved[k]]

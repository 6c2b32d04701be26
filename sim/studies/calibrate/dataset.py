"""A calibration as one Dataset: the observations used, the weighted worlds and the origin."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.origin import labelled, origin_of
from sim.analysis.quantiles import QUANTILES
from sim.analysis.record.comparable import Omitted, Window, month_of, select
from sim.analysis.record.errors import central, errors
from sim.analysis.record.file import Observation, Observed
from sim.results.calibrated import FORMAT
from sim.scenario import PARAMETERS, Scenario
from sim.studies.calibrate import likelihood
from sim.studies.calibrate.information import Information, drivers, information, ranks, shares, trade_offs
from sim.studies.calibrate.theories import EQUAL, POSTERIOR, STACKING, Theories, reweighted, theories
from sim.studies.calibrate.words import about_words
from sim.texts import LANGUAGES
from sim.texts.spoken import speaking

Array = np.ndarray
DRIVERS = 5
"""Parameters named for each modelled value."""
TEXTS = ("series", "unit", "source")
WORDS_OF = {
    "prior": "share of the worlds that were drawn",
    "posterior": "posterior weight",
    "posterior_error": "Monte Carlo standard error of the posterior weight",
    "stacking": "mean weight in mixtures that predict held-out series",
    "stacking_low": "5 % quantile over these mixtures",
    "stacking_high": "95 % quantile over these mixtures",
    "best": "weight in the mixture of the best score",
    "weight": "weight in this set",
    "effective": "effective worlds",
}
"""What is told of the theories: name of the variable, with `theory_` before it, and its meaning."""


@dataclass(frozen=True)
class Observations:
    """Observations by their use in a calibration."""

    used: tuple[Observation, ...]
    later: tuple[Observation, ...]
    "After the last date used: for checking."
    left: tuple[Omitted, ...]
    "Not comparable with the model or the run, with the reason."

    @property
    def shown(self) -> tuple[Observation, ...]:
        """All that can be compared with the model, the used ones first."""
        return self.used + self.later


def sorted_observations(rows: Sequence[Observation], scenario: Scenario, until: np.datetime64) -> Observations:
    """Return observations sorted by whether a scenario can be compared with them, and by the last date used."""
    window = Window(until)
    compared, left = select(rows, scenario, window)
    early = tuple(row for row in compared if window.is_early(row))
    return Observations(early, tuple(row for row in compared if not window.is_early(row)), tuple(left))


def as_far_as_needed(scenario: Scenario, claims: Sequence[Observation]) -> Scenario:
    """Return the scenario cut at the month of the last observation."""
    months = max(month_of(claim, scenario) for claim in claims) + 1
    return replace(scenario, months=months, events=tuple(event for event in scenario.events if event.month < months))


def calibration(
    scenario: Scenario,
    seen: Observations,
    file: Observed,
    reduced: Mapping[str, Array],
    *,
    until: str,
    discrepancy: float,
    accept: int,
    kind: str = POSTERIOR,
) -> xr.Dataset:
    """Return the accepted parameter vectors with their origin and what they imply.

    `kind` says how rival theories are weighted (`theories.KINDS`).
    `reduced` is what `likelihood.reduce_run` made of the worlds of the scenario: `model` (figure, world) for
    `seen.shown` and `parameters` (key, world) for `scenario.uncertain`.
    """
    model, parameters, claims = reduced["model"], reduced["parameters"], seen.shown
    use, claimed = np.arange(len(claims)) < len(seen.used), central(claims)
    wrong = errors(claims, discrepancy).select(use)
    likelihoods = likelihood.log_likelihood(model[use], claimed[use], wrong)
    rivals = theories(scenario, parameters, likelihood.by_series(model[use], claimed[use], wrong))
    weights = reweighted(plain := likelihood.weights_of(likelihoods), rivals, kind)
    away = likelihood.deviations(model[use], claimed[use], wrong)
    chosen, times = likelihood.accepted(weights, accept)
    places, keys, size = ranks(parameters), scenario.uncertain, likelihood.effective(weights)
    ranged = np.array([not scenario.settings[key].among for key in keys])
    said = information(places[ranged], weights).among(ranged)
    correlated = trade_offs(places, weights, said.informed)
    data = {
        **_of_vectors(parameters, chosen, times, likelihoods, away),
        **_of_parameters(parameters, places, weights, said),
        "preset": labelled("key", _preset(seen.used, keys), "whether its range was set from a series used"),
        **_of_figures(claims, use, model, weights),
    }
    coords: dict[str, Any] = {"key": keys, "level": list(QUANTILES)}
    coords |= _figure_coords(claims, places[ranged], model, np.array(keys)[ranged].tolist())
    if rivals:
        data |= _of_theories(rivals, kind, plain, chosen)
        coords |= _theory_coords(rivals)
    attrs = origin_of([scenario], f"{scenario.name}: calibrated to {until}", FORMAT)
    attrs |= {
        "until": until,
        "observed": file.name,
        "observed_digest": file.sha256,
        "discrepancy": discrepancy,
        "theories": kind,
        "accepted": accept,
        "effective": size,
        "log_evidence": _log_mean(likelihoods),
        "not_ruled_out": float(np.mean(np.max(np.abs(away), axis=0) < likelihood.RULED_OUT)),
        "trade_offs": json.dumps([(keys[i], keys[j], round(r, 3)) for i, j, r in correlated]),
    }
    ds = xr.Dataset(data, coords=coords, attrs=attrs)
    with speaking(LANGUAGES[0]):  # as all that is stored
        ds.attrs["about"] = about_words(ds)
    return ds


def _log_mean(likelihoods: Array) -> float:
    """Return the logarithm of the mean density of the worlds."""
    return float(np.max(likelihoods) + np.log(np.mean(np.exp(likelihoods - np.max(likelihoods)))))


def _theory_coords(found: Theories) -> dict[str, Any]:
    choices, names = zip(*found.rows, strict=True)
    return {"theory": list(names), "choice": ("theory", list(choices))}


def _of_vectors(parameters: Array, chosen: Array, times: Array, likelihoods: Array, away: Array) -> dict[str, Any]:
    root = np.sqrt(np.mean(away[:, chosen] ** 2, axis=0))
    most, density = np.max(np.abs(away[:, chosen]), axis=0), likelihoods[chosen]
    return {
        "vectors": labelled(("key", "vector"), parameters[:, chosen], "parameter values, unit of the key"),
        "weight": labelled("vector", times / times.sum(), "weight", "1"),
        "world": labelled("vector", chosen, "world of the calibration that it comes from", "1"),
        "distance": labelled("vector", root, "root mean square distance from the figures in standard deviations", "1"),
        "implausibility": labelled("vector", most, "largest distance from a figure in standard deviations", "1"),
        "log_likelihood": labelled("vector", density, "logarithm of the density of the figures, up to a constant", "1"),
    }


def _of_theories(found: Theories, kind: str, weights: Array, chosen: Array) -> dict[str, Any]:
    """Return the weights of the theories, (theory), and the theory of each accepted vector.

    `weights` are those of the worlds by their likelihood alone.
    """
    low, high = found.ends().T
    kinds = {"prior": EQUAL, "posterior": POSTERIOR, "stacking": STACKING, "weight": kind}
    values = {name: found.member @ found.weight(one) for name, one in kinds.items()}
    values |= {"best": found.member @ found.best, "stacking_low": low, "stacking_high": high}
    values |= {"posterior_error": found.error(weights), "effective": found.effective(weights)}
    names = np.array([name for _, name in found.rows[-len(found.prior) :]])
    return {
        **{f"theory_{name}": labelled("theory", row, WORDS_OF[name], "1") for name, row in values.items()},
        "vector_theory": labelled("vector", names[found.of[chosen]], "theory that the vector follows"),
    }


def _of_parameters(parameters: Array, places: Array, weights: Array, said: Information) -> dict[str, Any]:
    count, parts = parameters.shape[1], shares(places, weights)
    even = np.full(count, 1.0 / count)
    edges = np.quantile(parameters, np.linspace(0.0, 1.0, parts.shape[1] + 1), axis=1).T
    evidence = {"units": "1", "long_name": "evidence that figures inform it", "threshold": said.threshold}
    return {
        "shift": labelled("key", said.shift, "move of the mean in standard deviations of the prior", "1"),
        "narrowing": labelled("key", said.narrowing, "posterior over prior standard deviation", "1"),
        "evidence": ("key", said.evidence, evidence),
        "informed": labelled("key", said.informed.astype(np.int8), "whether that is more than chance shows"),
        "prior": labelled(("key", "level"), likelihood.weighted_quantiles(parameters, even).T, "prior quantiles"),
        "posterior": labelled(("key", "level"), likelihood.weighted_quantiles(parameters, weights).T, "posterior"),
        "edge": labelled(("key", "end"), edges, "ends of parts of equal prior probability"),
        "share": labelled(("key", "part"), parts, "posterior probability of these parts", "1"),
    }


def _preset(claims: Sequence[Observation], keys: Sequence[str]) -> Array:
    """Return whether the range of each parameter was itself set from a series that is used, (key)."""
    given = {key for claim in claims for key in claim.known.given}
    return np.array([key in given for key in keys], dtype=np.int8)


def _of_figures(claims: Sequence[Observation], use: Array, model: Array, weights: Array) -> dict[str, Any]:
    even = np.full(model.shape[1], 1.0 / model.shape[1])
    values = {name: np.array([getattr(claim, name) for claim in claims]) for name in ("low", "central", "high")}
    found: dict[str, Any] = {
        name: labelled("figure", value, f"public figure, {name}") for name, value in values.items()
    }
    found["used"] = labelled("figure", use.astype(np.int8), "whether the calibration used it")
    for name, mass, words in (("before", even, "before"), ("after", weights, "after")):
        pairs = [_bands_and_score(row, mass, at) for row, at in zip(model, values["central"], strict=True)]
        bands, scores = np.array([levels for levels, _ in pairs]), np.array([score for _, score in pairs])
        found[name] = labelled(("figure", "level"), bands, f"the model's value {words} calibration")
        found[f"crps_{name}"] = labelled("figure", scores, f"ranked probability score {words} calibration")
    return found


def _bands_and_score(values: Array, weights: Array, claimed: float) -> tuple[Array, float]:
    """Return quantiles and CRPS of one observation over the worlds that have a value for it."""
    have = np.isfinite(values) & (weights > 0.0)
    if not have.any():
        return np.full(len(QUANTILES), np.nan), float("nan")
    mine, mass = values[have], weights[have] / weights[have].sum()
    return likelihood.weighted_quantiles(mine, mass), float(likelihood.crps(mine[None], mass, np.array([claimed]))[0])


def _figure_coords(claims: Sequence[Observation], places: Array, model: Array, keys: Sequence[str]) -> dict[str, Any]:
    led = drivers(places, model, DRIVERS)
    return {
        **{name: ("figure", np.array([getattr(claim, name) for claim in claims], dtype=str)) for name in TEXTS},
        "date": ("figure", np.array([str(claim.date) for claim in claims], dtype=str)),
        "driver": (("figure", "place"), np.array([[keys[j] for j, _ in row] for row in led], dtype=str)),
        "correlation": (("figure", "place"), np.array([[r for _, r in row] for row in led])),
    }


def ranked(ds: xr.Dataset) -> list[int]:
    """Return the indices of the parameters with a range, the best informed first; choices of theories are none."""
    order = [int(k) for k in np.argsort(-ds["evidence"].values, kind="stable")]
    return [k for k in order if not PARAMETERS[str(ds["key"].values[k])].choices]


NOTABLE_SHIFT, NOTABLE_NARROWING = 0.25, 0.9
"""Least changes reported in words: a quarter of a prior standard deviation, a tenth narrower."""


def notable(ds: xr.Dataset) -> list[int]:
    """Return the indices of the parameters that are informed and notably shifted or narrowed, best informed first."""
    informed = ds["informed"].values.astype(bool)
    moved = (np.abs(ds["shift"].values) >= NOTABLE_SHIFT) | (ds["narrowing"].values <= NOTABLE_NARROWING)
    return [k for k in ranked(ds) if informed[k] and moved[k]]

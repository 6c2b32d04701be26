"""Which parameters move anything: every number of the table from half to double, one after another."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

import sim
from docs.generate.markdown import fill, table
from sim.analysis.outcome import outcome
from sim.experiment.design import sample
from sim.experiment.run import run
from sim.scenario import PARAMETERS, Scenario
from sim.scenario.parameters import SWITCH, Parameter

SCENARIOS = ("article", "sea_route", "ceasefire", "food_crisis")
OUTCOMES = (
    *("shells_delivered", "oil", "technology", "practical", "symbolic", "tests", "fire_ratio", "coordination"),
    *("rus_chn.practical", "kor_jpn.practical", "polarisation", "score_PRK_need", "score_RUS_need"),
    *("prk.threat", "kor.threat", "jpn.threat"),
)
PLACES, SPREAD, LEAST, SEED = 24, 256, 0.2, 2023
"""Worlds in which each parameter is moved; worlds that give the spread of an outcome; least mean effect that counts, in
standard deviations of the outcome."""
KINDS = ("switch", "definition")
Array = np.ndarray
Largest = dict[str, tuple[float, str, str]]
AT_ONCE = 2048
"""Worlds of one run."""


def page() -> str:
    """Return the page."""
    keys = [key for key, parameter in PARAMETERS.items() if movable(parameter)]
    largest = screened(keys)
    order = sorted(keys, key=lambda key: -largest[key][0])
    felt = [key for key in order if largest[key][0] >= LEAST]
    uncertain = [key for key, parameter in PARAMETERS.items() if parameter.low is not None]
    return fill(
        "screening",
        {
            **{
                "places": PLACES,
                "least": LEAST,
                "spread": SPREAD,
                "screened": len(keys),
                "felt": len(felt),
                "uncertain": len(uncertain),
            },
            "scenarios": ", ".join(f"`{name}`" for name in SCENARIOS),
            "outcomes": ", ".join(f"`{name}`" for name in OUTCOMES),
            "table": table(("parameter", "drawn", "largest effect, s.d.", "outcome", "scenario"), rows(felt, largest)),
            "others": ", ".join(f"`{key}`" for key in sorted(set(keys) - set(felt))),
        },
    )


def screened(keys: list[str]) -> Largest:
    """Return the largest effect of each parameter, in standard deviations, with its outcome and scenario."""
    found = {name: effects(sim.load(name), keys) for name in SCENARIOS}
    spread = np.maximum(np.max([own for _, own in found.values()], axis=0), 1e-9)
    largest: Largest = dict.fromkeys(keys, (0.0, "", ""))
    for name, (moved, _) in found.items():
        for key, row in zip(keys, moved / spread, strict=True):
            best = int(np.argmax(row))
            largest[key] = max(largest[key], (float(row[best]), OUTCOMES[best], name))
    return largest


def rows(keys: list[str], largest: Largest) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table."""
    for key in keys:
        size, name, scenario = largest[key]
        yield f"`{key}`", "" if PARAMETERS[key].low is None else "yes", f"{size:.2f}", f"`{name}`", f"`{scenario}`"


def movable(parameter: Parameter) -> bool:
    """Return whether half to double means something: no switch, no definition, and not zero."""
    low, high = ends(parameter)
    return parameter.unit != SWITCH and parameter.source not in KINDS and high > low


def ends(parameter: Parameter) -> tuple[float, float]:
    """Return half and double of the value, or its own range where that is wider, within what may be set."""
    value, own = parameter.value, (parameter.low, parameter.high)
    # utilities have no natural zero
    span = (value - 1.0, value + 1.0) if parameter.key.endswith(".base") else sorted((value / 2.0, 2.0 * value))
    low, high = (span[k] if end is None else end for k, end in enumerate(own))
    return max(min(span[0], low), parameter.min), min(max(span[1], high), parameter.max)


def effects(scenario: Scenario, keys: list[str]) -> tuple[Array, Array]:
    """Return mean absolute effects on each outcome, (key, outcome), and its standard deviation over the worlds.

    From each of `PLACES` worlds, as the design draws them, every parameter alone moves to a value anywhere in its wide
    range, under the same chance: a radial design of elementary effects (Campolongo, Saltelli and Cariboni 2011).
    """
    low, high = np.array([ends(PARAMETERS[key]) for key in keys]).T
    drawn = sample(scenario, 0, SPREAD)
    usual = np.stack([drawn[key] for key in keys], axis=1)
    others = low + np.random.default_rng(SEED).random((PLACES, len(keys))) * (high - low)
    worlds = np.repeat(usual[:PLACES], len(keys), axis=0).reshape(PLACES, len(keys), len(keys))
    for k in range(len(keys)):
        worlds[:, k, k] = others[:, k]
    found = evaluated(scenario, keys, usual, np.arange(SPREAD))
    moved = evaluated(scenario, keys, worlds.reshape(-1, len(keys)), np.repeat(np.arange(PLACES), len(keys)))
    steps = moved.reshape(len(OUTCOMES), PLACES, len(keys)) - found[:, :PLACES, None]
    return np.abs(steps).mean(axis=1).T, found.std(axis=1)


def evaluated(scenario: Scenario, keys: list[str], worlds: Array, chance: Array) -> Array:
    """Return the outcomes of worlds with given values, (outcome, world)."""
    measures = [outcome(name) for name in OUTCOMES]
    parts = []
    for first in range(0, len(worlds), AT_ONCE):
        those = slice(first, first + AT_ONCE)
        given = dict(zip(keys, worlds[those].T, strict=True))
        count = len(worlds[those])
        ds = run(replace(scenario, worlds=count), given=given, chance=chance[those])
        parts.append(np.stack([np.asarray(measure.values(ds), dtype=float) for measure in measures]))
    return np.concatenate(parts, axis=1)

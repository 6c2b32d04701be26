"""A grid of parameter values over the same worlds: outcomes, binding constraints, and the shape of each curve."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.measures import READ_BY_SWEPT, SWEPT, Measure, binding_counts, is_whole, measured
from sim.analysis.origin import labelled, origin_of
from sim.analysis.outcome import needed
from sim.analysis.outcome import outcome as measure_of
from sim.analysis.quantiles import quantiles
from sim.scenario import PARAMETERS, Scenario
from sim.scenario.names import BINDING
from sim.studies.sweep.knee import Shape, shape

Array = np.ndarray
FORMAT = "sim-sweep 1"
BOUND = "binding"


def kept_measures(outcome: str) -> dict[str, Measure]:
    """Return the measures that a sweep keeps: those of every sweep, and the outcome that is shown."""
    return {**SWEPT, outcome: measure_of(outcome)}


def reduce_run(ds: xr.Dataset, outcome: str = "shells_delivered") -> dict[str, Array]:
    """Return what a sweep that shows this outcome keeps of the results of some worlds."""
    return {**measured(ds, kept_measures(outcome)), BOUND: binding_counts(ds)}


def read_by(outcome: str) -> tuple[str, ...]:
    """Return the variables that `reduce_run` reads."""
    return needed([outcome], READ_BY_SWEPT)


def kept_bytes(points: int, worlds: int) -> int:
    """Return the memory of the numbers kept of all points."""
    return 8 * points * worlds * (len(SWEPT) + 1 + len(BINDING))


def sweep(
    scenario: Scenario, axes: Mapping[str, Sequence[float]], grid: Mapping[str, Array], outcome: str, title: str
) -> xr.Dataset:
    """Return outcomes (parameters..., world) and the share of world-months in which each constraint bound the lane."""
    keys = tuple(axes)
    counts = grid[BOUND].sum(axis=-1)
    data: dict[str, Any] = {
        name: labelled((*keys, "world"), grid[name], measure.words, measure.unit)
        for name, measure in kept_measures(outcome).items()
    }
    share = counts / counts.sum(axis=-1, keepdims=True)
    words = "share of world-months in which it bound the ammunition from PRK to RUS"
    data[BOUND] = labelled((*keys, "constraint"), share, words, "1")
    attrs = origin_of([scenario], title, FORMAT)
    attrs |= {"vary": json.dumps({key: list(values) for key, values in axes.items()}), "outcome": outcome}
    coords: dict[str, Any] = {
        key: labelled(key, np.array(values), PARAMETERS[key].meaning, PARAMETERS[key].unit)
        for key, values in axes.items()
    }
    coords |= {"constraint": list(BINDING), "world": np.arange(scenario.worlds)}
    return xr.Dataset(data, coords=coords, attrs=attrs)


def keys_of(ds: xr.Dataset) -> list[str]:
    """Return the parameters that are varied."""
    return list(json.loads(ds.attrs["vary"]))


def centre(ds: xr.Dataset, outcome: str) -> Array:
    """Return the median over worlds at each point; of an outcome that is 0 or 1, the share of worlds."""
    values = ds[outcome].values
    if measure_of(outcome).share:
        return np.asarray(values.mean(axis=-1))
    return quantiles(values, (0.5,), whole=is_whole(outcome))[0]


def most_frequent(ds: xr.Dataset) -> Array:
    """Return the code of the constraint that bound most often at each point."""
    return np.asarray(ds[BOUND].values.argmax(axis=-1))


@dataclass(frozen=True)
class Cut:
    """The curve over one parameter, the other one (if any) held at a value."""

    key: str
    other: str
    "Empty if there is no other."
    held: float
    "Missing if there is no other."
    shape: Shape


def cuts(ds: xr.Dataset, outcome: str) -> Iterator[Cut]:
    """Yield every curve along every parameter."""
    keys = keys_of(ds)
    for number, key in enumerate(keys):
        x, values = ds[key].values, np.moveaxis(ds[outcome].values, number, -2)
        if len(keys) == 1:
            yield Cut(key, "", float("nan"), shape(x, values))
            continue
        other = keys[1 - number]
        for held, curve in zip(ds[other].values, values, strict=True):
            yield Cut(key, other, float(held), shape(x, curve))

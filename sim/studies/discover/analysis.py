"""Scenario discovery: the box of conditions under which an outcome comes about (Bryant and Lempert 2010).

The patient rule induction method (PRIM; Friedman and Fisher 1999, as in the EMA Workbench of Kwakkel 2017) peels thin
slices off the space of parameters so that the worlds left meet the condition more and more often. Here

- the first half of the worlds chooses the box, the second half tests it;
- of hundreds of parameters those enter whose values differ most between worlds that meet the condition and worlds that
  do not (largest Kolmogorov-Smirnov distance, as in the regional sensitivity analysis of Hornberger and Spear 1981);
- from each box on the peeling trajectory every limit is dropped that could be due to chance: its quasi-p-value is the
  chance that so many worlds of the box meet the condition if the limit added nothing (one-sided binomial test of
  Bryant and Lempert 2010);
- of the pruned boxes the one is taken whose worlds agree best with the condition (phi coefficient of being in the box
  and meeting it), or the one with the largest coverage at a density that is asked for.

Worlds that draw one vector of a calibrated set are no independent cases. So a vector is in one half only (every second
of the set chooses), resamples take whole vectors, and the tests count one world of each: which one does not depend on
its outcome, so that the binomial and the exact test hold. Coverage and density are of all worlds. The control gives
each vector the parameters of another one, so that what worlds of one vector share stays with them.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.origin import origin_of
from sim.scenario import Scenario
from sim.studies.discover.prim import ALL, Box, Fit, choose, distances, fit, p_value, peel, prune, quasi_p

Array = np.ndarray
FORMAT = "sim-discovery 1"
CANDIDATES = 12
"""Parameters that enter the search."""
SIGNIFICANCE = 0.01
"""Significance level: chance that a box without effect does as well on the testing worlds (Fisher's exact test)."""
RESAMPLES = 10
FEWEST = 20
"""Least worlds in each half that must meet the condition, and that must fail it."""


@dataclass(frozen=True)
class Discovery:
    """Result of a search."""

    box: Box
    quasi_p: Mapping[tuple[str, int], float]
    "Of every limit of the box, (key, side), on the choosing worlds."
    chosen: Fit
    tested: Fit
    p_value: float
    "Fisher's exact test of the box on the testing worlds."
    trajectory: list[tuple[Fit, Fit, int]]
    "Every box that was peeled: fit on the choosing worlds, on the testing worlds, restricted parameters."
    candidates: Mapping[str, float]
    "Parameters that entered, with their Kolmogorov-Smirnov distance."
    stability: Mapping[str, float]
    "Share of resampled searches in which each parameter was restricted."
    testing: Array
    "Numbers of the testing worlds."

    @property
    def significant(self) -> bool:
        """Whether the box is significant on the testing worlds."""
        return bool(self.box.limits) and self.p_value < SIGNIFICANCE


@dataclass(frozen=True)
class Worlds:
    """Some worlds of an ensemble."""

    values: Mapping[str, Array]
    "Key -> (world)."
    met: Array
    "(world), whether each meets the condition."
    vectors: Array
    "(world), number of the vector of a calibrated set that each draws; without a set, of the world itself."

    def take(self, rows: Array) -> "Worlds":
        """Return some of the worlds."""
        return Worlds({key: v[rows] for key, v in self.values.items()}, self.met[rows], self.vectors[rows])

    def only(self, keys: Iterable[str]) -> dict[str, Array]:
        """Return the values of some parameters."""
        return {key: self.values[key] for key in keys}

    @property
    def cases(self) -> "Worlds":
        """The first world of each vector: independent cases."""
        return self.take(np.sort(np.unique(self.vectors, return_index=True)[1]))

    def half(self, generator: np.random.Generator) -> "Worlds":
        """Return the worlds of half of the vectors, by chance."""
        numbers = np.unique(self.vectors)
        kept = numbers[generator.permutation(len(numbers))[: len(numbers) // 2]]
        return self.take(np.flatnonzero(np.isin(self.vectors, kept)))


def halves(worlds: int, vectors: Array | None = None) -> tuple[Array, Array]:
    """Return the numbers of the choosing and the testing worlds; whole Latin hypercubes of eight in each.

    With `vectors`, (world), of a calibrated set: the worlds of every second vector, and the others.
    """
    if vectors is not None:
        return np.flatnonzero(vectors % 2 == 0), np.flatnonzero(vectors % 2 == 1)
    middle = worlds // 2 // 8 * 8
    return np.arange(middle), np.arange(middle, worlds)


def discover(
    values: Mapping[str, Array],
    met: Array,
    least_density: float | None,
    seed: int,
    progress: Callable[[int, int], None],
    *,
    resamples: int = RESAMPLES,
    vectors: Array | None = None,
) -> Discovery:
    """Find and test the box. At least FEWEST worlds must meet and fail the condition in each half.

    `values` are key -> (worlds), `met` is (worlds), and so are the `vectors` of a calibrated set that worlds draw;
    `seed` draws the resamples, and progress(done, total) counts searches.
    """
    everything = Worlds(values, met, np.arange(len(met)) if vectors is None else vectors)
    choosing, testing = halves(len(met), vectors)
    ours, theirs = everything.take(choosing), everything.take(testing)
    candidates, boxes, box = _searched(ours, least_density)
    progress(1, resamples + 1)
    trajectory = [(fit(b, ours.values, ours.met), fit(b, theirs.values, theirs.met), len(b.limits)) for b in boxes]
    return Discovery(
        box=box,
        quasi_p=quasi_p(box, ours.cases.values, ours.cases.met),
        chosen=fit(box, ours.values, ours.met),
        tested=fit(box, theirs.values, theirs.met),
        p_value=p_value(box, theirs.cases.values, theirs.cases.met),
        trajectory=trajectory,
        candidates=candidates,
        stability=_stability(ours, least_density, seed, resamples, progress),
        testing=testing,
    )


def _searched(ours: Worlds, least_density: float | None) -> tuple[dict[str, float], list[Box], Box]:
    """Return the parameters that entered a search, with their distance, every box that was peeled, and the best."""
    candidates, cases = foremost(ours.values, ours.met), ours.cases
    boxes = peel(ours.only(candidates), ours.met)
    box = choose([prune(b, cases.values, cases.met) for b in boxes], ours.values, ours.met, least_density)
    return candidates, boxes, box


def shuffled(
    values: Mapping[str, Array], met: Array, least_density: float | None, seed: int, vectors: Array | None = None
) -> Discovery:
    """Search with the condition permuted among the worlds, or parameters among vectors: the negative control."""
    generator = np.random.default_rng(seed)
    if vectors is None:
        met = generator.permutation(met)
    else:
        values = among_vectors(values, vectors, generator)
    return discover(values, met, least_density, seed, lambda *_: None, resamples=0, vectors=vectors)


def among_vectors(values: Mapping[str, Array], vectors: Array, generator: np.random.Generator) -> dict[str, Array]:
    """Return parameters, key -> (world), as if each vector of (world) were another one, and none were twice.

    What worlds of one vector share beyond its parameters stays with them. A parameter that differs between worlds of
    one vector is no part of the set and is permuted among all worlds.
    """
    first, numbers = np.unique(vectors, return_index=True, return_inverse=True)[1:]
    other, alone = first[generator.permutation(len(first))][numbers], generator.permutation(len(vectors))
    return {key: v[other] if (v == v[first][numbers]).all() else v[alone] for key, v in values.items()}


def foremost(values: Mapping[str, Array], met: Array) -> dict[str, float]:
    """Return the parameters that enter the search, largest distance first."""
    found = distances(values, met)
    return {key: found[key] for key in sorted(found, key=lambda key: -found[key])[:CANDIDATES]}


def _stability(
    ours: Worlds,
    least_density: float | None,
    seed: int,
    resamples: int,
    progress: Callable[[int, int], None],
) -> dict[str, float]:
    """Search again in halves of the choosing worlds; return the share of searches that restrict each parameter."""
    generator = np.random.default_rng(seed)
    counts: dict[str, int] = {}
    for number in range(resamples):
        part = ours.half(generator)
        if not part.met.any() or part.met.all():
            continue
        for key in _searched(part, least_density)[2].limits:
            counts[key] = counts.get(key, 0) + 1
        progress(number + 2, resamples + 1)
    return {key: count / resamples for key, count in sorted(counts.items(), key=lambda pair: -pair[1])}


def discovered(
    scenario: Scenario,
    title: str,
    where: str,
    found: Discovery,
    control: Discovery,
    values: Mapping[str, Array],
    met: Array,
) -> xr.Dataset:
    """Return the result as a Dataset, with the worlds that it was found from."""
    keys = list(found.candidates)
    limits = np.array([found.box.limits.get(key, ALL) for key in keys])
    p_values = np.array([[found.quasi_p.get((key, side), np.nan) for side in (0, 1)] for key in keys])
    data: dict[str, Any] = {
        "met": ("world", met.astype(np.int8), {"long_name": "whether the world meets the condition"}),
        "testing": ("world", np.isin(np.arange(len(met)), found.testing).astype(np.int8)),
        "value": (("key", "world"), np.array([values[key] for key in keys])),
        "limit": (("key", "side"), limits),
        "quasi_p": (("key", "side"), p_values),
        "distance": ("key", np.array(list(found.candidates.values()))),
        "stability": ("key", np.array([found.stability.get(key, 0.0) for key in keys])),
    }
    for number, half in enumerate(("chosen", "tested")):
        for part in ("coverage", "density", "mass", "phi"):
            data[f"{half}_{part}"] = ("box", np.array([getattr(row[number], part) for row in found.trajectory]))
    coords = {
        "key": keys,
        "side": ["low", "high"],
        "world": np.arange(len(met)),
        "box": np.arange(len(found.trajectory)),
    }
    attrs = origin_of([scenario], title, FORMAT) | {"where": where}
    for name, one in (("found", found), ("control", control)):
        attrs[name] = json.dumps({"chosen": asdict(one.chosen), "tested": asdict(one.tested), "p_value": one.p_value})
    return xr.Dataset(data, coords=coords, attrs=attrs)

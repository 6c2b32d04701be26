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
"""

import json
from collections.abc import Callable, Mapping
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

    @property
    def significant(self) -> bool:
        """Whether the box is significant on the testing worlds."""
        return bool(self.box.limits) and self.p_value < SIGNIFICANCE


def halves(worlds: int) -> tuple[slice, slice]:
    """Return the choosing and the testing worlds; whole Latin hypercubes of eight in each."""
    middle = worlds // 2 // 8 * 8
    return slice(0, middle), slice(middle, worlds)


def discover(
    values: Mapping[str, Array],
    met: Array,
    least_density: float | None,
    seed: int,
    progress: Callable[[int, int], None],
    *,
    resamples: int = RESAMPLES,
) -> Discovery:
    """Find and test the box. At least FEWEST worlds must meet and fail the condition in each half.

    `values` are key -> (worlds), `met` is (worlds); `seed` draws the resamples, and progress(done, total) counts
    searches.
    """
    choosing, testing = halves(len(met))
    ours = {key: column[choosing] for key, column in values.items()}
    theirs = {key: column[testing] for key, column in values.items()}
    candidates = foremost(ours, met[choosing])
    boxes = peel({key: ours[key] for key in candidates}, met[choosing])
    progress(1, resamples + 1)
    box = choose([prune(b, ours, met[choosing]) for b in boxes], ours, met[choosing], least_density)
    trajectory = [(fit(b, ours, met[choosing]), fit(b, theirs, met[testing]), len(b.limits)) for b in boxes]
    return Discovery(
        box=box,
        quasi_p=quasi_p(box, ours, met[choosing]),
        chosen=fit(box, ours, met[choosing]),
        tested=fit(box, theirs, met[testing]),
        p_value=p_value(box, theirs, met[testing]),
        trajectory=trajectory,
        candidates=candidates,
        stability=_stability(ours, met[choosing], least_density, seed, resamples, progress),
    )


def shuffled(values: Mapping[str, Array], met: Array, least_density: float | None, seed: int) -> Discovery:
    """Search with the condition permuted among the worlds: the negative control."""
    dealt = np.random.default_rng(seed).permutation(met)
    return discover(values, dealt, least_density, seed, lambda *_: None, resamples=0)


def foremost(values: Mapping[str, Array], met: Array) -> dict[str, float]:
    """Return the parameters that enter the search, largest distance first."""
    found = distances(values, met)
    return {key: found[key] for key in sorted(found, key=lambda key: -found[key])[:CANDIDATES]}


def _stability(
    values: Mapping[str, Array],
    met: Array,
    least_density: float | None,
    seed: int,
    resamples: int,
    progress: Callable[[int, int], None],
) -> dict[str, float]:
    """Search again in halves of the choosing worlds; return the share of searches that restrict each parameter."""
    generator = np.random.default_rng(seed)
    counts: dict[str, int] = {}
    for number in range(resamples):
        drawn = np.sort(generator.permutation(len(met))[: len(met) // 2])
        part, hit = {key: column[drawn] for key, column in values.items()}, met[drawn]
        if not hit.any() or hit.all():
            continue
        boxes = peel({key: part[key] for key in foremost(part, hit)}, hit)
        for key in choose([prune(box, part, hit) for box in boxes], part, hit, least_density).limits:
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

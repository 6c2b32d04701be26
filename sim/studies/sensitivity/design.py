"""Designs of sensitivity analysis: the factors that vary, their points, and how a point becomes a world.

A factor is an uncertain parameter, or one of five special ones:

- `calibrated`: which vector of a calibrated set a world draws. Its parameters depend on each other, so that no index
  of one of them alone would be a share; the vector as a whole is drawn independently of all else, and for groups of
  inputs that are independent of each other the variance decomposes (Jacques, Lavergne and Devictor 2006);
- `theory`: all choices of rival theories together, where worlds follow several (those of a set go with its vectors);
- `others`: all other uncertain parameters together, as the worlds of an ensemble draw them;
- `chance`: all draws of a world together, shocks and acts. Taken as one factor with a value (the number of the world
  whose draws are used), chance can be held or changed like any other, so that a step of a parameter is seen under the
  same chance, and the share of the variance that is chance is an index like the rest (Iooss and Ribatet 2009);
- `control`: a dummy parameter without any effect. Its effect is exactly zero if, and only if, nothing else changes
  when it does.

Points lie in the unit cube; the value of a parameter is its quantile (`sim.experiment.design.quantile`).
Sampling: SALib (Iwanaga, Usher and Herman 2022).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.theories import choices_in
from sim.experiment.batch import OPENED, Reduce
from sim.experiment.chance import STREAM, stream
from sim.experiment.design import CALIBRATED, points, quantile, values_at
from sim.experiment.run import Progress, part_of, run
from sim.scenario.scenario import Scenario
from sim.studies.sensitivity.analysis import problem

Array = np.ndarray
SET, THEORY, OTHERS, CHANCE, CONTROL = "calibrated", "theory", "others", "chance", "control"
MORRIS_LEVELS = 4
"""Levels of a parameter in screening: the middles of the four quarters of its distribution."""
WORLD_MONTHS = 1024 * 36
"""World-months in memory at a time, about 520 MB: two blocks, one for each of two cores."""
SECOND = 2**20
"""Number of the first world of the second set: far from the first, since neighbours share a Latin hypercube."""


@dataclass(frozen=True)
class Design:
    """Points of the unit cube in sets of rows: trajectories, or a base point with its exchanges."""

    factors: tuple[str, ...]
    cube: Array
    "(set, row, factor), in (0, 1)"

    @property
    def runs(self) -> int:
        """Number of worlds that it needs."""
        return int(self.cube.shape[0] * self.cube.shape[1])

    def numbers(self, factor: str) -> Array:
        """Return the world numbers of a factor's values, (set, row): world k in set k, another where it moved."""
        base = np.arange(len(self.cube))[:, None]
        if factor not in self.factors:
            return np.broadcast_to(base, self.cube.shape[:2])
        column = self.cube[:, :, self.factors.index(factor)]
        return np.where(column == column[:, :1], base, SECOND + base)


def screening(factors: Sequence[str], trajectories: int, seed: int) -> Design:
    """Return random trajectories of Morris (1991), (trajectory, factors + 1, factor): each row moves one factor.

    Trajectories are not optimised: with hundreds of factors random ones are equally far apart already.
    """
    from SALib.sample import morris

    half = 0.5 / MORRIS_LEVELS
    space = problem(factors, half, 1.0 - half)
    cube = morris.sample(space, trajectories, num_levels=MORRIS_LEVELS, seed=_seed(seed, "screening"))
    return Design(tuple(factors), cube.reshape(trajectories, len(factors) + 1, len(factors)))


def exchanges(factors: Sequence[str], samples: int, seed: int, *, pairs: bool) -> Design:
    """Return Saltelli's (2002, 2010) design on a scrambled Sobol sequence, (sample, row, factor).

    The rows of a sample are a base point, that point with each factor in turn taken from a second one, and the
    second point; for `pairs` also the second with each factor taken from the first. `samples` is a power of two.
    """
    from SALib.sample import sobol

    rows = (2 if pairs else 1) * len(factors) + 2
    cube = sobol.sample(problem(factors), samples, calc_second_order=pairs, seed=_seed(seed, "exchanges"))
    return Design(tuple(factors), np.clip(cube, 1e-9, 1.0 - 1e-9).reshape(samples, rows, len(factors)))


def _seed(seed: int, name: str) -> int:
    """Return a seed for SALib; never zero, which SALib takes for none."""
    return int(stream(seed, f"sensitivity {name}", 0).integers(1, 2**31))


def run_design(
    scenario: Scenario,
    design: Design,
    reduce: Reduce,
    progress: Progress | None = None,
    *,
    centre: bool = False,
    variables: Collection[str] = OPENED,
) -> dict[str, Array]:
    """Run a scenario at every point; return the results of `reduce`, name -> (..., set, row).

    Uncertain parameters that are no factors are drawn as `others`, or with `centre` held at their central values.
    progress(done, total) counts world-months; `variables` are those that `reduce` reads.
    """
    made, theory, chance, others = (design.numbers(name).ravel() for name in (SET, THEORY, CHANCE, OTHERS))
    cube, drawn = design.cube.reshape(-1, len(design.factors)), rivals(scenario)
    parts: list[Mapping[str, Array]] = []
    size = max(1, WORLD_MONTHS // scenario.months)
    for first in range(0, design.runs, size):
        here = slice(first, min(first + size, design.runs))
        worlds = here.stop - first
        report = part_of(progress, first * scenario.months, design.runs * scenario.months)
        given = _values(scenario, design.factors, cube[here], others[here], centre) | {
            key: quantile(scenario.settings[key], points_of(scenario.seed, key, theory[here])) for key in drawn
        }
        if scenario.calibrated:
            given |= values_at(scenario.calibrated, points_of(scenario.seed, CALIBRATED, made[here]))
        parts.append(
            reduce(run(replace(scenario, worlds=worlds), report, given=given, chance=chance[here], variables=variables))
        )
    shape = design.cube.shape[:2]
    joined = {name: np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]}
    return {name: values.reshape(*values.shape[:-1], *shape) for name, values in joined.items()}


def free(scenario: Scenario) -> list[str]:
    """Return the uncertain parameters that worlds draw from their own ranges, not from a calibrated set."""
    return [key for key in scenario.uncertain if not (scenario.calibrated and key in scenario.calibrated.keys)]


def rivals(scenario: Scenario) -> list[str]:
    """Return the choices of theories that worlds draw by themselves."""
    return [key for key in choices_in(scenario) if key in free(scenario)]


def _values(scenario: Scenario, factors: Sequence[str], cube: Array, others: Array, centre: bool) -> dict[str, Array]:
    """Return the values of all parameters with a range of their own at some points, key -> (points)."""
    values = {}
    for key in free(scenario):
        setting = scenario.settings[key]
        if setting.among:
            continue
        if key in factors:
            values[key] = quantile(setting, cube[:, factors.index(key)])
        elif centre:
            values[key] = np.full(len(cube), float(setting.value))
        else:
            values[key] = quantile(setting, points_of(scenario.seed, key, others))
    return values


def points_of(seed: int, key: str, numbers: Array) -> Array:
    """Return the points of one parameter for any worlds, as in `sim.experiment.design.points`."""
    found = np.empty(len(numbers))
    blocks = numbers // STREAM
    for block in np.unique(blocks).tolist():
        mine = blocks == block
        found[mine] = points(seed, key, block * STREAM, STREAM)[numbers[mine] - block * STREAM]
    return found

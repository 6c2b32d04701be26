"""The model for users of the EMA Workbench (Kwakkel 2017): a `Model` with uncertainties, levers and outcomes.

    from ema_workbench import SequentialEvaluator
    from sim.ema import ema_model, worlds_evaluator

    model = ema_model("article", levers=["routes.khasan.capacity"], outcomes=["technology", "rus_prk.practical"])
    with worlds_evaluator(model) as evaluator:          # or SequentialEvaluator(model), MultiprocessingEvaluator(model)
        experiments, outcomes = evaluator.perform_experiments(scenarios=1000, policies=4)

The workbench requires Python names, so points and dashes of keys become underscores: `routes__khasan__capacity`.
Needs `pip install -e ".[evidence]"` in the folder of the project.
"""

import math
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.analysis.measures import READ_BY_HEADLINE, SERIES
from sim.analysis.outcome import needed, outcome
from sim.experiment.design import values_at
from sim.experiment.run import run
from sim.plain import listed, whole
from sim.scenario import PARAMETERS, Scenario, Setting, load, nearest, parameter
from sim.scenario.parameters import SWITCH

Array = np.ndarray
Range = tuple[float, float]
WORLD = "world"
"""Name of the input that chooses the world whose chance (shocks, acts) an experiment meets."""
VECTOR = "vector"
"""Name of the input that chooses the vector of a calibrated set: a level, 0 to 1, of the summed weights."""
BATCH = 512
"""Experiments run together."""


def python_name(key: str) -> str:
    """Return the workbench's name of a parameter or outcome: `pairs.RUS-PRK.openness` is `pairs__RUS_PRK__openness`."""
    return key.replace(".", "__").replace("-", "_").replace("@", "__")


@dataclass(frozen=True)
class Function:
    """The model as a picklable function of named numbers."""

    scenario: Scenario
    outcomes: tuple[str, ...]
    series: tuple[str, ...]

    def __call__(self, **inputs: float) -> dict[str, Any]:
        """Run one experiment and return its outcomes by name.

        A parameter that is not given keeps its central value; `world` is 0 unless given. With `vector` given, a
        parameter of the calibrated set takes its value there.
        """
        return self.many([inputs])[0]

    def many(self, experiments: Sequence[Mapping[str, float]]) -> list[dict[str, Any]]:
        """Run many experiments at once, with the results of single ones.

        Raises KeyError for an unknown parameter, ValueError for a fraction where only whole numbers have a meaning, and
        for a level of vectors beyond 0 to 1.
        """
        worlds = len(experiments)
        chance = np.array([int(inputs.get(WORLD, 0)) for inputs in experiments])
        given = {
            key: np.array([float(inputs.get(name, self.scenario.settings[key].value)) for inputs in experiments])
            for name, key in self._inputs(experiments).items()
        }
        if drawn := self.scenario.calibrated:
            levels = np.array([float(inputs.get(VECTOR, 0.0)) for inputs in experiments])
            if not ((levels >= 0.0) & (levels <= 1.0)).all():
                raise ValueError(f"{VECTOR}: must be a level from 0 to 1 of the summed weights in every experiment")
            for key, values in values_at(drawn, levels).items():
                stated = [python_name(key) in inputs or VECTOR not in inputs for inputs in experiments]
                given[key] = np.where(stated, given[key], values)
        for key, values in given.items():
            if PARAMETERS[key].steps and not np.array_equal(values, np.round(values)):
                raise ValueError(f"{key}: is {PARAMETERS[key].steps}: must be a whole number in every experiment")
        ds = run(replace(self.scenario, worlds=worlds), given=given, chance=chance, variables=self.reads)
        found: dict[str, Array] = {python_name(name): outcome(name).values(ds) for name in self.outcomes}
        found |= {f"{name}_by_month": SERIES[name].values(ds).T for name in self.series}
        return [{name: _plain(values[k]) for name, values in found.items()} for k in range(worlds)]

    @property
    def reads(self) -> tuple[str, ...]:
        """The variables that outcomes and series read."""
        return needed(self.outcomes, READ_BY_HEADLINE if self.series else ())

    def _inputs(self, experiments: Sequence[Mapping[str, float]]) -> dict[str, str]:
        """Return Python name -> key of every parameter that is uncertain or given."""
        names, drawn = (
            {python_name(key): key for key in PARAMETERS},
            [WORLD, *[VECTOR] * bool(self.scenario.calibrated)],
        )
        asked = dict.fromkeys(name for inputs in experiments for name in inputs if name not in drawn)
        for name in asked:
            if name not in names:
                near = nearest(name, names)
                raise KeyError(f"no parameter is called {name!r}" + (f", did you mean {near}?" if near else ""))
        return {python_name(key): key for key in self.scenario.uncertain} | {name: names[name] for name in asked}


def _plain(value: Array) -> Any:
    """Return a number for a scalar, a copy for a series."""
    return float(value) if np.ndim(value) == 0 else np.array(value, dtype=float)


def ema_model(
    scenario: Scenario | str,
    *,
    levers: str | Sequence[str] | Mapping[str, Range] = (),
    outcomes: str | Sequence[str] = ("rus_prk.practical",),
    series: str | Sequence[str] = (),
    uncertainties: str | Sequence[str] | None = None,
    worlds: int = 1,
    name: str = "sim",
) -> Any:
    """Return a `Model` of the EMA Workbench that runs a scenario.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one. One drawn from a calibrated set (`sim.load(..., calibrated=FILE)`) has
        an uncertainty `vector`, uniform from 0 to 1, in place of the parameters of the set: they go together.
    levers
        Keys of parameters that a policy sets, with (low, high); by default their range in the scenario or the bounds
        of the table.
    outcomes
        Names of outcomes (`technology`, `kor.threat`, `rus_prk.practical@2024-12`), scalars in their own units.
    series
        Names of series over months, such as `practical`; outcome `practical_by_month`, (month).
    uncertainties
        Keys or their first parts (`routes.khasan`) of the uncertain parameters to vary, in their unit and distribution;
        None varies all that the scenario leaves uncertain. The others keep their central values.
    worlds
        Number of worlds whose chance the experiments may meet. With 1 all meet that of world 0; with more the world is
        an uncertainty of its own.
    name
        Name of the model in the workbench.

    Raises
    ------
    KeyError, ValueError, OutcomeError
        For unknown names and invalid ranges.
    """
    spec = load(scenario)
    outcomes, series = listed(outcomes), listed(series)
    uncertainties = None if uncertainties is None else listed(uncertainties)
    for one in outcomes:
        outcome(one)
    if strange := [one for one in series if one not in SERIES]:
        raise KeyError(f"no series is called {strange[0]!r}; the series are {', '.join(SERIES)}")
    if (whole(worlds, "the number of worlds") or 0) < 1:
        raise ValueError(f"worlds must be at least 1, found {worlds}")
    ranges = dict(levers) if isinstance(levers, Mapping) else dict.fromkeys(listed(levers))
    with _no_warnings():
        import ema_workbench as ema

        model = ema.Model(name, function=Function(spec, tuple(outcomes), tuple(series)))
        model.uncertainties = _uncertainties(spec, ranges, uncertainties, worlds)
        model.levers = [_lever(key, spec.settings[parameter(key).key], given) for key, given in ranges.items()]
        model.constants = [ema.Constant(WORLD, 0)] if worlds == 1 else []
        model.outcomes = [ema.ScalarOutcome(python_name(one)) for one in outcomes] + [
            ema.TimeSeriesOutcome(f"{one}_by_month") for one in series
        ]
    return model


def _uncertainties(spec: Scenario, levers: Collection[str], prefixes: Sequence[str] | None, worlds: int) -> list[Any]:
    """Return what varies: free parameters, the vector of a calibrated set, and the world whose chance is met."""
    import ema_workbench as ema

    together = spec.calibrated.keys if spec.calibrated else ()
    free = [key for key in spec.uncertain if key not in levers and key not in together and _matches(key, prefixes)]
    vector = [ema.RealParameter(VECTOR, 0.0, 1.0)] if together else []
    chance = [ema.IntegerParameter(WORLD, 0, worlds - 1)] if worlds > 1 else []
    return [*(_uncertainty(key, spec.settings[key]) for key in free), *vector, *chance]


def _matches(key: str, prefixes: Sequence[str] | None) -> bool:
    return prefixes is None or any(key == one or key.startswith(f"{one}.") for one in prefixes)


def _uncertainty(key: str, setting: Setting) -> Any:
    """Return a parameter with its distribution, in its own unit."""
    import ema_workbench as ema
    from scipy import stats

    if setting.among:
        return ema.CategoricalParameter(python_name(key), list(setting.among))
    low, high = float(setting.low or 0.0), float(setting.high or 0.0)
    if setting.distribution == "loguniform":
        return ema.RealParameter.from_dist(python_name(key), stats.loguniform(low, high))
    if setting.distribution == "triangular":
        mode = (float(setting.value) - low) / (high - low)
        return ema.RealParameter.from_dist(python_name(key), stats.triang(mode, loc=low, scale=high - low))
    return ema.RealParameter(python_name(key), low, high)


def _lever(key: str, setting: Setting, given: Range | None) -> Any:
    """Return a parameter that a policy sets. Raises ValueError unless its range is finite and within the table's."""
    import ema_workbench as ema

    row = PARAMETERS[key]
    if row.unit == SWITCH:
        return ema.BooleanParameter(python_name(key))
    if row.choices:
        return ema.CategoricalParameter(python_name(key), [float(number) for number in range(len(row.choices))])
    low, high = given or (setting.low, setting.high)
    if low is None or high is None:
        low, high = row.min, row.max
    if not (math.isfinite(low) and math.isfinite(high) and row.min <= low < high <= row.max):
        raise ValueError(
            f"{key}: a lever needs (low, high) with {row.min:g} <= low < high <= {row.max:g}, in {row.unit}"
        )
    if row.steps:
        return ema.IntegerParameter(python_name(key), math.ceil(low), math.floor(high))
    return ema.RealParameter(python_name(key), float(low), float(high))


def worlds_evaluator(model: Any) -> Any:
    """Return an evaluator that runs the experiments of an `ema_model` as worlds, hundreds at a time.

    Results equal those of experiments run one by one.
    """
    with _no_warnings():
        from ema_workbench.em_framework.evaluators import BaseEvaluator
        from ema_workbench.em_framework.points import experiment_generator

    class WorldsEvaluator(BaseEvaluator):  # type: ignore[misc,unused-ignore]
        def initialize(self) -> None:
            """Do nothing: the model needs no setup."""

        def finalize(self) -> None:
            """Do nothing: there is nothing to close."""

        def evaluate_experiments(self, *designs: Any, **options: Any) -> None:
            """Run experiments (version 3), or scenarios and policies (before); the callback comes last."""
            *points, callback = designs if "callback" not in options else (*designs, options["callback"])
            combine = options.get("combine", "factorial")
            jobs = points[0] if len(points) == 1 else experiment_generator(points[0], self._msis, points[1], combine)
            waiting = list(jobs)
            for first in range(0, len(waiting), BATCH):
                block = waiting[first : first + BATCH]
                for job, output in zip(block, _outputs(model, block), strict=True):
                    callback(job, {o.name: o.process([output[v] for v in o.variable_name]) for o in model.outcomes})

    return WorldsEvaluator(model)


def _outputs(model: Any, block: Sequence[Any]) -> list[dict[str, Any]]:
    constants = {one.name: one.value for one in model.constants}
    inputs = [{**constants, **dict(job.scenario), **dict(job.policy)} for job in block]
    found: list[dict[str, Any]] = model.function.many(inputs)
    return found


@contextmanager
def _no_warnings() -> Iterator[None]:
    """Suppress the import-time warnings of the workbench about extras that are not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

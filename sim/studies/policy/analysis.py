"""Policies over the same worlds: outcomes, countries' scores, and the findings on each outcome."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.measures import READ_BY_HEADLINE, SCORES, Measure, is_whole, measured, score_name
from sim.analysis.origin import labelled, origin_of
from sim.analysis.outcome import OutcomeError, needed
from sim.analysis.paired import Difference, difference
from sim.analysis.quantiles import band
from sim.scenario.event import event_to_dict
from sim.scenario.levers import Lever, Option
from sim.scenario.names import COUNTRIES, GOALS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.policies import Policy, Study
from sim.studies.policy.regret import TIE, Table, complete, regrets, table
from sim.studies.policy.vulnerability import Vulnerability, conditions

Array = np.ndarray
FORMAT = "sim-policy 1"


@dataclass(frozen=True)
class Objective:
    """An outcome to be minimised or maximised."""

    name: str
    measure: Measure
    minimise: bool
    threshold: float | None = None
    "What is good enough, in the unit of the outcome; the median of the reference policy if None."

    @property
    def sign(self) -> float:
        """1 where less is better, -1 where more is."""
        return 1.0 if self.minimise else -1.0

    @property
    def verb(self) -> str:
        """`minimise` or `maximise`."""
        return "minimise" if self.minimise else "maximise"


@dataclass(frozen=True)
class Least:
    """The policy with the least mean regret in the worlds that follow one theory."""

    key: str
    number: int
    "Number of the theory among the names of the choice."
    policy: int
    ahead: float
    "Mean regret of the next best policy less its own, over these worlds, in the unit of the outcome."
    error: float
    "Standard error of that paired difference."


@dataclass(frozen=True)
class Finding:
    """Findings on one outcome."""

    name: str
    words: str
    unit: str
    minimise: bool
    threshold: float
    threshold_given: bool
    table: Table
    regret_conditions: list[Vulnerability]
    "Parameters that correlate with the regret of the robust policy; of the first outcome only."
    outcome_conditions: list[Vulnerability]
    "The same with its outcome, in the unit and with the sign of the outcome."
    same: tuple[tuple[int, int], ...]
    "Policies whose outcome is the same in all worlds, each with the first such one."
    least: list[Least]
    "The policy with the least mean regret under each rival theory; empty where all worlds follow one."

    @property
    def unchanged(self) -> bool:
        """Whether the outcome is the same under all policies, in each world."""
        return len(self.same) == len(self.table.mean) - 1

    def tied(self, k: int, other: int) -> bool:
        """Return whether the outcome is the same under two policies, in each world."""
        firsts = dict(self.same)
        return firsts.get(k, k) == firsts.get(other, other)


def reducer(objectives: Sequence[Objective]) -> Callable[[xr.Dataset], dict[str, Array]]:
    """Return the function that keeps the outcomes and scores of some worlds."""
    wanted = {objective.name: objective.measure for objective in objectives} | dict(SCORES)
    return lambda ds: measured(ds, wanted)


def read_by(objectives: Sequence[Objective]) -> tuple[str, ...]:
    """Return the variables that this function reads."""
    return needed([objective.name for objective in objectives], READ_BY_HEADLINE)


def kept_bytes(policies: int, objectives: int, worlds: int) -> int:
    """Return the memory of the numbers kept, twice for what is computed from them."""
    return 16 * policies * worlds * (2 * objectives + len(SCORES))


def dataset(
    study: Study, objectives: Sequence[Objective], runs: Sequence[Mapping[str, Array]], title: str
) -> xr.Dataset:
    """Return outcome and regret (objective, policy, world) and scores (policy, country, goal, world)."""
    outcome = np.array([[run[objective.name] for run in runs] for objective in objectives])
    regret = np.full(outcome.shape, np.nan)
    for k, objective in enumerate(objectives):
        whole = complete(outcome[k])
        regret[k][:, whole] = regrets(objective.sign * outcome[k][:, whole])
    score = np.array([[[run[score_name(c, goal)] for goal in GOALS] for c in COUNTRIES] for run in runs])
    data: dict[str, Any] = {
        "outcome": labelled(("objective", "policy", "world"), outcome, "outcome, in its own unit"),
        "regret": labelled(("objective", "policy", "world"), regret, "regret, in the unit of the outcome"),
        "score": labelled(("policy", "country", "goal", "world"), score, "score at the end", "1"),
    }
    coords: dict[str, Any] = {
        "objective": [objective.name for objective in objectives],
        "direction": ("objective", [objective.verb for objective in objectives]),
        "meaning": ("objective", [objective.measure.words for objective in objectives]),
        "unit": ("objective", [objective.measure.unit for objective in objectives]),
        "policy": [policy.name for policy in study.policies],
        "country": list(COUNTRIES),
        "goal": list(GOALS),
        "world": np.arange(study.scenario.worlds),
    }
    attrs = origin_of([study.scenario], title, FORMAT) | {
        "levers": study.name,
        "levers_title": study.title,
        "question": study.question,
        "policies": json.dumps([_policy(policy) for policy in study.policies]),
        "options": json.dumps([_described(lever, option) for lever in study.levers for option in lever.options]),
    }
    return xr.Dataset(data, coords=coords, attrs=attrs)


def _policy(policy: Policy) -> dict[str, Any]:
    choices = {label: option.name for label, option in policy.choices.items()}
    return {"name": policy.name, "why": policy.why, "hash": policy.scenario.hash, "choices": choices}


def _described(lever: Lever, option: Option) -> dict[str, Any]:
    """Return what an option changes, with file and line."""
    return {
        "lever": lever.label,
        "option": option.name,
        "why": option.why,
        "settings": {key: asdict(setting) for key, setting in option.settings.items()},
        "events": [event_to_dict(event) for event in option.events],
    }


def policies_of(ds: xr.Dataset) -> list[str]:
    """Return the names of the policies; the first is the reference."""
    return [str(name) for name in ds["policy"].values]


def alike(objectives: Sequence[Objective], run: Mapping[str, Array]) -> Iterator[tuple[str, float]]:
    """Yield the outcomes that are the same in all worlds of the first run, the reference, each with its value.

    Raises OutcomeError for one without a value in any of them: whatever the other policies do, it cannot rank.
    """
    for name in (objective.name for objective in objectives):
        values = run[name][np.isfinite(run[name])]
        if not values.size:
            raise OutcomeError(f"{name} has no value in any world under the reference; choose another outcome")
        if values.size > 1 and np.ptp(values) <= TIE * np.abs(values).max():
            yield name, float(values[0])


def findings(ds: xr.Dataset, objectives: Sequence[Objective], uncertain: Mapping[str, Array]) -> list[Finding]:
    """Return the findings on each objective; `uncertain` are the parameters that worlds draw, key -> (world).

    Raises OutcomeError for an outcome that is missing everywhere or the same everywhere.
    """
    found = []
    for k, objective in enumerate(objectives):
        outcome = ds["outcome"].values[k]
        whole = complete(outcome)
        if not whole.any():
            raise OutcomeError(f"{objective.name} has no value in any world under all policies; choose another outcome")
        if np.ptp(outcome[:, whole]) <= TIE * np.abs(outcome[:, whole]).max(initial=0.0):
            value = f"{outcome[:, whole].flat[0]:.4g}"
            raise OutcomeError(
                f"{objective.name} is {value} in every world under every policy, so it cannot rank policies; "
                "choose another outcome, or more --months"
            )
        median = band(outcome[0, whole], whole=is_whole(objective.name)).mid
        threshold = objective.threshold if objective.threshold is not None else median
        seen = table(outcome, objective.sign, threshold)
        regret = ds["regret"].values[k][seen.by_regret.best, whole]
        mine = objective.sign * outcome[seen.by_regret.best, whole]
        values = {key: column[whole] for key, column in uncertain.items()} if k == 0 else {}
        theories = {key: values.pop(key) for key in tuple(values) if PARAMETERS[key].choices}
        found.append(
            Finding(
                name=objective.name,
                words=objective.measure.words,
                unit=objective.measure.unit,
                minimise=objective.minimise,
                threshold=threshold,
                threshold_given=objective.threshold is not None,
                table=seen,
                regret_conditions=conditions(regret, values),
                outcome_conditions=[one.times(objective.sign) for one in conditions(mine, values)],
                same=_sames(outcome[:, whole]),
                least=[
                    least
                    for key, numbers in theories.items()
                    for least in least_by_theory(key, ds["regret"].values[k][:, whole], numbers)
                ],
            )
        )
    return found


def least_by_theory(key: str, regret: Array, numbers: Array) -> list[Least]:
    """Return the policy with the least mean `regret`, (policy, world), in the worlds of each theory.

    `numbers` (world) says which theory of the choice `key` a world follows.
    """
    found = []
    for number in np.unique(numbers).tolist():
        mine = regret[:, numbers == number]
        best = int(np.argmin(mine.mean(axis=1)))
        ahead = np.delete(mine, best, axis=0) - mine[best]
        nearest = ahead[int(np.argmin(ahead.mean(axis=1)))] if len(ahead) else np.zeros(0)
        many = len(nearest) > 1
        error = float(nearest.std(ddof=1) / np.sqrt(nearest.size)) if many else float("nan")
        found.append(Least(key, int(number), best, float(nearest.mean()) if many else float("nan"), error))
    return found


def _sames(outcome: Array) -> tuple[tuple[int, int], ...]:
    """Return pairs of a policy and the first one with the same outcome in all worlds."""
    pairs = []
    for k in range(1, len(outcome)):
        close = np.abs(outcome[:k] - outcome[k]).max(axis=1) <= TIE * np.abs(outcome).max()
        if close.any():
            pairs.append((k, int(np.argmax(close))))
    return tuple(pairs)


def from_reference(ds: xr.Dataset, objective: int, policy: int) -> Difference:
    """Return the paired difference of a policy from the reference."""
    return difference(ds["outcome"].values[objective, 0], ds["outcome"].values[objective, policy])


def score_change(ds: xr.Dataset, goals: Sequence[str]) -> tuple[Array, Array]:
    """Return mean and standard error of the paired change of the mean of some goals, both (policy, country)."""
    scores = ds["score"].sel(goal=list(goals)).mean("goal").values
    step = scores - scores[:1]
    worlds = step.shape[-1]
    error = step.std(axis=-1, ddof=1) / np.sqrt(worlds) if worlds > 1 else np.full(step.shape[:-1], np.inf)
    return step.mean(axis=-1), error

"""The value of information of one ensemble: of every parameter and group, for outcomes or for a decision."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.measures import Measure
from sim.analysis.origin import labelled, origin_of
from sim.scenario import Scenario
from sim.scenario.policies import Study
from sim.studies.information import decision, variance
from sim.studies.information.ranges import ends_of_set, kept_range
from sim.studies.information.regression import PERMUTATIONS, Drawn, Smooth, chosen, fewest_worlds, smooth

Array = np.ndarray
Groups = Mapping[str, Sequence[str]]
FORMAT = "sim-information 1"
SHARE = "share of the variance"
"""Unit of the value for an outcome; that for a decision is the unit of its outcome."""


@dataclass(frozen=True)
class Decision:
    """A choice among policies by the mean of one outcome."""

    study: Study
    minimise: bool

    @property
    def verb(self) -> str:
        """`minimise` or `maximise`."""
        return "minimise" if self.minimise else "maximise"


NOTHING = variance.Worth(*(np.zeros(0) for _ in range(3)))
"""The worth of no group at all."""


def usual_groups(keys: Sequence[str], worlds: int) -> tuple[dict[str, list[str]], list[str]]:
    """Return the groups by the first part of the keys, and the names of those too large for so many worlds."""
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault(key.partition(".")[0], []).append(key)
    whole = {name: mine for name, mine in groups.items() if 1 < len(mine) < len(keys)}
    large = [name for name, mine in whole.items() if fewest_worlds(len(mine)) > worlds]
    return {name: mine for name, mine in whole.items() if name not in large}, large


def of_outcomes(
    scenario: Scenario,
    title: str,
    measures: Mapping[str, Measure],
    results: Mapping[str, Array],
    drawn: Mapping[str, Array],
    groups: Groups,
    how: Drawn,
) -> xr.Dataset:
    """Return what learning each parameter and group removes of the variance of each outcome.

    `results` are outcome -> (world) and may be missing in some worlds, `drawn` are key -> (world), drawn as `how`
    says. Every outcome must vary.
    """
    found: dict[str, list[Array]] = {}
    for name in measures:
        known = np.isfinite(results[name])
        values, mine = results[name][known], {key: column[known] for key, column in drawn.items()}
        here = how.only(known)
        shuffles = here.shuffles(len(values))
        singles = [smooth({key: column}) for key, column in mine.items()]
        joint = [smooth(chosen(mine, keys), here.cases) for keys in groups.values()]
        each, total = variance.removed(singles, values, shuffles, here)
        _add(found, "worth", each)
        _add(found, "group_worth", variance.removed(joint, values, shuffles, here)[0] if joint else NOTHING)
        numbers = {"total": total.value[0], "total_error": total.error[0], "mean": values.mean(), "sd": values.std()}
        for kind, number in (numbers | {"known": known.sum()}).items():
            found.setdefault(kind, []).append(np.asarray(number))
    ds = _dataset(scenario, title, measures, found, drawn, (groups, joint), SHARE)
    ds["result"] = labelled(("outcome", "world"), [results[name] for name in measures], "outcome, in its own unit")
    return ds


def of_decision(
    choice: Decision,
    title: str,
    named: tuple[str, Measure],
    results: Array,
    drawn: Mapping[str, Array],
    groups: Groups,
    how: Drawn,
) -> xr.Dataset:
    """Return what learning each parameter and group is worth to a choice among policies.

    `results` are the outcome under each policy, (policy, world); worlds without a number under any are left out.
    """
    name, measure = named
    known = np.isfinite(results).all(axis=0)
    benefit = (-1.0 if choice.minimise else 1.0) * results[:, known]
    mine = {key: column[known] for key, column in drawn.items()}
    here = how.only(known)
    shuffles = here.shuffles(benefit.shape[1], decision.PERMUTATIONS)
    found: dict[str, list[Array]] = {}
    _add(found, "worth", decision.partial([smooth({key: v}) for key, v in mine.items()], benefit, shuffles, here))
    joint = [smooth(chosen(mine, keys), here.cases) for keys in groups.values()]
    _add(found, "group_worth", decision.partial(joint, benefit, shuffles, here) if joint else NOTHING)
    everything, error = decision.perfect(benefit, here)
    best = int(np.argmax(benefit.mean(axis=1)))
    numbers = {"total": everything, "total_error": error, "mean": results[best, known].mean(), "known": known.sum()}
    for kind, number in (numbers | {"sd": results[best, known].std()}).items():
        found.setdefault(kind, []).append(np.asarray(number))
    policies = [policy.name for policy in choice.study.policies]
    ds = _dataset(choice.study.scenario, title, {name: measure}, found, drawn, (groups, joint), measure.unit)
    ds["result"] = labelled(("policy", "world"), results, "outcome, in its own unit")
    ds = ds.assign_coords(policy=policies)
    first = benefit == benefit.max(axis=0)
    often = (first / first.sum(axis=0)).mean(axis=1)
    ds["best_share"] = labelled("policy", often, "share of the worlds in which it is the best; of k equal ones, 1/k")
    attrs = {"decision": choice.verb, "levers": choice.study.name, "best": policies[best]}
    return ds.assign_attrs(attrs, permutations=decision.PERMUTATIONS)


def is_decision(ds: xr.Dataset) -> bool:
    """Return whether the values are those of a decision, not shares of a variance."""
    return "decision" in ds.attrs


def _add(found: dict[str, list[Array]], kind: str, worth: variance.Worth) -> None:
    for end, values in (("", worth.value), ("_error", worth.error), ("_floor", worth.floor)):
        found.setdefault(f"{kind}{end}", []).append(values)


def _dataset(
    scenario: Scenario,
    title: str,
    measures: Mapping[str, Measure],
    found: Mapping[str, Sequence[Array]],
    drawn: Mapping[str, Array],
    made: tuple[Groups, Sequence[Smooth]],
    unit: str,
) -> xr.Dataset:
    groups, joint = made
    words = {
        "worth": "value of learning the parameter",
        "group_worth": "value of learning the parameters of the group together",
        "total": "sum of the values of all parameters; for a decision, the value of knowing everything",
    }
    data: dict[str, Any] = {}
    for kind, values in found.items():
        dims = "parameter" if kind.startswith("worth") else "group" if kind.startswith("group") else ""
        meaning = next((text for start, text in words.items() if kind.startswith(start)), kind)
        end = {"error": ", standard error", "floor": ", reached by noise in one of twenty cases"}
        text = meaning + end.get(kind.rpartition("_")[2], "")
        data[kind] = labelled(("outcome", dims) if dims else ("outcome",), np.array(values), text)
    settings = [scenario.settings[key] for key in drawn]
    of_set = [ends_of_set(key, scenario, column) for key, column in drawn.items()]
    coords: dict[str, Any] = {
        "outcome": list(measures),
        "meaning": ("outcome", [measure.words for measure in measures.values()]),
        "unit": ("outcome", [measure.unit for measure in measures.values()]),
        "parameter": list(drawn),
        "low": ("parameter", [np.nan if one.low is None else one.low for one in settings]),
        "high": ("parameter", [np.nan if one.high is None else one.high for one in settings]),
        "range": ("parameter", [kept_range(key, scenario, ends) for key, ends in zip(drawn, of_set, strict=True)]),
        "group": list(groups),
        "products": ("group", np.array([one.products for one in joint], dtype=np.int8)),
        "world": np.arange(scenario.worlds),
    }
    if scenario.calibrated:
        coords |= {f"set_{end}": ("parameter", [ends[k] for ends in of_set]) for k, end in enumerate(("low", "high"))}
    attrs = origin_of([scenario], title, FORMAT) | {"worth_unit": unit, "permutations": PERMUTATIONS}
    attrs["others"] = len(set(scenario.uncertain) - set(drawn))
    attrs["groups"] = json.dumps({name: list(keys) for name, keys in groups.items()})
    return xr.Dataset(data, coords=coords, attrs=attrs)

"""The value of information in sentences: what to learn first, and how much is noise."""

import json
from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.analysis.quantiles import Z_90
from sim.present.by_rule import parameter_name
from sim.present.naming import measure_words, policy_name
from sim.present.words import capital, percent, quantity, significant, span, unit_words
from sim.scenario.parameters import PARAMETERS, TABLE
from sim.studies.information.analysis import is_decision
from sim.studies.information.ranges import drawn_range
from sim.studies.information.regression import ALPHA
from sim.texts.spoken import few, joined, number_of, said, written

MOST_NAMED = 5


def say(key: str, /, **fills: object) -> str:
    """Return a text of the value of information, with its placeholders filled in."""
    return said(f"information.{key}", **fills)


def over_set(ds: xr.Dataset) -> bool:
    """Return whether the worlds draw the vectors of a calibrated set."""
    return "calibrated" in json.loads(ds.attrs["scenarios"])[0]


def ranked(ds: xr.Dataset, outcome: str, dim: str = "parameter") -> list[str]:
    """Return the parameters, or the groups, by their value for an outcome, the largest first."""
    values = ds["worth" if dim == "parameter" else "group_worth"].sel(outcome=outcome).values
    return [str(ds[dim].values[k]) for k in np.argsort(-values, kind="stable")]


def numbers(ds: xr.Dataset, outcome: str, name: str, dim: str = "parameter") -> tuple[float, float, float]:
    """Return value, standard error and floor of noise of a parameter or a group."""
    kind = "worth" if dim == "parameter" else "group_worth"
    found = ds.sel({"outcome": outcome, dim: name})
    return float(found[kind]), float(found[f"{kind}_error"]), float(found[f"{kind}_floor"])


def above(ds: xr.Dataset, outcome: str, dim: str = "parameter") -> list[str]:
    """Return those whose value exceeds the noise, the largest first."""
    return [name for name in ranked(ds, outcome, dim) if exceeds(*numbers(ds, outcome, name, dim))]


def rivals(ds: xr.Dataset, outcome: str, keys: list[str]) -> list[str]:
    """Return those that may be worth as much as the first of `keys`, which are in order of their value.

    The first may be first by luck alone, so the difference must hold against all others at once (comparison with the
    best, Hsu 1981, here with Bonferroni's limit and 95 %).
    """
    from scipy.stats import norm

    value, error, _ = numbers(ds, outcome, keys[0])
    reach = norm.ppf(1.0 - ALPHA / max(len(keys) - 1, 1))
    found = {key: numbers(ds, outcome, key) for key in keys[1:]}
    return [key for key, one in found.items() if value - one[0] <= reach * np.hypot(error, one[1])]


def exceeds(value: float, _: float, floor: float) -> bool:
    """Return whether a value exceeds its floor of noise."""
    return value > max(floor, 0.0)


def amount(ds: xr.Dataset, value: float, error: float) -> str:
    """Return `34 % (31 to 37)`, or `0.12 (0.08 to 0.16) points` for a decision, with the interval of 90 %."""
    low, high = max(value - Z_90 * error, 0.0), max(value + Z_90 * error, 0.0)
    if not is_decision(ds):
        return say("share", value=share(value), low=share(low), high=share(min(high, 1.0)))
    return f"{significant(value, 2)} ({span(low, high, 2)}){unit_words(str(ds['unit'].values[0]))}"


def share(value: float) -> str:
    """Return a share in per cent with two significant digits at most, and one decimal at most."""
    percent = 100.0 * min(value, 1.0)
    return written(f"{percent:.0f}" if abs(percent) >= 9.95 else f"{round(percent, 1) + 0.0:g}")


def origin(ds: xr.Dataset, key: str) -> str:
    """Return where the range of a parameter was set, such as `--set`; empty for that of the table of parameters."""
    found = str(json.loads(ds.attrs["scenarios"])[0]["settings"][key]["origin"])
    return "" if found.partition(":")[0] == TABLE else found


def grounds(ds: xr.Dataset, key: str) -> str:
    """Return whether a range is assumed or has a source, is set by the scenario, or is a choice of theories."""
    row = PARAMETERS[key]
    if row.choices:
        return "theory"
    return "set" if origin(ds, key) else "assumed" if row.source.startswith("assumed") else "sourced"


def grounds_words(ds: xr.Dataset, key: str) -> str:
    """Return these grounds in the language that is spoken."""
    return say(f"grounds.{grounds(ds, key)}")


def described(ds: xr.Dataset, key: str) -> str:
    """Return `key` with its meaning, range and grounds."""
    fills = {"meaning": parameter_name(key), "range": drawn_range(ds, key), "grounds": grounds_words(ds, key)}
    return say("described", key=key, **fills)


def _assumed(ds: xr.Dataset, keys: Sequence[str]) -> str:
    """Return how many of some parameters have a number that is assumed, and how many one that the scenario sets."""
    kinds = [grounds(ds, key) for key in keys]
    assumed, made = kinds.count("assumed"), kinds.count("set")
    if len(keys) == 1:
        return say(f"exceed.assumed.alone_{kinds[0]}")
    which = "none" if not assumed else "all" if assumed == len(keys) else "some"
    told = say(f"exceed.assumed.{which}", assumed=assumed, n=len(keys))
    return f"{told} {say(f'exceed.set.{number_of(made)}', n=made)}" if made else told


def findings(ds: xr.Dataset, outcome: str) -> list[str]:
    """Return the findings for an outcome in a few sentences."""
    one, keys = ds.sel(outcome=outcome), above(ds, outcome)
    lines = [_setting(ds, one)]
    many = number_of(len(keys)) if keys else "none"
    exceeding = say(f"exceed.{many}", n=len(keys), all=ds.sizes["parameter"], floor=_floor(ds, outcome))
    if keys:
        lines += _first(ds, one, keys)
        lines.append(f"{exceeding} {_assumed(ds, keys)}")
    else:
        lines += [exceeding, say("exceed.nothing")]
    return [*lines, *_groups(ds, outcome), *_below(ds, outcome), _whole(ds, one)]


def _first(ds: xr.Dataset, one: xr.Dataset, keys: list[str]) -> list[str]:
    """Return what to learn first, what may be worth as much, and what comes next; keys exceed the noise."""
    outcome = str(one["outcome"].values)
    value, error, _ = numbers(ds, outcome, keys[0])
    fills = {"what": described(ds, keys[0]), "amount": amount(ds, value, error)}
    if is_decision(ds):
        lines = [say("first.decision", **fills)]
    else:
        unit, sd = str(one["unit"].values), float(one["sd"])
        left = quantity(sd * np.sqrt(1.0 - min(value, 1.0)), unit)
        lines = [say("first.variance", sd=significant(sd), left=left, **fills)]
    if equal := rivals(ds, outcome, keys):
        names = few([f"`{key}`" for key in equal], MOST_NAMED)
        lines.append(say(f"first.rivals.{number_of(len(equal))}", names=names))
    if len(keys) > 1:
        lines.append(say("first.next", told=_worth(ds, outcome, keys[1:MOST_NAMED])))
    return lines


def _worth(ds: xr.Dataset, outcome: str, names: list[str], dim: str = "parameter") -> str:
    return joined(*(f"`{name}` {amount(ds, *numbers(ds, outcome, name, dim)[:2])}" for name in names))


def _groups(ds: xr.Dataset, outcome: str) -> list[str]:
    """Return what groups are worth, how many do not exceed the noise, and which are sums of single curves."""
    groups, every, lines = above(ds, outcome, "group"), ds.sizes["group"], []
    if groups:
        lines.append(say("group.worth", told=_worth(ds, outcome, groups[:MOST_NAMED], "group")))
    if rest := every - len(groups):
        lines.append(say(f"group.noise.{number_of(rest)}", n=rest, all=every))
    if additive := [str(name) for name in ds["group"].values[ds["products"].values == 0]]:
        cases = say("cases.vectors" if over_set(ds) else "cases.worlds")
        names = ", ".join(f"`{name}`" for name in additive)
        lines.append(say(f"group.few.{number_of(len(additive))}", cases=cases, names=names))
    return lines


def below(ds: xr.Dataset, outcome: str) -> list[str]:
    """Return the parameters and groups that a decision loses by: their interval of 90 % lies below zero."""
    if not is_decision(ds):
        return []
    every = [(name, dim) for dim in ("parameter", "group") for name in reversed(ranked(ds, outcome, dim))]
    found = [(name, numbers(ds, outcome, name, dim)) for name, dim in every]
    return [name for name, (value, error, _) in found if value + Z_90 * error < 0.0]


def _below(ds: xr.Dataset, outcome: str) -> list[str]:
    """Return what a value below zero means, where there is one."""
    if not (names := below(ds, outcome)):
        return []
    return [say(f"below.{number_of(len(names))}", names=few([f"`{name}`" for name in names], MOST_NAMED))]


def outcome_words(one: xr.Dataset) -> str:
    """Return what an outcome is, in the language that is spoken; `one` are its data."""
    return measure_words(str(one["outcome"].values), str(one["meaning"].values))


def _setting(ds: xr.Dataset, one: xr.Dataset) -> str:
    unit, mean = str(one["unit"].values), float(one["mean"])
    fills = {"outcome": capital(outcome_words(one)), "name": one["outcome"].values, "mean": quantity(mean, unit)}
    if is_decision(ds):
        often = percent(float(ds["best_share"].sel(policy=ds.attrs["best"])))
        key = f"setting.{ds.attrs['decision']}"
        best = policy_name(ds.attrs["levers"], ds.attrs["best"])
        told = say(key, best=best, n=ds.sizes["policy"], often=often, **fills)
        if tied := _tied(ds):
            told = f"{told} {say('setting.tied.whole', names=few(tied, MOST_NAMED))}"
    else:
        told = say("setting.variance", sd=quantity(float(one["sd"]), unit), **fills)
    left = int(ds.attrs["worlds"]) - int(one["known"])
    return f"{told} {say(f'left_out.{number_of(left)}', n=written(f'{left:,}'))}" if left else told


def _tied(ds: xr.Dataset) -> list[str]:
    """Return the policies with the outcome of the best in every world, in quotation marks."""
    best = ds["result"].sel(policy=ds.attrs["best"])
    same = ((ds["result"] == best) | (ds["result"].isnull() & best.isnull())).all("world")
    names = [str(name) for name in ds["policy"].values[same.values] if name != ds.attrs["best"]]
    return [say("setting.tied.name", name=policy_name(ds.attrs["levers"], name)) for name in names]


def _floor(ds: xr.Dataset, outcome: str) -> str:
    return floor_words(ds, float(ds["worth_floor"].sel(outcome=outcome).max()))


def floor_words(ds: xr.Dataset, floor: float) -> str:
    """Return a floor of noise with the digits and the unit of the value beside it: `8.7 %`, `0.12 points`."""
    reached = max(floor, 0.0)
    return quantity(reached, str(ds["unit"].values[0]), 2) if is_decision(ds) else share_words(reached)


def share_words(value: float) -> str:
    """Return `8.7 %`."""
    return said("printed.number.percent", number=share(value))


def _whole(ds: xr.Dataset, one: xr.Dataset) -> str:
    fills = {"amount": amount(ds, float(one["total"]), float(one["total_error"]))}
    shared = say("whole.vectors")
    if is_decision(ds):
        told = say("whole.decision", **fills)
        return f"{told} {say('whole.tied')} {shared}" if over_set(ds) else told
    if over_set(ds):
        return f"{say('whole.overlap')} {shared}"
    n, others = ds.sizes["parameter"], int(ds.attrs.get("others", 0))
    which = "all" if not others else number_of(others)
    rest = say(f"whole.rest.{which}", n=others)
    told = "alone" if n == 1 else "these" if others else "all"
    return say(f"whole.variance.{told}", n=n, rest=rest, **fills)


def title_of(ds: xr.Dataset) -> str:
    """Return the title of a study in the language that is spoken."""
    (scenario,) = json.loads(ds.attrs["scenario_names"])
    fills = {"scenario": scenario, "outcomes": ", ".join(map(str, ds["outcome"].values))}
    if not is_decision(ds):
        return say("title.outcomes", **fills)
    return say(f"title.{ds.attrs['decision']}", levers=ds.attrs["levers"], **fills)


def group_keys(ds: xr.Dataset) -> dict[str, list[str]]:
    """Return the parameters of each group."""
    return {str(name): list(keys) for name, keys in json.loads(ds.attrs["groups"]).items()}

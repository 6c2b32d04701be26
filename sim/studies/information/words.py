"""The value of information in sentences: what to learn first, and how much is noise."""

import json

import numpy as np
import xarray as xr

from sim.analysis.quantiles import Z_90
from sim.present.words import capital, percent, quantity, significant, span, unit_words
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import few
from sim.studies.information.analysis import is_decision
from sim.studies.information.regression import ALPHA

MOST_NAMED = 5
INTERVAL = "90 %"
NOISE = "noise alone lifts any of them so far in one of twenty cases"


CLUSTERS = "Noise and intervals count vectors, not worlds."


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
        return f"{share(value)} % ({share(low)} to {share(min(high, 1.0))})"
    unit = str(ds["unit"].values[0])
    return f"{significant(value, 2)} ({span(low, high, 2)}){unit_words(unit)}"


def share(value: float) -> str:
    """Return a share in per cent with two significant digits at most, and one decimal at most."""
    percent = 100.0 * min(value, 1.0)
    return f"{percent:.0f}" if abs(percent) >= 9.95 else f"{round(percent, 1) + 0.0:g}"


def grounds(key: str) -> str:
    """Return whether the number of a parameter is assumed or has a source, or whether it is a choice of theories."""
    row = PARAMETERS[key]
    return "theory" if row.choices else "assumed" if row.source.startswith("assumed") else "sourced"


def drawn_range(ds: xr.Dataset, key: str) -> str:
    """Return what worlds draw a parameter from."""
    return str(ds["range"].sel(parameter=key).values)


def described(ds: xr.Dataset, key: str) -> str:
    """Return `key` with its meaning, range and grounds."""
    return f"`{key}` ({PARAMETERS[key].meaning}; {drawn_range(ds, key)}, {grounds(key)})"


def findings(ds: xr.Dataset, outcome: str) -> list[str]:
    """Return the findings for an outcome in a few sentences."""
    one, keys, everything = ds.sel(outcome=outcome), above(ds, outcome), [str(key) for key in ds["parameter"].values]
    lines = [_setting(ds, one)]
    counts = f"{len(keys)} of {len(everything)} unknowns exceed the noise ({NOISE}: {_floor(ds, outcome)})."
    if not keys:
        lines += [counts, "Nothing is worth learning alone, as far as these worlds can show."]
    else:
        value, error, _ = numbers(ds, outcome, keys[0])
        lines.append(f"Learn {described(ds, keys[0])} first: {_effect(ds, one, value, error)}.")
        if equal := rivals(ds, outcome, keys):
            lines.append(f"Not distinguished from it: {few([f'`{key}`' for key in equal], MOST_NAMED)}.")
        if len(keys) > 1:
            rest = (f"`{key}` {amount(ds, *numbers(ds, outcome, key)[:2])}" for key in keys[1:MOST_NAMED])
            lines.append(f"Next: {'; '.join(rest)}.")
        assumed = sum(grounds(key) == "assumed" for key in keys)
        lines.append(f"{counts} {assumed} of these {len(keys)} are assumed.")
    if groups := above(ds, outcome, "group"):
        every = (f"`{name}` {amount(ds, *numbers(ds, outcome, name, 'group')[:2])}" for name in groups[:MOST_NAMED])
        lines.append(f"Learnt together, as groups: {'; '.join(every)}.")
    if ds.sizes["group"] > len(groups):
        lines.append(f"{ds.sizes['group'] - len(groups)} of {ds.sizes['group']} groups do not exceed the noise.")
    if additive := [str(name) for name in ds["group"].values[ds["products"].values == 0]]:
        cases, names = "vectors" if over_set(ds) else "worlds", ", ".join(f"`{name}`" for name in additive)
        lines.append(
            f"With so few {cases} the groups {names} are sums of single curves; what their parameters do only together "
            "is left out."
        )
    return [*lines, _whole(ds, one)]


def _setting(ds: xr.Dataset, one: xr.Dataset) -> str:
    unit, mean = str(one["unit"].values), float(one["mean"])
    name = f"{capital(str(one['meaning'].values))} (`{one['outcome'].values}`)"
    left = int(ds.attrs["worlds"]) - int(one["known"])
    lost = f" {left:,} worlds without a number are left out." if left else ""
    if not is_decision(ds):
        return f"{name}: mean {quantity(mean, unit)}, standard deviation {quantity(float(one['sd']), unit)}.{lost}"
    often = float(ds["best_share"].sel(policy=ds.attrs["best"]))
    return (
        f'{name}, to be {ds.attrs["decision"]}d on average over the worlds: "{ds.attrs["best"]}" is the best of '
        f"{ds.sizes['policy']} policies ({quantity(mean, unit)}), and the best in {percent(often)} of the worlds (a "
        f"tie of k policies counts 1/k).{lost}"
    )


def _effect(ds: xr.Dataset, one: xr.Dataset, value: float, error: float) -> str:
    words = amount(ds, value, error)
    if is_decision(ds):
        return f"choosing by it brings {words} more on average than choosing without"
    unit, sd = str(one["unit"].values), float(one["sd"])
    left = significant(sd * np.sqrt(1.0 - min(value, 1.0)))
    return (
        f"it removes {words} of the variance, so that the standard deviation falls from {significant(sd)} to "
        f"{left}{unit_words(unit)}"
    )


def _floor(ds: xr.Dataset, outcome: str) -> str:
    worst = float(ds["worth_floor"].sel(outcome=outcome).max())
    unit = "" if not is_decision(ds) else unit_words(str(ds["unit"].values[0]))
    return f"{share(max(worst, 0.0))} %" if not is_decision(ds) else f"{significant(max(worst, 0.0), 2)}{unit}"


def _whole(ds: xr.Dataset, one: xr.Dataset) -> str:
    words = amount(ds, float(one["total"]), float(one["total_error"]))
    if is_decision(ds):
        told = f"Knowing everything, chance included, would be worth {words}; nothing can be worth more."
        tied = "Parameters of a vector of the calibrated set go together: learning one tells of others."
        return f"{told} {tied} {CLUSTERS}" if over_set(ds) else told
    if over_set(ds):
        return (
            "Parameters of a vector of the calibrated set go together: learning one tells of others, so these shares "
            f"overlap and do not add up. {CLUSTERS}"
        )
    count = ds.sizes["parameter"]
    rest = "the rest is chance, and what parameters do only together"
    return f"One by one, all {count} make {words} of the variance; {rest}."


def group_keys(ds: xr.Dataset) -> dict[str, list[str]]:
    """Return the parameters of each group."""
    return {str(name): list(keys) for name, keys in json.loads(ds.attrs["groups"]).items()}

"""Findings of a sensitivity analysis in words: which parameters matter, in which direction, how much is chance."""

import json

import numpy as np
import xarray as xr

from sim.analysis.quantiles import Band
from sim.present.by_rule import parameter_name
from sim.present.naming import claims_words, measure_words, scale_words
from sim.present.words import capital, number, percent, significant, unit_name, with_band
from sim.scenario.parameters import PARAMETERS
from sim.studies.sensitivity.analysis import FEW, LEVEL
from sim.texts.spoken import foreign, joined, number_of, said

SPECIAL = ("calibrated", "theory", "others", "chance", "control")
"""Factors that are no parameters; the names are those of `sim.studies.sensitivity.design`."""
TREATED = {"drawn": "drawn as in an ensemble", "centre": "held at their central values"}
"""How parameters that are no factors are treated, by the option that asks for it, as files of data have it."""
MOST_NAMED = 5
"""Most parameters that a sentence names."""
WIDE = 0.5
"""Half of an interval that is as wide as the whole variance and tells nothing of a share."""
LEAST_AGREEMENT = 0.7
"""Agreement of both halves of the screening below which a reader is warned."""


def say(key: str, /, **fills: object) -> str:
    """Return a text of sensitivity analyses, with its placeholders filled in."""
    return said(f"sensitivity.{key}", **fills)


def title_of(ds: xr.Dataset) -> str:
    """Return the title of an analysis in the language that is spoken."""
    (name,) = json.loads(ds.attrs["scenario_names"])
    return say("title", name=name, outcomes=", ".join(map(str, ds["outcome"].values)))


def interval_words() -> str:
    """Return the level of the intervals: `90 %`."""
    return percent(LEVEL)


def others_words(ds: xr.Dataset) -> str:
    """Return how the parameters that are no factors are treated."""
    return say(f"others.{next(way for way, words in TREATED.items() if words == ds.attrs['others'])}")


def factor_words(factor: str) -> str:
    """Return the key of a parameter, or the meaning of a special factor."""
    return say(f"factor.{factor}") if factor in SPECIAL else factor


def outcome_words(ds: xr.Dataset, outcome: str) -> str:
    """Return the meaning of the outcome."""
    return measure_words(outcome, str(json.loads(ds.attrs["words"])[outcome]))


def outcome_title(ds: xr.Dataset, outcome: str) -> str:
    """Return the meaning of the outcome at the head of a line; its English words begin as they are."""
    return capital(outcome_words(ds, outcome)) if foreign() else outcome_words(ds, outcome)


def outcome_unit(ds: xr.Dataset, outcome: str) -> str:
    """Return its unit; an index says so."""
    return scale_words(outcome, str(json.loads(ds.attrs["units"])[outcome]), "sensitivity.index")


def share(value: float, half: float) -> str:
    """Return `0.41 (0.36 to 0.46)`: an index with its interval."""
    return with_band(Band(value - half, value, value + half)) if np.isfinite(value) else "-"


def way_of(sign: float) -> str:
    """Return whether a parameter `raises` or `lowers` the outcome, or `neither`."""
    return {1.0: "raises", -1.0: "lowers"}.get(float(np.sign(sign)), "neither")


def direction_words(sign: float) -> str:
    """Return whether a parameter raises or lowers the outcome; `not significant` for neither."""
    return say(f"direction.{way_of(sign)}")


def ranked(ds: xr.Dataset, outcome: str) -> list[str]:
    """Return the factors of the indices by falling total index, the control last."""
    total = ds["total"].sel(outcome=outcome).isel(samples=-1)
    values = np.nan_to_num(total.values, nan=-1.0)
    names = [str(name) for name in ds["factor"].values]
    return sorted(names, key=lambda name: (name == "control", -values[names.index(name)]))


def varies(ds: xr.Dataset, outcome: str) -> bool:
    """Return whether the outcome differs between runs."""
    return bool(ds["sd"].sel(outcome=outcome) > 0.0)


def findings(ds: xr.Dataset, outcome: str) -> list[str]:
    """Return what drives one outcome, in a few sentences."""
    words = outcome_title(ds, outcome)
    if not varies(ds, outcome):
        return [say("finding.same", words=words, outcome=outcome)]
    last = ds.sel(outcome=outcome).isel(samples=-1)
    lines = [_spread(ds, outcome, last, words)]
    if (few := int(last["uncommon"])) < FEW:
        lines.append(say(f"finding.few.{number_of(few)}", n=few, all=2 * int(last["samples"])))
    there = [name for name in ("calibrated", "theory", "chance", "others") if name in ds["factor"].values]
    for name in there:
        first, total = (_share_of(last, name, index) for index in ("first", "total"))
        lines.append(say(f"finding.{name}", first=first, total=total))
    lines.append(interactions(last))
    told = [float(last[index].sel(factor=name)) for name in there for index in ("first", "total")]
    return [*lines, say("finding.below")] if min(told, default=0.0) < 0.0 else lines


def _spread(ds: xr.Dataset, outcome: str, last: xr.Dataset, words: str) -> str:
    """Return mean and standard deviation of an outcome, and what the foremost parameters make of its variance."""
    fills = {"words": words, "outcome": outcome, "unit": outcome_unit(ds, outcome)}
    fills |= {"mean": significant(float(last["mean"])), "sd": significant(float(last["sd"]))}
    keys = [name for name in ranked(ds, outcome) if name not in SPECIAL][:MOST_NAMED]
    if not keys:
        return say("finding.spread", **fills)
    signs = (way_of(float(last["direction"].sel(factor=key))) for key in keys)
    told = [
        say(f"total.{way}", key=key, share=_share_of(last, key, "total")) for key, way in zip(keys, signs, strict=True)
    ]
    return say("finding.spread_and_total", interval=interval_words(), totals=say("next").join(told), **fills)


def _share_of(last: xr.Dataset, factor: str, index: str) -> str:
    """Return the `first` or the `total` index of a factor with its interval."""
    found = last.sel(factor=factor)
    return share(float(found[index]), float(found[f"{index}_half"]))


def screening(ds: xr.Dataset, outcome: str) -> tuple[str, bool]:
    """Return how far both halves of the screening agree, and whether that is little; empty where unknown."""
    agreed = float(ds["agreement"].sel(outcome=outcome)) if "agreement" in ds and varies(ds, outcome) else np.nan
    if not np.isfinite(agreed):
        return "", False
    little = agreed < LEAST_AGREEMENT
    return say(f"screened.{'little' if little else 'agree'}", share=percent(agreed)), little


def interactions(last: xr.Dataset) -> str:
    """Return the share of interactions; if its interval is wide or total indices contradict it, samples are too few.

    The share of interactions is one less the sum of first-order indices, and at most the sum of total indices less one.
    """
    left, half = float(last["interactions"]), float(last["interactions_half"])
    room = max(float(last["total"].sum()) - 1.0, 0.0)
    if half >= WIDE:
        return say("interactions.few", share=share(left, half))
    if left - half <= 0.0:
        return say("interactions.none", share=share(left, half))
    if left > room:
        return say("interactions.unsure", share=share(left, half), room=number(room))
    return say("interactions.some", share=share(left, half))


def meaning(factor: str) -> str:
    """Return the meaning of a parameter with unit and claims, or that of a special factor."""
    if factor in SPECIAL:
        return factor_words(factor)
    unit = PARAMETERS[factor].unit
    name = "" if unit == "1" else unit_name(unit)
    words = parameter_name(factor)
    return joined(f"{words} ({name})" if name else words, claims_words(factor))

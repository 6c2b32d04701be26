"""Who and what matters, in words: the largest effect of each change, and what moves nothing."""

from collections.abc import Iterable

import numpy as np
import xarray as xr

from sim.present.words import significant, unit_words
from sim.scenario.names import COUNTRY_NAMES
from sim.scenario.parameters import PARAMETERS
from sim.studies.influence.analysis import LEAST, Effect, most

KINDS = {"removal": "taken out", "silence": "without decisions"}
NO_OWNER = "the scenario"
MOST_NAMED = 5


def changed(ds: xr.Dataset, change: str) -> str:
    """Return what was changed: `Japan taken out`, or the key of a lever in backticks."""
    one = ds.sel(change=change)
    key = str(one["key"].values)
    return f"`{key}`" if key else f"{COUNTRY_NAMES[str(one['owner'].values)]} {KINDS[str(one['kind'].values)]}"


def owner_words(ds: xr.Dataset, change: str) -> str:
    """Return whose lever it is."""
    return COUNTRY_NAMES.get(str(ds["owner"].sel(change=change).values), NO_OWNER)


def ends(ds: xr.Dataset, change: str) -> str:
    """Return the ends of a lever: `10 to 200`."""
    one = ds.sel(change=change)
    return f"{float(one['low']):g} to {float(one['high']):g}"


def shown(effect: Effect) -> str:
    """Return an effect in Markdown, bold from the smallest effect of interest on."""
    if not np.isfinite(effect.size):
        return "no number"
    text = f"{effect.size:+.2f} ± {effect.error:.2f} s.d."
    return f"{f'**{text}**' if effect.matters else text}, `{effect.outcome}` in `{effect.scenario}`"


def in_its_unit(ds: xr.Dataset, effect: Effect) -> str:
    """Return the size of an effect in the unit of its outcome: `+1.8 million rounds`."""
    one = ds.sel(outcome=effect.outcome)
    value = effect.size * float(one["spread"])
    return f"{'+' if value > 0 else ''}{significant(value, 2)}{unit_words(str(one['unit'].values))}"


def of_kind(ds: xr.Dataset, *kinds: str) -> list[str]:
    """Return the changes of these kinds."""
    return [str(name) for name, kind in zip(ds["change"].values, ds["kind"].values, strict=True) if str(kind) in kinds]


def in_order(ds: xr.Dataset) -> list[str]:
    """Return the changes: removal and silence of each country, country by country, then the levers."""
    countries = of_kind(ds, "removal", "silence")
    owners = [str(ds["owner"].sel(change=name).values) for name in countries]
    order = sorted(range(len(countries)), key=lambda k: owners.index(owners[k]))
    return [*(countries[k] for k in order), *of_kind(ds, "lever")]


def ranked(ds: xr.Dataset, names: Iterable[str]) -> list[tuple[str, Effect]]:
    """Return changes with their largest effects, the largest first."""
    found = [(name, most(ds, name)) for name in names]
    return sorted(found, key=lambda pair: -np.nan_to_num(abs(pair[1].size), nan=-1.0))


def small(ds: xr.Dataset) -> list[str]:
    """Return what moves no outcome by the smallest effect of interest: countries removed, silent, then levers."""
    return [changed(ds, str(name)) for name in ds["change"].values if not most(ds, str(name)).matters]


def sentences(ds: xr.Dataset) -> list[str]:
    """Return who and what moves no outcome by the smallest effect of interest."""
    if not (names := small(ds)):
        return [f"Everything in the two tables moves some outcome by {LEAST:g} standard deviations or more."]
    return [f"Moves no outcome here by {LEAST:g} standard deviations: {', '.join(names)}."]


def findings(ds: xr.Dataset) -> list[str]:
    """Return the findings in a few sentences."""
    lines = []
    for what, kinds in (("Countries", ("removal", "silence")), ("Levers", ("lever",))):
        foremost = [pair for pair in ranked(ds, of_kind(ds, *kinds)) if pair[1].matters][:MOST_NAMED]
        told = (f"{changed(ds, name)} {shown(e).replace('**', '')} ({in_its_unit(ds, e)})" for name, e in foremost)
        if foremost:
            lines.append(f"{what} that move most: {'; '.join(told)}.")
    return [*lines, *sentences(ds)]


def meaning(ds: xr.Dataset, change: str) -> str:
    """Return the meaning of a lever with its unit; what is done to a country."""
    key = str(ds["key"].sel(change=change).values)
    if key:
        row = PARAMETERS[key]
        return f"{row.meaning}{unit_words(row.unit) and f' ({row.unit})'}"
    removed = str(ds["kind"].sel(change=change).values) == "removal"
    return "no trade, no acts, no power, no response" if removed else "decides nothing"

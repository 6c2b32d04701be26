"""Who and what matters, in words: the largest effect of each change, and what moves nothing."""

import json
from collections.abc import Iterable

import numpy as np
import xarray as xr

from sim.analysis.headline import country_name
from sim.present.naming import measure_words, of_country
from sim.present.words import number, quantity, signed, unit_words
from sim.scenario.parameters import PARAMETERS
from sim.studies.influence.analysis import LEAST, Effect, most, moves
from sim.texts.spoken import foreign, said, written

MOST_NAMED = 5


def say(key: str, /, **fills: object) -> str:
    """Return a text of what matters, with its placeholders filled in."""
    return said(f"influence.{key}", **fills)


def title_of(ds: xr.Dataset) -> str:
    """Return the title in the language that is spoken."""
    return say("title", names=", ".join(json.loads(ds.attrs["scenario_names"])))


def least_words() -> str:
    """Return the smallest effect of interest: `0.2`."""
    return written(f"{LEAST:g}")


def only_outcome(ds: xr.Dataset) -> str:
    """Return what the only outcome is; empty if there are several."""
    if ds.sizes["outcome"] > 1:
        return ""
    return measure_words(str(ds["outcome"].values[0]), str(ds["meaning"].values[0]))


def changed(ds: xr.Dataset, change: str) -> str:
    """Return what was changed: `Japan taken out`, or the key of a lever in backticks."""
    one = ds.sel(change=change)
    key, kind, owner = (str(one[part].values) for part in ("key", "kind", "owner"))
    if key:
        return f"`{key}`"
    return say(kind, country=of_country(owner) if kind == "removal" else country_name(owner))


def owner_words(ds: xr.Dataset, change: str) -> str:
    """Return whose lever it is."""
    owner = str(ds["owner"].sel(change=change).values)
    return country_name(owner) if owner else say("no_owner")


def ends(ds: xr.Dataset, change: str) -> str:
    """Return the ends of a lever: `10 to 200`."""
    one = ds.sel(change=change)
    low, high = (written(f"{float(one[end]):g}") for end in ("low", "high"))
    return said("printed.from_to", low=low, high=high)


def outcome_words(ds: xr.Dataset, outcome: str) -> str:
    """Return the name of an outcome; in another language what it is, for names are English."""
    return measure_words(outcome, str(ds["meaning"].sel(outcome=outcome).values)) if foreign() else outcome


def shown(ds: xr.Dataset, effect: Effect) -> str:
    """Return an effect in Markdown, bold if it surely reaches the smallest effect of interest."""
    if not np.isfinite(effect.size):
        return say("no_number")
    size = say("size", size=signed(effect.size), error=number(effect.error))
    bold = f"**{size}**" if effect.matters else size
    return say("shown", size=bold, outcome=outcome_words(ds, effect.outcome), scenario=effect.scenario)


def in_its_unit(ds: xr.Dataset, effect: Effect) -> str:
    """Return the size of an effect in the unit of its outcome: `+1.8 million rounds`."""
    one = ds.sel(outcome=effect.outcome)
    value = effect.size * float(one["spread"])
    return f"{'+' if value > 0 else ''}{quantity(value, str(one['unit'].values), 2)}"


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


def sentences(ds: xr.Dataset) -> list[str]:
    """Return who and what moves no outcome by the smallest effect of interest, and of whom that cannot be told.

    Countries removed come first, then silent ones, then levers.
    """
    found: dict[str, list[str]] = {"no": [], "unsure": []}
    for name in map(str, ds["change"].values):
        found.setdefault(moves(ds, name), []).append(changed(ds, name))
    fills = {"least": least_words(), "worlds": ds.attrs["worlds"]}
    keys = {"no": "some_move_nothing", "unsure": "unsure"}
    told = [say(keys[answer], names=", ".join(found[answer]), **fills) for answer in keys if found[answer]]
    return told or [say("all_move", **fills)]


def findings(ds: xr.Dataset) -> list[str]:
    """Return the findings in a few sentences."""
    lines = []
    for what, kinds in (("countries", ("removal", "silence")), ("levers", ("lever",))):
        foremost = [pair for pair in ranked(ds, of_kind(ds, *kinds)) if pair[1].matters][:MOST_NAMED]
        told = (
            say("each", change=changed(ds, name), effect=shown(ds, e).replace("**", ""), amount=in_its_unit(ds, e))
            for name, e in foremost
        )
        if foremost:
            lines.append(say(f"foremost_{what}", told=said("printed.next").join(told)))
    return [*lines, *sentences(ds)]


def meaning(ds: xr.Dataset, change: str) -> str:
    """Return the meaning of a lever with its unit; what is done to a country."""
    key = str(ds["key"].sel(change=change).values)
    if key:
        row = PARAMETERS[key]
        return f"{row.meaning}{unit_words(row.unit) and f' ({row.unit})'}"
    removed = str(ds["kind"].sel(change=change).values) == "removal"
    return "no trade, no acts, no power, no response" if removed else "decides nothing"

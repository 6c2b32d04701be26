"""What the figures of a run show: a finding, a caption and the table under it, all read from the data."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.analysis.calendar import months
from sim.analysis.headline import (
    bound_by,
    country_name,
    index_at_end,
    main_lane,
    main_pair,
    opening_changes,
    pair,
    score_changes,
    shells,
    tiers_reached,
)
from sim.analysis.quantiles import band
from sim.analysis.record.comparable import compare
from sim.analysis.record.known import KNOWN
from sim.present.naming import binding_name, codes_note, date_words, goal_title, good_of, lane_name, of_country, tells
from sim.present.summary import NOTABLE
from sim.present.words import (
    capital,
    number,
    percent,
    sensible,
    sensible_band,
    signed,
    unit_name,
    with_band,
    with_error,
)
from sim.reports import figures
from sim.scenario.case import LANE
from sim.scenario.names import UNITS
from sim.texts.spoken import said, several, written

Array = np.ndarray
MONTHS_SHOWN = 7
"""Rows of a table over time."""
STEADY = 0.02
"""Least change of a median on a scale of 0 to 1 that is worth a sentence."""


@dataclass(frozen=True)
class Finding:
    """One figure of a report with all that belongs to it. Texts are Markdown, but for `about`, which is plain."""

    name: str
    says: str
    "What the data show, in a sentence."
    caption: str
    "How to read the figure."
    about: str
    "What the figure shows, with numbers, for those who do not see it."
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    draw: Callable[[xr.Dataset], Figure]
    unit: str = ""
    "What the numbers of the table are; empty for medians."


def shown_months(count: int, most: int = MONTHS_SHOWN) -> list[int]:
    """Return which months of `count` stand in a table, `most` of them: first, last, and evenly between."""
    return sorted({round(k) for k in np.linspace(0, count - 1, min(count, most))})


def over_time(ds: xr.Dataset, series: Mapping[str, Array]) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of medians with 90 % bands in some months; `series` are (month, world) by their words."""
    names, kept = months(ds), shown_months(ds.sizes["month"])
    rows = [[date_words(names[k]), *(sensible_band(band(values[k])) for values in series.values())] for k in kept]
    return [said("printed.figure.month"), *series], rows


def one_month(ds: xr.Dataset) -> bool:
    """Return whether results are of one month, in which nothing moves."""
    return ds.sizes["month"] == 1


def course(ds: xr.Dataset, series: Mapping[str, Array]) -> str:
    """Return in a sentence for each series how its median moves from the first month to the last, or is in one."""
    names = months(ds)
    parts = []
    for words, values in series.items():
        first = sensible(band(values[0]).mid)
        last = sensible_band(band(values[-1]))
        fills = {"start": date_words(names[0]), "end": date_words(names[-1])}
        parts.append(tells("course_alone" if one_month(ds) else "course", what=words, first=first, last=last, **fills))
    return " ".join(parts)


def _system(ds: xr.Dataset, array: xr.DataArray) -> Array:
    return np.asarray(array.transpose("month", "world").values)


def shells_found(ds: xr.Dataset) -> Finding:
    """Say how many shells came from North Korea, and what else Russia lives on; of another main lane, what it moved."""
    if main_lane(ds) != LANE:
        return lane_found(ds)
    delivered, end = shells(ds), date_words(months(ds)[-1])
    says = tells("shells.says", when=end, much=with_band(delivered))
    if not delivered.mid > 0.0:
        says = tells("shells.none", when=end)
    rus = ds.sel(country="RUS", good="ammunition")
    series = {
        tells("shells.since"): _system(ds, ds["shells_delivered"]) / 1000.0,
        tells("shells.from_prk"): _system(ds, ds["delivered"].sel(country="PRK", partner="RUS", good="ammunition")),
        tells("shells.own"): _system(ds, rus["production"]),
        tells("shells.outside"): _system(ds, rus["outside_ammunition"]),
    }
    heads, rows = over_time(ds, series)
    caption = tells("shells.caption", bands=tells("bands"), dotted=tells("dotted"))
    about = f"{tells('shells.about')} {course(ds, series)}"
    return Finding("shells", says, caption, about, heads, rows, figures.shells)


def lane_found(ds: xr.Dataset) -> Finding:
    """Say how much of its good went by the main lane."""
    seller, buyer, good = main_lane(ds)
    monthly = _system(ds, ds["delivered"].sel(country=seller, partner=buyer, good=good))
    unit = unit_name(UNITS[good])
    series = {tells("lane.month", unit=unit): monthly, tells("lane.since", unit=unit): np.cumsum(monthly, axis=0)}
    total = band(monthly.sum(axis=0))
    when = date_words(months(ds)[-1])
    says = tells("lane.says", lane=capital(lane_name(ds)), much=sensible_band(total), unit=unit, when=when)
    heads, rows = over_time(ds, series)
    about = f"{tells('lane.about')} {course(ds, series)}"
    return Finding("lane", says, f"{tells('bands')} {tells('dotted')}", about, heads, rows, figures.lane)


def cooperation_found(ds: xr.Dataset) -> Finding:
    """Say how far deeds and display of the two countries go together that the scenario asks about."""
    two, names = main_pair(ds), several([country_name(code) for code in main_pair(ds)])
    shown = (two, *(other for other in (("RUS", "CHN"), ("PRK", "CHN")) if other != two))
    series = {tells("cooperation.practical", pair=f"{a}-{b}"): pair(ds, "practical", a, b) for a, b in shown}
    series[tells("cooperation.symbolic", pair="-".join(two))] = pair(ds, "symbolic", *two)
    practical, symbolic = (index_at_end(ds, name, *two) for name in ("practical", "symbolic"))
    first = band(pair(ds, "practical", *two)[0]).mid
    fills = {"first": number(first), "practical": with_band(practical), "symbolic": with_band(symbolic)}
    says = tells("cooperation.alone" if one_month(ds) else "cooperation.says", pair=names, **fills)
    heads, rows = over_time(ds, series)
    caption = tells("cooperation.caption", bands=tells("bands"), codes=codes_note())
    about = f"{tells('cooperation.about')} {course(ds, series)}"
    return Finding("cooperation", says, caption, about, heads, rows, figures.cooperation)


def limits_found(ds: xr.Dataset) -> Finding:
    """Say what bound the shells, and how full the routes were."""
    every = bound_by(ds, *main_lane(ds)).items()
    shares = sorted(((share, binding_name(name)) for name, share in every if share > 0.0), reverse=True)
    says = said("printed.next").join(
        said("run.bound.one", limit=words, share=percent(share)) for share, words in shares[:3]
    )
    seller, buyer, good = main_lane(ds)
    says = tells("limits.says", what=good_of(good), told=says)
    codes = ds["binding"].sel(country=seller, partner=buyer, good=good).transpose("month", "world").values
    meanings = str(ds["binding"].attrs["flag_meanings"]).split()
    bound = {binding_name(name): codes == code for code, name in enumerate(meanings) if (codes == code).any()}
    names, kept = months(ds), shown_months(ds.sizes["month"])
    rows = [[date_words(names[k]), *(percent(float(hit[k].mean())) for hit in bound.values())] for k in kept]
    ends = ", ".join(f"{words} {row}" for words, row in zip(bound, rows[-1][1:], strict=True))
    starts = ", ".join(f"{words} {row}" for words, row in zip(bound, rows[0][1:], strict=True))
    caption = tells("limits.caption", dotted=tells("dotted"))
    fills = {"start": date_words(names[0]), "starts": starts, "end": date_words(names[-1]), "ends": ends}
    about = tells("limits.about_alone" if one_month(ds) else "limits.about", lane=lane_name(ds), **fills)
    heads = [said("printed.figure.month"), *bound]
    return Finding("limits", says, caption, about, heads, rows, figures.limits, tells("share"))


def technology_found(ds: xr.Dataset) -> Finding:
    """Say how often Russia passed on which tier, and what it owes."""
    tiers = tiers_reached(ds)
    reached = [one for one in tiers if one.share > 0.0]
    listed = ", ".join(tells("technology.tier", tier=one.tier, share=percent(one.share)) for one in reached)
    says = tells("technology.says", told=listed)
    if not reached:
        says = said("run.tier.none")
    released = _system(ds, ds["tier_released"])
    owed = pair(ds, "balance", "PRK", "RUS")
    names, kept = months(ds), shown_months(ds.sizes["month"])
    rows = [
        [
            date_words(names[k]),
            *(percent(float((released[k] >= one.tier).mean())) for one in tiers),
            sensible_band(band(owed[k])),
        ]
        for k in kept
    ]
    passed = (tells("technology.passed", tier=one.tier) for one in tiers)
    heads = [said("printed.figure.month"), *passed, tells("technology.owes")]
    caption = tells("technology.caption", bands=tells("bands"), dotted=tells("dotted"))
    about = f"{tells('two_charts')} {says} {course(ds, {tells('technology.debt'): owed})}"
    unit = tells("share_and_medians")
    return Finding("technology", says, caption, about, heads, rows, figures.technology, unit)


def threat_found(ds: xr.Dataset) -> Finding:
    """Say whose threat moves most, and whether the blocs draw together."""
    felt = {str(code): _system(ds, ds["threat"].sel(country=code)) for code in ds["country"].values}
    change = {code: band(values[-1]).mid - band(values[0]).mid for code, values in felt.items()}
    if one_month(ds):
        change = {code: band(values[0]).mid for code, values in felt.items()}
    most = max(change, key=lambda code: abs(np.nan_to_num(change[code])))
    way = "alone" if one_month(ds) else "rises" if change[most] > 0.0 else "falls"
    first, last = (number(band(felt[most][k]).mid) for k in (0, -1))
    says = tells(f"threat.{way}", who=country_name(most), first=first, last=last)
    if not (one_month(ds) or abs(change[most]) >= STEADY):
        says = tells("threat.still", least=written(str(STEADY)))
    series = {
        **{tells("threat.felt", who=said(f"why.the.{code}")): values for code, values in felt.items()},
        tells("threat.coordination"): _system(ds, ds["coordination"]),
    }
    heads, rows = over_time(ds, series)
    caption = tells("threat.caption", bands=tells("bands"), codes=codes_note())
    about = f"{tells('threat.about')} {course(ds, series)}"
    return Finding("threat", says, caption, about, heads, rows, figures.threat)


def record_found(ds: xr.Dataset) -> Finding | None:
    """Say how many observations the run holds; None if it covers none, or if its scenario names a record of its own."""
    compared = compare(ds)
    own = json.loads(ds.attrs["scenario"]).get("record", {}).get("observed")
    if not compared or own:
        return None
    good = sum(one.verdict == "inside" for one in compared)
    says = tells("record.says" if good else "record.none", good=good, n=len(compared))
    series = {
        f"{tells(f'record.{name}')}, {unit_name(unit)}": np.asarray(KNOWN[name].reading.values(ds))
        for name, _, unit in figures.RECORD
    }
    heads, rows = over_time(ds, series)
    caption = tells("record.caption", bands=tells("bands"))
    about = f"{tells('record.about')} {course(ds, series)}"
    return Finding("record", says, caption, about, heads, rows, figures.record)


def gains_found(ds: xr.Dataset) -> Finding | None:
    """Say who gained and lost most by the opening; None where nothing was opened or no worlds tell."""
    found = score_changes(ds)
    if not any(one.mean for one in found):
        return None
    best, worst = (choose(found, key=lambda one: one.mean) for choose in (max, min))
    gain, loss = (
        f"{country_name(one.country)} ({goal_title(one.goal).lower()}, {signed(one.mean)})" for one in (best, worst)
    )
    parts = [tells("gains.best", what=gain)] if best.mean >= NOTABLE else []
    parts += [tells("gains.worst" if parts else "gains.worst_alone", what=loss)] if worst.mean <= -NOTABLE else []
    says = f"{capital(', '.join(parts))}." if parts else tells("gains.none", least=written(str(NOTABLE)))
    two = several([of_country(code) for code in main_pair(ds)])
    goals, codes = (list(dict.fromkeys(getattr(one, part) for one in found)) for part in ("goal", "country"))
    cells = {(one.country, one.goal): with_error(one.mean, one.error) for one in found}
    rows = [[country_name(code), *(cells[code, goal] for goal in goals)] for code in codes]
    caption = tells("gains.caption", when=date_words(months(ds)[-1]), two=two)
    about = f"{tells('gains.about')} {says}"
    changes = opening_changes(ds).mean(axis=-1)
    draw = partial(figures.gains, changes=changes, names=[country_name(code) for code in codes])
    heads = [tells("country"), *map(goal_title, goals)]
    return Finding("gains", says, caption, about, heads, rows, draw, tells("mean_change"))


FINDINGS: Mapping[str, Sequence[Callable[[xr.Dataset], Finding | None]]] = {
    "happened": (shells_found, cooperation_found),
    "bound": (limits_found,),
    "technology": (technology_found,),
    "acts": (threat_found,),
    "gained": (gains_found,),
    "record": (record_found,),
}
"""The figures that follow each section of a summary, by its key."""

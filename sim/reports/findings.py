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
    GOOD_WORDS,
    bound_by,
    country_name,
    index_at_end,
    lane_words,
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
from sim.present.naming import codes_note
from sim.present.palette import BINDING_WORDS, GOAL_TITLES
from sim.present.summary import NOTABLE
from sim.present.words import capital, number, percent, sensible, sensible_band, with_band
from sim.reports import figures
from sim.scenario.case import LANE
from sim.scenario.names import UNITS

Array = np.ndarray
BANDS = "Lines are medians; the dark band holds half of the worlds, the light one 90 %; thin lines are single worlds."
DOTTED = "Dotted verticals: what the scenario schedules."
MEDIANS = "Medians (90 % of the worlds)"
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
    unit: str = MEDIANS
    "What the numbers of the table are."


def shown_months(count: int, most: int = MONTHS_SHOWN) -> list[int]:
    """Return which months of `count` stand in a table, `most` of them: first, last, and evenly between."""
    return sorted({round(k) for k in np.linspace(0, count - 1, min(count, most))})


def over_time(ds: xr.Dataset, series: Mapping[str, Array]) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of medians with 90 % bands in some months; `series` are (month, world) by their words."""
    names, kept = months(ds), shown_months(ds.sizes["month"])
    rows = [[names[k], *(sensible_band(band(values[k])) for values in series.values())] for k in kept]
    return ["month", *series], rows


def course(ds: xr.Dataset, series: Mapping[str, Array]) -> str:
    """Return in a sentence for each series how its median moves from the first month to the last."""
    names = months(ds)
    parts = []
    for words, values in series.items():
        first = sensible(band(values[0]).mid)
        parts.append(f"{words}: median {first} in {names[0]}, {sensible_band(band(values[-1]))} in {names[-1]}.")
    return " ".join(parts)


def with_error(mean: float, error: float) -> str:
    """Return `+0.19 ± 0.01`; zero has no sign, and a tiny error is not written out."""
    text = f"{mean:+.2f}" if round(mean, 2) else "0.00"
    return f"{text} ± {error:.1g}" if error >= 0.001 or not error else f"{text} ± <0.001"


def _system(ds: xr.Dataset, array: xr.DataArray) -> Array:
    return np.asarray(array.transpose("month", "world").values)


def shells_found(ds: xr.Dataset) -> Finding:
    """Say how many shells came from North Korea, and what else Russia lives on; of another main lane, what it moved."""
    if main_lane(ds) != LANE:
        return lane_found(ds)
    delivered, end = shells(ds), months(ds)[-1]
    says = f"By {end} North Korea has delivered {with_band(delivered)} million rounds."
    if not delivered.mid > 0.0:
        says = f"In the median world no shells reach Russia by {end}."
    rus = ds.sel(country="RUS", good="ammunition")
    series = {
        "delivered since the start, million rounds": _system(ds, ds["shells_delivered"]) / 1000.0,
        "from North Korea, krounds a month": _system(
            ds, ds["delivered"].sel(country="PRK", partner="RUS", good="ammunition")
        ),
        "own output, krounds a month": _system(ds, rus["production"]),
        "outside supplier, krounds a month": _system(ds, rus["outside_ammunition"]),
    }
    heads, rows = over_time(ds, series)
    caption = (
        f"Faulty rounds included. {BANDS} Right: medians and half of the worlds. Squares are public observations with "
        f"their range, where there are any. {DOTTED}"
    )
    about = f"Two charts over time: shells delivered, and Russia's sources of shells. {course(ds, series)}"
    return Finding("shells", says, caption, about, heads, rows, figures.shells)


def lane_found(ds: xr.Dataset) -> Finding:
    """Say how much of its good went by the main lane."""
    seller, buyer, good = main_lane(ds)
    monthly = _system(ds, ds["delivered"].sel(country=seller, partner=buyer, good=good))
    unit = UNITS[good]
    series = {f"delivered, {unit} a month": monthly, f"since the start, {unit}": np.cumsum(monthly, axis=0)}
    total = band(monthly.sum(axis=0))
    says = f"{capital(lane_words(ds))}: {with_band(total)} {unit} by {months(ds)[-1]}."
    heads, rows = over_time(ds, series)
    about = f"Two charts over time of what was delivered. {course(ds, series)}"
    return Finding("lane", says, f"{BANDS} {DOTTED}", about, heads, rows, figures.lane)


def cooperation_found(ds: xr.Dataset) -> Finding:
    """Say how far deeds and display of the two countries go together that the scenario asks about."""
    two, names = main_pair(ds), " and ".join(map(country_name, main_pair(ds)))
    shown = (two, *(other for other in (("RUS", "CHN"), ("PRK", "CHN")) if other != two))
    series = {f"practical index {a}-{b}": pair(ds, "practical", a, b) for a, b in shown}
    series[f"symbolic index {'-'.join(two)}"] = pair(ds, "symbolic", *two)
    practical, symbolic = (index_at_end(ds, name, *two) for name in ("practical", "symbolic"))
    first = band(pair(ds, "practical", *two)[0]).mid
    says = (
        f"Practical cooperation of {names} moves from {number(first)} to {with_band(practical)}; "
        f"display stands at {with_band(symbolic)} at the end."
    )
    heads, rows = over_time(ds, series)
    caption = f"Indices from 0 to 1, not in one unit. {BANDS} Right: medians and half of the worlds. {codes_note()}."
    about = f"Two charts over time: indices of cooperation. {course(ds, series)}"
    return Finding("cooperation", says, caption, about, heads, rows, figures.cooperation)


def limits_found(ds: xr.Dataset) -> Finding:
    """Say what bound the shells, and how full the routes were."""
    every = bound_by(ds, *main_lane(ds)).items()
    shares = sorted(((share, BINDING_WORDS[name]) for name, share in every if share > 0.0), reverse=True)
    says = "; ".join(f"{words} in {percent(share)}" for share, words in shares[:3])
    seller, buyer, good = main_lane(ds)
    says = f"What bound {GOOD_WORDS[good]}, in all months and worlds: {says}."
    codes = ds["binding"].sel(country=seller, partner=buyer, good=good).transpose("month", "world").values
    meanings = str(ds["binding"].attrs["flag_meanings"]).split()
    bound = {BINDING_WORDS[name]: codes == code for code, name in enumerate(meanings) if (codes == code).any()}
    names, kept = months(ds), shown_months(ds.sizes["month"])
    rows = [[names[k], *(percent(float(hit[k].mean())) for hit in bound.values())] for k in kept]
    ends = ", ".join(f"{words} {row}" for words, row in zip(bound, rows[-1][1:], strict=True))
    starts = ", ".join(f"{words} {row}" for words, row in zip(bound, rows[0][1:], strict=True))
    caption = (
        "Above: share of the worlds in which each constraint bound, month by month. Route capacity is the part that "
        "the good can use, empties coming back included. Below: use of North Korea's routes in tonnes, medians and "
        f"half of the worlds, for the railway also 90 %. {DOTTED}"
    )
    about = (
        f"Stacked areas of what bound {lane_words(ds)}, and two charts of the use of routes. In {names[0]}: {starts}. "
        f"In {names[-1]}: {ends}."
    )
    heads = ["month", *bound]
    return Finding("limits", says, caption, about, heads, rows, figures.limits, "Share of the worlds")


def technology_found(ds: xr.Dataset) -> Finding:
    """Say how often Russia passed on which tier, and what it owes."""
    tiers = tiers_reached(ds)
    reached = [one for one in tiers if one.share > 0.0]
    listed = ", ".join(f"tier {one.tier} in {percent(one.share)}" for one in reached)
    says = f"Share of worlds in which Russia passes on technology: {listed}."
    if not reached:
        says = "Russia passes on no technology tier in any world."
    released = _system(ds, ds["tier_released"])
    owed = pair(ds, "balance", "PRK", "RUS")
    names, kept = months(ds), shown_months(ds.sizes["month"])
    rows = [
        [
            names[k],
            *(percent(float((released[k] >= one.tier).mean())) for one in tiers),
            sensible_band(band(owed[k])),
        ]
        for k in kept
    ]
    heads = ["month", *(f"tier {one.tier} passed on, of worlds" for one in tiers), "RUS owes PRK, MUSD"]
    caption = (
        f"Left: share of worlds by month. Right: below zero North Korea owes Russia. {BANDS} "
        f"The credit line is what North Korea grants (median). {DOTTED}"
    )
    about = f"Two charts over time. {says} {course(ds, {'Russia owes North Korea, MUSD': owed})}"
    unit = "Share of the worlds; medians (90 % of the worlds)"
    return Finding("technology", says, caption, about, heads, rows, figures.technology, unit)


def threat_found(ds: xr.Dataset) -> Finding:
    """Say whose threat moves most, and whether the blocs draw together."""
    felt = {str(code): _system(ds, ds["threat"].sel(country=code)) for code in ds["country"].values}
    change = {code: band(values[-1]).mid - band(values[0]).mid for code, values in felt.items()}
    most = max(change, key=lambda code: abs(np.nan_to_num(change[code])))
    way = "rises" if change[most] > 0.0 else "falls"
    ends = " to ".join(number(band(felt[most][k]).mid) for k in (0, -1))
    says = f"Threat felt moves most in {country_name(most)}: its median {way} from {ends}."
    if not abs(change[most]) >= STEADY:
        says = f"Threat felt hardly moves: no country's median by {STEADY} or more from the first month to the last."
    series = {
        **{f"threat felt by {country_name(code)}": values for code, values in felt.items()},
        "coordination of USA, KOR, JPN": _system(ds, ds["coordination"]),
    }
    heads, rows = over_time(ds, series)
    caption = f"Scales from 0 to 1. Left: medians and half of the worlds. {BANDS} {codes_note()}."
    about = f"Two charts over time: threat felt by each country, and coordination of the allies. {course(ds, series)}"
    return Finding("threat", says, caption, about, heads, rows, figures.threat)


def record_found(ds: xr.Dataset) -> Finding | None:
    """Say how many observations the run holds; None if it covers none, or if its scenario names a record of its own."""
    compared = compare(ds)
    own = json.loads(ds.attrs["scenario"]).get("record", {}).get("observed")
    if not compared or own:
        return None
    good = sum(one.verdict == "inside" for one in compared)
    says = f"The 90 % band of the run holds {good} of the {len(compared)} public observations that it covers."
    series = {f"{title}, {unit}": np.asarray(KNOWN[name].reading.values(ds)) for name, _, unit, title in figures.RECORD}
    heads, rows = over_time(ds, series)
    caption = f"Squares are observations with their range. {BANDS} All of them are in the table above."
    about = f"Four charts over time beside observations. {course(ds, series)}"
    return Finding("record", says, caption, about, heads, rows, figures.record)


def gains_found(ds: xr.Dataset) -> Finding | None:
    """Say who gained and lost most by the opening; None where nothing was opened or no worlds tell."""
    found = score_changes(ds)
    if not any(one.mean for one in found):
        return None
    best, worst = (choose(found, key=lambda one: one.mean) for choose in (max, min))
    gain, loss = (
        f"{country_name(one.country)} ({GOAL_TITLES[one.goal].lower()}, {one.mean:+.2f})" for one in (best, worst)
    )
    parts = [f"the largest gain is that of {gain}"] if best.mean >= NOTABLE else []
    parts += [f"the largest loss that of {loss}"] if worst.mean <= -NOTABLE else []
    says = f"{capital(', '.join(parts))}." if parts else f"No goal of any country changes by {NOTABLE} or more."
    two = " and ".join(map(country_name, main_pair(ds)))
    goals, codes = (list(dict.fromkeys(getattr(one, part) for one in found)) for part in ("goal", "country"))
    cells = {(one.country, one.goal): with_error(one.mean, one.error) for one in found}
    rows = [[country_name(code), *(cells[code, goal] for goal in goals)] for code in codes]
    caption = (
        f"Mean change in {months(ds)[-1]} against the same worlds with the lanes between {two} shut, "
        "on a scale of 0 to 1; + is better for that country. In the table with its standard error."
    )
    about = f"A map of numbers, countries by goals, which are those of the table below. {says}"
    changes = opening_changes(ds).mean(axis=-1)
    draw = partial(figures.gains, changes=changes, names=[country_name(code) for code in codes])
    heads = ["country", *(GOAL_TITLES[goal] for goal in goals)]
    return Finding("gains", says, caption, about, heads, rows, draw, "Mean change ± standard error")


FINDINGS: Mapping[str, Sequence[Callable[[xr.Dataset], Finding | None]]] = {
    "happened": (shells_found, cooperation_found),
    "bound": (limits_found,),
    "technology": (technology_found,),
    "acts": (threat_found,),
    "gained": (gains_found,),
    "record": (record_found,),
}
"""The figures that follow each section of a summary, by its key."""

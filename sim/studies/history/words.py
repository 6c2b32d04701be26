"""Findings of a comparison with observations in plain words: above all, where the model fails."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence

import xarray as xr

from sim.analysis.quantiles import Band
from sim.analysis.record.comparable import Omitted
from sim.analysis.record.definitions import Known
from sim.analysis.record.known import KNOWN
from sim.present.naming import day_words
from sim.present.record_names import limit_words, reason_words, series_title
from sim.present.words import month_words, percent, sensible, sensible_band, signed, unit_words
from sim.studies.history.analysis import (
    EARLY,
    FEWEST_SERIES,
    LATER,
    Evaluation,
    Scored,
    Total,
    by_series,
    in_order,
    over_all,
)
from sim.studies.history.baselines import NAMES, REDUCED
from sim.studies.history.scoring import chance_of_so_few
from sim.texts.spoken import counted, said, written

SELDOM = 0.05
"""Chance below which a low coverage is reported as a failure."""
ERRORS = 2.0
"""Standard errors by which a skill against the reduced model must differ from zero whichever series is left out."""
FEW = 10
"""Least observations with which coverage shows more than gross failures."""


def say(key: str, /, **fills: object) -> str:
    """Return a text of comparisons with history, with its placeholders filled in."""
    return said(f"history.{key}", **fills)


def number_of(noun: str, number: int) -> str:
    """Return `3 observations`: a number with `observation`, `of_series`, `rate`, `count` or `act`."""
    return counted(f"history.{noun}", number)


def some_or_none(number: int, noun: str) -> str:
    """Return how many of some `observation` or `rate`: a number, or that it is none of them."""
    return str(number) if number else say(f"rates.no_{noun}")


def title_of(ds: xr.Dataset) -> str:
    """Return the title of a comparison in the language that is spoken."""
    (name,), (scenario,) = json.loads(ds.attrs["scenario_names"]), json.loads(ds.attrs["scenarios"])
    return say("title_calibrated" if scenario.get("calibrated") else "title", name=name)


def called(name: str, known: Known) -> str:
    """Return the title of a series inside a sentence."""
    return say("series", title=series_title(name, known))


def _listed(found: Evaluation, names: Iterable[str]) -> str:
    return ", ".join(called(name, found.known[name]) for name in names)


def last_early_day(found: Evaluation) -> str:
    """Return the last day of the early part as sentences and tables have it."""
    return day_words(str(found.window.tuned_to))


def bias(place: float) -> str:
    """Return the model's bias in words, from the place of the observations among the worlds, 0 to 1."""
    for limit, key in ((0.95, "too_low"), (0.75, "rather_low"), (0.25, "about_right"), (0.05, "rather_high")):
        if place > limit or (limit == 0.25 and place == limit):
            return say(f"bias.{key}")
    return say("bias.too_high")


def leaning(place: float, offset: float) -> str:
    """Return `too low by 38 %`, `about right (median 5 % high)`: the side, and the offset of the model's median."""
    words = bias(place)
    if not math.isfinite(offset) or abs(offset) < 0.01:
        return words
    right = "right_high" if offset > 0.0 else "right_low"
    key = right if words == say("bias.about_right") else "by"
    return say(f"leaning.{key}", side=words, much=percent(abs(offset)))


def verdict(found: Evaluation) -> list[str]:
    """Return sentences from the main finding to what could not be compared."""
    return findings(found) + _caution(found) + _left(found.left)


def findings(found: Evaluation) -> list[str]:
    """Return how many observations the bands hold, where the model fails, and its skill against baselines."""
    lines = _coverage(found, LATER) or [say("coverage.none", day=last_early_day(found))]
    lines += _failures(found.of(LATER)) + added(found, LATER) + _skills(found)
    if found.of(EARLY):
        lines += _coverage(found, EARLY) + _failures(found.of(EARLY)) + added(found, EARLY)
    return lines


def held(count: int) -> dict[str, str]:
    """Return how many of so many the bands of a calibrated model hold on average."""
    return {f"expected{band}": written(f"{band / 100.0 * count:.1f}") for band in (90, 50)}


def _coverage(found: Evaluation, part: str) -> list[str]:
    """Return how many observations lie in the bands, and how many should."""
    some, total = found.of(part), over_all(found, part)
    if total is None:
        return []
    of = {"observations": number_of("observation", total.count), "day": last_early_day(found)}
    series = number_of("of_series", len(found.series(part)))
    inside = {f"in{band}": some_or_none(n, "observation") for band, n in ((90, total.in90), (50, total.in50))}
    lines = [say(f"coverage.{part}", **of, series=series, **inside, **held(total.count))]
    chance = chance_of_so_few(total.in90, total.count, 0.9)
    if chance < SELDOM:
        lines.append(say("coverage.seldom", chance=percent(chance)))
    elif len(some) < FEW:
        lines.append(say("coverage.few"))
    return lines


def _failures(some: Sequence[Scored]) -> list[str]:
    """Return every series with an observation outside the 90 % band, its worst one first."""
    lines = []
    names = dict.fromkeys(one.row.series for one in some)
    for name in in_order(names):
        mine = [one for one in some if one.row.series == name]
        if missed := [one for one in mine if not one.score.in90]:
            lines.append(_failure(name, mine, missed))
    if some and not lines:
        lines.append(say("fails.nowhere"))
    return lines


def _failure(name: str, mine: Sequence[Scored], missed: Sequence[Scored]) -> str:
    worst = max(missed, key=lambda one: one.score.crps / max(one.row.central, 1e-12))
    claim, limit = _claim(worst), limit_words(name, worst.row.known)
    return say(
        "fails.on",
        series=called(name, worst.row.known),
        missed=len(missed),
        observations=number_of("observation", len(mine)),
        side=say("bias.too_low" if worst.side < 0 else "bias.too_high"),
        day=day_words(str(worst.row.date)),
        model=sensible_band(claim),
        unit=unit_words(worst.row.unit, claim.high),
        central=sensible(worst.row.central),
        low=sensible(worst.row.low),
        high=sensible(worst.row.high),
        limit=say("fails.limit", limit=limit) if limit else "",
    )


def _claim(one: Scored) -> Band:
    """Return the model's prediction of the claim: median and 90 % band, as no claim is negative."""
    low, _, middle, _, high = (max(level, 0.0) for level in one.score.levels)
    return Band(low, middle, high)


def _skills(found: Evaluation) -> list[str]:
    """Return the skill over all against each baseline, and the series on which the baseline is better."""
    total, series = over_all(found, LATER), by_series(found, LATER)
    if total is None:
        return []
    lines = []
    for name in NAMES:
        if name not in total.skills:
            continue
        count = sum(name in one.skills for one in series.values())
        beaten = [key for key, one in series.items() if one.skills.get(name, 0.0) < 0.0]
        lines.append(
            say(
                "skill.against",
                rival=say(f"rival.{name}"),
                skill=signed(total.skills[name]),
                series=number_of("of_series", count),
                judged=_judged(total, name, count),
                worse=say("skill.worse", names=_listed(found, beaten)) if beaten else "",
            )
        )
    alone = [name for name, one in series.items() if not one.skills.keys() & set(NAMES)]
    if alone:
        lines.append(say("skill.alone", day=last_early_day(found), names=_listed(found, alone)))
    narrow = [name for name in series if any(r.note for r in found.baselines[name].values())]
    if narrow:
        lines.append(say("skill.narrow", names=_listed(found, narrow)))
    return lines


def added(found: Evaluation, part: str) -> list[str]:
    """Return what six countries add over the reduced model, as a number, and on which series; nothing, if so."""
    total, series = over_all(found, part), by_series(found, part)
    if total is None or REDUCED not in total.skills:
        return []
    skills = {name: one.skills[REDUCED] for name, one in series.items() if REDUCED in one.skills}
    scatter = written(f" ± {total.error:.2f}") if math.isfinite(total.error) else ""
    sides = {
        side: [name for name, value in skills.items() if sign * value > 0.0]
        for side, sign in (("better", 1.0), ("worse", -1.0))
    }
    where = (say(f"added.{side}", names=_listed(found, names)) for side, names in sides.items() if names)
    return [
        say(
            f"added.{part}",
            skill=f"{signed(total.skills[REDUCED])}{scatter}",
            series=number_of("of_series", len(skills)),
            day=last_early_day(found),
            judged=_worth(total, len(skills)),
            where="".join(where),
        )
    ]


def _worth(total: Total, count: int) -> str:
    """Return whether six countries add anything, as far as so many series show it."""
    if count < FEWEST_SERIES:
        return say("few")
    low, high = total.ranges[REDUCED]
    if low > ERRORS * total.error:
        return say("added.something", low=signed(low))
    if high < -ERRORS * total.error:
        return say("added.nothing", high=signed(high))
    return say("added.unshown", low=signed(low), high=signed(high))


def _judged(total: Total, name: str, count: int) -> str:
    """Return whether the skill is clear: the same side of zero whichever series is left out."""
    if count < FEWEST_SERIES:
        return say("few")
    low, high = total.ranges[name]
    ends = {"low": signed(low), "high": signed(high)}
    if low > 0.0 or high < 0.0:
        return say("skill.better_always" if low > 0.0 else "skill.worse_always", **ends, n=count)
    return say("skill.unclear", **ends)


def _caution(found: Evaluation) -> list[str]:
    """Return which series were used to set parameters, and which are measured a little differently."""
    names = found.series(LATER)
    lines = []
    given = [name for name in names if found.known[name].given]
    if any(found.known[name] is not KNOWN.get(name) for name in names):
        # What a case sets, and from which of its observations, is its own affair: no month is known up to which.
        lines += [say("caution.own", names=_listed(found, given))] * bool(given)
    elif given:
        lines.append(say("caution.shipped", month=_last(found), names=_listed(found, given)))
    for name in names:
        known = found.known[name]
        if known.limit:
            lines.append(say("caution.limit", title=series_title(name, known), limit=limit_words(name, known)))
    return lines


def _last(found: Evaluation) -> str:
    """Return the month of the last observation of the file, such as `June 2024`."""
    rows = [*(one.row for one in found.scored), *(one.row for one in found.left)]
    return month_words(max(row.date for row in rows))


def _left(left: Sequence[Omitted]) -> list[str]:
    """Return what is not compared, by reason."""
    reasons: dict[str, Counter[str]] = {}
    for one in left:
        reasons.setdefault(reason_words(one), Counter())[one.row.series] += 1
    lines = []
    for reason, series_of in reasons.items():
        told = (
            say("caution.left_one", name=name, observations=number_of("observation", count))
            for name, count in series_of.items()
        )
        lines.append(say("caution.left", told=", ".join(told), reason=reason))
    return lines

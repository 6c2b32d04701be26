"""Findings of a comparison with observations in plain words: above all, where the model fails."""

import math
from collections import Counter
from collections.abc import Sequence

from sim.analysis.quantiles import Band
from sim.analysis.record.comparable import Omitted
from sim.analysis.record.known import KNOWN
from sim.present.words import month_words, percent, sensible, sensible_band
from sim.scenario.problems import counted
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
from sim.studies.history.baselines import NAMES, REDUCED, WORDS
from sim.studies.history.scoring import chance_of_so_few

SELDOM = 0.05
"""Chance below which a low coverage is reported as a failure."""
ERRORS = 2.0
"""Standard errors by which a skill against the reduced model must differ from zero whichever series is left out."""
FEW = 10
"""Least observations with which coverage shows more than gross failures."""


def bias(place: float) -> str:
    """Return the model's bias in words, from the place of the observations among the worlds, 0 to 1."""
    for limit, words in ((0.95, "too low"), (0.75, "rather low"), (0.25, "about right"), (0.05, "rather high")):
        if place > limit or (limit == 0.25 and place == limit):
            return words
    return "too high"


def leaning(place: float, offset: float) -> str:
    """Return `too low by 38 %`, `about right (median 5 % high)`: the side, and the offset of the model's median."""
    words = bias(place)
    if not math.isfinite(offset) or abs(offset) < 0.01:
        return words
    if words == "about right":
        return f"{words} (median {percent(abs(offset))} {'high' if offset > 0.0 else 'low'})"
    return f"{words} by {percent(abs(offset))}"


def verdict(found: Evaluation) -> list[str]:
    """Return sentences from the main finding to what could not be compared."""
    return findings(found) + _caution(found) + _left(found.left)


def findings(found: Evaluation) -> list[str]:
    """Return how many observations the bands hold, where the model fails, and its skill against baselines."""
    lines = _coverage(found, LATER) or [f"No observation lies after {found.window.tuned_to}: no test."]
    lines += _failures(found.of(LATER)) + added(found, LATER) + _skills(found)
    if found.of(EARLY):
        lines += _coverage(found, EARLY) + _failures(found.of(EARLY)) + added(found, EARLY)
    return lines


def _coverage(found: Evaluation, part: str) -> list[str]:
    """Return how many observations lie in the bands, and how many should."""
    some, total = found.of(part), over_all(found, part)
    if total is None:
        return []
    where = "after" if part == LATER else "to"
    of = f"Of {counted(total.count, 'observation')} {where} {found.window.tuned_to} ({len(found.series(part))} series)"
    lines = [
        f"{of}, the model's 90 % band holds {total.in90} and its 50 % band {total.in50}; those of a calibrated model "
        f"would hold {0.9 * total.count:.1f} and {0.5 * total.count:.1f} on average."
    ]
    chance = chance_of_so_few(total.in90, total.count, 0.9)
    if chance < SELDOM:
        lines.append(
            f"So few in the 90 % band would occur by chance in {percent(chance)} of cases if the observations were "
            "independent, which those of one series are not: the model's bands are too narrow or in the wrong place."
        )
    elif len(some) < FEW:
        lines.append("So few observations show only gross failures.")
    return lines


def _failures(some: Sequence[Scored]) -> list[str]:
    """Return every series with an observation outside the 90 % band, its worst one first."""
    lines = []
    names = dict.fromkeys(one.row.series for one in some)
    for name in in_order(names):
        mine = [one for one in some if one.row.series == name]
        known = mine[0].row.known
        missed = [one for one in mine if not one.score.in90]
        if missed:
            worst = max(missed, key=lambda one: one.score.crps / max(one.row.central, 1e-12))
            lines.append(
                f"It fails on {known.words} ({len(missed)} of {counted(len(mine), 'observation')}): "
                f"{'too low' if worst.side < 0 else 'too high'}, worst on {worst.row.date}, where it "
                f"predicts {sensible_band(_claim(worst))} {worst.row.unit} (the band includes the error of an "
                f"observation); the observation is {sensible(worst.row.central)} "
                f"({sensible(worst.row.low)} to {sensible(worst.row.high)})"
                + (f"; {known.limit}." if known.limit else ".")
            )
    if some and not lines:
        lines.append("No observation of this part lies outside the model's 90 % band.")
    return lines


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
        beaten = [found.known[key].words for key, one in series.items() if one.skills.get(name, 0.0) < 0.0]
        where = f"; it does worse on {', '.join(beaten)}" if beaten else ""
        lines.append(
            f"Against {WORDS[name]}: skill {total.skills[name]:+.2f} over {count} series, "
            f"{_judged(total, name, count)}{where}."
        )
    alone = [found.known[name].words for name, one in series.items() if not one.skills.keys() & set(NAMES)]
    if alone:
        lines.append(f"No observation to {found.window.tuned_to} to fit a baseline to: {', '.join(alone)}.")
    narrow = [found.known[name].words for name in series if any(r.note for r in found.baselines[name].values())]
    if narrow:
        lines.append(
            f"Baselines with too few early observations for their own scatter, or to differ: {', '.join(narrow)}; "
            "a skill against them flatters the model."
        )
    return lines


def added(found: Evaluation, part: str) -> list[str]:
    """Return what six countries add over the reduced model, as a number, and on which series; nothing, if so."""
    total, series = over_all(found, part), by_series(found, part)
    if total is None or REDUCED not in total.skills:
        return []
    skills = {found.known[name].words: one.skills[REDUCED] for name, one in series.items() if REDUCED in one.skills}
    (low, high), error = total.ranges[REDUCED], total.error
    scatter = f" ± {error:.2f}" if math.isfinite(error) else ""
    size = f"{total.skills[REDUCED]:+.2f}{scatter} over {len(skills)} series {'after' if part == LATER else 'to'}"
    if len(skills) < FEWEST_SERIES:
        said = "too few series to judge"
    elif low > ERRORS * error:
        said = f"they add something ({low:+.2f} or more without one of the series)"
    elif high < -ERRORS * error:
        said = f"nothing: the reduced model is better ({high:+.2f} or less without one of the series)"
    else:
        said = f"nothing that these observations show ({low:+.2f} to {high:+.2f} without one of the series)"
    sides = {
        words: [name for name, value in skills.items() if sign * value > 0.0]
        for words, sign in (("better", 1.0), ("worse", -1.0))
    }
    where = "; ".join(f"{words} on {', '.join(names)}" for words, names in sides.items() if names)
    return [
        "What six countries, and all else in the model, add over need, stock and room (the reduced model): skill "
        f"{size} {found.window.tuned_to}, {said}{f'; {where}' if where else ''}."
    ]


def _judged(total: Total, name: str, count: int) -> str:
    """Return whether the skill is clear: the same side of zero whichever series is left out."""
    if count < FEWEST_SERIES:
        return "too few series to judge"
    low, high = total.ranges[name]
    span = f"{low:+.2f} to {high:+.2f} without one of the series"
    if low > 0.0 or high < 0.0:
        return (
            f"{'better' if low > 0.0 else 'worse'} whichever series is left out ({span}), though {count} prove little"
        )
    return f"no clear difference ({span})"


def _caution(found: Evaluation) -> list[str]:
    """Return which series were used to set parameters, and which are measured a little differently."""
    names = found.series(LATER)
    lines = []
    given = [found.known[name].words for name in names if found.known[name].given]
    if any(found.known[name] is not KNOWN.get(name) for name in names):
        # What a case sets, and from which of its observations, is its own affair: no month is known up to which.
        said = f"Parameters were set from observations of: {', '.join(given)}. Agreement there is weak evidence."
        lines += [said] * bool(given)
    elif given:
        lines.append(
            f"The shipped ranges of parameters were set in view of observations to {_last(found)}, for: "
            f"{', '.join(given)}. Up to then agreement there is weak evidence; later observations are a better test."
        )
    for name in names:
        if found.known[name].limit:
            lines.append(f"{found.known[name].words}: {found.known[name].limit}.")
    return lines


def _last(found: Evaluation) -> str:
    """Return the month of the last observation of the file, such as `June 2024`."""
    rows = [*(one.row for one in found.scored), *(one.row for one in found.left)]
    return month_words(max(row.date for row in rows))


def _left(left: Sequence[Omitted]) -> list[str]:
    """Return what is not compared, by reason."""
    reasons: dict[str, Counter[str]] = {}
    for one in left:
        reasons.setdefault(one.reason, Counter())[one.row.series] += 1
    return [
        "Not compared: "
        + ", ".join(f"{series} ({counted(count, 'observation')})" for series, count in series_of.items())
        + f": {reason}."
        for reason, series_of in reasons.items()
    ]

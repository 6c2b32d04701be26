"""Findings about several observations together in plain words."""

from collections.abc import Sequence

from sim.present.words import percent, sensible, significant
from sim.scenario.problems import counted
from sim.studies.history.analysis import ALL, LATER
from sim.studies.history.at_once import AtOnce
from sim.studies.history.baselines import RIVALS
from sim.studies.history.joint import Joint, Vector
from sim.studies.history.multivariate import Pair
from sim.studies.history.rates import Rate

READING = (
    "Rates: the flow of a cumulative series between two consecutive observations, per month of 30.4 days. The "
    "record's reaches from low of the later claim - high of the earlier to high - low, not below zero as a count "
    "never falls: all that the two ranges allow, since nobody says whether their errors have a common cause. The "
    "model's bands are those of the worlds; `with errors` adds the errors of both claims, taken as independent, as "
    "the scores do. If the errors have a common cause they partly cancel, and `with errors` flatters the model. "
    "Neighbouring rates share a claim: one that is too high makes one rate too high and the next too low.",
    "All bands at once: a world is inside an observation if its value lies between low and high of the claim, with "
    "no error added; `if independent` is the product of the shares of each observation alone.",
    "Energy score and variogram score (order 1/2), both fair for a finite ensemble, score the observations of a "
    "series as one vector, with the claims' errors added to model and baselines, in shares of the mean observation; "
    "0 is perfect. The energy score is CRPS for several dates and sees errors of size; the variogram score compares "
    "differences between dates and sees the shape in time, not an error that all dates share. Baselines draw all "
    "dates jointly, and so does each world of the reduced model. A source's way of counting has no error of its "
    "own, as the file does not always name who made a claim; rounds in a container are one number for each world.",
)
"""How to read the joint results, by paragraph."""


def joint_findings(joint: Joint) -> list[str]:
    """Return sentences on rates, on all bands at once, and on each series as one vector."""
    return rate_sentences(joint.rates) + at_once_sentences(joint.at_once) + vector_sentences(joint.vectors)


def rate_sentences(rates: Sequence[Rate]) -> list[str]:
    """Return how many rates the model's bands hold, with and without the claims' errors, and where it fails."""
    if not rates:
        return ["No cumulative series has two observations: no rate between observations."]
    count, names = len(rates), list(dict.fromkeys(rate.series for rate in rates))
    lines = [
        f"Of {counted(count, 'rate')} between consecutive observations ({len(names)} series), the model's 90 % band "
        f"holds {sum(rate.in90 for rate in rates)} and its 50 % band {sum(rate.in50 for rate in rates)}; with the "
        f"claims' errors added {sum(rate.score.in90 for rate in rates)} and {sum(rate.score.in50 for rate in rates)}; "
        f"those of a calibrated model would hold {0.9 * count:.1f} and {0.5 * count:.1f} on average. Neighbouring "
        "rates share a claim."
    ]
    return lines + [_side(name, [rate for rate in rates if rate.series == name]) for name in names]


def _side(name: str, mine: Sequence[Rate]) -> str:
    """Return on which side of the record the model's rates of one series lie."""
    low, high = (sum(rate.side == side for rate in mine) for side in (-1, 1))
    far = max(mine, key=lambda rate: abs(rate.record.mid - rate.levels[2]))
    return (
        f"{mine[0].first.known.flow_words}, rate: {low} of {len(mine)} too low, {high} too high; furthest off from "
        f"{far.first.date} to {far.last.date}, where the model's median is {sensible(far.levels[2])} and the record's "
        f"rate {sensible(far.record.mid)} ({sensible(far.record.low)} to {sensible(far.record.high)}) "
        f"{far.last.unit}/month."
    )


def at_once_sentences(some: Sequence[AtOnce]) -> list[str]:
    """Return how many worlds lie inside all observations of each series, and of all of them."""
    return [_at_once(one) for one in some]


def _at_once(one: AtOnce) -> str:
    where = "both observations" if one.observations == 2 else f"all {one.observations} observations"
    where += " of every series together" if one.series == ALL else f" of {one.hardest.known.words}"
    if one.inside:
        return f"Inside {where}: {one.inside} of {one.worlds} worlds ({percent(one.share)})."
    hardest = f"{one.hardest.series}, " * (one.series == ALL) + str(one.hardest.date)
    return (
        f"Inside {where}: none of {one.worlds} worlds; the best is inside {one.most}. The hardest ({hardest}) is met "
        f"by {one.least}."
    )


def vector_sentences(vectors: Sequence[Vector]) -> list[str]:
    """Return the scores of each later series as one vector, with its skill against each rival."""
    lines = []
    for one in vectors:
        if one.part != LATER:
            continue
        skills = {name: one.skills(name) for name in RIVALS if name in one.rivals}
        start = (
            f"As one vector, the {one.observations} later observations of {one.known.words}: energy score "
            f"{significant(one.model.energy, 2)} of the mean observation, variogram score "
            f"{significant(one.model.variogram, 2)}"
        )
        lines.append(f"{start}; {_against(skills)}." if skills else f"{start}; no rival.")
    return lines


def _against(skills: dict[str, Pair]) -> str:
    parts = [f"{found.energy:+.2f}, {found.variogram:+.2f} against {name}" for name, found in skills.items()]
    return f"skill by energy and by variogram {'; '.join(parts)}"

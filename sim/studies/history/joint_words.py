"""Findings about several observations together in plain words."""

from collections.abc import Sequence

from sim.present.naming import day_words
from sim.present.record_names import flow_title
from sim.present.words import percent, sensible, signed, significant, unit_words
from sim.studies.history.analysis import ALL, LATER
from sim.studies.history.at_once import AtOnce
from sim.studies.history.baselines import RIVALS
from sim.studies.history.joint import Joint, Vector
from sim.studies.history.multivariate import Pair
from sim.studies.history.rates import Rate
from sim.studies.history.words import called, held, number_of, say, some_or_none
from sim.texts.spoken import joined


def joint_findings(joint: Joint) -> list[str]:
    """Return sentences on rates, on all bands at once, and on each series as one vector."""
    return rate_sentences(joint.rates) + at_once_sentences(joint.at_once) + vector_sentences(joint.vectors)


def rate_sentences(rates: Sequence[Rate]) -> list[str]:
    """Return how many rates the model's bands hold, with and without the claims' errors, and where it fails."""
    if not rates:
        return [say("rates.none")]
    count, names = len(rates), list(dict.fromkeys(rate.series for rate in rates))
    told = say(
        "rates.held",
        rates=number_of("rate", count),
        series=number_of("of_series", len(names)),
        in90=some_or_none(sum(rate.in90 for rate in rates), "rate"),
        in50=some_or_none(sum(rate.in50 for rate in rates), "rate"),
        with90=some_or_none(sum(rate.score.in90 for rate in rates), "rate"),
        with50=some_or_none(sum(rate.score.in50 for rate in rates), "rate"),
        **held(count),
    )
    return [told, *(_side([rate for rate in rates if rate.series == name]) for name in names)]


def _side(mine: Sequence[Rate]) -> str:
    """Return on which side of the record the model's rates of one series lie."""
    low, high = (sum(rate.side == side for rate in mine) for side in (-1, 1))
    far = max(mine, key=lambda rate: abs(rate.record.mid - rate.levels[2]))
    return say(
        "rates.side",
        flow=flow_title(far.series, far.first.known),
        low=some_or_none(low, "rate"),
        n=len(mine),
        high=some_or_none(high, "rate"),
        first=day_words(str(far.first.date)),
        last=day_words(str(far.last.date)),
        median=sensible(far.levels[2]),
        record=sensible(far.record.mid),
        lowest=sensible(far.record.low),
        highest=sensible(far.record.high),
        unit=unit_words(f"{far.last.unit}/month", far.record.high),
    )


def at_once_sentences(some: Sequence[AtOnce]) -> list[str]:
    """Return how many worlds lie inside all observations of each series, and of all of them."""
    return [_at_once(one) for one in some]


def _at_once(one: AtOnce) -> str:
    row, both = one.hardest, one.observations == 2
    if one.series == ALL:
        where = say("at_once.both_together" if both else "at_once.together", n=one.observations)
    else:
        where = say(f"at_once.{'both' if both else 'all'}", n=one.observations, series=called(row.series, row.known))
    if one.inside:
        return say("at_once.some", where=where, inside=one.inside, worlds=one.worlds, share=percent(one.share))
    if not one.most:
        return say("at_once.none_of_any", where=where, worlds=one.worlds)
    hardest = f"{called(row.series, row.known)}, " * (one.series == ALL) + day_words(str(row.date))
    met = say(f"at_once.{'met' if one.least else 'met_by_none'}", hardest=hardest, least=one.least, worlds=one.worlds)
    return f"{say('at_once.none', where=where, worlds=one.worlds, most=one.most)} {met}"


def vector_sentences(vectors: Sequence[Vector]) -> list[str]:
    """Return the scores of each later series as one vector, with its skill against each rival."""
    return [_vector(one) for one in vectors if one.part == LATER]


def _vector(one: Vector) -> str:
    skills = {name: one.skills(name) for name in RIVALS if name in one.rivals}
    fills = {
        "n": one.observations,
        "series": called(one.series, one.known),
        **{kind: significant(score, 2) for kind, score in one.model._asdict().items()},
    }
    return say("vector.rivals", **fills, skills=_against(skills)) if skills else say("vector.alone", **fills)


def _against(skills: dict[str, Pair]) -> str:
    return joined(
        *(
            say(
                "vector.against",
                energy=signed(found.energy),
                variogram=signed(found.variogram),
                rival=say(f"short.{name}"),
            )
            for name, found in skills.items()
        )
    )

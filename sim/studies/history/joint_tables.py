"""Joint results of a comparison with observations in spreadsheets and in summary.md."""

from collections.abc import Iterator, Mapping, Sequence

from sim.analysis import quantiles
from sim.present.naming import day_words
from sim.present.publish import Content
from sim.present.record_names import flow_title, series_title
from sim.present.text import bullets, document, markdown_table
from sim.present.words import cell, percent, sensible, sensible_band, signed, significant, unit_name
from sim.studies.history.analysis import ALL
from sim.studies.history.at_once import AtOnce
from sim.studies.history.baselines import RIVALS
from sim.studies.history.joint import Joint, Vector
from sim.studies.history.joint_words import at_once_sentences, rate_sentences, vector_sentences
from sim.studies.history.multivariate import Pair
from sim.studies.history.rates import Rate
from sim.studies.history.words import say
from sim.texts.spoken import said


def joint_files(joint: Joint) -> Mapping[str, Content]:
    """Return the spreadsheets by name."""
    return {"rates.csv": rates(joint), "at_once.csv": at_once(joint), "joint.csv": vectors(joint)}


def rates(joint: Joint) -> Iterator[Sequence[str]]:
    """Yield the rows of rates.csv: every rate of the record, in the unit of the series a month, and the model's."""
    yield (
        *("series", "from", "to", "low", "central", "high", "unit"),
        *(f"{kind}_{name}" for kind in ("model", "claim") for name in quantiles.COLUMNS),
        *("in_50", "in_90", "in_50_with_errors", "in_90_with_errors", "place", "crps", "line_from", "line_to"),
    )
    for rate in joint.rates:
        score = rate.score
        yield (
            *(rate.series, str(rate.first.date), str(rate.last.date)),
            *(*map(cell, (rate.record.low, rate.record.mid, rate.record.high)), f"{rate.last.unit}/month"),
            *map(cell, (*rate.levels, *score.levels)),
            *(str(int(held)) for held in (rate.in50, rate.in90, score.in50, score.in90)),
            *(cell(score.place), cell(score.crps), str(rate.first.line), str(rate.last.line)),
        )


def at_once(joint: Joint) -> Iterator[Sequence[str]]:
    """Yield the rows of at_once.csv: every series with two observations, and all observations."""
    yield (
        *("series", "figures", "inside_all", "share", "share_if_independent", "most_in_one_world"),
        *("hardest_series", "hardest_date", "inside_hardest"),
    )
    for one in joint.at_once:
        yield (
            *(one.series, *map(str, (one.observations, one.inside))),
            *(cell(one.share), cell(one.independent), str(one.most)),
            *(one.hardest.series, str(one.hardest.date), str(one.least)),
        )


def vectors(joint: Joint) -> Iterator[Sequence[str]]:
    """Yield the rows of joint.csv: energy and variogram score of every series with two observations in a part."""
    kinds = Pair._fields
    yield (
        *("part", "series", "figures", "worlds_with_values", "scaled_by", "unit", *kinds),
        *(f"{kind}_{name}" for kind in kinds for name in RIVALS),
        *(f"skill_{kind}_{name}" for kind in kinds for name in RIVALS),
    )
    for one in joint.vectors:
        skills = {name: one.skills(name) for name in one.rivals}
        yield (
            *(one.part, one.series, str(one.observations), str(one.worlds), cell(one.unit), one.known.unit),
            *map(cell, one.model),
            *_by_kind(one.rivals),
            *_by_kind(skills),
        )


def _by_kind(pairs: Mapping[str, Pair]) -> Iterator[str]:
    """Yield both scores of every rival, first the energy scores; empty where there is none."""
    for k in range(len(Pair._fields)):
        yield from (cell(pairs[name][k]) if name in pairs else "" for name in RIVALS)


def joint_sections(joint: Joint) -> str:
    """Return the joint results in Markdown: a section for each kind, with its sentences and its table."""
    parts = [f"## {say('rates.heading')}", bullets(rate_sentences(joint.rates)), rate_table(joint.rates)]
    if joint.at_once:
        parts += [f"## {say('at_once.heading')}", bullets(at_once_sentences(joint.at_once))]
        parts += [at_once_table(joint.at_once)]
    if joint.vectors:
        parts += [f"## {say('vector.heading')}", bullets(vector_sentences(joint.vectors))]
        parts += [vector_table(joint.vectors)]
    return document(*parts).strip()


RATE_HEADS = ("from", "to", "record", "model50", "model90", "in", "in_with_errors", "unit")


def rate_table(rates: Sequence[Rate]) -> str:
    """Return the rates between observations in Markdown; empty if there are none."""
    heads = (say("score.series"), *(say(f"rates.{head}") for head in RATE_HEADS))
    rows = []
    for rate in rates:
        q05, q25, _, q75, q95 = map(sensible, rate.levels)
        days = (day_words(str(claim.date)) for claim in (rate.first, rate.last))
        held = _held(rate.in50, rate.in90), _held(rate.score.in50, rate.score.in90)
        spans = (said("printed.from_to", low=low, high=high) for low, high in ((q25, q75), (q05, q95)))
        unit = unit_name(f"{rate.last.unit}/month")
        flow = flow_title(rate.series, rate.first.known)
        rows.append((flow, *days, sensible_band(rate.record), *spans, *held, unit))
    return markdown_table(heads, rows, "---") if rows else ""


def _held(in50: bool, in90: bool) -> str:
    return say("rates.in50") if in50 else say("rates.in90") if in90 else say("rates.neither")


def at_once_table(some: Sequence[AtOnce]) -> str:
    """Return how many worlds lie inside all observations in Markdown."""
    columns = (say(f"at_once.{head}") for head in ("inside", "independent", "most", "hardest"))
    rows = []
    for one in some:
        title = series_title(one.hardest.series, one.hardest.known)
        hardest = f"{title}, " * (one.series == ALL) + day_words(str(one.hardest.date))
        rows.append(
            (
                *(say("all") if one.series == ALL else title, str(one.observations)),
                say("at_once.share", inside=one.inside, worlds=one.worlds, share=percent(one.share)),
                *(percent(one.independent), str(one.most)),
                say("at_once.least", hardest=hardest, least=one.least, worlds=one.worlds),
            )
        )
    return markdown_table((say("score.series"), say("score.observations"), *columns), rows, "---")


def vector_table(vectors: Sequence[Vector]) -> str:
    """Return energy and variogram score in Markdown, each with its skill against baselines and reduced model."""
    skills = (say(f"vector.skill_{kind}", rival=say(f"short.{name}")) for kind in Pair._fields for name in RIVALS)
    first = say("score.series"), say("vector.part"), say("score.observations")
    heads = (*first, *(say(f"vector.{kind}") for kind in Pair._fields), *skills)
    return markdown_table(heads, map(_vector_cells, vectors), "---")


def _vector_cells(one: Vector) -> list[str]:
    skills = {name: one.skills(name) for name in one.rivals}
    scores = (significant(score, 2) for score in one.model)
    cells = [series_title(one.series, one.known), say(f"part.{one.part}"), str(one.observations), *scores]
    for k in range(len(Pair._fields)):
        cells += [signed(skills[name][k]) if name in skills else "-" for name in RIVALS]
    return cells

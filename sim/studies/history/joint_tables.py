"""Joint results of a comparison with observations in spreadsheets and in summary.md."""

from collections.abc import Iterator, Mapping, Sequence

from sim.analysis import quantiles
from sim.present.publish import Content
from sim.present.text import bullets, document, markdown_table
from sim.present.words import cell, percent, sensible, sensible_band, significant
from sim.studies.history.analysis import ALL
from sim.studies.history.at_once import AtOnce
from sim.studies.history.baselines import RIVALS
from sim.studies.history.joint import Joint, Vector
from sim.studies.history.joint_words import at_once_sentences, rate_sentences, vector_sentences
from sim.studies.history.multivariate import Pair
from sim.studies.history.rates import Rate

FILES = (
    "`rates.csv` (rates between observations), `at_once.csv` (worlds inside all bands), `joint.csv` (several "
    "observations as one)"
)


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
    parts = ["## Rates between observations", bullets(rate_sentences(joint.rates)), rate_table(joint.rates)]
    if joint.at_once:
        parts += ["## All bands at once", bullets(at_once_sentences(joint.at_once)), at_once_table(joint.at_once)]
    if joint.vectors:
        parts += ["## Several observations as one", bullets(vector_sentences(joint.vectors))]
        parts += [vector_table(joint.vectors)]
    return document(*parts).strip()


def rate_table(rates: Sequence[Rate]) -> str:
    """Return the rates between observations in Markdown; empty if there are none."""
    heads = ("series", "from", "to", "record", "model, 50 %", "model, 90 %", "in", "in, with errors", "unit")
    rows = []
    for rate in rates:
        q05, q25, _, q75, q95 = map(sensible, rate.levels)
        days = str(rate.first.date), str(rate.last.date)
        held = _held(rate.in50, rate.in90), _held(rate.score.in50, rate.score.in90)
        bands = sensible_band(rate.record), f"{q25} to {q75}", f"{q05} to {q95}"
        rows.append((rate.first.known.flow_words, *days, *bands, *held, f"{rate.last.unit}/month"))
    return markdown_table(heads, rows, "---") if rows else ""


def _held(in50: bool, in90: bool) -> str:
    return "50 %" if in50 else "90 %" if in90 else "neither"


def at_once_table(some: Sequence[AtOnce]) -> str:
    """Return how many worlds lie inside all observations in Markdown."""
    heads = ("series", "observations", "worlds inside all", "if independent", "most in one world", "hardest")
    rows = []
    for one in some:
        hardest = f"{one.hardest.known.words}, " * (one.series == ALL) + str(one.hardest.date)
        rows.append(
            (
                *("all series" if one.series == ALL else one.hardest.known.words, str(one.observations)),
                *(f"{one.inside} of {one.worlds} ({percent(one.share)})", percent(one.independent), str(one.most)),
                f"{hardest}: {one.least} of {one.worlds}",
            )
        )
    return markdown_table(heads, rows, "---")


def vector_table(vectors: Sequence[Vector]) -> str:
    """Return energy and variogram score in Markdown, each with its skill against baselines and reduced model."""
    skills = [f"{kind}: skill against {name}" for kind in Pair._fields for name in RIVALS]
    heads = ("series", "part", "observations", "energy score", "variogram score", *skills)
    return markdown_table(heads, map(_vector_cells, vectors), "---")


def _vector_cells(one: Vector) -> list[str]:
    skills = {name: one.skills(name) for name in one.rivals}
    cells = [one.known.words, one.part, str(one.observations), *(significant(score, 2) for score in one.model)]
    for k in range(len(Pair._fields)):
        cells += [f"{skills[name][k]:+.2f}" if name in skills else "-" for name in RIVALS]
    return cells

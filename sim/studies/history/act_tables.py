"""Counts of acts beside base rates: by act and over all, in acts.csv, in summary.md and in plain words."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from sim.analysis.record.counted import BEFORE, FIRST, LAST
from sim.present.text import bullets, document, markdown_table
from sim.present.words import cell
from sim.scenario.problems import counted as number_of
from sim.studies.history.acts import ACT_RIVALS, BASE_RATES, KNOWN_TOTAL, Acts, ActScore
from sim.studies.history.analysis import ALL, FEWEST_SERIES, geometric_mean, left_out
from sim.studies.history.scoring import ratio, skill

FILES = f"`acts.csv` (counts of acts beside base rates of {BEFORE})"
READING = (
    f"Acts: counts of {FIRST} to {LAST}, claims with a band as observations are, scored by CRPS in acts. Base rates "
    f"know how often each act was done in {BEFORE} and nothing of a country: a Poisson count about a rate that is as "
    "uncertain as so few acts make it, and wider where the years differ. `known total` is told the record's total of "
    "each act, by which the base utility of that act is set in the model, and shares it out as in those years. Acts "
    "are joined by the geometric mean of their ratios of CRPS, each act counting once. Missile tests are months with "
    "a launch. What the scenario prescribes is given to both rivals too."
)
SEEN = (
    "The model has seen this record and the base rates have not: base utilities of acts are set by its totals, weights "
    f"were chosen with it in view, and what a pair did in {BEFORE} is where its habit starts. A skill against base "
    "rates is one of a fit and no foresight; against known totals it says what the countries add to which of them act."
)


def act_skills(acts: Acts, rival: str) -> dict[str, float]:
    """Return the skill of each act that has a rival, from mean CRPS over those who do it."""
    return {act: skill(*_means(acts.of(act), rival)) for act in acts.names}


def _means(some: Sequence[ActScore], rival: str) -> tuple[float, float]:
    return float(np.mean([one.crps for one in some])), float(np.mean([one.rivals[rival] for one in some]))


def all_acts(acts: Acts, rival: str) -> tuple[float, float, float]:
    """Return the skill over all acts, each counting once, and its range when one of them is left out."""
    ratios = [ratio(*_means(acts.of(act), rival)) for act in acts.names]
    least, most = left_out(ratios)
    return 1.0 - geometric_mean(ratios), 1.0 - most, 1.0 - least


def act_rows(acts: Acts) -> Iterator[Sequence[str]]:
    """Yield the rows of acts.csv: every count of the record, then each act and all of them with skills."""
    yield (
        *(
            "act",
            "who",
            "low",
            "central",
            "high",
            "before_low",
            "before",
            "before_high",
            "counted",
            "prescribed",
            "sources",
        ),
        *("model_q05", "model_q50", "model_q95", "model_mean", *(f"mean_{name}" for name in ACT_RIVALS)),
        *("crps", *(f"crps_{name}" for name in ACT_RIVALS), *(f"skill_{name}" for name in ACT_RIVALS)),
    )
    for one in acts.scores:
        row = one.row
        before = map(cell, row.before) if row.before else [""] * 3
        yield (
            *(row.act, row.who, *map(cell, row.record), *before, row.unit, str(one.prescribed), row.sources),
            *map(cell, (*one.model, one.mean)),
            *(_given(one.means, name) for name in ACT_RIVALS),
            *(cell(one.crps), *(_given(one.rivals, name) for name in ACT_RIVALS)),
            *(cell(skill(one.crps, one.rivals[name])) if one.rivals else "" for name in ACT_RIVALS),
        )
    if not acts.names:
        return
    by_act = {name: act_skills(acts, name) for name in ACT_RIVALS}
    for act in acts.names:
        means = [_means(acts.of(act), name) for name in ACT_RIVALS]
        crps = [cell(means[0][0]), *(cell(other) for _, other in means)]
        yield act, ALL, *[""] * 15, *crps, *(cell(by_act[name][act]) for name in ACT_RIVALS)
    yield ALL, ALL, *[""] * 18, *(cell(all_acts(acts, name)[0]) for name in ACT_RIVALS)


def _given(values: object, name: str) -> str:
    assert isinstance(values, dict)
    return cell(values[name]) if name in values else ""


def act_findings(acts: Acts) -> list[str]:
    """Return the skill against both rivals, over all and by act, and that the model has seen the record."""
    if not acts.names:
        return [f"Acts are not compared: {acts.left}."] if acts.left else []
    of = f"{number_of(len(acts.of()), 'count')} of {number_of(len(acts.names), 'act')}"
    lines = [
        f"Acts, {FIRST} to {LAST} ({of}), against base rates of {BEFORE}: skill {_over(acts, BASE_RATES)}.",
        f"Against the same with the record's totals known: skill {_over(acts, KNOWN_TOTAL)}.",
        SEEN,
    ]
    low = [name for name in ACT_RIVALS if all_acts(acts, name)[0] <= 0.0]
    if low:
        words = " and ".join(name.replace("_", " ") for name in low)
        lines.append(f"Over all acts six countries add nothing to {words}.")
    return lines


def _over(acts: Acts, rival: str) -> str:
    over, low, high = all_acts(acts, rival)
    parts = [f"{value:+.2f} on {_words(act)}" for act, value in act_skills(acts, rival).items()]
    span = f" ({low:+.2f} to {high:+.2f} without one act)" if math.isfinite(low) else ""
    few = ", too few acts to judge" if len(parts) < FEWEST_SERIES else ""
    return f"{over:+.2f} over all{span}{few}; {', '.join(parts)}"


def _words(act: str) -> str:
    return f"{act.replace('_', ' ')}s"


def act_section(acts: Acts) -> str:
    """Return counts, base rates and scores in Markdown."""
    parts = ["## Acts", bullets(act_findings(acts))]
    return document(*parts, *([act_table(acts)] if acts.names else [])).strip()


def act_table(acts: Acts) -> str:
    """Return every count that has rivals, with the mean that model and rivals expect, and their CRPS, in Markdown."""
    heads = ("act", "who", f"{FIRST} to {LAST}", BEFORE, "model, mean (90 %)", "base rates, mean", "known total, mean")
    scored = ("CRPS", "CRPS, base rates", "CRPS, known total")
    rows = []
    for one in acts.of():
        assert one.row.before
        low, central, high = one.row.before
        before = f"{central:g}" + f" ({low:g} to {high:g})" * (low < high)
        model = f"{one.mean:.1f} ({one.model.low:.0f} to {one.model.high:.0f})"
        means = (f"{one.means[name]:.1f}" for name in ACT_RIVALS)
        scores = (f"{value:.2f}" for value in (one.crps, *(one.rivals[name] for name in ACT_RIVALS)))
        rows.append(
            (one.row.act.replace("_", " "), one.row.who, f"{one.row.record[1]:g}", before, model, *means, *scores)
        )
    return markdown_table((*heads, *scored), rows, "---")

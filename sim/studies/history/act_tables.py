"""Counts of acts beside base rates: by act and over all, in acts.csv, in summary.md and in plain words."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from sim.analysis.record.counted import BEFORE, FIRST, LAST
from sim.present.naming import date_words
from sim.present.record_names import who_words
from sim.present.text import bullets, document, markdown_table
from sim.present.words import cell, signed
from sim.studies.history.acts import ACT_RIVALS, BASE_RATES, KNOWN_TOTAL, Acts, ActScore
from sim.studies.history.analysis import ALL, FEWEST_SERIES, geometric_mean, left_out
from sim.studies.history.scoring import ratio, skill
from sim.studies.history.words import number_of, say
from sim.texts.spoken import said, written


def months() -> dict[str, str]:
    """Return the months of the record and the years before it, as texts on acts have them."""
    return {"first": date_words(FIRST), "last": date_words(LAST), "before": BEFORE}


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
        return [say("acts.none", why=say(f"acts.{acts.left}", **months()))] if acts.left else []
    of = {"counts": number_of("count", len(acts.of())), "acts": number_of("act", len(acts.names))}
    lines = [
        say("acts.base", **of, **months(), skills=_over(acts, BASE_RATES)),
        say("acts.total", skills=_over(acts, KNOWN_TOTAL)),
        say("acts.seen", **months()),
    ]
    low = [name for name in ACT_RIVALS if all_acts(acts, name)[0] <= 0.0]
    if low:
        lines.append(say(f"acts.nothing.{'both' if len(low) > 1 else low[0]}"))
    return lines


def _over(acts: Acts, rival: str) -> str:
    over, low, high = all_acts(acts, rival)
    parts = [
        say("acts.one", skill=signed(value), acts=say(f"acts.many.{act}"))
        for act, value in act_skills(acts, rival).items()
    ]
    span = say("acts.span", low=signed(low), high=signed(high)) if math.isfinite(low) else ""
    few = say("acts.few") if len(parts) < FEWEST_SERIES else ""
    return say("acts.over", skill=signed(over), span=span, few=few, told=", ".join(parts))


def act_section(acts: Acts) -> str:
    """Return counts, base rates and scores in Markdown."""
    parts = [f"## {say('acts.heading')}", bullets(act_findings(acts))]
    return document(*parts, *([act_table(acts)] if acts.names else [])).strip()


HEADS = ("model", *ACT_RIVALS, "crps", *(f"crps_{name}" for name in ACT_RIVALS))
"""Heads of the table of counts, after act, who and both times."""


def act_table(acts: Acts) -> str:
    """Return every count that has rivals, with the mean that model and rivals expect, and their CRPS, in Markdown."""
    first = (say(f"acts.head.{head}", **months()) for head in ("act", "who", "record"))
    heads = (*first, BEFORE, *(say(f"acts.head.{head}") for head in HEADS))
    return markdown_table(heads, map(_cells, acts.of()), "---")


def _cells(one: ActScore) -> list[str]:
    row = one.row
    assert row.before
    low, central, high = row.before
    before = f"{central:g}" + (f" ({_from_to(low, high, 'g')})" if low < high else "")
    model = f"{one.mean:.1f} ({_from_to(one.model.low, one.model.high, '.0f')})"
    means = (f"{one.means[name]:.1f}" for name in ACT_RIVALS)
    scores = (f"{value:.2f}" for value in (one.crps, *(one.rivals[name] for name in ACT_RIVALS)))
    numbers = map(written, (f"{row.record[1]:g}", before, model, *means, *scores))
    return [said(f"printed.act.{row.act}"), who_words(row), *numbers]


def _from_to(low: float, high: float, digits: str) -> str:
    return said("printed.from_to", low=f"{low:{digits}}", high=f"{high:{digits}}")

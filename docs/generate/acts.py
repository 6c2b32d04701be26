"""How often every act of every pair happens, beside the public record, and the base rates that follow from counts.

`python -m docs.generate.acts` prints the base utility of each counted act by the rule of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

import sim
from docs.generate.markdown import bullets, fill, table
from sim.analysis.record.counted import BEFORE, MONTHS_BEFORE, counted, counts_of
from sim.experiment.run import run
from sim.scenario.names import PAIRS, SOLO_ACTS, TRIOS, pair_key
from sim.scenario.options import group_of
from sim.scenario.scenario import Scenario, Setting
from sim.studies.history.act_tables import act_findings, act_table
from sim.studies.history.acts import prescribed, score_acts

SCENARIO, MONTHS, WORLDS = "sea_route", 10, 200
"""What is compared: things as they happened, September 2023 to June 2024."""
LATER = slice(MONTHS, None)
"""Months after the record."""
LEAST = 0.05
"""Acts from which a pair that nobody counted has a row."""
LEAST_ODDS = 1e-6
"""Odds of an act below which a step towards its base is cut short (guard)."""
VARIABLES = {"outcome", "probability"}
RECORD: Mapping[str, Mapping[str, float]] = {
    act: {row.who: row.record[1] for row in counted() if row.act == act}
    for act in dict.fromkeys(row.act for row in counted())
}
"""Counts of the ten months by act and by those who act, from `sim/data/acts.csv`; who is absent is not counted.
Visits are of ministers and chiefs of service; missile tests are months with a launch."""
LASTING = {act: {row.who: row.before[1] for row in counted() if row.act == act and row.before} for act in ("treaty",)}
"""Counts of 2015-2022 of what is done once and kept: who has no pledge could have given one in each of those months, so
that months without any tell as much as the one with some. Other acts of those years are where habits start."""


@dataclass(frozen=True)
class Count:
    """How often an act of some countries happened in the model, per world, and in the record."""

    act: str
    who: str
    record: float | None
    found: np.ndarray
    "(worlds) in the months of the record"
    a_year: float
    "later on, mean over worlds"


def counts(ds: xr.Dataset) -> list[Count]:
    """Return the count of every act and of all who may do it."""
    everyone = [*((act, pair_key(a, b)) for act in ("visit", "summit", "treaty", "exercise") for a, b in PAIRS)]
    everyone += [("trilateral_exercise", " ".join(trio)) for trio in TRIOS]
    everyone += [(act, actor) for act, actors in SOLO_ACTS.items() for actor in actors]
    found = []
    for act, who in everyone:
        row = group_of(act, *who.replace("-", " ").split())[0]
        happens = ds["outcome"].values[:, row] > 0
        later = happens[LATER].mean() * 12.0
        found.append(Count(act, who, RECORD.get(act, {}).get(who), happens[:MONTHS].sum(axis=0), float(later)))
    return found


def expected(ds: xr.Dataset, act: str) -> float:
    """Return how many of the counted acts the model lets expect, mean over worlds.

    Of an act that lasts also in 2015-2022, at the chance of the first month, before anything has changed.
    """
    chance, happens, total = ds["probability"].values, ds["outcome"].values, 0.0
    for who in RECORD[act]:
        rows = list(group_of(act, *who.replace("-", " ").split()))
        monthly = happens[:, rows[0]] if act in SOLO_ACTS else chance[:, rows].prod(axis=1)
        before = MONTHS_BEFORE if who in LASTING.get(act, {}) else 0
        total += monthly.sum(axis=0).mean() + before * monthly[0].mean()
    return float(total)


def odds(found: Mapping[str, float], worlds: int = 64) -> dict[str, tuple[float, float]]:
    """Return the odds of each counted act with these base utilities: as the model expects, and as counted.

    Of an act a month of those who did it; of an act that lasts in 2015-2022, too, of all who might have.
    """
    spec = replace(sim.load(SCENARIO, worlds=worlds), months=MONTHS)
    ds, both = run(_with(spec, found), variables=VARIABLES), {}
    for act, record in RECORD.items():
        before = LASTING.get(act, {})
        most = MONTHS * sum(count > 0.0 for count in record.values()) + MONTHS_BEFORE * len(before)
        got, wanted = expected(ds, act), sum(record.values()) + sum(before.values())
        both[act] = got / max(most - got, LEAST_ODDS), wanted / (most - wanted)
    return both


def bases(steps: int = 10) -> dict[str, float]:
    """Return the base utility of each counted act at which the model expects as many as were counted, over all pairs.

    The odds of an act that needs n yeses grow by n times the precision with its base, so each step is one of Newton's.
    """
    settings = sim.load(SCENARIO).settings
    found = {act: settings[f"acts.{act}.base"].value for act in RECORD}
    for _ in range(steps):
        for act, (got, wanted) in odds(found).items():
            yeses = len(group_of(act, *next(iter(RECORD[act])).replace("-", " ").split()))
            found[act] += float(np.log(wanted / max(got, LEAST_ODDS))) / (yeses * settings["acts.precision"].value)
    return found


def _with(spec: Scenario, found: Mapping[str, float]) -> Scenario:
    """Return the scenario with these base utilities in the middle of their ranges."""
    settings = dict(spec.settings)
    for act, value in found.items():
        settings[f"acts.{act}.base"] = Setting(value, None, None, "fixed", "found by the rule")
    return replace(spec, settings=settings)


def page() -> str:
    """Return the page."""
    spec = sim.load(SCENARIO, worlds=WORLDS)
    ds = run(spec, variables=VARIABLES)
    found, scored = counts(ds), score_acts(counts_of(ds), prescribed(spec))
    both = [(c.record, float(c.found.mean())) for c in found if c.act == "summit" and c.record is not None]
    return fill(
        "acts",
        {
            "scenario": SCENARIO,
            "worlds": WORLDS,
            "seed": spec.seed,
            "bases": table(("act", "counted, all who are counted", "base utility"), _bases(spec)),
            "joint": table(HEADS, (_row(c) for c in found if c.act not in SOLO_ACTS and _worth_a_row(c))),
            "alone": table(HEADS, (_row(c) for c in found if c.act in SOLO_ACTS)),
            "outside": _outside(found),
            **{"findings": bullets(act_findings(scored)), "rivals": act_table(scored)},
            "rank": f"{_rank_correlation(both):.2f}",
        },
    )


HEADS = ("act", "who", "record, ten months", "model, ten months", "90 % of the worlds", "model, a year later on")


def _bases(spec: Scenario) -> list[tuple[str, str, str]]:
    values = {act: spec.settings[f"acts.{act}.base"].value for act in RECORD}
    counts = {act: f"{sum(RECORD[act].values()):g}" for act in values}
    for act, before in LASTING.items():
        counts[act] += f", and {sum(before.values()):g} in {BEFORE}"
    return [(_words(act), counts[act], f"{value:g}") for act, value in values.items()]


def _words(act: str) -> str:
    return act.replace("_", " ")


def _worth_a_row(c: Count) -> bool:
    """Return whether anybody counted any, or the model has some."""
    return bool(c.record) or c.found.mean() >= LEAST or c.a_year >= LEAST


def _row(c: Count) -> tuple[str, ...]:
    low, high = np.quantile(c.found, [0.05, 0.95])
    record = "not counted" if c.record is None else f"{c.record:g}"
    return _words(c.act), c.who, record, f"{c.found.mean():.1f}", f"{low:.0f} to {high:.0f}", f"{c.a_year:.1f}"


def _outside(found: list[Count]) -> str:
    """Return which counts lie outside the range of the worlds."""
    said = [
        f"{_words(c.act)} of {c.who} ({c.record:g} against {c.found.mean():.1f})"
        for c in found
        if c.record is not None and not np.quantile(c.found, 0.05) <= c.record <= np.quantile(c.found, 0.95)
    ]
    return "; ".join(said) or "none"


def _rank_correlation(both: list[tuple[float, float]]) -> float:
    """Return Spearman's correlation; ties share their mean rank."""

    def ranks(values: np.ndarray) -> np.ndarray:
        return np.array([(values < v).sum() + ((values == v).sum() - 1) / 2.0 for v in values])

    record, model = np.array(both).T
    return float(np.corrcoef(ranks(record), ranks(model))[0, 1])


if __name__ == "__main__":
    for act, value in bases().items():
        print(f"acts.{act}.base {value:.3g}")

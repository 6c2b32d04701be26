"""Counts of acts against base rates: a rival that knows how often each act was done in 2015-2022, and no country.

*Base rate*: with n acts in 96 months the rate a month has the gamma distribution of n + ½ acts in 96 months (Jeffreys
prior, so that none so far is not never), and the count of ten months is Poisson about it: negative binomial in all.
Where each year was counted, the rate of a year has the mean m of the years and what their variance s² exceeds that of
a Poisson count by, s² (1 + 1/years) - m: some years are unlike others.

*Known total*: the same, but the record's total of each act is given and shared out among those who do it as the base
rates are. The base utility of an act in the model is set by that very total; this rival has seen as much.

What the scenario prescribes happens in the model; both rivals are given it too, and say the rest.

A count is a claim with a band, scored as an observation is (`scoring`): CRPS in acts, for counts too a proper score
(Czado, Gneiting and Held 2009, Biometrics 65: 1254).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.quantiles import Band, band
from sim.analysis.record.comparable import Window
from sim.analysis.record.counted import BY_MONTHS, FIRST, MONTHS, MONTHS_BEFORE, Counted, counted
from sim.scenario import Scenario
from sim.scenario.happenings import occurrences
from sim.scenario.scenario import ActEvent
from sim.studies.history.paths import seeded
from sim.studies.history.scoring import crps, errors, triangular

Array = np.ndarray
DRAWS = 2000
PRIOR = 0.5
"""Acts that Jeffreys' prior of a Poisson rate is worth."""
BASE_RATES, KNOWN_TOTAL = "base_rates", "known_total"
ACT_RIVALS = (BASE_RATES, KNOWN_TOTAL)


@dataclass(frozen=True)
class ActScore:
    """A count of the record, the model's, and the CRPS of both rivals."""

    row: Counted
    model: Band
    mean: float
    "Mean of the worlds."
    crps: float
    rivals: Mapping[str, float]
    "CRPS of each rival; empty without a count of the years before."
    means: Mapping[str, float]
    "Mean count that each expects."
    prescribed: int
    "Acts among these that the scenario prescribes."


@dataclass(frozen=True)
class Acts:
    """Counts of acts beside base rates, or why there are none."""

    scores: tuple[ActScore, ...] = ()
    left: str = ""
    "Key of the text that says why there are none."

    def of(self, act: str | None = None) -> list[ActScore]:
        """Return the scores, of one act if given, that have rivals."""
        return [one for one in self.scores if one.rivals and act in (None, one.row.act)]

    @property
    def names(self) -> list[str]:
        """Acts with rivals."""
        return list(dict.fromkeys(one.row.act for one in self.of()))


def not_counted(scenario: Scenario, window: Window) -> str:
    """Return why a run cannot be held against the record of acts, a key of the texts on acts; empty if it can."""
    if scenario.start != FIRST or scenario.months < MONTHS:
        return "other_months"
    first, last = np.datetime64(f"{FIRST}-01"), np.datetime64("2024-06-30")
    if (window.first is not None and window.first > first) or (window.last is not None and window.last < last):
        return "cut"
    return ""


def prescribed(scenario: Scenario) -> tuple[int, ...]:
    """Return how many of each act of the record, (count), the scenario prescribes in its months."""
    acts = [event for event in scenario.events if isinstance(event, ActEvent)]
    given = Counter((event.act, frozenset(event.actors)) for event in acts for _ in occurrences(event, MONTHS))
    return tuple(given[row.act, frozenset(row.actors)] for row in counted())


def score_acts(values: Array, given: Sequence[int]) -> Acts:
    """Score `values`, (count, world), those of `counted()`, beside both rivals; `given` is that of `prescribed`."""
    rows = counted()
    drawn = {BASE_RATES: base_rates(rows, given), KNOWN_TOTAL: known_totals(rows, given)}
    found = []
    for row, here, prescribes in zip(rows, values, given, strict=True):
        key, error = (row.act, row.who), errors(*row.record)
        mine = {name: forecast[key] for name, forecast in drawn.items() if key in forecast}
        rivals = {name: crps(draws, row.record[1], error) for name, draws in mine.items()}
        means = {name: float(draws.mean()) for name, draws in mine.items()}
        own = crps(here, row.record[1], error)
        found.append(ActScore(row, band(here, whole=True), float(here.mean()), own, rivals, means, prescribes))
    return Acts(tuple(found))


def base_rates(rows: Sequence[Counted], given: Sequence[int]) -> dict[tuple[str, str], Array]:
    """Return counts that the base rates let expect in the record's months, (draw), by act and who."""
    some = [(row, given[k]) for k, row in enumerate(rows) if row.before]
    return {(row.act, row.who): _happen(row, _rate(row) * MONTHS, sure, "base") for row, sure in some}


def known_totals(rows: Sequence[Counted], given: Sequence[int]) -> dict[tuple[str, str], Array]:
    """Return the same if the record's total of each act is known, and shared out as the base rates are."""
    made = {}
    for act in dict.fromkeys(row.act for row in rows if row.before):
        mine = [(row, given[k]) for k, row in enumerate(rows) if row.act == act and row.before]
        rates = np.stack([_rate(row) for row, _ in mine])
        rest = max(sum(row.record[1] - sure for row, sure in mine), 0.0)
        for (row, sure), share in zip(mine, rates / rates.sum(axis=0), strict=True):
            made[row.act, row.who] = _happen(row, rest * share, sure, "total")
    return made


def _rate(row: Counted) -> Array:
    """Return draws of the rate of an act, acts a month, (draw)."""
    assert row.before
    rng = seeded(f"rate/{row.act}/{row.who}")
    if len(row.years) > 1:
        years = np.array(row.years)
        beyond = float(years.var(ddof=1)) * (1.0 + 1.0 / len(years)) - float(years.mean())
        if beyond > 0.0:
            return np.asarray(rng.gamma(years.mean() ** 2 / beyond, beyond / years.mean(), DRAWS) / 12.0)
    before = triangular(rng.random(DRAWS), *row.before)
    return np.asarray(rng.gamma(before + PRIOR) / MONTHS_BEFORE)


def _happen(row: Counted, expected: Array, sure: int, seed: str) -> Array:
    drawn = sure + seeded(f"{seed}/{row.act}/{row.who}").poisson(expected).astype(float)
    return np.minimum(drawn, MONTHS) if row.unit == BY_MONTHS else drawn

"""An ensemble against observations: each one scored, beside its rivals, by series and over all.

The early part (to the day `tuned_to`) is what a modeller may tune to and all that baselines know; the later part is
the test. Units differ from series to series, so scores are joined as ratios: the skill over all against a baseline is
1 - geometric mean over series of (mean CRPS / mean CRPS of the baseline), every series counting once (as the relative
errors of Davydenko and Fildes 2013, Int. J. Forecasting 29: 510). With so few series its uncertainty is shown as the
range when each series is left out in turn.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import xarray as xr

from sim.analysis.calendar import DAY
from sim.analysis.quantiles import Band, band
from sim.analysis.record.comparable import Omitted, Window
from sim.analysis.record.counted import counted, counts_of
from sim.analysis.record.definitions import Known
from sim.analysis.record.file import Observation
from sim.analysis.record.known import KNOWN
from sim.analysis.record.series import path, value_on
from sim.studies.history.acts import Acts
from sim.studies.history.baselines import REDUCED, RIVALS, Baseline, Early, baselines
from sim.studies.history.jackknife import crps_without_each, standard_error
from sim.studies.history.reduced import SERIES
from sim.studies.history.scoring import Score, crps, errors, ratio, score, skill

Array = np.ndarray
OBSERVED, PATH, ACTS = "figures", "path ", "acts"
"""Names of a run's values on the dates, of its monthly series, and of its counts of acts in what is kept of it."""
EARLY, LATER = "early", "later"
ALL = "all"
"""Name of the row over all series."""
FEWEST_SERIES = 3
"""Least series for which the range of a skill over all is given."""


def reducer(rows: Sequence[Observation], acts: bool = False) -> Callable[[xr.Dataset], Mapping[str, Array]]:
    """Return what keeps of some worlds each observation's modelled value, each series by month, and acts if wanted."""
    series = {row.series: row.known for row in rows}

    def reduce(ds: xr.Dataset) -> Mapping[str, Array]:
        values = np.stack([value_on(ds, row.known.reading, row.date) for row in rows])
        kept = {OBSERVED: values} | {PATH + name: path(ds, known.reading) for name, known in series.items()}
        return kept | ({ACTS: counts_of(ds)} if acts else {})

    return reduce


def read_by(rows: Sequence[Observation]) -> set[str]:
    """Return the variables that this function reads."""
    return {"parameters", "outcome", *(name for row in rows for name in row.known.reading.reads)}


def kept_bytes(rows: Sequence[Observation], worlds: int, months: int) -> int:
    """Return the memory of what is kept, while blocks are joined and scored."""
    own = 2 * len(rows) + 2 * months * len({row.series for row in rows}) + 64
    return 8 * worlds * (own + months * len(SERIES) + len(counted()))


@dataclass(frozen=True)
class Scored:
    """An observation, the ensemble's score on it, and the score of each baseline."""

    row: Observation
    early: bool
    score: Score
    model: Band
    "Median and 90 % band of the worlds, without the error of the claim."
    worlds: int
    "Number of worlds that have a value."
    rivals: Mapping[str, float] = field(default_factory=dict)
    "CRPS of each baseline, later part only, and of the reduced model."
    parts: tuple[tuple[float, float], ...] = ()
    "CRPS of the model and of the reduced model without each tenth of the worlds."

    @property
    def part(self) -> str:
        """`early` or `later`."""
        return EARLY if self.early else LATER

    @property
    def side(self) -> int:
        """-1 if the ensemble's 90 % band lies below the observation, 1 if above it, 0 if it holds it."""
        return 0 if self.score.in90 else -1 if self.score.place > 0.5 else 1


@dataclass(frozen=True)
class Evaluation:
    """Result of a comparison with observations."""

    scored: tuple[Scored, ...]
    left: tuple[Omitted, ...]
    window: Window
    baselines: Mapping[str, Mapping[str, Baseline]]
    "Series -> its baselines; empty where no early observation is known."
    reduced: Mapping[str, Baseline] = field(default_factory=dict)
    "Series -> the forecast of the reduced model, for those that it can predict."
    acts: Acts = field(default_factory=Acts)
    "Counts of acts beside the base rates of earlier years."

    def rivals(self, series: str, part: str) -> dict[str, Baseline]:
        """Return what the model is held against in a part: baselines know the early one, the reduced model neither."""
        naive = {} if part == EARLY else dict(self.baselines[series])
        return naive | ({REDUCED: self.reduced[series]} if series in self.reduced else {})

    def of(self, part: str, series: str | None = None) -> list[Scored]:
        """Return the scored observations of a part, and of a series if given."""
        return [one for one in self.scored if one.part == part and series in (None, one.row.series)]

    def series(self, part: str | None = None) -> list[str]:
        """Return the series compared, in the order of `in_order`."""
        return in_order(one.row.series for one in self.scored if part in (None, one.part))

    @property
    def known(self) -> Mapping[str, Known]:
        """How the model produces each series compared."""
        return {one.row.series: one.row.known for one in self.scored}


def in_order(series: Iterable[str]) -> list[str]:
    """Return names of series, each once: those of the shipped list in its order, then others as they come."""
    found = dict.fromkeys(series)
    return [*(name for name in KNOWN if name in found), *(name for name in found if name not in KNOWN)]


def early_observations(rows: Sequence[Observation], series: str, window: Window) -> Early:
    """Return what a baseline may know of a series: observations of the early part, also before the run."""
    mine = [row for row in rows if row.series == series]
    known = mine[0].known
    zero = np.datetime64(known.counted_from or "1970-01").astype("datetime64[D]") - DAY
    mine = [row for row in mine if window.is_early(row)]
    mine = sorted((row for row in mine if not known.count or row.date > zero), key=lambda row: row.date)
    days = [_number(zero)] * known.count + [_number(row.date) for row in mine]
    nothing = [0.0] * known.count
    low, central, high = (
        np.array(nothing + [getattr(row, name) for row in mine], dtype=float) for name in ("low", "central", "high")
    )
    return Early(np.array(days, dtype=float), low, central, high, known.count, known.unit == "share")


def _number(day: np.datetime64) -> float:
    return float(day.astype("datetime64[D]").astype(int))


def evaluate(
    rows: Sequence[Observation],
    compared: Sequence[Observation],
    left: Sequence[Omitted],
    values: Array,
    window: Window,
    reduced: Mapping[str, Baseline] | None = None,
) -> Evaluation:
    """Score `values`, (compared, world), against the observations; baselines know all early ones of `rows`."""
    naive = {name: baselines(name, early_observations(rows, name, window)) for name in {row.series for row in compared}}
    made = Evaluation((), (), window, naive, reduced or {})
    scored, without = [], []
    for row, here in zip(compared, values, strict=True):
        finite = here[np.isfinite(here)]
        if not len(finite):
            without.append(Omitted(row, "no_value"))
            continue
        early = window.is_early(row)
        rivals = made.rivals(row.series, EARLY if early else LATER)
        others = {name: _crps_of(rival, row) for name, rival in rivals.items()}
        others = {name: value for name, value in others.items() if math.isfinite(value)}
        found = score(finite, row.low, row.central, row.high)
        parts = _parts(here, row, made.reduced) if REDUCED in others else ()
        scored.append(Scored(row, early, found, band(finite), len(finite), others, parts))
    return replace(made, scored=tuple(scored), left=(*left, *without))


def _crps_of(baseline: Baseline, row: Observation) -> float:
    """Return the CRPS of a rival; NaN where it has no value."""
    drawn = baseline.draw(_number(row.date))
    finite = drawn[np.isfinite(drawn)]
    return crps(finite, row.central, errors(row.low, row.central, row.high)) if len(finite) else math.nan


def _parts(here: Array, row: Observation, reduced: Mapping[str, Baseline]) -> tuple[tuple[float, float], ...]:
    drawn = reduced[row.series].draw(_number(row.date))
    return crps_without_each(here, drawn, row.central, errors(row.low, row.central, row.high))


# ---- By series and over all -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Total:
    """Scores of several observations of one part."""

    count: int
    in50: int
    in90: int
    too_low: int
    "Observations above the model's 90 % band."
    too_high: int
    "Observations below it."
    crps: float
    "Mean, unit of the series; over all, mean over series of CRPS over mean observation."
    relative: float
    "CRPS over the mean central value; for orientation, no proper score."
    place: float
    "Median place of the observations among the worlds."
    offset: float
    "Median of (model's median - observation) / observation."
    skills: Mapping[str, float]
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    "Over all: lowest and highest skill when one series is left out."
    error: float = math.nan
    "Over all: standard error of the skill against the reduced model, by the sampling of worlds."


def by_series(found: Evaluation, part: str) -> dict[str, Total]:
    """Return the scores of every series of a part."""
    return {name: _total(found.of(part, name)) for name in found.series(part)}


def _total(some: Sequence[Scored]) -> Total:
    mean_crps = float(np.mean([one.score.crps for one in some]))
    size = float(np.mean([one.row.central for one in some]))
    offsets = [one.model.mid / one.row.central - 1.0 for one in some if one.row.central > 0.0]
    known = [name for name in RIVALS if all(name in one.rivals for one in some)]
    others = {name: float(np.mean([one.rivals[name] for one in some])) for name in known}
    return Total(
        len(some),
        sum(one.score.in50 for one in some),
        sum(one.score.in90 for one in some),
        sum(one.side < 0 for one in some),
        sum(one.side > 0 for one in some),
        mean_crps,
        mean_crps / size if size > 0.0 else math.nan,
        float(np.median([one.score.place for one in some])),
        float(np.median(offsets)) if offsets else math.nan,
        {name: skill(mean_crps, value) for name, value in others.items()},
    )


def over_all(found: Evaluation, part: str) -> Total | None:
    """Return the scores over all series of a part; None if it has no observation."""
    some, series = found.of(part), by_series(found, part)
    if not some:
        return None
    whole = _total([replace(one, rivals={}) for one in some])
    skills, ranges = {}, {}
    for name in RIVALS:
        ratios = [1.0 - total.skills[name] for total in series.values() if name in total.skills]
        if ratios:
            skills[name] = 1.0 - geometric_mean(ratios)
            least, most = left_out(ratios)
            ranges[name] = 1.0 - most, 1.0 - least
    sizes = [total.relative for total in series.values() if math.isfinite(total.relative)]
    relative = float(np.mean(sizes)) if sizes else math.nan
    error = _error([found.of(part, name) for name, total in series.items() if REDUCED in total.skills])
    return replace(whole, crps=relative, relative=relative, skills=skills, ranges=ranges, error=error)


def _error(series: Sequence[Sequence[Scored]]) -> float:
    """Return the standard error of the skill against the reduced model over all series."""
    if not series or not all(one.parts for some in series for one in some):
        return math.nan
    means = np.array([np.mean([one.parts for one in some], axis=0) for some in series])
    return standard_error([1.0 - geometric_mean([ratio(*pair) for pair in part]) for part in means.swapaxes(0, 1)])


def geometric_mean(ratios: Sequence[float]) -> float:
    """Return the geometric mean of positive numbers."""
    return math.exp(float(np.mean(np.log(ratios))))


def left_out(ratios: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and highest geometric mean when one is left out; missing where there are too few."""
    if len(ratios) < FEWEST_SERIES:
        return math.nan, math.nan
    means = [geometric_mean([*ratios[:k], *ratios[k + 1 :]]) for k in range(len(ratios))]
    return min(means), max(means)


def against(reference: Evaluation, other: Evaluation, part: str) -> dict[str, float]:
    """Return the CRPS of another variant over that of the reference, by series; below 1 the other is better.

    Both must have scored the same observations.
    """
    mine, theirs = by_series(reference, part), by_series(other, part)
    return {name: ratio(theirs[name].crps, mine[name].crps) for name in mine if name in theirs}

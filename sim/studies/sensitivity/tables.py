"""A sensitivity analysis in spreadsheets, in summary.md and in the terminal."""

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from rich.table import Table

from sim.present import text
from sim.present.text import document, markdown_table, origin_sentence, scenario_words
from sim.present.words import cell
from sim.scenario.parameters import PARAMETERS
from sim.studies.sensitivity import words
from sim.studies.sensitivity.analysis import CHANCE_OF_ANY
from sim.studies.sensitivity.words import INTERVAL, SPECIAL

READING = (
    "A first-order index is the share of the variance of an outcome that a factor makes alone; a total index adds its "
    "interactions with other factors. The rest of the variance beyond all first-order indices is due to "
    f"interactions. Brackets are {INTERVAL} intervals (bootstrap over the samples, which is cautious for a Sobol "
    "sequence). `chance` is all draws of a world, shocks and acts, taken as one factor: a parameter is moved while "
    "chance is held, and chance is moved like a parameter, so its index is the share of the variance that no "
    "parameter explains. `others` is all parameters that have no row of their own, drawn as the worlds of an "
    "ensemble draw them. `control` is a dummy parameter; it must be exactly zero. A direction is given where chance "
    f"would show one for any of the factors in {100 * CHANCE_OF_ANY:.0f} % of cases at most (Holm 1979). "
)
RANGES = (
    "Shares are shares of the spread that the ranges of the scenario make: a narrow range makes a parameter look weak."
)
SPREAD = "Shares are shares of the spread that the set makes, with the ranges of the parameters beside it."
NO_FORECAST = " This is a thinking tool, not a forecast."
CALIBRATED = (
    "`calibrated` is the vector that a world takes from the calibrated set. The parameters of a vector depend on each "
    "other, so that single ones have no shares that add up; the vector is drawn independently of all else and is one "
    "factor, whose indices are those of a group (Jacques, Lavergne and Devictor 2006). It moves to another vector that "
    "worlds may draw."
)
SCREENING = (
    "Screening moves one parameter at a time by half of its distribution, from random places, with all else and chance "
    "held (Morris 1991). Steps of this size can miss a parameter whose effect rises and falls within its range; in "
    "the indices it is still among `others`."
)


def indices(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of sensitivity.csv: indices of every factor for every outcome, at every number of samples."""
    yield (
        *("outcome", "samples", "factor", "unit", "claims", "direction"),
        *("first", "first_low", "first_high", "total", "total_low", "total_high", "meaning"),
    )
    for outcome in map(str, ds["outcome"].values):
        for samples in ds["samples"].values:
            found = ds.sel(outcome=outcome, samples=samples)
            for factor in words.ranked(ds, outcome):
                one = found.sel(factor=factor)
                numbers = [
                    cell(float(one[name]) + sign * float(one[f"{name}_half"]))
                    for name in ("first", "total")
                    for sign in (0.0, -1.0, 1.0)
                ]
                row = PARAMETERS.get(factor)
                kind = [row.unit, " ".join(row.claims)] if row else ["", ""]
                yield [
                    *(outcome, str(samples), factor, *kind, cell(float(one["direction"]))),
                    *(*numbers, row.meaning if row else SPECIAL[factor]),
                ]


def effects(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of screening.csv: the effect of every factor, largest first."""
    yield "outcome", "rank", "factor", "effect", "half_width", "mean", "spread", "unit", "claims"
    for outcome in map(str, ds["outcome"].values):
        found = ds.sel(outcome=outcome).isel(trajectories=-1)
        for rank, k in enumerate(np.argsort(-found["effect_size"].values, kind="stable"), start=1):
            factor = str(found["screened"].values[k])
            fields = ("effect_size", "effect_half", "effect_mean", "effect_spread")
            numbers = [cell(float(found[field].values[k])) for field in fields]
            claims = " ".join(PARAMETERS[factor].claims) if factor in PARAMETERS else ""
            yield [outcome, str(rank), factor, *numbers, words.outcome_unit(ds, outcome), claims]


def pairs(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of pairs.csv: the second-order index of every pair of factors."""
    yield "outcome", "factor", "partner", "index", "low", "high"
    for outcome, factor, partner, value, half in pairs_of(ds):
        yield [outcome, factor, partner, cell(value), cell(value - half), cell(value + half)]


def pairs_of(ds: xr.Dataset) -> Iterator[tuple[str, str, str, float, float]]:
    """Yield outcome, two factors, the index of the pair and half its interval; the control left out."""
    names = [str(name) for name in ds["factor"].values if name != "control"]
    for outcome in map(str, ds["outcome"].values):
        for k, factor in enumerate(names):
            for partner in names[k + 1 :]:
                found = ds.sel(outcome=outcome, factor=factor, partner=partner)
                yield outcome, factor, partner, float(found["second"]), float(found["second_half"])


def summary(ds: xr.Dataset) -> str:
    """Return summary.md of the analysis."""
    screened, made = "screened" in ds.coords, "calibrated" in ds["factor"].values
    outcomes = [str(outcome) for outcome in ds["outcome"].values]
    parts = [
        f"# {ds.attrs['title']}",
        f"{scenario_words(ds)}, {int(ds.attrs['runs']):,} runs. "
        f"Parameters without a row of their own are {ds.attrs['others']}.",
    ]
    for outcome in outcomes:
        parts += [f"## {words.outcome_words(ds, outcome)} (`{outcome}`)", *words.findings(ds, outcome)]
        if words.varies(ds, outcome):
            heads = ("factor", "first order", "total", "direction", "meaning; claims")
            rows = ([*row, words.meaning(factor)] for factor, row in _rows(ds, outcome))
            parts.append(markdown_table(heads, rows, "---"))
        parts.append(words.screening(ds, outcome)[0])
    if "partner" in ds.coords:
        both = (
            (f"`{outcome}`", " and ".join(map(words.factor_words, (first, second))), words.share(value, half))
            for outcome, first, second, value, half in pairs_of(ds)
        )
        parts += [
            "## Pairs: second-order indices",
            markdown_table(("outcome", "pair", "share of the variance"), both, "---"),
        ]
    tables = "`sensitivity.csv` (indices)" + (", `screening.csv` (effects)" if screened else "")
    tables += ", `pairs.csv`" if "partner" in ds.coords else ""
    notes = [CALIBRATED] * made + [SCREENING] * screened
    parts += [
        "## How to read it",
        READING + (SPREAD if made else RANGES) + NO_FORECAST,
        *notes,
        "## Origin",
        origin_sentence(ds),
    ]
    return document(*parts, f"Files: {tables}, `sensitivity.nc`, `figures/`, `manifest.json`.")


def _rows(ds: xr.Dataset, outcome: str) -> Iterator[tuple[str, list[str]]]:
    last = ds.sel(outcome=outcome).isel(samples=-1)
    for factor in words.ranked(ds, outcome):
        one = last.sel(factor=factor)
        sign = "" if factor in SPECIAL else words.direction_words(float(one["direction"]))
        first, total = (words.share(float(one[name]), float(one[f"{name}_half"])) for name in ("first", "total"))
        yield factor, [f"`{factor}`", first, total, sign]


def terminal_table(ds: xr.Dataset, outcome: str) -> Table:
    """Return the indices of one outcome as a Rich table."""
    title = f"{words.outcome_words(ds, outcome)}: share of the variance, {INTERVAL} interval"
    rows = ([words.factor_words(factor), *row[1:]] for factor, row in _rows(ds, outcome))
    return text.terminal_table(title, ("factor", "first order", "total", "direction"), rows)

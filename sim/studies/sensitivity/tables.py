"""A sensitivity analysis in spreadsheets, in summary.md and in the terminal."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from rich.table import Table

from sim.present import text
from sim.present.text import closing, document, markdown_table, origin_sentence, scenario_words
from sim.present.words import cell, percent
from sim.scenario.parameters import PARAMETERS
from sim.studies.sensitivity import words
from sim.studies.sensitivity.analysis import CHANCE_OF_ANY
from sim.studies.sensitivity.words import SPECIAL, say
from sim.texts.spoken import written


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
                    *(*numbers, row.meaning if row else words.factor_words(factor)),
                ]


def effects(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of screening.csv: the effect of every factor, largest first."""
    units = json.loads(ds.attrs["units"])
    yield "outcome", "rank", "factor", "effect", "half_width", "mean", "spread", "unit", "claims"
    for outcome in map(str, ds["outcome"].values):
        found = ds.sel(outcome=outcome).isel(trajectories=-1)
        for rank, k in enumerate(np.argsort(-found["effect_size"].values, kind="stable"), start=1):
            factor = str(found["screened"].values[k])
            fields = ("effect_size", "effect_half", "effect_mean", "effect_spread")
            numbers = [cell(float(found[field].values[k])) for field in fields]
            claims = " ".join(PARAMETERS[factor].claims) if factor in PARAMETERS else ""
            yield [outcome, str(rank), factor, *numbers, units[outcome], claims]


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
    runs = written(f"{int(ds.attrs['runs']):,}")
    parts = [
        f"# {words.title_of(ds)}",
        say("about", scenario=scenario_words(ds), runs=runs, others=words.others_words(ds)),
    ]
    for outcome in map(str, ds["outcome"].values):
        parts.append(f"## {words.outcome_title(ds, outcome)} (`{outcome}`)")
        parts += words.findings(ds, outcome)
        if words.varies(ds, outcome):
            heads = [*_heads(), say("head.meaning")]
            rows = ([*row, words.meaning(factor)] for factor, row in _rows(ds, outcome))
            parts.append(markdown_table(heads, rows, "---"))
        parts.append(words.screening(ds, outcome)[0])
    if "partner" in ds.coords:
        parts += [f"## {say('pairs')}", _pair_table(ds)]
    spread, level = say(f"spread.{'set' if made else 'ranges'}"), percent(CHANCE_OF_ANY)
    reading = say("reading", interval=words.interval_words(), level=level, spread=spread)
    notes = [reading, *[say("calibrated")] * made, *[say("screening")] * screened]
    tables = [say("file.indices"), *[say("file.effects")] * screened, *["`pairs.csv`"] * ("partner" in ds.coords)]
    files = say("files", tables=", ".join(tables))
    return document(*parts, *closing("\n\n".join(notes), origin_sentence(ds), files))


def _heads() -> list[str]:
    """Return the heads of a table of indices."""
    return [say(f"head.{head}") for head in ("factor", "first", "total", "direction")]


def _pair_table(ds: xr.Dataset) -> str:
    """Return the table of the indices of pairs."""
    rows = []
    for outcome, *pair, value, half in pairs_of(ds):
        first, second = map(words.factor_words, pair)
        rows.append((f"`{outcome}`", say("pair", first=first, second=second), words.share(value, half)))
    return markdown_table([say(f"head.{head}") for head in ("outcome", "pair", "share")], rows, "---")


def _rows(ds: xr.Dataset, outcome: str) -> Iterator[tuple[str, list[str]]]:
    last = ds.sel(outcome=outcome).isel(samples=-1)
    for factor in words.ranked(ds, outcome):
        one = last.sel(factor=factor)
        sign = "" if factor in SPECIAL else words.direction_words(float(one["direction"]))
        first, total = (words.share(float(one[name]), float(one[f"{name}_half"])) for name in ("first", "total"))
        yield factor, [f"`{factor}`", first, total, sign]


def terminal_table(ds: xr.Dataset, outcome: str) -> Table:
    """Return the indices of one outcome as a Rich table."""
    title = say("table", words=words.outcome_title(ds, outcome), interval=words.interval_words())
    rows = ([words.factor_words(factor), *row[1:]] for factor, row in _rows(ds, outcome))
    return text.terminal_table(title, _heads(), rows)

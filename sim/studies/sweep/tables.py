"""A sweep in spreadsheets, in summary.md and in the terminal."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from rich.table import Table

from sim.analysis.measures import is_whole
from sim.analysis.outcome import outcome as measure_of
from sim.analysis.quantiles import COLUMNS, band, quantiles, share_error
from sim.present import text
from sim.present.by_rule import parameter_name
from sim.present.naming import binding_name
from sim.present.text import bullets, closing, document, origin_sentence, scenario_words
from sim.present.words import are_whole, cell, percent, setting, significant, unit_name, with_band
from sim.scenario.parameters import PARAMETERS
from sim.studies.sweep.analysis import BOUND, Cut, kept_measures, keys_of, most_frequent
from sim.studies.sweep.words import findings, outcome_words, part_words, say, title_of
from sim.texts.spoken import foreign, numbered, written

MOST_ROWS = 40
"""Most points listed in the terminal; a larger grid is described in sentences and drawn."""


def outcomes(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of sweep.csv: every outcome at every point of the grid."""
    keys = keys_of(ds)
    yield *keys, "outcome", "meaning", "unit", "mean", "error", *COLUMNS
    axes = [ds[key].values for key in keys]
    for name, measure in kept_measures(str(ds.attrs["outcome"])).items():
        values = ds[name].values
        levels, worlds = quantiles(values, whole=is_whole(name)), values.shape[-1]
        for index in np.ndindex(values.shape[:-1]):
            here = values[index]
            error = here.std(ddof=1) / np.sqrt(worlds) if worlds > 1 else float("nan")
            error = share_error(here.mean(), worlds) if measure.share else error
            where = [cell(float(axis[k])) for axis, k in zip(axes, index, strict=True)]
            numbers = [cell(float(number)) for number in (here.mean(), error, *levels[(slice(None), *index)])]
            yield [*where, name, measure.words, measure.unit, *numbers]


def binding(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of binding.csv: share of world-months in which each constraint bound, at every point."""
    yield *keys_of(ds), "constraint", "share_of_world_months", "most_frequent"
    axes = [ds[key].values for key in keys_of(ds)]
    shares, most = ds[BOUND].values, most_frequent(ds)
    for index in np.ndindex(most.shape):
        where = [cell(float(axis[k])) for axis, k in zip(axes, index, strict=True)]
        for code, name in enumerate(ds["constraint"].values):
            yield [*where, str(name), cell(float(shares[index][code])), str(int(code == most[index]))]


def shapes(found: Sequence[Cut], ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of shapes.csv: knee, maximum and minimum of every curve, with intervals and evidence."""
    yield (
        *("outcome", "along", "other", "other_value"),
        *("knee", "knee_low", "knee_high", "maximum", "maximum_low", "maximum_high"),
        *("rise", "rise_error", "fall", "fall_error", "effect", "effect_error", "matters", "turns"),
        *("minimum", "minimum_low", "minimum_high", "drop", "drop_error", "climb", "climb_error", "dips"),
    )
    for cut in found:
        seen = cut.shape
        yield (
            *(str(ds.attrs["outcome"]), cut.key, cut.other, cell(cut.held)),
            *(_place(value) for place in (seen.knee, seen.maximum) for value in (place.at, place.low, place.high)),
            *(cell(value) for step in (seen.rise, seen.fall, seen.effect) for value in (step.mean, step.error)),
            *(str(int(seen.matters)), str(int(seen.turns))),
            *(_place(value) for value in (seen.minimum.at, seen.minimum.low, seen.minimum.high)),
            *(cell(value) for step in (seen.drop, seen.climb) for value in (step.mean, step.error)),
            str(int(seen.dips)),
        )


def _place(value: float) -> str:
    return "beyond" if np.isposinf(value) else cell(value)


def summary(ds: xr.Dataset, found: Sequence[Cut]) -> str:
    """Return summary.md of the sweep."""
    unit = _unit(ds)
    varied = bullets(
        say(
            "varied",
            key=key,
            low=significant(values[0]),
            high=setting(values[-1], key),
            n=len(values),
            meaning=parameter_name(key),
        )
        for key, values in json.loads(ds.attrs["vary"]).items()
    )
    about = say(
        "about",
        scenario=scenario_words(ds),
        worlds=numbered("sweep.same", int(ds.attrs["worlds"])),
        points=int(np.prod([ds.sizes[key] for key in keys_of(ds)])),
        outcome=outcome_words(ds),
        unit=say("unit", unit=unit) if unit else "",
    )
    reading, files = say("reading", part=part_words()), say("files")
    return document(
        f"# {title_of(ds)}",
        about,
        varied,
        f"## {say('shows')}",
        bullets(findings(ds, found)),
        *closing(reading, origin_sentence(ds), files),
    )


def terminal_table(ds: xr.Dataset) -> Table | None:
    """Return the points of a sweep over one parameter; None if there are too many to list."""
    keys = keys_of(ds)
    if len(keys) > 1 or ds.sizes[keys[0]] > MOST_ROWS:
        return None
    outcome, key = str(ds.attrs["outcome"]), keys[0]
    measure, first = measure_of(outcome), f"{key}, {unit_name(PARAMETERS[key].unit)}"
    rows = []
    most, shares = most_frequent(ds), ds[BOUND].values
    # a column of whole numbers, such as counts of tests, has no decimals
    bands = [band(here, whole=is_whole(outcome)) for here in ds[outcome].values]
    digits = 0 if all(map(are_whole, bands)) else 2
    for k, value in enumerate(ds[key].values):
        here, name = ds[outcome].values[k], str(ds["constraint"].values[most[k]])
        words = percent(float(here.mean())) if measure.share else with_band(bands[k], digits)
        rows.append((written(f"{value:.6g}"), words, f"{binding_name(name)} ({percent(float(shares[k, most[k]]))})"))
    heads = (first, f"{outcome_words(ds)}, {_unit(ds)}".rstrip(", "), say("most"))
    return text.terminal_table(title_of(ds), heads, rows, right={first})


def _unit(ds: xr.Dataset) -> str:
    """Return the unit of the outcome; of a plain number `1` in English, nothing in another language."""
    unit = measure_of(str(ds.attrs["outcome"])).unit
    return "" if foreign() and unit == "1" else unit_name(unit)

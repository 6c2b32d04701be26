"""A calibration in spreadsheets, in summary.md and in the terminal."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from rich.table import Table

from sim.analysis.quantiles import COLUMNS, QUANTILES, Band
from sim.present import text
from sim.present.naming import day_words, tell
from sim.present.text import bullets, closing, code, document, markdown_table, origin_sentence
from sim.present.words import cell, number, percent, sensible_band, signed, significant, span, unit_words
from sim.scenario.parameters import PARAMETERS
from sim.studies.calibrate import rival_tables
from sim.studies.calibrate.dataset import notable, ranked
from sim.studies.calibrate.words import about_words, measured_in, observations, say, series_name, title_of
from sim.texts.spoken import counted, number_of, said, written

LOW, MID, HIGH = (QUANTILES.index(level) for level in (0.05, 0.5, 0.95))
SIDES = ("observation", "before", "after")
MOST_NAMED = 8


def parameters(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of parameters.csv: every uncertain parameter, the best informed first."""
    levels = [f"{name}_{level}" for name in ("prior", "posterior") for level in COLUMNS]
    yield "key", "unit", "shift", "narrowing", "evidence", "chance_shows", "informed", "preset", *levels
    threshold = float(ds["evidence"].attrs["threshold"])
    for k in ranked(ds):
        key = str(ds["key"].values[k])
        numbers = [float(ds[name].values[k]) for name in ("shift", "narrowing", "evidence")]
        bands = [float(value) for name in ("prior", "posterior") for value in ds[name].values[k]]
        flags = [str(int(ds[name].values[k])) for name in ("informed", "preset")]
        yield [key, PARAMETERS[key].unit, *map(cell, numbers), cell(threshold), *flags, *map(cell, bands)]


def fit(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of fit.csv: every observation, the model before and after, and the parameters that move it."""
    header = ("series", "date", "unit", "low", "central", "high", "used", "crps_before", "crps_after")
    levels = [f"{name}_{level}" for name in ("before", "after") for level in COLUMNS]
    yield *header, *levels, "moves_with", "source"
    for k in range(ds.sizes["figure"]):
        numbers = [cell(float(ds[name].values[k])) for name in ("low", "central", "high")]
        scores = [cell(float(ds[name].values[k])) for name in ("crps_before", "crps_after")]
        bands = [cell(float(value)) for name in ("before", "after") for value in ds[name].values[k]]
        texts = [str(ds[name].values[k]) for name in ("series", "date", "unit")]
        used = str(int(ds["used"].values[k]))
        yield [*texts, *numbers, used, *scores, *bands, _moves_with(ds, k), str(ds["source"].values[k])]


def _moves_with(ds: xr.Dataset, k: int) -> str:
    pairs = zip(ds["driver"].values[k], ds["correlation"].values[k], strict=True)
    return " ".join(f"{name}:{value:+.2f}" for name, value in pairs)


def findings(ds: xr.Dataset) -> list[str]:
    """Return the findings of the calibration, in sentences."""
    used, pairs = int(ds["used"].sum()), json.loads(ds.attrs["trade_offs"])[:3]
    vectors, accepted = ds.sizes["vector"], written(f"{int(ds.attrs['accepted']):,}")
    agreeing = say(
        f"leave.{number_of(used)}",
        observations=observations(used),
        until=day_words(ds.attrs["until"]),
        size=written(f"{ds.attrs['effective']:,.0f}"),
        worlds=written(f"{int(ds.attrs['worlds']):,}"),
        share=percent(float(ds.attrs["not_ruled_out"])),
        vectors=say(f"vectors.{number_of(vectors)}", n=written(f"{vectors:,}"), accepted=accepted),
    )
    correlated = said("printed.next").join(say("inform.pair", first=a, second=b, r=signed(r)) for a, b, r in pairs)
    found = [
        agreeing,
        *_informed(ds),
        say("inform.correlated", told=correlated) if pairs else "",
        _later(ds),
    ]
    return [sentence for sentence in found if sentence]


def _informed(ds: xr.Dataset) -> Iterator[str]:
    """Yield which parameters the observations inform, and how many of these count them twice."""
    informed, some = int(ds["informed"].sum()), notable(ds)
    told = said("printed.next").join(_prior_to_posterior(ds, k) for k in some[:MOST_NAMED])
    which = "every" if informed == len(some) > 0 else "some" if some else "hardly" if informed else "nothing"
    yield say(f"inform.{which}", informed=informed, all=len(ranked(ds)), notable=len(some), told=told)
    if twice := int((ds["informed"].values * ds["preset"].values).sum()):
        yield say(f"twice.{'alone' if informed == 1 else number_of(twice)}", n=twice, informed=informed)


def _prior_to_posterior(ds: xr.Dataset, k: int) -> str:
    key = str(ds["key"].values[k])
    before, after = (_significant_band(ds[name].values[k]) for name in ("prior", "posterior"))
    return say("inform.change", key=key, after=after, unit=unit_words(PARAMETERS[key].unit), before=before)


def _significant_band(levels: np.ndarray) -> str:
    return f"{significant(levels[MID])} ({span(levels[LOW], levels[HIGH])})"


def _later(ds: xr.Dataset) -> str:
    """Return how well the observations after the last date used are predicted."""
    scored = np.isfinite(ds["crps_before"].values) & (ds["central"].values > 0.0)
    later = np.flatnonzero(scored & (ds["used"].values == 0))
    if not len(later):
        return ""
    before, after = (ds[f"crps_{name}"].values[later] / ds["central"].values[later] for name in ("before", "after"))
    low, high = ds["after"].values[later, LOW], ds["after"].values[later, HIGH]
    inside = int(np.sum((low <= ds["central"].values[later]) & (ds["central"].values[later] <= high)))
    return say(
        f"later.{number_of(inside)}",
        observations=counted("calibrate.later_observation", len(later)),
        better=int(np.sum(after < before)),
        before=written(f"{np.mean(before):.3f}"),
        after=written(f"{np.mean(after):.3f}"),
        inside=inside,
    )


def summary(ds: xr.Dataset) -> str:
    """Return summary.md of the calibration."""
    heads = (tell("record.series"), tell("record.date"), *map(_head, SIDES), tell("record.unit"), _head("used"))
    origin = say(
        "origin",
        origin=origin_sentence(ds),
        file=code(ds.attrs["observed"]),
        digest=ds.attrs["observed_digest"],
        density=number(ds.attrs["log_evidence"]),
    )
    return document(
        f"# {title_of(ds)}",
        say("made_for", about=about_words(ds)),
        f"## {say('shows')}",
        bullets(findings(ds)),
        rival_tables.section(ds),
        f"## {say('record')}",
        markdown_table(heads, _figure_rows(ds)),
        *closing(say("reading"), origin, say("files")),
    )


def _head(name: str) -> str:
    return say(f"head.{name}")


def _figure_rows(ds: xr.Dataset) -> Iterator[list[str]]:
    for k in range(ds.sizes["figure"]):
        claim = Band(*(float(ds[name].values[k]) for name in ("low", "central", "high")))
        cells = (
            *(series_name(ds, k), day_words(str(ds["date"].values[k])), sensible_band(claim)),
            *(sensible_band(_band(ds[side].values[k])) for side in ("before", "after")),
            *(measured_in(ds, k), say(f"used.{'yes' if ds['used'].values[k] else 'no'}")),
        )
        yield [words.replace("|", "/") for words in cells]


def _band(levels: np.ndarray) -> Band:
    return Band(float(levels[LOW]), float(levels[MID]), float(levels[HIGH]))


def terminal_table(ds: xr.Dataset) -> Table:
    """Return the best informed parameters, prior and posterior, as a Rich table."""
    numbers = (_head("width"), _head("shift"))
    heads = (tell("head.parameter"), tell("record.unit"), _head("before_band"), _head("after_band"), *numbers)
    return text.terminal_table(title_of(ds), heads, _informed_rows(ds), right=numbers)


def _informed_rows(ds: xr.Dataset) -> Iterator[list[str]]:
    for k in [k for k in ranked(ds) if ds["informed"].values[k]][:MOST_NAMED]:
        key = str(ds["key"].values[k])
        bands = [_significant_band(ds[name].values[k]) for name in ("prior", "posterior")]
        width, shift = number(ds["narrowing"].values[k]), signed(ds["shift"].values[k])
        yield [key, unit_words(PARAMETERS[key].unit).strip(), *bands, width, shift]

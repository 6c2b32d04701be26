"""A calibration in spreadsheets, in summary.md and in the terminal."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from rich.table import Table

from sim.analysis.quantiles import COLUMNS, QUANTILES, Band
from sim.present import text
from sim.present.text import bullets, code, document, markdown_table, origin_sentence
from sim.present.words import cell, percent, sensible_band, significant, span, unit_words
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import counted
from sim.studies.calibrate import rival_tables
from sim.studies.calibrate.dataset import notable, ranked

LOW, MID, HIGH = (QUANTILES.index(level) for level in (0.05, 0.5, 0.95))
MOST_NAMED = 8
READING = (
    "Worlds were drawn from the ranges of the parameters and weighted by how well they agree with the observations: "
    "each has its range as an error and, added to it, the model's own error (the discrepancy), half of its variance "
    "shared by all observations of one series, since points of one cumulative count are not independent. The "
    "effective worlds are the number of equally weighted worlds with as much information. A parameter is informed when "
    "its association with the weights exceeds what chance would show for any parameter in 1 of 20 calibrations; the "
    "others keep their range. Observations mostly inform combinations: a world takes all parameters from one "
    "vector. Many ranges were set from the same observations, which count twice there. Agreement "
    "with the past does not make this a forecast."
)
FILES = (
    "Files: `calibration.nc` (the accepted vectors; `sim run SCENARIO --calibrated` draws from it), `parameters.csv` "
    "(prior and posterior of every parameter), `fit.csv` (observations before and after), `theories.csv` (weights of "
    "rival theories, where the scenario draws some), `figures/`, `manifest.json`."
)


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
    informed, worlds, size = int(ds["informed"].sum()), int(ds.attrs["worlds"]), float(ds.attrs["effective"])
    used = int(ds["used"].sum())
    sentences = [
        f"{counted(used, 'observation')} to {ds.attrs['until']} leave{'s' * (used == 1)} "
        f"{size:,.0f} effective worlds of {worlds:,}; "
        f"{percent(float(ds.attrs['not_ruled_out']))} of the worlds lie within three standard deviations of each. "
        f"{ds.sizes['vector']:,} different vectors are accepted ({int(ds.attrs['accepted']):,} with repetitions).",
        f"The observations inform {informed} of {len(ranked(ds))} parameters, "
        + (f"{len(notable(ds))} of them noticeably" if informed else "so all keep their ranges.")
        + (": " + "; ".join(_prior_to_posterior(ds, k) for k in notable(ds)[:MOST_NAMED]) if notable(ds) else "")
        + (". All others keep about the range that was assumed." if informed else ""),
    ]
    if twice := int((ds["informed"].values * ds["preset"].values).sum()):
        sentences.append(
            f"{twice} of the {informed} informed parameters had a range that was set from a series used here, "
            "which counts twice for them."
        )
    if pairs := json.loads(ds.attrs["trade_offs"])[:3]:
        names = "; ".join(f"`{a}` with `{b}` ({r:+.2f})" for a, b, r in pairs)
        sentences.append(f"Correlated after calibration (rank correlation): {names}.")
    if later := _later(ds):
        sentences.append(later)
    return sentences


def _prior_to_posterior(ds: xr.Dataset, k: int) -> str:
    key = str(ds["key"].values[k])
    before, after = ds["prior"].values[k], ds["posterior"].values[k]
    return f"`{key}` {_significant_band(after)}{unit_words(PARAMETERS[key].unit)}, before {_significant_band(before)}"


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
    return (
        f"Of {counted(len(later), 'later observation')}, not used, {int(np.sum(after < before))} are predicted better "
        f"(mean ranked probability score as a share of the observation: {np.mean(before):.3f} before, "
        f"{np.mean(after):.3f} after), and {inside} {'lies' if inside == 1 else 'lie'} in the calibrated 90 % band."
    )


def summary(ds: xr.Dataset) -> str:
    """Return summary.md of the calibration."""
    return document(
        f"# {ds.attrs['title']}",
        f"Set made for: {ds.attrs['about']}.",
        "## What it shows",
        bullets(findings(ds)),
        rival_tables.section(ds),
        "## The observations",
        markdown_table(("series", "date", "observation", "before", "after", "unit", "used"), _figure_rows(ds)),
        "## How to read it",
        READING,
        "## Origin",
        f"{origin_sentence(ds)} Observations: "
        f"{code(ds.attrs['observed'])}, SHA-256 `{ds.attrs['observed_digest']}`. Logarithm of the mean "
        f"density of the observations: {ds.attrs['log_evidence']:.2f} (of scenarios calibrated on the same "
        "observations with the same discrepancy, the higher one fits better).",
        FILES,
    )


def _figure_rows(ds: xr.Dataset) -> Iterator[list[str]]:
    for k in range(ds.sizes["figure"]):
        claim = Band(*(float(ds[name].values[k]) for name in ("low", "central", "high")))
        used = "yes" if ds["used"].values[k] else "no, later"
        cells = (
            *(str(ds["series"].values[k]), str(ds["date"].values[k]), sensible_band(claim)),
            *(sensible_band(_band(ds[side].values[k])) for side in ("before", "after")),
            *(str(ds["unit"].values[k]), used),
        )
        yield [words.replace("|", "/") for words in cells]


def _band(levels: np.ndarray) -> Band:
    return Band(float(levels[LOW]), float(levels[MID]), float(levels[HIGH]))


def terminal_table(ds: xr.Dataset) -> Table:
    """Return the best informed parameters, prior and posterior, as a Rich table."""
    heads = ("parameter", "unit", "before (90 %)", "after (90 %)", "width", "shift")
    return text.terminal_table(str(ds.attrs["title"]), heads, _informed_rows(ds), right=heads[-2:])


def _informed_rows(ds: xr.Dataset) -> Iterator[list[str]]:
    for k in [k for k in ranked(ds) if ds["informed"].values[k]][:MOST_NAMED]:
        key = str(ds["key"].values[k])
        bands = [_significant_band(ds[name].values[k]) for name in ("prior", "posterior")]
        width, shift = f"{ds['narrowing'].values[k]:.2f}", f"{ds['shift'].values[k]:+.2f}"
        yield [key, unit_words(PARAMETERS[key].unit).strip(), *bands, width, shift]

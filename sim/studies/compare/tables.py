"""A comparison in the terminal, in spreadsheets and in summary.md."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from rich.table import Table

from sim.analysis.calendar import months
from sim.analysis.measures import HEADLINE, SCORES
from sim.analysis.origin import hashes, versions_text
from sim.analysis.paired import Difference
from sim.analysis.quantiles import COLUMNS, Z_90, Band
from sim.analysis.wide import ALWAYS, CLEAR, LEAST, OTHERS, WIDE, chosen
from sim.present.text import bullets, calibrated_sentence, document, literal, markdown_table, terminal_table
from sim.present.what_differs import differences
from sim.present.words import cell, number, percent, unit_words
from sim.studies.compare.analysis import asked_of, sizes_of

MOST = 999.0
"""Gains above are written as more than this."""
NOTABLE = 0.05
"""Least mean difference reported in words, as a share of the reference's 90 % band."""


@dataclass(frozen=True)
class Row:
    """One outcome of one scenario against the reference."""

    measure: str
    words: str
    unit: str
    other: str
    reference: Band
    value: Band
    step: Difference
    spread: tuple[float, ...]
    "Quantiles of the paired differences, at QUANTILES."


def rows(ds: xr.Dataset) -> Iterator[Row]:
    """Yield every outcome of every scenario but the reference."""
    names = [str(name) for name in ds["scenario"].values]
    levels = ds["quantile"].sel(level=[0.05, 0.5, 0.95]).values
    for m, measure in enumerate(ds["measure"].values):
        for k, other in enumerate(names[1:]):
            numbers = [float(ds[name].values[m, k]) for name in ("higher", "tied", "fewer")]
            mean, error = (float(ds[f"difference_{part}"].values[m, k]) for part in ("mean", "error"))
            spread = tuple(ds["difference"].values[m, k].tolist())
            yield Row(
                measure=str(measure),
                words=str(ds["meaning"].values[m]),
                unit=str(ds["unit"].values[m]),
                other=other,
                reference=Band(*levels[m, 0]),
                value=Band(*levels[m, k + 1]),
                step=Difference(mean, error, Band(*spread[::2]), *numbers),
                spread=spread,
            )


def outcomes(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of comparison.csv, one per outcome and scenario."""
    yield (
        *("outcome", "meaning", "unit", "reference", "scenario"),
        *("reference_q05", "reference_q50", "reference_q95", "scenario_q05", "scenario_q50", "scenario_q95"),
        *("difference_mean", "difference_error", *(f"difference_{q}" for q in COLUMNS)),
        *("higher", "tied", "higher_ties_half", "times_fewer_worlds"),
    )
    reference = str(ds["scenario"].values[0])
    for row in rows(ds):
        yield (
            *(row.measure, row.words, row.unit, reference, row.other),
            *map(cell, (*row.reference, *row.value, row.step.mean, row.step.error, *row.spread)),
            *map(cell, (row.step.higher, row.step.tied, row.step.higher_or_half, row.step.fewer)),
        )


def over_time(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of series.csv: quantiles of every series and of its paired differences, month by month."""
    yield "series", "unit", "kind", "scenario", "month", *COLUMNS
    names = [str(name) for name in ds["scenario"].values]
    kinds = (("value", "series_quantile", names), ("difference", "series_difference", names[1:]))
    for s, series in enumerate(ds["series"].values):
        unit = str(ds["series_unit"].values[s])
        for kind, variable, scenarios in kinds:
            for k, name in enumerate(scenarios):
                for month, levels in zip(months(ds), ds[variable].values[s, k].tolist(), strict=True):
                    yield [str(series), unit, kind, name, month, *map(cell, levels)]


def higher_words(row: Row) -> str:
    """Return `63 %`, a tie counted half, and the share of ties."""
    text = percent(row.step.higher_or_half)
    return f"{text} ({percent(row.step.tied)} equal)" if row.step.tied > 0.0 else text


def fewer_words(value: float) -> str:
    """Return `12.0 times`, `>999 times` or `-`."""
    if math.isnan(value):
        return "-"
    return f">{MOST:.0f} times" if value > MOST else f"{value:.1f} times"


def digits(row: Row) -> int:
    """Return the decimals that show the difference and the values it is taken from."""
    sizes = np.abs([row.value.mid, row.reference.mid, *row.spread])
    largest = float(np.nanmax(sizes)) if np.isfinite(sizes).any() else 0.0
    return 0 if largest >= 1000.0 else 1 if largest >= 20.0 else 2 if largest >= 1.0 else 3


def places_of_error(error: float) -> int:
    """Return the decimals of a mean with this standard error: one digit more than the error allows."""
    return min(6, max(0, 1 - math.floor(math.log10(error)))) if error > 0.0 and math.isfinite(error) else 3


def cells(row: Row) -> tuple[str, str, str, str]:
    """Return difference with band, mean with standard error, share of worlds higher, times fewer worlds."""
    places, step = digits(row), row.step
    of_mean = places_of_error(step.error) if step.error > 0.0 else places + 1
    low, mid, high = (signed(row.spread[k], places) for k in (0, 2, 4))
    return (
        f"{mid} ({low} to {high})",
        f"{signed(step.mean, of_mean)} ± {number(step.error, of_mean)}" + ("" if step.clear else " ?"),
        higher_words(row),
        fewer_words(step.fewer),
    )


def signed(value: float, places: int) -> str:
    """Return a number with its sign; zero has none."""
    text = number(value, places)
    return f"+{text}" if math.isfinite(value) and round(value, places) > 0.0 else text


HEADS = (
    "outcome",
    "median difference (90 % of worlds)",
    "mean ± standard error",
    "share of worlds where higher (equal worlds count half)",
    "worlds saved by pairing",
)


def terminal_tables(ds: xr.Dataset) -> Iterator[Table]:
    """Yield one Rich table per scenario against the reference: the main outcomes."""
    reference, *others = (str(name) for name in ds["scenario"].values)
    for other in others:
        yield terminal_table(f"{other} less {reference}, world by world", HEADS, _main(ds, other))


def _main(ds: xr.Dataset, other: str) -> list[tuple[str, ...]]:
    """Return the cells of the outcomes that are always shown, differ most, or were asked for."""
    found = {row.measure: row for row in rows(ds) if row.other == other}
    return [(_named(found[name]), *cells(found[name])) for name in chosen(sizes_of(ds, other), asked_of(ds))]


def _named(row: Row) -> str:
    return row.words if row.unit == "1" else f"{row.words}, {row.unit}"


def summary(ds: xr.Dataset, attribution: str = "") -> str:
    """Return summary.md of the comparison, with a section on what the difference is due to."""
    reference, *others = (str(name) for name in ds["scenario"].values)
    found = list(rows(ds))
    parts = [f"# {ds.attrs['title']}", _reading(ds, reference), attribution]
    for other in others:
        mine = [row for row in found if row.other == other]
        parts += [
            f"## {other} against {reference}",
            differences(ds, other, reference),
            _story(mine),
            markdown_table(HEADS, _main(ds, other)),
            _gainers(mine),
        ]
    parts += ["## What pairing is worth", _pairing(found), "## Origin", _origin(ds)]
    return document(*parts)


def _reading(ds: xr.Dataset, reference: str) -> str:
    span = months(ds)
    return (
        f"{span[0]} to {span[-1]}, {ds.attrs['worlds']} worlds. The reference is {reference}. World k has the same "
        "parameters and the same chance in every scenario, so each difference is taken world by world. Bands hold 90 % "
        "of the worlds; the standard error is that of the mean difference. A question mark: not "
        f"significant (less than {Z_90} standard errors). Tables show {len(ALWAYS)} outcomes always, what was asked "
        f"for or the changes are about, and of {len(WIDE) - len(ALWAYS)} others up to {OTHERS} that differ most beside "
        f"the spread of worlds, if by {CLEAR:g} standard errors and {100 * LEAST:g} % of the reference's mean; "
        "`comparison.csv` has all. "
        "This is a thinking tool, not a forecast."
    )


def _story(found: list[Row]) -> str:
    """Return the outcomes that clearly differ, scores aside, largest first relative to the spread of worlds."""
    clear = [row for row in found if row.measure not in SCORES and row.step.clear and _size(row) >= NOTABLE]
    lines = [
        f"{row.words}: {_direction(row)} of worlds, on average by {cells(row)[1].lstrip('+-')}{unit_words(row.unit)}"
        for row in sorted(clear, key=_size, reverse=True)[:8]
    ]
    return (
        "Notable differences, largest first relative to the spread of worlds:\n\n" + bullets(lines)
        if lines
        else "None of the outcomes of the table differs notably."
    )


def _direction(row: Row) -> str:
    """Return `higher in 63 %`, or lower, as the mean is."""
    if row.step.mean > 0.0:
        return f"higher in {percent(row.step.higher)}"
    return f"lower in {percent(1.0 - row.step.higher - row.step.tied)}"


def _size(row: Row) -> float:
    """Return the mean difference over the width of the reference's 90 % band, or of the differences' if wider."""
    width = max(row.reference.high - row.reference.low, max(row.spread) - min(row.spread))
    return abs(row.step.mean) / width if width > 0.0 else float("inf")


def _gainers(found: list[Row]) -> str:
    """Return which goals of which country clearly gain or lose."""
    clear = [row for row in found if row.measure in SCORES and row.step.clear and abs(row.step.mean) >= 0.005]
    means = [(row.words, row.step.mean) for row in clear]
    gains = [f"{words} ({mean:+.2f})" for words, mean in sorted(means, key=lambda one: -one[1]) if mean > 0]
    losses = [f"{words} ({mean:+.2f})" for words, mean in sorted(means, key=lambda one: one[1]) if mean < 0]
    return f"Who gains: {'; '.join(gains) or 'nobody'}.\n\nWho loses: {'; '.join(losses) or 'nobody'}."


def _pairing(found: list[Row]) -> str:
    known = [row.step.fewer for row in found if row.measure in HEADLINE and not math.isnan(row.step.fewer)]
    middle = f"{fewer_words(float(np.median(known)))}" if known else "an unknown number of times"
    return (
        f"For the median of the {len(known)} outcomes of a run's headline, shown above or not, the same standard error "
        f"would take {middle} as many worlds if the scenarios were run independently: (var A + var B) / var(B - A), "
        "from the same data. This takes worlds as independent; those of one run are spread evenly over the parameters "
        "(Latin hypercubes), which helps independent runs too, so the gain for means is smaller."
    )


def _origin(ds: xr.Dataset) -> str:
    titles = json.loads(ds.attrs["scenario_titles"])
    every = zip(hashes(ds).items(), titles, strict=True)
    scenarios = bullets(f"`{name}` ({literal(title)}), hash `{found}`" for (name, found), title in every)
    files = (
        "Files: `comparison.csv` (one row per outcome and scenario), `series.csv` (month by month), `comparison.nc` "
        "(each world), `figures/`, `manifest.json`."
    )
    return "\n\n".join((scenarios, f"Seed {ds.attrs['seed']}, {versions_text(ds)}.{calibrated_sentence(ds)}", files))

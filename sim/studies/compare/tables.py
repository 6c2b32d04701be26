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
from sim.present.naming import measure_words, scenario_title, span_words, with_unit
from sim.present.text import bullets, calibrated_sentence, document, literal, markdown_table, terminal_table
from sim.present.what_differs import differences
from sim.present.words import are_whole, cell, number, percent, signed, unit_words
from sim.studies.compare.analysis import asked_of, sizes_of
from sim.texts.spoken import foreign, number_of, numbered, said, written

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
    # each variable is taken out once: that costs more than all numbers of it
    words, units, spreads = (ds[name].values for name in ("meaning", "unit", "difference"))
    numbers = [ds[name].values for name in ("difference_mean", "difference_error", "higher", "tied", "fewer")]
    for m, measure in enumerate(ds["measure"].values):
        for k, other in enumerate(names[1:]):
            mean, error, *shares = (float(values[m, k]) for values in numbers)
            spread = tuple(spreads[m, k].tolist())
            yield Row(
                measure=str(measure),
                words=str(words[m]),
                unit=str(units[m]),
                other=other,
                reference=Band(*levels[m, 0]),
                value=Band(*levels[m, k + 1]),
                step=Difference(mean, error, Band(*spread[::2]), *shares),
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
    return said("compare.cell.equal", share=text, tied=percent(row.step.tied)) if row.step.tied > 0.0 else text


def fewer_words(value: float, tied: float = 0.0) -> str:
    """Return `12.0 times`, `>999 times`, `no difference` where all worlds are tied, or `-`."""
    if tied == 1.0:
        return said("compare.cell.same")
    if math.isnan(value):
        return "-"
    return said("compare.cell.times", n=f">{MOST:.0f}" if value > MOST else written(f"{value:.1f}"))


def digits(row: Row) -> int:
    """Return the decimals that show the difference and the values it is taken from; none of whole differences."""
    if are_whole(row.spread):
        return 0
    sizes = np.abs([row.value.mid, row.reference.mid, *row.spread])
    largest = float(np.nanmax(sizes)) if np.isfinite(sizes).any() else 0.0
    return 0 if largest >= 1000.0 else 1 if largest >= 20.0 else 2 if largest >= 1.0 else 3


def places_of_error(error: float) -> int:
    """Return the decimals of a mean with this standard error: one digit more than the error allows."""
    return min(6, max(0, 1 - math.floor(math.log10(error)))) if error > 0.0 and math.isfinite(error) else 3


def cells(row: Row) -> tuple[str, str, str, str]:
    """Return difference with band, mean with standard error if there is one, share higher, times fewer worlds."""
    places, step = digits(row), row.step
    of_mean = places_of_error(step.error) if step.error > 0.0 else places + 1
    low, mid, high = (signed(row.spread[k], places) for k in (0, 2, 4))
    known = f" ± {number(step.error, of_mean)}{'' if step.clear else ' ?'}"
    return (
        f"{mid} ({said('printed.from_to', low=low, high=high)})",
        signed(step.mean, of_mean) + (known if math.isfinite(step.error) else ""),
        higher_words(row),
        fewer_words(step.fewer, step.tied),
    )


def heads() -> tuple[str, ...]:
    """Return the heads of the table of a comparison."""
    return tuple(said(f"compare.head.{head}") for head in HEADS)


HEADS = ("outcome", "difference", "mean", "higher", "saved")


def terminal_tables(ds: xr.Dataset) -> Iterator[Table]:
    """Yield one Rich table per scenario against the reference: the main outcomes."""
    reference, *others = (str(name) for name in ds["scenario"].values)
    found = list(rows(ds))
    for other in others:
        title = said("compare.table", other=other, reference=reference)
        yield terminal_table(title, heads(), _main(ds, other, found))


def _main(ds: xr.Dataset, other: str, every: Sequence[Row]) -> list[tuple[str, ...]]:
    """Return the cells of the outcomes that are always shown, differ most, or were asked for."""
    found = {row.measure: row for row in every if row.other == other}
    return [(_named(found[name]), *cells(found[name])) for name in chosen(sizes_of(ds, other), asked_of(ds))]


def _named(row: Row) -> str:
    return with_unit(measure_words(row.measure, row.words), row.unit)


def summary(ds: xr.Dataset, attribution: str = "") -> str:
    """Return summary.md of the comparison, with a section on what the difference is due to."""
    reference, *others = (str(name) for name in ds["scenario"].values)
    found = list(rows(ds))
    title = said("compare.title", reference=reference, others=", ".join(others)) if foreign() else ds.attrs["title"]
    parts = [f"# {title}", _reading(ds, reference), attribution]
    for other in others:
        mine = [row for row in found if row.other == other]
        parts += [
            f"## {said('compare.against', other=other, reference=reference)}",
            differences(ds, other, reference),
            _story(mine),
            markdown_table(heads(), _main(ds, other, mine)),
            _gainers(mine),
        ]
    parts += [f"## {said('compare.worth')}", _pairing(found), f"## {said('printed.origin.heading')}", _origin(ds)]
    return document(*parts)


def _reading(ds: xr.Dataset, reference: str) -> str:
    span = months(ds)
    return said(
        "compare.reading",
        span=span_words(span),
        worlds=numbered("world", int(ds.attrs["worlds"])),
        reference=reference,
        z=written(str(Z_90)),
        always=len(ALWAYS),
        rest=len(WIDE) - len(ALWAYS),
        most=OTHERS,
        clear=f"{CLEAR:g}",
        least=written(f"{100 * LEAST:g}"),
    )


def _story(found: list[Row]) -> str:
    """Return the outcomes that clearly differ, scores aside, largest first relative to the spread of worlds."""
    clear = [row for row in found if row.measure not in SCORES and row.step.clear and _size(row) >= NOTABLE]
    lines = [
        said(
            "compare.line",
            words=measure_words(row.measure, row.words),
            where=_direction(row),
            mean=cells(row)[1].lstrip("+-\u2212"),
            unit=said("compare.points") if row.unit == "%" else unit_words(row.unit),
        )
        for row in sorted(clear, key=_size, reverse=True)[:8]
    ]
    if lines:
        return f"{said('compare.notable')}\n\n{bullets(lines)}"
    told = any(np.isfinite(row.step.error) for row in found)
    return said("compare.nothing_notable" if told else "compare.one_world")


def _direction(row: Row) -> str:
    """Return `higher in 63 %`, or lower, as the mean is."""
    if row.step.mean > 0.0:
        return said("compare.higher", share=percent(row.step.higher))
    return said("compare.lower", share=percent(1.0 - row.step.higher - row.step.tied))


def _size(row: Row) -> float:
    """Return the mean difference over the width of the reference's 90 % band, or of the differences' if wider."""
    width = max(row.reference.high - row.reference.low, max(row.spread) - min(row.spread))
    return abs(row.step.mean) / width if width > 0.0 else float("inf")


def _gainers(found: list[Row]) -> str:
    """Return which goals of which country clearly gain or lose."""
    clear = [row for row in found if row.measure in SCORES and row.step.clear and abs(row.step.mean) >= 0.005]
    means = [(measure_words(row.measure, row.words), row.step.mean) for row in clear]

    def told(some: list[tuple[str, float]]) -> str:
        each = [f"{words} ({signed(mean)})" for words, mean in some]
        return said("printed.next").join(each) or said("compare.nobody")

    gains = told([one for one in sorted(means, key=lambda one: -one[1]) if one[1] > 0])
    losses = told([one for one in sorted(means, key=lambda one: one[1]) if one[1] < 0])
    return f"{said('compare.gains', told=gains)}\n\n{said('compare.loses', told=losses)}"


def _pairing(found: list[Row]) -> str:
    known = [row.step.fewer for row in found if row.measure in HEADLINE and not math.isnan(row.step.fewer)]
    if not known:
        return said("compare.nothing_paired")
    return said(f"compare.pairing.{number_of(len(known))}", n=len(known), times=fewer_words(float(np.median(known))))


def _origin(ds: xr.Dataset) -> str:
    titles = json.loads(ds.attrs["scenario_titles"])
    every = zip(hashes(ds).items(), titles, strict=True)
    scenarios = bullets(
        said("compare.scenario", name=name, title=literal(scenario_title({"name": name, "title": title})), digest=found)
        for (name, found), title in every
    )
    seed = said("compare.seed", seed=ds.attrs["seed"], versions=versions_text(ds))
    return "\n\n".join((scenarios, f"{seed}{calibrated_sentence(ds)}", said("compare.files")))

"""An attribution in words, in the terminal and in spreadsheets."""

import json
import math
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from rich.table import Table

from sim.present.naming import measure_words, with_unit
from sim.present.text import bullets, markdown_table, terminal_table
from sim.present.words import cell, number, signed, unit_words
from sim.studies.compare.attribution import CLEAR, LARGE, large_pairs
from sim.studies.compare.shapley import MOST
from sim.studies.compare.tables import places_of_error
from sim.texts.spoken import foreign, known, number_of, said, spoken, written

DOUBT = 1.645
"""Standard errors within which a part is not told from none."""
SLIGHT = 0.001
"""Least difference that is split, as a share of the reference's mean."""


def rows(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of attribution.csv: one per outcome and change, and the whole difference."""
    yield "outcome", "meaning", "unit", "change", "words", "part", "error", "alone", "last", "worlds_with_value"
    for name in ds["measure"].values.tolist():
        one = ds.sel(measure=name)
        head = (name, str(one["meaning"].values), str(one["unit"].values))
        used = f"{float(one['used']):.0f}"
        for k, change in enumerate(one["change"].values.tolist()):
            numbers = (cell(float(one[part].values[k])) for part in ("part", "error", "alone", "last"))
            yield (*head, change, str(ds["words"].values[k]), *numbers, used)
        total = (cell(float(one["total"])), cell(float(one["total_error"])))
        yield (*head, "all", "the whole difference", *total, total[0], total[0], used)


def pair_rows(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of attribution_pairs.csv: what two changes do together beyond the sum of each."""
    yield "outcome", "unit", "change", "partner", "together", "error"
    names = ds["change"].values.tolist()
    for m, name in enumerate(ds["measure"].values.tolist()):
        for i, first in enumerate(names):
            for j in range(i):
                numbers = (cell(float(ds[part].values[m, i, j])) for part in ("together", "together_error"))
                yield (name, str(ds["unit"].values[m]), names[j], first, *numbers)


def places_of(one: xr.Dataset) -> int:
    """Return the decimals of an outcome's parts: one digit more than the error of the whole allows."""
    error = float(one["total_error"])
    scale = error if error > 0.0 else float(np.nanmax(np.abs(one["part"].values), initial=0.0)) / 100.0
    return places_of_error(scale)


def unsplit(one: xr.Dataset) -> str:
    """Return why an outcome's difference is not split; empty if it is, or if nothing at all differs."""
    total, error = float(one["total"]), float(one["total_error"])
    if not np.any(one["part"].values) or not math.isfinite(total):
        return ""
    if abs(total) <= DOUBT * error:
        return said("compare.part.no_difference")
    level = abs(float(one["level"])) if "level" in one else 0.0
    return said("compare.part.slight", share=written(f"{100 * SLIGHT:g}")) if abs(total) < SLIGHT * level else ""


def can_be_split(ds: xr.Dataset, name: str) -> bool:
    """Return whether there is a difference of this outcome to split."""
    one = ds.sel(measure=name)
    return bool(np.any(one["part"].values)) and not unsplit(one)


def shown_parts(one: xr.Dataset, places: int) -> list[float]:
    """Return the parts of an outcome with so many decimals that they add up to the whole with as many.

    What rounding leaves goes to the parts that it changes least (largest remainders); a part of nothing stays nothing.
    """
    whole, parts = float(one["total"]), one["part"].values.astype(float)
    if not math.isfinite(whole) or not np.isfinite(parts).all():
        return list(parts.tolist())
    step = 10.0**-places
    units = np.round(parts / step)
    left = round(round(whole, places) / step - units.sum())
    spare = np.where(parts == 0.0, -np.inf, (parts / step - units) * np.sign(left))
    for k in np.argsort(-spare, kind="stable")[: abs(left)]:
        units[k] += np.sign(left) if parts[k] != 0.0 else 0.0
    return [float(unit * step) for unit in units]


def with_error(value: float, error: float, places: int, told: float | None = None) -> str:
    """Return `+1.28 ± 0.12`, with a question mark where that is not told from none; `none` for nothing at all.

    Of one world, which has no error, it is the value alone.

    `told` is what is written in place of the value, where that was rounded to add up.
    """
    if not math.isfinite(value):
        return "-"
    if value == 0.0 and not error > 0.0:
        return said("compare.part.none")
    step = signed(value if told is None else told, places)
    if not math.isfinite(error):
        return step  # of one world
    mark = " ?" if abs(value) <= DOUBT * error else ""
    return f"{step} ± {number(error, places)}{mark}"


def heads(ds: xr.Dataset) -> tuple[str, ...]:
    """Return the heads of the table: the outcome, the whole, each change."""
    return said("compare.head.outcome"), said("compare.part.whole_head"), *map(called, ds["change"].values.tolist())


def cells(ds: xr.Dataset, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield a row of the table for each outcome."""
    for name in names:
        one = ds.sel(measure=name)
        places = places_of(one)
        whole = with_error(float(one["total"]), float(one["total_error"]), places)
        if unsplit(one):
            yield _named(one), whole, *("-" for _ in one["change"].values)
            continue
        exact = zip(one["part"].values.tolist(), shown_parts(one, places), one["error"].values.tolist(), strict=True)
        yield _named(one), whole, *(with_error(part, error, places, told) for part, told, error in exact)


def table(ds: xr.Dataset, names: Sequence[str]) -> Table:
    """Return the parts as a Rich table."""
    title = str(ds.attrs["title"])
    if foreign():
        title = said("compare.part.why", other=names_of(ds)[1], reference=names_of(ds)[0])
    return terminal_table(title, heads(ds), cells(ds, names))


def names_of(ds: xr.Dataset) -> tuple[str, str]:
    """Return the names of the reference and of the other scenario."""
    before, after = json.loads(ds.attrs["scenario_names"])
    return before, after


def called(change: str) -> str:
    """Return the short name of a change: of an event of a shipped scenario in the language that is spoken."""
    return said(f"named.{change}") if foreign() and known(f"named.{change}") else change


def told_changes(ds: xr.Dataset) -> list[str]:
    """Return what each change is, in the language that is spoken; a file of older versions has English alone."""
    told = json.loads(ds.attrs.get("told", "{}"))
    return list(told.get(spoken(), ds["words"].values.tolist()))


def section(ds: xr.Dataset, names: Sequence[str]) -> str:
    """Return the part of summary.md: words first, then the table, then how to read it."""
    changes = zip(ds["change"].values.tolist(), told_changes(ds), strict=True)
    listed = bullets(said("compare.part.change", name=called(name), words=words) for name, words in changes)
    parts = (
        f"## {said('compare.part.heading')}",
        bullets(filter(None, (sentence(ds, name) for name in names))),
        f"{said('compare.part.changes')}\n\n{listed}",
        markdown_table(heads(ds), cells(ds, names)),
        _reading(ds),
    )
    return "\n\n".join(parts)


def sentence(ds: xr.Dataset, name: str) -> str:
    """Return what an outcome's difference is due to, the largest part first, and who works with or against whom."""
    one = ds.sel(measure=name)
    what = measure_words(name, str(one["meaning"].values))
    total, error = float(one["total"]), float(one["total_error"])
    if not abs(total) > 0.0 and not np.any(one["part"].values):
        return said("compare.part.nothing", what=what)
    places = places_of(one)
    if why := unsplit(one):
        return f"{said('compare.part.unsplit', what=what, why=why)}{_against(one)}"
    columns = (one[variable].values.tolist() for variable in ("change", "part", "error"))
    parts = sorted(zip(*columns, shown_parts(one, places), strict=True), key=lambda part: -abs(part[1]))
    each = [
        f"`{called(change)}` {with_error(part, wrong, places, told)}" for change, part, wrong, told in parts if part
    ]
    silent = len(parts) - len(each)
    unit = unit_words(str(one["unit"].values))
    text = said(
        "compare.part.whole",
        what=what,
        total=f"{with_error(total, error, places)}{unit}",
        told=", ".join(each),
        silent=said("compare.part.silent", n=silent) if silent else "",
    )
    return f"{text}{_together(ds, name, unit)}"


def _against(one: xr.Dataset) -> str:
    """Return which changes clearly do something each, where the whole does not."""
    each = zip(one["change"].values.tolist(), one["part"].values.tolist(), one["error"].values.tolist(), strict=True)
    least = SLIGHT * abs(float(one["level"])) if "level" in one else 0.0
    clear = [f"`{called(change)}`" for change, part, error in each if abs(part) > max(CLEAR * error, least)]
    told = said("compare.part.and").join(clear)
    return f" {said('compare.part.against', told=told)}" if len(clear) > 1 else ""


def plain(text: str) -> str:
    """Return a sentence without the marks of Markdown, for the terminal."""
    return text.replace("**", "").replace("`", "")


def _together(ds: xr.Dataset, name: str, unit: str) -> str:
    found = []
    part = dict(zip(ds["change"].values.tolist(), ds["part"].sel(measure=name).values.tolist(), strict=True))
    for first, second, mean, error in large_pairs(ds, name)[:2]:
        amount = f"{with_error(mean, error, places_of_error(error))}{unit}"
        if part[first] * part[second] > 0.0:
            how = "strengthen" if mean * part[first] > 0.0 else "replace"
        else:
            how = "up" if mean > 0.0 else "down"
        found.append(f" {said(f'compare.part.pair_{how}', first=called(first), second=called(second), amount=amount)}")
    return "".join(found)


def _named(one: xr.Dataset) -> str:
    return with_unit(measure_words(str(one["measure"].values), str(one["meaning"].values)), str(one["unit"].values))


def _reading(ds: xr.Dataset) -> str:
    count = ds.sizes["change"]
    return said(
        "compare.part.reading",
        combined=said(f"compare.part.combined.{number_of(count)}", all=1 << count, n=count),
        doubt=written(str(DOUBT)),
        slight=written(f"{100 * SLIGHT:g}"),
        clear=f"{CLEAR:g}",
        large=f"{100 * LARGE:g}",
        most=MOST,
    )

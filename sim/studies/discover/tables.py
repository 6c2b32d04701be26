"""A scenario discovery in spreadsheets and in summary.md."""

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from sim.present.by_rule import parameter_name
from sim.present.naming import claims_words
from sim.present.text import bullets, closing, document, markdown_table, origin_sentence, scenario_words
from sim.present.words import cell, choice_name, percent, significant, span, unit_name
from sim.scenario.parameters import PARAMETERS
from sim.studies.discover.analysis import CANDIDATES, RESAMPLES, Discovery
from sim.studies.discover.prim import ALPHA
from sim.studies.discover.words import asked_density, chance_words, either, findings, say, strongest, title_of
from sim.texts.spoken import joined, written


def box(found: Discovery, ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of box.csv: limits, quasi-p-values and stability of every parameter that entered the search."""
    yield (
        *("key", "unit", "low", "high", "drawn_low", "drawn_high", "quasi_p_low", "quasi_p_high"),
        *("stability", "distance", "claims", "meaning"),
    )
    for key in [*strongest(found), *(key for key in found.candidates if key not in found.box.limits)]:
        row, drawn = PARAMETERS[key], ds["value"].sel(key=key).values
        limits = found.box.limits.get(key, (np.nan, np.nan))
        p_values = [found.quasi_p.get((key, side), np.nan) for side in (0, 1)]
        numbers = [*limits, drawn.min(), drawn.max(), *p_values, found.stability.get(key, 0.0), found.candidates[key]]
        yield [key, row.unit, *(cell(float(value)) for value in numbers), " ".join(row.claims), row.meaning]


def trajectory(found: Discovery) -> Iterator[Sequence[str]]:
    """Yield the rows of trajectory.csv: every peeled box, on both halves of the worlds."""
    parts = ("coverage", "density", "mass", "phi")
    yield "box", "restricted", *(f"{half}_{part}" for half in ("chosen", "tested") for part in parts)
    for number, (*fits, restricted) in enumerate(found.trajectory):
        yield str(number), str(restricted), *(cell(getattr(fit, part)) for fit in fits for part in parts)


def summary(found: Discovery, control: Discovery, ds: xr.Dataset) -> str:
    """Return summary.md of the discovery."""
    density = asked_density(ds)
    taken = say("taken_phi") if density is None else say("taken_density", density=percent(density))
    reading = say("reading", candidates=CANDIDATES, alpha=written(f"{ALPHA:g}"), resamples=RESAMPLES, taken=taken)
    return document(
        f"# {title_of(ds)}",
        say("about", scenario=scenario_words(ds), worlds=written(f"{ds.sizes['world']:,}")),
        bullets(findings(found, control, ds)),
        *((f"## {say('box')}", _restricted(found, ds)) if found.box.limits else ()),
        *closing(reading, origin_sentence(ds), say("files")),
    )


HEADS = ("parameter", "unit", "low", "high", "drawn", "quasi_p", "again", "meaning")


def _restricted(found: Discovery, ds: xr.Dataset) -> str:
    """Return the table of the restricted parameters."""
    rows = []
    for key in strongest(found):
        row, drawn = PARAMETERS[key], ds["value"].sel(key=key).values
        low, high = (_end(key, end, side) for side, end in enumerate(found.box.limits[key]))
        p_values = (chance_words(found.quasi_p[key, side], 1) for side in (0, 1) if (key, side) in found.quasi_p)
        where = either(row.choices) if row.choices else span(float(drawn.min()), float(drawn.max()))
        unit = say("choice") if row.choices else unit_name(row.unit)
        again, words = percent(found.stability.get(key, 0.0)), joined(parameter_name(key), claims_words(key))
        rows.append((f"`{key}`", unit, low, high, where, " / ".join(p_values), again, words))
    return markdown_table([say(f"head.{head}") for head in HEADS], rows, "---")


def _end(key: str, end: float, side: int) -> str:
    """Return a lower (0) or upper (1) limit as text, of a choice the last name that it lets in; empty if open."""
    if not np.isfinite(end):
        return ""
    names = PARAMETERS[key].choices
    return choice_name(names[int(np.floor(end) if side else np.ceil(end))]) if names else significant(end)

"""An ensemble of which only a summary was kept: table, text, figure."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from rich.table import Table

from sim.analysis.calendar import month_ends, months
from sim.analysis.measures import SERIES
from sim.analysis.origin import changes_of
from sim.analysis.quantiles import COLUMNS, Band
from sim.present import text
from sim.present.naming import measure_words, scenario_title, series_words, shows, span_words, tell, with_unit
from sim.present.page import page
from sim.present.palette import BLUE
from sim.present.style import finish, panels
from sim.present.words import cell, sensible, sensible_band, significant, unit_name
from sim.texts.spoken import foreign, number_of, written

BAND = [0.05, 0.5, 0.95]


LEAST_ERROR = 0.001
"""A smaller standard error is not written out."""


def rows(ds: xr.Dataset, headline: bool) -> list[tuple[str, str, str]]:
    """Return outcome with unit, median with 90 % band, mean with standard error; of all outcomes or the headline."""
    chosen = [name for name in ds["measure"].values.tolist() if not headline or not name.startswith("score_")]
    found = []
    for name in chosen:
        one = ds.sel(measure=name)
        words = with_unit(measure_words(name, str(one["meaning"].values)), str(one["unit"].values))
        band = Band(*one["quantile"].sel(level=BAND).values.tolist())
        size = float(one["error"])
        error = significant(size, 2) if size >= LEAST_ERROR or not size else f"<{written(str(LEAST_ERROR))}"
        found.append((words, sensible_band(band), f"{sensible(float(one['mean']))} ± {error}"))
    return found


def terminal_table(ds: xr.Dataset) -> Table:
    """Return the headline outcomes as a Rich table."""
    worlds = tell("summary.worlds", n=written(f"{ds.attrs['survived']:,}"))
    heads = (tell("head.outcome"), tell("head.median_of", worlds=worlds), tell("head.mean"))
    return text.terminal_table(_title(ds), heads, rows(ds, headline=True))


def _title(ds: xr.Dataset) -> str:
    """Return the title of the ensemble."""
    made = json.loads(ds.attrs["scenarios"])[0] if "scenarios" in ds.attrs else None
    return scenario_title(made, changes_of(ds)) if foreign() and made else str(ds.attrs["title"])


def outcomes(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of outcomes.csv, one per outcome."""
    yield "outcome", "meaning", "unit", "mean", "error", *COLUMNS
    for k in range(ds.sizes["measure"]):
        numbers = (ds["mean"].values[k], ds["error"].values[k], *ds["quantile"].values[k])
        yield *(str(ds[name].values[k]) for name in ("measure", "meaning", "unit")), *map(cell, map(float, numbers))


def over_time(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of series.csv: quantiles of every headline series, month by month."""
    yield "series", "unit", "month", *COLUMNS
    for s, name in enumerate(ds["series"].values):
        for month, levels in zip(months(ds), ds["series_quantile"].values[s].tolist(), strict=True):
            yield str(name), str(ds["series_unit"].values[s]), month, *map(cell, levels)


def summary(ds: xr.Dataset) -> str:
    """Return summary.md of the ensemble."""
    span, lost = months(ds), int(ds.attrs["worlds"]) - int(ds.attrs["survived"])
    heads = (tell("head.outcome"), tell("head.median"), tell("head.mean"))
    return text.document(
        f"# {text.literal(_title(ds))}",
        tell("summary.about", span=span_words(span), worlds=written(f"{ds.attrs['survived']:,}")),
        tell(f"summary.lost.{number_of(lost)}", n=written(f"{lost:,}")) if lost else "",
        text.markdown_table(heads, rows(ds, headline=False)),
        tell("summary.caution"),
    )


def series(ds: xr.Dataset) -> Figure:
    """Draw every headline series with its bands."""
    note = shows("bands")
    figure = page(ds, shows("headline", n=written(f"{ds.attrs['survived']:,}")), (12.0, 7.3), note)
    axes = panels(figure, 2, 3, left=1.05, right=0.25, bottom=0.9, across=1.05)
    x = month_ends(ds)
    for ax, name in zip(axes.ravel(), ds["series"].values.tolist(), strict=True):
        q05, q25, q50, q75, q95 = ds["series_quantile"].sel(series=name).transpose("level", "month").values
        ax.fill_between(x, q05, q95, color=BLUE, alpha=0.16, linewidth=0)
        ax.fill_between(x, q25, q75, color=BLUE, alpha=0.28, linewidth=0)
        ax.plot(x, q50, color=BLUE, marker="o" if len(x) == 1 else "")
        ax.set_title(series_words(name))
        finish(ax, ds, unit_name(SERIES[name].unit), None if np.nanmax(q95) > 0.0 else 1.0)
    return figure


FIGURES: Mapping[str, Callable[[xr.Dataset], Figure]] = {"series": series}

"""Scenarios against a reference: their series, their differences, who gains and who loses, drawn for a page of A4."""

from collections.abc import Callable
from functools import partial

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.calendar import months
from sim.analysis.headline import country_name
from sim.analysis.measures import SERIES
from sim.analysis.origin import hashes
from sim.analysis.quantiles import Z_90, Band
from sim.present.naming import date_words, goal_title, series_words, tells
from sim.present.page import svg_of
from sim.present.style import from_zero, legend, panels, time_axis
from sim.present.text import literal
from sim.present.words import sensible_band, unit_name, with_error
from sim.reports.figures import LEFT, canvas, gains
from sim.reports.findings import shown_months
from sim.reports.html import figure, table
from sim.scenario.names import COUNTRIES, GOALS
from sim.studies.compare.figures import band_panel, brief, difference_axis
from sim.texts.spoken import said, written

MIDDLE = [0.05, 0.5, 0.95]
COLUMNS = 4
"""Most months in a table whose columns are months."""
MOST_MAPS = 4
"""Most scenarios of which a map of gains is drawn; the tables have all."""


def drawings(ds: xr.Dataset) -> list[str]:
    """Return the figures of a comparison as HTML, each with its numbers."""
    reference, *others = (str(name) for name in ds["scenario"].values)
    found = [
        _over_time(
            ds,
            others,
            "series_difference",
            said("compare.figure.difference_several", other="", reference=literal(reference)),
        )
    ]
    found.append(_over_time(ds, [reference, *others], "series_quantile", tells("compared.side")))
    return found + [_gains(ds, other, reference) for other in others[:MOST_MAPS]]


def _over_time(ds: xr.Dataset, names: list[str], variable: str, says: str) -> str:
    """Return the six series of scenarios as a figure with its numbers."""
    steps = variable == "series_difference"
    levels = ds[variable]
    chosen = [levels.sel({levels.dims[1]: name}) for name in names]
    draw = partial(series_figure, ds, names, variable)
    caption = tells(f"compared.steps_{'two' if len(names) <= 2 else 'many'}" if steps else "compared.levels")
    heads = [
        said("run.record.series"),
        tells("scenario"),
        *(date_words(months(ds)[k]) for k in shown_months(ds.sizes["month"], COLUMNS)),
    ]
    rows = [
        [f"{series_words(str(s))}, {unit_name(SERIES[str(s)].unit)}", literal(name), *_cells(one.sel(series=s))]
        for s in ds["series"].values
        for name, one in zip(names, chosen, strict=True)
    ]
    about = tells("compared.about", names="; ".join(names))
    salt = f"{' '.join(hashes(ds).values())}{variable}"
    return figure(svg_of(draw, salt), says, caption, about, table(heads, rows, tells("medians")))


def _cells(levels: xr.DataArray) -> list[str]:
    """Return median and 90 % band in some months."""
    middle = levels.sel(level=MIDDLE).transpose("month", "level").values
    return [sensible_band(Band(*middle[k].tolist())) for k in shown_months(len(middle), COLUMNS)]


def _change(mean: float, error: float) -> str:
    if not mean and not error:
        return "0"
    return with_error(mean, error) + ("" if abs(mean) > Z_90 * error else " ?")


def series_figure(ds: xr.Dataset, names: list[str], variable: str) -> Figure:
    """Draw the six series in two columns, with the scenarios of `names` in each."""
    steps = variable == "series_difference"
    longest = max(len(brief(name)) for name in names)
    columns = max(1, min(len(names), 88 // (longest + 8)))
    lines = -(-len(names) // columns)
    fig = canvas(10.0 + 0.25 * lines)
    axes = panels(fig, 3, 2, left=LEFT, top=0.4, bottom=0.65 + 0.25 * lines, across=1.1, down=0.75)
    for ax, series in zip(axes.ravel(), ds["series"].values, strict=True):
        _series_panel(ds, ax, str(series), names, variable)
        if steps:
            difference_axis(ds, ax, str(series))
        else:
            from_zero(ax, 1.0 if SERIES[str(series)].unit.startswith("index") else None)
    legend(fig, axes[0, 0], LEFT - 0.3, 0.1, columns)
    return fig


def _series_panel(ds: xr.Dataset, ax: Axes, series: str, names: list[str], variable: str) -> None:
    chosen = ds[variable].sel(series=series)
    for name in names:
        levels = chosen.sel({chosen.dims[0]: name}).transpose("month", "level").values
        band_panel(ds, ax, levels, name, outer=variable == "series_difference" and len(names) <= 2)
    ax.set(title=series_words(series), ylabel=unit_name(SERIES[series].unit))
    time_axis(ax, ds)


def _gains(ds: xr.Dataset, other: str, reference: str) -> str:
    """Return who gains and who loses in one scenario as a map with its numbers."""
    goals, codes = list(GOALS), list(COUNTRIES)
    one = ds.sel(other=other, goal=goals, country=codes)
    mean, error = (one[name].transpose("country", "goal").values for name in ("goal_change", "goal_error"))
    draw: Callable[[], Figure] = partial(gains, one, mean, [country_name(code) for code in codes])
    rows = [
        [country_name(code), *(_change(*both) for both in zip(mean[c], error[c], strict=True))]
        for c, code in enumerate(codes)
    ]
    says = tells("compared.gains", other=literal(other), reference=literal(reference))
    caption = tells("compared.caption", z=written(str(Z_90)))
    about = tells("compared.gains_about", other=other, reference=reference)
    numbers = table([tells("country"), *map(goal_title, goals)], rows, tells("mean_error"))
    return figure(svg_of(draw, f"{' '.join(hashes(ds).values())}{other}"), says, caption, about, numbers)

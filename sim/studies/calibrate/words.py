"""What a calibration is called in the language that is spoken: its set, its observations, its title."""

import json

import xarray as xr

from sim.analysis.record.known import KNOWN
from sim.present.naming import day_words
from sim.present.record_names import series_title
from sim.present.words import unit_name
from sim.texts.spoken import counted, foreign, said, written

LEFT_OUT = ("_prk_rus", "_rus_prk", "_cumulative", "_million", "_krounds_day", "_year", "_month")
"""Parts of a series' name that its unit repeats, or that all share."""
SPELT = {"prk": "PRK", "russian": "Russian", "china": "China"}
"""Words of a series' name that are written with capitals."""


def say(key: str, /, **fills: object) -> str:
    """Return a text of calibrations, with its placeholders filled in."""
    return said(f"calibrate.{key}", **fills)


def title_of(ds: xr.Dataset) -> str:
    """Return the title of a calibration."""
    return say("title", name=_name(ds), until=day_words(ds.attrs["until"]))


def about_words(ds: xr.Dataset) -> str:
    """Return from what the set of a calibration was made."""
    fills = {
        "name": _name(ds),
        "observations": observations(int(ds["used"].sum())),
        "file": ds.attrs["observed"],
        "until": day_words(ds.attrs["until"]),
        "worlds": written(f"{ds.attrs['worlds']:,}"),
        "size": written(f"{ds.attrs['effective']:,.0f}"),
        "discrepancy": written(f"{ds.attrs['discrepancy']:g}"),
        "seed": ds.attrs["seed"],
    }
    about = say("about", **fills)
    return say(f"about_theories.{ds.attrs['theories']}", about=about) if "theory" in ds.coords else about


def observations(number: int) -> str:
    """Return `9 observations`."""
    return counted("calibrate.observation", number)


def series_words(ds: xr.Dataset, k: int) -> str:
    """Return the series of an observation in few words: `Russian fire`."""
    name = str(ds["series"].values[k])
    if foreign() and _shipped(ds, k):
        return said(f"names.series.{name}.short")
    for part in LEFT_OUT:
        name = name.replace(part, "")
    return " ".join(SPELT.get(word, word) for word in name.split("_"))


def series_name(ds: xr.Dataset, k: int) -> str:
    """Return the series of an observation as tables have it: its name in files in English."""
    name = str(ds["series"].values[k])
    return series_title(name, KNOWN[name]) if foreign() and _shipped(ds, k) else name


def _shipped(ds: xr.Dataset, k: int) -> bool:
    """Return whether the series is of the shipped list; a file may define a shipped name anew."""
    series = KNOWN.get(str(ds["series"].values[k]))
    return series is not None and series.unit == str(ds["unit"].values[k])


def measured_in(ds: xr.Dataset, k: int) -> str:
    """Return the unit of an observation."""
    return unit_name(str(ds["unit"].values[k]))


def _name(ds: xr.Dataset) -> str:
    """Return the name of the scenario that was calibrated."""
    return str(json.loads(ds.attrs["scenario_names"])[0])

"""What worlds draw a parameter from, in words: a range, the middle of a calibrated set, or names of a choice."""

import json

import numpy as np
import xarray as xr

from sim.present.what_differs import setting_words
from sim.present.words import span, unit_words
from sim.scenario import PARAMETERS, Scenario
from sim.texts import LANGUAGES
from sim.texts.spoken import foreign, said, speaking

Array = np.ndarray
Ends = tuple[float, float]


def ends_of_set(key: str, scenario: Scenario, drawn: Array) -> Ends:
    """Return between what 90 % of the draws of a parameter lie; missing if they are not those of a calibrated set."""
    if not scenario.calibrated or key not in scenario.calibrated.keys or PARAMETERS[key].choices:
        return np.nan, np.nan
    low, high = np.quantile(drawn, (0.05, 0.95)).tolist()
    return low, high


def kept_range(key: str, scenario: Scenario, of_set: Ends) -> str:
    """Return what worlds draw a parameter from as data have it: in English."""
    row, setting = PARAMETERS[key], scenario.settings[key]
    if row.choices:
        return " or ".join(row.choices[int(number)] for number in setting.among or (setting.value,))
    with speaking(LANGUAGES[0]):
        return _between((float(setting.low or 0.0), float(setting.high or 0.0)), of_set, row.unit)


def drawn_range(ds: xr.Dataset, key: str) -> str:
    """Return what worlds draw a parameter from, in the language that is spoken."""
    one, row = ds.sel(parameter=key), PARAMETERS[key]
    if not foreign():
        return str(one["range"].values)
    if row.choices:
        return setting_words(key, json.loads(ds.attrs["scenarios"])[0]["settings"][key])
    low, high, *of_set = (float(one[end]) if end in ds else np.nan for end in ("low", "high", "set_low", "set_high"))
    return _between((low, high), (of_set[0], of_set[1]), row.unit)


def _between(ends: Ends, of_set: Ends, unit: str) -> str:
    low, high = of_set if np.isfinite(of_set).all() else ends
    words = f"{span(low, high)}{unit_words(unit, high)}"
    return said("information.of_set", range=words) if np.isfinite(of_set).all() else words

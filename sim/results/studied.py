"""What the data of a study must hold that are opened again: variables, their axes and their kinds."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import quoted, shown

NUMBERS, TEXTS, MONTHS = "fiu", "UO", "M"
"""Kinds of NumPy's types."""
LEVELS, BOUNDS = 5, 3
"""Quantiles of a band, and numbers of an observation: low, central, high."""
Schema = Mapping[str, tuple[str, str]]
"""Variable -> its axes, separated by blanks, and the kinds that its type may have."""
COMPARISON: Schema = {
    "outcome": ("measure scenario world", NUMBERS),
    "quantile": ("measure scenario level", NUMBERS),
    "difference": ("measure other level", NUMBERS),
    **dict.fromkeys(
        ("difference_mean", "difference_error", "higher", "tied", "fewer", "size"), ("measure other", NUMBERS)
    ),
    **dict.fromkeys(("goal_change", "goal_error"), ("goal country other", NUMBERS)),
    "series_quantile": ("series scenario month level", NUMBERS),
    "series_difference": ("series other month level", NUMBERS),
    **dict.fromkeys(("measure", "unit", "meaning"), ("measure", TEXTS)),
    **dict.fromkeys(("series", "series_unit"), ("series", TEXTS)),
    **{name: (name, TEXTS) for name in ("scenario", "other", "goal", "country")},
    "level": ("level", NUMBERS),
    "month": ("month", MONTHS),
    "world": ("world", NUMBERS),
}
HISTORY: Schema = {
    "model": ("figure world", NUMBERS),
    "observed": ("figure bound", NUMBERS),
    **dict.fromkeys(("crps", "place"), ("figure", NUMBERS)),
    **dict.fromkeys(("figure_series", "figure_date", "part"), ("figure", TEXTS)),
    "path": ("series month level", NUMBERS),
    **dict.fromkeys(("series", "unit"), ("series", TEXTS)),
    "bound": ("bound", TEXTS),
    "level": ("level", NUMBERS),
    "month": ("month", MONTHS),
    "world": ("world", NUMBERS),
}


def data_problems(ds: xr.Dataset) -> list[str]:
    """Return what in the data of a comparison, a sweep or a comparison with history is not as they are written."""
    found: list[str] = []
    kind = ds.attrs.get("format")
    schema = {"sim-comparison 1": COMPARISON, "sim-history 1": HISTORY}.get(str(kind), {})
    if kind == "sim-sweep 1":
        keys = _swept(ds.attrs.get("vary"))
        if not keys:
            found_there = quoted(ds.attrs.get("vary"))
            return [f"attribute vary must name one or two parameters with their values, found {found_there}"]
        if not isinstance(ds.attrs.get("outcome"), str):
            return ["attribute outcome is damaged"]
        across = " ".join(keys)
        runs = {str(name): (f"{across} world", NUMBERS) for name in ds.data_vars if name != "binding"}
        labels = {**{key: (key, NUMBERS) for key in keys}, "constraint": ("constraint", TEXTS)}
        schema = {**runs, **labels, "binding": (f"{across} constraint", NUMBERS), "world": ("world", NUMBERS)}
    for name, (dims, kinds) in schema.items():
        found += _variable(ds, name, tuple(dims.split()), kinds)
    if not found and schema:
        for name, size in (("level", LEVELS), ("bound", BOUNDS)):
            if name in ds.sizes and ds.sizes[name] != size:
                found.append(f"{name}: {ds.sizes[name]} labels, expected {size}")
        found += _axes(ds)
    return found


def _variable(ds: xr.Dataset, name: str, dims: tuple[str, ...], kinds: str) -> list[str]:
    if name not in ds.variables:
        return [f"{shown(name)} is missing"]
    array = ds[name]
    if array.dims != dims:
        return [f"{shown(name)}: dimensions ({shown(', '.join(map(str, array.dims)))}), expected ({', '.join(dims)})"]
    if array.dtype.kind not in kinds:
        return [f"{shown(name)}: holds no {'numbers' if kinds == NUMBERS else 'texts' if kinds == TEXTS else 'months'}"]
    if array.dtype.kind == "O" and not all(isinstance(one, str) for one in array.values.flat):
        return [f"{shown(name)}: holds no texts"]
    return []


def _axes(ds: xr.Dataset) -> list[str]:
    """Return which axes are empty, or have labels that repeat or are no numbers."""
    found = []
    for name in ds.dims:
        labels = ds[name].values if name in ds.coords else None
        # one scenario has no other to compare it with, and a record may have no days
        if ds.sizes[name] == 0 and name not in ("other", "figure"):
            found.append(f"{shown(str(name))}: the axis is empty")
        elif labels is not None and len(set(labels.tolist())) < labels.size:
            found.append(f"{shown(str(name))}: labels repeat")
        elif labels is not None and labels.dtype.kind == "f" and not np.isfinite(labels).all():
            found.append(f"{shown(str(name))}: labels are no numbers")
        elif labels is not None and labels.dtype.kind == "M" and np.isnat(labels).any():
            found.append(f"{shown(str(name))}: labels are no months")
    return found


def _swept(text: Any) -> list[str]:
    """Return the parameters of a sweep; empty if the attribute does not name one or two with lists of numbers."""
    try:
        found = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return []
    if not isinstance(found, dict) or not 1 <= len(found) <= 2 or not found.keys() <= PARAMETERS.keys():
        return []
    lists = [values if isinstance(values, list) and values else [None] for values in found.values()]
    return list(found) if all(type(one) in (int, float) for values in lists for one in values) else []

"""The digest of a run: one number that says whether two runs, on any machine or in a page, gave the same.

It is taken over the series that headlines are made of, to the last bit of what files keep.
"""

import hashlib

import numpy as np
import xarray as xr

HEADLINE = (
    "shells_delivered",
    "containers",
    "tier_released",
    "oil_delivered",
    "shortage",
    "tests",
    "threat",
    "fire_ratio",
    "practical",
)
"""Recorded variables, in the order in which the digest takes them."""
SHOWN = 12
"""Digits that are shown, enough to compare by eye."""


def digest(ds: xr.Dataset) -> str:
    """Return the SHA-256 of the headline series as little-endian float64, each in the order (month, …, world).

    A nan counts as one with the bits 0x7ff8000000000000. Empty if a series was not recorded.
    """
    if not all(name in ds for name in HEADLINE):
        return ""
    found = hashlib.sha256()
    for name in HEADLINE:
        values = np.asarray(ds[name].transpose("month", ..., "world").values, dtype="<f8")
        found.update(np.ascontiguousarray(np.where(np.isnan(values), np.nan, values)).tobytes())
    return found.hexdigest()

"""Counts of acts over a run, by name: `prk.missile_test`, `rus_chn.summit`, `all.summit`."""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from sim.analysis.measures import Measure
from sim.scenario.names import ACTS, COUNTRIES, COUNTRY_NAMES, EVERY, SOLO_ACTS

Array = np.ndarray


def count_of(owners: Sequence[str], act: str) -> Measure | None:
    """Return how often an act of one or two countries, or of `all`, happened; None if these are no such acts.

    Of two countries the first takes part, with the second as partner or target.
    """
    codes = [owner.upper() for owner in owners]
    everyone = codes == [EVERY.upper()]
    known = everyone or (0 < len(codes) == len(set(codes)) < 3 and all(code in COUNTRIES for code in codes))
    if act not in ACTS or not known or (not everyone and act in SOLO_ACTS and codes[0] not in SOLO_ACTS[act]):
        return None
    words = "all countries" if everyone else " and ".join(COUNTRY_NAMES[code] for code in codes)
    count = _counter([] if everyone else codes, act)
    return Measure("acts", f"{act.replace('_', ' ')} of {words}, whole run", count, reads=("outcome",))


def _counter(codes: Sequence[str], act: str) -> Callable[[xr.Dataset], Array]:
    def count(ds: xr.Dataset) -> Array:
        # An act of several has one row for each that decides on it; all of them happen or none does.
        rows: dict[tuple[str, ...], int] = {}
        for k, (name, i, others) in enumerate(zip(*(ds[part].values for part in PARTS), strict=True)):
            mine = not codes or (i == codes[0] and all(code in others.split() for code in codes[1:]))
            if name == act and mine:
                rows[(i,) if act in SOLO_ACTS else tuple(sorted((i, *others.split())))] = k
        happened = ds["outcome"].isel(option=list(rows.values())).transpose("option", "month", "world").values > 0
        return np.asarray(happened.sum(axis=(0, 1)), dtype=float)

    return count


PARTS = ("act", "actor", "partner_of")
"""Coordinates that tell an option's act, who decides on it, and with or towards whom."""

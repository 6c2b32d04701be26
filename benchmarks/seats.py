"""By how much orders and acts of a seat move its goals: `python -m benchmarks.seats` writes `sim/page/seats.csv`.

Paired worlds of `article`: each step of an order, and each act asked for and refused, all through the months, against
the same worlds as the model plays them. The effect is the mean of the paired differences over the standard deviation
between worlds without the order, for each goal of the seat's mission. It takes four minutes of processor time.
"""

import csv
import sys
from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

import sim
from sim.experiment.run import run
from sim.page.pictures import Part
from sim.page.seats import COLUMNS, MEASURED, SEATS, Goal, changes
from sim.scenario.names import COUNTRIES

SCENARIO, WORLDS, MONTHS, SEED = "article", 64, 24, 2023
FIRST = "2023-09"


def goal(ds: xr.Dataset, one: Goal) -> np.ndarray:
    """Return a goal of a mission, one number a world, as the page computes it."""
    values = _summed(ds, one.parts)
    if one.over:
        under = _summed(ds, one.over)
        values = np.divide(values, under, out=np.zeros_like(values), where=under > 0.0)
    return {"last": values[-1], "mean": values.mean(axis=0), "total": values.sum(axis=0)}[one.how]


def _summed(ds: xr.Dataset, parts: tuple[Part, ...]) -> np.ndarray:
    found = np.zeros((ds.sizes["month"], ds.sizes["world"]))
    for part in parts:
        values = ds[part.name].transpose("month", ..., "world")
        found += part.weight * values.sel(dict(zip(values.dims[1:-1], part.labels, strict=True))).values
    return found


def measured(code: str, base: Mapping[str, np.ndarray]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table of one seat."""
    names = {part.name for one in SEATS[code].goals for part in (*one.parts, *one.over)}
    for kind, lever, step, event in changes(code, FIRST, MONTHS):
        ds = run(sim.load(SCENARIO, worlds=WORLDS, months=MONTHS, seed=SEED, events=[event]), variables=names)
        for one in SEATS[code].goals:
            was = base[one.key]
            spread = was.std(ddof=1)
            effect = float((goal(ds, one) - was).mean() / spread) if spread > 0.0 else 0.0
            yield code, kind, lever, step, one.key, f"{effect:.2f}"


def main() -> None:
    """Measure all seats."""
    plain = run(sim.load(SCENARIO, worlds=WORLDS, months=MONTHS, seed=SEED))
    with MEASURED.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for code in sys.argv[1:] or COUNTRIES:
            table.writerows(measured(code, {one.key: goal(plain, one) for one in SEATS[code].goals}))
            print(code, flush=True)


if __name__ == "__main__":
    main()

"""One world to stand for many: the one whose path lies nearest the median path."""

import numpy as np

Array = np.ndarray


def nearest_median(paths: Array, among: Array) -> int:
    """Return the column of `paths`, (month, world), that lies nearest the pointwise median of the worlds `among`.

    The distance is the mean over months of the distance from the median of the month, as a share of the spread between
    the quartiles of that month, so that late months, where worlds lie far apart, do not decide alone. Months without a
    spread say nothing. The path of a world is not the median path itself, which no world need follow. Among equals the
    first. `among` (world) is true where a world may be chosen, at least once.
    """
    columns = np.flatnonzero(among)
    chosen = paths[:, columns]
    low, middle, high = np.quantile(chosen, [0.25, 0.5, 0.75], axis=1)
    spread = high - low
    tells = spread > 0.0
    if not tells.any():
        distance = np.abs(chosen - middle[:, None]).mean(axis=0)
    else:
        distance = (np.abs(chosen - middle[:, None])[tells] / spread[tells, None]).mean(axis=0)
    return int(columns[int(np.argmin(distance))])

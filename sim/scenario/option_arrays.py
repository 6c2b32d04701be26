"""Arrays that the model indexes options with, apart from `options`, which the command line reads without NumPy."""

import numpy as np

from sim.scenario.names import COUNTRIES
from sim.scenario.options import GROUPS, OPTIONS

ACTOR = np.array([COUNTRIES.index(o.actor) for o in OPTIONS])
"""Country number of the actor of each option."""
PAIR_I, PAIR_J = np.nonzero(~np.eye(len(COUNTRIES), dtype=bool))
"""Country numbers of actor and partner in the 30 rows of each pair act."""


def _mate() -> np.ndarray:
    """Return the two other rows of each row's group, (option, 2); the row itself where there are fewer."""
    mates = np.tile(np.arange(len(OPTIONS))[:, None], (1, 2))
    for rows in GROUPS:
        for k in rows:
            others = [r for r in rows if r != k]
            mates[k, : len(others)] = others
    return mates


MATES = _mate()
PARTNERS_IN = np.array([1.0 + sum(m != k for m in MATES[k]) for k in range(len(OPTIONS))])[:, None]
"""Number of countries whose yes each row's act needs, (option, 1)."""

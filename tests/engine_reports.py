"""The reports of the plain model (`oracle/mesa_model.py`) from what the engine records, in full precision."""

from collections.abc import Mapping

import numpy as np

from sim.scenario.names import COUNTRIES, GOALS, ROUTES

Array = np.ndarray
RUS, PRK = COUNTRIES.index("RUS"), COUNTRIES.index("PRK")
SYSTEM = ("shells_delivered", "oil_delivered", "tier_released", "coordination", "tests", "fire_ratio")
SYSTEM += ("import_share", "polarisation")
NEEDED = (*SYSTEM, "practical", "symbolic", "transfer", "route_use", "threat", "score")
"""What has to be recorded for it."""


def reports_of(recorded: Mapping[str, Array]) -> dict[str, Array]:
    """Name -> (month, world) from recorded variables (month, ..., world)."""
    khasan = list(ROUTES).index("khasan")
    found = {name: recorded[name] for name in SYSTEM}
    found |= {name: recorded[name][:, RUS, PRK] for name in ("practical", "symbolic")}
    found["received"] = np.cumsum(recorded["transfer"][:, :, PRK].sum(axis=(1, 2)), axis=0)
    found |= {name: recorded["route_use"][:, khasan, way] for way, name in enumerate(("rail_in", "rail_out"))}
    for i, code in enumerate(COUNTRIES):
        found[f"threat_{code}"] = recorded["threat"][:, i]
        found |= {f"score_{code}_{goal}": recorded["score"][:, i, n] for n, goal in enumerate(GOALS)}
    return found

"""Step 8: what is kept of every month. Names and shapes are those of `sim.results.variables`, worlds last."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.model import outcomes, routes
from sim.model.cargo import unit_weight
from sim.model.options import EAST_TRIO, OPTIONS, PAIR_I, PAIR_J, ROWS, WEST_TRIO
from sim.model.settlement import pair_size
from sim.model.value import TINY
from sim.scenario.names import COUNTRIES, PAIR_ACTS

if TYPE_CHECKING:
    from sim.model.world import World

Array = np.ndarray
RUS, PRK = COUNTRIES.index("RUS"), COUNTRIES.index("PRK")
KBBL_PER_KT = 1.0 / 0.13
"""1 000 barrels of refined product weigh about 0.13 kt (model specification, section 3)."""
Keep = Callable[[str, int, Array], None]
"""Takes the name of a variable, the month, and its values (…, worlds). Whoever runs the world decides what to keep."""


def nothing(name: str, month: int, values: Array) -> None:
    """Keeps nothing: what a closed world holds instead of its caller's arrays."""


class Record:
    """Hands every month's values to `keep`, and holds the running sums that some outcomes need."""

    def __init__(self, w: World, keep: Keep) -> None:
        self.keep = keep
        self._value, self._shown, self._exercises = (np.zeros_like(w.trust) for _ in range(3))
        self._recent = np.zeros_like(w.released)
        self._shells, self._tier = np.zeros_like(w.fire), np.zeros_like(w.fire)

    def take(self, w: World) -> None:
        """Keep the month that the world has just lived through."""
        for values in (_countries(w), _lanes(w), _routes(w), _system(w), _decisions(w), self._outcomes(w)):
            for name, value in values.items():
                self.keep(name, w.month, value)

    def _outcomes(self, w: World) -> dict[str, Array]:
        """Indices, scoreboard, and what has been delivered since the start."""
        p, flows, happens = w.inputs, w.shipment, w.decisions.happens
        keep = 1.0 - p["indices.memory"]
        value = w.value_delivered + w.paid_for_technology
        self._value = outcomes.smoothed(self._value, value, 0.3)
        self._shown *= keep
        self._exercises *= keep
        self._shown[PAIR_I, PAIR_J] += sum(outcomes.SYMBOLIC_WEIGHTS[act] * happens[ROWS[act]] for act in PAIR_ACTS)
        self._exercises[PAIR_I, PAIR_J] += happens[ROWS["exercise"]]
        for rows in (EAST_TRIO, WEST_TRIO):
            members = [COUNTRIES.index(OPTIONS[row].actor) for row in rows]
            for i in members:
                for j in members:
                    if i != j:
                        self._shown[i, j] += outcomes.SYMBOLIC_WEIGHTS["trilateral_exercise"] * happens[rows[0]]
                        self._exercises[i, j] += happens[rows[0]]
        self._recent = outcomes.smoothed(self._recent, w.transfers.points, 0.1)
        recent = outcomes.highest_tier(self._recent, 0.02)
        self._tier = np.maximum(self._tier, outcomes.highest_tier(w.released[RUS, PRK], 0.05))
        self._shells = self._shells + flows.delivered[PRK, RUS, 0]
        size = p.once("pair size", lambda: pair_size(p))
        usable = flows.delivered[PRK, RUS, 0] - flows.faulty[PRK, RUS]
        fresh = usable + w.production[RUS, 0] + w.outside_ammunition
        prices = p.by_good("world_price")
        own = (w.production * prices).sum(axis=1)
        imported = ((w.imports + w.world_imports) * prices).sum(axis=1)
        return {
            "practical": outcomes.practical_index(self._value, p["indices.value_half"], size, recent, self._exercises),
            "symbolic": outcomes.symbolic_index(self._shown),
            "polarisation": outcomes.polarisation(w.alignment),
            "score": outcomes.scoreboard(
                consumption=w.consumption,
                requirement=w.requirement,
                cover=w.cover,
                target=w.target,
                threat=w.threat,
                prestige=w.prestige,
                dependence=w.dependence,
                reliance=imported / np.maximum(imported + own, TINY),
                pressure=w.pressure,
                arrears=w.offers.arrears,
            ),
            "shells_delivered": self._shells,
            "containers": self._shells * 1000.0 / p["goods.ammunition.per_container"],
            "tier_released": self._tier,
            "import_share": usable / np.maximum(fresh, TINY),
        }


def _countries(w: World) -> dict[str, Array]:
    return {
        "stock": w.stock,
        "production": w.production,
        "consumption": w.consumption,
        "requirement": w.requirement,
        "shortage": w.shortage,
        "imports": w.imports,
        "exports": w.exports,
        "world_imports": w.world_imports,
        "world_exports": w.world_exports,
        "lost": w.lost,
        "cover": w.cover,
        "marginal_value": w.value,
        "technology": w.technology,
        "threat": w.threat,
        "prestige": w.prestige,
        "isolation": w.isolation,
        "access": w.access,
        "pressure": w.pressure,
    }


def _lanes(w: World) -> dict[str, Array]:
    flows = w.shipment
    return {
        "transfer": w.transfers.points,
        "ordered": w.deals.volume,
        "shipped": flows.shipped,
        "delivered": flows.delivered,
        "seized": flows.seized,
        "in_transit": w.in_transit,
        "queue": w.queue,
        "price": np.where(w.deals.volume > 0.0, w.deals.price, np.nan),
        "binding": flows.binding,
        "balance": w.balance,
        "credit_line": w.credit,
        "trust": w.trust,
        "alignment": w.alignment,
        "gain": w.gain,
        "dependence": w.dependence,
    }


def _routes(w: World) -> dict[str, Array]:
    flows = w.shipment
    return {
        "route_capacity": flows.capacity,
        "route_shadow": flows.shadow,
        "route_load": flows.load,
        "route_units": flows.load / w.inputs.by_route("unit_load")[:, None],
        "route_use": flows.use,
        "route_queue": routes.queue_by_route(w.queue * unit_weight(w), flows.capacity),
    }


def _system(w: World) -> dict[str, Array]:
    return {
        "coordination": w.coordination,
        "monitoring": w.monitoring,
        "war_intensity": w.intensity,
        "fire": w.fire,
        "ukraine_fire": w.ukraine_fire,
        "fire_ratio": w.fire / np.maximum(w.ukraine_fire, 1.0),
        "tests": w.tests,
        "oil_delivered": w.shipment.delivered[RUS, PRK, 2] * KBBL_PER_KT,
        "outside_ammunition": w.outside_ammunition,
    }


def _decisions(w: World) -> dict[str, Array]:
    d = w.decisions
    return {
        "terms": d.terms,
        "probability": d.probability,
        "choice": d.yes,
        "outcome": d.happens,
        "scheduled": w.scheduled[:, 0],
    }

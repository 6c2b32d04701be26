"""Step 8: the recorded variables of a month. Names and shapes are those of `sim.results.variables`, worlds last."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from sim.arrays import Array
from sim.model import indices, routes
from sim.model.bargain import Deals
from sim.model.cargo import unit_weight
from sim.model.decisions import Decisions
from sim.model.offers import Offers
from sim.model.settlement import pair_size
from sim.model.shipping import Flows
from sim.model.state import State
from sim.model.technology import Transfers
from sim.model.value import TINY
from sim.scenario.names import AMMUNITION, COUNTRIES, ENERGY, PAIR_ACTS, PRK, RUS
from sim.scenario.option_arrays import PAIR_I, PAIR_J
from sim.scenario.options import EAST_TRIO, OPTIONS, ROWS, WEST_TRIO
from sim.scenario.units import KBBL_PER_KT, THOUSAND
from sim.scenario.values import Parameters

AS_THEY_ARE = (
    *("stock", "production", "consumption", "requirement", "shortage", "imports", "exports", "world_imports"),
    *("world_exports", "lost", "cover", "technology", "threat", "prestige", "isolation", "access", "pressure"),
    *("want", "seen"),
    *("in_transit", "queue", "balance", "cash", "cash_share", "in_kind", "trust", "alignment", "gain", "dependence"),
    *("coordination", "monitoring", "fire", "ukraine_fire", "tests", "outside_ammunition"),
    *("shells_delivered", "tier_released", "money", "world_money", "dollar", "other_met"),
)
"""Arrays of the state recorded under their own names."""
Keep = Callable[[str, int, Array], None]
"""Callback that receives the name of a variable, the month, and its values (…, worlds), and keeps what it needs."""


@dataclass(frozen=True)
class Results:
    """Results of steps 3 to 6 of a month, beside the state."""

    offers: Offers
    decisions: Decisions
    deals: Deals
    transfers: Transfers
    flows: Flows


def nothing(name: str, month: int, values: Array) -> None:
    """Keep nothing; the callback of a closed world, so that it holds no arrays of its caller."""


def variables(s: State, p: Parameters, month: Results) -> dict[str, Array]:
    """Return every variable of the month by name, (…, worlds), and update the running sums of the state."""
    _move_sums(s, p, month)
    deals, flows, decisions = month.deals, month.flows, month.decisions
    load = flows.load.sum(axis=2)
    return {
        **{name: getattr(s, name) for name in AS_THEY_ARE},
        **_indices(s, p, month),
        "marginal_value": s.value,
        "other_imports": s.other_imports[:, :-1],
        "other_from_world": s.other_imports[:, -1],
        "credit_line": s.credit,
        "war_intensity": s.intensity,
        "fire_ratio": s.fire / np.maximum(s.ukraine_fire, 1.0),
        "transfer": month.transfers.points,
        "ordered": deals.volume,
        "price": np.where(deals.volume > 0.0, deals.price, np.nan),
        "shipped": flows.shipped,
        "delivered": flows.delivered,
        "oil_delivered": flows.delivered[RUS, PRK, ENERGY] * KBBL_PER_KT,
        "seized": flows.seized,
        "binding": flows.binding,
        "route_capacity": flows.capacity,
        "route_shadow": flows.shadow,
        "route_load": load,
        "route_units": load / p.by_route("unit_load")[:, None],
        "route_shipped": flows.load / unit_weight(p),
        "route_delivered": flows.arrived / unit_weight(p),
        "route_use": flows.use,
        "route_queue": routes.queue_by_route(s.queue * unit_weight(p), flows.capacity),
        "terms": decisions.terms,
        "probability": decisions.probability,
        "choice": decisions.yes,
        "outcome": decisions.happens,
        "scheduled": s.scheduled[:, 0],
    }


def _move_sums(s: State, p: Parameters, month: Results) -> None:
    """Add the month to the memories of the indices and to the totals since the start."""
    happens = month.decisions.happens
    s.shown *= 1.0 - p["indices.memory"]
    s.shown[PAIR_I, PAIR_J] += sum(indices.SYMBOLIC_WEIGHTS[act] * happens[ROWS[act]] for act in PAIR_ACTS)
    exercised = np.zeros_like(s.shown)
    exercised[PAIR_I, PAIR_J] += happens[ROWS["exercise"]]
    for rows in (EAST_TRIO, WEST_TRIO):
        for i, j in permutations([COUNTRIES.index(OPTIONS[row].actor) for row in rows], 2):
            s.shown[i, j] += indices.SYMBOLIC_WEIGHTS["trilateral_exercise"] * happens[rows[0]]
            exercised[i, j] += happens[rows[0]]
    value = s.value_delivered + s.paid_for_technology
    tier = indices.highest_tier(month.transfers.points, indices.POINTS_LATELY)
    both = np.stack([value + np.swapaxes(value, 0, 1), np.maximum(tier, np.swapaxes(tier, 0, 1)), exercised])
    s.lately = np.concatenate([both[:, None], s.lately[:, :-1]], axis=1)
    s.tier_released = np.maximum(s.tier_released, indices.highest_tier(s.released[RUS, PRK], indices.POINTS_RELEASED))
    s.shells_delivered = s.shells_delivered + month.flows.delivered[PRK, RUS, AMMUNITION]


def _indices(s: State, p: Parameters, month: Results) -> dict[str, Array]:
    """Return indices, scoreboard and totals since the start."""
    flows = month.flows
    size = p.once("pair size", lambda: pair_size(p))
    usable = flows.delivered[PRK, RUS, AMMUNITION] - flows.faulty[PRK, RUS]
    fresh = usable + s.production[RUS, AMMUNITION] + s.outside_ammunition
    return {
        "practical": indices.practical_index(s.lately, p["indices.value_half"], size),
        "symbolic": indices.symbolic_index(s.shown),
        "polarisation": indices.polarisation(s.alignment),
        "score": indices.scoreboard(s, month.offers.arrears),
        "containers": s.shells_delivered * THOUSAND / p["goods.ammunition.per_container"],
        "import_share": usable / np.maximum(fresh, TINY),
    }

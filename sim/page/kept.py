"""What "why" on a page reads beside the recorded variables: values within a month, as `sim explain` reads them.

They are the same named values of the model's own functions that `sim.experiment.witness` keeps, here as symbols of the
traced month, so the page computes them with the month and no equation stands here or in the page.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sim.compile.tracing import Symbols
from sim.scenario.names import COUNTRIES, ROUTES, TIERS
from sim.scenario.options import GROUPS, OPTIONS
from sim.scenario.values import Parameters

REASON = "why."
"""What the names of these values begin with."""
COSTS = ("transport", "friction", "norm", "autonomy", "arming", "rival", "committed")
WHOLE = (
    *("ship.shipped", "ship.delivered", "ship.binding", "ship.units_seized", "ship.sent.left", "ship.state.in_transit"),
    *("offers.is_open", "offers.allowed", "offers.state.queue", "offers.state.in_transit", "offers.worth"),
    *("offers.reservation", "offers.cost", "agree.state.queue", "take_effect.state.queue"),
    *("wanted.lacking", "wanted.room", "bargain.wanted", "bargain.volume", "bargain.agreed", "bargain.room"),
    *(
        "bargain.margin",
        "bargain.openness",
        "agree.lawful",
        "shared.asked",
        "shared.return",
        "cost.return",
        *(f"cost.{name}" for name in COSTS),
    ),
    *("bargain.release_bound", "bargain.available", "shared.available", "ship.in_stock", "bargain.released"),
    *("within_credit.lowest", "bargain.headroom", "bargain.granted", "ship.weight"),
    *("offers.state.stock", "trade_with_rest_of_world.gap", "trade_with_rest_of_world.access"),
    *("policy.passes_of", "policy.bids_of", "policy.aid", "policy.lent"),
    *(f"effective_capacity.{name}" for name in ("capacity", "is_open", "season", "regime", "return")),
    *("ship.sent.carried", "ship.load", "ship.use", "ship.shadow"),
)
"""Arrays that are kept whole: of flows (from, to, good), (from, to) or (from, good), of stores, aid and routes."""
DEALS = (
    *(("RUS", "PRK"), ("CHN", "PRK"), ("RUS", "CHN"), ("CHN", "RUS")),
    *(("USA", "KOR"), ("USA", "JPN"), ("KOR", "JPN"), ("JPN", "KOR")),
)
"""Giver and receiver of the technology that can be asked about: China's for North Korea, and pairs in which some passes
in at least one world of ten. All 30 would make the module 6 % larger, these make it 2 %."""
OF_TIER = (
    *(f"start_projects.{name}" for name in ("worth", "guard", "cost", "chance", "size", "points", "price", "possible")),
    *("started.guard", "guard_cost.return", "guard_cost.by_trust", "guard_cost.by_need", "guard_cost.by_hostility"),
    *("technology_value.calm", "technology_value.return", "started.state.projects", "started.state.project_price"),
    *("started.ended", "transfer"),
)
"""Of arrays (giver, receiver, tier) or (giver, receiver, 1), those of `DEALS`."""
OF_DEAL = (
    *("started.gives_up", "offers.committed", "started.norm", "started.claims", "started.by_bank"),
    *("agree.state.balance", "agree.state.claims_left", "agree.ordered", "agree.in_money"),
)
"""Of arrays (giver, receiver), those of `DEALS`."""
OF_OPTIONS = {
    **{"open": "decide.is_open", "scheduled": "offers.state.scheduled"},
    **{"ruling": "offers.state.ruling", "willing": "offers.state.willingness"},
}
READ = (
    *("terms", "probability", "choice", "outcome"),
    *("requirement", "production", "consumption", "shortage", "stock", "cover"),
    *("exports", "lost", "world_imports", "world_exports", "shells_delivered"),
)
"""Recorded variables that the page reads beside these values."""
OF_WORLD = {name: f"offers.state.{name}" for name in ("helping", "warned", "guarded")}
OF_ROUTES = tuple(dict.fromkeys("ocean" if route.startswith("ocean_") else route for route in ROUTES))
SETTINGS = (
    *("technology.hazard", "technology.lead", "acts.lethal_aid.points", *(f"{one}.decides" for one in COUNTRIES)),
    *("aid.food", "aid.energy", "routes.patience", *(f"routes.{route}.capacity" for route in OF_ROUTES)),
)


def kept(found: dict[str, Any], p: Parameters, recorded: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as arrays (…, 1), by `why.NAME`; `found` are the values of a month, without the worlds."""
    within = found | {"transfer": recorded["transfer"][..., 0]}
    return {f"{REASON}{name}": _array(values) for name, values in _values(within, p)}


def _values(found: Mapping[str, Any], p: Parameters) -> Iterator[tuple[str, Any]]:
    for name in WHOLE:
        yield name, found[name]
    deals = tuple(zip(*(map(COUNTRIES.index, deal) for deal in DEALS), strict=True))
    for name in OF_TIER:
        yield name, np.broadcast_to(found[name][deals], (len(DEALS), len(TIERS)))
    for name in OF_DEAL:
        yield name, found[name][deals]
    for name in ("started.full", "started.ambition", "started.coming"):
        yield name, found[name]
    for name, source in {**OF_OPTIONS, **OF_WORLD}.items():
        yield name, found[source]
    for key in SETTINGS:
        yield f"setting.{key}", p[key]


def _array(values: Any) -> Any:
    """Return symbols or numbers with an axis for the worlds."""
    array = np.empty((*np.shape(values), 1), dtype=object)
    array[..., 0] = values
    return array.view(Symbols)


def groups() -> list[dict[str, Any]]:
    """Return the acts that can be asked about: the act, its countries, and their rows among the options."""
    return [
        {"act": OPTIONS[rows[0]].act, "actors": [OPTIONS[row].actor for row in rows], "rows": list(rows)}
        for rows in GROUPS
    ]

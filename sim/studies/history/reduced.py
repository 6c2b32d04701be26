"""The reduced model: one buyer's need, one seller's stock, the room of the routes; a rival of the six countries.

No country decides anything here: no prices, credit, sanctions, technology, acts, food or oil. Each month t, in krounds:

1. *War*: ln intensity is the autoregression n' = φ n + σ (1 - φ²)^½ z, its mean kept at `war.intensity`. An attack
   (A = 1) begins with the chance `war.attack_begins` and ends with `war.attack_ends`.
2. *Need*: ρ = training + I (base_fire + attack A) + goal_ratio (other_supply + other_growth t + usa_aid I). Ukraine
   fires what it is given.
3. *Output*: plants close the share `growth` of the gap to what is asked, between base output and ceiling: the buyer's
   to ρ, the seller's to its own training and last month's orders.
4. *Spending*: at most output, what arrived last month, and the stock above the reserve over `war.horizon` months.
5. *Gap*: rounds up to the level reserve + target ρ, more for the faulty ones (the order-up-to rule of inventories;
   Arrow, Harris and Marschak 1951, Econometrica 19: 250).
6. *Room*: capacity x season x border x ammunition's share of every open route, over the weight of a round.
7. *Deliveries* = min(gap, room, what depots handle, seller's stock above its reserve). They arrive in their month.

Parameters, ranges and events are those of the scenario, world by world, and so is the chance of the war: the spread is
that of the same inputs. Nothing is fitted to an observation. Limits: no route, no need or no stock, no delivery; with
all else large the gap binds, and in a steady state with room the buyer gets what it lacks, (ρ - output) / sound share.

*Not in it*, beside the above: drones, guns and barrels, the lure of a starved enemy, Chinese inputs, conversion of
plants, contracts, queues and time under way, seizure, other goods on the same trains, odds by which old lots leave.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from sim.analysis.record.readers import DAYS_PER_MONTH
from sim.scenario.names import ROUTES
from sim.scenario.parameters import PARAMETERS
from sim.scenario.units import THOUSAND, WINTER_FROM, WINTER_TO
from sim.scenario.values import Parameters

Array = np.ndarray
LINES = {"khasan": "rail", "rajin": "sea"}
"""Routes between North Korea and Russia."""
assert all(ROUTES[name] == ROUTES["khasan"] for name in LINES)
KEYS = tuple(
    key
    for key in PARAMETERS
    if key.startswith(("war.", "border.", "goods.ammunition.", "RUS.ammunition.", "PRK.ammunition."))
    or key.startswith(tuple(f"routes.{name}." for name in LINES))
)
"""Parameters that may enter; events on others change nothing here."""
SERIES = (
    *("containers_prk_rus_cumulative", "shells_prk_rus_cumulative_million", "sea_voyages_prk_rus_cumulative"),
    *("russian_fire_krounds_day", "russian_stock_million", "russian_production_million_year"),
    *("prk_output_million_year", "prk_utilisation", "dud_or_refurbish_share"),
)
"""Public series that it can predict. It has no oil, food, trade of China, missile tests or other freight."""
TINY = 1e-9


def simulate(p: Parameters, war: Array, regime: Array, calendar: Sequence[int]) -> dict[str, Array]:
    """Return monthly values by name, each (month, world), krounds a month; `stock` is krounds at the end of a month.

    `war`, standard normal, and `regime`, uniform on 0-1, are (month, world); `calendar` is the month of the year of
    each month, 1-12. Leaves `p` at the last month.
    """
    none = np.zeros(p.worlds)
    noise, attacks, border = none, none > 1.0, p["border.start"]
    stock, made = p["RUS.ammunition.stock"], p["RUS.ammunition.production"]
    store, output = p["PRK.ammunition.stock"], p["PRK.ammunition.production"]
    arrived, ordered, months = none, none, []
    for month, of_year in enumerate(calendar):
        p.move_to(month)
        border = border + p["border.rate"] * (p["border.target"] - border)
        noise = p["war.persistence"] * noise + p["war.noise"] * np.sqrt(1.0 - p["war.persistence"] ** 2) * war[month]
        begins, ends = p["war.attack_begins"], p["war.attack_ends"]
        attacks = np.where(attacks, regime[month] >= ends, regime[month] < begins)
        training, own = p["RUS.ammunition.requirement"], p["PRK.ammunition.requirement"]
        need = training + wanted_fire(p, noise, attacks, month)

        made, output = plants(p, "RUS", made, need), plants(p, "PRK", output, own + ordered)
        above = np.maximum(stock - p["RUS.ammunition.reserve"], 0.0)
        spent = np.minimum(np.minimum(need, made + arrived + above / p["war.horizon"]), stock + made)
        stock = stock + made - spent
        sound = 1.0 - p["PRK.ammunition.dud_share"] * p["PRK.ammunition.old_share"]
        gap = np.maximum(p["RUS.ammunition.target"] * need + p["RUS.ammunition.reserve"] - stock, 0.0)
        store = np.maximum(store + output - own, 0.0)
        free = np.maximum(store - p["PRK.ammunition.reserve"], 0.0)
        room = {line: route_room(p, name, border, of_year) for name, line in LINES.items()}
        ordered = np.minimum(gap / np.maximum(sound, TINY), room["rail"] + room["sea"])
        sent = np.minimum(np.minimum(ordered, p["PRK.ammunition.handling"]), free)
        arrived, store = sound * sent, store - sent
        stock = stock + arrived

        by_sea = sent * room["sea"] / np.maximum(room["rail"] + room["sea"], TINY)
        fire = spent * (1.0 - training / np.maximum(need, TINY))
        months.append({"sent": sent, "by_sea": by_sea, "fire": fire, "stock": stock, "made": made, "output": output})
    return {name: np.stack([one[name] for one in months]) for name in months[0]}


def wanted_fire(p: Parameters, noise: Array, attacks: Array, month: int) -> Array:
    """Return the rounds that the buyer wants to fire in a month, krounds (world); none without a war."""
    held = p["war.persistence"] ** (2 * (month + 1))
    variance = p["war.noise"] ** 2 * (1.0 - held)
    intensity = p["war.intensity"] * np.exp(noise - variance / 2.0)
    given = np.maximum(p["war.other_supply"] + p["war.other_growth"] * month, 0.0) + p["war.usa_aid"] * intensity
    fire = intensity * (p["war.base_fire"] + p["war.attack"] * attacks) + p["war.goal_ratio"] * given
    return np.where(intensity > 0.0, fire, 0.0)


def plants(p: Parameters, country: str, output: Array, asked: Array) -> Array:
    """Return the output of a country's plants a month later, krounds (world), between base output and ceiling."""
    base, ceiling, growth = (p[f"{country}.ammunition.{name}"] for name in ("production", "ceiling", "growth"))
    return np.asarray(output + growth * (np.clip(asked, base, np.maximum(ceiling, base)) - output))


def route_room(p: Parameters, name: str, border: Array, of_year: int) -> Array:
    """Return the rounds that a route can carry in a month, krounds (world); none where it is closed."""
    capacity, is_open, winter, share = (
        p[f"routes.{name}.{field}"] for field in ("capacity", "open", "winter", "ammunition_share")
    )
    season = winter if of_year >= WINTER_FROM or of_year <= WINTER_TO else 1.0
    return np.asarray(capacity * is_open * season * border * share * THOUSAND / p["goods.ammunition.weight"])


def series(found: Mapping[str, Array], p: Parameters) -> dict[str, Array]:
    """Return the public series of SERIES from the result of `simulate`, each (month, world), in the unit of the series.

    As in the reading of the model itself, conventions of counting are those of the start.
    """
    start = p.start
    sent = np.cumsum(found["sent"], axis=0)
    duds = start["PRK.ammunition.dud_share"] * start["PRK.ammunition.old_share"]
    by_sea = np.cumsum(found["by_sea"], axis=0) * start["goods.ammunition.weight"] / THOUSAND
    values = (
        sent * THOUSAND / start["goods.ammunition.per_container"],
        sent / THOUSAND,
        by_sea / start["routes.rajin.unit_load"],
        found["fire"] / DAYS_PER_MONTH * start["war.fire_scale"],
        found["stock"] / THOUSAND,
        found["made"] * 12.0 / THOUSAND,
        found["output"] * 12.0 / THOUSAND,
        found["output"] / start["PRK.ammunition.ceiling"],
        np.where(sent > 0.0, duds, np.nan),
    )
    return dict(zip(SERIES, values, strict=True))

"""Laws that hold in every world and month, whatever is assumed: nothing appears or vanishes, accounts mirror each
other, shares stay shares.

Worlds are stepped directly, since the large arrays of a stored result keep only seven digits: here units are counted
to 1e-9 of what passes through.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from small_worlds import SEA, act_in, from_month, scenario, watch

from sim.experiment.design import sample
from sim.results.variables import VARIABLES
from sim.scenario.names import BINDING, COUNTRIES, GOODS, ROUTES
from sim.scenario.option_arrays import ACTOR
from sim.scenario.parameters import PARAMETERS
from sim.scenario.values import route_key

Array = np.ndarray
History = tuple[dict[str, Array], dict[str, Array]]
"""Parameters of the start by key, and everything recorded by name, (month, ..., world)."""
ROUNDING = 1e-9
"""Relative to what is added up."""
AMMUNITION = GOODS.index("ammunition")


def ceasefire() -> History:
    """The table's ranges, ships from Rajin, a summit, aid, and a ceasefire after a year."""
    events = (from_month(12, "war.intensity", 0.0), act_in(5, "summit", "RUS", "PRK"), act_in(6, "aid", "CHN"))
    spec = scenario(SEA, months=24, worlds=32, events=events)
    values = sample(spec, 0, spec.worlds)
    return values, watch(spec, values)


def at_random(seed: int) -> History:
    """Far outside the ranges of the table: every parameter up to four times more or less, switches on or off."""
    spec, generator = scenario(months=24, worlds=32), np.random.default_rng(seed)
    values = {}
    for key, row in PARAMETERS.items():
        spread = row.value * 4.0 ** generator.uniform(-1.0, 1.0, spec.worlds)
        flipped = generator.integers(0, 2, spec.worlds).astype(float)
        values[key] = flipped if row.unit == "switch" else np.clip(spread, row.min, row.max)
    return values, watch(spec, values)


def at_the_edge(bound: str) -> History:
    """As many worlds as there are parameters, each with another one at the least or the most that a user may set."""
    spec = scenario(months=14, worlds=len(PARAMETERS))
    values = {key: np.full(spec.worlds, SEA.get(key, row.value)) for key, row in PARAMETERS.items()}
    for world, (key, row) in enumerate(PARAMETERS.items()):
        values[key][world] = getattr(row, bound) if np.isfinite(getattr(row, bound)) else row.value
    return values, watch(spec, values)


HISTORIES: dict[str, Callable[[], History]] = {
    "a ceasefire after a year": ceasefire,
    "parameters at random": partial(at_random, 1),
    "other parameters at random": partial(at_random, 2),
    "each parameter at its least": partial(at_the_edge, "min"),
    "each parameter at its most": partial(at_the_edge, "max"),
}


@pytest.fixture(scope="module", params=HISTORIES)
def history(request: pytest.FixtureRequest) -> History:
    """One after the other, so that no more than one is in memory."""
    return HISTORIES[request.param]()


@pytest.fixture
def values(history: History) -> dict[str, Array]:
    return history[0]


@pytest.fixture
def seen(history: History) -> dict[str, Array]:
    return history[1]


def by_country_good(values: dict[str, Array], field: str) -> Array:
    return np.stack([np.stack([values[f"{c}.{g}.{field}"] for g in GOODS]) for c in COUNTRIES])


def first_stock(values: dict[str, Array]) -> Array:
    """Ammunition as in the table; food and energy at the reserve and the cover that is wanted."""
    reserve, target, required = (by_country_good(values, name) for name in ("reserve", "target", "requirement"))
    stock = reserve + target * required
    stock[:, AMMUNITION] = np.stack([values[f"{c}.ammunition.stock"] for c in COUNTRIES])
    return stock


def unit_weight(values: dict[str, Array]) -> Array:
    """kt a unit, (good, world): a round of so many kg is a thousand rounds of so many tonnes."""
    rounds = values["goods.ammunition.weight"] / 1000.0
    return np.stack([rounds, np.ones_like(rounds), np.ones_like(rounds)])


def assert_same(a: Array, b: Array, size: Array | float = 0.0) -> None:
    """Equal to 1e-9 of the largest quantity involved."""
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), np.maximum(size, 1.0))
    assert (np.abs(a - b) <= ROUNDING * scale).all(), float((np.abs(a - b) / scale).max())


# ---- Nothing appears or vanishes ------------------------------------------------------------------------------


def test_something_happens(seen: dict[str, Array]) -> None:
    """The laws are tried on worlds in which goods move, are seized, wait, and technology is passed on."""
    for variable in ("shipped", "seized", "in_transit", "queue", "world_imports", "world_exports", "transfer", "lost"):
        assert (seen[variable] > 0.0).any(), variable


def test_every_unit_is_accounted_for(values: dict[str, Array], seen: dict[str, Array]) -> None:
    """Change of stock = made + imported + bought - used - exported - sold - lost, for each country and good."""
    before = np.concatenate([first_stock(values)[None], seen["stock"][:-1]])
    gained = seen["production"] + seen["imports"] + seen["world_imports"]
    gone = seen["consumption"] + seen["exports"] + seen["world_exports"] + seen["lost"]
    assert_same(before + gained, seen["stock"] + gone)


def test_lanes_lose_nothing(seen: dict[str, Array]) -> None:
    """What is shipped arrives, is seized or is still under way."""
    before = np.concatenate([0.0 * seen["in_transit"][:1], seen["in_transit"][:-1]])
    assert_same(seen["shipped"] + before, seen["delivered"] + seen["seized"] + seen["in_transit"])


def test_the_six_together_lose_only_what_is_used_seized_or_faulty(
    values: dict[str, Array], seen: dict[str, Array]
) -> None:
    """From the start to the end, over all countries, stocks and cargoes at sea."""
    start = first_stock(values).sum(axis=0)
    end = seen["stock"][-1].sum(axis=0) + seen["in_transit"][-1].sum(axis=(0, 1))
    gained = (seen["production"] + seen["world_imports"]).sum(axis=(0, 1))
    gone = (seen["consumption"] + seen["world_exports"] + seen["lost"]).sum(axis=(0, 1))
    gone = gone + seen["seized"].sum(axis=(0, 1, 2))
    assert_same(start + gained, end + gone)


def test_imports_and_exports_are_the_sums_of_lanes(seen: dict[str, Array]) -> None:
    assert_same(seen["exports"], seen["shipped"].sum(axis=2))
    assert_same(seen["imports"], seen["delivered"].sum(axis=1))


def test_routes_carry_what_lanes_ship(values: dict[str, Array], seen: dict[str, Array]) -> None:
    """The weight on all routes is the weight of all that is shipped, pair by pair and way by way."""
    weight = seen["shipped"] * unit_weight(values)
    lanes = weight.sum(axis=3)
    by_route = np.zeros_like(lanes)
    for r, (a, b) in enumerate(ROUTES.values()):
        i, j = COUNTRIES.index(a), COUNTRIES.index(b)
        by_route[:, i, j] += seen["route_load"][:, r, 0]
        by_route[:, j, i] += seen["route_load"][:, r, 1]
    assert_same(by_route, lanes)


def test_no_more_is_carried_than_there_is_room_for(values: dict[str, Array], seen: dict[str, Array]) -> None:
    """In each direction, the empties that come back from the other included; nothing on a closed route."""
    load, room = seen["route_load"], seen["route_capacity"][:, :, None]
    empties = np.stack([values[route_key(route, "empty_return")] for route in ROUTES])[:, None]
    assert (load + empties * load[:, :, ::-1] <= room * (1.0 + ROUNDING) + ROUNDING).all()
    assert (load[np.broadcast_to(room == 0.0, load.shape)] == 0.0).all()


def test_the_count_would_notice_a_single_round() -> None:
    """The control: one round in a million that appears from nowhere breaks the law."""
    values, seen = ceasefire()
    test_every_unit_is_accounted_for(values, seen)
    found = {**seen, "stock": seen["stock"].copy()}
    found["stock"][3, COUNTRIES.index("PRK"), AMMUNITION, 0] *= 1.000001
    with pytest.raises(AssertionError):
        test_every_unit_is_accounted_for(values, found)


# ---- Reserves and accounts ------------------------------------------------------------------------------------


def test_reserves_are_never_sold(values: dict[str, Array], seen: dict[str, Array]) -> None:
    """Whoever sells has at least its reserve left: North Korea's shells, and every other country's every good."""
    reserve = by_country_good(values, "reserve")
    sold = seen["exports"] + seen["world_exports"]
    after_sale = seen["stock"] - seen["imports"] + seen["lost"]
    slack = after_sale - reserve
    assert (slack[sold > 0.0] >= -ROUNDING * np.broadcast_to(np.maximum(reserve, 1.0), slack.shape)[sold > 0.0]).all()


def test_accounts_of_a_pair_sum_to_zero(seen: dict[str, Array]) -> None:
    """To the last bit: what j owes i is what i does not own of j."""
    np.testing.assert_array_equal(seen["balance"] + np.swapaxes(seen["balance"], 1, 2), 0.0)
    assert np.abs(seen["balance"]).max() > 1.0


def test_money_is_neither_made_nor_lost(seen: dict[str, Array]) -> None:
    """All accounts together, that of the rest of the world among them, hold in every month what they held before."""
    together = seen["money"].sum(axis=1) + seen["world_money"]
    assert_same(together, np.broadcast_to(together[0], together.shape), np.abs(seen["world_money"]))


def test_both_sides_gain_from_every_deal(seen: dict[str, Array]) -> None:
    assert (seen["gain"] >= -ROUNDING).all()
    assert (seen["gain"] > 0.0).any()


# ---- Bounds ---------------------------------------------------------------------------------------------------

# fmt: off
QUANTITIES = (
    "stock", "production", "consumption", "requirement", "shortage", "imports", "exports", "world_imports",
    "world_exports", "lost", "cover", "marginal_value", "transfer", "ordered", "shipped", "delivered", "seized",
    "in_transit", "queue", "credit_line", "route_capacity", "route_shadow", "route_load", "route_units", "route_queue",
    "route_shipped", "route_delivered", "fire", "ukraine_fire", "fire_ratio", "war_intensity", "tests",
    "shells_delivered", "containers", "oil_delivered", "outside_ammunition",
    "seen", "money", "dollar", "cash", "in_kind", "other_imports", "other_from_world",
)
SHARES = (
    "trust", "dependence", "practical", "symbolic", "threat", "prestige", "isolation", "access", "pressure",
    "want", "score", "route_use", "coordination", "monitoring", "polarisation", "import_share", "probability", "choice",
    "outcome", "cash_share", "other_met",
)
# fmt: on


def test_every_recorded_variable_is_bounded_somewhere_in_this_file() -> None:
    elsewhere = {
        "technology",
        "alignment",
        "price",
        "balance",
        "gain",
        "binding",
        "terms",
        "scheduled",
        "tier_released",
        "world_money",
    }
    of_a_run = {"parameters", "score_unopened"}  # not of a month
    derived = {"route_empties"}  # from recorded ones, when results are labelled
    assert {*QUANTITIES, *SHARES, *elsewhere, *of_a_run, *derived} == set(VARIABLES)


def test_nothing_is_negative(seen: dict[str, Array]) -> None:
    """Stocks, flows, queues, capacities, values."""
    assert [name for name in QUANTITIES if seen[name].min() < 0.0] == []


def test_shares_and_probabilities_stay_within_0_and_1(seen: dict[str, Array]) -> None:
    assert [name for name in SHARES if seen[name].min() < 0.0 or seen[name].max() > 1.0 + ROUNDING] == []


def test_other_bounds(seen: dict[str, Array]) -> None:
    assert 0.0 <= seen["technology"].min() <= seen["technology"].max() <= 100.0
    assert -1.0 <= seen["alignment"].min() <= seen["alignment"].max() <= 1.0
    assert set(np.unique(seen["tier_released"])) <= {0.0, 1.0, 2.0, 3.0, 4.0}
    assert set(np.unique(seen["binding"])) <= set(range(len(BINDING)))
    assert set(np.unique(seen["scheduled"])) <= {0, 1}
    assert (seen["price"][~np.isnan(seen["price"])] >= 0.0).all()
    np.testing.assert_array_equal(np.isnan(seen["price"]), seen["ordered"] == 0.0)


def test_everything_is_finite(seen: dict[str, Array]) -> None:
    """But the price of what is not traded, which is missing."""
    for variable, months in seen.items():
        assert variable == "price" or np.isfinite(months).all(), variable


def test_pairs_are_symmetric_where_they_should_be(seen: dict[str, Array]) -> None:
    for variable in ("alignment", "practical", "symbolic"):
        np.testing.assert_allclose(seen[variable], np.swapaxes(seen[variable], 1, 2), rtol=1e-12, atol=1e-12)


def test_running_sums_never_fall(seen: dict[str, Array]) -> None:
    for variable in ("shells_delivered", "containers", "tier_released"):
        assert (np.diff(seen[variable], axis=0) >= 0.0).all()
    prk, rus = COUNTRIES.index("PRK"), COUNTRIES.index("RUS")
    assert_same(np.cumsum(seen["delivered"][:, prk, rus, AMMUNITION], axis=0), seen["shells_delivered"])


def test_the_giver_of_technology_keeps_it(seen: dict[str, Array]) -> None:
    """Levels never fall: what one passes on, it still has."""
    assert (np.diff(seen["technology"], axis=0) >= 0.0).all()
    assert (seen["transfer"].sum(axis=(0, 2)) > 0.0).any()


def test_what_is_required_is_used_or_lacking(seen: dict[str, Array]) -> None:
    assert_same(seen["consumption"] + seen["shortage"], seen["requirement"])


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_country_that_does_not_decide_takes_part_in_nothing(country: str) -> None:
    events = (act_in(3, "visit", "RUS", "PRK"),)
    seen = watch(scenario({f"{country}.decides": 0.0}, months=6, worlds=16, events=events))
    mine = ACTOR == COUNTRIES.index(country)
    prescribed = seen["scheduled"][..., None] > 0
    assert not ((seen["choice"][:, mine] > 0) & ~prescribed[:, mine]).any()
    assert (seen["choice"][:, ~mine] > 0).any()

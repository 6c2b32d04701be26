"""What North Korea can supply: loading at the depots, scarcity by a planned stock, old and new lots. Each part is seen
to work, and to be gone when it is switched off.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from small_worlds import SEA, Changes, from_month, scenario

from sim.experiment.run import run
from sim.scenario.names import BINDING

Array = np.ndarray
WORLDS, MONTHS, SEED = 64, 36, 2023
"""Fixed beforehand."""
SHELLS = {"country": "PRK", "partner": "RUS", "good": "ammunition"}
OPEN: Changes = SEA | {"routes.rajin.capacity": 500.0, "accounts.credit_line": 1e6, "accounts.debt_share": 1.0}
"""Neither ships nor credit hold back."""
READ = ("ordered", "binding", "marginal_value", "stock", "delivered", "lost")


@cache
def _lane(changes: tuple[tuple[str, float], ...]) -> dict[str, Array]:
    ds = run(scenario(dict(changes), months=MONTHS, worlds=WORLDS, seed=SEED), variables=READ)
    lane = {name: ds[name].sel({key: SHELLS[key] for key in SHELLS if key in ds[name].dims}).values for name in READ}
    lost = ds["lost"].sel(country="RUS", good="ammunition").values
    return lane | {"duds": lost / np.maximum(lane["delivered"], 1e-9)}


def series(name: str, changes: Changes) -> Array:
    """(month, world) of the shells from North Korea to Russia."""
    return _lane(tuple(sorted(changes.items())))[name]


# ---- Loading at the depots ------------------------------------------------------------------------------------


def test_no_more_leaves_than_the_depots_can_load() -> None:
    """And it is said of the months in which this is what binds."""
    slow, fast = ({**OPEN, "PRK.ammunition.handling": krounds} for krounds in (200.0, 1e6))
    assert series("ordered", slow).max() <= 200.0 + 1e-9
    bound = series("binding", slow) == BINDING.index("handling")
    assert bound.any()
    assert (series("ordered", slow)[bound] > 0.0).all()
    assert series("ordered", fast)[:3].mean() > 2.0 * 200.0
    assert not (series("binding", fast) == BINDING.index("handling")).any()


def test_the_stock_does_not_set_the_pace_while_there_is_enough_of_it() -> None:
    """Not a share of the stock: half as much again in store changes nothing that is loaded in the first month."""
    bound = {**OPEN, "PRK.ammunition.handling": 200.0, "goods.ammunition.contract": 1.0}
    first, more = (series("ordered", {**bound, "PRK.ammunition.stock": stock})[0] for stock in (8000.0, 12000.0))
    both = np.minimum(first, more) >= 200.0 - 1e-9
    assert both.mean() > 0.9
    few = {**bound, "PRK.ammunition.stock": 600.0, "PRK.ammunition.reserve": 500.0}
    assert series("ordered", few)[0].max() < 200.0, "the control: a store that is nearly empty"


# ---- Scarcity -------------------------------------------------------------------------------------------------


def test_a_round_gets_dearer_as_the_stock_falls_towards_the_plan() -> None:
    """Without a plan the stock is many times what peace asks for, and a round is worth the floor throughout."""
    steady = {**OPEN, "PRK.ammunition.handling": 150.0, "PRK.ammunition.stock": 8000.0, "PRK.ammunition.ceiling": 60.0}
    alone = {"goods.ammunition.pledge_relief": 0.0, "goods.ammunition.elasticity": 0.8}
    planned = steady | alone | {"PRK.ammunition.plan": 6.0, "PRK.ammunition.wartime": 550.0}
    worth, stock = series("marginal_value", planned), series("stock", planned)
    fell = stock[-1] < 0.8 * stock[0]
    assert fell.mean() > 0.5
    assert (worth[-1] > 1.1 * worth[0])[fell].all()
    none = series("marginal_value", {**steady, "PRK.ammunition.plan": 0.0})
    np.testing.assert_allclose(none, np.broadcast_to(none[0], none.shape), rtol=1e-6)


def test_an_ally_makes_a_round_cheaper() -> None:
    """China's pledge stands from the start: who trusts in it asks for less. Without a plan it changes nothing."""
    for months, least in ((6.0, 0.02), (0.0, 0.0)):
        changes = {**OPEN, "PRK.ammunition.plan": months, "goods.ammunition.elasticity": 0.8}
        alone, allied = (
            series("marginal_value", {**changes, "goods.ammunition.pledge_relief": relief})[0] for relief in (0.0, 0.5)
        )
        assert (alone - allied).mean() > least if least else np.array_equal(alone, allied)


def test_a_plan_keeps_more_in_store() -> None:
    long, none = (series("stock", {**OPEN, "PRK.ammunition.plan": months})[-1] for months in (8.0, 0.0))
    assert (long - none).mean() > 100.0


# ---- Old and new lots -----------------------------------------------------------------------------------------


def steepest_fall(duds: Array) -> Array:
    """Largest fall of the share of duds from one quarter to the next."""
    quarters = duds.reshape(MONTHS // 3, 3, WORLDS).mean(axis=1)
    return -np.diff(quarters, axis=0).min(axis=0)


def test_quality_improves_without_a_jump() -> None:
    """With the old lots strictly first it falls from all to nothing within two quarters once they are gone."""
    small = {**OPEN, "PRK.ammunition.stock": 5000.0, "PRK.ammunition.old_share": 0.8}
    mixed = series("duds", small)
    strict = series("duds", {**small, "PRK.ammunition.old_first": 1e6, "PRK.ammunition.refurbished": 0.0})
    assert (mixed[3] - mixed[-1]).mean() > 0.1
    assert np.median(steepest_fall(mixed)) < 0.5 * np.median(steepest_fall(strict))


def test_refurbishing_makes_fewer_duds() -> None:
    none, many = (series("duds", {**OPEN, "PRK.ammunition.refurbished": rate}).mean() for rate in (0.0, 60.0))
    assert many < none - 0.05
    sound = series("duds", {**OPEN, "PRK.ammunition.dud_share": 0.0})
    assert not sound.any(), "the control: old lots that are as good as new"


# ---- Contracts ------------------------------------------------------------------------------------------------


def test_contracts_start_and_end_by_degrees() -> None:
    """From the second month on more is ordered than in the first; without contracts the first month is the largest.

    Nothing was agreed before the first month.
    """
    new = OPEN | {"PRK.ammunition.agreed": 0.0}
    long, spot = (series("ordered", new | {"goods.ammunition.contract": length}) for length in (4.0, 1.0))
    assert (long[3] > 1.2 * long[0]).mean() > 0.9
    assert (spot[3] <= 1.2 * spot[0]).mean() > 0.9


def after_the_war(length: float) -> Array:
    """Orders from the month of a ceasefire on, as share of those before, without a plan for another war."""
    changes = {**OPEN, "goods.ammunition.contract": length, "RUS.ammunition.plan": 0.0}
    peace = (from_month(12, "war.intensity", 0.0),)
    ds = run(scenario(changes, months=16, worlds=WORLDS, seed=SEED, events=peace), variables=("ordered",))
    ordered = ds["ordered"].sel(SHELLS).values.mean(axis=1)
    share: Array = ordered[12:] / ordered[11]
    return share


def test_where_need_ends_a_contract_is_broken() -> None:
    """At peace and with a full store the first round brings no gain: nothing more comes, contract or not."""
    assert (after_the_war(4.0) < 0.05).all()
    assert (after_the_war(1.0) < 0.05).all()


def test_a_broken_contract_costs_trust() -> None:
    """Of worlds that differ in the length of contracts alone; where nothing runs on there is nothing to break."""

    def fall(length: float) -> float:
        changes = {**OPEN, "goods.ammunition.contract": length, "RUS.ammunition.plan": 0.0, "trust.failure": 3.0}
        peace = (from_month(12, "war.intensity", 0.0),)
        ds = run(scenario(changes, months=14, worlds=WORLDS, seed=SEED, events=peace), variables=("trust",))
        trust = ds["trust"].sel(country="PRK", partner="RUS").values.mean(axis=1)
        return float(trust[11] - trust[12])

    assert fall(4.0) > 0.01
    assert fall(4.0) > 3.0 * abs(fall(1.0))


# ---- Rail beside ships ----------------------------------------------------------------------------------------


def by_rail(changes: Changes) -> Array:
    """Share of what leaves North Korea for Russia that goes by rail, in the first year, by world."""
    ds = run(scenario({**SEA, **changes}, months=12, worlds=WORLDS, seed=SEED), variables=("route_load",))
    load = {route: ds["route_load"].sel(route=route).values[:, 1].sum(axis=0) for route in ("khasan", "rajin")}
    share: Array = load["khasan"] / np.maximum(load["khasan"] + load["rajin"], 1e-9)
    return share


def test_trains_run_while_ships_sail() -> None:
    """By the record of February 2024 ships had carried three quarters or more; the control: no room on the railway."""
    share = by_rail({})
    assert 0.1 < share.mean() < 0.5
    assert not by_rail({"routes.khasan.open": 0.0}).any()


def test_what_ships_risk_turns_cargo_to_rail() -> None:
    watched, free = (by_rail({"routes.rajin.exposure": exposure}).mean() for exposure in (0.4, 0.0))
    assert watched > free + 0.05
    blunt = [
        by_rail({"routes.choice": 100.0, "routes.rajin.exposure": exposure, "sanctions.enforcement": 0.3}).mean()
        for exposure in (0.4, 0.0)
    ]
    assert abs(blunt[0] - blunt[1]) < 0.05, "the control: who does not look at the risk"


# ---- Slow capital ---------------------------------------------------------------------------------------------


def rail_capacity(changes: Changes, trade_ends: int) -> float:
    """Capacity of the railway after three years against the table, in a month without winter; trade ends in a month."""
    events = (from_month(trade_ends, "pairs.RUS-PRK.openness", 0.0),)
    spec = scenario({"routes.khasan.capacity": 15.0, "border.start": 1.0, **changes}, worlds=WORLDS, seed=SEED)
    ds = run(replace(spec, months=MONTHS, events=events), variables=("route_capacity",))
    return float((ds["route_capacity"].sel(route="khasan").values[-4] / 15.0).mean())


def test_what_was_built_outlasts_the_trade() -> None:
    """Two years of trade leave more behind than half a year, and none was built where nobody builds."""
    assert rail_capacity({}, 24) > rail_capacity({}, 6) + 0.05 > 1.05
    assert rail_capacity({"routes.build_rate": 0.0}, 24) == pytest.approx(1.0)

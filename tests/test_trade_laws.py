"""Laws of trade between orders, routes and dependence: what takes a route's room and what does not, and how much
dependence on a partner weighs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from small_worlds import SEA, scenario, world_of

import sim
from sim.experiment.run import run
from sim.model import bargain
from sim.model.world import World
from sim.scenario.names import AMMUNITION, CHN, COUNTRIES, ENERGY, FOOD, PRK, ROUTES, RUS, USA
from sim.scenario.parameters import PARAMETERS

Array = np.ndarray
Disturb = Callable[[World], None]
WORLDS, SEED = 64, 2023
"""Fixed beforehand."""
KHASAN = list(ROUTES).index("khasan")


# ---- Room on a route ------------------------------------------------------------------------------------------


def terms(changes: dict[str, float], monkeypatch: pytest.MonkeyPatch, disturb: Disturb = lambda world: None) -> dict:
    """What the first month's bargain is given, after `disturb` has changed what is under way."""
    given: dict[str, Array] = {}
    agree = bargain.bargain

    def listen(**asked: Array) -> bargain.Deals:
        given.update(asked)
        return agree(**asked)

    world = world_of(scenario(SEA | changes, worlds=8))
    for step in (world.drive, world.produce_and_consume, world.appraise, world.act):
        step()
    disturb(world)
    with monkeypatch.context() as patch:
        patch.setattr(bargain, "bargain", listen)
        world.bargain()
    world.close()
    return given


def shells_waiting(world: World) -> None:
    world.state.queue[PRK, RUS, AMMUNITION] = 50.0


def others_waiting(world: World) -> None:
    """Food for another pair, oil that comes the other way, and shells of somebody else."""
    world.state.queue[CHN, PRK, FOOD] = 500.0
    world.state.queue[RUS, PRK, ENERGY] = 500.0
    world.state.queue[USA, RUS, AMMUNITION] = 500.0


def shells_travelling(world: World) -> None:
    """What left a month ago stands in nobody's way."""
    world.state.transit[KHASAN, 1, AMMUNITION] = 5.0
    world.state.in_transit[PRK, RUS, AMMUNITION] = 5.0 / 0.046


def test_bought_outside_takes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the last bit, while what Russia has on order grows by all that it buys."""
    none, much = (terms({"outside.capacity": krounds}, monkeypatch) for krounds in (0.0, 300.0))
    np.testing.assert_array_equal(none["room"], much["room"])
    assert ((much["on_order"] - none["on_order"])[RUS, AMMUNITION] > 250.0).all()


@pytest.mark.parametrize("disturb", [others_waiting, shells_travelling])
def test_room_for_shells_is_taken_by_waiting_shells_alone(disturb: Disturb, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = terms({}, monkeypatch)["room"], terms({}, monkeypatch, disturb)["room"]
    np.testing.assert_array_equal(before[PRK, RUS, AMMUNITION], after[PRK, RUS, AMMUNITION])


def test_waiting_shells_do_take_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: 50 krounds at the border, 50 krounds less room."""
    before, after = terms({}, monkeypatch)["room"], terms({}, monkeypatch, shells_waiting)["room"]
    np.testing.assert_allclose((before - after)[PRK, RUS, AMMUNITION], 50.0, rtol=1e-9)


def test_all_that_travels_is_on_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the other side: it lowers what the buyer still lacks."""
    before, after = terms({}, monkeypatch)["on_order"], terms({}, monkeypatch, shells_travelling)["on_order"]
    coming = (after - before)[RUS, AMMUNITION] / (5.0 / 0.046)
    assert (coming > 0.3).all(), "those of them that work"
    assert (coming <= 1.0).all()


def test_shells_leave_on_an_empty_narrow_railway() -> None:
    """The article's world with a quarter of the railway and no sanctions, so that Russia can buy outside what a month's
    trains could not carry: where it still wants North Korean shells, they leave.
    """
    spec = sim.load("article", set=["routes.khasan.capacity=10", "sanctions.pressure=0"], worlds=WORLDS, seed=SEED)
    ds = run(spec)
    shells = {"country": "PRK", "partner": "RUS", "good": "ammunition"}
    ordered, shipped = (ds[name].sel(shells).values for name in ("ordered", "shipped"))
    assert (ordered.sum(axis=0) > 0.0).all()
    assert (shipped.sum(axis=0) > 0.0).all()
    room = ds["route_capacity"].sel(route="khasan").values
    assert (shipped * 0.046 <= room + 1e-6).all()
    outside = ds["outside_ammunition"].values
    assert ((shipped > 0.0) & (outside > 0.0)).any(), "both at once"


# ---- Dependence -----------------------------------------------------------------------------------------------


def test_largest_partners_at_the_start() -> None:
    """As the trade figures of 2023 have it, and not as the modelled goods alone would."""
    world = world_of(scenario(worlds=1))
    share = world.state.dependence[..., 0]
    world.close()
    largest = {code: COUNTRIES[int(share[n].argmax())] for n, code in enumerate(COUNTRIES)}
    assert largest["RUS"] == largest["PRK"] == "CHN"
    assert largest["USA"] != "KOR"
    assert share[RUS, PRK] < 0.01
    assert (share.sum(axis=1) < 1.0).all()


def test_the_start_is_the_share_of_all_imports() -> None:
    """North Korea: 1.7 of 1.75 bn USD from China."""
    world = world_of(scenario(worlds=1))
    assert world.state.dependence[PRK, CHN, 0] == pytest.approx(1.7 / 1.75)
    world.close()
    assert PARAMETERS["PRK.imports.CHN"].value == 1.7


def test_dependence_moves_deliveries_of_shells_by_less_than_a_hundredth() -> None:
    """Russia buys 285 bn USD a year; shells for a billion or two make it little more dependent on North Korea. Credit
    is ample: what pays for the shells has its own wedge, and would be measured too.
    """
    ample = {"accounts.credit_line": 1e6, "accounts.debt_share": 1.0}

    def delivered(changes: dict[str, float]) -> float:
        ds = run(scenario(ample | changes, months=36, worlds=WORLDS, seed=SEED))
        return float(ds["shells_delivered"].values[-1].mean())

    usual, none = delivered({}), delivered({"autonomy.trade": 0.0})
    assert usual > 100.0
    assert abs(none / usual - 1.0) < 0.01

"""Whole months of the model against `oracle/trade.py`: the pieces are also put together in the right order.

A world is stepped as usual. Around each step the reference is given the same state and parameters of one of its worlds
and works the step out pair by pair; what the model makes of it must be the same to 1e-9.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from oracle import trade as plain
from oracle.equations import ROUTES
from small_worlds import SEA, act_in, from_month, scenario, world_of

from sim.model.offers import CLOSED_COST
from sim.model.world import World
from sim.scenario.options import ROWS

Array = np.ndarray
CHECKED = (0, 3, 5)
"""Worlds that are worked out by hand each month."""
SITUATIONS = {
    "as it happened": (SEA, ()),
    "rail only": ({}, ()),
    "hunger, treaty and warning": (
        {**SEA, "PRK.food.harvest": 0.6, "accounts.credit_line": 300.0},
        (act_in(2, "treaty", "RUS", "PRK"), act_in(3, "red_line", "KOR"), from_month(8, "war.intensity", 0.0)),
    ),
}
# fmt: off
STATE = (
    "stock", "rate", "ration", "foreign_orders", "test_rounds", "harvest", "ukraine_fire", "intensity", "helping",
    "pressure", "border", "norm", "monitoring", "requirement", "production", "consumption", "shortage", "target",
    "cover", "value", "access", "balance", "credit", "trust", "alignment", "pledge", "queue", "transit",
    "technology", "threat", "warned", "old", "supplied", "dependence", "world_imports", "hardship", "repaid",
    "coordination", "west_exercises", "east_exercises", "test_memory", "new_technology", "arms",
)
APPRAISED = (
    "access", "cover", "value", "credit", "threat", "coordination", "west_exercises", "east_exercises", "test_memory",
    "new_technology",
)
OFFERED = (
    "value", "reservation", "cost", "demand", "slope_buyer", "slope_seller", "arrives", "works", "weight", "arrears",
)
# fmt: on


def snapshot(world: World, k: int) -> SimpleNamespace:
    """The state of one world as plain numbers."""
    state = SimpleNamespace(**{name: getattr(world.state, name)[..., k].tolist() for name in STATE})
    state.price = world.state.price_under_way[..., k].tolist()
    state.calendar_month = world.calendar[world.month]
    start = world.parameters.start_by_pair
    state.start_trust, state.start_alignment = (start[f][..., k].tolist() for f in ("trust", "alignment"))
    return state


class Comparison:
    """Collects what differs, so that one difference does not hide the others."""

    def __init__(self) -> None:
        self.worst: dict[str, tuple[float, str]] = {}
        self.count = 0

    def same(self, name: str, where: str, got: Array, expected: list | Array, *, pairs: bool = False) -> None:
        """Relative difference at most 1e-9; `pairs` leaves out each country's lane to itself."""
        expected_array = np.asarray(expected, dtype=float)
        got = np.broadcast_to(got, expected_array.shape)
        gap = np.abs(got - expected_array) / np.maximum(np.abs(expected_array), 1.0)
        if pairs:
            gap[np.arange(len(gap)), np.arange(len(gap))] = 0.0
        self.count += 1
        place = np.unravel_index(gap.argmax(), gap.shape)
        if gap[place] > max(1e-9, self.worst.get(name, (0.0, ""))[0]):
            index = tuple(int(x) for x in place)
            text = f"{where}, index {index}: model {got[place]:.12g}, by hand {expected_array[place]:.12g}"
            self.worst[name] = float(gap[place]), text

    def __str__(self) -> str:
        return "\n".join(f"{name}: off by {gap:.2g}; {text}" for name, (gap, text) in self.worst.items())


def months_by_hand(name: str) -> Comparison:
    """Step the model and the reference side by side for a year."""
    changes, events = SITUATIONS[name]
    spec = scenario(changes, months=13, worlds=8, events=events)
    world, result = world_of(spec), Comparison()
    while world.month < spec.months:
        _one_month(world, result)
        world.month += 1
    world.close()
    return result


def _one_month(world: World, result: Comparison) -> None:
    """The steps that the reference knows, each before and after."""
    p = [lambda key, k=k: float(world.parameters[key][k]) for k in CHECKED]
    at = [f"month {world.month}, world {k}" for k in CHECKED]

    def states() -> list[SimpleNamespace]:
        return [snapshot(world, k) for k in CHECKED]

    world.drive()
    before = states()
    world.produce_and_consume()
    used = [plain.use(s, look) for s, look in zip(before, p, strict=True)]
    for n, k in enumerate(CHECKED):
        for field in ("requirement", "production", "consumption", "shortage", "stock", "target", "hardship"):
            result.same(field, at[n], getattr(world.state, field)[..., k], getattr(used[n], field))

    after_use = states()
    world.appraise()
    for n, k in enumerate(CHECKED):
        hand = plain.appraise(after_use[n], p[n])
        for field in APPRAISED:
            result.same(
                field, at[n], getattr(world.state, field)[..., k], getattr(hand, field), pairs=field == "credit"
            )

    offers = [plain.offers(s, look) for s, look in zip(states(), p, strict=True)]
    model = world.offers
    for n, k in enumerate(CHECKED):
        lanes = {"slope_buyer": "beta", "slope_seller": "sigma"}
        for field in OFFERED:
            hand = getattr(offers[n], lanes.get(field, field))
            got = getattr(model, field)[..., k]
            if field == "demand":  # without a route there is no price at which anything could be wanted
                closed = np.asarray(offers[n].cost) >= CLOSED_COST
                got, hand = np.where(closed, 0.0, got), np.where(closed, 0.0, hand)
            result.same(f"offer {field}", at[n], got, hand, pairs=True)
        result.same("seized share", at[n], model.seized[:, k], list(offers[n].seized.values()))
        result.same("room", at[n], model.capacity[:, k], list(offers[n].room.values()))

    before_acts = states()
    world.act()
    agreed_from = states()
    for n, k in enumerate(CHECKED):
        hand = plain.give(before_acts[n], p[n], bool(world.decisions.happens[ROWS["aid"]][0, k]))
        result.same("queue with gifts", at[n], world.state.queue[..., k], hand.queue)
        result.same("price with gifts", at[n], world.state.price_under_way[..., k], hand.price)
    world.bargain()
    hands = [plain.bargain(s, o, look) for s, o, look in zip(agreed_from, offers, p, strict=True)]
    markets = [plain.rest_of_world(s, o, look) for s, o, look in zip(agreed_from, offers, p, strict=True)]
    for n, k in enumerate(CHECKED):
        for field in ("volume", "price", "gain_seller", "gain_buyer", "wanted"):
            hand = [[[getattr(d, field) for d in goods] for goods in row] for row in hands[n].deals]
            result.same(f"deal {field}", at[n], getattr(world.deals, field)[..., k], hand, pairs=True)
        for field in ("points", "payment"):
            hand = [[[getattr(gift, field) for gift in tiers] for tiers in row] for row in hands[n].gifts]
            result.same(f"technology {field}", at[n], getattr(world.transfers, field)[..., k], hand, pairs=True)
        result.same("price under way", at[n], world.state.price_under_way[..., k], hands[n].price)
        result.same("orders", at[n], world.state.queue[..., k], hands[n].queue)
        result.same("orders from abroad", at[n], world.state.foreign_orders[..., k], hands[n].foreign_orders)
        levels = plain.levels_after(agreed_from[n], hands[n].gifts, p[n])
        result.same("technology", at[n], world.state.technology[..., k], levels)
        for field in ("world_imports", "world_exports", "stock"):
            result.same(field, at[n], getattr(world.state, field)[..., k], getattr(markets[n], field))

    before_ship = states()
    luck = world.draws["interdiction"][world.month, 0]
    world.ship()
    flows = [plain.ship(before_ship[n], offers[n], p[n], [float(luck[k])] * len(ROUTES)) for n, k in enumerate(CHECKED)]
    for n, k in enumerate(CHECKED):
        load = [[sum(goods) for goods in ways] for ways in flows[n].carried]
        result.same("route load", at[n], world.shipment.load[..., k], load)
        for field in ("shipped", "seized", "delivered", "shadow"):
            result.same(field, at[n], getattr(world.shipment, field)[..., k], getattr(flows[n], field))
        for field in ("transit", "queue"):
            result.same(field, at[n], getattr(world.state, field)[..., k], getattr(flows[n], field))

    before_settle = states()
    world.settle()
    for n, k in enumerate(CHECKED):
        hand = plain.settle(before_settle[n], flows[n], hands[n].gifts, p[n])
        for field in ("balance", "repaid", "trust", "alignment", "dependence"):
            result.same(field, at[n], getattr(world.state, field)[..., k], getattr(hand, field), pairs=True)
        for field in ("arms", "new_technology", "norm"):
            result.same(field, at[n], getattr(world.state, field)[..., k], getattr(hand, field))


@pytest.mark.parametrize("name", SITUATIONS)
def test_months_agree(name: str) -> None:
    result = months_by_hand(name)
    assert result.count > 1000
    assert not result.worst, f"\n{result}"

"""Whole months of the model against `oracle/trade.py`: the pieces are also put together in the right order.

A world is stepped as usual. Around each step the reference is given the same state and parameters of one of its worlds
and works the step out pair by pair; what the model makes of it must be the same to 1e-9.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest
from oracle import trade as plain
from oracle.equations import ROUTES
from small_worlds import SEA, act_in, from_month, scenario, theories, world_of

from sim.model.offers import CLOSED_COST
from sim.model.world import World
from sim.scenario.options import ROWS

Array = np.ndarray
CHECKED = (0, 3)
"""Worlds that are worked out by hand each month."""
SIZE = {"months": 13, "worlds": 8}
SITUATIONS = {
    "as it happened": scenario(SEA, **SIZE),
    "rail only": scenario(**SIZE),
    "hunger, treaty and warning": scenario(
        {**SEA, "PRK.food.harvest": 0.6, "accounts.credit_line": 300.0},
        **SIZE,
        events=(
            act_in(2, "treaty", "RUS", "PRK"),
            act_in(3, "red_line", "KOR"),
            from_month(8, "war.intensity", 0.0),
            from_month(9, "PRK.food.requirement", 420.0),
        ),
    ),
    "restrictions": scenario(
        SEA,
        **SIZE,
        events=(
            from_month(1, "restrictions.all.PRK.food", -0.6),
            from_month(2, "restrictions.CHN.PRK.energy", 0.5),
            from_month(2, "restrictions.JPN.PRK.all", -0.7),
            from_month(3, "restrictions.UN.PRK.energy", -0.5),
            from_month(3, "restrictions.UN.PRK.food", 0.4),
            from_month(4, "restrictions.CHN.RUS.all", 0.3),
            from_month(4, "restrictions.RUS.PRK.technology", 0.5),
            from_month(5, "restrictions.all.RUS.energy", -1.0),
            from_month(6, "restrictions.RUS.PRK.ammunition", 1.0),
            from_month(7, "restrictions.PRK.CHN.all", 1.0),
            from_month(9, "restrictions.USA.RUS.ammunition", -0.5),
            from_month(2, "pairs.RUS-PRK.least_in_cash", 0.6),
            from_month(4, "pairs.RUS-CHN.least_in_goods", 0.7),
            from_month(6, "pairs.PRK-CHN.least_in_goods", 0.4),
            from_month(8, "pairs.PRK-CHN.least_in_cash", 0.9),
        ),
    ),
    # the worlds that are checked are one of allies and one of patrons
    "rival theories": theories(
        {"patronage.restraint": 0.37, "RUS.patronage": 0.43, "CHN.patronage": 0.87, "technology.hazard": 0.25},
        **SIZE,
        events=(
            act_in(2, "treaty", "RUS", "PRK"),
            act_in(4, "oil_beyond_cap", "RUS"),
            from_month(6, "sanctions.pressure", 0.9),
            from_month(7, "war.intensity", 0.4),
            from_month(9, "alliance.gift", 0.9),
            from_month(10, "routes.khasan.open", 0.0),
            from_month(10, "routes.rajin.open", 0.0),
        ),
    ),
}
# fmt: off
STATE = (
    "stock", "rate", "ration", "foreign_orders", "test_rounds", "harvest", "ukraine_fire", "intensity", "helping",
    "attacking", "substitutes", "guns", "secondary", "inputs", "converted", "imports", "lost",
    "pressure", "border", "norm", "monitoring", "requirement", "production", "consumption", "shortage",
    "target_stock",
    "cover", "value", "access", "balance", "credit", "line", "trust", "alignment", "pledge", "queue", "transit",
    "contract", "broken", "built",
    "technology", "threat", "warned", "old", "supplied", "dependence", "world_imports", "hardship", "repaid", "want",
    "projects", "project_price", "project_due",
    "coordination", "west_exercises", "east_exercises", "test_memory", "new_technology", "arms", "money", "world_money",
    "other_stock", "other_met", "other_imports", "dollar", "value_delivered", "cash_share", "channel", "oil_free",
    "lent", "in_kind_most", "gain", "realised", "kept", "failed", "food_inflow",
)
APPRAISED = (
    "access", "cover", "value", "credit", "line", "threat", "coordination", "west_exercises", "east_exercises",
    "test_memory", "new_technology", "seen", "dollar",
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
    start = {"trust": world.state.usual_trust, "alignment": world.state.usual_alignment}
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


class Month:
    """The steps that the oracle knows, each before and after."""

    def __init__(self, world: World, result: Comparison) -> None:
        self.world, self.result = world, result
        self.p = [lambda key, k=k: float(world.parameters[key][k]) for k in CHECKED]

    def states(self) -> list[SimpleNamespace]:
        return [snapshot(self.world, k) for k in CHECKED]

    def same(self, name: str, n: int, got: Array, hand: list, *, pairs: bool = False) -> None:
        """Compare what the model has, (..., worlds), with what was worked out for the n-th world."""
        where = f"month {self.world.month}, world {CHECKED[n]}"
        self.result.same(name, where, got[..., CHECKED[n]], hand, pairs=pairs)

    def same_state(self, names: Sequence[str], n: int, hand: SimpleNamespace, *, pairs: Sequence[str] = ()) -> None:
        for name in names:
            self.same(name, n, getattr(self.world.state, name), getattr(hand, name), pairs=name in pairs)

    def run(self) -> None:
        self.world.drive()
        self.use()
        self.appraise()
        self.offers = [plain.offers(s, look) for s, look in zip(self.states(), self.p, strict=True)]
        self.compare_offers()
        self.act()
        self.bargain()
        self.ship()
        self.settle()

    def use(self) -> None:
        before = self.states()
        self.world.produce_and_consume()
        names = ("requirement", "production", "consumption", "shortage", "stock", "target_stock", "hardship", "want")
        for n, (s, look) in enumerate(zip(before, self.p, strict=True)):
            self.same_state(names, n, plain.use(s, look))
            self.same_state(("other_stock", "other_met"), n, plain.use_other_imports(s, look))

    def appraise(self) -> None:
        before = self.states()
        self.world.appraise()
        for n, (s, look) in enumerate(zip(before, self.p, strict=True)):
            self.same_state(APPRAISED, n, plain.appraise(s, look), pairs=("credit", "line"))

    def compare_offers(self) -> None:
        model, ours = self.world.offers, {"slope_buyer": "beta", "slope_seller": "sigma"}
        for n, hand in enumerate(self.offers):
            # without a route there is no price at which anything could be wanted
            closed = np.asarray(hand.cost) >= CLOSED_COST
            for field in OFFERED:
                got, expected = getattr(model, field), getattr(hand, ours.get(field, field))
                if field == "demand":
                    got, expected = np.where(closed[..., None], 0.0, got), np.where(closed, 0.0, expected)
                self.same(f"offer {field}", n, got, expected, pairs=True)
            self.same("seized share", n, model.seized, list(hand.seized.values()))
            self.same("room", n, model.capacity, list(hand.room.values()))

    def act(self) -> None:
        before = self.states()
        self.world.act()
        helps = self.world.decisions.happens[ROWS["aid"]][0]
        for n, (s, o, look, after) in enumerate(zip(before, self.offers, self.p, self.states(), strict=True)):
            hand = plain.give(s, o, look, bool(helps[CHECKED[n]]), after)
            self.same("queue with gifts", n, self.world.state.queue, hand.queue)
            self.same("price with gifts", n, self.world.state.price_under_way, hand.price)

    def bargain(self) -> None:
        before, state = self.states(), self.world.state
        self.world.bargain()
        drawn = self.world.draws["projects"][self.world.month]
        draws = [[float(u) for u in drawn[:, k]] for k in CHECKED]
        self.agreed = [plain.bargain(*given) for given in zip(before, self.offers, self.p, draws, strict=True)]
        for n, hand in enumerate(self.agreed):
            for field in ("volume", "price", "gain_seller", "gain_buyer", "wanted"):
                expected = [[[getattr(deal, field) for deal in goods] for goods in row] for row in hand.deals]
                self.same(f"deal {field}", n, getattr(self.world.deals, field), expected, pairs=True)
            for field in ("points", "payment"):
                expected = [[[getattr(gift, field) for gift in tiers] for tiers in row] for row in hand.gifts]
                self.same(f"technology {field}", n, getattr(self.world.transfers, field), expected, pairs=True)
            self.same("gain", n, state.gain, hand.gain, pairs=True)
            self.same("price under way", n, state.price_under_way, hand.price)
            self.same("orders", n, state.queue, hand.queue)
            self.same_state(("contract", "broken"), n, hand, pairs=("broken",))
            self.same("orders from abroad", n, state.foreign_orders, hand.foreign_orders)
            self.same_state(("technology", "projects", "project_price", "project_due"), n, hand)
            market = plain.rest_of_world(before[n], self.p[n])
            names = ("world_imports", "world_exports", "stock", "money", "world_money", "other_stock", "other_imports")
            self.same_state(names, n, market)
            self.same("share of cash", n, state.cash_share, hand.cash_share, pairs=True)

    def ship(self) -> None:
        before, luck = self.states(), self.world.draws["interdiction"][self.world.month, 0]
        self.world.ship()
        lucks = [[float(luck[k])] * len(ROUTES) for k in CHECKED]
        self.flows = [plain.ship(*given) for given in zip(before, self.offers, self.p, lucks, strict=True)]
        for n, hand in enumerate(self.flows):
            self.same("route load", n, self.world.shipment.load, hand.carried)
            self.same("arrived by route", n, self.world.shipment.arrived, hand.arrived)
            for field in ("shipped", "seized", "delivered", "shadow"):
                self.same(field, n, getattr(self.world.shipment, field), getattr(hand, field))
            self.same_state(("transit", "queue", "built"), n, hand)

    def settle(self) -> None:
        before, lanes = (
            self.states(),
            ("balance", "cash", "in_kind", "repaid", "trust", "alignment", "dependence", "realised", "kept", "failed"),
        )
        self.world.settle()
        for n, s in enumerate(before):
            hand = plain.settle(s, self.flows[n], self.agreed[n].gifts, self.p[n])
            self.same_state((*lanes, "arms", "new_technology", "norm", "money", "food_inflow"), n, hand, pairs=lanes)


def months_by_hand(name: str) -> Comparison:
    """Step the model and the reference side by side for a year."""
    spec = SITUATIONS[name]
    world, result = world_of(spec), Comparison()
    while world.month < spec.months:
        Month(world, result).run()
        world.month += 1
    world.close()
    return result


@pytest.mark.parametrize("name", SITUATIONS)
def test_months_agree(name: str) -> None:
    result = months_by_hand(name)
    assert result.count > 1000
    assert not result.worst, f"\n{result}"

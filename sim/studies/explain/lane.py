"""What went from one country to another: one lane of a world, and the ledgers of what limited it."""

from collections import Counter

import numpy as np

from sim.analysis.ledger import LEAST, NOTHING, SUM, Ledger, Part
from sim.results.witness import Witness
from sim.scenario.names import BINDING, COUNTRIES, GOODS
from sim.studies.explain.words import GOOD_UNITS, name, say, tell

COSTS = ("transport", "friction", "norm", "autonomy", "arming", "rival", "committed")
"""Parts of the cost of a unit."""
CLOSED_FROM = 1e8
"""A cost above this, MUSD a unit, stands for a lane without an open route or under an embargo."""
LEAST_ASKED = 1e-9
"""Units a month below which nobody else asks for any."""
Lane = tuple[str, str, str]


class Flow:
    """One lane of a world: seller, buyer, good."""

    def __init__(self, w: Witness, lane: Lane) -> None:
        self.w, self.lane = w, lane
        self.seller, self.buyer, self.good = lane
        self.unit = f"{GOOD_UNITS[self.good]}/month"

    def at(self, month: int, name: str) -> float:
        """Return a value of the lane in a month."""
        return self.w.lane(month, name, *self.lane)

    def series(self, name: str) -> np.ndarray:
        """Return a value of the lane in all months."""
        return np.array([self.at(month, name) for month in range(len(self.w.inner))])

    def code(self, month: int) -> str:
        """Return what bound the flow, by its name."""
        return BINDING[int(self.at(month, "ship.binding"))]

    def is_shut(self, month: int) -> str:
        """Return why the lane is shut: `route`, `embargo`, or nothing."""
        if not self.at(month, "offers.is_open"):
            return "route"
        return "" if self.at(month, "offers.allowed") else "embargo"

    def _release(self, month: int, asked: str, available: str) -> Part:
        """Return what the seller can release to this buyer: what others leave, or its share where all ask too much."""
        code = BINDING[int(self.at(month, "bargain.release_bound"))]
        what = self.words("stock" if code == "none" else code)
        wanted = self.w.inner[month][asked][COUNTRIES.index(self.seller), :, GOODS.index(self.good)]
        there, mine, all_of_it = self.at(month, available), self.at(month, asked), float(wanted.sum())
        if all_of_it - mine <= LEAST_ASKED:
            return Part("release", there, what)
        if all_of_it <= there:
            return Part("release", there - (all_of_it - mine), say("part.beside", what=what))
        return Part("release", mine / all_of_it * there, say("part.share", buyer=name(self.buyer), what=what))

    def opened(self, month: int) -> tuple[float, float]:
        """Return the share of what would pay the two that they trade, and that of it which the law lets pass, 0-1."""
        lawful = self.at(month, "agree.lawful")
        return (self.at(month, "bargain.openness") / lawful if lawful > 0.0 else 1.0), lawful

    def wished(self, month: int) -> Ledger:
        """Return the limits of what the two agree on anew."""
        lacking, room, wanted = (self.at(month, f"wanted.{name}") for name in ("lacking", "room", "best"))
        wanted, alone = self.at(month, "bargain.wanted"), min(lacking, room)
        mine = wanted / alone if alone > 0.0 else 1.0
        parts = (
            Part("demand", lacking * mine, self.words("demand")),
            Part("capacity", room * mine, self.room_words(month)),
            self._release(month, "bargain.wanted", "bargain.available"),
        )
        released = float(
            self.w.inner[month]["bargain.released"][COUNTRIES.index(self.seller), 0, GOODS.index(self.good)]
        )
        return Ledger(say("part.wished"), self.unit, wanted * released, LEAST, parts)

    def room_words(self, month: int) -> str:
        """Return what the room of new agreements is: that of the routes, or what the UN cap leaves of it."""
        return self.words("norm") if self.code(month) == "norm" else say("part.room")

    def ordered(self, month: int) -> Ledger:
        """Return the limits of the month's order."""
        granted = float(
            self.w.inner[month]["bargain.granted"][COUNTRIES.index(self.seller), COUNTRIES.index(self.buyer), 0]
        )
        asked, agreed = self.at(month, "shared.asked"), self.at(month, "bargain.agreed")
        before, least = (
            self.at(month, "shared.return"),
            self.w.pair(month, "within_credit.lowest", self.seller, self.buyer),
        )
        headroom = self.w.pair(month, "bargain.headroom", self.seller, self.buyer)
        parts = (
            Part("contracts", asked if granted < 1.0 else agreed, say("part.agreed")),
            Part("capacity", self.at(month, "bargain.room"), self.room_words(month)),
            self._release(month, "shared.asked", "shared.available"),
            Part("credit", before * headroom / least if least > 1e-9 else np.inf, self.words("credit")),
        )
        return Ledger(say("part.order"), self.unit, self.at(month, "bargain.volume"), LEAST, parts)

    def shipped(self, month: int) -> Ledger:
        """Return how what was shipped follows from what waited and what was ordered."""
        i, g = COUNTRIES.index(self.seller), GOODS.index(self.good)
        seen, good = self.w.inner[month], GOODS.index(self.good)
        before = self.at(month, "offers.state.queue")
        queue, in_stock = self.at(month, "agree.state.queue"), float(seen["ship.in_stock"][i, g])
        left = self.at(month, "ship.sent.left") / float(seen["ship.weight"][good])
        parts = (
            Part("waiting", before, say("part.waited")),
            Part("gifts", self.at(month, "take_effect.state.queue") - before, say("part.given")),
            Part("ordered", self.at(month, "bargain.volume"), say("part.ordered")),
            Part("not in store", -queue * (1.0 - in_stock), say("part.unstored", seller=name(self.seller))),
            Part("no room", -left, say("part.unplaced")),
        )
        return Ledger(say("part.shipped"), self.unit, self.at(month, "ship.shipped"), SUM, parts)

    def delivered(self, month: int) -> Ledger:
        """Return how what arrived follows from what was under way."""
        parts = (
            Part("under way before", self.at(month, "offers.state.in_transit"), say("part.before")),
            Part("shipped", self.at(month, "ship.shipped"), say("part.sent")),
            Part("seized", -self.at(month, "ship.units_seized"), say("part.seized")),
            Part("still under way", -self.at(month, "ship.state.in_transit"), say("part.remains")),
        )
        return Ledger(say("part.delivered"), self.unit, self.at(month, "ship.delivered"), SUM, parts)

    def gain(self, month: int) -> Ledger:
        """Return what the first unit is worth to both together; of a shut lane without its way."""
        costs = [Part(key, -self.at(month, f"cost.{key}"), say(f"cost.{key}")) for key in COSTS]
        parts = (
            Part("value", self.at(month, "offers.worth"), say("part.value", buyer=name(self.buyer))),
            Part("own value", -self.at(month, "offers.reservation"), say("part.own", seller=name(self.seller))),
            *(part for part in costs if abs(part.value) > 0.0),
        )
        value = self.at(month, "bargain.margin")
        if self.at(month, "offers.cost") > CLOSED_FROM:
            own = self.at(month, "offers.reservation") + self.at(month, "cost.return")
            value = self.at(month, "offers.worth") - own
        return Ledger(say("part.gain"), f"MUSD/{GOOD_UNITS[self.good]}", value, SUM, parts)

    def words(self, code: str) -> str:
        """Return the words of what binds."""
        return say(f"bind.{code}", seller=name(self.seller), buyer=name(self.buyer))

    def waits_in_vain(self, month: int) -> bool:
        """Return whether cargo of earlier months found no room while nothing new was worth ordering."""
        return self.gain(month).value <= 0.0 and -self.shipped(month).part("no room") > NOTHING

    def bound_words(self, month: int) -> str:
        """Return what bound the flow in a month, in words."""
        code = self.code(month)
        if code == "closed" and self.is_shut(month) == "embargo":
            return tell("bound.embargo")
        if code == "none" and self.waits_in_vain(month):
            return tell("bound.earlier")
        return tell(f"bound.{code}") if code in ("closed", "none") else self.words(code)

    def counts(self) -> Counter[str]:
        """Return in how many months each limit bound."""
        return Counter(self.code(month) for month in range(len(self.w.inner)))

"""Why so much of a good went from one country to another: all limits, the one that bound, and the next."""

from collections import Counter

import numpy as np

from sim.analysis.ledger import LEAST, NOTHING, SUM, Explanation, Ledger, Part, Table
from sim.results.witness import Witness
from sim.scenario.names import BINDING, COUNTRIES, GOODS
from sim.studies.explain.words import (
    GOOD_UNITS,
    count,
    good_name,
    goods,
    goods_cell,
    listed,
    month_name,
    name,
    price,
    say,
    tell,
    unit_sign,
)
from sim.texts.spoken import foreign, said

COSTS = ("transport", "friction", "norm", "autonomy", "arming", "rival", "committed")
"""Parts of the cost of a unit."""
HOW = {
    "waiting": "flow.waiting",
    "gifts": "flow.gifts",
    "ordered": "flow.ordered",
    "not in store": "flow.unstored",
    "no room": "flow.unplaced",
}
"""Parts of what is shipped, and their sentences."""
CLOSED_FROM = 1e8
"""A cost above this, MUSD a unit, stands for a lane without an open route or under an embargo."""
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

    def _of_all(self, month: int, asked: str, available: str) -> float:
        """Return the lane's part of what the seller can release, by what is asked for; all if nobody asks."""
        i, j, g = COUNTRIES.index(self.seller), COUNTRIES.index(self.buyer), GOODS.index(self.good)
        wanted, there = self.w.inner[month][asked][i, :, g], float(self.w.inner[month][available][i, g])
        return float(wanted[j] / wanted.sum()) * there if wanted.sum() > 1e-9 else there

    def wished(self, month: int) -> Ledger:
        """Return the limits of what the two agree on anew."""
        lacking, room, wanted = (self.at(month, f"wanted.{name}") for name in ("lacking", "room", "best"))
        wanted, alone = self.at(month, "bargain.wanted"), min(lacking, room)
        mine = wanted / alone if alone > 0.0 else 1.0
        parts = (
            Part("demand", lacking * mine, self.words("demand")),
            Part("capacity", room * mine, self.room_words(month)),
            Part("release", self._of_all(month, "bargain.wanted", "bargain.available"), self.release_words(month)),
        )
        released = float(
            self.w.inner[month]["bargain.released"][COUNTRIES.index(self.seller), 0, GOODS.index(self.good)]
        )
        return Ledger(say("part.wished"), self.unit, wanted * released, LEAST, parts)

    def room_words(self, month: int) -> str:
        """Return what the room of new agreements is: that of the routes, or what the UN cap leaves of it."""
        return self.words("norm") if self.code(month) == "norm" else say("part.room")

    def release_words(self, month: int) -> str:
        """Return what limits what the seller can release."""
        if self.code(month) == "norm":  # a small wish makes the part of it small, however full the store
            return say("part.by_wish", seller=name(self.seller))
        code = BINDING[int(self.at(month, "bargain.release_bound"))]
        return self.words("stock" if code == "none" else code)

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
            Part("release", self._of_all(month, "shared.asked", "shared.available"), self.release_words(month)),
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

    def bound_words(self, month: int) -> str:
        """Return what bound the flow in a month, in words."""
        code = self.code(month)
        if code == "closed" and self.is_shut(month) == "embargo":
            return tell("bound.embargo")
        return tell(f"bound.{code}") if code in ("closed", "none") else self.words(code)

    def counts(self) -> Counter[str]:
        """Return in how many months each limit bound."""
        return Counter(self.code(month) for month in range(len(self.w.inner)))


def month_of(flow: Flow) -> tuple[int, str]:
    """Return the month in which what was shipped changed most, and why it is chosen."""
    shipped = flow.series("ship.shipped")
    if len(shipped) == 1 or not np.abs(np.diff(shipped)).max() > NOTHING:
        return len(shipped) - 1, tell("month.last")
    return int(np.argmax(np.abs(np.diff(shipped)))) + 1, tell("month.shipped")


def explain(w: Witness, lane: Lane, month: int) -> Explanation:
    """Explain a flow of a month."""
    flow = Flow(w, lane)
    limits = (flow.wished, flow.ordered)
    if flow.code(month) == "credit":  # the figure shows the first two, and it is a limit of what was ordered
        limits = limits[::-1]
    of = (flow.shipped, *limits, flow.delivered, flow.gain)
    ledgers = tuple(one(month).checked() for one in of)
    of_all = {"what": good_name(flow.good)} | _who(flow)
    went = flow.at(month, "ship.shipped") >= NOTHING
    question = say("ask.flow", **of_all) if went else tell("question.flow", **of_all)
    return Explanation(question, "", tuple(sentences(flow, month)), ledgers, (months_table(flow),))


def sentences(flow: Flow, month: int) -> list[str]:
    """Return the answer: what went, what bound, what it was worth, and how often each limit bound."""
    found = [_went(flow, month), _bound(flow, month), _worth(flow, month), often(flow)]
    return [sentence for sentence in found if sentence]


def _who(flow: Flow) -> dict[str, str]:
    return {"seller": name(flow.seller), "buyer": name(flow.buyer)}


def _went(flow: Flow, month: int) -> str:
    what, when = good_name(flow.good), month_name(flow.w.months[month])
    shipped, ledger = flow.at(month, "ship.shipped"), flow.shipped(month)
    if shipped < NOTHING:
        return say("flow.none", when=when, what=what, **_who(flow))
    before = flow.at(month - 1, "ship.shipped") if month else 0.0
    parts = [
        say(HOW[part.name], amount=goods(abs(part.value), flow.good))
        for part in ledger.parts
        if abs(part.value) > NOTHING
    ]
    return say(
        "flow.went",
        **_who(flow),
        when=when,
        what=what,
        shipped=goods(shipped, flow.good),
        than=say("flow.than", before=goods(before, flow.good)) if month else "",
        told=listed(parts),
        arrived=goods(flow.at(month, "ship.delivered"), flow.good),
    )


def _bound(flow: Flow, month: int) -> str:
    code = flow.code(month)
    if code == "closed":
        return say("flow.no_route" if flow.is_shut(month) == "route" else "flow.embargo")
    if code == "none":
        return _without_gain(flow, month)
    wished, ordered = flow.wished(month), flow.ordered(month)
    if code == "capacity" and wished.in_order[0].name != "capacity":
        return say("flow.capacity", left=goods(-flow.shipped(month).part("no room"), flow.good))
    if code == "credit":
        following = next(part for part in ordered.in_order if part.name != "credit")
        level, other = (goods(value, flow.good) for value in (ordered.part("credit"), following.value))
        return say("flow.credit", words=flow.words(code), level=level, next=following.words, other=other)
    first, second = wished.in_order[:2]
    if first.name == "demand" and first.value < NOTHING:
        return say("flow.wish", buyer=name(flow.buyer))
    fills = {"first": goods(first.value, flow.good), "ordered": goods(ordered.value, flow.good)}
    if code == "norm":  # all other limits are of a wish that the cap has cut
        return say("flow.held", words=flow.words(code), **fills)
    fills |= {"next": second.words, "second": goods(second.value, flow.good)}
    return say("flow.bound", words=first.words, **fills)


def _without_gain(flow: Flow, month: int) -> str:
    if flow.gain(month).value > 0.0:
        return say("flow.little_gain", buyer=name(flow.buyer))
    return say("flow.only_gifts" if flow.shipped(month).part("gifts") > NOTHING else "flow.no_gain")


def _worth(flow: Flow, month: int) -> str:
    gain = flow.gain(month)
    costs = [part for part in gain.parts[2:] if -part.value > 0.01 * abs(gain.parts[0].value)]
    parts = [
        say("flow.cost", words=part.words, price=price(-part.value))
        for part in sorted(costs, key=lambda part: part.value)
    ]
    return say(
        "flow.worth",
        **_who(flow),
        unit=say(f"good.unit.{flow.good}"),
        value=price(gain.parts[0].value),
        own=price(-gain.parts[1].value),
        more=say("flow.more", told=listed(parts)) if parts else "",
        left=say("flow.left", gain=price(gain.value)) if gain.value > 0.0 else say("flow.no_left"),
    )


def often(flow: Flow) -> str:
    """Return how often each limit bound, over all months."""
    parts = [say("flow.in", words=flow.words(code), n=number) for code, number in flow.counts().most_common()]
    return say("flow.often", months=count(len(flow.w.inner), "month"), told=listed(parts))


def months_table(flow: Flow) -> Table:
    """Return every month: what was shipped, what bound, and the limits of new agreements."""
    rows = []
    for month, when in enumerate(flow.w.months):
        wished, ordered = flow.wished(month), flow.ordered(month)
        limits = [goods_cell(wished.part(part)) for part in ("demand", "capacity", "release")]
        credit, code = ordered.part("credit"), flow.code(month)
        bound = said(f"printed.binding.{code}") if foreign() else code
        rows.append((when, goods_cell(flow.at(month, "ship.shipped")), bound, *limits, goods_cell(credit)))
    heads = (
        said("printed.figure.month"),
        tell("head.shipped", unit=unit_sign(flow.unit)),
        *(tell(f"head.{head}") for head in ("bound", "demand", "routes", "seller", "credit")),
    )
    return Table(tell("table.flow"), heads, tuple(rows))

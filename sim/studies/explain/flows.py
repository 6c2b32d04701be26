"""Why so much of a good went from one country to another: all limits, the one that bound, and the next."""

from collections import Counter

import numpy as np

from sim.analysis.ledger import LEAST, NOTHING, SUM, Explanation, Ledger, Part, Table
from sim.present.words import capital
from sim.results.witness import Witness
from sim.scenario.names import BINDING, COUNTRIES, GOODS, RUS
from sim.studies.explain.words import BIND, GOOD_UNITS, count, goods, listed, month_name, name, price
from sim.studies.explain.words import GOODS as GOOD_WORDS

COSTS = {
    "transport": "transport",
    "friction": "risk and cost by sanctions",
    "norm": "breaking the UN embargo",
    "autonomy": "dependence on a patron",
    "arming": "arming a country at war or under sanctions",
    "rival": "arming a rival",
    "committed": "being drawn into an ally's war",
}
"""Parts of the cost of a unit, and their words."""
HOW = {
    "waiting": "had waited from before",
    "gifts": "were given",
    "ordered": "were ordered",
    "not in store": "were not in store",
    "no room": "found no room on the way",
}
"""Parts of what is shipped, in a sentence."""
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
            Part("capacity", room * mine, "room on the routes"),
            Part("release", self._of_all(month, "bargain.wanted", "bargain.available"), self.release_words(month)),
        )
        released = float(
            self.w.inner[month]["bargain.released"][COUNTRIES.index(self.seller), 0, GOODS.index(self.good)]
        )
        return Ledger("wished for anew, if nothing were agreed before", self.unit, wanted * released, LEAST, parts)

    def release_words(self, month: int) -> str:
        """Return what limits what the seller can release."""
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
            Part("contracts", asked if granted < 1.0 else agreed, "what the two have agreed on for the month"),
            Part("capacity", self.at(month, "bargain.room"), "room on the routes"),
            Part("release", self._of_all(month, "shared.asked", "shared.available"), self.release_words(month)),
            Part("credit", before * headroom / least if least > 1e-9 else np.inf, self.words("credit")),
        )
        return Ledger("ordered", self.unit, self.at(month, "bargain.volume"), LEAST, parts)

    def shipped(self, month: int) -> Ledger:
        """Return how what was shipped follows from what waited and what was ordered."""
        i, g = COUNTRIES.index(self.seller), GOODS.index(self.good)
        seen, good = self.w.inner[month], GOODS.index(self.good)
        before = self.at(month, "offers.state.queue")
        queue, in_stock = self.at(month, "agree.state.queue"), float(seen["ship.in_stock"][i, g])
        parts = (
            Part("waiting", before, "waited from the month before"),
            Part("gifts", self.at(month, "take_effect.state.queue") - before, "given without a price"),
            Part("ordered", self.at(month, "bargain.volume"), "ordered this month"),
            Part("not in store", -queue * (1.0 - in_stock), f"not in the stores of {name(self.seller)}"),
            Part(
                "no room", -self.at(month, "ship.sent.left") / float(seen["ship.weight"][good]), "no room on the routes"
            ),
        )
        return Ledger("shipped", self.unit, self.at(month, "ship.shipped"), SUM, parts)

    def delivered(self, month: int) -> Ledger:
        """Return how what arrived follows from what was under way."""
        parts = (
            Part("under way before", self.at(month, "offers.state.in_transit"), "was under way"),
            Part("shipped", self.at(month, "ship.shipped"), "shipped this month"),
            Part("seized", -self.at(month, "ship.units_seized"), "seized on the way"),
            Part("still under way", -self.at(month, "ship.state.in_transit"), "still under way"),
        )
        return Ledger("arrived", self.unit, self.at(month, "ship.delivered"), SUM, parts)

    def gain(self, month: int) -> Ledger:
        """Return what the first unit is worth to both together; of a shut lane without its way."""
        costs = [Part(key, -self.at(month, f"cost.{key}"), words) for key, words in COSTS.items()]
        parts = (
            Part("value", self.at(month, "offers.worth"), f"value to {name(self.buyer)}, losses on the way deducted"),
            Part("own value", -self.at(month, "offers.reservation"), f"value to {name(self.seller)} itself"),
            *(part for part in costs if abs(part.value) > 0.0),
        )
        value = self.at(month, "bargain.margin")
        if self.at(month, "offers.cost") > CLOSED_FROM:
            own = self.at(month, "offers.reservation") + self.at(month, "cost.return")
            value = self.at(month, "offers.worth") - own
        return Ledger("gain by the first unit", f"MUSD/{GOOD_UNITS[self.good]}", value, SUM, parts)

    def words(self, code: str) -> str:
        """Return the words of what binds."""
        return BIND[code].format(seller=name(self.seller), buyer=name(self.buyer))

    def bound_words(self, month: int) -> str:
        """Return what bound the flow in a month, in words."""
        code = self.code(month)
        if code == "closed" and self.is_shut(month) == "embargo":
            return "an embargo"
        return {"closed": "that no route was open", "none": "that there was nothing to gain by more"}.get(
            code, self.words(code)
        )

    def counts(self) -> Counter[str]:
        """Return in how many months each limit bound."""
        return Counter(self.code(month) for month in range(len(self.w.inner)))

    @property
    def is_oil(self) -> bool:
        """Whether this is Russia's fuel for North Korea, which the United Nations have capped."""
        return self.lane == (COUNTRIES[RUS], "PRK", "energy")


def month_of(flow: Flow) -> tuple[int, str]:
    """Return the month in which what was shipped changed most, and why it is chosen."""
    shipped = flow.series("ship.shipped")
    if len(shipped) == 1 or not np.abs(np.diff(shipped)).max() > NOTHING:
        return len(shipped) - 1, "the last month, for nothing changed"
    return int(np.argmax(np.abs(np.diff(shipped)))) + 1, "the month in which what was shipped changed most"


def explain(w: Witness, lane: Lane, month: int) -> Explanation:
    """Explain a flow of a month."""
    flow = Flow(w, lane)
    limits = (flow.wished, flow.ordered)
    if flow.code(month) == "credit":  # the figure shows the first two, and it is a limit of what was ordered
        limits = limits[::-1]
    of = (flow.shipped, *limits, flow.delivered, flow.gain)
    ledgers = tuple(one(month).checked() for one in of)
    what = GOOD_WORDS[flow.good]
    much = "so many" if what == "shells" else "so much"
    much = "no" if flow.at(month, "ship.shipped") < NOTHING else much
    question = f"Why did {much} {what} go from {name(flow.seller)} to {name(flow.buyer)}?"
    return Explanation(question, "", tuple(sentences(flow, month)), ledgers, (months_table(flow),))


def sentences(flow: Flow, month: int) -> list[str]:
    """Return the answer: what went, what bound, what it was worth, and how often each limit bound."""
    found = [_went(flow, month), _bound(flow, month), _worth(flow, month), often(flow)]
    return [sentence for sentence in found if sentence]


def _went(flow: Flow, month: int) -> str:
    what, when = GOOD_WORDS[flow.good], month_name(flow.w.months[month])
    shipped, ledger = flow.at(month, "ship.shipped"), flow.shipped(month)
    if shipped < NOTHING:
        return f"In {when} {name(flow.seller)} sent {name(flow.buyer)} no {what}."
    before = flow.at(month - 1, "ship.shipped") if month else 0.0
    than = f", after {goods(before, flow.good)} the month before" if month else ""
    told = [
        f"{goods(abs(part.value), flow.good)} {HOW[part.name]}" for part in ledger.parts if abs(part.value) > NOTHING
    ]
    arrived = flow.at(month, "ship.delivered")
    return (
        f"In {when} {name(flow.seller)} shipped {goods(shipped, flow.good)} of {what} to {name(flow.buyer)}{than}: "
        f"{listed(told)}. "
        f"{capital(goods(arrived, flow.good))} arrived in that month, of all that was under way."
    )


def _bound(flow: Flow, month: int) -> str:
    code = flow.code(month)
    if code == "closed":
        why = "no route between the two was open" if flow.is_shut(month) == "route" else "an embargo forbids this trade"
        return f"What stopped it: {why}."
    if code == "none":
        return _without_gain(flow, month)
    wished, ordered = flow.wished(month), flow.ordered(month)
    left = -flow.shipped(month).part("no room")
    if code == "capacity" and wished.in_order[0].name != "capacity":
        why = " Cargo that brings more gain a tonne goes first."
        return f"What held it back was the room on the routes: {goods(left, flow.good)} found no place and waited.{why}"
    if code == "credit":
        levels = [part for part in ordered.in_order if part.name != "credit"]
        level = ordered.part("credit")
        return (
            f"What bound was {flow.words(code)}: that paid for {goods(level, flow.good)} this month; "
            f"{levels[0].words} would have allowed {goods(levels[0].value, flow.good)}."
        )
    first, second = wished.in_order[:2]
    if first.name == "demand" and first.value < NOTHING:
        return f"What bound was the wish: {name(flow.buyer)} had all it wanted, in store or on order."
    words = flow.words(code) if code == "norm" else first.words
    return (
        f"What bound was {words}: this month it allowed new agreements of {goods(first.value, flow.good)} a month. "
        f"The next limit, {second.words}, would have allowed {goods(second.value, flow.good)}. "
        f"Contracts change slowly, so {goods(ordered.value, flow.good)} were ordered."
    )


def _without_gain(flow: Flow, month: int) -> str:
    gain = flow.gain(month)
    if gain.value > 0.0:
        return f"The two had so little to gain that nothing was ordered: {name(flow.buyer)} had all it wanted."
    what = "What kept the two from trading" if flow.shipped(month).part("gifts") > NOTHING else "What stopped it"
    return f"{what}: there was nothing in it for the two together, as the next sentence shows."


def _worth(flow: Flow, month: int) -> str:
    gain = flow.gain(month)
    costs = [part for part in gain.parts[2:] if -part.value > 0.01 * abs(gain.parts[0].value)]
    told = [f"{part.words} {price(-part.value)}" for part in sorted(costs, key=lambda part: part.value)]
    more = f"; on top came {listed(told)}" if told else ""
    left = f"{price(gain.value)} were left to share" if gain.value > 0.0 else "so nothing was left to gain"
    unit = "round" if flow.good == "ammunition" else "tonne"
    return (
        f"The first {unit} was worth {price(gain.parts[0].value)} to {name(flow.buyer)} and "
        f"{price(-gain.parts[1].value)} to {name(flow.seller)}{more}: {left}."
    )


def often(flow: Flow) -> str:
    """Return how often each limit bound, over all months."""
    counts, months = flow.counts(), len(flow.w.inner)
    told = [f"{flow.words(code)} in {number}" for code, number in counts.most_common()]
    return f"What bound over the {count(months, 'month')} of this world: {listed(told)}."


def months_table(flow: Flow) -> Table:
    """Return every month: what was shipped, what bound, and the limits of new agreements."""
    rows = []
    for month, when in enumerate(flow.w.months):
        wished, ordered = flow.wished(month), flow.ordered(month)
        limits = [goods_cell(wished.part(part)) for part in ("demand", "capacity", "release")]
        credit = ordered.part("credit")
        rows.append((when, goods_cell(flow.at(month, "ship.shipped")), flow.code(month), *limits, goods_cell(credit)))
    heads = ("month", f"shipped, {flow.unit}", "bound by", "demand", "routes", "seller", "credit")
    return Table("Every month, and what each limit would have allowed", heads, tuple(rows))


def goods_cell(value: float) -> str:
    """Return an amount for a table; a dash where there is no limit."""
    return f"{value:,.1f}" if np.isfinite(value) else "-"

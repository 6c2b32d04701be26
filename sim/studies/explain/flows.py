"""Why so much of a good went from one country to another: all limits, the one that bound, and the next."""

import numpy as np

from sim.analysis.ledger import NOTHING, Explanation, Table
from sim.results.witness import Witness
from sim.scenario.names import pair_key
from sim.studies.explain.lane import Flow, Lane
from sim.studies.explain.words import (
    count,
    good_name,
    goods,
    goods_cell,
    listed,
    month_name,
    name,
    price,
    say,
    share,
    tell,
    unit_sign,
)
from sim.texts.spoken import foreign, said

HOW = {
    "waiting": "flow.waiting",
    "gifts": "flow.gifts",
    "ordered": "flow.ordered",
    "not in store": "flow.unstored",
    "no room": "flow.unplaced",
}
"""Parts of what is shipped, and their sentences."""


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
    found = [_went(flow, month), _bound(flow, month), _opened(flow, month), _worth(flow, month), often(flow)]
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
    sent = flow.shipped(month)
    if flow.waits_in_vain(month):
        return say("flow.earlier", left=goods(-sent.part("no room"), flow.good))
    return say("flow.only_gifts" if sent.part("gifts") > NOTHING else "flow.no_gain")


def _opened(flow: Flow, month: int) -> str:
    """Return which share of what would pay them the two trade, where that is not all and there is a gain in it."""
    opened, lawful = flow.opened(month)
    if flow.is_shut(month) or flow.gain(month).value <= 0.0 or opened * lawful >= 1.0:
        return ""
    if opened >= 1.0:
        return say("flow.lawful", share=share(lawful))
    passes = say("flow.of_it_lawful", share=share(lawful)) if lawful < 1.0 else ""
    return say("flow.opened", share=share(opened), key=f" (`{opened_by(flow)}`)", lawful=passes)


def opened_by(flow: Flow) -> str:
    """Return the parameter that sets which share of what would pay them the two trade."""
    return f"pairs.{pair_key(flow.seller, flow.buyer)}.openness"


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

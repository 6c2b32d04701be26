"""What a route did: how much it could carry and why, what it carried, who waited, and what it was worth."""

import numpy as np

from sim.analysis.ledger import NOTHING, PRODUCT, SUM, Explanation, Ledger, Part, Table
from sim.present.by_rule import route_title
from sim.results.witness import Witness
from sim.scenario.names import DIRECTIONS, GOODS, ROUTES
from sim.studies.explain.flows import HOW
from sim.studies.explain.lane import Flow
from sim.studies.explain.words import (
    amount,
    change,
    count,
    few_digits,
    good_name,
    goods,
    goods_cell,
    listed,
    money,
    month_name,
    name,
    of_good,
    say,
    share,
    tell,
)
from sim.texts.spoken import number_of, said, written

PIPE = "pipeline"
"""The route that takes one cargo alone, and one way."""


class Route:
    """One route of a world."""

    def __init__(self, w: Witness, route: str) -> None:
        self.w, self.route, self.number = w, route, list(ROUTES).index(route)
        self.ends = ROUTES[route]

    @property
    def title(self) -> str:
        """Return what the route is called."""
        return route_title(self.route)

    def at(self, month: int, name: str) -> np.ndarray:
        """Return the route's row of an array (route, …) of a month."""
        return np.asarray(self.w.inner[month][name][self.number])

    def carried(self, month: int) -> np.ndarray:
        """Return what was carried, (direction, good), kt."""
        return self.at(month, "ship.sent.carried")

    @property
    def total(self) -> np.ndarray:
        """Return what was carried in each month, kt."""
        return np.array([self.carried(month).sum() for month in range(len(self.w.inner))])

    @property
    def is_open(self) -> np.ndarray:
        """Return whether it was open, (month)."""
        return np.array([float(self.at(month, "effective_capacity.is_open")) > 0.0 for month in range(len(self.total))])

    @property
    def shadow(self) -> np.ndarray:
        """Return the value of one more kt of capacity in each month, MUSD."""
        return np.array([float(self.at(month, "ship.shadow")) for month in range(len(self.w.inner))])

    def capacity(self, month: int) -> Ledger:
        """Return what makes the capacity in each direction."""
        values = self.w.settings[month]
        key = f"routes.{'ocean' if self.route.startswith('ocean_') else self.route}.capacity"
        start, built = values[key], float(self.at(month, "effective_capacity.capacity"))
        parts = (
            Part("as laid out", start, tell("route.laid_out")),
            Part("built", built / start if start > 0.0 else 1.0, tell("route.built")),
            Part("open", float(self.at(month, "effective_capacity.is_open")), tell("route.open")),
            Part("season", float(self.at(month, "effective_capacity.season")), tell("route.winter")),
            Part("border", float(self.at(month, "effective_capacity.regime")), tell("route.border")),
        )
        value = float(self.at(month, "effective_capacity.return"))
        return Ledger(tell("route.capacity"), "kt/month", value, PRODUCT, parts)

    def cargo(self, month: int) -> Ledger:
        """Return what was carried, by good and direction."""
        carried = self.carried(month)
        parts = tuple(
            Part(f"{good} {way}", float(carried[d, g]), self.way(d, good))
            for d, way in enumerate(DIRECTIONS)
            for g, good in enumerate(GOODS)
        )
        return Ledger(tell("route.cargo"), "kt/month", float(self.at(month, "ship.load").sum()), SUM, parts)

    def way(self, direction: int, good: str) -> str:
        """Return `shells from North Korea to Russia`."""
        start, end = self.ends[direction], self.ends[1 - direction]
        return tell("route.way", what=good_name(good), start=name(start), end=name(end))


def month_of(route: Route) -> tuple[int, str]:
    """Return the month in which the cargo changed most, and why it is chosen."""
    total = route.total
    if not route.is_open.any():
        return len(total) - 1, tell("month.shut")
    if len(total) == 1 or not np.abs(np.diff(total)).max() > NOTHING:
        return len(total) - 1, tell("month.last")
    return int(np.argmax(np.abs(np.diff(total)))) + 1, tell("month.cargo")


def explain(w: Witness, route: str, month: int, other: Witness | None = None) -> Explanation:
    """Explain what a route did; `other` is the same world with the route shut in every month, or open if it is shut."""
    one = Route(w, route)
    told = sentences(one, month)
    if other is not None:
        told.append(_otherwise(one, other))
    ledgers = (one.cargo(month).checked(), one.capacity(month).checked())
    return Explanation(tell("question.route", title=one.title), "", tuple(told), ledgers, (months_table(one),))


def sentences(route: Route, month: int) -> list[str]:
    """Return the answer: cargo, what changed it, capacity, what waited, how often."""
    if not route.is_open.any():
        months = count(len(route.total), "month")
        key = tell("route.is_shut", key=f"routes.{route.route}.open")
        return [tell("route.always_shut", months=months, key=key), tell("route.not_seen")]
    changed = _changed(route, month)
    return [_carried(route, month), *changed, _capacity(route, month), _waited(route, month), _over_all(route)]


def _changed(route: Route, month: int) -> list[str]:
    """Return which cargo changed most since the month before, and what bound it then and now."""
    if not month:
        return []
    apart = route.carried(month) - route.carried(month - 1)
    d, g = divmod(int(np.argmax(np.abs(apart))), len(GOODS))
    if abs(apart[d, g]) <= NOTHING:
        return []
    good = GOODS[g]
    way = "more" if apart[d, g] > 0.0 else "less"
    told = tell(f"route.changed_{way}", what=route.way(d, good), much=amount(abs(float(apart[d, g])), "kt"))
    flow = Flow(route.w, (route.ends[d], route.ends[1 - d], good))
    was, now = flow.shipped(month - 1), flow.shipped(month)
    pairs = [(part, old.value) for part, old in zip(now.parts, was.parts, strict=True)]
    pairs = [pair for pair in pairs if max(abs(pair[0].value), abs(pair[1])) > NOTHING]
    parts = [
        tell("route.part", told=say(HOW[part.name], amount=goods(abs(part.value), good)), before=goods(abs(old), good))
        for part, old in pairs
    ]
    whole = tell(
        "route.on_all",
        now=goods(now.value, good),
        was=goods(was.value, good),
        more=tell("route.on_all_more", told=listed(parts)) if parts else "",
    )
    before, then = (flow.bound_words(one) for one in (month - 1, month))
    bound = tell("route.bound_same" if before == then else "route.bound_other", then=then, before=before)
    return [f"{told} {whole} {bound}"]


def _carried(route: Route, month: int) -> str:
    cargo, when = route.cargo(month), month_name(route.w.months[month])
    told = [
        tell("route.of", much=amount(part.value, "kt"), what=part.words)
        for part in cargo.by_size
        if part.value > NOTHING
    ]
    if not told:
        return tell("route.nothing", when=when, title=route.title)
    before = say("flow.than", before=amount(route.total[month - 1], "kt")) if month else ""
    much = amount(cargo.value, "kt")
    return tell("route.carried", when=when, title=route.title, much=much, before=before, told=listed(told))


def _capacity(route: Route, month: int) -> str:
    ledger = route.capacity(month)
    if ledger.part("open") <= 0.0:
        return tell("route.was_shut")
    told = [
        say("tech.part", words=part.words, change=change(part.value))
        for part in ledger.parts[1:]
        if abs(part.value - 1.0) >= 0.005
    ]
    use, piped = route.at(month, "ship.use"), route.route == PIPE
    ends = list(enumerate(route.ends))[piped:]  # oil comes one way, from the second end
    full = [tell("route.out_of", share=share(float(use[d])), end=name(end)) for d, end in ends]
    return tell(
        "route.pipe_could" if piped else "route.could",
        much=amount(ledger.value, "kt"),
        laid_out=amount(ledger.part("as laid out"), "kt"),
        by=tell("route.changed_by", told=listed(told)) if told else "",
        full=listed(full),
    )


def _waited(route: Route, month: int) -> str:
    shadow = route.shadow[month]
    if not route.is_open[month]:
        return tell("route.says_nothing")
    if route.route == PIPE:
        return tell("route.pipe_waited")
    if shadow <= NOTHING:
        return tell("route.none_waited")
    return tell("route.waited", worth=money(shadow), stays=share(route.w.settings[month]["routes.patience"]))


def _over_all(route: Route) -> str:
    total, shadow = route.total, route.shadow
    by_good = np.sum([route.carried(month).sum(axis=0) for month in range(len(total))], axis=0)
    told = [
        f"{amount(float(by_good[g]), 'kt')} {of_good(good)}" for g, good in enumerate(GOODS) if by_good[g] > NOTHING
    ]
    waiting, shut = int((shadow > NOTHING).sum()), int((~route.is_open).sum())
    return tell(
        "route.over_all",
        months=count(len(total), "month"),
        much=amount(float(total.sum()), "kt"),
        which=tell("route.on_all_more", told=listed(told)) if told else "",
        closed=tell("route.closed", n=shut) if shut else "",
        waiting=waiting or tell("route.none"),
    )


OUTCOMES = (("shells", ".2f"), ("fuel", ",.0f"), ("technology", ".1f"))
"""What a world ends with, and how its number is written."""


def outcomes(w: Witness) -> tuple[float, ...]:
    """Return shells, fuel from all five and technology of a whole world: million rounds, kt, points."""
    shells = float(w.ds["shells_delivered"].values[-1, 0]) * 1e-3
    fuel = float(w.ds["delivered"].sel(partner="PRK", good="energy").sum())
    points = float(w.ds["transfer"].sel(country="RUS", partner="PRK").sum())
    return shells, fuel, points


def _otherwise(route: Route, other: Witness) -> str:
    mine, others = (
        [
            tell(f"route.ends.{key}.{number_of(float(value))}", n=written(f"{value:{form}}"))
            for (key, form), value in zip(OUTCOMES, outcomes(of), strict=True)
        ]
        for of in (route.w, other)
    )
    way = "shut" if route.is_open.any() else "open"
    return tell(f"route.otherwise_{way}", mine=listed(mine), title=route.title, others=listed(others))


def months_table(route: Route) -> Table:
    """Return every month of the route."""
    rows = []
    for month, when in enumerate(route.w.months):
        use, total = route.at(month, "ship.use"), route.carried(month).sum(axis=1)
        capacity = float(route.at(month, "effective_capacity.return"))
        rows.append(
            (
                when,
                goods_cell(capacity),
                *(goods_cell(float(one)) for one in total),
                *(share(float(one)) for one in use),
                few_digits(route.shadow[month]),
            )
        )
    heads = (
        said("printed.figure.month"),
        tell("head.capacity"),
        *(tell("head.from", who=name(end)) for end in route.ends),
        *(tell("head.used_from", who=name(end)) for end in route.ends),
        tell("head.worth"),
    )
    return Table(tell("table.route"), heads, tuple(rows))

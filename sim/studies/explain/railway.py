"""What a route did: how much it could carry and why, what it carried, who waited, and what it was worth."""

import numpy as np

from sim.analysis.ledger import NOTHING, PRODUCT, SUM, Explanation, Ledger, Part, Table
from sim.results.witness import Witness
from sim.scenario.names import DIRECTIONS, GOODS, ROUTES
from sim.studies.explain.flows import HOW, Flow
from sim.studies.explain.words import GOODS as GOOD_WORDS
from sim.studies.explain.words import amount, change, count, few_digits, goods, listed, money, month_name, name, share

TITLES = {"khasan": "the railway at Khasan", "rajin": "the sea route from Rajin", "dandong": "the way through Dandong"}


class Route:
    """One route of a world."""

    def __init__(self, w: Witness, route: str) -> None:
        self.w, self.route, self.number = w, route, list(ROUTES).index(route)
        self.ends = ROUTES[route]

    @property
    def title(self) -> str:
        """Return what the route is called."""
        return TITLES.get(self.route, f"the route {self.route} between {name(self.ends[0])} and {name(self.ends[1])}")

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
            Part("as laid out", start, "as laid out"),
            Part("built", built / start if start > 0.0 else 1.0, "what was built or fell into decay"),
            Part("open", float(self.at(month, "effective_capacity.is_open")), "whether it is open"),
            Part("season", float(self.at(month, "effective_capacity.season")), "winter"),
            Part("border", float(self.at(month, "effective_capacity.regime")), "the border regime of North Korea"),
        )
        value = float(self.at(month, "effective_capacity.return"))
        return Ledger("capacity in each direction", "kt/month", value, PRODUCT, parts)

    def cargo(self, month: int) -> Ledger:
        """Return what was carried, by good and direction."""
        carried = self.carried(month)
        parts = tuple(
            Part(
                f"{good} {way}",
                float(carried[d, g]),
                f"{GOOD_WORDS[good]} from {name(self.ends[d])} to {name(self.ends[1 - d])}",
            )
            for d, way in enumerate(DIRECTIONS)
            for g, good in enumerate(GOODS)
        )
        return Ledger("cargo carried", "kt/month", float(self.at(month, "ship.load").sum()), SUM, parts)


def month_of(route: Route) -> tuple[int, str]:
    """Return the month in which the cargo changed most, and why it is chosen."""
    total = route.total
    if not route.is_open.any():
        return len(total) - 1, "the last month; it was shut in all of them"
    if len(total) == 1 or not np.abs(np.diff(total)).max() > NOTHING:
        return len(total) - 1, "the last month, for nothing changed"
    return int(np.argmax(np.abs(np.diff(total)))) + 1, "the month in which its cargo changed most"


def explain(w: Witness, route: str, month: int, other: Witness | None = None) -> Explanation:
    """Explain what a route did; `other` is the same world with the route shut in every month, or open if it is shut."""
    one = Route(w, route)
    told = sentences(one, month)
    if other is not None:
        told.append(_otherwise(one, other))
    ledgers = (one.cargo(month).checked(), one.capacity(month).checked())
    return Explanation(f"What did {one.title} do?", "", tuple(told), ledgers, (months_table(one),))


def sentences(route: Route, month: int) -> list[str]:
    """Return the answer: cargo, what changed it, capacity, what waited, how often."""
    if not route.is_open.any():
        months = count(len(route.total), "month")
        return [
            f"It carried nothing, for it was shut in all {months} of this world (`routes.{route.route}.open` is 0).",
            "A route that is shut has no cargo waiting for it. What room there would be worth is not seen in this "
            "world, but in the same world with it open.",
        ]
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
    good, start, end = GOODS[g], route.ends[d], route.ends[1 - d]
    way = "more" if apart[d, g] > 0.0 else "less"
    told = (
        f"What changed most since the month before was {GOOD_WORDS[good]} from {name(start)} to {name(end)}: "
        f"{amount(abs(float(apart[d, g])), 'kt')} {way}"
    )
    flow = Flow(route.w, (start, end, good))
    was, now = flow.shipped(month - 1), flow.shipped(month)
    pairs = [(part, old.value) for part, old in zip(now.parts, was.parts, strict=True)]
    pairs = sorted((pair for pair in pairs if abs(pair[0].value - pair[1]) > NOTHING), key=_apart)[-2:][::-1]
    parts = [f"{goods(abs(part.value), good)} {HOW[part.name]}, after {goods(abs(old), good)}" for part, old in pairs]
    whole = f"On all routes {goods(now.value, good)} of it were shipped after {goods(was.value, good)}"
    bounds = [flow.bound_words(one) for one in (month - 1, month)]
    bound = f"What bound it was {bounds[1]}" + (
        ", as the month before" if bounds[0] == bounds[1] else f"; the month before it was {bounds[0]}"
    )
    return [f"{told}. {whole}{f': {listed(parts)}' if parts else ''}. {bound}."]


def _apart(pair: tuple[Part, float]) -> float:
    return abs(pair[0].value - pair[1])


def _carried(route: Route, month: int) -> str:
    cargo, when = route.cargo(month), month_name(route.w.months[month])
    told = [f"{amount(part.value, 'kt')} of {part.words}" for part in cargo.by_size if part.value > NOTHING]
    if not told:
        return f"In {when} {route.title} carried nothing."
    before = f", after {amount(route.total[month - 1], 'kt')} the month before" if month else ""
    return f"In {when} {route.title} carried {amount(cargo.value, 'kt')}{before}: {listed(told)}."


def _capacity(route: Route, month: int) -> str:
    ledger = route.capacity(month)
    if ledger.part("open") <= 0.0:
        return "It was shut in that month."
    told = [f"{part.words} ({change(part.value)})" for part in ledger.parts[1:] if abs(part.value - 1.0) >= 0.005]
    by = f", changed by {listed(told)}" if told else ""
    use = route.at(month, "ship.use")
    full = " and ".join(f"{share(float(use[d]))} out of {name(end)}" for d, end in enumerate(route.ends))
    return (
        f"It could carry {amount(ledger.value, 'kt')} a month each way "
        f"({amount(ledger.part('as laid out'), 'kt')} as laid out{by}). "
        f"Room in use, empty wagons or ships on their way back included: {full}."
    )


def _waited(route: Route, month: int) -> str:
    shadow = route.shadow[month]
    if not route.is_open[month]:
        return "Shut as it was, it says nothing of what room there would have been worth."
    if shadow <= NOTHING:
        return "No cargo was left waiting for it, so more room would have been worth nothing in that month."
    return (
        f"Cargo was left waiting: room for another thousand tonnes would have been worth {money(shadow)} in that month."
    )


def _over_all(route: Route) -> str:
    total, shadow = route.total, route.shadow
    by_good = np.sum([route.carried(month).sum(axis=0) for month in range(len(total))], axis=0)
    told = listed(
        [
            f"{amount(float(by_good[g]), 'kt')} of {GOOD_WORDS[good]}"
            for g, good in enumerate(GOODS)
            if by_good[g] > NOTHING
        ]
    )
    which = f": {told}" if told else ""
    waiting, shut = int((shadow > NOTHING).sum()), int((~route.is_open).sum())
    closed = f"It was shut in {shut} of them. " if shut else ""
    return (
        f"Over the {count(len(total), 'month')} of this world it carried {amount(float(total.sum()), 'kt')}{which}. "
        f"{closed}Cargo was left waiting in {waiting or 'none'} of them."
    )


OUTCOMES = (
    ("shells_delivered", 1e-3, "{:.2f} million shells delivered to Russia"),
    ("oil_delivered", 1.0, "{:,.0f} thousand barrels of fuel delivered to North Korea"),
    ("technology", 1.0, "{:.1f} points of technology received by North Korea"),
)


def outcomes(w: Witness) -> tuple[float, ...]:
    """Return shells, fuel and technology of a whole world, in the units of `OUTCOMES`."""
    shells = float(w.ds["shells_delivered"].values[-1, 0]) * 1e-3
    oil = float(w.ds["oil_delivered"].values.sum())
    points = float(w.ds["transfer"].sel(country="RUS", partner="PRK").sum())
    return shells, oil, points


def _otherwise(route: Route, other: Witness) -> str:
    mine, others = (
        [words.format(value) for (_, _, words), value in zip(OUTCOMES, of, strict=True)]
        for of in (outcomes(route.w), outcomes(other))
    )
    here, there = ("With it", "shut") if route.is_open.any() else ("Without it", "open")
    return (
        f"{here} the world ends with {listed(mine)}. With {route.title} {there} from the first month on, and the "
        f"same chance, it ends with {listed(others)}."
    )


def months_table(route: Route) -> Table:
    """Return every month of the route."""
    rows = []
    for month, when in enumerate(route.w.months):
        use, total = route.at(month, "ship.use"), route.carried(month).sum(axis=1)
        capacity = float(route.at(month, "effective_capacity.return"))
        rows.append(
            (
                when,
                f"{capacity:.1f}",
                *(f"{one:.1f}" for one in total),
                *(share(float(one)) for one in use),
                few_digits(route.shadow[month]),
            )
        )
    ways = [f"from {name(end)}" for end in route.ends]
    heads = ("month", "capacity", *ways, *(f"room used {way}" for way in ways), "worth of one more, MUSD")
    return Table("Every month, thousand tonnes", heads, tuple(rows))

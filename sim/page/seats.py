"""Seats of the page: what a country is asked to reach, and what a player who sits there may order and decide.

Only what bites is offered: `seats.csv` holds, for every order and act, by how many standard deviations it moves the
goals of its seat; `python -m benchmarks.seats` measures it.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.analysis.measures import is_whole
from sim.page.pictures import Part
from sim.scenario.decision import as_event
from sim.scenario.names import COUNTRIES
from sim.scenario.options import OPTIONS
from sim.scenario.parameters import PARAMETERS, SWITCH

LEAST = 0.2
"""Standard deviations between worlds by which an order or an act must move a goal to be offered."""
UNFELT = 0.05
"""Standard deviations below which a single step of an order is left out."""
A_SPREAD = 25
"""Points for a goal that ends better by one standard deviation between worlds, times its weight."""
QUARTERS, QUARTER = 8, 3
"""Quarters of a game at most, and the months of one: two years fit a lesson."""
SECRET_ACTS = ("aid", "oil_beyond_cap")
"""Acts that nobody but who decides on them sees; all others are public."""
MEASURED = Path(__file__).with_name("seats.csv")
COLUMNS = ("seat", "kind", "lever", "step", "goal", "effect")


@dataclass(frozen=True)
class Goal:
    """A number of a mission card: a sum of recorded numbers, over the months played."""

    key: str
    "Key of its texts, `goal.KEY`; several seats may share one."
    unit: str
    parts: tuple[Part, ...]
    how: str
    "`last` month, `mean` or `total` of the months played."
    better: int
    "1 if more is better, -1 if less."
    weight: int
    "Points of 100 on the card."
    hidden: bool = False
    "Whether the seat learns it only at the end."
    over: tuple[Part, ...] = ()

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        fields = ("key", "unit", "how", "better", "weight", "hidden")
        lists = {"parts": [one.plain for one in self.parts], "over": [one.plain for one in self.over]}
        whole = self.how != "mean" and all(is_whole(part.name) for part in (*self.parts, *self.over))
        return {name: getattr(self, name) for name in fields} | lists | {"whole": whole}


@dataclass(frozen=True)
class Order:
    """A standing order: a parameter in three or so steps, one of which leaves it as it is."""

    key: str
    steps: tuple[tuple[str, str, float], ...]
    "Name of the step (`order.step.NAME`), `value` or `factor`, and its size; the usual step is not among them."

    def plain(self, felt: Mapping[str, float]) -> dict[str, Any]:
        """Return it as JSON takes it, with the steps that move a goal; `felt` is by how much each does."""
        steps = [
            {"name": name, "how": how, "size": size} for name, how, size in self.steps if felt.get(name, 0.0) >= UNFELT
        ]
        return {"key": self.key, "steps": steps, "switch": PARAMETERS[self.key].unit == SWITCH}


@dataclass(frozen=True)
class Seat:
    """One country: its mission and its standing orders; its acts are all options of which it is the actor."""

    goals: tuple[Goal, ...]
    orders: tuple[Order, ...]
    own: tuple[tuple[str, str, tuple[Part, ...]], ...]
    "Numbers of its own that the seat is shown: key of the text `own.KEY`, unit, parts."


BANS = (("half_banned", "value", 0.5), ("banned", "value", 1.0))
RELIEF = (("freed", "value", -1.0),)


def _low(key: str, factor: float) -> tuple[str, str, float]:
    return key, "factor", factor


TIER = (Part("tier_released"),)
SHELLS = (Part("shells_delivered", weight=0.001),)
LACKING = (Part("shortage", ("PRK", "food"), 100.0),)
NEEDED = (Part("requirement", ("PRK", "food")),)


def _stock(code: str) -> tuple[str, str, tuple[Part, ...]]:
    return "stock", "krounds", (Part("stock", (code, "ammunition")),)


SEATS: Mapping[str, Seat] = {
    "RUS": Seat(
        (
            Goal("shells", "Mrounds", SHELLS, "last", 1, 35),
            Goal("tier", "1", TIER, "last", -1, 25),
            Goal("trust_prk", "1", (Part("trust", ("PRK", "RUS")),), "last", 1, 20),
            Goal("prestige", "1", (Part("prestige", ("RUS",)),), "mean", 1, 20),
        ),
        (
            Order("routes.rajin.open", (("open", "value", 1.0),)),
            Order("restrictions.RUS.PRK.technology", BANS),
            Order("restrictions.RUS.PRK.energy", BANS),
            Order("RUS.ammunition.plan", (_low("half", 0.5), ("double", "factor", 2.0))),
        ),
        (_stock("RUS"), ("shortage_fire", "krounds/month", (Part("shortage", ("RUS", "ammunition")),))),
    ),
    "PRK": Seat(
        (
            Goal("tier", "1", TIER, "last", 1, 30),
            Goal("hunger", "%", LACKING, "mean", -1, 25, over=NEEDED),
            Goal("prestige", "1", (Part("prestige", ("PRK",)),), "mean", 1, 20),
            Goal("dependence_chn", "1", (Part("dependence", ("PRK", "CHN")),), "mean", -1, 25),
        ),
        (
            Order("border.target", (("nearly_shut", "value", 0.15), ("half_open", "value", 0.5))),
            Order("restrictions.PRK.RUS.ammunition", BANS),
            Order("restrictions.PRK.CHN.food", BANS),
            Order("restrictions.PRK.CHN.energy", BANS),
            Order("PRK.ammunition.plan", (_low("half", 0.5), ("double", "factor", 2.0))),
        ),
        (_stock("PRK"), ("money", "MUSD", (Part("money", ("PRK",)),))),
    ),
    "USA": Seat(
        (
            Goal("fire", "1", (Part("fire_ratio"),), "mean", -1, 30),
            Goal("tier", "1", TIER, "last", -1, 25, hidden=True),
            Goal("coordination", "1", (Part("coordination"),), "last", 1, 20),
            Goal("stock_usa", "krounds", (Part("stock", ("USA", "ammunition")),), "last", 1, 25),
        ),
        (
            Order("war.usa_aid", (("none", "value", 0.0), _low("half", 0.5), ("double", "factor", 2.0))),
            Order("sanctions.pressure", (_low("half", 0.5), ("half_more", "factor", 1.5))),
            Order("restrictions.USA.PRK.food", RELIEF),
            Order("restrictions.USA.PRK.energy", RELIEF),
            Order("monitoring.coalition", (_low("half", 0.5), ("half_more", "factor", 1.5))),
        ),
        (_stock("USA"), ("threat", "1", (Part("threat", ("USA",)),))),
    ),
    "KOR": Seat(
        (
            Goal("threat_kor", "1", (Part("threat", ("KOR",)),), "mean", -1, 35),
            Goal("tier", "1", TIER, "last", -1, 30, hidden=True),
            Goal("tests", "tests", (Part("tests"),), "total", -1, 20),
            Goal("fire", "1", (Part("fire_ratio"),), "mean", -1, 15),
        ),
        (
            Order("war.lethal_aid", (_low("half", 0.5), ("double", "factor", 2.0))),
            Order("restrictions.KOR.PRK.food", RELIEF),
            Order("restrictions.KOR.PRK.energy", RELIEF),
            Order("restrictions.KOR.RUS.energy", RELIEF),
        ),
        (_stock("KOR"), ("money", "BUSD", (Part("money", ("KOR",), 0.001),))),
    ),
    "JPN": Seat(
        (
            Goal("tests", "tests", (Part("tests"),), "total", -1, 35),
            Goal("threat_jpn", "1", (Part("threat", ("JPN",)),), "mean", -1, 35),
            Goal("coordination", "1", (Part("coordination"),), "last", 1, 30),
        ),
        (
            Order("restrictions.JPN.PRK.food", RELIEF),
            Order("restrictions.JPN.PRK.energy", RELIEF),
            Order("restrictions.JPN.RUS.energy", RELIEF),
        ),
        (("money", "BUSD", (Part("money", ("JPN",), 0.001),)),),
    ),
    "CHN": Seat(
        (
            Goal("dependence_chn", "1", (Part("dependence", ("PRK", "CHN")),), "mean", 1, 30),
            Goal("hunger", "%", LACKING, "mean", -1, 20, hidden=True, over=NEEDED),
            Goal("coordination", "1", (Part("coordination"),), "last", -1, 25),
            Goal("threat_chn", "1", (Part("threat", ("CHN",)),), "mean", -1, 25),
        ),
        (
            Order("aid.pipeline", (("none", "value", 0.0), ("full", "value", 43.75))),
            Order("aid.food", (("none", "value", 0.0), ("double", "factor", 2.0))),
            Order("restrictions.CHN.PRK.energy", (*BANS, *RELIEF)),
            Order("restrictions.CHN.PRK.food", (*BANS, *RELIEF)),
            Order("restrictions.CHN.RUS.ammunition", BANS),
        ),
        (_stock("CHN"), ("owed_prk", "MUSD", (Part("balance", ("CHN", "PRK")),))),
    ),
}


@cache
def effects() -> Mapping[tuple[str, str, str], float]:
    """Return by seat, kind (`order` or `act`) and lever the largest effect on a goal, in standard deviations."""
    found: dict[tuple[str, str, str], float] = {}
    with MEASURED.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            key = line["seat"], line["kind"], line["lever"]
            found[key] = max(found.get(key, 0.0), abs(float(line["effect"])))
    return found


def acts(code: str) -> list[int]:
    """Return the options on which a country decides."""
    return [number for number, option in enumerate(OPTIONS) if option.actor == code]


def changes(code: str, first: str, months: int) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield all that a seat could order or decide from a month on: kind, lever, step, and the event that does it."""
    for order in SEATS[code].orders:
        for name, how, size in order.steps:
            value: Any = bool(size) if PARAMETERS[order.key].unit == SWITCH else size
            yield "order", order.key, name, {"month": first, "key": order.key, how: value, "why": "An order."}
    for number in acts(code):
        for what in ("asked", "refused"):
            event = as_event(OPTIONS[number], what, first) | {"duration": months, "why": "An answer."}
            yield "act", OPTIONS[number].label, what, event


def _felt(code: str, lever: str) -> Mapping[str, float]:
    """Return the largest effect of each step of an order on a goal, in standard deviations."""
    found: dict[str, float] = {}
    with MEASURED.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if (line["seat"], line["kind"], line["lever"]) == (code, "order", lever):
                found[line["step"]] = max(found.get(line["step"], 0.0), abs(float(line["effect"])))
    return found


def _bites(code: str, kind: str, lever: str) -> bool:
    return effects().get((code, kind, lever), 0.0) >= LEAST


def alone(code: str) -> tuple[float, float]:
    """Return the fewest and most points that one step of what is offered, held all through, adds to the model's."""
    share = {goal.key: goal.better * goal.weight / 100 for goal in SEATS[code].goals}
    points: dict[tuple[str, str], float] = {}
    with MEASURED.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["seat"] == code and _bites(code, line["kind"], line["lever"]):
                step = line["lever"], line["step"]
                points[step] = points.get(step, 0.0) + A_SPREAD * share[line["goal"]] * float(line["effect"])
    return min(points.values(), default=0.0), max(points.values(), default=0.0)


def seats() -> dict[str, Any]:
    """Return all that the page needs to know of seats; one without orders and acts that bite is not offered."""
    found = []
    for code in COUNTRIES:
        seat = SEATS[code]
        orders = [order.plain(_felt(code, order.key)) for order in seat.orders if _bites(code, "order", order.key)]
        chosen = [number for number in acts(code) if _bites(code, "act", OPTIONS[number].label)]
        own = [{"key": key, "unit": unit, "parts": [one.plain for one in parts]} for key, unit, parts in seat.own]
        goals = [goal.plain for goal in seat.goals]
        ends = [round(points) for points in alone(code)]
        found.append({"code": code, "goals": goals, "orders": orders, "acts": chosen, "own": own, "alone": ends})
    options = [{"act": one.act, "actor": one.actor, "partners": list(one.partners)} for one in OPTIONS]
    secret = [number for number, one in enumerate(OPTIONS) if one.act in SECRET_ACTS]
    rules = {"quarters": QUARTERS, "quarter": QUARTER, "spread": A_SPREAD}
    return {"seats": found, "options": options, "secret": secret, **rules}

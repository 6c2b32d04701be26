"""The table of everything a run records: name, dimensions, unit, meaning, precision on disk.

`world` is always the last dimension. A value is the state at the end of its month, a rate the amount of that
month. In a unit, `{good}` is the unit of the good (krounds for ammunition, kt for food and energy).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.scenario.names import GOODS, UNITS

COUNTRY = ("month", "country", "world")
COUNTRY_GOOD = ("month", "country", "good", "world")
LANE = ("month", "country", "partner", "good", "world")
PAIR = ("month", "country", "partner", "world")
ROUTE = ("month", "route", "world")
WAY = ("month", "route", "direction", "world")
WAY_GOOD = ("month", "route", "direction", "good", "world")
SYSTEM = ("month", "world")
OPTION = ("month", "option", "world")


@dataclass(frozen=True)
class Variable:
    """One recorded quantity."""

    dims: tuple[str, ...]
    unit: str
    long_name: str
    disk: str = "f8"
    "Type on disk: f8, f4 (large arrays, seven digits) or i1 (codes and yes/no)."

    @property
    def units(self) -> str:
        """Unit as one text; where it depends on the good, the unit of each good."""
        if "{good}" not in self.unit:
            return self.unit
        return ", ".join(f"{self.unit.format(good=UNITS[good])} ({good})" for good in GOODS)


def _rows(dims: tuple[str, ...], disk: str, rows: Mapping[str, tuple[str, str]]) -> dict[str, Variable]:
    return {name: Variable(dims, unit, meaning, disk) for name, (unit, meaning) in rows.items()}


VARIABLES: Mapping[str, Variable] = {
    **_rows(
        COUNTRY_GOOD,
        "f8",
        {
            "stock": ("{good}", "stock at the end of the month"),
            "production": ("{good}/month", "production"),
            "consumption": ("{good}/month", "consumption (for ammunition: firing and training)"),
            "requirement": ("{good}/month", "requirement: what would be used if there were enough"),
            "shortage": ("{good}/month", "shortage: requirement not met"),
            "imports": ("{good}/month", "arrivals from the five other countries"),
            "exports": ("{good}/month", "shipments to the five other countries"),
            "world_imports": ("{good}/month", "purchases on the rest-of-world market"),
            "world_exports": ("{good}/month", "sales on the rest-of-world market"),
            "lost": ("{good}/month", "lost: spoiled, faulty or seized"),
            "cover": ("months", "cover: stock over monthly requirement"),
            "marginal_value": ("MUSD/{good}", "value of one more unit to the country"),
        },
    ),
    "technology": Variable(("month", "country", "tier", "world"), "points", "technology level, 0 to 100"),
    "transfer": Variable(
        ("month", "country", "partner", "tier", "world"), "points/month", "technology passed on", "f4"
    ),
    **_rows(
        LANE,
        "f4",
        {
            "ordered": ("{good}/month", "volume agreed"),
            "shipped": ("{good}/month", "volume put on a route"),
            "delivered": ("{good}/month", "volume arrived"),
            "seized": ("{good}/month", "volume seized on the way"),
            "in_transit": ("{good}", "volume under way at the end of the month"),
            "queue": ("{good}", "volume waiting for a route at the end of the month"),
            "price": ("MUSD/{good}", "agreed price (missing without trade)"),
        },
    ),
    "binding": Variable(LANE, "1", "what bound the volume agreed and shipped", "i1"),
    **_rows(
        PAIR,
        "f8",
        {
            "balance": ("MUSD", "clearing balance: what the partner owes the country"),
            "credit_line": ("MUSD", "credit line that the country grants the partner"),
            "cash": ("MUSD/month", "paid to the country in money by the partner"),
            "cash_share": ("1", "share of what is due that the partner pays in money, 0 to 1"),
            "in_kind": ("MUSD/month", "paid to the country in other goods by the partner"),
            "other_imports": ("MUSD/month", "other imports that the country buys of the partner"),
            "trust": ("1", "trust, 0 to 1"),
            "alignment": ("1", "alignment, -1 to 1"),
            "gain": ("MUSD/month", "gain of the country from trade with the partner"),
            "dependence": ("1", "share of the country's imports that come from the partner"),
            "practical": ("1", "practical cooperation index, 0 to 1"),
            "symbolic": ("1", "symbolic cooperation index, 0 to 1"),
        },
    ),
    **_rows(
        COUNTRY,
        "f8",
        {
            "threat": ("1", "perceived threat, 0 to 1"),
            "prestige": ("1", "prestige, 0 to 1"),
            "isolation": ("1", "isolation, 0 to 1"),
            "access": ("1", "access to the world market, 0 to 1"),
            "money": ("MUSD", "hard currency"),
            "dollar": ("1", "marginal value of a dollar to the country; 1 in ordinary times"),
            "other_from_world": ("MUSD/month", "other imports bought outside the six"),
            "other_met": ("1", "share of the requirement of other imports that is met, 0 to 1"),
            "pressure": ("1", "sanctions pressure on the country, 0 to 1"),
            "seen": (
                "1",
                "activity of the other bloc, and sanctions on itself, as the country sees them, about 0 to 1.5",
            ),
            "want": ("1", "want: remembered share of people that lack food, energy or both, 0 to 1"),
        },
    ),
    "score": Variable(
        ("month", "country", "goal", "world"), "1", "how far the country's own goal is met, 0 to 1, higher is better"
    ),
    "score_unopened": Variable(
        ("country", "goal", "world"),
        "1",
        "score in the last month of the same world with the lanes of its main pair shut, "
        "Russia and North Korea by default (missing from world 256 on)",
    ),
    **_rows(
        ROUTE,
        "f8",
        {
            "route_capacity": ("kt/month", "capacity of the route in each direction"),
            "route_shadow": ("MUSD/kt", "value of one more kt of capacity"),
        },
    ),
    **_rows(
        WAY,
        "f8",
        {
            "route_load": ("kt/month", "load carried"),
            "route_units": ("1/month", "wagons, sailings or batches that the load takes"),
            "route_queue": ("kt", "load waiting at the end of the month"),
            "route_use": ("1", "share of the capacity in use, by cargo and by returning empties"),
            "route_empties": ("kt/month", "room of the route that returning empties take"),
        },
    ),
    **_rows(
        WAY_GOOD,
        "f4",
        {
            "route_shipped": ("{good}/month", "volume put on the route"),
            "route_delivered": ("{good}/month", "volume arrived by the route"),
        },
    ),
    **_rows(
        SYSTEM,
        "f8",
        {
            "coordination": ("1", "coordination of USA, KOR and JPN, 0 to 1"),
            "monitoring": ("1", "monitoring of the sanctions, 0 to 1"),
            "war_intensity": ("1", "war intensity, 1 is the level of September 2023"),
            "fire": ("krounds/month", "Russian fire, 152 mm equivalent"),
            "ukraine_fire": ("krounds/month", "Ukrainian fire, 152 mm equivalent"),
            "fire_ratio": ("1", "Russian fire over Ukrainian fire"),
            "polarisation": ("1", "polarisation of the two blocs, 0 to 1"),
            "world_money": ("MUSD", "hard currency gained by the rest of the world since the start"),
            "tests": ("tests/month", "missile tests of PRK"),
            "shells_delivered": ("krounds", "shells delivered PRK to RUS since the start, faulty ones included"),
            "containers": ("containers", "container equivalents delivered PRK to RUS since the start"),
            "oil_delivered": ("kbbl/month", "refined oil equivalent delivered RUS to PRK"),
            "tier_released": ("1", "highest technology tier passed from RUS to PRK so far, 0 is none"),
            "import_share": ("1", "share of PRK shells in what Russia had available to fire"),
            "outside_ammunition": ("krounds/month", "ammunition bought by RUS from the outside supplier"),
        },
    ),
    "probability": Variable(OPTION, "1", "probability that the actor says yes", "f4"),
    "choice": Variable(OPTION, "1", "1: the actor said yes", "i1"),
    "outcome": Variable(OPTION, "1", "1: the act took place", "i1"),
    "terms": Variable(("month", "option", "term", "world"), "1", "named terms of the utility of saying yes", "f4"),
    "scheduled": Variable(("month", "option"), "1", "1: the scenario scheduled the act", "i1"),
    "parameters": Variable(("key", "world"), "unit of the key", "parameter value at the start"),
}


def unit_of(name: str, good: str | None = None) -> str:
    """Return the unit of a variable, for one good where it depends on the good."""
    variable = VARIABLES[name]
    return variable.unit.format(good=UNITS[good]) if good is not None else variable.units

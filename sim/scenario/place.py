"""Numbers of a month by name, as conditions and shocks write them: `kor.threat`, `prk.food.stock`, `rus_prk.trust`."""

from typing import NamedTuple

from sim.scenario.names import COUNTRIES, GOODS
from sim.scenario.parameters import nearest
from sim.scenario.recorded import COUNTRY, COUNTRY_GOOD, LANE, PAIR, SYSTEM, VARIABLES

NO_NUMBERS = ("binding", "price")
"""Variables that are no outcome: a code, and a price that is missing without trade."""


class Place(NamedTuple):
    """A number of each world in the array of a recorded variable."""

    variable: str
    owners: tuple[str, ...]
    "Codes of the country, or of the country and its partner; empty for a variable of the whole system."
    good: str

    @property
    def axes(self) -> tuple[int, ...]:
        """Positions on the axes before the worlds."""
        goods = (GOODS.index(self.good),) if self.good else ()
        return *(COUNTRIES.index(code) for code in self.owners), *goods


def place(name: str) -> Place:
    """Return the place of a name. Raises ValueError, with the rule and the nearest valid name."""
    text = name.strip()
    parts = [part.strip() for part in text.split(".")]
    if len(parts) == 1:
        known = of_dims(SYSTEM)
        if text in known:
            return Place(text, (), "")
        rule = f"write COUNTRY.VARIABLE, PAIR.VARIABLE, or one of {', '.join(known)}"
        raise ValueError(f"{text}: unknown variable{hint(text, known)}; {rule}")
    return dotted(text, parts)


def dotted(text: str, parts: list[str]) -> Place:
    """Return the place of `pair.variable`, `pair.good.variable`, `country.variable` or `country.good.variable`.

    Raises ValueError, with the rule and the nearest valid name.
    """
    owners = parts[0].upper().replace("-", "_").split("_")
    strange = [code for code in owners if code not in COUNTRIES]
    if strange or len(owners) > 2 or len(set(owners)) != len(owners):
        raise ValueError(f"{text}: {parts[0]} is no country and no pair such as rus_prk{hint(owners[0], COUNTRIES)}")
    good = parts[1] if len(parts) == 3 else ""
    if len(parts) > 3 or (good and good not in GOODS):
        raise ValueError(f"{text}: write {parts[0]}.GOOD.VARIABLE with a good of {', '.join(GOODS)}")
    dims = {(1, False): COUNTRY, (1, True): COUNTRY_GOOD, (2, False): PAIR, (2, True): LANE}[len(owners), bool(good)]
    known = of_dims(dims)
    if parts[-1] not in known:
        raise ValueError(
            f"{text}: unknown variable {parts[-1]!r}; here one of {', '.join(known)}{hint(parts[-1], known)}"
        )
    return Place(parts[-1], tuple(owners), good)


def of_dims(dims: tuple[str, ...]) -> list[str]:
    """Return the variables of these dimensions that are numbers."""
    return [name for name, variable in VARIABLES.items() if variable.dims == dims and name not in NO_NUMBERS]


def hint(wrong: str, names: list[str] | tuple[str, ...]) -> str:
    """Return ` (did you mean …?)` of the nearest name; empty if none is close."""
    near = nearest(wrong, names)
    return f" (did you mean {near}?)" if near else ""

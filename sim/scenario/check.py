"""Checks of single values: numbers with units and bounds, ranges, and the texts at the top of a file."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sim.scenario.case import CASE_KEYS
from sim.scenario.lines import Path as KeyPath
from sim.scenario.parameters import DISTRIBUTIONS, SWITCH, Parameter
from sim.scenario.problems import Problems, quoted, shown
from sim.scenario.setting import Setting

MOST_MONTHS = 360
MOST_WORLDS = 1_000_000_000
LARGEST_SEED = 2**63 - 1

MOST_IN_EXAMPLE = 30
"""Longest text, characters, that a message repeats as an example of what would be right."""

PARTS = ("value", "low", "high", "distribution")
"""Keys of a table that sets a parameter."""


def _printable(text: str) -> str:
    if not all(c.isprintable() or c in "\n\t" for c in text):
        raise ValueError("control characters are not allowed")
    return text


def is_month(text: str) -> bool:
    """Return whether a text is a month, YYYY-MM."""
    return re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", text, re.ASCII) is not None


def calendar_month(text: str) -> str:
    """Return a month such as 2023-09 unchanged. Raises ValueError if it is none."""
    if not is_month(text):
        raise ValueError('must be a month such as "2023-09"')
    return text


_Clean = AfterValidator(_printable)
_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), _Clean]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), _Clean]
Month = Annotated[str, AfterValidator(calendar_month)]
LONGEST_NAME = 60
"""Most characters of the name of an event or a policy."""
NAME = re.compile(rf"[\w ,.:+/()-]{{1,{LONGEST_NAME}}}")
"""Names that tables, Markdown and figures can all show unchanged."""
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), _Clean]


class Strict(BaseModel):
    """Base of models that accept only the named keys and convert no types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Head(Strict):
    """Keys at the top of a file that are not parameters; missing ones come from the scenario that it extends."""

    title: _Line
    question: Annotated[_Text, StringConstraints(min_length=1)]
    look_for: _Text = ""
    outcome: _Text = ""
    start: Month | None = None
    months: Annotated[int, Field(ge=1, le=MOST_MONTHS)] | None = None
    worlds: Annotated[int, Field(ge=1, le=MOST_WORLDS)] | None = None
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None


HEAD_KEYS = tuple(Head.model_fields)
TOP_KEYS = (*HEAD_KEYS, *CASE_KEYS, "extends", "events", "drop_events")
NUMBERS = ("months", "worlds", "seed")
MONTHS = ("start", "month", "until")


def wording(error: ValidationError) -> list[tuple[KeyPath, str, bool]]:
    """Return (key and place in its value, rule, whether the key is unknown) for each fault found by pydantic."""
    found = []
    for fault in error.errors(include_url=False, include_context=False):
        key = str(fault["loc"][0])
        rule = fault["msg"].removeprefix("Value error, ").replace("Input should", "must")
        rule = rule.replace("must be a valid integer", "must be a whole number").replace("String should", "must")
        rule = rule.replace("must be a valid string", "must be text in quotes")
        if fault["type"] == "list_type":
            rule = f"must be a list in brackets{_as_list(fault['input'])}"
        if key in MONTHS and isinstance(fault["input"], date):
            rule = 'must be a month in quotes such as "2023-09"'
        if fault["type"] == "missing":
            rule = "is missing"
        elif fault["type"] != "extra_forbidden":
            rule = f"{rule}, found {quoted(fault['input'])}"
        found.append(((key, *fault["loc"][1:]), rule, fault["type"] == "extra_forbidden"))
    return found


def _as_list(found: Any) -> str:
    """Return what a short text or number would be as a list, `such as ["CHN"]`."""
    short = isinstance(found, str | int) and not isinstance(found, bool) and len(str(found)) <= MOST_IN_EXAMPLE
    return f" such as [{quoted(found)}]" if short else ""


@dataclass(frozen=True)
class Spot:
    """Place of a value in a file, for messages and for its origin."""

    file: str
    line: int
    key: str
    origin: str
    problems: Problems
    lines: Callable[[KeyPath], int] | None = None
    """Returns the line of a part of the value; None where there are no lines."""

    def inside(self, *path: str | int) -> "Spot":
        """Return the place of a part of the value: of an entry of a list, or of a key of a table."""
        return replace(self, line=self.lines(path)) if self.lines else self

    def bad(self, rule: str, *, name: str = "", among: Iterable[str] = ()) -> None:
        """Add a problem with the value; the suggestion is the entry of `among` nearest to `name`."""
        self.problems.add(self.file, self.line, self.key, rule, name=name, among=among)


_NUMBER_AND_UNIT = re.compile(r"\s*([+-]?[\d_,]*\.?[\d_]*(?:[eE][+-]?\d+)?)\s*(.*?)\s*", re.DOTALL)


def number(raw: Any, row: Parameter, spot: Spot, what: str = "") -> float | None:
    """Return the number written as `raw`, in the unit of the parameter; None, with a problem added, if it is wrong."""
    name = f"{what} " if what else ""
    value: float | None
    if row.unit == SWITCH:
        if isinstance(raw, bool | int) and raw in (0, 1):
            return float(raw)
        spot.bad(f"{name}is a switch: must be true or false, found {quoted(raw)}")
        return None
    if row.choices:
        return _number_of(raw, row, spot)
    if isinstance(raw, str):
        value = _with_unit(raw, row, spot, name)
        if value is None:
            return None
    elif isinstance(raw, bool) or not isinstance(raw, int | float):
        spot.bad(f"{name}must be a number{_unit_of(row, ' in ')}, found {quoted(raw)}")
        return None
    else:
        value = finite(raw)
    if value is None or not math.isfinite(value):
        spot.bad(f"{name}must be a finite number, found {quoted(raw)}")
        return None
    if not row.min <= value <= row.max:
        spot.bad(f"{name}must lie in {row.min:.12g} .. {row.max:.12g}{_unit_of(row, ' ')}, found {value:.12g}")
        return None
    if row.steps and not value.is_integer():
        spot.bad(f"{name}is {row.steps}: must be a whole number from {row.min:g} to {row.max:g}, found {value:.12g}")
        return None
    return value


def first_again(names: Sequence[Any]) -> int:
    """Return the position of the first entry of a list that stood there before; that of the last without any."""
    return next((k for k, name in enumerate(names) if name in names[:k]), len(names) - 1)


def _number_of(name: Any, row: Parameter, spot: Spot) -> float | None:
    """Return the number of a name of a choice; add a problem and return None if it has no such name."""
    if isinstance(name, str) and name in row.choices:
        return float(row.choices.index(name))
    rule = f"must be one of {', '.join(row.choices)}, or a list of some of them, found {quoted(name)}"
    spot.bad(rule, name=shown(name) if isinstance(name, str) else "", among=row.choices)
    return None


def finite(raw: float) -> float | None:
    """Return the number as a float; None if it is not finite or too large."""
    try:
        value = float(raw)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _unit_of(row: Parameter, before: str) -> str:
    """Return the unit after the words `before`; nothing for a pure number."""
    return "" if row.unit == "1" else f"{before}{row.unit}"


def _with_unit(raw: str, row: Parameter, spot: Spot, name: str) -> float | None:
    """Return the number in text such as "20 kt/month"; add a problem and return None if it is wrong."""
    match = _NUMBER_AND_UNIT.fullmatch(raw[:200])
    try:
        value = float(match[1].replace("_", "")) if match else None
    except ValueError:
        value = None
    if match is None or value is None:
        spot.bad(f"{name}must be a number{_unit_of(row, ' in ')}, found {quoted(raw)}")
    elif not match[2]:
        spot.bad(f"{name}must be written without quotes{_unit_of(row, ', or with its unit ')}, found {quoted(raw)}")
    elif match[2] != row.unit:
        rule = "must be a pure number without unit" if row.unit == "1" else f"must be in {row.unit}"
        spot.bad(f"{name}{rule}, found the unit {quoted(match[2])}")
    else:
        return value
    return None


def setting(raw: Any, row: Parameter, before: Setting, spot: Spot) -> Setting:
    """Return the setting written as `raw`; add the problems and return `before` if it is wrong."""
    if row.choices:
        return _choice(raw, row, before, spot)
    if isinstance(raw, list) and not row.steps:
        spot.bad(f"must be a number{_unit_of(row, ' in ')}, found an array; a range is {{ low = 10, high = 20 }}")
        return before
    if not isinstance(raw, dict):
        value = number(raw, row, spot)
        return before if value is None else Setting(value, None, None, "fixed", spot.origin)
    known_before = len(spot.problems.found)
    for part in raw:
        if part not in PARTS:
            spot.inside(part).bad(f"has no part {quoted(part)}; it may have {', '.join(PARTS)}", name=part, among=PARTS)
    if not raw:
        spot.bad(f"needs a number, or a table of {', '.join(PARTS)}")
    if row.steps and any(part in raw for part in PARTS[1:]):
        instead = "write true or false" if row.unit == SWITCH else f"write one, {row.min:g} to {row.max:g}"
        spot.bad(f"is {row.steps} and can have no range; {instead}")
        return before
    numbers = {part: number(raw[part], row, spot.inside(part), part) for part in PARTS[:3] if part in raw}
    distribution = _distribution(raw, before, spot)
    if len(spot.problems.found) > known_before:
        return before
    return _range(numbers, distribution, row, before, spot)


def _choice(raw: Any, row: Parameter, before: Setting, spot: Spot) -> Setting:
    """Return the setting of a choice: a name, or names in a list among which worlds draw with equal odds."""
    names = raw if isinstance(raw, list) else [raw]
    place = spot.inside if isinstance(raw, list) else lambda _: spot
    numbers = [_number_of(name, row, place(k)) for k, name in enumerate(names[: 2 * len(row.choices)])]
    if not names:
        spot.bad(f"the list is empty; name some of {', '.join(row.choices)}")
    if not numbers or None in numbers:
        return before
    drawn = tuple(sorted(value for value in numbers if value is not None))
    if len(set(drawn)) < len(names):
        spot.inside(first_again(names)).bad("names a choice twice")
        return before
    if len(drawn) == 1:
        return Setting(drawn[0], None, None, "fixed", spot.origin)
    return Setting(drawn[0], None, None, "choice", spot.origin, drawn)


def _distribution(raw: Mapping[str, Any], before: Setting, spot: Spot) -> str:
    """Return the distribution asked for, or the one that low and high imply."""
    if "distribution" in raw:
        asked = raw["distribution"]
        if asked not in DISTRIBUTIONS:
            spot.inside("distribution").bad(
                f"distribution must be one of {', '.join(DISTRIBUTIONS)}, found {quoted(asked)}",
                name=shown(asked),
                among=DISTRIBUTIONS,
            )
            return before.distribution
        return str(asked)
    if "low" in raw or "high" in raw:
        return before.distribution if before.distribution != "fixed" else "uniform"
    return "fixed"


def _range(
    numbers: Mapping[str, float | None], distribution: str, row: Parameter, before: Setting, spot: Spot
) -> Setting:
    """Return a setting of checked numbers; add a problem and return `before` if they contradict one another."""
    value = numbers.get("value")
    central = before.value if value is None else value
    if ("low" in numbers) != ("high" in numbers):
        spot.bad("low and high go together")
        return before
    if distribution == "fixed":
        if "low" in numbers:
            spot.bad("a fixed value has no low and high")
            return before
        return Setting(central, None, None, "fixed", spot.origin)
    low, high = numbers.get("low", before.low), numbers.get("high", before.high)
    if low is None or high is None:
        spot.bad(f"a {distribution} range needs low and high")
    elif low >= high:
        spot.bad(f"low must be less than high, found low {low:.12g} and high {high:.12g}")
    elif not low <= central <= high:
        whose = "" if value is not None else f", which comes from {before.origin}"
        spot.bad(f"value must lie in low .. high, {low:.12g} .. {high:.12g}, found {central:.12g}{whose}")
    elif distribution == "loguniform" and low <= 0:
        spot.bad(f"a loguniform range must start above 0, found low {low:.12g}")
    else:
        return Setting(central, low, high, distribution, spot.origin)
    return before

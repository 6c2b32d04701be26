"""Levers: what moves a pattern, from dose 0 to dose 1.

The ends of a parameter are those of its range in the table where it has one. Other ends are counterfactuals that the
pattern names: a route shut, a weight of nothing, an act in every month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import ActEvent, Event

from .ensemble import DRAWN, SHORT, Changes, Range, Value, from_month

FAR = 10.0
"""Ends that differ by this factor are divided in equal ratios, nearer ones in equal steps."""
Arm = tuple[Changes, tuple[Event, ...]]


@dataclass(frozen=True)
class Lever:
    """Parameters that go from end to end. To an end that is `DRAWN` the range grows by degrees."""

    ends: Mapping[str, tuple[Value, Value]]

    def at(self, dose: float) -> Arm:
        """What is changed at a dose of 0 to 1."""
        return {key: _between(key, *ends, dose) for key, ends in self.ends.items()}, ()

    def __str__(self) -> str:
        if len(self.ends) > 3:
            return f"{len(self.ends)} parameters"
        return ", ".join(f"{key} {_word(a)} to {_word(b)}" for key, (a, b) in self.ends.items())


@dataclass(frozen=True)
class Later(Lever):
    """A parameter is multiplied, or set where its `ends` do not start from 1, from a month on."""

    month: int

    def at(self, dose: float) -> Arm:
        """What is changed at a dose of 0 to 1."""
        events = []
        for key, (a, b) in self.ends.items():
            assert isinstance(a, float)
            assert isinstance(b, float)
            now = a + (b - a) * dose
            how = {"factor": now} if a == 1.0 else {"value": now}
            events.append(from_month(self.month, key, **how))
        return {}, tuple(events)

    def __str__(self) -> str:
        return f"{super().__str__()} from month {self.month} on"


@dataclass(frozen=True)
class Prescribed:
    """An act that happens in no month, in some months spread evenly, in every month."""

    act: str
    actors: tuple[str, ...]
    months: int = SHORT

    def at(self, dose: float) -> Arm:
        """What is prescribed at a dose of 0 to 1."""
        count = round(dose * self.months)
        when = (int((k + 0.5) * self.months / count) for k in range(count))
        return {}, tuple(ActEvent(month, self.act, self.actors, "pattern test", "pattern test") for month in when)

    def __str__(self) -> str:
        return f"{self.act} of {' '.join(self.actors)} in 0 to {self.months} months"


def table(key: str, *, down: bool = False) -> Lever:
    """The table's own range, from low to high or down. Raises AssertionError where it has none."""
    row = PARAMETERS[key]
    assert row.low is not None, key
    assert row.high is not None, key
    return Lever({key: (row.high, row.low) if down else (row.low, row.high)})


def to(changes: Changes) -> Lever:
    """From what worlds draw to these values."""
    return Lever({key: (DRAWN, value) for key, value in changes.items()})


def back(changes: Changes) -> Lever:
    """From these values to what worlds draw."""
    return Lever({key: (value, DRAWN) for key, value in changes.items()})


def beyond(changes: Changes) -> list[str]:
    """Keys that are set outside the range that the table gives them."""
    found = []
    for key, value in changes.items():
        row = PARAMETERS[key]
        if isinstance(value, float | int) and row.low is not None and row.high is not None:
            found += [key] * (not row.low <= value <= row.high)
    return found


def _between(key: str, start: Value, end: Value, dose: float) -> Value:
    if dose in (0.0, 1.0):
        return end if dose else start
    a, b = _range(key, start), _range(key, end)
    far = min(*a, *b) > 0.0 and not 1.0 / FAR < b[1] / a[1] < FAR
    log = far or (min(*a, *b) > 0.0 and PARAMETERS[key].distribution == "loguniform")
    low, middle, high = (x * (y / x) ** dose if log else x + (y - x) * dose for x, y in zip(a, b, strict=True))
    return middle if low == high else (low, middle, high)


def _range(key: str, end: Value) -> Range:
    if isinstance(end, tuple):
        return end
    if end is not DRAWN:
        return end, end, end
    row = PARAMETERS[key]
    fixed = row.distribution == "fixed" or row.low is None or row.high is None
    return (row.value, row.value, row.value) if fixed else (row.low, row.value, row.high)


def _word(end: Value) -> str:
    return "as drawn" if end is DRAWN else f"{end:g}" if isinstance(end, float | int) else str(end)

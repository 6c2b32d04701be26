"""The events of a scenario in a block of worlds: which hold in a month, and how far a change has come in."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.scenario.event import ActEvent, Event, ParameterEvent
from sim.scenario.units import MONTHS_A_YEAR


@dataclass(frozen=True)
class Change:
    """A change of a parameter as it holds in a month."""

    event: ParameterEvent
    weight: Array
    "() or (worlds) share of the change that has come in, 0-1"

    def of(self, now: Array) -> Array:
        """Return the value of the parameter with this change, (worlds); `now` is its value without, (worlds)."""
        if self.event.value is not None:
            changed = np.full_like(now, float(self.event.value))
        else:
            changed = now * float(self.event.factor or 0.0)
        if (self.weight >= 1.0).all():
            return changed  # to the last bit, as a plain event has it
        return np.where(self.weight >= 1.0, changed, now + self.weight * (changed - now))

    def same_as(self, other: "Change") -> bool:
        """Return whether the other is this change, come as far."""
        return self.event is other.event and np.array_equal(self.weight, other.weight)


class Happenings:
    """The events of a scenario in a block of worlds."""

    def __init__(self, events: Sequence[Event] = ()) -> None:
        self.events = tuple(events)

    def changes(self, month: int) -> list[Change]:
        """Return the changes of parameters that hold in a month, in the order of the events; none before month 0."""
        found = []
        for event in self.events if month >= 0 else ():
            if isinstance(event, ParameterEvent):
                weight = came_in(event, month, self._begins(event))
                if weight.any():
                    found.append(Change(event, weight))
        return found

    def acts(self, month: int) -> Iterator[tuple[ActEvent, Array]]:
        """Yield the acts prescribed in a month, each with the worlds in which it happens, () or (worlds)."""
        for event in self.events if month >= 0 else ():
            if isinstance(event, ActEvent):
                happens = came_in(event, month, self._begins(event)) > 0.0
                if happens.any():
                    yield event, happens

    def without(self, keys: Collection[str]) -> "Happenings":
        """Return the same events but those that change one of these parameters."""
        return Happenings([e for e in self.events if not (isinstance(e, ParameterEvent) and e.key in keys)])

    def _begins(self, event: Event) -> Array:
        """Return the month in which an event begins, () or (worlds)."""
        return np.asarray(event.month)


def came_in(event: Event, month: int, begins: Array) -> Array:
    """Return the share of an event that has come in by a month, 0-1, of the shape of `begins`.

    `begins` is the month of the first occurrence. An act has come in, with 1, in its month alone.
    """
    timing = event.timing
    age = month - begins
    since = age % timing.every if timing.every else age
    holds = age >= 0
    if timing.season:
        holds = holds & ((timing.of_year - 1 + month - event.month) % MONTHS_A_YEAR + 1 in timing.season)
        begun = np.asarray(month)  # each month of the season is one for itself
    else:
        begun = month - since
    if timing.last is not None:
        holds = holds & (begun <= event.month + timing.last)
    if isinstance(event, ActEvent):
        happens = holds & (since == 0) if timing.every or not timing.season else holds
        return np.asarray(happens, dtype=float)
    if event.duration is not None:
        holds = holds & (since < event.duration)
    come = np.minimum((since + 1.0) / timing.over, 1.0) if timing.over else 1.0
    return np.where(holds, come, 0.0)


def occurrences(event: Event, months: int) -> list[int]:
    """Return the months from 0 to `months` - 1 in which an event begins, in all worlds, for the first time or again."""
    held = [0.0, *(float(came_in(event, month, np.asarray(event.month))) for month in range(months))]
    again = isinstance(event, ActEvent)
    return [month for month in range(months) if held[month + 1] > 0.0 and (again or held[month] == 0.0)]

"""The events of a scenario in a block of worlds: which hold in a month, where, and how far a change has come in."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Array
from sim.scenario.condition import Condition, parse
from sim.scenario.event import LASTING, ActEvent, DecisionEvent, Event, ParameterEvent, ShockEvent, is_drawn
from sim.scenario.options import OPTIONS, chosen, group_of
from sim.scenario.units import MONTHS_A_YEAR

NEVER = 1_000_000
"""Month in which an event begins in a world where it does not happen."""


@dataclass(frozen=True)
class Drawn:
    """What worlds have drawn of an event."""

    begins: Array
    "(worlds) month in which it begins, NEVER where it does not happen"
    size: Array | None
    "(worlds) its value, factor or amount; None if that is the same in all worlds"


@dataclass(frozen=True)
class Change:
    """A change of a parameter as it holds in a month."""

    event: ParameterEvent
    weight: Array
    "() or (worlds) share of the change that has come in, 0-1"
    size: Array | None
    "(worlds) value or factor; None if it is the same in all worlds"

    def of(self, now: Array) -> Array:
        """Return the value of the parameter with this change, (worlds); `now` is its value without, (worlds)."""
        if self.event.value is not None:
            changed = np.full_like(now, float(self.event.value)) if self.size is None else self.size
        else:
            changed = now * (float(self.event.factor or 0.0) if self.size is None else self.size)
        if (self.weight >= 1.0).all():
            return changed  # to the last bit, as a plain event has it
        return np.where(self.weight >= 1.0, changed, now + self.weight * (changed - now))

    def same_as(self, other: "Change") -> bool:
        """Return whether the other is this change, come as far."""
        return self.event is other.event and np.array_equal(self.weight, other.weight)


class Happenings:
    """The events of a scenario in a block of worlds.

    drawn holds what the worlds have drawn, by the name of the event. Raises KeyError for a drawn event that is missing.
    """

    def __init__(self, events: Sequence[Event] = (), drawn: Mapping[str, Drawn] | None = None) -> None:
        self.events, self.drawn = tuple(events), drawn or {}
        found = [self.drawn[event.name] if is_drawn(event) else None for event in self.events]
        self._sizes = [one.size if one else None for one in found]
        self._begins = [one.begins if one else np.asarray(e.month) for e, one in zip(self.events, found, strict=True)]
        self._waiting: dict[int, tuple[Condition, Array]] = {}
        for k, event in enumerate(self.events):
            if event.timing.when:
                self._waiting[k] = parse(event.timing.when), self._begins[k] < NEVER
                self._begins[k] = np.asarray(NEVER)

    @property
    def conditions(self) -> list[Condition]:
        """Conditions of if-then events."""
        return [condition for condition, _ in self._waiting.values()]

    def decide(self, month: int, values: Mapping[str, Array]) -> None:
        """Let the if-then events begin whose condition the month before has met, for the first time in a world.

        values are the names of the conditions, each (worlds), as recorded in the month before.
        """
        for k, (condition, waiting) in self._waiting.items():
            event = self.events[k]
            last = NEVER if event.timing.last is None else event.month + event.timing.last
            if max(event.month, 1) <= month <= last:
                met = condition.holds(values) & waiting
                self._begins[k] = np.where(met, month + event.timing.delay, self._begins[k])
                self._waiting[k] = condition, waiting & ~met

    def changes(self, month: int) -> list[Change]:
        """Return the changes of parameters that hold in a month, in the order of the events; none before month 0."""
        found = []
        for k, event in enumerate(self.events if month >= 0 else ()):
            if isinstance(event, ParameterEvent):
                weight = came_in(event, month, self._begins[k])
                if weight.any():
                    found.append(Change(event, weight, self._sizes[k]))
        return found

    def acts(self, month: int) -> Iterator[tuple[ActEvent, Array]]:
        """Yield the acts prescribed in a month, each with the worlds in which it happens, () or (worlds)."""
        for event, happens, _ in self._momentary(month):
            if isinstance(event, ActEvent):
                yield event, happens

    def shocks(self, month: int) -> Iterator[tuple[ShockEvent, Array, Array | float]]:
        """Yield the shocks of a month with the worlds that they hit, () or (worlds), and factor or amount."""
        for event, happens, size in self._momentary(month):
            if isinstance(event, ShockEvent):
                same = event.factor if event.add is None else event.add
                yield event, happens, float(same or 0.0) if size is None else size

    def _momentary(self, month: int) -> Iterator[tuple[Event, Array, Array | None]]:
        for k, event in enumerate(self.events if month >= 0 else ()):
            if not isinstance(event, LASTING):
                happens = came_in(event, month, self._begins[k]) > 0.0
                if happens.any():
                    yield event, happens, self._sizes[k]

    def decisions(self, month: int) -> tuple[Array, Array, Array]:
        """Return what the scenario says of each option in a month: scheduled, ruling, willingness; none before month 0.

        Ruling is -1 for refused, 0 for left to the model and 1 for asked, and who is asked and refuses refuses.
        Willingness is added to the utility. Each is (option, worlds), or (option, 1) where worlds do not differ.
        """
        scheduled, asked, refused = (np.zeros((len(OPTIONS), 1), dtype=bool) for _ in range(3))
        willingness = np.zeros((len(OPTIONS), 1))
        for act, happens in self.acts(month):
            scheduled = scheduled | (_mask(group_of(act.act, *act.actors)) & happens)
        for k, event in enumerate(self.events if month >= 0 else ()):
            if not isinstance(event, DecisionEvent):
                continue
            weight, rows = came_in(event, month, self._begins[k]), _mask(chosen(event.act, event.by, event.partners))
            asked = asked | (rows & (weight > 0.0) & (event.what == "asked"))
            refused = refused | (rows & (weight > 0.0) & (event.what == "refused"))
            size = self._sizes[k]
            willingness = willingness + rows * weight * (float(event.add or 0.0) if size is None else size)
        return scheduled, np.where(refused, -1.0, asked), willingness

    def scheduled(self, month: int) -> Array:
        """Return which options the scenario prescribes in a month in all worlds, (option)."""
        found = np.zeros(len(OPTIONS), dtype=bool)
        for event, happens in self.acts(month):
            if happens.ndim == 0:
                found[list(group_of(event.act, *event.actors))] = True
        return found

    def without(self, keys: Collection[str] = ()) -> "Happenings":
        """Return the same events, none begun by a condition yet, but those that change one of these parameters."""
        kept = [e for e in self.events if not (isinstance(e, ParameterEvent) and e.key in keys)]
        return Happenings(kept, self.drawn)


def _mask(rows: Sequence[int]) -> Array:
    """Return which options these rows are, (option, 1)."""
    return np.isin(np.arange(len(OPTIONS)), rows)[:, None]


def came_in(event: Event, month: int, begins: Array) -> Array:
    """Return the share of an event that has come in by a month, 0-1, of the shape of `begins`.

    `begins` is the month of the first occurrence. What does not last has come in, with 1, in its month alone.
    """
    timing = event.timing
    age = month - begins
    since = age % timing.every if timing.every else age
    holds = age >= 0
    if timing.season:
        holds = holds & ((timing.of_year - 1 + month - event.month) % MONTHS_A_YEAR + 1 in timing.season)
    if timing.last is not None and not timing.when:
        begun = month if timing.season else month - since  # each month of a season is one for itself
        holds = holds & (begun <= event.month + timing.last)
    if not isinstance(event, LASTING):
        return np.asarray(holds if timing.season and not timing.every else holds & (since == 0), dtype=float)
    if event.duration is not None:
        holds = holds & (since < event.duration)
    come = np.minimum((since + 1.0) / timing.over, 1.0) if timing.over else 1.0
    return np.where(holds, come, 0.0)


def occurrences(event: Event, months: int) -> list[int]:
    """Return the months from 0 to `months` - 1 in which an event begins, in all worlds, for the first time or again."""
    timing = event.timing
    if timing.latest or timing.probability < 1.0 or timing.when:
        return []
    held = [0.0, *(float(came_in(event, month, np.asarray(event.month))) for month in range(months))]
    again = not isinstance(event, LASTING)
    return [month for month in range(months) if held[month + 1] > 0.0 and (again or held[month] == 0.0)]

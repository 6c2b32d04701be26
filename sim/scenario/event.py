"""Events of a scenario: what happens, when, and in which worlds, as frozen values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Timing:
    """When an event holds after its month; the default is at once, once, and for certain."""

    over: int = 0
    """Months over which a change comes in by equal steps; 0 is at once."""
    every: int = 0
    """Months from one occurrence to the next; 0 is once."""
    season: tuple[int, ...] = ()
    """Months of the year, 1-12, in which it holds; empty is all."""
    of_year: int = 0
    """Month of the year of the event's own month, where there is a season."""
    last: int | None = None
    """Months after the event's own month in which it may begin for the last time; None is to the end."""

    @property
    def content(self) -> tuple[object, ...]:
        """All that changes results: what is not the default, so that hashes of plainer events last."""
        return tuple(
            (one.name, getattr(self, one.name)) for one in fields(self) if getattr(self, one.name) != one.default
        )


AT_ONCE = Timing()


@dataclass(frozen=True)
class ParameterEvent:
    """A change of a parameter to `value`, or by `factor`, from `month` on, for `duration` months or to the end."""

    month: int
    """Months since the start; 0 is the first month, less than 0 what began before and still holds."""
    key: str
    value: float | None
    factor: float | None
    duration: int | None
    """Months; None means to the end."""
    why: str
    origin: str
    name: str = ""
    """By which a file that extends this one replaces or drops it; empty without."""
    timing: Timing = AT_ONCE

    @property
    def content(self) -> tuple[object, ...]:
        """All that changes results."""
        return "parameter", self.month, self.key, self.value, self.factor, self.duration, *self.timing.content


@dataclass(frozen=True)
class ActEvent:
    """A diplomatic or policy act that happens in `month` whatever the countries decide."""

    month: int
    act: str
    actors: tuple[str, ...]
    why: str
    origin: str
    name: str = ""
    """By which a file that extends this one replaces or drops it; empty without."""
    timing: Timing = AT_ONCE

    @property
    def content(self) -> tuple[object, ...]:
        """All that changes results."""
        return "act", self.month, self.act, self.actors, *self.timing.content


Event = ParameterEvent | ActEvent


def last_month(event: Event) -> int | None:
    """Return the last month in which an event can still do something; None if that is to the end."""
    timing, lasts = event.timing, event.duration if isinstance(event, ParameterEvent) else 1
    if timing.every or timing.season:
        return None if timing.last is None else event.month + timing.last + (lasts or 1) - 1
    return None if lasts is None else event.month + lasts - 1


def event_to_dict(event: Event) -> dict[str, Any]:
    """Return an event as plain values for JSON, without what a plain event has not."""
    stored = {key: value for key, value in asdict(event).items() if key != "name" or value}
    if event.timing == AT_ONCE:
        del stored["timing"]
    return stored | {"actors": list(event.actors)} if isinstance(event, ActEvent) else stored


def event_from_dict(stored: Mapping[str, Any]) -> Event:
    """Return the event that `event_to_dict` wrote. Raises KeyError or TypeError if it wrote none."""
    given = dict(stored)
    if "timing" in given:
        given["timing"] = Timing(**{**given["timing"], "season": tuple(given["timing"]["season"])})
    if "act" in given:
        return ActEvent(**{**given, "actors": tuple(given["actors"])})
    return ParameterEvent(**given)


def timing_words(event: Event) -> str:
    """Return what a plain event has not, after a blank: ` by steps over 6 months`; empty for a plain event."""
    timing, parts = event.timing, []
    if timing.over:
        parts.append(f"by steps over {timing.over} months")
    if timing.every:
        parts.append("every month" if timing.every == 1 else f"every {timing.every} months")
    if timing.season:
        parts.append(f"in {', '.join(MONTH_NAMES[month - 1] for month in timing.season)}")
    if timing.last is not None:
        parts.append(f"until {timing.last} months later")
    return "".join(f" {part}" for part in parts)

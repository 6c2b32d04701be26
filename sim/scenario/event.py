"""Events of a scenario: what happens, when, and in which worlds, as frozen values."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sim.scenario.setting import Setting
from sim.texts.spoken import counted, foreign, said, written
from sim.texts.spoken import month as month_words


def month_number(text: str) -> int:
    """Return the months since year 0 of a date that begins with YYYY-MM."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def month_text(number: int) -> str:
    """Return YYYY-MM of a number of months since year 0."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


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

    latest: int = 0
    """Months after the event's own month up to which worlds draw the month in which it begins."""
    probability: float = 1.0
    """Chance with which it happens in a world, above 0 to 1."""
    when: str = ""
    """Condition on the month before; it begins after the first month that meets it. Empty is none."""
    delay: int = 0
    """Months from the month after that in which the condition is met to the beginning."""

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
    spread: Setting | None = None
    """Range from which worlds draw its size; None if it is the same in all."""

    @property
    def content(self) -> tuple[object, ...]:
        """All that changes results."""
        return "parameter", self.month, self.key, self.value, self.factor, self.duration, *_more(self)


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
    spread: None = None
    """An act has no size."""

    @property
    def content(self) -> tuple[object, ...]:
        """All that changes results."""
        return "act", self.month, self.act, self.actors, *_more(self)


@dataclass(frozen=True)
class ShockEvent:
    """A shock to the state at the beginning of `month`: what is named is multiplied by `factor`, or `add` is added."""

    month: int
    target: str
    """What is hit, as a condition names it: `prk.ammunition.stock`, `rus_prk.trust`."""
    factor: float | None
    add: float | None
    """In the unit of the target."""
    why: str
    origin: str
    name: str = ""
    """By which a file that extends this one replaces or drops it; empty without."""
    timing: Timing = AT_ONCE
    spread: Setting | None = None
    """Range from which worlds draw its size; None if it is the same in all."""

    @property
    def content(self) -> tuple[object, ...]:
        """All that changes results."""
        return "shock", self.month, self.target, self.factor, self.add, *_more(self)


DECISIONS = ("asked", "refused", "willing")
"""What a scenario can say of a decision; in a file, keys whose value is the act."""


@dataclass(frozen=True)
class DecisionEvent:
    """What a scenario says of countries' decisions on an act, from `month` on, for `duration` months or to the end."""

    month: int
    what: str
    """Of DECISIONS: yes where the act is open; no; or `add` to the utility of a yes."""
    act: str
    by: tuple[str, ...]
    """Countries that decide; empty is all that may."""
    partners: tuple[str, ...]
    """With one of these; empty is with any."""
    add: float | None
    """Utility of a yes, as the terms of an act have it; None but for `willing`."""
    duration: int | None
    """Months; None means to the end."""
    why: str
    origin: str
    name: str = ""
    """By which a file that extends this one replaces or drops it; empty without."""
    timing: Timing = AT_ONCE
    spread: Setting | None = None
    """Range from which worlds draw `add`; None if it is the same in all."""

    @property
    def content(self) -> tuple[object, ...]:
        """All that changes results."""
        own = (self.what, self.month, self.act, self.by, self.partners, self.add, self.duration)
        return "decision", *own, *_more(self)


Event = ParameterEvent | ActEvent | ShockEvent | DecisionEvent
LASTING = ParameterEvent | DecisionEvent
"""Events that hold for some months or to the end; the others happen in a month."""


def is_drawn(event: Event) -> bool:
    """Return whether worlds draw something of an event: whether, when or how much. It then has a name."""
    return event.spread is not None or event.timing.latest > 0 or event.timing.probability < 1.0


def _more(event: Event) -> tuple[object, ...]:
    """Return all of an event that changes results and that a plain event has not; the name is that of its stream."""
    spread = (("spread", event.spread.content),) if event.spread else ()
    return *event.timing.content, *spread, *((("name", event.name),) if is_drawn(event) else ())


def last_month(event: Event) -> int | None:
    """Return the last month in which an event can still do something; None if that is to the end."""
    timing, lasts = event.timing, event.duration if isinstance(event, LASTING) else 1
    again = timing.every or timing.season or timing.when
    if lasts is None or (again and timing.last is None):
        return None
    return event.month + ((timing.last or 0) if again else timing.latest) + timing.delay + lasts - 1


LISTS = ("actors", "by", "partners")
"""Fields of events that are lists of countries."""


def event_to_dict(event: Event) -> dict[str, Any]:
    """Return an event as plain values for JSON, without what a plain event has not."""
    stored = {key: value for key, value in asdict(event).items() if key not in ("name", "spread") or value}
    if event.timing == AT_ONCE:
        del stored["timing"]
    return stored | {key: list(stored[key]) for key in LISTS if key in stored}


def event_from_dict(stored: Mapping[str, Any]) -> Event:
    """Return the event that `event_to_dict` wrote. Raises KeyError or TypeError if it wrote none."""
    given = dict(stored)
    if "timing" in given:
        given["timing"] = Timing(**{**given["timing"], "season": tuple(given["timing"]["season"])})
    if "spread" in given:
        given["spread"] = Setting(**{**given["spread"], "among": tuple(given["spread"]["among"])})
    given |= {key: tuple(given[key]) for key in LISTS if key in given}
    if "what" in given:
        return DecisionEvent(**given)
    if "act" in given:
        return ActEvent(**given)
    return ShockEvent(**given) if "target" in given else ParameterEvent(**given)


def shock_words(event: ShockEvent) -> str:
    """Return `prk.ammunition.stock x 0.8` or `rus_prk.trust -0.2`."""
    if event.add is not None:
        return said("printed.event.hit_add", target=event.target, add=written(f"{event.add:+.12g}"))
    return said("printed.event.hit_factor", target=event.target, factor=written(f"{event.factor:.12g}"))


def decision_words(event: DecisionEvent, called: Callable[[str], str] = str, act: Callable[[str], str] = str) -> str:
    """Return `summit asked by PRK with RUS for 1 month`, `aid forbidden` or `willingness +0.8 of CHN: visit`.

    called and act give what a country and an act are called, from their codes.
    """
    by = ", ".join(map(called, event.by))
    partners = ", ".join(said(f"printed.the.{code}") if foreign() else called(code) for code in event.partners)
    which = "willing" if event.add is not None else event.what if event.by or event.what == "asked" else "forbidden"
    fills = {"act": act(event.act), "who": by or said("printed.event.all"), "span": lasting_words(event)}
    fills["with"] = said("printed.event.with", who=partners) if partners else ""
    return said(f"printed.event.{which}", add=written(f"{event.add or 0.0:+.12g}"), **fills)


def lasting_words(event: LASTING) -> str:
    """Return ` for 6 months`; empty for what holds to the end."""
    return said("printed.event.lasting", months=counted("month", event.duration)) if event.duration else ""


def month_of(event: Event, start: str, later: int = 0) -> str:
    """Return YYYY-MM of an event in a run that starts in `start`, or of so many months later."""
    return month_text(month_number(start) + event.month + later)


def timing_words(event: Event, start: str = "") -> str:
    """Return what a plain event has not, after a blank: ` by steps over 6 months`; empty for a plain event.

    start is the first month of the run, YYYY-MM; without it, months are counted from the event's own.
    """
    timing, spread = event.timing, event.spread
    parts: list[str] = []

    def say(key: str, **fills: object) -> None:
        parts.append(said(f"printed.timing.{key}", **fills))

    def dated(event: Event, later: int) -> str:
        text = month_of(event, start, later)
        return month_words(int(text[5:]), text[:4]) if foreign() else text

    if spread:
        low, high = (written(f"{end:.12g}") for end in (spread.low, spread.high))
        say("drawn", low=low, high=high, distribution=said(f"printed.distribution.{spread.distribution}"))
    if timing.latest:
        say("until_month", month=dated(event, timing.latest)) if start else say("latest", n=timing.latest)
    if timing.probability < 1.0:
        say("probability", probability=written(f"{timing.probability:.12g}"))
    if timing.when:
        later = counted("month", timing.delay)
        say("delayed", condition=timing.when, months=later) if timing.delay else say("when", condition=timing.when)
    if timing.over:
        say("over", months=counted("month", timing.over))
    if timing.every:
        say("monthly" if timing.every == 1 else "every", n=timing.every)
    if timing.season:
        say("season", names=", ".join(said(f"printed.short_month.{month}") for month in timing.season))
    if timing.last is not None:
        say("until", month=dated(event, timing.last)) if start else say("last", n=timing.last)
    return "".join(f" {part}" for part in parts)

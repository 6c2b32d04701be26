"""Checks of when an event holds: its month, and the keys that make it come by degrees, again, or in a season."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field

from sim.scenario.check import MOST_MONTHS, Month, Spot, Strict, Why, calendar_month, first_again
from sim.scenario.event import DECISIONS, Timing
from sim.scenario.place import place
from sim.scenario.problems import quoted, shown
from sim.scenario.scenario import month_number, month_text
from sim.scenario.units import MONTHS_A_YEAR

Horizon = tuple[str, int | None]
"""First month, YYYY-MM, and number of months; None where a mistake elsewhere leaves it unknown."""
Spots = Callable[..., Spot]
"""Returns the place of a key of the event, or of the event itself."""
Months = Annotated[int, Field(ge=1, le=MOST_MONTHS)]


class Timed(Strict):
    """Keys of every event."""

    month: Month
    every: Months | None = None
    season: Any = None
    until: Month | None = None
    when: Any = None
    delay: Annotated[int, Field(ge=0, le=MOST_MONTHS)] | None = None
    probability: float | None = None
    name: Any = None
    why: Why = ""


def plain_month(entry: Mapping[str, Any], horizon: Horizon, spot: Spots) -> tuple[dict[str, Any], str]:
    """Return the event with one month, the first possible, and the last possible month; add the problems.

    The last is empty if the month is certain. The month of an if-then event, and of one on decisions, is the first of
    the scenario unless given.
    """
    found, month = dict(entry), entry.get("month")
    if month is None and not entry.keys().isdisjoint(("when", *DECISIONS)):
        found["month"] = horizon[0]
    if not isinstance(month, dict | list):
        return found, ""
    found.pop("month")
    if isinstance(month, list) or set(month) != {"low", "high"} or not all(is_month(end) for end in month.values()):
        _wrong_end(month, spot("month")).bad('an uncertain month is written { low = "2024-03", high = "2024-09" }')
        return found | {"month": horizon[0]}, ""
    found["month"] = month["low"]
    if month["low"] >= month["high"]:
        spot("month").bad(f"low must lie before high, found {month['low']} and {month['high']}")
    elif "when" in entry:
        spot("month").bad("an if-then event begins when its condition is met; give one month, or none, from which on")
    _check_within(month["high"], horizon, spot("month").inside("high"))
    return found, month["high"]


def _wrong_end(month: Any, spot: Spot) -> Spot:
    """Return the place of the first key or value that is wrong in the table of an uncertain month."""
    if not isinstance(month, dict):
        return spot
    wrong = (key for key, end in month.items() if key not in ("low", "high") or not is_month(end))
    return spot.inside(*list(wrong)[:1])


def check_timing(entry: Mapping[str, Any], horizon: Horizon, spot: Spots) -> None:
    """Check what the keys on time say together; add the problems."""
    _check_within(entry.get("month"), horizon, spot("month").inside("low"))
    season, every, until = (entry.get(key) for key in ("season", "every", "until"))
    if season is not None:
        _check_season(season, spot("season"))
    if until is not None:
        if every is None and season is None and "when" not in entry:
            rule = "until ends what comes again or waits: it goes with every, season or when; a change ends by duration"
            spot("until").bad(rule)
        elif is_month(until) and is_month(entry.get("month")) and until < entry["month"]:
            spot("until").bad(f"must not lie before the month of the event, {entry['month']}, found {shown(until)}")
    if "when" in entry:
        _check_condition(entry, spot)
    elif "delay" in entry:
        spot("delay").bad("delay goes with when; without a condition the month says when")
    chance = entry.get("probability")
    if isinstance(chance, int | float) and not 0.0 < chance <= 1.0:
        spot("probability").bad(f"must be above 0 and at most 1, found {shown(chance)}")
    if not entry.keys().isdisjoint(("key", *DECISIONS)):
        _check_change(entry, spot)


def _check_condition(entry: Mapping[str, Any], spot: Spots) -> None:
    """Check the condition of an if-then event, which begins once."""
    if not isinstance(entry["when"], str):
        spot("when").bad(f'must be a condition in quotes such as "prk.threat > 0.5", found {quoted(entry["when"])}')
        return
    from sim.scenario.condition import ConditionError, parse  # loads NumPy

    try:
        parse(entry["when"], place, percentiles=False)
    except ConditionError as error:
        spot("when").bad(f"{error.rule}, at character {error.at + 1} of {quoted(entry['when'])}")
    for key in ("every", "season"):
        if key in entry:
            spot(key).bad(f"an if-then event begins once, when its condition is first met; leave out {key}")


def _check_change(entry: Mapping[str, Any], spot: Spots) -> None:
    """Check the keys of what lasts, a change of a parameter or a word on decisions, that depend on one another."""
    every, duration, over = (_whole(entry.get(key)) for key in ("every", "duration", "over"))
    if "season" in entry and "duration" in entry:
        spot("duration").bad("season says already how long the change holds; leave out one of them")
    if "every" in entry and "season" in entry:
        spot("every").bad("a change with a season comes again every year by itself; leave out every")
    elif every and "duration" not in entry:
        spot("every").bad("a change that comes again needs duration, or it would never end")
    elif every and duration and duration >= every:
        spot("duration").bad(f"must be shorter than every, {every} months, found {duration}")
    if over and duration and over > duration:
        spot("over").bad(f"must not be longer than duration, {duration} months, found {over}")


def timing_of(entry: Mapping[str, Any], latest: str) -> Timing:
    """Return the timing of a checked event; `latest` is the last month in which it may begin, or empty."""
    month, season, until = month_number(entry["month"]), entry.get("season"), entry.get("until")
    return Timing(
        over=entry.get("over", 0),
        every=entry.get("every", 0),
        season=tuple(sorted(season)) if season else (),
        of_year=month % MONTHS_A_YEAR + 1 if season else 0,
        last=month_number(until) - month if until else None,
        latest=month_number(latest) - month if latest else 0,
        probability=float(entry.get("probability", 1.0)),
        when=" ".join(entry.get("when", "").split()),
        delay=entry.get("delay", 0),
    )


def _check_season(season: Any, spot: Spot) -> None:
    months = season if isinstance(season, list) else [season]
    fit = [isinstance(one, int) and not isinstance(one, bool) and 1 <= one <= 12 for one in months]
    wrong = [k for k, good in enumerate(fit) if not good]
    if not isinstance(season, list) or not months or wrong:
        listed = isinstance(season, list)
        found = quoted(months[wrong[0]]) if wrong else "an empty list" if listed else shown(season)
        at = spot.inside(wrong[0]) if wrong and listed else spot
        at.bad(f"must be a list of months of the year, such as [12, 1, 2], found {found}")
    elif len(set(months)) < len(months):
        spot.inside(first_again(months)).bad("names a month of the year twice")


def _check_within(month: Any, horizon: Horizon, spot: Spot) -> None:
    """Check that the event lies within the months of the scenario."""
    start, months = horizon
    if months is None or not is_month(month):
        return
    if not 0 <= month_number(month) - month_number(start) < months:
        last = month_text(month_number(start) + months - 1)
        spot.bad(f"must lie in {start} .. {last}, the months of the scenario, found {shown(month)}")


def is_month(text: Any) -> bool:
    """Return whether a text is a month; another check says what is wrong with it."""
    try:
        return isinstance(text, str) and bool(calendar_month(text))
    except ValueError:
        return False


def _whole(raw: Any) -> int:
    """Return a whole number above 0; 0 for all else, which another check has refused."""
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and raw > 0 else 0

"""Checks of when an event holds: its month, and the keys that make it come by degrees, again, or in a season."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field

from sim.scenario.check import MOST_MONTHS, Month, Spot, Strict, calendar_month
from sim.scenario.event import Timing
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


def check_timing(entry: Mapping[str, Any], horizon: Horizon, spot: Spots) -> None:
    """Check what the keys on time say together; add the problems."""
    _check_within(entry.get("month"), horizon, spot("month"))
    season, every, until = (entry.get(key) for key in ("season", "every", "until"))
    if season is not None:
        _check_season(season, spot("season"))
    if until is not None:
        if every is None and season is None:
            spot("until").bad("until ends what comes again: it goes with every or season; a change ends by duration")
        elif _is_month(until) and _is_month(entry.get("month")) and until < entry["month"]:
            spot("until").bad(f"must not lie before the month of the event, {entry['month']}, found {shown(until)}")
    if "key" in entry:
        _check_change(entry, spot)


def _check_change(entry: Mapping[str, Any], spot: Spots) -> None:
    """Check the keys of a change of a parameter that depend on one another."""
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


def timing_of(entry: Mapping[str, Any]) -> Timing:
    """Return the timing of a checked event."""
    month, season, until = month_number(entry["month"]), entry.get("season"), entry.get("until")
    return Timing(
        over=entry.get("over", 0),
        every=entry.get("every", 0),
        season=tuple(sorted(season)) if season else (),
        of_year=month % MONTHS_A_YEAR + 1 if season else 0,
        last=month_number(until) - month if until else None,
    )


def _check_season(season: Any, spot: Spot) -> None:
    months = season if isinstance(season, list) else [season]
    wrong = [one for one in months[:20] if isinstance(one, bool) or not isinstance(one, int) or not 1 <= one <= 12]
    if not isinstance(season, list) or not months or wrong:
        found = quoted(wrong[0]) if wrong else shown(season) if not isinstance(season, list) else "an empty list"
        spot.bad(f"must be a list of months of the year, such as [12, 1, 2], found {found}")
    elif len(set(months)) < len(months):
        spot.bad("names a month of the year twice")


def _check_within(month: Any, horizon: Horizon, spot: Spot) -> None:
    """Check that the event lies within the months of the scenario."""
    start, months = horizon
    if months is None or not _is_month(month):
        return
    if not 0 <= month_number(month) - month_number(start) < months:
        last = month_text(month_number(start) + months - 1)
        spot.bad(f"must lie in {start} .. {last}, the months of the scenario, found {shown(month)}")


def _is_month(text: Any) -> bool:
    """Return whether a text is a month; another check says what is wrong with it."""
    try:
        return isinstance(text, str) and bool(calendar_month(text))
    except ValueError:
        return False


def _whole(raw: Any) -> int:
    """Return a whole number above 0; 0 for all else, which another check has refused."""
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and raw > 0 else 0

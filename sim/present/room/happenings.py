"""What a scenario schedules, labelled: a numbered mark at its month, and its words beside the picture."""

import json
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from sim.analysis.calendar import month_edges, month_ends, starts
from sim.analysis.headline import country_name
from sim.present.by_rule import parameter_name
from sim.present.palette import GREY
from sim.present.room.slide import DARK, LINE, breadth, extent_of, wrapped
from sim.scenario.event import (
    ActEvent,
    DecisionEvent,
    Event,
    ParameterEvent,
    ShockEvent,
    decision_words,
    event_from_dict,
    is_drawn,
    lasting_words,
    shock_words,
    timing_words,
)
from sim.scenario.happenings import occurrences
from sim.texts.spoken import foreign, joined, known, said, several, written

LINES, MOST = 3, 9
"""Most lines of an event beside the picture, and most events; the summary of the run has all."""
DISC = 1.75
"""Width of a number in its disc, in heights of the text."""
Happening = tuple[int, list[Event]]
"""Month of the run, from 0, and the events that begin in it for the first time."""


def _events(ds: xr.Dataset) -> list[tuple[Event, list[int]]]:
    """Return the events of the scenario with the months in which each begins, for the first time or again."""
    stored = json.loads(ds.attrs.get("scenario", "{}")).get("events", [])
    return [(event, occurrences(event, ds.sizes["month"])) for event in map(event_from_dict, stored)]


def happenings(ds: xr.Dataset) -> list[Happening]:
    """Return what the scenario sets within the run, month by month."""
    found: dict[int, list[Event]] = {}
    for event, begins in _events(ds):
        if begins:
            found.setdefault(begins[0], []).append(event)
    return sorted(found.items())


def words(event: Event, room: float = float("inf")) -> str:
    """Return `summit of Russia and North Korea`, or the name of a change, or what it changes and how.

    What it changes is cut, and not how, where all of it is wider than `room` heights of the text.
    """
    when = timing_words(event)
    if isinstance(event, ActEvent):
        who = several([country_name(code) for code in event.actors])
        return said("printed.event.act", act=_act(event.act), who=who, when=when)
    name = said(f"named.{event.name}") if foreign() and known(f"named.{event.name}") else event.name
    if isinstance(event, DecisionEvent):
        return f"{name or decision_words(event, country_name, _act)}{when}"
    if isinstance(event, ShockEvent):
        return f"{name or shock_words(event)}{when}"
    span = lasting_words(event)
    if name:
        return f"{name}{span}{when}"
    meaning = _meaning(event.key)
    while breadth(_change(event, meaning, span, when)) > room and " " in meaning:
        meaning = f"{meaning.rpartition(' ')[0]}…"
    return _change(event, meaning, span, when)


def _act(code: str) -> str:
    return said(f"printed.act.{code}")


def _meaning(key: str) -> str:
    """Return what a parameter means, without a capital."""
    text = parameter_name(key).partition(":")[0].partition(", in each")[0].rstrip()
    return f"{text[:1].lower()}{text[1:]}"


def _change(event: ParameterEvent, name: str, span: str, when: str) -> str:
    if event.value is not None:
        return said("printed.event.value", name=name, value=written(f"{event.value:g}"), span=span, when=when)
    return said("printed.event.factor", name=name, factor=written(f"{event.factor:g}"), span=span, when=when)


def mark(ax: Axes, ds: xr.Dataset, filled: bool = False, numbered: bool = True) -> None:
    """Draw a dotted line at the end of each month with events, as in the sheets, and its number above the axis.

    Where a month is `filled` from its first day on, the line stands there: no effect comes before its cause.
    """
    size = float(mpl.rcParams["font.size"])
    days = month_edges(ds) if filled else month_ends(ds)
    found = happenings(ds)
    for month in sorted({month for _, begins in _events(ds) for month in begins}):
        ax.axvline(days[month], color=GREY, linewidth=0.1 * size, linestyle=":", zorder=1)
    if not numbered:
        return
    width, height = extent_of(ax)
    first, last = ax.get_xlim()
    across = [float((date2num(days[month]) - first) / (last - first)) * width for month, _ in found[:MOST]]
    look: dict[str, Any] = {"transform": ax.transAxes, "clip_on": False}
    for number, (at, place) in enumerate(zip(across, _apart(across, width), strict=True), start=1):
        top = 1.0 + 1.5 / height
        ax.plot([at / width, place / width], [1.0, top], color=GREY, linewidth=0.1 * size, linestyle=":", **look)
        ax.plot(place / width, top, "o", color=DARK, markersize=1.5 * size, zorder=5, **look)
        ax.text(place / width, top, str(number), ha="center", va="center_baseline", color="white", zorder=6, **look)


def _apart(across: Sequence[float], width: float) -> list[float]:
    """Return the places of numbers in a row, moved to the right where they would meet, but not beyond the axis."""
    places: list[float] = []
    for k, at in enumerate(across):
        most = width - DISC * (len(across) - 1 - k)
        places.append(max(min(at, most), places[-1] + DISC if places else at - DISC))
    return places


def listing(ds: xr.Dataset, width: float, room: float) -> str:
    """Return the numbered events, wrapped to a width and cut to a room, both in heights of the text."""
    lines: list[str] = []
    found = happenings(ds)
    loose = [event for event, begins in _events(ds) if not begins and (is_drawn(event) or event.timing.when)]
    told = [*found, *((-1, [event]) for event in loose)]
    for number, (month, events) in enumerate(told, start=1):
        head = _head(ds, number, month)
        # a part of each line stays empty, since words are not broken
        each = (0.9 * LINES * width - breadth(head)) / len(events)
        mine = wrapped(head + joined(*(words(event, each) for event in events)), width).split("\n")
        # a line is kept for how many are left out: below the last none are
        left = int(room / LINE) - len(lines) - (number < len(told))
        if number in (1, len(told)) and 0 < left < len(mine):  # what is cut says more than that there is something
            mine = [*mine[: left - 1], f"{mine[left - 1]}…"]
        if number > MOST or len(mine) > left:
            return "\n".join([*lines, said("printed.event.more", n=len(told) - number + 1)])
        lines += mine
    return "\n".join(lines)


def _head(ds: xr.Dataset, number: int, month: int) -> str:
    """Return `(2) Jun 2024: `; a month before the first is that of no date."""
    if month < 0:
        return said("printed.event.loose", what="")
    year, of_year = str(starts(ds)[month]).split("-")
    short = said(f"printed.short_month.{int(of_year)}")
    return said("printed.event.item", number=number, month=short, year=year, what="")

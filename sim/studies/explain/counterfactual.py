"""The nearest counterfactual: how far one lever must move, all else and all chance the same, to turn an outcome.

An outcome need not rise or fall with a lever all the way. So the whole range is looked at in `DOSES` steps first, and
then the way from the world's own value to the nearest dose that turns it is narrowed down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from sim.analysis.ledger import Table
from sim.present.by_rule import bare_name
from sim.present.words import capital, setting, significant
from sim.present.words import span as span_words
from sim.results.witness import Witness
from sim.scenario import PARAMETERS
from sim.scenario.parameters import SWITCH
from sim.studies.explain.words import count, in_words, listed, share, tell
from sim.texts.spoken import said

Array = np.ndarray
DOSES = 17
"""Doses of the first look, from end to end of the range; the world's own value is one more."""
INSIDE, ROUNDS = 7, 2
"""Doses inside a gap that is narrowed down, and how often: at last a gap is 1/1024 of the range."""
FIRST_NAMED = 3
"""Levers that are told in words."""


@dataclass(frozen=True)
class Turn:
    """What is to be turned: a statement about a world that is true or false."""

    words: str
    "Such as `tier 3 is passed on`."
    holds: Callable[[xr.Dataset], Array]
    "Results of some worlds -> whether the statement is true, (world)."
    variables: frozenset[str] | None = None
    "Variables that it needs; all of them if not known."
    chances: Callable[[Witness], tuple[Array, Array]] | None = None
    "A world -> the chance of it in each month, and whether it came then, both (month); None if chance has no part."
    span: str = ""
    "Over which months the chances are taken."
    beside: str = ""
    "What turns it that is no lever, where none does."


@dataclass(frozen=True)
class Lever:
    """One lever of a world, and what is known of its doses."""

    key: str
    owner: str
    "Country whose lever it is; empty for a constraint of the scenario."
    low: float
    high: float
    own: float
    "Its value in the world."
    doses: tuple[float, ...] = ()
    "Values that were tried, in rising order."
    turned: tuple[bool, ...] = ()
    "Whether the outcome is turned at each."
    by_event: bool = False
    "Whether an event of the scenario sets it in some months, whatever its start."
    odds: tuple[float, float] | None = None
    "Chance of what is turned in the world as it is, and at the nearest dose, over the same months; None if not known."

    @property
    def first_doses(self) -> list[float]:
        """Return the doses of the first look: the range from end to end, or off and on."""
        if PARAMETERS[self.key].unit == SWITCH:
            return [0.0, 1.0]
        doses = np.linspace(self.low, self.high, DOSES)
        return [float(dose) for dose in (np.unique(doses.round()) if PARAMETERS[self.key].steps else doses)]

    def with_doses(self, doses: Sequence[float], turned: Sequence[bool]) -> Lever:
        """Return the lever with more doses known."""
        known = dict(zip(self.doses, self.turned, strict=True)) | dict(zip(doses, turned, strict=True))
        order = sorted(known)
        return replace(self, doses=tuple(order), turned=tuple(known[dose] for dose in order))

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """Return the gaps between the nearest dose that turns the outcome, below and above, and the last that does not.

        A gap is (last that does not, first that does) as seen from the world's own value; at most two.
        """
        found = []
        for way in (-1, 1):
            on_the_way = sorted((dose for dose in self.doses if (dose - self.own) * way > 0.0), key=lambda d: d * way)
            before = self.own
            for dose in on_the_way:
                if self.turned[self.doses.index(dose)]:
                    found.append((before, dose))
                    break
                before = dose
        return found

    @property
    def inside(self) -> list[float]:
        """Return the doses that narrow the gaps down; none for what has no values between."""
        if PARAMETERS[self.key].steps:
            return []
        return [float(dose) for gap in self.gaps for dose in np.linspace(*gap, INSIDE + 2)[1:-1]]

    @property
    def nearest(self) -> float | None:
        """Return the dose nearest the world's own value that turns the outcome; None if none does."""
        ends = [dose for _, dose in self.gaps]
        return min(ends, key=lambda dose: abs(dose - self.own)) if ends else None

    @property
    def moved(self) -> float:
        """Return how far it must move, as share of its range; infinite if nothing in range turns the outcome."""
        return np.inf if self.nearest is None else abs(self.nearest - self.own) / (self.high - self.low)

    @property
    def back_again(self) -> bool:
        """Return whether a dose further out than the nearest that turns the outcome does not turn it."""
        if (near := self.nearest) is None:
            return False
        way = 1.0 if near > self.own else -1.0
        beyond = [turned for dose, turned in zip(self.doses, self.turned, strict=True) if (dose - near) * way > 0.0]
        return not all(beyond)


@dataclass(frozen=True)
class Counterfactual:
    """How far each lever must move to turn an outcome of one world."""

    turn: Turn
    holds: bool
    "Whether the statement is true in the world as it is."
    levers: tuple[Lever, ...]

    @property
    def ranked(self) -> list[Lever]:
        """Return the levers, the one that must move least first."""
        return sorted(self.levers, key=lambda lever: (lever.moved, lever.key))


def compared(here: tuple[Array, Array], there: tuple[Array, Array]) -> tuple[float, float]:
    """Return the chance in two worlds that something comes to pass, over the months until it does in either.

    Each world is (chance, whether it came), both (month). After it came once the two worlds are not alike any more.
    """
    came = np.flatnonzero(here[1] | there[1])
    until = int(came[0]) + 1 if len(came) else len(here[1])
    ever = [float(1.0 - np.prod(1.0 - chance[:until])) for chance, _ in (here, there)]
    return ever[0], ever[1]


def sentences(found: Counterfactual) -> list[str]:
    """Return what would have turned the outcome, nearest first, and what would not."""
    would = capital(tell("turn.holds_yes" if found.holds else "turn.holds_no", words=found.turn.words))
    turns = [lever for lever in found.ranked if lever.nearest is not None]
    rest = [lever for lever in found.ranked if lever.nearest is None]
    if not turns:
        return [f"{would} {tell('turn.none', levers=count(len(rest), 'lever'))} {found.turn.beside}".rstrip()]
    told = [f"{would} {tell('turn.would')}"]
    told += [
        f"{place}. {_told(lever)}{_by_luck(lever, found)}" for place, lever in enumerate(turns[:FIRST_NAMED], start=1)
    ]
    if (more := len(turns) - FIRST_NAMED) > 0:
        told.append(tell("turn.so_would", levers=count(more, "more_lever")))
    if rest:
        told.append(
            tell("turn.nothing_for", levers=count(len(rest), "lever"), told=listed([lever.key for lever in rest]))
        )
    return told


def _told(lever: Lever) -> str:
    near = lever.nearest or 0.0
    text = tell(
        "turn.raised" if near > lever.own else "turn.lowered",
        meaning=bare_name(lever.key),
        key=lever.key,
        own=in_words(setting(lever.own, lever.key)),
        near=in_words(setting(near, lever.key)),
        share=share(lever.moved),
        low=significant(lever.low),
        high=significant(lever.high),
    )
    return f"{text} {tell('turn.back')}" if lever.back_again else text


SAME = 0.02
"""Difference of two chances that is too small to have turned anything by itself (definition)."""


def _by_luck(lever: Lever, found: Counterfactual) -> str:
    """Return whether the lever or luck turned the outcome."""
    holds = found.holds
    if lever.odds is None:
        return ""
    here, there = lever.odds
    numbers = tell("turn.numbers", there=share(there), here=share(here), span=found.turn.span)
    if abs(there - here) < SAME:
        return f" {tell('turn.luck', numbers=numbers)}"
    way = "likelier" if there > here else "rarer"
    if (there > here) == holds:
        return f" {tell(f'turn.against_{way}', numbers=numbers)}"
    return f" {tell(f'turn.{way}', numbers=numbers)}"


def table(found: Counterfactual) -> Table:
    """Return all levers, nearest first."""
    rows = []
    for lever in found.ranked:
        near = lever.nearest
        reach = tell("turn.in_range_none") if near is None else setting(near, lever.key)
        notes = [tell("turn.note_back")] * lever.back_again + [tell("turn.note_events")] * lever.by_event
        span = span_words(lever.low, lever.high)
        moved = "" if near is None else share(lever.moved)
        rows.append((lever.key, setting(lever.own, lever.key), reach, span, moved, said("printed.next").join(notes)))
    heads = ("lever", "own", "turns_at", "range", "moved", "note")
    return Table(tell("table.turn", words=found.turn.words), tuple(tell(f"head.{head}") for head in heads), tuple(rows))


def search(levers: Sequence[Lever], tried: Callable[[Mapping[str, Array], int], Array]) -> tuple[Lever, ...]:
    """Return the levers with all doses known.

    tried(given, worlds) returns whether each of some worlds is turned; `given` has a value of each lever's key for each
    of these worlds, (worlds).
    """
    own = {lever.key: lever.own for lever in levers}
    levers = _with_all(levers, [lever.first_doses for lever in levers], own, tried)
    for _ in range(ROUNDS):
        levers = _with_all(levers, [lever.inside for lever in levers], own, tried)
    return tuple(levers)


def _with_all(
    levers: Sequence[Lever],
    doses: Sequence[Sequence[float]],
    own: Mapping[str, float],
    tried: Callable[[Mapping[str, Array], int], Array],
) -> list[Lever]:
    """Return the levers with these doses known, all of them run at once: each is one world."""
    worlds = sum(map(len, doses))
    if not worlds:
        return list(levers)
    given = {key: np.full(worlds, value) for key, value in own.items()}
    at = np.cumsum([0, *map(len, doses)])
    for lever, mine, start in zip(levers, doses, at[:-1], strict=True):
        given[lever.key][start : start + len(mine)] = mine
    turned = tried(given, worlds)
    return [
        lever.with_doses(mine, [bool(one) for one in turned[start : start + len(mine)]])
        for lever, mine, start in zip(levers, doses, at[:-1], strict=True)
    ]

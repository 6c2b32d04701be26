"""Run what an explanation needs: the ensemble in which a world is found, that world, and others like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from sim.analysis.ledger import Explanation
from sim.analysis.measures import measured
from sim.experiment.batch import OPENED, run_reduced
from sim.experiment.design import sample
from sim.experiment.run import Progress, part_of, run
from sim.experiment.witness import witness
from sim.results.witness import Witness
from sim.scenario import Scenario
from sim.studies.explain import acts, aid, elsewhere, flows, railway, shortage, technology
from sim.studies.explain.asks import ACT, AID, FLOW, ROUTE, SHORTAGE, TECHNOLOGY, Ask, AskError
from sim.studies.explain.counterfactual import FIRST_NAMED, Counterfactual, Lever, Turn, compared, search
from sim.studies.explain.places import Place, PlaceError
from sim.studies.explain.words import apart, month_name, name, of_good, say, tell
from sim.texts import LANGUAGES
from sim.texts.spoken import foreign, speaking

Array = np.ndarray


@dataclass(frozen=True)
class Found:
    """A world, found."""

    seen: Witness
    how: str
    month: int | None = None
    "Number of the month that its description names, if it is one of the act asked about."
    took: Array | None = None
    "Whether the act asked about took place, (month, world), in all worlds that were looked at."
    in_english: str = ""
    "How, for files of data, which are in English whatever language is spoken."
    column: int = 0
    "Place of the world among those of `took`."


def find(
    scenario: Scenario, ask: Ask, place: Place, stored: xr.Dataset | None = None, progress: Progress | None = None
) -> Found:
    """Return the world that a description means. Raises PlaceError if there is none.

    `stored` are results of the scenario, if there are any, in which it is looked for instead of running it.
    """
    if place.number is not None:
        numbers = stored["world"].values.tolist() if stored is not None else range(scenario.worlds)
        if place.number not in numbers:
            lost = " (it was set aside, for a number was not finite)" if place.number < scenario.worlds else ""
            raise PlaceError(
                f"there is no world {place.number}{lost}; they are numbered from 0 to {scenario.worlds - 1}"
            )
        with speaking(LANGUAGES[0]):
            as_asked = tell("as_asked")
        return Found(witness(scenario, place.number), tell("as_asked"), in_english=as_asked)
    made = _looked_at(stored, ask, place)
    if made is None:
        made = run_reduced(scenario, lambda ds: _reduced(ds, ask, place), progress)
    values = {name: made[name] for name in place.measures}
    column, how = place.find(made["path"], values, ask.path_words)
    with speaking(LANGUAGES[0]):
        in_english = place.find(made["path"], values, ask.path_words)[1]
    rows = ask.rows if ask.kind in (ACT, AID) else ()
    month = month_number(scenario, place.act[1]) if place.act and place.act[0] in rows else None
    took = elsewhere.happened(made["path"]) if rows else None
    return Found(witness(scenario, int(made["number"][column])), how, month, took, in_english, int(column))


def _reduced(ds: xr.Dataset, ask: Ask, place: Place) -> dict[str, Array]:
    found = measured(ds, place.measures)
    return {"path": ask.path(ds).copy(), "number": np.array(ds["world"].values), **found}


def _looked_at(stored: xr.Dataset | None, ask: Ask, place: Place) -> dict[str, Array] | None:
    """Return what is needed from stored results; None where they do not hold it."""
    if stored is None:
        return None
    try:
        return _reduced(stored, ask, place)
    except KeyError:
        return None


def month_of(w: Witness, ask: Ask, tier: int | None) -> tuple[int, str]:
    """Return the month of most interest for a question, and why."""
    if ask.kind == TECHNOLOGY:
        return technology.month_of(technology.Tier(w, ask.of[0], ask.of[1], tier or 1))
    if ask.kind == FLOW:
        return flows.month_of(flows.Flow(w, (ask.of[0], ask.of[1], ask.of[2])))
    if ask.kind == SHORTAGE:
        return shortage.month_of(shortage.Store(w, *ask.of))
    if ask.kind == ROUTE:
        return railway.month_of(railway.Route(w, ask.of[0]))
    return aid.month_of(w) if ask.kind == AID else acts.month_of(acts.Act(w, ask.rows))


def month_number(scenario: Scenario, month: str) -> int:
    """Return the number of a month YYYY-MM of the run. Raises AskError if the run does not cover it."""
    covered = [date[:7] for date in scenario.dates]
    if month.strip() not in covered:
        raise AskError(f"the run covers {covered[0]} to {covered[-1]}, written YYYY-MM; found {month!r}")
    return covered.index(month.strip())


def settled(ask: Ask, found: Found, month: int | None, tier: int | None) -> tuple[int, int | None]:
    """Return month and tier of the answer, the most interesting ones where none are asked for."""
    if ask.kind == TECHNOLOGY and tier is None:
        tier = technology.chosen_tier(found.seen, ask.of[0], ask.of[1])[0]
    wanted = found.month if month is None else month
    return (month_of(found.seen, ask, tier)[0] if wanted is None else wanted), tier


def explain(
    scenario: Scenario,
    ask: Ask,
    found: Found,
    month: int | None = None,
    tier: int | None = None,
    typed: str = "",
) -> Explanation:
    """Return the answer to a question about a world; `typed` is the command that it was asked by, if there is one."""
    w, how_tier = found.seen, ""
    if ask.kind == TECHNOLOGY and tier is None:
        tier, how = technology.chosen_tier(w, *ask.of)
        how_tier = tell("place.tier", tier=tier, how=how)
    wanted = found.month if month is None else month
    number, why = month_of(w, ask, tier) if wanted is None else (wanted, tell("as_asked"))
    made = _answer(scenario, ask, w, number, tier)
    if found.took is not None:
        answered = number if found.took[number, found.column] else None
        asked = None if wanted is None else (wanted, wanted == found.month)
        told = elsewhere.sentences(found.took, w.months, asked, typed, ask.name, answered)
        tables = (elsewhere.table(found.took, w.months), *made.tables) if told else made.tables
        made = replace(made, sentences=(*made.sentences, *told), tables=tables)
    when = month_name(w.months[number])
    how = found.how if foreign() else found.in_english or found.how
    later = later_events(scenario, number) if wanted is None else ""
    place = tell("place.whole", scenario=scenario.name, world=w.world, how=how, when=when, why=why, tier=how_tier)
    return replace(made, place=f"{place}\n{later}".rstrip())


def later_events(scenario: Scenario, month: int) -> str:
    """Return that a scenario changes what it extends after a month, and how to ask about another; empty if not."""
    mine = scenario.files[-1]
    own = [event.month for event in scenario.events if event.origin.rpartition(":")[0] == mine]
    later = [number for number in own if number > month]
    if not later or len(scenario.files) < 2:
        return ""
    at_once = any(setting.origin.rpartition(":")[0] == mine for setting in scenario.settings.values())
    first, which = scenario.dates[min(later)], "later" if at_once or len(later) < len(own) else "all_later"
    return tell(f"place.{which}", when=month_name(first), month=first[:7])


def _answer(scenario: Scenario, ask: Ask, w: Witness, month: int, tier: int | None) -> Explanation:
    if ask.kind == TECHNOLOGY:
        return technology.explain(w, ask.of[0], ask.of[1], tier or 1, month)
    if ask.kind == FLOW:
        return flows.explain(w, (ask.of[0], ask.of[1], ask.of[2]), month)
    if ask.kind == SHORTAGE:
        return shortage.explain(w, ask.of[0], ask.of[1], month)
    if ask.kind == ROUTE:
        return railway.explain(w, ask.of[0], month, otherwise(scenario, w, ask.of[0]))
    return acts.explain(w, ask.rows, month) if ask.kind == ACT else aid.explain(w, month)


def otherwise(scenario: Scenario, w: Witness, route: str) -> Witness:
    """Return the same world with a route shut from the first month to the last; open if it was shut in all of them.

    Events that open or shut it are left out.
    """
    key = f"routes.{route}.open"
    events = tuple(event for event in scenario.events if getattr(event, "key", "") != key)
    is_open = 0.0 if railway.Route(w, route).is_open.any() else 1.0
    return witness(replace(scenario, events=events), w.world, given={key: is_open})


BATCH = 256
"""Worlds of doses that are run at once."""


def counterfactual(
    scenario: Scenario,
    found: Found,
    turn: Turn,
    ranges: Mapping[str, tuple[str, float, float]],
    progress: Progress | None = None,
) -> Counterfactual:
    """Return how far each lever must move to turn an outcome of a world, its chance and all other draws held fixed.

    `ranges` are key -> (owner, low, high). Raises ResultsError where a calibrated set is missing.
    """
    world = found.seen.world
    own = {key: float(values[0]) for key, values in sample(scenario, world, 1).items()}
    events = {getattr(event, "key", "") for event in scenario.events}
    levers = [
        Lever(key, owner, min(low, own[key]), max(high, own[key]), own[key], by_event=key in events)
        for key, (owner, low, high) in ranges.items()
    ]
    holds = bool(turn.holds(found.seen.ds)[0])

    def tried(given: Mapping[str, Array], worlds: int) -> Array:
        whole = {key: np.full(worlds, value) for key, value in own.items()} | dict(given)
        parts = []
        for first in range(0, worlds, BATCH):
            mine = {key: column[first : first + BATCH] for key, column in whole.items()}
            size = min(BATCH, worlds - first)
            ds = run(
                replace(scenario, worlds=size),
                part_of(progress, first * scenario.months, worlds * scenario.months),
                given=mine,
                variables=turn.variables or OPENED,
                chance=np.full(size, world),
            )
            parts.append(turn.holds(ds) != holds)
        return np.concatenate(parts)

    found_all = Counterfactual(turn, holds, search(levers, tried))
    if turn.chances is None:
        return found_all
    near = {lever.key: lever.nearest for lever in found_all.ranked[:FIRST_NAMED]}
    there = {key: witness(scenario, world, given={key: dose}) for key, dose in near.items() if dose is not None}
    here = turn.chances(found.seen)
    odds = {key: compared(here, turn.chances(seen)) for key, seen in there.items()}
    return replace(found_all, levers=tuple(replace(lever, odds=odds.get(lever.key)) for lever in found_all.levers))


def turn_of(ask: Ask, found: Found, month: int, tier: int | None) -> Turn | None:
    """Return what a question wants turned unless a condition is given; None where that must be said."""
    when = month_name(found.seen.months[month])
    if ask.kind == TECHNOLOGY:
        giver, receiver, wanted = *ask.of, tier or 1
        words = tell("turn.technology", seller=name(giver), tier=wanted, buyer=name(receiver))
        return Turn(
            words,
            lambda ds: technology.passed(ds, giver, receiver, wanted),
            frozenset({"transfer"}),
            lambda seen: technology.Tier(seen, giver, receiver, wanted).starting,
            tell("turn.until"),
        )
    if ask.kind == SHORTAGE:
        country, good = ask.of
        words = tell("turn.shortage", who=apart([country]), of=of_good(good), when=when)
        return Turn(words, lambda ds: shortage.lacks(ds, country, good, month), frozenset({"shortage"}))
    if ask.kind in (ACT, AID):
        act = acts.Act(found.seen, ask.rows)
        words = tell("turn.act", who=apart(act.actors), did=say(f"did.{act.act}"), when=when)
        row, span = act.rows[0], tell("turn.in_month")
        if act.scheduled[month]:
            beside = tell("turn.set")
            return Turn(words, lambda ds: acts.took_place(ds, row, month), frozenset({"outcome"}), beside=beside)

        def in_the_month(seen: Witness) -> tuple[Array, Array]:
            one = acts.Act(seen, act.rows)
            return one.chance[month : month + 1], one.happened[month : month + 1]

        return Turn(words, lambda ds: acts.took_place(ds, row, month), frozenset({"outcome"}), in_the_month, span)
    return None

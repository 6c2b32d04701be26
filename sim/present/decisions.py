"""The table of decisions: the terms of the utility, their sum, the chance that follows, what came of it, in words."""

import json
from collections.abc import Collection, Iterator, Sequence

import numpy as np
import xarray as xr

from sim.analysis.calendar import months
from sim.analysis.origin import is_run
from sim.analysis.quantiles import mean
from sim.present.words import cell, percent
from sim.results.held import check_held
from sim.scenario import ActEvent, DecisionEvent, nearest
from sim.scenario.event import event_from_dict, is_drawn
from sim.scenario.happenings import Happenings
from sim.scenario.names import TERMS
from sim.scenario.options import chosen as rows_of_decision
from sim.scenario.options import group_of
from sim.scenario.problems import few

Array = np.ndarray
SHOWN_WORLDS = 3
"""Worlds of which decisions.csv holds each decision, beside the mean over all."""
ALL = "all"
SETTLED = "set by the scenario"
SETTLED_HERE = "set by the scenario in this world, which drew it"
SHUT = "not open this month"
REFUSED, ASKED = "refused, since the scenario forbids it", "yes, as the scenario asks for it"
PERHAPS = "not open this month, or refused"
"""Of an answer that the scenario gives in some worlds, which is not recorded."""
TERM_WORDS = {
    "need": "need of the other",
    "threat": "threat",
    "prestige": "prestige",
    "autonomy": "wish to stay independent",
    "norm": "respect for UN rules",
    "agenda": "things to settle",
    "habit": "habit",
    "cost": "cost",
    "partner": "closeness to the other",
}
"""Term -> how it is called in a sentence; `docs/model.md` 7.8 has each in full."""
COLUMNS = {
    "month": "month, YYYY-MM",
    "actor": "country that decides",
    "act": "act that it decides on",
    "partner": "countries that the act is done with or to",
    "world": f"number of the world; `{ALL}` is the mean over all worlds",
    **{f"term_{term}": f"term {term} of the utility of saying yes, its weight included" for term in TERMS},
    "utility": "sum of the terms",
    "probability": "chance of saying yes: logistic in the utility times `acts.precision`; 0 where the act is not open "
    "or the scenario forbids it, 1 where it asks for it",
    "said_yes": "1 if it said yes; share of worlds",
    "happened": "1 if the act took place, which needs the yes of all its actors; share of worlds",
    "scheduled": "1 if the scenario set the act",
    "reason": "the strongest terms for and against, the chance, and whether it came against the odds, in words",
}
"""Column -> what it holds."""


class NoSuchError(ValueError):
    """A world, act or country that the results do not have; the text says what they have."""


def check_decisions(ds: xr.Dataset) -> None:
    """Raise NoSuchError unless the results hold decisions, and ResultsError unless they hold all of them."""
    if "terms" not in ds:
        rule = "a run of so many worlds and months keeps them with --keep everything"
        if "headline" in ds:
            rule = "only a summary of each world was kept; run again with --keep series"
        elif not is_run(ds):
            rule = "it is no run, and only runs hold them"
        raise NoSuchError(f"holds no decisions; {rule}")
    check_held(ds, "the table of decisions", ("terms", "probability", "choice", "outcome", "scheduled"), {})


def decisions(
    ds: xr.Dataset,
    worlds: Sequence[int] | None = None,
    acts: Collection[str] = (),
    actors: Collection[str] = (),
) -> Iterator[list[object]]:
    """Yield the rows of decisions.csv, header first: every decision by month, option and world.

    Without `worlds` the first row of an option is the mean over worlds, then come the first few worlds; with them come
    those. `acts` and `actors` keep only these. Raises NoSuchError for what is not there.
    """
    numbers = ds["world"].values.tolist()
    options = list(zip(*(ds[name].values.astype(str).tolist() for name in ("actor", "act", "partner_of")), strict=True))
    problems = [
        f"world {n} is not there; there are {numbers[0]} to {numbers[-1]}" for n in worlds or () if n not in numbers
    ]
    chosen = _chosen(options, acts, actors, problems)
    if problems:
        raise NoSuchError("; ".join(problems))
    at = [numbers.index(n) for n in worlds] if worlds is not None else list(range(min(SHOWN_WORLDS, len(numbers))))
    names = [ALL] * (worlds is None) + [numbers[position] for position in at]
    yield list(COLUMNS)
    order = ("option", "world")
    (certain, perhaps), drawn = _ruled(ds), _drawn(ds)
    for m, month in enumerate(months(ds)):
        now = ds.isel(month=m, option=chosen)
        terms = now["terms"].transpose("term", *order).values
        columns = [*terms, *(now[name].transpose(*order).values for name in ("probability", "choice", "outcome"))]
        means = (
            [mean(column)[:, None] for column in columns] if worlds is None else [column[:, :0] for column in columns]
        )
        table = (
            np.stack([np.hstack([m_, c[:, at]]) for m_, c in zip(means, columns, strict=True)], axis=-1) + 0.0
        )  # no -0.0
        scheduled = now["scheduled"].values
        ruling = certain.decisions(m)[1][:, 0]
        for o, option in enumerate(chosen):
            for w, world in enumerate(names):
                *parts, chance, yes, happened = table[o, w].tolist()
                why = _by_ruling(ruling[option], chance, option in perhaps) if not scheduled[o] else ""
                if chance == 1.0 and option in drawn and world != ALL:
                    why = SETTLED_HERE
                why = why or reason(parts, chance, yes, happened, bool(scheduled[o]), single=world != ALL)
                yield [
                    month,
                    *options[option],
                    world,
                    *parts,
                    sum(parts),
                    chance,
                    yes,
                    happened,
                    int(scheduled[o]),
                    why,
                ]


def as_cells(rows: Iterator[list[object]]) -> Iterator[list[str]]:
    """Yield the rows as text, numbers with six significant digits."""
    for row in rows:
        yield [cell(one) if isinstance(one, float) else str(one) for one in row]


def _chosen(
    options: Sequence[tuple[str, ...]], acts: Collection[str], actors: Collection[str], problems: list[str]
) -> list[int]:
    """Return the numbers of the options of these acts and actors; add every unknown name as a problem."""
    for kind, asked, place in (("act", acts, 1), ("country that decides", actors, 0)):
        known = list(dict.fromkeys(option[place] for option in options))
        for name in asked:
            if name not in known:
                near = nearest(name, known)
                hint = f" (did you mean {near}?)" if near else ""
                problems.append(f"no {kind} is called {name[:60]!r}{hint}; there are {few(known, len(known))}")
    return [
        number
        for number, (actor, act, _) in enumerate(options)
        if (not acts or act in acts) and (not actors or actor in actors)
    ]


def _drawn(ds: xr.Dataset) -> set[int]:
    """Return the options of acts that the scenario sets in some worlds only."""
    stored = json.loads(ds.attrs.get("scenario", "{}")).get("events", [])
    events = [event for event in map(event_from_dict, stored) if isinstance(event, ActEvent)]
    some = [event for event in events if is_drawn(event) or event.timing.when]
    return {option for event in some for option in group_of(event.act, *event.actors)}


def _ruled(ds: xr.Dataset) -> tuple[Happenings, set[int]]:
    """Return what the scenario says of decisions in all worlds, and the options of which it does so in some."""
    stored = json.loads(ds.attrs.get("scenario", "{}")).get("events", [])
    ruled = [event for event in map(event_from_dict, stored) if isinstance(event, DecisionEvent)]
    some = [event for event in ruled if is_drawn(event) or event.timing.when]
    perhaps = {option for event in some for option in rows_of_decision(event.act, event.by, event.partners)}
    return Happenings([event for event in ruled if event not in some]), perhaps


def _by_ruling(ruling: float, chance: float, perhaps: bool) -> str:
    """Return the words of a decision on which the scenario has, or may have, a say; empty if the model takes it."""
    if ruling < 0.0:
        return REFUSED
    if chance == 0.0:
        return PERHAPS if perhaps else ""
    return ASKED if ruling > 0.0 else ""


def reason(parts: Sequence[float], chance: float, yes: float, happened: float, scheduled: bool, *, single: bool) -> str:
    """Return a decision in words: `prestige (+0.41) against cost (-1.20); chance 22 %; yes against the odds`.

    Without `single` the numbers are means over worlds, and nothing is said of luck.
    """
    if scheduled:
        return SETTLED
    if chance == 0.0:
        return SHUT
    order = sorted(range(len(parts)), key=parts.__getitem__)
    weighed = f"{_strongest(parts, order[:-3:-1])} against {_strongest(parts, order[:2])}"
    if not single:
        return f"{weighed}; chance {percent(chance)}; took place in {percent(happened)} of worlds"
    luck = " against the odds" if (chance < 0.5) == bool(yes) else ""
    alone = ", but a partner said no" if yes and not happened else ""
    return f"{weighed}; chance {percent(chance)}; {'yes' if yes else 'no'}{luck}{alone}"


def _strongest(parts: Sequence[float], two: Sequence[int]) -> str:
    """Return the first of two terms, and the second if it is on the same side and at least half as large."""
    first, second = (parts[number] for number in two)
    named = two[: 1 + (first * second > 0.0 and abs(second) >= 0.5 * abs(first))]
    return " and ".join(f"{TERM_WORDS[TERMS[number]]} ({parts[number]:+.2f})" for number in named)

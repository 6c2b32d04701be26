"""Why an act took place or not: its terms, their sum, the chance, the answer of the others, and luck."""

import numpy as np
import xarray as xr

from sim.analysis.ledger import SUM, Explanation, Ledger, Part, Table
from sim.present.words import capital, signed, significant
from sim.results.witness import Witness
from sim.scenario.names import TERMS
from sim.scenario.options import OPTIONS
from sim.studies.explain.words import (
    apart,
    beside,
    count,
    listed,
    luck,
    month_name,
    name,
    names,
    odds,
    say,
    share,
    short_name,
    sum_words,
    tell,
)
from sim.texts.spoken import known, said, written

WILLINGNESS = "willingness"
"""What the scenario adds; it is recorded within the term of cost."""
PARTS = (*TERMS, WILLINGNESS)
ONCE = ("treaty", "veto", "red_line", "lethal_aid", "oil_beyond_cap")
"""Acts that last, so that they come about at most once."""


class Act:
    """One act of a group of countries in a world; one of them is asked why."""

    def __init__(self, w: Witness, rows: tuple[int, ...]) -> None:
        self.w, self.rows = w, rows
        self.act = OPTIONS[rows[0]].act
        self.actors = tuple(OPTIONS[row].actor for row in rows)

    def terms(self, row: int, month: int) -> np.ndarray:
        """Return the terms of one country in a month, and last what the scenario adds to its willingness."""
        added = self.w.inner[month]["offers.state.willingness"][row]
        found = np.append(self.w.inner[month]["decide.terms"][row], added)
        found[TERMS.index("cost")] -= added
        return found

    def ruling(self, row: int, month: int) -> float:
        """Return what the scenario says of the answer of one country: -1 refused, 0 nothing, 1 asked."""
        return float(self.w.inner[month]["offers.state.ruling"][row])

    def series(self, name: str) -> np.ndarray:
        """Return a value of the decisions, (row, month)."""
        return np.array([[seen[f"decide.{name}"][row] for seen in self.w.inner] for row in self.rows])

    @property
    def happened(self) -> np.ndarray:
        """Return whether it took place, (month)."""
        return self.series("return.happens")[0] > 0

    @property
    def chance(self) -> np.ndarray:
        """Return the chance that all say yes, (month)."""
        return np.asarray(self.series("return.probability").prod(axis=0))

    @property
    def scheduled(self) -> np.ndarray:
        """Return whether the scenario prescribes it, (month)."""
        return np.asarray(self.w.ds["scheduled"].transpose("month", "option").values[:, self.rows[0]] > 0)

    def ledger(self, row: int, month: int) -> Ledger:
        """Return the terms of one country, which add up to its utility of saying yes."""
        values = self.terms(row, month)
        parts = tuple(
            Part(term, float(value), meaning(self.act, "cheap" if term == "cost" and value > 0.0 else term))
            for term, value in zip(PARTS, values, strict=True)
            if term != WILLINGNESS or value
        )
        of = say("part.utility", actor=name(OPTIONS[row].actor))
        return Ledger(of, "1", float(values.sum()), SUM, parts)


def meaning(act: str, term: str) -> str:
    """Return the words of a term; some mean something else for one act."""
    own = f"own.{act}.{term}"
    return say(own) if known(f"why.{own}") else say(f"term.{term}")


def took_place(ds: xr.Dataset, row: int, month: int) -> np.ndarray:
    """Return whether an act took place in a month in each world of some results, (world)."""
    return np.asarray(ds["outcome"].isel(option=row, month=month).values > 0)


def month_of(act: Act) -> tuple[int, str]:
    """Return the month of the act, the likeliest one, or the last if it never was open, and why it is chosen."""
    when = np.flatnonzero(act.happened)
    if len(when):
        free = [month for month in when if not act.scheduled[month]]
        own = free and free != list(when)
        return int(free[0] if free else when[0]), tell("month.of_its_own" if own else "month.first")
    if not act.chance.any():
        return len(act.chance) - 1, tell("month.impossible")
    return int(np.argmax(act.chance)), tell("month.likeliest")


def subject(act: Act) -> str:
    """Return who acts: `Russia and North Korea`."""
    return names(act.actors)


def explain(w: Witness, rows: tuple[int, ...], month: int) -> Explanation:
    """Explain an act of a month."""
    act = Act(w, rows)
    asked = question(act, bool(act.happened[month]))
    ledgers = tuple(act.ledger(row, month).checked() for row in rows)
    return Explanation(asked, "", tuple(sentences(act, month)), ledgers, (months_table(act),), drawn=len(ledgers))


def question(act: Act, happened: bool) -> str:
    """Return what is asked of an act that took place, or did not."""
    way = "yes" if happened else "no"
    return tell(f"question.act.{way}", who=apart(act.actors), verb=tell(f"verb.{way}.{act.act}"))


def sentences(act: Act, month: int) -> list[str]:
    """Return the answer: for and against by country, what is unusual, the chance and luck, how often it came."""
    when = month_name(act.w.months[month])
    if act.scheduled[month]:
        return [say("act.scheduled", when=when, who=subject(act), did=say(f"did.{act.act}")), often(act)]
    if shut := closed(act, month):
        return [shut, often(act)]
    free = [row for row in act.rows if not act.ruling(row, month)]
    found = [_reasons(act, row, month) if row in free else _ruled(act, row, month) for row in act.rows]
    if any(act.ruling(row, month) < 0.0 for row in act.rows):
        return [*found, say("act.impossible", when=when), often(act)]
    return [*found, *_unusual(act, free, month), _chance(act, month), often(act)]


def _ruled(act: Act, row: int, month: int) -> str:
    """Return what the scenario says of the answer of one country."""
    return say(
        "act.asked" if act.ruling(row, month) > 0.0 else "act.refused",
        actor=capital(name(OPTIONS[row].actor)),
        when=month_name(act.w.months[month]),
        total=sum_words(float(act.terms(row, month).sum())),
    )


def _reasons(act: Act, row: int, month: int) -> str:
    ledger = act.ledger(row, month)
    speaks = [part for part in ledger.by_size if abs(part.value) >= 0.05]

    def told(way: str, parts: list[Part]) -> list[str]:
        return [say(f"act.{way}", words=part.words, value=written(f"{abs(part.value):.2f}")) for part in parts[:3]]

    pro = told("plus", [part for part in speaks if part.value > 0.0])
    con = told("minus", [part for part in speaks if part.value < 0.0])
    probability = float(act.w.inner[month]["decide.return.probability"][row])
    return say(
        "act.reasons",
        actor=name(OPTIONS[row].actor),
        when=month_name(act.w.months[month]),
        pro=say("act.pro", told=listed(pro)) if pro else say("act.no_pro"),
        con=say("act.con", told=listed(con)) if con else say("act.no_con"),
        total=sum_words(ledger.value),
        share=share(probability),
        beside=beside(probability),
    )


def _unusual(act: Act, rows: list[int], month: int) -> list[str]:
    """Return which reason of these countries made this month unlike the usual one of this world, if one did."""
    found = []
    for row in rows:
        is_open = np.array([seen["decide.is_open"][row] for seen in act.w.inner], dtype=bool)
        if is_open.sum() < 2:
            continue
        usual = np.mean([act.terms(row, k) for k in np.flatnonzero(is_open).tolist()], axis=0)
        apart = act.terms(row, month) - usual
        k = int(np.argmax(np.abs(apart)))
        if abs(apart[k]) >= 0.1:
            ways = ("cheaper", "dearer") if PARTS[k] == "cost" else ("more", "less")
            actor, size = name(OPTIONS[row].actor), written(f"{abs(apart[k]):.2f}")
            way = ways[0] if apart[k] > 0.0 else ways[1]
            found.append(say(f"act.{way}", actor=actor, words=meaning(act.act, PARTS[k]), size=size))
    return found


def _chance(act: Act, month: int) -> str:
    chance, happened = float(act.chance[month]), bool(act.happened[month])
    yes = [bool(act.w.inner[month]["decide.return.yes"][row]) for row in act.rows]
    refused = [code for code, one in zip(act.actors, yes, strict=True) if not one]
    alone, many = len(act.rows) == 1, ("", "two_", "three_")[len(act.rows) - 1]
    return say(
        f"act.{many}{'yes' if (happened if alone else not refused) else 'no'}",
        odds=odds(chance),
        actor=capital(name(act.actors[0])),
        who=names(refused),
        luck=luck(happened, chance, say("luck.when")),
    )


def closed(act: Act, month: int) -> str:
    """Return why the act was not open to a country in this month; empty if it was."""
    row = next((row for row in act.rows if not act.w.inner[month]["decide.is_open"][row]), None)
    if row is None:
        return ""
    actor, values = OPTIONS[row].actor, act.w.settings[month]
    when = month_name(act.w.months[month])
    if values[f"{actor}.decides"] <= 0.0:
        return say("act.decides", when=when, actor=name(actor))
    if act.act == "lethal_aid":
        why = _not_armed(act, month)
    else:
        why = say(f"closed.{act.act}" if known(f"why.closed.{act.act}") else "closed.other")
    return say("act.closed", when=when, why=why)


def _not_armed(act: Act, month: int) -> str:
    seen, points = act.w.inner[month], act.w.settings[month]["acts.lethal_aid.points"]
    if seen["offers.state.helping"]:
        return say("closed.helping")
    if not seen["offers.state.warned"]:
        return say("closed.unwarned")
    passed, most = (written(f"{value:.3g}") for value in (float(seen["offers.state.guarded"]), points))
    return say("closed.points", points=passed, most=most)


def often(act: Act) -> str:
    """Return how often it took place, against its chances."""
    happened, chance = act.happened, act.chance
    times = int(happened.sum())
    months = [month_name(act.w.months[month]) for month in np.flatnonzero(happened)[:4]]
    when = say("act.later", when=", ".join(months)) if times > 4 else listed(months)
    in_all = count(len(happened), "month")
    if act.act in ONCE:
        if act.scheduled.any():
            return say("act.once_set", when=when)
        if not chance.any():
            return say("act.once_shut")
        ever = odds(1.0 - float(np.prod(1.0 - (chance[: int(np.argmax(happened)) + 1] if times else chance))))
        return say("act.once_came" if times else "act.once_never", when=when, months=in_all, odds=ever)
    total = float(chance.sum())
    return say(
        "act.often" if times else "act.seldom",
        months=in_all,
        times=count(times, "time"),
        told=say("act.told", when=when),
        expected=written(f"{total:.1f}") if total >= 1.0 else significant(total, 2),
    )


def months_table(act: Act) -> Table:
    """Return every month: the sum of the terms of each country, the chances, and what came of it."""
    rows = []
    for month, when in enumerate(act.w.months):
        seen = act.w.inner[month]
        sums = (signed(act.terms(row, month).sum()) for row in act.rows)
        chances = (share(float(seen["decide.return.probability"][row])) for row in act.rows)
        came = said("word.yes") if act.happened[month] else ""
        rows.append((when, *sums, *chances, share(float(act.chance[month])), came))
    heads = (
        said("printed.figure.month"),
        *(tell("head.sum", who=short_name(code)) for code in act.actors),
        *(tell("head.chance", who=short_name(code)) for code in act.actors),
        *(tell(f"head.{head}") for head in ("all", "took_place")),
    )
    return Table(tell("table.act"), heads, tuple(rows))

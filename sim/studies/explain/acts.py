"""Why an act took place or not: its terms, their sum, the chance, the answer of the others, and luck."""

import numpy as np
import xarray as xr

from sim.analysis.ledger import SUM, Explanation, Ledger, Part, Table
from sim.present.words import capital
from sim.results.witness import Witness
from sim.scenario.names import TERMS
from sim.scenario.options import OPTIONS
from sim.studies.explain.words import NUMBERS, count, listed, luck, month_name, name, names, odds, share, texts_of

VERBS = {
    "visit": ("visit each other", "visited each other"),
    "summit": ("hold a summit", "held a summit"),
    "treaty": ("sign a treaty", "signed a treaty"),
    "exercise": ("hold an exercise together", "held an exercise together"),
    "trilateral_exercise": ("hold an exercise of three", "held an exercise of three"),
    "missile_test": ("test missiles", "tested missiles"),
    "designation": ("put new names on its list of sanctions", "put new names on its list of sanctions"),
    "monitoring": ("rebuild the monitoring of sanctions", "rebuilt the monitoring of sanctions"),
    "veto": ("veto the monitoring of sanctions", "vetoed the monitoring of sanctions"),
    "red_line": ("draw a red line", "drew a red line"),
    "lethal_aid": ("arm Ukraine", "armed Ukraine"),
    "aid": ("send North Korea aid", "sent North Korea aid"),
    "oil_beyond_cap": ("break the UN cap on oil", "broke the UN cap on oil"),
}
"""What a country does by an act: present and past."""
MEANT = texts_of("term")
"""The terms of utility in plain words."""
OWN = texts_of("own")
"""Terms that mean something else for one act."""


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
            Part(term, float(value), meaning(self.act, term))
            for term, value in zip(PARTS, values, strict=True)
            if term != WILLINGNESS or value
        )
        return Ledger(f"utility of a yes to {name(OPTIONS[row].actor)}", "1", float(values.sum()), SUM, parts)


def meaning(act: str, term: str) -> str:
    """Return the words of a term."""
    return OWN.get(f"{act}.{term}", MEANT[term])


def took_place(ds: xr.Dataset, row: int, month: int) -> np.ndarray:
    """Return whether an act took place in a month in each world of some results, (world)."""
    return np.asarray(ds["outcome"].isel(option=row, month=month).values > 0)


def month_of(act: Act) -> tuple[int, str]:
    """Return the month of the act, or that in which it was likeliest, and why it is chosen."""
    when = np.flatnonzero(act.happened)
    if len(when):
        free = [month for month in when if not act.scheduled[month]]
        month = int(free[0] if free else when[0])
        return month, "the first month in which it took place" + (
            "" if free == list(when) else ", of its own accord" * bool(free)
        )
    return int(np.argmax(act.chance)), "the month in which it was likeliest; it never took place"


def subject(act: Act) -> str:
    """Return who acts: `Russia and North Korea`."""
    return names(act.actors)


def explain(w: Witness, rows: tuple[int, ...], month: int) -> Explanation:
    """Explain an act of a month."""
    act = Act(w, rows)
    verb = VERBS[act.act][0]
    did = "did" if act.happened[month] else "did not"
    question = f"Why {did} {subject(act)} {verb}?" if did == "did" else f"Why did {subject(act)} not {verb}?"
    ledgers = tuple(act.ledger(row, month).checked() for row in rows)
    return Explanation(question, "", tuple(sentences(act, month)), ledgers, (months_table(act),), drawn=len(ledgers))


def sentences(act: Act, month: int) -> list[str]:
    """Return the answer: for and against by country, what is unusual, the chance and luck, how often it came."""
    if act.scheduled[month]:
        when = month_name(act.w.months[month])
        return [
            f"In {when} {subject(act)} {VERBS[act.act][1]} since the scenario says so; nobody was asked.",
            often(act),
        ]
    if shut := closed(act, month):
        return [shut, often(act)]
    free = [row for row in act.rows if not act.ruling(row, month)]
    found = [_reasons(act, row, month) if row in free else _ruled(act, row, month) for row in act.rows]
    if any(act.ruling(row, month) < 0.0 for row in act.rows):
        return [*found, f"So it could not come about in {month_name(act.w.months[month])}.", often(act)]
    return [*found, *_unusual(act, free, month), _chance(act, month), often(act)]


def _ruled(act: Act, row: int, month: int) -> str:
    """Return what the scenario says of the answer of one country."""
    actor, when = capital(name(OPTIONS[row].actor)), month_name(act.w.months[month])
    said = "yes, as the scenario asks for it" if act.ruling(row, month) > 0.0 else "no, since the scenario forbids it"
    total = f"{act.terms(row, month).sum():+.2f}".replace("-", "\u2212")
    return f"{actor} said {said}, whatever its own reasons in {when}, which add up to {total}."


def _reasons(act: Act, row: int, month: int) -> str:
    ledger, when = act.ledger(row, month), month_name(act.w.months[month])
    speaks = [part for part in ledger.by_size if abs(part.value) >= 0.05]
    pro = [f"{part.words} (+{part.value:.2f})" for part in speaks if part.value > 0.0][:3]
    con = [f"{part.words} (\u2212{-part.value:.2f})" for part in speaks if part.value < 0.0][:3]
    probability = float(act.w.inner[month]["decide.return.probability"][row])
    for_it = f"what spoke for it was {listed(pro)}" if pro else "nothing spoke for it"
    against = f"against it spoke {listed(con)}" if con else "nothing of note spoke against it"
    total = f"{ledger.value:+.2f}".replace("-", "\u2212")
    return (
        f"For {name(OPTIONS[row].actor)} in {when} {for_it}; {against}. All reasons together give {total}, where 0 is "
        f"the toss of a coin: a chance of {share(probability)} to say yes, {odds(probability)}."
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
            way, words = ("more" if apart[k] > 0.0 else "less"), meaning(act.act, PARTS[k])
            actor, size = name(OPTIONS[row].actor), f"{abs(apart[k]):.2f}"
            if PARTS[k] == "cost":
                way = "less" if apart[k] > 0.0 else "more"
                found.append(f"What set this month apart for {actor}: the act cost it {size} {way} than on average.")
            else:
                found.append(f"What set this month apart for {actor}: {words} counted {size} {way} than on average.")
    return found


def _chance(act: Act, month: int) -> str:
    chance, happened = float(act.chance[month]), bool(act.happened[month])
    yes = [bool(act.w.inner[month]["decide.return.yes"][row]) for row in act.rows]
    end = luck(happened, chance, " in just this month")
    if len(act.rows) == 1:
        said = f"{capital(name(act.actors[0]))} {'said yes' if happened else 'said no'}"
        return f"The chance was {odds(chance)}. {said}. {end}"
    refused = [code for code, one in zip(act.actors, yes, strict=True) if not one]
    agreed = "all said yes" if not refused else f"{names(refused)} said no"
    who = "Both" if len(act.rows) == 2 else f"All {NUMBERS[len(act.rows)]}"
    return f"{who} must agree, and the chance of that was {odds(chance)}; {agreed}. {end}"


def closed(act: Act, month: int) -> str:
    """Return why the act was not open to a country in this month; empty if it was."""
    row = next((row for row in act.rows if not act.w.inner[month]["decide.is_open"][row]), None)
    if row is None:
        return ""
    actor, values = name(OPTIONS[row].actor), act.w.settings[month]
    when = month_name(act.w.months[month])
    if values[f"{OPTIONS[row].actor}.decides"] <= 0.0:
        return f"In {when} it was not open: the scenario lets {actor} decide nothing."
    why = {
        "treaty": "the two are bound by a treaty already",
        "monitoring": "monitoring was as good as rebuilt",
        "veto": "the mandate is renewed once a year, and can be vetoed only then and once",
        "oil_beyond_cap": "Russia had broken the cap already, and that lasts",
        "red_line": "the warning had been given already, and that lasts",
        "lethal_aid": _not_armed(act, month),
    }.get(act.act, "it was not open")
    return f"In {when} there was nothing to decide: {why}."


def _not_armed(act: Act, month: int) -> str:
    seen, points = act.w.inner[month], act.w.settings[month]["acts.lethal_aid.points"]
    if seen["offers.state.helping"]:
        return "South Korea was arming Ukraine already, and that lasts"
    if not seen["offers.state.warned"]:
        return "South Korea had not drawn its red line yet, which comes first"
    return (
        f"Russia had passed on {float(seen['offers.state.guarded']):.3g} points of tiers 3 and 4, and only more than "
        f"{points:.3g} cross the red line of South Korea"
    )


def often(act: Act) -> str:
    """Return how often it took place, against its chances."""
    happened, chance = act.happened, act.chance
    times = int(happened.sum())
    expected = float(chance.sum())
    months = [month_name(act.w.months[month]) for month in np.flatnonzero(happened)[:4]]
    when = f"{', '.join(months)} and later" if times > 4 else listed(months)
    told = f" ({when})" if times else ""
    if act.act in ONCE:
        ever = 1.0 - float(np.prod(1.0 - (chance[: int(np.argmax(happened)) + 1] if times else chance)))
        if act.scheduled.any():
            return f"It can come about only once: in {when}, where the scenario sets it."
        if not chance.any():
            return "In no month of this world was it open, so it never came about."
        came = f"came about in {when}" if times else "never came about"
        upto = "to then" if times else "of this world"
        return f"It can come about only once, and {came}; by the chances of all months {upto} it was {odds(ever)}."
    return (
        f"Over the {count(len(happened), 'month')} of this world it took place {count(times, 'time')}{told}; "
        f"by its chances {expected:.1f} times were to be expected."
    )


def months_table(act: Act) -> Table:
    """Return every month: the sum of the terms of each country, the chances, and what came of it."""
    rows = []
    for month, when in enumerate(act.w.months):
        seen = act.w.inner[month]
        sums = (f"{act.terms(row, month).sum():+.2f}" for row in act.rows)
        chances = (share(float(seen["decide.return.probability"][row])) for row in act.rows)
        rows.append((when, *sums, *chances, share(float(act.chance[month])), "yes" if act.happened[month] else ""))
    sums = (f"sum {code}" for code in act.actors)
    heads = ("month", *sums, *(f"chance {code}" for code in act.actors), "all", "took place")
    return Table(
        "Every month: the sum of the reasons, the chance of yes, and whether it took place", heads, tuple(rows)
    )
